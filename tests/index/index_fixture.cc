#include "tests/index/index_fixture.h"

#include <unistd.h>

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "services/index/admin/digest.h"
#include "services/index/entry/parse_entry.h"
#include "storage/ids/ids.h"

namespace interdict::index::testing {

using internal::v1::Decision;
using internal::v1::IntakeEntry;

TempFolder::TempFolder() : path_(absl::StrCat(::testing::TempDir(), "/interdict-index-", ids::RandomId())) {
  std::filesystem::create_directories(path_);
}

TempFolder::~TempFolder() {
  std::error_code ignored;  // a folder that stays behind spoils no other test
  std::filesystem::remove_all(path_, ignored);
}

std::string IdOf(const std::string& text) { return ids::DocumentId(text); }

std::string ReportIdOf(const std::string& text, uint32_t ordinal, const std::string& version,
                       const std::string& extractor) {
  return ids::ReportId(IdOf(text), extractor, version, ordinal);
}

std::string IncidentIdOf(const std::string& text, uint32_t ordinal, const std::string& version,
                         const std::string& extractor) {
  return ids::IncidentId(ReportIdOf(text, ordinal, version, extractor));
}

FakeIngest::FakeIngest(log::Log* log) : log_(log), producer_(log, [this] { return now_ += absl::Milliseconds(1); }) {}

namespace {

void FillReports(const std::string& text, const std::string& extractor, const std::string& version,
                 const std::vector<ReportSpec>& specs, internal::v1::ReportSet* set) {
  set->mutable_extractor()->set_name(extractor);
  set->mutable_extractor()->set_version(version);
  for (uint32_t i = 0; i < specs.size(); ++i) {
    v1::Report* report = set->add_reports();
    report->set_name(absl::StrCat("documents/", IdOf(text), "/reports/", ReportIdOf(text, i, version, extractor)));
    report->set_ordinal(i);
    *report->mutable_extractor() = set->extractor();
    report->mutable_facts()->set_title(specs[i].title);
    v1::FieldEvidence* field = report->mutable_facts()->add_field_evidence();
    field->set_path("title");
    v1::Evidence* evidence = field->add_evidence();
    const size_t begin = text.find(specs[i].quote);
    EXPECT_NE(begin, std::string::npos) << specs[i].quote;
    evidence->set_document("documents/" + IdOf(text));
    evidence->set_text_sha256(ids::Sha256Hex(text));
    evidence->set_begin_byte(static_cast<uint32_t>(begin));
    evidence->set_end_byte(static_cast<uint32_t>(begin + specs[i].quote.size()));
    evidence->set_quote(specs[i].quote);
    evidence->set_sentence(specs[i].quote);
    for (const std::string& told : specs[i].parties) {
      v1::Party* party = report->mutable_facts()->add_parties();
      party->set_name(told.substr(0, told.find('/')));
      party->set_named(true);
      party->set_kind(v1::PARTY_KIND_PERSON);
      party->set_role(v1::PARTY_ROLE_SUSPECT);
      if (told.find('/') != std::string::npos) party->set_nationality_code(told.substr(told.find('/') + 1));
    }
  }
}

}  // namespace

uint64_t FakeIngest::AppendRaw(log::PartitionId partition, const log::Payload& payload) {
  last_partition_ = partition;
  auto sequence = producer_.Append(partition, payload, absl::Now() + absl::Seconds(30));
  EXPECT_TRUE(sequence.ok()) << sequence.status();
  return sequence.value_or(0);
}

uint64_t FakeIngest::Append(const IntakeEntry& entry, const std::string& document_hex) {
  const uint32_t partitions = log_->Identity()->intake_partitions;
  const auto number = static_cast<uint32_t>(std::stoul(document_hex.substr(0, 6), nullptr, 16) % partitions);
  return AppendRaw({log::LogName::kIntake, number},
                   {internal::v1::ENTRY_KIND_INTAKE, kPayloadFormatVersion, entry.SerializeAsString()});
}

uint64_t FakeIngest::Accept(const std::string& text, const std::vector<ReportSpec>& reports, const std::string& version,
                            const std::string& url, const std::string& request_id, bool read_again) {
  IntakeEntry entry;
  entry.set_request_id(request_id);
  entry.mutable_document_accepted()->set_read_again(read_again);
  auto* accepted = entry.mutable_document_accepted();
  accepted->set_content(text);
  accepted->mutable_document()->set_name("documents/" + IdOf(text));
  accepted->mutable_document()->set_text(text);
  accepted->mutable_document()->set_text_sha256(ids::Sha256Hex(text));
  accepted->mutable_document()->set_title("Page");
  accepted->mutable_document()->set_extraction_status(reports.empty() ? v1::EXTRACTION_STATUS_NO_INCIDENT
                                                                      : v1::EXTRACTION_STATUS_REPORTED);
  accepted->mutable_submission()->set_url(url);
  FillReports(text, "interdict", version, reports, accepted->mutable_report_set());
  return Append(entry, IdOf(text));
}

uint64_t FakeIngest::Sight(const std::string& text, const std::string& url, const std::string& request_id) {
  IntakeEntry entry;
  entry.set_request_id(request_id);
  entry.mutable_document_sighted()->set_document_id(IdOf(text));
  entry.mutable_document_sighted()->mutable_submission()->set_url(url);
  return Append(entry, IdOf(text));
}

uint64_t FakeIngest::Report(const std::string& text, const std::string& extractor,
                            const std::vector<ReportSpec>& reports, const std::string& version) {
  IntakeEntry entry;
  auto* accepted = entry.mutable_reports_accepted();
  accepted->set_document_id(IdOf(text));
  accepted->mutable_source()->set_document("documents/" + IdOf(text));
  accepted->set_text(text);
  FillReports(text, extractor, version, reports, accepted->mutable_report_set());
  return Append(entry, IdOf(text));
}

uint64_t FakeIngest::Remove(const std::string& text) {
  IntakeEntry entry;
  entry.mutable_document_removed()->set_document_id(IdOf(text));
  entry.mutable_document_removed()->set_reason("court order");
  return Append(entry, IdOf(text));
}

uint64_t FakeIngest::Judge(const std::string& id, v1::Judgement judgement) {
  IntakeEntry entry;
  judgement.set_name("judgements/" + id);
  judgement.set_author("analyst");
  judgement.set_reason("read both");
  judgement.mutable_create_time()->set_seconds(1'700'000'400);
  *entry.mutable_judgement_submitted()->mutable_judgement() = std::move(judgement);
  return Append(entry, id);
}

uint64_t FakeIngest::Undo(const std::string& id) {
  IntakeEntry entry;
  entry.mutable_judgement_undone()->set_judgement_id(id);
  entry.mutable_judgement_undone()->mutable_undo()->set_author("analyst");
  return Append(entry, id);
}

std::unique_ptr<ResolverRunner> OpenRunner(const std::string& view_path, log::Log* log, const Resolver* resolver) {
  ResolverOptions options;
  options.view_path = view_path;
  options.now = [] { return absl::FromUnixSeconds(1'700'000'500); };
  auto runner = ResolverRunner::Open(std::move(options), log, resolver, nullptr);
  EXPECT_TRUE(runner.ok()) << runner.status();
  return runner.ok() ? *std::move(runner) : nullptr;
}

void DecideAll(log::Log* log, const std::string& view_path) {
  EachReportAnIncident resolver;
  const auto runner = OpenRunner(view_path, log, &resolver);
  while (true) {
    auto more = runner->Step();
    ASSERT_TRUE(more.ok()) << more.status();
    if (!*more) return;
  }
}

std::unique_ptr<Shard> FoldAll(const std::string& path, log::Log* log) {
  auto shard = Shard::Open(path, log, nullptr);
  EXPECT_TRUE(shard.ok()) << shard.status();
  auto folded = (*shard)->CatchUp();
  EXPECT_TRUE(folded.ok()) << folded.status();
  return *std::move(shard);
}

std::string DigestOfShard(const Shard& shard) {
  auto digest = ComputeDigest(*shard.Snapshot());
  EXPECT_TRUE(digest.ok()) << digest.status();
  return digest.ok() ? digest->hex : "";
}

std::string RecordDigestOf(const Shard& shard) {
  auto digest = ComputeRecordDigest(*shard.Snapshot());
  EXPECT_TRUE(digest.ok()) << digest.status();
  return digest.ok() ? digest->hex : "";
}

std::string DigestOfRebuild(log::Log* log) {
  const TempFolder folder;
  return DigestOfShard(*FoldAll(folder / "index", log));
}

std::vector<Decision> Decisions(log::Log* log, uint32_t partition) {
  std::vector<Decision> decisions;
  uint64_t after = 0;
  while (true) {
    auto entries = log->Read({log::LogName::kIncidents, partition}, after, log::ReadLimits());
    EXPECT_TRUE(entries.ok()) << entries.status();
    if (!entries.ok() || entries->empty()) return decisions;
    for (const log::Entry& entry : *entries) {
      after = entry.sequence;
      Decision decision;
      if (!entry.erased && decision.ParseFromString(entry.payload)) decisions.push_back(decision);
    }
  }
}

}  // namespace interdict::index::testing
