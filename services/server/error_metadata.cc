#include "services/server/error_metadata.h"

#include "absl/strings/cord.h"
#include "google/rpc/error_details.pb.h"

namespace interdict::server {

std::string MetadataOf(const absl::Status& status, const std::string& key) {
  const auto payload = status.GetPayload("type.googleapis.com/" + google::rpc::ErrorInfo::descriptor()->full_name());
  google::rpc::ErrorInfo info;
  if (!payload.has_value() || !info.ParseFromString(std::string(*payload))) return "";
  const auto found = info.metadata().find(key);
  return found == info.metadata().end() ? "" : found->second;
}

}  // namespace interdict::server
