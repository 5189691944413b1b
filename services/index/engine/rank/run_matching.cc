#include <algorithm>
#include <memory>

#include "services/index/engine/rank/executors.h"

namespace interdict::index {
namespace {

using WindowScores = std::array<uint32_t, kWindowSize>;

// Adds a term's scores of the documents in `bits`.
void AddScores(TermScorer& scorer, uint32_t begin, const WindowBits& bits, WindowScores& scores) {
  PostingCursor& cursor = scorer.cursor();
  const uint64_t end = uint64_t{begin} + kWindowSize;
  const uint32_t matches = bits.Count();
  if (uint64_t{matches} * 32 < cursor.size() / (uint64_t{begin} / kWindowSize + 1)) {
    bits.ForEach([&](uint32_t bit) {
      if (cursor.Seek(begin + bit) == begin + bit) scores[bit] += scorer.ScoreHere();
    });
    return;
  }
  for (uint32_t block = cursor.FindBlock(0, begin); block < cursor.blocks(); ++block) {
    cursor.LoadBlock(block);
    const uint32_t* docs = cursor.docs();
    const uint32_t* frequencies = cursor.frequencies();
    for (uint32_t i = 0; i < cursor.block_size(); ++i) {
      if (docs[i] < begin || docs[i] >= end || !bits.Test(docs[i] - begin)) continue;
      scores[docs[i] - begin] += scorer.Score(docs[i], frequencies[i]);
    }
    if (cursor.BlockLast(block) >= end - 1) break;
  }
}

}  // namespace

absl::Status RunMatching(const SegmentView& view, Matcher* match, const std::vector<ScoredLeaf>& leaves,
                         const std::vector<Matcher*>& gates, SegmentFilter* filter, const CheckCall& check,
                         TopScores* top) {
  if (!filter->possible()) return absl::OkStatus();
  uint64_t bound = 0;
  for (const ScoredLeaf& leaf : leaves) bound += leaf.scorer->bound();
  const uint32_t first_number = view.segment->first_number();
  auto scores = std::make_unique<WindowScores>();
  std::vector<WindowBits> gated(gates.size());
  WindowBits bits;
  for (uint32_t window = 0; window < view.segment->windows(); ++window) {
    if (bound < top->Needed(first_number)) break;
    if (check) {
      if (absl::Status status = check(); !status.ok()) return status;
    }
    if (filter->has_bits()) {
      if (absl::Status status = filter->Enter(window); !status.ok()) return status;
      bits = filter->bits();
    } else {
      SetAlive(view, window, &bits);
    }
    if (absl::Status status = match->Narrow(window, &bits); !status.ok()) return status;
    for (size_t i = 0; i < gates.size(); ++i) {
      gated[i] = bits;
      if (absl::Status status = gates[i]->Narrow(window, &gated[i]); !status.ok()) return status;
    }
    const uint32_t begin = window * kWindowSize;
    scores->fill(0);
    for (const ScoredLeaf& leaf : leaves) {
      AddScores(*leaf.scorer, begin, leaf.gate == SIZE_MAX ? bits : gated[leaf.gate], *scores);
    }
    uint32_t needed = top->Needed(first_number);
    bits.ForEach([&](uint32_t bit) {
      const uint32_t score = (*scores)[bit];
      if (score < needed || !filter->Test(begin + bit)) return;
      top->Push(HitKey(score, view.segment->number(begin + bit)));
      needed = top->Needed(first_number);
    });
  }
  return absl::OkStatus();
}

}  // namespace interdict::index
