// Times of the log, microseconds since 1970, as protobuf timestamps.
#pragma once

#include <cstdint>

#include "google/protobuf/timestamp.pb.h"

namespace interdict::index {

inline google::protobuf::Timestamp TimestampFromMicros(int64_t micros) {
  constexpr int64_t kPerSecond = 1'000'000;
  int64_t seconds = micros / kPerSecond;
  int64_t rest = micros % kPerSecond;
  if (rest < 0) {
    rest += kPerSecond;
    --seconds;
  }
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(static_cast<int32_t>(rest * 1000));
  return timestamp;
}

}  // namespace interdict::index
