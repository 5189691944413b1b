// The consolidated financial sanctions list of the EU (FSF 1.1): `export` of `sanctionEntity`, values in attributes.
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/ingest/lists/entry_builder.h"
#include "services/ingest/lists/list_dates.h"
#include "services/ingest/lists/xml_list_parser.h"

namespace interdict::ingest {
namespace {

constexpr std::string_view kUnknownCountry = "00";

v1::PartyKind KindOf(const XmlNode& record) {
  const XmlNode* type = record.Child("subjectType");
  if (type == nullptr) return v1::PARTY_KIND_UNSPECIFIED;
  const std::string& code = type->Attribute("code");
  if (code == "person") return v1::PARTY_KIND_PERSON;
  if (code == "enterprise" || code == "entity") return v1::PARTY_KIND_ORGANIZATION;
  if (code == "vessel") return v1::PARTY_KIND_VESSEL;
  return v1::PARTY_KIND_UNSPECIFIED;
}

std::string_view CountryOf(const XmlNode& node) {
  const std::string& code = node.Attribute("countryIso2Code");
  return code == kUnknownCountry || code.empty() ? node.Attribute("countryDescription") : code;
}

std::string BirthOf(const XmlNode& birth) {
  const bool about = absl::EqualsIgnoreCase(birth.Attribute("circa"), "true");
  std::string date = ListDate(birth.Attribute("birthdate"));
  if (date.empty()) {
    date = ListSpan(ListDate(birth.Attribute("yearRangeFrom")), ListDate(birth.Attribute("yearRangeTo")));
  }
  if (date.empty()) date = ListDate(birth.Attribute("year"));
  return about && !date.empty() && !absl::StrContains(date, "/") ? date + "~" : date;
}

class EuXmlParser final : public XmlListParser {
 public:
  EuXmlParser() : XmlListParser({"export"}, {"sanctionEntity"}) {}

 private:
  void OnOther(const XmlNode& element) override {
    if (element.name == "export") set_version_date(ListDay(element.Attribute("generationDate")));
  }

  void OnRecord(const XmlNode& record) override {
    const std::string& reference = record.Attribute("euReferenceNumber");
    EntryBuilder entry(reference.empty() ? record.Attribute("logicalId") : reference, KindOf(record));
    // The first strong name in Latin letters becomes the primary one.
    record.ForEach("nameAlias", [&entry](const XmlNode& alias) { AddName(alias, entry); });
    record.ForEach("citizenship", [&entry](const XmlNode& node) { entry.AddNationality(CountryOf(node)); });
    record.ForEach("address", [&entry](const XmlNode& node) { entry.AddAddressCountry(CountryOf(node)); });
    record.ForEach("birthdate", [&entry](const XmlNode& node) { entry.AddBirthDate(BirthOf(node)); });
    record.ForEach("identification", [&entry](const XmlNode& node) {
      const std::string& type = node.Attribute("identificationTypeCode");
      const std::string& description = node.Attribute("identificationTypeDescription");
      v1::IdentifierKind kind = IdentifierKindOf(type);
      if (kind == v1::IDENTIFIER_KIND_OTHER) kind = IdentifierKindOf(description);
      entry.AddIdentifier(kind, node.Attribute("number"), CountryOf(node), type);
    });
    record.ForEach("regulation", [&entry](const XmlNode& node) {
      entry.AddProgramme(node.Attribute("programme"));
      entry.AddListingDate(ListDay(node.Attribute("publicationDate")));
    });
    const std::string designated = ListDay(record.Attribute("designationDate"));
    entry.AddListingDate(designated);
    record.ForEach("remark", [&entry](const XmlNode& node) { entry.AddRemark(node.text); });
    Add(entry.Build());
  }

  static void AddName(const XmlNode& alias, EntryBuilder& entry) {
    const bool strong = !absl::EqualsIgnoreCase(alias.Attribute("strong"), "false");
    const v1::ListNameKind kind = strong ? v1::LIST_NAME_KIND_STRONG_ALIAS : v1::LIST_NAME_KIND_WEAK_ALIAS;
    std::string name = alias.Attribute("wholeName");
    if (name.empty()) {
      name = absl::StrCat(alias.Attribute("firstName"), " ", alias.Attribute("middleName"), " ",
                          alias.Attribute("lastName"));
    }
    entry.AddName(name, kind, absl::AsciiStrToLower(alias.Attribute("nameLanguage")));
    entry.AddPosition(alias.Attribute("function"));
  }
};

}  // namespace

std::unique_ptr<ListParser> MakeEuXmlParser() { return std::make_unique<EuXmlParser>(); }

}  // namespace interdict::ingest
