#include "services/ingest/pipeline/trace/explain.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace interdict::pipeline {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// How much of one value's reasons a person reads.
constexpr size_t kMaxReasons = 8;
constexpr size_t kMaxLeftOut = 30;

// What can make a value of a slot, rows and cues beside.
std::vector<FindingKind> MakersOf(const std::string& slot) {
  static const auto* const makers_of = new std::map<std::string, std::vector<FindingKind>>{
      {"offence", {FindingKind::kGoods, FindingKind::kFrame}},
      {"stage", {FindingKind::kFrame}},
      {"action", {FindingKind::kFrame}},
      {"occurred", {FindingKind::kDate}},
      {"disclosed", {FindingKind::kDate}},
      {"place", {FindingKind::kPlace, FindingKind::kParty}},
      {"party", {FindingKind::kParty}},
      {"goods", {FindingKind::kGoods, FindingKind::kQuantity}},
      {"conveyance", {FindingKind::kConveyance, FindingKind::kParty}},
      {"legal basis", {FindingKind::kLegal}},
      {"claim", {FindingKind::kSay, FindingKind::kParty}},
      {"verification", {FindingKind::kSay, FindingKind::kFrame, FindingKind::kCue}},
  };
  const auto found = makers_of->find(slot);
  return found == makers_of->end() ? std::vector<FindingKind>() : found->second;
}

// Slots that hold one value, so that other findings of their kind in the incident lost against it.
bool IsSingle(const std::string& slot) { return slot == "stage" || slot == "occurred"; }

std::string SlotOf(const std::string& field) {
  static const auto* const names = new std::map<std::string, std::string>{
      {"offences", "offence"},       {"actions", "action"},          {"places", "place"}, {"parties", "party"},
      {"conveyances", "conveyance"}, {"legal_basis", "legal basis"}, {"claims", "claim"},
  };
  const auto found = names->find(field);
  return found == names->end() ? field : found->second;
}

// ACTION_TYPE_SEIZURE → seizure.
std::string EnumWord(const FieldDescriptor* field, int number) {
  const auto* value = field->enum_type()->FindValueByNumber(number);
  if (value == nullptr || number == 0) return "";
  const auto* zero = field->enum_type()->FindValueByNumber(0);
  const size_t prefix = zero->name().size() - std::string("UNSPECIFIED").size();
  std::string word = absl::AsciiStrToLower(value->name().substr(prefix));
  std::replace(word.begin(), word.end(), '_', ' ');
  return word;
}

std::string Words(const Message& message);

