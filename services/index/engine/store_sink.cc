#include "services/index/engine/store_sink.h"

#include <utility>

namespace interdict::index {

absl::Status StoreSink::PutTo(std::unique_ptr<records::RunWriter>& run, const std::string& key,
                              std::string_view value) {
  if (run == nullptr) {
    auto started = store_->StartRun(kSegmentFamily);
    if (!started.ok()) return started.status();
    run = *std::move(started);
  }
  return run->Put(prefix_ + key, value);
}

absl::Status StoreSink::Put(std::string key, std::string value) {
  if (key[0] == segment_key::kPositions) return PutTo(positions_, key, value);
  if (key[0] == segment_key::kPostings) return PutTo(postings_, key, value);
  small_.emplace(std::move(key), std::move(value));
  return absl::OkStatus();
}

absl::Status StoreSink::Finish() {
  std::unique_ptr<records::RunWriter> small;
  for (const auto& [key, value] : small_) {
    if (absl::Status status = PutTo(small, key, value); !status.ok()) return status;
  }
  small_.clear();
  std::vector<std::unique_ptr<records::RunWriter>> runs;
  for (std::unique_ptr<records::RunWriter>* run : {&small, &positions_, &postings_}) {
    if (*run != nullptr) runs.push_back(std::move(*run));
  }
  return store_->Ingest(kSegmentFamily, std::move(runs));
}

}  // namespace interdict::index
