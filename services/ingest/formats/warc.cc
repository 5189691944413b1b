#include "services/ingest/formats/warc.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "services/ingest/formats/document_fields.h"
#include "services/ingest/pipeline/decode/ascii.h"

namespace interdict::formats {
namespace {

constexpr std::string_view kRecordMark = "WARC/";
constexpr size_t kMaxHeadBytes = 64 * 1024;
constexpr size_t kMaxHttpHeadBytes = 64 * 1024;
constexpr size_t kMostKinds = 64;

absl::Status Broken(const std::string& problem) { return absl::InvalidArgumentError(problem); }

std::optional<uint64_t> Number(std::string_view digits) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

bool IsText(const std::string& media_type) {
  return media_type.empty() || media_type == "text/html" || media_type == "application/xhtml+xml" ||
         media_type == "text/plain";
}

// `<urn:uuid:…>` without its brackets, and so URLs of old writers.
std::string_view Bare(std::string_view value) {
  if (value.starts_with('<') && value.ends_with('>') && value.size() >= 2) value = value.substr(1, value.size() - 2);
  return value;
}

}  // namespace

bool LooksLikeWarc(std::string_view bytes) { return bytes.starts_with(kRecordMark) || bytes.starts_with("\x1F\x8B"); }

WarcReader::WarcReader(std::istream& file, const FormatLimits& limits, absl::Time now)
    : limits_(limits), now_(now), bytes_(OpenRecordBytes(file)) {}

std::optional<ContainedDocument> WarcReader::Next() {
  while (!at_end_) {
    ContainedDocument document;
    const absl::StatusOr<bool> found = FindRecord();
    document.number = ++number_;
    document.place = absl::StrCat("record at byte ", bytes_->offset());
    if (!found.ok()) {
      document.input = Broken(std::string(found.status().message()));
      Recover(found.status());
      return document;
    }
    if (!*found) {
      at_end_ = true;
      break;
    }
    frame_lost_ = true;
    auto read = ReadRecord();
    if (!read.ok()) {
      document.input = Broken(std::string(read.status().message()));
      Recover(read.status());
      return document;
    }
    if (!read->has_value()) continue;
    document.input = *std::move(*read);
    return document;
  }
  return std::nullopt;
}

absl::StatusOr<bool> WarcReader::FindRecord() {
  while (unread_.empty()) {
    const auto bytes = bytes_->Peek();
    if (!bytes.ok()) return bytes.status();
    if (bytes->empty()) {
      const auto more = bytes_->NextStretch();
      if (!more.ok()) return more.status();
      if (!*more) return false;
      continue;
    }
    const size_t blank = std::min(bytes->find_first_not_of("\r\n"), bytes->size());
    if (blank < bytes->size()) {
      bytes_->Consume(blank);
      return true;
    }
    bytes_->Consume(blank);
  }
  return true;
}

void WarcReader::Unread(uint64_t offset, const std::string& bytes) {
  if (!bytes_->ReturnTo(offset)) unread_ = bytes;
}

absl::StatusOr<std::optional<std::string>> WarcReader::ReadLine() {
  std::string line = std::exchange(unread_, "");
  while (line.size() <= kMaxHeadBytes && !line.ends_with('\n')) {
    const auto bytes = bytes_->Peek();
    if (!bytes.ok()) return bytes.status();
    if (bytes->empty()) return std::nullopt;
    const size_t end = bytes->find('\n');
    const size_t count = end == bytes->npos ? bytes->size() : end + 1;
    line.append(bytes->substr(0, count));
    bytes_->Consume(count);
  }
  if (!line.ends_with('\n')) return std::nullopt;
  return line;
}

absl::StatusOr<WarcReader::Head> WarcReader::ReadHead() {
  Head head;
  std::string lines;
  for (bool first = true;; first = false) {
    const uint64_t line_at = bytes_->offset();
    auto line = ReadLine();
    if (!line.ok()) return line.status();
    if (!line->has_value() || lines.size() + (*line)->size() > kMaxHeadBytes)
      return Broken("has a head without end, or one larger than 65536 bytes");
    if (first) {
      if ((*line)->starts_with(kRecordMark)) continue;
      return Broken("no record begins here");
    }
    if ((*line)->starts_with(kRecordMark)) {
      Unread(line_at, **line);
      frame_lost_ = false;
      return Broken("ends within its head");
    }
    if (**line == "\r\n" || **line == "\n") break;
    lines += **line;
  }
  head.fields = HeaderFields::Parse(lines);
  head.type = MediaTypeOf(head.fields.Get("warc-type"));
  const auto length = Number(head.fields.Get("content-length"));
  if (!length) return Broken("has no Content-Length");
  head.length = *length;
  return head;
}

absl::StatusOr<std::string> WarcReader::ReadContent(uint64_t length, bool keep) {
  if (!bytes_->MayEndAfter(length))
    return Broken(absl::StrCat("is cut, or its Content-Length of ", length, " is wrong"));
  std::string content;
  if (!keep && bytes_->ReturnTo(bytes_->offset() + length)) {
    frame_lost_ = false;
    return content;
  }
  for (uint64_t left = length; left > 0;) {
    const auto bytes = bytes_->Peek();
    if (!bytes.ok()) return bytes.status();
    if (bytes->empty()) {
      frame_lost_ = false;  // the next stretch is the next record
      return Broken(absl::StrCat("ends ", left, " bytes before its Content-Length of ", length));
    }
    const size_t count = static_cast<size_t>(std::min<uint64_t>(left, bytes->size()));
    if (keep) content.append(bytes->substr(0, count));
    bytes_->Consume(count);
    left -= count;
  }
  frame_lost_ = false;
  return content;
}

std::string WarcReader::PassedOverAs(const Head& head) {
  if (head.type.empty()) return "record without type";
  if (head.type != "response" && head.type != "resource") return head.type;
  const std::string media_type = MediaTypeOf(head.fields.Get("content-type"));
  const bool http = media_type.empty() || media_type == "application/http";
  if (head.type == "response" ? !http : !IsText(media_type)) return absl::StrCat(head.type, " of ", media_type);
  return "";
}

absl::StatusOr<std::optional<v1::DocumentInput>> WarcReader::ReadRecord() {
  const auto head = ReadHead();
  if (!head.ok()) return head.status();
  const std::string passed_over = PassedOverAs(*head);
  const bool too_large = head->length > limits_.max_document_bytes + kMaxHttpHeadBytes;
  auto content = ReadContent(head->length, passed_over.empty() && !too_large);
  if (!content.ok()) return content.status();
  if (!passed_over.empty()) {
    PassOver(passed_over);
    return std::nullopt;
  }
  if (too_large) {
    return Broken(absl::StrCat(head->length, " bytes, more than the limit of ", limits_.max_document_bytes,
                               "; raise --max-document-bytes here and at the server"));
  }
  if (!head->fields.Get("warc-segment-number").empty()) return Broken("is a segment; segments are not joined");
  if (head->type == "response") return Response(*head, *content);
  return Document(*head, std::string(head->fields.Get("content-type")), *std::move(content));
}

absl::StatusOr<std::optional<v1::DocumentInput>> WarcReader::Response(const Head& head, const std::string& content) {
  // Status and type first: what is no document need not be unpacked, nor be found broken.
  const auto outline = ParseHttpHead(content);
  if (!outline.ok()) return outline.status();
  if (outline->status < 200 || outline->status > 299) {
    PassOver(absl::StrCat("response with status ", outline->status));
    return std::nullopt;
  }
  if (const std::string type = MediaTypeOf(outline->content_type); !IsText(type)) {
    PassOver(absl::StrCat("response of ", type));
    return std::nullopt;
  }
  auto answer = ParseHttpAnswer(content, limits_.max_document_bytes);
  if (!answer.ok()) return answer.status();
  return Document(head, answer->content_type, std::move(answer->body));
}

std::optional<v1::DocumentInput> WarcReader::Document(const Head& head, const std::string& content_type,
                                                      std::string content) {
  if (content.empty()) {
    PassOver(absl::StrCat(head.type, " without content"));
    return std::nullopt;
  }
  v1::DocumentInput input;
  input.set_content(std::move(content));
  input.set_content_type(ContentTypeField(content_type));
  input.set_url(UrlField(Bare(head.fields.Get("warc-target-uri"))));
  input.set_external_id(NameField(Bare(head.fields.Get("warc-record-id")), kMaxExternalIdBytes));
  absl::Time fetched;
  std::string ignored;
  if (absl::ParseTime(absl::RFC3339_full, std::string(head.fields.Get("warc-date")), &fetched, &ignored) &&
      fetched > absl::UnixEpoch() && fetched <= now_) {
    const int64_t seconds = absl::ToUnixSeconds(fetched);
    input.mutable_fetch_time()->set_seconds(seconds);
    input.mutable_fetch_time()->set_nanos(
        static_cast<int32_t>(absl::ToInt64Nanoseconds(fetched - absl::FromUnixSeconds(seconds))));
  }
  return input;
}

void WarcReader::PassOver(const std::string& kind) {
  const bool known = passed_over_.contains(kind) || passed_over_.size() < kMostKinds;
  ++passed_over_[known ? kind : "others"];
}

void WarcReader::Recover(const absl::Status& problem) {
  if (absl::IsResourceExhausted(problem)) {
    at_end_ = true;
    return;
  }
  if (absl::IsDataLoss(problem)) {
    unread_.clear();
    at_end_ = !bytes_->FindStretch();
    return;
  }
  if (!frame_lost_) return;
  // The next line that opens a record. A search that ends at the end of the stretch leaves the rest to FindRecord.
  size_t matched = 0;
  bool line_start = false;
  while (true) {
    const auto bytes = bytes_->Peek();
    if (!bytes.ok()) return Recover(bytes.status());
    if (bytes->empty()) return;
    for (size_t i = 0; i < bytes->size(); ++i) {
      const char c = (*bytes)[i];
      matched = line_start && c == kRecordMark[matched] ? matched + 1 : 0;
      if (matched == 0) line_start = c == '\n';
      if (matched < kRecordMark.size()) continue;
      bytes_->Consume(i + 1);
      return Unread(bytes_->offset() - kRecordMark.size(), std::string(kRecordMark));
    }
    bytes_->Consume(bytes->size());
  }
}

}  // namespace interdict::formats
