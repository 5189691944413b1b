// What a file that holds many documents gives: a document to hand in, or a record that could not be read and why.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "interdict/v1/document.pb.h"

namespace interdict::formats {

// One document of a feed or an archive.
struct ContainedDocument {
  uint64_t number = 0;  // of the item or record in its file, from 1
  std::string place;    // for messages: `item 3, line 40` or `record at byte 1234`
  absl::StatusOr<v1::DocumentInput> input = absl::UnknownError("not read");
};

// How much of a file may stand in memory. What is beyond is told, never cut silently.
struct FormatLimits {
  uint64_t max_document_bytes = 16 << 20;  // of one document, decompressed
  uint64_t max_feed_bytes = 64 << 20;      // of a feed, which is read as a whole
  uint64_t max_items = 100'000;            // of a feed
};

}  // namespace interdict::formats
