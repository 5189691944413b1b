#include <cmath>
#include <iomanip>

#include "services/cli/explain_page.h"
#include "services/ingest/pipeline/trace/explain.h"

namespace interdict::cli {
namespace {

void WriteValue(std::ostream& out, const pipeline::ExplainedValue& value) {
  out << "  " << value.path << "  " << value.value << "  [" << value.derivation << " "
      << std::lround(value.confidence * 100) << "%]\n";
  for (const v1::Evidence& span : value.evidence) {
    out << "      “" << span.quote() << "” (" << span.begin_byte() << "–" << span.end_byte() << ")";
    if (span.sentence() != span.quote()) out << " in: " << span.sentence();
    out << "\n";
  }
  for (const std::string& line : value.made_by) out << "      made by  " << line << "\n";
  for (const std::string& line : value.lost) out << "      lost     " << line << "\n";
}

}  // namespace

void WriteExplanation(std::ostream& out, const pipeline::Extraction& extraction, const pipeline::Trace& trace) {
  for (size_t i = 0; i < extraction.reports.size(); ++i) {
    const v1::IncidentFacts& facts = extraction.reports[i].facts();
    out << "\nincident " << i + 1 << " of " << extraction.reports.size() << "\n";
    const auto explained = pipeline::Explain(facts, i, extraction.document.text(), trace);
    for (const auto& value : explained.values) WriteValue(out, value);
    for (const std::string& line : explained.left_out) out << "  left out  " << line << "\n";
  }
  out << "\ntime per stage, µs\n" << std::fixed << std::setprecision(0);
  double all = 0;
  for (const pipeline::StageTime& stage : trace.stages) {
    out << "  " << std::left << std::setw(13) << stage.stage << std::right << std::setw(10) << stage.microseconds
        << "\n";
    all += stage.microseconds;
  }
  out << "  " << std::left << std::setw(13) << "all" << std::right << std::setw(10) << all << "\n";
}

}  // namespace interdict::cli
