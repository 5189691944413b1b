#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/index/engine/language/compile.h"
#include "services/index/engine/language/near_names.h"

namespace interdict::index {
namespace {

using Type = SearchField::Type;

constexpr char kOrderExample[] = "occurred desc";
constexpr char kRelevance[] = "relevance";

uint16_t OrderColumn(const SearchField& field) {
  if (field.type == Type::kDate) return field.column_day;
  return field.type == Type::kNumber || field.type == Type::kTime ? field.column : kNoField;
}

std::vector<std::string> OrderNames(const FieldCatalog& catalog) {
  std::vector<std::string> names = {kRelevance};
  for (const SearchField& field : catalog.fields()) {
    if (OrderColumn(field) != kNoField) names.push_back(field.name);
  }
  return names;
}

}  // namespace

absl::StatusOr<Order> ParseOrder(std::string_view order_by, const FieldCatalog& catalog) {
  const std::vector<std::string> words =
      absl::StrSplit(std::string(order_by), absl::ByAnyChar(" \t\n"), absl::SkipEmpty());
  const SourceSpan span = {0, static_cast<uint32_t>(order_by.size())};
  if (order_by.find(',') != std::string_view::npos) {
    return SyntaxError(span, "one field is sorted by; equal ones come by their number", kOrderExample);
  }
  if (words.empty()) return SyntaxError(span, "expected `relevance` or a field", kOrderExample);
  const bool known_direction = words.size() == 1 || words[1] == "asc" || words[1] == "desc";
  if (words.size() > 2 || !known_direction) {
    return SyntaxError(span, "expected a field with `asc` or `desc` behind it", kOrderExample);
  }
  Order order;
  if (words[0] == kRelevance) {
    if (words.size() == 2 && words[1] == "asc") {
      return SyntaxError(span, "relevance only comes with the best first", kRelevance);
    }
    return order;
  }
  const SearchField* field = catalog.Find(words[0]);
  if (field == nullptr || OrderColumn(*field) == kNoField) {
    return SyntaxError(span,
                       absl::StrCat(field == nullptr ? "there is no field " : "nothing can be sorted by ",
                                    Shown(words[0]), "; ", NearNames(words[0], OrderNames(catalog))),
                       kOrderExample);
  }
  order.by = Order::By::kColumn;
  order.column = OrderColumn(*field);
  order.descending = words.size() == 2 && words[1] == "desc";
  return order;
}

absl::StatusOr<FacetDimension> CompileFacet(std::string_view name, FacetDimension::Of bucket,
                                            const FieldCatalog& catalog) {
  const SearchField* field = catalog.Find(name);
  const SourceSpan span = {0, static_cast<uint32_t>(name.size())};
  constexpr char kExample[] = "goods.category";
  if (field == nullptr) {
    return SyntaxError(span, absl::StrCat("there is no field ", Shown(name), "; ", NearNames(name, catalog.names())),
                       kExample);
  }
  FacetDimension dimension;
  const bool bucketed = bucket != FacetDimension::Of::kValue && bucket != FacetDimension::Of::kKeyword;
  if (field->type == Type::kTime || (field->type == Type::kDate && field->column_day != kNoField)) {
    dimension.of = bucketed ? bucket : FacetDimension::Of::kDay;
    dimension.field = field->type == Type::kTime ? field->column : field->column_day;
    return dimension;
  }
  if (bucketed) return SyntaxError(span, absl::StrCat(Shown(name), " is no date to put into buckets"), "occurred");
  if (field->type == Type::kNumber) {
    dimension.of = FacetDimension::Of::kValue;
    dimension.field = field->column;
    return dimension;
  }
  dimension.field = field->shown != kNoField ? field->shown : field->keyword;
  if (dimension.field == kNoField) {
    return SyntaxError(span, absl::StrCat("nothing can be counted by ", Shown(name)), kExample);
  }
  return dimension;
}

}  // namespace interdict::index
