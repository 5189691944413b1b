// What an incident is found by: the values of its merged record, and the sentences that its reports rest on. The text
// of a document is not posted under an incident, since another passage of it may tell of another happening.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "interdict/internal/v1/stored.pb.h"
#include "services/index/engine/index_document.h"

namespace interdict::index {

// `reports` are those that the record was merged from. Work and size grow with the sentences of all reports, up to
// kMaxTokens words: what a further report says beyond that is found by its values, not by its sentences.
IndexDocument IncidentDocument(uint64_t number, const v1::Incident& incident,
                               const std::vector<internal::v1::StoredReport>& reports);

// The sentences (quotes, where there is no sentence) of all evidence in the facts, each once, in order of the fields.
std::vector<const v1::Evidence*> EvidenceOf(const v1::IncidentFacts& facts);

// The passages of a text field other than `text`, in the order in which they are indexed.
std::vector<std::string> PassagesOf(const std::string& text_field, const v1::IncidentFacts& facts);

}  // namespace interdict::index
