// What the parsers of XML lists share: a record reader, the entries so far, one entry an id.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "services/ingest/lists/list_parser.h"
#include "services/ingest/lists/xml_records.h"

namespace interdict::ingest {

// Not thread-safe. Subclasses give the element names and read a record.
class XmlListParser : public ListParser {
 public:
  XmlListParser(std::vector<std::string> roots, std::vector<std::string> records)
      : reader_({.roots = std::move(roots),
                 .records = std::move(records),
                 .on_record = [this](const XmlNode& node) { OnRecord(node); },
                 .on_other = [this](const XmlNode& node) { OnOther(node); }}) {}

  absl::Status Feed(std::string_view bytes) override { return reader_.Feed(bytes); }
  absl::StatusOr<ParsedList> Finish() override {
    absl::Status status = reader_.Finish();
    if (!status.ok()) return status;
    OnEnd();
    return std::move(list_);
  }

 protected:
  virtual void OnRecord(const XmlNode& record) = 0;
  // The root's start, and other elements outside of records.
  virtual void OnOther(const XmlNode& element) = 0;
  // After the last record.
  virtual void OnEnd() {}

  void Add(std::optional<v1::ListEntry> entry) {
    if (!entry.has_value() || !ids_.insert(entry->entry_id()).second) {
      ++list_.left_out;
      return;
    }
    list_.entries.push_back(*std::move(entry));
  }
  void set_version_date(const std::string& day) {
    if (list_.version_date.empty()) list_.version_date = day;
  }
  void LeaveOut() { ++list_.left_out; }

 private:
  XmlRecordReader reader_;
  ParsedList list_;
  std::set<std::string> ids_;
};

}  // namespace interdict::ingest
