#include "services/index/engine/window_bits.h"

// The baseline of x86-64 has no instruction that counts bits; most machines have.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define INTERDICT_COUNTING_CLONES __attribute__((target_clones("popcnt", "default")))
#else
#define INTERDICT_COUNTING_CLONES
#endif

namespace interdict::index {
namespace {

INTERDICT_COUNTING_CLONES uint32_t CountWords(const uint64_t* words) {
  int count = 0;
  for (uint32_t i = 0; i < kWindowWords; ++i) count += __builtin_popcountll(words[i]);
  return static_cast<uint32_t>(count);
}

}  // namespace

uint32_t WindowBits::Count() const { return CountWords(words.data()); }

}  // namespace interdict::index
