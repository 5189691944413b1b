#include "services/ingest/pipeline/coreference/coreference.h"

#include <algorithm>

namespace interdict::pipeline {
namespace {

class Resolver {
 public:
  Resolver(const TokenizedText& text, const Mentions& mentions) : text_(text), mentions_(mentions) {}

  Coreference Run() {
    out_.participant_of.assign(mentions_.all.size(), -1);
    for (uint32_t i = 0; i < mentions_.all.size(); ++i) {
      if (mentions_.all[i].kind != MentionKind::kParty || IsAttached(i)) continue;
      const int found = Find(i);
      if (found < 0) {
        out_.participants.emplace_back();
        Join(i, static_cast<int>(out_.participants.size()) - 1);
      } else {
        Join(i, found);
      }
    }
    return std::move(out_);
  }

 private:
  // "North Korean diplomat Kim Chol Nam": the description is a part of the named mention behind it.
  bool IsAttached(uint32_t index) const {
    const Mention& m = mentions_.all[index];
    if (m.named || m.party_kind != v1::PARTY_KIND_PERSON) return false;
    for (uint32_t next = index + 1; next < mentions_.all.size() && mentions_.all[next].first_token <= m.end_token;
         ++next) {
      const Mention& other = mentions_.all[next];
      if (other.kind == MentionKind::kParty && other.named && other.party_kind == v1::PARTY_KIND_PERSON &&
          other.first_token == m.end_token)
        return true;
    }
    return false;
  }

  std::vector<std::string> Words(const Mention& m) const {
    std::vector<std::string> words;
    for (uint32_t t = m.first_token; t < m.end_token; ++t)
      if (text_.tokens[t].is_word || text_.tokens[t].is_number) words.push_back(text_.tokens[t].folded);
    return words;
  }

  static std::string Singular(const std::string& word) {
    return word.size() > 3 && word.back() == 's' ? word.substr(0, word.size() - 1) : word;
  }

  bool HasWord(const Mention& m, const std::string& folded) const {
    for (uint32_t t = m.first_token; t < m.end_token; ++t)
      if (text_.tokens[t].folded == folded) return true;
    return false;
  }

  static bool IsAcronymOf(const std::vector<std::string>& small, const std::vector<std::string>& large) {
    if (small.size() != 1 || large.size() < 2 || small[0].size() < 2) return false;
    std::string initials;
    for (const std::string& w : large)
      if (w != "of" && w != "the" && w != "and" && w != "for") initials += w[0];
    return initials == small[0];
  }

  bool SameNamed(const Mention& m, const Participant& p) const {
    if (p.kind != m.party_kind || !p.named) return false;
    const std::vector<std::string> mine = Words(m);
    for (uint32_t other_index : forms_[Index(p)]) {
      const Mention& other = mentions_.all[other_index];
      if (!other.named) continue;
      if (other.entry != nullptr && m.entry != nullptr && other.entry->table == Table::kAgency &&
          m.entry->table == Table::kAgency && other.entry->value == m.entry->value &&
          other.entry->codes == m.entry->codes)
        return true;
      // "the Ruritanian intelligence service" beside "Security Information Service", the known agency of that state.
      if (m.source == PartySource::kAgencyHead && other.source == PartySource::kAgency && !m.codes.empty() &&
          m.codes == other.codes && HasWord(other, Singular(m.head)) && m.head.size() > 4)
        return true;
      if (other.source == PartySource::kAgencyHead && m.source == PartySource::kAgency && !m.codes.empty() &&
          m.codes == other.codes && HasWord(m, Singular(other.head)) && other.head.size() > 4)
        return true;
      // "Security Information Service (BIS)".
      if (m.first_token == other.end_token + 1 && text_.tokens[other.end_token].folded == "(" &&
          m.end_token - m.first_token == 1 && text_.tokens[m.first_token].is_all_caps)
        return true;
      const std::vector<std::string> theirs = Words(other);
      if (mine == theirs) return true;
      if (IsAcronymOf(mine, theirs) && text_.tokens[m.first_token].is_all_caps) return true;
      const auto& small = mine.size() < theirs.size() ? mine : theirs;
      const auto& large = mine.size() < theirs.size() ? theirs : mine;
      if (small.empty() || small[0].size() < 3) continue;
      if (p.kind == v1::PARTY_KIND_PERSON) {
        if (small.size() == 1 && (large.back() == small[0] || large.front() == small[0])) return true;
        if (small.size() >= 2 && std::search(large.begin(), large.end(), small.begin(), small.end()) != large.end())
          return true;
      } else if (m.source != PartySource::kAgencyHead && std::equal(small.begin(), small.end(), large.begin())) {
        return true;
      } else if (m.source == PartySource::kAgencyHead && other.source == PartySource::kAgencyHead &&
                 m.head == other.head && small.size() >= 2 &&
                 std::search(large.begin(), large.end(), small.begin(), small.end()) != large.end()) {
        return true;
      }
    }
    return false;
  }

