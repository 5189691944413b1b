// The values of the name index but for postings: entities, forms, state. PERMANENT: read name_keys.h first. Integers
// are varints unless a size is given; strings have their length before them.
//   StoredNames: kind (1), names: count, then form and name each; identifiers: count, form if any, then type (1) and
//   value each StoredForm:  entity number (8), kind (1), tokens (1), then each: role (1: bit 7 vowelless), text,
//   spelling, skeleton, meaning state:       next form (4), forms (4), entities (8), fingerprint of the tables (4)
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "services/index/names/identifier.h"
#include "services/index/names/name_view.h"
#include "services/index/names/normalised_name.h"

namespace interdict::names {

struct StoredNames {
  struct Name {
    uint32_t form = 0;
    std::string name;
    friend bool operator==(const Name&, const Name&) = default;
  };
  NameKind kind = NameKind::kUnknown;
  std::vector<Name> names;
  uint32_t identifier_form = 0;  // a form without tokens that carries the identifiers; meaningless without any
  std::vector<Identifier> identifiers;
};

std::string Encode(const StoredNames& names);
// False if the bytes are no StoredNames.
bool Decode(std::string_view bytes, StoredNames* names);

struct StoredFormView {
  uint64_t number = 0;
  NameKind kind = NameKind::kUnknown;
  NameView tokens;  // into the bytes
};

std::string EncodeForm(uint64_t number, NameKind kind, const NormalisedName& name);
// Reuses the memory of `form`. False if the bytes are no StoredForm.
bool DecodeForm(std::string_view bytes, StoredFormView* form);

struct IndexState {
  uint32_t next_form = 1;
  uint32_t forms = 0;
  uint64_t entities = 0;
  uint32_t fingerprint = 0;
};

std::string Encode(const IndexState& state);
bool Decode(std::string_view bytes, IndexState* state);

}  // namespace interdict::names
