#include "services/ingest/validate_submission.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/ingest/calendar.h"
#include "services/server/status.h"
#include "storage/ids/extractor_version.h"

namespace interdict::ingest {
namespace {

using server::InvalidField;

constexpr size_t kMaxUrlBytes = 2048;
constexpr size_t kMaxPublisherBytes = 256;
constexpr size_t kMaxExternalIdBytes = 128;
constexpr size_t kMaxRequestIdBytes = 64;
constexpr size_t kMaxReasonBytes = 1024;
constexpr size_t kDocumentDigits = 64;
constexpr int kMaxFutureDays = 2;
constexpr std::string_view kDocuments = "documents/";
constexpr char kOwnExtractor[] = "interdict";

// UTF-8 of characters that a person can see, and spaces.
bool IsPrintable(std::string_view text) {
  const auto size = static_cast<int32_t>(text.size());
  for (int32_t at = 0; at < size;) {
    UChar32 character = 0;
    U8_NEXT(text.data(), at, size, character);
    if (character < 0) return false;
    if ((U_GET_GC_MASK(character) & (U_GC_CC_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK | U_GC_CS_MASK | U_GC_CN_MASK)) != 0) {
      return false;
    }
  }
  return true;
}

absl::Status CheckText(const std::string& field, const std::string& value, size_t max_bytes) {
  if (value.size() > max_bytes) {
    return InvalidField(field, absl::StrCat(value.size(), " bytes; at most ", max_bytes, ", shorten it"));
  }
  if (!IsPrintable(value)) {
    return InvalidField(field, "must be printable UTF-8: remove NUL and other control characters");
  }
  return absl::OkStatus();
}

absl::Status CheckUrl(const std::string& field, const std::string& url) {
  if (url.empty()) return absl::OkStatus();
  if (auto status = CheckText(field, url, kMaxUrlBytes); !status.ok()) return status;
  const std::string lower = absl::AsciiStrToLower(url);
  const size_t scheme = absl::StartsWith(lower, "https://") ? 8 : absl::StartsWith(lower, "http://") ? 7 : 0;
  const size_t host_end = lower.find_first_of("/?#", scheme);
  if (scheme == 0 || host_end == scheme || scheme == lower.size() || url.find(' ') != std::string::npos) {
    return InvalidField(
        field, "must be an absolute http or https URL without spaces, such as https://example.org/a; or empty");
  }
  return absl::OkStatus();
}

bool IsToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("!#$&^_.+-:").find(c) != std::string_view::npos;
  });
}

absl::Status CheckContentType(const std::string& field, const std::string& content_type) {
  if (content_type.empty()) return absl::OkStatus();
  const std::string remedy =
      "use text/plain, text/html or application/xhtml+xml, with `; charset=…` where known; or leave it empty";
  const std::vector<std::string> parts = absl::StrSplit(content_type, ';');
  const std::string type = absl::AsciiStrToLower(absl::StripAsciiWhitespace(parts[0]));
  if (type != "text/plain" && type != "text/html" && type != "application/xhtml+xml") {
    return InvalidField(field, "is no media type that is read; " + remedy);
  }
  for (size_t i = 1; i < parts.size(); ++i) {
    const std::string parameter(absl::StripAsciiWhitespace(parts[i]));
    if (parameter.empty() && i + 1 == parts.size()) continue;  // a semicolon at the end is common
    const size_t equals = parameter.find('=');
    std::string_view value =
        equals == std::string::npos ? std::string_view() : std::string_view(parameter).substr(equals + 1);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    if (equals == std::string::npos || !IsToken(std::string_view(parameter).substr(0, equals)) || !IsToken(value)) {
      return InvalidField(field, "has a malformed parameter; " + remedy);
    }
  }
  return absl::OkStatus();
}

absl::Status CheckPublished(const std::string& field, const std::string& published, absl::Time now) {
  if (published.empty()) return absl::OkStatus();
  const auto span = ParseDate(published);
  if (!span)
    return InvalidField(field, "is no date of the calendar; use YYYY-MM-DD, YYYY-MM or YYYY, or leave it empty");
  if (*span->first > absl::ToCivilDay(now, absl::UTCTimeZone()) + kMaxFutureDays) {
    return InvalidField(field, "lies more than two days in the future; correct it or leave it empty");
  }
  return absl::OkStatus();
}

absl::Status CheckFetchTime(const std::string& field, const v1::DocumentInput& input, absl::Time now) {
  if (!input.has_fetch_time()) return absl::OkStatus();
  const auto& stamp = input.fetch_time();
  // 253402300800: the year 10000, where google.protobuf.Timestamp ends.
  if (stamp.nanos() < 0 || stamp.nanos() > 999'999'999 || stamp.seconds() >= 253'402'300'800) {
    return InvalidField(field, "is no valid google.protobuf.Timestamp; correct it or leave it out");
  }
  if (stamp.seconds() <= 0) return InvalidField(field, "must lie after 1970-01-01; correct it or leave it out");
  if (absl::FromUnixSeconds(stamp.seconds()) > now + absl::Hours(24 * kMaxFutureDays)) {
    return InvalidField(field, "lies more than two days in the future; correct it or leave it out");
  }
  return absl::OkStatus();
}

