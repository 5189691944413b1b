// A policy of resolution for tests: reports whose titles begin with the same word are of one group; `?` behind the word
// makes them only alike; a title of two words joined by `+` shows their groups to be one.
#pragma once

#include <string>
#include <vector>

#include "services/index/resolve/resolver.h"

namespace interdict::index::testing {

class TitleGroups : public Resolver {
 public:
  std::vector<std::string> Families() const override;
  uint32_t Version() const override { return 1; }
  std::string Features(const v1::Report& report, const v1::Source& source, const std::string& text) const override;
  absl::StatusOr<Verdict> Decide(const std::string& features, const records::Reader& view) const override;
  double Alike(const std::string& features, const std::string& other_features) const override;
  absl::Status Add(const std::string& features, const std::string& group_id, const std::string& line_id,
                   const records::Reader& view, records::Batch* batch) const override;
  absl::Status Remove(const std::string& features, const std::string& group_id, const std::string& line_id,
                      const records::Reader& view, records::Batch* batch) const override;
  absl::Status Join(const std::string& group_id, const std::string& into_group_id, const records::Reader& view,
                    records::Batch* batch) const override;
};

}  // namespace interdict::index::testing
