#include "services/ingest/pipeline/decode/utf8.h"

#include <unicode/utf8.h>

namespace interdict::pipeline {
namespace {

// Calls `valid(begin, end)` and `invalid()` for each sequence in order. U8_NEXT steps over a maximal invalid sequence,
// as the encoding standard of the web asks.
template <typename Valid, typename Invalid>
void Walk(std::string_view bytes, Valid valid, Invalid invalid) {
  const char* data = bytes.data();
  const int64_t size = static_cast<int64_t>(bytes.size());
  for (int64_t i = 0; i < size;) {
    const int64_t begin = i;
    UChar32 c;
    U8_NEXT(data, i, size, c);
    if (c < 0) {
      invalid();
    } else {
      valid(static_cast<size_t>(begin), static_cast<size_t>(i));
    }
  }
}

}  // namespace

Utf8Check CheckUtf8(std::string_view bytes) {
  Utf8Check check;
  Walk(
      bytes, [&](size_t begin, size_t end) { check.multibyte_count += end - begin > 1 ? 1 : 0; },
      [&] { ++check.invalid_count; });
  return check;
}

std::string RepairUtf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  Walk(
      bytes, [&](size_t begin, size_t end) { out.append(bytes.substr(begin, end - begin)); },
      [&] { out.append("\xEF\xBF\xBD"); });
  return out;
}

}  // namespace interdict::pipeline
