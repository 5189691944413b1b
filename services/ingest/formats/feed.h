// Reads RSS 2.0 (also 0.9x and 1.0) and Atom feeds: each item or entry becomes a document of its own. Made for files
// from outside: sloppy ones are read as far as they can be, entities are never declared or expanded.
#pragma once

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "services/ingest/formats/contained_document.h"

namespace interdict::formats {

// Whether the bytes open as a feed: <rss>, <feed> or <rdf:RDF> is the first element within the first 4 KB.
bool LooksLikeFeed(std::string_view bytes);

// The documents of a feed in file order. A document is a small HTML page of the item's title, author and text
// (content:encoded, else Atom content, else description or summary); its `url` is the item's link, `published` the
// date as printed in pubDate, dc:date, published, else updated (left out where it is later than `latest`), `publisher`
// the item's source, else the feed's title, `external_id` its guid or id.
// An item without title and text, or beyond the limits, is told by its status. After a mistake in the XML, reading goes
// on with the next item. INVALID_ARGUMENT for what is no feed, is too large, or declares entities.
absl::StatusOr<std::vector<ContainedDocument>> ReadFeed(std::string_view bytes, const FormatLimits& limits,
                                                        absl::CivilDay latest);

}  // namespace interdict::formats
