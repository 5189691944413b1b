#include "services/index/admin/dump.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "interdict/internal/v1/stored.pb.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;
using internal::v1::DumpRecordsResponse;

constexpr size_t kPieceRecords = 256;

std::string Text(const google::protobuf::Message& message) {
  google::protobuf::TextFormat::Printer printer;
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  printer.PrintToString(message, &text);
  return text;
}

template <typename Message>
std::string ParsedText(std::string_view bytes) {
  Message message;
  if (!message.ParseFromString(std::string(bytes))) return "not readable: " + absl::CHexEscape(std::string(bytes));
  return Text(message);
}

std::string Hex(std::string_view bytes) { return records::HexFromId(bytes); }
std::string Escaped(std::string_view bytes) { return absl::CHexEscape(std::string(bytes)); }
uint64_t Number(std::string_view bytes) {
  uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

// Ids in hexadecimal, numbers in decimal, the rest as it is.
std::string ReadableKey(std::string_view of, std::string_view key) {
  const auto split = [&](size_t first) { return absl::StrCat(Hex(key.substr(0, first)), "/", Hex(key.substr(first))); };
  if (of == family::kDocuments || of == family::kIncidents) return Hex(key);
  if (of == family::kReports && key.size() > 16) return split(16);
  if (of == family::kDocumentReports && key.size() > 32) return split(32);
  if (of == family::kSightings && key.size() >= 32) {
    return absl::StrCat(Hex(key.substr(0, 32)), "/", Escaped(key.substr(32)));
  }
  if (of == family::kUrls && key.size() > 13) {
    const size_t url = key.size() - 13;
    return absl::StrCat(Escaped(key.substr(0, url)), " intake/", Number(key.substr(url + 1, 4)), "=",
                        Number(key.substr(url + 5)));
  }
  const bool mention = of == family::kMentions || of == family::kIncidentMentions || of == family::kReportMentions;
  if (of == family::kEntities || (mention && key.size() != 52)) return Hex(key);
  if (mention) {
    return absl::StrCat(Hex(key.substr(0, 16)), "/", Hex(key.substr(16, 16)), "/", Hex(key.substr(32, 16)), "/",
                        Number(key.substr(48)));
  }
  if (of == family::kNameOwners) return absl::StrCat(Number(key));
  if (of == family::kRequests && key.size() > 33) {
    return absl::StrCat(Escaped(key.substr(0, key.size() - 33)), "/", Hex(key.substr(key.size() - 32)));
  }
  if (of == family::kListEntries && key.size() > 9) {
    return absl::StrCat(Escaped(key.substr(0, key.size() - 9)), "#", records::NumberFromKey(key));
  }
  if (of == family::kIncidentNumbers || of == family::kDocumentNumbers)
    return absl::StrCat(records::NumberFromKey(key));
  if (of == family::kSkipped && key.size() > 9) {
    return absl::StrCat(std::string(key.substr(0, key.size() - 9)), "=", Number(key.substr(key.size() - 8)));
  }
  return Escaped(key);
}

std::string ReadableValue(std::string_view of, std::string_view key, std::string_view value) {
  if (of == family::kDocuments) return ParsedText<internal::v1::StoredDocument>(value);
  if (of == family::kSightings) return ParsedText<internal::v1::StoredSighting>(value);
  if (of == family::kRequests) return ParsedText<internal::v1::StoredRequest>(value);
  if (of == family::kIncidents) return ParsedText<internal::v1::StoredIncident>(value);
  if (of == family::kReports) return ParsedText<internal::v1::StoredReport>(value);
  if (of == family::kLists) return ParsedText<internal::v1::StoredList>(value);
  if (of == family::kEntities) return ParsedText<internal::v1::StoredEntity>(value);
  if (of == family::kMentions) return ParsedText<internal::v1::StoredMention>(value);
  if (of == family::kListEntries) return ParsedText<internal::v1::StoredListEntry>(value);
  if (of == family::kSkipped) return ParsedText<internal::v1::SkippedEntry>(value);
  if (of == family::kMeta) {
    const bool text = key == "log_id" || key == "schema_version";
    return text ? Escaped(value) : absl::StrCat(Number(value));
  }
  return Hex(value);
}

// One family, piece by piece. False if the sink wants no more.
absl::StatusOr<bool> DumpFamily(std::string_view name, const TakeSnapshot& snapshot, const DumpSink& sink) {
  std::string from;
  while (true) {
    std::vector<DumpRecordsResponse> piece;
    {
      const auto reader = snapshot();
      const std::unique_ptr<records::Cursor> cursor = reader->Scan(name, "");
      for (cursor->Seek(from); cursor->Valid() && piece.size() < kPieceRecords; cursor->Next()) {
        DumpRecordsResponse& record = piece.emplace_back();
        record.set_content(std::string(name));
        record.set_key(ReadableKey(name, cursor->key()));
        record.set_value(ReadableValue(name, cursor->key(), cursor->value()));
        from.assign(cursor->key()).push_back('\0');  // the next possible key
      }
      if (!cursor->status().ok()) return cursor->status();
    }
    for (const DumpRecordsResponse& record : piece) {
      if (!sink(record)) return false;
    }
    if (piece.size() < kPieceRecords) return true;
  }
}

std::string EntryText(log::PartitionId partition, const log::Entry& entry) {
  std::string text = absl::StrCat("header {\n", ParsedText<internal::v1::EntryHeader>(entry.header), "}\n");
  if (entry.erased) return absl::StrCat(text, "erased: true\n");
  const bool intake = partition.log == log::LogName::kIntake;
  absl::StrAppend(
      &text, intake ? "intake {\n" : "decision {\n",
      intake ? ParsedText<internal::v1::IntakeEntry>(entry.payload) : ParsedText<internal::v1::Decision>(entry.payload),
      "}\n");
  return text;
}

absl::Status DumpLog(log::LogReader* log, const DumpSink& sink) {
  auto identity = log->Identity();
  if (!identity.ok()) return identity.status();
  for (const log::PartitionId& partition : identity->Partitions()) {
    uint64_t after = 0;
    while (true) {
      auto entries = log->Read(partition, after, log::ReadLimits());
      if (!entries.ok()) return entries.status();
      if (entries->empty()) break;
      for (const log::Entry& entry : *entries) {
        DumpRecordsResponse record;
        record.set_content(log::ToString(partition));
        record.set_key(absl::StrCat(entry.sequence));
        record.set_value(EntryText(partition, entry));
        if (!sink(record)) return absl::OkStatus();
        after = entry.sequence;
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status DumpRecords(const std::string& content, const TakeSnapshot& snapshot, log::LogReader* log,
                         const DumpSink& sink) {
  if (content == "log") return DumpLog(log, sink);
  bool known = content.empty();
  for (const std::string_view name : records::kAllFamilies) {
    if (!content.empty() && content != name) continue;
    known = true;
    auto more = DumpFamily(name, snapshot, sink);
    if (!more.ok()) return more.status();
    if (!*more) break;
  }
  if (known) return absl::OkStatus();
  std::string names = "log";
  for (const std::string_view name : records::kAllFamilies) absl::StrAppend(&names, ", ", std::string(name));
  return absl::InvalidArgumentError(absl::StrCat("no content `", content, "`; there are: ", names));
}

}  // namespace interdict::index
