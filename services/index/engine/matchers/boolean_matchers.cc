#include <algorithm>
#include <utility>

#include "services/index/engine/matchers/matcher.h"

namespace interdict::index {
namespace {

class ConstantMatcher : public Matcher {
 public:
  ConstantMatcher(bool matches, uint32_t documents) : matches_(matches), documents_(documents) {}
  absl::Status Narrow(uint32_t /*window*/, WindowBits* bits) override {
    if (!matches_) bits->Clear();
    return absl::OkStatus();
  }
  bool has_test() const override { return true; }
  bool Test(uint32_t /*doc*/) const override { return matches_; }
  uint64_t estimate() const override { return matches_ ? documents_ : 0; }
  uint64_t window_cost() const override { return 0; }

 private:
  const bool matches_;
  const uint32_t documents_;
};

bool IsEmpty(const WindowBits& bits) {
  return std::all_of(bits.words.begin(), bits.words.end(), [](uint64_t word) { return word == 0; });
}

class AndMatcher : public Matcher {
 public:
  explicit AndMatcher(std::vector<std::unique_ptr<Matcher>> children) : children_(std::move(children)) {
    // The most selective first: what it leaves is all that the others are asked for.
    std::stable_sort(children_.begin(), children_.end(), [](const auto& a, const auto& b) {
      return a->estimate() * 4 + a->window_cost() < b->estimate() * 4 + b->window_cost();
    });
    has_test_ = std::all_of(children_.begin(), children_.end(), [](const auto& child) { return child->has_test(); });
  }
  absl::Status Narrow(uint32_t window, WindowBits* bits) override {
    for (const auto& child : children_) {
      if (absl::Status status = child->Narrow(window, bits); !status.ok()) return status;
      if (IsEmpty(*bits)) break;
    }
    return absl::OkStatus();
  }
  bool has_test() const override { return has_test_; }
  bool Test(uint32_t doc) const override {
    return std::all_of(children_.begin(), children_.end(), [doc](const auto& child) { return child->Test(doc); });
  }
  uint64_t estimate() const override {
    uint64_t least = UINT64_MAX;
    for (const auto& child : children_) least = std::min(least, child->estimate());
    return least;
  }
  uint64_t window_cost() const override { return children_.front()->window_cost(); }

 private:
  std::vector<std::unique_ptr<Matcher>> children_;
  bool has_test_ = false;
};

class OrMatcher : public Matcher {
 public:
  explicit OrMatcher(std::vector<std::unique_ptr<Matcher>> children) : children_(std::move(children)) {
    has_test_ = std::all_of(children_.begin(), children_.end(), [](const auto& child) { return child->has_test(); });
  }
  absl::Status Narrow(uint32_t window, WindowBits* bits) override {
    found_.Clear();
    for (const auto& child : children_) {
      one_ = *bits;
      if (absl::Status status = child->Narrow(window, &one_); !status.ok()) return status;
      found_.Or(one_);
      bits->AndNot(one_);
      if (IsEmpty(*bits)) break;
    }
    *bits = found_;
    return absl::OkStatus();
  }
  bool has_test() const override { return has_test_; }
  bool Test(uint32_t doc) const override {
    return std::any_of(children_.begin(), children_.end(), [doc](const auto& child) { return child->Test(doc); });
  }
  uint64_t estimate() const override {
    uint64_t sum = 0;
    for (const auto& child : children_) sum += child->estimate();
    return sum;
  }
  uint64_t window_cost() const override {
    uint64_t sum = 0;
    for (const auto& child : children_) sum += child->window_cost();
    return sum;
  }

 private:
  std::vector<std::unique_ptr<Matcher>> children_;
  bool has_test_ = false;
  WindowBits found_;
  WindowBits one_;
};

class NotMatcher : public Matcher {
 public:
  NotMatcher(std::unique_ptr<Matcher> child, uint32_t documents) : child_(std::move(child)), documents_(documents) {}
  absl::Status Narrow(uint32_t window, WindowBits* bits) override {
    excluded_ = *bits;
    if (absl::Status status = child_->Narrow(window, &excluded_); !status.ok()) return status;
    bits->AndNot(excluded_);
    return absl::OkStatus();
  }
  bool has_test() const override { return child_->has_test(); }
  bool Test(uint32_t doc) const override { return !child_->Test(doc); }
  uint64_t estimate() const override { return documents_; }
  uint64_t window_cost() const override { return child_->window_cost(); }

 private:
  std::unique_ptr<Matcher> child_;
  const uint32_t documents_;
  WindowBits excluded_;
};

}  // namespace

std::unique_ptr<Matcher> MakeConstant(bool matches, uint32_t documents) {
  return std::make_unique<ConstantMatcher>(matches, documents);
}
std::unique_ptr<Matcher> MakeAnd(std::vector<std::unique_ptr<Matcher>> children) {
  return std::make_unique<AndMatcher>(std::move(children));
}
std::unique_ptr<Matcher> MakeOr(std::vector<std::unique_ptr<Matcher>> children) {
  return std::make_unique<OrMatcher>(std::move(children));
}
std::unique_ptr<Matcher> MakeNot(std::unique_ptr<Matcher> child, uint32_t documents) {
  return std::make_unique<NotMatcher>(std::move(child), documents);
}

}  // namespace interdict::index
