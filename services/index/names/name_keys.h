// Column families and keys of the name index, in the store of whoever opens them. PERMANENT: a change here is a new
// schema version of that store. Integers are big-endian in keys, little-endian in values.
//
// Each name that an entity bears is a *form* with a number of its own, given once and never again (4 bytes, ascending).
// A form is found by its *terms*: trigrams of its spelling and a few keys (name_terms.h). Each term has a head with
// the count of its forms and the newest of them; older ones are in sealed chunks of up to kChunkForms.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace interdict::names {

namespace family {
// entity number (8) -> StoredNames (name_records.h); `state` -> next form number (4) forms (4) entities (8)
inline constexpr std::string_view kNameEntities = "name_entities";
// form number (4) -> StoredForm (name_records.h)
inline constexpr std::string_view kNameForms = "name_forms";
// term -> count of forms (4), then the open chunk; term | ~first form (4) -> sealed chunk (posting_chunk.h). Terms are
// 4 bytes or end in 0x00, so that none is the beginning of another.
inline constexpr std::string_view kNamePostings = "name_postings";
}  // namespace family

// For StoreOptions::families and StoreOptions::packed_families: each family is in one of them.
const std::vector<std::string>& NameFamilies();
const std::vector<std::string>& PackedNameFamilies();

inline constexpr std::string_view kStateKey = "state";
inline constexpr size_t kChunkForms = 256;

std::string EntityKey(uint64_t number);
std::string FormKey(uint32_t form);
std::string ChunkKey(std::string_view term, uint32_t first_form);

}  // namespace interdict::names
