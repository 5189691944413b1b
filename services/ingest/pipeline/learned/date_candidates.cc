#include <algorithm>
#include <cstdlib>
#include <map>

#include "absl/container/flat_hash_set.h"
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
  const char* reach = best < 40 ? "near" : best < 120 ? "mid" : "far";
  f.Add(absl::StrCat("nearest:", kind));
  f.Add(absl::StrCat("nearest:", kind, ":", reach));
  f.Add(reach);
  if (nearest->status != v1::ACTION_STATUS_DONE) f.Add("nearest:undone");
}

// What a noun close before the date, or right behind it, makes it the date of: "our bulletin of 15 June", "the Act of
// 1998", "born in 1975".
const char* KindOfDate(const Reading& r, const DateMention& date) {
  static const auto* const writings = new absl::flat_hash_set<std::string_view>{
      "bulletin",  "report",    "reported", "reports",    "article", "story",    "stories", "issue",
      "edition",   "dispatch",  "coverage", "post",       "posted",  "blog",     "column",  "letter",
      "letters",   "statement", "release",  "newsletter", "brief",   "briefing", "wrote",   "written",
      "published", "update",    "updated",  "account",    "paper",   "interview"};
  static const auto* const laws = new absl::flat_hash_set<std::string_view>{
      "act",         "law",        "resolution", "ordinance", "decree",    "regulation",
      "regulations", "convention", "treaty",     "embargo",   "sanctions", "ban"};
  static const auto* const births = new absl::flat_hash_set<std::string_view>{"born",         "founded", "registered",
                                                                              "incorporated", "built",   "established"};
  constexpr uint32_t kBefore = 5;
  const uint32_t token = TokenAt(r.text, date.begin);
  const Sentence& sentence = r.text.sentences[date.sentence];
  const auto of = [&](uint32_t t) -> const char* {
    const std::string& word = r.text.tokens[t].folded;
    return writings->contains(word) ? "writing"
           : laws->contains(word)   ? "law"
           : births->contains(word) ? "birth"
                                    : nullptr;
  };
  for (uint32_t t = token; t > sentence.first_token && token - t < kBefore;) {
    --t;
    if (r.text.tokens[t].folded == "," || r.text.tokens[t].folded == ";") break;
    if (const char* kind = of(t); kind != nullptr) return kind;
  }
  const uint32_t behind = TokenAt(r.text, date.end);
  if (behind < sentence.end_token)
    if (const char* kind = of(behind); kind != nullptr) return kind;
  return nullptr;
}

// The first sentence of the draft that tells of a response as done; none: the number of sentences.
uint32_t FirstResponse(const DraftView& view) {
  auto first = static_cast<uint32_t>(view.in.size());
  for (const Frame* f : view.frames)
    if (f->kind == FrameKind::kAction && f->status == v1::ACTION_STATUS_DONE)
      first = std::min(first, f->trigger.sentence);
  return first;
}

}  // namespace

std::vector<DateCandidate> DateCandidates(const DraftView& view, const v1::IncidentFacts& facts) {
  const Surroundings around(view);
  const Reading& r = view.reading;
  std::vector<DateCandidate> out;
  std::map<std::string, int> told;
  for (const DateMention& d : r.dates)
    if (view.Has(d.sentence)) ++told[d.edtf];
  std::string earliest;
  std::string latest;
  for (const DateMention& d : r.dates) {
    if (!view.Has(d.sentence) || d.start.empty()) continue;
    if (earliest.empty() || d.start < earliest) earliest = d.start;
    latest = std::max(latest, d.start);
  }
  const uint32_t first_response = FirstResponse(view);
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
    if (const char* kind = KindOfDate(r, d); kind != nullptr) f.Add(absl::StrCat("of:", kind));
    f.Add(d.sentence == first_response  ? "with first response"
          : d.sentence < first_response ? "before response"
                                        : "after response");
    if (!is_new) continue;
    const bool rule = facts.has_occurred() && facts.occurred().edtf() == d.edtf;
    f.Add(rule ? "rule" : facts.has_occurred() ? "rule:other" : "rule:none");
    f.Add(absl::StrCat(rule ? "rule" : "other", ":form:", FormOf(d.edtf)));
    if (earliest != latest) {
      if (d.start == earliest) f.Add("earliest");
      if (d.start == latest) f.Add("latest");
    }
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