absl::Status CheckDocumentInput(const std::string& prefix, const v1::DocumentInput& input,
                                const SubmissionLimits& limits) {
  if (input.content().empty()) return InvalidField(prefix + ".content", "is empty; send the bytes of the document");
  if (input.content().size() > limits.max_content_bytes) {
    return InvalidField(prefix + ".content", absl::StrCat(input.content().size(), " bytes; at most ",
                                                          limits.max_content_bytes, ", send a shorter document"));
  }
  if (auto status = CheckContentType(prefix + ".content_type", input.content_type()); !status.ok()) return status;
  if (auto status = CheckUrl(prefix + ".url", input.url()); !status.ok()) return status;
  if (auto status = CheckText(prefix + ".publisher", input.publisher(), kMaxPublisherBytes); !status.ok())
    return status;
  if (auto status = CheckPublished(prefix + ".published", input.published(), limits.now); !status.ok()) return status;
  if (auto status = CheckFetchTime(prefix + ".fetch_time", input, limits.now); !status.ok()) return status;
  if (!v1::TlpMarking_IsValid(input.tlp())) {
    return InvalidField(prefix + ".tlp",
                        absl::StrCat(static_cast<int>(input.tlp()),
                                     " is no value of TlpMarking; use TLP_MARKING_CLEAR to TLP_MARKING_RED"));
  }
  return CheckText(prefix + ".external_id", input.external_id(), kMaxExternalIdBytes);
}

}  // namespace

absl::Status CheckRequestId(const std::string& id) {
  const bool right = id.size() <= kMaxRequestIdBytes && std::all_of(id.begin(), id.end(), [](char c) {
                       return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.';
                     });
  if (right) return absl::OkStatus();
  return InvalidField("request_id", "must be 1 to 64 characters of A-Z a-z 0-9 - _ . (a UUID is usual), or empty");
}

absl::Status ValidateExtractor(const std::string& field, const v1::Extractor& extractor) {
  const std::string& name = extractor.name();
  const bool right = !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
  if (!right) return InvalidField(field + ".name", "must be 1 to 64 characters of a-z 0-9 - .");
  if (name == kOwnExtractor) return InvalidField(field + ".name", "`interdict` is reserved; choose a name of your own");
  if (!ids::ParseExtractorVersion(extractor.version())) {
    return InvalidField(field + ".version", "must be MAJOR.MINOR.PATCH, such as 1.0.0");
  }
  return absl::OkStatus();
}

absl::Status ValidateSubmitDocument(const v1::SubmitDocumentRequest& request, const SubmissionLimits& limits) {
  if (!request.has_document()) return InvalidField("document", "is missing; send the document");
  if (auto status = CheckDocumentInput("document", request.document(), limits); !status.ok()) return status;
  return CheckRequestId(request.request_id());
}

absl::Status ValidateExtractDocument(const v1::ExtractDocumentRequest& request, const SubmissionLimits& limits) {
  if (!request.has_document()) return InvalidField("document", "is missing; send the document");
  return CheckDocumentInput("document", request.document(), limits);
}

absl::Status ValidateSubmitReport(const v1::SubmitReportRequest& request, const SubmissionLimits& limits) {
  switch (request.subject_case()) {
    case v1::SubmitReportRequest::kDocument:
      if (auto id = ParseDocumentName("document", request.document()); !id.ok()) return id.status();
      break;
    case v1::SubmitReportRequest::kInput:
      if (auto status = CheckDocumentInput("input", request.input(), limits); !status.ok()) return status;
      break;
    case v1::SubmitReportRequest::SUBJECT_NOT_SET:
      return InvalidField("subject",
                          "is missing; set `document` to the name of a stored document, or `input` to a document");
  }
  if (auto status = ValidateExtractor("extractor", request.extractor()); !status.ok()) return status;
  if (static_cast<size_t>(request.facts_size()) > limits.max_reports) {
    return InvalidField(
        "facts", absl::StrCat(request.facts_size(), " incidents; at most ", limits.max_reports, " of one document"));
  }
  return CheckRequestId(request.request_id());
}

absl::Status ValidateRemoveDocument(const v1::RemoveDocumentRequest& request) {
  if (auto id = ParseDocumentName("name", request.name()); !id.ok()) return id.status();
  if (request.reason().empty()) return InvalidField("reason", "is empty; say why, it stays with the tombstone");
  return CheckText("reason", request.reason(), kMaxReasonBytes);
}

absl::StatusOr<std::string> ParseDocumentName(const std::string& field, const std::string& name) {
  const bool right = name.size() == kDocuments.size() + kDocumentDigits && absl::StartsWith(name, "documents/") &&
                     std::all_of(name.begin() + kDocuments.size(), name.end(),
                                 [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (!right) {
    return InvalidField(field,
                        "must be `documents/` with 64 lower-case hexadecimal digits behind it, as answers give it");
  }
  return name.substr(kDocuments.size());
}

absl::Status ExplainExtractorError(const absl::Status& status, const std::string& prefix) {
  if (status.code() != absl::StatusCode::kInvalidArgument || !server::FieldOf(status).empty()) return status;
  const std::string message(status.message());
  const size_t colon = message.find(": ");
  if (!absl::StartsWith(message, "document") || colon == std::string::npos) return InvalidField(prefix, message);
  return InvalidField(prefix + message.substr(8, colon - 8), message.substr(colon + 2));
}

}  // namespace interdict::ingest
