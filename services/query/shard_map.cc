#include "services/query/shard_map.h"

#include <algorithm>
#include <vector>

#include "absl/strings/strip.h"
#include "storage/log/incident_partition.h"
#include "storage/log/position.h"

namespace interdict::query {
namespace {

constexpr size_t kIdDigits = 32;
constexpr std::string_view kSpaces = " \t\r\n";

// The incident partitions of a position; empty if it is none.
std::vector<uint32_t> IncidentPartitionsOf(const std::string& read_position) {
  std::vector<uint32_t> partitions;
  const auto positions = log::DecodePositionToken(read_position, "");
  if (!positions.ok()) return partitions;
  for (const auto& [partition, sequence] : *positions) {
    if (partition.log == log::LogName::kIncidents) partitions.push_back(partition.number);
  }
  return partitions;
}

// Words, strings (with their quotes) and comparators, one after the other; empty: what is read is not that simple.
std::vector<std::string_view> SimpleTokens(std::string_view filter) {
  std::vector<std::string_view> tokens;
  for (size_t i = 0; i < filter.size();) {
    if (kSpaces.find(filter[i]) != std::string_view::npos) {
      ++i;
      continue;
    }
    size_t end = i + 1;
    if (filter[i] == '"' || filter[i] == '\'') {
      end = filter.find(filter[i], i + 1);
      if (end == std::string_view::npos) return {};
      ++end;
      if (filter.substr(i, end - i).find('\\') != std::string_view::npos) return {};
    } else if (std::string_view("=!<>:").find(filter[i]) != std::string_view::npos) {
      end = std::min(filter.find_first_not_of("=!<>:", i), filter.size());
    } else if (std::string_view("(),-").find(filter[i]) != std::string_view::npos) {
      return {};
    } else {
      end = std::min(filter.find_first_of(" \t\r\n=!<>:(),\"'", i), filter.size());
    }
    tokens.push_back(filter.substr(i, end - i));
    i = end;
  }
  return tokens;
}

std::optional<std::string> IdOf(std::string_view value) {
  if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'')) value = value.substr(1, value.size() - 2);
  const std::string id(absl::StripPrefix(absl::string_view(value.data(), value.size()), "incidents/"));
  if (id.size() != kIdDigits || id.size() == value.size()) return std::nullopt;
  if (id.find_first_not_of("0123456789abcdef") != std::string::npos) return std::nullopt;
  return id;
}

}  // namespace

void ShardMap::Learn(size_t shard, const std::string& read_position) {
  std::lock_guard lock(mutex_);
  if (heard_.count(shard) > 0) return;
  const std::vector<uint32_t> partitions = IncidentPartitionsOf(read_position);
  if (partitions.empty()) return;
  for (const uint32_t partition : partitions) shard_of_[partition] = shard;
  heard_.insert(shard);
}

std::optional<size_t> ShardMap::ShardOf(std::string_view incident_id) const {
  std::lock_guard lock(mutex_);
  if (heard_.size() != shards_) return std::nullopt;
  // Numbered from 0 without a gap, or a partition is nobody's and their number is not known.
  const auto count = static_cast<uint32_t>(shard_of_.size());
  if (shard_of_.rbegin()->first != count - 1) return std::nullopt;
  return shard_of_.at(log::IncidentPartition(incident_id, count));
}

bool ShardMap::Confirms(std::string_view incident_id, const std::string& read_position) {
  const std::vector<uint32_t> partitions = IncidentPartitionsOf(read_position);
  std::lock_guard lock(mutex_);
  const auto count = static_cast<uint32_t>(shard_of_.size());
  if (count > 0 &&
      std::find(partitions.begin(), partitions.end(), log::IncidentPartition(incident_id, count)) != partitions.end()) {
    return true;
  }
  shard_of_.clear();
  heard_.clear();
  return false;
}

std::optional<std::string> IncidentNamedBy(std::string_view filter) {
  const std::vector<std::string_view> tokens = SimpleTokens(filter);
  std::optional<std::string> id;
  for (size_t i = 0; i < tokens.size();) {
    if (tokens[i] == "OR" || tokens[i] == "NOT") return std::nullopt;
    if (tokens[i] == "AND") {
      ++i;
      continue;
    }
    if (i + 2 >= tokens.size()) return std::nullopt;
    if (tokens[i] == "name" && tokens[i + 1] == "=") {
      const auto named = IdOf(tokens[i + 2]);
      // Two names: none matches, which any shard can say.
      if (named) id = named;
    }
    i += 3;
  }
  return id;
}

}  // namespace interdict::query
