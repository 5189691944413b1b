#include <algorithm>

#include "absl/strings/str_cat.h"
#include "interdict/internal/v1/stored.pb.h"
#include "services/index/admin/record_walk.h"
#include "services/index/admin/verify_records.h"
#include "services/index/entry/names.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;
using internal::v1::StoredIncident;
using internal::v1::StoredTerms;

constexpr size_t kNumberBytes = 8;

// That all terms of a number are posted.
absl::Status CheckTerms(const records::Reader& reader, std::string_view key, std::string_view value,
                        Problems* problems) {
  uint64_t number = 0;
  for (const char byte : key) number = number << 8 | static_cast<unsigned char>(byte);
  StoredTerms stored;
  if (!stored.ParseFromString(std::string(value))) {
    problems->Add(absl::StrCat("incident_terms: record of number ", number, " is not readable"));
    return absl::OkStatus();
  }
  size_t missing = 0;
  for (const std::string& term : stored.terms()) {
    auto posting = reader.Get(family::kPostings, records::PostingKey(term, number));
    if (!posting.ok()) return posting.status();
    if (!posting->has_value()) ++missing;
  }
  if (missing > 0) {
    problems->Add(absl::StrCat("postings: ", missing, " of incident number ", number,
                               " are missing: a search does not find it by these words"));
  }
  auto listed = reader.Get(family::kIncidentNumbers, records::NumberKey(number));
  if (!listed.ok()) return listed.status();
  if (!listed->has_value()) problems->Add(absl::StrCat("incident_terms: number ", number, " is of no listed incident"));
  return absl::OkStatus();
}

absl::Status CheckNumber(const records::Reader& reader, std::string_view key, std::string_view value,
                         Problems* problems) {
  const uint64_t number = records::NumberFromKey(key);
  auto incident = Find<StoredIncident>(reader, family::kIncidents, value);
  if (!incident.ok()) return incident.status();
  if (!incident->has_value() || (*incident)->number() != number) {
    problems->Add(absl::StrCat("incident_numbers: number ", number, " leads to ", IncidentName(value),
                               ", which is missing or has another number"));
  }
  auto terms = reader.Get(family::kIncidentTerms, records::BigEndian64(number));
  if (!terms.ok()) return terms.status();
  if (!terms->has_value()) problems->Add(absl::StrCat("incident_terms: no record of number ", number));
  return absl::OkStatus();
}

// Looks up terms; postings come term by term, so that one list of terms seldom serves twice.
absl::Status CheckPosting(const records::Reader& reader, std::string_view key, Problems* problems) {
  if (key.size() <= kNumberBytes + 1) {
    problems->Add("postings: a key is malformed");
    return absl::OkStatus();
  }
  const std::string term(key.substr(0, key.size() - kNumberBytes - 1));
  const uint64_t number = records::NumberFromKey(key);
  auto terms = Find<StoredTerms>(reader, family::kIncidentTerms, records::BigEndian64(number));
  if (!terms.ok()) return terms.status();
  const bool there = terms->has_value() && std::binary_search((*terms)->terms().begin(), (*terms)->terms().end(), term);
  if (!there) {
    problems->Add(absl::StrCat("postings: one of incident number ", number, " is not among the incident's terms"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status VerifyPostings(const records::Reader& reader, Problems* problems, uint64_t* records) {
  absl::Status status = ForEachRecord(reader, family::kIncidentTerms, records,
                                      [&](auto key, auto value) { return CheckTerms(reader, key, value, problems); });
  if (!status.ok()) return status;
  status = ForEachRecord(reader, family::kIncidentNumbers, records,
                         [&](auto key, auto value) { return CheckNumber(reader, key, value, problems); });
  if (!status.ok()) return status;
  return ForEachRecord(reader, family::kPostings, records,
                       [&](auto key, auto /*value*/) { return CheckPosting(reader, key, problems); });
}

}  // namespace interdict::index
