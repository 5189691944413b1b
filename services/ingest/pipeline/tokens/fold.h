// Folding: the form in which words are looked up. Lower case, without diacritics, with plain apostrophes and hyphens,
// so that "Šticha", "ŠTICHA" and "Sticha" are one key.
#pragma once

#include <string>
#include <string_view>

namespace interdict::pipeline {

// Folds valid UTF-8. Linear; thread-safe. Compatibility forms are resolved (full-width letters, ligatures), letters
// without a canonical decomposition get their usual base letter (ø → o, ł → l, đ → d, æ → ae), the marks for ayn and
// hamza and soft hyphens vanish.
std::string Fold(std::string_view text);

}  // namespace interdict::pipeline
