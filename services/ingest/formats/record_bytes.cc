#include "services/ingest/formats/record_bytes.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "absl/status/status.h"

namespace interdict::formats {
namespace {

constexpr size_t kBufferBytes = 64 * 1024;
constexpr int kGzipWindow = 15 + 16;
constexpr std::string_view kMagic("\x1F\x8B\x08", 3);
constexpr std::string_view kRecordMark = "WARC/";
constexpr size_t kProbeBytes = 1024;
// How much may be decompressed twice when a search for the next member starts inside a broken one. Without a bound,
// members nested in each other would cost the square of the file.
constexpr uint64_t kMostRereadBytes = 256 << 20;

// Reads at any place of a seekable stream.
class FileAt {
 public:
  explicit FileAt(std::istream& file) : file_(file) {
    file_.clear();
    file_.seekg(0, std::ios::end);
    const auto end = file_.tellg();
    size_ = end < 0 ? 0 : static_cast<uint64_t>(end);
  }
  uint64_t size() const { return size_; }
  // Fewer bytes than wanted only at the end.
  std::string_view Read(uint64_t at, char* into, size_t count) {
    if (at >= size_) return {};
    file_.clear();
    file_.seekg(static_cast<std::streamoff>(at));
    file_.read(into, static_cast<std::streamsize>(count));
    return {into, static_cast<size_t>(file_.gcount())};
  }

 private:
  std::istream& file_;
  uint64_t size_ = 0;
};

class PlainBytes : public RecordBytes {
 public:
  explicit PlainBytes(std::istream& file) : file_(file) {}

  absl::StatusOr<std::string_view> Peek() override {
    if (unread_.empty()) unread_ = file_.Read(at_, buffer_.data(), buffer_.size());
    return unread_;
  }
  void Consume(size_t count) override {
    unread_.remove_prefix(count);
    at_ += count;
  }
  uint64_t offset() const override { return at_; }
  absl::StatusOr<bool> NextStretch() override { return false; }
  bool FindStretch() override { return false; }
  // Two line ends, as the standard has it, else the next record, or the end of the file.
  bool MayEndAfter(uint64_t count) override {
    if (count > file_.size() - std::min(at_, file_.size())) return false;
    std::array<char, 16> tail;
    std::string_view next = file_.Read(at_ + count, tail.data(), tail.size());
    if (next.starts_with("\r\n\r\n")) return true;
    next.remove_prefix(std::min(next.find_first_not_of("\r\n"), next.size()));
    return next.empty() || next.starts_with(kRecordMark);
  }
  bool ReturnTo(uint64_t offset) override {
    at_ = offset;
    unread_ = {};
    return true;
  }

 private:
  FileAt file_;
  std::array<char, kBufferBytes> buffer_;
  std::string_view unread_;
  uint64_t at_ = 0;
};

class GzipBytes : public RecordBytes {
 public:
  explicit GzipBytes(std::istream& file) : file_(file) {
    usable_ = inflateInit2(&stream_, kGzipWindow) == Z_OK && inflateInit2(&probe_, kGzipWindow) == Z_OK;
    StartMember(0);
  }
  ~GzipBytes() override {
    inflateEnd(&stream_);
    inflateEnd(&probe_);
  }
  GzipBytes(const GzipBytes&) = delete;
  GzipBytes& operator=(const GzipBytes&) = delete;

  absl::StatusOr<std::string_view> Peek() override {
    if (!usable_) return absl::ResourceExhaustedError("no memory to decompress with");
    while (unread_.empty() && !ended_) {
      if (stream_.avail_in == 0) {
        const std::string_view raw = file_.Read(raw_end_, raw_.data(), raw_.size());
        if (raw.empty()) return absl::DataLossError("compressed data end too early");
        stream_.next_in = reinterpret_cast<Bytef*>(raw_.data());
        stream_.avail_in = static_cast<uInt>(raw.size());
        raw_end_ += raw.size();
      }
      stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
      stream_.avail_out = buffer_.size();
      const int result = inflate(&stream_, Z_NO_FLUSH);
      unread_ = {buffer_.data(), buffer_.size() - stream_.avail_out};
      ended_ = result == Z_STREAM_END;
      if (result != Z_OK && !ended_ && result != Z_BUF_ERROR) return absl::DataLossError("compressed data are broken");
    }
    return unread_;
  }
  void Consume(size_t count) override { unread_.remove_prefix(count); }
  uint64_t offset() const override { return member_; }

