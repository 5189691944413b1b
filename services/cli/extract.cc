// `interdict extract`: the pipeline in this process; nothing is stored and no server is needed.
#include <iostream>
#include <memory>

#include "interdict/v1/ingest_service.pb.h"
#include "services/cli/command.h"
#include "services/cli/explain_page.h"
#include "services/cli/input_documents.h"
#include "services/cli/json_lines.h"
#include "services/cli/show_record.h"
#include "services/ingest/pipeline/pipeline.h"
#include "services/ingest/pipeline/trace/trace.h"

namespace interdict::cli {
namespace {

struct Flags {
  std::vector<std::string> paths;
  std::string format = "text";
  std::string knowledge;
  bool explain = false;
  bool html = false;
  InputOptions input;
};

void ShowExtraction(const std::string& origin, const v1::ExtractDocumentResponse& answer) {
  std::cout << "== " << origin << "\n";
  ShowDocument(std::cout, answer.document());
  if (answer.reports().empty()) std::cout << "\nNo incident found.\n";
  for (const v1::Report& report : answer.reports()) {
    std::cout << "\n";
    ShowFacts(std::cout, report.facts(), ShowOptions{});
  }
  std::cout << "\n";
}

void ShowWhy(const Flags& flags, const std::string& origin, const pipeline::Extraction& extraction,
             const pipeline::Trace& trace) {
  if (flags.html) return WriteExplanationPage(std::cout, origin, extraction, trace);
  std::cout << "== " << origin << "\n";
  ShowDocument(std::cout, extraction.document);
  if (extraction.reports.empty()) std::cout << "\nNo incident found.\n";
  WriteExplanation(std::cout, extraction, trace);
  std::cout << "\n";
}

int Run(const Flags& flags) {
  auto documents = InputDocuments::Open(flags.paths, flags.input);
  if (!documents.ok()) {
    std::cerr << "interdict: " << documents.status().message() << "\n";
    return kExitUsage;
  }
  auto pipeline = pipeline::Pipeline::Load(flags.knowledge);
  if (!pipeline.ok()) {
    std::cerr << "interdict: " << pipeline.status().message() << "\n";
    return kExitUsage;
  }
  int exit_code = kExitOk;
  const bool why = flags.explain || flags.html;
  int shown = 0;
  while (auto document = documents->Next()) {
    pipeline::Trace trace;
    auto extraction = document->input.ok() ? (*pipeline)->Extract(*document->input, why ? &trace : nullptr)
                                           : absl::StatusOr<pipeline::Extraction>(document->input.status());
    if (!extraction.ok()) {
      std::cerr << document->origin << ": " << extraction.status().message() << "\n";
      exit_code = kExitFailed;
      continue;
    }
    if (why) {
      if (flags.html && shown++ > 0) {
        std::cerr << "interdict: --html writes one page; give one document\n";
        return kExitUsage;
      }
      ShowWhy(flags, document->origin, *extraction, trace);
      continue;
    }
    v1::ExtractDocumentResponse answer;
    *answer.mutable_document() = std::move(extraction->document);
    for (v1::Report& report : extraction->reports) *answer.add_reports() = std::move(report);
    *answer.mutable_extractor() = pipeline::Pipeline::ExtractorStamp();
    if (flags.format == "json") {
      std::cout << JsonLine(answer, {{"id", document->id}}) << "\n";
    } else {
      ShowExtraction(document->origin, answer);
    }
  }
  for (const std::string& line : documents->passed_over()) std::cerr << line << "\n";
  return exit_code;
}

}  // namespace

Command AddExtract(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  CLI::App* verb = app.add_subcommand(
      "extract", "Read documents and print the incidents they report; stores nothing, needs no server");
  verb->add_option("FILE", flags->paths,
                   "files, folders, JSON Lines, feeds (RSS, Atom), WARC archives, or - for standard input")
      ->required();
  verb->add_option("--format", flags->format, "text for a person, json for one line a document")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  CLI::Option* format = verb->get_option("--format");
  CLI::Option* explain =
      verb->add_flag("--explain", flags->explain,
                     "for each value its sentence, the rule that made it and what lost; and the time per stage");
  verb->add_flag("--html", flags->html, "the same as one self-contained HTML page, the text with its spans coloured")
      ->excludes(format)
      ->excludes(explain);
  explain->excludes(format);
  verb->add_flag("--jsonl", flags->input.stdin_is_json_lines, "standard input holds JSON Lines");
  verb->add_option("--knowledge", flags->knowledge, "folder of knowledge files; default: those built in")
      ->envname("INTERDICT_KNOWLEDGE");
  verb->add_option("--max-document-bytes", flags->input.max_document_bytes, "largest document")->capture_default_str();
  verb->add_option("--max-feed-bytes", flags->input.max_feed_bytes, "largest RSS or Atom feed")->capture_default_str();
  return {verb, [flags] { return Run(*flags); }};
}

}  // namespace interdict::cli
