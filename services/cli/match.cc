// `interdict match`: names against reference lists and the entities of incidents.
#include <algorithm>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "interdict/v1/query_service.grpc.pb.h"
#include "services/cli/command.h"
#include "services/cli/connection.h"
#include "services/cli/json_lines.h"
#include "services/cli/list_age.h"
#include "services/cli/terminal.h"

namespace interdict::cli {
namespace {

constexpr int kBatchNames = 10'000;

const std::map<std::string, v1::PartyKind>& Kinds() {
  static const auto* const kinds = new std::map<std::string, v1::PartyKind>{
      {"person", v1::PARTY_KIND_PERSON},
      {"organization", v1::PARTY_KIND_ORGANIZATION},
      {"vessel", v1::PARTY_KIND_VESSEL},
      {"aircraft", v1::PARTY_KIND_AIRCRAFT},
  };
  return *kinds;
}

struct Flags {
  ConnectionFlags connection{.timeout_seconds = 600};
  std::vector<std::string> names;
  std::string file;
  v1::PartyKind kind = v1::PARTY_KIND_UNSPECIFIED;
  std::string birth_date;
  std::vector<std::string> countries;
  std::string imo;
  std::vector<std::string> lists;
  bool lists_only = false;
  bool include_delisted = false;
  double threshold = 0.7;
  int limit = 10;
  bool explain = false;
  bool json = false;
};

// False: the file cannot be read.
bool ReadNames(const Flags& flags, std::vector<std::string>* names) {
  *names = flags.names;
  if (flags.file.empty()) return true;
  std::ifstream file;
  if (flags.file != "-") file.open(flags.file);
  std::istream& input = flags.file == "-" ? std::cin : file;
  if (!input) return false;
  std::string line;
  while (std::getline(input, line)) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (!line.empty()) names->push_back(line);
  }
  return true;
}

v1::MatchEntitiesRequest RequestOf(const Flags& flags, const std::vector<std::string>& names, size_t begin,
                                   size_t end) {
  v1::MatchEntitiesRequest request;
  for (size_t i = begin; i < end; ++i) {
    v1::MatchQuery* query = request.add_queries();
    query->set_name(names[i]);
    query->set_kind(flags.kind);
    query->set_birth_date(flags.birth_date);
    for (const std::string& code : flags.countries) query->add_country_codes(code);
    if (flags.imo.empty()) continue;
    v1::Identifier* identifier = query->add_identifiers();
    identifier->set_kind(v1::IDENTIFIER_KIND_IMO);
    identifier->set_value(flags.imo);
  }
  if (flags.lists_only) request.set_source(v1::MATCH_SOURCE_LISTS);
  for (const std::string& list : flags.lists) request.add_lists("lists/" + list);
  request.set_include_delisted(flags.include_delisted);
  request.set_threshold(flags.threshold);
  request.set_limit(flags.limit);
  request.set_explain(flags.explain || flags.json);
  return request;
}

void TellMatch(const v1::EntityMatch& match, bool explain) {
  std::cout << "  " << std::fixed << std::setprecision(2) << match.score() << "  " << Printable(match.matched_name());
  if (match.has_entry()) {
    const v1::ListEntry& entry = match.entry();
    if (entry.names(0).full_name() != match.matched_name()) {
      std::cout << " (" << Printable(entry.names(0).full_name()) << ")";
    }
    std::cout << "  " << entry.name();
    for (const std::string& programme : entry.programmes()) std::cout << "  " << Printable(programme);
    for (const std::string& date : entry.birth_dates()) std::cout << "  born " << Printable(date);
    for (const std::string& code : entry.nationality_codes()) std::cout << "  " << Printable(code);
    if (!entry.delisting_date().empty()) std::cout << "  delisted " << Printable(entry.delisting_date());
  } else {
    std::cout << "  " << match.entity().name();
  }
  if (match.contradiction()) std::cout << "  CONTRADICTION";
  std::cout << "\n";
  if (!explain) return;
  for (const v1::MatchPart& part : match.parts()) {
    std::cout << "        " << std::showpos << part.effect() << std::noshowpos << "  " << part.feature() << " "
              << part.how() << ": " << Printable(part.query()) << " / " << Printable(part.candidate()) << "\n";
  }
}

int Run(const Flags& flags) {
  std::vector<std::string> names;
  if (!ReadNames(flags, &names)) {
    std::cerr << "interdict: cannot read " << flags.file << "\n";
    return kExitUsage;
  }
  if (names.empty()) {
    std::cerr << "interdict: name at least one NAME, or a file of names with --file\n";
    return kExitUsage;
  }
  const auto channel = Connect(flags.connection);
  if (!channel.ok()) return Fail(channel.status());
  const auto stub = v1::QueryService::NewStub(*channel);
  v1::MatchEntitiesResponse answer;
  for (size_t begin = 0; begin < names.size(); begin += kBatchNames) {
    const size_t end = std::min(names.size(), begin + kBatchNames);
    grpc::ClientContext context;
    SetDeadline(context, flags.connection.timeout_seconds);
    const auto stream = stub->MatchEntities(&context, RequestOf(flags, names, begin, end));
    while (stream->Read(&answer)) {
      for (const v1::MatchResult& result : answer.results()) {
        if (flags.json) {
          std::cout << JsonLine(result, {{"name", names[begin + result.query_index()]}}) << "\n";
          continue;
        }
        std::cout << Printable(names[begin + result.query_index()])
                  << (result.matches().empty() ? ": no match\n" : "\n");
        for (const v1::EntityMatch& match : result.matches()) TellMatch(match, flags.explain);
      }
    }
    if (const grpc::Status status = stream->Finish(); !status.ok()) return Fail(status);
  }
  if (flags.json) {
    for (const v1::ReferenceList& list : answer.lists()) std::cout << JsonLine(list) << "\n";
    return kExitOk;
  }
  if (answer.lists().empty()) std::cout << "no list was searched\n";
  for (const v1::ReferenceList& list : answer.lists()) {
    std::cout << "searched " << list.name() << ", version " << Printable(list.version()) << ", "
              << AgeOf(list.version_date()) << " old, " << list.entry_count() << " entries\n";
  }
  return kExitOk;
}

}  // namespace

