#include "services/index/fold/merge_values.h"

#include <algorithm>
#include <memory>
#include <string>

#include "google/protobuf/descriptor.h"

namespace interdict::index {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Field numbers that mean the same in every value.
constexpr int kConfidence = 21;
constexpr int kDerivation = 22;
constexpr int kFirstAboutTheValue = 20;

bool IsAboutTheValue(const FieldDescriptor& field) { return field.number() >= kFirstAboutTheValue; }

// The field alone, as bytes.
std::string FieldBytes(const Message& message, const FieldDescriptor& field) {
  const auto* reflection = message.GetReflection();
  std::unique_ptr<Message> alone(message.New());
  alone->CopyFrom(message);
  std::vector<const FieldDescriptor*> set;
  reflection->ListFields(*alone, &set);
  for (const FieldDescriptor* other : set) {
    if (other->number() != field.number()) reflection->ClearField(alone.get(), other);
  }
  return alone->SerializeAsString();
}

void MergeRepeated(const Message& from, const FieldDescriptor& field, Message* into) {
  const auto* reflection = from.GetReflection();
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    for (int i = 0; i < reflection->FieldSize(from, &field); ++i) {
      const std::string element = reflection->GetRepeatedString(from, &field, i);
      bool there = false;
      for (int n = 0; !there && n < reflection->FieldSize(*into, &field); ++n) {
        there = reflection->GetRepeatedString(*into, &field, n) == element;
      }
      if (!there) reflection->AddString(into, &field, element);
    }
    return;
  }
  for (int i = 0; i < reflection->FieldSize(from, &field); ++i) {
    const Message& element = reflection->GetRepeatedMessage(from, &field, i);
    const std::string bytes = element.SerializeAsString();
    bool there = false;
    for (int n = 0; !there && n < reflection->FieldSize(*into, &field); ++n) {
      there = reflection->GetRepeatedMessage(*into, &field, n).SerializeAsString() == bytes;
    }
    if (!there) reflection->AddMessage(into, &field)->CopyFrom(element);
  }
}

}  // namespace

bool SaysTheSame(const Message& a, const Message& b, const std::vector<int>& identity) {
  const auto* type = a.GetDescriptor();
  const auto* reflection = a.GetReflection();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor& field = *type->field(i);
    if (IsAboutTheValue(field)) continue;
    const bool identifies = std::find(identity.begin(), identity.end(), field.number()) != identity.end();
    if (!identifies) {
      if (field.is_repeated()) continue;
      if (!reflection->HasField(a, &field) || !reflection->HasField(b, &field)) continue;
    }
    if (FieldBytes(a, field) != FieldBytes(b, field)) return false;
  }
  return true;
}

void MergeValue(const Message& from, Message* into) {
  const auto* type = from.GetDescriptor();
  const auto* reflection = from.GetReflection();
  const FieldDescriptor* confidence = type->FindFieldByNumber(kConfidence);
  const FieldDescriptor* derivation = type->FindFieldByNumber(kDerivation);
  const bool surer =
      confidence != nullptr && reflection->GetFloat(from, confidence) > reflection->GetFloat(*into, confidence);
  if (surer) {
    reflection->SetFloat(into, confidence, reflection->GetFloat(from, confidence));
    if (derivation != nullptr) {
      reflection->SetEnumValue(into, derivation, reflection->GetEnumValue(from, derivation));
    }
  }
  std::unique_ptr<Message> missing(from.New());
  missing->CopyFrom(from);
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (field->is_repeated()) {
      MergeRepeated(from, *field, into);
      reflection->ClearField(missing.get(), field);
    } else if (field == confidence || field == derivation || reflection->HasField(*into, field)) {
      reflection->ClearField(missing.get(), field);
    }
  }
  into->MergeFrom(*missing);
}

}  // namespace interdict::index
