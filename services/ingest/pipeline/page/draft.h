// What the readers of plain text and HTML hand to ReadPage: blocks as strings and metadata by source, not yet decided
// between.
#pragma once

#include <string>
#include <vector>

#include "services/ingest/pipeline/page/page.h"

namespace interdict::pipeline {

// A block of text, white space collapsed.
struct DraftBlock {
  BlockKind kind = BlockKind::kParagraph;
  std::string text;
  bool gap = true;  // an empty line stands before it, or it is an element of its own
};

// A page before its text is put together. `blocks` hold neither title nor furniture.
struct PageDraft {
  std::vector<DraftBlock> blocks;
  std::string title;
  std::string publisher;
  std::string byline;
  std::vector<std::string> section_trail;
  std::string dateline;
  std::string metadata_date;  // EDTF: JSON-LD or meta
  std::string element_date;   // EDTF: <time>
  std::string visible_date;   // EDTF: a date line
  std::string updated_date;   // EDTF: "Updated …", the date of a report that the text is taken from
  std::string modified_date;  // EDTF: when the page was changed last, as its metadata tell
  std::string canonical_url;  // what the page says is its address
};

// Reads plain text: lines to blocks; title, trail, date line and byline from the lines before the first prose.
PageDraft ReadPlainText(const std::string& text);

// Reads HTML. Work is linear in the length of `html`, whatever its nesting (see markup_guard.h).
PageDraft ReadHtml(const std::string& html);

// Moves title, trail, dates, byline out of `draft.blocks` into the fields that are still empty, and drops furniture
// lines. Shared by both.
void SiftBlocks(PageDraft& draft);

}  // namespace interdict::pipeline
