#include "tests/bench/no_op_calls.h"

#include <chrono>

#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "services/server/status.h"

namespace interdict::bench {
namespace {

// A call with an empty request: Debian packages no C++ stub of the health service, and this one needs none.
struct Call {
  void Start(grpc::GenericStub& stub, grpc::CompletionQueue& queue) {
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    grpc::Slice empty;
    reader = stub.PrepareUnaryCall(&context, "/grpc.health.v1.Health/Check", grpc::ByteBuffer(&empty, 1), &queue);
    reader->StartCall();
    reader->Finish(&answer, &status, this);
  }

  grpc::ClientContext context;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
  grpc::ByteBuffer answer;
  grpc::Status status;
};

// The next call that is answered.
std::unique_ptr<Call> Next(grpc::CompletionQueue& queue) {
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  return std::unique_ptr<Call>(static_cast<Call*>(tag));
}

}  // namespace

absl::StatusOr<Measurement> NoOpCalls(const std::shared_ptr<grpc::Channel>& channel, absl::Duration duration) {
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  return Repeat(duration, [&](uint64_t) -> absl::StatusOr<uint64_t> {
    std::make_unique<Call>().release()->Start(stub, queue);
    const std::unique_ptr<Call> call = Next(queue);
    if (!call->status.ok()) return server::FromGrpc(call->status);
    return 0;
  });
}

absl::StatusOr<double> NoOpCallsPerSecond(const std::shared_ptr<grpc::Channel>& channel, int in_flight,
                                          absl::Duration duration) {
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  absl::Status problem;
  for (int i = 0; i < in_flight; ++i) std::make_unique<Call>().release()->Start(stub, queue);
  auto measurement = Repeat(duration, [&](uint64_t) -> absl::StatusOr<uint64_t> {
    const std::unique_ptr<Call> call = Next(queue);
    if (!call->status.ok()) problem = server::FromGrpc(call->status);
    std::make_unique<Call>().release()->Start(stub, queue);
    return 0;
  });
  for (int i = 0; i < in_flight; ++i) Next(queue);
  if (!problem.ok()) return problem;
  return measurement->per_second();
}

}  // namespace interdict::bench
