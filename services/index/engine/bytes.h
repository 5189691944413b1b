// Little-endian integers and varints in byte strings: the alphabet of the segment format.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace interdict::index {

static_assert(std::endian::native == std::endian::little, "segments are read in place");

template <typename Integer>
Integer LoadInteger(const char* bytes) {
  Integer value;
  std::memcpy(&value, bytes, sizeof(value));
  return value;
}

template <typename Integer>
void AppendInteger(std::string& out, Integer value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

inline void AppendVarint(std::string& out, uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

// Reads from the front of a byte string. After a read past the end `ok` is false and all values are 0.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}

  uint64_t Varint() {
    uint64_t value = 0;
    for (int shift = 0; at_ < end_ && shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(*at_++);
      value |= uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return value;
    }
    return Fail();
  }

  template <typename Integer>
  Integer Fixed() {
    if (static_cast<size_t>(end_ - at_) < sizeof(Integer)) return static_cast<Integer>(Fail());
    const auto value = LoadInteger<Integer>(at_);
    at_ += sizeof(Integer);
    return value;
  }

  std::string_view Bytes(uint64_t size) {
    if (static_cast<uint64_t>(end_ - at_) < size) {
      Fail();
      return {};
    }
    const std::string_view bytes(at_, size);
    at_ += size;
    return bytes;
  }

  bool ok() const { return ok_; }
  bool empty() const { return at_ == end_; }
  const char* at() const { return at_; }
  size_t left() const { return static_cast<size_t>(end_ - at_); }

 private:
  uint64_t Fail() {
    ok_ = false;
    at_ = end_;
    return 0;
  }

  const char* at_;
  const char* end_;
  bool ok_ = true;
};

}  // namespace interdict::index
