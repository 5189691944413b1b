// Measures a real `interdict serve` beside what its disk and gRPC allow, all in one run, so that ratios hold on a
// machine whose speed changes from hour to hour. scripts/bench runs it.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "CLI/App.hpp"
#include "CLI/Config.hpp"
#include "CLI/Formatter.hpp"
#include "absl/status/status.h"
#include "interdict/v1/ingest_service.grpc.pb.h"
#include "interdict/v1/query_service.grpc.pb.h"
#include "services/cli/submission_stream.h"
#include "services/ingest/pipeline/pipeline.h"
#include "services/server/channel.h"
#include "services/server/status.h"
#include "storage/records/store.h"
#include "tests/bench/generated_news.h"
#include "tests/bench/measurement.h"
#include "tests/bench/no_op_calls.h"
#include "tests/bench/report_table.h"
#include "tests/bench/scatter_overhead.h"
#include "tests/bench/served_instance.h"
#include "tests/source_tree.h"

namespace interdict::bench {
namespace {

namespace fs = std::filesystem;

constexpr int kWindow = 32;
// Numbers of texts that are submitted one by one; far from those of the stream.
constexpr uint64_t kFirstSingle = uint64_t{1} << 40;

struct Options {
  uint64_t documents = 5000;
  double seconds = 5;
  std::string folder = (fs::temp_directory_path() / "interdict-bench").string();
  std::string interdict = (fs::read_symlink("/proc/self/exe").parent_path() / "interdict").string();
  std::string texts = testing::SourcePath("tests/eval/open/text");

  absl::Duration duration() const { return absl::Seconds(seconds); }
};

// What the disk allows: the texts as they are, each write on disk before the next.
struct DiskYardstick {
  Measurement one_writer;
  double batched_documents_per_second = 0;
};

absl::StatusOr<DiskYardstick> MeasureDisk(const Options& options) {
  auto store = records::Store::Open(options.folder + "/yardstick", {.families = {"texts"}});
  if (!store.ok()) return store.status();
  uint64_t key = 0;
  // Texts are made before the clock starts.
  std::vector<std::string> texts;
  for (uint64_t i = 0; i < 1024; ++i) texts.push_back(NewsText(i));
  const auto put = [&](records::Batch& batch) -> uint64_t {
    const std::string& text = texts[key % texts.size()];
    batch.Put("texts", std::to_string(key++), text);
    return text.size();
  };
  auto one = Repeat(options.duration(), [&](uint64_t) -> absl::StatusOr<uint64_t> {
    records::Batch batch;
    const uint64_t bytes = put(batch);
    if (absl::Status status = (*store)->Commit(batch, /*durable=*/true); !status.ok()) return status;
    return bytes;
  });
  if (!one.ok()) return one.status();
  auto batched = Repeat(options.duration(), [&](uint64_t) -> absl::StatusOr<uint64_t> {
    records::Batch batch;
    uint64_t bytes = 0;
    for (int i = 0; i < kWindow; ++i) bytes += put(batch);
    if (absl::Status status = (*store)->Commit(batch, /*durable=*/true); !status.ok()) return status;
    return bytes;
  });
  if (!batched.ok()) return batched.status();
  return DiskYardstick{*std::move(one), batched->per_second() * kWindow};
}

// Extraction in this thread, without a server.
absl::StatusOr<Measurement> MeasureExtraction(const Options& options, const pipeline::Pipeline& pipeline,
                                              const std::vector<v1::DocumentInput>& inputs) {
  return Repeat(options.duration(), [&](uint64_t number) -> absl::StatusOr<uint64_t> {
    const v1::DocumentInput& input = inputs[number % inputs.size()];
    const auto extraction = pipeline.Extract(input);
    if (!extraction.ok()) return extraction.status();
    return input.content().size();
  });
}

absl::StatusOr<std::vector<v1::DocumentInput>> ReadTexts(const std::string& folder) {
  std::vector<v1::DocumentInput> inputs;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    std::ifstream file(entry.path(), std::ios::binary);
    v1::DocumentInput input;
    input.set_content(std::string(std::istreambuf_iterator<char>(file), {}));
    inputs.push_back(std::move(input));
  }
  if (error || inputs.empty()) return absl::NotFoundError("no texts in " + folder);
  return inputs;
}

v1::SubmitDocumentRequest Request(uint64_t number) {
  v1::SubmitDocumentRequest request;
  request.mutable_document()->set_content(NewsText(number));
  request.mutable_document()->set_content_type("text/plain; charset=utf-8");
  return request;
}

struct StreamResult {
  double documents_per_second = 0;             // acknowledged as durable
  double searchable_documents_per_second = 0;  // until a query sees them all
  double processor_ms = 0;                     // of the server, for a document, until searchable
  uint64_t reports = 0;
};

// Waits until a query sees what was acknowledged at `position`.
absl::Status WaitUntilSearchable(v1::QueryService::Stub& query, const std::string& position) {
  v1::SearchIncidentsRequest request;
  request.set_page_size(1);
  request.set_read_after(position);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(10));
  v1::SearchIncidentsResponse answer;
  return server::FromGrpc(query.SearchIncidents(&context, request, &answer));
}

