// Addresses to listen on, as configuration writes them: `127.0.0.1:8600`, `[::1]:8600`, `localhost:8600`,
// `0.0.0.0:8600`.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace interdict::server {

struct ListenAddress {
  std::string host;  // without brackets
  int port = 0;      // 0: any free one
};

// INVALID_ARGUMENT, with the remedy, for what is not HOST:PORT.
absl::StatusOr<ListenAddress> ParseListenAddress(const std::string& address);

// The reverse of ParseListenAddress.
std::string ToString(const ListenAddress& address);

// True for `localhost`, 127.0.0.0/8 and ::1: what other machines cannot reach.
bool IsLoopback(const ListenAddress& address);

// Why it is not possible to listen on the address now: FAILED_PRECONDITION (ADDRESS_NOT_AVAILABLE), with the words of
// the operating system (in use, not an address of this machine, not permitted); OK where it is possible after all.
absl::Status CheckBindable(const ListenAddress& address);

}  // namespace interdict::server
