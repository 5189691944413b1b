// The documents that a person names on the command line: files, folders, standard input, JSON Lines.
#pragma once

#include <cstdint>
#include <deque>
#include <fstream>
#include <istream>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "interdict/v1/document.pb.h"

namespace interdict::cli {

// A document that was named, or why it could not be read.
struct InputDocument {
  std::string id;      // file name without extension, or `id` of a JSON line
  std::string origin;  // for messages: path, or path and line
  absl::StatusOr<v1::DocumentInput> input = absl::UnknownError("not read");
};

struct InputOptions {
  bool stdin_is_json_lines = false;  // what `-` holds: JSON Lines, or one document
  uint64_t max_document_bytes = 16 << 20;
};

// Walks the documents of a command line in order, one in memory at a time. A folder stands for its files with the
// endings .txt .html .htm .xhtml .jsonl .ndjson, below it too, ordered by name; files with the last two endings hold a
// document a line:
// {"text": …} or {"content_base64": …}, with `id`, `url`, `publisher`, `published`, `content_type`, `fetch_time` (RFC
// 3339), `tlp` (CLEAR, GREEN, AMBER, AMBER_STRICT, RED). Not thread-safe.
class InputDocuments {
 public:
  // NOT_FOUND or PERMISSION_DENIED naming a path that is not there or cannot be read; nothing is read yet.
  static absl::StatusOr<InputDocuments> Open(const std::vector<std::string>& paths, const InputOptions& options);

  // The next document; nullopt after the last.
  std::optional<InputDocument> Next();

  // How many files there are; lines of JSON Lines files are not counted.
  size_t file_count() const { return file_count_; }

 private:
  explicit InputDocuments(InputOptions options) : options_(options) {}
  std::optional<InputDocument> NextLine();
  InputDocument ReadFile(const std::string& path) const;

  InputOptions options_;
  std::deque<std::string> paths_;
  size_t file_count_ = 0;
  // The JSON Lines that are being read; `lines_` points at `file_` or at standard input.
  std::string lines_path_;
  std::optional<std::ifstream> file_;
  bool reading_lines_ = false;
  uint64_t line_number_ = 0;
};

}  // namespace interdict::cli