absl::StatusOr<StreamResult> MeasureStream(const Options& options, const ServedInstance& instance,
                                           v1::IngestService::Stub& ingest, v1::QueryService::Stub& query) {
  cli::SubmissionStream stream(&ingest, {.window = kWindow});
  StreamResult result;
  uint64_t given = 0;
  std::vector<std::string> positions;
  absl::Status refused;
  const absl::Duration processor_before = instance.processor_time();
  const auto begin = std::chrono::steady_clock::now();
  const absl::Status status = stream.Run(
      [&]() -> std::optional<cli::Submission> {
        if (given == options.documents) return std::nullopt;
        return cli::Submission{std::to_string(given), Request(given++)};
      },
      [&](const cli::Submission&, const v1::SubmitDocumentsResponse& answer) {
        if (answer.has_error()) refused = absl::InternalError(answer.error().message());
        result.reports += answer.response().reports_size();
        positions.push_back(answer.response().position());
      });
  if (!status.ok()) return status;
  if (!refused.ok()) return refused;
  const absl::Duration acknowledged = absl::FromChrono(std::chrono::steady_clock::now() - begin);
  // Answers come in no fixed order, but none is further ahead than the window.
  for (size_t i = positions.size() - std::min<size_t>(positions.size(), 2 * kWindow); i < positions.size(); ++i) {
    if (absl::Status reached = WaitUntilSearchable(query, positions[i]); !reached.ok()) return reached;
  }
  const absl::Duration searchable = absl::FromChrono(std::chrono::steady_clock::now() - begin);
  const auto count = static_cast<double>(options.documents);
  result.documents_per_second = count / absl::ToDoubleSeconds(acknowledged);
  result.searchable_documents_per_second = count / absl::ToDoubleSeconds(searchable);
  result.processor_ms = absl::ToDoubleMilliseconds(instance.processor_time() - processor_before) / count;
  return result;
}

// Returns when all is searchable.
absl::StatusOr<Measurement> MeasureSingle(const Options& options, v1::IngestService::Stub& ingest,
                                          v1::QueryService::Stub& query) {
  std::string position;
  auto measured = Repeat(options.duration(), [&](uint64_t number) -> absl::StatusOr<uint64_t> {
    const v1::SubmitDocumentRequest request = Request(kFirstSingle + number);
    grpc::ClientContext context;
    v1::SubmitDocumentResponse answer;
    const grpc::Status status = ingest.SubmitDocument(&context, request, &answer);
    if (!status.ok()) return server::FromGrpc(status);
    position = answer.position();
    return request.document().content().size();
  });
  if (!measured.ok()) return measured;
  if (absl::Status status = WaitUntilSearchable(query, position); !status.ok()) return status;
  return measured;
}

