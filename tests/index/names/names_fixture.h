// A store with nothing but a name index in a folder of its own, and names made from parts for it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "services/index/names/name_index_writer.h"
#include "services/index/names/name_searcher.h"
#include "storage/records/store.h"

namespace interdict::names {

class NameStore {
 public:
  NameStore();
  ~NameStore();

  // Puts or, where `names` and `identifiers` are empty, removes, in one batch.
  void Write(const std::vector<NameEntry>& entries);
  void Put(uint64_t number, NameKind kind, std::vector<std::string> names, std::vector<Identifier> identifiers = {});
  void Remove(uint64_t number);
  std::shared_ptr<const records::Reader> Snapshot() const { return store_->Snapshot(); }
  NameMatches Match(const NameQuery& query, const MatchOptions& options = {}) const;
  NameMatches Match(const std::string& name, NameKind kind = NameKind::kUnknown) const {
    return Match(NameQuery{name, kind, {}});
  }
  // All keys and values of all families of the index.
  std::map<std::string, std::string> Contents() const;

 private:
  std::filesystem::path path_;
  std::unique_ptr<records::Store> store_;
  NameSearcher searcher_;
};

// Names of persons and companies made of syllables: the same for the same seed.
class NameMaker {
 public:
  explicit NameMaker(uint32_t seed) : random_(seed) {}
  std::string Word();
  std::string Person();
  std::string Company();
  // With one to three letters wrong.
  std::string Misspell(std::string name);
  size_t Below(size_t end) { return random_() % end; }

 private:
  std::mt19937 random_;
};

}  // namespace interdict::names
