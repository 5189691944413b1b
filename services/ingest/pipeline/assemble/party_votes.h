// Which role the parties of an incident play, counted in votes: what they are, and what is told of them.
#pragma once

#include <map>

#include "services/ingest/pipeline/assemble/facts.h"

namespace interdict::pipeline {

// Votes for the roles of a participant.
struct Votes {
  double suspect = 0;
  double beneficiary = 0;
  double authority = 0;
  double source = 0;
  double solicited = 0;
};

// The votes of the draft's participants, by index into Coreference::participants. Deterministic.
std::map<int, Votes> CountVotes(const DraftView& view);

}  // namespace interdict::pipeline
