// Makes segments: from documents, and from other segments. Both go through one writer, so that both have one layout.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "services/index/engine/columns.h"
#include "services/index/engine/index_document.h"
#include "services/index/engine/postings.h"
#include "services/index/engine/segment.h"

namespace interdict::index {

// Everything of a segment but its terms, document by document. Not thread-safe.
class ColumnsWriter {
 public:
  explicit ColumnsWriter(const IndexSchema& schema);

  // One document, numbers ascending: its values, then End.
  void Begin(uint32_t number) { numbers_.push_back(number); }
  void SetLength(uint16_t text_field, uint32_t length);
  void AddKeyword(uint16_t field, std::string_view value);
  void AddNumber(uint16_t column, int64_t value);
  void AddPoint(uint16_t field, StoredPoint point);
  void End();

  uint32_t documents() const { return static_cast<uint32_t>(numbers_.size()); }
  const std::vector<uint32_t>& lengths(uint16_t text_field) const { return lengths_.at(text_field); }
  absl::Status Finish(SegmentSink* sink) const;

 private:
  struct KeywordColumn {
    std::map<std::string, uint32_t, std::less<>> ids;  // by first appearance
    Lists<uint32_t> lists;
  };
  absl::Status FinishKeywords(uint16_t field, const KeywordColumn& column, SegmentSink* sink) const;
  absl::Status FinishNumbers(const Column& column, const Lists<int64_t>& values, SegmentSink* sink) const;

  const IndexSchema& schema_;
  std::vector<uint32_t> numbers_;
  std::map<uint16_t, std::vector<uint32_t>> lengths_;
  std::map<uint16_t, KeywordColumn> keywords_;
  std::map<uint16_t, Lists<int64_t>> columns_;
  std::map<uint16_t, Lists<StoredPoint>> points_;
};

// Terms of one slot after another, ascending. Not thread-safe.
class TermsWriter {
 public:
  explicit TermsWriter(SegmentSink* sink, bool vocabulary) : sink_(sink), vocabulary_(vocabulary) {}
  absl::Status Add(Slot slot, std::string_view term, PostingWriter* postings);
  absl::Status Finish() { return FlushVocabulary(); }

 private:
  absl::Status FlushVocabulary();

  SegmentSink* const sink_;
  const bool vocabulary_;
  std::vector<std::string> chunks_;
  Slot slot_ = 0;
  std::string last_term_;
  std::string block_;
  uint32_t in_block_ = 0;
};

// The schema must have all fields of the documents (SearchEngine checks), numbers be distinct.
absl::Status BuildSegment(const IndexSchema& schema, std::vector<const IndexDocument*> documents, SegmentSink* sink);

// Writes what is alive in `inputs` as one segment; `documents` 0 afterwards: nothing is, and nothing was written.
absl::Status MergeSegments(const IndexSchema& schema, const std::vector<SegmentView>& inputs, bool vocabulary,
                           SegmentSink* sink, uint32_t* documents);

}  // namespace interdict::index
