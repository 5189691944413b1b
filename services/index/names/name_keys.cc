#include "services/index/names/name_keys.h"

namespace interdict::names {
namespace {

template <typename Integer>
void AppendBigEndian(std::string& key, Integer value) {
  for (int shift = static_cast<int>(sizeof(Integer)) * 8 - 8; shift >= 0; shift -= 8) {
    key.push_back(static_cast<char>(value >> shift & 0xFF));
  }
}

}  // namespace

const std::vector<std::string>& NameFamilies() {
  static const auto* const kFamilies = new std::vector<std::string>{std::string(family::kNameEntities)};
  return *kFamilies;
}

const std::vector<std::string>& PackedNameFamilies() {
  static const auto* const kFamilies =
      new std::vector<std::string>{std::string(family::kNameForms), std::string(family::kNamePostings)};
  return *kFamilies;
}

std::string EntityKey(uint64_t number) {
  std::string key;
  AppendBigEndian(key, number);
  return key;
}

std::string FormKey(uint32_t form) {
  std::string key;
  AppendBigEndian(key, form);
  return key;
}

std::string ChunkKey(std::string_view term, uint32_t first_form) {
  std::string key;
  key.reserve(term.size() + 4);
  key.append(term);
  AppendBigEndian(key, ~first_form);
  return key;
}

}  // namespace interdict::names
