#include "services/cli/explain_page.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/cli/show_record.h"
#include "services/ingest/pipeline/trace/explain.h"

namespace interdict::cli {
namespace {

using pipeline::ExplainedReport;
using pipeline::ExplainedValue;

// Slots in the order of the legend, with their colour; light enough for black letters. Title and summary are whole
// sentences: they are listed, not coloured.
constexpr std::pair<const char*, const char*> kColours[] = {
    {"offence", "#ffc9c9"}, {"stage", "#ffe066"},       {"action", "#ffb86b"},       {"occurred", "#d0bfff"},
    {"place", "#a5d8ff"},   {"party", "#b2f2bb"},       {"goods", "#fcc2d7"},        {"conveyance", "#99e9f2"},
    {"claim", "#e9ecef"},   {"legal basis", "#e8d8b0"}, {"verification", "#d8f5a2"},
};

// Marks of incidents: the colour of the line below a span.
constexpr const char* kIncidentColours[] = {"#1864ab", "#c92a2a", "#2b8a3e", "#862e9c", "#e67700", "#0b7285"};

std::string ClassOf(const std::string& slot) {
  std::string name = slot == "disclosed" ? "occurred" : slot;
  std::replace(name.begin(), name.end(), ' ', '-');
  return "s-" + name;
}

size_t IncidentClass(size_t incident) { return incident % std::size(kIncidentColours); }

// A value's span on the text.
struct Mark {
  size_t begin = 0;
  size_t end = 0;
  size_t incident = 0;
  const ExplainedValue* value = nullptr;
};

std::vector<Mark> MarksOf(const std::vector<ExplainedReport>& reports) {
  std::vector<Mark> marks;
  for (size_t i = 0; i < reports.size(); ++i) {
    for (const ExplainedValue& value : reports[i].values) {
      if (value.slot == "title" || value.slot == "summary") continue;
      for (const v1::Evidence& span : value.evidence) marks.push_back({span.begin_byte(), span.end_byte(), i, &value});
    }
  }
  return marks;
}

std::string Percent(double confidence) { return absl::StrCat(std::lround(confidence * 100), "%"); }

// What a person sees on hovering: every value that rests on these bytes.
std::string Hover(const std::vector<const Mark*>& here) {
  std::vector<std::string> lines;
  for (const Mark* mark : here) {
    const std::string line = absl::StrCat("incident ", mark->incident + 1, " · ", mark->value->slot, ": ",
                                          mark->value->value, " (", Percent(mark->value->confidence), ")");
    if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(line);
  }
  return absl::StrJoin(lines, "\n");
}

// Text between two neighbouring borders of spans: one element with the colour of the shortest span, which says most.
void WriteSegment(std::ostream& out, const std::string& words, std::vector<const Mark*> here) {
  if (here.empty()) {
    out << EscapeHtml(words);
    return;
  }
  std::stable_sort(here.begin(), here.end(),
                   [](const Mark* a, const Mark* b) { return a->end - a->begin < b->end - b->begin; });
  std::string incidents;
  for (const Mark* mark : here) {
    const std::string name = absl::StrCat(" i", IncidentClass(mark->incident));
    if (incidents.find(name) == std::string::npos) incidents += name;
  }
  out << "<mark class=\"" << ClassOf(here.front()->value->slot) << incidents << "\" title=\"" << EscapeHtml(Hover(here))
      << "\">" << EscapeHtml(words) << "</mark>";
}

// Spans overlap and nest; a sweep over their borders keeps the work to the length of the text and the spans open at
// each place.
void WriteText(std::ostream& out, const std::string& text, const std::vector<Mark>& marks) {
  std::map<size_t, std::vector<const Mark*>> opening;
  std::map<size_t, bool> borders = {{0, true}, {text.size(), true}};
  for (const Mark& mark : marks) {
    if (mark.begin >= mark.end || mark.end > text.size()) continue;
    opening[mark.begin].push_back(&mark);
    borders[mark.begin] = borders[mark.end] = true;
  }
  std::vector<const Mark*> open;
  for (auto border = borders.begin(); std::next(border) != borders.end(); ++border) {
    const size_t at = border->first;
    std::erase_if(open, [at](const Mark* mark) { return mark->end <= at; });
    const auto more = opening.find(at);
    if (more != opening.end()) open.insert(open.end(), more->second.begin(), more->second.end());
    WriteSegment(out, text.substr(at, std::next(border)->first - at), open);
  }
}

void WriteStyle(std::ostream& out, size_t incidents) {
  out << "<style>\n"
         "body{font:16px/1.55 system-ui,sans-serif;margin:1.5rem;color:#212529;background:#fff}\n"
         "h1{font-size:1.3rem;margin:0 0 .3rem}h2{font-size:1.05rem;margin:1.2rem 0 .3rem}\n"
         ".about,.times{color:#495057;font-size:.85rem}.legend span{padding:.1rem "
         ".4rem;margin-right:.35rem;border-radius:3px;"
         "font-size:.85rem;white-space:nowrap}\n"
         ".page{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:2rem}\n"
         "@media(max-width:70rem){.page{grid-template-columns:1fr}}\n"
         ".text{white-space:pre-wrap;overflow-wrap:anywhere}mark{color:inherit;border-radius:2px;padding:0 "
         "1px;cursor:help}\n"
         "table{border-collapse:collapse;width:100%;font-size:.88rem}td{vertical-align:top;padding:.25rem .4rem;"
         "border-bottom:1px solid #e9ecef;overflow-wrap:anywhere}td:first-child{white-space:nowrap}\n"
         "td:last-child{text-align:right;white-space:nowrap}summary{cursor:pointer}li{margin:.1rem 0}ul{margin:.2rem 0;"
         "padding-left:1.1rem}.lost{color:#868e96}.badge{color:#fff;border-radius:3px;padding:0 .4rem}\n";
  for (const auto& [slot, colour] : kColours) out << "." << ClassOf(slot) << "{background:" << colour << "}\n";
  for (size_t i = 0; i < std::size(kIncidentColours); ++i) {
    out << "mark.i" << i << "{border-bottom:3px solid " << kIncidentColours[i] << "}.badge.i" << i
        << "{background:" << kIncidentColours[i] << "}\n";
  }
  // Claims cover whole sentences: kept faint, so that they do not drown the rest.
  out << "mark.s-claim{background:#f8f9fa;border-bottom-width:1px;border-bottom-style:dotted}\n";
  // Choosing one incident fades the spans of the others.
  for (size_t i = 0; i < std::min(incidents, std::size(kIncidentColours)); ++i)
    out << "body:has(#only" << i << ":checked) mark:not(.i" << i << "){background:none;border:0}\n";
  out << "</style>\n";
}

void WriteLegend(std::ostream& out, size_t incidents) {
  out << "<p class=\"legend\">";
  for (const auto& [slot, colour] : kColours) out << "<span class=\"" << ClassOf(slot) << "\">" << slot << "</span>";
  out << "</p>\n<p class=\"legend\">The line below a span tells its incident: ";
  out << "<label><input type=\"radio\" name=\"only\" checked> all</label> ";
  for (size_t i = 0; i < incidents; ++i) {
    out << "<label>";
    if (i < std::size(kIncidentColours)) out << "<input type=\"radio\" name=\"only\" id=\"only" << i << "\"> ";
    out << "<span class=\"badge i" << IncidentClass(i) << "\">incident " << i + 1 << "</span></label>";
  }
  out << " Hover over a span for slot, value and confidence.</p>\n";
}

void WriteList(std::ostream& out, const char* style, const char* label, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  out << "<div class=\"" << style << "\">" << label << "<ul>";
  for (const std::string& line : lines) out << "<li>" << EscapeHtml(line) << "</li>";
  out << "</ul></div>";
}

void WriteReport(std::ostream& out, size_t incident, const ExplainedReport& report) {
  out << "<h2><span class=\"badge i" << IncidentClass(incident) << "\">incident " << incident + 1 << "</span></h2>\n"
      << "<table>\n";
  for (const ExplainedValue& value : report.values) {
    out << "<tr><td><span class=\"" << ClassOf(value.slot) << "\">" << EscapeHtml(value.slot) << "</span></td>"
        << "<td><details><summary>" << EscapeHtml(value.value) << "</summary>";
    std::vector<std::string> sentences;
    for (const v1::Evidence& span : value.evidence) {
      const std::string line = absl::StrCat("“", span.quote(), "” in: ", span.sentence());
      sentences.push_back(span.quote() == span.sentence() ? absl::StrCat("“", span.quote(), "”") : line);
    }
    WriteList(out, "said", "said by", sentences);
    WriteList(out, "made", "made by", value.made_by);
    WriteList(out, "lost", "lost against it", value.lost);
    out << "</details></td><td>" << Percent(value.confidence) << "<br><small>" << EscapeHtml(value.derivation)
        << "</small></td></tr>\n";
  }
  out << "</table>\n";
  if (!report.left_out.empty()) {
    out << "<details class=\"lost\"><summary>seen in its sentences and left out</summary>";
    WriteList(out, "lost", "", report.left_out);
    out << "</details>\n";
  }
}

void WriteAbout(std::ostream& out, const std::string& origin, const pipeline::Extraction& extraction) {
  const v1::Document& document = extraction.document;
  const v1::Extractor stamp = pipeline::Pipeline::ExtractorStamp();
  std::vector<std::string> about = {origin};
  for (const std::string& part : {document.publisher(), document.published(), document.dateline(), document.language()})
    if (!part.empty()) about.push_back(part);
  about.push_back(Word(v1::ExtractionStatus_Name(document.extraction_status()), "EXTRACTION_STATUS_"));
  about.push_back(absl::StrCat(extraction.reports.size(), extraction.reports.size() == 1 ? " incident" : " incidents"));
  about.push_back(absl::StrCat(stamp.name(), " ", stamp.version()));
  out << "<h1>" << EscapeHtml(document.title().empty() ? origin : document.title()) << "</h1>\n<p class=\"about\">"
      << EscapeHtml(absl::StrJoin(about, " · ")) << "</p>\n";
}

}  // namespace

std::string EscapeHtml(const std::string& text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

void WriteExplanationPage(std::ostream& out, const std::string& origin, const pipeline::Extraction& extraction,
                          const pipeline::Trace& trace) {
  std::vector<ExplainedReport> reports;
  for (size_t i = 0; i < extraction.reports.size(); ++i)
    reports.push_back(pipeline::Explain(extraction.reports[i].facts(), i, extraction.document.text(), trace));
  out << "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      << "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
      << "<meta name=\"viewport\" content=\"width=device-width\">\n<title>"
      << EscapeHtml(extraction.document.title().empty() ? origin : extraction.document.title()) << "</title>\n";
  WriteStyle(out, reports.size());
  out << "</head><body>\n";
  WriteAbout(out, origin, extraction);
  WriteLegend(out, reports.size());
  out << "<div class=\"page\"><div class=\"text\">";
  WriteText(out, extraction.document.text(), MarksOf(reports));
  out << "</div>\n<div>\n";
  if (reports.empty()) out << "<p>No incident found.</p>\n";
  for (size_t i = 0; i < reports.size(); ++i) WriteReport(out, i, reports[i]);
  out << "<details class=\"times\"><summary>time per stage</summary><table>\n";
  for (const pipeline::StageTime& stage : trace.stages)
    out << "<tr><td>" << stage.stage << "</td><td>" << std::lround(stage.microseconds) << " µs</td></tr>\n";
  out << "</table></details>\n</div></div>\n</body></html>\n";
}

}  // namespace interdict::cli
