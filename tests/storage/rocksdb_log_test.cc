#include "storage/log/rocksdb_log.h"

#include "tests/storage/log_conformance.h"
#include "tests/storage/log_folder.h"

namespace interdict::log::testing {
namespace {

class RocksdbHarness : public LogHarness {
 public:
  RocksdbHarness(uint32_t intake_partitions, uint32_t incident_partitions)
      : options_{intake_partitions, incident_partitions} {
    Open();
  }

  Log& log() override { return *log_; }
  void Close() override { log_->Close(); }
  bool Reopen() override {
    log_.reset();
    Open();
    return true;
  }

 private:
  void Open() {
    absl::StatusOr<std::unique_ptr<RocksdbLog>> opened = RocksdbLog::Open(folder_.path(), options_);
    ASSERT_THAT(opened, IsOk());
    log_ = *std::move(opened);
  }

  const RocksdbLogOptions options_;
  const LogFolder folder_;
  std::unique_ptr<RocksdbLog> log_;
};

INSTANTIATE_TEST_SUITE_P(RocksdbLog, LogConformance,
                         ::testing::Values(LogFactory{[](uint32_t intake, uint32_t incidents) {
                           return std::make_unique<RocksdbHarness>(intake, incidents);
                         }}));

}  // namespace
}  // namespace interdict::log::testing
