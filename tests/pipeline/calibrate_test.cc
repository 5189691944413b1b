#include "services/ingest/pipeline/calibrate/calibrate.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/status_matchers.h"

namespace interdict::pipeline {
namespace {

constexpr char kTable[] =
    "#columns\tslot\tderivation\tstated\tright\n"
    "goods\tany\t0.400\t0.200\n"
    "goods\tany\t0.800\t0.600\n"
    "goods\tinferred\t0.500\t0.100\n"
    "transit\tany\t0.500\t0.300\n";

TEST(CalibrationTest, IsLinearBetweenKnotsAndConstantBeyond) {
  const auto calibration = Calibration::Parse(kTable);
  ASSERT_THAT(calibration, testing::IsOk());
  EXPECT_FLOAT_EQ(calibration->Map("goods", v1::DERIVATION_STATED, 0.6F), 0.4F);
  EXPECT_FLOAT_EQ(calibration->Map("goods", v1::DERIVATION_STATED, 0.4F), 0.2F);
  EXPECT_FLOAT_EQ(calibration->Map("goods", v1::DERIVATION_STATED, 0.1F), 0.2F);
  EXPECT_FLOAT_EQ(calibration->Map("goods", v1::DERIVATION_STATED, 0.95F), 0.6F);
}

TEST(CalibrationTest, ADerivationsOwnLineWins) {
  const auto calibration = Calibration::Parse(kTable);
  ASSERT_THAT(calibration, testing::IsOk());
  EXPECT_FLOAT_EQ(calibration->Map("goods", v1::DERIVATION_INFERRED, 0.9F), 0.1F);
}

TEST(CalibrationTest, AnUnknownSlotIsLeftAsItIs) {
  const auto calibration = Calibration::Parse(kTable);
  ASSERT_THAT(calibration, testing::IsOk());
  EXPECT_FLOAT_EQ(calibration->Map("claims", v1::DERIVATION_STATED, 0.66F), 0.66F);
}

TEST(CalibrationTest, PlacesGoByTheirRole) {
  const auto calibration = Calibration::Parse(kTable);
  ASSERT_THAT(calibration, testing::IsOk());
  v1::IncidentFacts facts;
  facts.add_places()->set_role(v1::PLACE_ROLE_TRANSIT);
  facts.add_places()->set_role(v1::PLACE_ROLE_ORIGIN);
  for (v1::Place& place : *facts.mutable_places()) place.set_confidence(0.7F);
  calibration->Apply(&facts);
  EXPECT_FLOAT_EQ(facts.places(0).confidence(), 0.3F);
  EXPECT_FLOAT_EQ(facts.places(1).confidence(), 0.7F);
}

TEST(CalibrationTest, BadRowsAreRefusedWithTheirLine) {
  for (const std::string row :
       {"goods\tguessed\t0.4\t0.2", "goods\tany\t1.4\t0.2", "goods\tany\t0.4\tx",
        "goods\tany\t0.4\t0.2\ngoods\tany\t0.3\t0.5", "goods\tany\t0.4\t0.2\ngoods\tany\t0.5\t0.1"}) {
    const auto calibration = Calibration::Parse("#columns\tslot\tderivation\tstated\tright\n" + row + "\n");
    EXPECT_EQ(calibration.status().code(), absl::StatusCode::kInvalidArgument) << row;
    EXPECT_THAT(std::string(calibration.status().message()), ::testing::HasSubstr("confidence.tsv, line ")) << row;
  }
}

TEST(CalibrationTest, TheBuiltInMapLoads) { EXPECT_THAT(Calibration::Load(""), testing::IsOk()); }

}  // namespace
}  // namespace interdict::pipeline
