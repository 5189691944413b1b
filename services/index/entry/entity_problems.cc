#include "services/index/entry/entity_problems.h"

#include "storage/records/keys.h"

namespace interdict::index {
namespace {

constexpr size_t kShortIdBytes = 16;

bool IsShortId(const std::string& hex) { return records::IdFromHex(hex, kShortIdBytes).ok(); }

}  // namespace

std::string ProblemOf(const internal::v1::MentionLinked& linked) {
  if (!IsShortId(linked.entity_id())) return "entity id is not 32 hexadecimal digits";
  if (!IsShortId(linked.incident_id())) return "incident id is not 32 hexadecimal digits";
  if (!IsShortId(linked.report_id())) return "report id is not 32 hexadecimal digits";
  if (!records::IdFromHex(linked.document_id(), records::kDocumentIdBytes).ok()) {
    return "document id is not 64 hexadecimal digits";
  }
  if (!IsShortId(linked.group_id())) return "group id is not 32 hexadecimal digits";
  return linked.display_name().empty() ? "mention without a name" : "";
}

}  // namespace interdict::index
