// Every message of the public contract, with every field filled, survives proto3 JSON.
#include <memory>
#include <set>
#include <string>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "interdict/v1/ingest_service.pb.h"
#include "interdict/v1/query_service.pb.h"

namespace interdict {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;

// Fills every field with a value that differs from its default and from its neighbours.
class Filler {
 public:
  // `member` chooses the field of each oneof; the others stay unset.
  explicit Filler(int member) : member_(member) {}

  void Fill(Message* message) {
    if (message->GetDescriptor()->full_name() == "google.protobuf.Timestamp") {
      Set(message, message->GetDescriptor()->FindFieldByName("seconds"));
      return;
    }
    for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor* field = message->GetDescriptor()->field(i);
      const auto* oneof = field->real_containing_oneof();
      if (oneof != nullptr && oneof->field(member_ % oneof->field_count()) != field) continue;
      Set(message, field);
      if (field->is_repeated()) Set(message, field);
    }
  }

 private:
  void Set(Message* message, const FieldDescriptor* field) {
    const auto* reflection = message->GetReflection();
    const bool many = field->is_repeated();
    ++next_;
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Fill(many ? reflection->AddMessage(message, field) : reflection->MutableMessage(message, field));
      case FieldDescriptor::CPPTYPE_STRING: {
        const std::string value = field->type() == FieldDescriptor::TYPE_BYTES ? std::string("\0\xff", 2)
                                                                               : "\"Šticha\"\n" + std::to_string(next_);
        return many ? reflection->AddString(message, field, value) : reflection->SetString(message, field, value);
      }
      case FieldDescriptor::CPPTYPE_ENUM: {
        const int value = field->enum_type()->value(1 + next_ % (field->enum_type()->value_count() - 1))->number();
        return many ? reflection->AddEnumValue(message, field, value) : reflection->SetEnumValue(message, field, value);
      }
      case FieldDescriptor::CPPTYPE_BOOL:
        return reflection->SetBool(message, field, true);
      case FieldDescriptor::CPPTYPE_INT32:
        return reflection->SetInt32(message, field, -next_);
      case FieldDescriptor::CPPTYPE_UINT32:
        return reflection->SetUInt32(message, field, static_cast<uint32_t>(next_));
      case FieldDescriptor::CPPTYPE_INT64:
        return reflection->SetInt64(message, field, (int64_t{1} << 33) + next_);
      case FieldDescriptor::CPPTYPE_UINT64:
        return reflection->SetUInt64(message, field, ~uint64_t{0} - static_cast<uint64_t>(next_));
      case FieldDescriptor::CPPTYPE_FLOAT:
        return reflection->SetFloat(message, field, 0.1F * static_cast<float>(next_));
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return reflection->SetDouble(message, field, 0.1 * next_);
    }
  }

  const int member_;
  int next_ = 0;
};

void Collect(const FileDescriptor* file, std::set<const Descriptor*>* messages) {
  if (file->package() != "interdict.v1") return;
  for (int i = 0; i < file->message_type_count(); ++i) messages->insert(file->message_type(i));
  for (int i = 0; i < file->dependency_count(); ++i) Collect(file->dependency(i), messages);
}

TEST(JsonRoundTrip, EveryFieldOfEveryPublicMessage) {
  std::set<const Descriptor*> messages;
  Collect(v1::SubmitDocumentRequest::descriptor()->file(), &messages);
  Collect(v1::GetIncidentRequest::descriptor()->file(), &messages);
  EXPECT_GT(messages.size(), 40u);
  for (const Descriptor* descriptor : messages) {
    for (int member = 0; member < 2; ++member) {
      const Message* prototype = MessageFactory::generated_factory()->GetPrototype(descriptor);
      std::unique_ptr<Message> message(prototype->New());
      Filler(member).Fill(message.get());
      std::string json;
      ASSERT_TRUE(google::protobuf::util::MessageToJsonString(*message, &json).ok()) << descriptor->full_name();
      std::unique_ptr<Message> back(prototype->New());
      const auto status = google::protobuf::util::JsonStringToMessage(json, back.get());
      ASSERT_TRUE(status.ok()) << descriptor->full_name() << ": " << status.ToString();
      EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*message, *back)) << json;
    }
  }
}

}  // namespace
}  // namespace interdict
