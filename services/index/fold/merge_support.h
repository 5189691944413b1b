// The tellings of an incident, and which of two readings of a value has better support: more independent origins, then
// the better graded source, then the earlier telling.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "google/protobuf/message.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "interdict/internal/v1/stored.pb.h"
#include "services/index/engine/schema/date_span.h"

namespace interdict::index {

// Grade of a source that nobody graded: behind F.
inline constexpr int kNotGraded = 7;

// One report, with what speaks for it.
struct Telling {
  const internal::v1::StoredReport* report = nullptr;
  const v1::IncidentFacts* facts = nullptr;
  uint32_t origin = 0;               // tellings of one number go back to one source
  int grade = kNotGraded;            // 1 (A) to 6 (F)
  std::optional<DaySpan> published;  // nullopt: not known
};

// By date of publication (those without one last), then by name of the report, then as given: values of a merged record
// do not depend on the order in which its reports came.
using Tellings = std::vector<Telling>;

// `origins` belongs to `reports`, see FindOrigins.
Tellings MakeTellings(const std::vector<internal::v1::StoredReport>& reports, const std::vector<uint32_t>& origins);

// What speaks for a reading.
struct Support {
  size_t origins = 0;
  int grade = kNotGraded;
  int first = 0;  // telling
};
// `told_by`: indexes of tellings, not empty.
Support SupportOf(const Tellings& tellings, const std::vector<int>& told_by);
bool IsBetter(const Support& a, const Support& b);

using EvidenceList = google::protobuf::RepeatedPtrField<v1::Evidence>;
using AlternativeList = google::protobuf::RepeatedPtrField<v1::Alternative>;

// Adds spans that are not in `into` yet.
void AddEvidence(const EvidenceList& from, EvidenceList* into);
// Keeps another reading of `field` beside a value; adds to it if it is there.
void AddAlternative(const std::string& field, const std::string& value, float confidence, const EvidenceList& evidence,
                    AlternativeList* into);

}  // namespace interdict::index
