// First stage: bytes to UTF-8. Finds the charset (byte-order mark, declared charset, <meta>, detection), decodes, and
// reports what it did; never fails on bad bytes, which become U+FFFD and are counted.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace interdict::pipeline {

// Media types that the pipeline reads.
enum class MediaType { kPlainText, kHtml };

// A document's bytes as text.
struct DecodedText {
  std::string text;  // valid UTF-8, NUL bytes removed, line ends normalised to '\n'
  MediaType media_type = MediaType::kPlainText;
  std::string charset;        // IANA name of what the bytes were decoded from
  size_t replaced_count = 0;  // invalid sequences that became U+FFFD
};

// Decodes `content`. `content_type` is a media type with optional charset parameter, or empty (sniffed).
// INVALID_ARGUMENT naming `document.content_type` for a media type that is not read, or `document.content` for bytes
// that are no text (more than a tenth of them undecodable or control characters).
absl::StatusOr<DecodedText> Decode(std::string_view content, std::string_view content_type);

}  // namespace interdict::pipeline
