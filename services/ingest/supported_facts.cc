#include "services/ingest/supported_facts.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "services/ingest/check_evidence.h"

namespace interdict::ingest {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Where each value stood, as a claim's path, and where it stands now.
using Moves = std::map<std::string, std::string>;

class Sieve {
 public:
  explicit Sieve(const EvidenceText& text) : text_(text) {}

  // Values that carry their own evidence.
  void Values(v1::IncidentFacts* facts) {
    std::vector<const FieldDescriptor*> fields;
    facts->GetReflection()->ListFields(*facts, &fields);
    for (const FieldDescriptor* field : fields) {
      if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
      if (field->name() == "claims" || field->name() == "field_evidence") continue;
      field->is_repeated() ? Repeated(field, facts) : Single(field, facts);
    }
  }

  // Title, summary and stage, each with its `field_evidence`.
  void Scalars(v1::IncidentFacts* facts) {
    v1::IncidentFacts kept;
    for (const std::string name : {"title", "summary", "stage"}) {
      const FieldDescriptor* field = v1::IncidentFacts::descriptor()->FindFieldByName(name);
      if (!facts->GetReflection()->HasField(*facts, field)) continue;
      v1::IncidentFacts alone = Alone(*facts, name);
      if (Holds(&alone)) {
        kept.MergeFrom(alone);
        moves_[name] = name;
      } else {
        ++dropped_;
      }
    }
    facts->set_title(kept.title());
    facts->set_summary(kept.summary());
    facts->set_stage(kept.stage());
    *facts->mutable_field_evidence() = kept.field_evidence();
  }

  // Last: what they speak of has settled by then.
  void Claims(v1::IncidentFacts* facts) {
    google::protobuf::RepeatedPtrField<v1::Claim> kept;
    for (v1::Claim& claim : *facts->mutable_claims()) {
      const bool of_all = claim.paths().empty();
      google::protobuf::RepeatedPtrField<std::string> paths;
      for (const std::string& path : claim.paths()) {
        const auto moved = moves_.find(path);
        if (moved != moves_.end()) *paths.Add() = moved->second;
      }
      claim.clear_paths();
      v1::IncidentFacts alone;
      *alone.add_claims() = std::move(claim);
      PruneSpans(alone.mutable_claims(0));
      if ((!of_all && paths.empty()) || !Holds(&alone)) {
        ++dropped_;
        continue;
      }
      *alone.mutable_claims(0)->mutable_paths() = std::move(paths);
      *kept.Add() = std::move(*alone.mutable_claims(0));
    }
    *facts->mutable_claims() = std::move(kept);
  }

  uint32_t dropped() const { return dropped_; }

 private:
  // One scalar with the first of its field evidence that holds.
  v1::IncidentFacts Alone(const v1::IncidentFacts& facts, const std::string& name) const {
    v1::IncidentFacts alone;
    if (name == "title") alone.set_title(facts.title());
    if (name == "summary") alone.set_summary(facts.summary());
    if (name == "stage") alone.set_stage(facts.stage());
    for (const v1::FieldEvidence& evidence : facts.field_evidence()) {
      if (evidence.path() != name) continue;
      v1::FieldEvidence copy = evidence;
      PruneSpans(&copy);
      if (copy.evidence().empty()) continue;
      *alone.add_field_evidence() = std::move(copy);
      break;
    }
    return alone;
  }

  // Takes from a value the spans that do not hold, and fills the others.
  void PruneSpans(Message* value) const {
    const FieldDescriptor* field = value->GetDescriptor()->FindFieldByName("evidence");
    if (field == nullptr) return;
    const Reflection& reflection = *value->GetReflection();
    int kept = 0;
    for (int i = 0; i < reflection.FieldSize(*value, field); ++i) {
      auto* span = dynamic_cast<v1::Evidence*>(reflection.MutableRepeatedMessage(value, field, i));
      if (span == nullptr || !CheckAndFillEvidence("evidence", text_, span).ok()) continue;
      reflection.SwapElements(value, field, kept++, i);
    }
    while (reflection.FieldSize(*value, field) > kept) reflection.RemoveLast(value, field);
  }

  // The strict checks over facts that hold one value only.
  bool Holds(v1::IncidentFacts* alone) const { return CheckAndFillFacts("facts", text_, alone).ok(); }

  void Repeated(const FieldDescriptor* field, v1::IncidentFacts* facts) {
    const Reflection& reflection = *facts->GetReflection();
    v1::IncidentFacts kept;
    for (int i = 0; i < reflection.FieldSize(*facts, field); ++i) {
      v1::IncidentFacts alone;
      Message* value = reflection.AddMessage(&alone, field);
      value->CopyFrom(reflection.GetRepeatedMessage(*facts, field, i));
      PruneSpans(value);
      if (!Holds(&alone)) {
        ++dropped_;
        continue;
      }
      moves_[absl::StrCat(field->name(), "[", i, "]")] =
          absl::StrCat(field->name(), "[", reflection.FieldSize(kept, field), "]");
      kept.MergeFrom(alone);
    }
    reflection.SwapFields(facts, &kept, {field});
  }

  void Single(const FieldDescriptor* field, v1::IncidentFacts* facts) {
    const Reflection& reflection = *facts->GetReflection();
    v1::IncidentFacts alone;
    Message* value = reflection.MutableMessage(&alone, field);
    value->CopyFrom(reflection.GetMessage(*facts, field));
    PruneSpans(value);
    if (Holds(&alone)) {
      moves_[field->name()] = field->name();
    } else {
      ++dropped_;
      reflection.ClearField(&alone, field);
    }
    reflection.SwapFields(facts, &alone, {field});
  }

  const EvidenceText& text_;
  Moves moves_;
  uint32_t dropped_ = 0;
};

bool TellsOfAnIncident(const v1::IncidentFacts& facts) {
  if (!facts.offences().empty() || !facts.actions().empty() || !facts.goods().empty()) return true;
  return std::any_of(facts.parties().begin(), facts.parties().end(),
                     [](const v1::Party& party) { return party.role() == v1::PARTY_ROLE_SUSPECT; });
}

}  // namespace

uint32_t KeepSupportedFacts(const EvidenceText& text, v1::IncidentFacts* facts) {
  // Entities are the resolver's to say.
  for (v1::Party& party : *facts->mutable_parties()) party.clear_entity();
  Sieve sieve(text);
  sieve.Values(facts);
  sieve.Scalars(facts);
  sieve.Claims(facts);
  if (!TellsOfAnIncident(*facts)) facts->Clear();
  return sieve.dropped();
}

}  // namespace interdict::ingest
