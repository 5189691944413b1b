#include "services/ingest/pipeline/knowledge/knowledge.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/ingest/pipeline/knowledge/embedded_files.h"
#include "services/ingest/pipeline/knowledge/inflection.h"
#include "services/ingest/pipeline/knowledge/table_reader.h"

namespace interdict::pipeline {
namespace {

// How the columns of a file become the cells of an entry; an empty name leaves the cell empty.
struct TableSpec {
  const char* file;
  Table table;
  const char* case_column;
  const char* kind;
  const char* value;
  const char* extra;
  const char* codes;
  const char* flags;
  bool plural;
};

constexpr TableSpec kSpecs[] = {
    {"places.tsv", Table::kPlace, "case", "kind", "", "", "codes", "", false},
    {"goods.tsv", Table::kGoods, "case", "offence", "category", "hs", "", "flags", true},
    {"models.tsv", Table::kModel, "case", "kind", "category", "", "", "", true},
    {"part_words.tsv", Table::kPartWord, "", "", "", "", "", "", true},
    {"agencies.tsv", Table::kAgency, "case", "function", "acronym", "", "code", "", false},
    {"agency_heads.tsv", Table::kAgencyHead, "", "function", "", "", "", "", true},
    {"organisation_words.tsv", Table::kOrganisationWord, "", "class", "", "", "", "", false},
    {"outlets.tsv", Table::kOutlet, "case", "", "", "", "code", "", false},
    {"person_nouns.tsv", Table::kPersonNoun, "", "role", "function", "", "", "flags", true},
    {"titles.tsv", Table::kTitle, "", "kind", "", "", "", "", false},
    {"first_names.tsv", Table::kFirstName, "", "", "", "", "", "", false},
    {"surname_particles.tsv", Table::kParticle, "", "", "", "", "", "", false},
    {"legal.tsv", Table::kLegal, "case", "", "instrument", "", "", "", false},
    {"embargo.tsv", Table::kEmbargo, "", "year", "instrument", "", "codes", "", false},
    {"conveyances.tsv", Table::kConveyance, "case", "kind", "", "", "", "", true},
    {"weasel.tsv", Table::kWeasel, "", "class", "", "", "", "", false},
};

std::vector<std::string> Split(const std::string& cell) {
  if (cell.empty()) return {};
  return absl::StrSplit(cell, '|', absl::SkipEmpty());
}

// Whether the words stand in capitals as the phrase does. One that begins in lower case ("the Gambia", "the African
// continent") has its capital further on; one word of that kind ("al-Mahra") and a number have none to look at.
bool IsCased(const std::string& phrase, const TokenizedText& tokens, const PhraseMatch& match) {
  const Token& first = tokens.tokens[match.first_token];
  if (!absl::ascii_islower(static_cast<unsigned char>(phrase[0]))) return first.is_capitalised || first.is_number;
  if (match.end_token - match.first_token == 1) return true;
  for (uint32_t t = match.first_token; t < match.end_token; ++t)
    if (tokens.tokens[t].is_capitalised) return true;
  return false;
}

std::vector<std::string> FoldedTokens(const std::string& phrase) {
  Page page;
  page.text = phrase;
  page.blocks.push_back({BlockKind::kParagraph, 0, phrase.size()});
  std::vector<std::string> folded;
  for (const Token& token : Tokenize(page).tokens) folded.push_back(token.folded);
  return folded;
}

absl::StatusOr<CaseRule> ParseCase(const std::string& file, size_t line, const std::string& cell) {
  if (cell.empty() || cell == "ANY") return CaseRule::kAny;
  if (cell == "Cased" || cell == "CASED") return CaseRule::kCased;
  if (cell == "EXACT") return CaseRule::kExact;
  return absl::InvalidArgumentError(
      absl::StrCat("knowledge file ", file, ", line ", line, ": the case '", cell, "' is none of ANY, Cased, EXACT"));
}

}  // namespace

absl::StatusOr<std::vector<Knowledge::Source>> Knowledge::ReadSources(const std::string& folder) {
  std::vector<Source> sources;
  if (folder.empty()) {
    for (const EmbeddedFile& file : EmbeddedKnowledgeFiles())
      sources.push_back({std::string(file.name), std::string(file.content)});
    return sources;
  }
  std::error_code error;
  std::set<std::filesystem::path> paths;
  for (const auto& item : std::filesystem::directory_iterator(folder, error))
    if (item.path().extension() == ".tsv") paths.insert(item.path());
  if (error || paths.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "knowledge folder ", folder,
        ": no .tsv files can be read there; name the folder that holds places.tsv, or none for the built-in ones"));
  }
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream content;
    content << in.rdbuf();
    if (!in)
      return absl::InvalidArgumentError(
          absl::StrCat("knowledge file ", path.filename().string(), ": cannot be read; check its permissions"));
    sources.push_back({path.filename().string(), content.str()});
  }
  return sources;
}

