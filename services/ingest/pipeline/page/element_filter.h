// Which elements of a page are not the article, by their kind, role, style, class and id.
#pragma once

#include <gumbo.h>

#include <string_view>
#include <unordered_map>

namespace interdict::pipeline {

// The value of an attribute, empty where there is none. Points into the tree.
std::string_view Attribute(const GumboNode& node, const char* name);

bool IsElement(const GumboNode& node);

// Judges the elements of one tree. Built once a page; refers to the tree. Recursion is bounded by markup_guard.h.
class ElementFilter {
 public:
  explicit ElementFilter(const GumboNode& root);

  // Whether `node` and all below it is furniture. An element that only its class, its id or being a <form> makes
  // suspect is none where it holds most of the page's text: ASP.NET wraps whole pages in a form, and some sites call
  // the article's column "widget".
  bool IsFurniture(const GumboNode& node) const;

 private:
  size_t Measure(const GumboNode& node, bool in_link);

  std::unordered_map<const GumboNode*, size_t> suspects_;  // that are furniture, with the bytes of text below them
};

}  // namespace interdict::pipeline
