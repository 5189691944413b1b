// `interdict submit`: hands documents in, tells what became of each, and waits, if asked, until their incidents can be
// read.
#include <unistd.h>

#include <cmath>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/strings/str_join.h"
#include "interdict/v1/query_service.grpc.pb.h"
#include "nlohmann/json.hpp"
#include "services/cli/command.h"
#include "services/cli/connection.h"
#include "services/cli/input_documents.h"
#include "services/cli/show_record.h"
#include "services/cli/submission_stream.h"
#include "storage/ids/ids.h"

namespace interdict::cli {
namespace {

struct Flags {
  ConnectionFlags connection;
  std::vector<std::string> paths;
  InputOptions input;
  SubmissionStreamOptions stream;
  double give_up_seconds = 120;
  bool json = false;
  bool wait = false;
};

// A document that was acknowledged.
struct Acknowledged {
  std::string id;
  std::string document;
  std::string position;
};

std::string Dump(const nlohmann::ordered_json& line) {
  return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

// Counts and tells. The answers come from another thread than the unreadable inputs: all members are guarded by the
// mutex.
class Progress {
 public:
  Progress(bool json, size_t file_count)
      : json_(json), terminal_(!json && isatty(STDERR_FILENO) != 0), file_count_(file_count) {}

  void Answered(const Submission& submission, const v1::SubmitDocumentsResponse& answer) {
    std::lock_guard lock(mutex_);
    if (answer.has_error()) {
      const v1::SubmissionError& error = answer.error();
      Refuse(submission.id, submission.id + ": " + error.message(), error.reason(), error.field());
      return;
    }
    const std::string outcome = Word(v1::SubmissionOutcome_Name(answer.response().outcome()), "SUBMISSION_OUTCOME_");
    acknowledged_.push_back({submission.id, answer.response().document(), answer.response().position()});
    ++outcomes_[outcome];
    if (json_) {
      std::cout << Dump({{"id", submission.id},
                         {"document", answer.response().document()},
                         {"outcome", outcome},
                         {"reports", std::vector<std::string>(answer.response().reports().begin(),
                                                              answer.response().reports().end())}})
                << std::endl;
    }
    Show();
  }

  void Unreadable(const InputDocument& document) {
    std::lock_guard lock(mutex_);
    Refuse(document.id, document.origin + ": " + std::string(document.input.status().message()), "NOT_READ", "");
  }

  // The counts, after the last document.
  void Finish() {
    std::lock_guard lock(mutex_);
    if (terminal_) std::cerr << "\r\033[K";
    if (json_) return;
    std::vector<std::string> parts;
    for (const auto& [outcome, count] : outcomes_) parts.push_back(std::to_string(count) + " " + outcome);
    std::cout << (parts.empty() ? "nothing submitted" : absl::StrJoin(parts, ", ")) << "\n";
  }

  const std::vector<Acknowledged>& acknowledged() const { return acknowledged_; }
  bool refused_any() const { return outcomes_.count("refused") > 0; }

 private:
  void Refuse(const std::string& id, const std::string& message, const std::string& reason, const std::string& field) {
    ++outcomes_["refused"];
    if (terminal_) std::cerr << "\r\033[K";
    if (json_) {
      std::cout << Dump({{"id", id}, {"error", {{"message", message}, {"reason", reason}, {"field", field}}}})
                << std::endl;
    } else {
      std::cerr << "refused: " << message << "\n";
    }
    Show();
  }

  void Show() {
    if (!terminal_) return;
    size_t done = 0;
    for (const auto& [outcome, count] : outcomes_) done += count;
    std::cerr << "\r\033[K" << done << " of " << std::max(done, file_count_) << " documents" << std::flush;
  }

  const bool json_;
  const bool terminal_;
  const size_t file_count_;
  std::mutex mutex_;
  std::vector<Acknowledged> acknowledged_;
  std::map<std::string, size_t> outcomes_;
};

// Reads each document back once its incidents are decided and folded.
int TellIncidents(const Flags& flags, const std::vector<Acknowledged>& acknowledged, v1::QueryService::Stub& stub) {
  for (const Acknowledged& each : acknowledged) {
    v1::GetDocumentRequest request;
    request.set_name(each.document);
    request.set_read_after(each.position);
    grpc::ClientContext context;
    SetDeadline(context, flags.connection.timeout_seconds);
    context.set_wait_for_ready(true);
    v1::GetDocumentResponse answer;
    const grpc::Status status = stub.GetDocument(&context, request, &answer);
    if (!status.ok()) return Fail(status);
    const auto& incidents = answer.document().incidents();
    if (flags.json) {
      std::cout << Dump({{"id", each.id},
                         {"document", each.document},
                         {"incidents", std::vector<std::string>(incidents.begin(), incidents.end())}})
                << std::endl;
    } else {
      std::cout << each.id << ": " << (incidents.empty() ? "no incident" : absl::StrJoin(incidents, " ")) << "\n";
    }
  }
  return kExitOk;
}

int Run(const Flags& flags) {
  auto documents = InputDocuments::Open(flags.paths, flags.input);
  if (!documents.ok()) {
    std::cerr << "interdict: " << documents.status().message() << "\n";
    return kExitUsage;
  }
  const auto channel = Connect(flags.connection);
  if (!channel.ok()) return Fail(channel.status());
  const auto ingest = v1::IngestService::NewStub(*channel);
  Progress progress(flags.json, documents->file_count());
  // A repeated run is a new sighting; a document that is only sent again after a broken stream is not.
  const std::string run = ids::RandomId();
  uint64_t number = 0;
  const auto next = [&]() -> std::optional<Submission> {
    while (auto document = documents->Next()) {
      if (!document->input.ok()) {
        progress.Unreadable(*document);
        continue;
      }
      Submission submission;
      submission.id = document->id;
      *submission.request.mutable_document() = *std::move(document->input);
      submission.request.set_request_id(run + "-" + std::to_string(number++));
      return submission;
    }
    return std::nullopt;
  };
  SubmissionStreamOptions stream_options = flags.stream;
  stream_options.give_up_after = absl::Seconds(flags.give_up_seconds);
  SubmissionStream stream(ingest.get(), stream_options);
  const absl::Status status =
      stream.Run(next, [&progress](const Submission& submission, const v1::SubmitDocumentsResponse& answer) {
        progress.Answered(submission, answer);
      });
  progress.Finish();
  for (const std::string& line : documents->passed_over()) std::cerr << line << "\n";
  if (!status.ok()) return Fail(status);
  if (flags.wait) {
    const auto query = v1::QueryService::NewStub(*channel);
    if (const int exit_code = TellIncidents(flags, progress.acknowledged(), *query); exit_code != kExitOk)
      return exit_code;
  }
  return progress.refused_any() ? kExitFailed : kExitOk;
}

}  // namespace

Command AddSubmit(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  CLI::App* verb = app.add_subcommand("submit", "Hand documents in; exit code 1 if one was refused");
  AddConnectionFlags(*verb, flags->connection);
  verb->add_option("FILE", flags->paths,
                   "files, folders, JSON Lines (.jsonl), feeds (RSS, Atom), WARC archives, or - for standard input")
      ->required();
  verb->add_flag("--jsonl", flags->input.stdin_is_json_lines, "standard input holds JSON Lines");
  verb->add_flag("--json", flags->json, "a line of JSON for each document as soon as it is durable");
  verb->add_flag("--wait", flags->wait, "wait until the incidents can be read, and name them");
  verb->add_option("--window", flags->stream.window, "documents on their way at a time")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  verb->add_option("--give-up-after", flags->give_up_seconds,
                   "seconds without progress after which a server that cannot be reached is given up")
      ->check(CLI::Range(0.0, 86400.0))
      ->capture_default_str();
  verb->add_option("--max-document-bytes", flags->input.max_document_bytes, "largest document")->capture_default_str();
  verb->add_option("--max-feed-bytes", flags->input.max_feed_bytes, "largest RSS or Atom feed")->capture_default_str();
  return {verb, [flags] { return Run(*flags); }};
}

}  // namespace interdict::cli
