// Second stage: from decoded text to the main text and what the page tells of itself: title, publisher, byline, section
// trail, date line, publication date. Navigation, cookie notices, related links and footers do not reach the later
// stages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/ingest/pipeline/decode/decode.h"

namespace interdict::pipeline {

// What a span of main text is on the page.
enum class BlockKind { kTitle, kHeading, kParagraph, kListItem };

// A block of the main text. Blocks lie in text order and are separated by an empty line.
struct Block {
  BlockKind kind = BlockKind::kParagraph;
  size_t begin = 0;  // byte offsets into Page::text
  size_t end = 0;
};

// What a client tells about a document beside its bytes; wins over what the page says.
struct PageHints {
  std::string url;
  std::string publisher;
  std::string published;  // EDTF date or empty
};

// A page, taken apart. `text` is what evidence offsets refer to.
struct Page {
  std::string text;
  std::vector<Block> blocks;
  std::string title;
  std::string publisher;
  std::string byline;
  std::vector<std::string> section_trail;
  std::string dateline;
  std::string published;  // EDTF date or empty
};

// Takes a decoded text apart. INVALID_ARGUMENT naming `document.content` where no text is left.
absl::StatusOr<Page> ReadPage(const DecodedText& decoded, const PageHints& hints);

}  // namespace interdict::pipeline
