#include "services/ingest/pipeline/page/furniture.h"

#include <algorithm>
#include <initializer_list>
#include <string>

#include "services/ingest/pipeline/decode/ascii.h"
#include "services/ingest/pipeline/page/lines.h"

namespace interdict::pipeline {
namespace {

constexpr size_t kLongestLine = 200;
constexpr size_t kLongestNotice = 600;  // a cookie notice or invitation to subscribe

using Phrases = std::initializer_list<std::string_view>;

bool IsAny(std::string_view lower, Phrases phrases) {
  return std::find(phrases.begin(), phrases.end(), lower) != phrases.end();
}
bool StartsWithAny(std::string_view lower, Phrases phrases) {
  return std::any_of(phrases.begin(), phrases.end(),
                     [&](std::string_view phrase) { return lower.starts_with(phrase); });
}
bool HoldsAny(std::string_view lower, Phrases phrases) {
  return std::any_of(phrases.begin(), phrases.end(),
                     [&](std::string_view phrase) { return lower.find(phrase) != lower.npos; });
}

// Lower case, without the marks that decorate such lines (» : > *).
std::string Bare(std::string_view line) {
  std::string lower = LowerAscii(TrimAscii(line));
  while (!lower.empty() && std::string_view(":>*.-|[] ").find(lower.back()) != std::string_view::npos) lower.pop_back();
  size_t begin = 0;
  while (begin < lower.size() && std::string_view(">*-|[] ").find(lower[begin]) != std::string_view::npos) ++begin;
  return lower.substr(begin);
}

bool IsButton(std::string_view bare) {
  return IsAny(bare, {"share",
                      "print",
                      "email",
                      "tweet",
                      "facebook",
                      "twitter",
                      "whatsapp",
                      "linkedin",
                      "copy link",
                      "save",
                      "menu",
                      "search",
                      "login",
                      "log in",
                      "sign in",
                      "sign up",
                      "subscribe",
                      "read more",
                      "more",
                      "back to top",
                      "top",
                      "next",
                      "previous",
                      "close",
                      "accept",
                      "accept all",
                      "comments",
                      "leave a comment",
                      "reply",
                      "home",
                      "loading",
                      "skip to content",
                      "skip to main content"});
}

bool IsMark(std::string_view bare) {
  return IsAny(bare, {"breaking news",
                      "breaking",
                      "live",
                      "exclusive",
                      "advertisement",
                      "advertising",
                      "sponsored",
                      "sponsored content",
                      "end",
                      "ends",
                      "-30-",
                      "#",
                      "##",
                      "###",
                      "30",
                      "for immediate release",
                      "press release",
                      "press releases",
                      "news release",
                      "media release",
                      "story continues below"});
}

bool IsLeadIn(std::string_view bare) {
  return StartsWithAny(bare, {"read more:",
                              "read also:",
                              "also read:",
                              "read also",
                              "related:",
                              "related topics:",
                              "related article:",
                              "see also:",
                              "more:",
                              "watch:",
                              "share this",
                              "share on",
                              "follow us",
                              "subscribe to",
                              "subscribe now",
                              "sign up for",
                              "sign up to",
                              "sign in |",
                              "click here",
                              "©",
                              "copyright ©",
                              "copyright 20",
                              "(c) 20",
                              "all rights reserved",
                              "filed under",
                              "tags:",
                              "tagged:",
                              "topics:",
                              "download our app",
                              "get our newsletter",
                              "print this",
                              "email this",
                              "more on this",
                              "story continues",
                              "advertisement -",
                              "advertisement –",
                              "article continues",
                              "continue reading",
                              "unsubscribe",
                              "have your say",
                              "contact:",
                              "media contact",
                              "press contact",
                              "press release number",
                              "image:",
                              "do you have a story",
                              "do you know more?",
                              "got a tip",
                              "be the first to comment",
                              "comments are closed",
                              "enter your email",
                              "this article is for information only",
                              "the views expressed",
                              "●"});
}

bool IsCaption(std::string_view bare) {
  return StartsWithAny(bare, {"photo:", "photos:", "photo by", "photo credit",
                              "photograph:", "picture:", "pictures:", "image credit", "file photo", "(photo",
                              "(file photo", "(picture", "caption:", "illustration:", "pictured:", "credit:"}) ||
         (bare.size() < 160 && HoldsAny(bare, {" photo: ", "/getty images", "/afp via getty"}));
}

bool IsCookieNotice(std::string_view lower) {
  return StartsWithAny(lower, {"this website uses cookies", "this site uses", "we use cookies", "we value your privacy",
                               "we care about your privacy", "your privacy matters"}) ||
         (HoldsAny(lower, {"cookies"}) &&
          HoldsAny(lower, {"we use", "we and our", "this site", "this website", "our website", "your device",
                           "your browser", "accept all", "your consent", "privacy policy", "cookie policy", "you agree",
                           "personalised advert", "personalized advert"}));
}

bool IsInvitation(std::string_view lower) {
  return HoldsAny(lower, {"unsubscribe", "your inbox", "you receive this e-mail", "you receive this email",
                          "you are receiving this", "please gamble responsibly", "terms of use.",
                          "by signing up you agree", "newsdesk or tweet"}) ||
         (HoldsAny(lower, {"newsletter"}) && HoldsAny(lower, {"sign up", "subscribe to", "subscribe for", "get our",
                                                              "join our", "our free", "our weekly", "our daily"})) ||
         StartsWithAny(lower, {"free edition", "subscribers receive", "subscribers get"});
}

// "[Accept all] [Manage preferences]".
bool IsButtonRow(std::string_view line) {
  size_t groups = 0;
  size_t outside = 0;
  bool inside = false;
  for (const char c : line) {
    if (c == '[') inside = true;
    if (!inside && c != ' ') ++outside;
    if (c == ']' && inside) {
      inside = false;
      ++groups;
    }
  }
  return groups >= 2 && outside == 0;
}

// A row of menu entries: three known ones at least, and most of the line.
bool IsMenu(std::string_view line) {
  if (IsProse(line)) return false;
  const std::string lower = LowerAscii(line);
  size_t known = 0;
  size_t words = 0;
  for (size_t begin = 0; begin < lower.size();) {
    size_t end = std::min(lower.find_first_of(" |/,•·", begin), lower.size());
    const std::string_view word = std::string_view(lower).substr(begin, end - begin);
    begin = end + 1;
    if (word.empty() || static_cast<unsigned char>(word[0]) >= 0x80) continue;
    ++words;
    if (IsAny(word,
              {"home",    "news",      "business", "courts",        "sport",    "sports",    "opinion", "jobs",
               "e-paper", "world",     "politics", "culture",       "weather",  "video",     "videos",  "contact",
               "about",   "search",    "archive",  "tech",          "life",     "lifestyle", "travel",  "careers",
               "rss",     "privacy",   "cookies",  "cookie",        "terms",    "policy",    "help",    "login",
               "log",     "advertise", "share",    "tweet",         "whatsapp", "print",     "email",   "facebook",
               "twitter", "subscribe", "podcasts", "accessibility", "us",       "features",  "local",   "letters",
               "faq",     "sitemap",   "imprint",  "health",        "science",  "obituaries"})) {
      ++known;
    }
  }
  return known >= 3 && known * 2 > words;
}

// "3 comments", "0 COMMENTS Be the first to comment".
bool IsCommentCount(std::string_view bare) {
  size_t digits = 0;
  while (digits < bare.size() && IsAsciiDigit(bare[digits])) ++digits;
  return digits > 0 && (bare.substr(digits).starts_with(" comments") || bare.substr(digits) == " comment");
}

}  // namespace

bool IsFurniture(std::string_view line) {
  if (line.size() > kLongestNotice) return false;
  const std::string bare = Bare(line);
  if (bare.empty()) return true;
  if (IsCookieNotice(bare) || IsInvitation(bare)) return true;
  if (line.size() > kLongestLine) return false;
  if (IsButton(bare) || IsMark(bare) || IsLeadIn(bare) || IsCaption(bare)) return true;
  if (IsButtonRow(line) || IsMenu(line)) return true;
  if (bare.starts_with("breaking ") && bare.find(" | ") != bare.npos) return true;
  return line.size() < 120 && bare.find("all rights reserved") != bare.npos;
}

bool IsFurnitureHeading(std::string_view line) {
  if (line.size() > 80) return false;
  const std::string bare = Bare(line);
  if (IsCommentCount(bare)) return true;
  if (line.size() > 60) return false;
  return IsAny(bare, {"related",
                      "related articles",
                      "related news",
                      "related stories",
                      "related posts",
                      "related links",
                      "related content",
                      "read also",
                      "most read",
                      "most popular",
                      "most viewed",
                      "trending",
                      "trending now",
                      "popular",
                      "latest",
                      "latest news",
                      "more news",
                      "more stories",
                      "recommended",
                      "recommended for you",
                      "you may also like",
                      "you might also like",
                      "read next",
                      "comments",
                      "leave a reply",
                      "leave a comment",
                      "join the conversation",
                      "newsletter",
                      "subscribe",
                      "share this",
                      "share this article",
                      "share this story",
                      "follow us",
                      "about us",
                      "contact us",
                      "advertisement",
                      "tags",
                      "categories",
                      "archives",
                      "recent posts",
                      "top stories",
                      "sections",
                      "navigation",
                      "in other news",
                      "other news",
                      "from the archive",
                      "editor's picks",
                      "don't miss",
                      "weather",
                      "also in the news",
                      "also inside",
                      "note to editors",
                      "notes to editors",
                      "media contacts",
                      "media contact",
                      "press contact",
                      "press contacts",
                      "from our archive"}) ||
         StartsWithAny(bare, {"more from ", "more in ", "more on ", "comments (", "most viewed"});
}

bool IsCredits(std::string_view line) {
  if (line.size() > 400) return false;
  const std::string lower = LowerAscii(line.substr(0, 40));
  return StartsWithAny(lower, {"(reporting by", "reporting by", "(editing by", "editing by", "(writing by",
                               "additional reporting by", "(additional reporting by", "(compiled by"});
}

}  // namespace interdict::pipeline
