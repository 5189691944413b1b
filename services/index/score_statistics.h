// What scores depend on, between the engine and the wire.
#pragma once

#include "interdict/internal/v1/index_service.pb.h"
#include "services/index/engine/query.h"

namespace interdict::index {

ScoreStatistics FromProto(const internal::v1::SearchStatistics& statistics);
internal::v1::SearchStatistics ToProto(const ScoreStatistics& statistics);

}  // namespace interdict::index
