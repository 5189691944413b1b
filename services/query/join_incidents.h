// The incidents that a document reports, gathered from the shards that hold them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "interdict/internal/v1/index_service.pb.h"
#include "interdict/v1/document.pb.h"
#include "services/query/scatter_gather.h"

namespace interdict::query {

// Document id to names of incidents, in the order of their numbers.
using DocumentIncidents = std::map<std::string, std::vector<std::string>>;

// The id in the name of a document.
std::string DocumentIdOf(const v1::Document& document);

// Of all shards that answered.
DocumentIncidents JoinIncidents(const ShardAnswers<internal::v1::BatchGetDocumentsResponse>& answers);

// Sets them in a document. One that no shard tells of keeps what it has.
void SetIncidents(const DocumentIncidents& incidents, v1::Document* document);

}  // namespace interdict::query