struct SearchResult {
  Measurement calls;
  uint64_t found = 0;  // incidents returned, of all calls
};

absl::StatusOr<SearchResult> MeasureSearch(const Options& options, v1::QueryService::Stub& query) {
  SearchResult result;
  auto calls = Repeat(options.duration(), [&](uint64_t number) -> absl::StatusOr<uint64_t> {
    v1::SearchIncidentsRequest request;
    request.set_query(SearchWords(number));
    grpc::ClientContext context;
    v1::SearchIncidentsResponse answer;
    const grpc::Status status = query.SearchIncidents(&context, request, &answer);
    if (!status.ok()) return server::FromGrpc(status);
    result.found += answer.incidents_size();
    return 0;
  });
  if (!calls.ok()) return calls.status();
  result.calls = *std::move(calls);
  return result;
}

// After the single submissions, so that nothing is at work beside it.
absl::StatusOr<ScatterOverhead> MeasureQueryService(const Options& options, const ServedInstance& instance,
                                                    const std::shared_ptr<grpc::Channel>& channel) {
  auto other = ServedInstance::StartQuery(options.interdict, options.folder, instance.address());
  if (!other.ok()) return other.status();
  auto other_channel = server::MakeChannel((*other)->address(), server::ChannelOptions{});
  if (!other_channel.ok()) return other_channel.status();
  return MeasureScatter(channel, *other_channel, options.duration(), SearchWords);
}

void AddScatter(const ScatterOverhead& scatter, const Measurement& shard_code, ReportTable& table) {
  const double own = shard_code.median_ms();
  table.Add("SearchIncidents, one hit, median", scatter.query.median_ms(), "ms", "the shard's code alone, median", own);
  table.Add("the same, query in a process of its own", scatter.query_process.median_ms(), "ms", "the same", own);
  table.Add("the shard's Search over gRPC, median", scatter.shard.median_ms(), "ms", "the same", own);
  table.Add("added by gRPC and the query service to the shard's code", scatter.query.median_ms() - own, "ms",
            "call refused at once, median", scatter.no_op.median_ms());
}

absl::Status MeasureWithoutServer(const Options& options, DiskYardstick& disk, Measurement& generated,
                                  Measurement& labelled) {
  auto disk_result = MeasureDisk(options);
  if (!disk_result.ok()) return disk_result.status();
  disk = *std::move(disk_result);
  auto pipeline = pipeline::Pipeline::Load("");
  if (!pipeline.ok()) return pipeline.status();
  std::vector<v1::DocumentInput> news;
  for (uint64_t i = 0; i < 256; ++i) news.push_back(Request(i).document());
  auto from_news = MeasureExtraction(options, **pipeline, news);
  if (!from_news.ok()) return from_news.status();
  generated = *std::move(from_news);
  auto texts = ReadTexts(options.texts);
  if (!texts.ok()) return texts.status();
  auto from_texts = MeasureExtraction(options, **pipeline, *texts);
  if (!from_texts.ok()) return from_texts.status();
  labelled = *std::move(from_texts);
  return absl::OkStatus();
}

