// `interdict admin`: check, show, rebuild and erase, on a running server or on the folder of one that is stopped.
#include <filesystem>
#include <iostream>
#include <memory>

#include "absl/time/clock.h"
#include "interdict/internal/v1/admin_service.grpc.pb.h"
#include "interdict/internal/v1/index_service.grpc.pb.h"
#include "interdict/v1/ingest_service.grpc.pb.h"
#include "interdict/v1/query_service.grpc.pb.h"
#include "services/cli/command.h"
#include "services/cli/connection.h"
#include "services/cli/json_lines.h"
#include "services/cli/local_instance.h"
#include "services/server/status.h"

namespace interdict::cli {
namespace {

constexpr absl::Duration kCatchUpLimit = absl::Minutes(30);

struct Flags {
  ConnectionFlags connection;
  std::string data;
  std::string content;   // dump
  std::string document;  // erase
  std::string reason;    // erase
  bool require_same_digest = false;
  bool json = false;
};

// A server to talk to: a running one, or one in this process over a data folder.
struct Target {
  server::Metrics metrics;
  server::Logger log{server::LogLevel::kWarning};
  std::unique_ptr<LocalInstance> local;
  std::shared_ptr<grpc::Channel> channel;
};

// Whether everything in the log is folded and decided, or stands still.
bool CaughtUp(const internal::v1::GetIndexStatusResponse& status) {
  for (const auto& partition : status.partitions()) {
    if (!partition.stopped_because().empty()) continue;
    if (partition.folded_sequence() < partition.last_sequence()) return false;
    if (partition.log() == "intake" && partition.decided_sequence() < partition.last_sequence()) return false;
  }
  return true;
}

absl::Status WaitUntilCaughtUp(const std::shared_ptr<grpc::Channel>& channel) {
  const auto stub = internal::v1::IndexService::NewStub(channel);
  const absl::Time give_up = absl::Now() + kCatchUpLimit;
  while (absl::Now() < give_up) {
    grpc::ClientContext context;
    internal::v1::GetIndexStatusResponse status;
    if (const grpc::Status answer = stub->GetIndexStatus(&context, {}, &status); !answer.ok())
      return server::FromGrpc(answer);
    if (CaughtUp(status)) return absl::OkStatus();
    absl::SleepFor(absl::Milliseconds(20));
  }
  return absl::DeadlineExceededError("the store did not catch up with its log");
}

absl::Status Open(const Flags& flags, Target& target) {
  if (flags.data.empty()) {
    auto channel = Connect(flags.connection);
    if (!channel.ok()) return channel.status();
    target.channel = *std::move(channel);
    return absl::OkStatus();
  }
  std::error_code error;
  if (!std::filesystem::is_directory(flags.data + "/log", error)) {
    return absl::NotFoundError("there is no log in " + flags.data +
                               "/log; --data names the folder that `interdict serve --data` was given");
  }
  ProcessFlags process;
  process.data = flags.data;
  auto local = LocalInstance::Start(process, &target.metrics, &target.log);
  if (!local.ok()) return local.status();
  target.local = *std::move(local);
  target.channel = target.local->channel();
  return WaitUntilCaughtUp(target.channel);
}

using Admin = internal::v1::AdminService;

int Digest(const Flags& flags, Target& target) {
  internal::v1::GetDigestResponse answer;
  grpc::ClientContext context;
  const grpc::Status status = Admin::NewStub(target.channel)->GetDigest(&context, {}, &answer);
  if (!status.ok()) return Fail(status);
  if (flags.json) {
    std::cout << JsonLine(answer) << "\n";
  } else {
    std::cout << answer.digest() << "  " << answer.record_count() << " records at " << answer.positions() << "\n";
  }
  return kExitOk;
}

int Verify(const Flags& flags, Target& target) {
  internal::v1::VerifyStoreResponse answer;
  grpc::ClientContext context;
  const grpc::Status status = Admin::NewStub(target.channel)->VerifyStore(&context, {}, &answer);
  if (!status.ok()) return Fail(status);
  if (flags.json) {
    std::cout << JsonLine(answer) << "\n";
  } else {
    for (const std::string& problem : answer.problems()) std::cout << problem << "\n";
    std::cout << answer.entry_count() << " log entries and " << answer.record_count() << " records read, "
              << answer.problems_size() << " problem(s)\n";
  }
  return answer.problems().empty() ? kExitOk : kExitFailed;
}

int Dump(const Flags& flags, Target& target) {
  internal::v1::DumpRecordsRequest request;
  request.set_content(flags.content);
  grpc::ClientContext context;
  const auto stub = Admin::NewStub(target.channel);
  const auto records = stub->DumpRecords(&context, request);
  internal::v1::DumpRecordsResponse record;
  while (records->Read(&record)) {
    if (flags.json) {
      std::cout << JsonLine(record) << "\n";
    } else {
      std::cout << record.content() << " " << record.key() << "\n" << record.value() << "\n";
    }
  }
  const grpc::Status status = records->Finish();
  return status.ok() ? kExitOk : Fail(status);
}

int Rebuild(const Flags& flags, Target& target) {
  internal::v1::RebuildStoreRequest request;
  request.set_require_same_digest(flags.require_same_digest);
  internal::v1::RebuildStoreResponse answer;
  grpc::ClientContext context;
  const grpc::Status status = Admin::NewStub(target.channel)->RebuildStore(&context, request, &answer);
  if (!status.ok()) return Fail(status);
  if (flags.json) {
    std::cout << JsonLine(answer) << "\n";
  } else {
    std::cout << answer.entry_count() << " log entries folded anew\nold " << answer.old_digest() << "\nnew "
              << answer.new_digest()
              << (answer.old_digest() == answer.new_digest() ? "  (the same)\n" : "  (DIFFERENT)\n");
  }
  return answer.old_digest() == answer.new_digest() ? kExitOk : kExitFailed;
}

int Erase(const Flags& flags, Target& target) {
  v1::RemoveDocumentRequest request;
  request.set_name(flags.document);
  request.set_reason(flags.reason);
  v1::RemoveDocumentResponse answer;
  {
    grpc::ClientContext context;
    SetDeadline(context, flags.connection.timeout_seconds);
    const grpc::Status status = v1::IngestService::NewStub(target.channel)->RemoveDocument(&context, request, &answer);
    if (!status.ok()) return Fail(status);
  }
  // Complete once a read of that position comes back.
  v1::GetDocumentRequest read;
  read.set_name(flags.document);
  read.set_read_after(answer.position());
  v1::GetDocumentResponse document;
  grpc::ClientContext context;
  SetDeadline(context, flags.connection.timeout_seconds);
  const grpc::Status status = v1::QueryService::NewStub(target.channel)->GetDocument(&context, read, &document);
  if (!status.ok()) return Fail(status);
  if (flags.json) {
    std::cout << JsonLine(document.document()) << "\n";
  } else {
    std::cout << flags.document << " is erased from log, store and index\n";
  }
  return kExitOk;
}

using Action = int (*)(const Flags&, Target&);

}  // namespace

Command AddAdmin(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  auto chosen = std::make_shared<Action>(nullptr);
  CLI::App* verb = app.add_subcommand(
      "admin", "Check, show, rebuild, erase: on a running server, or with --data on a stopped one's folder");
  verb->require_subcommand(1);
  const auto add = [&](const std::string& name, const std::string& help, Action action) {
    CLI::App* sub = verb->add_subcommand(name, help);
    AddConnectionFlags(*sub, flags->connection);
    sub->add_option("--data", flags->data, "work on the data folder of a stopped server instead");
    sub->add_flag("--json", flags->json, "answer in JSON");
    sub->callback([chosen, action] { *chosen = action; });
    return sub;
  };
  add("digest", "SHA-256 over all folded records: equal stores have equal digests", &Digest);
  add("verify", "Check all references, chains and checksums; exit code 1 if something is wrong", &Verify);
  add("dump", "Write records for a person", &Dump)
      ->add_option("CONTENT", flags->content,
                   "one column family, or log for the entries of the log; default: all families");
  add("rebuild", "Fold the logs into a new store and put it in the old one's place", &Rebuild)
      ->add_flag("--require-same-digest", flags->require_same_digest, "keep the old store if the new one differs");
  CLI::App* erase = add("erase", "Take a document down: its text is erased everywhere, a tombstone stays", &Erase);
  erase->add_option("DOCUMENT", flags->document, "resource name: documents/…")->required();
  erase->add_option("--reason", flags->reason, "why; kept with the tombstone, must not quote the text")->required();
  return {verb, [flags, chosen] {
            Target target;
            if (absl::Status status = Open(*flags, target); !status.ok()) return Fail(status);
            return (*chosen)(*flags, target);
          }};
}

}  // namespace interdict::cli
