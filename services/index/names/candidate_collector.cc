#include "services/index/names/candidate_collector.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "services/index/names/name_keys.h"

namespace interdict::names {
namespace {

// Sums of shares of the whole, as integers: all terms shared by a name that has no others give twice this.
constexpr double kScale = 15000;
// A sum of less is chance: a tenth of what two equal names have.
constexpr int16_t kLeastSum = 1500;
constexpr size_t kSizes = 256;
constexpr size_t kBlock = 256;
constexpr size_t kMostAbbreviated = 64;
// The terms that most names hold tell little and cost most: this share of the weight is looked up, rarest first.
constexpr double kLookedUp = 0.85;
constexpr size_t kCheapForms = 2000;  // terms of no more forms are always looked up

absl::Status Corrupt() { return absl::DataLossError("postings of the name index cannot be read; rebuild the index"); }

struct Ranked {
  int16_t sum;
  uint32_t form;
};
// The worst on top of a heap.
bool Better(const Ranked& a, const Ranked& b) { return a.sum != b.sum ? a.sum > b.sum : a.form < b.form; }

int16_t Most(const int16_t* sums) {
  int16_t most = 0;
  for (size_t i = 0; i < kBlock; ++i) most = std::max(most, sums[i]);
  return most;
}

}  // namespace

CandidateCollector::CandidateCollector(const records::Reader& reader, uint32_t next_form, uint32_t forms,
                                       CandidateWorkspace* workspace)
    : reader_(reader), next_form_(next_form), forms_(forms), workspace_(workspace) {
  const size_t needed = (size_t{next_form} + kBlock) / kBlock * kBlock;
  if (workspace_->sums.size() < needed) workspace_->sums.resize(needed, 0);
}

absl::StatusOr<Candidates> CandidateCollector::Collect(const NameView& query, NameKind kind, size_t limit) {
  absl::Status status = ReadHeads(query, kind);
  if (!status.ok()) return status;
  Weigh(query);
  Candidates candidates;
  candidates.rarity = Rarity(query);
  status = AddUp();
  candidates.forms = Best(limit);  // also where it failed: leaves zeros behind
  candidates.by_sum = candidates.forms.size();
  if (status.ok()) status = AddAbbreviations(&candidates.forms);
  if (!status.ok()) return status;
  return candidates;
}

absl::Status CandidateCollector::ReadHeads(const NameView& query, NameKind kind) {
  for (QueryTerm& query_term : TermsOfQuery(query, kind)) {
    auto head = reader_.Get(family::kNamePostings, query_term.term);
    if (!head.ok()) return head.status();
    Term term;
    term.term = std::move(query_term);
    if (head->has_value()) {
      term.head = **std::move(head);
      const HeadView view(term.head);
      if (!view.valid) return Corrupt();
      term.forms = view.forms;
    }
    const bool abbreviation = term.term.kind == TermKind::kAcronym || term.term.kind == TermKind::kShort;
    if (!abbreviation) {
      terms_.push_back(std::move(term));
    } else if (term.forms > 0) {
      abbreviations_.push_back(std::move(term));
    }
  }
  return absl::OkStatus();
}

void CandidateCollector::Weigh(const NameView& query) {
  for (Term& term : terms_) {
    term.weight = std::log(1 + static_cast<double>(forms_) / (term.forms + 1));
    if (term.term.kind == TermKind::kSkeleton) term.weight *= query[term.term.token].vowelless ? 4 : 1;
    if (term.term.kind == TermKind::kMeaning) term.weight *= 2;
    all_weight_ += term.weight;
  }
  const double mean = all_weight_ / static_cast<double>(std::max<size_t>(terms_.size(), 1));
  for (size_t size = 0; size < kSizes; ++size) {
    shares_[size] = static_cast<float>(kScale * 2 / (all_weight_ + mean * static_cast<double>(size) + 1e-9));
  }
  std::sort(terms_.begin(), terms_.end(), [](const Term& a, const Term& b) {
    return a.forms != b.forms ? a.forms < b.forms : a.term.term < b.term.term;
  });
}

// A word is in no more names than the rarest of its grams.
std::vector<double> CandidateCollector::Rarity(const NameView& query) const {
  std::vector<double> rarity(query.size(), 1);
  const double all = std::log(2.0 + forms_);
  for (const Term& term : terms_) {
    if (term.term.kind != TermKind::kGram) continue;
    double& of_token = rarity[term.term.token];
    // Ascending: the first of a token decides.
    if (of_token == 1) of_token = std::clamp(1 - std::log(1.0 + term.forms) / all, 0.0, 0.999999);
  }
  return rarity;
}

absl::Status CandidateCollector::AddUp() {
  cursor_ = reader_.Scan(family::kNamePostings, "");
  double looked_up = 0;
  for (const Term& term : terms_) {
    if (looked_up >= all_weight_ * kLookedUp && term.forms > kCheapForms) break;
    looked_up += term.weight;
    if (term.forms == 0) continue;
    const absl::Status status = AddUp(term);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status CandidateCollector::AddUp(const Term& term) {
  // What the term adds to a form of each size: its weight, over the weight of both names.
  std::array<int16_t, kSizes> adds;
  const auto weight = static_cast<float>(term.weight);
  for (size_t size = 0; size < kSizes; ++size) adds[size] = static_cast<int16_t>(weight * shares_[size] + 0.5F);
  int16_t* const sums = workspace_->sums.data();
  const auto add = [&](const ChunkView& chunk) {
    chunk.ForEach([&](uint32_t form, uint8_t size) {
      if (form < next_form_) sums[form] = static_cast<int16_t>(sums[form] + adds[size]);
    });
  };
  const HeadView head(term.head);
  size_t seen = 0;
  if (!head.open_chunk.empty()) {
    const ChunkView open(head.open_chunk);
    if (!open.valid()) return Corrupt();
    add(open);
    seen = open.size();
  }
  if (seen >= term.forms) return absl::OkStatus();
  const std::string& prefix = term.term.term;
  cursor_->Seek(prefix + std::string(1, '\0'));
  for (; seen < term.forms && cursor_->Valid() && cursor_->key().substr(0, prefix.size()) == prefix; cursor_->Next()) {
    const ChunkView chunk(cursor_->value());
    if (!chunk.valid()) return Corrupt();
    add(chunk);
    seen += chunk.size();
  }
  if (!cursor_->status().ok()) return cursor_->status();
  return seen == term.forms ? absl::OkStatus() : Corrupt();
}

std::vector<uint32_t> CandidateCollector::Best(size_t limit) {
  std::vector<Ranked> best;
  std::vector<int16_t>& sums = workspace_->sums;
  int16_t least = kLeastSum;  // a sum must be above it
  for (size_t block = 0; block < next_form_; block += kBlock) {
    if (Most(sums.data() + block) <= least) {
      std::fill_n(sums.begin() + static_cast<std::ptrdiff_t>(block), kBlock, int16_t{0});
      continue;
    }
    for (size_t i = block; i < block + kBlock; ++i) {
      const int16_t sum = std::exchange(sums[i], int16_t{0});
      if (sum <= least) continue;
      best.push_back({sum, static_cast<uint32_t>(i)});
      std::push_heap(best.begin(), best.end(), Better);
      if (best.size() <= limit) continue;
      std::pop_heap(best.begin(), best.end(), Better);
      best.pop_back();
      least = best.front().sum;
    }
  }
  std::sort(best.begin(), best.end(), Better);
  std::vector<uint32_t> forms;
  forms.reserve(best.size());
  for (const Ranked& ranked : best) forms.push_back(ranked.form);
  return forms;
}

absl::Status CandidateCollector::AddAbbreviations(std::vector<uint32_t>* forms) {
  for (const Term& term : abbreviations_) {
    const auto abbreviated = FormsOfTerm(reader_, term.term.term, kMostAbbreviated);
    if (!abbreviated.ok()) return abbreviated.status();
    for (const uint32_t form : *abbreviated) {
      if (std::find(forms->begin(), forms->end(), form) == forms->end()) forms->push_back(form);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<uint32_t>> FormsOfTerm(const records::Reader& reader, std::string_view term, size_t limit) {
  std::vector<uint32_t> forms;
  const auto cursor = reader.Scan(family::kNamePostings, term);
  for (; cursor->Valid() && forms.size() < limit; cursor->Next()) {
    std::string_view bytes = cursor->value();
    if (cursor->key().size() == term.size()) {
      const HeadView head(bytes);
      if (!head.valid) return Corrupt();
      bytes = head.open_chunk;
      if (bytes.empty()) continue;
    }
    const ChunkView chunk(bytes);
    if (!chunk.valid()) return Corrupt();
    chunk.ForEach([&forms, limit](uint32_t form, uint8_t) {
      if (forms.size() < limit) forms.push_back(form);
    });
  }
  if (!cursor->status().ok()) return cursor->status();
  return forms;
}

}  // namespace interdict::names
