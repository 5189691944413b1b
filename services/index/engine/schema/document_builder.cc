#include "services/index/engine/schema/document_builder.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "services/index/engine/schema/date_span.h"
#include "services/index/engine/schema/index_values.h"

namespace interdict::index {

DocumentBuilder::DocumentBuilder(Collection collection, uint64_t number)
    : catalog_(FieldCatalog::Of(collection)), max_field_tokens_(kMaxTokens / catalog_.texts().size()) {
  document_.collection = collection;
  document_.number = number;
}

void DocumentBuilder::AddText(uint16_t id, std::string_view passage) {
  Field& field = texts_[id];
  if (passage.empty() || field.passages.find(passage) != field.passages.end()) return;
  const size_t room = max_field_tokens_ - std::min(max_field_tokens_, field.value.tokens.size());
  const std::vector<AnalyzedWord> words = AnalyzeWords(passage, room);
  if (words.empty() || field.next_position + words.size() > kMaxPosition) return;
  field.passages.emplace(passage);
  field.value.field = id;
  const bool stemmed = (catalog_.stemmed() >> id & 1) != 0;
  for (const AnalyzedWord& word : words) {
    Token token;
    token.term = stemmed ? stemmer_.Stem(word.folded) : word.folded;
    if (token.term != word.folded) token.exact = word.folded;
    token.position = field.next_position++;
    field.value.tokens.push_back(std::move(token));
  }
  field.next_position += kValueGap;
}

void DocumentBuilder::AddKeyword(uint16_t field, std::string_view value) {
  std::string keyword = CutKeyword(std::string(value));
  if (!keyword.empty()) document_.keywords.push_back({field, std::move(keyword)});
}

void DocumentBuilder::AddName(uint16_t field, std::string_view name) {
  const std::string key = NameKey(name);
  if (key.empty()) return;
  AddKeyword(field, key);
  AddKeyword(static_cast<uint16_t>(field + 1), name);
}

void DocumentBuilder::AddBoolean(uint16_t field, bool value) { AddKeyword(field, value ? "true" : "false"); }

void DocumentBuilder::AddNumber(uint16_t column, int64_t value) { document_.columns.push_back({column, value}); }

void DocumentBuilder::AddDecimal(uint16_t column, double value, int64_t scale) {
  constexpr double kMaxNumber = 9e18;
  const double scaled = std::round(value * static_cast<double>(scale));
  if (std::isfinite(scaled) && std::abs(scaled) < kMaxNumber) AddNumber(column, static_cast<int64_t>(scaled));
}

void DocumentBuilder::AddDates(uint16_t first, std::string_view edtf) {
  const auto span = ParseDaySpan(edtf);
  if (!span.has_value()) return;
  AddNumber(first, span->first);
  AddNumber(static_cast<uint16_t>(first + 1), span->last);
}

void DocumentBuilder::AddDay(uint16_t column, std::string_view edtf) {
  const auto span = ParseDaySpan(edtf);
  if (span.has_value()) AddNumber(column, span->first == kOpenStart ? span->last : span->first);
}

void DocumentBuilder::AddPoint(uint16_t field, double latitude, double longitude) {
  const bool good = std::abs(latitude) <= 90 && std::abs(longitude) <= 180;  // false for NaN
  if (good) document_.points.push_back({field, latitude, longitude});
}

IndexDocument DocumentBuilder::Take() {
  for (auto& [id, field] : texts_) {
    if (!field.value.tokens.empty()) document_.texts.push_back(std::move(field.value));
  }
  return std::move(document_);
}

}  // namespace interdict::index
