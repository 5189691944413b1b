// How reliable a source is: the Admiralty grade that a list gives to the host of a document's URL or to its publisher.
// The operator may put rows of his own before those built in.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "interdict/v1/incident.pb.h"

namespace interdict::ingest {

// Immutable, thread-safe.
class SourceGrades {
 public:
  // Rows of a file, tab between source and grade, `#` begins a comment: `reuters.com` (that host and all below it),
  // `.gov` (all hosts with that ending), or the name of a publisher; A to F, or `-` for not graded. They go before the
  // rows built in (source_grades.tsv); none are needed. INVALID_ARGUMENT with the line: not such a row, or a source
  // twice.
  static absl::StatusOr<SourceGrades> WithRows(std::string_view tsv);
  // The same with the rows of a file; an empty path adds none. NOT_FOUND: it cannot be read.
  static absl::StatusOr<SourceGrades> WithFile(const std::string& path);

  // By the longest ending of the URL's host that has a grade, else by the publisher's name, without case and a leading
  // "the"; UNSPECIFIED if neither is listed. Both as the one who submits tells them: what a page says of itself proves
  // nothing.
  v1::Reliability Grade(std::string_view url, std::string_view publisher) const;

 private:
  SourceGrades() = default;

  // Grades by host, and by publisher, of one list.
  struct Rows {
    std::map<std::string, v1::Reliability, std::less<>> hosts;
    std::map<std::string, v1::Reliability, std::less<>> publishers;
  };
  static absl::StatusOr<Rows> ParseRows(std::string_view tsv);

  std::vector<Rows> lists_;  // the first that knows a source decides
};

}  // namespace interdict::ingest
