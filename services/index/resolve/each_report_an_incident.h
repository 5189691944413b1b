// The simplest policy: every report founds a group of its own. What tests of the machinery use.
#pragma once

#include "services/index/resolve/resolver.h"

namespace interdict::index {

class EachReportAnIncident : public Resolver {
 public:
  std::vector<std::string> Families() const override { return {}; }
  uint32_t Version() const override { return 1; }
  std::string Features(const v1::Report& /*report*/, const v1::Source& /*source*/,
                       const std::string& /*text*/) const override {
    return "";
  }
  absl::StatusOr<Verdict> Decide(const std::string& features, const records::Reader& view) const override;
  double Alike(const std::string& /*features*/, const std::string& /*other_features*/) const override { return 0; }
  absl::Status Add(const std::string& /*features*/, const std::string& /*group_id*/, const std::string& /*line_id*/,
                   const records::Reader& /*view*/, records::Batch* /*batch*/) const override {
    return absl::OkStatus();
  }
  absl::Status Remove(const std::string& /*features*/, const std::string& /*group_id*/, const std::string& /*line_id*/,
                      const records::Reader& /*view*/, records::Batch* /*batch*/) const override {
    return absl::OkStatus();
  }
  absl::Status Join(const std::string& /*group_id*/, const std::string& /*into_group_id*/,
                    const records::Reader& /*view*/, records::Batch* /*batch*/) const override {
    return absl::OkStatus();
  }
};

}  // namespace interdict::index
