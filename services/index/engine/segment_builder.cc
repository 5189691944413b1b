#include "services/index/engine/segment_builder.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "absl/container/flat_hash_map.h"

namespace interdict::index {
namespace {

constexpr uint32_t kTermsPerVocabularyBlock = 512;

// Words of documents, sorted into postings.
class Inverter {
 public:
  void Add(Slot slot, std::string_view term, uint32_t doc, uint32_t position) {
    auto [entry, fresh] = ids_[slot].try_emplace(term, static_cast<uint32_t>(terms_.size()));
    if (fresh) terms_.push_back({slot, term, 0});
    ++terms_[entry->second].count;
    places_.push_back({entry->second, doc, position});
  }

  absl::Status Finish(const ColumnsWriter& columns, SegmentSink* sink) {
    std::vector<uint32_t> order(terms_.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [this](uint32_t a, uint32_t b) {
      return terms_[a].slot != terms_[b].slot ? terms_[a].slot < terms_[b].slot : terms_[a].term < terms_[b].term;
    });
    // Places by term; within a term they keep their order, which is by document and position.
    std::vector<uint32_t> begins(terms_.size() + 1);
    for (size_t i = 0; i < terms_.size(); ++i) begins[i + 1] = begins[i] + terms_[i].count;
    std::vector<std::pair<uint32_t, uint32_t>> sorted(places_.size());
    std::vector<uint32_t> at = begins;
    for (const Place& place : places_) sorted[at[place.term]++] = {place.doc, place.position};
    TermsWriter writer(sink, /*vocabulary=*/false);
    PostingWriter postings;
    std::vector<uint32_t> positions;
    for (const uint32_t id : order) {
      const std::vector<uint32_t>& lengths = columns.lengths(terms_[id].slot / 2);
      for (uint32_t i = begins[id]; i < begins[id + 1];) {
        const uint32_t doc = sorted[i].first;
        positions.clear();
        for (; i < begins[id + 1] && sorted[i].first == doc; ++i) positions.push_back(sorted[i].second);
        postings.Add(doc, static_cast<uint32_t>(positions.size()), lengths[doc], positions.data());
      }
      absl::Status status = writer.Add(terms_[id].slot, terms_[id].term, &postings);
      if (!status.ok()) return status;
    }
    return writer.Finish();
  }

