// Hashes that are the same on every machine and in every build, for what the resolver's view stores.
#pragma once

#include <cstdint>
#include <string_view>

namespace interdict::index::match {

// Spreads all bits of a number over all others.
constexpr uint64_t MixBits(uint64_t x) {
  x ^= x >> 30;
  x *= 0xBF58476D1CE4E5B9U;
  x ^= x >> 27;
  x *= 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

constexpr uint64_t Hash64(std::string_view bytes) {
  uint64_t hash = 0xCBF29CE484222325U;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  return MixBits(hash);
}

// Never 0, which stands for a value that is not told.
constexpr uint32_t Hash32(std::string_view bytes) {
  const auto hash = static_cast<uint32_t>(Hash64(bytes) >> 32);
  return hash == 0 ? 1 : hash;
}

// Of two numbers in their order.
constexpr uint64_t Combine(uint64_t first, uint64_t second) { return MixBits(first * 0x9E3779B97F4A7C15U + second); }

}  // namespace interdict::index::match
