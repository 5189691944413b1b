#include "services/ingest/formats/inflate.h"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace interdict::formats {
namespace {

constexpr int kGzipWindow = 15 + 16;
constexpr int kZlibWindow = 15;
constexpr int kRawWindow = -15;

absl::StatusOr<std::string> Run(std::string_view packed, int window, bool members, uint64_t max_bytes) {
  z_stream stream = {};
  if (inflateInit2(&stream, window) != Z_OK) return absl::ResourceExhaustedError("no memory to decompress with");
  std::string out;
  std::array<char, 16 * 1024> buffer;
  absl::Status status;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(std::min<size_t>(packed.size(), UINT32_MAX));
  while (true) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = buffer.size();
    const int result = inflate(&stream, Z_NO_FLUSH);
    out.append(buffer.data(), buffer.size() - stream.avail_out);
    if (out.size() > max_bytes) {
      status = absl::InvalidArgumentError(absl::StrCat("is larger than the limit of ", max_bytes, " bytes unpacked"));
      break;
    }
    if (result == Z_STREAM_END) {
      if (!members || stream.avail_in == 0 || *stream.next_in != 0x1F) break;
      inflateReset(&stream);
    } else if (result != Z_OK) {
      status = absl::InvalidArgumentError(result == Z_BUF_ERROR ? "compressed data end too early"
                                                                : "compressed data are broken");
      break;
    }
  }
  inflateEnd(&stream);
  if (!status.ok()) return status;
  return out;
}

}  // namespace

absl::StatusOr<std::string> Inflate(std::string_view packed, Packing packing, uint64_t max_bytes) {
  if (packing == Packing::kGzip) return Run(packed, kGzipWindow, true, max_bytes);
  auto unpacked = Run(packed, kZlibWindow, false, max_bytes);
  // Without zlib's header, which the standard asks for and servers forget.
  const bool headed = packed.size() >= 2 && (packed[0] & 0x0F) == 8 &&
                      (static_cast<unsigned char>(packed[0]) * 256 + static_cast<unsigned char>(packed[1])) % 31 == 0;
  return unpacked.ok() || headed ? unpacked : Run(packed, kRawWindow, false, max_bytes);
}

}  // namespace interdict::formats
