#include "services/ingest/pipeline/page/main_element.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "services/ingest/pipeline/decode/ascii.h"
#include "services/ingest/pipeline/page/element_filter.h"
#include "services/ingest/pipeline/page/lines.h"

namespace interdict::pipeline {
namespace {

using Weights = std::unordered_map<const GumboNode*, size_t>;

// How firmly an element says that it holds the body of a story.
enum Mark { kNoMark, kArticle, kBodyName, kBodyProperty, kMarks };

// The least share of the page's prose, in hundredths, with which an element of the mark is believed.
constexpr std::array<size_t, kMarks> kLeastShare = {100, 45, 35, 25};

// Names that publishing systems give to the body of a story, without the marks between their words.
constexpr std::array<std::string_view, 32> kBodyNames = {
    "articlebody",        "articlecontent", "articletext",   "articlecopy",    "entrycontent", "postcontent",
    "postbody",           "posttext",       "postentry",     "storybody",      "storycontent", "storytext",
    "storycopy",          "bodycontent",    "contentbody",   "newscontent",    "newsbody",     "newstext",
    "fieldnamebody",      "nodebody",       "singlecontent", "textcontent",    "bodytext",     "bodycopy",
    "richtextbody",       "releasebody",    "pressrelease",  "contentarticle", "blogcontent",  "mainarticle",
    "articlemaincontent", "zoncontent"};

bool HoldsBodyName(std::string_view names) {
  std::string bare;
  for (char c : names.substr(0, 300))
    if (c != '-' && c != '_') bare += c;
  bare = LowerAscii(bare);
  return std::any_of(kBodyNames.begin(), kBodyNames.end(),
                     [&](std::string_view name) { return bare.find(name) != std::string::npos; });
}

Mark MarkOf(const GumboNode& node) {
  if (!IsElement(node)) return kNoMark;
  const GumboTag tag = node.v.element.tag;
  if (tag == GUMBO_TAG_BODY || tag == GUMBO_TAG_HTML || tag == GUMBO_TAG_P) return kNoMark;
  if (LowerAscii(Attribute(node, "itemprop").substr(0, 40)) == "articlebody") return kBodyProperty;
  if (HoldsBodyName(Attribute(node, "class")) || HoldsBodyName(Attribute(node, "id"))) return kBodyName;
  return tag == GUMBO_TAG_ARTICLE ? kArticle : kNoMark;
}

// How many bytes of prose a block is worth: none for links and crumbs.
size_t ProseWeight(const TreeBlock& block) {
  if (block.draft.kind == BlockKind::kHeading || block.link_bytes * 2 > block.draft.text.size()) return 0;
  return IsProse(block.draft.text) ? block.draft.text.size() : 0;
}

// The element with the most prose of those with the mark; of nested ones the innermost that still holds nearly all.
const GumboNode* FindMarked(const std::vector<TreeBlock>& blocks, const Weights& weights,
                            const std::unordered_map<const GumboNode*, Mark>& marks, Mark mark) {
  const GumboNode* best = nullptr;
  for (const TreeBlock& block : blocks) {
    if (ProseWeight(block) == 0) continue;
    for (const GumboNode* node = block.container; node != nullptr; node = node->parent) {
      if (marks.at(node) != mark || node == best) continue;
      const size_t weight = weights.at(node);
      const bool inner = best != nullptr && IsInside(node, best) && weight * 10 >= weights.at(best) * 9;
      const bool outer = best != nullptr && IsInside(best, node) && weights.at(best) * 10 >= weight * 9;
      if (best == nullptr || inner || (!outer && weight > weights.at(best))) best = node;
    }
  }
  if (best == nullptr || best->parent == nullptr) return best;
  // A story cut into several such elements below one parent.
  size_t siblings = 0;
  const auto& children = best->parent->v.element.children;
  for (unsigned i = 0; i < children.length; ++i) {
    const auto* child = static_cast<const GumboNode*>(children.data[i]);
    const auto known = marks.find(child);
    if (known != marks.end() && known->second == mark) siblings += weights.at(child);
  }
  const bool cut = mark != kArticle && siblings * 10 > weights.at(best) * 13;
  return cut ? best->parent : best;
}

const GumboNode* FindDense(const std::vector<TreeBlock>& blocks, const Weights& weights, size_t total) {
  const GumboNode* best = nullptr;
  size_t best_depth = 0;
  for (const TreeBlock& block : blocks) {
    if (ProseWeight(block) == 0) continue;
    size_t depth = 0;
    for (const GumboNode* node = block.container; node != nullptr; node = node->parent) ++depth;
    for (const GumboNode* node = block.container; node != nullptr; node = node->parent, --depth) {
      if (weights.at(node) * 5 < total * 4) continue;
      if (depth > best_depth) {
        best = node;
        best_depth = depth;
      }
      break;
    }
  }
  // A paragraph that holds nearly all is the article's only long one: its neighbours belong to it.
  if (best != nullptr && best->v.element.tag == GUMBO_TAG_P && best->parent != nullptr) best = best->parent;
  return best;
}

// Calls `visit` with each run of four words, letters and digits only.
template <typename Visit>
void ForShingles(std::string_view text, Visit visit) {
  std::array<std::string, 4> last;
  size_t words = 0;
  std::string word;
  for (size_t at = 0; at <= text.size(); ++at) {
    const unsigned char c = at < text.size() ? static_cast<unsigned char>(text[at]) : ' ';
    if (c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : static_cast<char>(c);
      continue;
    }
    if (word.empty()) continue;
    last[words % 4] = std::exchange(word, {});
    if (++words < 4) continue;
    visit(last[words % 4] + ' ' + last[(words + 1) % 4] + ' ' + last[(words + 2) % 4] + ' ' + last[(words + 3) % 4]);
  }
}

}  // namespace

bool IsInside(const GumboNode* node, const GumboNode* ancestor) {
  while (node != nullptr && node != ancestor) node = node->parent;
  return node == ancestor;
}

const GumboNode* FindMain(const std::vector<TreeBlock>& blocks) {
  Weights weights;
  std::unordered_map<const GumboNode*, Mark> marks;
  size_t total = 0;
  for (const TreeBlock& block : blocks) {
    const size_t weight = ProseWeight(block);
    total += weight;
    if (weight == 0) continue;
    for (const GumboNode* node = block.container; node != nullptr; node = node->parent) {
      weights[node] += weight;
      if (!marks.contains(node)) marks[node] = MarkOf(*node);
    }
  }
  if (total == 0) return nullptr;
  for (const Mark mark : {kBodyProperty, kBodyName, kArticle}) {
    const GumboNode* found = FindMarked(blocks, weights, marks, mark);
    if (found != nullptr && weights.at(found) * 100 >= total * kLeastShare[mark]) return found;
  }
  return FindDense(blocks, weights, total);
}

void DropOutsideArticleBody(const std::string& article_body, const GumboNode* main, std::vector<TreeBlock>& blocks) {
  constexpr size_t kLeastBytes = 500;
  if (article_body.size() < kLeastBytes) return;
  std::unordered_set<std::string> told;
  ForShingles(article_body, [&](std::string shingle) { told.insert(std::move(shingle)); });
  std::vector<TreeBlock*> strangers;
  size_t inside = 0;
  size_t all = 0;
  for (TreeBlock& block : blocks) {
    const size_t weight = ProseWeight(block);
    if (weight == 0 || (main != nullptr && !IsInside(block.container, main))) continue;
    size_t known = 0;
    size_t shingles = 0;
    ForShingles(block.draft.text, [&](const std::string& shingle) {
      ++shingles;
      known += told.contains(shingle) ? 1 : 0;
    });
    all += weight;
    inside += known * 2 >= shingles ? weight : 0;
    if (known * 10 < shingles) strangers.push_back(&block);
  }
  if (inside * 10 < all * 7) return;
  for (TreeBlock* block : strangers) block->draft.text.clear();
}

}  // namespace interdict::pipeline
