// Where on an HTML page the article is: by what the markup says of itself, else by where the prose is. Private to the
// stage.
#pragma once

#include <gumbo.h>

#include <string>
#include <vector>

#include "services/ingest/pipeline/page/draft.h"

namespace interdict::pipeline {

// A block with the element that holds it and how much of it is link text.
struct TreeBlock {
  DraftBlock draft;
  const GumboNode* container = nullptr;
  size_t link_bytes = 0;
};

// Whether `node` is `ancestor` or below it.
bool IsInside(const GumboNode* node, const GumboNode* ancestor);

// The element that holds the article; null where the page has no prose. In this order: the element that carries
// itemprop="articleBody", one whose class or id is the name that publishing systems give to the body of a story, an
// <article>, each only if it holds a fair part of the page's prose; else the deepest element with four fifths of it.
const GumboNode* FindMain(const std::vector<TreeBlock>& blocks);

// Keeps by JSON-LD `article_body`: where most of the page's prose inside `main` stands in it, prose blocks that do not
// are dropped by setting their text empty. Does nothing for a body that is short or cut.
void DropOutsideArticleBody(const std::string& article_body, const GumboNode* main, std::vector<TreeBlock>& blocks);

}  // namespace interdict::pipeline
