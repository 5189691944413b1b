#include "services/index/engine/bit_packing.h"

#include <array>
#include <bit>
#include <cstring>
#include <utility>

namespace interdict::index {
namespace {

constexpr uint32_t kLanes = 4;
constexpr uint32_t kRows = kBlockSize / kLanes;

using Vector = uint32_t __attribute__((vector_size(16)));

Vector Load(const char* at) {
  Vector vector;
  std::memcpy(&vector, at, sizeof(vector));
  return vector;
}

void Store(uint32_t* at, Vector vector) { std::memcpy(at, &vector, sizeof(vector)); }

// Row i holds the values 4i to 4i+3.
template <uint32_t kBits, uint32_t kRow>
inline Vector Row(const char* in) {
  if constexpr (kBits == 0) {
    return Vector{};
  } else {
    constexpr uint32_t kBit = kRow * kBits;
    constexpr uint32_t kWord = kBit / 32;
    constexpr uint32_t kShift = kBit % 32;
    Vector row = Load(in + kWord * sizeof(Vector)) >> kShift;
    if constexpr (kShift + kBits > 32) row |= Load(in + (kWord + 1) * sizeof(Vector)) << (32 - kShift);
    if constexpr (kBits < 32) row &= (uint32_t{1} << kBits) - 1;
    return row;
  }
}

template <uint32_t kBits, size_t... kRowsOf>
inline void UnpackRows(const char* in, uint32_t* values, std::index_sequence<kRowsOf...> /*rows*/) {
  (Store(values + kRowsOf * kLanes, Row<kBits, kRowsOf>(in)), ...);
}

inline Vector PrefixSum(Vector row, Vector before) {
  const Vector zero{};
  row += __builtin_shuffle(zero, row, Vector{0, 4, 5, 6});
  row += __builtin_shuffle(zero, row, Vector{0, 1, 4, 5});
  return row + before;
}

template <uint32_t kBits, size_t... kRowsOf>
inline void UnpackSums(const char* in, uint32_t before, uint32_t* values, std::index_sequence<kRowsOf...> /*rows*/) {
  Vector sum{before, before, before, before};
  const auto step = [&sum, values](Vector row, size_t index) {
    sum = PrefixSum(row + 1, sum);
    Store(values + index * kLanes, sum);
    sum = __builtin_shuffle(sum, Vector{3, 3, 3, 3});
  };
  (step(Row<kBits, kRowsOf>(in), kRowsOf), ...);
}

using Unpacker = void (*)(const char*, uint32_t*);
using Summer = void (*)(const char*, uint32_t, uint32_t*);

template <uint32_t kBits>
void UnpackOf(const char* in, uint32_t* values) {
  UnpackRows<kBits>(in, values, std::make_index_sequence<kRows>());
}

template <uint32_t kBits>
void SumsOf(const char* in, uint32_t before, uint32_t* values) {
  UnpackSums<kBits>(in, before, values, std::make_index_sequence<kRows>());
}

template <size_t... kWidths>
constexpr std::array<Unpacker, sizeof...(kWidths)> MakeUnpackers(std::index_sequence<kWidths...> /*widths*/) {
  return {&UnpackOf<kWidths>...};
}

template <size_t... kWidths>
constexpr std::array<Summer, sizeof...(kWidths)> MakeSummers(std::index_sequence<kWidths...> /*widths*/) {
  return {&SumsOf<kWidths>...};
}

constexpr auto kUnpackers = MakeUnpackers(std::make_index_sequence<33>());
constexpr auto kSummers = MakeSummers(std::make_index_sequence<33>());

}  // namespace

uint32_t BitsFor(const uint32_t* values, uint32_t count) {
  uint32_t all = 0;
  for (uint32_t i = 0; i < count; ++i) all |= values[i];
  return static_cast<uint32_t>(std::bit_width(all));
}

void PackBlock(const uint32_t* values, uint32_t bits, std::string& out) {
  std::array<uint32_t, kBlockSize> words{};
  for (uint32_t i = 0; i < kBlockSize && bits > 0; ++i) {
    const uint32_t lane = i % kLanes;
    const uint32_t bit = i / kLanes * bits;
    const uint32_t word = bit / 32 * kLanes + lane;
    words[word] |= values[i] << (bit % 32);
    if (bit % 32 + bits > 32) words[word + kLanes] |= values[i] >> (32 - bit % 32);
  }
  out.append(reinterpret_cast<const char*>(words.data()), PackedBytes(bits));
}

void UnpackBlock(const char* in, uint32_t bits, uint32_t* values) { kUnpackers[bits <= 32 ? bits : 32](in, values); }

void UnpackAscending(const char* in, uint32_t bits, uint32_t before, uint32_t* values) {
  kSummers[bits <= 32 ? bits : 32](in, before, values);
}

}  // namespace interdict::index
