#include "services/ingest/formats/feed.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "services/ingest/formats/feed_items.h"
#include "services/ingest/formats/feed_page.h"
#include "services/ingest/formats/feed_text.h"
#include "services/ingest/pipeline/decode/ascii.h"
#include "services/ingest/pipeline/decode/decode.h"

namespace interdict::formats {
namespace {

constexpr size_t kPrologBytes = 4096;

}  // namespace

bool LooksLikeFeed(std::string_view bytes) {
  // UTF-16 prologs are ASCII with NULs between.
  std::string prolog;
  for (const char c : bytes.substr(0, kPrologBytes)) {
    if (c != '\0') prolog += c;
  }
  std::string_view rest = prolog;
  for (const std::string_view mark : {"\xEF\xBB\xBF", "\xFF\xFE", "\xFE\xFF"}) {
    if (rest.starts_with(mark)) rest.remove_prefix(mark.size());
  }
  for (rest = pipeline::TrimAscii(rest); rest.starts_with("<?") || rest.starts_with("<!");) {
    const std::string_view close = rest.starts_with("<!--") ? "-->" : ">";
    const size_t end = rest.find(close);
    if (end == rest.npos) return false;
    rest = pipeline::TrimAscii(rest.substr(end + close.size()));
  }
  if (!rest.starts_with('<')) return false;
  std::string_view name = rest.substr(1, rest.find_first_of(" \t\r\n/>") - 1);
  if (const size_t colon = name.find(':'); colon != name.npos) name.remove_prefix(colon + 1);
  return name == "rss" || name == "feed" || name == "RDF";
}

absl::StatusOr<std::vector<ContainedDocument>> ReadFeed(std::string_view bytes, const FormatLimits& limits,
                                                        absl::CivilDay latest) {
  if (bytes.size() > limits.max_feed_bytes) {
    return absl::InvalidArgumentError(absl::StrCat("the feed has ", bytes.size(), " bytes, more than the limit of ",
                                                   limits.max_feed_bytes, "; raise --max-feed-bytes or split it"));
  }
  const auto decoded = pipeline::Decode(bytes, "text/plain");
  if (!decoded.ok()) return absl::InvalidArgumentError("the feed is no text that can be decoded");
  auto items = ReadFeedItems(MendXml(decoded->text), limits.max_document_bytes, limits.max_items);
  if (!items.ok()) return items.status();
  std::vector<ContainedDocument> documents;
  documents.reserve(items->size());
  for (FeedItem& item : *items) {
    ContainedDocument document;
    document.number = documents.size() + 1;
    document.place = absl::StrCat("item ", document.number, ", line ", item.line);
    document.input = PageOf(item, latest);
    item = FeedItem();  // the page holds it now: not both in memory
    documents.push_back(std::move(document));
  }
  return documents;
}

}  // namespace interdict::formats
