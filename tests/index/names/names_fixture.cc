#include "tests/index/names/names_fixture.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "services/index/names/name_keys.h"

namespace interdict::names {

NameStore::NameStore() {
  const auto* const test = testing::UnitTest::GetInstance()->current_test_info();
  std::string name =
      std::string("names_") + test->test_suite_name() + "_" + test->name() + "_" + std::to_string(getpid());
  for (char& c : name) c = c == '/' ? '_' : c;
  path_ = std::filesystem::temp_directory_path() / name;
  std::filesystem::remove_all(path_);
  records::StoreOptions options;
  options.families = NameFamilies();
  options.packed_families = PackedNameFamilies();
  auto store = records::Store::Open(path_.string(), options);
  EXPECT_TRUE(store.ok()) << store.status();
  store_ = *std::move(store);
}

NameStore::~NameStore() {
  store_.reset();
  std::filesystem::remove_all(path_);
}

void NameStore::Write(const std::vector<NameEntry>& entries) {
  const auto snapshot = store_->Snapshot();
  NameIndexWriter writer(snapshot.get());
  for (const NameEntry& entry : entries) {
    const bool removal = entry.names.empty() && entry.identifiers.empty();
    const absl::Status status = removal ? writer.Remove(entry.number) : writer.Put(entry);
    ASSERT_TRUE(status.ok()) << status;
  }
  records::Batch batch;
  ASSERT_TRUE(writer.Finish(&batch).ok());
  ASSERT_TRUE(store_->Commit(batch, /*durable=*/false).ok());
}

void NameStore::Put(uint64_t number, NameKind kind, std::vector<std::string> names,
                    std::vector<Identifier> identifiers) {
  Write({{number, kind, std::move(names), std::move(identifiers)}});
}

void NameStore::Remove(uint64_t number) { Write({{number, NameKind::kUnknown, {}, {}}}); }

NameMatches NameStore::Match(const NameQuery& query, const MatchOptions& options) const {
  auto matches = searcher_.Match(*store_->Snapshot(), query, options);
  EXPECT_TRUE(matches.ok()) << matches.status();
  return matches.ok() ? *std::move(matches) : NameMatches();
}

std::map<std::string, std::string> NameStore::Contents() const {
  std::map<std::string, std::string> contents;
  const auto snapshot = store_->Snapshot();
  for (const auto* families : {&NameFamilies(), &PackedNameFamilies()}) {
    for (const std::string& family : *families) {
      for (const auto cursor = snapshot->Scan(family, ""); cursor->Valid(); cursor->Next()) {
        contents[family + "/" + std::string(cursor->key())] = cursor->value();
      }
    }
  }
  return contents;
}

std::string NameMaker::Word() {
  static const std::vector<std::string> kSyllables = {
      "ka",  "mo", "ri",  "ten", "sha", "lu", "ben", "dor", "vik", "ost", "an",   "el", "mar", "zo", "ghi",
      "pra", "nu", "ske", "yam", "tor", "fe", "wil", "hu",  "cor", "da",  "bash", "ir", "ung", "qa", "li"};
  std::string word;
  for (size_t i = 0, count = 2 + Below(2); i < count; ++i) word += kSyllables[Below(kSyllables.size())];
  word[0] = static_cast<char>(word[0] - 'a' + 'A');
  return word;
}

std::string NameMaker::Person() {
  const size_t form = Below(4);
  if (form == 0) return Word() + ", " + Word();
  if (form == 1) return Word() + " " + Word() + " " + Word();
  return Word() + " " + Word();
}

std::string NameMaker::Company() {
  static const std::vector<std::string> kTails = {" Trading LLC", " Shipping Co Ltd", " Holdings SA", " GmbH",
                                                  " Industries",  " Import Export",   " Bank",        " Logistics Ltd"};
  return Word() + (Below(2) == 0 ? " " + Word() : "") + kTails[Below(kTails.size())];
}

std::string NameMaker::Misspell(std::string name) {
  for (size_t i = 0, count = 1 + Below(3); i < count; ++i) {
    const size_t at = Below(name.size());
    const char letter = static_cast<char>('a' + Below(26));
    switch (Below(4)) {
      case 0:
        name[at] = letter;
        break;
      case 1:
        name.insert(at, 1, letter);
        break;
      case 2:
        if (name.size() > 4) name.erase(at, 1);
        break;
      default:
        if (at + 1 < name.size()) std::swap(name[at], name[at + 1]);
    }
  }
  return name;
}

}  // namespace interdict::names
