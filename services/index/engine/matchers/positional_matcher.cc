#include "services/index/engine/matchers/positional_matcher.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace interdict::index {
namespace {

class PositionalMatcher : public Matcher {
 public:
  explicit PositionalMatcher(std::unique_ptr<PositionalCursor> cursor) : cursor_(std::move(cursor)) {}
  absl::Status Narrow(uint32_t window, WindowBits* bits) override {
    const uint32_t begin = window * kWindowSize;
    const uint64_t end = uint64_t{begin} + kWindowSize;
    found_.Clear();
    for (uint32_t doc = cursor_->Seek(begin); doc < end; doc = cursor_->Seek(doc + 1)) {
      if (!bits->Test(doc - begin)) continue;
      auto right = cursor_->Check();
      if (!right.ok()) return right.status();
      if (*right) found_.Set(doc - begin);
    }
    *bits = found_;
    return absl::OkStatus();
  }
  uint64_t estimate() const override { return cursor_->estimate(); }
  uint64_t window_cost() const override { return cursor_->estimate() * 8; }

 private:
  std::unique_ptr<PositionalCursor> cursor_;
  WindowBits found_;
};

// Whether each list can be given a number of its own: a matching of lists to positions, by augmenting paths.
class Assignment {
 public:
  explicit Assignment(const std::vector<std::vector<uint32_t>>& lists) : lists_(lists) {}
  bool Complete() {
    for (size_t i = 0; i < lists_.size(); ++i) {
      tried_.clear();
      if (!Place(i)) return false;
    }
    return true;
  }

 private:
  bool Place(size_t list) {
    for (const uint32_t position : lists_[list]) {
      if (std::find(tried_.begin(), tried_.end(), position) != tried_.end()) continue;
      tried_.push_back(position);
      const auto taken =
          std::find_if(taken_.begin(), taken_.end(), [position](const auto& pair) { return pair.first == position; });
      if (taken == taken_.end()) {
        taken_.emplace_back(position, list);
        return true;
      }
      const auto index = taken - taken_.begin();
      if (Place(taken->second)) {
        taken_[static_cast<size_t>(index)].second = list;
        return true;
      }
    }
    return false;
  }

  const std::vector<std::vector<uint32_t>>& lists_;
  std::vector<std::pair<uint32_t, size_t>> taken_;
  std::vector<uint32_t> tried_;
};

}  // namespace

absl::Status PositionCursor::Read(std::vector<uint32_t>& positions) {
  if (block_ != cursor_.block()) {
    block_ = cursor_.block();
    place_ = PositionBlock(cursor_.inline_positions());
    if (cursor_.inline_positions().empty()) {
      const uint32_t chunk = block_ / kBlocksPerPositionChunk;
      if (chunk != chunk_) {
        auto value = segment_->source().Get(segment_key::Positions(term_->slot, term_->term, chunk));
        if (!value.ok()) return value.status();
        if (!value->has_value()) return absl::DataLossError("positions of a term are missing");
        chunk_pin_ = **std::move(value);
        chunk_ = chunk;
      }
      place_ = PositionBlock::OfChunk(chunk_pin_.bytes, block_ % kBlocksPerPositionChunk);
    }
  }
  place_.Read(cursor_.PositionIndex(), cursor_.frequency(), positions);
  return absl::OkStatus();
}

