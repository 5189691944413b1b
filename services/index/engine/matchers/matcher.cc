#include "services/index/engine/matchers/matcher.h"

#include <utility>

namespace interdict::index {
namespace {

using Kind = QueryNode::Kind;

absl::StatusOr<std::unique_ptr<Matcher>> MakeStructure(const CollectionView& view, size_t index, const Plan& plan,
                                                       const PlannedNode& node) {
  std::vector<std::unique_ptr<Matcher>> children;
  for (const PlannedNode& child : node.children) {
    auto matcher = MakeMatcher(view, index, plan, child);
    if (!matcher.ok()) return matcher.status();
    const bool nothing = (*matcher)->estimate() == 0;
    if (nothing && node.kind == Kind::kAnd) return matcher;
    if (nothing && node.kind == Kind::kOr) continue;
    children.push_back(*std::move(matcher));
  }
  const uint32_t documents = view.segments[index].segment->size();
  if (node.kind == Kind::kNot) return MakeNot(std::move(children[0]), documents);
  if (children.empty()) return MakeConstant(node.kind == Kind::kAnd, documents);
  if (children.size() == 1) return std::move(children[0]);
  return node.kind == Kind::kAnd ? MakeAnd(std::move(children)) : MakeOr(std::move(children));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Matcher>> MakeMatcher(const CollectionView& view, size_t index, const Plan& plan,
                                                     const PlannedNode& node) {
  const Segment& segment = *view.segments[index].segment;
  switch (node.kind) {
    case Kind::kAll:
    case Kind::kNone:
      return MakeConstant(node.kind == Kind::kAll, segment.size());
    case Kind::kAnd:
    case Kind::kOr:
    case Kind::kNot:
      return MakeStructure(view, index, plan, node);
    case Kind::kTerm: {
      const auto& list = plan.terms[node.term].lists[index];
      if (!list.has_value()) return MakeConstant(false, segment.size());
      return MakeTerm(segment, *list);
    }
    case Kind::kPhrase:
    case Kind::kNear:
      return MakePositional(segment, index, plan, node);
    case Kind::kKeyword:
    case Kind::kKeywordPrefix:
    case Kind::kKeywordExists:
      return MakeKeyword(segment, *node.source);
    case Kind::kRange:
    case Kind::kColumnExists:
      return MakeRange(segment, *node.source);
    case Kind::kInterval:
      return MakeInterval(segment, *node.source);
    case Kind::kWithin:
      return MakeWithin(segment, *node.source);
    case Kind::kPrefix:
    case Kind::kFuzzy:
      break;  // a plan has none
  }
  return absl::InternalError("a clause that the plan should have expanded");
}

}  // namespace interdict::index
