#include "services/ingest/pipeline/page/page.h"

#include "absl/status/status.h"
#include "services/ingest/pipeline/normalise/dates.h"
#include "services/ingest/pipeline/page/draft.h"

namespace interdict::pipeline {
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
    if (i + 8 < url.size() && url[i + 8] == '/' && EdtfBounds(part.substr(0, 7), &start, &last))
      return part.substr(0, 7);
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
  for (const std::string& date :
       {hints.published, draft.metadata_date, draft.element_date, draft.visible_date, draft.updated_date,
        UrlDate(hints.url), UrlDate(draft.canonical_url), draft.modified_date}) {
    if (page.published.empty()) page.published = date;
  }
  return page;
}

}  // namespace interdict::pipeline
