// A filter as the user wrote it: the tree that the parser makes, before fields and types are looked at. A subset of
// AIP-160; grammar in docs/search_language.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/index/engine/language/source_span.h"

namespace interdict::index {

// A value or the name of a field, as written.
struct FilterValue {
  std::string text;
  bool quoted = false;
  SourceSpan span;  // not compared
  friend bool operator==(const FilterValue& a, const FilterValue& b) {
    return a.text == b.text && a.quoted == b.quoted;
  }
};

struct FilterNode {
  enum class Kind {
    kEverything,  // the empty filter
    kAnd,         // at least two children, none of them a kAnd
    kOr,          // at least two children, none of them a kOr
    kNot,         // one child
    kCompare,     // `field` `comparator` one of `values`
    kCall,        // function `field` of `values`
  };
  enum class Comparator { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual, kHas };
  Kind kind = Kind::kEverything;
  FilterValue field;
  Comparator comparator = Comparator::kEqual;
  std::vector<FilterValue> values;  // kCompare: at least one; kCall: any number
  std::vector<FilterNode> children;
  SourceSpan span;  // not compared
  friend bool operator==(const FilterNode& a, const FilterNode& b) {
    return a.kind == b.kind && a.field == b.field && a.comparator == b.comparator && a.values == b.values &&
           a.children == b.children;
  }
};

// What a filter may be. More is INVALID_ARGUMENT.
struct FilterLimits {
  size_t max_bytes = 16384;
  size_t max_depth = 64;
  size_t max_clauses = 1024;  // comparisons, calls and values
};

// Reads a filter. INVALID_ARGUMENT with the span of what is wrong. Uses stack in proportion to `max_depth`.
absl::StatusOr<FilterNode> ParseFilter(std::string_view filter, const FilterLimits& limits = {});

// The filter that ParseFilter reads as exactly this tree, for every tree that ParseFilter can make.
std::string PrintFilter(const FilterNode& node);

// `=`, `!=`, …
std::string_view ComparatorText(FilterNode::Comparator comparator);

}  // namespace interdict::index
