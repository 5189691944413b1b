#include "tests/index/title_groups.h"

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace interdict::index::testing {
namespace {

// word | 0 | group id | line id; no value.
constexpr char kFamily[] = "test_titles";

std::vector<std::string> WordsOf(const std::string& features) {
  const std::string first = features.substr(0, features.find(' '));
  return absl::StrSplit(first.substr(0, first.find('?')), '+');
}

std::string Prefix(const std::string& word) { return word + std::string(1, '\0'); }

// Groups with a report of that word, each once.
absl::StatusOr<std::vector<std::string>> GroupsOf(const std::string& word, const records::Reader& view) {
  std::vector<std::string> groups;
  const std::unique_ptr<records::Cursor> cursor = view.Scan(kFamily, Prefix(word));
  for (; cursor->Valid(); cursor->Next()) {
    const std::string group(cursor->key().substr(word.size() + 1, 32));
    if (std::find(groups.begin(), groups.end(), group) == groups.end()) groups.push_back(group);
  }
  if (!cursor->status().ok()) return cursor->status();
  return groups;
}

internal::v1::Reason MakeReason(const std::string& code, double score) {
  internal::v1::Reason reason;
  reason.set_code(code);
  reason.set_score(score);
  return reason;
}

}  // namespace

std::vector<std::string> TitleGroups::Families() const { return {kFamily}; }

std::string TitleGroups::Features(const v1::Report& report, const v1::Source& /*source*/,
                                  const std::string& /*text*/) const {
  return report.facts().title();
}

absl::StatusOr<Verdict> TitleGroups::Decide(const std::string& features, const records::Reader& view) const {
  Verdict verdict;
  const bool only_alike = features.find('?') != std::string::npos;
  for (const std::string& word : WordsOf(features)) {
    auto groups = GroupsOf(word, view);
    if (!groups.ok()) return groups.status();
    for (const std::string& group : *groups) {
      if (only_alike) {
        verdict.alike.push_back({group, 0.5, MakeReason("NEAR_MISS", 0.5)});
      } else if (verdict.group_id.empty()) {
        verdict.group_id = group;
      } else if (group != verdict.group_id) {
        verdict.same_groups.push_back(group);
      }
    }
  }
  verdict.reasons.push_back(verdict.group_id.empty() ? MakeReason("FIRST_REPORT", 1)
                                                     : MakeReason("MATCHES_INCIDENT", 0.9));
  return verdict;
}

double TitleGroups::Alike(const std::string& features, const std::string& other_features) const {
  // By the last word of the title.
  const auto last = [](const std::string& title) { return title.substr(title.rfind(' ') + 1); };
  return last(features) == last(other_features) ? 1 : 0;
}

absl::Status TitleGroups::Add(const std::string& features, const std::string& group_id, const std::string& line_id,
                              const records::Reader& /*view*/, records::Batch* batch) const {
  for (const std::string& word : WordsOf(features)) batch->Put(kFamily, Prefix(word) + group_id + line_id, "");
  return absl::OkStatus();
}

absl::Status TitleGroups::Remove(const std::string& features, const std::string& group_id, const std::string& line_id,
                                 const records::Reader& /*view*/, records::Batch* batch) const {
  for (const std::string& word : WordsOf(features)) batch->Delete(kFamily, Prefix(word) + group_id + line_id);
  return absl::OkStatus();
}

absl::Status TitleGroups::Join(const std::string& group_id, const std::string& into_group_id,
                               const records::Reader& view, records::Batch* batch) const {
  std::vector<std::string> keys;
  const std::unique_ptr<records::Cursor> cursor = view.Scan(kFamily, "");
  for (; cursor->Valid(); cursor->Next()) keys.emplace_back(cursor->key());
  if (!cursor->status().ok()) return cursor->status();
  for (std::string& key : keys) {
    const size_t at = key.find('\0') + 1;
    if (key.substr(at, 32) != group_id) continue;
    batch->Delete(kFamily, key);
    batch->Put(kFamily, key.replace(at, 32, into_group_id), "");
  }
  return absl::OkStatus();
}

}  // namespace interdict::index::testing
