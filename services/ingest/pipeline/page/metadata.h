// What a page's head tells: <meta>, Open Graph, JSON-LD.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "services/ingest/pipeline/page/draft.h"

namespace interdict::pipeline {

// The raw metadata, in document order.
struct HeadData {
  std::vector<std::pair<std::string, std::string>> metas;  // lower-case name, property or itemprop → content
  std::vector<std::string> json_ld;
  std::string title_element;
  std::string heading;    // the first <h1>
  std::string canonical;  // <link rel="canonical">
};

// Fills `draft`. Title: og:title, JSON-LD headline, <h1>, <title> without the site's name; where og:title is longer or
// shorter than an <h1> that it holds or that holds it, the <h1>, since that is what the page shows. Publisher:
// og:site_name, JSON-LD publisher, meta publisher or application-name. Byline: JSON-LD author, meta author. Date:
// JSON-LD datePublished, then the usual metas; date of the last change: JSON-LD dateModified, then metas. Address: the
// canonical link, else og:url. Authors and publishers that JSON-LD refers to by @id are looked up there.
// Returns the JSON-LD articleBody, empty where there is none.
std::string ApplyHead(const HeadData& head, PageDraft& draft);

}  // namespace interdict::pipeline
