#include "services/ingest/check_facts.h"

#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "services/ingest/calendar.h"
#include "services/ingest/check_evidence.h"
#include "services/ingest/check_vocabulary.h"
#include "services/server/status.h"

namespace interdict::ingest {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using server::InvalidField;

// Fields that a value is nothing without. Others may be empty where the text does not tell.
constexpr std::pair<std::string_view, std::string_view> kRequired[] = {
    {"OffenceFact", "offence"}, {"Action", "type"},         {"Place", "role"},         {"Party", "name"},
    {"Goods", "description"},   {"Claim", "stance"},        {"Claim", "claimant"},     {"LegalBasis", "instrument"},
    {"TimeFact", "edtf"},       {"Verification", "status"}, {"FieldEvidence", "path"},
};

// Checks one message and all in it.
class FactsChecker {
 public:
  explicit FactsChecker(const EvidenceText& text) : text_(text) {}

  absl::Status CheckMessage(const std::string& path, Message* message) {
    if (auto* evidence = dynamic_cast<v1::Evidence*>(message)) return CheckAndFillEvidence(path, text_, evidence);
    if (auto status = CheckRequired(path, *message); !status.ok()) return status;
    const Reflection& reflection = *message->GetReflection();
    for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor* field = message->GetDescriptor()->field(i);
      const std::string field_path = absl::StrCat(path, ".", field->name());
      const int size =
          field->is_repeated() ? reflection.FieldSize(*message, field) : (reflection.HasField(*message, field) ? 1 : 0);
      for (int k = 0; k < size; ++k) {
        const std::string element = field->is_repeated() ? absl::StrCat(field_path, "[", k, "]") : field_path;
        if (auto status = CheckElement(element, message, field, k); !status.ok()) return status;
      }
      const bool may_lack = message->GetDescriptor() == v1::Alternative::descriptor();  // of the spans of the value
      if (field->name() == "evidence" && size == 0 && !may_lack) {
        return InvalidField(field_path, "is missing; every value needs at least one span that supports it");
      }
    }
    return absl::OkStatus();
  }

 private:
  static absl::Status CheckRequired(const std::string& path, const Message& message) {
    const auto* descriptor = message.GetDescriptor();
    for (const auto& [type, name] : kRequired) {
      if (descriptor->name() != type) continue;
      const FieldDescriptor* field = descriptor->FindFieldByName(std::string(name));
      if (!message.GetReflection()->HasField(message, field)) {
        return InvalidField(absl::StrCat(path, ".", field->name()), "is missing; set it, or leave the whole value out");
      }
    }
    return absl::OkStatus();
  }

  // Element `k` of a field that has it; 0 for a singular one.
  absl::Status CheckElement(const std::string& path, Message* message, const FieldDescriptor* field, int k) {
    const Reflection& reflection = *message->GetReflection();
    const bool many = field->is_repeated();
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return CheckMessage(path, many ? reflection.MutableRepeatedMessage(message, field, k)
                                       : reflection.MutableMessage(message, field));
      case FieldDescriptor::CPPTYPE_ENUM:
        return CheckEnum(
            path, field,
            many ? reflection.GetRepeatedEnumValue(*message, field, k) : reflection.GetEnumValue(*message, field));
      case FieldDescriptor::CPPTYPE_STRING:
        return CheckWord(
            path, field->name(),
            many ? reflection.GetRepeatedString(*message, field, k) : reflection.GetString(*message, field));
      case FieldDescriptor::CPPTYPE_FLOAT:
        return CheckNumber(path, field->name(), reflection.GetFloat(*message, field));
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return CheckNumber(path, field->name(), reflection.GetDouble(*message, field));
      default:
        return absl::OkStatus();
    }
  }

  static absl::Status CheckEnum(const std::string& path, const FieldDescriptor* field, int value) {
    if (field->enum_type()->FindValueByNumber(value) != nullptr) return absl::OkStatus();
    return InvalidField(path, absl::StrCat(value, " is no value of ", field->enum_type()->name(),
                                           "; use one that this version of the API knows"));
  }

  static absl::Status CheckNumber(const std::string& path, const std::string& name, double value) {
    if (!std::isfinite(value)) return InvalidField(path, "must be a finite number");
    double limit = 0;
    if (name == "confidence") {
      if (value >= 0 && value <= 1) return absl::OkStatus();
      return InvalidField(path, "must be from 0 to 1");
    }
    if (name == "latitude_degrees") limit = 90;
    if (name == "longitude_degrees") limit = 180;
    if (limit > 0 && std::abs(value) > limit) {
      return InvalidField(path, absl::StrCat("must be from -", limit, " to ", limit, " degrees"));
    }
    return absl::OkStatus();
  }

  const EvidenceText& text_;
};

