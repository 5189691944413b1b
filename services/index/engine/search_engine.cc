#include "services/index/engine/search_engine.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/index/engine/search_engine_impl.h"
#include "services/index/engine/segment_builder.h"

namespace interdict::index {
namespace {

constexpr uint32_t kMostMergedByWriter = 512;  // documents; larger merges are the worker's
constexpr uint64_t kTailsBeforeWaiting = 4;    // a writer waits when the worker is that far behind

absl::Status Bad(const IndexDocument& document, std::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("document ", document.number, ": ", std::string(what)));
}

template <typename Field>
bool Has(const std::vector<Field>& fields, uint16_t id) {
  return std::any_of(fields.begin(), fields.end(), [id](const Field& field) { return field.id == id; });
}

bool GoodTerm(const std::string& term) {
  return !term.empty() && term.size() <= 255 && term.find('\0') == std::string::npos;
}

}  // namespace

const std::vector<std::string>& SearchFamilies() {
  static const auto* const families =
      new std::vector<std::string>{std::string(kSearchMetaFamily), std::string(kSearchTailFamily)};
  return *families;
}

const std::vector<std::string>& PackedSearchFamilies() {
  static const auto* const families = new std::vector<std::string>{std::string(kSegmentFamily)};
  return *families;
}

void IndexChange::Put(IndexDocument document) { operations_.push_back({false, std::move(document)}); }

void IndexChange::Remove(Collection collection, uint64_t number) {
  Operation operation;
  operation.remove = true;
  operation.document.collection = collection;
  operation.document.number = number;
  operations_.push_back(std::move(operation));
}

absl::StatusOr<std::unique_ptr<SearchEngine>> SearchEngine::Open(records::Store* store, EngineOptions options) {
  auto engine = std::make_unique<SearchEngineImpl>(store, std::move(options));
  if (absl::Status status = engine->Load(); !status.ok()) return status;
  return std::unique_ptr<SearchEngine>(std::move(engine));
}

SearchEngineImpl::~SearchEngineImpl() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (worker_.joinable()) worker_.join();
}

absl::Status SearchEngineImpl::Check(const IndexDocument& document) const {
  if (static_cast<size_t>(document.collection) >= kCollections) return Bad(document, "no such collection");
  if (document.number == 0 || document.number >= UINT32_MAX) return Bad(document, "numbers are 1 to 2^32 - 2");
  const IndexSchema& fields = schema(static_cast<size_t>(document.collection));
  size_t tokens = 0;
  std::set<uint16_t> seen;
  for (const TextValue& text : document.texts) {
    if (!Has(fields.text_fields, text.field)) return Bad(document, "an unknown text field");
    if (!seen.insert(text.field).second) return Bad(document, "a text field twice");
    tokens += text.tokens.size();
    uint32_t before = 0;
    for (const Token& token : text.tokens) {
      if (!GoodTerm(token.term) || (!token.exact.empty() && !GoodTerm(token.exact))) {
        return Bad(document, "a term is empty, longer than 255 bytes or holds a zero");
      }
      if (token.position < before || token.position > kMaxPosition) return Bad(document, "positions must ascend");
      before = token.position;
    }
  }
  if (tokens > kMaxTokens) return Bad(document, absl::StrCat("more than ", kMaxTokens, " tokens"));
  for (const KeywordValue& keyword : document.keywords) {
    if (!Has(fields.keyword_fields, keyword.field)) return Bad(document, "an unknown keyword field");
    if (keyword.value.size() > 255) return Bad(document, "a keyword of more than 255 bytes");
  }
  for (const ColumnValue& value : document.columns) {
    if (!Has(fields.columns, value.column)) return Bad(document, "an unknown column");
  }
  for (const GeoPoint& point : document.points) {
    if (!Has(fields.geo_fields, point.field)) return Bad(document, "an unknown geo field");
    if (!(std::abs(point.latitude) <= 90 && std::abs(point.longitude) <= 180)) return Bad(document, "no such place");
  }
  return absl::OkStatus();
}

