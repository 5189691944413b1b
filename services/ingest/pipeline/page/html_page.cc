#include <gumbo.h>

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <tuple>
#include <utility>

#include "services/ingest/pipeline/decode/ascii.h"
#include "services/ingest/pipeline/page/date_lines.h"
#include "services/ingest/pipeline/page/draft.h"
#include "services/ingest/pipeline/page/element_filter.h"
#include "services/ingest/pipeline/page/furniture.h"
#include "services/ingest/pipeline/page/lines.h"
#include "services/ingest/pipeline/page/main_element.h"
#include "services/ingest/pipeline/page/markup_guard.h"
#include "services/ingest/pipeline/page/metadata.h"

namespace interdict::pipeline {
namespace {

bool IsInlineTag(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_A:
    case GUMBO_TAG_SPAN:
    case GUMBO_TAG_ABBR:
    case GUMBO_TAG_CITE:
    case GUMBO_TAG_Q:
    case GUMBO_TAG_SUB:
    case GUMBO_TAG_SUP:
    case GUMBO_TAG_TIME:
    case GUMBO_TAG_MARK:
    case GUMBO_TAG_INS:
    case GUMBO_TAG_DEL:
    case GUMBO_TAG_DFN:
    case GUMBO_TAG_BDI:
    case GUMBO_TAG_BDO:
    case GUMBO_TAG_LABEL:
    case GUMBO_TAG_VAR:
    case GUMBO_TAG_SAMP:
    case GUMBO_TAG_KBD:
    case GUMBO_TAG_WBR:
    case GUMBO_TAG_IMG:
      return true;
    default:
      return false;
  }
}

constexpr size_t kLongestCell = 120;

int HeadingLevel(GumboTag tag) { return tag >= GUMBO_TAG_H1 && tag <= GUMBO_TAG_H6 ? 1 + (tag - GUMBO_TAG_H1) : 0; }

// Walks the tree, collecting head data and blocks. Recursion is bounded by markup_guard.h.
class TreeReader {
 public:
  explicit TreeReader(const GumboNode& root) : filter_(root) {
    Visit(root, false);
    Flush();
  }
  HeadData head;
  std::vector<TreeBlock> blocks;
  std::string element_date;
  std::string rel_author;
  std::vector<std::string> trail;

 private:
  void Visit(const GumboNode& node, bool furniture) {
    if (node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_WHITESPACE || node.type == GUMBO_NODE_CDATA) {
      if (!furniture) AddText(node.v.text.text);
      return;
    }
    if (!IsElement(node)) return;
    ReadMetadata(node, furniture);
    const GumboTag tag = node.v.element.tag;
    const bool is_furniture = furniture || filter_.IsFurniture(node);
    if (tag == GUMBO_TAG_BR) {
      Break();
      return;
    }
    if (tag == GUMBO_TAG_TR && !is_furniture && ReadRow(node)) return;
    const bool is_block = !IsInlineTag(tag);
    if (is_block) Flush();
    const auto saved = std::pair(kind_, container_);
    if (is_block) {
      container_ = &node;
      if (HeadingLevel(tag) != 0) kind_ = BlockKind::kHeading;
      if (tag == GUMBO_TAG_LI) kind_ = BlockKind::kListItem;
      if (tag == GUMBO_TAG_P && kind_ == BlockKind::kHeading) kind_ = BlockKind::kParagraph;  // an unclosed heading
    }
    links_ += tag == GUMBO_TAG_A ? 1 : 0;
    for (unsigned i = 0; i < node.v.element.children.length; ++i)
      Visit(*static_cast<GumboNode*>(node.v.element.children.data[i]), is_furniture);
    links_ -= tag == GUMBO_TAG_A ? 1 : 0;
    if (is_block) Flush();
    std::tie(kind_, container_) = saved;
  }

  // A row of data becomes one list item: "Fujairah; 552; 212", "Flag: Togo". False for a row that lays out the page:
  // one whose cells hold blocks, links or sentences.
  bool ReadRow(const GumboNode& row) {
    std::vector<std::string> cells;
    bool headed = false;
    for (unsigned i = 0; i < row.v.element.children.length; ++i) {
      const GumboNode& cell = *static_cast<GumboNode*>(row.v.element.children.data[i]);
      if (!IsElement(cell)) continue;
      if (filter_.IsFurniture(cell) || !IsDataCell(cell)) return false;
      std::string text = CollapseSpaces(RawText(cell));
      if (text.size() > kLongestCell || IsProse(text)) return false;
      if (cells.empty()) headed = cell.v.element.tag == GUMBO_TAG_TH || text.ends_with(':');
      if (!text.empty()) cells.push_back(std::move(text));
    }
    if (cells.size() < 2) return false;
    Flush();
    std::string line = cells[0];
    if (headed && cells.size() == 2) line += line.ends_with(':') ? " " : ": ";
    for (size_t i = 1; i < cells.size(); ++i) line += (headed && cells.size() == 2 ? "" : "; ") + cells[i];
    blocks.push_back({{BlockKind::kListItem, std::move(line)}, &row, 0});
    return true;
  }
  static bool IsDataCell(const GumboNode& node) {
    for (unsigned i = 0; i < node.v.element.children.length; ++i) {
      const GumboNode& child = *static_cast<GumboNode*>(node.v.element.children.data[i]);
      if (!IsElement(child)) continue;
      if (!IsInlineTag(child.v.element.tag) || child.v.element.tag == GUMBO_TAG_A || !IsDataCell(child)) return false;
    }
    return true;
  }

