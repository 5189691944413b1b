#include <algorithm>

#include "services/index/engine/matchers/matcher.h"

namespace interdict::index {
namespace {

// One of several sets.
class KeywordMatcher : public Matcher {
 public:
  absl::Status Add(const records::PinnedValue& value) {
    DocSetView set;
    if (!set.Open(value.bytes)) return absl::DataLossError("a keyword's documents are not readable");
    pins_.push_back(value);
    sets_.push_back(set);
    estimate_ += set.size();
    return absl::OkStatus();
  }

  absl::Status Narrow(uint32_t window, WindowBits* bits) override {
    uint64_t members = 0;
    for (const DocSetView& set : sets_) members += set.CountIn(window);
    if (members > 4096 && bits->Count() * sets_.size() < 256) {
      const uint32_t base = window * kWindowSize;
      bits->Filter([this, base](uint32_t bit) { return Test(base + bit); });
      return absl::OkStatus();
    }
    found_.Clear();
    for (const DocSetView& set : sets_) set.OrInto(window, &found_);
    bits->And(found_);
    return absl::OkStatus();
  }
  bool has_test() const override { return sets_.size() <= 4; }
  bool Test(uint32_t doc) const override {
    return std::any_of(sets_.begin(), sets_.end(), [doc](const DocSetView& set) { return set.Contains(doc); });
  }
  uint64_t estimate() const override { return estimate_; }
  uint64_t window_cost() const override { return 500 * sets_.size(); }

 private:
  std::vector<records::PinnedValue> pins_;
  std::vector<DocSetView> sets_;
  uint64_t estimate_ = 0;
  WindowBits found_;
};

// A value in a range of the dictionary, by the column: for prefixes, which may stand for many values.
class KeywordColumnMatcher : public Matcher {
 public:
  KeywordColumnMatcher(const CodeView* codes, uint64_t first, uint64_t end) : codes_(codes), first_(first), end_(end) {}
  absl::Status Narrow(uint32_t window, WindowBits* bits) override {
    const uint32_t base = window * kWindowSize;
    bits->Filter([this, base](uint32_t bit) { return Test(base + bit); });
    return absl::OkStatus();
  }
  bool has_test() const override { return true; }
  bool Test(uint32_t doc) const override {
    bool found = false;
    codes_->ForEach(doc, [this, &found](uint64_t code) { found = found || (code >= first_ && code < end_); });
    return found;
  }
  uint64_t estimate() const override { return first_ < end_ ? codes_->documents() : 0; }
  uint64_t window_cost() const override { return kWindowSize; }

 private:
  const CodeView* codes_;
  const uint64_t first_;
  const uint64_t end_;
};

absl::StatusOr<std::unique_ptr<Matcher>> OfDictionary(const Segment& segment, const QueryNode& node) {
  auto codes = segment.Keywords(node.field);
  if (!codes.ok()) return codes.status();
  auto dictionary = segment.Dictionary(node.field);
  if (!dictionary.ok()) return dictionary.status();
  if (*codes == nullptr || *dictionary == nullptr) return MakeConstant(false, segment.size());
  if (node.kind == QueryNode::Kind::kKeywordExists) {
    return std::unique_ptr<Matcher>(std::make_unique<KeywordColumnMatcher>(*codes, 1, UINT64_MAX));
  }
  uint32_t low = (*dictionary)->LowerBound(node.text);
  const uint64_t first = uint64_t{low} + 1;
  uint32_t high = (*dictionary)->size();
  while (low < high) {  // the first value behind those with the prefix
    const uint32_t middle = low + (high - low) / 2;
    if ((*dictionary)->value(middle).substr(0, node.text.size()) == node.text) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return std::unique_ptr<Matcher>(std::make_unique<KeywordColumnMatcher>(*codes, first, uint64_t{low} + 1));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Matcher>> MakeKeyword(const Segment& segment, const QueryNode& node) {
  if (node.kind != QueryNode::Kind::kKeyword) return OfDictionary(segment, node);
  auto matcher = std::make_unique<KeywordMatcher>();
  std::vector<std::string> values = node.values;
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  for (const std::string& value : values) {
    auto set = segment.source().Get(segment_key::KeywordSet(node.field, value));
    if (!set.ok()) return set.status();
    if (!set->has_value()) continue;
    if (absl::Status status = matcher->Add(**set); !status.ok()) return status;
  }
  if (matcher->estimate() == 0) return MakeConstant(false, segment.size());
  return std::unique_ptr<Matcher>(std::move(matcher));
}

}  // namespace interdict::index
