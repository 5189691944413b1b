// A folder of its own for the log of one test, gone afterwards, and what tests look for or break in its files.
#pragma once

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace interdict::log::testing {

inline std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

inline void WriteFile(const std::filesystem::path& path, std::string_view content) {
  std::ofstream(path, std::ios::binary) << content;
}

class LogFolder {
 public:
  LogFolder() {
    static std::atomic<int> count = 0;
    path_ = absl::StrCat(::testing::TempDir(), "/interdict_log_", getpid(), "_", ++count);
    std::filesystem::remove_all(path_);
  }
  ~LogFolder() { std::filesystem::remove_all(path_); }
  LogFolder(const LogFolder&) = delete;
  LogFolder& operator=(const LogFolder&) = delete;

  const std::string& path() const { return path_; }

  // Whether the bytes are in any file.
  bool AnyFileHolds(std::string_view bytes) const {
    for (const auto& file : std::filesystem::recursive_directory_iterator(path_)) {
      if (file.is_regular_file() && ReadFile(file.path()).find(bytes) != std::string::npos) return true;
    }
    return false;
  }

  // The write-ahead log that was begun last.
  std::filesystem::path NewestWriteAheadLog() const {
    std::filesystem::path newest;
    for (const auto& file : std::filesystem::directory_iterator(path_)) {
      if (file.path().extension() == ".log" && file.path().filename() > newest.filename()) newest = file.path();
    }
    return newest;
  }

 private:
  std::string path_;
};

}  // namespace interdict::log::testing
