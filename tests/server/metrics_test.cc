#include "services/server/metrics.h"

#include "services/server/status.h"
#include "tests/server/raw_http.h"
#include "tests/status_matchers.h"

namespace interdict::server {
namespace {

using ::interdict::testing::IsOk;
using ::interdict::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kMethod[] = "/interdict.v1.QueryService/GetIncident";

TEST(MetricsTest, CountsCallsByMethodAndCode) {
  Metrics metrics;
  metrics.RpcStarted(kMethod);
  metrics.RpcStarted(kMethod);
  metrics.RpcStarted(kMethod);
  metrics.RpcFinished(kMethod, grpc::OK, absl::Milliseconds(3));
  metrics.RpcFinished(kMethod, grpc::NOT_FOUND, absl::Milliseconds(30));
  const std::string text = metrics.Text();
  const std::string method = std::string("method=\"") + kMethod + "\"";
  EXPECT_THAT(text, HasSubstr("interdict_rpc_handled_total{code=\"OK\"," + method + "} 1\n"));
  EXPECT_THAT(text, HasSubstr("interdict_rpc_handled_total{code=\"NOT_FOUND\"," + method + "} 1\n"));
  EXPECT_THAT(text, HasSubstr("interdict_rpc_in_flight{" + method + "} 1\n"));
  EXPECT_THAT(text, HasSubstr("interdict_rpc_duration_seconds_count{" + method + "} 2\n"));
  EXPECT_THAT(text, HasSubstr("interdict_rpc_duration_seconds_bucket{" + method + ",le=\"0.005\"} 1\n"));
}

TEST(MetricsTest, GaugesAreReadAtEachScrapeUntilTheyAreDestroyed) {
  Metrics metrics;
  double lag = 7;
  auto intake = metrics.AddGauge("interdict_fold_lag", "Entries behind", {{"log", "intake"}}, [&] { return lag; });
  auto other = metrics.AddGauge("interdict_fold_lag", "Entries behind", {{"log", "incidents"}}, [] { return 1.0; });
  EXPECT_THAT(metrics.Text(), HasSubstr("interdict_fold_lag{log=\"intake\"} 7\n"));
  lag = 8;
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("interdict_fold_lag{log=\"intake\"} 8\n"));
  EXPECT_THAT(text, HasSubstr("interdict_fold_lag{log=\"incidents\"} 1\n"));
  EXPECT_EQ(text.find("# TYPE interdict_fold_lag gauge"), text.rfind("# TYPE interdict_fold_lag gauge"));
  intake.reset();
  EXPECT_THAT(metrics.Text(), Not(HasSubstr("log=\"intake\"")));
}

TEST(MetricsTest, AGaugeMayOutliveTheMetrics) {
  auto metrics = std::make_unique<Metrics>();
  auto gauge = metrics->AddGauge("interdict_x", "x", {}, [] { return 1.0; });
  metrics.reset();
  gauge.reset();
}

TEST(MetricsTest, ServesTheTextOverHttp) {
  Metrics metrics;
  auto gauge = metrics.AddGauge("interdict_queue_length", "Work that waits", {}, [] { return 3.0; });
  ASSERT_THAT(metrics.Serve("127.0.0.1:0"), IsOk());
  ASSERT_GT(metrics.port(), 0);
  const std::string answer = interdict::testing::HttpGet(metrics.port(), "/metrics");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answer, HasSubstr("interdict_queue_length 3\n"));
}

TEST(MetricsTest, APortInUseIsAnErrorThatNamesIt) {
  Metrics first;
  ASSERT_THAT(first.Serve("127.0.0.1:0"), IsOk());
  const std::string address = "127.0.0.1:" + std::to_string(first.port());
  Metrics second;
  const absl::Status status = second.Serve(address);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr(address)));
  EXPECT_EQ(ReasonOf(status), "ADDRESS_NOT_AVAILABLE");
  EXPECT_EQ(second.port(), 0);
}

}  // namespace
}  // namespace interdict::server
