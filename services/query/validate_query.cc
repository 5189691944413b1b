#include "services/query/validate_query.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/server/status.h"
#include "storage/log/position.h"

namespace interdict::query {
namespace {

constexpr std::string_view kIncidents = "incidents/";
constexpr std::string_view kDocuments = "documents/";
constexpr size_t kIncidentDigits = 32;
constexpr size_t kDocumentDigits = 64;

bool IsLowerHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

absl::StatusOr<std::string> IdOf(const std::string& field, std::string_view name, std::string_view collection,
                                 size_t digits) {
  const bool right = name.size() == collection.size() + digits && name.substr(0, collection.size()) == collection &&
                     IsLowerHex(name.substr(collection.size()));
  if (!right) {
    return server::InvalidField(field, absl::StrCat("must be `", std::string(collection), "` with ", digits,
                                                    " lower-case hexadecimal digits behind it, as answers give it"));
  }
  return std::string(name.substr(collection.size()));
}

// The shard checks that the token is of its log.
absl::Status CheckReadAfter(const std::string& token) {
  if (token.empty() || log::DecodePositionToken(token, "").ok()) return absl::OkStatus();
  return server::Error(
      absl::StatusCode::kInvalidArgument, "INVALID_POSITION",
      "read_after: is no position token; hand back `position` or `read_position` of an answer unchanged",
      {{"field", "read_after"}});
}

absl::Status CheckView(int view) {
  if (v1::IncidentView_IsValid(view)) return absl::OkStatus();
  return server::InvalidField("view",
                              absl::StrCat(view, " is no value of IncidentView; use INCIDENT_VIEW_BASIC or _FULL"));
}

struct QueryShape {
  bool printable = true;
  size_t words = 0;
};

QueryShape ShapeOf(const std::string& query) {
  QueryShape shape;
  bool in_word = false;
  const auto size = static_cast<int32_t>(query.size());
  for (int32_t at = 0; at < size;) {
    UChar32 character = 0;
    U8_NEXT(query.data(), at, size, character);
    if (character <= 0) {  // not UTF-8, or NUL
      shape.printable = false;
      return shape;
    }
    const bool letter = (U_GET_GC_MASK(character) & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK)) != 0;
    if (letter && !in_word) ++shape.words;
    in_word = letter;
  }
  return shape;
}

}  // namespace

absl::StatusOr<std::string> ValidateGetIncident(const v1::GetIncidentRequest& request) {
  auto id = IdOf("name", request.name(), kIncidents, kIncidentDigits);
  if (!id.ok()) return id;
  if (auto status = CheckView(request.view()); !status.ok()) return status;
  if (auto status = CheckReadAfter(request.read_after()); !status.ok()) return status;
  return id;
}

absl::StatusOr<std::vector<std::string>> ValidateBatchGetIncidents(const v1::BatchGetIncidentsRequest& request,
                                                                   const QueryOptions& options) {
  if (request.names().empty()) return server::InvalidField("names", "is empty; name at least one incident");
  if (static_cast<size_t>(request.names_size()) > options.max_names) {
    return server::InvalidField("names", absl::StrCat(request.names_size(), " names; at most ", options.max_names,
                                                      " in one call, so split it"));
  }
  std::vector<std::string> ids;
  for (int i = 0; i < request.names_size(); ++i) {
    auto id = IdOf(absl::StrCat("names[", i, "]"), request.names(i), kIncidents, kIncidentDigits);
    if (!id.ok()) return id.status();
    ids.push_back(*std::move(id));
  }
  if (auto status = CheckView(request.view()); !status.ok()) return status;
  if (auto status = CheckReadAfter(request.read_after()); !status.ok()) return status;
  return ids;
}

absl::StatusOr<std::string> ValidateGetDocument(const v1::GetDocumentRequest& request) {
  auto id = IdOf("name", request.name(), kDocuments, kDocumentDigits);
  if (!id.ok()) return id;
  if (auto status = CheckReadAfter(request.read_after()); !status.ok()) return status;
  return id;
}

absl::StatusOr<int32_t> ValidateSearchIncidents(const v1::SearchIncidentsRequest& request,
                                                const QueryOptions& options) {
  const std::string& query = request.query();
  if (query.size() > options.max_query_bytes) {
    return server::InvalidField(
        "query", absl::StrCat(query.size(), " bytes; at most ", options.max_query_bytes, ", use fewer words"));
  }
  const QueryShape shape = ShapeOf(query);
  if (!shape.printable) return server::InvalidField("query", "must be UTF-8 without NUL");
  if (!query.empty() && shape.words == 0) {
    return server::InvalidField("query", "holds no letter or digit; leave it empty to get every incident");
  }
  if (shape.words > options.max_query_words) {
    return server::InvalidField("query",
                                absl::StrCat(shape.words, " words; at most ", options.max_query_words, ", use fewer"));
  }
  if (request.page_size() < 0) {
    return server::InvalidField("page_size",
                                absl::StrCat(request.page_size(), " is negative; use 0 for ", options.default_page_size,
                                             ", or 1 to ", options.max_page_size));
  }
  if (auto status = CheckReadAfter(request.read_after()); !status.ok()) return status;
  if (request.page_size() == 0) return options.default_page_size;
  return std::min(request.page_size(), options.max_page_size);
}

}  // namespace interdict::query
