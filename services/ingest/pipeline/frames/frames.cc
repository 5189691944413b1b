#include "services/ingest/pipeline/frames/frames.h"

#include <algorithm>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace interdict::pipeline {
namespace {

class FrameFinder {
 public:
  FrameFinder(const Page& page, const TokenizedText& text, const Mentions& mentions, const Coreference& coreference)
      : page_(page), text_(text), mentions_(mentions), coreference_(coreference) {
    by_token_.resize(text.tokens.size());
    for (uint32_t i = 0; i < mentions.triggers.size(); ++i) by_token_[mentions.triggers[i].first_token].push_back(i);
    mention_at_.assign(text.tokens.size(), -1);
    for (uint32_t i = 0; i < mentions.all.size(); ++i)
      if (mentions.all[i].kind == MentionKind::kParty)
        for (uint32_t t = mentions.all[i].first_token; t < mentions.all[i].end_token; ++t)
          mention_at_[t] = static_cast<int>(i);
    cargo_at_.resize(text.tokens.size());
    for (const Mention& m : mentions.all)
      if (m.kind == MentionKind::kConveyance || m.kind == MentionKind::kGoods) cargo_at_[m.first_token] = true;
    has_goods_.resize(text.sentences.size());
    has_transport_.resize(text.sentences.size());
    for (const Mention& m : mentions.all) {
      if (m.kind == MentionKind::kGoods) has_goods_[m.sentence] = true;
      if (m.kind == MentionKind::kConveyance || m.party_kind == v1::PARTY_KIND_VESSEL ||
          m.party_kind == v1::PARTY_KIND_AIRCRAFT)
        has_transport_[m.sentence] = true;
    }
  }

  Frames Run() {
    out_.background.resize(text_.sentences.size());
    out_.separate.resize(text_.sentences.size());
    uint32_t covered = 0;
    for (const TriggerHit& hit : mentions_.triggers) {
      const std::string& kind = hit.entry->kind;
      if (kind == "background") out_.background[hit.sentence] = true;
      if (kind == "separate") out_.separate[hit.sentence] = true;
      if (kind == "ordinal" && IsBeforeCargo(hit) && HasResponse(hit.sentence)) out_.separate[hit.sentence] = true;
      if (hit.first_token < covered && kind != "open") continue;  // "agreed" of "agreed … to pay" is also a plan
      if (AddFrame(hit)) covered = hit.end_token;
    }
    return std::move(out_);
  }

 private:
  const std::string& Word(uint32_t t) const { return text_.tokens[t].folded; }

  // The nearest trigger of a class that ends at most `reach` tokens before `at`, in the same sentence.
  const TriggerHit* ClassBefore(uint32_t at, const char* kind, uint32_t reach) const {
    const Sentence& s = text_.sentences[mentions_.sentence_of[at]];
    for (uint32_t t = at; t > s.first_token && at - t < reach;) {
      --t;
      if (Word(t) == ";" || Word(t) == ":" || Word(t) == "\"" || Word(t) == "\u201d") return nullptr;
      for (uint32_t index : by_token_[t])
        if (mentions_.triggers[index].entry->kind == kind && mentions_.triggers[index].end_token <= at)
          return &mentions_.triggers[index];
    }
    return nullptr;
  }

  const TriggerHit* ClassAfter(uint32_t at, const char* kind, uint32_t reach) const {
    const Sentence& s = text_.sentences[mentions_.sentence_of[at == 0 ? 0 : at - 1]];
    for (uint32_t t = at; t < s.end_token && t - at < reach; ++t)
      for (uint32_t index : by_token_[t])
        if (mentions_.triggers[index].entry->kind == kind) return &mentions_.triggers[index];
    return nullptr;
  }

  bool HasWordBefore(uint32_t at, uint32_t reach, std::initializer_list<const char*> words) const {
    const Sentence& s = text_.sentences[mentions_.sentence_of[at]];
    for (uint32_t t = at; t > s.first_token && at - t < reach;) {
      --t;
      for (const char* w : words)
        if (Word(t) == w) return true;
      if (Word(t) == "," || Word(t) == ";") return false;
    }
    return false;
  }

  bool IsTitle(uint32_t sentence) const {
    const BlockKind kind = page_.blocks[text_.sentences[sentence].block].kind;
    return kind == BlockKind::kTitle || kind == BlockKind::kHeading;
  }

