// SDN.XML and CONS_PRIM.XML of the US Treasury: `sdnList` of `sdnEntry`.
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "services/ingest/lists/entry_builder.h"
#include "services/ingest/lists/list_dates.h"
#include "services/ingest/lists/xml_list_parser.h"

namespace interdict::ingest {
namespace {

v1::PartyKind KindOf(const std::string& type) {
  if (type == "Individual") return v1::PARTY_KIND_PERSON;
  if (type == "Entity") return v1::PARTY_KIND_ORGANIZATION;
  if (type == "Vessel") return v1::PARTY_KIND_VESSEL;
  if (type == "Aircraft") return v1::PARTY_KIND_AIRCRAFT;
  return v1::PARTY_KIND_UNSPECIFIED;
}

v1::ListNameKind AliasKind(const XmlNode& aka) {
  if (absl::EqualsIgnoreCase(aka.Text("category"), "weak")) return v1::LIST_NAME_KIND_WEAK_ALIAS;
  return absl::StartsWithIgnoreCase(aka.Text("type"), "f.k.a") ? v1::LIST_NAME_KIND_FORMER
                                                               : v1::LIST_NAME_KIND_STRONG_ALIAS;
}

class OfacXmlParser final : public XmlListParser {
 public:
  OfacXmlParser() : XmlListParser({"sdnList"}, {"sdnEntry"}) {}

 private:
  void OnOther(const XmlNode& element) override {
    if (element.name == "Publish_Date") set_version_date(ListDay(element.text, SlashOrder::kMonthFirst));
  }

  void OnRecord(const XmlNode& record) override {
    EntryBuilder entry(record.Text("uid"), KindOf(record.Text("sdnType")));
    entry.AddNameParts(record.Text("firstName"), record.Text("lastName"), v1::LIST_NAME_KIND_PRIMARY);
    record.ForEach("akaList/aka", [&entry](const XmlNode& aka) {
      entry.AddNameParts(aka.Text("firstName"), aka.Text("lastName"), AliasKind(aka));
    });
    record.ForEach("programList/program", [&entry](const XmlNode& node) { entry.AddProgramme(node.text); });
    record.ForEach("nationalityList/nationality",
                   [&entry](const XmlNode& node) { entry.AddNationality(node.Text("country")); });
    record.ForEach("citizenshipList/citizenship",
                   [&entry](const XmlNode& node) { entry.AddNationality(node.Text("country")); });
    record.ForEach("addressList/address",
                   [&entry](const XmlNode& node) { entry.AddAddressCountry(node.Text("country")); });
    record.ForEach("dateOfBirthList/dateOfBirthItem", [&entry](const XmlNode& node) {
      entry.AddBirthDate(ListDate(node.Text("dateOfBirth"), SlashOrder::kMonthFirst));
    });
    entry.AddNationality(record.Text("vesselInfo/vesselFlag"));
    entry.AddIdentifier(v1::IDENTIFIER_KIND_CALL_SIGN, record.Text("vesselInfo/callSign"), "", "Call Sign");
    record.ForEach("idList/id", [&entry](const XmlNode& node) { AddId(node, entry); });
    entry.AddPosition(record.Text("title"));
    entry.AddRemark(record.Text("remarks"));
    Add(entry.Build());
  }

  static void AddId(const XmlNode& id, EntryBuilder& entry) {
    const std::string& label = id.Text("idType");
    // Some rows of the list of identities are notes.
    if (label == "Gender" || absl::EndsWith(label, ":") || absl::StrContains(label, "Risk") || label == "Website")
      return;
    v1::IdentifierKind kind = IdentifierKindOf(label);
    if (kind == v1::IDENTIFIER_KIND_IMO && !absl::StartsWithIgnoreCase(id.Text("idNumber"), "IMO") &&
        label != "IMO Number") {
      kind = v1::IDENTIFIER_KIND_OTHER;
    }
    // Companies that own ships have a number of the same form, under another label.
    const bool imo = kind == v1::IDENTIFIER_KIND_NATIONAL_ID && absl::StartsWithIgnoreCase(id.Text("idNumber"), "IMO ");
    entry.AddIdentifier(imo ? v1::IDENTIFIER_KIND_IMO : kind, id.Text("idNumber"), id.Text("idCountry"), label);
  }
};

}  // namespace

std::unique_ptr<ListParser> MakeOfacXmlParser() { return std::make_unique<OfacXmlParser>(); }

}  // namespace interdict::ingest
