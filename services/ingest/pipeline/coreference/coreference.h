// Sixth stage: which mentions of parties speak of the same one: acronyms, short forms, surnames, "the diplomat".
#pragma once

#include <string>
#include <vector>

#include "services/ingest/pipeline/mentions/mention.h"

namespace interdict::pipeline {

// A party of the document: all its mentions, with the fullest name.
struct Participant {
  std::vector<uint32_t> mentions;  // indexes into Mentions::all, in text order
  uint32_t name_mention = 0;       // the one whose text is the name
  v1::PartyKind kind = v1::PARTY_KIND_UNSPECIFIED;
  bool named = false;
  bool generic = true;  // no mention of it is more than a class noun
  std::string role_hint;
  std::string function_hint;
  std::vector<std::string> codes;
};

// Participants, and for each mention the participant it belongs to (-1 for mentions that are no party).
struct Coreference {
  std::vector<Participant> participants;
  std::vector<int> participant_of;
};

// Deterministic. Never gives a name to an unnamed party: a description joins a named one only where it refers back with
// "the", "that" or "this".
Coreference Resolve(const TokenizedText& text, const Mentions& mentions);

}  // namespace interdict::pipeline
