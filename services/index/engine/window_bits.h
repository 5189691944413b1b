// A bitmap over one window of a segment: 65,536 ordinals, 8 KB, small enough for the innermost cache. Boolean operators
// work a window at a time.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace interdict::index {

inline constexpr uint32_t kWindowSize = 1 << 16;
inline constexpr uint32_t kWindowWords = kWindowSize / 64;

struct WindowBits {
  alignas(64) std::array<uint64_t, kWindowWords> words;

  void Clear() { words.fill(0); }
  // Sets the first `count` bits and clears the rest.
  void SetFirst(uint32_t count) {
    words.fill(0);
    for (uint32_t i = 0; i < count / 64; ++i) words[i] = ~uint64_t{0};
    if (count % 64 != 0) words[count / 64] = (uint64_t{1} << (count % 64)) - 1;
  }
  void Set(uint32_t bit) { words[bit / 64] |= uint64_t{1} << (bit % 64); }
  void Reset(uint32_t bit) { words[bit / 64] &= ~(uint64_t{1} << (bit % 64)); }
  bool Test(uint32_t bit) const { return (words[bit / 64] >> (bit % 64) & 1) != 0; }
  uint32_t Count() const;
  void And(const WindowBits& other) {
    for (uint32_t i = 0; i < kWindowWords; ++i) words[i] &= other.words[i];
  }
  void AndNot(const WindowBits& other) {
    for (uint32_t i = 0; i < kWindowWords; ++i) words[i] &= ~other.words[i];
  }
  void Or(const WindowBits& other) {
    for (uint32_t i = 0; i < kWindowWords; ++i) words[i] |= other.words[i];
  }
  // Calls `visit(bit)` for each set bit, ascending.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (uint32_t i = 0; i < kWindowWords; ++i) {
      for (uint64_t word = words[i]; word != 0; word &= word - 1) {
        visit(i * 64 + static_cast<uint32_t>(std::countr_zero(word)));
      }
    }
  }
  // Keeps the set bits for which `keep(bit)` is true.
  template <typename Keep>
  void Filter(Keep keep) {
    for (uint32_t i = 0; i < kWindowWords; ++i) {
      uint64_t kept = words[i];
      for (uint64_t word = kept; word != 0; word &= word - 1) {
        const auto bit = static_cast<uint32_t>(std::countr_zero(word));
        if (!keep(i * 64 + bit)) kept &= ~(uint64_t{1} << bit);
      }
      words[i] = kept;
    }
  }
};

}  // namespace interdict::index
