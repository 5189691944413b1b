// Keys under which reports of one incident meet: what two of them are likely to share and few others have.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "interdict/internal/v1/resolution.pb.h"

namespace interdict::index::match {

enum class KeyKind : uint8_t {
  kConveyance = 1,      // IMO number, registration, name of a vessel or aircraft
  kName = 2,            // all words of a party's name, in any order
  kNamePair = 3,        // two words of it
  kTerm = 4,            // proper name or telling number of the report's text
  kAmount = 5,          // goods of one category in one amount
  kPlaceAndTime = 6,    // goods × place × two weeks
  kCountryAndTime = 7,  // goods × country × two weeks
  kText = 8,            // band of the text's sketch
};

struct BlockingKey {
  KeyKind kind;
  uint64_t hash;
  friend auto operator<=>(const BlockingKey&, const BlockingKey&) = default;
};

inline constexpr size_t kMaxBlockingKeys = 96;

// Of one report: each once, at most kMaxBlockingKeys, the most telling kinds first where there are more.
std::vector<BlockingKey> BlockingKeysOf(const internal::v1::ReportFeatures& features);

// Key of a term or of a whole name, as BlockingKeysOf makes it.
BlockingKey TermKey(uint32_t term);
BlockingKey NameKey(const internal::v1::FeatureName& name);

// Key of `match_keys`: kind (1) | hash (8).
std::string RowKey(const BlockingKey& key);

}  // namespace interdict::index::match
