// Turns SIGTERM and SIGINT into something that `main` can wait for, so that a server stops gracefully.
#pragma once

#include <memory>

#include "absl/status/statusor.h"

namespace interdict::server {

// Make it first thing in main, before any thread: threads inherit that these signals are blocked, and only then do they
// wait for Wait. One for each process. Interrupt may be called by any thread, Wait by one.
class ShutdownSignal {
 public:
  // INTERNAL, with the words of the operating system, if it refuses.
  static absl::StatusOr<std::unique_ptr<ShutdownSignal>> Create();
  // Gives the signals back to whatever handled them before.
  ~ShutdownSignal();

  // Blocks until SIGTERM or SIGINT comes, or Interrupt is called. Returns the number of the signal, or 0. From then on
  // a further signal ends the process at once, so that a person need not wait for a slow stop.
  int Wait();

  // Makes Wait return 0: for a process that ends by itself.
  void Interrupt();

 private:
  struct State;
  explicit ShutdownSignal(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace interdict::server
