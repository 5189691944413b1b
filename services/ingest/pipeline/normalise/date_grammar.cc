#include "services/ingest/pipeline/normalise/date_grammar.h"

#include "services/ingest/pipeline/normalise/date_reader.h"

namespace interdict::pipeline {

std::optional<ReadDate> ReadDateAt(const std::vector<DateWord>& words, size_t at, const DateContext& context) {
  return DateReader(words, context).Read(at);
}

}  // namespace interdict::pipeline
