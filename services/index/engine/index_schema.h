// Which fields a searchable collection has. A schema is fixed when the engine opens; ids are stored in the index and
// must never be given to another meaning, names are for plans and messages.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace interdict::index {

// Words with positions. Ids 0 to 31.
struct TextField {
  uint16_t id = 0;
  std::string name;
  float weight = 1.0F;  // multiplies BM25 of this field
  bool exact = false;   // exact forms are indexed beside the stemmed
};

// Sets of short strings: filters and facets. At most 255 bytes a value.
struct KeywordField {
  uint16_t id = 0;
  std::string name;
};

// 64-bit integers: ranges, order and buckets.
struct Column {
  enum class Unit {
    kInteger,
    kDays,     // since 1970-01-01, for civil dates
    kSeconds,  // since 1970-01-01T00:00Z
    kMicros,
  };
  uint16_t id = 0;
  std::string name;
  Unit unit = Unit::kInteger;
  bool sorted = false;  // keep an order on disk, so that the first k of it need no scan; 4 bytes a document
};

// Points on the earth.
struct GeoField {
  uint16_t id = 0;
  std::string name;
};

struct IndexSchema {
  std::vector<TextField> text_fields;
  std::vector<KeywordField> keyword_fields;
  std::vector<Column> columns;
  std::vector<GeoField> geo_fields;
};

// What is searched apart from each other in one store. The number is stored.
enum class Collection : uint8_t { kIncidents = 0, kDocuments = 1 };
inline constexpr int kCollections = 2;

}  // namespace interdict::index
