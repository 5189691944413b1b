#include "tests/index/match/sample_reports.h"

#include "absl/strings/str_format.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/index/resolve/match/features.h"

namespace interdict::index::match {

const char* const kGoldFlight = R"(
  title: "Gold found on charter flight at Kalongwe"
  summary: "Customs at Kalongwe airfield found 118.4 kg of gold on a charter flight bound for Dubai, flown by Pieter Oosthuis."
  offences { offence: OFFENCE_CASH_SMUGGLING } stage: STAGE_FOILED
  occurred { edtf: "2019-05-14" basis: TIME_BASIS_DETECTION }
  places { role: PLACE_ROLE_LOCATION country_code: "ZM" name: "Kalongwe" }
  places { role: PLACE_ROLE_DESTINATION country_code: "AE" name: "Dubai" }
  parties { name: "Pieter Oosthuis" named: true kind: PARTY_KIND_PERSON role: PARTY_ROLE_SUSPECT age_years: 51 }
  goods { description: "gold" category: "METALS" quantities { value: 118.4 unit: "kg" } }
  conveyances { kind: CONVEYANCE_KIND_AIRCRAFT registration: "9J-QXR" model: "Cessna Caravan" }
  actions { type: ACTION_TYPE_SEIZURE status: ACTION_STATUS_DONE })";

const char* const kGoldFlightRetold = R"(
  title: "Pilot held as bullion is taken off plane"
  summary: "Pilot Peter Oosthuis was held after officers took 118 kilograms of gold off a Cessna, 9JQXR, on its way to the Emirates."
  offences { offence: OFFENCE_CASH_SMUGGLING }
  occurred { edtf: "2019-05" basis: TIME_BASIS_DETECTION }
  places { role: PLACE_ROLE_ORIGIN country_code: "CD" }
  places { role: PLACE_ROLE_DESTINATION country_code: "AE" }
  parties { name: "Peter Oosthuis" named: true kind: PARTY_KIND_PERSON role: PARTY_ROLE_SUSPECT }
  goods { description: "gold bullion" category: "METALS" quantities { value: 118 unit: "kilograms" } }
  conveyances { kind: CONVEYANCE_KIND_AIRCRAFT registration: "9JQXR" }
  actions { type: ACTION_TYPE_ARREST status: ACTION_STATUS_DONE })";

const char* const kOtherGoldFlight = R"(
  title: "More gold at Kalongwe"
  summary: "Customs at Kalongwe airfield stopped another plane, with 42 kg of gold, flown by Tendai Mukwesha."
  offences { offence: OFFENCE_CASH_SMUGGLING } stage: STAGE_FOILED
  occurred { edtf: "2019-05-23" basis: TIME_BASIS_DETECTION }
  places { role: PLACE_ROLE_LOCATION country_code: "ZM" name: "Kalongwe" }
  parties { name: "Tendai Mukwesha" named: true kind: PARTY_KIND_PERSON role: PARTY_ROLE_SUSPECT age_years: 29 }
  goods { description: "gold" category: "METALS" quantities { value: 42 unit: "kg" } }
  conveyances { kind: CONVEYANCE_KIND_AIRCRAFT registration: "Z-BKL" }
  actions { type: ACTION_TYPE_SEIZURE status: ACTION_STATUS_DONE })";

v1::Report SampleReport(const std::string& facts, int document, uint32_t ordinal) {
  v1::Report report;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(facts, report.mutable_facts())) << facts;
  report.set_name(absl::StrFormat("documents/%064x/reports/%032x", document, document * 100 + ordinal));
  report.set_ordinal(ordinal);
  return report;
}

internal::v1::ReportFeatures SampleFeatures(const std::string& facts, int document, const std::string& published,
                                            const std::string& text, uint32_t ordinal) {
  v1::Source source;
  source.set_published(published);
  return FeaturesOf(SampleReport(facts, document, ordinal), source, text);
}

std::string SampleId(int number) { return absl::StrFormat("%016x", number); }

}  // namespace interdict::index::match
