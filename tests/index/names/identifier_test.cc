#include "services/index/names/identifier.h"

#include <gtest/gtest.h>

namespace interdict::names {
namespace {

TEST(Identifier, ImoCheckDigit) {
  EXPECT_TRUE(ImoCheckDigitHolds("9074729"));
  EXPECT_FALSE(ImoCheckDigitHolds("9074728"));
  EXPECT_FALSE(ImoCheckDigitHolds("907472"));
  EXPECT_FALSE(ImoCheckDigitHolds("90747290"));
  EXPECT_FALSE(ImoCheckDigitHolds("9O74729"));
}

TEST(Identifier, ComesToOneForm) {
  const auto imo = ParseIdentifier(IdentifierType::kImo, "IMO 9074729");
  ASSERT_TRUE(imo.ok()) << imo.status();
  EXPECT_EQ(imo->value, "9074729");
  EXPECT_EQ(ParseIdentifier(IdentifierType::kRegistration, "ex-12907")->value, "EX12907");
  EXPECT_EQ(ParseIdentifier(IdentifierType::kMmsi, "MMSI: 273 123 456")->value, "273123456");
  EXPECT_EQ(ParseIdentifier(IdentifierType::kOther, "ru/inn/7707083893")->value, "RU/INN/7707083893");
}

TEST(Identifier, BadOnesAreRefusedWithTheReason) {
  const auto wrong = ParseIdentifier(IdentifierType::kImo, "9074728");
  EXPECT_EQ(wrong.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(wrong.status().ToString().find("check digit"), std::string::npos);
  for (const std::string& text : {std::string(), std::string("---"), std::string(1000, '7'), std::string("\xFF\xFF"),
                                  std::string("907472"), std::string("12345678")}) {
    EXPECT_FALSE(ParseIdentifier(IdentifierType::kImo, text).ok()) << text.substr(0, 20);
  }
  EXPECT_FALSE(ParseIdentifier(IdentifierType::kMmsi, "12345").ok());
  EXPECT_FALSE(ParseIdentifier(IdentifierType::kRegistration, "X").ok());
}

}  // namespace
}  // namespace interdict::names
