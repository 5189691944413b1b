#include "services/index/resolve/evidence_spans.h"

#include <algorithm>
#include <utility>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace interdict::index {
namespace {

using Span = std::pair<uint32_t, uint32_t>;

// All Evidence below a message.
void Collect(const google::protobuf::Message& message, std::vector<Span>& spans) {
  if (message.GetDescriptor() == v1::Evidence::descriptor()) {
    const auto& evidence = static_cast<const v1::Evidence&>(message);
    if (evidence.begin_byte() < evidence.end_byte()) spans.emplace_back(evidence.begin_byte(), evidence.end_byte());
    return;
  }
  const auto* reflection = message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const google::protobuf::FieldDescriptor* field : fields) {
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      Collect(reflection->GetMessage(message, field), spans);
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      Collect(reflection->GetRepeatedMessage(message, field, i), spans);
    }
  }
}

}  // namespace

std::vector<uint32_t> EvidenceSpans(const v1::Report& report) {
  std::vector<Span> spans;
  Collect(report.facts(), spans);
  std::sort(spans.begin(), spans.end());
  std::vector<uint32_t> flat;
  for (const Span& span : spans) {
    if (!flat.empty() && span.first <= flat.back()) {
      flat.back() = std::max(flat.back(), span.second);
    } else {
      flat.push_back(span.first);
      flat.push_back(span.second);
    }
  }
  return flat;
}

}  // namespace interdict::index
