// SiftBlocks: from the blocks of a page, in order, to its metadata and its main text.
#include <algorithm>
#include <utility>

#include "services/ingest/pipeline/decode/ascii.h"
#include "services/ingest/pipeline/page/date_lines.h"
#include "services/ingest/pipeline/page/draft.h"
#include "services/ingest/pipeline/page/furniture.h"
#include "services/ingest/pipeline/page/labels.h"
#include "services/ingest/pipeline/page/lines.h"
#include "services/ingest/pipeline/page/title.h"
#include "services/ingest/pipeline/tokens/tokens.h"

namespace interdict::pipeline {
namespace {

// So many lines at most may stand before the first prose.
constexpr size_t kLongestPreamble = 14;
constexpr size_t kLongestQuestion = 20;  // words of a headline that asks

void Fill(std::string& field, const std::string& value) {
  if (field.empty()) field = value;
}

bool StartsNumbered(std::string_view line) {
  size_t digits = 0;
  while (digits < line.size() && IsAsciiDigit(line[digits])) ++digits;
  return digits > 0 && digits <= 2 && line.substr(digits).starts_with(". ");
}

// One past the section that the furniture heading at `i` opens: the lines below it up to an empty line or a sentence.
size_t FurnitureSectionEnd(const std::vector<DraftBlock>& blocks, size_t i) {
  size_t end = i + 1;
  while (end < blocks.size()) {
    const DraftBlock& block = blocks[end];
    const bool item = block.kind == BlockKind::kListItem || StartsNumbered(block.text);
    if (block.gap && !(item && CountWords(block.text) <= 25)) break;
    if (!item && IsProse(block.text) && block.text.size() > 200) break;
    ++end;
  }
  return end;
}

// Drops the site's own lines and takes the credits. Keeps all where nothing else is there.
void DropFurniture(PageDraft& draft) {
  std::vector<DraftBlock> kept;
  bool gap = false;
  for (size_t i = 0; i < draft.blocks.size();) {
    DraftBlock& block = draft.blocks[i];
    gap = gap || block.gap;
    if (IsFurnitureHeading(block.text)) {
      i = FurnitureSectionEnd(draft.blocks, i);
      gap = true;
      continue;
    }
    ++i;
    if (IsFurniture(block.text) || IsCredits(block.text)) continue;
    kept.push_back(std::move(block));
    kept.back().gap = gap;
    gap = false;
  }
  if (kept.empty()) return;
  draft.blocks = std::move(kept);
}

// Whether the preamble goes on over `block`.
bool IsPreamble(const std::vector<DraftBlock>& blocks, size_t i) {
  const DraftBlock& block = blocks[i];
  if (block.kind == BlockKind::kListItem) return false;
  if (!IsProse(block.text) || !ReadDateLine(block.text).date.empty() || !TrailOf(block.text).empty()) return true;
  const bool alone = block.gap && (i + 1 == blocks.size() || blocks[i + 1].gap);
  return alone && block.text.ends_with('?') && CountWords(block.text) <= kLongestQuestion && i + 1 < blocks.size();
}

size_t PreambleEnd(const std::vector<DraftBlock>& blocks) {
  size_t end = 0;
  while (end < blocks.size() && end < kLongestPreamble && IsPreamble(blocks, end)) ++end;
  return end;
}

void TakeDateLine(const DateLine& line, PageDraft& draft) {
  Fill(line.updated ? draft.updated_date : draft.visible_date, line.date);
  Fill(draft.publisher, line.publisher);
  Fill(draft.byline, line.byline);
  if (line.place != draft.byline) Fill(draft.dateline, line.place);
  if (draft.section_trail.empty() && !line.trail.empty()) {
    draft.section_trail = TrailOf(line.trail);
    if (draft.section_trail.empty()) {
      const size_t mark = line.trail.find(" > ");
      draft.section_trail = {line.trail.substr(0, mark), line.trail.substr(mark + 3)};
    }
  }
  if (draft.section_trail.empty() && !line.section.empty()) draft.section_trail = {line.section};
}

// "Jane Doe | The Harbour Gazette".
bool TakeNameAndOutlet(const std::string& line, PageDraft& draft) {
  const size_t bar = line.find(" | ");
  if (bar == line.npos || line.find(" | ", bar + 3) != line.npos) return false;
  const std::string name = line.substr(0, bar);
  const std::string outlet = line.substr(bar + 3);
  if (CountWords(name) > 4 || !IsNameLike(name) || IsOutletName(name) || !IsOutletName(outlet)) return false;
  Fill(draft.byline, name);
  Fill(draft.publisher, outlet);
  return true;
}

// "Selma Kunene, Ondangwa": the place whence a single author writes.
void SplitByline(PageDraft& draft) {
  const size_t comma = draft.byline.find(", ");
  if (comma == draft.byline.npos || draft.byline.find(" and ") != draft.byline.npos) return;
  const std::string name = draft.byline.substr(0, comma);
  const std::string rest = draft.byline.substr(comma + 2);
  if (CountWords(name) < 2 || CountWords(rest) != 1 || !IsNameLike(rest) || rest.size() < 4) return;
  const std::vector<Token> tokens = TokenizePhrase(rest);
  if (tokens.size() != 1 || tokens[0].is_all_caps || IsOutletName(rest) || rest == "Reuters") return;
  draft.byline = name;
  Fill(draft.dateline, rest);
}

// Takes the metadata lines among the first `end` blocks; true in the result for what was taken.
std::vector<bool> TakeMetadataLines(PageDraft& draft, size_t end, size_t* date_line) {
  std::vector<bool> taken(draft.blocks.size(), false);
  *date_line = end;
  for (size_t i = 0; i < end; ++i) {
    const std::string& line = draft.blocks[i].text;
    if (std::vector<std::string> trail = TrailOf(line); !trail.empty()) {
      if (draft.section_trail.empty()) draft.section_trail = std::move(trail);
    } else if (const std::string byline = BylineOf(line); !byline.empty()) {
      Fill(draft.byline, byline);
    } else if (const DateLine dated = ReadDateLine(line); !dated.date.empty()) {
      TakeDateLine(dated, draft);
      *date_line = std::min(*date_line, i);
    } else if (IsSectionLabel(line)) {
      if (draft.section_trail.empty()) draft.section_trail = {line};
    } else if (!TakeNameAndOutlet(line, draft)) {
      continue;
    }
    taken[i] = true;
  }
  SplitByline(draft);
  return taken;
}

// Takes the lines of the first stanza that are not the title: masthead and taglines.
void TakeMasthead(PageDraft& draft, std::vector<bool>& taken, size_t end, size_t title) {
  for (size_t i = 0; i < end && (i == 0 || !draft.blocks[i].gap); ++i) {
    if (taken[i] || i == title) continue;
    if (title == end && i > 0 && !taken[i - 1] && !IsNameLike(draft.blocks[i].text)) continue;
    const std::string& line = draft.blocks[i].text;
    if (draft.publisher.empty() && !line.starts_with('[') && IsNameLike(WithoutTagline(line)))
      draft.publisher = WithoutTagline(line);
    taken[i] = true;
  }
}

// Finds the headline among the first `end` blocks and takes it and what stands above it.
void TakeTitle(PageDraft& draft, std::vector<bool>& taken, size_t end, size_t date_line) {
  const std::string trail_end = draft.section_trail.empty() ? "" : draft.section_trail.back();
  const size_t title = FindTitle(draft.blocks, taken, end, date_line, trail_end);
  if (title == end) {
    if (date_line < end || (end > 0 && IsOutletName(draft.blocks[0].text))) TakeMasthead(draft, taken, end, end);
    return;
  }
  draft.title = draft.blocks[title].text;
  if (draft.title.starts_with('[') && draft.title.ends_with(']')) {
    // "[Extract from the report of the Panel, 30 August 2019]"
    draft.title = draft.title.substr(1, draft.title.size() - 2);
    Fill(draft.updated_date, DateOf(draft.title));
  }
  const bool above = title > 0 && (draft.blocks[title].gap || date_line < title || title < 4);
  if (above && title > 0) TakeMasthead(draft, taken, std::min(end, title), std::min(end, title));
  // Menus and kickers between masthead and headline; a line right above the headline in its own stanza stays.
  for (size_t i = 0; i < title; ++i) {
    const bool same_stanza = std::none_of(draft.blocks.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                          draft.blocks.begin() + static_cast<std::ptrdiff_t>(title) + 1,
                                          [](const DraftBlock& b) { return b.gap; });
    if (!same_stanza) taken[i] = true;
  }
  taken[title] = true;
}

// A page that tells its title elsewhere: what stands above the headline on the page is not the article.
void TakeAboveTitle(const PageDraft& draft, std::vector<bool>& taken, size_t end) {
  for (size_t i = 0; i < end; ++i) {
    if (!IsSameTitle(draft.blocks[i].text, draft.title)) continue;
    std::fill(taken.begin(), taken.begin() + static_cast<std::ptrdiff_t>(i) + 1, true);
    return;
  }
}

// Whether a line below the preamble is there for its date: "Updated June 9, 2022".
bool TakeLateDateLine(const std::string& line, PageDraft& draft) {
  if (line.size() > 120 || IsProse(line)) return false;
  const std::string lower = LowerAscii(std::string_view(line).substr(0, 16));
  for (const std::string_view word :
       {"published", "updated", "posted", "last updated", "last modified", "date:", "filed"}) {
    if (!lower.starts_with(word)) continue;
    const DateLine dated = ReadDateLine(line);
    if (dated.date.empty()) return false;
    Fill(dated.updated ? draft.updated_date : draft.visible_date, dated.date);
    return true;
  }
  return false;
}

// Reads "AGADEZ, Niger, Nov. 9, 2020 (Sahel Press Agency) - …" at the start of the first prose.
void TakeDateline(PageDraft& draft) {
  for (const DraftBlock& block : draft.blocks) {
    if (block.kind != BlockKind::kParagraph || !IsProse(block.text)) continue;
    const Dateline line = ReadDateline(block.text);
    Fill(draft.dateline, line.place);
    Fill(draft.visible_date, line.date);
    Fill(draft.publisher, line.agency);
    return;
  }
}

}  // namespace

void SiftBlocks(PageDraft& draft) {
  DropFurniture(draft);
  const bool titled = !draft.title.empty();
  size_t end = PreambleEnd(draft.blocks);
  if (end == draft.blocks.size() && !titled && end > 1)
    end = std::min<size_t>(end, 3);  // no prose at all: a list, a table
  size_t date_line = end;
  std::vector<bool> taken = TakeMetadataLines(draft, end, &date_line);
  // A document of one line is its text, not a title over nothing.
  if (!titled && draft.blocks.size() > 1) TakeTitle(draft, taken, end, date_line);
  if (titled) TakeAboveTitle(draft, taken, end);
  if (!draft.section_trail.empty() && IsSameTitle(draft.section_trail.back(), draft.title))
    draft.section_trail.pop_back();
  std::vector<DraftBlock> kept;
  for (size_t i = 0; i < draft.blocks.size(); ++i) {
    const std::string& line = draft.blocks[i].text;
    if (taken[i] || line == draft.title || TakeLateDateLine(line, draft)) continue;
    kept.push_back(std::move(draft.blocks[i]));
  }
  draft.blocks = std::move(kept);
  TakeDateline(draft);
  if (draft.byline == draft.publisher) draft.byline.clear();
}

}  // namespace interdict::pipeline
