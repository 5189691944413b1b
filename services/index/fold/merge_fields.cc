#include "services/index/fold/merge_fields.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "services/index/engine/analyzer.h"

namespace interdict::index {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Field numbers that mean the same in every value.
constexpr int kConfidence = 21;
constexpr int kDerivation = 22;
constexpr int kFirstAboutTheValue = 20;
constexpr size_t kMaxTextWords = 64;

bool IsIn(int number, const std::vector<int>& numbers) {
  return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

// What the members say of one field.
struct Reading {
  std::string text;                // as an alternative shows it
  std::vector<std::string> words;  // sorted; only of texts
  std::vector<size_t> members;
  std::vector<int> told_by;  // tellings, of coarser readings that agree, too
  size_t shown_by = 0;       // member whose form is shown
};

std::string TextOf(const Message& value, const FieldDescriptor& field) {
  const auto* reflection = value.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection->GetString(value, &field);
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int number = reflection->GetEnumValue(value, &field);
      const auto* named = field.enum_type()->FindValueByNumber(number);
      return named == nullptr ? absl::StrCat(number) : named->name();
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->GetBool(value, &field) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(reflection->GetUInt32(value, &field));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return reflection->GetMessage(value, &field).ShortDebugString();
    default:
      return "";
  }
}

std::vector<std::string> SortedWords(const std::string& text) {
  std::vector<std::string> words = Analyze(text, kMaxTextWords);
  std::sort(words.begin(), words.end());
  return words;
}

// Whether `fine` says all that `coarse` says, and more.
bool Refines(const Reading& fine, const Reading& coarse, bool is_text, bool is_date) {
  if (is_text) {
    return fine.words.size() > coarse.words.size() &&
           std::includes(fine.words.begin(), fine.words.end(), coarse.words.begin(), coarse.words.end());
  }
  if (!is_date) return false;
  const auto fine_span = ParseDaySpan(fine.text);
  const auto coarse_span = ParseDaySpan(coarse.text);
  return fine_span && coarse_span && !(*fine_span == *coarse_span) && fine_span->first >= coarse_span->first &&
         fine_span->last <= coarse_span->last;
}

class MemberMerge {
 public:
  MemberMerge(const Tellings& tellings, const std::vector<MemberValue>& members, const FieldRules& rules, Message* into,
              EvidenceList* evidence, AlternativeList* alternatives)
      : tellings_(tellings),
        members_(members),
        rules_(rules),
        into_(into),
        evidence_(evidence),
        alternatives_(alternatives),
        reflection_(into->GetReflection()) {}

  void Merge() {
    const auto* type = into_->GetDescriptor();
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor& field = *type->field(i);
      if (field.number() >= kFirstAboutTheValue || IsIn(field.number(), rules_.own)) continue;
      if (field.is_repeated()) {
        UniteLists(field);
      } else {
        MergeField(field);
      }
    }
    MergeAboutTheValue();
  }

 private:
  std::vector<Reading> ReadingsOf(const FieldDescriptor& field) const {
    const bool is_text = IsIn(field.number(), rules_.texts);
    std::vector<Reading> readings;
    for (size_t m = 0; m < members_.size(); ++m) {
      const Message& value = *members_[m].value;
      if (!reflection_->HasField(value, &field)) continue;
      std::string text = TextOf(value, field);
      std::vector<std::string> words = is_text ? SortedWords(text) : std::vector<std::string>();
      auto there = std::find_if(readings.begin(), readings.end(), [&](const Reading& reading) {
        return is_text && !words.empty() ? reading.words == words : reading.text == text;
      });
      if (there == readings.end()) {
        there = readings.insert(readings.end(), Reading{std::move(text), std::move(words), {}, {}, m});
      }
      there->members.push_back(m);
      there->told_by.push_back(members_[m].telling);
    }
    return readings;
  }

  // Takes away what a fuller reading says, too; it counts for that one.
  static void FoldCoarse(bool is_text, bool is_date, std::vector<Reading>* readings) {
    std::vector<Reading> kept;
    for (const Reading& reading : *readings) {
      const bool coarse = std::any_of(readings->begin(), readings->end(),
                                      [&](const Reading& other) { return Refines(other, reading, is_text, is_date); });
      if (!coarse) kept.push_back(reading);
    }
    for (const Reading& reading : *readings) {
      for (Reading& fine : kept) {
        if (Refines(fine, reading, is_text, is_date)) {
          fine.told_by.insert(fine.told_by.end(), reading.told_by.begin(), reading.told_by.end());
        }
      }
    }
    *readings = std::move(kept);
  }

