#include <algorithm>

#include "services/index/engine/rank/executors.h"

namespace interdict::index {
namespace {

constexpr uint32_t kBlocksBetweenChecks = 512;

class AllRun {
 public:
  AllRun(const SegmentView& view, std::vector<TermScorer*> terms, const std::vector<PositionalCursor*>& checks,
         SegmentFilter* filter, TopScores* top)
      : view_(view),
        terms_(std::move(terms)),
        checks_(checks),
        filter_(*filter),
        top_(*top),
        first_number_(view.segment->first_number()) {
    std::stable_sort(terms_.begin(), terms_.end(),
                     [](TermScorer* a, TermScorer* b) { return a->cursor().size() < b->cursor().size(); });
    needed_ = top_.Needed(first_number_);
    for (size_t i = 1; i < terms_.size(); ++i) others_ += terms_[i]->bound();
  }

  absl::Status Run(const CheckCall& check) {
    TermScorer& lead = *terms_[0];
    const uint32_t blocks = lead.cursor().blocks();
    for (uint32_t block = 0; block < blocks; ++block) {
      if (check && block % kBlocksBetweenChecks == kBlocksBetweenChecks - 1) {
        if (absl::Status status = check(); !status.ok()) return status;
      }
      if (lead.BlockBound(block) + others_ < needed_) continue;
      if (lead.cursor().BlockLast(block) < target_) continue;
      lead.cursor().LoadBlock(block);
      if (absl::Status status = RunBlock(); !status.ok()) return status;
      if (target_ == kNoDoc) break;
    }
    return absl::OkStatus();
  }

 private:
  absl::Status RunBlock() {
    TermScorer& lead = *terms_[0];
    PostingCursor& cursor = lead.cursor();
    const uint32_t* docs = cursor.docs();
    const uint32_t* frequencies = cursor.frequencies();
    const uint32_t size = cursor.block_size();
    uint32_t i = 0;
    while (i < size) {
      if (docs[i] < target_) {
        i = static_cast<uint32_t>(std::lower_bound(docs + i, docs + size, target_) - docs);
        continue;
      }
      const uint32_t doc = docs[i];
      if (filter_.has_bits()) {
        if (absl::Status status = filter_.Enter(doc / kWindowSize); !status.ok()) return status;
        if (!filter_.bits().Test(doc % kWindowSize)) {
          ++i;
          continue;
        }
      }
      const uint64_t score = lead.Score(doc, frequencies[i]);
      ++i;
      if (score + others_ < needed_) continue;
      if (absl::Status status = Complete(doc, score); !status.ok()) return status;
      if (target_ == kNoDoc) break;
    }
    return absl::OkStatus();
  }

  absl::Status Complete(uint32_t doc, uint64_t score) {
    for (size_t i = 1; i < terms_.size(); ++i) {
      const uint32_t found = terms_[i]->cursor().Seek(doc);
      if (found != doc) {
        target_ = found;
        return absl::OkStatus();
      }
      score += terms_[i]->ScoreHere();
    }
    if (score < needed_ || !filter_.Test(doc)) return absl::OkStatus();
    if (!checks_.empty()) terms_[0]->cursor().Seek(doc);
    for (PositionalCursor* check : checks_) {
      auto right = check->Check();
      if (!right.ok()) return right.status();
      if (!*right) return absl::OkStatus();
    }
    top_.Push(HitKey(static_cast<uint32_t>(score), view_.segment->number(doc)));
    needed_ = top_.Needed(first_number_);
    return absl::OkStatus();
  }

  const SegmentView& view_;
  std::vector<TermScorer*> terms_;
  const std::vector<PositionalCursor*>& checks_;
  SegmentFilter& filter_;
  TopScores& top_;
  const uint32_t first_number_;
  uint64_t needed_ = 0;
  uint64_t others_ = 0;
  uint32_t target_ = 0;  // no match below it
};

}  // namespace

absl::Status RunAll(const SegmentView& view, std::vector<TermScorer*> terms,
                    const std::vector<PositionalCursor*>& checks, SegmentFilter* filter, const CheckCall& check,
                    TopScores* top) {
  if (!filter->possible() || terms.empty()) return absl::OkStatus();
  return AllRun(view, std::move(terms), checks, filter, top).Run(check);
}

}  // namespace interdict::index
