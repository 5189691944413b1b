#include "services/cli/show_record.h"

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "tests/source_tree.h"

namespace interdict::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Golden(const std::string& name) {
  std::ifstream file(testing::SourcePath("tests/testdata/golden/" + name));
  EXPECT_TRUE(file.good()) << name;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

v1::Incident GoldenIncident() {
  v1::Incident incident;
  const auto status = google::protobuf::util::JsonStringToMessage(Golden("show_incident.json"), &incident);
  EXPECT_TRUE(status.ok()) << status.ToString();
  return incident;
}

std::string Shown(const v1::Incident& incident, const ShowOptions& options) {
  std::ostringstream out;
  ShowIncident(out, incident, options);
  return out.str();
}

TEST(ShowRecordTest, IncidentWithEvidence) {
  EXPECT_EQ(Shown(GoldenIncident(), ShowOptions{}), Golden("show_incident.txt"));
}

TEST(ShowRecordTest, IncidentWithoutEvidence) {
  EXPECT_EQ(Shown(GoldenIncident(), ShowOptions{.with_evidence = false}), Golden("show_incident_brief.txt"));
}

TEST(ShowRecordTest, IncidentThatIsGoneShowsItsStateAndNoFacts) {
  v1::Incident incident = GoldenIncident();
  incident.set_state(v1::Incident::STATE_REMOVED);
  incident.clear_sources();
  EXPECT_EQ(Shown(incident, ShowOptions{}), "incidents/0f3a5b7c9d1e2f405162738495a6b7c8  (removed)\n");
}

TEST(ShowRecordTest, ContradictionsStandBelowTheValueWithThoseWhoTellThem) {
  v1::IncidentFacts facts;
  facts.mutable_occurred()->set_edtf("2018-06-09");
  v1::Alternative* date = facts.mutable_occurred()->add_alternatives();
  date->set_value("2018-06-12");
  date->add_evidence()->set_document("documents/aa");
  date->add_evidence()->set_document("documents/bb");
  facts.mutable_occurred()->add_alternatives()->set_value("2018");  // of the report's own text
  v1::Party* party = facts.add_parties();
  party->set_name("Jan Novak");
  v1::Alternative* state = party->add_alternatives();
  state->set_field("nationality_code");
  state->set_value("CZ");
  state->add_evidence()->set_document("documents/aa");
  std::ostringstream out;
  ShowFacts(out, facts, ShowOptions{.with_evidence = false});
  EXPECT_THAT(out.str(), HasSubstr("or 2018-06-12, by documents/aa, documents/bb\n"));
  EXPECT_THAT(out.str(), HasSubstr("or nationality_code CZ, by documents/aa\n"));
  EXPECT_THAT(out.str(), Not(HasSubstr("or 2018,")));
}

TEST(ShowRecordTest, SourcesShowTheirGrade) {
  v1::Incident incident = GoldenIncident();
  incident.mutable_sources(0)->set_reliability(v1::RELIABILITY_B);
  EXPECT_THAT(Shown(incident, ShowOptions{}), HasSubstr("grade B"));
}

TEST(ShowRecordTest, FactsWithoutTitleSaySo) {
  std::ostringstream out;
  ShowFacts(out, v1::IncidentFacts(), ShowOptions{});
  EXPECT_EQ(out.str(), "(without title)\n");
}

TEST(ShowRecordTest, DocumentShowsWhatIsKnownAndNotItsText) {
  v1::Document document;
  document.set_name("documents/aa");
  document.set_title("Crate opened");
  document.set_text("The text itself.");
  document.set_state(v1::Document::STATE_ACTIVE);
  document.set_publisher("Baltic Wire");
  document.add_section_trail("Home");
  document.add_section_trail("Ports");
  document.set_published("2019-03-06");
  document.add_attribution_chain("NK Watch");
  document.add_attribution_chain("Gdynia Post");
  document.set_content_type("text/html");
  document.set_charset("windows-1250");
  document.set_content_size_bytes(3120);
  document.set_extraction_status(v1::EXTRACTION_STATUS_REPORTED);
  document.add_sightings()->set_count(2);
  document.add_incidents("incidents/1");
  std::ostringstream out;
  ShowDocument(out, document);
  EXPECT_EQ(out.str(),
            "documents/aa\n"
            "Crate opened\n"
            "  state        active\n"
            "  publisher    Baltic Wire\n"
            "  trail        Home / Ports\n"
            "  published    2019-03-06\n"
            "  reported by  NK Watch ← Gdynia Post\n"
            "  type         text/html, windows-1250, 3120 bytes\n"
            "  extraction   reported\n"
            "  seen         without URL, 2 time(s)\n"
            "  incident     incidents/1\n");
}

TEST(ShowRecordTest, RemovedDocumentTellsWhy) {
  v1::Document document;
  document.set_name("documents/aa");
  document.set_state(v1::Document::STATE_REMOVED);
  document.set_removal_reason("court order");
  std::ostringstream out;
  ShowDocument(out, document);
  EXPECT_THAT(out.str(), HasSubstr("  state        removed\n  removed      court order\n"));
}

TEST(ShowRecordTest, WordIsTheEnumValueForAReader) {
  EXPECT_EQ(Word("PARTY_ROLE_SUSPECT", "PARTY_ROLE_"), "suspect");
  EXPECT_EQ(Word("STANCE_COULD_NOT_VERIFY", "STANCE_"), "could not verify");
  EXPECT_EQ(Word("OTHER_NAME", "STANCE_"), "other name");
}

}  // namespace
}  // namespace interdict::cli
