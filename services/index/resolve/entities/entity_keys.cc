#include "services/index/resolve/entities/entity_keys.h"

#include <algorithm>
#include <memory>
#include <set>

#include "absl/strings/str_cat.h"
#include "services/index/fold/stored_entities.h"
#include "services/index/names/name_index_writer.h"
#include "storage/ids/ids.h"

namespace interdict::index {
namespace {

constexpr size_t kKeyBytes = 8;
constexpr size_t kIdBytes = 16;
constexpr size_t kMostWords = 6;        // of a name that are paired
constexpr size_t kMostOfKey = 64;       // entities of one key that are looked at
constexpr size_t kMostNames = 64;       // of an entity that have keys
constexpr size_t kMostKeysOfName = 64;  // words with a meaning have more

std::string Key(char sort, std::string_view text) {
  return ids::Sha256(std::string(1, sort).append(text)).substr(0, kKeyBytes);
}

// What a word sounds like, and what it means where a table knows it.
std::vector<std::string> Sounds(const names::NameToken& token) {
  std::vector<std::string> sounds = {token.skeleton.empty() ? token.spelling : token.skeleton};
  if (!token.meaning.empty()) sounds.push_back("=" + token.meaning);
  return sounds;
}

bool Carries(const names::NameToken& token) {
  return token.role != names::TokenRole::kInitial && token.role != names::TokenRole::kCompanyForm &&
         token.role != names::TokenRole::kHonorific && token.role != names::TokenRole::kParticle;
}

std::set<std::string> KeysOf(const internal::v1::StoredEntity& stored) {
  std::set<std::string> keys;
  if (stored.mention_count() == 0) return keys;
  const names::NameEntry entry = NamesOf("", stored);
  for (size_t i = 0; i < entry.names.size() && i < kMostNames; ++i) {
    const std::vector<std::string> of_name = KeysOfName(names::Normalise(entry.names[i], entry.kind));
    keys.insert(of_name.begin(), of_name.end());
  }
  for (const names::Identifier& identifier : entry.identifiers) keys.insert(KeyOfIdentifier(identifier));
  return keys;
}

}  // namespace

std::vector<std::string> KeysOfName(const names::NormalisedName& name) {
  std::vector<std::vector<std::string>> words;
  std::string whole;
  for (const names::NameToken& token : name.tokens) {
    if (!Carries(token)) continue;
    whole += Sounds(token).front();
    if (words.size() < kMostWords) words.push_back(Sounds(token));
  }
  std::vector<std::string> keys;
  if (words.empty()) return keys;
  keys.push_back(Key('w', whole));
  for (size_t i = 0; i < words.size(); ++i) {
    for (size_t j = i + 1; j < words.size(); ++j) {
      for (const std::string& one : words[i]) {
        for (const std::string& other : words[j]) {
          if (keys.size() >= kMostKeysOfName) return keys;
          keys.push_back(Key('p', absl::StrCat(std::min(one, other), " ", std::max(one, other))));
        }
      }
    }
  }
  std::sort(keys.begin() + 1, keys.end());
  keys.erase(std::unique(keys.begin() + 1, keys.end()), keys.end());
  return keys;
}

std::string KeyOfIdentifier(const names::Identifier& identifier) {
  return Key('i', absl::StrCat(static_cast<int>(identifier.type), " ", identifier.value));
}

absl::StatusOr<std::vector<std::string>> EntitiesWithKeys(const records::Reader& view,
                                                          const std::vector<std::string>& keys, size_t limit) {
  std::vector<std::string> found;
  std::set<std::string> seen;
  for (const std::string& key : keys) {
    const std::unique_ptr<records::Cursor> cursor = view.Scan(kEntityKeys, key);
    for (size_t read = 0; cursor->Valid() && read < kMostOfKey && found.size() < limit; cursor->Next(), ++read) {
      if (cursor->key().size() != kKeyBytes + kIdBytes) return absl::DataLossError("a key of entities is malformed");
      std::string id(cursor->key().substr(kKeyBytes));
      if (seen.insert(id).second) found.push_back(std::move(id));
    }
    if (!cursor->status().ok()) return cursor->status();
  }
  return found;
}

absl::Status EntityKeyRows::Changed(const std::string& entity_id, const internal::v1::StoredEntity& before,
                                    internal::v1::StoredEntity* after) {
  const std::set<std::string> old = KeysOf(before);
  const std::set<std::string> now = KeysOf(*after);
  for (const std::string& key : old) {
    if (now.count(key) == 0) batch_.Delete(kEntityKeys, key + entity_id);
  }
  for (const std::string& key : now) {
    if (old.count(key) == 0) batch_.Put(kEntityKeys, key + entity_id, "");
  }
  return absl::OkStatus();
}

}  // namespace interdict::index
