// The documents that a person names on the command line: files, folders, standard input, JSON Lines, feeds, web
// archives.
#pragma once

#include <cstdint>
#include <deque>
#include <fstream>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "interdict/v1/document.pb.h"
#include "services/ingest/formats/warc.h"

namespace interdict::cli {

// A document that was named, or why it could not be read.
struct InputDocument {
  std::string id;  // file name without extension, with the item's number in a feed or archive; or `id` of a JSON line
  std::string origin;  // for messages: path, and line, item or record
  absl::StatusOr<v1::DocumentInput> input = absl::UnknownError("not read");
};

struct InputOptions {
  bool stdin_is_json_lines = false;  // what `-` holds: JSON Lines, or one document
  uint64_t max_document_bytes = 16 << 20;
  uint64_t max_feed_bytes = 64 << 20;
};

// Walks the documents of a command line in order, one in memory at a time, of a feed all. A folder stands for its files
// with the endings .txt .html .htm .xhtml .jsonl .ndjson .rss .atom .warc .warc.gz, and .xml where it is a feed, below
// it too, ordered by name. Feeds and archives are known by their first bytes, whatever their name
// (services/ingest/formats). Files .jsonl and .ndjson hold a document a line:
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

  // What archives held beside documents, a line a file: `news.warc.gz: passed over 3 request, 1 warcinfo`.
  const std::vector<std::string>& passed_over() const { return passed_over_; }

 private:
  explicit InputDocuments(InputOptions options) : options_(options) {}
  std::optional<InputDocument> NextLine();
  std::optional<InputDocument> NextOfArchive();
  std::optional<InputDocument> NextOfFeed();
  // Opens what is no JSON Lines: nullopt for a feed or an archive, whose documents come next.
  std::optional<InputDocument> Begin(const std::string& path);
  std::optional<InputDocument> BeginStandardInput();
  InputDocument ReadFile(const std::string& path) const;
  InputDocument DocumentOf(const std::string& path, std::string content) const;
  std::optional<InputDocument> BeginFeed(const std::string& path, const std::string& content);
  void BeginArchive(const std::string& path, std::unique_ptr<std::istream> stream);
  InputDocument Named(formats::ContainedDocument&& document) const;

  InputOptions options_;
  std::deque<std::string> paths_;
  size_t file_count_ = 0;
  // The JSON Lines that are being read; `lines_` points at `file_` or at standard input.
  std::string lines_path_;
  std::optional<std::ifstream> file_;
  bool reading_lines_ = false;
  uint64_t line_number_ = 0;
  // The feed or archive that is being read.
  std::string container_path_;
  std::deque<formats::ContainedDocument> feed_;
  std::unique_ptr<std::istream> archive_file_;
  std::unique_ptr<formats::WarcReader> archive_;
  std::vector<std::string> passed_over_;
};

}  // namespace interdict::cli
