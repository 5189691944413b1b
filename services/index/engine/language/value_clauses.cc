#include "services/index/engine/language/value_clauses.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/index/engine/analyzer.h"
#include "services/index/engine/language/compile.h"
#include "services/index/engine/language/near_names.h"
#include "services/index/engine/schema/countries.h"
#include "services/index/engine/schema/index_values.h"

namespace interdict::index {
namespace {

using Type = SearchField::Type;
using Comparator = FilterNode::Comparator;
using Compiled = absl::StatusOr<QueryNode>;

constexpr int64_t kLowest = std::numeric_limits<int64_t>::min();
constexpr int64_t kHighest = std::numeric_limits<int64_t>::max();

absl::Status WrongValue(const SearchField& field, const FilterValue& value, const std::string& problem) {
  return SyntaxError(value.span, absl::StrCat(Shown(value.text), " is not a value of ", field.name, ": ", problem),
                     absl::StrCat(field.name, " = \"", field.example, "\""));
}

Compiled EnumClause(const SearchField& field, const FilterValue& value) {
  std::string name = absl::AsciiStrToUpper(value.text);
  if (name.rfind(field.prefix, 0) == 0 && !field.prefix.empty()) name = name.substr(field.prefix.size());
  if (std::find(field.values.begin(), field.values.end(), name) != field.values.end()) {
    return Keyword(field.keyword, {name});
  }
  return WrongValue(field, value, NearNames(name, field.values));
}

Compiled CountryClause(const SearchField& field, const FilterValue& value) {
  std::vector<std::string> codes = Countries::BuiltIn().Expand(value.text);
  if (!codes.empty()) return Keyword(field.keyword, std::move(codes));
  return WrongValue(
      field, value,
      absl::StrCat("no country, M49 region or group; ", NearNames(value.text, Countries::BuiltIn().names())));
}

Compiled BooleanClause(const SearchField& field, const FilterValue& value) {
  const std::string name = absl::AsciiStrToLower(value.text);
  if (name == "true" || name == "false") return Keyword(field.keyword, {name});
  return WrongValue(field, value, "true or false");
}

// `ML*` is a prefix, `"UNSCR 17*"` too.
Compiled StringClause(const SearchField& field, const FilterValue& value) {
  const bool prefix = value.text.size() > 1 && value.text.back() == '*';
  const std::string written = prefix ? value.text.substr(0, value.text.size() - 1) : value.text;
  std::string key = field.type == Type::kName ? NameKey(written)
                    : field.lower             ? absl::AsciiStrToLower(written)
                                              : absl::AsciiStrToUpper(written);
  if (key.empty()) return WrongValue(field, value, "it holds neither letter nor digit");
  key = CutKeyword(std::move(key));
  return prefix ? KeywordPrefix(field.keyword, std::move(key)) : Keyword(field.keyword, {std::move(key)});
}

Compiled NumberClause(const SearchField& field, Comparator comparator, const FilterValue& value) {
  constexpr double kMaxNumber = 1e15;
  constexpr double kNearInteger = 1e-6;
  double number = 0;
  if (!absl::SimpleAtod(value.text, &number) || !std::isfinite(number) || std::abs(number) > kMaxNumber) {
    return WrongValue(field, value, "expected a number");
  }
  number *= static_cast<double>(field.scale);
  if (std::abs(number - std::round(number)) < kNearInteger) number = std::round(number);
  const auto floor = static_cast<int64_t>(std::floor(number));
  const auto ceil = static_cast<int64_t>(std::ceil(number));
  switch (comparator) {
    case Comparator::kLess:
      return Range(field.column, kLowest, ceil - 1);
    case Comparator::kLessOrEqual:
      return Range(field.column, kLowest, floor);
    case Comparator::kGreater:
      return Range(field.column, floor + 1, kHighest);
    case Comparator::kGreaterOrEqual:
      return Range(field.column, ceil, kHighest);
    default:
      return floor == ceil ? Range(field.column, floor, floor) : NoDocument();
  }
}

Compiled DateClause(const SearchField& field, Comparator comparator, const FilterValue& value) {
  const auto span = ParseDaySpan(value.text);
  if (!span.has_value()) return NotADate(value);
  const bool from_first = comparator == Comparator::kLess || comparator == Comparator::kGreaterOrEqual;
  const bool from_last = comparator == Comparator::kGreater || comparator == Comparator::kLessOrEqual;
  if ((from_first && span->first == kOpenStart) || (from_last && span->last == kOpenEnd)) {
    return SyntaxError(value.span, absl::StrCat(Shown(value.text), " is open at the end that is compared with"),
                       "occurred >= \"2012\"");
  }
  switch (comparator) {
    case Comparator::kLess:
      return PossiblyWithin(field, {kOpenStart, span->first - 1});
    case Comparator::kLessOrEqual:
      return PossiblyWithin(field, {kOpenStart, span->last});
    case Comparator::kGreater:
      return PossiblyWithin(field, {span->last + 1, kOpenEnd});
    case Comparator::kGreaterOrEqual:
      return PossiblyWithin(field, {span->first, kOpenEnd});
    default:
      return PossiblyWithin(field, *span);
  }
}

Compiled TimeClause(const SearchField& field, Comparator comparator, const FilterValue& value) {
  const auto span = ParseMoment(value.text);
  if (!span.has_value()) return WrongValue(field, value, "expected a time in RFC 3339 or a date (in UTC)");
  switch (comparator) {
    case Comparator::kLess:
      return Range(field.column, kLowest, span->first_us - 1);
    case Comparator::kLessOrEqual:
      return Range(field.column, kLowest, span->last_us);
    case Comparator::kGreater:
      return Range(field.column, span->last_us + 1, kHighest);
    case Comparator::kGreaterOrEqual:
      return Range(field.column, span->first_us, kHighest);
    default:
      return Range(field.column, span->first_us, span->last_us);
  }
}

// The words in sequence.
Compiled TextClause(const SearchField& field, const FilterValue& value) {
  std::vector<std::string> words = Analyze(value.text);
  if (words.empty()) return WrongValue(field, value, "it holds no word");
  Stemmer stemmer;
  for (std::string& word : words) word = stemmer.Stem(word);
  if (words.size() == 1) return Term(std::move(words[0]), field.text);
  return Phrase(std::move(words), field.text);
}

Compiled Exists(const SearchField& field, const FilterValue& value) {
  if (field.keyword != kNoField) return KeywordExists(field.keyword);
  if (field.column != kNoField) return ColumnExists(field.column);
  return SyntaxError(value.span, absl::StrCat("`*` does not go with ", Shown(field.name)), "goods.category : *");
}

}  // namespace

absl::Status NotADate(const FilterValue& value) {
  return SyntaxError(
      value.span,
      absl::StrCat("expected a date (`2012`, `2012-07`, `2012-07-15`) or span (`2012/2013`, `2012/..`), found ",
                   Shown(value.text)),
      "occurred >= \"2012-07\"");
}

QueryNode PossiblyWithin(const SearchField& field, const DaySpan& span) {
  return Interval(field.column, field.column_last, span.first, span.last, QueryNode::Certainty::kPossibly);
}

QueryNode CertainlyWithin(const SearchField& field, const DaySpan& span) {
  if (!field.readings) {
    return Interval(field.column, field.column_last, span.first, span.last, QueryNode::Certainty::kCertainly);
  }
  std::vector<QueryNode> clauses;
  clauses.push_back(ColumnExists(field.column));
  if (span.first != kOpenStart) clauses.push_back(Not(Range(field.column, kLowest, span.first - 1)));
  if (span.last != kOpenEnd) clauses.push_back(Not(Range(field.column_last, span.last + 1, kHighest)));
  return And(std::move(clauses));
}

absl::StatusOr<QueryNode> ValueClause(const SearchField& field, Comparator comparator, const FilterValue& value) {
  if (value.text == "*" && !value.quoted) return Exists(field, value);
  switch (field.type) {
    case Type::kEnum:
      return EnumClause(field, value);
    case Type::kCode:
    case Type::kName:
      return StringClause(field, value);
    case Type::kCountry:
      return CountryClause(field, value);
    case Type::kBoolean:
      return BooleanClause(field, value);
    case Type::kNumber:
      return NumberClause(field, comparator, value);
    case Type::kDate:
      return DateClause(field, comparator, value);
    case Type::kTime:
      return TimeClause(field, comparator, value);
    case Type::kText:
      return TextClause(field, value);
    case Type::kPoint:
      break;
  }
  return SyntaxError(value.span, absl::StrCat(Shown(field.name), " is a point: ask with within(…)"),
                     "within(places, 35.9, 14.5, 50)");
}

}  // namespace interdict::index
