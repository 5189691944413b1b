// What of a report is compared with other reports: hashes, days and numbers, at most about a kilobyte, whatever the
// report holds.
#pragma once

#include <string>

#include "interdict/internal/v1/resolution.pb.h"
#include "interdict/v1/incident.pb.h"

namespace interdict::index::match {

inline constexpr int kMaxParties = 12;
inline constexpr int kMaxNames = 3;  // of a party
inline constexpr int kMaxNameWords = 6;
inline constexpr int kMaxConveyances = 6;
inline constexpr int kMaxGoods = 6;
inline constexpr int kMaxModels = 4;   // of one kind of goods
inline constexpr int kMaxAmounts = 4;  // of one kind of goods
inline constexpr int kMaxGoodsWords = 6;
inline constexpr int kMaxPlaces = 12;
inline constexpr int kMaxActions = 8;
inline constexpr int kMaxInstruments = 6;

// `text`: of the document, or its beginning; may be empty. A pure function, of any report: values that are not valid
// are left out, of too many the first count. Reads at most some 100 KB of it all.
internal::v1::ReportFeatures FeaturesOf(const v1::Report& report, const v1::Source& source, const std::string& text);

// The seven digits, if the last is the right check digit; else 0.
uint32_t ImoNumber(const std::string& written);

}  // namespace interdict::index::match