 private:
  struct TermInfo {
    Slot slot;
    std::string_view term;
    uint32_t count;
  };
  struct Place {
    uint32_t term;
    uint32_t doc;
    uint32_t position;
  };
  std::array<absl::flat_hash_map<std::string_view, uint32_t>, kSlots> ids_;
  std::vector<TermInfo> terms_;
  std::vector<Place> places_;
};

int32_t ToStored(double degrees) { return static_cast<int32_t>(std::lround(degrees * 1e7)); }

void AddColumns(const IndexDocument& document, ColumnsWriter* columns) {
  columns->Begin(static_cast<uint32_t>(document.number));
  for (const TextValue& text : document.texts) {
    columns->SetLength(text.field, text.length != 0 ? text.length : static_cast<uint32_t>(text.tokens.size()));
  }
  for (const KeywordValue& keyword : document.keywords) columns->AddKeyword(keyword.field, keyword.value);
  for (const ColumnValue& value : document.columns) columns->AddNumber(value.column, value.value);
  for (const GeoPoint& point : document.points) {
    columns->AddPoint(point.field, {ToStored(point.latitude), ToStored(point.longitude)});
  }
  columns->End();
}

bool HasExactForms(const IndexSchema& schema, uint16_t text_field) {
  for (const TextField& field : schema.text_fields) {
    if (field.id == text_field) return field.exact;
  }
  return false;
}

}  // namespace

ColumnsWriter::ColumnsWriter(const IndexSchema& schema) : schema_(schema) {
  for (const TextField& field : schema.text_fields) lengths_[field.id];
  for (const KeywordField& field : schema.keyword_fields) keywords_[field.id];
  for (const Column& column : schema.columns) columns_[column.id];
  for (const GeoField& field : schema.geo_fields) points_[field.id];
}

void ColumnsWriter::SetLength(uint16_t text_field, uint32_t length) {
  std::vector<uint32_t>& lengths = lengths_.at(text_field);
  lengths.resize(numbers_.size());
  lengths.back() = length;
}

void ColumnsWriter::AddKeyword(uint16_t field, std::string_view value) {
  KeywordColumn& column = keywords_.at(field);
  auto id = column.ids.find(value);
  if (id == column.ids.end()) {
    id = column.ids.emplace(value, static_cast<uint32_t>(column.ids.size())).first;
  }
  Lists<uint32_t>& lists = column.lists;
  const auto begin = lists.values.begin() + lists.begins.back();
  if (std::find(begin, lists.values.end(), id->second) == lists.values.end()) lists.values.push_back(id->second);
}

void ColumnsWriter::AddNumber(uint16_t column, int64_t value) { columns_.at(column).values.push_back(value); }

void ColumnsWriter::AddPoint(uint16_t field, StoredPoint point) { points_.at(field).values.push_back(point); }

void ColumnsWriter::End() {
  for (auto& [field, lengths] : lengths_) lengths.resize(numbers_.size());
  for (auto& [field, column] : keywords_) column.lists.EndDocument();
  for (auto& [field, lists] : columns_) lists.EndDocument();
  for (auto& [field, lists] : points_) lists.EndDocument();
}

absl::Status ColumnsWriter::FinishKeywords(uint16_t field, const KeywordColumn& column, SegmentSink* sink) const {
  std::vector<std::string_view> values;
  std::vector<uint32_t> ordinal_of(column.ids.size());
  std::vector<std::vector<uint32_t>> documents(column.ids.size());
  for (const auto& [value, id] : column.ids) {
    ordinal_of[id] = static_cast<uint32_t>(values.size());
    values.push_back(value);
  }
  Lists<uint32_t> ordinals = column.lists;
  for (uint32_t doc = 0; doc < ordinals.documents(); ++doc) {
    for (uint32_t i = ordinals.begins[doc]; i < ordinals.begins[doc + 1]; ++i) {
      uint32_t& ordinal = ordinals.values[i];
      ordinal = ordinal_of[ordinal];
      documents[ordinal].push_back(doc);
    }
  }
  absl::Status status =
      sink->Put(segment_key::OfField(segment_key::kDictionary, field), EncodeKeywordDictionary(values));
  if (status.ok()) {
    status = sink->Put(segment_key::OfField(segment_key::kKeywords, field),
                       EncodeKeywordCodes(ordinals, static_cast<uint32_t>(values.size())));
  }
  for (size_t i = 0; status.ok() && i < values.size(); ++i) {
    status = sink->Put(segment_key::KeywordSet(field, values[i]), EncodeDocSet(documents[i]));
  }
  return status;
}

absl::Status ColumnsWriter::FinishNumbers(const Column& column, const Lists<int64_t>& values, SegmentSink* sink) const {
  absl::Status status = sink->Put(segment_key::OfField(segment_key::kColumn, column.id), EncodeNumberColumn(values));
  if (!status.ok() || !column.sorted || !values.single()) return status;
  std::vector<std::pair<int64_t, uint32_t>> order;
  for (uint32_t doc = 0; doc < values.documents(); ++doc) {
    if (values.begins[doc] != values.begins[doc + 1]) order.emplace_back(values.values[values.begins[doc]], doc);
  }
  std::sort(order.begin(), order.end(), std::greater<>());
  std::string ordinals;
  for (const auto& [value, doc] : order) AppendInteger<uint32_t>(ordinals, doc);
  return sink->Put(segment_key::OfField(segment_key::kSorted, column.id), std::move(ordinals));
}

absl::Status ColumnsWriter::Finish(SegmentSink* sink) const {
  std::string meta;
  AppendInteger<uint32_t>(meta, documents());
  absl::Status status = sink->Put(std::string(1, segment_key::kMeta), std::move(meta));
  std::string numbers;
  for (const uint32_t number : numbers_) AppendInteger<uint32_t>(numbers, number);
  if (status.ok()) status = sink->Put(std::string(1, segment_key::kNumbers), std::move(numbers));
  for (const auto& [field, lengths] : lengths_) {
    const bool any = std::any_of(lengths.begin(), lengths.end(), [](uint32_t length) { return length != 0; });
    if (status.ok() && any) status = sink->Put(segment_key::Lengths(field), EncodeLengths(lengths));
  }
  for (const auto& [field, column] : keywords_) {
    if (status.ok() && !column.lists.values.empty()) status = FinishKeywords(field, column, sink);
  }
  for (const Column& column : schema_.columns) {
    const Lists<int64_t>& values = columns_.at(column.id);
    if (status.ok() && !values.values.empty()) status = FinishNumbers(column, values, sink);
  }
  for (const auto& [field, points] : points_) {
    if (!status.ok() || points.values.empty()) continue;
    status = sink->Put(segment_key::OfField(segment_key::kPoints, field), EncodeGeoColumn(points));
  }
  return status;
}

absl::Status TermsWriter::Add(Slot slot, std::string_view term, PostingWriter* postings) {
  if (vocabulary_) {
    if (in_block_ > 0 && (slot != slot_ || in_block_ == kTermsPerVocabularyBlock)) {
      if (absl::Status status = FlushVocabulary(); !status.ok()) return status;
    }
    const std::string_view before = in_block_ == 0 ? std::string_view() : last_term_;
    const auto shared = std::mismatch(term.begin(), term.end(), before.begin(), before.end()).first - term.begin();
    AppendVarint(block_, static_cast<uint64_t>(shared));
    AppendVarint(block_, term.size() - static_cast<size_t>(shared));
    block_.append(term.substr(static_cast<size_t>(shared)));
    AppendVarint(block_, postings->count());
    ++in_block_;
    slot_ = slot;
    last_term_ = term;
  }
  std::string list = postings->Finish(&chunks_);
  for (size_t i = 0; i < chunks_.size(); ++i) {
    absl::Status status =
        sink_->Put(segment_key::Positions(slot, term, static_cast<uint32_t>(i)), std::move(chunks_[i]));
    if (!status.ok()) return status;
  }
  return sink_->Put(segment_key::OfTerm(segment_key::kPostings, slot, term), std::move(list));
}

absl::Status TermsWriter::FlushVocabulary() {
  if (in_block_ == 0) return absl::OkStatus();
  in_block_ = 0;
  std::string block;
  block.swap(block_);
  return sink_->Put(segment_key::OfTerm(segment_key::kVocabulary, slot_, last_term_), std::move(block));
}

absl::Status BuildSegment(const IndexSchema& schema, std::vector<const IndexDocument*> documents, SegmentSink* sink) {
  std::sort(documents.begin(), documents.end(),
            [](const IndexDocument* a, const IndexDocument* b) { return a->number < b->number; });
  ColumnsWriter columns(schema);
  Inverter inverter;
  for (uint32_t doc = 0; doc < documents.size(); ++doc) {
    AddColumns(*documents[doc], &columns);
    for (const TextValue& text : documents[doc]->texts) {
      const bool exact = HasExactForms(schema, text.field);
      for (const Token& token : text.tokens) {
        inverter.Add(SlotOf(text.field, false), token.term, doc, token.position);
        if (!exact) continue;
        inverter.Add(SlotOf(text.field, true), token.exact.empty() ? token.term : token.exact, doc, token.position);
      }
    }
  }
  if (absl::Status status = columns.Finish(sink); !status.ok()) return status;
  return inverter.Finish(columns, sink);
}

}  // namespace interdict::index
