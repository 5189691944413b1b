// UTF-8 from bytes that may be anything: invalid sequences become U+FFFD and are counted.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace interdict::pipeline {

// What a pass over bytes as UTF-8 finds.
struct Utf8Check {
  size_t invalid_count = 0;    // maximal invalid sequences
  size_t multibyte_count = 0;  // valid sequences of two bytes or more
};

// Counts without converting. Linear.
Utf8Check CheckUtf8(std::string_view bytes);

// Valid UTF-8: each maximal invalid sequence is replaced by one U+FFFD. Linear.
std::string RepairUtf8(std::string_view bytes);

}  // namespace interdict::pipeline
