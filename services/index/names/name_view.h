// A normalised name seen where it lies, without copies: in a NormalisedName or in the bytes of a stored form.
#pragma once

#include <string_view>
#include <vector>

#include "services/index/names/normalised_name.h"

namespace interdict::names {

// As NameToken.
struct TokenView {
  std::string_view text;
  std::string_view spelling;
  std::string_view skeleton;
  std::string_view meaning;
  TokenRole role = TokenRole::kWord;
  bool vowelless = false;
};

using NameView = std::vector<TokenView>;

// Valid as long as `name`.
NameView ViewOf(const NormalisedName& name);

}  // namespace interdict::names
