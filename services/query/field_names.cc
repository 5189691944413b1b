#include "services/query/field_names.h"

#include "absl/strings/str_replace.h"
#include "services/server/error_metadata.h"
#include "services/server/status.h"

namespace interdict::query {

absl::Status RenameField(const absl::Status& status, const std::string& shard_name, const std::string& client_name) {
  const std::string field = server::MetadataOf(status, "field");
  const std::string begin = server::MetadataOf(status, "begin");
  const std::string end = server::MetadataOf(status, "end");
  if (field.find(shard_name) == std::string::npos || begin.empty() || end.empty()) return status;
  const auto renamed = [&](absl::string_view text) { return absl::StrReplaceAll(text, {{shard_name, client_name}}); };
  return server::Error(status.code(), server::ReasonOf(status), renamed(status.message()),
                       {{"field", renamed(field)}, {"begin", begin}, {"end", end}});
}

}  // namespace interdict::query
