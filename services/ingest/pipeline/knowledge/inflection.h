// Regular English inflection, for phrases that the knowledge files give in their base form.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace interdict::pipeline {

// The plural of a phrase (of its last word): "officer" → "officers", "agency" → "agencies".
std::string Plural(const std::string& phrase);

// Forms of a verb phrase (of its first word) with their names: base, s, past, participle, ing. `irregular` is empty or
// `past|participle|ing`, of which later ones may be missing; each is the whole phrase. Example for "take away": "took
// away|taken away|taking away".
std::vector<std::pair<std::string, std::string>> VerbForms(const std::string& phrase, const std::string& irregular);

}  // namespace interdict::pipeline
