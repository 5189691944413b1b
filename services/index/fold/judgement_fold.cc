#include "services/index/fold/judgement_fold.h"

#include <memory>
#include <string_view>

#include "interdict/internal/v1/stored.pb.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;
using internal::v1::StoredIncidentJudgement;

std::string ShortId(std::string_view hex) { return *records::IdFromHex(hex, records::kIncidentIdBytes); }

// The raw id at the end of a resource name.
std::string IdOfName(std::string_view name) { return ShortId(name.substr(name.find('/') + 1)); }

// Closes the row of a judgement that holds on an incident, if there is one.
absl::Status EndJudgement(const ParsedEntry& entry, const std::string& prefix, const records::Reader& reader,
                          records::Batch* batch) {
  std::string key;
  StoredIncidentJudgement row;
  const std::unique_ptr<records::Cursor> cursor = reader.Scan(family::kIncidentJudgements, prefix);
  for (; cursor->Valid(); cursor->Next()) {
    if (!row.ParseFromArray(cursor->value().data(), static_cast<int>(cursor->value().size()))) {
      return absl::DataLossError("a record of incident_judgements is not readable");
    }
    if (row.until_sequence() == 0) key = cursor->key();
    if (!key.empty()) break;
  }
  if (!cursor->status().ok()) return cursor->status();
  if (key.empty()) return absl::OkStatus();
  row.set_until_sequence(entry.sequence);
  row.set_until_time_us(entry.append_time_us);
  batch->Put(family::kIncidentJudgements, key, row.SerializeAsString());
  return absl::OkStatus();
}

}  // namespace

absl::Status FoldJudgementDecided(const internal::v1::JudgementDecided& decided, const records::Reader& /*reader*/,
                                  records::Batch* batch) {
  internal::v1::StoredJudgement stored;
  *stored.mutable_judgement() = decided.judgement();
  stored.set_order(decided.order());
  const std::string id = IdOfName(decided.judgement().name());
  batch->Put(family::kJudgements, id, stored.SerializeAsString());
  batch->Put(family::kJudgementOrder, records::NumberKey(decided.order()) + id, "");
  return absl::OkStatus();
}

absl::Status FoldIncidentJudged(const ParsedEntry& entry, const internal::v1::IncidentJudged& judged,
                                const std::string& incident_id, const records::Reader& reader, records::Batch* batch) {
  const std::string prefix = incident_id + ShortId(judged.judgement_id());
  absl::Status status = EndJudgement(entry, prefix, reader, batch);
  if (!status.ok() || !judged.has_note()) return status;
  StoredIncidentJudgement row;
  *row.mutable_note() = judged.note();
  if (judged.has_facts()) *row.mutable_facts() = judged.facts();
  row.set_order(judged.order());
  row.set_from_sequence(entry.sequence);
  row.set_from_time_us(entry.append_time_us);
  batch->Put(family::kIncidentJudgements, prefix + records::BigEndian64(entry.sequence), row.SerializeAsString());
  return absl::OkStatus();
}

absl::Status FoldSuggestion(const ParsedEntry& entry, const internal::v1::SuggestionMade& suggestion,
                            const records::Reader& reader, records::Batch* batch) {
  const std::string one = ShortId(suggestion.incident_id());
  const std::string other = ShortId(suggestion.other_incident_id());
  auto before = reader.Get(family::kSuggestionPairs, one + other);
  if (!before.ok()) return before.status();
  if (before->has_value()) batch->Delete(family::kSuggestions, **before);
  if (suggestion.score() <= 0) {
    batch->Delete(family::kSuggestionPairs, one + other);
    batch->Delete(family::kSuggestionPairs, other + one);
    return absl::OkStatus();
  }
  internal::v1::StoredSuggestion stored;
  stored.set_score(suggestion.score());
  *stored.mutable_reasons() = entry.decision->reasons();
  stored.set_create_time_us(entry.append_time_us);
  const std::string key = records::SuggestionKey(suggestion.score(), one, other);
  batch->Put(family::kSuggestions, key, stored.SerializeAsString());
  batch->Put(family::kSuggestionPairs, one + other, key);
  batch->Put(family::kSuggestionPairs, other + one, key);
  return absl::OkStatus();
}

}  // namespace interdict::index
