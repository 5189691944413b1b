// Which ordinals of a segment have a keyword: one container a window, a sorted array or a bitmap, read in place.
// Layout: docs/storage_format.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "services/index/engine/window_bits.h"

namespace interdict::index {

// `docs` ascend and are distinct.
std::string EncodeDocSet(const std::vector<uint32_t>& docs);

// The bytes must outlive it. Immutable.
class DocSetView {
 public:
  DocSetView() = default;
  // False if the bytes are no set.
  bool Open(std::string_view bytes);
  uint32_t size() const { return size_; }
  // Members in a window.
  uint32_t CountIn(uint32_t window) const;
  bool Contains(uint32_t doc) const;
  void OrInto(uint32_t window, WindowBits* bits) const;

  template <typename Visit>
  void ForEach(Visit visit) const {
    for (uint32_t i = 0; i < containers_; ++i) {
      const Container container = At(i);
      const uint32_t base = container.window * kWindowSize;
      for (uint32_t n = 0; container.dense && n < kWindowWords; ++n) {
        for (uint64_t word = Word(container, n); word != 0; word &= word - 1) {
          visit(base + n * 64 + static_cast<uint32_t>(std::countr_zero(word)));
        }
      }
      for (uint32_t n = 0; !container.dense && n < container.count; ++n) visit(base + Item(container, n));
    }
  }

 private:
  struct Container {
    uint32_t window = 0;
    uint32_t count = 0;
    bool dense = false;
    const char* data = nullptr;
  };
  Container At(uint32_t index) const;
  Container Find(uint32_t window) const;  // count 0 if there is none
  static uint64_t Word(const Container& container, uint32_t index);
  static uint32_t Item(const Container& container, uint32_t index);

  uint32_t size_ = 0;
  uint32_t containers_ = 0;
  const char* directory_ = nullptr;
  const char* data_ = nullptr;
};

}  // namespace interdict::index
