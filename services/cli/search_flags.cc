#include "services/cli/search_flags.h"

#include <iostream>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/cli/command.h"
#include "services/cli/terminal.h"

namespace interdict::cli {

std::string SearchFlags::query() const { return absl::StrJoin(words, " "); }

std::string SearchFlags::order_by() const {
  if (!order.empty()) return order;
  return query().empty() ? "" : "relevance";
}

SentTexts SearchFlags::sent() const {
  SentTexts sent = {{"query", query()}, {"filter", filter}, {"order_by", order_by()}};
  for (size_t i = 0; i < facets.size(); ++i) {
    sent[absl::StrCat("facets[", i, "].dimension.field")] = facets[i].substr(0, facets[i].find(':'));
  }
  return sent;
}

absl::StatusOr<v1::FacetDimension> ParseDimension(const std::string& text) {
  static const auto* const kBuckets = new std::map<std::string, v1::DateBucket>{
      {"year", v1::DATE_BUCKET_YEAR}, {"month", v1::DATE_BUCKET_MONTH}, {"day", v1::DATE_BUCKET_DAY}};
  v1::FacetDimension dimension;
  const size_t colon = text.find(':');
  dimension.set_field(text.substr(0, colon));
  if (colon == std::string::npos) return dimension;
  const auto bucket = kBuckets->find(text.substr(colon + 1));
  if (bucket == kBuckets->end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "': behind the colon must be year, month or day, as in occurred:year"));
  }
  dimension.set_bucket(bucket->second);
  return dimension;
}

int FailSearch(const absl::Status& status, const SentTexts& sent) {
  const int code = Fail(status);
  ShowPlaceOfError(std::cerr, status, sent);
  return code;
}

void WarnOfMissing(const google::protobuf::RepeatedPtrField<v1::MissingShard>& missing) {
  for (const v1::MissingShard& shard : missing) {
    std::cerr << StyleOf(2).Warning(absl::StrCat("interdict: not complete, shard ", shard.shard(),
                                                 " is missing: ", shard.message(), " (", shard.reason(), ")"))
              << "\n";
  }
}

}  // namespace interdict::cli
