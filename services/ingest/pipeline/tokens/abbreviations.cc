#include "services/ingest/pipeline/tokens/abbreviations.h"

#include <algorithm>
#include <iterator>

namespace interdict::pipeline {
namespace {

// Short lists, searched from front to back.
constexpr std::string_view kBeforeName[] = {
    "adm",    "amb", "asst", "atty", "brig", "capt", "cdr", "cmdr", "col",  "comdr", "cpl", "cpt",  "det",
    "dir",    "dr",  "ens",  "fr",   "ft",   "gen",  "gov", "hon",  "insp", "lieut", "lt",  "ltc",  "maj",
    "messrs", "mgr", "mlle", "mme",  "mr",   "mrs",  "ms",  "msgr", "mt",   "mx",    "pfc", "pol",  "pres",
    "prof",   "pvt", "rep",  "reps", "rev",  "rt",   "sen", "sens", "sgt",  "spc",   "st",  "supt", "vs",
};
constexpr std::string_view kBeforeNumber[] = {
    "art", "arts", "cap",  "ch",    "chap", "fig", "figs", "no",  "nos", "nr", "nrs",
    "op",  "p",    "para", "paras", "pp",   "pt",  "sec",  "ser", "vol", "vz",
};
// Only with a capital: the lower-case word is another word ("he sat.", "the inc.").
constexpr std::string_view kEitherCapitalised[] = {
    "apr", "assn", "aug", "ave", "bhd",  "blvd", "bros", "co",   "corp", "cos",  "dec",   "dept", "dist", "est",  "feb",
    "fri", "inc",  "jan", "jr",  "jul",  "jun",  "ltd",  "ltda", "mar",  "mfg",  "mon",   "nov",  "oct",  "pty",  "pte",
    "rd",  "sat",  "sdn", "sep", "sept", "sp",   "sr",   "sun",  "thu",  "thur", "thurs", "tue",  "tues", "univ", "wed",
};
constexpr std::string_view kEither[] = {
    "al",   "approx", "ca",   "cal", "cf", "dept", "est", "etc", "excl",
    "govt", "hrs",    "incl", "kg",  "km", "ltd",  "mm",  "viz",
};
constexpr std::string_view kOpeners[] = {
    "a",           "about",     "according",   "after",
    "all",         "also",      "although",    "among",
    "an",          "and",       "another",     "any",
    "anyone",      "as",        "asked",       "at",
    "authorities", "based",     "because",     "before",
    "both",        "but",       "by",          "despite",
    "during",      "each",      "earlier",     "even",
    "eventually",  "every",     "for",         "four",
    "from",        "he",        "her",         "here",
    "his",         "how",       "however",     "i",
    "if",          "in",        "instead",     "investigators",
    "it",          "its",       "last",        "later",
    "many",        "meanwhile", "more",        "moreover",
    "most",        "my",        "neither",     "no",
    "nobody",      "none",      "not",         "nothing",
    "now",         "of",        "officers",    "officials",
    "on",          "once",      "one",         "only",
    "or",          "other",     "others",      "our",
    "over",        "police",    "prosecutors", "she",
    "since",       "so",        "some",        "such",
    "that",        "the",       "their",       "then",
    "there",       "these",     "they",        "this",
    "those",       "though",    "three",       "to",
    "two",         "under",     "until",       "we",
    "were",        "what",      "when",        "where",
    "which",       "while",     "who",         "why",
    "with",        "without",   "yet",         "you",
    "your",
};
constexpr std::string_view kLetterLabels[] = {
    "annex",    "appendix", "article",   "block", "category", "class", "count", "exhibit",
    "gate",     "group",    "hepatitis", "level", "list",     "part",  "phase", "plan",
    "schedule", "section",  "stage",     "table", "terminal", "tier",  "type",  "vitamin",
};

template <size_t kSize>
bool Holds(const std::string_view (&words)[kSize], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

}  // namespace

AbbreviationKind FindAbbreviation(std::string_view folded, bool capitalised) {
  if (folded.size() > 6) return AbbreviationKind::kNone;
  if (folded.size() == 1 && capitalised) return AbbreviationKind::kNone;  // "P." is an initial, "p." a page
  if ((capitalised || folded == "vs") && Holds(kBeforeName, folded)) return AbbreviationKind::kBeforeName;
  if (Holds(kBeforeNumber, folded)) return AbbreviationKind::kBeforeNumber;
  if (capitalised && Holds(kEitherCapitalised, folded)) return AbbreviationKind::kEither;
  if (Holds(kEither, folded)) return AbbreviationKind::kEither;
  return AbbreviationKind::kNone;
}

bool OpensSentence(std::string_view folded) { return Holds(kOpeners, folded); }

bool TakesLetterLabel(std::string_view folded) { return Holds(kLetterLabels, folded); }

}  // namespace interdict::pipeline
