// A term's posting list in one segment: ascending ordinals with frequencies in packed blocks, each with its last
// ordinal and its impacts in a skip entry; positions stand apart. Layout: docs/storage_format.md.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/index/engine/bit_packing.h"
#include "services/index/engine/bytes.h"
#include "services/index/engine/impact.h"

namespace interdict::index {

inline constexpr uint32_t kNoDoc = UINT32_MAX;
inline constexpr uint32_t kBlocksPerPositionChunk = 256;

// Makes a list; ordinals ascend. Reusable after Finish. Not thread-safe.
class PostingWriter {
 public:
  // `positions`: `frequency` ascending positions.
  void Add(uint32_t doc, uint32_t frequency, uint32_t length, const uint32_t* positions);
  // The list, and the chunks of positions that do not fit into it. Empty lists give "".
  std::string Finish(std::vector<std::string>* position_chunks);
  uint32_t count() const { return count_; }

 private:
  void FlushBlock();
  void FlushPositions();
  void FlushChunk();

  std::array<uint32_t, kBlockSize> docs_{};
  std::array<uint32_t, kBlockSize> frequencies_{};
  std::vector<uint32_t> positions_;  // of the block: first, then gaps, document by document
  uint32_t in_block_ = 0;
  uint32_t count_ = 0;
  uint64_t total_ = 0;
  uint32_t last_flushed_ = kNoDoc;  // -1 before the first block
  ImpactBuilder block_impacts_;
  ImpactBuilder list_impacts_;
  std::string skips_;
  std::string data_;
  std::string chunk_;
  std::vector<uint32_t> chunk_offsets_;
  std::vector<std::string> chunks_;
};

// Walks a list in place. Not thread-safe; the bytes must outlive it.
class PostingCursor {
 public:
  // False if the bytes are no list.
  bool Open(std::string_view bytes);

  uint32_t size() const { return size_; }
  uint64_t total_frequency() const { return total_; }
  const Impacts& impacts() const { return list_impacts_; }

  uint32_t blocks() const { return full_ + (size_ % kBlockSize != 0 ? 1 : 0); }
  // Ordinals of a block are at most this; of the last block: kNoDoc - 1.
  uint32_t BlockLast(uint32_t block) const {
    return block < full_ ? LoadInteger<uint32_t>(skips_ + uint64_t{block} * kSkipBytes) : kNoDoc - 1;
  }
  Impacts BlockImpacts(uint32_t block) const;
  // The first block at or after `block` whose last ordinal is at least `target`; blocks() if there is none.
  uint32_t FindBlock(uint32_t block, uint32_t target) const;

  // Makes a block the current one. docs() and frequencies() are its.
  void LoadBlock(uint32_t block);
  uint32_t block() const { return block_; }
  uint32_t block_size() const { return loaded_; }
  const uint32_t* docs() const { return docs_.data(); }
  const uint32_t* frequencies() {
    if (!have_frequencies_) LoadFrequencies();
    return frequencies_.data();
  }

  // The cursor proper: stands on a posting or at the end (kNoDoc). Starts before the first: call Seek(0).
  uint32_t doc() const { return doc_; }
  uint32_t index() const { return index_; }
  uint32_t frequency() { return frequencies()[index_]; }
  // To the first posting at or after `target`, never backwards.
  uint32_t Seek(uint32_t target) {
    if (doc_ != kNoDoc && doc_ >= target && block_ != kNoDoc) return doc_;
    return SeekSlow(target);
  }
  uint32_t Next() {
    if (++index_ < loaded_) return doc_ = docs_[index_];
    return NextBlock();
  }
  // The posting's place in the block's stream of positions.
  uint32_t PositionIndex();
  // Positions that stand in the list itself; empty if in chunks.
  std::string_view inline_positions() const { return inline_positions_; }

 private:
  static constexpr uint32_t kSkipBytes = 16;
  uint32_t SeekSlow(uint32_t target);
  uint32_t NextBlock();
  void LoadFrequencies();
  void LoadTail();

  uint32_t size_ = 0;
  uint32_t full_ = 0;  // packed blocks
  uint64_t total_ = 0;
  Impacts list_impacts_;
  Impacts tail_impacts_;
  const char* skips_ = nullptr;
  std::string_view data_;
  std::string_view tail_;
  std::string_view inline_positions_;

  uint32_t block_ = kNoDoc;
  uint32_t loaded_ = 0;
  uint32_t index_ = 0;
  uint32_t doc_ = 0;
  bool have_frequencies_ = false;
  uint32_t sums_block_ = kNoDoc;
  alignas(64) std::array<uint32_t, kBlockSize> docs_;
  alignas(64) std::array<uint32_t, kBlockSize> frequencies_;
  std::array<uint32_t, kBlockSize> sums_;
};

// Positions of one block's stream: `width` bits each.
class PositionBlock {
 public:
  PositionBlock() = default;
  // One block's bytes: width, then packed values.
  explicit PositionBlock(std::string_view bytes)
      : width_(bytes.empty() ? 0 : static_cast<unsigned char>(bytes[0])), bytes_(bytes.substr(bytes.empty() ? 0 : 1)) {}
  // Of a chunk, its nth block. Empty if there is none.
  static PositionBlock OfChunk(std::string_view chunk, uint32_t nth);
  // The positions of the posting whose stream begins at `index`.
  void Read(uint32_t index, uint32_t frequency, std::vector<uint32_t>& positions) const;

 private:
  uint32_t ValueAt(uint32_t index) const;

  uint32_t width_ = 0;
  std::string_view bytes_;
};

}  // namespace interdict::index
