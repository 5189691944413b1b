// The fields of a collection as users name them in queries, filters, orders and facets: type, where they stand in the
// index, which values they take. The index schema is made from the same tables.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "services/index/engine/index_schema.h"
#include "services/index/engine/query.h"

namespace interdict::index {

inline constexpr uint16_t kNoField = 0xFFFF;

struct SearchField {
  enum class Type {
    kEnum,     // one of `values`
    kCode,     // a code, compared without case
    kCountry,  // ISO 3166-1 alpha-2 or M49 region
    kName,     // a name, compared without case, diacritics and punctuation
    kBoolean,  // true, false
    kNumber,   // in units of 1 / `scale`
    kDate,     // span of days
    kTime,     // moment
    kText,     // words
    kPoint,    // only in within(…)
  };
  std::string name;
  std::vector<std::string> aliases;
  Type type = Type::kCode;
  uint16_t keyword = kNoField;      // kEnum, kCode, kCountry, kName, kBoolean
  uint16_t shown = kNoField;        // kName: keyword field with the values as written
  uint16_t column = kNoField;       // kNumber, kTime; kDate: first day
  uint16_t column_last = kNoField;  // kDate
  uint16_t column_day = kNoField;   // kDate: day to sort and count by, if it has one
  uint16_t geo = kNoField;          // kPoint
  FieldMask text = 0;               // kText
  bool lower = false;               // kCode: lower case in the index, else upper
  bool readings = false;            // kDate: several values are readings of one date, else several dates
  int64_t scale = 1;                // kNumber
  std::vector<std::string> values;  // kEnum: short names
  std::string prefix;               // kEnum: of the long names, `STAGE_`
  std::string example;              // a value, for messages and documentation
};

// A text field.
struct SearchText {
  std::string name;
  uint16_t id = 0;
  float weight = 1.0F;
  bool stemmed = false;
};

// Immutable, thread-safe.
class FieldCatalog {
 public:
  static const FieldCatalog& Incidents();
  static const FieldCatalog& Documents();
  static const FieldCatalog& Of(Collection collection);

  FieldCatalog(std::vector<SearchText> texts, std::vector<SearchField> fields);

  // By name or alias; nullptr if there is none.
  const SearchField* Find(std::string_view name) const;
  const std::vector<SearchField>& fields() const { return fields_; }
  const std::vector<std::string>& names() const { return names_; }
  const std::vector<SearchText>& texts() const { return texts_; }
  const std::vector<std::string>& text_names() const { return text_names_; }
  FieldMask all_texts() const { return stemmed_ | plain_; }
  FieldMask stemmed() const { return stemmed_; }  // text fields that are stemmed, and have exact forms
  // Bit of the text field; 0 if there is none.
  FieldMask TextMask(std::string_view name) const;
  // The same as the engine takes it.
  IndexSchema Schema() const;

 private:
  std::vector<SearchText> texts_;
  std::vector<SearchField> fields_;
  std::vector<std::string> names_;
  std::vector<std::string> text_names_;
  FieldMask stemmed_ = 0;
  FieldMask plain_ = 0;
};

}  // namespace interdict::index
