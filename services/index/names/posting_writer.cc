#include "services/index/names/posting_writer.h"

#include <algorithm>

#include "services/index/names/name_keys.h"

namespace interdict::names {
namespace {

// A chunk whose forms lie further apart needs wide distances: worth it only where the term is rare.
constexpr uint32_t kNarrowDistance = 0xFFFF;
constexpr size_t kEnoughToSeal = 64;

absl::Status Corrupt() { return absl::DataLossError("postings of the name index cannot be read; rebuild the index"); }

bool Erase(std::vector<Posting>& postings, uint32_t form) {
  const auto found = std::lower_bound(postings.begin(), postings.end(), form,
                                      [](const Posting& posting, uint32_t value) { return posting.form < value; });
  if (found == postings.end() || found->form != form) return false;
  postings.erase(found);
  return true;
}

}  // namespace

absl::Status PostingWriter::Find(std::string_view term, Head** head) {
  const auto found = heads_.find(term);
  if (found != heads_.end()) {
    *head = &found->second;
    return absl::OkStatus();
  }
  const auto value = base_->Get(family::kNamePostings, term);
  if (!value.ok()) return value.status();
  Head fresh;
  if (value->has_value()) {
    const HeadView view(**value);
    const ChunkView open(view.open_chunk);
    if (!view.valid || (!view.open_chunk.empty() && !open.valid())) return Corrupt();
    fresh.existed = true;
    fresh.forms = view.forms;
    fresh.open = open.Postings();
  }
  *head = &heads_.emplace(std::string(term), std::move(fresh)).first->second;
  return absl::OkStatus();
}

bool PostingWriter::IsFull(const std::vector<Posting>& open, uint32_t form) {
  if (open.empty()) return false;
  return open.size() >= kChunkForms || (open.size() >= kEnoughToSeal && form - open.front().form > kNarrowDistance);
}

void PostingWriter::Seal(std::string_view term, Head& head) {
  chunks_[ChunkKey(term, head.open.front().form)] = std::move(head.open);
  head.open.clear();
}

absl::Status PostingWriter::Add(std::string_view term, Posting posting) {
  Head* head = nullptr;
  const absl::Status status = Find(term, &head);
  if (!status.ok()) return status;
  if (IsFull(head->open, posting.form)) Seal(term, *head);
  head->open.push_back(posting);
  ++head->forms;
  return absl::OkStatus();
}

absl::Status PostingWriter::Remove(std::string_view term, uint32_t form) {
  Head* head = nullptr;
  absl::Status status = Find(term, &head);
  if (!status.ok()) return status;
  if (head->forms == 0) return Corrupt();
  if (!Erase(head->open, form)) {
    status = RemoveSealed(term, form);
    if (!status.ok()) return status;
  }
  --head->forms;
  return absl::OkStatus();
}

// Keys hold the complement of a chunk's first form: the first key at or after that of `form` is its chunk.
absl::Status PostingWriter::RemoveSealed(std::string_view term, uint32_t form) {
  const std::string sought = ChunkKey(term, form);
  const auto cursor = base_->Scan(family::kNamePostings, term);
  cursor->Seek(sought);
  while (cursor->Valid() && chunks_.count(cursor->key()) != 0 && chunks_.find(cursor->key())->second.empty()) {
    cursor->Next();
  }
  if (!cursor->status().ok()) return cursor->status();
  auto pending = chunks_.lower_bound(sought);
  while (pending != chunks_.end() && pending->second.empty()) ++pending;
  const bool has_pending = pending != chunks_.end() && pending->first.compare(0, term.size(), term) == 0;
  if (!has_pending || (cursor->Valid() && cursor->key() < pending->first)) {
    if (!cursor->Valid()) return Corrupt();
    const ChunkView view(cursor->value());
    if (!view.valid()) return Corrupt();
    pending = chunks_.emplace(std::string(cursor->key()), view.Postings()).first;
  }
  return Erase(pending->second, form) ? absl::OkStatus() : Corrupt();
}

absl::Status PostingWriter::Finish(records::Batch* batch) {
  std::map<std::string_view, const Head*> in_order;
  for (const auto& [term, head] : heads_) in_order.emplace(term, &head);
  std::string value;
  for (const auto& [term, head] : in_order) {
    if (head->forms == 0) {
      if (head->existed) batch->Delete(family::kNamePostings, term);
      continue;
    }
    value.assign(reinterpret_cast<const char*>(&head->forms), sizeof(head->forms));
    if (!head->open.empty()) AppendChunk(head->open, value);
    batch->Put(family::kNamePostings, term, value);
  }
  for (const auto& [key, postings] : chunks_) {
    if (postings.empty()) {
      batch->Delete(family::kNamePostings, key);
      continue;
    }
    value.clear();
    AppendChunk(postings, value);
    batch->Put(family::kNamePostings, key, value);
  }
  return absl::OkStatus();
}

}  // namespace interdict::names
