#include "services/ingest/pipeline/syntax/training/treebank_names.h"

#include <algorithm>

#include "absl/strings/str_split.h"

namespace interdict::pipeline {
namespace {

std::string LabelOf(const std::string& type) {
  if (type == "person") return "PERSON";
  if (type == "organization") return "ORGANIZATION";
  if (type == "place") return "LOCATION";
  return "";
}

bool IsTitle(const std::string& form) {
  for (const char* title :
       {"Mr.",     "Mr",      "Mrs.",    "Mrs",      "Ms.",   "Ms",      "Dr.",   "Dr",    "President", "Professor",
        "Justice", "General", "Senator", "Minister", "Judge", "Captain", "Prime", "Chief", "Sir",       "Queen"})
    if (form == title) return true;
  return false;
}

}  // namespace

void NameReader::StartDocument() {
  open_.clear();
  closed_.clear();
}

void NameReader::Read(const std::vector<TreebankWord>& words) {
  closed_.clear();
  for (Span& span : open_) span.first = -1;  // goes on from the sentence before
  for (int w = 0; w < static_cast<int>(words.size()); ++w) {
    std::string marks;
    for (const std::string& mark : std::vector<std::string>(absl::StrSplit(words[static_cast<size_t>(w)].marks, '|')))
      if (mark.starts_with("Entity=")) marks = mark.substr(7);
    for (size_t at = 0; at < marks.size();) {
      size_t end = at + 1;
      while (end < marks.size() && marks[end] != '(' && marks[end] != ')') ++end;
      const bool opens = marks[at] == '(';
      const bool closes = end < marks.size() && marks[end] == ')';
      const std::vector<std::string> cells =
          absl::StrSplit(marks.substr(opens ? at + 1 : at, end - at - (opens ? 1 : 0)), '-');
      if (opens) open_.push_back({cells[0], cells.size() > 1 ? cells[1] : "", w, w});
      if (closes) {
        const auto found = std::find_if(open_.rbegin(), open_.rend(), [&](const Span& s) { return s.id == cells[0]; });
        if (found != open_.rend()) {
          found->last = w;
          if (found->first >= 0) closed_.push_back(*found);
          open_.erase(std::next(found).base());
        }
        ++end;
      }
      at = end;
    }
  }
}

std::vector<std::string> NameReader::Labels(const std::vector<TreebankWord>& words,
                                            const std::vector<Token>& tokens) const {
  std::vector<std::string> of_word(words.size());
  std::vector<int> run(words.size(), -1);
  // Outer spans first: the inner name of "the mayor of Gdansk" is another entity, "University of Gdansk" is one.
  std::vector<Span> spans = closed_;
  std::stable_sort(spans.begin(), spans.end(),
                   [](const Span& a, const Span& b) { return a.last - a.first > b.last - b.first; });
  int number = 0;
  for (const Span& span : spans) {
    const std::string label = LabelOf(span.type);
    int head = span.first;
    while (head <= span.last && words[static_cast<size_t>(head)].head >= span.first &&
           words[static_cast<size_t>(head)].head <= span.last)
      ++head;
    if (label.empty() || head > span.last || words[static_cast<size_t>(head)].tag != "PROPN") continue;
    // From the head outwards as far as the name reaches.
    const auto of_name = [&](int w) {
      const TreebankWord& word = words[static_cast<size_t>(w)];
      return word.tag == "PROPN" || (!word.form.empty() && word.form[0] >= 'A' && word.form[0] <= 'Z' &&
                                     word.tag != "DET" && word.tag != "PRON");
    };
    const auto is_link = [&](int w) {
      const std::string& form = words[static_cast<size_t>(w)].form;
      return form == "of" || form == "and" || form == "for" || form == "the" || form == "&" || form == "-" ||
             form == "de";
    };
    int first = head;
    while (first > span.first && (of_name(first - 1) || (first - 2 >= span.first && is_link(first - 1) &&
                                                         of_name(first - 2) && label == "ORGANIZATION")))
      --first;
    int last = head;
    while (last < span.last &&
           (of_name(last + 1) ||
            (last + 2 <= span.last && is_link(last + 1) && of_name(last + 2) && label == "ORGANIZATION") ||
            (last + 3 <= span.last && is_link(last + 1) && is_link(last + 2) && of_name(last + 3) &&
             label == "ORGANIZATION")))
      ++last;
    while (label == "PERSON" && first < last && IsTitle(words[static_cast<size_t>(first)].form)) ++first;
    if (!of_word[static_cast<size_t>(head)].empty()) continue;
    for (int w = first; w <= last; ++w) {
      if (!of_word[static_cast<size_t>(w)].empty()) continue;
      of_word[static_cast<size_t>(w)] = label;
      run[static_cast<size_t>(w)] = number;
    }
    ++number;
  }
  std::vector<std::string> labels;
  size_t word = 0;
  int last_run = -1;
  for (const Token& token : tokens) {
    while (word < words.size() && words[word].end <= token.begin) ++word;
    const bool named = word < words.size() && !of_word[word].empty();
    if (!named) {
      labels.push_back("O");
    } else {
      labels.push_back((run[word] == last_run ? "I-" : "B-") + of_word[word]);
    }
    last_run = named ? run[word] : -1;
  }
  return labels;
}

}  // namespace interdict::pipeline
