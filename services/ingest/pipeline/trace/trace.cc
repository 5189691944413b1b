#include "services/ingest/pipeline/trace/trace.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/ingest/pipeline/assemble/reading.h"

namespace interdict::pipeline {
namespace {

const char* FileOf(Table table) {
  switch (table) {
    case Table::kPlace:
      return "places.tsv";
    case Table::kGoods:
      return "goods.tsv";
    case Table::kModel:
      return "models.tsv";
    case Table::kPartWord:
      return "part_words.tsv";
    case Table::kAgency:
      return "agencies.tsv";
    case Table::kAgencyHead:
      return "agency_heads.tsv";
    case Table::kOrganisationWord:
      return "organisation_words.tsv";
    case Table::kOutlet:
      return "outlets.tsv";
    case Table::kPersonNoun:
      return "person_nouns.tsv";
    case Table::kTitle:
      return "titles.tsv";
    case Table::kFirstName:
      return "first_names.tsv";
    case Table::kParticle:
      return "surname_particles.tsv";
    case Table::kLegal:
      return "legal.tsv";
    case Table::kEmbargo:
      return "embargo.tsv";
    case Table::kConveyance:
      return "conveyances.tsv";
    case Table::kWeasel:
      return "weasel.tsv";
    case Table::kTrigger:
      return "triggers.tsv";
    default:
      return "knowledge";
  }
}

// The row by its file and phrase, which finds it, and what it says.
std::string DescribeRow(const Entry& entry) {
  std::vector<std::string> cells;
  for (const std::string& cell : {entry.kind, entry.value, entry.extra})
    if (!cell.empty()) cells.push_back(cell);
  if (!entry.codes.empty()) cells.push_back(absl::StrJoin(entry.codes, "|"));
  const std::string told = cells.empty() ? "" : absl::StrCat(" (", absl::StrJoin(cells, ", "), ")");
  return absl::StrCat(FileOf(entry.table), " “", entry.phrase, "”", told);
}

std::string SourceName(PartySource source) {
  switch (source) {
    case PartySource::kNoun:
      return "noun for a person or group";
    case PartySource::kShape:
      return "shape of a name: capitals in running text";
    case PartySource::kAgencyHead:
      return "noun for an authority";
    case PartySource::kOrganisation:
      return "word that makes a name an organisation";
    case PartySource::kAgency:
      return "known agency";
    case PartySource::kOutlet:
      return "known outlet";
    case PartySource::kTransport:
      return "name of a vessel or aircraft";
    default:
      return "name";
  }
}

struct Described {
  FindingKind kind;
  std::string what;
};

Described DescribeMention(const Mention& m) {
  const std::string codes = m.codes.empty() ? "" : absl::StrCat(" ", absl::StrJoin(m.codes, " or "));
  switch (m.kind) {
    case MentionKind::kPlace:
      return {FindingKind::kPlace, absl::StrCat(m.is_demonym ? "demonym" : m.is_capital ? "capital" : "place", codes)};
    case MentionKind::kGoods:
      return {FindingKind::kGoods, absl::StrCat("goods ", m.category, m.part ? ", parts" : "")};
    case MentionKind::kConveyance:
      return {FindingKind::kConveyance, absl::StrCat("conveyance ", m.conveyance_kind)};
    case MentionKind::kLegal:
      return {FindingKind::kLegal, absl::StrCat("law ", m.instrument)};
    default:
      return {FindingKind::kParty, absl::StrCat(m.named ? "named party" : "described party", codes,
                                                m.role_hint.empty() ? "" : absl::StrCat(", ", m.role_hint))};
  }
}

std::string DescribeFrame(const Frame& frame, const Reading& r) {
  std::string what;
  const std::string status = v1::ActionStatus_Name(frame.status).substr(std::string("ACTION_STATUS_").size());
  if (frame.kind == FrameKind::kAction)
    what = absl::StrCat("action ", v1::ActionType_Name(frame.action).substr(std::string("ACTION_TYPE_").size()), ", ",
                        status);
  if (frame.kind == FrameKind::kAct) what = absl::StrCat("illicit act ", frame.trigger.entry->value, ", ", status);
  if (frame.kind == FrameKind::kStage) what = absl::StrCat("stage ", frame.trigger.entry->value);
  if (frame.kind == FrameKind::kSay) what = absl::StrCat("statement ", frame.trigger.entry->value);
  const auto name = [&r](int participant) {
    const Participant& p = r.coreference.participants[static_cast<size_t>(participant)];
    return r.mentions.all[p.name_mention].text;
  };
  if (frame.agent >= 0) absl::StrAppend(&what, ", by “", name(frame.agent), "”");
  if (frame.patient >= 0) absl::StrAppend(&what, ", to “", name(frame.patient), "”");
  if (frame.passive) absl::StrAppend(&what, ", passive");
  return what;
}

class Recorder {
 public:
  Recorder(const Reading& reading, Trace* trace) : r_(reading), trace_(*trace) {}

