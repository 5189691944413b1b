// The terms that find a name: what of it goes into the postings, and what of a query is looked up there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "services/index/names/identifier.h"
#include "services/index/names/name_view.h"

namespace interdict::names {

// First byte of a term. PERMANENT.
enum class TermKind : char {
  kGram = 'g',        // three letters of a token's spelling, `_` before and after it: 4 bytes in all
  kMeaning = 'm',     // NameToken::meaning
  kSkeleton = 's',    // NameToken::skeleton of two consonants and more
  kAcronym = 'a',     // what the words may be abbreviated to
  kShort = 'w',       // the one word of a name, if it may be an acronym
  kIdentifier = 'i',  // type (1) + value
};

struct NameTerms {
  std::vector<std::string> terms;  // each once
  uint8_t grams = 0;               // how many of them are grams, at most 255
};

// Terms of a form that is put. Company forms give none, unless there is nothing else.
NameTerms TermsOfForm(const NameView& name, NameKind kind);

struct QueryTerm {
  std::string term;
  TermKind kind = TermKind::kGram;
  size_t token = 0;  // of the query, where kind is a gram, a meaning or a skeleton
};

// Terms to look up for a query, each once.
std::vector<QueryTerm> TermsOfQuery(const NameView& name, NameKind kind);

std::string IdentifierTerm(const Identifier& identifier);

}  // namespace interdict::names
