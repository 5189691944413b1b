// Calls of the standard health and reflection services, whose C++ stubs Debian does not carry: messages are written and
// read byte by byte, as their .proto files lay down.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "grpcpp/channel.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/byte_buffer.h"

namespace interdict::testing {

// A plaintext channel to 127.0.0.1:`port`.
inline std::shared_ptr<grpc::Channel> Connect(int port) {
  return grpc::CreateChannel("127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials());
}

inline std::string Bytes(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return bytes;
}

// Sends one message on a new call of `method` and returns the first answer; its status goes to `status`.
inline std::string Exchange(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                            const std::string& message, grpc::Status* status) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  grpc::CompletionQueue queue;
  void* tag = nullptr;
  bool ok = false;
  auto call = stub.PrepareCall(&context, method, &queue);
  call->StartCall(nullptr);
  queue.Next(&tag, &ok);
  grpc::Slice slice(message);
  call->WriteLast(grpc::ByteBuffer(&slice, 1), grpc::WriteOptions(), nullptr);
  queue.Next(&tag, &ok);
  grpc::ByteBuffer answer;
  call->Read(&answer, nullptr);
  queue.Next(&tag, &ok);
  const std::string bytes = ok ? Bytes(answer) : "";
  call->Finish(status, nullptr);
  queue.Next(&tag, &ok);
  return bytes;
}

// Answer of grpc.health.v1.Health/Check: "SERVING", "NOT_SERVING", or the error's number.
inline std::string Health(const std::shared_ptr<grpc::Channel>& channel, const std::string& service) {
  std::string request;
  if (!service.empty()) request = std::string("\x0a") + static_cast<char>(service.size()) + service;
  grpc::Status status;
  const std::string answer = Exchange(channel, "/grpc.health.v1.Health/Check", request, &status);
  if (!status.ok()) return std::to_string(status.error_code());
  if (answer == std::string("\x08\x01")) return "SERVING";
  if (answer == std::string("\x08\x02")) return "NOT_SERVING";
  return "UNKNOWN";
}

// The bytes of the answer to reflection's list_services, which hold the services' names as they are.
inline std::string ListServices(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::Status status;
  return Exchange(channel, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                  std::string("\x3a\x01") + "*", &status);
}

}  // namespace interdict::testing