absl::StatusOr<std::unique_ptr<Knowledge>> Knowledge::Load(const std::string& folder) {
  auto sources = ReadSources(folder);
  if (!sources.ok()) return sources.status();
  std::unique_ptr<Knowledge> knowledge(new Knowledge());
  for (absl::Status status :
       {knowledge->AddTables(*sources), knowledge->AddCountries(*sources), knowledge->AddTriggers(*sources),
        knowledge->AddRelevance(*sources), knowledge->AddDecisions(*sources)})
    if (!status.ok()) return status;
  if (knowledge->entries_.empty())
    return absl::InvalidArgumentError(
        "knowledge: no phrase in any file; the folder must hold places.tsv and its companions");
  return knowledge;
}

void Knowledge::Add(Entry entry, bool with_plural) {
  entries_.push_back(std::make_unique<Entry>(std::move(entry)));
  const uint32_t number = static_cast<uint32_t>(entries_.size() - 1);
  const Entry& added = *entries_.back();
  const std::vector<std::string> tokens = FoldedTokens(added.phrase);
  trie_.Add(tokens, number);
  if (with_plural && added.case_rule != CaseRule::kExact) {
    const std::vector<std::string> plural = FoldedTokens(Plural(added.phrase));
    if (plural != tokens) trie_.Add(plural, number);
  }
  if (added.table == Table::kEmbargo) embargoes_.push_back(&added);
}

absl::Status Knowledge::AddTables(const std::vector<Source>& sources) {
  for (const TableSpec& spec : kSpecs) {
    const auto source =
        std::find_if(sources.begin(), sources.end(), [&](const Source& s) { return s.name == spec.file; });
    if (source == sources.end()) continue;  // a folder may bring a part of the tables only
    const bool is_place = spec.table == Table::kPlace;
    std::vector<std::string> columns = {spec.table == Table::kFirstName ? "name" : "phrase"};
    std::vector<int> slot(6, -1);
    const char* names[] = {spec.case_column, spec.kind, spec.value, spec.extra, spec.codes, spec.flags};
    for (int i = 0; i < 6; ++i) {
      if (names[i][0] == '\0') continue;
      slot[static_cast<size_t>(i)] = static_cast<int>(columns.size());
      columns.emplace_back(names[i]);
    }
    if (is_place) columns.insert(columns.end(), {"lat", "lon"});
    if (spec.table == Table::kGoods) columns.emplace_back("part");
    auto rows = ReadTable(spec.file, source->content, columns);
    if (!rows.ok()) return rows.status();
    for (const TableRow& row : *rows) {
      const auto cell = [&](size_t i) { return slot[i] < 0 ? std::string() : row.cells[static_cast<size_t>(slot[i])]; };
      auto rule = ParseCase(spec.file, row.line, cell(0));
      if (!rule.ok()) return rule.status();
      Entry entry{spec.table, *rule, row.cells[0], cell(1), cell(2), cell(3), Split(cell(4)), Split(cell(5))};
      if (is_place) {
        entry.has_point = absl::SimpleAtod(row.cells[row.cells.size() - 2], &entry.latitude_degrees) &&
                          absl::SimpleAtod(row.cells.back(), &entry.longitude_degrees);
        if (entry.codes.empty())
          return absl::InvalidArgumentError(
              absl::StrCat("knowledge file places.tsv, line ", row.line,
                           ": no code; give the ISO 3166-1 code of the state or the M49 code of the region"));
      }
      if (spec.table == Table::kGoods && !row.cells.back().empty()) entry.flags.emplace_back("part");
      if (spec.table == Table::kAgency) {
        const std::string acronyms = std::exchange(entry.value, entry.phrase);
        for (const std::string& acronym : Split(acronyms)) {
          Entry short_form = entry;
          short_form.phrase = acronym;
          short_form.case_rule = CaseRule::kExact;
          Add(std::move(short_form), false);
        }
      }
      Add(std::move(entry), spec.plural);
    }
  }
  return absl::OkStatus();
}

