// Decides which entity each named party of a report is. Reads the resolver's own view, which holds entities as the
// shards do, with groups for incidents (services/index/fold/entity_fold.h): who is who does not depend on judgements
// about incidents. Writes nothing: the decisions do, once they are noted.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "interdict/internal/v1/log_entry.pb.h"
#include "interdict/v1/incident.pb.h"
#include "storage/records/store.h"

namespace interdict::index {

// A known entity that a party may be, for an analyst.
struct EntitySuggestion {
  std::string entity_id;  // 32 hexadecimal digits
  double score = 0;
  std::vector<internal::v1::Reason> reasons;
};

// What became of one named party.
struct EntityDecision {
  // Complete: entity, names, numbers, role, standing, score. To be logged as Decision.mention_linked with `reasons`.
  internal::v1::MentionLinked linked;
  std::vector<internal::v1::Reason> reasons;
  // Nobody known is it: the entity is new.
  bool is_new = false;
  // The likeliest first; at most kMaxSuggestions.
  std::vector<EntitySuggestion> suggestions;
};

// What the decisions are made for.
struct EntityQuestion {
  const v1::Report* report = nullptr;
  std::string document_id;  // 64 hexadecimal digits
  std::string report_id;    // 32
  std::string incident_id;  // 32: the incident that the report is placed in
  std::string group_id;     // 32: its automatic group
  std::string published;    // EDTF date of the document, or empty
};

inline constexpr size_t kMaxSuggestions = 5;

// One decision a named party, in their order; no entity twice in a report. `view` has EntityFamilies and sees what was
// decided before in the same round. The same question over the same view has the same answer. Thread-safe. DATA_LOSS:
// the view cannot be read.
absl::StatusOr<std::vector<EntityDecision>> ResolveEntities(const EntityQuestion& question,
                                                            const records::Reader& view);

// Id of the entity that a party starts: the first 16 bytes of the SHA-256 of `entity`, report id and party index; 32
// hexadecimal digits.
std::string NewEntityId(const std::string& report_id, uint32_t party_index);

// Families that a view must have for entities.
std::vector<std::string> EntityFamilies();

}  // namespace interdict::index
