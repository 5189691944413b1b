#include "services/cli/json_lines.h"

#include "google/protobuf/util/json_util.h"
#include "nlohmann/json.hpp"

namespace interdict::cli {

std::string JsonLine(const google::protobuf::Message& message,
                     const std::vector<std::pair<std::string, std::string>>& members) {
  std::string body;
  // Cannot fail: none of our messages holds an Any.
  const auto status = google::protobuf::util::MessageToJsonString(message, &body);
  if (!status.ok()) return "{\"error\":\"" + status.ToString() + "\"}";
  std::string line = "{";
  for (const auto& [key, value] : members) {
    if (line.size() > 1) line += ",";
    line += "\"" + key + "\":" + nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  if (body == "{}") return line + "}";
  return line + (members.empty() ? "" : ",") + body.substr(1);
}

}  // namespace interdict::cli
