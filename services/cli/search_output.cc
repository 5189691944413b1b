#include "services/cli/search_output.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/cli/show_record.h"

namespace interdict::cli {
namespace {

constexpr size_t kDateColumns = 11;
constexpr size_t kPlacesColumns = 20;
constexpr size_t kGoodsColumns = 16;
constexpr size_t kStatusColumns = 19;
constexpr size_t kPublisherColumns = 24;
constexpr size_t kLanguageColumns = 8;
constexpr size_t kMostBar = 30;
constexpr char kIndent[] = "            ";

struct Cell {
  std::string text;
  size_t width;
};

std::string Line(const std::vector<Cell>& cells) {
  std::vector<std::string> fitted;
  fitted.reserve(cells.size());
  for (const Cell& cell : cells) fitted.push_back(Fit(Printable(cell.text), cell.width));
  std::string line = absl::StrJoin(fitted, " ");
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

size_t TitleColumns(const TableStyle& table, std::initializer_list<size_t> others) {
  size_t taken = 0;
  for (const size_t other : others) taken += other + 1;
  return table.width > taken + 20 ? table.width - taken : 20;
}

std::vector<Cell> IncidentCells(const TableStyle& table, const std::vector<std::string>& texts) {
  const size_t title = TitleColumns(table, {kDateColumns, kPlacesColumns, kGoodsColumns, kStatusColumns});
  return {{texts[0], kDateColumns},
          {texts[1], title},
          {texts[2], kPlacesColumns},
          {texts[3], kGoodsColumns},
          {texts[4], kStatusColumns}};
}

std::vector<Cell> DocumentCells(const TableStyle& table, const std::vector<std::string>& texts) {
  const size_t title = TitleColumns(table, {kDateColumns, kPublisherColumns, kLanguageColumns});
  return {{texts[0], kDateColumns}, {texts[1], title}, {texts[2], kPublisherColumns}, {texts[3], kLanguageColumns}};
}

// The passage with the words that were found put forward. Spans that do not fit the text are left out.
std::string Marked(const Style& style, const v1::Highlight& highlight) {
  const std::string_view text = highlight.text();
  std::string marked;
  size_t at = 0;
  for (const v1::ByteSpan& span : highlight.spans()) {
    if (span.begin_bytes() < at || span.end_bytes() <= span.begin_bytes() || span.end_bytes() > text.size()) continue;
    absl::StrAppend(&marked, Printable(text.substr(at, span.begin_bytes() - at)),
                    style.Match(Printable(text.substr(span.begin_bytes(), span.end_bytes() - span.begin_bytes()))));
    at = span.end_bytes();
  }
  return marked + Printable(text.substr(at));
}

void ShowBelow(std::ostream& out, const TableStyle& table, const std::string& name, const v1::SearchHit& hit) {
  out << kIndent << table.style.Dim(Printable(name)) << "\n";
  for (const v1::Highlight& highlight : hit.highlights()) {
    out << kIndent << table.style.Dim(Printable(highlight.field()) + ":") << " " << Marked(table.style, highlight)
        << "\n";
  }
  if (hit.explanation().empty()) return;
  std::string indented = hit.explanation();
  while (!indented.empty() && indented.back() == '\n') indented.pop_back();
  for (size_t begin = 0; begin <= indented.size();) {
    const size_t end = std::min(indented.find('\n', begin), indented.size());
    out << kIndent << table.style.Dim(Printable(indented.substr(begin, end - begin))) << "\n";
    begin = end + 1;
  }
}

std::string CodeOf(const v1::Place& place) {
  if (!place.country_code().empty()) return place.country_code();
  return place.region_code().empty() ? place.name() : place.region_code();
}

std::string CodesOf(const v1::IncidentFacts& facts, v1::PlaceRole role) {
  std::vector<std::string> codes;
  for (const v1::Place& place : facts.places()) {
    const std::string code = CodeOf(place);
    if (place.role() != role || code.empty()) continue;
    if (std::find(codes.begin(), codes.end(), code) == codes.end()) codes.push_back(code);
  }
  return absl::StrJoin(codes, ",");
}

std::string DimensionName(const v1::FacetDimension& dimension) {
  if (dimension.bucket() == v1::DATE_BUCKET_UNSPECIFIED) return dimension.field();
  return dimension.field() + " by " + Word(v1::DateBucket_Name(dimension.bucket()), "DATE_BUCKET_");
}

uint64_t LargestCount(const google::protobuf::RepeatedPtrField<v1::FacetBucket>& buckets) {
  uint64_t largest = 1;
  for (const v1::FacetBucket& bucket : buckets) largest = std::max(largest, bucket.count());
  return largest;
}

std::string BarOf(uint64_t count, uint64_t largest) {
  std::string bar;
  for (uint64_t i = 0; i < std::max<uint64_t>(1, count * kMostBar / largest); ++i) bar += "▪";
  return bar;
}

// Rows of keys, counts and bars.
void ShowRows(std::ostream& out, const TableStyle& table,
              const google::protobuf::RepeatedPtrField<v1::FacetBucket>& buckets, std::vector<size_t> widths) {
  const uint64_t largest = LargestCount(buckets);
  const size_t digits = std::to_string(largest).size();
  for (const v1::FacetBucket& bucket : buckets) {
    for (int i = 0; i < bucket.keys_size(); ++i) {
      const auto column = static_cast<size_t>(i);
      out << "  " << Fit(Printable(bucket.keys(i)), column < widths.size() ? widths[column] : kGoodsColumns);
    }
    const std::string count = std::to_string(bucket.count());
    out << "  " << std::string(digits - std::min(digits, count.size()), ' ') << count << "  "
        << table.style.Dim(BarOf(bucket.count(), largest)) << "\n";
  }
}

// Wide enough for the keys, but not for one that is endless.
std::vector<size_t> KeyWidths(const google::protobuf::RepeatedPtrField<v1::FacetBucket>& buckets,
                              const std::vector<std::string>& fields) {
  std::vector<size_t> widths;
  for (const std::string& field : fields) widths.push_back(DisplayWidth(field));
  for (const v1::FacetBucket& bucket : buckets) {
    for (size_t i = 0; i < widths.size() && i < static_cast<size_t>(bucket.keys_size()); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(Printable(bucket.keys(static_cast<int>(i)))));
    }
  }
  for (size_t& width : widths) width = std::min<size_t>(width, 40);
  return widths;
}

}  // namespace

std::string RouteOf(const v1::IncidentFacts& facts) {
  std::vector<std::string> legs;
  for (const v1::PlaceRole role : {v1::PLACE_ROLE_ORIGIN, v1::PLACE_ROLE_TRANSIT, v1::PLACE_ROLE_DESTINATION}) {
    std::string codes = CodesOf(facts, role);
    if (role == v1::PLACE_ROLE_DESTINATION && codes.empty() && legs.size() == 1) codes = "?";
    if (role == v1::PLACE_ROLE_ORIGIN && codes.empty() && !CodesOf(facts, v1::PLACE_ROLE_DESTINATION).empty()) {
      codes = "?";
    }
    if (!codes.empty()) legs.push_back(std::move(codes));
  }
  std::string route = absl::StrJoin(legs, " → ");
  const std::string location = CodesOf(facts, v1::PLACE_ROLE_LOCATION);
  if (!location.empty()) absl::StrAppend(&route, route.empty() ? "" : " ", "(", location, ")");
  return route;
}

std::string GoodsOf(const v1::IncidentFacts& facts) {
  std::vector<std::string> goods;
  for (const v1::Goods& each : facts.goods()) {
    const std::string& word = each.category().empty() ? each.description() : each.category();
    if (!word.empty() && std::find(goods.begin(), goods.end(), word) == goods.end()) goods.push_back(word);
  }
  return absl::StrJoin(goods, ", ");
}

std::string ShownOf(int64_t shown, const v1::TotalCount* total) {
  if (total == nullptr) return absl::StrCat(shown);
  return absl::StrCat(shown, " of ", total->exact() ? "" : "at least ", total->count());
}

void ShowHeader(std::ostream& out, const TableStyle& table) {
  out << table.style.Bold(Line(IncidentCells(table, {"DATE", "TITLE", "PLACES", "GOODS", "STATUS"}))) << "\n";
}

void ShowHit(std::ostream& out, const TableStyle& table, const v1::Incident& incident, const v1::SearchHit& hit) {
  const v1::IncidentFacts& facts = incident.facts();
  const std::string date = facts.has_occurred() ? facts.occurred().edtf() : facts.disclosed().edtf();
  const std::string status =
      facts.verification().status() == v1::VERIFICATION_STATUS_UNSPECIFIED
          ? ""
          : Word(v1::VerificationStatus_Name(facts.verification().status()), "VERIFICATION_STATUS_");
  out << Line(IncidentCells(table, {date, facts.title(), RouteOf(facts), GoodsOf(facts), status})) << "\n";
  ShowBelow(out, table, incident.name(), hit);
}

void ShowDocumentHeader(std::ostream& out, const TableStyle& table) {
  out << table.style.Bold(Line(DocumentCells(table, {"DATE", "TITLE", "PUBLISHER", "LANGUAGE"}))) << "\n";
}

void ShowHit(std::ostream& out, const TableStyle& table, const v1::Document& document, const v1::SearchHit& hit) {
  out << Line(DocumentCells(table, {document.published(), document.title(), document.publisher(), document.language()}))
      << "\n";
  ShowBelow(out, table, document.name(), hit);
}

void ShowFacet(std::ostream& out, const TableStyle& table, const v1::FacetResult& facet) {
  out << "\n" << table.style.Bold(Printable(DimensionName(facet.dimension())));
  if (facet.bucket_count() > static_cast<uint64_t>(facet.buckets_size())) {
    out << " (" << facet.buckets_size() << " of " << facet.bucket_count() << ")";
  }
  out << "\n";
  if (facet.buckets().empty()) out << "  none\n";
  ShowRows(out, table, facet.buckets(), KeyWidths(facet.buckets(), {""}));
}

void ShowBuckets(std::ostream& out, const TableStyle& table, const std::vector<std::string>& fields,
                 const v1::AggregateIncidentsResponse& answer) {
  const std::vector<size_t> widths = KeyWidths(answer.buckets(), fields);
  std::string header;
  for (size_t i = 0; i < fields.size(); ++i) absl::StrAppend(&header, "  ", Fit(Printable(fields[i]), widths[i]));
  if (!answer.buckets().empty()) out << table.style.Bold(header) << "\n";
  ShowRows(out, table, answer.buckets(), widths);
  out << answer.buckets_size();
  if (answer.bucket_count() > static_cast<uint64_t>(answer.buckets_size())) out << " of " << answer.bucket_count();
  out << " bucket(s), " << answer.incident_count() << " incident(s)\n";
}

}  // namespace interdict::cli
