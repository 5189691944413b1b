#include "services/index/engine/explain.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace interdict::index {
namespace {

using Kind = QueryNode::Kind;

template <typename Field>
std::string NameOf(const std::vector<Field>& fields, uint16_t id) {
  for (const Field& field : fields) {
    if (field.id == id && !field.name.empty()) return field.name;
  }
  return absl::StrCat("#", id);
}

std::string Word(const IndexSchema& schema, const PlannedTerm& term) {
  return absl::StrCat(NameOf(schema.text_fields, term.slot / 2), ":", term.slot % 2 == 1 ? "=" : "", term.term);
}

std::string Bound(int64_t value) {
  if (value == INT64_MIN || value == INT64_MAX) return "*";
  return absl::StrCat(value);
}

std::string Condition(const IndexSchema& schema, const QueryNode& node) {
  switch (node.kind) {
    case Kind::kKeyword:
      return absl::StrCat("keyword ", NameOf(schema.keyword_fields, node.field), " in {",
                          absl::StrJoin(node.values, ", "), "}");
    case Kind::kKeywordPrefix:
      return absl::StrCat("keyword ", NameOf(schema.keyword_fields, node.field), " begins with ", node.text);
    case Kind::kKeywordExists:
      return absl::StrCat("keyword ", NameOf(schema.keyword_fields, node.field), " exists");
    case Kind::kRange:
      return absl::StrCat("range ", NameOf(schema.columns, node.field), " in [", Bound(node.low), ", ",
                          Bound(node.high), "]");
    case Kind::kColumnExists:
      return absl::StrCat("column ", NameOf(schema.columns, node.field), " exists");
    case Kind::kInterval:
      return absl::StrCat("interval ", NameOf(schema.columns, node.field), " to ",
                          NameOf(schema.columns, node.field_high),
                          node.certainty == QueryNode::Certainty::kPossibly ? " possibly" : " certainly", " in [",
                          Bound(node.low), ", ", Bound(node.high), "]");
    case Kind::kWithin:
      return absl::StrFormat("within %g km of %g, %g by %s", node.km, node.latitude, node.longitude,
                             NameOf(schema.geo_fields, node.field));
    default:
      return "?";
  }
}

void Print(const IndexSchema& schema, const Plan& plan, const PlannedNode& node, int depth, std::string& out) {
  out.append(static_cast<size_t>(depth) * 2, ' ');
  switch (node.kind) {
    case Kind::kAll:
      out += "all documents";
      break;
    case Kind::kNone:
      out += "nothing";
      break;
    case Kind::kAnd:
      out += "and";
      break;
    case Kind::kOr:
      out += "or";
      break;
    case Kind::kNot:
      out += "not";
      break;
    case Kind::kPhrase:
      out += "phrase";
      break;
    case Kind::kNear:
      absl::StrAppend(&out, "near/", node.source->distance);
      break;
    case Kind::kTerm: {
      const PlannedTerm& term = plan.terms[node.term];
      absl::StrAppend(&out, "word ", Word(schema, term), ", ", term.documents, " documents");
      if (node.boost != 1.0F) absl::StrAppend(&out, ", boost ", node.boost);
      break;
    }
    default:
      out += Condition(schema, *node.source);
  }
  out += "\n";
  for (const PlannedNode& child : node.children) Print(schema, plan, child, depth + 1, out);
}

// Words that add to the score, with their boosts.
void Collect(const PlannedNode& node, std::vector<const PlannedNode*>& words) {
  if (node.kind == Kind::kNot) return;
  if (node.kind == Kind::kTerm) words.push_back(&node);
  for (const PlannedNode& child : node.children) Collect(child, words);
}

}  // namespace

std::string PrintPlan(const CollectionView& view, const Plan& plan, const Query& query,
                      const std::vector<std::string>& ways) {
  std::string out = absl::StrCat(view.documents, " documents, ", plan.postings, " postings of the words\n");
  std::map<std::string, size_t> counted;
  for (const std::string& way : ways) {
    if (!way.empty()) ++counted[way];
  }
  for (const auto& [way, count] : counted) absl::StrAppend(&out, "run: ", way, "\n");
  if (query.order.by == Order::By::kColumn) {
    absl::StrAppend(&out, "order: ", NameOf(view.schema->columns, query.order.column),
                    query.order.descending ? " descending\n" : " ascending\n");
  }
  out += "text:\n";
  Print(*view.schema, plan, plan.text, 1, out);
  out += "filter:\n";
  Print(*view.schema, plan, plan.filter, 1, out);
  return out;
}

absl::StatusOr<std::string> ExplainHit(const CollectionView& view, const Plan& plan, const Weights& weights,
                                       const Hit& hit, const NormsOf& norms) {
  std::vector<const PlannedNode*> words;
  Collect(plan.text, words);
  std::string out = absl::StrFormat("score %.4f\n", hit.score);
  for (size_t i = 0; i < view.segments.size(); ++i) {
    const SegmentView& segment = view.segments[i];
    const uint32_t doc = segment.segment->Find(static_cast<uint32_t>(hit.number));
    if (doc == kNoDoc || (segment.dead != nullptr && segment.dead->Test(doc))) continue;
    for (const PlannedNode* word : words) {
      const PlannedTerm& term = plan.terms[word->term];
      PostingCursor cursor;
      if (!term.lists[i].has_value() || !cursor.Open(term.lists[i]->bytes) || cursor.Seek(doc) != doc) continue;
      auto lengths = segment.segment->Lengths(term.slot / 2);
      if (!lengths.ok()) return lengths.status();
      const uint32_t length = *lengths == nullptr ? 0 : (*lengths)->At(doc);
      const double frequency = cursor.frequency();
      const double most = weights.by_term[word->term] * word->boost;
      absl::StrAppendFormat(&out, "  %s: at most %.4f, %g times in %d words: %.4f if it counts here\n",
                            Word(*view.schema, term), most, frequency, length,
                            most * frequency / (frequency + norms(term.slot / 2).At(length)));
    }
  }
  return out;
}

}  // namespace interdict::index
