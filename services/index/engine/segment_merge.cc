#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "services/index/engine/segment_builder.h"

namespace interdict::index {
namespace {

// Where the documents of the inputs go: new ordinals by number, kNoDoc for the dead.
struct Plan {
  struct Source {
    uint32_t input;
    uint32_t ordinal;
  };
  std::vector<Source> documents;                    // by new ordinal
  std::vector<std::vector<uint32_t>> new_ordinals;  // by input and ordinal
  bool ordered = true;                              // the inputs' documents follow each other
};

Plan MakePlan(const std::vector<SegmentView>& inputs) {
  Plan plan;
  for (uint32_t i = 0; i < inputs.size(); ++i) {
    const Segment& segment = *inputs[i].segment;
    plan.new_ordinals.emplace_back(segment.size(), kNoDoc);
    for (uint32_t ordinal = 0; ordinal < segment.size(); ++ordinal) {
      if (inputs[i].dead != nullptr && inputs[i].dead->Test(ordinal)) continue;
      plan.documents.push_back({i, ordinal});
    }
    plan.ordered = plan.ordered && (i == 0 || segment.first_number() > inputs[i - 1].segment->last_number());
  }
  const auto number = [&inputs](const Plan::Source& source) {
    return inputs[source.input].segment->number(source.ordinal);
  };
  if (!plan.ordered) {
    std::sort(plan.documents.begin(), plan.documents.end(),
              [&number](const Plan::Source& a, const Plan::Source& b) { return number(a) < number(b); });
  }
  for (uint32_t i = 0; i < plan.documents.size(); ++i) {
    plan.new_ordinals[plan.documents[i].input][plan.documents[i].ordinal] = i;
  }
  return plan;
}

// The columns of one input.
struct InputColumns {
  std::vector<std::pair<uint16_t, const LengthView*>> lengths;
  std::vector<std::pair<uint16_t, const NumberColumnView*>> numbers;
  struct Keywords {
    uint16_t field;
    const CodeView* codes;
    const KeywordDictionaryView* dictionary;
  };
  std::vector<Keywords> keywords;
  std::vector<std::pair<uint16_t, const GeoColumnView*>> points;
};

absl::StatusOr<InputColumns> LoadColumns(const IndexSchema& schema, const Segment& segment) {
  InputColumns columns;
  for (const TextField& field : schema.text_fields) {
    auto view = segment.Lengths(field.id);
    if (!view.ok()) return view.status();
    if (*view != nullptr) columns.lengths.emplace_back(field.id, *view);
  }
  for (const Column& column : schema.columns) {
    auto view = segment.Numbers(column.id);
    if (!view.ok()) return view.status();
    if (*view != nullptr) columns.numbers.emplace_back(column.id, *view);
  }
  for (const KeywordField& field : schema.keyword_fields) {
    auto codes = segment.Keywords(field.id);
    if (!codes.ok()) return codes.status();
    auto dictionary = segment.Dictionary(field.id);
    if (!dictionary.ok()) return dictionary.status();
    if (*codes != nullptr && *dictionary != nullptr) columns.keywords.push_back({field.id, *codes, *dictionary});
  }
  for (const GeoField& field : schema.geo_fields) {
    auto view = segment.Points(field.id);
    if (!view.ok()) return view.status();
    if (*view != nullptr) columns.points.emplace_back(field.id, *view);
  }
  return columns;
}

absl::Status MergeColumns(const IndexSchema& schema, const std::vector<SegmentView>& inputs, const Plan& plan,
                          ColumnsWriter* writer) {
  std::vector<InputColumns> columns;
  for (const SegmentView& input : inputs) {
    auto loaded = LoadColumns(schema, *input.segment);
    if (!loaded.ok()) return loaded.status();
    columns.push_back(*std::move(loaded));
  }
  for (const Plan::Source& source : plan.documents) {
    const InputColumns& from = columns[source.input];
    const uint32_t doc = source.ordinal;
    writer->Begin(inputs[source.input].segment->number(doc));
    for (const auto& [field, view] : from.lengths) writer->SetLength(field, view->At(doc));
    for (const auto& [column, view] : from.numbers) {
      view->ForEach(doc, [writer, id = column](int64_t value) { writer->AddNumber(id, value); });
    }
    for (const InputColumns::Keywords& keywords : from.keywords) {
      keywords.codes->ForEach(doc, [writer, &keywords](uint64_t code) {
        if (code > keywords.dictionary->size()) return;
        writer->AddKeyword(keywords.field, keywords.dictionary->value(static_cast<uint32_t>(code - 1)));
      });
    }
    for (const auto& [field, view] : from.points) {
      view->ForEach(doc, [writer, id = field](StoredPoint point) { writer->AddPoint(id, point); });
    }
    writer->End();
  }
  return absl::OkStatus();
}

// Walks the posting lists of one input. The source's Scan pushes; this pulls, some terms at a time.
class TermStream {
 public:
  TermStream(const SegmentSource* source, uint32_t input) : source_(source), input_(input) {}

