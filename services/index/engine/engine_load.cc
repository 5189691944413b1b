#include <algorithm>
#include <map>

#include "services/index/engine/postings.h"
#include "services/index/engine/search_engine_impl.h"
#include "services/index/engine/segment_builder.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

uint32_t ReadBigEndian(std::string_view bytes) {
  uint32_t value = 0;
  for (const char c : bytes.substr(0, 4)) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

absl::Status Unreadable() { return absl::DataLossError("the list of segments of the search index is not readable"); }

}  // namespace

absl::StatusOr<std::shared_ptr<const Segment>> SearchEngineImpl::OpenStored(size_t collection, uint32_t segment) {
  return Segment::Open(segment, OpenStoreSource(store_, segment), schema(collection));
}

absl::StatusOr<std::vector<uint32_t>> SearchEngineImpl::UnlistedSegments(const std::vector<uint32_t>& listed) const {
  std::vector<uint32_t> unlisted;
  const auto reader = store_->Snapshot();
  const auto cursor = reader->Scan(kSegmentFamily, "");
  while (cursor->Valid()) {
    if (cursor->key().size() < 4) return Unreadable();
    const uint32_t segment = ReadBigEndian(cursor->key());
    if (std::find(listed.begin(), listed.end(), segment) == listed.end()) unlisted.push_back(segment);
    cursor->Seek(SegmentPrefix(segment + 1));
  }
  if (!cursor->status().ok()) return cursor->status();
  return unlisted;
}

// A crash came between writing a segment and listing it, or before the old ones were dropped.
absl::Status SearchEngineImpl::DropUnlisted(const std::vector<uint32_t>& listed) {
  auto unlisted = UnlistedSegments(listed);
  if (!unlisted.ok()) return unlisted.status();
  for (const uint32_t segment : *unlisted) {
    absl::Status status = store_->Drop(kSegmentFamily, SegmentPrefix(segment), SegmentPrefix(segment + 1));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status SearchEngineImpl::LoadStored() {
  const auto reader = store_->Snapshot();
  std::map<uint32_t, std::vector<uint32_t>> dead;
  const auto dead_keys = reader->Scan(kSearchMetaFamily, "d");
  for (; dead_keys->Valid(); dead_keys->Next()) {
    if (dead_keys->key().size() != 9) return Unreadable();
    dead[ReadBigEndian(dead_keys->key().substr(1))].push_back(ReadBigEndian(dead_keys->key().substr(5)));
  }
  if (!dead_keys->status().ok()) return dead_keys->status();
  std::vector<uint32_t> listed;
  const auto manifest = reader->Scan(kSearchMetaFamily, "s");
  for (; manifest->Valid(); manifest->Next()) {
    if (manifest->key().size() != 5 || manifest->value().size() != 1) return Unreadable();
    const uint32_t id = ReadBigEndian(manifest->key().substr(1));
    const auto collection = static_cast<size_t>(manifest->value()[0]);
    if (collection >= kCollections) return Unreadable();
    listed.push_back(id);
    next_segment_ = std::max(next_segment_, id + 1);
    auto segment = OpenStored(collection, id);
    if (!segment.ok()) return segment.status();
    auto lengths = LengthsOf(schema(collection), **segment);
    if (!lengths.ok()) return lengths.status();
    CollectionState& state = states_[collection];
    std::shared_ptr<DeadSet> removed;
    if (!dead[id].empty()) removed = std::make_shared<DeadSet>((*segment)->size());
    for (const uint32_t ordinal : dead[id]) {
      if (ordinal >= (*segment)->size()) return Unreadable();
      absl::Status status = MarkDead(schema(collection), **segment, ordinal, removed.get());
      if (!status.ok()) return status;
    }
    for (size_t i = 0; i < state.lengths.size(); ++i) {
      state.lengths[i] += (*lengths)[i] - (removed == nullptr ? 0 : removed->lengths[i]);
    }
    state.greatest_number = std::max(state.greatest_number, (*segment)->last_number());
    StatefulSegment entry{{*std::move(segment), std::move(removed)}, 0, false};
    state.documents += entry.live();
    state.Add(std::move(entry), /*stored_segment=*/true);
  }
  if (!manifest->status().ok()) return manifest->status();
  return DropUnlisted(listed);
}

// Replays the batches that are not sealed, in the order in which they were written.
absl::Status SearchEngineImpl::LoadTail(size_t collection) {
  CollectionState& state = states_[collection];
  const auto reader = store_->Snapshot();
  const auto cursor = reader->Scan(kSearchTailFamily, std::string(1, static_cast<char>(collection)));
  for (; cursor->Valid(); cursor->Next()) {
    if (cursor->key().size() != 9) return Unreadable();
    Pending pending;
    pending.sequence = uint64_t{ReadBigEndian(cursor->key().substr(1))} << 32 | ReadBigEndian(cursor->key().substr(5));
    records::Batch nothing;  // the marks in stored segments were written with the entry
    ByteReader entry(cursor->value());
    for (uint64_t removed = entry.Varint(); removed > 0 && entry.ok(); --removed) {
      absl::Status status = Bury(collection, static_cast<uint32_t>(entry.Varint()), &pending, &nothing);
      if (!status.ok()) return status;
    }
    if (!entry.ok()) return Unreadable();
    if (!entry.empty()) {
      auto source = OpenMemorySource(std::string(entry.Bytes(entry.left())));
      if (!source.ok()) return source.status();
      auto piece = Segment::Open(0, *std::move(source), schema(collection));
      if (!piece.ok()) return piece.status();
      for (uint32_t i = 0; i < (*piece)->size(); ++i) {
        absl::Status status = Bury(collection, (*piece)->number(i), &pending, &nothing);
        if (!status.ok()) return status;
      }
      pending.greatest_number = (*piece)->last_number();
      pending.piece = *std::move(piece);
    }
    if (absl::Status status = Apply(collection, std::move(pending)); !status.ok()) return status;
  }
  state.next_sequence = std::max<uint64_t>(state.next_sequence, 1);
  return cursor->status();
}

absl::Status SearchEngineImpl::Load() {
  {
    absl::MutexLock lock(&mutex_);
    if (absl::Status status = LoadStored(); !status.ok()) return status;
    for (size_t i = 0; i < kCollections; ++i) {
      if (absl::Status status = LoadTail(i); !status.ok()) return status;
    }
    Publish();
  }
  if (options_.background) worker_ = std::thread([this] { Work(); });
  return absl::OkStatus();
}

}  // namespace interdict::index
