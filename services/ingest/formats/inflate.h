// Decompresses what HTTP and WARC compress, up to a limit: a small input may stand for terabytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace interdict::formats {

// How the bytes are packed: gzip (one member or several in a row), or deflate (with zlib's header, or raw as some
// servers send it).
enum class Packing { kGzip, kDeflate };

// The bytes unpacked. INVALID_ARGUMENT for broken or truncated data, and for more than `max_bytes`.
absl::StatusOr<std::string> Inflate(std::string_view packed, Packing packing, uint64_t max_bytes);

}  // namespace interdict::formats