Command AddMatch(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  CLI::App* verb = app.add_subcommand("match", "Names against reference lists and the entities of incidents");
  AddConnectionFlags(*verb, flags->connection);
  verb->add_option("NAME", flags->names, "names, in any script");
  verb->add_option("--file", flags->file, "a name a line; - for standard input");
  verb->add_option("--kind", flags->kind, "what bears the name")
      ->transform(CLI::CheckedTransformer(Kinds(), CLI::ignore_case));
  verb->add_option("--born", flags->birth_date, "date of birth or founding: 1963, 1963-10, 1963-10-24");
  verb->add_option("--country", flags->countries, "nationality, state or flag: ISO codes")->delimiter(',');
  verb->add_option("--imo", flags->imo, "IMO number");
  verb->add_option("--list", flags->lists, "only these lists, by id")->delimiter(',');
  verb->add_flag("--lists-only", flags->lists_only, "only reference lists, not the entities of incidents");
  verb->add_flag("--include-delisted", flags->include_delisted, "delisted entries too");
  verb->add_option("--threshold", flags->threshold, "matches of a lower score are left out")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  verb->add_option("--limit", flags->limit, "matches a name")->check(CLI::Range(1, 100))->capture_default_str();
  verb->add_flag("--explain", flags->explain, "how each score came about");
  verb->add_flag("--json", flags->json, "a line of JSON for each name, then one for each list");
  return {verb, [flags] { return Run(*flags); }};
}

}  // namespace interdict::cli
