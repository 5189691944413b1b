// What extraction knows of the world, loaded once from the knowledge files: places, goods, agencies, titles, laws,
// triggers.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/ingest/pipeline/knowledge/entry.h"
#include "services/ingest/pipeline/knowledge/phrase_trie.h"
#include "services/ingest/pipeline/learned/decisions.h"
#include "services/ingest/pipeline/relevance/relevance.h"

namespace interdict::pipeline {

// A phrase of the knowledge files found in a text, its case rule met.
struct KnownPhrase {
  uint32_t first_token = 0;
  uint32_t end_token = 0;
  const Entry* entry = nullptr;
};

// The knowledge files in memory. Immutable and thread-safe once loaded.
class Knowledge {
 public:
  // Reads the files of `folder`; an empty name means those built into the program. INVALID_ARGUMENT naming file, line
  // and remedy.
  static absl::StatusOr<std::unique_ptr<Knowledge>> Load(const std::string& folder);

  // All known phrases of the text, by first token, longer ones first. Overlaps are left in.
  std::vector<KnownPhrase> Find(const std::string& text, const TokenizedText& tokens) const;

  // The state of an ISO 3166-1 alpha-2 code; null where unknown.
  const Country* FindCountry(const std::string& code) const;
  // The embargo rows, for matching a regime told in words to its instrument.
  const std::vector<const Entry*>& embargoes() const { return embargoes_; }
  // The words that tell a report of illicit trade from other texts.
  const Relevance& relevance() const { return relevance_; }
  // The decisions that are learned rather than ruled.
  const Decisions& decisions() const { return decisions_; }
  // Country codes, or region codes, that any place entry gives for the phrase; empty for none. `phrase` in its natural
  // case.
  std::vector<std::string> PlaceCodes(std::string_view phrase) const;

 private:
  struct Source {
    std::string name;
    std::string content;
  };
  static absl::StatusOr<std::vector<Source>> ReadSources(const std::string& folder);
  absl::Status AddTables(const std::vector<Source>& sources);
  absl::Status AddCountries(const std::vector<Source>& sources);
  absl::Status AddTriggers(const std::vector<Source>& sources);
  absl::Status AddRelevance(const std::vector<Source>& sources);
  absl::Status AddDecisions(const std::vector<Source>& sources);
  void Add(Entry entry, bool with_plural);

  std::vector<std::unique_ptr<Entry>> entries_;
  std::vector<const Entry*> embargoes_;
  std::map<std::string, Country> countries_;
  PhraseTrie trie_;
  Relevance relevance_;
  Decisions decisions_;
};

}  // namespace interdict::pipeline
