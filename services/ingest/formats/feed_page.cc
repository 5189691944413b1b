#include "services/ingest/formats/feed_page.h"

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "services/ingest/formats/document_fields.h"
#include "services/ingest/pipeline/decode/ascii.h"
#include "services/ingest/pipeline/normalise/dates.h"
#include "services/ingest/pipeline/page/date_lines.h"

namespace interdict::formats {
namespace {

using pipeline::IsAsciiAlnum;
using pipeline::IsAsciiLetter;

constexpr size_t kMaxTitleBytes = 2000;
constexpr size_t kMaxAuthorBytes = 300;

std::string Escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out += c;
    }
  }
  return out;
}

bool OpensTag(std::string_view rest) {
  if (rest.size() < 2 || rest[0] != '<') return false;
  const size_t name = rest[1] == '/' ? 2 : 1;
  return rest[1] == '!' || (name < rest.size() && IsAsciiLetter(rest[name]));
}

bool OpensReference(std::string_view rest) {
  const size_t end = rest.substr(0, 34).find(';');
  if (end == rest.npos || end < 2) return false;
  for (const char c : rest.substr(1, end - 1)) {
    if (!IsAsciiAlnum(c) && c != '#') return false;
  }
  return true;
}

// RSS does not say whether a text is HTML: it is where it holds a tag or a character reference.
bool IsHtml(const FeedText& text) {
  if (text.kind != FeedText::Kind::kUnknown) return text.kind == FeedText::Kind::kHtml;
  for (size_t i = text.text.find_first_of("<&"); i != std::string::npos; i = text.text.find_first_of("<&", i + 1)) {
    const std::string_view rest = std::string_view(text.text).substr(i);
    if (OpensTag(rest) || OpensReference(rest)) return true;
  }
  return false;
}

// HTML without its tags; references stay for the HTML parser.
std::string WithoutTags(std::string_view html) {
  std::string out;
  for (size_t i = 0; i < html.size(); ++i) {
    if (html[i] != '<') {
      out += html[i];
      continue;
    }
    const size_t end = OpensTag(html.substr(i)) ? html.find('>', i) : html.npos;
    if (end == html.npos) {
      out += "&lt;";
    } else {
      out += ' ';
      i = end;
    }
  }
  return out;
}

// As HTML that stands for itself: no tag, nothing open.
std::string TitleMarkup(const FeedText& title) {
  FeedText cut = title;
  if (cut.text.size() > kMaxTitleBytes) {
    cut.text.resize(kMaxTitleBytes);
    while (!cut.text.empty() && (static_cast<unsigned char>(cut.text.back()) & 0xC0) == 0x80) cut.text.pop_back();
    if (!cut.text.empty() && static_cast<unsigned char>(cut.text.back()) >= 0xC0) cut.text.pop_back();
  }
  return IsHtml(title) ? WithoutTags(cut.text) : Escape(cut.text);
}

std::string BodyMarkup(const FeedText& body) {
  if (IsHtml(body)) return body.text;
  std::string out = "<p>";
  bool empty_line = false;
  for (const char c : Escape(body.text)) {
    if (c == '\n' && empty_line) out += "</p>\n<p>";
    if (c == '\n' || std::string_view(" \t\r").find(c) == std::string_view::npos) empty_line = c == '\n';
    out += c;
  }
  return out + "</p>";
}

// "desk@example.org (Jane Doe)" is how RSS has its authors.
std::string AuthorName(std::string_view author) {
  const size_t open = author.find('(');
  if (author.find('@') < open && open != author.npos) {
    author = author.substr(open + 1);
    author = author.substr(0, author.find(')'));
  }
  return author.find('@') == author.npos ? NameField(author, kMaxAuthorBytes) : "";
}

// The day as printed: a date of the calendar does not pass through a time zone.
std::string PublishedDay(const FeedItem& item, absl::CivilDay latest) {
  for (const std::string* date : {&item.published, &item.updated}) {
    const std::string day = pipeline::DateOf(std::string_view(*date).substr(0, 100));
    std::string start;
    std::string end;
    if (day.empty() || !pipeline::EdtfBounds(day, &start, &end)) continue;
    absl::CivilDay first;
    if (absl::ParseCivilTime(start.substr(0, 10), &first) && first <= latest) return day;
  }
  return "";
}

}  // namespace

absl::StatusOr<v1::DocumentInput> PageOf(const FeedItem& item, absl::CivilDay latest) {
  if (!item.problem.empty()) return absl::InvalidArgumentError(item.problem);
  const FeedText& body = item.content.empty() ? item.summary : item.content;
  if (item.title.empty() && body.empty()) {
    return absl::InvalidArgumentError("the item has neither title nor text: nothing to read");
  }
  std::string page = "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">";
  if (const std::string author = AuthorName(item.author); !author.empty())
    absl::StrAppend(&page, "<meta name=\"author\" content=\"", Escape(author), "\">");
  absl::StrAppend(&page, "</head><body><article>\n");
  if (!item.title.empty()) absl::StrAppend(&page, "<h1>", TitleMarkup(item.title), "</h1>\n");
  if (!body.empty()) page += BodyMarkup(body);
  absl::StrAppend(&page, "\n</article></body></html>\n");

  v1::DocumentInput input;
  input.set_content(std::move(page));
  input.set_content_type("text/html; charset=utf-8");
  input.set_url(UrlField(item.link));
  input.set_publisher(NameField(item.source.empty() ? item.feed_title : item.source, kMaxPublisherBytes));
  input.set_published(PublishedDay(item, latest));
  input.set_external_id(NameField(item.id.empty() ? item.link : item.id, kMaxExternalIdBytes));
  return input;
}

}  // namespace interdict::formats
