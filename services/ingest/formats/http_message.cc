#include "services/ingest/formats/http_message.h"

#include <algorithm>
#include <charconv>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "services/ingest/formats/inflate.h"
#include "services/ingest/pipeline/decode/ascii.h"

namespace interdict::formats {
namespace {

using pipeline::EqualsIgnoringCase;
using pipeline::IsAsciiAlnum;
using pipeline::LowerAscii;
using pipeline::StartsWithIgnoringCase;
using pipeline::TrimAscii;

constexpr size_t kMostFields = 500;

// The line at `at` without its end; moves `at` behind it.
std::string_view NextLine(std::string_view text, size_t& at) {
  const size_t end = std::min(text.find('\n', at), text.size());
  std::string_view line = text.substr(at, end - at);
  at = std::min(end + 1, text.size());
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// Where the headers end: behind the first empty line; npos where there is none.
size_t EndOfHeaders(std::string_view message) {
  for (size_t at = 0; at < message.size();) {
    const size_t begin = at;
    if (NextLine(message, at).empty() && message[at - 1] == '\n' && begin > 0) return at;
  }
  return message.npos;
}

// The chunks of a body joined. False where it is not chunked at all: the first line is no size.
absl::StatusOr<bool> Join(std::string_view chunked, uint64_t max_bytes, std::string& out) {
  for (size_t at = 0;;) {
    const bool first = at == 0;
    const std::string_view line = NextLine(chunked, at);
    const std::string_view digits = TrimAscii(line.substr(0, line.find(';')));
    uint64_t size = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) {
      if (first) return false;
      return absl::InvalidArgumentError("a chunk of the body has no size");
    }
    if (size == 0) return true;
    if (size > max_bytes - out.size())
      return absl::InvalidArgumentError(absl::StrCat("is larger than the limit of ", max_bytes, " bytes"));
    if (size > chunked.size() - at) return absl::InvalidArgumentError("the last chunk of the body is cut");
    out.append(chunked.substr(at, size));
    at += size;
    if (!NextLine(chunked, at).empty())
      return absl::InvalidArgumentError("a chunk of the body is longer than its size");
  }
}

absl::StatusOr<std::string> Unpack(std::string body, std::string_view encodings, uint64_t max_bytes) {
  // Applied in the order given, so undone from the last.
  while (!encodings.empty()) {
    const size_t comma = encodings.rfind(',');
    const std::string name = LowerAscii(TrimAscii(comma == encodings.npos ? encodings : encodings.substr(comma + 1)));
    encodings = comma == encodings.npos ? std::string_view() : encodings.substr(0, comma);
    if (name.empty() || name == "identity" || name == "none" || name == "utf-8") continue;
    if (name == "gzip" || name == "x-gzip") {
      if (!std::string_view(body).starts_with("\x1F\x8B")) continue;  // stored unpacked
      auto unpacked = Inflate(body, Packing::kGzip, max_bytes);
      if (!unpacked.ok()) return unpacked.status();
      body = *std::move(unpacked);
    } else if (name == "deflate") {
      auto unpacked = Inflate(body, Packing::kDeflate, max_bytes);
      if (!unpacked.ok()) return unpacked.status();
      body = *std::move(unpacked);
    } else {
      return absl::InvalidArgumentError(absl::StrCat("content encoding `", MediaTypeOf(name), "` is not read"));
    }
  }
  return body;
}

// A message cut between its head and its body.
struct Parts {
  HttpAnswer answer;
  HeaderFields fields;
  size_t body_at = 0;
};

absl::StatusOr<Parts> TakeApart(std::string_view message) {
  Parts parts;
  parts.body_at = EndOfHeaders(message);
  size_t at = 0;
  const std::string_view first = NextLine(message, at);
  const size_t space = first.find(' ');
  if (!StartsWithIgnoringCase(first, "HTTP/") || space == first.npos || parts.body_at == message.npos)
    return absl::InvalidArgumentError("holds no HTTP answer");
  const std::string_view code = TrimAscii(first.substr(space)).substr(0, 3);
  if (std::from_chars(code.data(), code.data() + code.size(), parts.answer.status).ptr != code.data() + code.size() ||
      parts.answer.status < 100) {
    return absl::InvalidArgumentError("holds an HTTP answer without a status");
  }
  parts.fields = HeaderFields::Parse(message.substr(at, parts.body_at - at));
  parts.answer.content_type = std::string(parts.fields.Get("content-type"));
  return parts;
}

bool IsTokenCharacter(char c) { return IsAsciiAlnum(c) || std::string_view("_.+-:").find(c) != std::string_view::npos; }

}  // namespace

HeaderFields HeaderFields::Parse(std::string_view lines) {
  HeaderFields out;
  for (size_t at = 0; at < lines.size() && out.fields_.size() < kMostFields;) {
    const std::string_view line = NextLine(lines, at);
    if (line.empty()) continue;
    if ((line[0] == ' ' || line[0] == '\t') && !out.fields_.empty()) {
      out.fields_.back().second += " " + std::string(TrimAscii(line));
      continue;
    }
    const size_t colon = line.find(':');
    if (colon == line.npos || colon == 0) continue;
    out.fields_.emplace_back(LowerAscii(TrimAscii(line.substr(0, colon))), TrimAscii(line.substr(colon + 1)));
  }
  return out;
}

std::string_view HeaderFields::Get(std::string_view name) const {
  for (const auto& [key, value] : fields_) {
    if (EqualsIgnoringCase(key, name)) return value;
  }
  return {};
}

absl::StatusOr<HttpAnswer> ParseHttpHead(std::string_view message) {
  auto parts = TakeApart(message);
  if (!parts.ok()) return parts.status();
  return std::move(parts->answer);
}

absl::StatusOr<HttpAnswer> ParseHttpAnswer(std::string_view message, uint64_t max_body_bytes) {
  auto parts = TakeApart(message);
  if (!parts.ok()) return parts.status();
  const HeaderFields& fields = parts->fields;
  HttpAnswer answer = std::move(parts->answer);
  const std::string_view raw = message.substr(parts->body_at);
  std::string joined;
  bool chunked = false;
  if (LowerAscii(fields.Get("transfer-encoding")).find("chunked") != std::string::npos) {
    const auto done = Join(raw, max_body_bytes, joined);
    if (!done.ok()) return done.status();
    chunked = *done;
  }
  if (!chunked) joined = std::string(raw);
  auto body = Unpack(std::move(joined), fields.Get("content-encoding"), max_body_bytes);
  if (!body.ok()) return body.status();
  if (body->size() > max_body_bytes)
    return absl::InvalidArgumentError(absl::StrCat("is larger than the limit of ", max_body_bytes, " bytes"));
  answer.body = *std::move(body);
  return answer;
}

std::string MediaTypeOf(std::string_view content_type) {
  std::string type = LowerAscii(TrimAscii(content_type.substr(0, content_type.find(';')))).substr(0, 100);
  for (char& c : type) {
    if (!IsTokenCharacter(c) && c != '/') c = '?';
  }
  return type;
}

std::string ContentTypeField(std::string_view content_type) {
  const std::string type = MediaTypeOf(content_type);
  for (size_t at = content_type.find(';'); at != content_type.npos; at = content_type.find(';', at + 1)) {
    std::string_view part = TrimAscii(content_type.substr(at + 1, content_type.find(';', at + 1) - at - 1));
    if (!StartsWithIgnoringCase(part, "charset=")) continue;
    part.remove_prefix(8);
    while (!part.empty() && (part.front() == '"' || part.front() == '\'')) part.remove_prefix(1);
    while (!part.empty() && (part.back() == '"' || part.back() == '\'')) part.remove_suffix(1);
    if (!part.empty() && part.size() <= 40 && std::all_of(part.begin(), part.end(), IsTokenCharacter))
      return absl::StrCat(type, "; charset=", std::string(part));
  }
  return type;
}

}  // namespace interdict::formats
