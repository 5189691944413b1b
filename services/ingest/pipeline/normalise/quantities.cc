#include "services/ingest/pipeline/normalise/quantities.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <optional>

#include "services/ingest/pipeline/decode/ascii.h"
#include "services/ingest/pipeline/normalise/calendar.h"
#include "services/ingest/pipeline/normalise/dates.h"
#include "services/ingest/pipeline/normalise/quantity_words.h"

namespace interdict::pipeline {
namespace {

bool IsOneOf(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// No number is longer; keeps the work linear and the value finite.
constexpr uint32_t kMostNumberWords = 12;

// A number as read from tokens.
struct Number {
  double value = 0;
  uint32_t end = 0;         // one past the last token
  std::string_view suffix;  // letters or "-word" glued to the digits: "kg" of "500kg", "foot" of "40-foot"
  bool digits = false;
  bool fraction = false;  // "1/2", "2 1/2"
};

class Finder {
 public:
  Finder(const TokenizedText& text, std::vector<QuantityMention>& out) : tokens_(text.tokens), out_(out) {}

  // Reads tokens [first, end); `dates` are the sentence's, in order.
  void Run(uint32_t first, uint32_t end, const std::vector<DateMention>& dates, size_t& next_date) {
    first_ = first;
    end_ = end;
    for (uint32_t i = first; i < end;) {
      while (next_date < dates.size() && dates[next_date].end <= tokens_[i].begin) ++next_date;
      const bool in_date = next_date < dates.size() && dates[next_date].begin < tokens_[i].end;
      const uint32_t after = in_date ? i : ReadAt(i);
      i = std::max(after, i + 1);
    }
  }

 private:
  std::string_view Word(uint32_t i) const {
    return i < end_ ? std::string_view(tokens_[i].folded) : std::string_view();
  }
  std::string_view Before(uint32_t i) const { return i > first_ ? Word(i - 1) : std::string_view(); }

  // Returns the token behind the quantity at `i`, or `i`.
  uint32_t ReadAt(uint32_t i) {
    if (const uint32_t after = ReadMoney(i); after != i) return after;
    const std::optional<Number> number = ReadNumber(i);
    if (!number || IsLabel(i, *number)) return number && number->digits ? number->end : i;
    return ReadCount(i, *number);
  }

  // "$2.6 million", "US$2.6m", "EUR 500,000", "USD5 million".
  uint32_t ReadMoney(uint32_t i) {
    uint32_t at = i;
    std::string_view code = CurrencyOfCode(Word(i), tokens_[i].is_all_caps);
    if (!code.empty()) {
      ++at;
      if (Word(at) == "$") ++at;
    } else if (IsOneOf(Word(i), {"us", "a", "c", "hk", "s", "nz", "au", "ca"}) && Word(i + 1) == "$" &&
               tokens_[i].end == tokens_[i + 1].begin) {
      code = DollarOf(Word(i));
      at += 2;
    } else {
      code = CurrencyOfSymbol(Word(i));
      if (code.empty()) return i;
      ++at;
    }
    const std::optional<Number> number = ReadNumber(at);
    if (!number || !number->digits || !number->suffix.empty()) return i;
    uint32_t end = number->end;
    double value = number->value;
    // "$2-3 million": the larger end, as "up to".
    bool range = false;
    if (IsOneOf(Word(end), {"-", "–", "to"})) {
      uint32_t second = end + 1;
      if (CurrencyOfSymbol(Word(second)) == code) ++second;
      if (const auto upper = ReadNumber(second);
          upper && upper->digits && upper->suffix.empty() && upper->value > value) {
        value = upper->value;
        end = upper->end;
        range = true;
      }
    }
    Emit(i, end, value, "", code, range || IsApproximate(i));
    return end;
  }

  // A count, measure, or an amount whose currency stands behind.
  uint32_t ReadCount(uint32_t i, const Number& number) {
    uint32_t end = number.end;
    double value = number.value;
    bool range = false;
    std::string_view suffix = number.suffix;
    if (suffix.empty() && IsOneOf(Word(end), {"-", "–", "to"})) {
      if (const auto upper = ReadNumber(end + 1); upper && upper->value > value && !IsLabel(end + 1, *upper)) {
        value = upper->value;
        end = upper->end;
        suffix = upper->suffix;
        range = true;
      }
    }
    uint32_t unit_at = end;
    const MeasureUnit* unit = nullptr;
    if (!suffix.empty()) {
      unit = FindUnit(suffix);
      if (unit == nullptr) return number.end;  // "61-year-old", "9mm-calibre" with an unknown word
    } else {
      if (IsOneOf(Word(unit_at), {"metric", "square", "cubic", "short", "long"}) &&
          FindUnit(Word(unit_at + 1)) != nullptr) {
        if (IsOneOf(Word(unit_at), {"square", "cubic"})) {
          Emit(i, end, value, "", "", range || IsApproximate(i));
          return end;
        }
        ++unit_at;
      }
      unit = FindUnit(Word(unit_at));
      // "half a tonne", "half of a kilo"
      if (unit == nullptr && Word(i) == "half" && IsOneOf(Word(unit_at), {"a", "of"})) unit = FindUnit(Word(++unit_at));
      if (unit != nullptr) end = unit_at + 1;
    }
    if (unit != nullptr) {
      Emit(i, end, value * unit->factor, unit->symbol, "", range || IsApproximate(i));
      return end;
    }
    if (const uint32_t money = CurrencyBehind(end); money != end) {
      Emit(i, money, value, "", currency_, range || IsApproximate(i));
      return money;
    }
    if (number.fraction && value < 1000) return end;  // "3/4 of the load" counts nothing
    if (Word(i) == "half" || (!number.digits && end == i + 1 && IsOneOf(Word(i), {"a", "an", "one"}))) return i;
    Emit(i, end, value, "", "", range || IsApproximate(i));
    return end;
  }

  // "Kenyan shillings", "US dollars", "euros", "EUR" behind a number at `at`; sets `currency_`.
  uint32_t CurrencyBehind(uint32_t at) {
    uint32_t i = at;
    if (Word(i) == "of") ++i;
    for (uint32_t words = 1; words <= 3 && i + words <= end_; ++words) {
      std::string phrase;
      for (uint32_t k = i; k < i + words; ++k) phrase += (k > i ? " " : "") + tokens_[k].folded;
      const std::string_view code = CurrencyOfPhrase(phrase);
      if (code.empty()) continue;
      currency_ = code;
      return i + words;
    }
    if (i < end_) {
      std::string_view code = CurrencyOfCode(Word(i), tokens_[i].is_all_caps);
      if (code.empty()) code = CurrencyOfSymbol(Word(i));
      if (!code.empty()) {
        currency_ = code;
        return i + 1;
      }
    }
    return at;
  }

  std::optional<Number> ReadNumber(uint32_t i) const {
    if (i >= end_) return std::nullopt;
    std::optional<Number> number = tokens_[i].is_number ? ReadDigits(i) : ReadWords(i);
    if (!number || !number->suffix.empty()) return number;
    if (number->digits) ReadFraction(i, *number);
    if (number->digits && Word(number->end) == "/" && number->end + 1 < end_ &&
        tokens_[number->end].begin == tokens_[number->end - 1].end) {
      return std::nullopt;
    }
    Scale(*number);
    return number;
  }

  // The fraction in "1/2" and "2 1/2"; leaves `number` as it is where none stands there ("24/7", "1/2/2018").
  void ReadFraction(uint32_t i, Number& number) const {
    if (number.end != i + 1 || Word(i).find_first_of(".,") != std::string_view::npos) return;
    const bool mixed = Word(i + 2) == "/";
    const uint32_t top_at = mixed ? i + 1 : i;
    if (Word(top_at + 1) != "/" || top_at + 2 >= end_ || Word(top_at + 3) == "/") return;
    if (tokens_[top_at].end != tokens_[top_at + 1].begin || tokens_[top_at + 1].end != tokens_[top_at + 2].begin)
      return;
    const std::optional<double> top = ParseDigits(Word(top_at));
    const std::optional<double> bottom = ParseDigits(Word(top_at + 2));
    if (!top || !bottom || *top < 1 || *top >= *bottom || (*bottom > 5 && *bottom != 8 && *bottom != 10)) return;
    number.value = (mixed ? number.value : 0) + *top / *bottom;
    number.end = top_at + 3;
    number.fraction = true;
  }

  // "2.6 million", "two dozen", "a hundred thousand".
  void Scale(Number& number) const {
    for (int steps = 0; steps < 3; ++steps) {
      uint32_t at = number.end;
      if (Word(at) == "a" && number.value == 0.5) ++at;  // "half a million"
      const double factor = ScaleOf(Word(at), number.digits);
      if (factor == 0) return;
      number.value *= factor;
      number.end = at + 1;
    }
  }

  // Digits with separators; "1 200 000" where groups of three follow.
  std::optional<Number> ReadDigits(uint32_t i) const {
    std::string_view word = Word(i);
    Number number;
    number.digits = true;
    number.end = i + 1;
    size_t length = 0;
    while (length < word.size() && (IsAsciiDigit(word[length]) || word[length] == '.' || word[length] == ',')) ++length;
    while (length > 0 && !IsAsciiDigit(word[length - 1])) --length;
    const std::optional<double> value = ParseDigits(word.substr(0, length));
    if (!value) return std::nullopt;
    number.value = *value;
    std::string_view rest = word.substr(length);
    if (rest.starts_with('-')) {
      rest.remove_prefix(1);
      if (const double factor = ScaleOf(rest, true); factor != 0) {
        number.value *= factor;
        return number;
      }
      if (rest.empty() || IsAsciiDigit(rest[0]))
        return std::nullopt;  // "12-14" is read by nobody: too often a number plate or date
      number.suffix = rest;
      return number;
    }
    if (IsOneOf(rest, {"m", "mn", "bn", "k", "b", "tn"}) &&
        !(rest == "m" && IsOneOf(Word(i + 1), {"long", "high", "wide", "deep", "away"}))) {
      number.value *= rest == "k" ? 1e3 : rest.starts_with('m') ? 1e6 : rest == "tn" ? 1e12 : 1e9;
      return number;
    }
    if (!rest.empty()) {
      if (FindUnit(rest) == nullptr) return std::nullopt;  // "6A005", "15th", "21:50"
      number.suffix = rest;
      return number;
    }
    if (length <= 3 && word.find_first_of(".,") == word.npos) {
      while (number.end < std::min(end_, i + kMostNumberWords) && Word(number.end).size() == 3 &&
             IsThousandsGroup(number.end)) {
        number.value = number.value * 1000 + std::stod(tokens_[number.end].folded);
        ++number.end;
      }
    }
    return number;
  }
  bool IsThousandsGroup(uint32_t i) const {
    const std::string& word = tokens_[i].folded;
    if (!std::all_of(word.begin(), word.end(), IsAsciiDigit)) return false;
    return tokens_[i].begin - tokens_[i - 1].end <= 3 && tokens_[i].begin > tokens_[i - 1].end;
  }

  // "twenty-five", "two hundred and fifty", "a dozen", "half".
  std::optional<Number> ReadWords(uint32_t i) const {
    double total = 0;
    double part = 0;
    bool any = false;
    uint32_t at = i;
    if (Word(i) == "half") {
      Number half;
      half.value = 0.5;
      half.end = i + 1;
      return half;
    }
    if (IsOneOf(Word(i), {"a", "an"})) {
      if (ScaleOf(Word(i + 1), false) == 0) return std::nullopt;
      part = 1;
      any = true;
      ++at;
    }
    while (at < end_ && at < i + kMostNumberWords) {
      const std::string_view word = Word(at);
      if (const int value = WordNumber(word); value >= 0) {
        if (any && part != 0 && std::fmod(part, 100) != 0 && !(std::fmod(part, 10) == 0 && value < 10)) break;
        part += value;
      } else if (const double factor = ScaleOf(word, false); factor != 0 && any) {
        if (factor >= 1000) {
          total += (part == 0 ? 1 : part) * factor;
          part = 0;
        } else {
          part = (part == 0 ? 1 : part) * factor;
        }
      } else if (word == "and" && any && WordNumber(Word(at + 1)) >= 0 && part >= 100) {
        // "two hundred and fifty"
      } else if (IsOneOf(word, {"dozens", "hundreds", "thousands", "millions"}) && !any) {
        return std::nullopt;  // no number is told
      } else {
        break;
      }
      any = true;
      ++at;
    }
    if (!any) return std::nullopt;
    Number number;
    number.value = total + part;
    number.end = at;
    return number;
  }

  // Numbers that name something instead of counting it.
  bool IsLabel(uint32_t i, const Number& number) const {
    const std::string_view before = Before(i);
    if (number.digits) {
      if (IsOneOf(before, {"no",        "nos",     "nr",       "number",    "numbers",    "resolution", "resolutions",
                           "article",   "section", "sections", "chapter",   "category",   "flight",     "imo",
                           "paragraph", "page",    "room",     "unscr",     "§",          "#",          "№",
                           "class",     "type",    "version",  "annex",     "case",       "level",      "part",
                           "line",      "highway", "route",    "directive", "regulation", "law",        "act",
                           "decree",    "order",   "/",        "phase",     "terminal",   "gate",       "warehouse",
                           "pier",      "berth",   "channel",  "appendix",  "title",      "serial",     "hull",
                           "mmsi",      "u.s.c"})) {
        return true;
      }
      // "18 U.S.C. § 554", "12 September" without a date's rest, ages behind a name ("Smith, 47,").
      const std::string_view next = Word(number.end);
      if (next.starts_with("u.s.c") || next == "cfr" || next == "c.f.r." || next == "§") return true;
      if (number.end < end_ && MonthNumber(next) != 0 && tokens_[number.end].is_capitalised) return true;
      if (before == "," && IsOneOf(next, {",", ")"}) && number.value >= 10 && number.value < 110 && i >= first_ + 2 &&
          tokens_[i - 2].is_capitalised) {
        return true;
      }
      // A model: "Orlan 10", "Mi 8"; a name with a number behind that no noun follows.
      if (i > first_ && tokens_[i - 1].is_word && tokens_[i - 1].is_capitalised && tokens_[i - 1].is_all_caps &&
          (number.end >= end_ || !tokens_[number.end].is_word)) {
        return true;
      }
    }
    return IsOneOf(Word(number.end), {"year-old", "years-old"});
  }

  bool IsApproximate(uint32_t i) const {
    for (uint32_t back = 1; back <= 3 && i >= first_ + back; ++back) {
      const std::string_view word = Word(i - back);
      if (IsOneOf(word, {"about", "some", "around", "approximately", "roughly", "nearly", "almost", "over", "approx",
                         "estimated", "circa", "ca"}))
        return true;
      const std::string_view earlier = i >= first_ + back + 1 ? Word(i - back - 1) : std::string_view();
      if ((word == "than" && IsOneOf(earlier, {"more", "less", "fewer", "other"})) ||
          (word == "to" && earlier == "up") || (word == "least" && earlier == "at") ||
          (word == "most" && earlier == "at")) {
        return true;
      }
      if (!IsOneOf(word, {"a", "the", "than", "to", "least"})) return false;
    }
    return false;
  }

  void Emit(uint32_t first, uint32_t end, double value, std::string_view unit, std::string_view currency,
            bool approximate) {
    QuantityMention mention;
    mention.begin = tokens_[first].begin;
    mention.end = tokens_[end - 1].end;
    mention.first_token = first;
    mention.end_token = end;
    mention.value = value;
    mention.unit = std::string(unit);
    mention.currency_code = std::string(currency);
    mention.approximate = approximate;
    out_.push_back(std::move(mention));
  }

  const std::vector<Token>& tokens_;
  std::vector<QuantityMention>& out_;
  uint32_t first_ = 0;
  uint32_t end_ = 0;
  std::string_view currency_;
};

}  // namespace

std::vector<QuantityMention> FindQuantities(const Page& page, const TokenizedText& text) {
  std::vector<QuantityMention> out;
  // Which words are dates does not depend on when the document was published; without it a few relative ones are
  // missed, which hold no digits.
  const std::vector<DateMention> dates = FindDates(page, text, "");
  size_t next_date = 0;
  Finder finder(text, out);
  for (const Sentence& sentence : text.sentences)
    finder.Run(sentence.first_token, sentence.end_token, dates, next_date);
  return out;
}

}  // namespace interdict::pipeline