absl::Status SearchEngineImpl::Bury(size_t collection, uint32_t number, Pending* pending, records::Batch* extra) {
  const CollectionState& state = states_[collection];
  if (number > state.greatest_number) return absl::OkStatus();
  for (const auto* list : {&state.stored, &state.tail}) {
    for (const StatefulSegment& entry : *list) {
      const Segment& segment = *entry.view.segment;
      const uint32_t ordinal = segment.Find(number);
      if (ordinal == kNoDoc || (entry.view.dead != nullptr && entry.view.dead->Test(ordinal))) continue;
      std::shared_ptr<DeadSet>& dead = pending->dead[&segment];
      if (dead == nullptr) {
        dead = entry.view.dead != nullptr ? std::make_shared<DeadSet>(*entry.view.dead)
                                          : std::make_shared<DeadSet>(segment.size());
      }
      if (absl::Status status = MarkDead(schema(collection), segment, ordinal, dead.get()); !status.ok()) return status;
      if (!segment.in_memory()) extra->Put(kSearchMetaFamily, DeadKey(segment.id(), ordinal), "");
      return absl::OkStatus();  // a number lives once
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<SearchEngineImpl::Pending> SearchEngineImpl::Prepare(size_t collection, const IndexChange& change,
                                                                    records::Batch* extra) {
  std::map<uint32_t, const IndexDocument*> last;  // null: removed
  for (const auto& operation : OperationsOf(change)) {
    if (static_cast<size_t>(operation.document.collection) != collection) continue;
    last[static_cast<uint32_t>(operation.document.number)] = operation.remove ? nullptr : &operation.document;
  }
  Pending pending;
  if (last.empty()) return pending;
  std::vector<const IndexDocument*> documents;
  std::string entry;
  uint64_t removed = 0;
  std::string removed_numbers;
  for (const auto& [number, document] : last) {
    if (absl::Status status = Bury(collection, number, &pending, extra); !status.ok()) return status;
    if (document != nullptr) {
      documents.push_back(document);
      pending.greatest_number = number;
    } else {
      ++removed;
      AppendVarint(removed_numbers, number);
    }
  }
  AppendVarint(entry, removed);
  entry += removed_numbers;
  if (!documents.empty()) {
    MemorySink sink;
    absl::Status status = BuildSegment(schema(collection), std::move(documents), &sink);
    if (!status.ok()) return status;
    std::string blob = sink.Finish();
    entry += blob;
    auto source = OpenMemorySource(std::move(blob));
    if (!source.ok()) return source.status();
    auto piece = Segment::Open(0, *std::move(source), schema(collection));
    if (!piece.ok()) return piece.status();
    pending.piece = *std::move(piece);
  }
  pending.sequence = states_[collection].next_sequence;
  extra->Put(kSearchTailFamily, TailKey(static_cast<Collection>(collection), pending.sequence), entry);
  return pending;
}

absl::Status SearchEngineImpl::Apply(size_t collection, Pending pending) {
  CollectionState& state = states_[collection];
  for (auto* list : {&state.stored, &state.tail}) {
    for (StatefulSegment& entry : *list) {
      const auto dead = pending.dead.find(entry.view.segment.get());
      if (dead == pending.dead.end()) continue;
      const DeadSet* before = entry.view.dead.get();
      state.documents -= dead->second->count - (before == nullptr ? 0 : before->count);
      for (size_t i = 0; i < state.lengths.size(); ++i) {
        state.lengths[i] -= dead->second->lengths[i] - (before == nullptr ? 0 : before->lengths[i]);
      }
      entry.view.dead = std::move(dead->second);
    }
  }
  if (pending.sequence != 0) state.next_sequence = pending.sequence + 1;
  state.greatest_number = std::max(state.greatest_number, pending.greatest_number);
  if (pending.piece == nullptr) return absl::OkStatus();
  auto lengths = LengthsOf(schema(collection), *pending.piece);
  if (!lengths.ok()) return lengths.status();
  for (size_t i = 0; i < state.lengths.size(); ++i) state.lengths[i] += (*lengths)[i];
  state.documents += pending.piece->size();
  state.Add({{std::move(pending.piece), nullptr}, pending.sequence, false}, /*stored_segment=*/false);
  return MergeSmall(collection);
}

// Keeps the number of pieces in memory logarithmic: equals are merged as in a counter to the base of merge_factor.
absl::Status SearchEngineImpl::MergeSmall(size_t collection) {
  std::vector<StatefulSegment>& tail = states_[collection].tail;
  const size_t factor = options_.merge_factor;
  while (tail.size() >= factor) {
    const auto begin = tail.end() - static_cast<std::ptrdiff_t>(factor);
    uint64_t total = 0;
    uint64_t largest = 0;
    bool claimed = false;
    for (auto entry = begin; entry != tail.end(); ++entry) {
      total += entry->view.segment->size();
      largest = std::max<uint64_t>(largest, entry->view.segment->size());
      claimed = claimed || entry->claimed;
    }
    const bool equals = largest * 2 * factor <= total * factor && largest * factor <= total * 2;
    if (claimed || !equals || total > kMostMergedByWriter) break;
    std::vector<SegmentView> inputs;
    for (auto entry = begin; entry != tail.end(); ++entry) inputs.push_back(entry->view);
    MemorySink sink;
    uint32_t documents = 0;
    absl::Status status = MergeSegments(schema(collection), inputs, /*vocabulary=*/false, &sink, &documents);
    if (!status.ok()) return status;
    const uint64_t sequence = tail.back().last_sequence;
    tail.erase(begin, tail.end());
    if (documents == 0) {
      // Their entries are still in the store; whatever is sealed next takes them along.
      if (!tail.empty()) tail.back().last_sequence = sequence;
      break;
    }
    auto source = OpenMemorySource(sink.Finish());
    if (!source.ok()) return source.status();
    auto merged = Segment::Open(0, *std::move(source), schema(collection));
    if (!merged.ok()) return merged.status();
    tail.push_back({{*std::move(merged), nullptr}, sequence, false});
  }
  return absl::OkStatus();
}

absl::Status SearchEngineImpl::Commit(const records::Batch& batch, const IndexChange& change, bool durable) {
  for (const auto& operation : OperationsOf(change)) {
    if (!operation.remove) {
      if (absl::Status status = Check(operation.document); !status.ok()) return status;
    }
  }
  absl::MutexLock lock(&mutex_);
  if (options_.background) {
    const auto caught_up = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      uint64_t documents = 0;
      for (const CollectionState& state : states_) documents = std::max(documents, state.tail_documents());
      return failed_ || documents < kTailsBeforeWaiting * options_.tail_documents;
    };
    mutex_.Await(absl::Condition(&caught_up));
  }
  records::Batch extra;
  std::vector<Pending> pending;
  for (size_t i = 0; i < kCollections; ++i) {
    auto prepared = Prepare(i, change, &extra);
    if (!prepared.ok()) return prepared.status();
    pending.push_back(*std::move(prepared));
  }
  if (absl::Status status = store_->Commit(batch, extra, durable); !status.ok()) return status;
  for (size_t i = 0; i < kCollections; ++i) {
    // What is in the store is in the store; a failure to merge in memory leaves more pieces, not fewer documents.
    if (absl::Status status = Apply(i, std::move(pending[i])); !status.ok()) return status;
  }
  failed_ = false;
  Publish();
  return absl::OkStatus();
}

void SearchEngineImpl::Publish() {
  std::array<CollectionView, kCollections> views;
  for (size_t i = 0; i < kCollections; ++i) views[i] = states_[i].View(&schema(i));
  std::shared_ptr<const SearchSnapshot> fresh = std::make_shared<StateSnapshot>(store_->Snapshot(), std::move(views));
  absl::MutexLock lock(&snapshot_mutex_);
  snapshot_.swap(fresh);
}

void SearchEngineImpl::Renew() {
  absl::MutexLock lock(&mutex_);
  Publish();
}

std::shared_ptr<const SearchSnapshot> SearchEngineImpl::Snapshot() const {
  absl::MutexLock lock(&snapshot_mutex_);
  return snapshot_;
}

}  // namespace interdict::index
