#include "services/index/engine/plan.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "services/index/engine/postings.h"

namespace interdict::index {
namespace {

using Kind = QueryNode::Kind;

std::string Place(const QueryNode& node) {
  if (node.source_end == 0) return "";
  return absl::StrCat(" (at ", node.source_begin, " to ", node.source_end, ")");
}

absl::Status TooMuch(const QueryNode& node, const std::string& what) {
  return absl::ResourceExhaustedError(absl::StrCat(what, Place(node)));
}

absl::Status Malformed(const QueryNode& node, const std::string& what) {
  return absl::InvalidArgumentError(absl::StrCat(what, Place(node)));
}

template <typename Field>
bool Has(const std::vector<Field>& fields, uint16_t id) {
  return std::any_of(fields.begin(), fields.end(), [id](const Field& field) { return field.id == id; });
}

// Postings of dead documents: what a list's length has too much.
uint32_t DeadPostings(PostingCursor& cursor, const DeadSet& dead) {
  uint32_t count = 0;
  if (uint64_t{dead.count} * 16 < cursor.size()) {
    for (uint32_t word = 0; word < dead.words.size(); ++word) {
      for (uint64_t bits = dead.words[word]; bits != 0; bits &= bits - 1) {
        const uint32_t doc = word * 64 + static_cast<uint32_t>(std::countr_zero(bits));
        if (cursor.Seek(doc) == doc) ++count;
      }
    }
    return count;
  }
  for (uint32_t block = 0; block < cursor.blocks(); ++block) {
    cursor.LoadBlock(block);
    for (uint32_t i = 0; i < cursor.block_size(); ++i) count += dead.Test(cursor.docs()[i]) ? 1 : 0;
  }
  return count;
}

class Planner {
 public:
  Planner(const CollectionView& view, const Query& query) : view_(view), limits_(query.limits), check_(query.check) {}

  absl::StatusOr<PlannedNode> Build(const QueryNode& node, size_t depth) {
    if (++clauses_ > limits_.max_clauses) {
      return TooMuch(node, absl::StrCat("more than ", limits_.max_clauses, " clauses"));
    }
    if (depth > limits_.max_depth) return TooMuch(node, absl::StrCat("nested deeper than ", limits_.max_depth));
    switch (node.kind) {
      case Kind::kAll:
      case Kind::kNone:
        return Make(node.kind, node);
      case Kind::kAnd:
      case Kind::kOr:
      case Kind::kNot:
        return Structure(node, depth);
      case Kind::kTerm:
        return PerField(node, [&](uint16_t field) { return TermOf(node, field, node.text, node.boost); });
      case Kind::kPhrase:
      case Kind::kNear:
        return PerField(node, [&](uint16_t field) { return Positional(node, field, node.boost); });
      case Kind::kPrefix:
      case Kind::kFuzzy:
        return PerField(node, [&](uint16_t field) { return Expanded(node, field); });
      default:
        return Filter(node);
    }
  }

  std::vector<PlannedTerm> TakeTerms() { return std::move(terms_); }
  uint64_t postings() const { return postings_; }

 private:
  static PlannedNode Make(Kind kind, const QueryNode& source) {
    PlannedNode node;
    node.kind = kind;
    node.source = &source;
    return node;
  }

  absl::StatusOr<PlannedNode> Structure(const QueryNode& node, size_t depth) {
    if (node.kind == Kind::kNot && node.children.size() != 1) return Malformed(node, "NOT has one operand");
    PlannedNode planned = Make(node.kind, node);
    for (const QueryNode& child : node.children) {
      auto built = Build(child, depth + 1);
      if (!built.ok()) return built.status();
      // Flat is faster: a OR (b OR c).
      if (built->kind == node.kind && node.kind != Kind::kNot) {
        for (PlannedNode& grandchild : built->children) planned.children.push_back(std::move(grandchild));
      } else {
        planned.children.push_back(*std::move(built));
      }
    }
    if (node.kind == Kind::kOr && planned.children.empty()) planned.kind = Kind::kNone;
    if (node.kind == Kind::kAnd && planned.children.empty()) planned.kind = Kind::kAll;
    if (node.kind != Kind::kNot && planned.children.size() == 1) return std::move(planned.children[0]);
    return planned;
  }

