#include "services/ingest/pipeline/pipeline.h"

#include <algorithm>
#include <exception>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "services/ingest/pipeline/assemble/facts.h"
#include "services/ingest/pipeline/attribution/attribution.h"
#include "services/ingest/pipeline/calibrate/calibrate.h"
#include "services/ingest/pipeline/decode/decode.h"
#include "services/ingest/pipeline/language/language.h"
#include "services/ingest/pipeline/learned/candidates.h"
#include "services/ingest/pipeline/learned/record_candidates.h"
#include "services/ingest/pipeline/trace/trace.h"
#include "storage/ids/ids.h"

namespace interdict::pipeline {
namespace {

constexpr size_t kMaxUrlBytes = 2048;
constexpr size_t kMaxPublisherBytes = 256;

absl::Status CheckHints(const v1::DocumentInput& input) {
  if (input.content().empty())
    return absl::InvalidArgumentError("document.content: is empty; send the bytes of the document");
  if (input.url().size() > kMaxUrlBytes) return absl::InvalidArgumentError("document.url: is longer than 2048 bytes");
  if (!input.url().empty() && input.url().rfind("http://", 0) != 0 && input.url().rfind("https://", 0) != 0)
    return absl::InvalidArgumentError("document.url: must begin with http:// or https://");
  if (input.publisher().size() > kMaxPublisherBytes)
    return absl::InvalidArgumentError("document.publisher: is longer than 256 bytes");
  std::string start;
  std::string last;
  const std::string& published = input.published();
  const bool length = published.size() == 4 || published.size() == 7 || published.size() == 10;
  if (!published.empty() && (!length || !EdtfBounds(published, &start, &last)))
    return absl::InvalidArgumentError("document.published: must be YYYY-MM-DD, YYYY-MM or YYYY");
  return absl::OkStatus();
}

v1::Document Describe(const v1::DocumentInput& input, const DecodedText& decoded, const Page& page,
                      const std::string& id) {
  v1::Document d;
  d.set_name(absl::StrCat("documents/", id));
  d.set_text(page.text);
  d.set_text_sha256(ids::Sha256Hex(page.text));
  d.set_title(page.title);
  d.set_publisher(page.publisher);
  d.set_byline(page.byline);
  for (const std::string& step : page.section_trail) d.add_section_trail(step);
  d.set_dateline(page.dateline);
  d.set_published(page.published);
  d.set_content_type(decoded.media_type == MediaType::kHtml ? "text/html" : "text/plain");
  d.set_charset(decoded.charset);
  d.set_content_size_bytes(input.content().size());
  d.set_tlp(input.tlp());
  d.set_state(v1::Document::STATE_ACTIVE);
  return d;
}

// Whether four digits in a row stand in the text: no full date does without.
bool HoldsYear(std::string_view text) {
  int digits = 0;
  for (char c : text) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    if (digits == 4) return true;
  }
  return false;
}

// The first full date near the top of the text, which is as good as a date line; empty for none.
std::string DateNearTop(const Page& page) {
  constexpr size_t kTopBytes = 600;
  Page top;
  for (const Block& block : page.blocks) {
    if (block.begin >= kTopBytes) break;
    top.blocks.push_back(block);
    top.blocks.back().end = std::min(block.end, block.begin + 2 * kTopBytes);
  }
  if (top.blocks.empty()) return "";
  size_t& end = top.blocks.back().end;
  while (end > 0 && end < page.text.size() && (static_cast<unsigned char>(page.text[end]) & 0xC0) == 0x80) --end;
  top.text = page.text.substr(0, end);
  if (!HoldsYear(top.text)) return "";
  for (const DateMention& d : FindDates(top, Tokenize(top), ""))
    if (d.begin <= kTopBytes && !d.relative && d.edtf.size() == 10) return d.edtf;
  return "";
}

// Whether the text reports an incident: the learned decision, for which what the rules hold is one sign among others.
bool Reports(const Reading& reading, const Grouping& grouping, Trace* trace) {
  const Decisions& decisions = reading.knowledge.decisions();
  const bool rules_hold = !grouping.drafts.empty();
  const bool wanted = trace != nullptr && trace->wants_candidates;
  if (!wanted && !decisions.Knows("report")) return rules_hold;
  const Features features = DescribeText(reading, rules_hold);
  if (wanted) {
    trace->candidates.push_back({-1, "report", "", {}, "", features.all()});
    return true;
  }
  if (!rules_hold && !MayOverrule(features)) return false;
  return decisions.Probability("report", features) >= decisions.Threshold("report");
}

}  // namespace

v1::Extractor Pipeline::ExtractorStamp() {
  v1::Extractor stamp;
  stamp.set_name("interdict");
  stamp.set_version("0.5.0");
  return stamp;
}

Pipeline::Pipeline(std::unique_ptr<Knowledge> knowledge, std::unique_ptr<Calibration> calibration)
    : knowledge_(std::move(knowledge)), calibration_(std::move(calibration)) {}
