#include "services/index/engine/schema/field_catalog.h"

#include <algorithm>
#include <utility>

namespace interdict::index {
namespace {

using Type = SearchField::Type;

void AddKeyword(uint16_t id, const std::string& name, IndexSchema& schema) {
  if (id == kNoField) return;
  const auto there = std::any_of(schema.keyword_fields.begin(), schema.keyword_fields.end(),
                                 [id](const KeywordField& field) { return field.id == id; });
  if (!there) schema.keyword_fields.push_back({id, name});
}

void AddColumn(uint16_t id, const std::string& name, Column::Unit unit, bool sorted, IndexSchema& schema) {
  if (id == kNoField) return;
  const auto there =
      std::any_of(schema.columns.begin(), schema.columns.end(), [id](const Column& column) { return column.id == id; });
  if (!there) schema.columns.push_back({id, name, unit, sorted});
}

}  // namespace

FieldCatalog::FieldCatalog(std::vector<SearchText> texts, std::vector<SearchField> fields)
    : texts_(std::move(texts)), fields_(std::move(fields)) {
  for (const SearchField& field : fields_) names_.push_back(field.name);
  for (const SearchText& text : texts_) {
    text_names_.push_back(text.name);
    (text.stemmed ? stemmed_ : plain_) |= FieldMask{1} << text.id;
  }
}

const FieldCatalog& FieldCatalog::Of(Collection collection) {
  return collection == Collection::kIncidents ? Incidents() : Documents();
}

const SearchField* FieldCatalog::Find(std::string_view name) const {
  for (const SearchField& field : fields_) {
    if (field.name == name) return &field;
    for (const std::string& alias : field.aliases) {
      if (alias == name) return &field;
    }
  }
  return nullptr;
}

FieldMask FieldCatalog::TextMask(std::string_view name) const {
  for (const SearchText& text : texts_) {
    if (text.name == name) return FieldMask{1} << text.id;
  }
  return 0;
}

IndexSchema FieldCatalog::Schema() const {
  IndexSchema schema;
  for (const SearchText& text : texts_) schema.text_fields.push_back({text.id, text.name, text.weight, text.stemmed});
  for (const SearchField& field : fields_) {
    AddKeyword(field.keyword, field.name, schema);
    AddKeyword(field.shown, field.name + " as written", schema);
    const bool moment = field.type == Type::kTime;
    const auto unit = moment                      ? Column::Unit::kMicros
                      : field.type == Type::kDate ? Column::Unit::kDays
                                                  : Column::Unit::kInteger;
    AddColumn(field.column, field.name, unit, moment, schema);
    AddColumn(field.column_last, field.name + " last day", unit, false, schema);
    AddColumn(field.column_day, field.name + " day", unit, true, schema);
    if (field.geo != kNoField) schema.geo_fields.push_back({field.geo, field.name});
  }
  return schema;
}

}  // namespace interdict::index
