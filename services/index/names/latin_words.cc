#include "services/index/names/latin_words.h"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <array>
#include <memory>

#include "services/index/names/name_tables.h"
#include "services/index/names/spelling.h"

namespace interdict::names {
namespace {

constexpr int kHangulBase = 0xAC00;
constexpr int kHangulEnd = 0xD7A3;

// As the South Korean state writes them, final consonants as they are heard.
constexpr std::array<const char*, 19> kHangulInitials = {"g",  "kk", "n", "d",  "tt", "r", "m", "b", "pp", "s",
                                                         "ss", "",   "j", "jj", "ch", "k", "t", "p", "h"};
constexpr std::array<const char*, 21> kHangulVowels = {"a",  "ae", "ya", "yae", "eo", "e",  "yeo",
                                                       "ye", "o",  "wa", "wae", "oe", "yo", "u",
                                                       "wo", "we", "wi", "yu",  "eu", "ui", "i"};
constexpr std::array<const char*, 28> kHangulFinals = {"",  "k",  "k", "k", "n", "n", "n", "t", "l", "k",
                                                       "m", "l",  "l", "l", "l", "l", "m", "p", "p", "t",
                                                       "t", "ng", "t", "t", "k", "t", "p", "t"};

std::string HangulSyllable(UChar32 c) {
  const int index = c - kHangulBase;
  return std::string(kHangulInitials[static_cast<size_t>(index / 588)]) +
         kHangulVowels[static_cast<size_t>(index % 588 / 28)] + kHangulFinals[static_cast<size_t>(index % 28)];
}

bool IsHangul(UChar32 c) { return c >= kHangulBase && c <= kHangulEnd; }

bool IsHan(UChar32 c) {
  UErrorCode error = U_ZERO_ERROR;
  return uscript_getScript(c, &error) == USCRIPT_HAN && U_SUCCESS(error);
}

// Marks that stand inside a word and say nothing for comparison: O'Brien, Mu'ammar, Qur’an.
bool IsApostrophe(UChar32 c) {
  return c == '\'' || c == '`' || c == 0x2019 || c == 0x2018 || c == 0x02BC || c == 0x00B4 || c == 0x02BB ||
         c == 0x02BF || c == 0x02BE || c == 0x05F3 || c == 0x05F4 || c == 0x200C || c == 0x200D || c == 0x00AD;
}

// ICU's rules for what the tables do not know. Made once; transliterate() is const and thread-safe.
const icu::Transliterator* AnyLatin() {
  static const icu::Transliterator* const kAnyLatin = [] {
    UErrorCode error = U_ZERO_ERROR;
    return icu::Transliterator::createInstance("Any-Latin; NFD; [:Mn:] Remove; Latin-ASCII; Lower", UTRANS_FORWARD,
                                               error);
  }();
  return kAnyLatin;
}

const icu::Normalizer2* Decomposition() {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfkd = icu::Normalizer2::getNFKDInstance(error);
  return U_SUCCESS(error) ? nfkd : nullptr;
}

const icu::Normalizer2* Composition() {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfkc = icu::Normalizer2::getNFKCInstance(error);
  return U_SUCCESS(error) ? nfkc : nullptr;
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

class WordMaker {
 public:
  explicit WordMaker(LatinWords* out) : out_(out) {}

  void Add(std::string_view letters) {
    if (word_.letters.size() + letters.size() > kMaxTokenLetters) {
      out_->truncated = true;
      return;
    }
    word_.letters.append(letters);
  }
  void AddVowelless(std::string_view letters) {
    Add(letters);
    word_.vowelless = true;
    for (const char c : Spelling(letters)) {
      if (word_.sounds.empty() || word_.sounds.back() != c) word_.sounds.push_back(c);
    }
  }
  bool InWord() const { return !word_.letters.empty(); }

  void End(bool dotted = false) {
    if (word_.letters.empty()) return;
    word_.dotted = dotted;
    word_.after_comma = comma_;
    if (out_->words.size() < kMaxTokens) {
      out_->words.push_back(std::move(word_));
    } else {
      out_->truncated = true;
    }
    word_ = LatinWord();
  }
  void Comma() {
    End();
    comma_ = !out_->words.empty();
  }

  // What is no letter.
  void Punctuation(UChar32 c) {
    if (IsApostrophe(c)) return;
    if (c == '.') {
      End(/*dotted=*/true);
    } else if (c == ',') {
      Comma();
    } else if (c == '&') {
      End();
      Add("and");
      End();
    } else {
      End();
    }
  }

 private:
  LatinWords* out_;
  LatinWord word_;
  bool comma_ = false;
};

void AsciiWords(std::string_view name, WordMaker& maker) {
  for (const char c : name) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if ((lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9')) {
      maker.Add(std::string_view(&lower, 1));
    } else {
      maker.Punctuation(static_cast<unsigned char>(c));
    }
  }
  maker.End();
}

class UnicodeWords {
 public:
  UnicodeWords(const icu::UnicodeString& text, LatinWords* out)
      : text_(text), view_(text.getBuffer(), static_cast<size_t>(text.length())), out_(out), maker_(out) {}

  void Run() {
    for (int32_t at = 0; at < text_.length();) {
      const UChar32 c = text_.char32At(at);
      if (IsHangul(c)) {
        at = Syllables(at, IsHangul, HangulSyllable);
      } else if (c >= 0x2E80 && IsHan(c)) {
        at = Syllables(at, IsHan, [](UChar32 han) { return ByIcu(icu::UnicodeString(han)); });
      } else {
        at = Letter(at, c);
      }
    }
    maker_.End();
  }

 private:
  // Letters and digits of what ICU makes of a text.
  static std::string ByIcu(icu::UnicodeString text) {
    std::string latin;
    if (AnyLatin() == nullptr) return latin;
    AnyLatin()->transliterate(text);
    std::string utf8;
    text.toUTF8String(utf8);
    for (const char c : utf8) {
      if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) latin.push_back(c);
    }
    return latin;
  }

  // A run of syllables without a space: family name of one syllable, the rest joined. A run of one stands alone.
  template <typename Is, typename ToSyllable>
  int32_t Syllables(int32_t at, const Is& is, const ToSyllable& to_syllable) {
    out_->transliterated = true;
    maker_.End();
    int count = 0;
    int32_t end = at;
    while (end < text_.length() && is(text_.char32At(end))) {
      end = text_.moveIndex32(end, 1);
      ++count;
    }
    for (int i = 0; at < end; ++i) {
      if (i == 1 && count <= 4) maker_.End();
      // Longer runs are companies and places: words of two syllables are the rule.
      if (count > 4 && i % 2 == 0) maker_.End();
      maker_.Add(to_syllable(text_.char32At(at)));
      at = text_.moveIndex32(at, 1);
    }
    maker_.End();
    return end;
  }

  int32_t Letter(int32_t at, UChar32 c) {
    const int32_t next = text_.moveIndex32(at, 1);
    if (c < 0x80) {
      const char ascii = static_cast<char>(u_tolower(c));
      if ((ascii >= 'a' && ascii <= 'z') || (ascii >= '0' && ascii <= '9')) {
        maker_.Add(std::string_view(&ascii, 1));
      } else {
        maker_.Punctuation(c);
      }
      return next;
    }
    if (IsApostrophe(c) || u_charType(c) == U_NON_SPACING_MARK) return next;
    if (const LetterRule* rule = NameTables::Get().FindLetter(view_, static_cast<size_t>(at)); rule != nullptr) {
      return TableLetter(at, *rule);
    }
    if (!u_isalnum(c) && u_charType(c) != U_COMBINING_SPACING_MARK) {
      maker_.Punctuation(c == 0x060C || c == 0x3001 || c == 0xFF0C ? ',' : c);
      return next;
    }
    return IcuRun(at);
  }

  int32_t TableLetter(int32_t at, const LetterRule& rule) {
    const auto length = static_cast<int32_t>(rule.letters.size());
    if (!rule.latin_script) out_->transliterated = true;
    if (!rule.vowelless) {
      maker_.Add(rule.latin);
      return at + length;
    }
    // The article is written with its word: cut it off, as it is in Latin letters.
    if (!maker_.InWord() && view_.substr(static_cast<size_t>(at), 2) == u"\u0627\u0644" && LettersFrom(at) > 4) {
      maker_.AddVowelless("al");
      maker_.End();
      return at + 2;
    }
    // At the start of a word these two are consonants.
    const bool first = !maker_.InWord();
    std::string_view latin = rule.latin;
    if (first && rule.letters == u"\u0648") latin = "w";
    // Inside of a word it is mostly a vowel: Holon, Yonatan.
    if (!first && rule.letters == u"\u05D5") latin = "o";
    if (first && (rule.letters == u"\u064A" || rule.letters == u"\u06CC" || rule.letters == u"\u05D9")) latin = "y";
    maker_.AddVowelless(latin);
    return at + length;
  }

  int LettersFrom(int32_t at) const {
    int letters = 0;
    while (at < text_.length() && u_isalpha(text_.char32At(at))) {
      at = text_.moveIndex32(at, 1);
      ++letters;
    }
    return letters;
  }

  // Letters that only ICU knows, up to the next separator or ASCII letter.
  int32_t IcuRun(int32_t at) {
    int32_t end = at;
    while (end < text_.length()) {
      const UChar32 c = text_.char32At(end);
      const int8_t type = u_charType(c);
      if (c < 0x80 || IsHangul(c) || IsHan(c)) break;
      if (!u_isalnum(c) && type != U_NON_SPACING_MARK && type != U_COMBINING_SPACING_MARK) break;
      end = text_.moveIndex32(end, 1);
    }
    out_->transliterated = true;
    maker_.Add(ByIcu(text_.tempSubStringBetween(at, end)));
    return end;
  }

  const icu::UnicodeString& text_;
  const std::u16string_view view_;
  LatinWords* out_;
  WordMaker maker_;
};

// Marks fall off Latin, Greek and Cyrillic letters, but not where they are letters of their own: those of the table,
// and all of the scripts that only ICU knows.
icu::UnicodeString FoldMarks(const icu::UnicodeString& composed) {
  icu::UnicodeString folded;
  const icu::Normalizer2* const nfkd = Decomposition();
  for (int32_t at = 0; at < composed.length(); at = composed.moveIndex32(at, 1)) {
    const UChar32 c = u_tolower(composed.char32At(at));
    const icu::UnicodeString letter(c);
    const std::u16string_view view(letter.getBuffer(), static_cast<size_t>(letter.length()));
    icu::UnicodeString parts;
    if (c < 0x80 || nfkd == nullptr || IsHangul(c) || NameTables::Get().FindLetter(view, 0) != nullptr ||
        !nfkd->getDecomposition(c, parts)) {
      folded.append(c);
    } else {
      folded.append(parts);
    }
  }
  return folded;
}

}  // namespace

LatinWords ToLatinWords(std::string_view name) {
  LatinWords out;
  if (name.size() > kMaxNameBytes) {
    size_t size = kMaxNameBytes;
    while (size > 0 && (static_cast<unsigned char>(name[size]) & 0xC0) == 0x80) --size;
    name = name.substr(0, size);
    out.truncated = true;
  }
  if (IsAscii(name)) {
    WordMaker maker(&out);
    AsciiWords(name, maker);
    return out;
  }
  icu::UnicodeString text =
      icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<int32_t>(name.size())));
  text.findAndReplace(icu::UnicodeString(UChar32{0xFFFD}), icu::UnicodeString(UChar32{' '}));
  UErrorCode error = U_ZERO_ERROR;
  if (Composition() != nullptr) {
    const icu::UnicodeString composed = Composition()->normalize(text, error);
    if (U_SUCCESS(error)) text = composed;
  }
  const icu::UnicodeString folded = FoldMarks(text);
  UnicodeWords(folded, &out).Run();
  return out;
}

}  // namespace interdict::names
