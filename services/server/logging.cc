#include "services/server/logging.h"

#include <mutex>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "spdlog/logger.h"
#include "spdlog/sinks/base_sink.h"
#include "spdlog/sinks/stdout_sinks.h"

namespace interdict::server {
namespace {

class FunctionSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit FunctionSink(std::function<void(const std::string&)> sink) : sink_(std::move(sink)) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    sink_(std::string(message.payload.data(), message.payload.size()));
  }
  void flush_() override {}

 private:
  std::function<void(const std::string&)> sink_;
};

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

const char* Word(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

}  // namespace

absl::StatusOr<LogLevel> ParseLogLevel(const std::string& word) {
  for (const LogLevel level : {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning, LogLevel::kError}) {
    if (word == Word(level)) return level;
  }
  return absl::InvalidArgumentError("log level must be debug, info, warning or error, not '" + word + "'");
}

struct Logger::State {
  State(LogLevel minimum, spdlog::sink_ptr sink) : logger("interdict", std::move(sink)) {
    logger.set_pattern("%v");
    logger.set_level(ToSpdlog(minimum));
    logger.flush_on(spdlog::level::debug);
  }
  spdlog::logger logger;
};

Logger::Logger(LogLevel minimum)
    : state_(std::make_unique<State>(minimum, std::make_shared<spdlog::sinks::stderr_sink_mt>())) {}

Logger::Logger(LogLevel minimum, std::function<void(const std::string&)> sink)
    : state_(std::make_unique<State>(minimum, std::make_shared<FunctionSink>(std::move(sink)))) {}

Logger::~Logger() = default;

void Logger::Log(LogLevel level, const std::string& message, const std::vector<LogField>& fields) {
  if (!state_->logger.should_log(ToSpdlog(level))) return;
  nlohmann::ordered_json line;
  line["time"] = absl::FormatTime("%Y-%m-%d%ET%H:%M:%E6SZ", absl::Now(), absl::UTCTimeZone());
  line["level"] = Word(level);
  line["message"] = message;
  for (const LogField& field : fields) {
    std::visit([&line, &field](const auto& value) { line[field.key] = value; }, field.value);
  }
  // Bytes that are not UTF-8 are replaced: a log line must never throw.
  const std::string text = line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  state_->logger.log(ToSpdlog(level), spdlog::string_view_t(text.data(), text.size()));
}

void Logger::Info(const std::string& message, const std::vector<LogField>& fields) {
  Log(LogLevel::kInfo, message, fields);
}
void Logger::Warning(const std::string& message, const std::vector<LogField>& fields) {
  Log(LogLevel::kWarning, message, fields);
}
void Logger::Error(const std::string& message, const std::vector<LogField>& fields) {
  Log(LogLevel::kError, message, fields);
}

}  // namespace interdict::server
