// Messages as JSON Lines: proto3 JSON on one line, with further members put in front.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "google/protobuf/message.h"

namespace interdict::cli {

// The message in proto3 JSON, without line breaks. `members` are added in front, values as JSON strings.
// Example: {"id":"czech-dprk-2021","document":{…},"reports":[…]}.
std::string JsonLine(const google::protobuf::Message& message,
                     const std::vector<std::pair<std::string, std::string>>& members = {});

}  // namespace interdict::cli
