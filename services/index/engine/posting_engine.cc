#include "services/index/engine/posting_engine.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "interdict/internal/v1/stored.pb.h"
#include "services/index/engine/analyzer.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;

constexpr size_t kStepsBetweenChecks = 1024;

using Terms = std::vector<std::string>;

void SortUnique(Terms& terms) {
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
}

absl::StatusOr<Terms> PostedTerms(const records::Reader& reader, uint64_t number) {
  auto value = reader.Get(family::kIncidentTerms, records::BigEndian64(number));
  if (!value.ok()) return value.status();
  if (!value->has_value()) return Terms();
  internal::v1::StoredTerms stored;
  if (!stored.ParseFromString(**value)) return absl::DataLossError("a record of incident_terms is not readable");
  return Terms(stored.terms().begin(), stored.terms().end());
}

// Walks the numbers of one list (the postings of a word, or all), highest first.
class NumberCursor {
 public:
  NumberCursor(const records::Reader& reader, std::string_view list_family, std::string prefix)
      : prefix_(std::move(prefix)), cursor_(reader.Scan(list_family, prefix_)) {}

  // To the highest number that is at most `number`.
  void SeekAtMost(uint64_t number) { cursor_->Seek(prefix_ + records::NumberKey(number)); }
  bool Valid() const { return cursor_->Valid(); }
  uint64_t number() const { return records::NumberFromKey(cursor_->key()); }
  absl::Status status() const { return cursor_->status(); }

 private:
  std::string prefix_;
  std::unique_ptr<records::Cursor> cursor_;
};

// The highest number at most `from` that is in all lists; nullopt where there is none.
absl::StatusOr<std::optional<uint64_t>> NextInAll(std::vector<NumberCursor>& cursors, uint64_t from,
                                                  const SearchQuery& query, size_t& steps) {
  uint64_t candidate = from;
  size_t agreeing = 0;
  for (size_t i = 0; agreeing < cursors.size(); i = (i + 1) % cursors.size()) {
    if (++steps % kStepsBetweenChecks == 0) {
      if (absl::Status status = query.check(); !status.ok()) return status;
    }
    cursors[i].SeekAtMost(candidate);
    if (!cursors[i].Valid()) {
      if (absl::Status status = cursors[i].status(); !status.ok()) return status;
      return std::optional<uint64_t>();
    }
    agreeing = cursors[i].number() == candidate ? agreeing + 1 : 1;
    candidate = cursors[i].number();
  }
  return std::optional<uint64_t>(candidate);
}

}  // namespace

absl::Status PostingEngine::Index(const records::Reader& reader, records::Batch* batch, uint64_t number,
                                  std::string_view id, const std::vector<std::string_view>& texts) const {
  Terms terms;
  for (const std::string_view text : texts) {
    Terms more = Analyze(text);
    terms.insert(terms.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  SortUnique(terms);
  auto before = PostedTerms(reader, number);
  if (!before.ok()) return before.status();
  Terms gone;
  std::set_difference(before->begin(), before->end(), terms.begin(), terms.end(), std::back_inserter(gone));
  Terms added;
  std::set_difference(terms.begin(), terms.end(), before->begin(), before->end(), std::back_inserter(added));
  for (const std::string& term : gone) batch->Delete(family::kPostings, records::PostingKey(term, number));
  for (const std::string& term : added) batch->Put(family::kPostings, records::PostingKey(term, number), "");
  internal::v1::StoredTerms stored;
  stored.mutable_terms()->Add(terms.begin(), terms.end());
  batch->Put(family::kIncidentTerms, records::BigEndian64(number), stored.SerializeAsString());
  batch->Put(family::kIncidentNumbers, records::NumberKey(number), id);
  return absl::OkStatus();
}

absl::Status PostingEngine::Remove(const records::Reader& reader, records::Batch* batch, uint64_t number) const {
  auto terms = PostedTerms(reader, number);
  if (!terms.ok()) return terms.status();
  for (const std::string& term : *terms) batch->Delete(family::kPostings, records::PostingKey(term, number));
  batch->Delete(family::kIncidentTerms, records::BigEndian64(number));
  batch->Delete(family::kIncidentNumbers, records::NumberKey(number));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<uint64_t>> PostingEngine::Search(const records::Reader& reader,
                                                            const SearchQuery& query) const {
  Terms words = query.words;
  SortUnique(words);
  std::vector<NumberCursor> cursors;
  for (const std::string& word : words) cursors.emplace_back(reader, family::kPostings, records::PostingPrefix(word));
  if (words.empty()) cursors.emplace_back(reader, family::kIncidentNumbers, "");
  std::vector<uint64_t> found;
  size_t steps = 0;
  uint64_t from = query.before_number == 0 ? UINT64_MAX : query.before_number - 1;
  while (found.size() < query.limit && from > 0) {
    auto next = NextInAll(cursors, from, query, steps);
    if (!next.ok()) return next.status();
    if (!next->has_value()) break;
    found.push_back(**next);
    from = **next - 1;
  }
  return found;
}

}  // namespace interdict::index
