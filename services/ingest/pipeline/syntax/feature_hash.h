// How features become slots of a linear model: a template's number and its values are mixed into 32 bits.
#pragma once

#include <cstdint>
#include <string_view>

namespace interdict::pipeline {

// Mixes one value into a hash. Good enough to spread slots, and two multiplications cheap.
constexpr uint32_t MixHash(uint32_t hash, uint32_t value) {
  uint32_t h = (hash ^ value) * 0x9E3779B1U;
  h ^= h >> 15;
  h *= 0x85EBCA77U;
  return h ^ (h >> 13);
}

// The hash of a feature of template `number` with up to three values.
constexpr uint32_t FeatureHash(uint32_t number, uint32_t a) { return MixHash(number * 0xC2B2AE3DU + 1, a); }
constexpr uint32_t FeatureHash(uint32_t number, uint32_t a, uint32_t b) { return MixHash(FeatureHash(number, a), b); }
constexpr uint32_t FeatureHash(uint32_t number, uint32_t a, uint32_t b, uint32_t c) {
  return MixHash(FeatureHash(number, a, b), c);
}

// FNV-1a over bytes; never 0, which stands for "no word".
constexpr uint32_t HashBytes(std::string_view bytes) {
  uint32_t h = 0x811C9DC5U;
  for (const char c : bytes) h = (h ^ static_cast<uint8_t>(c)) * 0x01000193U;
  return h == 0 ? 1 : h;
}

}  // namespace interdict::pipeline
