#include "services/index/engine/doc_set.h"

#include <algorithm>

#include "services/index/engine/bytes.h"

namespace interdict::index {
namespace {

constexpr uint32_t kDense = 4096;  // from here on a bitmap is smaller
constexpr uint32_t kEntryBytes = 8;

}  // namespace

std::string EncodeDocSet(const std::vector<uint32_t>& docs) {
  std::string directory;
  std::string data;
  uint32_t containers = 0;
  for (size_t begin = 0; begin < docs.size();) {
    const uint32_t window = docs[begin] / kWindowSize;
    size_t end = begin;
    while (end < docs.size() && docs[end] / kWindowSize == window) ++end;
    AppendInteger<uint16_t>(directory, static_cast<uint16_t>(window));
    AppendInteger<uint16_t>(directory, static_cast<uint16_t>(end - begin - 1));
    AppendInteger<uint32_t>(directory, static_cast<uint32_t>(data.size()));
    if (end - begin >= kDense) {
      WindowBits bits;
      bits.Clear();
      for (size_t i = begin; i < end; ++i) bits.Set(docs[i] % kWindowSize);
      data.append(reinterpret_cast<const char*>(bits.words.data()), sizeof(bits.words));
    } else {
      for (size_t i = begin; i < end; ++i) AppendInteger<uint16_t>(data, static_cast<uint16_t>(docs[i] % kWindowSize));
    }
    ++containers;
    begin = end;
  }
  std::string set;
  AppendInteger<uint32_t>(set, static_cast<uint32_t>(docs.size()));
  AppendInteger<uint32_t>(set, containers);
  return set + directory + data;
}

bool DocSetView::Open(std::string_view bytes) {
  ByteReader reader(bytes);
  size_ = reader.Fixed<uint32_t>();
  containers_ = reader.Fixed<uint32_t>();
  directory_ = reader.Bytes(uint64_t{containers_} * kEntryBytes).data();
  data_ = reader.at();
  uint64_t needed = 0;
  for (uint32_t i = 0; reader.ok() && i < containers_; ++i) {
    const Container container = At(i);
    needed += container.dense ? kWindowSize / 8 : uint64_t{container.count} * 2;
  }
  return reader.ok() && needed == reader.left();
}

DocSetView::Container DocSetView::At(uint32_t index) const {
  const char* entry = directory_ + uint64_t{index} * kEntryBytes;
  Container container;
  container.window = LoadInteger<uint16_t>(entry);
  container.count = uint32_t{LoadInteger<uint16_t>(entry + 2)} + 1;
  container.dense = container.count >= kDense;
  container.data = data_ + LoadInteger<uint32_t>(entry + 4);
  return container;
}

DocSetView::Container DocSetView::Find(uint32_t window) const {
  uint32_t low = 0;
  uint32_t high = containers_;
  while (low < high) {
    const uint32_t middle = (low + high) / 2;
    const Container container = At(middle);
    if (container.window == window) return container;
    if (container.window < window) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return {};
}

uint64_t DocSetView::Word(const Container& container, uint32_t index) {
  return LoadInteger<uint64_t>(container.data + uint64_t{index} * 8);
}

uint32_t DocSetView::Item(const Container& container, uint32_t index) {
  return LoadInteger<uint16_t>(container.data + uint64_t{index} * 2);
}

uint32_t DocSetView::CountIn(uint32_t window) const { return Find(window).count; }

bool DocSetView::Contains(uint32_t doc) const {
  const Container container = Find(doc / kWindowSize);
  const uint32_t wanted = doc % kWindowSize;
  if (container.dense) return (Word(container, wanted / 64) >> (wanted % 64) & 1) != 0;
  uint32_t low = 0;
  uint32_t high = container.count;
  while (low < high) {
    const uint32_t middle = (low + high) / 2;
    if (Item(container, middle) < wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < container.count && Item(container, low) == wanted;
}

void DocSetView::OrInto(uint32_t window, WindowBits* bits) const {
  const Container container = Find(window);
  if (container.dense) {
    for (uint32_t i = 0; i < kWindowWords; ++i) bits->words[i] |= Word(container, i);
  } else {
    for (uint32_t i = 0; i < container.count; ++i) bits->Set(Item(container, i));
  }
}

}  // namespace interdict::index
