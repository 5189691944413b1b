#include "services/ingest/pipeline/learned/surroundings.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

namespace interdict::pipeline {
namespace {

constexpr uint32_t kReachTokens = 14;

bool IsPreposition(std::string_view word) {
  static const auto* const words = new absl::flat_hash_set<std::string_view>{
      "in",      "at",      "from",   "to",     "into",  "via",    "through", "off",     "near", "of",   "for",
      "towards", "toward",  "by",     "with",   "on",    "across", "over",    "against", "out",  "onto", "outside",
      "between", "through", "behind", "aboard", "under", "around", "inside",  "within",  "bound"};
  return words->count(word) > 0;
}

bool IsClosed(std::string_view word) {
  static const auto* const words = new absl::flat_hash_set<std::string_view>{
      "the",   "a",    "an",    "and",   "or",  "who", "which", "that", "whose", "was",  "were",  "is",      "are",
      "has",   "had",  "have",  "been",  "be",  "his", "her",   "its",  "their", "this", "he",    "she",     "it",
      "they",  ",",    ".",     ":",     ";",   "(",   ")",     "'s",   "-",     "as",   "said",  "says",    "told",
      "after", "when", "while", "where", "but", "not", "also",  "then", "one",   "two",  "other", "another", "some"};
  return words->count(word) > 0 || IsPreposition(word);
}

std::string ClassOf(const TriggerHit& t) {
  const std::string& kind = t.entry->kind;
  if (kind == "act" || kind == "action" || kind == "find" || kind == "stop" || kind == "stage" || kind == "say" ||
      kind == "open")
    return absl::StrCat(kind == "find" || kind == "stop" || kind == "open" ? "action" : kind, ":", t.entry->value);
  return "";
}

}  // namespace

Surroundings::Surroundings(const DraftView& view) : view_(view) {
  const Reading& r = view.reading;
  tells_.resize(r.text.sentences.size());
  for (size_t at = 0; at < view.draft.sentences.size(); ++at) {
    const uint32_t s = view.draft.sentences[at];
    std::set<std::string> all;
    const BlockKind kind = r.page.blocks[r.text.sentences[s].block].kind;
    if (kind == BlockKind::kTitle) all.insert("title");
    if (kind == BlockKind::kHeading) all.insert("heading");
    if (kind == BlockKind::kListItem) all.insert("item");
    if (at < 3) all.insert("lead");
    if (at * 2 > view.draft.sentences.size()) all.insert("late");
    for (const Frame* f : view.In(s).frames) {
      const char* status = f->status == v1::ACTION_STATUS_DONE ? "" : "?";
      if (f->kind == FrameKind::kAction)
        all.insert(
            absl::StrCat("A:", v1::ActionType_Name(f->action).substr(std::string_view("ACTION_TYPE_").size()), status));
      if (f->kind == FrameKind::kAct) all.insert(absl::StrCat("act:", f->trigger.entry->value, status));
      if (f->kind == FrameKind::kStage) all.insert("stage");
      if (f->kind == FrameKind::kSay) all.insert("say");
    }
    for (const Mention* m : view.In(s).mentions) {
      if (m->kind == MentionKind::kGoods) all.insert("goods");
      if (m->kind == MentionKind::kConveyance) all.insert("carrier");
      if (m->kind == MentionKind::kLegal) all.insert("law");
      if (m->kind == MentionKind::kParty && m->role_hint == "AUTHORITY") all.insert("authority");
    }
    tells_[s].assign(all.begin(), all.end());
  }
}

const std::vector<std::string>& Surroundings::Tells(uint32_t sentence) const { return tells_[sentence]; }

std::pair<std::string, std::string> Surroundings::PrepositionsBefore(uint32_t token) const {
  const TokenizedText& text = view_.reading.text;
  const Sentence& s = text.sentences[view_.reading.mentions.sentence_of[token]];
  std::pair<std::string, std::string> found{"-", "-"};
  for (uint32_t t = token; t > s.first_token && token - t < kReachTokens;) {
    --t;
    const std::string& w = text.tokens[t].folded;
    if (w == ";" || w == "." || w == ":") break;
    if (!IsPreposition(w)) continue;
    if (found.first == "-") {
      if (token - t > 6) break;
      found.first = w;
    } else {
      found.second = w;
      break;
    }
  }
  return found;
}

std::string Surroundings::Near(uint32_t token, bool before) const {
  const Reading& r = view_.reading;
  const uint32_t sentence = r.mentions.sentence_of[token];
  const TriggerHit* best = nullptr;
  uint32_t best_distance = kReachTokens;
  for (const TriggerHit& t : view_.In(sentence).triggers) {
    const bool fits = before ? t.end_token <= token : t.first_token > token;
    if (!fits || ClassOf(t).empty()) continue;
    const uint32_t distance = before ? token - t.end_token : t.first_token - token;
    if (distance >= best_distance) continue;
    best = &t;
    best_distance = distance;
  }
  return best == nullptr ? "-" : ClassOf(*best);
}

std::string Surroundings::TriggerBefore(uint32_t token) const { return Near(token, true); }
std::string Surroundings::TriggerAfter(uint32_t token) const { return Near(token, false); }

std::string Surroundings::Closed(int64_t token, uint32_t of) const {
  const Reading& r = view_.reading;
  const Sentence& s = r.text.sentences[of];
  if (token < s.first_token || token >= s.end_token) return "-";
  const Token& t = r.text.tokens[static_cast<size_t>(token)];
  if (t.folded == "\u2019s") return "'s";
  if (IsClosed(t.folded)) return t.folded;
  return t.is_number ? "0" : t.is_capitalised ? "W" : "w";
}

}  // namespace interdict::pipeline
