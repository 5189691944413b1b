#include "services/cli/input_documents.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <sstream>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "google/protobuf/util/time_util.h"
#include "nlohmann/json.hpp"
#include "services/ingest/formats/feed.h"

namespace interdict::cli {
namespace {

namespace fs = std::filesystem;

std::string Extension(const std::string& path) {
  std::string extension = fs::path(path).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return extension;
}

bool IsJsonLines(const std::string& path) { return Extension(path) == ".jsonl" || Extension(path) == ".ndjson"; }

// Media type by file name; empty where the server shall find out.
std::string ContentType(const std::string& path) {
  const std::string extension = Extension(path);
  if (extension == ".html" || extension == ".htm") return "text/html";
  if (extension == ".xhtml") return "application/xhtml+xml";
  if (extension == ".txt") return "text/plain";
  return "";
}

constexpr size_t kSniffedBytes = 4096;
constexpr char kEndings[] = ".txt .html .htm .xhtml .jsonl .ndjson .rss .atom .warc .warc.gz, and .xml of a feed";

// The first bytes of a file, by which feeds and archives are known; empty where it cannot be read.
std::string Opening(const std::string& path) {
  std::string bytes(kSniffedBytes, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  return bytes;
}

// Whether a file in a folder is to be read.
bool IsDocument(const std::string& path) {
  const std::string extension = Extension(path);
  if (extension == ".xml") return formats::LooksLikeFeed(Opening(path));
  if (extension == ".gz") return Extension(fs::path(path).stem().string()) == ".warc";
  return !ContentType(path).empty() || IsJsonLines(path) || extension == ".rss" || extension == ".atom" ||
         extension == ".warc";
}

// `news` of `in/news.warc.gz`.
std::string Stem(const std::string& path) {
  if (path == "-") return "stdin";
  const fs::path stem = fs::path(path).stem();
  return Extension(path) == ".gz" ? stem.stem().string() : stem.string();
}
std::string Origin(const std::string& path) { return path == "-" ? "standard input" : path; }

// Of the time when archives and feeds are read: what they date later is not believed.
absl::CivilDay LatestDay() { return absl::ToCivilDay(absl::Now(), absl::UTCTimeZone()) + 1; }

absl::Status CheckSize(uint64_t size, uint64_t limit) {
  if (size <= limit) return absl::OkStatus();
  return absl::InvalidArgumentError("document.content: " + std::to_string(size) + " bytes, more than the limit of " +
                                    std::to_string(limit) +
                                    "; cut it, or raise --max-document-bytes here and at the server");
}

absl::Status BadLine(const std::string& problem) { return absl::InvalidArgumentError(problem); }

// Takes one key of a JSON line over.
absl::Status SetField(const std::string& key, const nlohmann::json& value, std::string& id, v1::DocumentInput& input) {
  if (!value.is_string()) return BadLine("'" + key + "' must be a string");
  const std::string text = value.get<std::string>();
  if (key == "id") {
    id = text;
    input.set_external_id(text);
  } else if (key == "text") {
    input.set_content(text);
    if (input.content_type().empty()) input.set_content_type("text/plain; charset=utf-8");
  } else if (key == "content_base64") {
    std::string content;
    if (!absl::Base64Unescape(text, &content)) return BadLine("'content_base64' is not base64");
    input.set_content(std::move(content));
  } else if (key == "url") {
    input.set_url(text);
  } else if (key == "publisher") {
    input.set_publisher(text);
  } else if (key == "published") {
    input.set_published(text);
  } else if (key == "content_type") {
    input.set_content_type(text);
  } else if (key == "fetch_time") {
    if (!google::protobuf::util::TimeUtil::FromString(text, input.mutable_fetch_time())) {
      return BadLine("'fetch_time' is not a time such as 2024-05-01T12:00:00Z");
    }
  } else if (key == "tlp") {
    v1::TlpMarking marking;
    if (!v1::TlpMarking_Parse("TLP_MARKING_" + text, &marking)) {
      return BadLine("'tlp' must be CLEAR, GREEN, AMBER, AMBER_STRICT or RED");
    }
    input.set_tlp(marking);
  } else {
    return BadLine("unknown key '" + key +
                   "'; known are id, text, content_base64, url, publisher, published, content_type, fetch_time, tlp");
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::DocumentInput> ParseLine(const std::string& line, std::string& id, uint64_t max_document_bytes) {
  const nlohmann::json json = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return BadLine("not a JSON object");
  // First of all, so that a complaint about another key names the document.
  if (json.contains("id") && json["id"].is_string()) id = json["id"].get<std::string>();
  v1::DocumentInput input;
  for (const auto& [key, value] : json.items()) {
    if (absl::Status status = SetField(key, value, id, input); !status.ok()) return status;
  }
  if (json.contains("text") == json.contains("content_base64")) {
    return BadLine("exactly one of 'text' and 'content_base64' is needed");
  }
  if (json.contains("content_type")) input.set_content_type(json["content_type"].get<std::string>());
  if (absl::Status status = CheckSize(input.content().size(), max_document_bytes); !status.ok()) return status;
  return input;
}

std::vector<std::string> FilesBelow(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator each(folder, fs::directory_options::skip_permission_denied, error), end;
       each != end; each.increment(error)) {
    if (error) break;
    if (each->is_regular_file(error) && IsDocument(each->path().string())) files.push_back(each->path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

absl::StatusOr<InputDocuments> InputDocuments::Open(const std::vector<std::string>& paths,
                                                    const InputOptions& options) {
  InputDocuments documents(options);
  for (const std::string& path : paths) {
    std::error_code error;
    if (path == "-") {
      documents.paths_.push_back(path);
    } else if (fs::is_directory(path, error)) {
      const std::vector<std::string> files = FilesBelow(path);
      if (files.empty()) {
        return absl::NotFoundError("no document in the folder " + path + " (looked for " + kEndings + ")");
      }
      documents.paths_.insert(documents.paths_.end(), files.begin(), files.end());
    } else if (!fs::exists(path, error)) {
      return absl::NotFoundError("no such file or folder: " + path);
    } else if (!std::ifstream(path).good()) {
      return absl::PermissionDeniedError("cannot be read: " + path);
    } else {
      documents.paths_.push_back(path);
    }
  }
  documents.file_count_ = documents.paths_.size();
  return documents;
}

std::optional<InputDocument> InputDocuments::Next() {
  while (true) {
    if (reading_lines_) {
      if (auto document = NextLine()) return document;
      reading_lines_ = false;
      file_.reset();
    }
    if (auto document = NextOfFeed()) return document;
    if (auto document = NextOfArchive()) return document;
    if (paths_.empty()) return std::nullopt;
    const std::string path = paths_.front();
    paths_.pop_front();
    if (!IsJsonLines(path) && !(path == "-" && options_.stdin_is_json_lines)) {
      if (auto document = path == "-" ? BeginStandardInput() : Begin(path)) return document;
      continue;
    }
    lines_path_ = path;
    line_number_ = 0;
    reading_lines_ = true;
    if (path == "-") continue;
    file_.emplace(path, std::ios::binary);
    if (!file_->is_open()) {
      reading_lines_ = false;
      file_.reset();
      InputDocument document;
      document.id = fs::path(path).stem().string();
      document.origin = path;
      document.input = absl::PermissionDeniedError("cannot be read: " + path);
      return document;
    }
  }
}

std::optional<InputDocument> InputDocuments::NextLine() {
  std::istream& lines = file_.has_value() ? static_cast<std::istream&>(*file_) : std::cin;
  std::string line;
  while (std::getline(lines, line)) {
    ++line_number_;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    InputDocument document;
    document.origin = lines_path_ + " line " + std::to_string(line_number_);
    document.id = fs::path(lines_path_).stem().string() + "-" + std::to_string(line_number_);
    document.input = ParseLine(line, document.id, options_.max_document_bytes);
    return document;
  }
  return std::nullopt;
}

std::optional<InputDocument> InputDocuments::Begin(const std::string& path) {
  // HTML and text are taken for what their names say; an article that quotes a feed stays an article.
  if (!ContentType(path).empty()) return ReadFile(path);
  const std::string opening = Opening(path);
  if (formats::LooksLikeWarc(opening)) {
    BeginArchive(path, std::make_unique<std::ifstream>(path, std::ios::binary));
    return std::nullopt;
  }
  const bool feed = formats::LooksLikeFeed(opening) || Extension(path) == ".rss" || Extension(path) == ".atom";
  if (!feed) return ReadFile(path);
  std::error_code error;
  if (const uint64_t size = fs::file_size(path, error); !error && size > options_.max_feed_bytes) {
    InputDocument document;
    document.id = Stem(path);
    document.origin = path;
    document.input =
        absl::InvalidArgumentError("a feed of " + std::to_string(size) + " bytes, more than the limit of " +
                                   std::to_string(options_.max_feed_bytes) + "; raise --max-feed-bytes");
    return document;
  }
  std::ifstream file(path, std::ios::binary);
  return BeginFeed(path, std::string(std::istreambuf_iterator<char>(file), {}));
}

std::optional<InputDocument> InputDocuments::BeginStandardInput() {
  // One byte more than allowed is enough to know that it is too much.
  const uint64_t most = std::max(options_.max_feed_bytes, options_.max_document_bytes) + 1;
  std::string content;
  std::string piece(64 * 1024, '\0');
  while (content.size() < most && std::cin.read(piece.data(), static_cast<std::streamsize>(piece.size())).gcount() > 0)
    content.append(piece, 0, static_cast<size_t>(std::cin.gcount()));
  if (formats::LooksLikeWarc(content)) {
    if (content.size() >= most) {
      InputDocument document;
      document.id = "stdin";
      document.origin = "standard input";
      document.input = absl::InvalidArgumentError("an archive of this size is read from a file only; give its path");
      return document;
    }
    BeginArchive("-", std::make_unique<std::istringstream>(std::move(content)));
    return std::nullopt;
  }
  if (formats::LooksLikeFeed(content)) return BeginFeed("-", content);
  return DocumentOf("-", std::move(content));
}

std::optional<InputDocument> InputDocuments::BeginFeed(const std::string& path, const std::string& content) {
  formats::FormatLimits limits;
  limits.max_document_bytes = options_.max_document_bytes;
  limits.max_feed_bytes = options_.max_feed_bytes;
  container_path_ = path;
  auto documents = formats::ReadFeed(content, limits, LatestDay());
  if (documents.ok()) {
    feed_ = {std::make_move_iterator(documents->begin()), std::make_move_iterator(documents->end())};
    return std::nullopt;
  }
  InputDocument document;
  document.id = Stem(path);
  document.origin = Origin(path);
  document.input = documents.status();
  return document;
}

void InputDocuments::BeginArchive(const std::string& path, std::unique_ptr<std::istream> stream) {
  formats::FormatLimits limits;
  limits.max_document_bytes = options_.max_document_bytes;
  container_path_ = path;
  archive_file_ = std::move(stream);
  archive_ = std::make_unique<formats::WarcReader>(*archive_file_, limits, absl::Now());
}

InputDocument InputDocuments::Named(formats::ContainedDocument&& document) const {
  InputDocument named;
  named.id = Stem(container_path_) + "-" + std::to_string(document.number);
  named.origin = Origin(container_path_) + " " + document.place;
  named.input = std::move(document.input);
  if (named.input.ok() && named.input->external_id().empty()) named.input->set_external_id(named.id);
  return named;
}

std::optional<InputDocument> InputDocuments::NextOfFeed() {
  if (feed_.empty()) return std::nullopt;
  InputDocument document = Named(std::move(feed_.front()));
  feed_.pop_front();
  return document;
}

std::optional<InputDocument> InputDocuments::NextOfArchive() {
  if (archive_ == nullptr) return std::nullopt;
  if (auto document = archive_->Next()) return Named(*std::move(document));
  std::string line;
  for (const auto& [kind, count] : archive_->passed_over())
    line += (line.empty() ? "" : ", ") + std::to_string(count) + " " + kind;
  if (!line.empty()) passed_over_.push_back(Origin(container_path_) + ": passed over " + line);
  archive_.reset();
  archive_file_.reset();
  return std::nullopt;
}

InputDocument InputDocuments::ReadFile(const std::string& path) const {
  InputDocument document;
  document.origin = path;
  document.id = Stem(path);
  // Nobody's memory is filled by a huge file.
  std::error_code error;
  const uint64_t size = fs::file_size(path, error);
  if (absl::Status status = CheckSize(error ? 0 : size, options_.max_document_bytes); !status.ok()) {
    document.input = status;
    return document;
  }
  std::ifstream file(path, std::ios::binary);
  if (!file.is_open()) {
    document.input = absl::PermissionDeniedError("cannot be read: " + path);
    return document;
  }
  return DocumentOf(path, std::string(std::istreambuf_iterator<char>(file), {}));
}

InputDocument InputDocuments::DocumentOf(const std::string& path, std::string content) const {
  InputDocument document;
  document.origin = Origin(path);
  document.id = Stem(path);
  if (absl::Status status = CheckSize(content.size(), options_.max_document_bytes); !status.ok()) {
    document.input = status;
    return document;
  }
  v1::DocumentInput input;
  input.set_content(std::move(content));
  input.set_content_type(path == "-" ? "" : ContentType(path));
  input.set_external_id(document.id);
  document.input = std::move(input);
  return document;
}

}  // namespace interdict::cli