  // An OR over the fields of a text clause.
  template <typename Make>
  absl::StatusOr<PlannedNode> PerField(const QueryNode& node, Make make) {
    if (!(node.boost >= 0) || !std::isfinite(node.boost)) return Malformed(node, "a boost is a number from 0 on");
    PlannedNode any = Planner::Make(Kind::kOr, node);
    for (const TextField& field : view_.schema->text_fields) {
      if ((node.fields >> field.id & 1) == 0) continue;
      auto one = make(field.id);
      if (!one.ok()) return one.status();
      if (one->kind == Kind::kNone) continue;
      if (one->kind == Kind::kOr) {
        for (PlannedNode& child : one->children) any.children.push_back(std::move(child));
      } else {
        any.children.push_back(*std::move(one));
      }
    }
    if (any.children.empty()) any.kind = Kind::kNone;
    if (any.children.size() == 1) return std::move(any.children[0]);
    return any;
  }

  bool HasSlot(uint16_t field, bool exact) const {
    for (const TextField& candidate : view_.schema->text_fields) {
      if (candidate.id == field) return !exact || candidate.exact;
    }
    return false;
  }

  absl::StatusOr<PlannedNode> TermOf(const QueryNode& node, uint16_t field, const std::string& text, float boost) {
    if (!HasSlot(field, node.exact)) return Make(Kind::kNone, node);
    auto term = FindTerm(node, SlotOf(field, node.exact), text);
    if (!term.ok()) return term.status();
    if (terms_[*term].postings == 0) return Make(Kind::kNone, node);
    PlannedNode planned = Make(Kind::kTerm, node);
    planned.term = *term;
    planned.boost = boost;
    planned.offset = node.offset;
    return planned;
  }

  absl::StatusOr<PlannedNode> Positional(const QueryNode& node, uint16_t field, float boost) {
    PlannedNode planned = Make(node.kind, node);
    planned.boost = boost;
    planned.offset = node.offset;
    bool missing = false;
    for (const QueryNode& child : node.children) {
      const bool phrase = child.kind == Kind::kPhrase && node.kind == Kind::kNear;
      if (!phrase && child.kind != Kind::kTerm) {
        return Malformed(child, "phrases are made of words, NEAR joins words and phrases");
      }
      if (++clauses_ > limits_.max_clauses) {
        return TooMuch(node, absl::StrCat("more than ", limits_.max_clauses, " clauses"));
      }
      auto built = phrase ? Positional(child, field, boost) : TermOf(child, field, child.text, boost);
      if (!built.ok()) return built.status();
      // The other words are looked up all the same: where another shard has this one, its scores depend on all of them.
      missing = missing || built->kind == Kind::kNone;
      planned.children.push_back(*std::move(built));
    }
    if (missing || planned.children.empty()) return Make(Kind::kNone, node);
    if (planned.children.size() == 1) return std::move(planned.children[0]);
    return planned;
  }

  absl::StatusOr<PlannedNode> Expanded(const QueryNode& node, uint16_t field) {
    if (!HasSlot(field, node.exact)) return Make(Kind::kNone, node);
    if (node.text.empty()) return Malformed(node, "a prefix or a fuzzy word needs letters");
    if (node.kind == Kind::kFuzzy && (node.max_edits < 1 || node.max_edits > 2)) {
      return Malformed(node, "1 or 2 edits");
    }
    bool more = false;
    const Slot slot = SlotOf(field, node.exact);
    auto terms = node.kind == Kind::kPrefix ? ExpandPrefix(view_, slot, node.text, limits_.max_expansion, &more)
                                            : ExpandFuzzy(view_, slot, node.text, node.max_edits, node.prefix_length,
                                                          limits_.max_expansion, &more);
    if (!terms.ok()) return terms.status();
    if (more) {
      return TooMuch(node, absl::StrCat("`", node.text, "` stands for more than ", limits_.max_expansion, " words"));
    }
    PlannedNode any = Make(Kind::kOr, node);
    for (const ExpandedTerm& expanded : *terms) {
      auto term = TermOf(node, field, expanded.term, node.boost / static_cast<float>(1 + expanded.edits));
      if (!term.ok()) return term.status();
      if (term->kind == Kind::kTerm) any.children.push_back(*std::move(term));
    }
    if (any.children.empty()) any.kind = Kind::kNone;
    return any;
  }

