#include "services/index/score_statistics.h"

namespace interdict::index {

ScoreStatistics FromProto(const internal::v1::SearchStatistics& statistics) {
  ScoreStatistics result;
  result.documents = statistics.document_count();
  for (const internal::v1::FieldStatistics& field : statistics.fields()) {
    ScoreStatistics::Field& sum = result.fields[static_cast<uint16_t>(field.field())];
    sum.documents += field.document_count();
    sum.total_length += field.total_length();
  }
  for (const internal::v1::TermStatistics& term : statistics.terms()) {
    result.terms[{static_cast<uint16_t>(term.field()), term.exact(), term.term()}] += term.document_count();
  }
  return result;
}

internal::v1::SearchStatistics ToProto(const ScoreStatistics& statistics) {
  internal::v1::SearchStatistics result;
  result.set_document_count(statistics.documents);
  for (const auto& [id, field] : statistics.fields) {
    internal::v1::FieldStatistics* added = result.add_fields();
    added->set_field(id);
    added->set_document_count(field.documents);
    added->set_total_length(field.total_length);
  }
  for (const auto& [key, documents] : statistics.terms) {
    internal::v1::TermStatistics* added = result.add_terms();
    added->set_field(key.field);
    added->set_term(key.term);
    added->set_exact(key.exact);
    added->set_document_count(documents);
  }
  return result;
}

}  // namespace interdict::index
