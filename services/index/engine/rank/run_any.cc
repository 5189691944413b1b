#include <algorithm>
#include <array>

#include "services/index/engine/rank/executors.h"

namespace interdict::index {
namespace {

constexpr uint32_t kSpan = 4096;  // documents a step: their scores fit the innermost cache
constexpr uint32_t kSpanWords = kSpan / 64;

// A term in the current span.
struct Lane {
  TermScorer* scorer = nullptr;
  uint32_t first = 0;  // block in which the span begins
  uint32_t bound = 0;  // of the span
  uint64_t up_to = 0;  // sum of bounds of this and all lesser lanes
};

class AnyRun {
 public:
  AnyRun(const SegmentView& view, std::vector<TermScorer*> terms, SegmentFilter* filter, TopScores* top)
      : view_(view), filter_(*filter), top_(*top), first_number_(view.segment->first_number()) {
    for (TermScorer* term : terms) lanes_.push_back({term, 0, 0, 0});
    needed_ = top_.Needed(first_number_);
  }

  absl::Status Run(const CheckCall& check) {
    const uint32_t size = view_.segment->size();
    for (uint32_t begin = 0; begin < size; begin += kSpan) {
      if (check && begin % kWindowSize == 0) {
        if (absl::Status status = check(); !status.ok()) return status;
      }
      begin_ = begin;
      end_ = std::min(begin + kSpan, size);
      const uint64_t total = Bound();
      if (total < needed_ || total == 0) continue;
      if (filter_.has_bits()) {
        if (absl::Status status = filter_.Enter(begin / kWindowSize); !status.ok()) return status;
      }
      const size_t essential = Partition();
      for (size_t i = essential; i < lanes_.size(); ++i) Accumulate(lanes_[i], total - lanes_[i].bound);
      Collect(essential);
    }
    return absl::OkStatus();
  }

 private:
  // Bounds of the span by lane; returns their sum.
  uint64_t Bound() {
    uint64_t total = 0;
    for (Lane& lane : lanes_) {
      const PostingCursor& cursor = lane.scorer->cursor();
      const uint32_t blocks = cursor.blocks();
      while (lane.first < blocks && cursor.BlockLast(lane.first) < begin_) ++lane.first;
      lane.bound = 0;
      for (uint32_t block = lane.first; block < blocks; ++block) {
        lane.bound = std::max(lane.bound, lane.scorer->BlockBound(block));
        if (cursor.BlockLast(block) >= end_ - 1) break;
      }
      total += lane.bound;
    }
    return total;
  }

  // Sorts lanes by bound; returns the first that is needed to reach the worst hit.
  size_t Partition() {
    std::sort(lanes_.begin(), lanes_.end(), [](const Lane& a, const Lane& b) { return a.bound < b.bound; });
    uint64_t sum = 0;
    size_t essential = lanes_.size();
    for (size_t i = 0; i < lanes_.size(); ++i) {
      sum += lanes_[i].bound;
      lanes_[i].up_to = sum;
      if (essential == lanes_.size() && sum >= needed_ && sum > 0) essential = i;
    }
    return essential;
  }

  void Accumulate(const Lane& lane, uint64_t others) {
    PostingCursor& cursor = lane.scorer->cursor();
    for (uint32_t block = lane.first; block < cursor.blocks(); ++block) {
      const bool last = cursor.BlockLast(block) >= end_ - 1;
      if (lane.scorer->BlockBound(block) + others >= needed_) {
        cursor.LoadBlock(block);
        AddBlock(*lane.scorer);
      }
      if (last) break;
    }
  }

  void AddBlock(const TermScorer& scorer) {
    PostingCursor& cursor = scorer.cursor();
    const uint32_t* docs = cursor.docs();
    const uint32_t* frequencies = cursor.frequencies();
    uint32_t from = 0;
    uint32_t to = cursor.block_size();
    if (docs[0] < begin_) from = static_cast<uint32_t>(std::lower_bound(docs, docs + to, begin_) - docs);
    if (docs[to - 1] >= end_) to = static_cast<uint32_t>(std::lower_bound(docs + from, docs + to, end_) - docs);
    if (filter_.has_bits()) {
      const WindowBits& bits = filter_.bits();
      for (uint32_t i = from; i < to; ++i) {
        if (!bits.Test(docs[i] % kWindowSize)) continue;
        Add(docs[i] - begin_, scorer.Score(docs[i], frequencies[i]));
      }
    } else {
      for (uint32_t i = from; i < to; ++i) Add(docs[i] - begin_, scorer.Score(docs[i], frequencies[i]));
    }
  }

  void Add(uint32_t at, uint32_t score) {
    scores_[at] += score;
    touched_[at / 64] |= uint64_t{1} << (at % 64);
  }

  void Collect(size_t essential) {
    const uint64_t rest = essential == 0 ? 0 : lanes_[essential - 1].up_to;
    for (uint32_t word = 0; word < kSpanWords; ++word) {
      for (uint64_t bits = touched_[word]; bits != 0; bits &= bits - 1) {
        const uint32_t at = word * 64 + static_cast<uint32_t>(std::countr_zero(bits));
        const uint32_t score = scores_[at];
        scores_[at] = 0;
        if (score + rest >= needed_) Complete(begin_ + at, score, essential);
      }
      touched_[word] = 0;
    }
  }

  // Looks a document up in the lesser lanes, the best first.
  void Complete(uint32_t doc, uint64_t score, size_t essential) {
    for (size_t i = essential; i-- > 0;) {
      if (score + lanes_[i].up_to < needed_) return;
      PostingCursor& cursor = lanes_[i].scorer->cursor();
      if (lanes_[i].bound > 0 && cursor.Seek(doc) == doc) score += lanes_[i].scorer->ScoreHere();
    }
    if (score < needed_ || !filter_.Test(doc)) return;
    top_.Push(HitKey(static_cast<uint32_t>(score), view_.segment->number(doc)));
    needed_ = top_.Needed(first_number_);
  }

  const SegmentView& view_;
  SegmentFilter& filter_;
  TopScores& top_;
  const uint32_t first_number_;
  std::vector<Lane> lanes_;
  uint64_t needed_ = 0;
  uint32_t begin_ = 0;
  uint32_t end_ = 0;
  std::array<uint64_t, kSpanWords> touched_{};
  alignas(64) std::array<uint32_t, kSpan> scores_{};
};

}  // namespace

absl::Status RunAny(const SegmentView& view, std::vector<TermScorer*> terms, SegmentFilter* filter,
                    const CheckCall& check, TopScores* top) {
  if (!filter->possible() || terms.empty()) return absl::OkStatus();
  return AnyRun(view, std::move(terms), filter, top).Run(check);
}

}  // namespace interdict::index
