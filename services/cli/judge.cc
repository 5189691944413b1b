// `interdict judge`: an analyst's judgements, and taking one back.
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "google/protobuf/util/json_util.h"
#include "interdict/v1/ingest_service.grpc.pb.h"
#include "services/cli/command.h"
#include "services/cli/connection.h"
#include "services/cli/json_lines.h"

namespace interdict::cli {
namespace {

struct Flags {
  ConnectionFlags connection;
  std::string author;
  std::string reason;
  std::string request_id;
  bool dry_run = false;
  bool json = false;
  std::vector<std::string> names;
  std::vector<std::string> from;
  std::vector<std::string> fields;
  std::string facts;
  std::string party;
  std::string text;
  std::string url;
};

int Submit(const Flags& flags, v1::Judgement judgement) {
  const auto channel = Connect(flags.connection);
  if (!channel.ok()) return Fail(channel.status());
  v1::SubmitJudgementRequest request;
  *request.mutable_judgement() = std::move(judgement);
  request.mutable_judgement()->set_author(flags.author);
  request.mutable_judgement()->set_reason(flags.reason);
  request.set_request_id(flags.request_id);
  request.set_validate_only(flags.dry_run);
  grpc::ClientContext context;
  SetDeadline(context, flags.connection.timeout_seconds);
  v1::SubmitJudgementResponse answer;
  const grpc::Status status = v1::IngestService::NewStub(*channel)->SubmitJudgement(&context, request, &answer);
  if (!status.ok()) return Fail(status);
  if (flags.json) {
    std::cout << JsonLine(answer) << "\n";
  } else {
    std::cout << answer.judgement().name() << (flags.dry_run ? "  would be accepted\n" : "  accepted\n");
  }
  return kExitOk;
}

int Same(const Flags& flags) {
  v1::Judgement judgement;
  for (const std::string& name : flags.names) judgement.mutable_same()->add_subjects(name);
  return Submit(flags, std::move(judgement));
}

int Different(const Flags& flags) {
  v1::Judgement judgement;
  for (const std::string& name : flags.names) judgement.mutable_different()->add_reports(name);
  for (const std::string& name : flags.from) judgement.mutable_different()->add_from(name);
  return Submit(flags, std::move(judgement));
}

int Retract(const Flags& flags) {
  v1::Judgement judgement;
  judgement.mutable_retract()->set_report(flags.names.front());
  return Submit(flags, std::move(judgement));
}

int Correct(const Flags& flags) {
  v1::Judgement judgement;
  judgement.mutable_correct()->set_incident(flags.names.front());
  for (const std::string& field : flags.fields) judgement.mutable_correct()->mutable_fields()->add_paths(field);
  const auto parsed =
      google::protobuf::util::JsonStringToMessage(flags.facts, judgement.mutable_correct()->mutable_facts());
  if (!parsed.ok()) {
    std::cerr << "interdict: --facts is no JSON of IncidentFacts: " << parsed.ToString() << "\n";
    return kExitUsage;
  }
  return Submit(flags, std::move(judgement));
}

int Confirm(const Flags& flags) {
  v1::Judgement judgement;
  judgement.mutable_confirm()->set_incident(flags.names.front());
  return Submit(flags, std::move(judgement));
}

int Reply(const Flags& flags) {
  v1::Judgement judgement;
  v1::Reply* reply = judgement.mutable_reply();
  reply->set_incident(flags.names.front());
  reply->set_party(flags.party);
  reply->set_text(flags.text);
  reply->set_url(flags.url);
  return Submit(flags, std::move(judgement));
}

int Undo(const Flags& flags) {
  const auto channel = Connect(flags.connection);
  if (!channel.ok()) return Fail(channel.status());
  v1::UndoJudgementRequest request;
  request.set_name(flags.names.front());
  request.set_author(flags.author);
  request.set_reason(flags.reason);
  grpc::ClientContext context;
  SetDeadline(context, flags.connection.timeout_seconds);
  v1::UndoJudgementResponse answer;
  const grpc::Status status = v1::IngestService::NewStub(*channel)->UndoJudgement(&context, request, &answer);
  if (!status.ok()) return Fail(status);
  std::cout << flags.names.front() << "  undone\n";
  return kExitOk;
}

}  // namespace

Command AddJudge(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  auto run = std::make_shared<std::function<int()>>();
  CLI::App* verb =
      app.add_subcommand("judge", "Decide on records: same, different, retract, correct, confirm, reply; undo");
  verb->require_subcommand(1);
  const auto add = [&](const char* name, const char* what, int (*action)(const Flags&)) {
    CLI::App* kind = verb->add_subcommand(name, what);
    AddConnectionFlags(*kind, flags->connection);
    kind->add_option("--author", flags->author, "who judges")->required();
    kind->add_option("--reason", flags->reason, "why; stays with the judgement")->required();
    kind->add_option("--request-id", flags->request_id, "makes a retry harmless");
    kind->add_flag("--dry-run", flags->dry_run, "every check, nothing stored");
    kind->add_flag("--json", flags->json, "proto3 JSON");
    kind->callback([flags, run, action] { *run = [flags, action] { return action(*flags); }; });
    return kind;
  };
  add("same", "All tell of one happening", &Same)
      ->add_option("NAME", flags->names, "incidents/… or documents/…/reports/…, two or more")
      ->required();
  CLI::App* different = add("different", "Reports do not tell of what others tell of", &Different);
  different->add_option("NAME", flags->names, "reports or incidents that are something else")->required();
  different->add_option("--from", flags->from, "reports or incidents that they are parted from")->required();
  add("retract", "A report is no longer counted", &Retract)
      ->add_option("NAME", flags->names, "documents/…/reports/…")
      ->required()
      ->expected(1);
  CLI::App* correct = add("correct", "Fields of a record get other values", &Correct);
  correct->add_option("NAME", flags->names, "incidents/…")->required()->expected(1);
  correct->add_option("--field", flags->fields, "field of the facts, such as occurred; may be repeated")->required();
  correct->add_option("--facts", flags->facts, R"(their values as JSON: {"occurred": {"edtf": "2014-03-05"}})")
      ->required();
  add("confirm", "The record was checked and is right", &Confirm)
      ->add_option("NAME", flags->names, "incidents/…")
      ->required()
      ->expected(1);
  CLI::App* reply = add("reply", "What a named party says to the record", &Reply);
  reply->add_option("NAME", flags->names, "incidents/…")->required()->expected(1);
  reply->add_option("--party", flags->party, "who replies")->required();
  reply->add_option("--text", flags->text, "what it says")->required();
  reply->add_option("--url", flags->url, "where it can be read");
  add("undo", "Take a judgement back", &Undo)
      ->add_option("NAME", flags->names, "judgements/…")
      ->required()
      ->expected(1);
  return {verb, [run] { return (*run)(); }};
}

}  // namespace interdict::cli
