#include "services/ingest/check_evidence.h"

#include <unicode/brkiter.h>
#include <unicode/utext.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "services/server/status.h"

namespace interdict::ingest {
namespace {

using server::InvalidField;

constexpr size_t kMaxSentenceBytes = 1000;
// How far around a span sentence ends are looked for: bounds the work for a text without line ends.
constexpr size_t kWindowBytes = 4000;

bool IsBoundary(const std::string& text, size_t at) {
  return at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
}

struct Range {
  size_t begin = 0;
  size_t end = 0;
};

// The line of the span, within the window.
Range LineAround(const std::string& text, size_t begin, size_t end) {
  Range line;
  const size_t before = begin == 0 ? std::string::npos : text.rfind('\n', begin - 1);
  const size_t after = text.find('\n', end);
  line.begin = before == std::string::npos ? 0 : before + 1;
  line.end = after == std::string::npos ? text.size() : after;
  if (begin - line.begin > kWindowBytes) line.begin = begin - kWindowBytes;
  line.end = std::min(line.end, end + kWindowBytes);
  while (!IsBoundary(text, line.begin)) ++line.begin;
  while (!IsBoundary(text, line.end)) --line.end;
  return line;
}

// From the last sentence start at or before the span to the first sentence end at or after it.
Range SentenceIn(const std::string& text, Range line, size_t begin, size_t end) {
  UErrorCode error = U_ZERO_ERROR;
  std::unique_ptr<icu::BreakIterator> breaks(icu::BreakIterator::createSentenceInstance(icu::Locale::getRoot(), error));
  UText* view = utext_openUTF8(nullptr, text.data() + line.begin, static_cast<int64_t>(line.end - line.begin), &error);
  if (U_FAILURE(error)) return line;
  breaks->setText(view, error);
  const auto from = static_cast<int32_t>(begin - line.begin);
  const auto to = static_cast<int32_t>(end - line.begin);
  Range sentence = line;
  const int32_t start = breaks->isBoundary(from) ? from : breaks->preceding(from);
  if (start != icu::BreakIterator::DONE) sentence.begin = line.begin + static_cast<size_t>(start);
  const int32_t stop = breaks->isBoundary(to) ? to : breaks->following(to);
  if (stop != icu::BreakIterator::DONE) sentence.end = line.begin + static_cast<size_t>(stop);
  utext_close(view);
  return sentence;
}

// Cuts a long sentence at spaces, the span in its middle where that is possible.
Range CutAround(const std::string& text, Range sentence, size_t begin, size_t end) {
  if (sentence.end - sentence.begin <= kMaxSentenceBytes) return sentence;
  const size_t margin = (kMaxSentenceBytes - (end - begin)) / 2;
  Range cut{begin - std::min(begin - sentence.begin, margin), end + std::min(sentence.end - end, margin)};
  if (cut.begin > sentence.begin) {
    const size_t space = text.find(' ', cut.begin);
    cut.begin = space == std::string::npos || space >= begin ? begin : space + 1;
  }
  if (cut.end < sentence.end) {
    const size_t space = text.rfind(' ', cut.end);
    cut.end = space == std::string::npos || space < end ? end : space;
  }
  return cut;
}

bool IsSentenceOf(const std::string& text, const v1::Evidence& evidence) {
  const std::string& sentence = evidence.sentence();
  const size_t begin = evidence.begin_byte();
  const size_t end = evidence.end_byte();
  if (sentence.size() < end - begin) return false;
  const size_t first = end > sentence.size() ? end - sentence.size() : 0;
  for (size_t start = first; start <= begin; ++start) {
    if (text.compare(start, sentence.size(), sentence) == 0) return true;
  }
  return false;
}

absl::Status CheckSpan(const std::string& path, const std::string& text, const v1::Evidence& evidence) {
  const size_t begin = evidence.begin_byte();
  const size_t end = evidence.end_byte();
  if (end > text.size()) {
    return InvalidField(path + ".end_byte", absl::StrCat(end, " lies outside the text of ", text.size(),
                                                         " bytes; count bytes of the UTF-8 main text"));
  }
  if (begin >= end)
    return InvalidField(path + ".begin_byte", "must be less than `end_byte`; mark at least one character");
  if (!IsBoundary(text, begin)) {
    return InvalidField(path + ".begin_byte", "lies inside a character; count bytes of the UTF-8 main text");
  }
  if (!IsBoundary(text, end)) {
    return InvalidField(path + ".end_byte", "lies inside a character; count bytes of the UTF-8 main text");
  }
  if (end - begin > kMaxSpanBytes) {
    return InvalidField(path + ".end_byte", absl::StrCat("the span has ", end - begin, " bytes; at most ",
                                                         kMaxSpanBytes, ", mark what supports the value"));
  }
  return absl::OkStatus();
}

}  // namespace

std::string SentenceAround(const std::string& text, size_t begin, size_t end) {
  if (end - begin > kMaxSentenceBytes) return "";
  const Range line = LineAround(text, begin, end);
  Range sentence = CutAround(text, SentenceIn(text, line, begin, end), begin, end);
  while (sentence.begin < begin && text[sentence.begin] == ' ') ++sentence.begin;
  while (sentence.end > end && (text[sentence.end - 1] == ' ' || text[sentence.end - 1] == '\n')) --sentence.end;
  return text.substr(sentence.begin, sentence.end - sentence.begin);
}

absl::Status CheckAndFillEvidence(const std::string& path, const EvidenceText& text, v1::Evidence* evidence) {
  if (!evidence->document().empty() && evidence->document() != text.document) {
    return InvalidField(path + ".document",
                        "is not the document of this call; leave it out or send a call for each document");
  }
  if (!evidence->text_sha256().empty() && evidence->text_sha256() != text.text_sha256) {
    return InvalidField(path + ".text_sha256", "is not the hash of the stored text (" + text.text_sha256 +
                                                   "); read the document anew and find the spans in that text");
  }
  if (auto status = CheckSpan(path, text.text, *evidence); !status.ok()) return status;
  const size_t begin = evidence->begin_byte();
  const size_t end = evidence->end_byte();
  if (!evidence->quote().empty() && text.text.compare(begin, end - begin, evidence->quote()) != 0) {
    return InvalidField(path + ".quote",
                        "differs from the text between the offsets; correct the offsets or leave it out");
  }
  if (evidence->sentence().size() > kMaxSentenceBytes) {
    return InvalidField(path + ".sentence", absl::StrCat("has more than ", kMaxSentenceBytes, " bytes; leave it out"));
  }
  if (!evidence->sentence().empty() && !IsSentenceOf(text.text, *evidence)) {
    return InvalidField(path + ".sentence", "is not what stands around the span; leave it out");
  }
  evidence->set_document(text.document);
  evidence->set_text_sha256(text.text_sha256);
  evidence->set_quote(text.text.substr(begin, end - begin));
  if (evidence->sentence().empty()) evidence->set_sentence(SentenceAround(text.text, begin, end));
  return absl::OkStatus();
}

}  // namespace interdict::ingest
