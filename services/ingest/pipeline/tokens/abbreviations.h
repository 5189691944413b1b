// Which words carry a full stop that ends no sentence, and which words like to open one. English, as news and official
// texts print it.
#pragma once

#include <string_view>

namespace interdict::pipeline {

// What a full stop after a word means.
enum class AbbreviationKind {
  kNone,          // an ordinary word
  kBeforeName,    // "Mr.", "Lt.": a name follows, no sentence ends here
  kBeforeNumber,  // "No.", "Art.": an abbreviation only where a digit follows
  kEither,        // "Ltd.", "Jan.", "etc.": may end a sentence; what follows decides
};

// The kind of `folded` (a folded word without its full stop). `capitalised`: whether it begins with a capital in the
// text.
AbbreviationKind FindAbbreviation(std::string_view folded, bool capitalised);

// Whether `folded` is a word that commonly opens a sentence ("the", "he", "however") and rarely a name.
bool OpensSentence(std::string_view folded);

// Whether a single capital after `folded` is a label ("Category C") rather than the initial of a name.
bool TakesLetterLabel(std::string_view folded);

}  // namespace interdict::pipeline