absl::Status Run(const Options& options) {
  DiskYardstick disk;
  Measurement generated;
  Measurement labelled;
  if (absl::Status status = MeasureWithoutServer(options, disk, generated, labelled); !status.ok()) return status;

  auto instance = ServedInstance::Start(options.interdict, options.folder);
  if (!instance.ok()) return instance.status();
  auto channel = server::MakeChannel((*instance)->address(), server::ChannelOptions{});
  if (!channel.ok()) return channel.status();
  const auto ingest = v1::IngestService::NewStub(*channel);
  const auto query = v1::QueryService::NewStub(*channel);
  auto no_op = NoOpCalls(*channel, options.duration());
  if (!no_op.ok()) return no_op.status();
  auto no_op_rate = NoOpCallsPerSecond(*channel, kWindow, options.duration());
  if (!no_op_rate.ok()) return no_op_rate.status();
  auto stream = MeasureStream(options, **instance, *ingest, *query);
  if (!stream.ok()) return stream.status();
  auto search = MeasureSearch(options, *query);
  if (!search.ok()) return search.status();
  auto single = MeasureSingle(options, *ingest, *query);
  if (!single.ok()) return single.status();
  auto scatter = MeasureQueryService(options, **instance, *channel);
  if (!scatter.ok()) return scatter.status();
  instance->reset();
  auto shard_code = MeasureShardCode(options.folder + "/data", options.duration(), SearchWords);
  if (!shard_code.ok()) return shard_code.status();

  ReportTable table;
  const std::string documents = "/s";
  const double extracted = generated.per_second();
  table.Add("documents through SubmitDocuments, window 32, acknowledged", stream->documents_per_second, documents,
            "synced writes of the texts, 32 a batch", disk.batched_documents_per_second);
  table.Add("the same", stream->documents_per_second, documents, "synced writes, one writer",
            disk.one_writer.per_second());
  table.Add("the same", stream->documents_per_second, documents, "no-op calls, 32 on their way", *no_op_rate);
  table.Add("the same", stream->documents_per_second, documents, "extraction alone, one core", extracted);
  table.Add("the same, until searchable", stream->searchable_documents_per_second, documents);
  table.Add("processor time of the server a document, until searchable", stream->processor_ms, "ms",
            "of extraction alone", 1000 / extracted);
  table.Add("SubmitDocument, one at a time, median", single->median_ms(), "ms", "synced write, median",
            disk.one_writer.median_ms());
  table.Add("SubmitDocument, one at a time, p99", single->p99_ms(), "ms", "synced write, p99",
            disk.one_writer.p99_ms());
  table.Add("SearchIncidents, median", search->calls.median_ms(), "ms", "no-op call, median", no_op->median_ms());
  table.Add("SearchIncidents, p99", search->calls.p99_ms(), "ms", "no-op call, p99", no_op->p99_ms());
  AddScatter(*scatter, *shard_code, table);
  table.Add("extraction, one core, generated texts", generated.megabytes_per_second(), "MB/s");
  table.Add("extraction, one core, tests/eval/open", labelled.megabytes_per_second(), "MB/s");
  table.Write(std::cout);
  std::cout << "\n"
            << options.documents << " documents with " << stream->reports << " reports; " << search->calls.times.size()
            << " searches, which found " << search->found << " incidents on their first pages; " << single->times.size()
            << " single submissions; " << disk.one_writer.times.size() << " synced writes.\n";
  return absl::OkStatus();
}

}  // namespace
}  // namespace interdict::bench

int main(int argc, char** argv) {
  interdict::bench::Options options;
  CLI::App app("Measures `interdict serve` beside what disk and gRPC allow in the same run.");
  app.add_option("--documents", options.documents, "documents in the stream, and in the store when it is searched")
      ->check(CLI::Range(1, 10000000))
      ->capture_default_str();
  app.add_option("--seconds", options.seconds, "how long each of the other measurements lasts")
      ->check(CLI::Range(0.01, 3600.0))
      ->capture_default_str();
  app.add_option("--folder", options.folder,
                 "for the data of the run; must not be there, and is deleted if all went well")
      ->capture_default_str();
  app.add_option("--interdict", options.interdict, "the program to measure")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  std::error_code error;
  if (!std::filesystem::create_directories(options.folder, error)) {
    std::cerr << "service_bench: --folder: " << options.folder
              << (error ? " cannot be made: " + error.message() : " is there already; name another or delete it")
              << "\n";
    return 2;
  }
  const absl::Status status = interdict::bench::Run(options);
  if (!status.ok()) {
    std::cerr << "service_bench: " << status.ToString() << "\n  the log of the server is left in " << options.folder
              << "/serve.log\n";
    return 1;
  }
  std::filesystem::remove_all(options.folder, error);
  return 0;
}
