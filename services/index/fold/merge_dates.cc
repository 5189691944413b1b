#include "services/index/fold/merge_dates.h"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "services/index/fold/merge_fields.h"

namespace interdict::index {
namespace {

using v1::TimeFact;

// Corrections are looked for among so many dates: those with the best support.
constexpr size_t kMaxCorrected = 16;

// One date, as one or more tellings have it.
struct DateReading {
  std::optional<DaySpan> span;  // nullopt: no EDTF
  v1::TimeBasis basis = v1::TIME_BASIS_UNSPECIFIED;
  std::string edtf;
  std::vector<MemberValue> members;
  std::vector<int> told_by;  // of coarser readings that agree, too
  bool replaced = false;
  Support support;
};

using GetTime = const TimeFact& (v1::IncidentFacts::*)() const;
using HasTime = bool (v1::IncidentFacts::*)() const;

std::vector<DateReading> ReadingsOf(const Tellings& tellings, HasTime has, GetTime get) {
  std::vector<DateReading> readings;
  for (size_t t = 0; t < tellings.size(); ++t) {
    if (!(tellings[t].facts->*has)()) continue;
    const TimeFact& time = (tellings[t].facts->*get)();
    const std::optional<DaySpan> span = ParseDaySpan(time.edtf());
    auto there = std::find_if(readings.begin(), readings.end(), [&](const DateReading& reading) {
      const bool same_date = span ? reading.span == span : reading.edtf == time.edtf();
      return same_date && reading.basis == time.basis();
    });
    if (there == readings.end()) {
      there = readings.insert(readings.end(), DateReading{span, time.basis(), time.edtf(), {}, {}, false, {}});
    }
    there->members.push_back({&time, static_cast<int>(t)});
    there->told_by.push_back(static_cast<int>(t));
  }
  return readings;
}

bool HaveOneBasis(const DateReading& a, const DateReading& b) {
  return a.basis == b.basis || a.basis == v1::TIME_BASIS_UNSPECIFIED || b.basis == v1::TIME_BASIS_UNSPECIFIED;
}

// Whether `fine` lies within `coarse`. Of one day told with and without its basis, the one with it is the finer.
bool Refines(const DateReading& fine, const DateReading& coarse) {
  if (!fine.span || !coarse.span || !HaveOneBasis(fine, coarse)) return false;
  if (fine.span == coarse.span) return fine.basis != coarse.basis && coarse.basis == v1::TIME_BASIS_UNSPECIFIED;
  return fine.span->first >= coarse.span->first && fine.span->last <= coarse.span->last;
}

// Days of a span, for comparing; open ones are the longest.
uint64_t LengthOf(const DateReading& reading) {
  if (!reading.span || reading.span->first == kOpenStart || reading.span->last == kOpenEnd) return UINT64_MAX;
  return static_cast<uint64_t>(reading.span->last) - static_cast<uint64_t>(reading.span->first);
}

// Whether all that tell just `a`, which is finer, were published after all that tell just `b`.
bool IsLaterAndFiner(const Tellings& tellings, const DateReading& a, const DateReading& b) {
  if (LengthOf(a) >= LengthOf(b)) return false;
  return std::all_of(a.members.begin(), a.members.end(), [&](const MemberValue& member) {
    const Telling& later = tellings[member.telling];
    if (!later.published || !IsGoodEnoughToCorrect(later, tellings, b.told_by)) return false;
    return std::all_of(b.members.begin(), b.members.end(), [&](const MemberValue& other) {
      const auto& published = tellings[other.telling].published;
      return published && published->last < later.published->first;
    });
  });
}

void MarkReplaced(const Tellings& tellings, Corrections* corrections, std::vector<DateReading>* readings) {
  const size_t checked = std::min(readings->size(), kMaxCorrected);
  std::vector<bool> replaced(readings->size());
  for (size_t b = 0; b < checked; ++b) {
    const Rival rival{(*readings)[b].told_by, MentionsOfDate((*readings)[b].edtf)};
    for (size_t a = 0; a < checked && !replaced[b]; ++a) {
      if (a == b || DatesAgree((*readings)[a].edtf, (*readings)[b].edtf)) continue;
      replaced[b] =
          corrections->Corrects({(*readings)[a].told_by, {}}, rival) ||
          (HaveOneBasis((*readings)[a], (*readings)[b]) && IsLaterAndFiner(tellings, (*readings)[a], (*readings)[b]));
    }
  }
  // Each corrects the other: then none does.
  if (std::all_of(replaced.begin(), replaced.end(), [](bool r) { return r; })) return;
  for (size_t r = 0; r < readings->size(); ++r) (*readings)[r].replaced = replaced[r];
}

// The act before its detection before the response; what does not say may be the act.
int BasisOrder(v1::TimeBasis basis) { return basis == v1::TIME_BASIS_UNSPECIFIED ? v1::TIME_BASIS_ACT : basis; }

bool LeadsBefore(const DateReading& a, const DateReading& b) {
  if (a.span.has_value() != b.span.has_value()) return a.span.has_value();
  if (a.replaced != b.replaced) return b.replaced;
  if (BasisOrder(a.basis) != BasisOrder(b.basis)) return BasisOrder(a.basis) < BasisOrder(b.basis);
  return IsBetter(a.support, b.support);
}

bool IsEarlier(const DateReading& a, const DateReading& b) {
  if (a.span.has_value() != b.span.has_value()) return a.span.has_value();
  if (!a.span) return a.edtf < b.edtf;
  return std::forward_as_tuple(a.span->first, a.span->last) < std::forward_as_tuple(b.span->first, b.span->last);
}

// Splits off the readings that a finer one refines; they count for those.
std::vector<DateReading> TakeCoarse(std::vector<DateReading>* readings) {
  std::vector<DateReading> fine;
  std::vector<DateReading> coarse;
  for (const DateReading& reading : *readings) {
    const bool refined = std::any_of(readings->begin(), readings->end(),
                                     [&](const DateReading& other) { return Refines(other, reading); });
    (refined ? coarse : fine).push_back(reading);
  }
  for (DateReading& reading : fine) {
    for (const DateReading& other : coarse) {
      if (Refines(reading, other)) {
        reading.told_by.insert(reading.told_by.end(), other.told_by.begin(), other.told_by.end());
      }
    }
  }
  *readings = std::move(fine);
  return coarse;
}

void AddAsAlternative(const DateReading& reading, TimeFact* into) {
  for (const MemberValue& member : reading.members) {
    const auto& time = static_cast<const TimeFact&>(*member.value);
    AddAlternative("", reading.edtf, time.confidence(), time.evidence(), into->mutable_alternatives());
  }
}

// `readings` in order, the leading one first.
void Compose(const Tellings& tellings, const std::vector<DateReading>& readings, const std::vector<DateReading>& coarse,
             TimeFact* into) {
  const DateReading& leading = readings.front();
  MergeMembers(tellings, leading.members,
               {.own = {TimeFact::kEdtfFieldNumber, TimeFact::kStartFieldNumber, TimeFact::kEndFieldNumber}}, into);
  const auto& first = static_cast<const TimeFact&>(*leading.members.front().value);
  into->set_edtf(first.edtf());
  into->set_start(first.start());
  into->set_end(first.end());
  for (const DateReading& reading : coarse) {
    if (!Refines(leading, reading)) continue;
    for (const MemberValue& member : reading.members) {
      AddEvidence(static_cast<const TimeFact&>(*member.value).evidence(), into->mutable_evidence());
    }
  }
  for (size_t r = 1; r < readings.size(); ++r) AddAsAlternative(readings[r], into);
  for (const DateReading& reading : coarse) {
    if (!Refines(leading, reading)) AddAsAlternative(reading, into);
  }
  // What is the leading date in another reading is no alternative to it.
  auto* others = into->mutable_alternatives();
  for (const v1::Alternative& other : *others) {
    if (other.value() == into->edtf()) AddEvidence(other.evidence(), into->mutable_evidence());
  }
  others->erase(std::remove_if(others->begin(), others->end(),
                               [&](const v1::Alternative& other) { return other.value() == into->edtf(); }),
                others->end());
}

}  // namespace

void MergeOccurred(const Tellings& tellings, Corrections* corrections, v1::IncidentFacts* into) {
  std::vector<DateReading> readings =
      ReadingsOf(tellings, &v1::IncidentFacts::has_occurred, &v1::IncidentFacts::occurred);
  if (readings.empty()) return;
  const std::vector<DateReading> coarse = TakeCoarse(&readings);
  for (DateReading& reading : readings) reading.support = SupportOf(tellings, reading.told_by);
  std::stable_sort(readings.begin(), readings.end(), LeadsBefore);
  if (readings.size() > 1) {
    MarkReplaced(tellings, corrections, &readings);
    std::stable_sort(readings.begin(), readings.end(), LeadsBefore);
  }
  Compose(tellings, readings, coarse, into->mutable_occurred());
}

void MergeDisclosed(const Tellings& tellings, v1::IncidentFacts* into) {
  std::vector<DateReading> readings =
      ReadingsOf(tellings, &v1::IncidentFacts::has_disclosed, &v1::IncidentFacts::disclosed);
  if (readings.empty()) return;
  const std::vector<DateReading> coarse = TakeCoarse(&readings);
  std::stable_sort(readings.begin(), readings.end(), IsEarlier);
  Compose(tellings, readings, coarse, into->mutable_disclosed());
}

}  // namespace interdict::index
