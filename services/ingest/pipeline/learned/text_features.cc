#include <cmath>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "services/ingest/pipeline/learned/candidates.h"

namespace interdict::pipeline {
namespace {

void AddCounts(const std::string& prefix, const std::map<std::string, int>& counts, Features& f) {
  for (const auto& [name, count] : counts) {
    f.Add(absl::StrCat(prefix, name));
    f.Add(absl::StrCat(prefix, name, "#"), std::log1p(static_cast<float>(count)));
  }
}

}  // namespace

Features DescribeText(const Reading& r, bool rules_hold) {
  Features f;
  std::map<std::string, int> triggers;
  std::map<std::string, int> frames;
  std::map<std::string, int> mentions;
  std::map<std::string, std::set<std::string>> phrases;
  std::map<std::string, std::set<std::string>> settings;
  std::set<uint32_t> of_setting;  // sentences
  for (const TriggerHit& t : r.mentions.triggers) {
    const std::string& kind = t.entry->kind;
    if (kind == "place" || kind == "purpose" || kind == "bare" || kind == "classword") continue;
    const bool valued = kind == "setting" || kind == "stage" || kind == "say";
    const std::string name = valued ? absl::StrCat(kind, ":", t.entry->value) : kind;
    ++triggers[name];
    phrases[kind].insert(t.entry->phrase);
    if (kind != "setting") continue;
    settings[t.entry->value].insert(t.entry->phrase);
    of_setting.insert(t.sentence);
  }
  std::set<uint32_t> telling;
  std::set<uint32_t> with_goods;
  std::set<uint32_t> lead_blocks;
  for (const Frame& frame : r.frames.all) {
    const bool done = frame.status == v1::ACTION_STATUS_DONE;
    const char* status = done ? "" : "?";
    if (frame.kind == FrameKind::kAction) {
      ++frames[absl::StrCat(v1::ActionType_Name(frame.action), status)];
      if (done) telling.insert(frame.trigger.sentence);
      if (done && frame.agent >= 0 &&
          r.coreference.participants[static_cast<size_t>(frame.agent)].role_hint == "AUTHORITY")
        ++frames["authority acts"];
    }
    if (frame.kind == FrameKind::kAct) ++frames[absl::StrCat("act:", frame.trigger.entry->value, status)];
    if (frame.kind == FrameKind::kStage) ++frames[absl::StrCat("stage:", frame.trigger.entry->value, status)];
  }
  for (const Mention& m : r.mentions.all) {
    if (m.kind == MentionKind::kGoods) {
      ++mentions[m.offence.empty() ? "goods" : "goods:" + m.offence];
      if (!m.offence.empty()) with_goods.insert(m.sentence);
    }
    if (m.kind == MentionKind::kLegal) ++mentions["law"];
    if (m.kind == MentionKind::kConveyance) ++mentions["carrier"];
    if (m.kind == MentionKind::kPlace) ++mentions[m.is_demonym ? "demonym" : "place"];
    if (m.kind == MentionKind::kParty) ++mentions[absl::StrCat("party:", m.role_hint, m.named ? ":named" : "")];
    if (m.age_years > 0) ++mentions["age"];
  }
  int together = 0;
  for (uint32_t s : telling) {
    if (with_goods.count(s) == 0) continue;
    ++together;
    if (s < 4) f.Add("lead tells goods");
  }
  for (uint32_t s : telling)
    if (s < 4) f.Add("lead tells");
  size_t background = 0;
  for (const bool each : r.frames.background) background += each ? 1 : 0;
  AddCounts("t:", triggers, f);
  AddCounts("f:", frames, f);
  AddCounts("m:", mentions, f);
  for (const auto& [kind, words] : phrases)
    f.Add(absl::StrCat("kinds of ", kind), std::log1p(static_cast<float>(words.size())));
  f.Add("together", std::log1p(static_cast<float>(together)));
  f.Add("quantities", std::log1p(static_cast<float>(r.quantities.size())));
  f.Add("dates", std::log1p(static_cast<float>(r.dates.size())));
  const auto sentences = static_cast<float>(std::max<size_t>(1, r.text.sentences.size()));
  f.Add("sentences", std::log1p(sentences));
  size_t most_of_setting = 0;
  for (const auto& [setting, words] : settings) most_of_setting = std::max(most_of_setting, words.size());
  f.Add("words of one setting", std::log1p(static_cast<float>(most_of_setting)));
  f.Add("setting share", static_cast<float>(of_setting.size()) / sentences);
  f.Add("background share", static_cast<float>(background) / sentences);
  f.Add("telling share", static_cast<float>(telling.size()) / sentences);
  f.Add("relevance", static_cast<float>(std::min(10.0, r.knowledge.relevance().Score(r.page.text)) / 5));
  f.Add(rules_hold ? "rule:yes" : "rule:no");
  return f;
}

bool MayOverrule(const Features& text) {
  constexpr float kStrong = 0.8F;  // a relevance of 4, twice of what lets a text in
  const auto has = [&](const char* name) { return text.all().count(name) > 0; };
  const auto goods = text.all().lower_bound("m:goods:");
  if (goods == text.all().end() || goods->first.rfind("m:goods:", 0) != 0) return false;
  const bool stopped = has("f:ACTION_TYPE_SEIZURE") || has("f:ACTION_TYPE_INTERDICTION") || has("f:ACTION_TYPE_ARREST");
  const auto relevance = text.all().find("relevance");
  return stopped && relevance != text.all().end() && relevance->second >= kStrong;
}

}  // namespace interdict::pipeline
