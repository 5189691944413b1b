#include "services/ingest/pipeline/relevance/relevance.h"

#include <algorithm>
#include <array>

namespace interdict::pipeline {
namespace {

struct ClassWeight {
  const char* name;
  double weight;
  int most;  // more different cues of the class add nothing
};

// By CueClass. Words that name the trade weigh most; a response or a force alone is any crime, goods alone are any
// trade. Market news names goods, courts and officials by the dozen, so its own words count against it one by one.
constexpr std::array<ClassWeight, kCueClasses> kWeights = {{
    {"trade", 2.0, 3},
    {"breach", 1.2, 3},
    {"response", 1.0, 4},
    {"force", 0.8, 3},
    {"goods", 0.6, 4},
    {"market", -0.6, 12},
    {"policy", -0.5, 8},
    {"opinion", -0.5, 8},
    {"lawful", -1.0, 4},
    {"war", -0.7, 6},
}};

constexpr size_t kSegmentBytes = 750;  // a window is two segments
constexpr size_t kFamilyLetters = 5;
constexpr int kTalk = 5;
// A text that comes back to the same illicit trade is about it.
constexpr double kRepeatedWeight = 0.8;
constexpr int kMostRepeated = 4;

struct Hit {
  uint32_t segment;
  uint32_t family;
  CueClass cue_class;
};

// The score of the hits in [first, end); `seen` holds, by family, the number of the last window that counted it.
double ScoreWindow(std::vector<Hit>::const_iterator first, std::vector<Hit>::const_iterator end, uint32_t window,
                   std::vector<uint32_t>& seen) {
  std::array<int, kCueClasses> different{};
  int repeated = 0;
  for (auto hit = first; hit != end; ++hit) {
    if (seen[hit->family] == window) {
      repeated += hit->cue_class == CueClass::kTrade ? 1 : 0;
      continue;
    }
    seen[hit->family] = window;
    ++different[static_cast<size_t>(hit->cue_class)];
  }
  const auto count = [&](CueClass c) { return different[static_cast<size_t>(c)]; };
  // Goods and a word like "found" with no authority and no wrong are any news.
  if (count(CueClass::kTrade) + count(CueClass::kBreach) + count(CueClass::kForce) == 0) return 0;
  // Talk about laws and views that tells of hardly any response is talk, however many words of crime it uses.
  const int talk = count(CueClass::kPolicy) + count(CueClass::kOpinion);
  if (talk >= kTalk && talk > 2 * count(CueClass::kResponse)) return 0;
  double score = kRepeatedWeight * std::min(repeated, kMostRepeated);
  for (size_t c = 0; c < kCueClasses; ++c) score += kWeights[c].weight * std::min(different[c], kWeights[c].most);
  return score;
}

}  // namespace

bool Relevance::Add(std::string_view phrase, std::string_view cue_class) {
  const auto found = std::find_if(kWeights.begin(), kWeights.end(), [&](const auto& w) { return w.name == cue_class; });
  if (found == kWeights.end() || !scanner_.Add(phrase, static_cast<uint32_t>(cues_.size()))) return false;
  const std::string_view stem = phrase.substr(0, std::min(phrase.find('*'), kFamilyLetters));
  const std::string family = std::string(cue_class) + " " + std::string(stem);
  const auto known = std::find(families_.begin(), families_.end(), family);
  cues_.push_back({static_cast<CueClass>(found - kWeights.begin()), static_cast<uint32_t>(known - families_.begin())});
  if (known == families_.end()) families_.push_back(family);
  return true;
}

double Relevance::Score(std::string_view text) const {
  std::vector<Hit> hits;
  scanner_.Scan(text, [&](size_t begin, uint32_t id) {
    hits.push_back({static_cast<uint32_t>(begin / kSegmentBytes), cues_[id].family, cues_[id].cue_class});
  });
  double best = 0;
  std::vector<uint32_t> seen(families_.size(), 0);
  uint32_t window = 0;
  for (auto first = hits.cbegin(); first != hits.cend();) {
    const auto second = std::find_if(first, hits.cend(), [&](const Hit& h) { return h.segment > first->segment; });
    const auto end = std::find_if(second, hits.cend(), [&](const Hit& h) { return h.segment > first->segment + 1; });
    best = std::max(best, ScoreWindow(first, end, ++window, seen));
    // The last window of a text is not a half one: what weighs against it may stand in the other half.
    if (end == hits.cend()) break;
    first = second;
  }
  return best;
}

}  // namespace interdict::pipeline
