// The consolidated list of the UN Security Council: `CONSOLIDATED_LIST` of `INDIVIDUAL` and `ENTITY`.
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/ingest/lists/entry_builder.h"
#include "services/ingest/lists/list_dates.h"
#include "services/ingest/lists/xml_list_parser.h"

namespace interdict::ingest {
namespace {

class UnXmlParser final : public XmlListParser {
 public:
  UnXmlParser() : XmlListParser({"CONSOLIDATED_LIST"}, {"INDIVIDUAL", "ENTITY"}) {}

 private:
  void OnOther(const XmlNode& element) override {
    if (element.name == "CONSOLIDATED_LIST") set_version_date(ListDay(element.Attribute("dateGenerated")));
  }

  void OnRecord(const XmlNode& record) override {
    const bool person = record.name == "INDIVIDUAL";
    const std::string& reference = record.Text("REFERENCE_NUMBER");
    EntryBuilder entry(reference.empty() ? record.Text("DATAID") : reference,
                       person ? v1::PARTY_KIND_PERSON : v1::PARTY_KIND_ORGANIZATION);
    AddNames(record, entry);
    const std::string prefix = person ? "INDIVIDUAL_" : "ENTITY_";
    record.ForEach(prefix + "ALIAS", [&entry](const XmlNode& alias) { AddAlias(alias, entry); });
    record.ForEach(prefix + "ADDRESS",
                   [&entry](const XmlNode& address) { entry.AddAddressCountry(address.Text("COUNTRY")); });
    record.ForEach("NATIONALITY/VALUE", [&entry](const XmlNode& value) { entry.AddNationality(value.text); });
    record.ForEach("INDIVIDUAL_DATE_OF_BIRTH", [&entry](const XmlNode& birth) { entry.AddBirthDate(BirthOf(birth)); });
    record.ForEach("INDIVIDUAL_DOCUMENT", [&entry](const XmlNode& document) {
      const std::string& type = document.Text("TYPE_OF_DOCUMENT");
      entry.AddIdentifier(IdentifierKindOf(type), document.Text("NUMBER"), document.Text("ISSUING_COUNTRY"), type);
    });
    record.ForEach("DESIGNATION/VALUE", [&entry](const XmlNode& value) { entry.AddPosition(value.text); });
    entry.AddProgramme(record.Text("UN_LIST_TYPE"));
    entry.AddListingDate(ListDay(record.Text("LISTED_ON")));
    const std::string& comments = record.Text("COMMENTS1");
    entry.AddRemark(comments);
    AddImo(comments, entry);
    Add(entry.Build());
  }

  static void AddNames(const XmlNode& record, EntryBuilder& entry) {
    std::vector<std::string> parts;
    for (const char* const part : {"FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"}) {
      if (!record.Text(part).empty()) parts.push_back(record.Text(part));
    }
    entry.AddName(absl::StrJoin(parts, " "), v1::LIST_NAME_KIND_PRIMARY);
    entry.AddName(record.Text("NAME_ORIGINAL_SCRIPT"), v1::LIST_NAME_KIND_ORIGINAL_SCRIPT);
  }

  static void AddAlias(const XmlNode& alias, EntryBuilder& entry) {
    const std::string& quality = alias.Text("QUALITY");
    v1::ListNameKind kind = v1::LIST_NAME_KIND_STRONG_ALIAS;
    if (absl::EqualsIgnoreCase(quality, "Low")) kind = v1::LIST_NAME_KIND_WEAK_ALIAS;
    if (absl::StartsWithIgnoreCase(quality, "f.k.a")) kind = v1::LIST_NAME_KIND_FORMER;
    const std::vector<std::string> names = absl::StrSplit(alias.Text("ALIAS_NAME"), ';');
    for (const std::string& name : names) entry.AddName(name, kind);
  }

  static std::string BirthOf(const XmlNode& birth) {
    const std::string& type = birth.Text("TYPE_OF_DATE");
    if (absl::EqualsIgnoreCase(type, "BETWEEN")) {
      return ListSpan(ListDate(birth.Text("FROM_YEAR")), ListDate(birth.Text("TO_YEAR")));
    }
    std::string date = ListDate(birth.Text("DATE"));
    if (date.empty()) date = ListDate(birth.Text("YEAR"));
    const bool about = absl::StartsWithIgnoreCase(type, "APPROX");
    return about && !date.empty() && !absl::EndsWith(date, "~") ? date + "~" : date;
  }

  // Ships stand among the entities; their number only in the comments ("IMO number: 9187629").
  static void AddImo(const std::string& comments, EntryBuilder& entry) {
    const size_t at = comments.find("IMO");
    if (at == std::string::npos) return;
    std::string digits;
    for (size_t i = at + 3; i < comments.size() && i < at + 24; ++i) {
      const char c = comments[i];
      if (c >= '0' && c <= '9') {
        digits.push_back(c);
      } else if (!digits.empty()) {
        break;
      }
    }
    if (digits.size() != 7) return;
    entry.AddIdentifier(v1::IDENTIFIER_KIND_IMO, digits, "", "IMO");
  }
};

}  // namespace

std::unique_ptr<ListParser> MakeUnXmlParser() { return std::make_unique<UnXmlParser>(); }

}  // namespace interdict::ingest
