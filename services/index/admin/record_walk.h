// Reading families record by record, for verification.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/records/store.h"

namespace interdict::index {

// Calls `visit` for each record of a family and counts them; ends at its first error.
inline absl::Status ForEachRecord(
    const records::Reader& reader, std::string_view family, uint64_t* records,
    const std::function<absl::Status(std::string_view key, std::string_view value)>& visit) {
  const std::unique_ptr<records::Cursor> cursor = reader.Scan(family, "");
  for (; cursor->Valid(); cursor->Next()) {
    ++*records;
    absl::Status status = visit(cursor->key(), cursor->value());
    if (!status.ok()) return status;
  }
  return cursor->status();
}

// A record as a message; nullopt if it is not there or not readable, which is told where the record itself is visited.
template <typename Message>
absl::StatusOr<std::optional<Message>> Find(const records::Reader& reader, std::string_view family,
                                            std::string_view key) {
  auto value = reader.Get(family, key);
  if (!value.ok()) return value.status();
  Message message;
  if (!value->has_value() || !message.ParseFromString(**value)) return std::optional<Message>();
  return std::optional<Message>(std::move(message));
}

}  // namespace interdict::index
