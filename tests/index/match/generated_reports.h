// Invented reports in any number, for benchmarks: names, places and goods by Zipf's law, so that some keys are in very
// many groups.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "interdict/internal/v1/resolution.pb.h"
#include "interdict/v1/incident.pb.h"

namespace interdict::index::match {

// The same seed gives the same reports.
class ReportGenerator {
 public:
  explicit ReportGenerator(uint64_t seed) : random_(seed) {}

  // A report that names a new document, the text of that document, of about 300 words, and its source.
  v1::Report Report(std::string* text, v1::Source* source);
  // The facts of such a report alone.
  v1::IncidentFacts Facts(v1::Source* source);
  std::string Text();
  internal::v1::ReportFeatures Features();

 private:
  uint32_t Rank(uint32_t most);
  uint32_t Even(uint32_t most) { return std::uniform_int_distribution<uint32_t>(0, most - 1)(random_); }
  std::string Name();

  std::mt19937_64 random_;
};

}  // namespace interdict::index::match
