#include "services/ingest/pipeline/page/labels.h"

#include <algorithm>
#include <initializer_list>
#include <vector>

#include "services/ingest/pipeline/decode/ascii.h"
#include "services/ingest/pipeline/page/lines.h"
#include "services/ingest/pipeline/tokens/tokens.h"

namespace interdict::pipeline {
namespace {

bool IsAny(std::string_view lower, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), lower) != words.end();
}

}  // namespace

bool IsSectionLabel(std::string_view line) {
  if (line.size() > 40 || CountWords(line) > 4) return false;
  std::string bare = LowerAscii(TrimAscii(line));
  while (!bare.empty() && std::string_view(":.|-[] ").find(bare.back()) != std::string_view::npos) bare.pop_back();
  return IsAny(bare, {"in brief",
                      "news in brief",
                      "briefs",
                      "brief",
                      "opinion",
                      "op-ed",
                      "comment",
                      "commentary",
                      "editorial",
                      "viewpoint",
                      "view",
                      "column",
                      "columnists",
                      "letters",
                      "letter",
                      "analysis",
                      "explainer",
                      "feature",
                      "features",
                      "long read",
                      "longread",
                      "the long read",
                      "interview",
                      "in depth",
                      "in focus",
                      "field notes",
                      "cover story",
                      "court report",
                      "courts",
                      "court",
                      "crime",
                      "news",
                      "world",
                      "world news",
                      "international",
                      "national",
                      "local",
                      "local news",
                      "region",
                      "africa",
                      "europe",
                      "asia",
                      "politics",
                      "business",
                      "economy",
                      "culture",
                      "arts",
                      "arts & heritage",
                      "what's on",
                      "wildlife",
                      "environment",
                      "sport",
                      "sports",
                      "notice",
                      "public notice",
                      "statement",
                      "press statement",
                      "press information",
                      "press release",
                      "press releases",
                      "news release",
                      "media release",
                      "information note",
                      "advisory",
                      "alert",
                      "bulletin",
                      "daily bulletin",
                      "update",
                      "updates",
                      "special report",
                      "investigation",
                      "investigations",
                      "exclusive",
                      "review",
                      "reviews",
                      "obituary",
                      "podcast",
                      "video",
                      "weekend interview",
                      "front page",
                      "page one",
                      "security",
                      "justice",
                      "dispatch",
                      "home news",
                      "background",
                      "fact sheet",
                      "factsheet",
                      "q&a",
                      "report"});
}

bool IsNameLike(std::string_view line) {
  bool any = false;
  for (const Token& token : TokenizePhrase(line)) {
    if (!token.is_word || token.is_number) continue;
    if (token.is_capitalised) {
      any = true;
      continue;
    }
    if (!IsAny(token.folded, {"of",  "the", "and", "for", "in", "on", "de", "du", "des", "la", "le", "der",
                              "die", "von", "van", "del", "y",  "et", "e",  "to", "at",  "'s", "al", "d"})) {
      return false;
    }
  }
  return any;
}

bool IsOutletName(std::string_view line) {
  if (!IsNameLike(line)) return false;
  for (const Token& token : TokenizePhrase(line)) {
    if (IsAny(token.folded,
              {"gazette",     "courier",      "herald",    "times",      "post",           "monitor",     "mercury",
               "ledger",      "reporter",     "dispatch",  "tribune",    "chronicle",      "observer",    "advertiser",
               "telegraph",   "guardian",     "echo",      "star",       "sentinel",       "examiner",    "inquirer",
               "independent", "standard",     "journal",   "review",     "quarterly",      "weekly",      "daily",
               "magazine",    "news",         "press",     "agency",     "wire",           "radio",       "tv",
               "television",  "broadcasting", "anzeiger",  "zeitung",    "bulletin",       "digest",      "newsletter",
               "desk",        "docket",       "blog",      "brief",      "briefing",       "ministry",    "department",
               "office",      "authority",    "service",   "services",   "administration", "agencia",     "bureau",
               "commission",  "police",       "guard",     "customs",    "attorney",       "directorate", "embassy",
               "government",  "observatory",  "institute", "foundation", "panel",          "council",     "committee",
               "chamber",     "division",     "unit",      "today",      "mail",           "globe",       "voice",
               "mirror",      "argus",        "register",  "outlook",    "insider",        "report"})) {
      return true;
    }
  }
  return false;
}

std::string WithoutTagline(std::string_view masthead) {
  size_t end = masthead.size();
  for (const std::string_view mark : {" - ", " – ", " — ", " / ", " | ", " • ", " · "}) {
    end = std::min(end, std::min(masthead.find(mark), masthead.size()));
  }
  return std::string(TrimAscii(masthead.substr(0, end)));
}

}  // namespace interdict::pipeline
