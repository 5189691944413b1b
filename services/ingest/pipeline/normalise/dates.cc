#include "services/ingest/pipeline/normalise/dates.h"

#include "services/ingest/pipeline/normalise/date_grammar.h"

namespace interdict::pipeline {
namespace {

// The EDTF of what was read: one date, a span, or an open span.
std::string EdtfOf(const ReadDate& read) {
  const std::string first = ToEdtf(read.first);
  if (read.open_end) return first + "/..";
  return read.first == read.last ? first : first + "/" + ToEdtf(read.last);
}

// A sentence longer than this is no prose; its dates are still read, but only this many words of it are looked at.
constexpr size_t kMostWords = 20'000;

}  // namespace

std::vector<DateMention> FindDates(const Page& page, const TokenizedText& text, const std::string& published) {
  std::vector<DateMention> out;
  DateContext context;
  std::string start;
  std::string last;
  if (EdtfBounds(published, &start, &last)) context.published = ParseEdtfDate(published.substr(0, published.find('/')));
  for (uint32_t s = 0; s < text.sentences.size(); ++s) {
    std::vector<DateWord> words = DateWords(page, text, text.sentences[s]);
    if (words.size() > kMostWords) words.resize(kMostWords);
    context.sentence_year = 0;
    for (size_t i = 0; i < words.size();) {
      const std::optional<ReadDate> read = ReadDateAt(words, i, context);
      if (!read || read->length == 0) {
        ++i;
        continue;
      }
      DateMention mention;
      mention.begin = words[i].begin;
      mention.end = words[i + read->length - 1].end;
      mention.sentence = s;
      mention.edtf = EdtfOf(*read);
      mention.start = ToEdtf(FirstDay(read->first));
      if (!read->open_end) mention.last = ToEdtf(LastDay(read->last));
      mention.relative = read->relative;
      out.push_back(std::move(mention));
      context.anchor = read->last;
      if (read->year_told) context.sentence_year = read->last.year;
      i += read->length;
    }
  }
  return out;
}

bool EdtfBounds(const std::string& edtf, std::string* start, std::string* last) {
  const size_t slash = edtf.find('/');
  const std::string first_text = edtf.substr(0, slash);
  const std::string last_text = slash == std::string::npos ? first_text : edtf.substr(slash + 1);
  const bool open_start = slash != std::string::npos && first_text == "..";
  const bool open_end = slash != std::string::npos && last_text == "..";
  if (open_start && open_end) return false;
  const std::optional<CivilDate> first = ParseEdtfDate(first_text);
  const std::optional<CivilDate> end = ParseEdtfDate(last_text);
  if ((!first && !open_start) || (!end && !open_end)) return false;
  if (first && end && ToDays(FirstDay(*first)) > ToDays(LastDay(*end))) return false;
  *start = first ? ToEdtf(FirstDay(*first)) : "";
  *last = end ? ToEdtf(LastDay(*end)) : "";
  return true;
}

}  // namespace interdict::pipeline
