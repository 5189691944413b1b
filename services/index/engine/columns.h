// Values by ordinal: numbers, keywords, points and lengths of a segment, each in one packed value that is read in
// place. Layout: docs/storage_format.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "services/index/engine/bytes.h"

namespace interdict::index {

// Several values a document, flattened: those of document i are values[begins[i]] to values[begins[i + 1]].
template <typename Value>
struct Lists {
  std::vector<uint32_t> begins = {0};
  std::vector<Value> values;
  void EndDocument() { begins.push_back(static_cast<uint32_t>(values.size())); }
  uint32_t documents() const { return static_cast<uint32_t>(begins.size() - 1); }
  bool single() const {
    for (size_t i = 1; i < begins.size(); ++i) {
      if (begins[i] - begins[i - 1] > 1) return false;
    }
    return true;
  }
};

// Unsigned codes of 1, 2, 4 or 8 bytes. One a document, where 0 says "no value", or any number with an array of begins.
class CodeView {
 public:
  bool Open(ByteReader& reader);
  bool Open(std::string_view bytes) {
    ByteReader reader(bytes);
    return Open(reader);
  }
  bool single() const { return single_; }
  uint32_t width() const { return width_; }
  uint32_t documents() const { return documents_; }
  const char* codes() const { return codes_; }
  uint64_t At(uint64_t index) const {
    switch (width_) {
      case 1:
        return static_cast<unsigned char>(codes_[index]);
      case 2:
        return LoadInteger<uint16_t>(codes_ + index * 2);
      case 4:
        return LoadInteger<uint32_t>(codes_ + index * 4);
      default:
        return LoadInteger<uint64_t>(codes_ + index * 8);
    }
  }
  // Calls visit(code) for each value of a document.
  template <typename Visit>
  void ForEach(uint32_t doc, Visit visit) const {
    if (single_) {
      if (const uint64_t code = At(doc); code != 0) visit(code);
      return;
    }
    const auto end = LoadInteger<uint32_t>(begins_ + uint64_t{doc} * 4 + 4);
    for (auto i = LoadInteger<uint32_t>(begins_ + uint64_t{doc} * 4); i < end; ++i) visit(At(i));
  }

 private:
  bool single_ = true;
  uint32_t width_ = 1;
  uint32_t documents_ = 0;
  const char* begins_ = nullptr;
  const char* codes_ = nullptr;
};
void AppendCodes(std::string& out, const Lists<uint64_t>& codes, uint32_t width);

// Numbers. Codes keep their order: 1 stands for the least int64, the highest code for the greatest, so that open ends
// of intervals cost nothing.
class NumberColumnView {
 public:
  bool Open(std::string_view bytes);
  const CodeView& codes() const { return codes_; }
  // The codes of [low, high]; an empty range has first > last.
  struct CodeRange {
    uint64_t first = 1;
    uint64_t last = 0;
  };
  CodeRange RangeOf(int64_t low, int64_t high) const;
  int64_t ValueOf(uint64_t code) const;
  uint32_t documents() const { return codes_.documents(); }
  bool single() const { return codes_.single(); }
  bool wide() const { return wide_; }

  template <typename Visit>
  void ForEach(uint32_t doc, Visit visit) const {
    codes_.ForEach(doc, [this, visit](uint64_t code) { visit(ValueOf(code)); });
  }

 private:
  CodeView codes_;
  int64_t base_ = 0;
  bool wide_ = false;  // codes are the values in offset binary, the range is too wide for less; never single
};
std::string EncodeNumberColumn(const Lists<int64_t>& values);

// Keywords: a sorted dictionary, and ordinals of it by document (codes are ordinal + 1).
class KeywordDictionaryView {
 public:
  bool Open(std::string_view bytes);
  uint32_t size() const { return size_; }
  std::string_view value(uint32_t ordinal) const;
  // The first ordinal whose value is not below `value`.
  uint32_t LowerBound(std::string_view value) const;

 private:
  uint32_t size_ = 0;
  const char* offsets_ = nullptr;
  std::string_view bytes_;
};
std::string EncodeKeywordDictionary(const std::vector<std::string_view>& values);
std::string EncodeKeywordCodes(const Lists<uint32_t>& ordinals, uint32_t dictionary_size);

// Points in 1e-7 degrees.
struct StoredPoint {
  int32_t latitude = 0;
  int32_t longitude = 0;
};
class GeoColumnView {
 public:
  bool Open(std::string_view bytes);
  template <typename Visit>
  void ForEach(uint32_t doc, Visit visit) const {
    const auto end = LoadInteger<uint32_t>(begins_ + uint64_t{doc} * 4 + 4);
    for (auto i = LoadInteger<uint32_t>(begins_ + uint64_t{doc} * 4); i < end; ++i) {
      visit(LoadInteger<StoredPoint>(points_ + uint64_t{i} * sizeof(StoredPoint)));
    }
  }

 private:
  const char* begins_ = nullptr;
  const char* points_ = nullptr;
};
std::string EncodeGeoColumn(const Lists<StoredPoint>& points);

// Lengths of a text field: two bytes each, four where a document is longer.
class LengthView {
 public:
  bool Open(std::string_view bytes);
  uint32_t At(uint32_t doc) const {
    return wide_ ? LoadInteger<uint32_t>(lengths_ + uint64_t{doc} * 4)
                 : LoadInteger<uint16_t>(lengths_ + uint64_t{doc} * 2);
  }
  uint32_t documents() const { return documents_; }
  uint64_t total() const { return total_; }

 private:
  bool wide_ = false;
  uint32_t documents_ = 0;
  uint64_t total_ = 0;
  const char* lengths_ = nullptr;
};
std::string EncodeLengths(const std::vector<uint32_t>& lengths);

}  // namespace interdict::index
