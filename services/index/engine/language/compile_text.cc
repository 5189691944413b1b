#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/index/engine/analyzer.h"
#include "services/index/engine/language/compile.h"

namespace interdict::index {
namespace {

using Kind = TextNode::Kind;
// A clause; nullopt: no word in it.
using Compiled = absl::StatusOr<std::optional<QueryNode>>;

constexpr size_t kMaxPhraseWords = 64;

class TextCompiler {
 public:
  explicit TextCompiler(const FieldCatalog& catalog) : catalog_(catalog) {}
  Compiled Compile(const TextNode& node);

 private:
  // The two ways in which fields hold words.
  enum class Form { kStemmed, kPlain };

  Compiled Operator(const TextNode& node);
  Compiled Phrase(const TextNode& node);
  Compiled Near(const TextNode& node);
  Compiled Expanded(const TextNode& node);
  FieldMask MaskOf(const TextNode& node) const {
    return node.field.empty() ? catalog_.all_texts() : catalog_.TextMask(node.field);
  }
  FieldMask MaskOf(FieldMask mask, Form form) const {
    return form == Form::kStemmed ? mask & catalog_.stemmed() : mask & ~catalog_.stemmed();
  }
  QueryNode Words(const std::vector<std::string>& folded, FieldMask mask, bool exact, Form form);
  // The clause in fields of either form, as `make` makes it.
  template <typename Make>
  QueryNode InBothForms(FieldMask mask, const Make& make) {
    std::vector<QueryNode> forms;
    for (const Form form : {Form::kStemmed, Form::kPlain}) {
      if (MaskOf(mask, form) != 0) forms.push_back(make(MaskOf(mask, form), form));
    }
    return forms.size() == 1 ? std::move(forms[0]) : Or(std::move(forms));
  }

  const FieldCatalog& catalog_;
  Stemmer stemmer_;
};

void SetSpan(SourceSpan span, QueryNode& node) {
  node.source_begin = span.begin;
  node.source_end = span.end;
  for (QueryNode& child : node.children) {
    if (child.source_end == 0) SetSpan(span, child);
  }
}

Compiled TextCompiler::Compile(const TextNode& node) {
  Compiled compiled = std::optional<QueryNode>();
  switch (node.kind) {
    case Kind::kEverything:
      return std::optional<QueryNode>(AllDocuments());
    case Kind::kWord:
    case Kind::kPhrase:
      compiled = Phrase(node);
      break;
    case Kind::kPrefix:
    case Kind::kFuzzy:
      compiled = Expanded(node);
      break;
    case Kind::kNear:
      compiled = Near(node);
      break;
    case Kind::kAnd:
    case Kind::kOr:
    case Kind::kNot:
      compiled = Operator(node);
      break;
  }
  if (compiled.ok() && compiled->has_value()) SetSpan(node.span, **compiled);
  return compiled;
}

Compiled TextCompiler::Operator(const TextNode& node) {
  std::vector<QueryNode> children;
  for (const TextNode& child : node.children) {
    Compiled compiled = Compile(child);
    if (!compiled.ok()) return compiled;
    if (compiled->has_value()) children.push_back(**std::move(compiled));
  }
  if (children.empty()) return std::optional<QueryNode>();
  if (node.kind == Kind::kNot) return std::optional<QueryNode>(Not(std::move(children[0])));
  if (children.size() == 1) return std::optional<QueryNode>(std::move(children[0]));
  return std::optional<QueryNode>(node.kind == Kind::kAnd ? And(std::move(children)) : Or(std::move(children)));
}

// One word or several that follow each other, in fields of one form.
QueryNode TextCompiler::Words(const std::vector<std::string>& folded, FieldMask mask, bool exact, Form form) {
  std::vector<std::string> words = folded;
  const bool stem = form == Form::kStemmed && !exact;
  if (stem) std::transform(words.begin(), words.end(), words.begin(), [&](const auto& w) { return stemmer_.Stem(w); });
  const bool in_exact_forms = form == Form::kStemmed && exact;
  if (words.size() == 1) return Term(std::move(words[0]), mask, in_exact_forms);
  return index::Phrase(std::move(words), mask, in_exact_forms);
}

Compiled TextCompiler::Phrase(const TextNode& node) {
  const std::vector<std::string> folded = Analyze(node.text, kMaxPhraseWords + 1);
  if (folded.empty()) return std::optional<QueryNode>();
  if (folded.size() > kMaxPhraseWords) {
    return SyntaxError(node.span, absl::StrCat("a phrase has at most ", kMaxPhraseWords, " words"),
                       "\"centrifuge bearing\"");
  }
  const FieldMask mask = MaskOf(node);
  const bool same = !node.exact && std::all_of(folded.begin(), folded.end(),
                                               [this](const auto& word) { return stemmer_.Stem(word) == word; });
  if (same) return std::optional<QueryNode>(Words(folded, mask, false, Form::kPlain));
  return std::optional<QueryNode>(
      InBothForms(mask, [&](FieldMask fields, Form form) { return Words(folded, fields, node.exact, form); }));
}

Compiled TextCompiler::Near(const TextNode& node) {
  std::vector<std::pair<const TextNode*, std::vector<std::string>>> parts;
  for (const TextNode& child : node.children) {
    std::vector<std::string> folded = Analyze(child.text, kMaxPhraseWords);
    if (!folded.empty()) parts.emplace_back(&child, std::move(folded));
  }
  if (parts.empty()) return std::optional<QueryNode>();
  return std::optional<QueryNode>(InBothForms(MaskOf(node), [&](FieldMask fields, Form form) {
    std::vector<QueryNode> children;
    for (const auto& [child, folded] : parts) children.push_back(Words(folded, fields, child->exact, form));
    if (children.size() == 1) return std::move(children[0]);
    return index::Near(node.number, std::move(children), fields);
  }));
}

// Prefix and fuzzy words are looked up among the unstemmed forms.
Compiled TextCompiler::Expanded(const TextNode& node) {
  std::vector<std::string> folded = Analyze(node.text, 2);
  if (folded.empty()) return std::optional<QueryNode>();
  if (folded.size() > 1) {
    return SyntaxError(node.span, absl::StrCat(Shown(node.text), " is several words, and `*` and `~` go with one"),
                       "\"T 54\" OR \"T 55\"");
  }
  return std::optional<QueryNode>(InBothForms(MaskOf(node), [&](FieldMask fields, Form form) {
    const bool exact = form == Form::kStemmed;
    return node.kind == Kind::kPrefix ? Prefix(folded[0], fields, exact) : Fuzzy(folded[0], node.number, fields, exact);
  }));
}

}  // namespace

absl::StatusOr<QueryNode> CompileText(const TextNode& node, const FieldCatalog& catalog) {
  auto compiled = TextCompiler(catalog).Compile(node);
  if (!compiled.ok()) return compiled.status();
  if (!compiled->has_value()) {
    return SyntaxError(node.span, "the query holds no word, only signs; leave it empty to find everything",
                       "rifle AND malta");
  }
  return **std::move(compiled);
}

}  // namespace interdict::index