// One field of a value in words; empty for those that are told elsewhere.
std::string FieldWords(const Message& message, const FieldDescriptor* field, int index) {
  const auto& reflection = *message.GetReflection();
  const bool many = field->is_repeated();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return many ? reflection.GetRepeatedString(message, field, index) : reflection.GetString(message, field);
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumWord(field, reflection.GetEnumValue(message, field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, field) ? field->name() : "";
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(field->name(), " ", reflection.GetUInt32(message, field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return absl::StrCat(reflection.GetDouble(message, field));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Words(many ? reflection.GetRepeatedMessage(message, field, index) : reflection.GetMessage(message, field));
    default:
      return "";
  }
}

// All that a value says, in the order of its fields.
std::string Words(const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  std::vector<std::string> parts;
  for (const FieldDescriptor* field : fields) {
    const std::string& name = field->name();
    if (name == "evidence" || name == "confidence" || name == "derivation" || name == "alternatives") continue;
    if (name == "start" || name == "end") continue;  // follow from edtf
    const int size = field->is_repeated() ? message.GetReflection()->FieldSize(message, field) : 1;
    for (int i = 0; i < size; ++i) {
      const std::string words = FieldWords(message, field, i);
      if (!words.empty()) parts.push_back(words);
    }
  }
  return absl::StrJoin(parts, ", ");
}

class Explainer {
 public:
  Explainer(const v1::IncidentFacts& facts, size_t incident, const std::string& text, const Trace& trace)
      : facts_(facts), text_(text), trace_(trace), in_(trace.sentences.size(), false) {
    if (incident < trace.incidents.size())
      for (const uint32_t s : trace.incidents[incident]) in_[s] = true;
  }

  ExplainedReport Run() {
    for (const v1::FieldEvidence& evidence : facts_.field_evidence()) AddScalar(evidence);
    std::vector<const FieldDescriptor*> fields;
    facts_.GetReflection()->ListFields(facts_, &fields);
    for (const FieldDescriptor* field : fields) {
      if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field->name() == "field_evidence") continue;
      const int size = field->is_repeated() ? facts_.GetReflection()->FieldSize(facts_, field) : 1;
      for (int i = 0; i < size; ++i) {
        const Message& value = field->is_repeated() ? facts_.GetReflection()->GetRepeatedMessage(facts_, field, i)
                                                    : facts_.GetReflection()->GetMessage(facts_, field);
        Add(SlotOf(field->name()), field->is_repeated() ? absl::StrCat(field->name(), "[", i, "]") : field->name(),
            value);
      }
    }
    LeftOut();
    return std::move(out_);
  }

 private:
  void AddScalar(const v1::FieldEvidence& evidence) {
    ExplainedValue value{evidence.path(), evidence.path()};
    if (evidence.path() == "stage") {
      value.value = EnumWord(facts_.GetDescriptor()->FindFieldByName("stage"), facts_.stage());
    } else {
      value.value = evidence.path() == "title" ? facts_.title() : facts_.summary();
    }
    Finish(std::move(value), evidence);
  }

  void Add(const std::string& slot, const std::string& path, const Message& message) {
    // Every value has these fields, by the contract.
    ExplainedValue value{slot, path, Words(message)};
    v1::FieldEvidence support;
    const auto* from = message.GetDescriptor();
    const auto& reflection = *message.GetReflection();
    support.set_confidence(reflection.GetFloat(message, from->FindFieldByName("confidence")));
    support.set_derivation(
        static_cast<v1::Derivation>(reflection.GetEnumValue(message, from->FindFieldByName("derivation"))));
    const auto* spans = from->FindFieldByName("evidence");
    for (int i = 0; i < reflection.FieldSize(message, spans); ++i)
      support.add_evidence()->CopyFrom(reflection.GetRepeatedMessage(message, spans, i));
    const auto* others = from->FindFieldByName("alternatives");
    for (int i = 0; i < reflection.FieldSize(message, others); ++i) {
      v1::Alternative other;
      other.CopyFrom(reflection.GetRepeatedMessage(message, others, i));
      value.lost.push_back(
          absl::StrCat("other reading: ", other.value(), " (", static_cast<int>(other.confidence() * 100), "%)"));
    }
    Finish(std::move(value), support);
  }

  void Finish(ExplainedValue value, const v1::FieldEvidence& support) {
    value.confidence = support.confidence();
    value.derivation = EnumWord(support.GetDescriptor()->FindFieldByName("derivation"), support.derivation());
    value.evidence.assign(support.evidence().begin(), support.evidence().end());
    Reasons(&value);
    out_.values.push_back(std::move(value));
  }

  std::string Quote(const Finding& f) const { return absl::StrCat("“", text_.substr(f.begin, f.end - f.begin), "”"); }
  std::string Tell(const Finding& f) const { return absl::StrCat(Quote(f), " ← ", f.what, ": ", f.rule); }

  static void Push(const std::string& line, std::vector<std::string>* lines) {
    if (lines->size() < kMaxReasons && std::find(lines->begin(), lines->end(), line) == lines->end()) {
      lines->push_back(line);
    }
  }

  // Findings at the words of the evidence.
  void Reasons(ExplainedValue* value) {
    if (value->slot == "title" || value->slot == "summary") {
      value->made_by.push_back("assemble: whole sentences of the incident");
      return;
    }
    const std::vector<FindingKind> makers = MakersOf(value->slot);
    std::vector<const Finding*> rows;
    for (const v1::Evidence& span : value->evidence) {
      for (const Finding& f : trace_.findings) {
        if (f.begin >= span.end_byte()) break;
        if (f.end <= span.begin_byte()) continue;
        const bool maker = std::find(makers.begin(), makers.end(), f.kind) != makers.end();
        if (maker) {
          taken_.insert(&f);
          Push(Tell(f), &value->made_by);
        } else if (f.kind == FindingKind::kRow) {
          rows.push_back(&f);
        } else if (f.end - f.begin >= span.end_byte() - span.begin_byte()) {
          Push(absl::StrCat("also read as ", Tell(f)), &value->lost);
        }
      }
    }
    for (const Finding* row : rows) TellRow(*row, value);
    if (IsSingle(value->slot)) Rivals(makers, value);
    if (value->made_by.empty())
      value->made_by.push_back("assemble: inferred from the sentence as a whole; no single word made it");
  }

  // A row of a file that a value of the slot may come from backs it, where a mention holds it; another lost.
  static void TellRow(const Finding& row, ExplainedValue* value) {
    static const auto* const files_of = new std::map<std::string, std::vector<std::string>>{
        {"goods", {"goods", "models", "part_words"}},
        {"offence", {"goods", "models"}},
        {"place", {"places", "agencies", "agency_heads"}},
        {"party",
         {"agencies", "agency_heads", "organisation_words", "person_nouns", "titles", "first_names",
          "surname_particles", "outlets", "places", "conveyances", "models"}},
        {"conveyance", {"conveyances", "models"}},
        {"legal basis", {"legal", "embargo"}},
    };
    const auto files = files_of->find(value->slot);
    if (files == files_of->end()) return;
    const std::string file = row.rule.substr(0, row.rule.find('.'));
    const bool backs = row.kept && std::find(files->second.begin(), files->second.end(), file) != files->second.end();
    if (backs) {
      const auto told = [&row](const std::string& line) { return line.find(row.rule) != std::string::npos; };
      if (std::any_of(value->made_by.begin(), value->made_by.end(), told)) return;
    }
    Push(absl::StrCat(backs ? "with " : "at the same words: ", row.rule), backs ? &value->made_by : &value->lost);
  }

  // Findings of the slot's kind in the incident that are not at the chosen words.
  void Rivals(const std::vector<FindingKind>& makers, ExplainedValue* value) {
    for (const Finding& f : trace_.findings) {
      if (!in_[f.sentence] || taken_.count(&f) > 0) continue;
      if (std::find(makers.begin(), makers.end(), f.kind) == makers.end()) continue;
      if (value->slot == "stage" && f.what.rfind("stage", 0) != 0 && f.what.rfind("illicit act", 0) != 0) continue;
      Push(absl::StrCat("not taken: ", Tell(f)), &value->lost);
    }
  }

  void LeftOut() {
    std::set<std::string> seen;
    for (const Finding& f : trace_.findings) {
      if (out_.left_out.size() >= kMaxLeftOut) return;
      if (!in_[f.sentence] || taken_.count(&f) > 0) continue;
      if (f.kind == FindingKind::kRow || f.kind == FindingKind::kCue || f.kind == FindingKind::kQuantity) continue;
      if (f.kind == FindingKind::kSay) continue;
      const std::string line = Tell(f);
      if (seen.insert(line).second) out_.left_out.push_back(line);
    }
  }

  const v1::IncidentFacts& facts_;
  const std::string& text_;
  const Trace& trace_;
  std::vector<bool> in_;  // by sentence
  std::set<const Finding*> taken_;
  ExplainedReport out_;
};

}  // namespace

ExplainedReport Explain(const v1::IncidentFacts& facts, size_t incident, const std::string& text, const Trace& trace) {
  return Explainer(facts, incident, text, trace).Run();
}

}  // namespace interdict::pipeline
