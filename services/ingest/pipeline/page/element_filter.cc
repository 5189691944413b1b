#include "services/ingest/pipeline/page/element_filter.h"

#include <algorithm>
#include <initializer_list>
#include <string>

#include "services/ingest/pipeline/decode/ascii.h"

namespace interdict::pipeline {
namespace {

bool IsOneOf(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Elements that never hold main text.
bool IsSkippedTag(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_SCRIPT:
    case GUMBO_TAG_STYLE:
    case GUMBO_TAG_NOSCRIPT:
    case GUMBO_TAG_TEMPLATE:
    case GUMBO_TAG_SVG:
    case GUMBO_TAG_IFRAME:
    case GUMBO_TAG_OBJECT:
    case GUMBO_TAG_SELECT:
    case GUMBO_TAG_BUTTON:
    case GUMBO_TAG_TEXTAREA:
    case GUMBO_TAG_NAV:
    case GUMBO_TAG_FOOTER:
    case GUMBO_TAG_ASIDE:
    case GUMBO_TAG_FIGURE:
    case GUMBO_TAG_FIGCAPTION:
    case GUMBO_TAG_CAPTION:
    case GUMBO_TAG_HEAD:
    case GUMBO_TAG_TITLE:
    case GUMBO_TAG_VIDEO:
    case GUMBO_TAG_AUDIO:
    case GUMBO_TAG_CANVAS:
      return true;
    default:
      return false;
  }
}

enum class Name { kNone, kFurniture, kNeverMain };

// One word of a class name or id.
Name KindOfWord(std::string_view word) {
  if (IsOneOf(word,
              {"comment", "comments", "disqus", "cookie", "cookies", "consent", "gdpr", "popup", "modal", "hidden"}))
    return Name::kNeverMain;
  if (word.ends_with("caption") ||
      IsOneOf(word,
              {"nav",        "navbar",    "navigation", "menu",          "breadcrumb", "breadcrumbs", "footer",
               "sidebar",    "share",     "sharing",    "social",        "related",    "recommended", "newsletter",
               "subscribe",  "promo",     "advert",     "advertisement", "ad",         "ads",         "widget",
               "pagination", "pager",     "tags",       "trending",      "popular",    "masthead",    "topbar",
               "toolbar",    "skip",      "paywall",    "login",         "search",     "sponsored",   "teaser",
               "teasers",    "copyright", "credits",    "credit",        "printonly",  "signup",      "readmore"})) {
    return Name::kFurniture;
  }
  return Name::kNone;
}

// What class and id say. Words are cut at '-', '_' and spaces, and before capitals ("photoCaption"); "has-sidebar" and
// "no-…" speak of the layout around.
Name NameOf(const GumboNode& node) {
  Name found = Name::kNone;
  for (const char* key : {"class", "id"}) {
    const std::string_view names = Attribute(node, key).substr(0, 400);
    for (size_t begin = 0; begin < names.size();) {
      const size_t end = std::min(names.find(' ', begin), names.size());
      const std::string_view name = names.substr(begin, end - begin);
      begin = end + 1;
      if (name.starts_with("has-") || name.starts_with("no-") || name.starts_with("with-")) continue;
      std::string word;
      for (size_t at = 0; at <= name.size(); ++at) {
        const bool upper = at < name.size() && name[at] >= 'A' && name[at] <= 'Z';
        const bool cut = at == name.size() || name[at] == '-' || name[at] == '_';
        if (cut || (upper && at > 0 && name[at - 1] >= 'a' && name[at - 1] <= 'z')) {
          const Name kind = KindOfWord(word);
          if (kind == Name::kNeverMain) return kind;
          if (kind == Name::kFurniture) found = kind;
          word.clear();
        }
        if (!cut) word += upper ? static_cast<char>(name[at] - 'A' + 'a') : name[at];
      }
    }
  }
  return found;
}

bool IsHidden(const GumboNode& node) {
  if (gumbo_get_attribute(&node.v.element.attributes, "hidden") != nullptr) return true;
  if (EqualsIgnoringCase(Attribute(node, "aria-hidden"), "true")) return true;
  std::string style = LowerAscii(Attribute(node, "style").substr(0, 400));
  style.erase(std::remove(style.begin(), style.end(), ' '), style.end());
  return style.find("display:none") != style.npos || style.find("visibility:hidden") != style.npos;
}

bool IsSuspect(const GumboNode& node) {
  if (IsOneOf(Attribute(node, "role"), {"banner", "complementary"})) return true;
  const GumboTag tag = node.v.element.tag;
  if (tag == GUMBO_TAG_BODY || tag == GUMBO_TAG_HTML || tag == GUMBO_TAG_MAIN || tag == GUMBO_TAG_ARTICLE) return false;
  return tag == GUMBO_TAG_FORM || NameOf(node) == Name::kFurniture;
}

bool IsSurelyFurniture(const GumboNode& node) {
  const GumboTag tag = node.v.element.tag;
  if (IsSkippedTag(tag) || IsHidden(node)) return true;
  if (IsOneOf(Attribute(node, "role"), {"navigation", "contentinfo", "search", "dialog", "alertdialog", "menu"}))
    return true;
  if (tag == GUMBO_TAG_BODY || tag == GUMBO_TAG_HTML || tag == GUMBO_TAG_MAIN || tag == GUMBO_TAG_ARTICLE) return false;
  return NameOf(node) == Name::kNeverMain;
}

}  // namespace

std::string_view Attribute(const GumboNode& node, const char* name) {
  const GumboAttribute* attribute = gumbo_get_attribute(&node.v.element.attributes, name);
  return attribute == nullptr ? std::string_view() : std::string_view(attribute->value);
}

bool IsElement(const GumboNode& node) { return node.type == GUMBO_NODE_ELEMENT || node.type == GUMBO_NODE_TEMPLATE; }

ElementFilter::ElementFilter(const GumboNode& root) {
  const size_t all = Measure(root, false);
  std::erase_if(suspects_, [&](const auto& suspect) { return suspect.second * 2 > all; });
}

bool ElementFilter::IsFurniture(const GumboNode& node) const {
  return IsSurelyFurniture(node) || suspects_.contains(&node);
}

// How many bytes of text outside links and sure furniture stand below `node`.
size_t ElementFilter::Measure(const GumboNode& node, bool in_link) {
  if (node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_CDATA)
    return in_link ? 0 : TrimAscii(node.v.text.text).size();
  if (!IsElement(node) || IsSurelyFurniture(node)) return 0;
  size_t size = 0;
  for (unsigned i = 0; i < node.v.element.children.length; ++i) {
    size += Measure(*static_cast<GumboNode*>(node.v.element.children.data[i]),
                    in_link || node.v.element.tag == GUMBO_TAG_A);
  }
  if (IsSuspect(node)) suspects_.emplace(&node, size);
  return size;
}

}  // namespace interdict::pipeline
