#include "storage/log/memory_log.h"

#include "tests/storage/log_conformance.h"

namespace interdict::log::testing {
namespace {

class MemoryHarness : public LogHarness {
 public:
  MemoryHarness(uint32_t intake_partitions, uint32_t incident_partitions)
      : log_(intake_partitions, incident_partitions) {}
  Log& log() override { return log_; }
  void Close() override { log_.Close(); }

 private:
  MemoryLog log_;
};

INSTANTIATE_TEST_SUITE_P(MemoryLog, LogConformance,
                         ::testing::Values(LogFactory{"MemoryLog", [](uint32_t intake, uint32_t incidents) {
                                                        return std::make_unique<MemoryHarness>(intake, incidents);
                                                      }}));

TEST(MemoryLog, RefusesAppendsOnceClosed) {
  MemoryLog log;
  log.Close();
  EXPECT_THAT(log.Append({LogName::kIntake, 0}, {EntryChain().Next("a")}, std::nullopt),
              StatusIs(absl::StatusCode::kCancelled));
}

}  // namespace
}  // namespace interdict::log::testing
