#include "services/ingest/pipeline/page/metadata.h"

#include <initializer_list>
#include <map>
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

// Names of nodes by their @id: a graph tells a publisher once and refers to it.
using NamesById = std::map<std::string, std::string>;

std::string NameOfNode(const Json& node, const NamesById& names) {
  if (node.contains("name") && !Text(node["name"]).empty()) return Text(node["name"]);
  const auto known = node.contains("@id") ? names.find(Text(node["@id"])) : names.end();
  return known == names.end() ? std::string() : known->second;
}

// The name of an author or publisher: a string, an object with a name or a reference to one, or a list of these
// (joined).
std::string NameOf(const Json& value, const NamesById& known) {
  if (value.is_string()) return Text(value);
  if (value.is_object()) return NameOfNode(value, known);
  std::string names;
  if (!value.is_array()) return names;
  for (const Json& item : value) {
    const std::string name = item.is_array() ? std::string() : NameOf(item, known);
    if (!name.empty()) names += (names.empty() ? "" : ", ") + name;
  }
  return names;
}

// What JSON-LD tells, first value wins.
struct LinkedData {
  std::string headline, publisher, author, published, modified, article_body;
  std::vector<std::string> trail;
};

void ReadTrail(const Json& node, LinkedData& out) {
  if (!node.contains("itemListElement") || !node["itemListElement"].is_array() || !out.trail.empty()) return;
  for (const Json& item : node["itemListElement"]) {
    if (!item.is_object()) continue;
    std::string name = item.contains("name") ? Text(item["name"]) : std::string();
    if (name.empty() && item.contains("item"))
      name = item["item"].is_object() ? NameOf(item["item"], {}) : std::string();
    if (!name.empty()) out.trail.push_back(name);
  }
}

void ReadNode(const Json& node, const NamesById& names, LinkedData& out) {
  const auto take = [&](const char* key, std::string& field, bool name) {
    if (field.empty() && node.contains(key)) field = name ? NameOf(node[key], names) : Text(node[key]);
  };
  const std::string type = node.contains("@type") ? node["@type"].dump() : "";
  if (type.find("BreadcrumbList") != type.npos) ReadTrail(node, out);
  if (type.find("Article") == type.npos && type.find("Posting") == type.npos && type.find("Report") == type.npos)
    return;
  take("headline", out.headline, false);
  take("publisher", out.publisher, true);
  take("author", out.author, true);
  take("datePublished", out.published, false);
  take("dateModified", out.modified, false);
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

// The objects of a document in document order, at most kMostNodes values looked at.
std::vector<const Json*> Nodes(const Json& root) {
  std::vector<const Json*> nodes;
  std::vector<const Json*> todo = {&root};
  for (int seen = 0; !todo.empty() && seen < kMostNodes; ++seen) {
    const Json& node = *todo.back();
    todo.pop_back();
    if (node.is_object()) nodes.push_back(&node);
    if (!node.is_structured()) continue;
    for (auto child = node.rbegin(); child != node.rend(); ++child) todo.push_back(&*child);
  }
  return nodes;
}

LinkedData ReadJsonLd(const std::vector<std::string>& scripts) {
  LinkedData out;
  for (const std::string& script : scripts) {
    if (IsTooDeep(script)) continue;
    const Json root = Json::parse(script, nullptr, /*allow_exceptions=*/false);
    if (root.is_discarded()) continue;
    const std::vector<const Json*> nodes = Nodes(root);
    NamesById names;
    for (const Json* node : nodes) {
      if (node->contains("@id") && node->contains("name") && !Text((*node)["name"]).empty())
        names.emplace(Text((*node)["@id"]), Text((*node)["name"]));
    }
    for (const Json* node : nodes) ReadNode(*node, names, out);
  }
  return out;
}

std::string Meta(const HeadData& head, const std::vector<std::string_view>& names) {
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

// Under which names pages tell when they were published: Open Graph, Dublin Core, what publishing systems write.
std::vector<std::string_view> PublishedNames() {
  return {"article:published_time",
          "datepublished",
          "og:published_time",
          "article:published",
          "og:article:published_time",
          "article.published",
          "pubdate",
          "publishdate",
          "publish-date",
          "publish_date",
          "publication_date",
          "date",
          "dc.date",
          "dc.date.issued",
          "dc.date.created",
          "dcterms.created",
          "dcterms.date",
          "dcterms.issued",
          "parsely-pub-date",
          "sailthru.date",
          "cxenseparse:recs:publishtime",
          "article_date_original",
          "displaydate"};
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
  for (const std::string& date : {linked.published, Meta(head, PublishedNames())}) {
    if (draft.metadata_date.empty()) draft.metadata_date = DateOf(date);
  }
  for (const std::string& date : {linked.modified, Meta(head, {"article:modified_time", "og:updated_time",
                                                               "datemodified", "dcterms.modified", "last-modified"})}) {
    if (draft.modified_date.empty()) draft.modified_date = DateOf(date);
  }
  draft.canonical_url = FirstOf({head.canonical, Meta(head, {"og:url"})});
  return linked.article_body;
}

}  // namespace interdict::pipeline
