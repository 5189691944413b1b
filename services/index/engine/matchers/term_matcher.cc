#include <array>

#include "services/index/engine/matchers/matcher.h"
#include "services/index/engine/postings.h"

namespace interdict::index {
namespace {

class TermMatcher : public Matcher {
 public:
  explicit TermMatcher(const Segment& segment) : windows_(segment.windows()) {}
  bool Open(const records::PinnedValue& list) {
    pin_ = list;
    return cursor_.Open(list.bytes);
  }

  absl::Status Narrow(uint32_t window, WindowBits* bits) override {
    const uint32_t begin = window * kWindowSize;
    const uint64_t end = uint64_t{begin} + kWindowSize;
    const uint32_t first = cursor_.FindBlock(block_, begin);
    uint32_t last = first;
    if (first < cursor_.blocks()) last = cursor_.FindBlock(first, static_cast<uint32_t>(end - 1));
    block_ = first;
    const uint32_t blocks = last - first + 1;
    // A seek costs about as much as a quarter of a block.
    if (bits->Count() < uint64_t{blocks} / 4) {
      bits->Filter([this, begin](uint32_t bit) { return cursor_.Seek(begin + bit) == begin + bit; });
      return absl::OkStatus();
    }
    found_.Clear();
    for (uint32_t block = first; block <= last && block < cursor_.blocks(); ++block) {
      cursor_.LoadBlock(block);
      const uint32_t* docs = cursor_.docs();
      uint32_t from = 0;
      uint32_t to = cursor_.block_size();
      if (docs[0] < begin) {
        while (from < to && docs[from] < begin) ++from;
      }
      while (to > from && docs[to - 1] >= end) --to;
      Keep(docs + from, to - from, begin, *bits);
    }
    *bits = found_;
    return absl::OkStatus();
  }
  uint64_t estimate() const override { return cursor_.size(); }
  uint64_t window_cost() const override { return cursor_.size() / (windows_ == 0 ? 1 : windows_); }

 private:
  // Those that are wanted too. Few are, most often: they are gathered first, without branches, and only they are set.
  void Keep(const uint32_t* docs, uint32_t count, uint32_t begin, const WindowBits& wanted) {
    std::array<uint32_t, kBlockSize> kept;
    uint32_t size = 0;
    for (uint32_t i = 0; i < count; ++i) {
      const uint32_t bit = docs[i] - begin;
      kept[size] = bit;
      size += static_cast<uint32_t>(wanted.words[bit / 64] >> (bit % 64) & 1);
    }
    for (uint32_t i = 0; i < size; ++i) found_.Set(kept[i]);
  }

  const uint32_t windows_;
  records::PinnedValue pin_;
  PostingCursor cursor_;
  uint32_t block_ = 0;
  WindowBits found_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Matcher>> MakeTerm(const Segment& segment, const records::PinnedValue& list) {
  auto matcher = std::make_unique<TermMatcher>(segment);
  if (!matcher->Open(list)) return absl::DataLossError("a posting list is not readable");
  return std::unique_ptr<Matcher>(std::move(matcher));
}

}  // namespace interdict::index