absl::Status PositionalCursor::AddTerm(const Segment& segment, size_t index, const Plan& plan, const PlannedNode& node,
                                       Part* part) {
  const PlannedTerm& term = plan.terms[node.term];
  const auto& list = term.lists[index];
  if (!list.has_value()) {
    missing_ = true;
    return absl::OkStatus();
  }
  auto cursor = std::make_unique<PositionCursor>(&segment, &term);
  if (!cursor->Open(*list)) return absl::DataLossError("a posting list is not readable");
  part->terms.push_back(cursors_.size());
  part->offsets.push_back(node.offset);
  cursors_.push_back(std::move(cursor));
  nodes_.push_back(&node);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<PositionalCursor>> PositionalCursor::Make(const Segment& segment, size_t index,
                                                                         const Plan& plan, const PlannedNode& node) {
  std::unique_ptr<PositionalCursor> made(new PositionalCursor());
  made->go_on_ = plan.check;
  made->near_ = node.kind == QueryNode::Kind::kNear;
  made->distance_ = node.source->distance;
  if (!made->near_) made->parts_.emplace_back();
  for (const PlannedNode& child : node.children) {
    if (made->near_) made->parts_.emplace_back();
    absl::Status status;
    if (child.kind == QueryNode::Kind::kPhrase) {
      for (const PlannedNode& word : child.children) {
        if (status.ok()) status = made->AddTerm(segment, index, plan, word, &made->parts_.back());
      }
    } else {
      status = made->AddTerm(segment, index, plan, child, &made->parts_.back());
      if (made->near_ && !made->parts_.back().offsets.empty()) made->parts_.back().offsets.back() = 0;
    }
    if (!status.ok()) return status;
  }
  if (made->missing_ || made->cursors_.empty()) return std::unique_ptr<PositionalCursor>();
  made->by_size_.resize(made->cursors_.size());
  std::iota(made->by_size_.begin(), made->by_size_.end(), 0);
  std::stable_sort(made->by_size_.begin(), made->by_size_.end(), [&made](size_t a, size_t b) {
    return made->cursors_[a]->cursor().size() < made->cursors_[b]->cursor().size();
  });
  made->estimate_ = made->cursors_[made->by_size_[0]]->cursor().size();
  made->starts_.resize(made->parts_.size());
  return made;
}

uint32_t PositionalCursor::Seek(uint32_t target) {
  for (size_t agreeing = 0; agreeing < by_size_.size();) {
    agreeing = 0;
    for (const size_t i : by_size_) {
      const uint32_t doc = cursors_[i]->cursor().Seek(target);
      if (doc == kNoDoc) return kNoDoc;
      if (doc != target) {
        target = doc;
        break;
      }
      ++agreeing;
    }
    if (agreeing == 0 && by_size_.size() == 1) return target;
  }
  return target;
}

absl::Status PositionalCursor::Starts(const Part& part, std::vector<uint32_t>& starts) {
  // The word that occurs least has the fewest places to check.
  size_t least = 0;
  for (size_t i = 1; i < part.terms.size(); ++i) {
    if (cursors_[part.terms[i]]->cursor().frequency() < cursors_[part.terms[least]]->cursor().frequency()) least = i;
  }
  starts.clear();
  for (size_t n = 0; n < part.terms.size(); ++n) {
    const size_t i = n == 0 ? least : (n <= least ? n - 1 : n);
    if (absl::Status status = cursors_[part.terms[i]]->Read(positions_); !status.ok()) return status;
    const uint32_t offset = part.offsets[i];
    if (n == 0) {
      for (const uint32_t position : positions_) {
        if (position >= offset && (starts.empty() || starts.back() != position - offset)) {
          starts.push_back(position - offset);
        }
      }
    } else {
      size_t kept = 0;
      size_t at = 0;
      for (const uint32_t start : starts) {
        while (at < positions_.size() && positions_[at] < start + offset) ++at;
        if (at < positions_.size() && positions_[at] == start + offset) starts[kept++] = start;
      }
      starts.resize(kept);
    }
    if (starts.empty()) break;
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> PositionalCursor::Check() {
  // A window of documents that hold stop words takes long.
  if (++checks_ % kChecksBetweenLooks == 0 && go_on_ != nullptr && *go_on_) {
    if (absl::Status status = (*go_on_)(); !status.ok()) return status;
  }
  for (size_t i = 0; i < parts_.size(); ++i) {
    if (absl::Status status = Starts(parts_[i], starts_[i]); !status.ok()) return status;
    if (starts_[i].empty()) return false;
  }
  return !near_ || StandNear();
}

bool PositionalCursor::StandNear() const {
  // From each place that may be the leftmost: what lies within the distance, and whether each part gets its own.
  std::vector<uint32_t> lefts;
  for (const auto& starts : starts_) lefts.insert(lefts.end(), starts.begin(), starts.end());
  std::sort(lefts.begin(), lefts.end());
  lefts.erase(std::unique(lefts.begin(), lefts.end()), lefts.end());
  std::vector<std::vector<uint32_t>> within(starts_.size());
  for (const uint32_t left : lefts) {
    bool all = true;
    for (size_t i = 0; all && i < starts_.size(); ++i) {
      const auto first = std::lower_bound(starts_[i].begin(), starts_[i].end(), left);
      const auto last = std::upper_bound(first, starts_[i].end(), uint64_t{left} + distance_);
      // As many as there are parts are enough for a choice.
      const auto enough = std::min<std::ptrdiff_t>(last - first, static_cast<std::ptrdiff_t>(starts_.size()));
      within[i].assign(first, first + enough);
      all = first != last;
    }
    if (all && Assignment(within).Complete()) return true;
  }
  return false;
}

absl::StatusOr<std::unique_ptr<Matcher>> MakePositional(const Segment& segment, size_t index, const Plan& plan,
                                                        const PlannedNode& node) {
  auto cursor = PositionalCursor::Make(segment, index, plan, node);
  if (!cursor.ok()) return cursor.status();
  if (*cursor == nullptr) return MakeConstant(false, segment.size());
  return std::unique_ptr<Matcher>(std::make_unique<PositionalMatcher>(*std::move(cursor)));
}

}  // namespace interdict::index
