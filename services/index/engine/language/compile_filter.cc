#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/index/engine/language/compile.h"
#include "services/index/engine/language/near_names.h"
#include "services/index/engine/language/value_clauses.h"
#include "services/index/engine/schema/date_span.h"

namespace interdict::index {
namespace {

using Kind = FilterNode::Kind;
using Type = SearchField::Type;
using Comparator = FilterNode::Comparator;
using Compiled = absl::StatusOr<QueryNode>;

constexpr double kMaxKm = 20100;  // half way round

void SetSpan(SourceSpan span, QueryNode& node) {
  node.source_begin = span.begin;
  node.source_end = span.end;
  for (QueryNode& child : node.children) {
    if (child.source_end == 0) SetSpan(span, child);
  }
}

class FilterCompiler {
 public:
  explicit FilterCompiler(const FieldCatalog& catalog) : catalog_(catalog) {}
  Compiled Compile(const FilterNode& node);

 private:
  Compiled Operator(const FilterNode& node);
  Compiled Compare(const FilterNode& node);
  Compiled Call(const FilterNode& node);
  Compiled DateCall(const FilterNode& node, bool certainly);
  Compiled WithinCall(const FilterNode& node);
  absl::StatusOr<const SearchField*> Find(const FilterValue& name) const;

  const FieldCatalog& catalog_;
};

Compiled FilterCompiler::Compile(const FilterNode& node) {
  Compiled compiled = AllDocuments();
  switch (node.kind) {
    case Kind::kEverything:
      return compiled;
    case Kind::kCompare:
      compiled = Compare(node);
      break;
    case Kind::kCall:
      compiled = Call(node);
      break;
    case Kind::kAnd:
    case Kind::kOr:
    case Kind::kNot:
      compiled = Operator(node);
      break;
  }
  if (compiled.ok()) SetSpan(node.span, *compiled);
  return compiled;
}

Compiled FilterCompiler::Operator(const FilterNode& node) {
  std::vector<QueryNode> children;
  for (const FilterNode& child : node.children) {
    Compiled compiled = Compile(child);
    if (!compiled.ok()) return compiled;
    children.push_back(*std::move(compiled));
  }
  if (node.kind == Kind::kNot) return Not(std::move(children[0]));
  return node.kind == Kind::kAnd ? And(std::move(children)) : Or(std::move(children));
}

absl::StatusOr<const SearchField*> FilterCompiler::Find(const FilterValue& name) const {
  if (const SearchField* field = catalog_.Find(name.text); field != nullptr) return field;
  return SyntaxError(name.span,
                     absl::StrCat("there is no field ", Shown(name.text), "; ", NearNames(name.text, catalog_.names())),
                     "places.destination = \"KP\"");
}

Compiled FilterCompiler::Compare(const FilterNode& node) {
  auto found = Find(node.field);
  if (!found.ok()) return found.status();
  const SearchField& field = **found;
  const bool ordered = node.comparator == Comparator::kLess || node.comparator == Comparator::kLessOrEqual ||
                       node.comparator == Comparator::kGreater || node.comparator == Comparator::kGreaterOrEqual;
  const bool has_order = field.type == Type::kNumber || field.type == Type::kDate || field.type == Type::kTime;
  if (ordered && (!has_order || node.values.size() > 1)) {
    return SyntaxError(node.span,
                       has_order ? absl::StrCat("`", std::string(ComparatorText(node.comparator)), "` takes one value")
                                 : absl::StrCat(Shown(field.name), " has no order: it takes `=`, `!=` and `:`"),
                       has_order ? "occurred >= \"2012\"" : absl::StrCat(field.name, " = \"", field.example, "\""));
  }
  std::vector<QueryNode> alternatives;
  for (const FilterValue& value : node.values) {
    Compiled clause = ValueClause(field, node.comparator, value);
    if (!clause.ok()) return clause;
    SetSpan(node.span, *clause);
    alternatives.push_back(*std::move(clause));
  }
  QueryNode any = alternatives.size() == 1 ? std::move(alternatives[0]) : Or(std::move(alternatives));
  return node.comparator == Comparator::kNotEqual ? Not(std::move(any)) : std::move(any);
}

Compiled FilterCompiler::Call(const FilterNode& node) {
  if (node.field.text == "possibly") return DateCall(node, false);
  if (node.field.text == "certainly") return DateCall(node, true);
  if (node.field.text == "within") return WithinCall(node);
  return SyntaxError(
      node.field.span,
      absl::StrCat("there is no function ", Shown(node.field.text), "; there are possibly(field, dates), ",
                   "certainly(field, dates) and within(field, lat, lon, km)"),
      "certainly(occurred, \"2012/2013\")");
}

Compiled FilterCompiler::DateCall(const FilterNode& node, bool certainly) {
  constexpr char kExample[] = "certainly(occurred, \"2012/2013\")";
  if (node.values.size() != 2) {
    return SyntaxError(node.span, "expected a field and dates: two values", kExample);
  }
  auto field = Find(node.values[0]);
  if (!field.ok()) return field.status();
  if ((*field)->type != Type::kDate) {
    return SyntaxError(node.values[0].span, absl::StrCat(Shown((*field)->name), " is not an uncertain date"), kExample);
  }
  const auto span = ParseDaySpan(node.values[1].text);
  if (!span.has_value()) return NotADate(node.values[1]);
  return certainly ? CertainlyWithin(**field, *span) : PossiblyWithin(**field, *span);
}

Compiled FilterCompiler::WithinCall(const FilterNode& node) {
  constexpr char kExample[] = "within(places, 35.9, 14.5, 50)";
  if (node.values.size() != 4) {
    return SyntaxError(node.span, "expected a field, latitude, longitude and kilometres: four values", kExample);
  }
  auto field = Find(node.values[0]);
  if (!field.ok()) return field.status();
  uint16_t geo = (*field)->geo;
  if (geo == kNoField) {
    const SearchField* point = catalog_.Find((*field)->name + ".point");
    if (point != nullptr) geo = point->geo;
  }
  if (geo == kNoField) {
    return SyntaxError(node.values[0].span, absl::StrCat(Shown((*field)->name), " has no points"), kExample);
  }
  struct Limit {
    const char* what;
    double low;
    double high;
  };
  constexpr Limit kLimits[] = {{"a latitude, -90 to 90", -90, 90},
                               {"a longitude, -180 to 180", -180, 180},
                               {"kilometres, 0 to 20100", 0, kMaxKm}};
  double numbers[3];
  for (size_t i = 0; i < 3; ++i) {
    const FilterValue& value = node.values[i + 1];
    const bool good =
        absl::SimpleAtod(value.text, &numbers[i]) && numbers[i] >= kLimits[i].low && numbers[i] <= kLimits[i].high;
    if (!good) {
      return SyntaxError(value.span, absl::StrCat("expected ", kLimits[i].what, ", found ", Shown(value.text)),
                         kExample);
    }
  }
  return Within(geo, numbers[0], numbers[1], numbers[2]);
}

}  // namespace

absl::StatusOr<QueryNode> CompileFilter(const FilterNode& node, const FieldCatalog& catalog) {
  return FilterCompiler(catalog).Compile(node);
}

}  // namespace interdict::index