  void ReadMetadata(const GumboNode& node, bool furniture) {
    switch (node.v.element.tag) {
      case GUMBO_TAG_META:
        for (const char* key : {"property", "name", "itemprop"}) {
          if (const std::string_view name = Attribute(node, key); !name.empty()) {
            head.metas.emplace_back(LowerAscii(name), std::string(Attribute(node, "content")));
          }
        }
        break;
      case GUMBO_TAG_TITLE:
        if (head.title_element.empty()) head.title_element = CollapseSpaces(RawText(node));
        break;
      case GUMBO_TAG_H1:
        if (head.heading.empty()) head.heading = CollapseSpaces(InlineText(node));
        break;
      case GUMBO_TAG_SCRIPT:
        if (StartsWithIgnoringCase(Attribute(node, "type"), "application/ld+json"))
          head.json_ld.push_back(RawText(node));
        break;
      case GUMBO_TAG_LINK:
        if (head.canonical.empty() && EqualsIgnoringCase(Attribute(node, "rel"), "canonical"))
          head.canonical = std::string(Attribute(node, "href"));
        break;
      default:
        if (!furniture && element_date.empty() && TellsPublication(node)) element_date = ElementDate(node);
        break;
    }
    if (rel_author.empty() && !furniture &&
        (Attribute(node, "rel") == "author" || Attribute(node, "itemprop") == "author")) {
      rel_author = CollapseSpaces(RawText(node));
    }
    for (const char* key : {"class", "aria-label"}) {
      if (trail.empty() && LowerAscii(Attribute(node, key).substr(0, 100)).find("breadcrumb") != std::string::npos)
        ReadTrail(node);
    }
  }

  // <time>, microdata, and the hAtom that older themes write.
  static bool TellsPublication(const GumboNode& node) {
    return node.v.element.tag == GUMBO_TAG_TIME || Attribute(node, "itemprop") == "datePublished" ||
           (node.v.element.tag == GUMBO_TAG_ABBR && Attribute(node, "class").substr(0, 9) == "published");
  }
  static std::string ElementDate(const GumboNode& node) {
    for (const char* key : {"datetime", "content", "title"}) {
      if (const std::string date = DateOf(Attribute(node, key)); !date.empty()) return date;
    }
    return DateOf(RawText(node).substr(0, kLongestCell));
  }

  // The items of breadcrumb markup: list items or links, else text with marks.
  void ReadTrail(const GumboNode& node) {
    for (const GumboTag tag : {GUMBO_TAG_LI, GUMBO_TAG_A}) {
      Items(node, tag);
      if (trail.size() > 1) return;
      trail.clear();
    }
    trail = TrailOf(CollapseSpaces(RawText(node)));
  }
  void Items(const GumboNode& node, GumboTag tag) {
    if (!IsElement(node)) return;
    if (node.v.element.tag == tag) {
      std::string item = CollapseSpaces(RawText(node));
      while (!item.empty() && std::string_view("/>| ").find(item.back()) != std::string_view::npos) item.pop_back();
      if (!item.empty() && trail.size() < 12) trail.push_back(item);
      return;
    }
    for (unsigned i = 0; i < node.v.element.children.length; ++i)
      Items(*static_cast<GumboNode*>(node.v.element.children.data[i]), tag);
  }

  // All text below `node`.
  static std::string RawText(const GumboNode& node) {
    std::string out;
    AppendRawText(node, out);
    return out;
  }
  static void AppendRawText(const GumboNode& node, std::string& out) {
    if (node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_WHITESPACE || node.type == GUMBO_NODE_CDATA)
      out += node.v.text.text;
    if (!IsElement(node)) return;
    for (unsigned i = 0; i < node.v.element.children.length; ++i) {
      AppendRawText(*static_cast<GumboNode*>(node.v.element.children.data[i]), out);
    }
    if (node.v.element.tag == GUMBO_TAG_BR) out += ' ';
  }

