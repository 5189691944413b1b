#include "services/ingest/formats/feed_items.h"

#include <expat.h>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "services/ingest/pipeline/decode/ascii.h"

namespace interdict::formats {
namespace {

constexpr size_t kMaxDepth = 256;
constexpr size_t kMaxRootTagBytes = 64 * 1024;
constexpr size_t kPieceBytes = 64 * 1024;
constexpr size_t kMostMistakes = 1000;

// Namespaces by what they are for. Core is the feed's own: none in RSS 2.0.
constexpr std::string_view kCore = "";
constexpr std::string_view kAtom = "atom";
constexpr std::string_view kContent = "content";
constexpr std::string_view kDublinCore = "dc";
constexpr std::string_view kForeign = "?";

std::string_view Purpose(std::string_view uri) {
  if (uri.empty() || uri == "http://purl.org/rss/1.0/" || uri == "http://my.netscape.com/rdf/simple/0.9/" ||
      uri == "http://backend.userland.com/rss2" || uri == "http://www.w3.org/1999/02/22-rdf-syntax-ns#") {
    return kCore;
  }
  if (uri == "http://www.w3.org/2005/Atom" || uri == "http://purl.org/atom/ns#") return kAtom;
  if (uri == "http://purl.org/rss/1.0/modules/content/") return kContent;
  if (uri == "http://purl.org/dc/elements/1.1/" || uri == "http://purl.org/dc/terms/") return kDublinCore;
  return kForeign;
}

struct Name {
  std::string_view purpose;
  std::string local;

  bool Is(std::string_view wanted, std::string_view name) const { return purpose == wanted && local == name; }
};

void AppendEscaped(std::string_view text, std::string& out) {
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
}

// Reads the file with one expat parser, and after a mistake with another one from the next item on.
class Reader {
 public:
  Reader(std::string_view text, uint64_t max_item_bytes, uint64_t max_items)
      : text_(text), max_item_bytes_(max_item_bytes), max_items_(max_items) {}

  absl::StatusOr<std::vector<FeedItem>> Run() {
    size_t from = 0;
    for (size_t mistakes = 0; from < text_.size(); ++mistakes) {
      const size_t stopped = ParseFrom(from);
      if (!refused_.empty()) return absl::InvalidArgumentError(refused_);
      if (stopped == std::string_view::npos) break;
      if (root_tag_.empty() || root_tag_.size() > kMaxRootTagBytes || mistakes == kMostMistakes) {
        return absl::InvalidArgumentError(absl::StrCat(
            "line ", LineAt(stopped), ": ", mistake_, root_tag_.empty() ? "; this is no feed" : "; reading ends here"));
      }
      // Behind a mistake the closing tags of what was open before it are left over, and are none. Expat stops at their
      // name.
      const bool left_over = from > 0 && (stopped >= text_.size() || text_.substr(0, stopped).ends_with("</"));
      if (in_item_ || !left_over) {
        if (!in_item_) item_ = FeedItem();
        item_.line = in_item_ ? item_.line : LineAt(stopped);
        item_.problem = absl::StrCat("line ", LineAt(stopped), ": ", mistake_);
        items_.push_back(std::move(item_));
      }
      from = NextItem(std::max(stopped, from + 1));
    }
    if (root_tag_.empty()) return absl::InvalidArgumentError("holds no <rss>, <feed> or <rdf:RDF>; this is no feed");
    return std::move(items_);
  }

 private:
  using Parser = std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)>;

  // Parses from byte `from`; npos at a good end, else the byte of the mistake.
  size_t ParseFrom(size_t from) {
    const Parser parser(XML_ParserCreate("UTF-8"), &XML_ParserFree);
    parser_ = parser.get();
    XML_SetUserData(parser_, this);
    XML_SetElementHandler(parser_, &Reader::OnStart, &Reader::OnEnd);
    XML_SetCharacterDataHandler(parser_, &Reader::OnText);
    XML_SetEntityDeclHandler(parser_, &Reader::OnEntity);
    XML_SetParamEntityParsing(parser_, XML_PARAM_ENTITY_PARSING_NEVER);
    depth_ = 0;
    in_item_ = false;
    field_depth_ = 0;
    mistake_.clear();
    base_ = static_cast<int64_t>(from);
    if (from > 0) {
      base_ -= static_cast<int64_t>(root_tag_.size());
      if (XML_Parse(parser_, root_tag_.data(), static_cast<int>(root_tag_.size()), XML_FALSE) != XML_STATUS_OK)
        return from;
    }
    for (size_t at = from;;) {
      const std::string_view piece = text_.substr(at, kPieceBytes);
      at += piece.size();
      const bool last = at >= text_.size();
      if (XML_Parse(parser_, piece.data(), static_cast<int>(piece.size()), last) != XML_STATUS_OK) {
        if (mistake_.empty()) mistake_ = XML_ErrorString(XML_GetErrorCode(parser_));
        const int64_t stopped = base_ + XML_GetCurrentByteIndex(parser_);
        return static_cast<size_t>(std::clamp<int64_t>(stopped, static_cast<int64_t>(from), static_cast<int64_t>(at)));
      }
      if (last) return std::string_view::npos;
    }
  }

