// The bytes of a WARC file as its records see them, whether the file is plain or compressed record by record.
#pragma once

#include <cstdint>
#include <istream>
#include <memory>
#include <string_view>

#include "absl/status/statusor.h"

namespace interdict::formats {

// A stretch is what can be read without a seam: a plain file, or a gzip member. Not thread-safe.
class RecordBytes {
 public:
  virtual ~RecordBytes() = default;
  // The next bytes, at least one; empty at the end of the stretch. DATA_LOSS for broken compressed data: go on with
  // FindStretch.
  virtual absl::StatusOr<std::string_view> Peek() = 0;
  // Passes over bytes that Peek gave.
  virtual void Consume(size_t count) = 0;
  // Where in the file the next byte is; in a compressed file, where the stretch begins.
  virtual uint64_t offset() const = 0;
  // Goes to the next stretch, from the end of one; false at the end of the file.
  virtual absl::StatusOr<bool> NextStretch() = 0;
  // Behind broken data: goes to the next stretch that opens a record; false where there is none.
  virtual bool FindStretch() = 0;
  // Whether `count` bytes can follow and end where a record may end. True where that cannot be known.
  virtual bool MayEndAfter(uint64_t count) = 0;
  // Back to byte `offset` of the file, as offset() gave it. False where that is not possible.
  virtual bool ReturnTo(uint64_t offset) = 0;
};

// For a seekable stream, plain or gzip by its first bytes. `file` must live as long.
std::unique_ptr<RecordBytes> OpenRecordBytes(std::istream& file);

}  // namespace interdict::formats