absl::Status Knowledge::AddCountries(const std::vector<Source>& sources) {
  for (const Source& source : sources) {
    if (source.name != "country_info.tsv") continue;
    auto rows = ReadTable(source.name, source.content, {"code", "name", "regions"});
    if (!rows.ok()) return rows.status();
    for (const TableRow& row : *rows) countries_[row.cells[0]] = {row.cells[0], row.cells[1], Split(row.cells[2])};
  }
  return absl::OkStatus();
}

absl::Status Knowledge::AddTriggers(const std::vector<Source>& sources) {
  for (const Source& source : sources) {
    if (source.name.rfind("triggers", 0) != 0) continue;
    auto rows = ReadTable(source.name, source.content, {"phrase", "pos", "class", "value", "forms"});
    if (!rows.ok()) return rows.status();
    for (const TableRow& row : *rows) {
      const std::string& pos = row.cells[1];
      if (pos != "verb" && pos != "noun" && pos != "other") {
        return absl::InvalidArgumentError(absl::StrCat("knowledge file ", source.name, ", line ", row.line, ": pos '",
                                                       pos, "' is none of verb, noun, other"));
      }
      Entry entry{Table::kTrigger, CaseRule::kAny, row.cells[0], row.cells[2], row.cells[3], pos, {}, {}};
      if (pos != "verb") {
        Add(entry, pos == "noun");
        continue;
      }
      for (const auto& [form, name] : VerbForms(row.cells[0], row.cells[4])) {
        entry.phrase = form;
        entry.extra = absl::StrCat("verb:", name);
        Add(entry, false);
      }
    }
  }
  return absl::OkStatus();
}

absl::Status Knowledge::AddRelevance(const std::vector<Source>& sources) {
  for (const Source& source : sources) {
    if (source.name != "relevance.tsv") continue;
    // Goods that are hardly ever traded openly speak for a report by themselves. A phrase that cannot be scanned for,
    // because of a diacritic, is only missed here.
    for (const auto& entry : entries_) {
      const bool telling =
          entry->table == Table::kGoods && !entry->HasFlag("generic") &&
          (entry->value.rfind("ML", 0) == 0 || entry->value == "NARCOTICS" || entry->value == "WILDLIFE");
      if (telling) relevance_.Add(absl::AsciiStrToLower(entry->phrase) + "*", "goods");
    }
    auto rows = ReadTable(source.name, source.content, {"phrase", "class"});
    if (!rows.ok()) return rows.status();
    for (const TableRow& row : *rows) {
      if (relevance_.Add(row.cells[0], row.cells[1])) continue;
      return absl::InvalidArgumentError(absl::StrCat(
          "knowledge file ", source.name, ", line ", row.line, ": the phrase '", row.cells[0], "' of class '",
          row.cells[1], "' is refused; use lower-case letters, digits, space - ' . and a known class"));
    }
  }
  return absl::OkStatus();
}

absl::Status Knowledge::AddDecisions(const std::vector<Source>& sources) {
  for (const Source& source : sources)
    if (source.name == "decisions.tsv") return decisions_.Add(source.name, source.content);
  return absl::OkStatus();
}

std::vector<KnownPhrase> Knowledge::Find(const std::string& text, const TokenizedText& tokens) const {
  std::vector<KnownPhrase> found;
  for (const PhraseMatch& match : trie_.Find(tokens)) {
    const Entry& entry = *entries_[match.entry];
    const Token& first = tokens.tokens[match.first_token];
    const uint32_t end = tokens.tokens[match.end_token - 1].end;
    if (entry.case_rule == CaseRule::kCased && !IsCased(entry.phrase, tokens, match)) continue;
    if (entry.case_rule == CaseRule::kExact && text.compare(first.begin, end - first.begin, entry.phrase) != 0)
      continue;
    found.push_back({match.first_token, match.end_token, &entry});
  }
  return found;
}

const Country* Knowledge::FindCountry(const std::string& code) const {
  const auto found = countries_.find(code);
  return found == countries_.end() ? nullptr : &found->second;
}

std::vector<std::string> Knowledge::PlaceCodes(std::string_view phrase) const {
  Page page;
  page.text = std::string(phrase);
  page.blocks.push_back({BlockKind::kParagraph, 0, page.text.size()});
  std::vector<std::string> codes;
  for (const KnownPhrase& known : Find(page.text, Tokenize(page)))
    if (known.entry->table == Table::kPlace)
      codes.insert(codes.end(), known.entry->codes.begin(), known.entry->codes.end());
  return codes;
}

}  // namespace interdict::pipeline