  // Whether the frame happened; false where it is no frame at all.
  bool Status(const TriggerHit& hit, bool action, v1::ActionStatus* status) const {
    const uint32_t at = hit.first_token;
    const std::string& form = hit.entry->extra;
    *status = v1::ACTION_STATUS_DONE;
    const bool negated = HasWordBefore(at, 4, {"not", "never", "no", "without", "nobody", "neither", "nor"});
    if (ClassBefore(at, "ask", 6) != nullptr && (form == "verb:base" || form == "noun"))
      *status = v1::ACTION_STATUS_REQUESTED;
    if (ClassBefore(at, "refuse", 5) != nullptr) *status = v1::ACTION_STATUS_REFUSED;
    if (*status != v1::ACTION_STATUS_DONE) return true;
    if (negated) return false;
    const bool done = ClassBefore(at, "done", 4) != nullptr;
    if (form == "verb:base" && !done) {
      const bool infinitive = HasWordBefore(at, 2, {"to"});
      const bool modal = ClassBefore(at, "hypothetical", 3) != nullptr;
      if (infinitive || modal) {
        *status = v1::ACTION_STATUS_PENDING;
        return true;
      }
      if (!IsTitle(hit.sentence) && !HasWordBefore(at, 3, {"did"})) return mention_at_[at > 0 ? at - 1 : 0] >= 0;
      return true;
    }
    if (form == "verb:s" && !IsTitle(hit.sentence) && action && mention_at_[at > 0 ? at - 1 : 0] < 0) return false;
    const TriggerHit* condition = done ? nullptr : ClassBefore(at, "hypothetical", form == "noun" ? 5 : 4);
    if (condition != nullptr && condition->end_token > condition->first_token) *status = v1::ACTION_STATUS_THREATENED;
    if (form == "noun" && ClassAfter(hit.end_token, "hypothetical", 2) != nullptr)
      *status = v1::ACTION_STATUS_THREATENED;
    return true;
  }

  int ParticipantAt(uint32_t token) const {
    const int m = mention_at_[token];
    return m < 0 ? -1 : coreference_.participant_of[static_cast<size_t>(m)];
  }

  // Subject and object by position: nearest party before and behind the trigger, "by X" for a passive.
  void FillRoles(Frame& frame) const {
    const Sentence& s = text_.sentences[frame.trigger.sentence];
    const uint32_t at = frame.trigger.first_token;
    const std::string& form = frame.trigger.entry->extra;
    const bool participle = form == "verb:past" || form == "verb:participle" || form == "other";
    frame.by_verb = absl::StartsWith(form, "verb") || form == "other";
    bool be = false;
    for (uint32_t t = at; t > s.first_token && at - t < 4;) {
      --t;
      const std::string& w = Word(t);
      be |= w == "was" || w == "were" || w == "been" || w == "be" || w == "being" || w == "is" || w == "are";
      if (mention_at_[t] >= 0 || w == ",") break;
    }
    int subject = -1;
    for (uint32_t t = at; t > s.first_token && at - t < 18;) {
      --t;
      if (Word(t) == ";" || Word(t) == ".") break;
      const int p = ParticipantAt(t);
      if (p >= 0) {
        subject = p;
        break;
      }
    }
    int object = -1;
    int by = -1;
    for (uint32_t t = frame.trigger.end_token; t < s.end_token && t - at < 16; ++t) {
      if (Word(t) == ";") break;
      const int p = ParticipantAt(t);
      if (p < 0) continue;
      const bool after_by = t > 0 && HasWordBefore(t, 3, {"by"});
      if (after_by && by < 0) by = p;
      if (!after_by && object < 0) object = p;
    }
    frame.passive = participle && (be || by >= 0);
    if (frame.passive) {
      frame.patient = subject;
      frame.agent = by;
    } else if (form == "noun") {
      frame.patient = object;
      frame.agent = by >= 0 ? by : subject;
    } else {
      frame.agent = subject;
      frame.patient = object;
    }
    if (frame.agent == frame.patient) frame.patient = -1;
  }

  // "due to …", "because …", "on account of …", "for …ing" behind a refusal or expulsion.
  void FillReason(Frame& frame) const {
    const Sentence& s = text_.sentences[frame.trigger.sentence];
    for (uint32_t t = frame.trigger.end_token; t + 2 < s.end_token; ++t) {
      const bool due = Word(t) == "due" && Word(t + 1) == "to";
      const bool because = Word(t) == "because" || Word(t) == "citing";
      const bool view = Word(t) == "on" && (Word(t + 1) == "account" || Word(t + 1) == "grounds");
      if (!due && !because && !view) continue;
      uint32_t first = t + (due || view ? 2 : 1);
      if (Word(first) == "of" && first + 1 < s.end_token) ++first;
      frame.reason_begin = text_.tokens[first].begin;
      uint32_t last = s.end_token - 1;
      while (last > first && !text_.tokens[last].is_word && !text_.tokens[last].is_number) --last;
      frame.reason_end = text_.tokens[last].end;
      return;
    }
  }

