#include "services/ingest/source_grades.h"

#include <unicode/unistr.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/ingest/embedded_grades.h"

namespace interdict::ingest {
namespace {

constexpr size_t kMaxFileBytes = 16 << 20;

bool IsHostRow(std::string_view source) {
  return source.find('.') != std::string_view::npos && source.find(' ') == std::string_view::npos;
}

// Lower case, spaces collapsed, without a leading "the".
std::string PublisherKey(std::string_view name) {
  std::string plain(name);
  absl::RemoveExtraAsciiWhitespace(&plain);
  std::string key;
  icu::UnicodeString::fromUTF8(icu::StringPiece(plain.data(), static_cast<int32_t>(plain.size())))
      .foldCase()
      .toUTF8String(key);
  return key.rfind("the ", 0) == 0 ? key.substr(4) : key;
}

// `https://www.Example.org:8080/page` to `www.example.org`; empty if there is none that every reader would find.
std::string HostOf(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string_view::npos || url.find('\\') != std::string_view::npos) return "";
  url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  const size_t user = url.rfind('@');
  if (user != std::string_view::npos) url.remove_prefix(user + 1);
  std::string host = absl::AsciiStrToLower(std::string(url.substr(0, url.find(':'))));
  while (!host.empty() && host.back() == '.') host.pop_back();
  return host;
}

// nullopt: no grade.
std::optional<v1::Reliability> ParseGrade(std::string_view grade) {
  if (grade == "-") return v1::RELIABILITY_UNSPECIFIED;
  if (grade.size() != 1 || grade[0] < 'A' || grade[0] > 'F') return std::nullopt;
  return static_cast<v1::Reliability>(v1::RELIABILITY_A + (grade[0] - 'A'));
}

absl::Status BadLine(size_t number, const std::string& problem) {
  return absl::InvalidArgumentError(absl::StrCat("source grades, line ", number, ": ", problem));
}

}  // namespace

absl::StatusOr<SourceGrades::Rows> SourceGrades::ParseRows(std::string_view tsv) {
  Rows rows;
  size_t number = 0;
  const std::vector<std::string> lines = absl::StrSplit(std::string(tsv), '\n');
  for (std::string line : lines) {
    ++number;
    absl::StripAsciiWhitespace(&line);
    if (line.empty() || line.front() == '#') continue;
    std::vector<std::string> columns = absl::StrSplit(line, '\t');
    if (columns.size() != 2) return BadLine(number, "must be a source, a tab and a grade");
    for (std::string& column : columns) absl::StripAsciiWhitespace(&column);
    const std::optional<v1::Reliability> grade = ParseGrade(columns[1]);
    if (!grade) return BadLine(number, "the grade must be one of A to F, or - for none");
    const std::string& source = columns[0];
    const bool is_host = IsHostRow(source);
    std::string key = is_host ? absl::AsciiStrToLower(source) : PublisherKey(source);
    if (is_host) key.erase(0, key.find_first_not_of('.'));
    if (key.empty()) return BadLine(number, "the source is empty");
    if (!(is_host ? rows.hosts : rows.publishers).emplace(std::move(key), *grade).second) {
      return BadLine(number, "the source has a grade above");
    }
  }
  return rows;
}

absl::StatusOr<SourceGrades> SourceGrades::WithRows(std::string_view tsv) {
  SourceGrades grades;
  std::vector<std::string_view> lists = {tsv};
  for (const EmbeddedGradeFile& file : EmbeddedGradeFiles()) lists.push_back(file.content);
  for (std::string_view list : lists) {
    auto rows = ParseRows(list);
    if (!rows.ok()) return rows.status();
    grades.lists_.push_back(*std::move(rows));
  }
  return grades;
}

absl::StatusOr<SourceGrades> SourceGrades::WithFile(const std::string& path) {
  if (path.empty()) return WithRows("");
  std::ifstream file(path, std::ios::binary);
  std::string content;
  char buffer[1 << 16];
  while (file.read(buffer, sizeof(buffer)) || file.gcount() > 0) {
    content.append(buffer, static_cast<size_t>(file.gcount()));
    if (content.size() > kMaxFileBytes)
      return absl::InvalidArgumentError("source grades: the file is larger than 16 MiB");
  }
  if (file.bad() || !file.eof()) return absl::NotFoundError(absl::StrCat("source grades: cannot read ", path));
  return WithRows(content);
}

v1::Reliability SourceGrades::Grade(std::string_view url, std::string_view publisher) const {
  const std::string host = HostOf(url);
  for (const Rows& rows : lists_) {
    std::string_view ending = host;
    while (!ending.empty()) {
      const auto found = rows.hosts.find(ending);
      if (found != rows.hosts.end()) return found->second;
      const size_t dot = ending.find('.');
      ending = dot == std::string_view::npos ? std::string_view() : ending.substr(dot + 1);
    }
  }
  const std::string key = PublisherKey(publisher);
  for (const Rows& rows : lists_) {
    const auto found = rows.publishers.find(key);
    if (found != rows.publishers.end()) return found->second;
  }
  return v1::RELIABILITY_UNSPECIFIED;
}

}  // namespace interdict::ingest