  // Where the next item opens behind `at`.
  size_t NextItem(size_t at) const {
    for (at = text_.find('<', at); at != text_.npos; at = text_.find('<', at + 1)) {
      std::string_view name = text_.substr(at + 1, 64);
      name = name.substr(0, name.find_first_of(" \t\r\n/>"));
      if (const size_t colon = name.find(':'); colon != name.npos) name.remove_prefix(colon + 1);
      if (name == "item" || name == "entry") return at;
    }
    return text_.size();
  }

  uint64_t LineAt(size_t byte) {
    byte = std::min(byte, text_.size());
    if (byte < counted_to_) {
      counted_to_ = 0;
      lines_ = 1;
    }
    lines_ += static_cast<uint64_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(counted_to_),
                                               text_.begin() + static_cast<std::ptrdiff_t>(byte), '\n'));
    counted_to_ = byte;
    return lines_;
  }

  void Stop(std::string why) {
    if (!mistake_.empty()) return;
    mistake_ = std::move(why);
    XML_StopParser(parser_, XML_FALSE);
  }
  void Refuse(std::string why) {
    refused_ = why;
    Stop(std::move(why));
  }

  static Reader& Of(void* data) { return *static_cast<Reader*>(data); }
  static void XMLCALL OnEntity(void* data, const XML_Char*, int, const XML_Char*, int, const XML_Char*, const XML_Char*,
                               const XML_Char*, const XML_Char*) {
    Of(data).Refuse("entities are declared here, which no feed needs; they are refused");
  }
  static void XMLCALL OnStart(void* data, const XML_Char* name, const XML_Char** attributes) {
    Of(data).Start(name, attributes);
  }
  static void XMLCALL OnEnd(void* data, const XML_Char* name) { Of(data).End(name); }
  static void XMLCALL OnText(void* data, const XML_Char* text, int size) {
    Of(data).Text({text, static_cast<size_t>(size)});
  }

  void ReadNamespaces(const XML_Char** attributes) {
    for (; *attributes != nullptr; attributes += 2) {
      const std::string_view key = attributes[0];
      if (key == "xmlns") namespaces_[""] = attributes[1];
      if (key.starts_with("xmlns:") && namespaces_.size() < 100)
        namespaces_[std::string(key.substr(6))] = attributes[1];
    }
  }
  // Declared prefixes by their namespace, the usual ones also without a declaration.
  Name Resolve(std::string_view qualified) const {
    const size_t colon = qualified.find(':');
    const std::string prefix(colon == qualified.npos ? "" : qualified.substr(0, colon));
    const std::string local(colon == qualified.npos ? qualified : qualified.substr(colon + 1));
    if (prefix.empty() && !root_tag_.empty() && !is_atom_) return {kCore, local};
    if (const auto known = namespaces_.find(prefix); known != namespaces_.end()) return {Purpose(known->second), local};
    if (prefix.empty()) return {kCore, local};
    for (const std::string_view usual : {kAtom, kContent, kDublinCore}) {
      if (prefix == usual) return {usual, local};
    }
    return {prefix == "rdf" ? kCore : kForeign, local};
  }
  static std::string_view Attribute(const XML_Char** attributes, std::string_view name) {
    for (; *attributes != nullptr; attributes += 2) {
      if (name == attributes[0]) return attributes[1];
    }
    return {};
  }

  void Start(std::string_view qualified, const XML_Char** attributes) {
    if (!mistake_.empty()) return;
    if (++depth_ > kMaxDepth) return Stop(absl::StrCat("elements are nested deeper than ", kMaxDepth));
    if (field_depth_ > 0) return StartInField(qualified, attributes);
    ReadNamespaces(attributes);
    const Name name = Resolve(qualified);
    if (depth_ == 1) return StartRoot(name);
    if (!in_item_ && (name.Is(core_, "item") || name.Is(core_, "entry"))) return StartItem();
    if (in_item_ ? depth_ == item_depth_ + 1 || ForPerson(name)
                 : name.Is(core_, "title") && parent_ != "image" && parent_ != "textinput") {
      StartField(name, attributes);
    }
    if (field_depth_ == 0) parent_ = name.local;
  }
  // <name> in <author>, <title> in <source>.
  bool ForPerson(const Name& name) const {
    return depth_ == item_depth_ + 2 &&
           ((parent_ == "author" && name.local == "name") || (parent_ == "source" && name.local == "title"));
  }

  void StartRoot(const Name& name) {
    if (!root_tag_.empty()) return;  // resumed
    if (name.local != "rss" && name.local != "feed" && name.local != "RDF") {
      return Refuse(absl::StrCat("the first element is <", name.local, ">; this is no RSS or Atom feed"));
    }
    is_atom_ = name.local == "feed";
    core_ = is_atom_ ? name.purpose : kCore;
    const auto begin = static_cast<size_t>(XML_GetCurrentByteIndex(parser_));
    root_tag_ = std::string(text_.substr(begin, static_cast<size_t>(XML_GetCurrentByteCount(parser_))));
  }

  void StartItem() {
    if (items_.size() >= max_items_) return Refuse(absl::StrCat("more than ", max_items_, " items; split the feed"));
    in_item_ = true;
    item_depth_ = depth_;
    item_bytes_ = 0;
    item_ = FeedItem();
    item_.line = LineAt(static_cast<size_t>(std::max<int64_t>(0, base_ + XML_GetCurrentByteIndex(parser_))));
    parent_.clear();
  }

  void StartField(const Name& name, const XML_Char** attributes) {
    field_ = FieldOf(name, attributes);
    if (field_ == Field::kNone) return;
    if (field_ == Field::kAtomLink) {
      const std::string_view relation = Attribute(attributes, "rel");
      const std::string_view target = Attribute(attributes, "href");
      if ((relation.empty() || relation == "alternate") && item_.link.empty()) item_.link = std::string(target);
      return;
    }
    const std::string_view type = Attribute(attributes, "type");
    kind_ = FeedText::Kind::kUnknown;
    if (is_atom_) {
      const bool html = type == "html" || type == "xhtml" || type == "text/html" || type == "application/xhtml+xml";
      kind_ = html ? FeedText::Kind::kHtml : FeedText::Kind::kPlain;
    }
    is_permalink_ = Attribute(attributes, "isPermaLink") != "false";
    field_depth_ = depth_;
    captured_.clear();
    markup_.clear();
    has_elements_ = false;
  }

  enum class Field {
    kNone,
    kFeedTitle,
    kTitle,
    kContent,
    kEncoded,
    kSummary,
    kLink,
    kAtomLink,
    kGuid,
    kId,
    kPublished,
    kUpdated,
    kAuthor,
    kSource
  };
  Field FieldOf(const Name& name, const XML_Char** attributes) const {
    if (!in_item_) return depth_ <= 3 ? Field::kFeedTitle : Field::kNone;
    if (depth_ == item_depth_ + 2) return name.local == "name" ? Field::kAuthor : Field::kSource;
    if (name.Is(kContent, "encoded")) return Field::kEncoded;
    if (name.Is(kDublinCore, "creator")) return Field::kAuthor;
    if (name.Is(kDublinCore, "date")) return Field::kPublished;
    if (name.Is(kDublinCore, "publisher")) return Field::kSource;
    if (name.purpose != core_) return Field::kNone;
    if (name.local == "title") return Field::kTitle;
    if (name.local == "description" || name.local == "summary") return Field::kSummary;
    if (name.local == "content")
      return is_atom_ && Attribute(attributes, "src").empty() ? Field::kContent : Field::kNone;
    if (name.local == "link") return is_atom_ ? Field::kAtomLink : Field::kLink;
    if (name.local == "guid") return Field::kGuid;
    if (name.local == "id") return Field::kId;
    if (name.local == "pubDate" || name.local == "published" || name.local == "issued") return Field::kPublished;
    if (name.local == "updated" || name.local == "modified") return Field::kUpdated;
    if (name.local == "author") return is_atom_ ? Field::kNone : Field::kAuthor;
    if (name.local == "source") return is_atom_ ? Field::kNone : Field::kSource;
    return Field::kNone;
  }

  // An element in a field: XHTML content, or HTML that somebody forgot to escape.
  void StartInField(std::string_view qualified, const XML_Char** attributes) {
    has_elements_ = true;
    std::string_view local = qualified;
    if (const size_t colon = local.find(':'); colon != local.npos) local.remove_prefix(colon + 1);
    const size_t before = markup_.size();
    absl::StrAppend(&markup_, "<", std::string(local));
    for (; *attributes != nullptr; attributes += 2) {
      if (std::string_view(attributes[0]).starts_with("xmlns")) continue;
      absl::StrAppend(&markup_, " ", attributes[0], "=\"");
      AppendEscaped(attributes[1], markup_);
      markup_ += '"';
    }
    markup_ += '>';
    Count(markup_.size() - before);
  }

  void Text(std::string_view text) {
    if (field_depth_ == 0 || !mistake_.empty()) return;
    if (!Count(text.size())) return;
    captured_ += text;
    AppendEscaped(text, markup_);
  }
  // Keeps what an item may hold; false beyond.
  bool Count(size_t bytes) {
    item_bytes_ += bytes;
    if (item_bytes_ <= max_item_bytes_) return true;
    if (item_.problem.empty())
      item_.problem = absl::StrCat("is larger than the limit of ", max_item_bytes_, " bytes (--max-document-bytes)");
    captured_.clear();
    markup_.clear();
    return false;
  }

  void End(std::string_view qualified) {
    if (!mistake_.empty()) return;
    --depth_;
    if (field_depth_ > 0) {
      if (depth_ + 1 == field_depth_) return EndField();
      std::string_view local = qualified;
      if (const size_t colon = local.find(':'); colon != local.npos) local.remove_prefix(colon + 1);
      if (!IsVoid(local)) absl::StrAppend(&markup_, "</", std::string(local), ">");
      return;
    }
    if (in_item_ && depth_ + 1 == item_depth_) {
      item_.feed_title = feed_title_;
      items_.push_back(std::move(item_));
      in_item_ = false;
    }
    if (depth_ <= item_depth_ || !in_item_) parent_.clear();
  }
  static bool IsVoid(std::string_view name) {
    return name == "br" || name == "img" || name == "hr" || name == "wbr" || name == "input" || name == "source";
  }

  void EndField() {
    field_depth_ = 0;
    FeedText text{captured_, kind_};
    if (has_elements_) text = {std::move(markup_), FeedText::Kind::kHtml};
    const std::string plain(pipeline::TrimAscii(captured_));
    const auto take = [&plain](std::string& into) {
      if (into.empty()) into = plain;
    };
    switch (field_) {
      case Field::kFeedTitle:
        take(feed_title_);
        break;
      case Field::kTitle:
        if (item_.title.empty()) item_.title = std::move(text);
        break;
      case Field::kEncoded:
        if (!text.empty()) item_.content = {std::move(text.text), FeedText::Kind::kHtml};
        break;
      case Field::kContent:
        if (item_.content.empty()) item_.content = std::move(text);
        break;
      case Field::kSummary:
        if (item_.summary.empty()) item_.summary = std::move(text);
        break;
      case Field::kLink:
        take(item_.link);
        break;
      case Field::kGuid:
        take(item_.id);
        if (item_.link.empty() && is_permalink_ && plain.starts_with("http")) item_.link = plain;
        break;
      case Field::kId:
        take(item_.id);
        break;
      case Field::kPublished:
        take(item_.published);
        break;
      case Field::kUpdated:
        take(item_.updated);
        break;
      case Field::kAuthor:
        if (!plain.empty()) absl::StrAppend(&item_.author, item_.author.empty() ? "" : ", ", plain);
        break;
      case Field::kSource:
        take(item_.source);
        break;
      case Field::kNone:
      case Field::kAtomLink:
        break;
    }
    captured_.clear();
    markup_.clear();
  }

  const std::string_view text_;
  const uint64_t max_item_bytes_;
  const uint64_t max_items_;
  std::vector<FeedItem> items_;
  std::map<std::string, std::string> namespaces_;
  std::string_view core_ = kCore;
  bool is_atom_ = false;
  std::string root_tag_;  // raw, to go on with behind a mistake
  std::string feed_title_;
  std::string refused_;  // not empty: the whole file is
  uint64_t lines_ = 1;   // up to byte counted_to_
  size_t counted_to_ = 0;

  // Of the parser at work. Its byte 0 is byte `base_` of the text.
  XML_Parser parser_ = nullptr;
  int64_t base_ = 0;
  std::string mistake_;
  size_t depth_ = 0;
  std::string parent_;  // the last element that opened outside of fields

  bool in_item_ = false;
  size_t item_depth_ = 0;
  uint64_t item_bytes_ = 0;
  FeedItem item_;

  size_t field_depth_ = 0;  // 0: in no field
  Field field_ = Field::kNone;
  FeedText::Kind kind_ = FeedText::Kind::kUnknown;
  bool is_permalink_ = true;
  bool has_elements_ = false;
  std::string captured_;
  std::string markup_;
};

}  // namespace

absl::StatusOr<std::vector<FeedItem>> ReadFeedItems(std::string_view text, uint64_t max_item_bytes,
                                                    uint64_t max_items) {
  return Reader(text, max_item_bytes, max_items).Run();
}

}  // namespace interdict::formats