  bool SameDescribed(const Mention& m, const Participant& p) const {
    if (m.head.empty() || p.kind != m.party_kind) return false;
    const std::string singular = m.head.back() == 's' ? m.head.substr(0, m.head.size() - 1) : m.head;
    for (uint32_t other_index : forms_[Index(p)]) {
      const Mention& other = mentions_.all[other_index];
      const bool same_head = other.head == m.head;
      const bool conflicting = !m.codes.empty() && !other.codes.empty() && m.codes[0] != other.codes[0];
      if (conflicting) return false;
      if (m.source == PartySource::kAgencyHead && other.named && HasWord(other, m.head)) return true;
      if (same_head && !other.named && (m.definite || other.sentence == 0 || Words(m) == Words(other))) return true;
      if (m.definite && other.named && !other.position.empty() && other.position.size() >= singular.size()) {
        std::string position = other.position;
        for (char& ch : position) ch = static_cast<char>(std::tolower(static_cast<unsigned char>(ch)));
        if (position.compare(position.size() - singular.size(), singular.size(), singular) == 0) return true;
      }
    }
    return false;
  }

  // Whether only a comma, brackets, an age and an article stand between two mentions.
  bool InApposition(const Mention& first, const Mention& second) const {
    constexpr uint32_t kReachTokens = 9;
    if (second.first_token <= first.end_token || second.first_token - first.end_token > kReachTokens) return false;
    bool bracket = false;
    bool comma = false;
    for (uint32_t t = first.end_token; t < second.first_token; ++t) {
      const Token& token = text_.tokens[t];
      const std::string& w = token.folded;
      if (w == "(" || w == ")") {
        bracket = w == "(";
        continue;
      }
      if (bracket) continue;
      if (w == ",") {
        comma = true;
        continue;
      }
      if (token.is_number || w == "a" || w == "an" || w == "the" || w == "aged" || w == "one") continue;
      return false;
    }
    return comma && !bracket && !FollowedByList(second);
  }

  // "Ada Berg, a trader and two sailors": what stands behind the comma is the next of a list.
  bool FollowedByList(const Mention& m) const {
    if (m.end_token + 1 >= text_.tokens.size()) return false;
    const std::string& next = text_.tokens[m.end_token].folded;
    if (next != "and") return false;
    return m.named || mentions_.sentence_of[m.end_token + 1] != m.sentence;
  }

  int Find(uint32_t index) const {
    const Mention& m = mentions_.all[index];
    // A text of thousands of parties is read in linear time: who was not spoken of for that long is not meant.
    constexpr int kWindow = 300;
    const int last_participant = static_cast<int>(out_.participants.size()) - 1;
    for (int p = last_participant; p >= 0 && p > last_participant - kWindow; --p) {
      const Participant& candidate = out_.participants[static_cast<size_t>(p)];
      if (m.named ? SameNamed(m, candidate) : SameDescribed(m, candidate)) return p;
      // The headline's "intelligence service", later named.
      const Mention& first = mentions_.all[candidate.mentions.front()];
      if (m.named && !candidate.named && m.source == PartySource::kAgencyHead &&
          first.source == PartySource::kAgencyHead && Singular(first.head) == Singular(m.head))
        return p;
      // "Ada Berg, a livestock trader", "Ada Berg (Berg), 47, a trader": the description joins the name in front of it;
      // "a trader, Ada Berg": the name joins the description.
      const Mention& before = mentions_.all[candidate.mentions.back()];
      if (m.named != before.named && before.sentence == m.sentence && before.party_kind == m.party_kind &&
          m.party_kind == v1::PARTY_KIND_PERSON && InApposition(before, m))
        return p;
      // "The diplomat, an economic attaché": an apposition joins its noun.
      const Mention& last = mentions_.all[candidate.mentions.back()];
      if (!m.named && !last.named && m.party_kind == v1::PARTY_KIND_PERSON && last.party_kind == m.party_kind &&
          last.sentence == m.sentence) {
        const uint32_t gap = m.first_token - last.end_token;
        if (gap <= 4 && gap >= 1) {
          for (uint32_t t = last.end_token; t < m.first_token; ++t)
            if (text_.tokens[t].folded == "as") return p;
        }
      }
    }
    return -1;
  }

  void Join(uint32_t index, int participant) {
    out_.participant_of[index] = participant;
    Participant& p = out_.participants[static_cast<size_t>(participant)];
    const Mention& m = mentions_.all[index];
    if (p.mentions.empty()) {
      p.name_mention = index;
      p.kind = m.party_kind;
    }
    const Mention& name = mentions_.all[p.name_mention];
    const size_t longer = m.text.size() > name.text.size() ? 1 : 0;
    if (m.named && !name.named) p.name_mention = index;
    if (m.named == name.named && longer > 0 && m.text.size() < 90) p.name_mention = index;
    p.named |= m.named;
    p.generic &= m.generic;
    if (p.role_hint.empty() || p.role_hint == "OTHER") p.role_hint = m.role_hint.empty() ? p.role_hint : m.role_hint;
    if (p.function_hint.empty()) p.function_hint = m.function_hint;
    if (p.codes.empty()) p.codes = m.codes;
    p.mentions.push_back(index);
    constexpr size_t kMaxForms = 12;
    forms_.resize(out_.participants.size());
    std::vector<uint32_t>& forms = forms_[static_cast<size_t>(participant)];
    const bool known =
        std::any_of(forms.begin(), forms.end(), [&](uint32_t f) { return mentions_.all[f].text == m.text; });
    if (!known && forms.size() < kMaxForms) forms.push_back(index);
  }

  size_t Index(const Participant& p) const { return static_cast<size_t>(&p - out_.participants.data()); }

  const TokenizedText& text_;
  const Mentions& mentions_;
  Coreference out_;
  std::vector<std::vector<uint32_t>> forms_;  // by participant: its mentions of different text, the first few
};

}  // namespace

Coreference Resolve(const TokenizedText& text, const Mentions& mentions) { return Resolver(text, mentions).Run(); }

}  // namespace interdict::pipeline
