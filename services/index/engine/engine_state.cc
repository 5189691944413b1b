#include "services/index/engine/engine_state.h"

#include <algorithm>

#include "storage/records/keys.h"

namespace interdict::index {

std::string ManifestKey(uint32_t segment) { return "s" + records::BigEndian32(segment); }
std::string DeadPrefix(uint32_t segment) { return "d" + records::BigEndian32(segment); }
std::string DeadKey(uint32_t segment, uint32_t ordinal) { return DeadPrefix(segment) + records::BigEndian32(ordinal); }

std::string TailKey(Collection collection, uint64_t sequence) {
  return std::string(1, static_cast<char>(collection)) + records::BigEndian64(sequence);
}

uint64_t CollectionState::tail_documents() const {
  uint64_t documents = 0;
  for (const StatefulSegment& segment : tail) documents += segment.view.segment->size();
  return documents;
}

CollectionView CollectionState::View(const IndexSchema* schema) const {
  CollectionView view;
  view.schema = schema;
  for (const StatefulSegment& segment : stored) view.segments.push_back(segment.view);
  for (const StatefulSegment& segment : tail) view.segments.push_back(segment.view);
  view.documents = documents;
  view.lengths = lengths;
  return view;
}

void CollectionState::Add(StatefulSegment segment, bool stored_segment) {
  if (!stored_segment) {
    tail.push_back(std::move(segment));
    return;
  }
  // By number, so that equal scores are met in the order in which they win.
  const uint32_t first = segment.view.segment->first_number();
  const auto place = std::find_if(stored.begin(), stored.end(), [first](const StatefulSegment& other) {
    return other.view.segment->first_number() > first;
  });
  stored.insert(place, std::move(segment));
}

absl::StatusOr<std::array<uint64_t, 32>> LengthsOf(const IndexSchema& schema, const Segment& segment) {
  std::array<uint64_t, 32> lengths{};
  for (const TextField& field : schema.text_fields) {
    auto view = segment.Lengths(field.id);
    if (!view.ok()) return view.status();
    if (*view != nullptr) lengths[field.id] = (*view)->total();
  }
  return lengths;
}

absl::Status MarkDead(const IndexSchema& schema, const Segment& segment, uint32_t ordinal, DeadSet* dead) {
  if (!dead->Add(ordinal)) return absl::OkStatus();
  for (const TextField& field : schema.text_fields) {
    auto view = segment.Lengths(field.id);
    if (!view.ok()) return view.status();
    if (*view != nullptr) dead->lengths[field.id] += (*view)->At(ordinal);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::pair<std::string, uint64_t>>> StateSnapshot::Terms(Collection collection,
                                                                                   uint16_t field, bool exact,
                                                                                   const std::string& prefix,
                                                                                   size_t limit) const {
  bool more = false;
  auto terms = ExpandPrefix(Of(collection).view(), SlotOf(field, exact), prefix, limit, &more);
  if (!terms.ok()) return terms.status();
  std::vector<std::pair<std::string, uint64_t>> result;
  for (ExpandedTerm& term : *terms) result.emplace_back(std::move(term.term), term.documents);
  return result;
}

absl::StatusOr<std::vector<std::pair<std::string, uint64_t>>> StateSnapshot::SimilarTerms(Collection collection,
                                                                                          uint16_t field, bool exact,
                                                                                          const std::string& word,
                                                                                          uint32_t max_edits,
                                                                                          size_t limit) const {
  bool more = false;
  auto terms = ExpandFuzzy(Of(collection).view(), SlotOf(field, exact), word, max_edits, 1, limit, &more);
  if (!terms.ok()) return terms.status();
  std::vector<std::pair<std::string, uint64_t>> result;
  for (ExpandedTerm& term : *terms) result.emplace_back(std::move(term.term), term.documents);
  return result;
}

}  // namespace interdict::index
