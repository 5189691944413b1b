// One HTTP request over a plain socket, so that a test sees the very bytes that a server sends.
#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

namespace interdict::testing {

// Whole answer of `GET path` from 127.0.0.1:`port`, headers included; empty if nothing listens there.
inline std::string HttpGet(int port, const std::string& path) {
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) {
    const std::string request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    if (send(descriptor, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size())) {
      char buffer[4096];
      ssize_t size = 0;
      while ((size = recv(descriptor, buffer, sizeof(buffer), 0)) > 0) answer.append(buffer, size);
    }
  }
  close(descriptor);
  return answer;
}

}  // namespace interdict::testing
