#include "services/index/names/posting_chunk.h"

#include <bit>
#include <cstring>

namespace interdict::names {
namespace {

static_assert(std::endian::native == std::endian::little, "chunks are read in place");

constexpr size_t kChunkHeader = 7;

template <typename Integer>
void Append(std::string& out, Integer value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

template <typename Integer>
Integer Load(const char* bytes) {
  Integer value;
  std::memcpy(&value, bytes, sizeof(value));
  return value;
}

}  // namespace

void AppendChunk(const std::vector<Posting>& postings, std::string& out) {
  const uint32_t first = postings.front().form;
  const bool wide = postings.back().form - first > 0xFFFF;
  out.push_back(wide ? 4 : 2);
  Append(out, static_cast<uint16_t>(postings.size()));
  Append(out, first);
  for (const Posting& posting : postings) {
    if (wide) {
      Append(out, posting.form - first);
    } else {
      Append(out, static_cast<uint16_t>(posting.form - first));
    }
  }
  for (const Posting& posting : postings) out.push_back(static_cast<char>(posting.size));
}

ChunkView::ChunkView(std::string_view bytes) {
  if (bytes.size() < kChunkHeader) return;
  wide_ = bytes[0] == 4;
  count_ = Load<uint16_t>(bytes.data() + 1);
  first_ = Load<uint32_t>(bytes.data() + 3);
  valid_ = (wide_ || bytes[0] == 2) && bytes.size() == kChunkHeader + count_ * (wide_ ? 5 : 3);
  if (!valid_) return;
  distances_ = bytes.data() + kChunkHeader;
  sizes_ = reinterpret_cast<const uint8_t*>(distances_ + count_ * (wide_ ? 4 : 2));
}

std::vector<Posting> ChunkView::Postings() const {
  std::vector<Posting> postings;
  if (!valid_) return postings;
  postings.reserve(count_ + 1);
  ForEach([&postings](uint32_t form, uint8_t size) { postings.push_back({form, size}); });
  return postings;
}

HeadView::HeadView(std::string_view bytes) {
  if (bytes.size() < 4) return;
  valid = true;
  forms = Load<uint32_t>(bytes.data());
  open_chunk = bytes.substr(4);
}

}  // namespace interdict::names
