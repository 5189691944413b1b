#include "services/index/fold/indexed_store.h"

#include <utility>

#include "services/index/engine/schema/field_catalog.h"

namespace interdict::index {

absl::StatusOr<std::shared_ptr<IndexedStore>> IndexedStore::Open(std::unique_ptr<records::Store> store) {
  std::shared_ptr<IndexedStore> indexed(new IndexedStore(std::move(store)));
  EngineOptions options;
  for (const Collection collection : {Collection::kIncidents, Collection::kDocuments}) {
    options.schemas[static_cast<size_t>(collection)] = FieldCatalog::Of(collection).Schema();
  }
  auto search = SearchEngine::Open(indexed->records_.get(), std::move(options));
  if (!search.ok()) return search.status();
  indexed->search_ = *std::move(search);
  return indexed;
}

}  // namespace interdict::index
