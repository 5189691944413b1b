// Invented reports for the tests of matching, from a short description in the text format of protobuf.
#pragma once

#include <string>

#include "interdict/internal/v1/resolution.pb.h"
#include "interdict/v1/incident.pb.h"

namespace interdict::index::match {

// A report of facts on a document of its own, numbered.
v1::Report SampleReport(const std::string& facts, int document, uint32_t ordinal = 0);

internal::v1::ReportFeatures SampleFeatures(const std::string& facts, int document, const std::string& published = "",
                                            const std::string& text = "", uint32_t ordinal = 0);

// Raw id of 16 bytes.
std::string SampleId(int number);

// A seizure of gold from an aeroplane, told by two outlets, and one that is like it.
extern const char* const kGoldFlight;
extern const char* const kGoldFlightRetold;
extern const char* const kOtherGoldFlight;

}  // namespace interdict::index::match
