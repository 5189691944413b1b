#include "services/index/names/name_searcher.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "services/index/names/candidate_collector.h"
#include "services/index/names/name_index_writer.h"
#include "services/index/names/name_keys.h"
#include "services/index/names/name_records.h"
#include "services/index/names/name_scorer.h"
#include "services/index/names/name_tables.h"
#include "services/index/names/name_terms.h"

namespace interdict::names {
namespace {

constexpr size_t kUsualCandidates = 64;
constexpr size_t kCandidatesForAHit = 4;
constexpr size_t kCandidatesUnderFilter = 4;  // times as many: the filter takes some away
constexpr size_t kMostOfIdentifier = 256;
constexpr size_t kMostIdleWorkspaces = 8;
constexpr size_t kMostInVain = 16;

absl::Status Corrupt(std::string_view what) {
  return absl::DataLossError(std::string(what) + " of the name index cannot be read; rebuild the index");
}

// Types of which an entity has but one, as long as it lives.
bool IsUnique(IdentifierType type) {
  return type == IdentifierType::kImo || type == IdentifierType::kRegistration || type == IdentifierType::kSerial;
}

std::vector<IdentifierPart> CompareIdentifiers(const std::vector<Identifier>& query,
                                               const std::vector<Identifier>& candidate) {
  std::vector<IdentifierPart> parts;
  for (const Identifier& asked : query) {
    const Identifier* other = nullptr;
    bool same = false;
    for (const Identifier& known : candidate) {
      if (known.type != asked.type) continue;
      same = same || known.value == asked.value;
      if (other == nullptr) other = &known;
    }
    if (same) {
      parts.push_back({IdentifierVerdict::kSame, asked.type, asked.value, asked.value});
    } else if (other != nullptr && IsUnique(asked.type)) {
      parts.push_back({IdentifierVerdict::kDifferent, asked.type, asked.value, other->value});
    }
  }
  return parts;
}

bool HasVerdict(const std::vector<IdentifierPart>& parts, IdentifierVerdict verdict) {
  return std::any_of(parts.begin(), parts.end(),
                     [verdict](const IdentifierPart& part) { return part.verdict == verdict; });
}

// See name_searcher.h: how `score` is made.
void Decide(bool name_asked, NameHit& hit) {
  const bool same = HasVerdict(hit.identifiers, IdentifierVerdict::kSame);
  const bool different = HasVerdict(hit.identifiers, IdentifierVerdict::kDifferent);
  const double alike = hit.name_score / kMaxNameScore;
  hit.score = hit.name_score;
  if (different) {
    hit.contradiction = true;
    hit.score = std::min(hit.score, kContradictedScore);
  } else if (same && (!name_asked || hit.name_score >= kNamesAgree)) {
    hit.score = kMaxNameScore + (kMaxScore - kMaxNameScore) * (name_asked ? alike : 0);
  } else if (same) {
    hit.contradiction = true;
    hit.score = 0.5 + 0.3 * alike / kNamesAgree * kMaxNameScore;
  }
}

struct Best {
  uint32_t form = 0;  // 0: found by an identifier only
  NameKind kind = NameKind::kUnknown;
  double name_score = 0;
};

}  // namespace

class NameSearcher::Workspaces {
 public:
  std::unique_ptr<CandidateWorkspace> Take() {
    const absl::MutexLock lock(&mutex_);
    if (idle_.empty()) return std::make_unique<CandidateWorkspace>();
    auto workspace = std::move(idle_.back());
    idle_.pop_back();
    return workspace;
  }
  void Return(std::unique_ptr<CandidateWorkspace> workspace) {
    const absl::MutexLock lock(&mutex_);
    if (idle_.size() < kMostIdleWorkspaces) idle_.push_back(std::move(workspace));
  }

 private:
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<CandidateWorkspace>> idle_ ABSL_GUARDED_BY(mutex_);
};

namespace {

// One call of Match.
class Matching {
 public:
  Matching(const records::Reader& reader, const NameQuery& query, const MatchOptions& options)
      : reader_(reader), query_(query), options_(options) {
    limit_ = options.limit == 0 ? kMaxHits : std::min(options.limit, kMaxHits);
    candidates_ =
        options.candidates != 0 ? options.candidates : std::max(kUsualCandidates, limit_ * kCandidatesForAHit);
    if (!options.kinds.empty()) candidates_ *= kCandidatesUnderFilter;
    candidates_ = std::min(candidates_, kMaxCandidates);
  }

