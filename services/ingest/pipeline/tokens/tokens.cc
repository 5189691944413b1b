#include "services/ingest/pipeline/tokens/tokens.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "services/ingest/pipeline/tokens/abbreviations.h"
#include "services/ingest/pipeline/tokens/fold.h"
#include "services/ingest/pipeline/tokens/sentences.h"

namespace interdict::pipeline {
namespace {

constexpr UChar32 kNone = -1;

bool IsLetter(UChar32 c) {
  if (c < 0) return false;
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return u_isalpha(c) != 0;
}
bool IsDigit(UChar32 c) {
  if (c < 0x80) return c >= '0' && c <= '9';
  return u_charType(c) == U_DECIMAL_DIGIT_NUMBER;
}
bool IsAlnum(UChar32 c) { return IsLetter(c) || IsDigit(c); }
bool IsExtension(UChar32 c) {
  if (c < 0x80) return c == '_';
  return (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0 || c == 0x00AD || c == 0x200C || c == 0x200D;
}
bool IsSpace(UChar32 c) {
  if (c < 0x80) return c <= ' ' || c == 0x7F;
  return u_isUWhiteSpace(c) || c == 0x200B || c == 0xFEFF || u_charType(c) == U_CONTROL_CHAR;
}
bool IsApostrophe(UChar32 c) { return c == '\'' || c == 0x2019 || c == 0x02BC; }
bool IsHyphen(UChar32 c) { return c == '-' || c == 0x2010 || c == 0x2011; }

// Cuts [begin, end) of a text into tokens.
class Scanner {
 public:
  Scanner(std::string_view text, size_t begin, size_t end, std::vector<Token>& out)
      : text_(text.substr(0, end)), at_(begin), out_(out), first_out_(out.size()) {}

  void Run() {
    while (at_ < text_.size()) {
      const UChar32 c = Peek(at_);
      if (IsSpace(c)) {
        at_ = Next(at_);
      } else if (StartsUrl()) {
        ScanUrl();
      } else if (IsAlnum(c) || StartsDecimal(c)) {
        ScanWord();
      } else {
        ScanPunctuation(c);
      }
    }
  }

 private:
  UChar32 Peek(size_t i) const {
    if (i >= text_.size()) return kNone;
    const unsigned char lead = static_cast<unsigned char>(text_[i]);
    if (lead < 0x80) return lead;
    int32_t at = static_cast<int32_t>(i);
    UChar32 c;
    U8_NEXT(text_.data(), at, static_cast<int32_t>(text_.size()), c);
    return c < 0 ? 0xFFFD : c;
  }
  size_t Next(size_t i) const {
    if (static_cast<unsigned char>(text_[i]) < 0x80) return i + 1;
    int32_t at = static_cast<int32_t>(i);
    U8_FWD_1(text_.data(), at, static_cast<int32_t>(text_.size()));
    return static_cast<size_t>(at);
  }
  size_t SkipSpace(size_t i) const {
    while (i < text_.size() && IsSpace(Peek(i))) i = Next(i);
    return i;
  }
  bool StartsWith(size_t i, std::string_view prefix) const { return text_.substr(i, prefix.size()) == prefix; }

  bool StartsUrl() const {
    const char c = text_[at_];
    if (c != 'h' && c != 'w') return false;
    return StartsWith(at_, "http://") || StartsWith(at_, "https://") || StartsWith(at_, "www.");
  }
  void ScanUrl() {
    const size_t begin = at_;
    size_t end = at_;
    while (end < text_.size() && !IsSpace(Peek(end)) && text_[end] != '<' && text_[end] != '>' && text_[end] != '"')
      end = Next(end);
    while (end > begin + 1 && std::string_view(".,;:!?)]'").find(text_[end - 1]) != std::string_view::npos) --end;
    Emit(begin, end);
  }
  // ".50-caliber": a number may begin with its point, behind a space.
  bool StartsDecimal(UChar32 c) const {
    return c == '.' && IsDigit(Peek(at_ + 1)) && (out_.size() == first_out_ || out_.back().end < at_);
  }

  // Where the digits from `i` end.
  size_t DigitsEnd(size_t i) const {
    size_t end = i;
    while (end < text_.size() && end < i + 5 && IsDigit(Peek(end))) end = Next(end);
    return end;
  }

  // Whether the mark at `i`, between `before` and what follows, belongs to the word.
  bool Joins(size_t i, UChar32 mark, UChar32 before) const {
    const size_t behind = Next(i);
    const UChar32 after = Peek(behind);
    if (after == kNone) return false;
    if (IsHyphen(mark)) return IsAlnum(after);
    if (IsApostrophe(mark)) return IsLetter(after) && !IsPossessive(i);
    switch (mark) {
      case '.':
        if (IsDigit(before)) return IsDigit(after);
        return u_islower(before) && u_islower(after);
      case ',': {
        if (!IsDigit(before) || !IsDigit(after)) return false;
        const size_t end = DigitsEnd(behind);
        const UChar32 stop = Peek(end);
        return end - behind == 3 || (end - behind < 3 && stop != ',');
      }
      case ':':
        return IsDigit(before) && IsDigit(after);
      case '&':
        return IsLetter(before) && IsLetter(after);
      case '@':
        return IsAlnum(before) && IsAlnum(after);
      default:
        return false;
    }
  }
  // "'s" at the end of a word.
  bool IsPossessive(size_t i) const {
    const size_t s = Next(i);
    const UChar32 letter = Peek(s);
    if (letter != 's' && letter != 'S') return false;
    const UChar32 after = Peek(s + 1);
    return !IsAlnum(after) && !IsExtension(after);
  }

  void ScanWord() {
    const size_t begin = at_;
    if (const size_t acronym = DottedAcronymEnd(begin); acronym != begin) {
      Emit(begin, acronym);
      return;
    }
    size_t end = Next(begin);
    UChar32 last = Peek(begin);
    while (end < text_.size()) {
      const UChar32 c = Peek(end);
      if (!IsAlnum(c) && !(c >= 0 && IsExtension(c)) && !Joins(end, c, last)) break;
      last = c;
      end = Next(end);
    }
    Emit(begin, end);
    if (Peek(end) == '.') TakeAbbreviationStop();
    if (IsApostrophe(Peek(at_)) && IsPossessive(at_)) Emit(at_, Next(at_) + 1);
  }

  // "U.S.", "z o.o.", "J.P.": single letters with a stop behind each, two at least. Returns `begin` where there is
  // none.
  size_t DottedAcronymEnd(size_t begin) const {
    size_t end = begin;
    int letters = 0;
    while (end < text_.size() && IsLetter(Peek(end))) {
      const size_t dot = Next(end);
      if (Peek(dot) != '.') {
        // "U.S" at the end of the word counts as well; "U.Skorea" is none.
        if (letters == 0 || IsAlnum(Peek(dot))) return letters >= 2 ? end : begin;
        return dot;
      }
      end = dot + 1;
      ++letters;
    }
    return letters >= 2 ? end : begin;
  }

  // Makes the stop behind the last token part of it where that token is an abbreviation or an initial.
  void TakeAbbreviationStop() {
    Token& token = out_.back();
    const size_t behind = at_ + 1;
    const UChar32 following = Peek(SkipSpace(behind));
    bool takes = false;
    switch (FindAbbreviation(token.folded, token.is_capitalised)) {
      case AbbreviationKind::kNone:
        takes = IsInitial(token) && (u_isupper(following) || following == ',');
        break;
      case AbbreviationKind::kBeforeNumber:
        takes = IsDigit(following);
        break;
      case AbbreviationKind::kBeforeName:
      case AbbreviationKind::kEither:
        takes = following != kNone || token.is_capitalised;
        break;
    }
    if (!takes) return;
    token.end = static_cast<uint32_t>(behind);
    at_ = behind;
  }
  bool IsInitial(const Token& token) const {
    if (!token.is_capitalised || Next(token.begin) != token.end) return false;
    return out_.size() < first_out_ + 2 || !TakesLetterLabel(out_[out_.size() - 2].folded);
  }

  void ScanPunctuation(UChar32 c) {
    const size_t begin = at_;
    size_t end = Next(at_);
    if (c == '.' || c == '-') {
      while (end < text_.size() && text_[end] == static_cast<char>(c)) ++end;
    }
    // An apostrophe that opens a clitic behind a token that ends in a stop: "U.S.'s".
    if (IsApostrophe(c) && out_.size() > first_out_ && out_.back().end == begin && out_.back().is_word &&
        IsPossessive(begin)) {
      end = Next(begin) + 1;
    }
    Emit(begin, end);
  }

  void Emit(size_t begin, size_t end) {
    Token token;
    token.begin = static_cast<uint32_t>(begin);
    token.end = static_cast<uint32_t>(end);
    token.folded = Fold(text_.substr(begin, end - begin));
    token.is_number = IsDigit(Peek(begin)) || (text_[begin] == '.' && IsDigit(Peek(begin + 1)));
    int letters = 0;
    int upper = 0;
    for (size_t i = begin; i < end; i = Next(i)) {
      const UChar32 c = Peek(i);
      if (!IsLetter(c) || u_charType(c) == U_MODIFIER_LETTER) continue;
      const bool is_upper = u_isupper(c) || u_istitle(c);
      if (letters == 0) token.is_capitalised = is_upper;
      ++letters;
      if (is_upper) ++upper;
    }
    token.is_word = letters > 0;
    token.is_all_caps = letters >= 2 && upper == letters;
    out_.push_back(std::move(token));
    at_ = end;
  }

  std::string_view text_;
  size_t at_;
  std::vector<Token>& out_;
  size_t first_out_;
};

}  // namespace

std::vector<Token> TokenizePhrase(std::string_view phrase) {
  std::vector<Token> tokens;
  Scanner(phrase, 0, phrase.size(), tokens).Run();
  return tokens;
}

TokenizedText Tokenize(const Page& page) {
  TokenizedText out;
  out.tokens.reserve(page.text.size() / 5);
  for (size_t i = 0; i < page.blocks.size(); ++i) {
    const uint32_t first = static_cast<uint32_t>(out.tokens.size());
    Scanner(page.text, page.blocks[i].begin, page.blocks[i].end, out.tokens).Run();
    AppendSentences(page.text, static_cast<uint32_t>(i), first, out);
  }
  return out;
}

}  // namespace interdict::pipeline