  absl::StatusOr<PlannedNode> Filter(const QueryNode& node) {
    bool known = true;
    switch (node.kind) {
      case Kind::kKeyword:
      case Kind::kKeywordPrefix:
      case Kind::kKeywordExists:
        known = Has(view_.schema->keyword_fields, node.field);
        break;
      case Kind::kInterval:
        known = Has(view_.schema->columns, node.field) && Has(view_.schema->columns, node.field_high);
        break;
      case Kind::kWithin:
        known = Has(view_.schema->geo_fields, node.field);
        if (!std::isfinite(node.latitude) || !std::isfinite(node.longitude) || !(node.km >= 0)) {
          return Malformed(node, "not a place on earth");
        }
        break;
      default:
        known = Has(view_.schema->columns, node.field);
    }
    if (!known) return Malformed(node, absl::StrCat("the collection has no field ", node.field, " of this kind"));
    return Make(node.kind, node);
  }

  absl::StatusOr<size_t> FindTerm(const QueryNode& node, Slot slot, const std::string& text) {
    const auto [known, fresh] = ids_.try_emplace({slot, text}, terms_.size());
    if (!fresh) return known->second;
    if (terms_.size() >= limits_.max_terms) {
      return TooMuch(node, absl::StrCat("more than ", limits_.max_terms, " words after expansion"));
    }
    if (check_ && terms_.size() % 64 == 63) {
      if (absl::Status status = check_(); !status.ok()) return status;
    }
    PlannedTerm term;
    term.slot = slot;
    term.term = text;
    const std::string key = segment_key::OfTerm(segment_key::kPostings, slot, text);
    for (const SegmentView& segment : view_.segments) {
      auto list = segment.segment->source().Get(key);
      if (!list.ok()) return list.status();
      if (list->has_value()) {
        ByteReader reader((*list)->bytes);
        uint64_t size = reader.Varint();
        term.postings += size;
        if (segment.dead != nullptr && segment.dead->count > 0) {
          if (!cursor_.Open((*list)->bytes)) return absl::DataLossError("a posting list is not readable");
          size -= DeadPostings(cursor_, *segment.dead);
        }
        term.documents += size;
      }
      term.lists.push_back(*std::move(list));
    }
    postings_ += term.postings;
    if (postings_ > limits_.max_postings) {
      return TooMuch(node, absl::StrCat("the words up to `", text, "` occur ", postings_, " times, more than ",
                                        limits_.max_postings, " are not searched"));
    }
    terms_.push_back(std::move(term));
    return terms_.size() - 1;
  }

  const CollectionView& view_;
  const SearchLimits& limits_;
  const std::function<absl::Status()>& check_;
  std::map<std::pair<Slot, std::string>, size_t> ids_;
  std::vector<PlannedTerm> terms_;
  PostingCursor cursor_;
  size_t clauses_ = 0;
  uint64_t postings_ = 0;
};

}  // namespace

absl::StatusOr<Plan> MakePlan(const CollectionView& view, const Query& query) {
  Planner planner(view, query);
  Plan plan;
  auto text = planner.Build(query.text, 0);
  if (!text.ok()) return text.status();
  plan.text = *std::move(text);
  auto filter = planner.Build(query.filter, 0);
  if (!filter.ok()) return filter.status();
  plan.filter = *std::move(filter);
  plan.terms = planner.TakeTerms();
  plan.postings = planner.postings();
  plan.check = &query.check;
  return plan;
}

}  // namespace interdict::index
