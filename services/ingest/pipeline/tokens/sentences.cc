#include "services/ingest/pipeline/tokens/sentences.h"

#include "services/ingest/pipeline/tokens/abbreviations.h"

namespace interdict::pipeline {
namespace {

// Decides token by token; works on one block.
class SentenceSplitter {
 public:
  SentenceSplitter(std::string_view text, uint32_t block, TokenizedText& out) : text_(text), block_(block), out_(out) {}

  void Run(uint32_t first) {
    const uint32_t end = static_cast<uint32_t>(out_.tokens.size());
    uint32_t sentence_first = first;
    for (uint32_t i = first; i < end;) {
      if (!MayEnd(i)) {
        ++i;
        continue;
      }
      const uint32_t after = AbsorbClosers(i + 1, end);
      if (after < end && Ends(i, after, sentence_first, end)) {
        Emit(sentence_first, after);
        sentence_first = after;
      }
      i = after;
    }
    if (sentence_first < end) Emit(sentence_first, end);
  }

 private:
  std::string_view Surface(uint32_t i) const {
    return text_.substr(out_.tokens[i].begin, out_.tokens[i].end - out_.tokens[i].begin);
  }
  bool Adjacent(uint32_t i) const { return out_.tokens[i - 1].end == out_.tokens[i].begin; }

  static bool IsStop(std::string_view s) {
    return s == "." || s == "!" || s == "?" || s == "…" || (s.size() > 1 && s.find_first_not_of('.') == s.npos);
  }
  static bool IsCloser(std::string_view s) {
    return s == "\"" || s == "'" || s == "”" || s == "’" || s == "»" || s == ")" || s == "]" || s == "." || s == "!" ||
           s == "?";
  }
  static bool IsOpener(std::string_view s) {
    return s == "\"" || s == "'" || s == "“" || s == "‘" || s == "«" || s == "„" || s == "(" || s == "[" || s == "—" ||
           s == "–" || s == "-";
  }
  bool IsDottedWord(uint32_t i) const { return out_.tokens[i].is_word && Surface(i).back() == '.'; }
  bool MayEnd(uint32_t i) const { return IsStop(Surface(i)) || IsDottedWord(i); }

  // Closing quotes and brackets, and note marks like "[12]", that stand right behind the stop.
  uint32_t AbsorbClosers(uint32_t i, uint32_t end) const {
    while (i < end && Adjacent(i)) {
      if (IsCloser(Surface(i))) {
        ++i;
      } else if (i + 2 < end && Surface(i) == "[" && out_.tokens[i + 1].is_number && Surface(i + 2) == "]") {
        i += 3;
      } else {
        break;
      }
    }
    return i;
  }

  // Whether the sentence that began at `first` ends with the stop at `stop`, given that `next` is the first token
  // behind it.
  bool Ends(uint32_t stop, uint32_t next, uint32_t first, uint32_t end) const {
    const bool glued = Adjacent(next);
    uint32_t word = next;
    while (word < end && IsOpener(Surface(word))) ++word;
    if (word == end) return !glued;
    const Token& token = out_.tokens[word];
    const bool capital = token.is_word && token.is_capitalised;
    // A missing space: "…the port.The crew". Only before a capital, and only behind a word.
    if (glued) return capital && stop > first && Surface(stop) == "." && out_.tokens[stop - 1].is_word && word == next;
    if (IsDottedWord(stop)) return DottedWordEnds(stop, word, next);
    if (IsListMark(stop, first)) return false;
    if (capital) return true;
    if (token.is_number) return true;
    // No case to go by: a script without capitals, or a symbol. "₤5" and "#3" open sentences; lower case goes on.
    return !token.is_word;
  }

  // "1." or "a." at the start numbers an item.
  bool IsListMark(uint32_t stop, uint32_t first) const {
    if (stop != first + 1) return false;
    const Token& mark = out_.tokens[first];
    return (mark.is_number || mark.is_word) && mark.end - mark.begin <= (mark.is_number ? 3 : 1);
  }

  bool DottedWordEnds(uint32_t stop, uint32_t word, uint32_t next) const {
    const Token& token = out_.tokens[stop];
    const Token& following = out_.tokens[word];
    switch (FindAbbreviation(token.folded, token.is_capitalised)) {
      case AbbreviationKind::kBeforeName:
      case AbbreviationKind::kBeforeNumber:
        return false;
      default:
        break;
    }
    if (!following.is_word || !following.is_capitalised) return false;
    if (token.end - token.begin == 2) return false;  // an initial
    return OpensSentence(following.folded) || (word != next && stop + 1 != next);
  }

  void Emit(uint32_t first, uint32_t end) {
    Sentence sentence;
    sentence.begin = out_.tokens[first].begin;
    sentence.end = out_.tokens[end - 1].end;
    sentence.first_token = first;
    sentence.end_token = end;
    sentence.block = block_;
    out_.sentences.push_back(sentence);
  }

  std::string_view text_;
  uint32_t block_;
  TokenizedText& out_;
};

}  // namespace

void AppendSentences(std::string_view text, uint32_t block, uint32_t first_token, TokenizedText& out) {
  SentenceSplitter(text, block, out).Run(first_token);
}

}  // namespace interdict::pipeline
