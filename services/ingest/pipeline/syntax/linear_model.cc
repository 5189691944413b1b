#include "services/ingest/pipeline/syntax/linear_model.h"

#include <bit>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "services/ingest/pipeline/syntax/byte_reader.h"

namespace interdict::pipeline {
namespace {

// Format: "ILM1", classes (1 byte), log2 of the slots (1 byte), rows (varint); then for each row that is not all zero
// the gap to the row before (varint), a bit mask of its weights that are not zero, and these weights.
constexpr std::string_view kMagic = "ILM1";
constexpr uint32_t kMaxSlotBits = 22;

}  // namespace

absl::StatusOr<LinearModel> LinearModel::Parse(std::string_view bytes, uint32_t classes) {
  ByteReader in(bytes);
  const bool magic = in.Take(kMagic.size()) == kMagic;
  LinearModel model;
  model.classes_ = in.Byte();
  const uint32_t bits = in.Byte();
  const uint32_t rows = in.Varint();
  if (!magic || !in.ok() || bits > kMaxSlotBits || model.classes_ == 0 || model.classes_ > kMaxClasses)
    return absl::DataLossError("weights: not a linear model of format ILM1");
  if (model.classes_ != classes)
    return absl::FailedPreconditionError(
        absl::StrCat("weights: made for ", model.classes_, " classes, not ", classes, "; train them again"));
  model.stride_ = classes <= kNarrow ? kNarrow : (classes + kBlock - 1) / kBlock * kBlock;
  model.mask_ = (1U << bits) - 1;
  model.weights_.assign((static_cast<size_t>(model.mask_) + 1) * model.stride_, 0);
  uint64_t slot = 0;
  for (uint32_t r = 0; r < rows; ++r) {
    slot += in.Varint();
    const std::string_view present = in.Take((classes + 7) / 8);
    if (!in.ok() || slot > model.mask_) return absl::DataLossError("weights: damaged row");
    for (uint32_t c = 0; c < classes; ++c)
      if ((static_cast<uint8_t>(present[c / 8]) >> (c % 8)) & 1)
        model.weights_[slot * model.stride_ + c] = static_cast<int8_t>(in.Byte());
  }
  if (!in.ok() || !in.empty()) return absl::DataLossError("weights: wrong length");
  return model;
}

std::string LinearModel::Serialize(const std::vector<int8_t>& weights, uint32_t classes) {
  const size_t slots = weights.size() / classes;
  std::string body;
  uint32_t rows = 0;
  size_t last = 0;
  for (size_t slot = 0; slot < slots; ++slot) {
    std::string present((classes + 7) / 8, '\0');
    std::string values;
    for (uint32_t c = 0; c < classes; ++c) {
      const int8_t w = weights[slot * classes + c];
      if (w == 0) continue;
      present[c / 8] = static_cast<char>(static_cast<uint8_t>(present[c / 8]) | (1U << (c % 8)));
      values.push_back(static_cast<char>(w));
    }
    if (values.empty()) continue;
    AppendVarint(static_cast<uint32_t>(slot - last), body);
    body += present;
    body += values;
    last = slot;
    ++rows;
  }
  std::string out(kMagic);
  out.push_back(static_cast<char>(classes));
  out.push_back(static_cast<char>(std::bit_width(slots) - 1));
  AppendVarint(rows, out);
  return out + body;
}

}  // namespace interdict::pipeline
