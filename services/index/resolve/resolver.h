// The policy of resolution: which automatic group a report belongs to. Apart from the machinery (resolver_runner.h) and
// from what people judge (judged_groups.h), so that a better policy changes nothing else.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "interdict/internal/v1/log_entry.pb.h"
#include "interdict/v1/incident.pb.h"
#include "storage/records/store.h"

namespace interdict::index {

// A group that is alike, but not enough to join by score.
struct AlikeGroup {
  std::string group_id;
  double score = 0;
  internal::v1::Reason reason;
};

struct Verdict {
  std::string group_id;                       // 32 hexadecimal digits; empty: the report founds a group
  std::vector<internal::v1::Reason> reasons;  // at least one
  std::vector<std::string> same_groups;       // further groups that this report shows to be the same as `group_id`
  std::vector<AlikeGroup> alike;              // to be suggested to an analyst
};

// One thread at a time. What Decide answers is logged, so it may depend on anything; what Add, Remove and Join write
// into the view must follow from their arguments and the view, for the view is made anew from the log.
class Resolver {
 public:
  virtual ~Resolver() = default;

  // Column families of the view that are the policy's own, and a version: a view that another version wrote is made
  // anew.
  virtual std::vector<std::string> Families() const = 0;
  virtual uint32_t Version() const = 0;

  // What comparison needs of a report; opaque to the machinery. `text` may be cut, or empty.
  virtual std::string Features(const v1::Report& report, const v1::Source& source, const std::string& text) const = 0;

  // Where a report belongs that is in no group yet. Never a group that holds another report of its document.
  virtual absl::StatusOr<Verdict> Decide(const std::string& features, const records::Reader& view) const = 0;

  // Whether two reports tell of one happening, 0 to 1.
  virtual double Alike(const std::string& features, const std::string& other_features) const = 0;

  // A line of reports comes into a group, leaves it (`features` as they were added), or all lines of a group come into
  // another.
  virtual absl::Status Add(const std::string& features, const std::string& group_id, const std::string& line_id,
                           const records::Reader& view, records::Batch* batch) const = 0;
  virtual absl::Status Remove(const std::string& features, const std::string& group_id, const std::string& line_id,
                              const records::Reader& view, records::Batch* batch) const = 0;
  virtual absl::Status Join(const std::string& group_id, const std::string& into_group_id, const records::Reader& view,
                            records::Batch* batch) const = 0;
};

}  // namespace interdict::index
