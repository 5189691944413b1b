// `interdict serve` as a child process over a folder of its own.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace interdict::bench {

class ServedInstance {
 public:
  // Starts `program` with its data and its log in `folder` and waits until it is ready. UNAVAILABLE, with the end of
  // its log, if it ends before or takes longer than a minute.
  static absl::StatusOr<std::unique_ptr<ServedInstance>> Start(const std::string& program, const std::string& folder);
  // Stops it, waits for its end, and tells on stderr if it did not end well.
  ~ServedInstance();

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  // Processor time that it has used, in all threads.
  absl::Duration processor_time() const;

 private:
  explicit ServedInstance(pid_t child) : child_(child) {}
  absl::Status WaitUntilReady(const std::string& log_path);

  const pid_t child_;
  bool ended_ = false;
  int port_ = 0;
};

}  // namespace interdict::bench
