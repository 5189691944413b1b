// `interdict list`: imports a reference list, and tells which are in force.
#include <fstream>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <string>

#include "interdict/v1/ingest_service.grpc.pb.h"
#include "interdict/v1/query_service.grpc.pb.h"
#include "services/cli/command.h"
#include "services/cli/connection.h"
#include "services/cli/json_lines.h"
#include "services/cli/list_age.h"
#include "services/cli/terminal.h"

namespace interdict::cli {
namespace {

constexpr size_t kPieceBytes = 1 << 20;

const std::map<std::string, v1::ReferenceListFormat>& Formats() {
  static const auto* const kFormats = new std::map<std::string, v1::ReferenceListFormat>{
      {"ftm-json", v1::REFERENCE_LIST_FORMAT_FTM_JSON}, {"ofac-xml", v1::REFERENCE_LIST_FORMAT_OFAC_XML},
      {"un-xml", v1::REFERENCE_LIST_FORMAT_UN_XML},     {"eu-xml", v1::REFERENCE_LIST_FORMAT_EU_XML},
      {"uk-xml", v1::REFERENCE_LIST_FORMAT_UK_XML},
  };
  return *kFormats;
}

struct Flags {
  ConnectionFlags connection{.timeout_seconds = 600};
  std::string file;
  std::string list;
  v1::ReferenceListFormat format = v1::REFERENCE_LIST_FORMAT_UNSPECIFIED;
  std::string title;
  std::string publisher;
  std::string version;
  std::string version_date;
  bool dry_run = false;
  bool json = false;
};

void TellImport(const v1::ImportReferenceListResponse& answer, bool dry_run) {
  const v1::ReferenceList& list = answer.list();
  std::cout << list.name() << ", version " << Printable(list.version()) << ": " << list.entry_count() << " entries";
  if (answer.unchanged()) {
    std::cout << ", unchanged";
  } else {
    std::cout << "; " << answer.added_count() << " added, " << answer.changed_count() << " changed, "
              << answer.delisted_count() << " delisted";
  }
  if (!answer.previous_version().empty()) std::cout << " since " << Printable(answer.previous_version());
  if (answer.left_out_count() > 0) std::cout << "; " << answer.left_out_count() << " records left out";
  std::cout << (dry_run ? " (not stored)\n" : "\n");
}

int Import(const Flags& flags) {
  std::ifstream file(flags.file, std::ios::binary);
  if (!file) {
    std::cerr << "interdict: cannot read " << flags.file << "\n";
    return kExitUsage;
  }
  const auto channel = Connect(flags.connection);
  if (!channel.ok()) return Fail(channel.status());
  const auto stub = v1::IngestService::NewStub(*channel);
  grpc::ClientContext context;
  SetDeadline(context, flags.connection.timeout_seconds);
  v1::ImportReferenceListResponse answer;
  const auto writer = stub->ImportReferenceList(&context, &answer);
  v1::ImportReferenceListRequest message;
  v1::ReferenceListImport* import = message.mutable_list();
  import->set_list_id(flags.list);
  import->set_format(flags.format);
  import->set_title(flags.title);
  import->set_publisher(flags.publisher);
  import->set_version(flags.version);
  import->set_version_date(flags.version_date);
  import->set_validate_only(flags.dry_run);
  bool more = writer->Write(message);
  std::string piece(kPieceBytes, '\0');
  while (more && file) {
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    if (file.gcount() == 0) break;
    message.set_content(piece.data(), static_cast<size_t>(file.gcount()));
    more = writer->Write(message);
  }
  if (file.bad()) {
    context.TryCancel();
    std::cerr << "interdict: cannot read " << flags.file << " to its end; nothing was imported\n";
  }
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  if (file.bad()) return kExitFailed;
  if (!status.ok()) return Fail(status);
  if (flags.json) {
    std::cout << JsonLine(answer) << "\n";
  } else {
    TellImport(answer, flags.dry_run);
  }
  return kExitOk;
}

int Status(const Flags& flags) {
  const auto channel = Connect(flags.connection);
  if (!channel.ok()) return Fail(channel.status());
  const auto stub = v1::QueryService::NewStub(*channel);
  grpc::ClientContext context;
  SetDeadline(context, flags.connection.timeout_seconds);
  v1::ListReferenceListsResponse answer;
  const grpc::Status status = stub->ListReferenceLists(&context, {}, &answer);
  if (!status.ok()) return Fail(status);
  if (flags.json) {
    for (const v1::ReferenceList& list : answer.lists()) std::cout << JsonLine(list) << "\n";
    return kExitOk;
  }
  if (answer.lists().empty()) std::cout << "no list was imported\n";
  for (const v1::ReferenceList& list : answer.lists()) {
    std::cout << list.name() << ": " << Printable(list.title()) << "\n  version " << Printable(list.version()) << ", "
              << AgeOf(list.version_date()) << " old; " << list.entry_count() << " entries, " << list.delisted_count()
              << " delisted are kept\n";
  }
  return kExitOk;
}

}  // namespace

Command AddList(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  CLI::App* verb = app.add_subcommand("list", "Reference lists: import one, or tell which are in force");
  verb->require_subcommand(1);
  CLI::App* import = verb->add_subcommand("import", "Import the file of a list; a new version replaces the one before");
  CLI::App* status = verb->add_subcommand("status", "Version, entries and age of each list");
  for (CLI::App* sub : {import, status}) {
    AddConnectionFlags(*sub, flags->connection);
    sub->add_flag("--json", flags->json, "answer in JSON");
  }
  import->add_option("FILE", flags->file, "the publisher's file")->required();
  import->add_option("--list", flags->list, "id of the list: a-z 0-9 -, for example ofac-sdn")->required();
  import->add_option("--format", flags->format, "format of the file")
      ->required()
      ->transform(CLI::CheckedTransformer(Formats(), CLI::ignore_case));
  import->add_option("--title", flags->title, "what to call it; default: as before");
  import->add_option("--publisher", flags->publisher, "who publishes it; default: as before");
  import->add_option("--list-version", flags->version, "name of the version; default: the date that the file tells");
  import->add_option("--date", flags->version_date,
                     "date of the version, YYYY-MM-DD; default: the date that the file tells, else today");
  import->add_flag("--dry-run", flags->dry_run, "check and compare, store nothing");
  return {verb, [flags, import] { return import->parsed() ? Import(*flags) : Status(*flags); }};
}

}  // namespace interdict::cli
