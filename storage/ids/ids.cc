#include "storage/ids/ids.h"

#include <openssl/rand.h>
#include <openssl/sha.h>

#include <array>
#include <cstdlib>

#include "absl/strings/escaping.h"

namespace interdict::ids {

std::string Sha256(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return std::string(reinterpret_cast<const char*>(digest.data()), digest.size());
}

std::string Sha256Hex(std::string_view bytes) { return absl::BytesToHexString(Sha256(bytes)); }

std::string DocumentId(std::string_view content) { return Sha256Hex(content); }

std::string ReportId(std::string_view document_id, std::string_view extractor_name, std::string_view extractor_version,
                     uint32_t ordinal) {
  std::string name = "report";
  for (std::string_view part : {document_id, extractor_name, extractor_version}) name.append("\n").append(part);
  return Sha256Hex(name + "\n" + std::to_string(ordinal)).substr(0, 32);
}

std::string IncidentId(std::string_view first_report_id) {
  return Sha256Hex("incident\n" + std::string(first_report_id)).substr(0, 32);
}

std::string PartId(std::string_view incident_id, std::string_view judgement_id, std::string_view side) {
  std::string name = "part";
  for (std::string_view part : {incident_id, judgement_id, side}) name.append("\n").append(part);
  return Sha256Hex(name).substr(0, 32);
}

std::string JudgementId(std::string_view request_id) {
  return Sha256Hex("judgement\n" + std::string(request_id)).substr(0, 32);
}

std::string RandomId() {
  std::array<unsigned char, 16> bytes;
  // Without randomness two producers could share an id and corrupt each other's chains: better no process at all.
  if (RAND_bytes(bytes.data(), bytes.size()) != 1) std::abort();
  return absl::BytesToHexString(std::string(bytes.begin(), bytes.end()));
}

}  // namespace interdict::ids
