// Folds what is decided on judgements and suggestions: the rows that list them, and those that show a judgement with
// its incident.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "services/index/entry/parse_entry.h"
#include "storage/records/store.h"

namespace interdict::index {

// Each applies the event of a valid entry. `reader` sees what `batch` holds already. Errors are those of the store.
absl::Status FoldJudgementDecided(const internal::v1::JudgementDecided& decided, const records::Reader& reader,
                                  records::Batch* batch);
// Only the rows of the judgement; the caller makes the record anew.
absl::Status FoldIncidentJudged(const ParsedEntry& entry, const internal::v1::IncidentJudged& judged,
                                const std::string& incident_id, const records::Reader& reader, records::Batch* batch);
absl::Status FoldSuggestion(const ParsedEntry& entry, const internal::v1::SuggestionMade& suggestion,
                            const records::Reader& reader, records::Batch* batch);

}  // namespace interdict::index
