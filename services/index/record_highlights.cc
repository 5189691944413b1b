#include "services/index/record_highlights.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "services/index/engine/schema/field_ids.h"
#include "services/index/engine/schema/incident_document.h"

namespace interdict::index {
namespace {

using google::protobuf::RepeatedPtrField;
using internal::v1::StoredReport;

constexpr size_t kShown = 3;
constexpr size_t kPassageBytes = 240;

struct Candidate {
  size_t clauses = 0;
  size_t matches = 0;
  v1::Highlight highlight;
};

// Collects passages and keeps the best.
class Collector {
 public:
  explicit Collector(Highlighter& highlighter) : highlighter_(highlighter) {}

  // The passages of `text` that hold something. With `document`, `offset` says where `text` starts in its text.
  void Add(const char* field, uint16_t id, const std::string& text, const std::string& document = "",
           uint64_t offset = 0) {
    const std::vector<HighlightMatch> matches = highlighter_.Find(id, text);
    for (const Passage& passage : BestPassages(text, matches, kPassageBytes, kShown)) {
      Candidate candidate;
      candidate.clauses = passage.clauses;
      candidate.matches = passage.matches;
      candidate.highlight.set_field(field);
      candidate.highlight.set_text(text.substr(passage.span.begin, passage.span.end - passage.span.begin));
      if (!document.empty()) {
        candidate.highlight.set_document(document);
        candidate.highlight.set_offset_bytes(offset + passage.span.begin);
      }
      std::vector<HighlightMatch> inside;
      std::copy_if(matches.begin(), matches.end(), std::back_inserter(inside), [&](const HighlightMatch& match) {
        return match.span.begin >= passage.span.begin && match.span.end <= passage.span.end;
      });
      for (const SourceSpan& span : Highlighter::Merge(inside)) {
        v1::ByteSpan* added = candidate.highlight.add_spans();
        added->set_begin_bytes(span.begin - passage.span.begin);
        added->set_end_bytes(span.end - passage.span.begin);
      }
      candidates_.push_back(std::move(candidate));
    }
  }

  RepeatedPtrField<v1::Highlight> Take() {
    std::stable_sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) {
      return std::make_pair(a.clauses, a.matches) > std::make_pair(b.clauses, b.matches);
    });
    RepeatedPtrField<v1::Highlight> highlights;
    for (size_t i = 0; i < candidates_.size() && i < kShown; ++i) {
      *highlights.Add() = std::move(candidates_[i].highlight);
    }
    return highlights;
  }

 private:
  Highlighter& highlighter_;
  std::vector<Candidate> candidates_;
};

// Where the sentence around a quote starts in the document's text; nullopt if the text has it not there.
std::optional<uint64_t> SentenceOffset(const v1::Evidence& evidence, const std::string& text) {
  const std::string& sentence = evidence.sentence();
  if (sentence.size() < evidence.quote().size()) return std::nullopt;
  const size_t slack = sentence.size() - evidence.quote().size();
  const size_t from = evidence.begin_byte() > slack ? evidence.begin_byte() - slack : 0;
  const size_t found = text.find(sentence, from);
  if (found == std::string::npos || found > evidence.begin_byte()) return std::nullopt;
  return found;
}

}  // namespace

RepeatedPtrField<v1::Highlight> IncidentHighlights(const v1::Incident& incident,
                                                   const std::vector<StoredReport>& reports, Highlighter& highlighter) {
  Collector collector(highlighter);
  const std::pair<const char*, uint16_t> kFields[] = {{"title", kTitleText},
                                                      {"summary", kSummaryText},
                                                      {"party", kPartyText},
                                                      {"goods", kGoodsText},
                                                      {"place", kPlaceText}};
  std::set<std::string> seen;
  for (const auto& [field, id] : kFields) {
    seen.clear();
    for (const std::string& passage : PassagesOf(field, incident.facts())) {
      if (seen.insert(passage).second) collector.Add(field, id, passage);
    }
  }
  seen.clear();
  for (const StoredReport& report : reports) {
    for (const v1::Evidence* evidence : EvidenceOf(report.report().facts())) {
      const std::string& text = evidence->sentence().empty() ? evidence->quote() : evidence->sentence();
      if (!seen.insert(text).second) continue;
      const std::optional<uint64_t> offset =
          evidence->sentence().empty() ? evidence->begin_byte() : SentenceOffset(*evidence, report.text());
      collector.Add("text", kPassageText, text, offset.has_value() ? evidence->document() : "", offset.value_or(0));
    }
  }
  return collector.Take();
}

RepeatedPtrField<v1::Highlight> DocumentHighlights(const v1::Document& document, Highlighter& highlighter) {
  Collector collector(highlighter);
  collector.Add("title", kDocumentTitleText, document.title());
  collector.Add("text", kDocumentBodyText, document.text(), document.name());
  return collector.Take();
}

}  // namespace interdict::index
