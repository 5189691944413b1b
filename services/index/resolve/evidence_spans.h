// The spans of text that a report rests on, as sorted pairs, and how far those of two reports overlap.
#pragma once

#include <cstdint>
#include <vector>

#include "interdict/v1/incident.pb.h"

namespace interdict::index {

// Begin and end in turn, ordered, without overlap: the form of ResolvedReport.spans.
std::vector<uint32_t> EvidenceSpans(const v1::Report& report);

// Bytes that both cover, as a share of those that either covers: 0 (none) to 1 (the same).
template <typename A, typename B>
double SpanOverlap(const A& a, const B& b) {
  uint64_t both = 0;
  uint64_t sum = 0;
  for (int i = 0; i + 1 < static_cast<int>(a.size()); i += 2) sum += a[i + 1] - a[i];
  for (int j = 0; j + 1 < static_cast<int>(b.size()); j += 2) sum += b[j + 1] - b[j];
  int i = 0;
  int j = 0;
  while (i + 1 < static_cast<int>(a.size()) && j + 1 < static_cast<int>(b.size())) {
    const uint32_t begin = a[i] > b[j] ? a[i] : b[j];
    const uint32_t end = a[i + 1] < b[j + 1] ? a[i + 1] : b[j + 1];
    if (begin < end) both += end - begin;
    if (a[i + 1] < b[j + 1]) {
      i += 2;
    } else {
      j += 2;
    }
  }
  return sum == both ? (both > 0 ? 1.0 : 0.0) : static_cast<double>(both) / static_cast<double>(sum - both);
}

}  // namespace interdict::index
