// Short names of enum values, as filters and facets have them: `DISPUTED` of VERIFICATION_STATUS_DISPUTED.
#pragma once

#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"

namespace interdict::index {

// What all values of the enum begin with: `VERIFICATION_STATUS_`.
std::string EnumPrefix(const google::protobuf::EnumDescriptor& type);

// Short names but for the one of 0, in order of their numbers.
std::vector<std::string> EnumNames(const google::protobuf::EnumDescriptor& type);

// Short name of a value; empty for 0 and for numbers that the enum has not.
std::string EnumName(const google::protobuf::EnumDescriptor& type, int number);

}  // namespace interdict::index