  absl::Status Refill() {
    batch_.clear();
    at_ = 0;
    size_t bytes = 0;
    const std::string prefix(1, segment_key::kPostings);
    const absl::Status status = source_->Scan(prefix, from_, [&](auto key, auto value) {
      if (key == from_ && !first_) return true;  // where the last batch ended
      bytes += key.size() + value.size();
      batch_.emplace_back(key, value);
      return bytes < kBatchBytes;
    });
    first_ = false;
    if (!batch_.empty()) from_ = batch_.back().first;
    return status;
  }
  absl::Status Next() { return ++at_ < batch_.size() ? absl::OkStatus() : Refill(); }
  bool Valid() const { return at_ < batch_.size(); }
  const std::string& key() const { return batch_[at_].first; }
  const std::string& list() const { return batch_[at_].second; }
  uint32_t input() const { return input_; }
  const SegmentSource& source() const { return *source_; }

 private:
  static constexpr size_t kBatchBytes = 256 << 10;
  const SegmentSource* source_;
  const uint32_t input_;
  std::string from_;
  bool first_ = true;
  std::vector<std::pair<std::string, std::string>> batch_;
  size_t at_ = 0;
};

class TermMerger {
 public:
  TermMerger(const Plan& plan, const ColumnsWriter& columns, bool vocabulary, SegmentSink* sink)
      : plan_(plan), columns_(columns), writer_(sink, vocabulary) {}

  // `streams` all stand on the same key.
  absl::Status Merge(const std::string& key, const std::vector<TermStream*>& streams) {
    slot_ = static_cast<Slot>(key[1]);
    term_ = std::string_view(key).substr(2);
    entries_.clear();
    positions_.clear();
    for (TermStream* stream : streams) {
      if (absl::Status status = Collect(*stream); !status.ok()) return status;
    }
    if (entries_.empty()) return absl::OkStatus();
    if (!plan_.ordered) {
      std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.doc < b.doc; });
    }
    const std::vector<uint32_t>& lengths = columns_.lengths(slot_ / 2);
    for (const Entry& entry : entries_) {
      postings_.Add(entry.doc, entry.frequency, lengths[entry.doc], positions_.data() + entry.positions);
    }
    return writer_.Add(slot_, term_, &postings_);
  }

  absl::Status Finish() { return writer_.Finish(); }

 private:
  struct Entry {
    uint32_t doc;
    uint32_t frequency;
    size_t positions;
  };

