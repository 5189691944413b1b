#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "storage/database/database.h"

namespace interdict::database {

absl::Status ToStatus(const rocksdb::Status& status, const std::string& what, const std::string& path) {
  if (status.ok()) return absl::OkStatus();
  const std::string detail = status.ToString();
  const std::string place = absl::StrCat("the ", what, " in ", path, " ");
  if (status.IsCorruption()) {
    return absl::DataLossError(absl::StrCat(place, "is damaged (", detail, "): restore a backup or rebuild it"));
  }
  if (status.IsNoSpace() || absl::StrContains(detail, "No space left on device")) {
    return absl::ResourceExhaustedError(absl::StrCat(place, "has no space left on its disk (", detail, "): free some"));
  }
  if (absl::StrContains(detail, "lock file") || absl::StrContains(detail, "lock hold by")) {
    return absl::FailedPreconditionError(absl::StrCat(place, "is in use by another process (", detail,
                                                      "): stop that one, or give this one another folder"));
  }
  for (const char* refusal :
       {"Permission denied", "Read-only file system", "Not a directory", "Operation not permitted"}) {
    if (absl::StrContains(detail, refusal)) {
      return absl::PermissionDeniedError(
          absl::StrCat(place, "cannot be written (", detail, "): give the process write access, or another folder"));
    }
  }
  if (status.IsInvalidArgument() && absl::StrContains(detail, "olumn famil")) {
    return absl::FailedPreconditionError(
        absl::StrCat("the folder ", path, " does not hold a ", what, " of this kind (", detail, ")"));
  }
  if (status.IsShutdownInProgress()) return absl::CancelledError(absl::StrCat(place, "is being closed"));
  return absl::InternalError(absl::StrCat(place, "failed: ", detail));
}

}  // namespace interdict::database
