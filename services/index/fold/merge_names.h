// Names as merging compares them: words without case, diacritics, punctuation, honorifics and company forms.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "interdict/v1/entity.pb.h"

namespace interdict::index {

// A name, ready to be compared. Of a name of more than 16 words the first 16 count.
struct NameForm {
  std::vector<std::string> words;   // in order of the name
  std::vector<std::string> sorted;  // the same, sorted
  std::string generation;           // "jr", "ii"; empty: none
  bool empty() const { return words.empty(); }
};

// How two names stand to each other.
enum class NameMatch {
  kDifferent,
  kPart,   // all words of one, or their initials, are in the other, which has more
  kAlike,  // a word is spelt in another way
  kSame,   // but for order and for words written together
};

NameForm MakeNameForm(std::string_view name, v1::PartyKind kind);
NameMatch CompareNames(const NameForm& a, const NameForm& b, v1::PartyKind kind);

}  // namespace interdict::index
