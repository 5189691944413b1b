#include "services/index/resolve/judged_groups.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>
#include <utility>

#include "absl/time/time.h"
#include "storage/ids/ids.h"

namespace interdict::index {
namespace {

using internal::v1::AnchorList;
using internal::v1::JudgementDecided;
using internal::v1::ResolvedJudgement;
using v1::Judgement;

// A report that no judgement names is compared with so many that one names, on each side.
constexpr size_t kMaxCompared = 16;

// An incident in the making.
struct Block {
  std::string incident_id;
  int64_t create_time_us = 0;
  std::set<size_t> lines;
};

class Judging {
 public:
  Judging(const Component& component, const AlikeLines& alike) : component_(component), alike_(alike) {
    for (size_t i = 0; i < component.lines.size(); ++i) index_of_[component.lines[i].line_id] = i;
    std::map<std::string, size_t> block_of_group;
    for (size_t i = 0; i < component.lines.size(); ++i) {
      const std::string& group = component.lines[i].group_id;
      const auto [place, fresh] = block_of_group.try_emplace(group, blocks_.size());
      if (fresh) blocks_.push_back({group, component.group_create_time_us.at(group), {}});
      blocks_[place->second].lines.insert(i);
    }
  }

  IncidentGrouping Run();

 private:
  std::vector<size_t> LinesOf(const AnchorList& anchors) const;
  Judgement::State Apply(const JudgementDecided& decided);
  bool HasLines(const JudgementDecided& decided) const;
  size_t BlockOf(size_t line) const;
  void Unite(const JudgementDecided& decided);
  void Part(const JudgementDecided& decided);
  void PartBlock(size_t block, const std::vector<size_t>& reports, const std::vector<size_t>& from,
                 const JudgementDecided& decided);
  bool GoesWithReports(size_t line, const std::vector<size_t>& reports, const std::vector<size_t>& from) const;
  bool Holds(const JudgementDecided& decided) const;

