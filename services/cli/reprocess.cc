// `interdict reprocess`: has stored documents read again by a newer extractor, and tells how far it is.
#include <iostream>
#include <memory>
#include <string>

#include "interdict/v1/ingest_service.grpc.pb.h"
#include "services/cli/command.h"
#include "services/cli/connection.h"
#include "services/cli/json_lines.h"
#include "services/cli/terminal.h"

namespace interdict::cli {
namespace {

struct Flags {
  ConnectionFlags connection{.timeout_seconds = 86400};
  std::string resume;
  bool dry_run = false;
  bool json = false;
};

void Tell(const v1::ReprocessDocumentsResponse& answer, bool dry_run) {
  std::cout << answer.examined_count() << " of " << answer.total_count()
            << " entries looked at: " << answer.reprocessed_count()
            << (dry_run ? " documents to read again, " : " documents read again, ") << answer.skipped_count()
            << " passed over, " << answer.failed_count() << " failed\n";
}

int Run(const Flags& flags) {
  const auto channel = Connect(flags.connection);
  if (!channel.ok()) return Fail(channel.status());
  const auto stub = v1::IngestService::NewStub(*channel);
  grpc::ClientContext context;
  SetDeadline(context, flags.connection.timeout_seconds);
  v1::ReprocessDocumentsRequest request;
  request.set_resume_token(flags.resume);
  request.set_validate_only(flags.dry_run);
  const auto reader = stub->ReprocessDocuments(&context, request);
  v1::ReprocessDocumentsResponse answer;
  v1::ReprocessDocumentsResponse last;
  while (reader->Read(&answer)) {
    last = answer;
    if (flags.json) {
      std::cout << JsonLine(answer) << std::endl;
    } else {
      Tell(answer, flags.dry_run);
    }
  }
  const grpc::Status status = reader->Finish();
  if (!last.problem().empty()) std::cerr << "interdict: " << Printable(last.problem()) << "\n";
  if (!status.ok()) {
    if (!last.resume_token().empty()) {
      std::cerr << "interdict: to go on: interdict reprocess --resume " << last.resume_token() << "\n";
    }
    return Fail(status);
  }
  return last.failed_count() == 0 ? kExitOk : kExitFailed;
}

}  // namespace

Command AddReprocess(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  CLI::App* verb = app.add_subcommand(
      "reprocess", "Have stored documents read again whose reports are of an older version of the extractor");
  AddConnectionFlags(*verb, flags->connection);
  verb->add_option("--resume", flags->resume, "token that an earlier call told, to go on behind it");
  verb->add_flag("--dry-run", flags->dry_run, "only count what would be read again");
  verb->add_flag("--json", flags->json, "answer in JSON, a line for each progress");
  return {verb, [flags] { return Run(*flags); }};
}

}  // namespace interdict::cli
