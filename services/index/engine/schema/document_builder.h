// Fills an IndexDocument field by field: analyses texts, folds names, turns dates into spans. Knows how values are
// stored, not which values a record has.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "services/index/engine/analyzer.h"
#include "services/index/engine/index_document.h"
#include "services/index/engine/schema/field_catalog.h"

namespace interdict::index {

// Words between two values of a text field: more than any NEAR reaches, so that nothing matches across values.
inline constexpr uint32_t kValueGap = 100;

// For one document; not thread-safe. Empty values are left out.
class DocumentBuilder {
 public:
  DocumentBuilder(Collection collection, uint64_t number);

  // A passage of a text field, apart from the ones before it. The same passage counts once. What would take the
  // document beyond `max_tokens` of this field is cut off.
  void AddText(uint16_t field, std::string_view passage);
  void AddKeyword(uint16_t field, std::string_view value);
  // Under the folded form, and as written in the field after it.
  void AddName(uint16_t field, std::string_view name);
  void AddBoolean(uint16_t field, bool value);
  void AddNumber(uint16_t column, int64_t value);
  // In units of 1 / scale.
  void AddDecimal(uint16_t column, double value, int64_t scale);
  // First and last day, in `first` and the column after it. What is no date is left out.
  void AddDates(uint16_t first, std::string_view edtf);
  // The day that a date is sorted and counted by: its first, or its last where the start is open.
  void AddDay(uint16_t column, std::string_view edtf);
  void AddPoint(uint16_t field, double latitude, double longitude);

  IndexDocument Take();

 private:
  struct Field {
    TextValue value;
    uint32_t next_position = 0;
    std::set<std::string, std::less<>> passages;
  };
  const FieldCatalog& catalog_;
  const size_t max_field_tokens_;
  IndexDocument document_;
  std::map<uint16_t, Field> texts_;
  Stemmer stemmer_;
};

}  // namespace interdict::index
