#include "services/index/entry/names.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

constexpr size_t kDocumentHexDigits = 2 * records::kDocumentIdBytes;

}  // namespace

absl::StatusOr<std::string> DocumentIdFromName(std::string_view name) {
  if (name.substr(0, 10) != "documents/") return absl::InvalidArgumentError("not of the form documents/{document}");
  return records::IdFromHex(name.substr(10), records::kDocumentIdBytes);
}

absl::StatusOr<ReportIds> ReportIdsFromName(std::string_view name) {
  constexpr std::string_view kMiddle = "/reports/";
  constexpr size_t kDocumentLength = 10 + kDocumentHexDigits;
  if (name.size() < kDocumentLength || name.substr(kDocumentLength, kMiddle.size()) != kMiddle) {
    return absl::InvalidArgumentError("not of the form documents/{document}/reports/{report}");
  }
  auto document = DocumentIdFromName(name.substr(0, kDocumentLength));
  if (!document.ok()) return document.status();
  auto report = records::IdFromHex(name.substr(kDocumentLength + kMiddle.size()), records::kReportIdBytes);
  if (!report.ok()) return report.status();
  return ReportIds{*std::move(document), *std::move(report)};
}

std::string DocumentName(std::string_view document_id) {
  return absl::StrCat("documents/", records::HexFromId(document_id));
}

std::string IncidentName(std::string_view incident_id) {
  return absl::StrCat("incidents/", records::HexFromId(incident_id));
}

}  // namespace interdict::index
