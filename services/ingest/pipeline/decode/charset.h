// Which charset a document's bytes are in.
#pragma once

#include <string>
#include <string_view>

namespace interdict::pipeline {

// What bytes are decoded from.
struct CharsetChoice {
  std::string name;            // IANA name; `UTF-8` is decoded without a converter
  size_t mark_size_bytes = 0;  // length of the byte-order mark
};

// Chooses, in this order: byte-order mark; `declared` (charset parameter of the media type); <meta charset>, <meta
// http-equiv> or the XML declaration in the first 4 KB; UTF-16 without mark (every second byte NUL); valid UTF-8; ICU's
// detection; windows-1252. Two declarations are known to be often wrong and are checked: a single-byte charset over
// bytes that are valid UTF-8 with multi-byte sequences is UTF-8; UTF-8 over bytes without one valid multi-byte sequence
// but with invalid ones is detected anew.
CharsetChoice ChooseCharset(std::string_view bytes, std::string_view declared);

}  // namespace interdict::pipeline
