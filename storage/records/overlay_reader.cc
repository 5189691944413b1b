#include <algorithm>
#include <map>
#include <utility>

#include "storage/records/store.h"

namespace interdict::records {
namespace {

using Changes = std::map<std::string, std::optional<std::string>, std::less<>>;

// Merges the base's keys with the changes; a change of a key hides what the base has there.
class OverlayCursor : public Cursor {
 public:
  OverlayCursor(std::unique_ptr<Cursor> base, Changes changes) : base_(std::move(base)), changes_(std::move(changes)) {
    change_ = changes_.begin();
    Settle();
  }

  bool Valid() const override { return status().ok() && (BaseValid() || change_ != changes_.end()); }
  std::string_view key() const override { return on_change_ ? std::string_view(change_->first) : base_->key(); }
  std::string_view value() const override { return on_change_ ? std::string_view(*change_->second) : base_->value(); }

  void Next() override {
    if (on_change_) {
      if (BaseValid() && base_->key() == change_->first) base_->Next();
      ++change_;
    } else {
      base_->Next();
    }
    Settle();
  }

  void Seek(std::string_view key) override {
    base_->Seek(key);
    change_ = changes_.lower_bound(key);
    Settle();
  }

  absl::Status status() const override { return base_->status(); }

 private:
  bool BaseValid() const { return base_->Valid(); }

  // Goes past deletions and decides which side comes next.
  void Settle() {
    while (change_ != changes_.end() && (!BaseValid() || change_->first <= base_->key())) {
      if (change_->second.has_value()) {
        on_change_ = true;
        return;
      }
      if (BaseValid() && base_->key() == change_->first) base_->Next();
      ++change_;
    }
    on_change_ = false;
  }

  std::unique_ptr<Cursor> base_;
  const Changes changes_;
  Changes::const_iterator change_;
  bool on_change_ = false;
};

std::string PlaceOf(std::string_view family, std::string_view key) {
  std::string place(family);
  place.push_back('\0');
  return place.append(key);
}

}  // namespace

OverlayReader::OverlayReader(const Reader* base, const Batch* batch) : base_(base), batch_(batch) {}

absl::StatusOr<std::optional<std::string>> OverlayReader::Get(std::string_view family, std::string_view key) const {
  const auto latest = batch_->latest_.find(PlaceOf(family, key));
  if (latest != batch_->latest_.end()) return batch_->changes_[latest->second].value;
  return base_->Get(family, key);
}

std::unique_ptr<Cursor> OverlayReader::Scan(std::string_view family, std::string_view prefix) const {
  Changes changes;
  const std::string from = PlaceOf(family, prefix);
  for (auto it = batch_->latest_.lower_bound(from); it != batch_->latest_.end(); ++it) {
    if (it->first.compare(0, from.size(), from) != 0) break;
    const Batch::Change& change = batch_->changes_[it->second];
    changes.insert_or_assign(changes.end(), change.key, change.value);
  }
  return std::make_unique<OverlayCursor>(base_->Scan(family, prefix), std::move(changes));
}

}  // namespace interdict::records
