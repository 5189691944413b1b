#include <algorithm>

#include "services/ingest/pipeline/decode/ascii.h"
#include "services/ingest/pipeline/page/draft.h"
#include "services/ingest/pipeline/page/lines.h"

namespace interdict::pipeline {
namespace {

constexpr size_t kWidestWrap = 120;

bool StartsListItem(std::string_view line) {
  return line.starts_with("- ") || line.starts_with("* ") || line.starts_with("• ") || line.starts_with("– ") ||
         line.starts_with(">> ");
}

// The column at which the text was wrapped by hand; 0 where its lines are whole paragraphs.
size_t WrapWidth(const std::vector<std::string>& lines) {
  size_t widest = 0;
  for (const std::string& line : lines) widest = std::max(widest, line.size());
  return widest > kWidestWrap || widest < 50 ? 0 : widest;
}

// Whether `next` goes on the paragraph of `line`: its first word would not have fitted any more.
bool IsWrapped(const std::string& line, const std::string& next, size_t width) {
  if (width == 0 || StartsListItem(next)) return false;
  return line.size() + 1 + std::min(next.find(' '), next.size()) > width;
}

}  // namespace

PageDraft ReadPlainText(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(CollapseSpaces(std::string_view(text).substr(begin, end - begin)));
    begin = end + 1;
  }
  const size_t width = WrapWidth(lines);
  PageDraft draft;
  for (size_t i = 0; i < lines.size();) {
    if (lines[i].empty()) {
      ++i;
      continue;
    }
    DraftBlock block;
    block.kind = StartsListItem(lines[i]) ? BlockKind::kListItem : BlockKind::kParagraph;
    block.text = lines[i];
    block.gap = i == 0 || lines[i - 1].empty();
    for (++i; i < lines.size() && !lines[i].empty() && IsWrapped(lines[i - 1], lines[i], width); ++i)
      block.text += " " + lines[i];
    draft.blocks.push_back(std::move(block));
  }
  SiftBlocks(draft);
  return draft;
}

}  // namespace interdict::pipeline
