// Third stage: the language of the main text, and whether the later stages read it. Documents in other languages are
// stored and searchable, but nothing is extracted from them.
#pragma once

#include <string>
#include <string_view>

namespace interdict::pipeline {

// ISO 639-1 code of the language that most of `text` (valid UTF-8) is in; `und` where that cannot be told: too little
// text, a mixture, or a language without a two-letter code. Deterministic, thread-safe; linear, and looks at the first
// 256 KB only.
std::string DetectLanguage(std::string_view text);

// Whether the extractor reads `language`: English only. `und` is read too when `text` is short or mixed, hence true: a
// headline of names is often undecidable, and the later stages find nothing in what they cannot read.
bool IsLanguageRead(std::string_view language);

}  // namespace interdict::pipeline
