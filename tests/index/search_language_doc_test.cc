// The tables of docs/search_language.md are those of the catalog.
#include <fstream>
#include <sstream>
#include <string>

#include "gtest/gtest.h"
#include "services/index/engine/schema/field_catalog.h"
#include "tests/source_tree.h"

namespace interdict::index {
namespace {

std::string TypeName(const SearchField& field) {
  switch (field.type) {
    case SearchField::Type::kEnum:
      return "enum";
    case SearchField::Type::kCode:
      return "code";
    case SearchField::Type::kCountry:
      return "country";
    case SearchField::Type::kName:
      return "name";
    case SearchField::Type::kBoolean:
      return "boolean";
    case SearchField::Type::kNumber:
      return "number";
    case SearchField::Type::kDate:
      return field.column_day == kNoField ? "dates" : "date";
    case SearchField::Type::kTime:
      return "moment";
    case SearchField::Type::kText:
      return "text";
    case SearchField::Type::kPoint:
      return "point";
  }
  return "";
}

std::string Table(const FieldCatalog& catalog) {
  std::string table = "| field | also | type | example |\n| --- | --- | --- | --- |\n";
  for (const SearchField& field : catalog.fields()) {
    std::string aliases;
    for (const std::string& alias : field.aliases) aliases += (aliases.empty() ? "`" : ", `") + alias + "`";
    const std::string example = field.example.empty() ? "" : "`" + field.example + "`";
    table += "| `" + field.name + "` | " + aliases + " | " + TypeName(field) + " | " + example + " |\n";
  }
  return table;
}

std::string Between(const std::string& text, const std::string& begin) {
  const size_t at = text.find("<!-- " + begin);
  if (at == std::string::npos) return "";
  const size_t from = text.find('\n', at) + 1;
  return text.substr(from, text.find("<!-- end -->", from) - from);
}

TEST(SearchLanguageDocTest, ListsTheFieldsOfTheCatalog) {
  std::ifstream file(interdict::testing::SourcePath("docs/search_language.md"));
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(Between(text.str(), "incidents"), Table(FieldCatalog::Incidents()));
  EXPECT_EQ(Between(text.str(), "documents"), Table(FieldCatalog::Documents()));
}

}  // namespace
}  // namespace interdict::index
