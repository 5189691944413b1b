#include "services/ingest/pipeline/page/page.h"

#include <algorithm>

#include "absl/status/status.h"
#include "services/ingest/pipeline/decode/ascii.h"
#include "services/ingest/pipeline/normalise/dates.h"
#include "services/ingest/pipeline/page/draft.h"
#include "services/ingest/pipeline/page/lines.h"

namespace interdict::pipeline {
namespace {

// So many lines at most may stand before the first prose.
constexpr size_t kLongestPreamble = 14;

// How much a line before the prose looks like the headline.
int TitleScore(const std::string& line) {
  const size_t words = CountWords(line);
  const std::vector<Token> tokens = TokenizePhrase(line);
  const bool shouts = std::none_of(tokens.begin(), tokens.end(),
                                   [](const Token& token) { return token.is_word && !token.is_all_caps; });
  int score = 0;
  if (words >= 4) score += 2;
  if (words >= 6) score += 2;
  if (words > 30) score -= 4;
  if (shouts && words < 5) score -= 2;
  if (line.find('|') != line.npos) score -= 3;
  return score;
}

size_t PreambleEnd(const std::vector<DraftBlock>& blocks) {
  size_t end = 0;
  while (end < blocks.size() && end < kLongestPreamble && blocks[end].kind != BlockKind::kListItem &&
         (!IsProse(blocks[end].text) || IsDateLine(blocks[end].text, nullptr) || !TrailOf(blocks[end].text).empty())) {
    ++end;
  }
  return end;
}

// The index of the headline among the first `end` blocks, `end` where there is none.
size_t FindTitle(const std::vector<DraftBlock>& blocks, const std::vector<bool>& taken, size_t end) {
  size_t best = end;
  int best_score = -100;
  for (size_t i = 0; i < end; ++i) {
    if (taken[i]) continue;
    const int score = TitleScore(blocks[i].text);
    if (score > best_score) {
      best_score = score;
      best = i;
    }
  }
  return best;
}

// Takes the metadata lines among the first `end` blocks; true in the result for what was taken.
std::vector<bool> TakeMetadataLines(PageDraft& draft, size_t end) {
  std::vector<bool> taken(draft.blocks.size(), false);
  for (size_t i = 0; i < end; ++i) {
    const std::string& line = draft.blocks[i].text;
    std::string place;
    if (std::vector<std::string> trail = TrailOf(line); !trail.empty()) {
      if (draft.section_trail.empty()) draft.section_trail = std::move(trail);
    } else if (const std::string byline = BylineOf(line); !byline.empty()) {
      if (draft.byline.empty()) draft.byline = byline;
    } else if (IsDateLine(line, &place)) {
      if (draft.visible_date.empty()) draft.visible_date = DateOf(line);
      if (draft.dateline.empty()) draft.dateline = place;
    } else if (!IsFurniture(line)) {
      continue;
    }
    taken[i] = true;
  }
  return taken;
}

}  // namespace

void SiftBlocks(PageDraft& draft) {
  const bool titled = !draft.title.empty();
  size_t end = PreambleEnd(draft.blocks);
  if (end == draft.blocks.size() && !titled && end > 1)
    end = std::min<size_t>(end, 3);  // no prose at all: a list, a table
  std::vector<bool> taken = TakeMetadataLines(draft, end);
  if (!titled) {
    // A headline that the trail repeats is sure; else the line that looks most like one.
    size_t title = end;
    for (size_t i = 0; i < end && !draft.section_trail.empty(); ++i) {
      if (!taken[i] && draft.blocks[i].text == draft.section_trail.back()) title = i;
    }
    if (title == end) title = FindTitle(draft.blocks, taken, end);
    // A document of one line is its text, not a title over nothing.
    if (title < end && draft.blocks.size() > 1) {
      draft.title = draft.blocks[title].text;
      for (size_t i = 0; i < title; ++i) {
        if (!taken[i] && draft.publisher.empty()) draft.publisher = draft.blocks[i].text;
        taken[i] = true;
      }
      taken[title] = true;
    }
  }
  if (!draft.section_trail.empty() && draft.section_trail.back() == draft.title) draft.section_trail.pop_back();
  std::vector<DraftBlock> kept;
  for (size_t i = 0; i < draft.blocks.size(); ++i) {
    const std::string& line = draft.blocks[i].text;
    if (taken[i] || line == draft.title) continue;
    if (IsFurniture(line)) continue;
    const std::string lower = LowerAscii(std::string_view(line).substr(0, 12));
    if ((lower.starts_with("published") || lower.starts_with("updated") || lower.starts_with("posted")) &&
        IsDateLine(line, nullptr)) {
      if (draft.visible_date.empty()) draft.visible_date = DateOf(line);
      continue;
    }
    kept.push_back(std::move(draft.blocks[i]));
  }
  draft.blocks = std::move(kept);
  for (const DraftBlock& block : draft.blocks) {
    if (block.kind == BlockKind::kParagraph && IsProse(block.text)) {
      if (draft.dateline.empty()) draft.dateline = DatelineOf(block.text);
      break;
    }
  }
}

namespace {

// The date in a URL's path: /2021/04/11/, /2021-04-11-…, /2021/04/.
std::string UrlDate(std::string_view url) {
  std::string start;
  std::string last;
  for (size_t i = url.find('/'); i != url.npos; i = url.find('/', i + 1)) {
    std::string part(url.substr(i + 1, 10));
    if (part.size() >= 7 && (part[4] == '/' || part[4] == '-')) part[4] = '-';
    if (part.size() == 10 && (part[7] == '/' || part[7] == '-')) {
      part[7] = '-';
      if (EdtfBounds(part, &start, &last)) return part;
    }
    if (i + 8 < url.size() && url[i + 8] == '/' && EdtfBounds(part.substr(0, 7), &start, &last)) return part.substr(0, 7);
  }
  return "";
}

// The date of "WASHINGTON, May 3, 2018 - …" in the first paragraph.
std::string DatelineDate(const PageDraft& draft) {
  if (draft.dateline.empty()) return "";
  for (const DraftBlock& block : draft.blocks) {
    if (block.text.starts_with(draft.dateline))
      return DateOf(std::string_view(block.text).substr(0, draft.dateline.size() + 40));
  }
  return "";
}

void Append(Page& page, BlockKind kind, const std::string& text) {
  if (text.empty()) return;
  if (!page.text.empty()) page.text += "\n\n";
  page.blocks.push_back({kind, page.text.size(), page.text.size() + text.size()});
  page.text += text;
}

}  // namespace

absl::StatusOr<Page> ReadPage(const DecodedText& decoded, const PageHints& hints) {
  PageDraft draft = decoded.media_type == MediaType::kHtml ? ReadHtml(decoded.text) : ReadPlainText(decoded.text);
  Page page;
  Append(page, BlockKind::kTitle, draft.title);
  for (const DraftBlock& block : draft.blocks) Append(page, block.kind, block.text);
  if (page.text.empty())
    return absl::InvalidArgumentError("document.content: holds no text to read; send a page or text with words in it");
  page.title = draft.title;
  page.publisher = hints.publisher.empty() ? draft.publisher : hints.publisher;
  page.byline = draft.byline;
  page.section_trail = std::move(draft.section_trail);
  page.dateline = draft.dateline;
  for (const std::string& date : {hints.published, draft.metadata_date, draft.element_date, draft.visible_date,
                                  DatelineDate(draft), UrlDate(hints.url)}) {
    if (page.published.empty()) page.published = date;
  }
  return page;
}

}  // namespace interdict::pipeline
