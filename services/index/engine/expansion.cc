#include <algorithm>
#include <map>

#include "services/index/engine/plan.h"

namespace interdict::index {

std::u32string CodePoints(std::string_view utf8) {
  std::u32string points;
  for (size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    size_t size = 1;
    if (lead >= 0xF0) {
      size = 4;
    } else if (lead >= 0xE0) {
      size = 3;
    } else if (lead >= 0xC0) {
      size = 2;
    }
    char32_t point = size == 1 ? lead : lead & (0x3FU >> (size - 1));
    for (size_t n = 1; n < size && i + n < utf8.size(); ++n) {
      point = point << 6 | (static_cast<unsigned char>(utf8[i + n]) & 0x3FU);
    }
    points.push_back(point);
    i += size;
  }
  return points;
}

uint32_t EditDistance(const std::u32string& a, const std::u32string& b, uint32_t limit) {
  const size_t longer = std::max(a.size(), b.size());
  if (longer - std::min(a.size(), b.size()) > limit) return limit + 1;
  std::vector<uint32_t> before_last(b.size() + 1);
  std::vector<uint32_t> last(b.size() + 1);
  std::vector<uint32_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) last[j] = static_cast<uint32_t>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<uint32_t>(i);
    uint32_t least = row[0];
    for (size_t j = 1; j <= b.size(); ++j) {
      const uint32_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
      least = std::min(least, row[j]);
    }
    if (least > limit) return limit + 1;
    before_last.swap(last);
    last.swap(row);
  }
  return std::min(last[b.size()], limit + 1);
}

namespace {

// Terms from `prefix` on that begin with it, of all segments, for which `accept` says so.
template <typename Accept>
absl::Status Collect(const CollectionView& view, Slot slot, const std::string& prefix, Accept accept) {
  for (const SegmentView& segment : view.segments) {
    const absl::Status status =
        segment.segment->ForEachTerm(slot, prefix, [&](std::string_view term, uint32_t documents) {
          if (term.substr(0, prefix.size()) != prefix) return false;
          return accept(term, documents);
        });
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// The first `count` code points.
std::string Head(std::string_view word, uint32_t count) {
  size_t at = 0;
  for (uint32_t i = 0; i < count && at < word.size(); ++i) {
    ++at;
    while (at < word.size() && (static_cast<unsigned char>(word[at]) & 0xC0) == 0x80) ++at;
  }
  return std::string(word.substr(0, at));
}

}  // namespace

absl::StatusOr<std::vector<ExpandedTerm>> ExpandPrefix(const CollectionView& view, Slot slot, const std::string& prefix,
                                                       size_t limit, bool* more) {
  // The first limit + 1 of each segment hold the first limit + 1 of all.
  std::map<std::string, uint64_t, std::less<>> found;
  for (const SegmentView& segment : view.segments) {
    size_t taken = 0;
    CollectionView one;
    one.segments = {segment};
    const absl::Status status = Collect(one, slot, prefix, [&](std::string_view term, uint32_t documents) {
      found[std::string(term)] += documents;
      return ++taken <= limit;
    });
    if (!status.ok()) return status;
  }
  *more = found.size() > limit;
  std::vector<ExpandedTerm> terms;
  for (const auto& [term, documents] : found) {
    if (terms.size() < limit) terms.push_back({term, documents, 0});
  }
  return terms;
}

absl::StatusOr<std::vector<ExpandedTerm>> ExpandFuzzy(const CollectionView& view, Slot slot, const std::string& word,
                                                      uint32_t max_edits, uint32_t prefix_length, size_t limit,
                                                      bool* more) {
  std::map<std::string, ExpandedTerm, std::less<>> found;
  const std::u32string wanted = CodePoints(word);
  const size_t longest = 4 * (wanted.size() + max_edits);  // bytes
  const absl::Status status =
      Collect(view, slot, Head(word, prefix_length), [&](std::string_view term, uint32_t documents) {
        if (term.size() > longest) return true;
        const auto known = found.find(term);
        if (known != found.end()) {
          known->second.documents += documents;
          return true;
        }
        const uint32_t edits = EditDistance(wanted, CodePoints(term), max_edits);
        if (edits <= max_edits) found.emplace(term, ExpandedTerm{std::string(term), documents, edits});
        return true;
      });
  if (!status.ok()) return status;
  std::vector<ExpandedTerm> terms;
  for (auto& [term, expanded] : found) terms.push_back(std::move(expanded));
  std::sort(terms.begin(), terms.end(), [](const ExpandedTerm& a, const ExpandedTerm& b) {
    if (a.edits != b.edits) return a.edits < b.edits;
    return a.documents != b.documents ? a.documents > b.documents : a.term < b.term;
  });
  *more = terms.size() > limit;
  if (*more) terms.resize(limit);
  return terms;
}

}  // namespace interdict::index
