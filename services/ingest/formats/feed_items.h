// The XML side of feeds: finds items and entries with their fields, whatever state the file is in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace interdict::formats {

// A text of a feed, and whether it is HTML or plain.
struct FeedText {
  enum class Kind {
    kUnknown,  // RSS: HTML by custom, plain by some
    kPlain,
    kHtml,
  };
  std::string text;
  Kind kind = Kind::kUnknown;

  bool empty() const { return text.find_first_not_of(" \t\r\n") == std::string::npos; }
};

// An item or entry as it stands there. Strings are empty where the feed tells nothing.
struct FeedItem {
  uint64_t line = 0;
  FeedText title, content, summary;
  std::string link, id, published, updated, author, source;
  std::string feed_title;  // of the feed that it stands in
  std::string problem;     // not empty: cannot be read, and why
};

// Reads valid UTF-8. A mistake in the XML ends its item, which is then there with a `problem`, and reading goes on with
// the next one. INVALID_ARGUMENT: no feed, a declared entity, or more than `max_items`.
absl::StatusOr<std::vector<FeedItem>> ReadFeedItems(std::string_view text, uint64_t max_item_bytes, uint64_t max_items);

}  // namespace interdict::formats
