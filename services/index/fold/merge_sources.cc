#include "services/index/fold/merge_sources.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "services/index/engine/analyzer.h"

namespace interdict::index {
namespace {

using internal::v1::StoredReport;

constexpr size_t kMaxComparedBytes = 16 << 10;
constexpr size_t kShingleWords = 4;
constexpr size_t kSketchSize = 256;
// Shorter texts are too short to tell a copy from a common phrase.
constexpr size_t kMinShingles = 12;
// Share of the shorter text's word sequences that the longer one has, too.
constexpr double kCopyShare = 0.6;

// A text as the smallest hashes of its word sequences: equal shares of two sketches estimate those of the texts.
struct Sketch {
  std::vector<uint64_t> smallest;  // ascending, each once
  size_t shingles = 0;
};

uint64_t Mix(uint64_t h) {
  h ^= h >> 33;
  h *= 0xff51afd7ed558ccdULL;
  h ^= h >> 33;
  h *= 0xc4ceb9fe1a85ec53ULL;
  return h ^ (h >> 33);
}

// Words of letters and digits, ASCII case folded; other scripts' bytes count as letters.
std::vector<uint64_t> HashWords(std::string_view text) {
  constexpr uint64_t kFnvOffset = 0xcbf29ce484222325ULL;
  constexpr uint64_t kFnvPrime = 0x100000001b3ULL;
  std::vector<uint64_t> words;
  uint64_t hash = kFnvOffset;
  bool in_word = false;
  for (const char c : text.substr(0, kMaxComparedBytes)) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte) || byte >= 0x80) {
      hash = (hash ^ static_cast<unsigned char>(absl::ascii_tolower(byte))) * kFnvPrime;
      in_word = true;
    } else if (in_word) {
      words.push_back(hash);
      hash = kFnvOffset;
      in_word = false;
    }
  }
  if (in_word) words.push_back(hash);
  return words;
}

Sketch SketchOf(std::string_view text) {
  const std::vector<uint64_t> words = HashWords(text);
  Sketch sketch;
  for (size_t i = 0; i + kShingleWords <= words.size(); ++i) {
    uint64_t hash = 0;
    for (size_t k = 0; k < kShingleWords; ++k) hash = Mix(hash * 31 + words[i + k]);
    sketch.smallest.push_back(hash);
  }
  std::sort(sketch.smallest.begin(), sketch.smallest.end());
  sketch.smallest.erase(std::unique(sketch.smallest.begin(), sketch.smallest.end()), sketch.smallest.end());
  sketch.shingles = sketch.smallest.size();
  if (sketch.smallest.size() > kSketchSize) sketch.smallest.resize(kSketchSize);
  return sketch;
}

bool AreCopies(const Sketch& a, const Sketch& b) {
  if (a.shingles < kMinShingles || b.shingles < kMinShingles) return false;
  size_t common = 0;
  size_t seen = 0;  // of the union's smallest
  size_t i = 0;
  size_t k = 0;
  while (i < a.smallest.size() && k < b.smallest.size() && seen < kSketchSize) {
    ++seen;
    if (a.smallest[i] == b.smallest[k]) {
      ++common;
      ++i;
      ++k;
    } else if (a.smallest[i] < b.smallest[k]) {
      ++i;
    } else {
      ++k;
    }
  }
  // Two whole, small sketches: what is left of the longer one is in the union, too.
  if (seen < kSketchSize) seen += a.smallest.size() - i + b.smallest.size() - k;
  const double resemblance = static_cast<double>(common) / static_cast<double>(std::max<size_t>(1, seen));
  const double shared = resemblance / (1 + resemblance) * static_cast<double>(a.shingles + b.shingles);
  return shared >= kCopyShare * static_cast<double>(std::min(a.shingles, b.shingles));
}

// `https://www.example.org/page` to `www.example.org`.
std::string_view HostOf(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  const size_t user = url.rfind('@');
  if (user != std::string_view::npos) url.remove_prefix(user + 1);
  return url.substr(0, url.find(':'));
}

