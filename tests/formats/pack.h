// Compresses for tests.
#pragma once

#include <zlib.h>

#include <string>

namespace interdict::testing {

inline std::string Pack(const std::string& bytes, int window) {
  z_stream stream = {};
  deflateInit2(&stream, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}
inline std::string Gzip(const std::string& bytes) { return Pack(bytes, 15 + 16); }
inline std::string Zlib(const std::string& bytes) { return Pack(bytes, 15); }
inline std::string RawDeflate(const std::string& bytes) { return Pack(bytes, -15); }

}  // namespace interdict::testing
