// Makes a document of a feed's item: a small page that the pipeline reads like any other.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "interdict/v1/document.pb.h"
#include "services/ingest/formats/feed_items.h"

namespace interdict::formats {

// See feed.h for what goes where. INVALID_ARGUMENT for an item with a problem, or without title and text.
absl::StatusOr<v1::DocumentInput> PageOf(const FeedItem& item, absl::CivilDay latest);

}  // namespace interdict::formats