  // The text of a heading up to the first block in it: an unclosed <h1> swallows the page.
  static std::string InlineText(const GumboNode& node) {
    std::string out;
    for (unsigned i = 0; i < node.v.element.children.length; ++i) {
      const GumboNode& child = *static_cast<GumboNode*>(node.v.element.children.data[i]);
      if (IsElement(child) && !IsInlineTag(child.v.element.tag) && child.v.element.tag != GUMBO_TAG_BR) break;
      AppendRawText(child, out);
    }
    return out;
  }

  void AddText(const char* text) {
    const std::string_view added(text);
    if (!added.empty() && added.find_first_not_of(kAsciiSpaces) != added.npos) breaks_ = 0;
    text_ += added;
    if (links_ > 0) link_bytes_ += added.size();
  }
  // One <br> goes on in the paragraph unless a sentence ended; two end it.
  void Break() {
    const std::string_view so_far = TrimAscii(text_);
    if (++breaks_ >= 2 || IsProse(so_far)) {
      Flush();
    } else {
      text_ += '\n';
    }
  }
  void Flush() {
    std::string text = CollapseSpaces(text_);
    if (!text.empty()) blocks.push_back({{kind_, std::move(text)}, container_, link_bytes_});
    text_.clear();
    link_bytes_ = 0;
    breaks_ = 0;
  }

  ElementFilter filter_;
  std::string text_;
  size_t link_bytes_ = 0;
  int links_ = 0;
  int breaks_ = 0;
  BlockKind kind_ = BlockKind::kParagraph;
  const GumboNode* container_ = nullptr;
};

// Whether the block at `i` is the linked headline of a card for another story: it and a few lines, in an element of
// their own.
bool OpensCard(const std::vector<TreeBlock>& blocks, size_t i, const GumboNode* main) {
  constexpr size_t kLongestCardText = 600;
  const TreeBlock& block = blocks[i];
  if (block.draft.kind != BlockKind::kHeading || block.link_bytes * 10 <= block.draft.text.size() * 7) return false;
  const GumboNode* card = block.container == nullptr ? nullptr : block.container->parent;
  if (card == nullptr || IsInside(main, card)) return false;
  size_t text = 0;
  for (++i; i < blocks.size() && text <= kLongestCardText && IsInside(blocks[i].container, card); ++i)
    text += blocks[i].draft.text.size();
  return text <= kLongestCardText;
}

// The blocks of the main element, without link lists and what stands under a heading like "Related articles".
std::vector<DraftBlock> MainBlocks(std::vector<TreeBlock>& blocks, const GumboNode* main) {
  std::vector<DraftBlock> out;
  const GumboNode* dropped = nullptr;  // the parent of a furniture heading: its whole section goes
  for (size_t i = 0; i < blocks.size(); ++i) {
    TreeBlock& block = blocks[i];
    if (block.draft.text.empty() || (main != nullptr && !IsInside(block.container, main))) continue;
    if (dropped != nullptr && IsInside(block.container, dropped) &&
        (block.draft.kind != BlockKind::kHeading || IsFurnitureHeading(block.draft.text))) {
      continue;
    }
    dropped = nullptr;
    if (IsFurnitureHeading(block.draft.text) || OpensCard(blocks, i, main)) {
      const GumboNode* section = block.container == nullptr ? nullptr : block.container->parent;
      // "Advertisement" between two parts of the story is a label, and opens no section.
      const bool label = block.draft.kind != BlockKind::kHeading && IsFurniture(block.draft.text);
      if (!label || main == nullptr || !IsInside(main, section)) dropped = section;
      continue;
    }
    const bool links = block.link_bytes * 10 > block.draft.text.size() * 7;
    if (links) continue;
    out.push_back(std::move(block.draft));
  }
  return out;
}

}  // namespace

PageDraft ReadHtml(const std::string& html) {
  const std::string tame = TameMarkup(html);
  GumboOptions options = kGumboDefaultOptions;
  options.max_errors = 0;
  const auto destroy = [&](GumboOutput* output) { gumbo_destroy_output(&options, output); };
  const std::unique_ptr<GumboOutput, decltype(destroy)> output(
      gumbo_parse_with_options(&options, tame.data(), tame.size()), destroy);
  PageDraft draft;
  if (output == nullptr || output->root == nullptr) return draft;
  TreeReader reader(*output->root);
  const std::string article_body = ApplyHead(reader.head, draft);
  if (draft.section_trail.empty()) draft.section_trail = reader.trail;
  if (draft.byline.empty()) draft.byline = reader.rel_author;
  draft.element_date = reader.element_date;
  const GumboNode* main = FindMain(reader.blocks);
  DropOutsideArticleBody(article_body, main, reader.blocks);
  draft.blocks = MainBlocks(reader.blocks, main);
  SiftBlocks(draft);
  return draft;
}

}  // namespace interdict::pipeline
