#include "services/ingest/pipeline/syntax/lexicon.h"

#include <algorithm>
#include <bit>

#include "absl/status/status.h"
#include "services/ingest/pipeline/syntax/byte_reader.h"

namespace interdict::pipeline {
namespace {

// Format: "ILX1", count (varint); then by rising hash the gap to the hash before (varint) and the class (1 byte).
constexpr std::string_view kMagic = "ILX1";
constexpr uint32_t kMaxWords = 1U << 22;

}  // namespace

absl::StatusOr<Lexicon> Lexicon::Parse(std::string_view bytes) {
  ByteReader in(bytes);
  const bool magic = in.Take(kMagic.size()) == kMagic;
  const uint32_t count = in.Varint();
  if (!magic || !in.ok() || count > kMaxWords) return absl::DataLossError("lexicon: not of format ILX1");
  Lexicon lexicon;
  // At most half full: a search always meets a free place.
  lexicon.mask_ = std::bit_ceil(count * 2 + 2) - 1;
  lexicon.hashes_.assign(lexicon.mask_ + 1, 0);
  lexicon.classes_.assign(lexicon.mask_ + 1, 0);
  uint32_t hash = 0;
  for (uint32_t i = 0; i < count; ++i) {
    hash += in.Varint();
    const uint8_t word_class = in.Byte();
    if (!in.ok() || word_class == 0) return absl::DataLossError("lexicon: damaged entry");
    uint32_t at = hash & lexicon.mask_;
    while (lexicon.classes_[at] != 0) at = (at + 1) & lexicon.mask_;
    lexicon.hashes_[at] = hash;
    lexicon.classes_[at] = word_class;
  }
  if (!in.empty()) return absl::DataLossError("lexicon: wrong length");
  return lexicon;
}

std::string Lexicon::Serialize(std::vector<std::pair<uint32_t, uint8_t>> words) {
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end(), [](const auto& a, const auto& b) { return a.first == b.first; }),
              words.end());
  std::string out(kMagic);
  AppendVarint(static_cast<uint32_t>(words.size()), out);
  uint32_t last = 0;
  for (const auto& [hash, word_class] : words) {
    AppendVarint(hash - last, out);
    out.push_back(static_cast<char>(word_class));
    last = hash;
  }
  return out;
}

}  // namespace interdict::pipeline