// `name` or `name[index]`.
struct FactPath {
  std::string name;
  std::optional<int> index;
};

std::optional<FactPath> ParsePath(const std::string& path) {
  const size_t bracket = path.find('[');
  if (bracket == std::string::npos) return FactPath{.name = path};
  int index = 0;
  const std::string digits = path.back() == ']' ? path.substr(bracket + 1, path.size() - bracket - 2) : "";
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos ||
      !absl::SimpleAtoi(digits, &index)) {
    return std::nullopt;
  }
  return FactPath{.name = path.substr(0, bracket), .index = index};
}

// Whether `path` leads to a value that the facts have.
bool Exists(const v1::IncidentFacts& facts, const std::string& path) {
  const auto parsed = ParsePath(path);
  if (!parsed) return false;
  const FieldDescriptor* field = facts.GetDescriptor()->FindFieldByName(parsed->name);
  if (field == nullptr || field->is_repeated() != parsed->index.has_value()) return false;
  const Reflection& reflection = *facts.GetReflection();
  return field->is_repeated() ? *parsed->index < reflection.FieldSize(facts, field) : reflection.HasField(facts, field);
}

absl::Status CheckClaims(const std::string& path, const v1::IncidentFacts& facts) {
  for (int i = 0; i < facts.claims_size(); ++i) {
    for (int k = 0; k < facts.claims(i).paths_size(); ++k) {
      if (Exists(facts, facts.claims(i).paths(k))) continue;
      return InvalidField(absl::StrCat(path, ".claims[", i, "].paths[", k, "]"),
                          "leads to no value of these facts; use `stage` or `goods[0]` and the like");
    }
  }
  return absl::OkStatus();
}

// The scalar fields have their evidence in `field_evidence`, and nothing else has.
absl::Status CheckFieldEvidence(const std::string& path, const v1::IncidentFacts& facts) {
  const std::pair<std::string, bool> scalars[] = {
      {"title", !facts.title().empty()}, {"summary", !facts.summary().empty()}, {"stage", facts.stage() != 0}};
  for (int i = 0; i < facts.field_evidence_size(); ++i) {
    bool known = false;
    for (const auto& [name, set] : scalars) known = known || (set && facts.field_evidence(i).path() == name);
    if (known) continue;
    return InvalidField(absl::StrCat(path, ".field_evidence[", i, "].path"),
                        "must be `title`, `summary` or `stage`, and that field must be set");
  }
  for (const auto& [name, set] : scalars) {
    bool found = !set;
    for (const auto& evidence : facts.field_evidence()) found = found || evidence.path() == name;
    if (found) continue;
    return InvalidField(absl::StrCat(path, ".", name), "has no evidence; add a `field_evidence` with this path");
  }
  return absl::OkStatus();
}

absl::Status FillTime(const std::string& path, v1::TimeFact* time) {
  const auto span = ParseEdtf(time->edtf());
  if (!span) return InvalidField(path + ".edtf", "is no date in EDTF");
  const std::string start = FormatDay(span->first);
  const std::string end = FormatDay(span->last);
  if (!time->start().empty() && time->start() != start) {
    return InvalidField(path + ".start", "does not agree with `edtf`; leave it out");
  }
  if (!time->end().empty() && time->end() != end) {
    return InvalidField(path + ".end", "does not agree with `edtf`; leave it out");
  }
  time->set_start(start);
  time->set_end(end);
  return absl::OkStatus();
}

absl::Status CheckPlaces(const std::string& path, const v1::IncidentFacts& facts) {
  for (int i = 0; i < facts.places_size(); ++i) {
    const v1::Place& place = facts.places(i);
    const std::string at = absl::StrCat(path, ".places[", i, "]");
    if (place.country_code().empty() && place.region_code().empty() && place.name().empty()) {
      return InvalidField(at, "says nowhere; set `country_code`, `region_code` or `name`");
    }
    if (!place.country_code().empty() && !place.region_code().empty()) {
      return InvalidField(at + ".region_code", "stands only where no country is told; leave one of them out");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckAndFillFacts(const std::string& path, const EvidenceText& text, v1::IncidentFacts* facts) {
  if (auto status = FactsChecker(text).CheckMessage(path, facts); !status.ok()) return status;
  if (auto status = CheckFieldEvidence(path, *facts); !status.ok()) return status;
  if (auto status = CheckClaims(path, *facts); !status.ok()) return status;
  if (auto status = CheckPlaces(path, *facts); !status.ok()) return status;
  if (facts->has_occurred()) {
    if (auto status = FillTime(path + ".occurred", facts->mutable_occurred()); !status.ok()) return status;
  }
  if (facts->has_disclosed()) return FillTime(path + ".disclosed", facts->mutable_disclosed());
  return absl::OkStatus();
}

}  // namespace interdict::ingest
