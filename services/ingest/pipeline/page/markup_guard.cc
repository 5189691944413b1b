#include "services/ingest/pipeline/page/markup_guard.h"

#include <algorithm>
#include <initializer_list>
#include <unordered_map>
#include <vector>

#include "services/ingest/pipeline/decode/ascii.h"

namespace interdict::pipeline {
namespace {

bool IsOneOf(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}
bool IsFormatting(std::string_view name) {
  return IsOneOf(name, {"b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"});
}
bool IsVoid(std::string_view name) {
  return IsOneOf(name, {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
                        "track", "wbr", "frame"});
}
// Their end tags may be missing, and they cannot stand in themselves without another element between.
bool EndsByItself(std::string_view name) {
  return IsOneOf(name, {"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "option",
                        "optgroup", "html", "head", "body"});
}
bool IsRawText(std::string_view name) {
  return IsOneOf(name, {"script", "style", "textarea", "title", "xmp", "noframes", "iframe", "noembed"});
}

// One tag, as far as it matters here.
struct Tag {
  std::string name;
  bool closing = false;
  size_t end = 0;  // behind '>'
  int attributes = 0;
};

class Guard {
 public:
  explicit Guard(std::string_view html) : html_(html) { out_.reserve(html.size()); }

  std::string Run() {
    size_t at = 0;
    while (at < html_.size()) {
      const size_t tag = html_.find('<', at);
      if (tag == html_.npos) break;
      out_.append(html_.substr(at, tag - at));
      at = Markup(tag);
    }
    if (at < html_.size()) out_.append(html_.substr(at));
    return std::move(out_);
  }

 private:
  // Handles what begins with '<' at `at`; returns where to go on.
  size_t Markup(size_t at) {
    if (html_.substr(at, 4) == "<!--") {
      if (no_comment_end_) return html_.size();
      const size_t end = html_.find("-->", at + 4);
      if (end == html_.npos) no_comment_end_ = true;
      return end == html_.npos ? html_.size() : end + 3;
    }
    const size_t name_at = at + (html_.substr(at + 1, 1) == "/" ? 2 : 1);
    if (name_at >= html_.size() || !IsAsciiLetter(html_[name_at])) {
      out_ += '<';
      return at + 1;
    }
    const Tag tag = ReadTag(at, name_at);
    if (Keep(tag)) {
      if (tag.attributes > kMostAttributes || tag.end - at > kLongestTagBytes) {
        out_ += (tag.closing ? "</" : "<") + tag.name + ">";
      } else {
        out_.append(html_.substr(at, tag.end - at));
      }
    }
    return !tag.closing && IsRawText(tag.name) ? RawText(tag.name, tag.end) : tag.end;
  }

  Tag ReadTag(size_t at, size_t name_at) const {
    Tag tag;
    tag.closing = name_at == at + 2;
    size_t i = name_at;
    while (i < html_.size() && kAsciiSpaces.find(html_[i]) == kAsciiSpaces.npos && html_[i] != '>' && html_[i] != '/')
      ++i;
    tag.name = LowerAscii(html_.substr(name_at, std::min<size_t>(i - name_at, 32)));
    bool inside = false;
    char quote = 0;
    char last = 0;
    for (; i < html_.size(); ++i) {
      const char c = html_[i];
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '>') {
        break;
      } else if ((c == '"' || c == '\'') && last == '=') {
        quote = c;
      } else if (kAsciiSpaces.find(c) != kAsciiSpaces.npos || c == '/') {
        inside = false;
      } else if (!inside) {
        inside = true;
        ++tag.attributes;
      }
      if (kAsciiSpaces.find(c) == kAsciiSpaces.npos) last = c;
    }
    tag.end = std::min(i + 1, html_.size());
    return tag;
  }

  bool Keep(const Tag& tag) {
    if (IsFormatting(tag.name)) return false;
    if (tag.name == "html" || tag.name == "body") {
      int& seen = tag.name == "html" ? html_tags_ : body_tags_;
      return tag.closing || ++seen == 1;
    }
    if (IsVoid(tag.name) || EndsByItself(tag.name) || IsRawText(tag.name)) return true;
    if (!tag.closing) {
      if (open_.size() < static_cast<size_t>(kDeepestMarkup)) {
        open_.push_back(tag.name);
        return true;
      }
      ++dropped_[tag.name];
      return false;
    }
    if (const auto dropped = dropped_.find(tag.name); dropped != dropped_.end() && dropped->second > 0) {
      --dropped->second;
      return false;
    }
    const auto match = std::find(open_.rbegin(), open_.rend(), tag.name);
    if (match != open_.rend()) open_.erase(std::prev(match.base()), open_.end());
    return true;
  }

  // Copies to the end tag of an element whose content is no markup.
  size_t RawText(const std::string& name, size_t at) {
    size_t end = at;
    while (true) {
      end = html_.find("</", end);
      if (end == html_.npos) break;
      if (StartsWithIgnoringCase(html_.substr(end + 2), name)) break;
      end += 2;
    }
    end = std::min(end, html_.size());
    out_.append(html_.substr(at, end - at));
    return end;
  }

  std::string_view html_;
  std::string out_;
  std::vector<std::string> open_;
  std::unordered_map<std::string, int> dropped_;
  int html_tags_ = 0;
  int body_tags_ = 0;
  bool no_comment_end_ = false;
};

}  // namespace

std::string TameMarkup(std::string_view html) { return Guard(html).Run(); }

}  // namespace interdict::pipeline
