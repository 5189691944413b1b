// Phrases and NEAR on one segment: the documents in which words stand together, checked position by position.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "services/index/engine/matchers/matcher.h"
#include "services/index/engine/postings.h"

namespace interdict::index {

// A term's postings with their positions. Not thread-safe.
class PositionCursor {
 public:
  PositionCursor(const Segment* segment, const PlannedTerm* term) : segment_(segment), term_(term) {}
  bool Open(const records::PinnedValue& list) {
    pin_ = list;
    return cursor_.Open(list.bytes);
  }
  PostingCursor& cursor() { return cursor_; }
  // Positions in the document on which the cursor stands.
  absl::Status Read(std::vector<uint32_t>& positions);

 private:
  const Segment* segment_;
  const PlannedTerm* term_;
  records::PinnedValue pin_;
  PostingCursor cursor_;
  uint32_t block_ = kNoDoc;
  PositionBlock place_;
  uint32_t chunk_ = kNoDoc;
  records::PinnedValue chunk_pin_;
};

// Walks the documents that have all terms of a phrase or NEAR, and says whether they stand right. Not thread-safe.
class PositionalCursor {
 public:
  // nullptr: a term is not in this segment.
  static absl::StatusOr<std::unique_ptr<PositionalCursor>> Make(const Segment& segment, size_t index, const Plan& plan,
                                                                const PlannedNode& node);
  // The first document at or after `target` with all terms; kNoDoc at the end.
  uint32_t Seek(uint32_t target);
  // Whether the document on which Seek stands matches.
  absl::StatusOr<bool> Check();
  // The words, for their scores.
  size_t words() const { return cursors_.size(); }
  PostingCursor& word_cursor(size_t index) { return cursors_[index]->cursor(); }
  const PlannedNode& word(size_t index) const { return *nodes_[index]; }
  uint64_t estimate() const { return estimate_; }

 private:
  // A word, or a phrase inside of a NEAR.
  struct Part {
    std::vector<size_t> terms;
    std::vector<uint32_t> offsets;
  };
  absl::Status AddTerm(const Segment& segment, size_t index, const Plan& plan, const PlannedNode& node, Part* part);
  absl::Status Starts(const Part& part, std::vector<uint32_t>& starts);
  bool StandNear() const;

  static constexpr uint32_t kChecksBetweenLooks = 256;  // at whether the search goes on

  const std::function<absl::Status()>* go_on_ = nullptr;
  uint32_t checks_ = 0;
  bool near_ = false;
  uint32_t distance_ = 0;
  bool missing_ = false;
  std::vector<std::unique_ptr<PositionCursor>> cursors_;
  std::vector<const PlannedNode*> nodes_;  // by cursor
  std::vector<size_t> by_size_;            // cursors, the rarest first
  std::vector<Part> parts_;
  uint64_t estimate_ = 0;
  std::vector<std::vector<uint32_t>> starts_;
  std::vector<uint32_t> positions_;
};

}  // namespace interdict::index
