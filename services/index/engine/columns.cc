#include "services/index/engine/columns.h"

#include <algorithm>
#include <limits>

namespace interdict::index {
namespace {

constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
constexpr int64_t kGreatest = std::numeric_limits<int64_t>::max();
constexpr uint64_t kSignBit = uint64_t{1} << 63;

uint64_t GreatestCode(uint32_t width) { return width == 8 ? UINT64_MAX : (uint64_t{1} << (8 * width)) - 1; }

uint32_t WidthFor(uint64_t greatest) {
  for (const uint32_t width : {1, 2, 4}) {
    if (greatest <= GreatestCode(width)) return width;
  }
  return 8;
}

void AppendCode(std::string& out, uint64_t code, uint32_t width) {
  out.append(reinterpret_cast<const char*>(&code), width);
}

template <typename Value>
void AppendBegins(std::string& out, const Lists<Value>& lists) {
  for (const uint32_t begin : lists.begins) AppendInteger<uint32_t>(out, begin);
}

// Begins ascend and end at `values`.
bool GoodBegins(std::string_view begins, uint64_t values) {
  uint32_t before = 0;
  for (size_t i = 0; i < begins.size(); i += 4) {
    const auto begin = LoadInteger<uint32_t>(begins.data() + i);
    if (begin < before) return false;
    before = begin;
  }
  return before == values;
}

}  // namespace

void AppendCodes(std::string& out, const Lists<uint64_t>& codes, uint32_t width) {
  const bool single = codes.single();
  AppendInteger<uint32_t>(out, codes.documents());
  AppendInteger<uint32_t>(out, static_cast<uint32_t>(codes.values.size()));
  out.push_back(single ? 1 : 0);
  out.push_back(static_cast<char>(width));
  if (!single) {
    AppendBegins(out, codes);
    for (const uint64_t code : codes.values) AppendCode(out, code, width);
    return;
  }
  for (uint32_t i = 0; i < codes.documents(); ++i) {
    AppendCode(out, codes.begins[i] == codes.begins[i + 1] ? 0 : codes.values[codes.begins[i]], width);
  }
}

bool CodeView::Open(ByteReader& reader) {
  documents_ = reader.Fixed<uint32_t>();
  const auto values = reader.Fixed<uint32_t>();
  single_ = reader.Fixed<uint8_t>() != 0;
  width_ = reader.Fixed<uint8_t>();
  if (width_ != 1 && width_ != 2 && width_ != 4 && width_ != 8) return false;
  if (!single_) {
    const std::string_view begins = reader.Bytes((uint64_t{documents_} + 1) * 4);
    if (!GoodBegins(begins, values)) return false;
    begins_ = begins.data();
  }
  codes_ = reader.Bytes(uint64_t{single_ ? documents_ : values} * width_).data();
  return reader.ok();
}

std::string EncodeNumberColumn(const Lists<int64_t>& values) {
  int64_t least = kGreatest;
  int64_t greatest = kLeast;
  for (const int64_t value : values.values) {
    if (value == kLeast || value == kGreatest) continue;
    least = std::min(least, value);
    greatest = std::max(greatest, value);
  }
  if (least > greatest) least = greatest = 0;
  const uint64_t span = static_cast<uint64_t>(greatest) - static_cast<uint64_t>(least);
  const bool wide = span > UINT64_MAX - 8;
  const uint32_t width = wide ? 8 : WidthFor(span + 3);  // 0, least, span + 1 values, greatest
  Lists<uint64_t> codes;
  codes.begins = values.begins;
  codes.values.reserve(values.values.size());
  for (const int64_t value : values.values) {
    if (wide) {
      codes.values.push_back(static_cast<uint64_t>(value) ^ kSignBit);
    } else if (value == kLeast) {
      codes.values.push_back(1);
    } else if (value == kGreatest) {
      codes.values.push_back(GreatestCode(width));
    } else {
      codes.values.push_back(static_cast<uint64_t>(value) - static_cast<uint64_t>(least) + 2);
    }
  }
  std::string out;
  out.push_back(wide ? 1 : 0);
  AppendInteger<int64_t>(out, least);
  if (!wide) {
    AppendCodes(out, codes, width);
    return out;
  }
  // All codes have a meaning here, so none can say "no value": written as lists, whatever their lengths.
  AppendInteger<uint32_t>(out, codes.documents());
  AppendInteger<uint32_t>(out, static_cast<uint32_t>(codes.values.size()));
  out.push_back(0);
  out.push_back(8);
  AppendBegins(out, codes);
  for (const uint64_t code : codes.values) AppendCode(out, code, 8);
  return out;
}

bool NumberColumnView::Open(std::string_view bytes) {
  ByteReader reader(bytes);
  wide_ = reader.Fixed<uint8_t>() != 0;
  base_ = reader.Fixed<int64_t>();
  return codes_.Open(reader);
}

NumberColumnView::CodeRange NumberColumnView::RangeOf(int64_t low, int64_t high) const {
  if (low > high) return {};
  if (wide_) return {static_cast<uint64_t>(low) ^ kSignBit, static_cast<uint64_t>(high) ^ kSignBit};
  const uint64_t greatest = GreatestCode(codes_.width());
  CodeRange range;
  if (low == kLeast) {
    range.first = 1;
  } else if (low <= base_) {
    range.first = 2;
  } else {
    const uint64_t above = static_cast<uint64_t>(low) - static_cast<uint64_t>(base_);
    range.first = low == kGreatest || above > greatest - 3 ? greatest : above + 2;
  }
  if (high == kGreatest) {
    range.last = greatest;
  } else if (high < base_) {
    range.last = 1;
  } else {
    const uint64_t above = static_cast<uint64_t>(high) - static_cast<uint64_t>(base_);
    range.last = above > greatest - 3 ? greatest - 1 : above + 2;
  }
  return range;
}

int64_t NumberColumnView::ValueOf(uint64_t code) const {
  if (wide_) return static_cast<int64_t>(code ^ kSignBit);
  if (code == 1) return kLeast;
  if (code == GreatestCode(codes_.width())) return kGreatest;
  return static_cast<int64_t>(static_cast<uint64_t>(base_) + code - 2);
}

std::string EncodeKeywordDictionary(const std::vector<std::string_view>& values) {
  std::string out;
  AppendInteger<uint32_t>(out, static_cast<uint32_t>(values.size()));
  uint32_t offset = 0;
  for (const std::string_view value : values) {
    AppendInteger<uint32_t>(out, offset);
    offset += static_cast<uint32_t>(value.size());
  }
  AppendInteger<uint32_t>(out, offset);
  for (const std::string_view value : values) out.append(value);
  return out;
}

bool KeywordDictionaryView::Open(std::string_view bytes) {
  ByteReader reader(bytes);
  size_ = reader.Fixed<uint32_t>();
  const std::string_view offsets = reader.Bytes((uint64_t{size_} + 1) * 4);
  offsets_ = offsets.data();
  bytes_ = reader.Bytes(reader.left());
  return reader.ok() && GoodBegins(offsets, bytes_.size());
}

std::string_view KeywordDictionaryView::value(uint32_t ordinal) const {
  const auto begin = LoadInteger<uint32_t>(offsets_ + uint64_t{ordinal} * 4);
  const auto end = LoadInteger<uint32_t>(offsets_ + uint64_t{ordinal} * 4 + 4);
  return bytes_.substr(begin, end - begin);
}

uint32_t KeywordDictionaryView::LowerBound(std::string_view wanted) const {
  uint32_t low = 0;
  uint32_t high = size_;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (value(middle) < wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

std::string EncodeKeywordCodes(const Lists<uint32_t>& ordinals, uint32_t dictionary_size) {
  Lists<uint64_t> codes;
  codes.begins = ordinals.begins;
  codes.values.reserve(ordinals.values.size());
  for (const uint32_t ordinal : ordinals.values) codes.values.push_back(uint64_t{ordinal} + 1);
  std::string out;
  AppendCodes(out, codes, WidthFor(dictionary_size));
  return out;
}

std::string EncodeGeoColumn(const Lists<StoredPoint>& points) {
  std::string out;
  AppendInteger<uint32_t>(out, points.documents());
  AppendBegins(out, points);
  for (const StoredPoint& point : points.values) AppendInteger(out, point);
  return out;
}

bool GeoColumnView::Open(std::string_view bytes) {
  ByteReader reader(bytes);
  const auto documents = reader.Fixed<uint32_t>();
  const std::string_view begins = reader.Bytes((uint64_t{documents} + 1) * 4);
  begins_ = begins.data();
  points_ = reader.at();
  return reader.ok() && GoodBegins(begins, reader.left() / sizeof(StoredPoint));
}

std::string EncodeLengths(const std::vector<uint32_t>& lengths) {
  uint64_t total = 0;
  uint32_t greatest = 0;
  for (const uint32_t length : lengths) {
    total += length;
    greatest = std::max(greatest, length);
  }
  const bool wide = greatest > UINT16_MAX;
  std::string out;
  AppendInteger<uint32_t>(out, static_cast<uint32_t>(lengths.size()));
  AppendInteger<uint64_t>(out, total);
  out.push_back(wide ? 1 : 0);
  for (const uint32_t length : lengths) AppendCode(out, length, wide ? 4 : 2);
  return out;
}

bool LengthView::Open(std::string_view bytes) {
  ByteReader reader(bytes);
  documents_ = reader.Fixed<uint32_t>();
  total_ = reader.Fixed<uint64_t>();
  wide_ = reader.Fixed<uint8_t>() != 0;
  lengths_ = reader.Bytes(uint64_t{documents_} * (wide_ ? 4 : 2)).data();
  return reader.ok();
}

}  // namespace interdict::index
