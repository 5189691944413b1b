#include "services/server/listen_address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "services/server/status.h"

namespace interdict::server {
namespace {

absl::Status NotAnAddress(const std::string& address, const std::string& problem) {
  return Error(absl::StatusCode::kInvalidArgument, "INVALID_ADDRESS",
               "'" + address + "' is not an address to listen on: " + problem +
                   "; write HOST:PORT, for example 127.0.0.1:8600 or [::1]:8600",
               {{"address", address}});
}

absl::Status NotAvailable(const ListenAddress& address, const std::string& why) {
  return Error(
      absl::StatusCode::kFailedPrecondition, "ADDRESS_NOT_AVAILABLE",
      "cannot listen on " + ToString(address) + ": " + why + "; choose another address, or stop what listens there",
      {{"address", ToString(address)}});
}

}  // namespace

absl::StatusOr<ListenAddress> ParseListenAddress(const std::string& address) {
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos) return NotAnAddress(address, "no port");
  ListenAddress result;
  result.host = address.substr(0, colon);
  if (result.host.size() >= 2 && result.host.front() == '[' && result.host.back() == ']') {
    result.host = result.host.substr(1, result.host.size() - 2);
  } else if (result.host.find(':') != std::string::npos) {
    return NotAnAddress(address, "an IPv6 address needs square brackets");
  }
  if (result.host.empty()) return NotAnAddress(address, "no host");
  const std::string port = address.substr(colon + 1);
  const bool digits = !port.empty() && std::all_of(port.begin(), port.end(), absl::ascii_isdigit);
  if (!digits || !absl::SimpleAtoi(port, &result.port) || result.port > 65535) {
    return NotAnAddress(address, "the port is not a number from 0 to 65535");
  }
  return result;
}

std::string ToString(const ListenAddress& address) {
  const bool brackets = address.host.find(':') != std::string::npos;
  return (brackets ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

bool IsLoopback(const ListenAddress& address) {
  if (address.host == "localhost") return true;
  in_addr v4;
  if (inet_pton(AF_INET, address.host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6;
  return inet_pton(AF_INET6, address.host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

absl::Status CheckBindable(const ListenAddress& address) {
  addrinfo hints = {};
  hints.ai_flags = AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int lookup = getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
  if (lookup != 0) return NotAvailable(address, gai_strerror(lookup));
  absl::Status status;
  for (const addrinfo* each = found; each != nullptr && status.ok(); each = each->ai_next) {
    const int descriptor = socket(each->ai_family, each->ai_socktype | SOCK_CLOEXEC, each->ai_protocol);
    if (descriptor < 0) continue;
    // As gRPC does: a port that only lingers from a closed connection is free.
    const int on = 1;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    const bool bound = bind(descriptor, each->ai_addr, each->ai_addrlen) == 0 && listen(descriptor, 1) == 0;
    if (!bound) status = NotAvailable(address, std::strerror(errno));
    close(descriptor);
  }
  freeaddrinfo(found);
  return status;
}

}  // namespace interdict::server
