// What the resolver knows of each document, in its own store (decision 0007): a fold of the intake log up to where it
// is decided, and of the incident log. Holds no text but the
// names of entities (entities/entity_resolver.h). The two folds commute, since they write different fields.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/index/fold/meta.h"
#include "services/index/resolve/entities/entity_resolver.h"
#include "services/index/resolve/resolver.h"
#include "storage/log/log.h"
#include "storage/records/store.h"

namespace interdict::index {

// One thread at a time.
class ResolverView {
 public:
  // Errors as records::Store::Open and BindToLog.
  static absl::StatusOr<std::unique_ptr<ResolverView>> Open(const std::string& path, log::LogReader* log,
                                                            const Resolver* resolver);

  // Folds the incident log to its end, then the intake log up to where it is decided in every incident partition.
  // FAILED_PRECONDITION, DATA_LOSS: an entry that stops its partition.
  absl::Status CatchUp();

  // Makes the names of entities that are gone unrecoverable from the files. No snapshot from before may be held.
  absl::Status Purge() { return store_->Purge(EntityFamilies()); }

  // Of the committed state.
  absl::StatusOr<log::Positions> Positions() const;
  absl::StatusOr<Watermarks> DecidedIn() const;

  const log::LogIdentity& identity() const { return identity_; }
  records::Store* store() { return store_.get(); }

 private:
  ResolverView(std::unique_ptr<records::Store> store, log::LogReader* log, const Resolver* resolver,
               log::LogIdentity identity);
  // Folds entries up to `up_to`.
  absl::Status Follow(log::PartitionId partition, uint64_t up_to);

  std::unique_ptr<records::Store> store_;
  log::LogReader* const log_;
  const Resolver* const resolver_;
  const log::LogIdentity identity_;
};

}  // namespace interdict::index
