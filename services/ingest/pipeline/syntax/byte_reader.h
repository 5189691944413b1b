// Reads the weights' files: bytes, varints and runs of bytes, with one sticky error instead of a check at each step.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace interdict::pipeline {

// Once a read went beyond the end, ok() is false and every read gives zeros.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  bool empty() const { return bytes_.empty(); }

  uint8_t Byte() {
    const std::string_view one = Take(1);
    return ok_ ? static_cast<uint8_t>(one[0]) : 0;
  }
  // Little-endian base 128, at most five bytes.
  uint32_t Varint() {
    uint32_t value = 0;
    for (uint32_t shift = 0; shift < 35; shift += 7) {
      const uint8_t byte = Byte();
      value |= static_cast<uint32_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    ok_ = false;
    return 0;
  }
  // The next bytes; empty where there are fewer.
  std::string_view Take(size_t length) {
    if (!ok_ || bytes_.size() < length) {
      ok_ = false;
      return {};
    }
    const std::string_view taken = bytes_.substr(0, length);
    bytes_.remove_prefix(length);
    return taken;
  }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

inline void AppendVarint(uint32_t value, std::string& out) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>((value & 0x7F) | 0x80));
  out.push_back(static_cast<char>(value));
}

}  // namespace interdict::pipeline
