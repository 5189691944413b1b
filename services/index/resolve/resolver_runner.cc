#include "services/index/resolve/resolver_runner.h"

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/index/resolve/decide.h"
#include "services/index/resolve/decide_judgement.h"
#include "services/index/resolve/note_entry.h"
#include "services/index/resolve/view_rows.h"
#include "storage/log/incident_partition.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

using internal::v1::Decision;
using internal::v1::IntakeEntry;
using internal::v1::LogPosition;
using internal::v1::ResolvedDocument;

constexpr log::ReadLimits kRoundLimits = {.max_entries = 256, .max_bytes = 2 << 20};
constexpr size_t kRoundDecisionBytes = 4 << 20;  // a round ends when its decisions are larger
constexpr absl::Duration kAppendDeadline = absl::Seconds(30);
constexpr absl::Duration kWaitSlice = absl::Milliseconds(200);

}  // namespace

// A round: entries of one intake partition that are decided together.
struct ResolverRunner::Round {
  Round(std::shared_ptr<const records::Reader> snapshot, log::PartitionId partition) : intake(partition) {
    Rebase(std::move(snapshot));
  }
  // What was changed is committed: goes on from a later state of the view.
  void Rebase(std::shared_ptr<const records::Reader> snapshot) {
    base = std::move(snapshot);
    batch.Clear();
    overlay.emplace(base.get(), &batch);
  }
  // Lets the state go that it stands on; Rebase must follow.
  void Release() {
    overlay.reset();
    base.reset();
  }
  const records::Reader& reader() const { return *overlay; }

  std::shared_ptr<const records::Reader> base;
  records::Batch batch;  // changes of the view, committed when the log has the decisions
  std::optional<records::OverlayReader> overlay;
  const log::PartitionId intake;
  uint64_t last_entry = 0;                              // the round decides up to it
  std::map<uint32_t, uint64_t> fence;                   // last sequence by incident partition
  std::map<uint32_t, uint64_t> decided;                 // watermark of this intake partition by incident partition
  std::map<uint32_t, std::vector<Decision>> decisions;  // to append, by incident partition
  size_t decision_bytes = 0;
  std::set<std::string> documents;
};

ResolverRunner::ResolverRunner(ResolverOptions options, log::Log* log, const Resolver* resolver, Alarm alarm,
                               std::unique_ptr<ResolverView> view)
    : options_(std::move(options)), log_(log), resolver_(resolver), alarm_(std::move(alarm)), view_(std::move(view)) {
  Publish();
}

ResolverRunner::~ResolverRunner() { Stop(); }

absl::StatusOr<std::unique_ptr<ResolverRunner>> ResolverRunner::Open(ResolverOptions options, log::Log* log,
                                                                     const Resolver* resolver, Alarm alarm) {
  auto view = ResolverView::Open(options.view_path, log, resolver);
  if (!view.ok()) return view.status();
  return std::unique_ptr<ResolverRunner>(
      new ResolverRunner(std::move(options), log, resolver, std::move(alarm), *std::move(view)));
}

absl::StatusOr<bool> ResolverRunner::Step() {
  absl::Status status = view_->CatchUp();
  if (!status.ok()) return status;
  Publish();
  for (uint32_t q = 0; q < view_->identity().intake_partitions; ++q) {
    auto decided = StepPartition({log::LogName::kIntake, q});
    if (!decided.ok()) return decided.status();
    Publish();
    if (*decided) return true;
  }
  return false;
}

absl::StatusOr<bool> ResolverRunner::StepPartition(log::PartitionId intake) {
  Round round(view_->store()->Snapshot(), intake);
  auto positions = ReadPositions(*round.base, view_->identity());
  if (!positions.ok()) return positions.status();
  auto watermarks = ReadWatermarks(*round.base, view_->identity());
  if (!watermarks.ok()) return watermarks.status();
  round.last_entry = (*positions)[intake];
  for (uint32_t i = 0; i < view_->identity().incident_partitions; ++i) {
    const log::PartitionId partition = {log::LogName::kIncidents, i};
    round.fence[i] = (*positions)[partition];
    round.decided[i] = (*watermarks)[partition][intake];
  }
  auto gathered = Gather(intake, round);
  if (!gathered.ok()) return gathered.status();
  if (!*gathered) return false;
  absl::Status status = AppendDecisions(round, /*with_watermark=*/true);
  if (status.ok()) status = view_->store()->Commit(round.batch, /*durable=*/false);
  if (!status.ok()) return status;
  return true;
}

