#include <algorithm>
#include <utility>

#include "services/index/engine/segment.h"

namespace interdict::index {
namespace {

// entries: key size (varint), key, value size (varint), value; keys ascending.
class MemorySource : public SegmentSource {
 public:
  explicit MemorySource(std::string blob) : blob_(std::move(blob)) {}

  bool Index() {
    ByteReader reader(blob_);
    std::string_view before;
    while (!reader.empty()) {
      Entry entry;
      entry.key = reader.Bytes(reader.Varint());
      entry.value = reader.Bytes(reader.Varint());
      if (!reader.ok() || (!entries_.empty() && entry.key <= before)) return false;
      before = entry.key;
      entries_.push_back(entry);
    }
    return true;
  }

  absl::StatusOr<std::optional<records::PinnedValue>> Get(std::string_view key) const override {
    const auto entry = LowerBound(key);
    if (entry == entries_.end() || entry->key != key) return std::optional<records::PinnedValue>();
    return std::optional<records::PinnedValue>({entry->value, nullptr});
  }

  absl::Status Scan(std::string_view prefix, std::string_view from, const Visit& visit) const override {
    for (auto entry = LowerBound(std::max(prefix, from)); entry != entries_.end(); ++entry) {
      if (entry->key.substr(0, prefix.size()) != prefix || !visit(entry->key, entry->value)) break;
    }
    return absl::OkStatus();
  }

  bool in_memory() const override { return true; }

 private:
  struct Entry {
    std::string_view key;
    std::string_view value;
  };
  std::vector<Entry>::const_iterator LowerBound(std::string_view key) const {
    return std::lower_bound(entries_.begin(), entries_.end(), key,
                            [](const Entry& entry, std::string_view wanted) { return entry.key < wanted; });
  }

  const std::string blob_;
  std::vector<Entry> entries_;
};

class StoreSource : public SegmentSource {
 public:
  StoreSource(const records::Store* store, uint32_t segment) : store_(store), prefix_(SegmentPrefix(segment)) {}

  absl::StatusOr<std::optional<records::PinnedValue>> Get(std::string_view key) const override {
    return store_->Pin(kSegmentFamily, prefix_ + std::string(key));
  }

  absl::Status Scan(std::string_view prefix, std::string_view from, const Visit& visit) const override {
    const auto reader = store_->Snapshot();
    const auto cursor = reader->Scan(kSegmentFamily, prefix_ + std::string(prefix));
    if (from > prefix) cursor->Seek(prefix_ + std::string(from));
    for (; cursor->Valid(); cursor->Next()) {
      if (!visit(cursor->key().substr(prefix_.size()), cursor->value())) break;
    }
    return cursor->status();
  }

  bool in_memory() const override { return false; }

 private:
  const records::Store* store_;
  const std::string prefix_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<SegmentSource>> OpenMemorySource(std::string blob) {
  auto source = std::make_unique<MemorySource>(std::move(blob));
  if (!source->Index()) return absl::DataLossError("a piece of the search index is not readable");
  return source;
}

std::unique_ptr<SegmentSource> OpenStoreSource(const records::Store* store, uint32_t segment) {
  return std::make_unique<StoreSource>(store, segment);
}

std::string MemorySink::Finish() {
  std::sort(entries_.begin(), entries_.end());
  std::string blob;
  size_t bytes = 0;
  for (const auto& [key, value] : entries_) bytes += key.size() + value.size() + 6;
  blob.reserve(bytes);
  for (const auto& [key, value] : entries_) {
    AppendVarint(blob, key.size());
    blob += key;
    AppendVarint(blob, value.size());
    blob += value;
  }
  entries_.clear();
  return blob;
}

}  // namespace interdict::index
