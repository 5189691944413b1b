#include "services/server/shutdown_signal.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string>
#include <utility>

namespace interdict::server {
namespace {

absl::Status Refused(const std::string& what) {
  return absl::InternalError("cannot wait for signals: " + what + ": " + std::strerror(errno));
}

}  // namespace

struct ShutdownSignal::State {
  sigset_t signals = {};
  sigset_t mask_before = {};
  bool masked = false;
  int signal_descriptor = -1;
  int interrupt_descriptor = -1;

  ~State() {
    if (signal_descriptor >= 0) close(signal_descriptor);
    if (interrupt_descriptor >= 0) close(interrupt_descriptor);
    if (masked) pthread_sigmask(SIG_SETMASK, &mask_before, nullptr);
  }

  // The next signal finds its default action, which ends the process, and this thread to deliver it to.
  void EndAtNextSignal() {
    std::signal(SIGTERM, SIG_DFL);
    std::signal(SIGINT, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  }
};

absl::StatusOr<std::unique_ptr<ShutdownSignal>> ShutdownSignal::Create() {
  auto state = std::make_unique<State>();
  sigemptyset(&state->signals);
  sigaddset(&state->signals, SIGTERM);
  sigaddset(&state->signals, SIGINT);
  if (pthread_sigmask(SIG_BLOCK, &state->signals, &state->mask_before) != 0) return Refused("pthread_sigmask");
  state->masked = true;
  state->signal_descriptor = signalfd(-1, &state->signals, SFD_CLOEXEC);
  if (state->signal_descriptor < 0) return Refused("signalfd");
  state->interrupt_descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (state->interrupt_descriptor < 0) return Refused("eventfd");
  return std::unique_ptr<ShutdownSignal>(new ShutdownSignal(std::move(state)));
}

ShutdownSignal::ShutdownSignal(std::unique_ptr<State> state) : state_(std::move(state)) {}

ShutdownSignal::~ShutdownSignal() = default;

int ShutdownSignal::Wait() {
  pollfd waiting[] = {{state_->signal_descriptor, POLLIN, 0}, {state_->interrupt_descriptor, POLLIN, 0}};
  int received = 0;
  // A debugger or another signal may interrupt the wait: then it goes on.
  while (poll(waiting, std::size(waiting), -1) < 0 && errno == EINTR) {
  }
  if ((waiting[0].revents & POLLIN) != 0) {
    signalfd_siginfo info = {};
    if (read(state_->signal_descriptor, &info, sizeof(info)) == sizeof(info)) {
      received = static_cast<int>(info.ssi_signo);
    }
  }
  state_->EndAtNextSignal();
  return received;
}

void ShutdownSignal::Interrupt() {
  const uint64_t one = 1;
  // Fails only if the counter is full, and then Wait is awake already.
  [[maybe_unused]] const ssize_t written = write(state_->interrupt_descriptor, &one, sizeof(one));
}

}  // namespace interdict::server
