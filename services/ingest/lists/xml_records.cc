#include "services/ingest/lists/xml_records.h"

#include <expat.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/ingest/lists/list_parser.h"

namespace interdict::ingest {
namespace {

constexpr size_t kMaxDepth = 32;
constexpr size_t kMaxRecordNodes = 100'000;
constexpr size_t kMaxRecordBytes = 8 << 20;
constexpr size_t kMaxPieceBytes = 1 << 20;

const std::string& Nothing() {
  static const std::string* const kNothing = new std::string;
  return *kNothing;
}

std::string_view LocalName(std::string_view name) {
  const size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool IsOneOf(std::string_view name, const std::vector<std::string>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

const XmlNode* XmlNode::Child(std::string_view child) const {
  for (const XmlNode& each : children) {
    if (each.name == child) return &each;
  }
  return nullptr;
}

const std::string& XmlNode::Text(std::string_view path) const {
  const XmlNode* at = this;
  while (at != nullptr && !path.empty()) {
    const size_t slash = path.find('/');
    at = at->Child(path.substr(0, slash));
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  return at == nullptr ? Nothing() : at->text;
}

const std::string& XmlNode::Attribute(std::string_view attribute) const {
  for (const auto& [name, value] : attributes) {
    if (name == attribute) return value;
  }
  return Nothing();
}

void XmlNode::ForEach(std::string_view path, const std::function<void(const XmlNode&)>& visit) const {
  const size_t slash = path.find('/');
  const std::string_view step = path.substr(0, slash);
  for (const XmlNode& child : children) {
    if (child.name != step) continue;
    if (slash == std::string_view::npos) {
      visit(child);
    } else {
      child.ForEach(path.substr(slash + 1), visit);
    }
  }
}

struct XmlRecordReader::State {
  explicit State(XmlRecordOptions given)
      : options(std::move(given)), parser(XML_ParserCreate(nullptr), &XML_ParserFree) {
    XML_SetUserData(parser.get(), this);
    XML_SetElementHandler(parser.get(), &State::OnStart, &State::OnEnd);
    XML_SetCharacterDataHandler(parser.get(), &State::OnText);
    XML_SetEntityDeclHandler(parser.get(), &State::OnEntity);
    XML_SetParamEntityParsing(parser.get(), XML_PARAM_ENTITY_PARSING_NEVER);
  }

  static State& Of(void* data) { return *static_cast<State*>(data); }

  // Expat calls nothing more after this.
  void Stop(const std::string& why) {
    if (!problem.empty()) return;
    problem = why;
    XML_StopParser(parser.get(), XML_FALSE);
  }

  static void XMLCALL OnEntity(void* data, const XML_Char*, int, const XML_Char*, int, const XML_Char*, const XML_Char*,
                               const XML_Char*, const XML_Char*) {
    Of(data).Stop("entities are declared here, which no reference list needs; they are refused");
  }

  static void XMLCALL OnStart(void* data, const XML_Char* name, const XML_Char** attributes) {
    Of(data).Start(LocalName(name), attributes);
  }
  static void XMLCALL OnEnd(void* data, const XML_Char*) { Of(data).End(); }
  static void XMLCALL OnText(void* data, const XML_Char* text, int size) {
    Of(data).Text({text, static_cast<size_t>(size)});
  }

  void Start(std::string_view name, const XML_Char** attributes) {
    if (!problem.empty()) return;
    if (open.size() >= kMaxDepth) return Stop(absl::StrCat("elements are nested deeper than ", kMaxDepth));
    if (open.empty() && !IsOneOf(name, options.roots)) {
      return Stop(absl::StrCat("the root element is <", std::string(name), ">, but this format's is <",
                               absl::StrJoin(options.roots, "> or <"), ">"));
    }
    XmlNode node;
    node.name = std::string(name);
    for (; *attributes != nullptr; attributes += 2) {
      node.attributes.emplace_back(std::string(LocalName(attributes[0])), attributes[1]);
      record_bytes += node.attributes.back().first.size() + node.attributes.back().second.size();
    }
    if (record_depth == 0 && IsOneOf(name, options.records)) {
      record_depth = open.size() + 1;
      record_nodes = 0;
      record_bytes = 0;
    }
    if (++record_nodes > kMaxRecordNodes && record_depth > 0) {
      return Stop(absl::StrCat("a record has more than ", kMaxRecordNodes, " elements"));
    }
    if (open.empty() && options.on_other) options.on_other(node);
    open.push_back(std::move(node));
  }

  void Text(std::string_view text) {
    if (open.empty() || !problem.empty()) return;
    record_bytes += text.size();
    if (record_depth > 0 && record_bytes > kMaxRecordBytes) {
      return Stop(absl::StrCat("a record is larger than ", kMaxRecordBytes, " bytes"));
    }
    std::string& into = open.back().text;
    if (record_depth == 0 && into.size() + text.size() > kMaxPieceBytes) {
      if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return;  // indentation of a long list
      return Stop(absl::StrCat("text outside of a record is larger than ", kMaxPieceBytes, " bytes"));
    }
    into.append(text);
  }

  void End() {
    if (!problem.empty()) return;  // expat ends an empty element though it was stopped
    XmlNode node = std::move(open.back());
    open.pop_back();
    absl::StripAsciiWhitespace(&node.text);
    if (record_depth == 0) {
      if (!open.empty() && options.on_other) options.on_other(node);
      return;
    }
    if (open.size() + 1 == record_depth) {
      record_depth = 0;
      options.on_record(node);
      return;
    }
    open.back().children.push_back(std::move(node));
  }

  absl::Status Error() const {
    const std::string why = problem.empty()
                                ? absl::StrCat(XML_ErrorString(XML_GetErrorCode(parser.get())),
                                               record_depth > 0 || !open.empty() ? " (is it truncated?)" : "")
                                : problem;
    return MalformedList(XML_GetCurrentLineNumber(parser.get()), XML_GetCurrentColumnNumber(parser.get()) + 1, why);
  }

  absl::Status Parse(std::string_view bytes, bool last) {
    while (true) {
      const std::string_view piece = bytes.substr(0, kMaxPieceBytes);
      bytes.remove_prefix(piece.size());
      const bool end = last && bytes.empty();
      if (XML_Parse(parser.get(), piece.data(), static_cast<int>(piece.size()), end) != XML_STATUS_OK) return Error();
      if (bytes.empty()) return absl::OkStatus();
    }
  }

  const XmlRecordOptions options;
  std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser;
  std::string problem;
  std::vector<XmlNode> open;  // from the root to the element that is being read
  size_t record_depth = 0;    // of the record that is being read; 0: none
  size_t record_nodes = 0;
  size_t record_bytes = 0;
};

XmlRecordReader::XmlRecordReader(XmlRecordOptions options) : state_(std::make_unique<State>(std::move(options))) {}

XmlRecordReader::~XmlRecordReader() = default;

absl::Status XmlRecordReader::Feed(std::string_view bytes) { return state_->Parse(bytes, /*last=*/false); }

absl::Status XmlRecordReader::Finish() { return state_->Parse({}, /*last=*/true); }

}  // namespace interdict::ingest
