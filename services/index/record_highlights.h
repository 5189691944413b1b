// The passages of a record in which words of a query occur.
#pragma once

#include <vector>

#include "google/protobuf/repeated_ptr_field.h"
#include "interdict/internal/v1/stored.pb.h"
#include "interdict/v1/search.pb.h"
#include "services/index/engine/language/highlight.h"

namespace interdict::index {

// At most three: those with the most different words of the query, then with the most, then in order of the fields.
google::protobuf::RepeatedPtrField<v1::Highlight> IncidentHighlights(
    const v1::Incident& incident, const std::vector<internal::v1::StoredReport>& reports, Highlighter& highlighter);

// Of the title and text of a document. `offset_bytes` says where a passage starts in the text.
google::protobuf::RepeatedPtrField<v1::Highlight> DocumentHighlights(const v1::Document& document,
                                                                     Highlighter& highlighter);

}  // namespace interdict::index