// Reads and decides entries; false if there is none.
absl::StatusOr<bool> ResolverRunner::Gather(log::PartitionId intake, Round& round) {
  auto entries = log_->Read(intake, round.last_entry, kRoundLimits);
  if (!entries.ok()) return entries.status();
  const bool one_partition = view_->identity().incident_partitions == 1;
  bool any = false;
  for (const log::Entry& raw : *entries) {
    auto entry = ParseEntry(intake, raw);
    if (!entry.ok()) {
      if (any) break;  // what stands before it is decided first
      return entry.status();
    }
    const std::string document_id = DocumentOf(*entry);
    // A takedown is a round of its own: all decisions that it erases must be in the log.
    const bool removal = entry->intake.has_value() && entry->intake->event_case() == IntakeEntry::kDocumentRemoved;
    const bool again = !one_partition && !document_id.empty() && !round.documents.insert(document_id).second;
    if (any && (removal || again)) break;
    absl::Status status = DecideEntry(*entry, document_id, round);
    if (status.ok()) status = Note(*entry, round);
    if (!status.ok()) return status;
    round.last_entry = entry->sequence;
    any = true;
    if (removal || round.decision_bytes > kRoundDecisionBytes) break;
  }
  return any;
}

// Where the decisions of one entry go: into the view at once, and into the round, or into the log when there are many.
class ResolverRunner::RoundSink : public DecisionSink {
 public:
  RoundSink(ResolverRunner& runner, const ParsedEntry& entry, Round& round)
      : runner_(runner), entry_(entry), round_(round) {}

  absl::Status Emit(Decision decision) override {
    *decision.mutable_cause() = entry_.position();
    const uint32_t number =
        log::IncidentPartition(PartitionedBy(decision), runner_.view_->identity().incident_partitions);
    // A cut-off attempt had written it.
    if (round_.decided[number] >= entry_.sequence) return absl::OkStatus();
    round_.decision_bytes += decision.ByteSizeLong();
    std::vector<Decision>& list = round_.decisions[number];
    ParsedEntry written;
    written.partition = {log::LogName::kIncidents, number};
    written.sequence = round_.fence[number] + list.size() + 1;
    written.decision = decision;
    list.push_back(std::move(decision));
    absl::Status status = runner_.Note(written, round_);
    if (!status.ok() || round_.decision_bytes <= kRoundDecisionBytes) return status;
    // The watermark follows with the last of them: a reader that waits for this entry waits for all.
    return runner_.AppendDecisions(round_, /*with_watermark=*/false);
  }
  const records::Reader& view() const override { return round_.reader(); }
  absl::StatusOr<std::optional<Decision>> Decided(const LogPosition& position) const override {
    const auto last = round_.fence.find(position.partition());
    if (last != round_.fence.end() && position.sequence() > last->second) {
      return round_.decisions[position.partition()][position.sequence() - last->second - 1];
    }
    auto entries = runner_.log_->Read({log::LogName::kIncidents, position.partition()}, position.sequence() - 1,
                                      {.max_entries = 1, .max_bytes = 1});
    if (!entries.ok()) return entries.status();
    std::optional<Decision> decision;
    if (entries->empty() || entries->front().erased) return decision;
    decision.emplace();
    if (!decision->ParseFromString(entries->front().payload)) {
      return absl::DataLossError(
          absl::StrCat("incidents/", position.partition(), " ", position.sequence(), " is not readable"));
    }
    return decision;
  }

 private:
  ResolverRunner& runner_;
  const ParsedEntry& entry_;
  Round& round_;
};

absl::Status ResolverRunner::Note(const ParsedEntry& entry, Round& round) {
  return NoteEntry(entry, *resolver_, round.reader(), &round.batch);
}

absl::Status ResolverRunner::DecideEntry(const ParsedEntry& entry, const std::string& document_id, Round& round) {
  if (!entry.intake.has_value()) return absl::OkStatus();  // erased or invalid
  RoundSink sink(*this, entry, round);
  if (entry.intake->has_judgement_submitted() || entry.intake->has_judgement_undone()) {
    return DecideJudgement(entry, options_.settle, *resolver_, sink);
  }
  if (document_id.empty()) return absl::OkStatus();  // nothing for the resolver
  auto known = view::LoadDocument(round.reader(), document_id);
  if (!known.ok()) return known.status();
  const bool removal = entry.intake->event_case() == IntakeEntry::kDocumentRemoved;
  const bool sighting = entry.intake->event_case() == IntakeEntry::kDocumentSighted;
  if (known->removed() && !removal && !sighting) {
    // It came in while its document was being taken down: its text must go as well.
    return log_->Erase(entry.partition, entry.sequence);
  }
  if (!removal) {
    return DecideReports(entry, *known, absl::ToUnixMicros(options_.now()), options_.settle, *resolver_, sink);
  }
  absl::Status status = DecideErasures(*known, options_.settle, *resolver_, sink);
  if (!status.ok()) return status;
  // The erasures stand in the log before the payloads go, so that a view that is made anew from blanked entries misses
  // none; the watermark follows when all payloads are gone.
  status = AppendDecisions(round, /*with_watermark=*/false);
  if (status.ok()) status = EraseAll(*known);
  return status.ok() ? PurgeView(round) : status;
}

