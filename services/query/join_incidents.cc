#include "services/query/join_incidents.h"

#include <algorithm>
#include <utility>

#include "absl/strings/strip.h"

namespace interdict::query {

std::string DocumentIdOf(const v1::Document& document) {
  return std::string(absl::StripPrefix(document.name(), "documents/"));
}

DocumentIncidents JoinIncidents(const ShardAnswers<internal::v1::BatchGetDocumentsResponse>& answers) {
  std::map<std::string, std::vector<std::pair<uint64_t, std::string>>> numbered;
  for (const auto& answer : answers) {
    for (const auto& here : answer.response.incidents()) {
      for (int i = 0; i < std::min(here.incidents_size(), here.numbers_size()); ++i) {
        numbered[here.document_id()].emplace_back(here.numbers(i), here.incidents(i));
      }
    }
  }
  DocumentIncidents joined;
  for (auto& [document, incidents] : numbered) {
    std::sort(incidents.begin(), incidents.end());
    for (auto& [number, name] : incidents) joined[document].push_back(std::move(name));
  }
  return joined;
}

void SetIncidents(const DocumentIncidents& incidents, v1::Document* document) {
  const auto found = incidents.find(DocumentIdOf(*document));
  if (found == incidents.end()) return;
  document->mutable_incidents()->Clear();
  for (const std::string& name : found->second) document->add_incidents(name);
}

}  // namespace interdict::query
