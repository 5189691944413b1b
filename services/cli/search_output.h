// Answers of searches as tables for a person.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "interdict/v1/query_service.pb.h"
#include "services/cli/terminal.h"

namespace interdict::cli {

// Where and how a table is written.
struct TableStyle {
  Style style;
  size_t width = 120;  // columns
};

// One hit: date, title, places, goods, status; below it the name and the passages in which words of the query occur.
void ShowHeader(std::ostream& out, const TableStyle& table);
void ShowHit(std::ostream& out, const TableStyle& table, const v1::Incident& incident, const v1::SearchHit& hit);

// The same of documents: date, title, publisher, language.
void ShowDocumentHeader(std::ostream& out, const TableStyle& table);
void ShowHit(std::ostream& out, const TableStyle& table, const v1::Document& document, const v1::SearchHit& hit);

// The counts of a facet, a bar beside each.
void ShowFacet(std::ostream& out, const TableStyle& table, const v1::FacetResult& facet);

// Buckets of an aggregation under the names of the fields.
void ShowBuckets(std::ostream& out, const TableStyle& table, const std::vector<std::string>& fields,
                 const v1::AggregateIncidentsResponse& answer);

// `route`: origin → transit → destination, and in brackets where it happened. Example: `CN → KP (CZ)`.
std::string RouteOf(const v1::IncidentFacts& facts);
// Categories of goods, each once; what has none by its description.
std::string GoodsOf(const v1::IncidentFacts& facts);

// `12 of 340`, `12 of at least 10000`, or `12`.
std::string ShownOf(int64_t shown, const v1::TotalCount* total);

}  // namespace interdict::cli
