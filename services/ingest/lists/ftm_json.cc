// FollowTheMoney entities, one JSON object a line. Addresses, identity papers and sanctions are entities of their own:
// beside the one that they are of (`entities.ftm.json`) or within it (`targets.nested.json`).
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "services/ingest/lists/entry_builder.h"
#include "services/ingest/lists/list_dates.h"
#include "services/ingest/lists/list_parser.h"

namespace interdict::ingest {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxLineBytes = 16 << 20;
constexpr int kMaxNesting = 8;

struct Schema {
  std::string_view name;
  v1::PartyKind kind;
};
constexpr Schema kListed[] = {
    {"Person", v1::PARTY_KIND_PERSON},           {"Organization", v1::PARTY_KIND_ORGANIZATION},
    {"Company", v1::PARTY_KIND_ORGANIZATION},    {"PublicBody", v1::PARTY_KIND_ORGANIZATION},
    {"LegalEntity", v1::PARTY_KIND_UNSPECIFIED}, {"Vessel", v1::PARTY_KIND_VESSEL},
    {"Airplane", v1::PARTY_KIND_AIRCRAFT},
};

struct NumberProperty {
  const char* property;
  v1::IdentifierKind kind;
};
constexpr NumberProperty kNumbers[] = {
    {"imoNumber", v1::IDENTIFIER_KIND_IMO},
    {"mmsi", v1::IDENTIFIER_KIND_MMSI},
    {"callSign", v1::IDENTIFIER_KIND_CALL_SIGN},
    {"serialNumber", v1::IDENTIFIER_KIND_AIRCRAFT_SERIAL},
    {"leiCode", v1::IDENTIFIER_KIND_LEI},
    {"taxNumber", v1::IDENTIFIER_KIND_TAX},
    {"vatCode", v1::IDENTIFIER_KIND_TAX},
    {"innCode", v1::IDENTIFIER_KIND_TAX},
    {"ogrnCode", v1::IDENTIFIER_KIND_COMPANY_REGISTRATION},
    {"passportNumber", v1::IDENTIFIER_KIND_PASSPORT},
    {"swiftBic", v1::IDENTIFIER_KIND_SWIFT},
};

// A member of an object that is a text; empty if it is not there.
std::string TextOf(const Json& object, const char* member) {
  const auto at = object.find(member);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

// What is told of an entity elsewhere in the file.
struct Beside {
  struct Paper {
    v1::IdentifierKind kind;
    std::string number, country, label;
  };
  std::vector<Paper> papers;
  std::vector<std::string> programmes;
  std::string listed;  // the earliest
  std::string ended;   // the latest
  size_t sanctions = 0;
  size_t sanctions_ended = 0;
};

class FtmJsonParser final : public ListParser {
 public:
  absl::Status Feed(std::string_view bytes) override {
    while (!bytes.empty()) {
      const size_t end = bytes.find('\n');
      const std::string_view piece = bytes.substr(0, end);
      if (line_.size() + piece.size() > kMaxLineBytes) {
        return MalformedList(line_number_, 1, absl::StrCat("the line is longer than ", kMaxLineBytes, " bytes"));
      }
      line_.append(piece);
      if (end == std::string_view::npos) return absl::OkStatus();
      bytes.remove_prefix(end + 1);
      if (absl::Status status = EndLine(); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::StatusOr<ParsedList> Finish() override {
    if (absl::Status status = EndLine(); !status.ok()) return status;
    for (auto& [id, listed] : listed_) {
      Complete(id, listed);
      auto built = listed.entry.Build();
      if (built.has_value()) {
        list_.entries.push_back(*std::move(built));
      } else {
        ++list_.left_out;
      }
    }
    return std::move(list_);
  }

 private:
  struct Listed {
    EntryBuilder entry;
    std::vector<std::string> addresses;  // ids
  };

  absl::Status EndLine() {
    const uint64_t number = line_number_++;
    const std::string line = std::exchange(line_, std::string());
    if (absl::StripAsciiWhitespace(line).empty()) return absl::OkStatus();
    const Json object = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (object.is_discarded()) return MalformedList(number, 1, "the line is no JSON (is the file truncated?)");
    if (!object.is_object() || TextOf(object, "id").empty() || TextOf(object, "schema").empty()) {
      return MalformedList(number, 1, "the line is no FollowTheMoney entity: an object with `id` and `schema`");
    }
    const std::string seen = TextOf(object, "last_seen").substr(0, 10);
    if (ListDay(seen) == seen) list_.version_date = std::max(list_.version_date, seen);
    const auto target = object.find("target");
    if (target != object.end() && target->is_boolean() && !target->get<bool>()) {
      ++list_.left_out;
      return absl::OkStatus();
    }
    Read(object, "", 0);
    return absl::OkStatus();
  }

  // `owner`: the entity that the object is nested in.
  void Read(const Json& object, const std::string& owner, int depth) {
    const std::string schema = TextOf(object, "schema");
    const std::string id = TextOf(object, "id");
    const auto properties = object.find("properties");
    if (depth > kMaxNesting || properties == object.end() || !properties->is_object()) return;
    if (schema == "Sanction") return ReadSanction(*properties, owner);
    if (schema == "Identification" || schema == "Passport") return ReadPaper(schema, *properties, owner);
    if (schema == "Address") return ReadAddress(id, *properties);
    for (const Schema& listed : kListed) {
      if (schema == listed.name && owner.empty()) return ReadListed(object, id, listed.kind, *properties, depth);
    }
    if (owner.empty()) ++list_.left_out;
  }

  // Calls `visit` for each text of a property.
  template <typename Visit>
  static void ForEach(const Json& properties, const char* property, const Visit& visit) {
    const auto values = properties.find(property);
    if (values == properties.end() || !values->is_array()) return;
    for (const Json& value : *values) {
      if (value.is_string()) visit(value.get<std::string>());
    }
  }
  static std::string First(const Json& properties, const char* property) {
    std::string first;
    ForEach(properties, property, [&first](const std::string& value) { first = first.empty() ? value : first; });
    return first;
  }

  void ReadListed(const Json& object, const std::string& id, v1::PartyKind kind, const Json& properties, int depth) {
    if (listed_.count(id) > 0) {
      ++list_.left_out;
      return;
    }
    Listed& listed = listed_.try_emplace(id, Listed{EntryBuilder(id, kind), {}}).first->second;
    EntryBuilder& entry = listed.entry;
    entry.AddName(TextOf(object, "caption"), v1::LIST_NAME_KIND_PRIMARY);
    ForEach(properties, "name", [&entry](const std::string& name) {
      entry.AddName(name, entry.entry().names().empty() ? v1::LIST_NAME_KIND_PRIMARY : v1::LIST_NAME_KIND_STRONG_ALIAS);
    });
    AddNames(properties, "alias", v1::LIST_NAME_KIND_STRONG_ALIAS, entry);
    AddNames(properties, "weakAlias", v1::LIST_NAME_KIND_WEAK_ALIAS, entry);
    AddNames(properties, "previousName", v1::LIST_NAME_KIND_FORMER, entry);
    for (const char* const property : {"birthDate", "incorporationDate"}) {
      ForEach(properties, property, [&entry](const std::string& date) { entry.AddBirthDate(ListDate(date)); });
    }
    for (const char* const property : {"nationality", "citizenship", "jurisdiction", "flag", "mainCountry"}) {
      ForEach(properties, property, [&entry](const std::string& country) { entry.AddNationality(country); });
    }
    ForEach(properties, "country", [&entry](const std::string& country) { entry.AddAddressCountry(country); });
    for (const NumberProperty& number : kNumbers) {
      ForEach(properties, number.property, [&entry, &number](const std::string& value) {
        entry.AddIdentifier(number.kind, value, "", number.property);
      });
    }
    const bool aircraft = kind == v1::PARTY_KIND_AIRCRAFT;
    ForEach(properties, "registrationNumber", [&entry, aircraft](const std::string& value) {
      entry.AddIdentifier(
          aircraft ? v1::IDENTIFIER_KIND_AIRCRAFT_REGISTRATION : v1::IDENTIFIER_KIND_COMPANY_REGISTRATION, value, "",
          "registrationNumber");
    });
    const bool person = kind == v1::PARTY_KIND_PERSON;
    ForEach(properties, "idNumber", [&entry, person](const std::string& value) {
      entry.AddIdentifier(person ? v1::IDENTIFIER_KIND_NATIONAL_ID : v1::IDENTIFIER_KIND_OTHER, value, "", "idNumber");
    });
    ForEach(properties, "position", [&entry](const std::string& position) { entry.AddPosition(position); });
    for (const char* const property : {"programId", "program"}) {
      ForEach(properties, property, [&entry](const std::string& programme) { entry.AddProgramme(programme); });
    }
    for (const char* const property : {"notes", "summary"}) {
      ForEach(properties, property, [&entry](const std::string& note) { entry.AddRemark(note); });
    }
    ForEach(properties, "addressEntity",
            [&listed](const std::string& address) { listed.addresses.push_back(address); });
    for (const auto& [property, values] : properties.items()) {
      if (!values.is_array()) continue;
      for (const Json& value : values) {
        if (!value.is_object()) continue;
        if (property == "addressEntity") listed.addresses.push_back(TextOf(value, "id"));
        Read(value, id, depth + 1);
      }
    }
  }

  static void AddNames(const Json& properties, const char* property, v1::ListNameKind kind, EntryBuilder& entry) {
    ForEach(properties, property, [&entry, kind](const std::string& name) { entry.AddName(name, kind); });
  }

  void ReadSanction(const Json& properties, const std::string& owner) {
    Beside& beside = beside_[owner.empty() ? First(properties, "entity") : owner];
    ++beside.sanctions;
    for (const char* const property : {"programId", "program"}) {
      ForEach(properties, property,
              [&beside](const std::string& programme) { beside.programmes.push_back(programme); });
    }
    for (const char* const property : {"listingDate", "startDate"}) {
      const std::string day = ListDay(First(properties, property));
      if (!day.empty() && (beside.listed.empty() || day < beside.listed)) beside.listed = day;
    }
    const std::string ended = ListDay(First(properties, "endDate"));
    if (ended.empty()) return;
    ++beside.sanctions_ended;
    beside.ended = std::max(beside.ended, ended);
  }

  void ReadPaper(const std::string& schema, const Json& properties, const std::string& owner) {
    const std::string label = schema == "Passport" ? schema : First(properties, "type");
    beside_[owner.empty() ? First(properties, "holder") : owner].papers.push_back(
        {IdentifierKindOf(label), First(properties, "number"), First(properties, "country"), label});
  }

  void ReadAddress(const std::string& id, const Json& properties) {
    ForEach(properties, "country", [this, &id](const std::string& country) { addresses_[id].insert(country); });
  }

  void Complete(const std::string& id, Listed& listed) {
    for (const std::string& address : listed.addresses) {
      const auto countries = addresses_.find(address);
      if (countries == addresses_.end()) continue;
      for (const std::string& country : countries->second) listed.entry.AddAddressCountry(country);
    }
    const auto at = beside_.find(id);
    if (at == beside_.end()) return;
    const Beside& beside = at->second;
    for (const Beside::Paper& paper : beside.papers) {
      listed.entry.AddIdentifier(paper.kind, paper.number, paper.country, paper.label);
    }
    for (const std::string& programme : beside.programmes) listed.entry.AddProgramme(programme);
    listed.entry.AddListingDate(beside.listed);
    // An end that is still to come is none yet.
    const bool over = beside.sanctions_ended == beside.sanctions && beside.ended < list_.version_date;
    if (over && beside.sanctions > 0) listed.entry.SetDelistingDate(beside.ended);
  }

  std::string line_;
  uint64_t line_number_ = 1;
  ParsedList list_;
  std::map<std::string, Listed> listed_;
  std::map<std::string, Beside> beside_;                    // by the id of the entity that it is of
  std::map<std::string, std::set<std::string>> addresses_;  // countries by the id of the address
};

}  // namespace

std::unique_ptr<ListParser> MakeFtmJsonParser() { return std::make_unique<FtmJsonParser>(); }

}  // namespace interdict::ingest
