#include "tests/index/match/generated_reports.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/index/resolve/match/features.h"
#include "services/index/resolve/match/hashes.h"

namespace interdict::index::match {
namespace {

constexpr uint32_t kWords = 40'000;

std::string Word(uint32_t rank) {
  std::string word;
  uint64_t bits = MixBits(rank + 7);
  for (int i = 0; i < 3; ++i, bits /= 105) {
    word.push_back("bdfgklmnprstvzj"[bits % 15]);
    word.push_back("aeiou"[bits / 15 % 5]);
  }
  return absl::StrCat(word, "rn");
}

}  // namespace

uint32_t ReportGenerator::Rank(uint32_t most) {
  const double share = std::uniform_real_distribution<double>(0, 1)(random_);
  return static_cast<uint32_t>(std::pow(static_cast<double>(most), share)) - 1;
}

std::string ReportGenerator::Name() {
  std::string name;
  for (int i = 0; i < 2; ++i) {
    std::string word = Word(Rank(kWords));
    word[0] = static_cast<char>(word[0] - 'a' + 'A');
    absl::StrAppend(&name, i == 0 ? "" : " ", word);
  }
  return name;
}

v1::IncidentFacts ReportGenerator::Facts(v1::Source* source) {
  v1::IncidentFacts facts;
  const uint32_t day = Even(3650);
  const std::string date = absl::StrFormat("%d-%02d-%02d", 2010 + day / 365, 1 + day % 12, 1 + day % 28);
  facts.mutable_occurred()->set_edtf(date);
  source->set_published(date);
  facts.add_offences()->set_offence(static_cast<v1::Offence>(1 + Even(11)));
  for (int i = 0; i < 3; ++i) {
    v1::Place* place = facts.add_places();
    place->set_role(static_cast<v1::PlaceRole>(1 + i));
    const uint32_t country = Rank(200);
    place->set_country_code({static_cast<char>('A' + country % 26), static_cast<char>('A' + country / 26)});
    place->set_name(Word(Rank(5000)));
  }
  for (int i = 0; i < 4; ++i) {
    v1::Party* party = facts.add_parties();
    party->set_name(Name());
    party->set_named(true);
    party->set_kind(v1::PARTY_KIND_PERSON);
    party->set_role(i == 0 ? v1::PARTY_ROLE_AUTHORITY : v1::PARTY_ROLE_SUSPECT);
  }
  v1::Goods* goods = facts.add_goods();
  goods->set_category(absl::StrCat("ML", 1 + Rank(22)));
  goods->set_description(Word(Rank(500)));
  v1::Quantity* quantity = goods->add_quantities();
  quantity->set_value(1 + Rank(10000));
  quantity->set_unit("kg");
  return facts;
}

std::string ReportGenerator::Text() {
  std::string text;
  for (int i = 0; i < 300; ++i)
    absl::StrAppend(&text, i % 20 == 7 ? Name() : Word(Rank(kWords)), i % 12 == 11 ? ". " : " ");
  return text;
}

v1::Report ReportGenerator::Report(std::string* text, v1::Source* source) {
  v1::Report report;
  *report.mutable_facts() = Facts(source);
  *text = Text();
  report.set_name(absl::StrFormat("documents/%016x%048x/reports/%032x", random_(), random_(), random_()));
  return report;
}

internal::v1::ReportFeatures ReportGenerator::Features() {
  std::string text;
  v1::Source source;
  const v1::Report report = Report(&text, &source);
  return FeaturesOf(report, source, text);
}

}  // namespace interdict::index::match