// How an outlet is compared: `The Daily Herald` and `daily herald`, `Reuters` and `www.reuters.com` are the same.
std::string OutletKey(std::string_view name) {
  const bool is_host = name.find('.') != std::string_view::npos && name.find(' ') == std::string_view::npos;
  std::vector<std::string> words = Analyze(name, 16);
  if (is_host && words.size() > 1) {
    words.pop_back();
    if (words.size() > 1 && words.back().size() <= 3) words.pop_back();  // co.uk, com.tr
    if (words.size() > 1 && words.front() == "www") words.erase(words.begin());
  } else if (words.size() > 1 && words.front() == "the") {
    words.erase(words.begin());
  }
  return absl::StrJoin(words, " ");
}

// The one whom all of a report's assertions are attributed to; empty: there is none.
std::string OnlyAttribution(const v1::IncidentFacts& facts) {
  std::string only;
  for (const v1::Claim& claim : facts.claims()) {
    if (claim.stance() != v1::STANCE_ASSERTS) continue;
    const std::string key = OutletKey(claim.attributed_to());
    if (key.empty() || (!only.empty() && key != only)) return "";
    only = key;
  }
  return only;
}

// Sets that grow together.
class Ties {
 public:
  explicit Ties(size_t size) : parents_(size) { std::iota(parents_.begin(), parents_.end(), size_t{0}); }
  size_t Find(size_t i) {
    while (parents_[i] != i) i = parents_[i] = parents_[parents_[i]];
    return i;
  }
  void Tie(size_t a, size_t b) { parents_[std::max(Find(a), Find(b))] = std::min(Find(a), Find(b)); }

 private:
  std::vector<size_t> parents_;
};

void TieByName(const std::vector<StoredReport>& reports, Ties* ties) {
  std::map<std::string, size_t> first_of;   // origin by name
  std::map<std::string, size_t> publishes;  // by publisher
  for (size_t i = 0; i < reports.size(); ++i) {
    const v1::Source& source = reports[i].source();
    std::string publisher = OutletKey(source.publisher());
    if (publisher.empty()) publisher = OutletKey(HostOf(source.url()));
    if (!publisher.empty()) publishes.emplace(publisher, i);
    const int chain = source.attribution_chain_size();
    std::string name = chain > 0 ? OutletKey(source.attribution_chain(chain - 1)) : "";
    if (name.empty()) name = publisher;
    if (name.empty()) name = source.document();
    if (name.empty()) continue;
    const auto [there, fresh] = first_of.emplace(name, i);
    if (!fresh) ties->Tie(there->second, i);
  }
  for (size_t i = 0; i < reports.size(); ++i) {
    if (reports[i].source().attribution_chain_size() > 0) continue;
    const auto cited = publishes.find(OnlyAttribution(reports[i].report().facts()));
    if (cited != publishes.end()) ties->Tie(cited->second, i);
  }
}

void TieByText(const std::vector<StoredReport>& reports, Ties* ties) {
  std::vector<Sketch> sketches;
  sketches.reserve(reports.size());
  for (const StoredReport& report : reports) sketches.push_back(SketchOf(report.text()));
  for (size_t i = 0; i < reports.size(); ++i) {
    for (size_t k = i + 1; k < reports.size(); ++k) {
      if (ties->Find(i) != ties->Find(k) && AreCopies(sketches[i], sketches[k])) ties->Tie(i, k);
    }
  }
}

}  // namespace

std::vector<uint32_t> FindOrigins(const std::vector<StoredReport>& reports) {
  Ties ties(reports.size());
  if (reports.size() > 1) {
    TieByName(reports, &ties);
    TieByText(reports, &ties);
  }
  std::map<size_t, uint32_t> numbers;
  std::vector<uint32_t> origins;
  origins.reserve(reports.size());
  for (size_t i = 0; i < reports.size(); ++i) {
    origins.push_back(numbers.emplace(ties.Find(i), static_cast<uint32_t>(numbers.size() + 1)).first->second);
  }
  return origins;
}

}  // namespace interdict::index
