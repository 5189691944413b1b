// Changes of postings, gathered: each term is read once and written once, however many forms come and go.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "services/index/names/posting_chunk.h"
#include "services/index/names/text_map.h"
#include "storage/records/store.h"

namespace interdict::names {

// Not thread-safe. `base` must outlive it.
class PostingWriter {
 public:
  explicit PostingWriter(const records::Reader* base) : base_(base) {}

  // `posting.form` must be higher than all forms that the term ever had. DATA_LOSS: the postings cannot be read.
  absl::Status Add(std::string_view term, Posting posting);
  // DATA_LOSS also where the form is not there: the index does not hold together.
  absl::Status Remove(std::string_view term, uint32_t form);
  // Puts all changes into the batch, in the order of their keys.
  absl::Status Finish(records::Batch* batch);

 private:
  struct Head {
    bool existed = false;
    uint32_t forms = 0;
    std::vector<Posting> open;
  };

  absl::Status Find(std::string_view term, Head** head);
  void Seal(std::string_view term, Head& head);
  absl::Status RemoveSealed(std::string_view term, uint32_t form);
  static bool IsFull(const std::vector<Posting>& open, uint32_t form);

  const records::Reader* base_;
  TextMap<Head> heads_;
  // Sealed chunks that are new or changed; empty: to be deleted.
  std::map<std::string, std::vector<Posting>, std::less<>> chunks_;
};

}  // namespace interdict::names