  void MergeField(const FieldDescriptor& field) {
    std::vector<Reading> readings = ReadingsOf(field);
    if (readings.empty()) return;
    const bool is_text = IsIn(field.number(), rules_.texts);
    const bool is_date = IsIn(field.number(), rules_.dates);
    if (readings.size() > 1 && (is_text || is_date)) FoldCoarse(is_text, is_date, &readings);
    size_t best = 0;
    for (size_t r = 1; r < readings.size(); ++r) {
      if (IsBetter(SupportOf(tellings_, readings[r].told_by), SupportOf(tellings_, readings[best].told_by))) best = r;
    }
    CopyField(field, *members_[readings[best].shown_by].value);
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) return;  // points of one place differ by a little
    for (size_t r = 0; r < readings.size(); ++r) {
      if (r != best) AddReading(field, readings[r]);
    }
  }

  void AddReading(const FieldDescriptor& field, const Reading& reading) {
    for (size_t m : reading.members) {
      AddAlternative(field.name(), reading.text, ConfidenceOf(*members_[m].value), *members_[m].evidence,
                     alternatives_);
    }
  }

  void CopyField(const FieldDescriptor& field, const Message& from) {
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        return reflection_->SetString(into_, &field, reflection_->GetString(from, &field));
      case FieldDescriptor::CPPTYPE_ENUM:
        return reflection_->SetEnumValue(into_, &field, reflection_->GetEnumValue(from, &field));
      case FieldDescriptor::CPPTYPE_BOOL:
        return reflection_->SetBool(into_, &field, reflection_->GetBool(from, &field));
      case FieldDescriptor::CPPTYPE_UINT32:
        return reflection_->SetUInt32(into_, &field, reflection_->GetUInt32(from, &field));
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return reflection_->MutableMessage(into_, &field)->CopyFrom(reflection_->GetMessage(from, &field));
      default:
        return;
    }
  }

  void UniteLists(const FieldDescriptor& field) {
    std::set<std::string> there;
    for (const MemberValue& member : members_) {
      for (int i = 0; i < reflection_->FieldSize(*member.value, &field); ++i) {
        if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
          const std::string element = reflection_->GetRepeatedString(*member.value, &field, i);
          if (there.insert(element).second) reflection_->AddString(into_, &field, element);
        } else {
          const Message& element = reflection_->GetRepeatedMessage(*member.value, &field, i);
          if (there.insert(element.SerializeAsString()).second) {
            reflection_->AddMessage(into_, &field)->CopyFrom(element);
          }
        }
      }
    }
  }

  float ConfidenceOf(const Message& value) const {
    const FieldDescriptor* field = value.GetDescriptor()->FindFieldByNumber(kConfidence);
    return field == nullptr ? 0 : reflection_->GetFloat(value, field);
  }

  void MergeAboutTheValue() {
    const auto* type = into_->GetDescriptor();
    const FieldDescriptor* derivation = type->FindFieldByNumber(kDerivation);
    const Message* surest = members_.front().value;
    for (const MemberValue& member : members_) {
      if (ConfidenceOf(*member.value) > ConfidenceOf(*surest)) surest = member.value;
      AddEvidence(*member.evidence, evidence_);
      for (const v1::Alternative& other : *member.alternatives) {
        AddAlternative(other.field(), other.value(), other.confidence(),
                       other.evidence().empty() ? *member.evidence : other.evidence(), alternatives_);
      }
    }
    reflection_->SetFloat(into_, type->FindFieldByNumber(kConfidence), ConfidenceOf(*surest));
    reflection_->SetEnumValue(into_, derivation, reflection_->GetEnumValue(*surest, derivation));
  }

  const Tellings& tellings_;
  const std::vector<MemberValue>& members_;
  const FieldRules& rules_;
  Message* into_;
  EvidenceList* evidence_;
  AlternativeList* alternatives_;
  const google::protobuf::Reflection* reflection_;
};

}  // namespace

void MergeSeveral(const Tellings& tellings, const std::vector<MemberValue>& members, const FieldRules& rules,
                  Message* into, EvidenceList* evidence, AlternativeList* alternatives) {
  MemberMerge(tellings, members, rules, into, evidence, alternatives).Merge();
}

bool DatesAgree(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const auto span_a = ParseDaySpan(a);
  const auto span_b = ParseDaySpan(b);
  if (!span_a || !span_b) return false;
  const bool a_in_b = span_a->first >= span_b->first && span_a->last <= span_b->last;
  const bool b_in_a = span_b->first >= span_a->first && span_b->last <= span_a->last;
  return a_in_b || b_in_a;
}

}  // namespace interdict::index
