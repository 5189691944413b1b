#include "services/index/resolve/match/group_rows.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace interdict::index::match {
namespace {

constexpr std::string_view kTotalsKey = "totals";
constexpr size_t kDocumentIdBytes = 32;

template <typename Row>
absl::StatusOr<std::optional<Row>> Load(const records::Reader& reader, std::string_view family, std::string_view key) {
  auto value = reader.Get(family, key);
  if (!value.ok()) return value.status();
  if (!value->has_value()) return std::optional<Row>();
  Row row;
  if (!row.ParseFromString(**value)) {
    return absl::DataLossError(
        absl::StrCat("a record of ", std::string(family), " is not readable: delete the resolver's folder"));
  }
  return std::optional<Row>(std::move(row));
}

template <typename Row>
absl::StatusOr<Row> LoadOrDefault(const records::Reader& reader, std::string_view family, std::string_view key) {
  auto row = Load<Row>(reader, family, key);
  if (!row.ok()) return row.status();
  return row->has_value() ? **std::move(row) : Row();
}

}  // namespace

std::string MemberKey(std::string_view group_id, const internal::v1::ReportFeatures& features,
                      std::string_view report_id) {
  std::string key(group_id);
  if (features.document_id().size() == kDocumentIdBytes) return key += features.document_id();
  return key.append(report_id);
}

absl::StatusOr<std::optional<internal::v1::ReportFeatures>> LoadFeatures(const records::Reader& reader,
                                                                         std::string_view report_id) {
  return Load<internal::v1::ReportFeatures>(reader, kReportsFamily, report_id);
}

absl::StatusOr<internal::v1::MatchGroup> LoadGroup(const records::Reader& reader, std::string_view group_id) {
  return LoadOrDefault<internal::v1::MatchGroup>(reader, kGroupsFamily, group_id);
}

absl::StatusOr<internal::v1::MatchMembers> LoadMembers(const records::Reader& reader, std::string_view member_key) {
  return LoadOrDefault<internal::v1::MatchMembers>(reader, kMembersFamily, member_key);
}

absl::StatusOr<internal::v1::MatchKeyGroups> LoadKey(const records::Reader& reader, const BlockingKey& key) {
  return LoadOrDefault<internal::v1::MatchKeyGroups>(reader, kKeysFamily, RowKey(key));
}

absl::StatusOr<uint64_t> LoadGroupCount(const records::Reader& reader) {
  auto totals = LoadOrDefault<internal::v1::MatchTotals>(reader, kGroupsFamily, kTotalsKey);
  if (!totals.ok()) return totals.status();
  return totals->groups();
}

void PutGroupCount(uint64_t groups, records::Batch* batch) {
  internal::v1::MatchTotals totals;
  totals.set_groups(groups);
  batch->Put(kGroupsFamily, kTotalsKey, totals.SerializeAsString());
}

absl::StatusOr<std::vector<std::string>> ListReports(const records::Reader& reader, std::string_view group_id,
                                                     size_t most) {
  std::vector<std::string> reports;
  const auto cursor = reader.Scan(kMembersFamily, group_id);
  for (; cursor->Valid() && reports.size() < most; cursor->Next()) {
    internal::v1::MatchMembers members;
    const std::string_view value = cursor->value();
    if (!members.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      return absl::DataLossError("a record of match_members is not readable: delete the resolver's folder");
    }
    for (const std::string& report : members.reports()) {
      if (reports.size() < most) reports.push_back(report);
    }
  }
  if (!cursor->status().ok()) return cursor->status();
  return reports;
}

}  // namespace interdict::index::match
