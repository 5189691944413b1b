#include <algorithm>
#include <cstdlib>
#include <map>

#include "absl/strings/str_cat.h"
#include "services/ingest/pipeline/learned/candidates.h"
#include "services/ingest/pipeline/learned/surroundings.h"

namespace interdict::pipeline {
namespace {

int YearOf(const std::string& edtf) { return edtf.size() < 4 ? 0 : std::atoi(edtf.substr(0, 4).c_str()); }

uint32_t TokenAt(const TokenizedText& text, uint32_t byte) {
  const auto at = std::lower_bound(text.tokens.begin(), text.tokens.end(), byte,
                                   [](const Token& t, uint32_t b) { return t.begin < b; });
  return static_cast<uint32_t>(
      std::min<ptrdiff_t>(at - text.tokens.begin(), static_cast<ptrdiff_t>(text.tokens.size()) - 1));
}

std::string FormOf(const std::string& edtf) {
  if (edtf.find("..") != std::string::npos) return "open";
  if (edtf.find('/') != std::string::npos) return "interval";
  return edtf.size() == 4 ? "year" : edtf.size() == 7 ? "month" : "day";
}

void DescribeNearest(const DraftView& view, const DateMention& date, Features& f) {
  const Frame* nearest = nullptr;
  uint32_t best = 400;
  for (const Frame* frame : view.In(date.sentence).frames) {
    const uint32_t at = view.reading.text.tokens[frame->trigger.first_token].begin;
    const uint32_t distance = at > date.begin ? at - date.begin : date.begin - at;
    if (distance >= best) continue;
    best = distance;
    nearest = frame;
  }
  if (nearest == nullptr) {
    f.Add("nearest:none");
    return;
  }
  const std::string kind = nearest->kind == FrameKind::kAction ? v1::ActionType_Name(nearest->action)
                           : nearest->kind == FrameKind::kAct  ? "act:" + nearest->trigger.entry->value
                           : nearest->kind == FrameKind::kSay  ? "say"
                                                               : "stage";
  f.Add(absl::StrCat("nearest:", kind));
  f.Add(best < 40 ? "near" : best < 120 ? "mid" : "far");
  if (nearest->status != v1::ACTION_STATUS_DONE) f.Add("nearest:undone");
}

}  // namespace

std::vector<DateCandidate> DateCandidates(const DraftView& view, const v1::IncidentFacts& facts) {
  const Surroundings around(view);
  const Reading& r = view.reading;
  std::vector<DateCandidate> out;
  std::map<std::string, int> told;
  for (const DateMention& d : r.dates)
    if (view.Has(d.sentence)) ++told[d.edtf];
  std::map<std::string, size_t> seen;
  for (const DateMention& d : r.dates) {
    if (!view.Has(d.sentence)) continue;
    const auto [known, is_new] = seen.emplace(d.edtf, out.size());
    if (is_new) out.push_back({&d, {}});
    Features& f = out[known->second].features;
    for (const std::string& each : around.Tells(d.sentence)) f.Add(absl::StrCat("s:", each));
    const uint32_t token = TokenAt(r.text, d.begin);
    f.Add(absl::StrCat("last:", around.Closed(static_cast<int64_t>(token) - 1, d.sentence)));
    f.Add(absl::StrCat("p:", around.PrepositionsBefore(token).first));
    f.Add(absl::StrCat("form:", FormOf(d.edtf)));
    if (d.relative) f.Add("relative");
    DescribeNearest(view, d, f);
    f.Add(told[d.edtf] == 1 ? "once" : "often");
    if (!is_new) continue;
    const bool rule = facts.has_occurred() && facts.occurred().edtf() == d.edtf;
    f.Add(rule ? "rule" : facts.has_occurred() ? "rule:other" : "rule:none");
    f.Add(absl::StrCat("rank:", std::min<size_t>(out.size() - 1, 4)));
    f.Add(absl::StrCat("dates:", std::min<size_t>(told.size(), 4)));
    if (d.edtf == r.published) f.Add("published");
    const int year = YearOf(r.published);
    if (year > 0 && YearOf(d.edtf) > 0) f.Add(absl::StrCat("back:", std::clamp(year - YearOf(d.edtf), -1, 4)));
    if (!r.published.empty() && d.start > r.published) f.Add("future");
  }
  return out;
}

}  // namespace interdict::pipeline