  const Component& component_;
  const AlikeLines& alike_;
  std::map<std::string, size_t> index_of_;
  std::vector<Block> blocks_;
  std::set<size_t> retracted_;
};

// Those of the anchors that stand, in order.
std::vector<size_t> Judging::LinesOf(const AnchorList& anchors) const {
  std::set<size_t> lines;
  for (const internal::v1::Anchor& anchor : anchors.anchors()) {
    const auto line = index_of_.find(anchor.line_id());
    if (line != index_of_.end()) lines.insert(line->second);
  }
  return {lines.begin(), lines.end()};
}

size_t Judging::BlockOf(size_t line) const {
  size_t block = 0;
  while (blocks_[block].lines.count(line) == 0) ++block;
  return block;
}

// Whether there is still something that the judgement speaks of; `same` and `different` need two sides.
bool Judging::HasLines(const JudgementDecided& decided) const {
  const size_t sides =
      static_cast<size_t>(std::count_if(decided.anchors().begin(), decided.anchors().end(),
                                        [&](const AnchorList& list) { return !LinesOf(list).empty(); }));
  const bool between = decided.judgement().has_same() || decided.judgement().has_different();
  return sides >= (between ? 2u : 1u);
}

void Judging::Unite(const JudgementDecided& decided) {
  std::set<size_t> united;
  for (const AnchorList& list : decided.anchors()) {
    for (const size_t line : LinesOf(list)) united.insert(BlockOf(line));
  }
  if (united.size() < 2) return;
  const auto age = [&](size_t block) {
    return std::make_tuple(blocks_[block].create_time_us, *blocks_[block].lines.begin());
  };
  const size_t oldest =
      *std::min_element(united.begin(), united.end(), [&](size_t a, size_t b) { return age(a) < age(b); });
  std::vector<Block> left;
  for (size_t i = 0; i < blocks_.size(); ++i) {
    if (i != oldest && united.count(i) > 0)
      blocks_[oldest].lines.insert(blocks_[i].lines.begin(), blocks_[i].lines.end());
  }
  for (size_t i = 0; i < blocks_.size(); ++i) {
    if (i == oldest || united.count(i) == 0) left.push_back(std::move(blocks_[i]));
  }
  blocks_ = std::move(left);
}

bool Judging::GoesWithReports(size_t line, const std::vector<size_t>& reports, const std::vector<size_t>& from) const {
  const auto& lines = component_.lines;
  const auto in_group = [&](const std::vector<size_t>& side) {
    return std::any_of(side.begin(), side.end(),
                       [&](size_t other) { return lines[other].group_id == lines[line].group_id; });
  };
  if (in_group(reports) != in_group(from)) return in_group(reports);
  const auto best = [&](const std::vector<size_t>& side) {
    double score = 0;
    for (size_t i = 0; i < side.size() && i < kMaxCompared; ++i) {
      score = std::max(score, alike_(lines[line], lines[side[i]]));
    }
    return score;
  };
  return best(reports) > best(from);
}

void Judging::PartBlock(size_t block, const std::vector<size_t>& reports, const std::vector<size_t>& from,
                        const JudgementDecided& decided) {
  const auto has = [](const std::vector<size_t>& side, size_t line) {
    return std::binary_search(side.begin(), side.end(), line);
  };
  std::array<Block, 2> parts;
  for (const size_t line : blocks_[block].lines) {
    const bool with_reports = has(reports, line) || (!has(from, line) && GoesWithReports(line, reports, from));
    parts[with_reports ? 1 : 0].lines.insert(line);
  }
  const std::string judgement_id = JudgementId(decided.judgement());
  for (size_t i = 0; i < parts.size(); ++i) {
    parts[i].incident_id = ids::PartId(blocks_[block].incident_id, judgement_id, i == 1 ? "reports" : "from");
    parts[i].create_time_us = absl::ToUnixMicros(absl::FromUnixSeconds(decided.judgement().create_time().seconds()) +
                                                 absl::Nanoseconds(decided.judgement().create_time().nanos()));
  }
  blocks_[block] = std::move(parts[0]);
  blocks_.push_back(std::move(parts[1]));
}

void Judging::Part(const JudgementDecided& decided) {
  if (decided.anchors_size() != 2) return;
  const std::vector<size_t> reports = LinesOf(decided.anchors(0));
  const std::vector<size_t> from = LinesOf(decided.anchors(1));
  const size_t count = blocks_.size();
  for (size_t block = 0; block < count; ++block) {
    const auto here = [&](size_t line) { return blocks_[block].lines.count(line) > 0; };
    if (std::any_of(reports.begin(), reports.end(), here) && std::any_of(from.begin(), from.end(), here)) {
      PartBlock(block, reports, from, decided);
    }
  }
}

Judgement::State Judging::Apply(const JudgementDecided& decided) {
  if (!HasLines(decided)) return Judgement::STATE_ORPHANED;
  if (decided.judgement().has_same()) Unite(decided);
  if (decided.judgement().has_different()) Part(decided);
  if (decided.judgement().has_retract()) {
    for (const size_t line : LinesOf(decided.anchors(0))) retracted_.insert(line);
  }
  return Judgement::STATE_ACTIVE;
}

// Whether the incidents are as the judgement says, now that all are applied.
bool Judging::Holds(const JudgementDecided& decided) const {
  std::vector<std::set<size_t>> blocks;  // by side
  std::set<size_t> all;
  for (const AnchorList& list : decided.anchors()) {
    std::set<size_t>& side = blocks.emplace_back();
    for (const size_t line : LinesOf(list)) side.insert(BlockOf(line));
    all.insert(side.begin(), side.end());
  }
  if (decided.judgement().has_same()) return all.size() <= 1;
  if (!decided.judgement().has_different() || blocks.size() != 2) return true;
  return std::none_of(blocks[0].begin(), blocks[0].end(), [&](size_t block) { return blocks[1].count(block) > 0; });
}

IncidentGrouping Judging::Run() {
  IncidentGrouping grouping;
  for (const ResolvedJudgement& judgement : component_.judgements) {
    const std::string id = JudgementId(judgement.decided().judgement());
    grouping.states[id] = IsInForce(judgement) ? Apply(judgement.decided()) : judgement.decided().judgement().state();
  }
  for (const ResolvedJudgement& judgement : component_.judgements) {
    Judgement::State& state = grouping.states[JudgementId(judgement.decided().judgement())];
    if (state == Judgement::STATE_ACTIVE && !Holds(judgement.decided())) state = Judgement::STATE_OVERRULED;
  }
  grouping.incident_of.resize(component_.lines.size());
  for (const Block& block : blocks_) {
    grouping.create_time_us[block.incident_id] = block.create_time_us;
    for (const size_t line : block.lines) {
      if (retracted_.count(line) == 0) grouping.incident_of[line] = block.incident_id;
    }
  }
  return grouping;
}

}  // namespace

std::string JudgementId(const Judgement& judgement) { return judgement.name().substr(judgement.name().find('/') + 1); }

bool IsInForce(const ResolvedJudgement& judgement) {
  const Judgement::State state = judgement.decided().judgement().state();
  return state != Judgement::STATE_UNDONE && state != Judgement::STATE_INVALID;
}

IncidentGrouping ApplyJudgements(const Component& component, const AlikeLines& alike) {
  return Judging(component, alike).Run();
}

}  // namespace interdict::index
