#include "tests/bench/served_instance.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <vector>

#include "absl/time/clock.h"
#include "nlohmann/json.hpp"

extern char** environ;

namespace interdict::bench {
namespace {

constexpr absl::Duration kStartLimit = absl::Minutes(1);

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

absl::StatusOr<std::unique_ptr<ServedInstance>> ServedInstance::Start(const std::string& program,
                                                                      const std::string& folder) {
  return Spawn({program, "serve", "--data", folder + "/data", "--listen", "127.0.0.1:0"}, folder + "/serve.log");
}

absl::StatusOr<std::unique_ptr<ServedInstance>> ServedInstance::StartQuery(const std::string& program,
                                                                           const std::string& folder,
                                                                           const std::string& index_address) {
  return Spawn({program, "query", "--index", index_address, "--listen", "127.0.0.1:0"}, folder + "/query.log");
}

absl::StatusOr<std::unique_ptr<ServedInstance>> ServedInstance::Spawn(std::vector<std::string> words,
                                                                      const std::string& log_path) {
  const std::string program = words.front();
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  pid_t child = 0;
  const int problem = posix_spawn(&child, program.c_str(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (problem != 0) return absl::ErrnoToStatus(problem, "cannot start " + program);
  std::unique_ptr<ServedInstance> instance(new ServedInstance(child));
  if (absl::Status status = instance->WaitUntilReady(log_path); !status.ok()) return status;
  return instance;
}

absl::Status ServedInstance::WaitUntilReady(const std::string& log_path) {
  const absl::Time limit = absl::Now() + kStartLimit;
  while (absl::Now() < limit) {
    const std::string log = ReadFile(log_path);
    std::istringstream lines(log);
    for (std::string line; std::getline(lines, line);) {
      const auto entry = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
      if (!entry.is_object()) continue;
      const std::string message = entry.value("message", "");
      if (message == "serving") port_ = entry.value("port", 0);
      if (message == "ready" && port_ != 0) return absl::OkStatus();
    }
    if (waitpid(child_, nullptr, WNOHANG) == child_) {
      ended_ = true;
      return absl::UnavailableError("interdict ended at its start:\n" + log);
    }
    absl::SleepFor(absl::Milliseconds(20));
  }
  return absl::UnavailableError("interdict was not ready in time:\n" + ReadFile(log_path));
}

ServedInstance::~ServedInstance() {
  if (ended_) return;
  kill(child_, SIGTERM);
  int how = 0;
  waitpid(child_, &how, 0);
  if (WIFSIGNALED(how)) std::cerr << "interdict was ended by signal " << WTERMSIG(how) << "\n";
  if (WIFEXITED(how) && WEXITSTATUS(how) != 0) {
    std::cerr << "interdict ended with exit code " << WEXITSTATUS(how) << "\n";
  }
}

absl::Duration ServedInstance::processor_time() const {
  // The name of the program stands in parentheses and may hold blanks; what follows are numbers.
  const std::string stat = ReadFile("/proc/" + std::to_string(child_) + "/stat");
  std::istringstream fields(stat.substr(stat.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  int64_t user_ticks = 0;
  int64_t system_ticks = 0;
  fields >> user_ticks >> system_ticks;
  return absl::Seconds(1) * (user_ticks + system_ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace interdict::bench
