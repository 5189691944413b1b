#include "services/index/engine/incident_texts.h"

#include <string>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace interdict::index {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Strings of Evidence that are names, not text.
bool IsReference(const FieldDescriptor& field) {
  return field.containing_type() == v1::Evidence::descriptor() &&
         (field.number() == v1::Evidence::kDocumentFieldNumber ||
          field.number() == v1::Evidence::kTextSha256FieldNumber);
}

// All strings below a message, in field order. Paths of claims and fields are no words of the text.
void CollectStrings(const Message& message, std::vector<std::string_view>& texts) {
  const auto* reflection = message.GetReflection();
  const auto* type = message.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    const bool repeated = field->is_repeated();
    const int count = repeated ? reflection->FieldSize(message, field) : (reflection->HasField(message, field) ? 1 : 0);
    for (int n = 0; n < count; ++n) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        CollectStrings(
            repeated ? reflection->GetRepeatedMessage(message, field, n) : reflection->GetMessage(message, field),
            texts);
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING && !IsReference(*field) &&
                 field->name() != "paths" && field->name() != "path") {
        std::string scratch;  // stays unused: generated messages return the field itself
        const std::string& text = repeated ? reflection->GetRepeatedStringReference(message, field, n, &scratch)
                                           : reflection->GetStringReference(message, field, &scratch);
        texts.push_back(text);
      }
    }
  }
}

}  // namespace

std::vector<std::string_view> IncidentTexts(const std::vector<internal::v1::StoredReport>& reports) {
  std::vector<std::string_view> texts;
  for (const internal::v1::StoredReport& report : reports) {
    CollectStrings(report.report().facts(), texts);
    texts.push_back(report.source().title());
    texts.push_back(report.text());
  }
  return texts;
}

}  // namespace interdict::index
