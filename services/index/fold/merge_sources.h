// Which reports go back to one source: copies of one text, and tellings that repeat the same outlet.
#pragma once

#include <cstdint>
#include <vector>

#include "interdict/internal/v1/stored.pb.h"

namespace interdict::index {

// For each report the number of its origin, counted from 1 in order of the reports. Two reports are of one origin if
//  * the last of the chain of attribution of one, else its publisher, else the host of its URL, else the document, is
//    that of the other; case, diacritics, punctuation, a leading "the" and the ending of a host do not count;
//  * all that one asserts is attributed to the other's publisher;
//  * their texts share most of their word sequences (the first 16 KiB are compared);
//  * a third one ties them.
std::vector<uint32_t> FindOrigins(const std::vector<internal::v1::StoredReport>& reports);

}  // namespace interdict::index