  // "A second dhow …", "another container": a means of transport or goods counted on.
  bool IsBeforeCargo(const TriggerHit& hit) const {
    constexpr uint32_t kReachTokens = 3;
    const Sentence& s = text_.sentences[hit.sentence];
    for (uint32_t t = hit.end_token; t < s.end_token && t < hit.end_token + kReachTokens; ++t) {
      if (!text_.tokens[t].is_word && !text_.tokens[t].is_number) return false;
      if (cargo_at_[t]) return true;
    }
    return false;
  }

  bool HasResponse(uint32_t sentence) const {
    const Sentence& s = text_.sentences[sentence];
    for (uint32_t t = s.first_token; t < s.end_token; ++t)
      for (uint32_t index : by_token_[t]) {
        const std::string& kind = mentions_.triggers[index].entry->kind;
        if (kind == "action" || kind == "find" || kind == "stop") return true;
      }
    return false;
  }

  // "gave him nine years", "agreed last month to pay": the second part of a broken phrase stands behind the first.
  bool IsClosed(const TriggerHit& hit) const {
    constexpr uint32_t kReachTokens = 9;
    const Sentence& s = text_.sentences[hit.sentence];
    for (uint32_t t = hit.end_token; t < s.end_token && t < hit.end_token + kReachTokens; ++t) {
      if (Word(t) == ";" || Word(t) == ":") return false;
      for (uint32_t index : by_token_[t]) {
        const Entry& e = *mentions_.triggers[index].entry;
        if (e.kind == "close" && e.value == hit.entry->value) return true;
      }
    }
    return false;
  }

  bool AddFrame(const TriggerHit& hit) {
    const Entry& e = *hit.entry;
    Frame frame;
    frame.trigger = hit;
    if (e.kind == "open" && !IsClosed(hit)) return false;
    if (e.kind == "open" || e.kind == "action" || e.kind == "find" || e.kind == "stop") {
      if (!v1::ActionType_Parse(absl::StrCat("ACTION_TYPE_", e.value), &frame.action)) return false;
      if (e.kind == "find" && !has_goods_[hit.sentence]) return false;
      if (e.kind == "stop" && !has_transport_[hit.sentence]) return false;
      if (!Status(hit, true, &frame.status)) return false;
    } else if (e.kind == "act") {
      frame.kind = FrameKind::kAct;
      if (!Status(hit, false, &frame.status)) return false;
    } else if (e.kind == "stage") {
      frame.kind = FrameKind::kStage;
      if (!Status(hit, false, &frame.status)) return false;
    } else if (e.kind == "say") {
      const std::string before = hit.first_token > 0 ? Word(hit.first_token - 1) : "";
      const bool noun = (e.extra == "verb:base" || e.extra == "verb:s") &&
                        (before == "the" || before == "a" || before == "this" || before == "that" || before == "of" ||
                         before == "its" || before == "his");
      const bool hearsay = hit.end_token < text_.tokens.size() && Word(hit.end_token) == "to" && e.value == "ASSERTS";
      if (noun || hearsay) return false;
      frame.kind = FrameKind::kSay;
    } else if (e.kind == "refuse" && e.extra != "verb:base") {
      return AddRefusal(hit);
    } else {
      return false;
    }
    FillRoles(frame);
    // What a reporter uncovers is news, not a seizure.
    if (e.kind == "find" && frame.agent >= 0 &&
        coreference_.participants[static_cast<size_t>(frame.agent)].role_hint == "SOURCE")
      return false;
    if (frame.action == v1::ACTION_TYPE_EXPULSION) FillReason(frame);
    out_.all.push_back(frame);
    return true;
  }

  // "asked them to expel the diplomat: a request denied due to …": the last thing asked for in the sentence is refused.
  bool AddRefusal(const TriggerHit& hit) {
    for (size_t i = out_.all.size(); i-- > 0;) {
      const Frame& asked = out_.all[i];
      if (asked.trigger.sentence + 1 < hit.sentence) return false;
      if (asked.kind != FrameKind::kAction || asked.status != v1::ACTION_STATUS_REQUESTED) continue;
      Frame refused = asked;
      refused.status = v1::ACTION_STATUS_REFUSED;
      refused.trigger.first_token = hit.first_token;
      refused.trigger.end_token = hit.end_token;
      refused.trigger.sentence = hit.sentence;
      FillReason(refused);
      out_.all.push_back(refused);
      return true;
    }
    return false;
  }

  const Page& page_;
  const TokenizedText& text_;
  const Mentions& mentions_;
  const Coreference& coreference_;
  std::vector<std::vector<uint32_t>> by_token_;
  std::vector<int> mention_at_;
  std::vector<bool> cargo_at_;  // where goods or a means of transport begin
  std::vector<bool> has_goods_;
  std::vector<bool> has_transport_;
  Frames out_;
};

}  // namespace

Frames FindFrames(const Page& page, const TokenizedText& text, const Mentions& mentions,
                  const Coreference& coreference) {
  return FrameFinder(page, text, mentions, coreference).Run();
}

}  // namespace interdict::pipeline
