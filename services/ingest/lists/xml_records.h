// Reads XML of any size as a sequence of records: small trees, one at a time. Made for files from outside: no entity is
// ever declared or expanded, depth and size of a record are bounded.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace interdict::ingest {

// An element with everything in it. Names are without namespace prefix; text without surrounding blanks.
struct XmlNode {
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::string text;
  std::vector<XmlNode> children;

  // The first child of a name; null if there is none.
  const XmlNode* Child(std::string_view child) const;
  // Text of the descendant that `path` (`a/b`) leads to by first children; empty if there is none.
  const std::string& Text(std::string_view path) const;
  // Value of an attribute; empty if it is not there.
  const std::string& Attribute(std::string_view attribute) const;
  // Calls `visit` for every element that `path` leads to, by all children at each step.
  void ForEach(std::string_view path, const std::function<void(const XmlNode&)>& visit) const;
};

struct XmlRecordOptions {
  // What the root element may be called.
  std::vector<std::string> roots;
  // Elements that are records, wherever they stand outside of another record.
  std::vector<std::string> records;
  // Gets each record when it ends.
  std::function<void(const XmlNode&)> on_record;
  // Gets the root's start (attributes, no text yet), and each other element outside of records when it ends, without
  // children.
  std::function<void(const XmlNode&)> on_other;
};

// Not thread-safe.
class XmlRecordReader {
 public:
  explicit XmlRecordReader(XmlRecordOptions options);
  ~XmlRecordReader();

  // INVALID_ARGUMENT (LIST_MALFORMED) with the place: no XML, another root, an entity declaration, a record beyond the
  // bounds; from Finish also a file that ends too early.
  absl::Status Feed(std::string_view bytes);
  absl::Status Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace interdict::ingest