  absl::Status Collect(const TermStream& stream) {
    const std::vector<uint32_t>& new_ordinals = plan_.new_ordinals[stream.input()];
    if (!cursor_.Open(stream.list())) return absl::DataLossError("a posting list is not readable");
    std::optional<records::PinnedValue> chunk;
    for (uint32_t block = 0; block < cursor_.blocks(); ++block) {
      cursor_.LoadBlock(block);
      PositionBlock place(cursor_.inline_positions());
      if (cursor_.inline_positions().empty()) {
        if (block % kBlocksPerPositionChunk == 0) {
          auto next = stream.source().Get(segment_key::Positions(slot_, term_, block / kBlocksPerPositionChunk));
          if (!next.ok()) return next.status();
          if (!next->has_value()) return absl::DataLossError("positions of a term are missing");
          chunk = *std::move(next);
        }
        place = PositionBlock::OfChunk(chunk->bytes, block % kBlocksPerPositionChunk);
      }
      const uint32_t* docs = cursor_.docs();
      const uint32_t* frequencies = cursor_.frequencies();
      uint32_t index = 0;
      for (uint32_t i = 0; i < cursor_.block_size(); ++i) {
        if (docs[i] >= new_ordinals.size()) return absl::DataLossError("a posting list is not readable");
        const uint32_t doc = new_ordinals[docs[i]];
        if (doc != kNoDoc) {
          entries_.push_back({doc, frequencies[i], positions_.size()});
          place.Read(index, frequencies[i], scratch_);
          positions_.insert(positions_.end(), scratch_.begin(), scratch_.end());
        }
        index += frequencies[i];
      }
    }
    return absl::OkStatus();
  }

  const Plan& plan_;
  const ColumnsWriter& columns_;
  TermsWriter writer_;
  PostingWriter postings_;
  PostingCursor cursor_;
  Slot slot_ = 0;
  std::string_view term_;
  std::vector<Entry> entries_;
  std::vector<uint32_t> positions_;
  std::vector<uint32_t> scratch_;
};

absl::Status MergeTerms(const std::vector<SegmentView>& inputs, const Plan& plan, const ColumnsWriter& columns,
                        bool vocabulary, SegmentSink* sink) {
  std::vector<TermStream> streams;
  for (uint32_t i = 0; i < inputs.size(); ++i) {
    streams.emplace_back(&inputs[i].segment->source(), i);
    if (absl::Status status = streams.back().Refill(); !status.ok()) return status;
  }
  // A heap by key, then by input: lists of one term come together and in the order of the inputs.
  const auto later = [](const TermStream* a, const TermStream* b) {
    const int order = a->key().compare(b->key());
    return order != 0 ? order > 0 : a->input() > b->input();
  };
  std::vector<TermStream*> heap;
  for (TermStream& stream : streams) {
    if (stream.Valid()) heap.push_back(&stream);
  }
  std::make_heap(heap.begin(), heap.end(), later);
  TermMerger merger(plan, columns, vocabulary, sink);
  std::vector<TermStream*> same;
  while (!heap.empty()) {
    same.clear();
    const std::string key = heap.front()->key();
    while (!heap.empty() && heap.front()->key() == key) {
      std::pop_heap(heap.begin(), heap.end(), later);
      same.push_back(heap.back());
      heap.pop_back();
    }
    if (absl::Status status = merger.Merge(key, same); !status.ok()) return status;
    for (TermStream* stream : same) {
      if (absl::Status status = stream->Next(); !status.ok()) return status;
      if (!stream->Valid()) continue;
      heap.push_back(stream);
      std::push_heap(heap.begin(), heap.end(), later);
    }
  }
  return merger.Finish();
}

}  // namespace

absl::Status MergeSegments(const IndexSchema& schema, const std::vector<SegmentView>& unordered, bool vocabulary,
                           SegmentSink* sink, uint32_t* documents) {
  std::vector<SegmentView> inputs = unordered;
  std::sort(inputs.begin(), inputs.end(), [](const SegmentView& a, const SegmentView& b) {
    return a.segment->first_number() < b.segment->first_number();
  });
  const Plan plan = MakePlan(inputs);
  *documents = static_cast<uint32_t>(plan.documents.size());
  if (plan.documents.empty()) return absl::OkStatus();
  ColumnsWriter columns(schema);
  absl::Status status = MergeColumns(schema, inputs, plan, &columns);
  if (status.ok()) status = columns.Finish(sink);
  if (status.ok()) status = MergeTerms(inputs, plan, columns, vocabulary, sink);
  return status;
}

}  // namespace interdict::index
