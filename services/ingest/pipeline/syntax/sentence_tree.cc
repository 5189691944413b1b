#include "services/ingest/pipeline/syntax/sentence_tree.h"

namespace interdict::pipeline {
namespace {

// How far an argument is looked for in the clauses above.
constexpr int kMaxDepth = 4;

bool LooksPast(const std::string& form) {
  return form.ends_with("ed") || form.ends_with("en") || form.ends_with("wn") || form == "sold" || form == "bought" ||
         form == "found" || form == "caught" || form == "held" || form == "sent" || form == "brought" ||
         form == "shot" || form == "made" || form == "told" || form == "paid" || form == "kept";
}

}  // namespace

SentenceTree::SentenceTree(const std::vector<Token>& tokens, const Sentence& sentence, const ParseTree& tree,
                           std::vector<PartOfSpeech> tags)
    : first_(sentence.first_token), nodes_(tree.heads.size()) {
  for (size_t i = nodes_.size(); i-- > 0;) {
    Node& node = nodes_[i];
    node.relation = tree.relations[i];
    node.tag = tags[i];
    node.form = tokens[first_ + i].folded;
    node.past = LooksPast(node.form);
    if (tree.heads[i] < 0) continue;
    Node& head = nodes_[static_cast<size_t>(tree.heads[i])];
    node.head = tree.heads[i] + static_cast<int32_t>(first_);
    node.next_dependent = head.first_dependent;
    head.first_dependent = static_cast<int32_t>(first_ + i);
  }
}

bool SentenceTree::Holds(int32_t token) const {
  return token >= static_cast<int32_t>(first_) && token < static_cast<int32_t>(first_ + nodes_.size());
}

int32_t SentenceTree::HeadOf(int32_t token) const { return Holds(token) ? At(token).head : -1; }

Relation SentenceTree::RelationOf(int32_t token) const { return Holds(token) ? At(token).relation : Relation::kOther; }

PartOfSpeech SentenceTree::TagOf(int32_t token) const { return Holds(token) ? At(token).tag : PartOfSpeech::kOther; }

std::vector<int32_t> SentenceTree::DependentsOf(int32_t token) const {
  std::vector<int32_t> out;
  if (!Holds(token)) return out;
  for (int32_t d = At(token).first_dependent; d >= 0; d = At(d).next_dependent) out.push_back(d);
  return out;
}

int32_t SentenceTree::Dependent(int32_t token, Relation relation) const {
  if (!Holds(token)) return -1;
  for (int32_t d = At(token).first_dependent; d >= 0; d = At(d).next_dependent)
    if (At(d).relation == relation) return d;
  return -1;
}

std::vector<int32_t> SentenceTree::Conjuncts(int32_t token) const {
  std::vector<int32_t> out;
  if (!Holds(token)) return out;
  int32_t first = token;
  while (At(first).relation == Relation::kConjunct && At(first).head >= 0) first = At(first).head;
  std::vector<int32_t> open = {first};
  for (size_t i = 0; i < open.size(); ++i) {
    if (open[i] != token) out.push_back(open[i]);
    for (int32_t d = At(open[i]).first_dependent; d >= 0; d = At(d).next_dependent)
      if (At(d).relation == Relation::kConjunct) open.push_back(d);
  }
  return out;
}

bool SentenceTree::IsRelativePronoun(int32_t token) const {
  const std::string& form = At(token).form;
  return form == "who" || form == "which" || form == "that" || form == "whom";
}

void SentenceTree::ReadDependents(int32_t predicate, Arguments& out) const {
  for (int32_t d = At(predicate).first_dependent; d >= 0; d = At(d).next_dependent) {
    const std::string& form = At(d).form;
    switch (At(d).relation) {
      case Relation::kSubject:
        out.agent = d;
        break;
      case Relation::kPassiveSubject:
        out.patient = d;
        out.passive = true;
        break;
      case Relation::kPassiveAuxiliary:
        out.passive = true;
        break;
      case Relation::kObject:
        out.patient = d;
        break;
      case Relation::kIndirectObject:
        out.recipient = d;
        break;
      case Relation::kAgent:
        out.agent = d;
        break;
      case Relation::kAdverbialModifier:
      case Relation::kAuxiliary:
      case Relation::kDeterminer:
        out.negated |= form == "not" || form == "never" || form == "n't" || form == "no" || form.ends_with("n't");
        break;
      case Relation::kOblique:
      case Relation::kNominalModifier:
        if (const int32_t preposition = PrepositionOf(d); preposition >= 0)
          out.prepositional.emplace_back(preposition, d);
        break;
      default:
        break;
    }
  }
  // Where a subject stands with a passive auxiliary, the parser has only missed the subtype.
  if (out.passive && out.patient < 0 && out.agent >= 0 && At(out.agent).relation == Relation::kSubject) {
    out.patient = out.agent;
    out.agent = -1;
  }
}

// "the seizure of the rifles by customs", "their seizure", "arms seizure".
void SentenceTree::ReadNominal(int32_t predicate, Arguments& out) const {
  for (const auto& [preposition, word] : out.prepositional) {
    if (At(preposition).form == "of" && out.patient < 0) out.patient = word;
    if (At(preposition).form == "by" && out.agent < 0) out.agent = word;
  }
  if (const int32_t owner = Dependent(predicate, Relation::kPossessive); owner >= 0) {
    // "his arrest" is of him, "their seizure of it" is by them.
    (out.patient < 0 ? out.patient : out.agent) = owner;
  }
  if (const int32_t compound = Dependent(predicate, Relation::kCompound); compound >= 0 && out.patient < 0)
    out.patient = compound;
}

// Arguments that stand with the clause above: "who was held and charged", "asked them to leave", "rifles seized by …".
void SentenceTree::Inherit(int32_t predicate, int depth, Arguments& out) const {
  const Node& node = At(predicate);
  if (node.head < 0 || depth >= kMaxDepth) return;
  switch (node.relation) {
    case Relation::kConjunct: {
      if (At(node.head).tag != PartOfSpeech::kVerb || out.agent >= 0) return;
      const Arguments above = ArgumentsAt(node.head, depth + 1);
      if (!above.passive) {
        out.agent = above.agent;
      } else if (node.past && out.patient < 0) {
        out.passive = true;
        out.patient = above.patient;
        if (out.agent < 0) out.agent = above.agent;
      } else {
        out.agent = above.patient;
      }
      return;
    }
    case Relation::kOpenComplement:
    case Relation::kAdverbialClause: {
      const Arguments above = ArgumentsAt(node.head, depth + 1);
      // "asked the ministry to leave": the one asked; treebanks disagree whether it is a direct or an indirect object.
      const int32_t asked = above.recipient >= 0 ? above.recipient : above.patient;
      const bool of_object = node.relation == Relation::kOpenComplement && asked >= 0;
      int32_t& missing = out.passive || (node.past && out.patient < 0) ? out.patient : out.agent;
      if (missing < 0) missing = of_object ? asked : above.passive ? above.patient : above.agent;
      return;
    }
    case Relation::kClausalModifier:
    case Relation::kRelativeClause: {
      const bool agent_is_pronoun = out.agent >= 0 && IsRelativePronoun(out.agent);
      const bool patient_is_pronoun = out.patient >= 0 && IsRelativePronoun(out.patient);
      if (agent_is_pronoun) out.agent = node.head;
      if (patient_is_pronoun) out.patient = node.head;
      if (agent_is_pronoun || patient_is_pronoun) return;
      if (out.agent >= 0 && out.patient < 0) {
        out.patient = node.head;  // "the rifles officers seized"
      } else if (node.past && out.patient < 0) {
        out.passive = true;
        out.patient = node.head;
      } else if (out.agent < 0) {
        out.agent = node.head;
      }
      return;
    }
    default:
      return;
  }
}

// Where the parser did not see the relative clause, its pronoun stands for the noun right before it.
int32_t SentenceTree::Antecedent(int32_t word) const {
  constexpr int32_t kReach = 2;  // "the men, who"; "the firm from which"
  if (word < 0 || !IsRelativePronoun(word) || At(word).tag != PartOfSpeech::kPronoun) return word;
  for (int32_t before = word - 1; before >= word - kReach && Holds(before); --before)
    if (At(before).tag == PartOfSpeech::kNoun || At(before).tag == PartOfSpeech::kProperNoun) return before;
  return word;
}

Arguments SentenceTree::ArgumentsAt(int32_t predicate, int depth) const {
  Arguments out;
  ReadDependents(predicate, out);
  const PartOfSpeech tag = At(predicate).tag;
  const bool nominal = tag == PartOfSpeech::kNoun || tag == PartOfSpeech::kProperNoun;
  if (nominal && out.agent < 0 && out.patient < 0) {
    ReadNominal(predicate, out);
    return out;
  }
  Inherit(predicate, depth, out);
  out.agent = Antecedent(out.agent);
  out.patient = Antecedent(out.patient);
  // "seized by officers" where the parser calls the agent an ordinary adjunct.
  if (out.passive && out.agent < 0)
    for (const auto& [preposition, word] : out.prepositional)
      if (At(preposition).form == "by") out.agent = word;
  return out;
}

Arguments SentenceTree::ArgumentsOf(int32_t predicate) const {
  return Holds(predicate) ? ArgumentsAt(predicate, 0) : Arguments();
}

}  // namespace interdict::pipeline
