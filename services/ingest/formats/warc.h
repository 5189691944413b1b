// Reads WARC archives (ISO 28500, versions 0.17 to 1.1), plain or gzip: each HTTP answer of a text type becomes a
// document. What is broken is told with its place and passed over; nothing else is lost by it.
#pragma once

#include <cstdint>
#include <istream>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "services/ingest/formats/contained_document.h"
#include "services/ingest/formats/http_message.h"
#include "services/ingest/formats/record_bytes.h"

namespace interdict::formats {

// Whether the bytes open as a WARC file, plain or gzip.
bool LooksLikeWarc(std::string_view bytes);

// One record in memory at a time. Not thread-safe.
class WarcReader {
 public:
  // Reads a seekable stream, which must live as long. Fetch times later than `now` are left out.
  WarcReader(std::istream& file, const FormatLimits& limits, absl::Time now);

  // The next document, or a record that is broken or beyond the limits; nullopt at the end of the file. The document is
  // the body of a `response` record with a status of 200 to 299, or a `resource` record, of text/html,
  // application/xhtml+xml, text/plain or no told type; `content_type` with the charset of the HTTP header, `url` the
  // target URI, `fetch_time` the record's date, `external_id` the record's id.
  std::optional<ContainedDocument> Next();

  // What was passed over as no document, by kind: `request`, `response of image/png`, `response with status 404`.
  const std::map<std::string, uint64_t>& passed_over() const { return passed_over_; }

 private:
  // The head of a record.
  struct Head {
    std::string type;
    HeaderFields fields;
    uint64_t length = 0;
  };
  // Moves to the first byte of a record; false at the end of the file.
  absl::StatusOr<bool> FindRecord();
  // A line without its end; nullopt where the stretch ends or the line is endless.
  absl::StatusOr<std::optional<std::string>> ReadLine();
  absl::StatusOr<Head> ReadHead();
  // The content of a record, or with `keep` false nothing of it; passes over it in either case.
  absl::StatusOr<std::string> ReadContent(uint64_t length, bool keep);
  // Reads a whole record; nullopt where it is passed over as no document.
  absl::StatusOr<std::optional<v1::DocumentInput>> ReadRecord();
  absl::StatusOr<std::optional<v1::DocumentInput>> Response(const Head& head, const std::string& content);
  std::optional<v1::DocumentInput> Document(const Head& head, const std::string& content_type, std::string content);
  // Why a record is not read at all, so that its content need not be; empty if it is.
  static std::string PassedOverAs(const Head& head);
  void PassOver(const std::string& kind);
  // Behind a broken record: to the next one.
  void Recover(const absl::Status& problem);
  void Unread(uint64_t offset, const std::string& bytes);

  const FormatLimits limits_;
  const absl::Time now_;
  std::unique_ptr<RecordBytes> bytes_;
  std::map<std::string, uint64_t> passed_over_;
  uint64_t number_ = 0;      // of records so far
  std::string unread_;       // bytes that come before what bytes_ gives
  bool frame_lost_ = false;  // it is not known where the next record begins
  bool at_end_ = false;
};

}  // namespace interdict::formats
