#include "services/index/fold/merge_support.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace interdict::index {
namespace {

int64_t PublishedKey(const Telling& telling) { return telling.published ? telling.published->first : kOpenEnd; }

// The offsets tell nearly all spans apart; what is left is compared whole.
bool IsSame(const v1::Evidence& a, const v1::Evidence& b) {
  return a.begin_byte() == b.begin_byte() && a.end_byte() == b.end_byte() && a.document() == b.document() &&
         a.SerializeAsString() == b.SerializeAsString();
}

}  // namespace

Tellings MakeTellings(const std::vector<internal::v1::StoredReport>& reports, const std::vector<uint32_t>& origins) {
  Tellings tellings;
  tellings.reserve(reports.size());
  for (size_t i = 0; i < reports.size(); ++i) {
    const v1::Source& source = reports[i].source();
    Telling telling;
    telling.report = &reports[i];
    telling.facts = &reports[i].report().facts();
    telling.origin = origins[i];
    const int grade = source.reliability();
    if (grade >= v1::RELIABILITY_A && grade <= v1::RELIABILITY_F) telling.grade = grade;
    telling.published = ParseDaySpan(source.published());
    tellings.push_back(telling);
  }
  std::stable_sort(tellings.begin(), tellings.end(), [](const Telling& a, const Telling& b) {
    return std::forward_as_tuple(PublishedKey(a), a.report->report().name()) <
           std::forward_as_tuple(PublishedKey(b), b.report->report().name());
  });
  return tellings;
}

Support SupportOf(const Tellings& tellings, const std::vector<int>& told_by) {
  Support support;
  support.first = told_by.front();
  std::set<uint32_t> origins;
  for (int t : told_by) {
    origins.insert(tellings[t].origin);
    support.grade = std::min(support.grade, tellings[t].grade);
    support.first = std::min(support.first, t);
  }
  support.origins = origins.size();
  return support;
}

bool IsBetter(const Support& a, const Support& b) {
  if (a.origins != b.origins) return a.origins > b.origins;
  if (a.grade != b.grade) return a.grade < b.grade;
  return a.first < b.first;
}

void AddEvidence(const EvidenceList& from, EvidenceList* into) {
  for (const v1::Evidence& evidence : from) {
    const bool there =
        std::any_of(into->begin(), into->end(), [&](const v1::Evidence& other) { return IsSame(evidence, other); });
    if (!there) *into->Add() = evidence;
  }
}

void AddAlternative(const std::string& field, const std::string& value, float confidence, const EvidenceList& evidence,
                    AlternativeList* into) {
  auto there = std::find_if(into->begin(), into->end(), [&](const v1::Alternative& other) {
    return other.field() == field && other.value() == value;
  });
  v1::Alternative* alternative = there == into->end() ? into->Add() : &*there;
  alternative->set_field(field);
  alternative->set_value(value);
  alternative->set_confidence(std::max(alternative->confidence(), confidence));
  AddEvidence(evidence, alternative->mutable_evidence());
}

}  // namespace interdict::index
