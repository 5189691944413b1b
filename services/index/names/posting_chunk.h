// The bytes of postings: which forms hold a term, with the size of each form. PERMANENT: read name_keys.h first.
//   chunk: width (1: 2 or 4 bytes), count (2), first form (4), distances from the first form (width each), sizes (1
//   each) head:  forms that hold the term (4), chunk (absent where all forms are in sealed chunks)
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace interdict::names {

struct Posting {
  uint32_t form = 0;
  uint8_t size = 0;  // trigrams of the form, at most 255: to weigh what is shared by what is there
  friend bool operator==(const Posting&, const Posting&) = default;
};

// Ascending, not empty. Appends to `out`.
void AppendChunk(const std::vector<Posting>& postings, std::string& out);

// Reads in place. Not valid if the bytes are no chunk.
class ChunkView {
 public:
  explicit ChunkView(std::string_view bytes);
  bool valid() const { return valid_; }
  size_t size() const { return count_; }
  // Calls `each(form, size)`.
  template <typename Each>
  void ForEach(const Each& each) const;
  std::vector<Posting> Postings() const;

 private:
  bool valid_ = false;
  bool wide_ = false;
  size_t count_ = 0;
  uint32_t first_ = 0;
  const char* distances_ = nullptr;
  const uint8_t* sizes_ = nullptr;
};

struct HeadView {
  explicit HeadView(std::string_view bytes);
  bool valid = false;
  uint32_t forms = 0;
  std::string_view open_chunk;  // may be empty
};

template <typename Each>
void ChunkView::ForEach(const Each& each) const {
  if (wide_) {
    for (size_t i = 0; i < count_; ++i) {
      uint32_t distance;
      __builtin_memcpy(&distance, distances_ + i * 4, 4);
      each(first_ + distance, sizes_[i]);
    }
    return;
  }
  for (size_t i = 0; i < count_; ++i) {
    uint16_t distance;
    __builtin_memcpy(&distance, distances_ + i * 2, 2);
    each(first_ + distance, sizes_[i]);
  }
}

}  // namespace interdict::names
