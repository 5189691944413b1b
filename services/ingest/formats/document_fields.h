// Brings what files tell of a document into the form that its fields take, so that one odd value does not have the
// whole document refused.
#pragma once

#include <string>
#include <string_view>

namespace interdict::formats {

// The URL where it is absolute, http or https, without white space, at most 2,048 bytes; else empty.
std::string UrlField(std::string_view url);

// The beginning of `text` of at most `max_bytes`, white space collapsed, control characters and bad UTF-8 out.
std::string NameField(std::string_view text, size_t max_bytes);

// The bounds of ../validate_submission.cc.
inline constexpr size_t kMaxPublisherBytes = 256;
inline constexpr size_t kMaxExternalIdBytes = 128;

}  // namespace interdict::formats
