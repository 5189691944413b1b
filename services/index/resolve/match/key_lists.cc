#include "services/index/resolve/match/key_lists.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "services/index/resolve/match/group_index.h"
#include "services/index/resolve/match/group_rows.h"

namespace interdict::index::match {
namespace {

using internal::v1::MatchKeyGroups;

// Added to the number of groups, so that in a small store nothing counts as common.
constexpr double kPriorGroups = 1000;

// What sharing a key of a kind says, next to a name of its own.
double Weight(KeyKind kind) {
  switch (kind) {
    case KeyKind::kConveyance:
      return 2;
    case KeyKind::kName:
      return 1.5;
    case KeyKind::kNamePair:
      return 1;
    case KeyKind::kTerm:
      return 0.8;
    case KeyKind::kAmount:
      return 0.6;
    case KeyKind::kPlaceAndTime:
      return 0.9;
    case KeyKind::kCountryAndTime:
      return 0.6;
    case KeyKind::kText:
      return 0.8;
  }
  return 0;
}

double RarityOf(const MatchKeyGroups& row, double groups) {
  const double all = groups + kPriorGroups;
  return std::max(0.0, std::log(all / (static_cast<double>(row.groups()) + 1)) / std::log(all));
}

int PlaceOf(const MatchKeyGroups& row, std::string_view group_id) {
  const std::string_view ids = row.group_ids();
  for (int i = 0; i < row.reports_size(); ++i) {
    if (ids.substr(static_cast<size_t>(i) * kGroupIdBytes, kGroupIdBytes) == group_id) return i;
  }
  return -1;
}

void Unlist(int place, MatchKeyGroups& row) {
  row.mutable_group_ids()->erase(static_cast<size_t>(place) * kGroupIdBytes, kGroupIdBytes);
  row.mutable_reports()->erase(row.reports().begin() + place);
}

bool IsTooCommon(const MatchKeyGroups& row) { return row.groups() >= kTooCommonGroups; }

}  // namespace

absl::StatusOr<FoundByKeys> FindByKeys(const std::vector<BlockingKey>& keys, const records::Reader& reader,
                                       size_t most) {
  FoundByKeys found;
  auto groups = LoadGroupCount(reader);
  if (!groups.ok()) return groups.status();
  absl::flat_hash_map<std::string, double> votes;
  for (const BlockingKey& key : keys) {
    auto row = LoadKey(reader, key);
    if (!row.ok()) return row.status();
    if (row->groups() == 0) continue;
    const double rarity = RarityOf(*row, static_cast<double>(*groups));
    if (key.kind == KeyKind::kTerm || key.kind == KeyKind::kName) found.rarity[key.hash] = static_cast<float>(rarity);
    if (most == 0) continue;
    for (int i = 0; i < row->reports_size(); ++i) {
      votes[row->group_ids().substr(static_cast<size_t>(i) * kGroupIdBytes, kGroupIdBytes)] +=
          Weight(key.kind) * rarity;
    }
  }
  std::vector<std::pair<double, std::string>> ranked;
  ranked.reserve(votes.size());
  for (const auto& [group_id, vote] : votes) ranked.emplace_back(-vote, group_id);
  const auto end = ranked.begin() + static_cast<std::ptrdiff_t>(std::min(most, ranked.size()));
  std::partial_sort(ranked.begin(), end, ranked.end());
  for (auto it = ranked.begin(); it != end; ++it) found.group_ids.push_back(std::move(it->second));
  return found;
}

absl::Status AddToKeys(const std::vector<BlockingKey>& keys, std::string_view group_id, const records::Reader& reader,
                       records::Batch* batch) {
  for (const BlockingKey& key : keys) {
    auto row = LoadKey(reader, key);
    if (!row.ok()) return row.status();
    if (IsTooCommon(*row)) continue;
    const int place = PlaceOf(*row, group_id);
    if (place >= 0) {
      row->set_reports(place, row->reports(place) + 1);
    } else {
      row->set_groups(row->groups() + 1);
      row->mutable_group_ids()->append(group_id);
      row->add_reports(1);
      if (static_cast<size_t>(row->reports_size()) > kMaxListedGroups) Unlist(0, *row);
    }
    if (IsTooCommon(*row)) {
      row->clear_group_ids();
      row->clear_reports();
    }
    batch->Put(kKeysFamily, RowKey(key), row->SerializeAsString());
  }
  return absl::OkStatus();
}

absl::Status RemoveFromKeys(const std::vector<BlockingKey>& keys, std::string_view group_id,
                            const records::Reader& reader, records::Batch* batch) {
  for (const BlockingKey& key : keys) {
    auto row = LoadKey(reader, key);
    if (!row.ok()) return row.status();
    const int place = PlaceOf(*row, group_id);
    // Pushed out by newer groups: nobody knows how many of its reports have the key.
    if (place < 0) continue;
    if (row->reports(place) > 1) {
      row->set_reports(place, row->reports(place) - 1);
    } else {
      Unlist(place, *row);
      row->set_groups(row->groups() - std::min<uint64_t>(row->groups(), 1));
    }
    if (row->groups() == 0) {
      batch->Delete(kKeysFamily, RowKey(key));
    } else {
      batch->Put(kKeysFamily, RowKey(key), row->SerializeAsString());
    }
  }
  return absl::OkStatus();
}

}  // namespace interdict::index::match
