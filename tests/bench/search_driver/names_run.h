// The name index in the harness that measures it against other engines: misspelt names, each with the one that it
// should find.
#pragma once

#include <string>

namespace interdict::bench {

// Makes INDEX from a file of `number, tab, name`, asks each `query, tab, number`, twice as the harness does, and writes
// median and p99 milliseconds, recall at 10, recall at 1 and the count of queries to OUT/names.interdict.tsv. Then
// screens 10,000 names in two threads and adds one name.
int RunNames(const std::string& names, const std::string& queries, const std::string& index, const std::string& out);

}  // namespace interdict::bench
