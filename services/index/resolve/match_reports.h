// The policy of resolution that the service runs: reports are grouped by what they tell, with the model and the index
// of match/.
#pragma once

#include <string>
#include <vector>

#include "services/index/resolve/match/group_index.h"
#include "services/index/resolve/resolver.h"

namespace interdict::index {

class MatchReports : public Resolver {
 public:
  // Raised with every change of the features or of the rows of match/; not with the weights, for what was decided with
  // others stays decided.
  static constexpr uint32_t kVersion = 1;

  MatchReports() : index_(&match::PairModel::BuiltIn()) {}

  std::vector<std::string> Families() const override { return match::GroupIndex::Families(); }
  uint32_t Version() const override { return kVersion; }
  std::string Features(const v1::Report& report, const v1::Source& source, const std::string& text) const override;
  absl::StatusOr<Verdict> Decide(const std::string& features, const records::Reader& view) const override;
  double Alike(const std::string& features, const std::string& other_features) const override;
  absl::Status Add(const std::string& features, const std::string& group_id, const std::string& line_id,
                   const records::Reader& view, records::Batch* batch) const override;
  absl::Status Remove(const std::string& features, const std::string& group_id, const std::string& line_id,
                      const records::Reader& view, records::Batch* batch) const override;
  absl::Status Join(const std::string& group_id, const std::string& into_group_id, const records::Reader& view,
                    records::Batch* batch) const override;

 private:
  const match::GroupIndex index_;
};

}  // namespace interdict::index
