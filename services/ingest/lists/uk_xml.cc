// Lists of the United Kingdom: the UK Sanctions List (`Designations` of `Designation`), and the former consolidated
// list of OFSI (`ArrayOfFinancialSanctionsTarget`), which has a record for each name and address of a group.
#include <map>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/ingest/lists/entry_builder.h"
#include "services/ingest/lists/list_dates.h"
#include "services/ingest/lists/xml_list_parser.h"

namespace interdict::ingest {
namespace {

v1::PartyKind KindOf(const std::string& type) {
  if (type == "Individual") return v1::PARTY_KIND_PERSON;
  if (type == "Entity") return v1::PARTY_KIND_ORGANIZATION;
  if (type == "Ship") return v1::PARTY_KIND_VESSEL;
  return v1::PARTY_KIND_UNSPECIFIED;
}

v1::ListNameKind NameKind(const std::string& type, const std::string& strength) {
  if (absl::StartsWithIgnoreCase(type, "primary name var")) return v1::LIST_NAME_KIND_STRONG_ALIAS;
  if (absl::StartsWithIgnoreCase(type, "primary")) return v1::LIST_NAME_KIND_PRIMARY;
  if (absl::StartsWithIgnoreCase(strength, "low")) return v1::LIST_NAME_KIND_WEAK_ALIAS;
  if (absl::StartsWithIgnoreCase(type, "f")) return v1::LIST_NAME_KIND_FORMER;  // FKA
  return v1::LIST_NAME_KIND_STRONG_ALIAS;
}

// `Name6` is the family name, or the whole name of what is no person; the others go before it.
void AddName(const XmlNode& node, v1::ListNameKind kind, EntryBuilder& entry) {
  std::vector<std::string> given;
  for (const char* const part : {"1", "2", "3", "4", "5"}) {
    const std::string& upper = node.Text(std::string("Name") + part);
    const std::string& lower = node.Text(std::string("name") + part);
    if (!upper.empty() || !lower.empty()) given.push_back(upper.empty() ? lower : upper);
  }
  const std::string& last = node.Text("Name6").empty() ? node.Text("name6") : node.Text("Name6");
  entry.AddNameParts(absl::StrJoin(given, " "), last, kind);
}

// `(1) Russia (2) Ukraine` as two values; a text without numbers as one.
std::vector<std::string> Numbered(const std::string& text) {
  std::vector<std::string> values;
  size_t begin = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    size_t end = at + 1;
    if (text[at] != '(') continue;
    while (end < text.size() && absl::ascii_isdigit(text[end])) ++end;
    if (end == at + 1 || end == text.size() || text[end] != ')') continue;
    if (at > begin) values.push_back(text.substr(begin, at - begin));
    begin = end + 1;
  }
  if (begin < text.size()) values.push_back(text.substr(begin));
  for (std::string& value : values) {
    absl::StripAsciiWhitespace(&value);
    while (!value.empty() && (value.back() == ',' || value.back() == '.' || value.back() == ';')) value.pop_back();
  }
  return values;
}

class UkXmlParser final : public XmlListParser {
 public:
  UkXmlParser()
      : XmlListParser({"Designations", "ArrayOfFinancialSanctionsTarget"},
                      {"Designation", "FinancialSanctionsTarget"}) {}

 private:
  void OnOther(const XmlNode& element) override {
    if (element.name == "DateGenerated") set_version_date(ListDay(element.text));
  }

  void OnRecord(const XmlNode& record) override {
    if (record.name == "Designation") return ReadDesignation(record);
    const std::string& group = record.Text("GroupID");
    if (group.empty()) return LeaveOut();
    const auto at = groups_.try_emplace(group, group, KindOf(record.Text("GroupTypeDescription"))).first;
    ReadTarget(record, at->second);
  }

  void OnEnd() override {
    for (auto& [id, entry] : groups_) Add(entry.Build());
  }