  absl::StatusOr<NameMatches> Run(CandidateWorkspace* workspace) {
    absl::Status status = ReadState();
    if (!status.ok()) return status;
    matches_.query = Normalise(query_.name, query_.kind);
    matches_.names_in_index = state_.forms;
    if (state_.forms == 0) return std::move(matches_);
    view_ = ViewOf(matches_.query);
    if (!view_.empty()) status = ScoreCandidates(workspace);
    for (const Identifier& identifier : query_.identifiers) {
      if (status.ok()) status = AddByIdentifier(identifier);
    }
    if (status.ok()) status = MakeHits();
    if (!status.ok()) return status;
    return std::move(matches_);
  }

 private:
  absl::Status ReadState() {
    const auto value = reader_.Get(family::kNameEntities, kStateKey);
    if (!value.ok()) return value.status();
    if (!value->has_value()) return absl::OkStatus();
    if (!Decode(**value, &state_)) return Corrupt("the state");
    if (state_.fingerprint != NameTables::Get().fingerprint()) {
      return absl::FailedPreconditionError(
          "the name index was made with other tables of names; rebuild the index from the log");
    }
    return absl::OkStatus();
  }

  bool Wanted(NameKind kind) const {
    return options_.kinds.empty() ||
           std::find(options_.kinds.begin(), options_.kinds.end(), kind) != options_.kinds.end();
  }

  absl::Status ScoreCandidates(CandidateWorkspace* workspace) {
    CandidateCollector collector(reader_, state_.next_form, state_.forms, workspace);
    auto candidates = collector.Collect(view_, query_.kind, candidates_);
    if (!candidates.ok()) return candidates.status();
    const std::vector<double>& rarity = candidates->rarity;
    scorer_ = std::make_unique<NameScorer>(matches_.query, [&rarity](size_t token) { return rarity[token]; });
    if (options_.exhaustive) return ScoreAll();
    StoredFormView form;
    size_t in_vain = 0;
    for (size_t i = 0; i < candidates->forms.size(); ++i) {
      // What shares less than so many that did not reach the threshold hardly ever does.
      if (in_vain >= kMostInVain && i < candidates->by_sum) continue;
      const uint32_t number = candidates->forms[i];
      const auto bytes = reader_.Get(family::kNameForms, FormKey(number));
      if (!bytes.ok()) return bytes.status();
      if (!bytes->has_value() || !DecodeForm(**bytes, &form)) return Corrupt("a form");
      const double score = Score(number, form);
      in_vain = score < options_.threshold ? in_vain + 1 : 0;
    }
    return absl::OkStatus();
  }

  absl::Status ScoreAll() {
    StoredFormView form;
    const auto cursor = reader_.Scan(family::kNameForms, "");
    for (uint32_t number; cursor->Valid(); cursor->Next()) {
      if (!DecodeForm(cursor->value(), &form)) return Corrupt("a form");
      number = 0;
      for (const char c : cursor->key()) number = number << 8 | static_cast<unsigned char>(c);
      Score(number, form);
    }
    return cursor->status();
  }

  // The score of a form that counts, which is noted; 0 where it does not count.
  double Score(uint32_t number, const StoredFormView& form) {
    if (form.tokens.empty() || !Wanted(form.kind)) return 0;
    ++matches_.names_scored;
    const double score = scorer_->Score(form.tokens, /*explain=*/false).score;
    if (score <= 0) return 0;
    Best& best = best_[form.number];
    if (score > best.name_score || (score == best.name_score && number < best.form)) best = {number, form.kind, score};
    return score;
  }