  absl::StatusOr<bool> NextStretch() override {
    uint64_t at = raw_end_ - stream_.avail_in;
    // Zeros between members are padding, as tapes and some writers leave it.
    std::array<char, kBufferBytes> padding;
    for (std::string_view raw = file_.Read(at, padding.data(), padding.size()); !raw.empty();
         raw = file_.Read(at, padding.data(), padding.size())) {
      const size_t zeros = std::min(raw.find_first_not_of('\0'), raw.size());
      at += zeros;
      if (zeros < raw.size()) break;
    }
    if (at >= file_.size()) return false;
    StartMember(at);
    if (file_.Read(at, padding.data(), kMagic.size()) != kMagic)
      return absl::DataLossError("here should be compressed data, and are not");
    return true;
  }

  bool FindStretch() override {
    const uint64_t stopped = raw_end_ - stream_.avail_in;
    reread_bytes_ += stopped - member_;
    uint64_t at = reread_bytes_ > kMostRereadBytes ? std::max(stopped, member_ + 1) : member_ + 1;
    std::array<char, kBufferBytes> window;
    while (true) {
      const std::string_view raw = file_.Read(at, window.data(), window.size());
      for (size_t hit = raw.find(kMagic); hit != raw.npos; hit = raw.find(kMagic, hit + 1)) {
        if (!OpensRecord(at + hit)) continue;
        StartMember(at + hit);
        return true;
      }
      if (raw.size() < window.size()) return false;
      at += raw.size() - kMagic.size();
    }
  }
  bool MayEndAfter(uint64_t) override { return true; }
  bool ReturnTo(uint64_t) override { return false; }

 private:
  void StartMember(uint64_t at) {
    member_ = at;
    raw_end_ = at;
    ended_ = false;
    unread_ = {};
    stream_.avail_in = 0;
    inflateReset(&stream_);
  }
  // Whether a member that begins with a record opens at `at`.
  bool OpensRecord(uint64_t at) {
    std::array<char, kProbeBytes> packed;
    std::array<char, kRecordMark.size()> head;
    const std::string_view raw = file_.Read(at, packed.data(), packed.size());
    inflateReset(&probe_);
    probe_.next_in = reinterpret_cast<Bytef*>(packed.data());
    probe_.avail_in = static_cast<uInt>(raw.size());
    probe_.next_out = reinterpret_cast<Bytef*>(head.data());
    probe_.avail_out = head.size();
    const int result = inflate(&probe_, Z_SYNC_FLUSH);
    return (result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR) && probe_.avail_out == 0 &&
           std::string_view(head.data(), head.size()) == kRecordMark;
  }

  FileAt file_;
  z_stream stream_ = {};
  z_stream probe_ = {};
  bool usable_ = false;
  std::array<char, kBufferBytes> raw_;
  std::array<char, kBufferBytes> buffer_;
  std::string_view unread_;
  uint64_t member_ = 0;   // where the member begins
  uint64_t raw_end_ = 0;  // up to where the file was read
  uint64_t reread_bytes_ = 0;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<RecordBytes> OpenRecordBytes(std::istream& file) {
  std::array<char, 2> head = {};
  FileAt at(file);
  if (at.Read(0, head.data(), head.size()) == kMagic.substr(0, 2)) return std::make_unique<GzipBytes>(file);
  return std::make_unique<PlainBytes>(file);
}

}  // namespace interdict::formats
