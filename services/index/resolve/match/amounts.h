// Quantities and sums of money in common units, and whether two of them are the same.
#pragma once

#include <cstdint>
#include <string_view>

#include "interdict/internal/v1/resolution.pb.h"
#include "interdict/v1/incident.pb.h"

namespace interdict::index::match {

// Kind UNSPECIFIED for what is no positive finite number.
internal::v1::FeatureAmount AmountOf(const v1::Quantity& quantity);
internal::v1::FeatureAmount AmountOf(const v1::MoneyAmount& money);

// Whether both measure the same thing, so that other numbers contradict: one unit, for money one currency.
bool SameMeasure(const internal::v1::FeatureAmount& a, const internal::v1::FeatureAmount& b);

// Whether the smaller is at least 93 % of the larger, as where one text rounds. Only for the same measure.
bool SameAmount(const internal::v1::FeatureAmount& a, const internal::v1::FeatureAmount& b);

// A number of letters, as `US` or `EUR`; 0 for anything but two or three capital letters.
uint32_t CodeNumber(std::string_view code);

}  // namespace interdict::index::match
