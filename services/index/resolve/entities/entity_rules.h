// When a named party is an entity that is known, when that is only suggested, and when it is neither: rules over what
// both sides tell, without any store (docs/resolution.md, "Entities").
#pragma once

#include <string>
#include <vector>

#include "interdict/internal/v1/stored.pb.h"
#include "services/index/names/name_searcher.h"
#include "services/index/resolve/entities/named_parties.h"

namespace interdict::index {

enum class EntityVerdict { kOther, kSuggested, kSame };

struct EntityJudgement {
  EntityVerdict verdict = EntityVerdict::kOther;
  double score = 0;  // 0 to 1
  // Machine words and sentences without text of the document: `SAME_NAME`, `SAME_IDENTIFIER`, `SAME_INCIDENT`, …
  std::vector<internal::v1::Reason> reasons;
};

// What the view knows of a candidate.
struct EntityCandidate {
  const internal::v1::StoredEntity* stored = nullptr;
  // It stands in the incident group that the report belongs to.
  bool in_same_group = false;
};

// `hit` is what the name index says of party and candidate.
EntityJudgement JudgeEntity(const NamedParty& party, const names::NameHit& hit, const EntityCandidate& candidate);

}  // namespace interdict::index