  void Run() {
    for (const Sentence& s : r_.text.sentences)
      trace_.sentences.push_back(r_.page.text.substr(s.begin, s.end - s.begin));
    for (const IncidentDraft& draft : r_.drafts) trace_.incidents.push_back(draft.sentences);
    Mentions();
    Frames();
    Rows();
    for (const DateMention& d : r_.dates)
      Add(FindingKind::kDate, "normalise", absl::StrCat("date ", d.edtf),
          d.relative ? "calendar, against the date of the text" : "calendar", d.begin, d.end);
    for (const QuantityMention& q : r_.quantities)
      Add(FindingKind::kQuantity, "normalise",
          q.currency_code.empty() ? absl::StrCat("quantity ", q.value, " ", q.unit)
                                  : absl::StrCat("money ", q.value, " ", q.currency_code),
          "numbers, units.tsv, currencies.tsv", q.begin, q.end);
    std::stable_sort(trace_.findings.begin(), trace_.findings.end(),
                     [](const Finding& a, const Finding& b) { return a.begin < b.begin; });
  }

 private:
  Finding* Add(FindingKind kind, const char* stage, std::string what, std::string rule, uint32_t begin, uint32_t end) {
    Finding finding{kind, stage, std::move(what), std::move(rule), begin, end, 0, true};
    const auto after = std::upper_bound(r_.text.sentences.begin(), r_.text.sentences.end(), begin,
                                        [](uint32_t b, const Sentence& s) { return b < s.begin; });
    if (after != r_.text.sentences.begin())
      finding.sentence = static_cast<uint32_t>(std::prev(after) - r_.text.sentences.begin());
    trace_.findings.push_back(std::move(finding));
    return &trace_.findings.back();
  }

  void Mentions() {
    for (const Mention& m : r_.mentions.all) {
      Described described = DescribeMention(m);
      std::string rule = m.entry != nullptr ? DescribeRow(*m.entry) : "";
      if (m.kind == MentionKind::kParty) rule = absl::StrCat(SourceName(m.source), rule.empty() ? "" : ": ", rule);
      if (rule.empty()) rule = "pattern";
      Add(described.kind, "mentions", std::move(described.what), std::move(rule), m.begin, m.end);
      for (uint32_t t = m.first_token; t < m.end_token; ++t) in_mention_.insert(t);
    }
  }

  void Frames() {
    for (const Frame& f : r_.frames.all) {
      const TriggerHit& t = f.trigger;
      Add(f.kind == FrameKind::kSay ? FindingKind::kSay : FindingKind::kFrame, "frames", DescribeFrame(f, r_),
          DescribeRow(*t.entry), r_.text.tokens[t.first_token].begin, r_.text.tokens[t.end_token - 1].end);
      framed_.insert({t.first_token, t.end_token});
    }
  }

  // Every row that matched, also those that came to nothing.
  void Rows() {
    for (const KnownPhrase& known : r_.knowledge.Find(r_.page.text, r_.text)) {
      const bool trigger = known.entry->table == Table::kTrigger;
      const bool cue = known.entry->table == Table::kWeasel;
      if (trigger && framed_.count({known.first_token, known.end_token}) > 0) continue;  // told by the frame
      const std::string what = trigger ? absl::StrCat("trigger, no frame: class ", known.entry->kind) : "known phrase";
      Finding* finding = Add(trigger || cue ? FindingKind::kCue : FindingKind::kRow, trigger ? "frames" : "mentions",
                             what, DescribeRow(*known.entry), r_.text.tokens[known.first_token].begin,
                             r_.text.tokens[known.end_token - 1].end);
      finding->kept = cue || (!trigger && in_mention_.count(known.first_token) > 0);
    }
  }

  const Reading& r_;
  Trace& trace_;
  std::set<uint32_t> in_mention_;                   // tokens
  std::set<std::pair<uint32_t, uint32_t>> framed_;  // token spans of frames
};

}  // namespace

void RecordFindings(const Reading& reading, Trace* trace) { Recorder(reading, trace).Run(); }

}  // namespace interdict::pipeline
