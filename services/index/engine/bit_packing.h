// Blocks of 128 integers packed with as many bits each as the largest needs, in four interleaved lanes, so that the
// vector unit of any processor unpacks four at a time.
#pragma once

#include <cstdint>
#include <string>

namespace interdict::index {

inline constexpr uint32_t kBlockSize = 128;

// Bits that the largest of `values` needs; 0 if all are 0.
uint32_t BitsFor(const uint32_t* values, uint32_t count);
inline uint32_t PackedBytes(uint32_t bits) { return bits * kBlockSize / 8; }

// Appends kBlockSize values of `bits` bits each.
void PackBlock(const uint32_t* values, uint32_t bits, std::string& out);
// `in` holds PackedBytes(bits), unaligned.
void UnpackBlock(const char* in, uint32_t bits, uint32_t* values);
// Unpacks gaps minus one and adds them up: values[0] = before + gap + 1, and so on. `before` of the first is -1.
void UnpackAscending(const char* in, uint32_t bits, uint32_t before, uint32_t* values);

}  // namespace interdict::index
