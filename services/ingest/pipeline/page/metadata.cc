#include "services/ingest/pipeline/page/metadata.h"

#include <initializer_list>
#include <nlohmann/json.hpp>

#include "services/ingest/pipeline/page/date_lines.h"
#include "services/ingest/pipeline/page/lines.h"
#include "services/ingest/pipeline/page/title.h"

namespace interdict::pipeline {
namespace {

using Json = nlohmann::json;
constexpr int kMostNodes = 2000;
constexpr int kDeepestJson = 64;

std::string Text(const Json& value) {
  return value.is_string() ? CollapseSpaces(value.get_ref<const std::string&>()) : std::string();
}

// The name of an author or publisher: a string, an object with a name, or a list of either (joined).
std::string NameOf(const Json& value) {
  if (value.is_string()) return Text(value);
  if (value.is_object()) return value.contains("name") ? Text(value["name"]) : std::string();
  std::string names;
  if (!value.is_array()) return names;
  for (const Json& item : value) {
    const std::string name = item.is_array() ? std::string() : NameOf(item);
    if (!name.empty()) names += (names.empty() ? "" : ", ") + name;
  }
  return names;
}

// What JSON-LD tells, first value wins.
struct LinkedData {
  std::string headline, publisher, author, published, article_body;
  std::vector<std::string> trail;
};

void ReadTrail(const Json& node, LinkedData& out) {
  if (!node.contains("itemListElement") || !node["itemListElement"].is_array() || !out.trail.empty()) return;
  for (const Json& item : node["itemListElement"]) {
    if (!item.is_object()) continue;
    std::string name = item.contains("name") ? Text(item["name"]) : std::string();
    if (name.empty() && item.contains("item")) name = item["item"].is_object() ? NameOf(item["item"]) : std::string();
    if (!name.empty()) out.trail.push_back(name);
  }
}

void ReadNode(const Json& node, LinkedData& out) {
  const auto take = [&](const char* key, std::string& field, bool name) {
    if (field.empty() && node.contains(key)) field = name ? NameOf(node[key]) : Text(node[key]);
  };
  const std::string type = node.contains("@type") ? node["@type"].dump() : "";
  if (type.find("BreadcrumbList") != type.npos) ReadTrail(node, out);
  if (type.find("Article") == type.npos && type.find("Posting") == type.npos && type.find("Report") == type.npos)
    return;
  take("headline", out.headline, false);
  take("publisher", out.publisher, true);
  take("author", out.author, true);
  take("datePublished", out.published, false);
  take("articleBody", out.article_body, false);
}

// How deep the brackets of `text` nest, strings aside.
bool IsTooDeep(const std::string& text) {
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (quoted) {
      if (text[i] == '\\') ++i;
      if (i < text.size() && text[i] == '"') quoted = false;
    } else if (text[i] == '"') {
      quoted = true;
    } else if (text[i] == '{' || text[i] == '[') {
      if (++depth > kDeepestJson) return true;
    } else if (text[i] == '}' || text[i] == ']') {
      --depth;
    }
  }
  return false;
}

LinkedData ReadJsonLd(const std::vector<std::string>& scripts) {
  LinkedData out;
  for (const std::string& script : scripts) {
    if (IsTooDeep(script)) continue;
    const Json root = Json::parse(script, nullptr, /*allow_exceptions=*/false);
    if (root.is_discarded()) continue;
    std::vector<const Json*> todo = {&root};
    for (int seen = 0; !todo.empty() && seen < kMostNodes; ++seen) {
      const Json& node = *todo.back();
      todo.pop_back();
      if (node.is_object()) ReadNode(node, out);
      if (!node.is_structured()) continue;
      for (auto child = node.rbegin(); child != node.rend(); ++child) todo.push_back(&*child);
    }
  }
  return out;
}

std::string Meta(const HeadData& head, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    for (const auto& [key, content] : head.metas) {
      if (key == name && !CollapseSpaces(content).empty()) return CollapseSpaces(content);
    }
  }
  return "";
}

// "Story - Site" cut before its last part, where enough is left; the second is then "Site".
std::pair<std::string, std::string> CutSite(const std::string& title) {
  for (const std::string_view mark : {" | ", " - ", " – ", " — ", " :: "}) {
    const size_t at = title.rfind(mark);
    if (at != title.npos && CountWords(std::string_view(title).substr(0, at)) >= 3)
      return {title.substr(0, at), title.substr(at + mark.size())};
  }
  return {title, ""};
}

std::string FirstOf(std::initializer_list<std::string> values) {
  for (const std::string& value : values) {
    if (!value.empty()) return value;
  }
  return "";
}

}  // namespace

std::string ApplyHead(const HeadData& head, PageDraft& draft) {
  const LinkedData linked = ReadJsonLd(head.json_ld);
  const std::string stated = FirstOf({Meta(head, {"og:title", "twitter:title"}), linked.headline});
  const std::string& heading = head.heading;
  const bool same =
      !heading.empty() && !stated.empty() &&
      (stated.find(heading) != stated.npos || heading.find(stated) != heading.npos || IsSameTitle(stated, heading));
  draft.title = same ? heading : FirstOf({stated, heading, CutSite(head.title_element).first});
  draft.publisher = FirstOf(
      {Meta(head, {"og:site_name"}), linked.publisher, Meta(head, {"publisher", "dc.publisher", "application-name"})});
  draft.byline = FirstOf({linked.author, Meta(head, {"author", "dc.creator", "article:author", "byl"})});
  // The page's <title> names the site behind the headline.
  if (const auto [story, site] = CutSite(head.title_element);
      draft.publisher.empty() && IsSameTitle(story, draft.title) && CountWords(site) <= 6)
    draft.publisher = site;
  if (draft.byline.find("://") != draft.byline.npos) draft.byline.clear();
  if (const std::string name = BylineOf(draft.byline); !name.empty()) draft.byline = name;
  draft.section_trail = linked.trail;
  for (const std::string& date :
       {linked.published,
        Meta(head, {"article:published_time", "datepublished", "og:published_time", "pubdate", "publishdate", "date",
                    "dc.date", "dc.date.issued", "dcterms.created", "parsely-pub-date", "sailthru.date"})}) {
    if (draft.metadata_date.empty()) draft.metadata_date = DateOf(date);
  }
  return linked.article_body;
}

}  // namespace interdict::pipeline
