#include "services/index/engine/schema/enum_names.h"

#include <string_view>

namespace interdict::index {

std::string EnumPrefix(const google::protobuf::EnumDescriptor& type) {
  constexpr std::string_view kUnspecified = "UNSPECIFIED";
  const std::string& zero = type.FindValueByNumber(0)->name();
  return zero.substr(0, zero.size() - kUnspecified.size());
}

std::vector<std::string> EnumNames(const google::protobuf::EnumDescriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0) names.push_back(EnumName(type, type.value(i)->number()));
  }
  return names;
}

std::string EnumName(const google::protobuf::EnumDescriptor& type, int number) {
  const auto* value = number == 0 ? nullptr : type.FindValueByNumber(number);
  return value == nullptr ? "" : value->name().substr(EnumPrefix(type).size());
}

}  // namespace interdict::index
