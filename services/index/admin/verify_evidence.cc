#include "services/index/admin/verify_evidence.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "storage/ids/ids.h"

namespace interdict::index {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

class EvidenceChecker {
 public:
  EvidenceChecker(const internal::v1::StoredReport& report, const std::string& what, Problems* problems)
      : text_(report.text()), text_sha256_(ids::Sha256Hex(report.text())), what_(what), problems_(*problems) {}

  void Walk(const Message& message, const std::string& path) {
    if (message.GetDescriptor() == v1::Evidence::descriptor()) {
      Check(static_cast<const v1::Evidence&>(message), path);
      return;
    }
    std::vector<const FieldDescriptor*> fields;
    const auto* reflection = message.GetReflection();
    reflection->ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
      if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
      const std::string name = path.empty() ? field->name() : absl::StrCat(path, ".", field->name());
      if (!field->is_repeated()) {
        Walk(reflection->GetMessage(message, field), name);
        continue;
      }
      for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
        Walk(reflection->GetRepeatedMessage(message, field, i), absl::StrCat(name, "[", i, "]"));
      }
    }
  }

 private:
  void Check(const v1::Evidence& evidence, const std::string& path) {
    const uint32_t begin = evidence.begin_byte();
    const uint32_t end = evidence.end_byte();
    if (begin >= end) {
      problems_.Add(absl::StrCat(what_, ": ", path, " is an empty span"));
    } else if (!evidence.quote().empty() && evidence.quote().size() != end - begin) {
      problems_.Add(absl::StrCat(what_, ": ", path, " has a quote of another length than its span"));
    } else if (evidence.text_sha256() == text_sha256_) {
      if (end > text_.size()) {
        problems_.Add(absl::StrCat(what_, ": ", path, " lies outside its text"));
      } else if (!evidence.quote().empty() && text_.compare(begin, end - begin, evidence.quote()) != 0) {
        problems_.Add(absl::StrCat(what_, ": ", path, " quotes what is not in its text"));
      }
    }
  }

  const std::string& text_;
  const std::string text_sha256_;
  const std::string& what_;
  Problems& problems_;
};

}  // namespace

void VerifyEvidence(const internal::v1::StoredReport& report, const std::string& what, Problems* problems) {
  EvidenceChecker(report, what, problems).Walk(report.report().facts(), "");
}

}  // namespace interdict::index
