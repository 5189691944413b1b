#include "services/ingest/pipeline/assemble/reading.h"

#include <algorithm>

namespace interdict::pipeline {
namespace {

constexpr uint32_t kMaxSentenceBytes = 1000;

bool IsBoundary(const std::string& text, uint32_t at) {
  return at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
}

}  // namespace

v1::Evidence Reading::Cite(uint32_t begin, uint32_t end) const {
  v1::Evidence e;
  e.set_document(document);
  e.set_text_sha256(text_sha256);
  uint32_t from = begin;
  uint32_t to = end;
  const auto after = std::upper_bound(text.sentences.begin(), text.sentences.end(), begin,
                                      [](uint32_t b, const Sentence& s) { return b < s.begin; });
  if (after != text.sentences.begin()) {
    const Sentence& s = *std::prev(after);
    from = std::min(s.begin, begin);
    to = std::max(std::min(s.end, static_cast<uint32_t>(page.text.size())), end);
  }
  if (end - begin > kMaxSentenceBytes) {
    end = begin + kMaxSentenceBytes;
    while (end > begin && !IsBoundary(page.text, end)) --end;
    to = end;
  }
  if (to - from > kMaxSentenceBytes) {
    const uint32_t room = (kMaxSentenceBytes - (end - begin)) / 2;
    from = std::max(from, begin > room ? begin - room : 0);
    to = std::min(to, end + room);
    while (from < begin && page.text[from] != ' ') ++from;
    while (from < begin && page.text[from] == ' ') ++from;
    while (to > end && page.text[to - 1] != ' ') --to;
    while (to > end && page.text[to - 1] == ' ') --to;
  }
  e.set_begin_byte(begin);
  e.set_end_byte(end);
  e.set_quote(page.text.substr(begin, end - begin));
  e.set_sentence(page.text.substr(from, to - from));
  return e;
}

}  // namespace interdict::pipeline
