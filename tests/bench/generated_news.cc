#include "tests/bench/generated_news.h"

#include <array>
#include <random>

namespace interdict::bench {
namespace {

const std::array kPorts = {"Gdynia", "Trieste", "Mombasa", "Colombo", "Valencia", "Odesa", "Karachi", "Santos"};
const std::array kCountries = {"Poland", "Kenya", "Libya", "Iran", "Yemen", "Brazil", "Sudan", "North Korea", "Turkey"};
const std::array kGoods = {"assault rifles",         "parts for T-55 tanks",     "rounds of ammunition",
                           "cartons of cigarettes",  "kilograms of cocaine",     "elephant tusks",
                           "carbon fibre rolls",     "counterfeit handbags",     "centrifuge components",
                           "litres of untaxed fuel", "ancient bronze statuettes"};
const std::array kAgencies = {"Customs officers", "Police", "The coast guard", "Border guards", "Tax investigators"};
const std::array kSubjects = {"The council",         "A regional hospital", "The national railway",
                              "The weather service", "A farming union",     "The museum",
                              "The port authority",  "A housing agency",    "The football club",
                              "The university",      "A fishing company",   "The ministry of health"};
const std::array kVerbs = {"announced", "postponed", "presented", "reviewed", "approved", "criticised", "published"};
const std::array kObjects = {
    "a plan for new bridges",      "its budget for the coming year", "figures on rainfall",
    "the results of a survey",     "a timetable for night trains",   "a collection of old maps",
    "rules for school meals",      "a study of river water",         "prices for winter wheat",
    "an agreement with its staff", "a programme of concerts",        "repairs to the sea wall"};
const std::array kReasons = {
    "after months of talks",        "because costs had risen",  "as residents had asked",
    "despite doubts among experts", "following a dry summer",   "to the surprise of many",
    "while negotiations continue",  "in spite of strong winds", "for the first time since 2009"};
const std::array kSyllables = {"ba", "do", "ke", "li", "mar", "nov", "pe", "ra", "sto", "tu", "vel", "zan"};
const std::array kMonths = {"January", "March", "May", "June", "August", "October", "December"};

class Writer {
 public:
  explicit Writer(uint64_t number) : random_(number) {}

  // Not std::uniform_int_distribution, whose results differ between standard libraries.
  uint64_t Below(uint64_t limit) { return random_() % limit; }

  template <typename Array>
  std::string Pick(const Array& words) {
    return words[Below(words.size())];
  }

  std::string Surname() {
    std::string name = Pick(kSyllables) + Pick(kSyllables) + Pick(kSyllables);
    name.front() = static_cast<char>(name.front() - 'a' + 'A');
    return name;
  }

  std::string Date() {
    return std::to_string(1 + Below(28)) + " " + Pick(kMonths) + " " + std::to_string(2010 + Below(14));
  }

  std::string EverydaySentence() {
    std::string text = Pick(kSubjects) + " of " + Surname() + " " + Pick(kVerbs) + " " + Pick(kObjects) + " ";
    text += Pick(kReasons) + ", spokesman Jan " + Surname() + " said on " + Date() + ". ";
    return text;
  }

  std::string IncidentSentences() {
    const std::string goods = Pick(kGoods);
    const std::string vessel = Surname() + " Star";
    std::string text =
        Pick(kAgencies) + " in " + Pick(kPorts) + " seized " + std::to_string(20 + Below(9000)) + " " + goods;
    text += " on " + Date() + " that were hidden in a container on the vessel " + vessel + ". ";
    text += "The shipment came from " + Pick(kCountries) + " and was bound for " + Pick(kCountries) + ". ";
    text += "Two men, Adam " + Surname() + " and Karim " + Surname() + ", were arrested and charged with smuggling " +
            goods + ". ";
    text += "Prosecutors said that a company of " + Surname() + " had paid " + std::to_string(10 + Below(900)) +
            ",000 euros. ";
    return text;
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace

std::string NewsText(uint64_t number) {
  constexpr size_t kBytes = 3000;
  Writer writer(number);
  const bool incident = number % kIncidentEvery == 0;
  std::string text = incident ? "Smuggled goods found in " + writer.Pick(kPorts) : "Notes from " + writer.Surname();
  text += "\n\nBy Eva " + writer.Surname() + ", " + writer.Date() + "\n\n";
  if (incident) text += writer.IncidentSentences() + "\n\n";
  while (text.size() < kBytes) {
    for (int sentence = 0; sentence < 4; ++sentence) text += writer.EverydaySentence();
    text += "\n\n";
  }
  return text + "Text " + std::to_string(number) + " of the day.\n";
}

std::string SearchWords(uint64_t number) {
  Writer writer(number);
  std::string words = writer.Pick(kPorts);
  if (number % 3 > 0) words += " " + writer.Pick(kCountries);
  if (number % 3 > 1) words += " " + writer.Surname();
  return words;
}

}  // namespace interdict::bench
