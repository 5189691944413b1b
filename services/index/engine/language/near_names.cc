#include "services/index/engine/language/near_names.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace interdict::index {
namespace {

constexpr size_t kNearest = 3;
constexpr size_t kListed = 12;

template <typename View>
size_t DistanceOf(const View& a, const View& b, size_t limit) {
  const size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (difference > limit) return limit + 1;
  std::vector<size_t> before(b.size() + 1);
  std::vector<size_t> above(b.size() + 1);
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return std::min(above[b.size()], limit + 1);
}

// The code points of a word; a byte that is not UTF-8 is one.
std::u32string Characters(std::string_view word) {
  std::u32string characters;
  for (size_t i = 0; i < word.size();) {
    const auto lead = static_cast<unsigned char>(word[i]);
    const size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t character = lead;
    for (size_t k = 1; k < length && i + k < word.size(); ++k) {
      character = character << 8 | static_cast<unsigned char>(word[i + k]);
    }
    characters.push_back(character);
    i += length;
  }
  return characters;
}

// A name without what stands before its last dot is near too: `country` for `places.country`.
size_t Distance(const std::string& wanted, const std::string& name) {
  const size_t limit = std::max<size_t>(1, std::min<size_t>(3, wanted.size() / 3));
  const size_t dot = name.rfind('.');
  size_t distance = EditDistance(wanted, name, limit);
  if (dot != std::string::npos) distance = std::min(distance, EditDistance(wanted, name.substr(dot + 1), limit));
  if (distance > limit && wanted.size() >= 4 && name.find(wanted) != std::string::npos) distance = limit;
  return distance > limit ? SIZE_MAX : distance;
}

}  // namespace

size_t EditDistance(std::string_view a, std::string_view b, size_t limit) { return DistanceOf(a, b, limit); }

bool SimilarWords(std::string_view a, std::string_view b, size_t max_edits, size_t prefix_length) {
  const std::u32string left = Characters(a);
  const std::u32string right = Characters(b);
  if (left.substr(0, prefix_length) != right.substr(0, prefix_length)) return false;
  return DistanceOf(left, right, max_edits) <= max_edits;
}

std::string NearNames(std::string_view name, const std::vector<std::string>& names) {
  const std::string wanted = absl::AsciiStrToLower(std::string(name));
  std::vector<std::pair<size_t, std::string>> near;
  for (const std::string& candidate : names) {
    const size_t distance = Distance(wanted, absl::AsciiStrToLower(candidate));
    if (distance != SIZE_MAX) near.emplace_back(distance, candidate);
  }
  std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> shown;
  for (size_t i = 0; i < near.size() && i < kNearest; ++i) shown.push_back(near[i].second);
  if (!shown.empty()) return absl::StrCat("did you mean ", absl::StrJoin(shown, ", "), "?");
  for (size_t i = 0; i < names.size() && i < kListed; ++i) shown.push_back(names[i]);
  return absl::StrCat("there are ", absl::StrJoin(shown, ", "), names.size() > kListed ? ", …" : "");
}

}  // namespace interdict::index
