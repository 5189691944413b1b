#include "services/index/engine/postings.h"

#include <algorithm>
#include <bit>

namespace interdict::index {
namespace {

void AppendBits(std::string& out, const std::vector<uint32_t>& values, uint32_t width) {
  out.push_back(static_cast<char>(width));
  uint64_t pending = 0;
  uint32_t bits = 0;
  for (const uint32_t value : values) {
    pending |= uint64_t{value} << bits;
    bits += width;
    while (bits >= 8) {
      out.push_back(static_cast<char>(pending));
      pending >>= 8;
      bits -= 8;
    }
  }
  if (bits > 0) out.push_back(static_cast<char>(pending));
}

void AppendImpacts(std::string& out, const Impacts& impacts) {
  out.append(reinterpret_cast<const char*>(impacts.pairs.data()), impacts.pairs.size());
}

Impacts LoadImpacts(const char* bytes) {
  Impacts impacts;
  std::memcpy(impacts.pairs.data(), bytes, impacts.pairs.size());
  return impacts;
}

}  // namespace

void PostingWriter::Add(uint32_t doc, uint32_t frequency, uint32_t length, const uint32_t* positions) {
  if (in_block_ == kBlockSize) FlushBlock();
  docs_[in_block_] = doc;
  frequencies_[in_block_] = frequency;
  ++in_block_;
  ++count_;
  total_ += frequency;
  block_impacts_.Add(frequency, length);
  uint32_t before = 0;
  for (uint32_t i = 0; i < frequency; ++i) {
    positions_.push_back(positions[i] - before);
    before = positions[i];
  }
}

void PostingWriter::FlushBlock() {
  std::array<uint32_t, kBlockSize> gaps;
  uint32_t before = last_flushed_;
  for (uint32_t i = 0; i < kBlockSize; ++i) {
    gaps[i] = docs_[i] - before - 1;
    before = docs_[i];
    --frequencies_[i];
  }
  const uint32_t gap_bits = BitsFor(gaps.data(), kBlockSize);
  const uint32_t frequency_bits = BitsFor(frequencies_.data(), kBlockSize);
  AppendInteger<uint32_t>(skips_, before);
  // Offset in units of 16 bytes, which all packed blocks are multiples of; then both widths.
  AppendInteger<uint32_t>(skips_, static_cast<uint32_t>(data_.size() / 16));
  skips_.push_back(static_cast<char>(gap_bits));
  skips_.push_back(static_cast<char>(frequency_bits));
  AppendImpacts(skips_, block_impacts_.Build());
  PackBlock(gaps.data(), gap_bits, data_);
  PackBlock(frequencies_.data(), frequency_bits, data_);
  last_flushed_ = before;
  list_impacts_.Merge(block_impacts_);
  block_impacts_.Clear();
  in_block_ = 0;
  FlushPositions();
}

void PostingWriter::FlushPositions() {
  chunk_offsets_.push_back(static_cast<uint32_t>(chunk_.size()));
  AppendBits(chunk_, positions_, BitsFor(positions_.data(), static_cast<uint32_t>(positions_.size())));
  positions_.clear();
  if (chunk_offsets_.size() == kBlocksPerPositionChunk) FlushChunk();
}

void PostingWriter::FlushChunk() {
  std::string chunk;
  AppendInteger<uint32_t>(chunk, static_cast<uint32_t>(chunk_offsets_.size()));
  for (const uint32_t offset : chunk_offsets_) AppendInteger<uint32_t>(chunk, offset);
  chunk += chunk_;
  chunks_.push_back(std::move(chunk));
  chunk_.clear();
  chunk_offsets_.clear();
}

std::string PostingWriter::Finish(std::vector<std::string>* position_chunks) {
  position_chunks->clear();
  if (count_ == 0) return "";
  if (in_block_ == kBlockSize) FlushBlock();
  const Impacts tail_impacts = block_impacts_.Build();
  list_impacts_.Merge(block_impacts_);
  std::string list;
  AppendVarint(list, count_);
  AppendVarint(list, total_);
  AppendImpacts(list, list_impacts_.Build());
  const bool packed = count_ >= kBlockSize;
  if (packed) {
    AppendInteger<uint32_t>(list, static_cast<uint32_t>(data_.size()));
    list += skips_;
    list += data_;
    if (in_block_ > 0) AppendImpacts(list, tail_impacts);
  }
  std::string tail;
  uint32_t before = last_flushed_;
  for (uint32_t i = 0; i < in_block_; ++i) {
    const uint32_t gap = docs_[i] - before - 1;
    AppendVarint(tail, uint64_t{gap} << 1 | (frequencies_[i] == 1 ? 1 : 0));
    if (frequencies_[i] != 1) AppendVarint(tail, frequencies_[i]);
    before = docs_[i];
  }
  if (packed) {
    list += tail;
    if (!positions_.empty()) FlushPositions();
    if (!chunk_offsets_.empty()) FlushChunk();
    *position_chunks = std::move(chunks_);
  } else {
    AppendVarint(list, tail.size());
    list += tail;
    AppendBits(list, positions_, BitsFor(positions_.data(), static_cast<uint32_t>(positions_.size())));
  }
  in_block_ = count_ = 0;
  total_ = 0;
  last_flushed_ = kNoDoc;
  block_impacts_.Clear();
  list_impacts_.Clear();
  skips_.clear();
  data_.clear();
  positions_.clear();
  chunks_.clear();
  return list;
}

bool PostingCursor::Open(std::string_view bytes) {
  ByteReader reader(bytes);
  size_ = static_cast<uint32_t>(reader.Varint());
  total_ = reader.Varint();
  const std::string_view impacts = reader.Bytes(list_impacts_.pairs.size());
  if (!reader.ok() || size_ == 0) return false;
  list_impacts_ = LoadImpacts(impacts.data());
  full_ = size_ / kBlockSize;
  if (full_ > 0) {
    const auto data_bytes = reader.Fixed<uint32_t>();
    skips_ = reader.Bytes(uint64_t{full_} * kSkipBytes).data();
    data_ = reader.Bytes(data_bytes);
    if (size_ % kBlockSize != 0) {
      const std::string_view tail_impacts = reader.Bytes(tail_impacts_.pairs.size());
      if (reader.ok()) tail_impacts_ = LoadImpacts(tail_impacts.data());
    }
    tail_ = reader.Bytes(reader.left());
    inline_positions_ = {};
  } else {
    tail_impacts_ = list_impacts_;
    tail_ = reader.Bytes(reader.Varint());
    inline_positions_ = reader.Bytes(reader.left());
  }
  block_ = kNoDoc;
  sums_block_ = kNoDoc;
  doc_ = 0;
  index_ = loaded_ = 0;
  return reader.ok();
}

Impacts PostingCursor::BlockImpacts(uint32_t block) const {
  return block < full_ ? LoadImpacts(skips_ + uint64_t{block} * kSkipBytes + 10) : tail_impacts_;
}

uint32_t PostingCursor::FindBlock(uint32_t block, uint32_t target) const {
  const uint32_t end = blocks();
  // Galloping: the wanted block is most often near.
  uint32_t step = 1;
  uint32_t low = block;
  while (low + step < end && BlockLast(low + step - 1) < target) {
    low += step;
    step *= 2;
  }
  uint32_t high = std::min(low + step, end);
  while (low < high) {
    const uint32_t middle = (low + high) / 2;
    if (BlockLast(middle) < target) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

void PostingCursor::LoadBlock(uint32_t block) {
  if (block == block_) return;
  block_ = block;
  index_ = 0;
  if (block >= full_) {
    LoadTail();
    doc_ = docs_[0];
    return;
  }
  const char* skip = skips_ + uint64_t{block} * kSkipBytes;
  const uint32_t before = block == 0 ? kNoDoc : LoadInteger<uint32_t>(skip - kSkipBytes);
  UnpackAscending(data_.data() + uint64_t{LoadInteger<uint32_t>(skip + 4)} * 16, static_cast<unsigned char>(skip[8]),
                  before, docs_.data());
  loaded_ = kBlockSize;
  have_frequencies_ = false;
  doc_ = docs_[0];
}

void PostingCursor::LoadFrequencies() {
  const char* skip = skips_ + uint64_t{block_} * kSkipBytes;
  const auto bits = static_cast<unsigned char>(skip[9]);
  if (bits == 0) {
    frequencies_.fill(1);
  } else {
    const uint64_t offset = uint64_t{LoadInteger<uint32_t>(skip + 4)} * 16;
    UnpackBlock(data_.data() + offset + PackedBytes(static_cast<unsigned char>(skip[8])), bits, frequencies_.data());
    for (uint32_t& frequency : frequencies_) ++frequency;
  }
  have_frequencies_ = true;
}

void PostingCursor::LoadTail() {
  ByteReader reader(tail_);
  uint32_t before = full_ == 0 ? kNoDoc : BlockLast(full_ - 1);
  loaded_ = size_ % kBlockSize;
  for (uint32_t i = 0; i < loaded_; ++i) {
    const uint64_t code = reader.Varint();
    before += static_cast<uint32_t>(code >> 1) + 1;
    docs_[i] = before;
    frequencies_[i] = (code & 1) != 0 ? 1 : static_cast<uint32_t>(reader.Varint());
  }
  have_frequencies_ = true;
}

uint32_t PostingCursor::SeekSlow(uint32_t target) {
  if (doc_ == kNoDoc) return kNoDoc;
  const uint32_t block = FindBlock(block_ == kNoDoc ? 0 : block_, target);
  if (block >= blocks()) return doc_ = kNoDoc;
  uint32_t from = block == block_ ? index_ : 0;
  LoadBlock(block);
  // Binary search without branches over what is left of the block.
  uint32_t left = loaded_ - from;
  const uint32_t* base = docs_.data() + from;
  while (left > 1) {
    const uint32_t half = left / 2;
    base += base[half - 1] < target ? half : 0;
    left -= half;
  }
  index_ = static_cast<uint32_t>(base - docs_.data());
  if (*base < target) return ++index_ < loaded_ ? doc_ = docs_[index_] : doc_ = kNoDoc;
  return doc_ = *base;
}

uint32_t PostingCursor::NextBlock() {
  if (doc_ == kNoDoc || block_ + 1 >= blocks()) return doc_ = kNoDoc;
  LoadBlock(block_ + 1);
  index_ = 0;
  return doc_ = docs_[0];
}

uint32_t PostingCursor::PositionIndex() {
  if (sums_block_ != block_) {
    const uint32_t* frequencies = this->frequencies();
    uint32_t sum = 0;
    for (uint32_t i = 0; i < loaded_; ++i) {
      sums_[i] = sum;
      sum += frequencies[i];
    }
    sums_block_ = block_;
  }
  return sums_[index_];
}

PositionBlock PositionBlock::OfChunk(std::string_view chunk, uint32_t nth) {
  ByteReader reader(chunk);
  const auto count = reader.Fixed<uint32_t>();
  const std::string_view offsets = reader.Bytes(uint64_t{count} * 4);
  if (!reader.ok() || nth >= count) return {};
  const std::string_view blocks = reader.Bytes(reader.left());
  const auto begin = LoadInteger<uint32_t>(offsets.data() + uint64_t{nth} * 4);
  if (begin > blocks.size()) return {};
  return PositionBlock(blocks.substr(begin));
}

uint32_t PositionBlock::ValueAt(uint32_t index) const {
  const uint64_t bit = uint64_t{index} * width_;
  const uint64_t byte = bit / 8;
  if (byte >= bytes_.size()) return 0;
  uint64_t word = 0;
  if (byte + 8 <= bytes_.size()) {
    word = LoadInteger<uint64_t>(bytes_.data() + byte);
  } else {
    std::memcpy(&word, bytes_.data() + byte, bytes_.size() - byte);
  }
  return static_cast<uint32_t>(word >> (bit % 8) & ((uint64_t{1} << width_) - 1));
}

void PositionBlock::Read(uint32_t index, uint32_t frequency, std::vector<uint32_t>& positions) const {
  positions.resize(frequency);
  uint32_t position = 0;
  for (uint32_t i = 0; i < frequency; ++i) {
    position += ValueAt(index + i);
    positions[i] = position;
  }
}

}  // namespace interdict::index
