// Joins the node with Interdict's own pipeline. In its own file, so that the node links without it.
#include <utility>

#include "services/ingest/ingest_node.h"
#include "services/ingest/pipeline/pipeline.h"

namespace interdict::ingest {

absl::StatusOr<std::unique_ptr<IngestNode>> IngestNode::Start(const IngestOptions& options, log::Log* log,
                                                              std::shared_ptr<grpc::Channel> index,
                                                              std::unique_ptr<pipeline::Pipeline> pipeline,
                                                              server::Metrics* metrics, server::Logger* logger) {
  std::shared_ptr<const pipeline::Pipeline> shared = std::move(pipeline);
  DocumentExtractor extractor{.stamp = pipeline::Pipeline::ExtractorStamp(),
                              .extract = [shared](const v1::DocumentInput& input) { return shared->Extract(input); }};
  return Start(options, log, std::move(index), std::move(extractor), metrics, logger);
}

}  // namespace interdict::ingest
