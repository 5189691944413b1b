#include "services/cli/input_documents.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <sstream>

#include "absl/strings/escaping.h"
#include "google/protobuf/util/time_util.h"
#include "nlohmann/json.hpp"

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

bool IsDocument(const std::string& path) { return !ContentType(path).empty() || IsJsonLines(path); }

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
        return absl::NotFoundError("no document in the folder " + path +
                                   " (looked for .txt .html .htm .xhtml .jsonl .ndjson)");
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
    if (paths_.empty()) return std::nullopt;
    const std::string path = paths_.front();
    paths_.pop_front();
    if (!IsJsonLines(path) && !(path == "-" && options_.stdin_is_json_lines)) return ReadFile(path);
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

InputDocument InputDocuments::ReadFile(const std::string& path) const {
  InputDocument document;
  document.origin = path == "-" ? "standard input" : path;
  document.id = path == "-" ? "stdin" : fs::path(path).stem().string();
  v1::DocumentInput input;
  // One byte more than allowed is enough to know that it is too much: nobody's memory is filled by a huge file.
  std::error_code error;
  if (path != "-") {
    const uint64_t size = fs::file_size(path, error);
    if (absl::Status status = CheckSize(error ? 0 : size, options_.max_document_bytes); !status.ok()) {
      document.input = status;
      return document;
    }
  }
  std::ifstream file;
  if (path != "-") file.open(path, std::ios::binary);
  std::istream& stream = path == "-" ? std::cin : file;
  std::string content(std::istreambuf_iterator<char>(stream), {});
  if (path != "-" && !file.is_open()) {
    document.input = absl::PermissionDeniedError("cannot be read: " + path);
    return document;
  }
  if (absl::Status status = CheckSize(content.size(), options_.max_document_bytes); !status.ok()) {
    document.input = status;
    return document;
  }
  input.set_content(std::move(content));
  input.set_content_type(ContentType(path));
  input.set_external_id(document.id);
  document.input = std::move(input);
  return document;
}

}  // namespace interdict::cli
