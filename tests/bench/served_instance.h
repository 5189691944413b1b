// `interdict serve`, or a query service before it, as a child process.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace interdict::bench {

class ServedInstance {
 public:
  // Starts `program` with its data and its log in `folder` and waits until it is ready. UNAVAILABLE, with the end of
  // its log, if it ends before or takes longer than a minute.
  static absl::StatusOr<std::unique_ptr<ServedInstance>> Start(const std::string& program, const std::string& folder);
  // Starts a query service alone that asks the shard at `index_address`; its log goes to `folder`.
  static absl::StatusOr<std::unique_ptr<ServedInstance>> StartQuery(const std::string& program,
                                                                    const std::string& folder,
                                                                    const std::string& index_address);
  // Stops it, waits for its end, and tells on stderr if it did not end well.
  ~ServedInstance();

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  // Processor time that it has used, in all threads.
  absl::Duration processor_time() const;

 private:
  explicit ServedInstance(pid_t child) : child_(child) {}
  static absl::StatusOr<std::unique_ptr<ServedInstance>> Spawn(std::vector<std::string> words,
                                                               const std::string& log_path);
  absl::Status WaitUntilReady(const std::string& log_path);

  const pid_t child_;
  bool ended_ = false;
  int port_ = 0;
};

}  // namespace interdict::bench
