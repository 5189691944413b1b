// Content-derived ids: the same bytes have the same name everywhere and for good.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace interdict::ids {

// SHA-256, 32 raw bytes / 64 lower-case hexadecimal digits.
std::string Sha256(std::string_view bytes);
std::string Sha256Hex(std::string_view bytes);

// Document id: SHA-256 of the bytes received, 64 hexadecimal digits.
std::string DocumentId(std::string_view content);

// Report id: first 16 bytes of the SHA-256 of "report\n<document id>\n<extractor name>\n<extractor
// version>\n<ordinal>", 32 hexadecimal digits.
std::string ReportId(std::string_view document_id, std::string_view extractor_name, std::string_view extractor_version,
                     uint32_t ordinal);

// Incident id, from its first report: first 16 bytes of the SHA-256 of "incident\n<report id>", 32 hexadecimal digits.
std::string IncidentId(std::string_view first_report_id);

// Incident id of a part of an incident that a judgement parted, `side` of it: first 16 bytes of the SHA-256 of
// "part\n<incident id>\n<judgement id>\n<side>", 32 hexadecimal digits.
std::string PartId(std::string_view incident_id, std::string_view judgement_id, std::string_view side);

// Judgement id of a submission with a request id: first 16 bytes of the SHA-256 of "judgement\n<request id>", 32
// hexadecimal digits.
std::string JudgementId(std::string_view request_id);

// 32 hexadecimal digits from the operating system's random source.
std::string RandomId();

}  // namespace interdict::ids
