// Reports for the tests of merging, from text protos.
#pragma once

#include <string>
#include <vector>

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/index/fold/merge_reports.h"

namespace interdict::index {

inline internal::v1::StoredReport ParseReport(const std::string& text) {
  internal::v1::StoredReport report;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &report)) << text;
  return report;
}

// A report of its own document, by its own publisher.
inline internal::v1::StoredReport MakeReport(const std::string& id, const std::string& published,
                                             const std::string& facts) {
  internal::v1::StoredReport report = ParseReport("report { facts { " + facts + " } }");
  report.mutable_report()->set_name("documents/" + id + "/reports/" + id);
  report.mutable_source()->set_document("documents/" + id);
  report.mutable_source()->set_report(report.report().name());
  report.mutable_source()->set_publisher("Publisher " + id);
  report.mutable_source()->set_published(published);
  return report;
}

inline internal::v1::StoredReport Graded(internal::v1::StoredReport report, v1::Reliability grade) {
  report.mutable_source()->set_reliability(grade);
  return report;
}

// `evidence { document: "documents/ID" … }`, a span that no other call makes.
inline std::string Span(const std::string& id, int begin, const std::string& quote) {
  return "evidence { document: \"documents/" + id + "\" begin_byte: " + std::to_string(begin) +
         " end_byte: " + std::to_string(begin + 1) + " quote: \"" + quote + "\" }";
}

inline v1::IncidentFacts MergeFacts(const std::vector<internal::v1::StoredReport>& reports) {
  return MergeReports(reports).facts();
}

}  // namespace interdict::index