  void ReadDesignation(const XmlNode& record) {
    EntryBuilder entry(record.Text("UniqueID"), KindOf(record.Text("IndividualEntityShip")));
    record.ForEach("Names/Name", [&entry](const XmlNode& name) {
      AddName(name, NameKind(name.Text("NameType"), name.Text("AliasStrength")), entry);
    });
    record.ForEach("NonLatinNames/NonLatinName", [&entry](const XmlNode& name) {
      entry.AddName(name.Text("NameNonLatinScript"), v1::LIST_NAME_KIND_ORIGINAL_SCRIPT);
    });
    record.ForEach("Addresses/Address",
                   [&entry](const XmlNode& address) { entry.AddAddressCountry(address.Text("AddressCountry")); });
    record.ForEach("IndividualDetails/Individual", [&entry](const XmlNode& person) { AddPerson(person, entry); });
    record.ForEach(
        "EntityDetails/Entity/BusinessRegistrationNumbers/BusinessRegistrationNumber", [&entry](const XmlNode& node) {
          entry.AddIdentifier(v1::IDENTIFIER_KIND_COMPANY_REGISTRATION, node.text, "", "BusinessRegistrationNumber");
        });
    record.ForEach("ShipDetails/Ship/IMONumbers/IMONumber", [&entry](const XmlNode& node) {
      entry.AddIdentifier(v1::IDENTIFIER_KIND_IMO, node.text, "", "IMONumber");
    });
    record.ForEach("ShipDetails/Ship/CurrentBelievedFlagOfShips/CurrentBelievedFlagOfShip",
                   [&entry](const XmlNode& node) { entry.AddNationality(node.text); });
    entry.AddProgramme(record.Text("RegimeName"));
    entry.AddListingDate(ListDay(record.Text("DateDesignated")));
    entry.AddRemark(record.Text("OtherInformation"));
    entry.AddRemark(record.Text("UKStatementofReasons"));
    Add(entry.Build());
  }

  static void AddPerson(const XmlNode& person, EntryBuilder& entry) {
    person.ForEach("DOBs/DOB", [&entry](const XmlNode& node) { entry.AddBirthDate(ListDate(node.text)); });
    person.ForEach("Nationalities/Nationality", [&entry](const XmlNode& node) { entry.AddNationality(node.text); });
    person.ForEach("Positions/Position", [&entry](const XmlNode& node) { entry.AddPosition(node.text); });
    for (const char* const path : {"PassportDetails/Passport", "PassportDetails/PassportDetail"}) {
      person.ForEach(path, [&entry](const XmlNode& node) {
        entry.AddIdentifier(v1::IDENTIFIER_KIND_PASSPORT, node.Text("PassportNumber"), "", "PassportNumber");
      });
    }
    for (const char* const path :
         {"NationalIdentifierDetails/NationalIdentifier", "NationalIdentifierDetails/NationalIdentifierDetail"}) {
      person.ForEach(path, [&entry](const XmlNode& node) {
        entry.AddIdentifier(v1::IDENTIFIER_KIND_NATIONAL_ID, node.Text("NationalIdentifierNumber"), "",
                            "NationalIdentifierNumber");
      });
    }
  }

  static void ReadTarget(const XmlNode& record, EntryBuilder& entry) {
    const std::string& quality =
        record.Text("AliasQuality").empty() ? record.Text("AliasQualityName") : record.Text("AliasQuality");
    const std::string& type =
        record.Text("AliasType").empty() ? record.Text("AliasTypeName") : record.Text("AliasType");
    AddName(record, NameKind(type, quality), entry);
    entry.AddName(record.Text("NameNonLatinScript"), v1::LIST_NAME_KIND_ORIGINAL_SCRIPT);
    for (const std::string& country : Numbered(record.Text("Country"))) entry.AddAddressCountry(country);
    for (const std::string& country : Numbered(record.Text("Individual_Nationality"))) entry.AddNationality(country);
    for (const std::string& date : Numbered(record.Text("Individual_DateOfBirth"))) entry.AddBirthDate(ListDate(date));
    for (const std::string& position : Numbered(record.Text("Individual_Position"))) entry.AddPosition(position);
    AddNumbers(record, "Individual_PassportNumber", v1::IDENTIFIER_KIND_PASSPORT, entry);
    AddNumbers(record, "Individual_NINumber", v1::IDENTIFIER_KIND_NATIONAL_ID, entry);
    AddNumbers(record, "Entity_BusinessRegNumber", v1::IDENTIFIER_KIND_COMPANY_REGISTRATION, entry);
    AddNumbers(record, "Ship_IMONumber", v1::IDENTIFIER_KIND_IMO, entry);
    for (const std::string& flag : Numbered(record.Text("Ship_Flag"))) entry.AddNationality(flag);
    entry.AddProgramme(record.Text("RegimeName"));
    for (const char* const date : {"DateListed", "DateDesignated"}) entry.AddListingDate(ListDay(record.Text(date)));
    entry.AddRemark(record.Text("OtherInformation"));
    entry.AddRemark(record.Text("UKStatementOfReasons"));
  }

  static void AddNumbers(const XmlNode& record, const std::string& element, v1::IdentifierKind kind,
                         EntryBuilder& entry) {
    for (const std::string& number : Numbered(record.Text(element))) entry.AddIdentifier(kind, number, "", element);
  }

  std::map<std::string, EntryBuilder> groups_;  // of OFSI's list, by GroupID
};

}  // namespace

std::unique_ptr<ListParser> MakeUkXmlParser() { return std::make_unique<UkXmlParser>(); }

}  // namespace interdict::ingest
