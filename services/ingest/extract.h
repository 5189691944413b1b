// What the ingest service needs of an extractor: a function and the stamp that it puts on reports. Keeps the service
// apart from the pipeline, so that either can be tested without the other.
#pragma once

#include <functional>

#include "absl/status/statusor.h"
#include "interdict/v1/document.pb.h"
#include "interdict/v1/incident.pb.h"
#include "services/ingest/pipeline/pipeline.h"

namespace interdict::ingest {

// Reads one document; as pipeline::Pipeline::Extract. Called from many threads at once.
using Extract = std::function<absl::StatusOr<pipeline::Extraction>(const v1::DocumentInput&)>;

struct DocumentExtractor {
  v1::Extractor stamp;
  Extract extract;
};

}  // namespace interdict::ingest