  // Entities that bear the identifier, whatever their names are.
  absl::Status AddByIdentifier(const Identifier& identifier) {
    const auto forms = FormsOfTerm(reader_, IdentifierTerm(identifier), kMostOfIdentifier);
    if (!forms.ok()) return forms.status();
    StoredFormView form;
    for (const uint32_t number : *forms) {
      const auto bytes = reader_.Get(family::kNameForms, FormKey(number));
      if (!bytes.ok()) return bytes.status();
      if (!bytes->has_value() || !DecodeForm(**bytes, &form)) return Corrupt("a form");
      if (!Wanted(form.kind)) continue;
      best_.try_emplace(form.number, Best{0, form.kind, 0});
      by_identifier_.push_back(form.number);
      const absl::Status status = ScoreNamesOf(form.number);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status ScoreNamesOf(uint64_t number) {
    if (scorer_ == nullptr) return absl::OkStatus();
    StoredNames names;
    absl::Status status = ReadEntity(number, &names);
    StoredFormView form;
    for (size_t i = 0; status.ok() && i < names.names.size(); ++i) {
      const auto bytes = reader_.Get(family::kNameForms, FormKey(names.names[i].form));
      if (!bytes.ok()) return bytes.status();
      if (!bytes->has_value() || !DecodeForm(**bytes, &form)) return Corrupt("a form");
      Score(names.names[i].form, form);
    }
    return status;
  }

  absl::Status ReadEntity(uint64_t number, StoredNames* names) const {
    const auto bytes = reader_.Get(family::kNameEntities, EntityKey(number));
    if (!bytes.ok()) return bytes.status();
    if (!bytes->has_value() || !Decode(**bytes, names)) return Corrupt("an entity");
    return absl::OkStatus();
  }

  absl::Status MakeHits() {
    std::vector<std::pair<uint64_t, Best>> order(best_.begin(), best_.end());
    const auto better = [](const auto& a, const auto& b) {
      return a.second.name_score != b.second.name_score ? a.second.name_score > b.second.name_score : a.first < b.first;
    };
    // A contradicted hit falls behind others, so that more than the limit are looked at.
    const size_t looked_at = query_.identifiers.empty() ? limit_ : limit_ * kCandidatesForAHit;
    const size_t kept = std::min(order.size(), looked_at);
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(), better);
    for (size_t i = 0; i < order.size(); ++i) {
      const uint64_t number = order[i].first;
      const bool asked = std::find(by_identifier_.begin(), by_identifier_.end(), number) != by_identifier_.end();
      if (i >= kept && !asked) continue;
      const absl::Status status = MakeHit(number, order[i].second);
      if (!status.ok()) return status;
    }
    std::vector<NameHit>& hits = matches_.hits;
    std::sort(hits.begin(), hits.end(), [](const NameHit& a, const NameHit& b) {
      return a.score != b.score ? a.score > b.score : a.number < b.number;
    });
    if (hits.size() > limit_) hits.resize(limit_);
    return absl::OkStatus();
  }

  absl::Status MakeHit(uint64_t number, const Best& best) {
    NameHit hit;
    hit.number = number;
    hit.kind = best.kind;
    hit.name_score = best.name_score;
    if (best.name_score < options_.threshold && query_.identifiers.empty()) return absl::OkStatus();
    StoredNames names;
    absl::Status status = ReadEntity(number, &names);
    if (!status.ok()) return status;
    hit.identifiers = CompareIdentifiers(query_.identifiers, names.identifiers);
    Decide(!view_.empty(), hit);
    if (hit.score < options_.threshold) return absl::OkStatus();
    for (const StoredNames::Name& name : names.names) {
      if (name.form == best.form || (best.form == 0 && hit.name.empty())) hit.name = name.name;
    }
    if (options_.explain && best.form != 0) status = Explain(best.form, &hit);
    matches_.hits.push_back(std::move(hit));
    return status;
  }

  absl::Status Explain(uint32_t number, NameHit* hit) const {
    const auto bytes = reader_.Get(family::kNameForms, FormKey(number));
    if (!bytes.ok()) return bytes.status();
    StoredFormView form;
    if (!bytes->has_value() || !DecodeForm(**bytes, &form)) return Corrupt("a form");
    hit->parts = scorer_->Score(form.tokens, /*explain=*/true).parts;
    return absl::OkStatus();
  }

  const records::Reader& reader_;
  const NameQuery& query_;
  const MatchOptions& options_;
  size_t limit_ = 0;
  size_t candidates_ = 0;
  IndexState state_;
  NameMatches matches_;
  NameView view_;  // of matches_.query
  std::unique_ptr<NameScorer> scorer_;
  absl::flat_hash_map<uint64_t, Best> best_;  // by entity
  std::vector<uint64_t> by_identifier_;
};

}  // namespace

NameHit ScoreEntry(const NameQuery& query, const NormalisedName& asked, const NameEntry& entry) {
  NameHit hit;
  hit.number = entry.number;
  hit.kind = entry.kind;
  const NameScorer scorer(asked, nullptr);
  for (size_t i = 0; i < entry.names.size() && i < kMaxNamesOfEntity; ++i) {
    const NormalisedName name = Normalise(entry.names[i], entry.kind);
    const double score = scorer.Score(ViewOf(name), /*explain=*/false).score;
    if (score <= hit.name_score) continue;
    hit.name_score = score;
    hit.name = entry.names[i];
  }
  hit.identifiers = CompareIdentifiers(query.identifiers, entry.identifiers);
  Decide(!asked.tokens.empty(), hit);
  return hit;
}

NameSearcher::NameSearcher() : workspaces_(std::make_unique<Workspaces>()) {}
NameSearcher::~NameSearcher() = default;

absl::StatusOr<NameMatches> NameSearcher::Match(const records::Reader& reader, const NameQuery& query,
                                                const MatchOptions& options) const {
  if (query.name.empty() && query.identifiers.empty()) {
    return absl::InvalidArgumentError("a name query needs a name or an identifier");
  }
  auto workspace = workspaces_->Take();
  auto matches = Matching(reader, query, options).Run(workspace.get());
  workspaces_->Return(std::move(workspace));
  return matches;
}

}  // namespace interdict::names
