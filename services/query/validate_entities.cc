#include "services/query/validate_entities.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "services/query/validate_query.h"
#include "services/server/status.h"

namespace interdict::query {
namespace {

using server::InvalidField;

constexpr std::string_view kEntities = "entities/";
constexpr std::string_view kLists = "lists/";
constexpr size_t kEntityDigits = 32;
constexpr int kMaxQueries = 10'000;
constexpr size_t kMaxIdBytes = 128;
constexpr size_t kMaxNameBytes = 16'384;  // of which the index reads 1,024
constexpr int kMaxCodes = 50;
constexpr int kMaxIdentifiers = 20;
constexpr int kMaxLists = 100;
constexpr double kDefaultThreshold = 0.7;
constexpr int kDefaultLimit = 10;
constexpr int kMaxLimit = 100;
constexpr int kDefaultDepth = 1;
constexpr int kMaxDepth = 4;
constexpr int kDefaultEntities = 100;
constexpr int kMaxEntities = 1000;
constexpr int kDefaultIncidents = 50;
constexpr int kMaxIncidents = 500;

absl::StatusOr<std::string> EntityId(const std::string& field, const std::string& name) {
  const std::string_view id = std::string_view(name).substr(std::min(name.size(), kEntities.size()));
  const bool hex =
      std::all_of(id.begin(), id.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (name.rfind(kEntities, 0) != 0 || id.size() != kEntityDigits || !hex) {
    return InvalidField(field,
                        "must be `entities/` with 32 lower-case hexadecimal digits behind it, as answers give it");
  }
  return std::string(id);
}

absl::Status CheckCodes(const std::string& field, const google::protobuf::RepeatedPtrField<std::string>& codes) {
  if (codes.size() > kMaxCodes) return InvalidField(field, absl::StrCat("at most ", kMaxCodes, " countries"));
  for (int i = 0; i < codes.size(); ++i) {
    const std::string& code = codes.Get(i);
    if (code.size() == 2 && absl::ascii_isupper(code[0]) && absl::ascii_isupper(code[1])) continue;
    return InvalidField(absl::StrCat(field, "[", i, "]"), "must be an ISO 3166-1 code of two capital letters");
  }
  return absl::OkStatus();
}

// A year, month or day, or two of them with a slash between; each may be about (`~`).
bool IsDate(const std::string& text) {
  const std::vector<std::string> ends = absl::StrSplit(text, '/');
  return ends.size() <= 2 && std::all_of(ends.begin(), ends.end(), [](std::string end) {
           if (!end.empty() && (end.back() == '~' || end.back() == '?' || end.back() == '%')) end.pop_back();
           absl::CivilYear year;
           absl::CivilMonth month;
           absl::CivilDay day;
           return (end.size() == 4 && absl::ParseCivilTime(end, &year)) ||
                  (end.size() == 7 && absl::ParseCivilTime(end, &month)) ||
                  (end.size() == 10 && absl::ParseCivilTime(end, &day));
         });
}

// 0 becomes `by_default`; beyond `most` it is an error.
absl::StatusOr<int> Within(const std::string& field, int asked, int by_default, int most) {
  if (asked < 0 || asked > most) {
    return InvalidField(field, absl::StrCat(asked, " is out of range; use 0 for ", by_default, ", or 1 to ", most));
  }
  return asked == 0 ? by_default : asked;
}

absl::Status CheckQuery(const std::string& field, const v1::MatchQuery& query) {
  if (query.name().empty() && query.identifiers().empty()) {
    return InvalidField(field + ".name", "is empty, and there is no identifier; give one of them");
  }
  if (query.name().size() > kMaxNameBytes) {
    return InvalidField(field + ".name", absl::StrCat("at most ", kMaxNameBytes, " bytes"));
  }
  if (query.id().size() > kMaxIdBytes)
    return InvalidField(field + ".id", absl::StrCat("at most ", kMaxIdBytes, " bytes"));
  if (!v1::PartyKind_IsValid(query.kind())) return InvalidField(field + ".kind", "is no value of PartyKind");
  if (!query.birth_date().empty() && !IsDate(query.birth_date())) {
    return InvalidField(field + ".birth_date", "must be an EDTF date, such as `1963`, `1963-10-24` or `1962/1964`");
  }
  if (query.identifiers_size() > kMaxIdentifiers) {
    return InvalidField(field + ".identifiers", absl::StrCat("at most ", kMaxIdentifiers));
  }
  for (int i = 0; i < query.identifiers_size(); ++i) {
    const v1::Identifier& identifier = query.identifiers(i);
    if (identifier.value().empty() || identifier.value().size() > kMaxIdBytes) {
      return InvalidField(absl::StrCat(field, ".identifiers[", i, "].value"), "must be 1 to 128 bytes");
    }
  }
  return CheckCodes(field + ".country_codes", query.country_codes());
}

absl::Status CheckEnums(const v1::MatchEntitiesRequest& request) {
  if (!v1::MatchSource_IsValid(request.source())) return InvalidField("source", "is no value of MatchSource");
  for (const int kind : request.kinds()) {
    if (!v1::PartyKind_IsValid(kind)) return InvalidField("kinds", absl::StrCat(kind, " is no value of PartyKind"));
  }
  for (const int role : request.roles()) {
    if (!v1::PartyRole_IsValid(role)) return InvalidField("roles", absl::StrCat(role, " is no value of PartyRole"));
  }
  return absl::OkStatus();
}

absl::Status CheckLists(const v1::MatchEntitiesRequest& request) {
  if (request.lists_size() > kMaxLists) return InvalidField("lists", absl::StrCat("at most ", kMaxLists));
  for (int i = 0; i < request.lists_size(); ++i) {
    if (request.lists(i).rfind(kLists, 0) == 0) continue;
    return InvalidField(absl::StrCat("lists[", i, "]"), "must be `lists/` with the list's id behind it");
  }
  if (!request.lists().empty() && (!request.roles().empty() || request.source() == v1::MATCH_SOURCE_INCIDENTS)) {
    return InvalidField("lists",
                        "entries of lists have no role in an incident: leave out `lists`, or `roles` and `source`");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::MatchEntitiesRequest> ValidateMatchEntities(const v1::MatchEntitiesRequest& request) {
  if (request.queries().empty() || request.queries_size() > kMaxQueries) {
    return InvalidField("queries", absl::StrCat("there are ", request.queries_size(), "; give 1 to ", kMaxQueries));
  }
  for (int i = 0; i < request.queries_size(); ++i) {
    if (auto status = CheckQuery(absl::StrCat("queries[", i, "]"), request.queries(i)); !status.ok()) return status;
  }
  if (auto status = CheckEnums(request); !status.ok()) return status;
  if (auto status = CheckLists(request); !status.ok()) return status;
  if (auto status = CheckCodes("country_codes", request.country_codes()); !status.ok()) return status;
  if (!(request.threshold() >= 0 && request.threshold() <= 1)) return InvalidField("threshold", "must be 0 to 1");
  if (auto status = CheckReadAfter(request.read_after()); !status.ok()) return status;
  const auto limit = Within("limit", request.limit(), kDefaultLimit, kMaxLimit);
  if (!limit.ok()) return limit.status();
  v1::MatchEntitiesRequest complete = request;
  complete.set_limit(*limit);
  if (complete.threshold() == 0) complete.set_threshold(kDefaultThreshold);
  return complete;
}

absl::StatusOr<std::string> ValidateGetEntity(const v1::GetEntityRequest& request) {
  auto id = EntityId("name", request.name());
  if (!id.ok()) return id;
  if (auto status = CheckReadAfter(request.read_after()); !status.ok()) return status;
  return id;
}

absl::StatusOr<v1::ExpandNetworkRequest> ValidateExpandNetwork(const v1::ExpandNetworkRequest& request) {
  if (const auto id = EntityId("name", request.name()); !id.ok()) return id.status();
  if (!request.to().empty()) {
    if (const auto id = EntityId("to", request.to()); !id.ok()) return id.status();
  }
  if (auto status = CheckReadAfter(request.read_after()); !status.ok()) return status;
  const auto depth = Within("depth", request.depth(), kDefaultDepth, kMaxDepth);
  if (!depth.ok()) return depth.status();
  const auto entities = Within("max_entities", request.max_entities(), kDefaultEntities, kMaxEntities);
  if (!entities.ok()) return entities.status();
  const auto incidents =
      Within("max_incidents_per_entity", request.max_incidents_per_entity(), kDefaultIncidents, kMaxIncidents);
  if (!incidents.ok()) return incidents.status();
  v1::ExpandNetworkRequest complete = request;
  complete.set_depth(*depth);
  complete.set_max_entities(*entities);
  complete.set_max_incidents_per_entity(*incidents);
  return complete;
}

}  // namespace interdict::query