// The names of the document's parties leave the files of the view too.
absl::Status ResolverRunner::PurgeView(Round& round) {
  absl::Status status = view_->store()->Commit(round.batch, /*durable=*/false);
  round.Release();
  if (status.ok()) status = view_->Purge();
  round.Rebase(view_->store()->Snapshot());
  return status;
}

absl::Status ResolverRunner::EraseAll(const ResolvedDocument& document) {
  for (const LogPosition& position : document.entries()) {
    auto name = log::ParseLogName(position.log());
    if (!name.ok()) return name.status();
    absl::Status status = log_->Erase({*name, position.partition()}, position.sequence());
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// One atomic batch for each partition, always in the same order, so that of two resolvers one wins everywhere.
absl::Status ResolverRunner::AppendDecisions(Round& round, bool with_watermark) {
  for (auto& [number, last] : round.fence) {
    std::vector<Decision>& decisions = round.decisions[number];
    if (with_watermark && round.decided[number] < round.last_entry) {
      Decision watermark;
      *watermark.mutable_cause() = ToProto(round.intake, round.last_entry);
      *watermark.mutable_watermark()->add_decided() = ToProto(round.intake, round.last_entry);
      ParsedEntry written;
      written.partition = {log::LogName::kIncidents, number};
      written.sequence = last + decisions.size() + 1;
      written.decision = watermark;
      absl::Status status = Note(written, round);
      if (!status.ok()) return status;
      decisions.push_back(std::move(watermark));
    }
    if (decisions.empty()) continue;
    absl::Status status = Append({log::LogName::kIncidents, number}, decisions, round);
    if (!status.ok()) return status;
    last += decisions.size();
    decisions.clear();
  }
  round.decision_bytes = 0;
  return absl::OkStatus();
}

absl::Status ResolverRunner::Append(log::PartitionId partition, const std::vector<Decision>& decisions, Round& round) {
  std::vector<log::Payload> payloads;
  for (const Decision& decision : decisions) {
    payloads.push_back({internal::v1::ENTRY_KIND_DECISION, kPayloadFormatVersion, decision.SerializeAsString()});
  }
  if (producer_ == nullptr) producer_ = std::make_unique<log::Producer>(log_, options_.now);
  const uint64_t last = round.fence[partition.number];
  auto sequences = producer_->AppendBatch(partition, std::move(payloads), last, absl::Now() + kAppendDeadline);
  if (!sequences.ok()) {
    if (!absl::IsAborted(sequences.status())) producer_.reset();
    return sequences.status();
  }
  if (sequences->front() != last + 1 || sequences->back() != last + decisions.size()) {
    return absl::InternalError(absl::StrCat("the log wrote to ", log::ToString(partition), " behind ",
                                            sequences->front() - 1, " instead of ", last));
  }
  return absl::OkStatus();
}

void ResolverRunner::Publish() {
  auto watermarks = view_->DecidedIn();
  if (!watermarks.ok()) return;  // the next step meets the same error and tells it
  log::Positions decided;
  for (uint32_t q = 0; q < view_->identity().intake_partitions; ++q) {
    const log::PartitionId intake = {log::LogName::kIntake, q};
    decided[intake] = DecidedEverywhere(*watermarks, view_->identity(), intake);
  }
  absl::MutexLock lock(&mutex_);
  decided_ = std::move(decided);
}

log::Positions ResolverRunner::decided() const {
  absl::MutexLock lock(&mutex_);
  return decided_;
}

std::string ResolverRunner::stopped_because() const {
  absl::MutexLock lock(&mutex_);
  return stopped_because_;
}

void ResolverRunner::Start() {
  thread_ = std::thread([this] { Run(); });
}

void ResolverRunner::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void ResolverRunner::Run() {
  uint32_t next_wait = 0;
  while (true) {
    auto decided = Step();
    const bool failed = !decided.ok() && !absl::IsAborted(decided.status()) && !absl::IsCancelled(decided.status());
    bool news = false;
    {
      absl::MutexLock lock(&mutex_);
      if (stopping_) return;
      const std::string why = failed ? std::string(decided.status().message()) : "";
      news = failed && why != stopped_because_;
      stopped_because_ = why;
    }
    if (news && alarm_) alarm_(decided.status());
    if (!decided.ok()) {
      if (absl::IsCancelled(decided.status())) return;  // the log is closed
      absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(&stopping_), options_.step_back);
      continue;
    }
    if (*decided) continue;
    const log::PartitionId intake = {log::LogName::kIntake, next_wait++ % view_->identity().intake_partitions};
    const log::Positions now = this->decided();
    auto last = log_->Wait(intake, now.at(intake), absl::Now() + kWaitSlice / view_->identity().intake_partitions);
    if (!last.ok() && absl::IsCancelled(last.status())) return;
  }
}

}  // namespace interdict::index
