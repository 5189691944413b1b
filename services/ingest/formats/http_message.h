// The HTTP answers that archives hold, as they came over the wire.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace interdict::formats {

// Header fields in file order.
class HeaderFields {
 public:
  // Reads lines `Name: value`; a line that begins with a blank goes on with the one before. What is no field is left
  // out.
  static HeaderFields Parse(std::string_view lines);
  // The first value of a field, whatever its case; empty where it is missing.
  std::string_view Get(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

// An answer, unpacked.
struct HttpAnswer {
  int status = 0;
  std::string content_type;  // as sent
  std::string body;          // neither chunked nor compressed
};

// Status and type alone; `body` stays empty. INVALID_ARGUMENT: no HTTP answer.
absl::StatusOr<HttpAnswer> ParseHttpHead(std::string_view message);

// Takes a message apart. Chunked bodies are joined; gzip and deflate are unpacked. Where a header says so and the body
// is plain already, as some archives store it, it is taken as it is. INVALID_ARGUMENT: no HTTP answer, a truncated or
// broken body, a content encoding that is not read (br, zstd), or more than `max_body_bytes`.
absl::StatusOr<HttpAnswer> ParseHttpAnswer(std::string_view message, uint64_t max_body_bytes);

// `text/html` of `Text/HTML; charset=x`, in lower case; at most 100 bytes.
std::string MediaTypeOf(std::string_view content_type);
// `content_type` with nothing but a well-formed charset parameter; `text/html; charset=windows-1251`.
std::string ContentTypeField(std::string_view content_type);

}  // namespace interdict::formats