Pipeline::~Pipeline() = default;

absl::StatusOr<std::unique_ptr<Pipeline>> Pipeline::Load(const std::string& knowledge_dir) {
  auto knowledge = Knowledge::Load(knowledge_dir);
  if (!knowledge.ok()) return knowledge.status();
  auto calibration = Calibration::Load(knowledge_dir);
  if (!calibration.ok()) return calibration.status();
  return std::unique_ptr<Pipeline>(
      new Pipeline(*std::move(knowledge), std::make_unique<Calibration>(*std::move(calibration))));
}

absl::StatusOr<Extraction> Pipeline::Extract(const v1::DocumentInput& input, Trace* trace) const {
  // Documents are hostile input, and libraries throw: one bad document must not end the process.
  try {
    return Read(input, trace);
  } catch (const std::exception& failure) {
    return absl::InternalError(absl::StrCat("document.content: extraction failed on this document (", failure.what(),
                                            "); nothing was stored; please report it with the document"));
  }
}

absl::StatusOr<Extraction> Pipeline::Read(const v1::DocumentInput& input, Trace* trace) const {
  if (absl::Status status = CheckHints(input); !status.ok()) return status;
  StageClock clock(trace);
  auto decoded = Decode(input.content(), input.content_type());
  if (!decoded.ok()) return decoded.status();
  clock.Ended("decode");
  auto page = ReadPage(*decoded, {input.url(), input.publisher(), input.published()});
  if (!page.ok()) return page.status();
  clock.Ended("page");

  Extraction out;
  const std::string id = ids::DocumentId(input.content());
  out.document = Describe(input, *decoded, *page, id);
  out.document.set_language(DetectLanguage(page->text));
  clock.Ended("language");
  if (!IsLanguageRead(out.document.language())) {
    out.document.set_extraction_status(v1::EXTRACTION_STATUS_LANGUAGE_NOT_READ);
    return out;
  }
  if (page->published.empty()) {
    page->published = DateNearTop(*page);
    out.document.set_published(page->published);
  }
  const bool may_report = knowledge_->relevance().MayReport(page->text);
  clock.Ended("relevance");
  if (!may_report) {
    out.document.set_extraction_status(v1::EXTRACTION_STATUS_NO_INCIDENT);
    return out;
  }
  Reading r{*knowledge_,
            out.document.name(),
            out.document.text_sha256(),
            page->published,
            *std::move(page),
            {},
            {},
            {},
            {},
            {},
            {},
            {}};
  r.text = Tokenize(r.page);
  clock.Ended("tokens");
  r.mentions = FindMentions(*knowledge_, r.page, r.text);
  clock.Ended("mentions");
  r.coreference = Resolve(r.text, r.mentions);
  clock.Ended("coreference");
  r.frames = FindFrames(r.page, r.text, r.mentions, r.coreference);
  clock.Ended("frames");
  r.dates = FindDates(r.page, r.text, r.published);
  r.quantities = FindQuantities(r.page, r.text);
  clock.Ended("normalise");
  std::vector<OpeningCandidate> openings;
  const bool wants_candidates = trace != nullptr && trace->wants_candidates;
  Grouping grouping = GroupIncidents(TextFacts(r.page, r.text, r.mentions, r.coreference, r.frames, r.dates),
                                     r.published, knowledge_->decisions(), wants_candidates ? &openings : nullptr);
  for (const OpeningCandidate& c : openings)
    trace->candidates.push_back({-1, "another", absl::StrCat(c.sentence), {}, "", c.features.all()});
  const bool reports = Reports(r, grouping, trace);
  r.drafts = std::move(grouping.drafts);
  if (!reports) r.drafts.clear();
  if (reports && r.drafts.empty()) r.drafts.push_back(std::move(grouping.fallback));
  clock.Ended("grouping");
  for (const std::string& outlet : AttributionChain(r)) out.document.add_attribution_chain(outlet);
  for (const IncidentDraft& draft : r.drafts) {
    v1::Report report;
    const v1::Extractor stamp = ExtractorStamp();
    report.set_ordinal(static_cast<uint32_t>(out.reports.size()));
    report.set_name(absl::StrCat(out.document.name(), "/reports/",
                                 ids::ReportId(id, stamp.name(), stamp.version(), report.ordinal())));
    *report.mutable_extractor() = stamp;
    *report.mutable_facts() = BuildFacts(r, draft);
    if (wants_candidates) RecordCandidates(r, draft, report, trace);
    calibration_->Apply(report.mutable_facts());
    out.reports.push_back(std::move(report));
  }
  clock.Ended("assemble");
  if (trace != nullptr) RecordFindings(r, trace);
  out.document.set_extraction_status(out.reports.empty() ? v1::EXTRACTION_STATUS_NO_INCIDENT
                                                         : v1::EXTRACTION_STATUS_REPORTED);
  return out;
}

}  // namespace interdict::pipeline
