#include "services/index/resolve/pair_reports.h"

#include <algorithm>

#include "services/index/resolve/evidence_spans.h"

namespace interdict::index {

std::vector<ReportPair> PairReports(const std::vector<const v1::Report*>& newer,
                                    const std::vector<internal::v1::ResolvedReport>& older) {
  std::vector<ReportPair> candidates;
  for (size_t n = 0; n < newer.size(); ++n) {
    const std::vector<uint32_t> spans = EvidenceSpans(*newer[n]);
    for (size_t o = 0; o < older.size(); ++o) {
      const double overlap = SpanOverlap(spans, older[o].spans());
      if (overlap > 0) candidates.push_back({n, o, overlap});
    }
  }
  std::sort(candidates.begin(), candidates.end(), [&](const ReportPair& a, const ReportPair& b) {
    if (a.overlap != b.overlap) return a.overlap > b.overlap;
    if (a.newer != b.newer) return newer[a.newer]->ordinal() < newer[b.newer]->ordinal();
    return older[a.older].report_id() < older[b.older].report_id();
  });
  std::vector<bool> newer_taken(newer.size());
  std::vector<bool> older_taken(older.size());
  std::vector<ReportPair> pairs;
  for (const ReportPair& candidate : candidates) {
    if (newer_taken[candidate.newer] || older_taken[candidate.older]) continue;
    newer_taken[candidate.newer] = true;
    older_taken[candidate.older] = true;
    pairs.push_back(candidate);
  }
  return pairs;
}

}  // namespace interdict::index
