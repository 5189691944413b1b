#include "services/cli/submission_stream.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "services/server/status.h"

namespace interdict::cli {
namespace {

constexpr absl::Duration kFirstDelay = absl::Milliseconds(200);
constexpr absl::Duration kLongestDelay = absl::Seconds(5);

bool MayComeBack(const absl::Status& status) {
  return status.code() == absl::StatusCode::kUnavailable || status.code() == absl::StatusCode::kResourceExhausted;
}

bool MayComeBack(const v1::SubmissionError& error) {
  return error.retry_after_ms() > 0 || error.code() == grpc::UNAVAILABLE || error.code() == grpc::DEADLINE_EXCEEDED;
}

}  // namespace

struct SubmissionStream::State {
  v1::IngestService::Stub* stub = nullptr;
  SubmissionStreamOptions options;

  std::mutex mutex;
  std::condition_variable changed;
  // All guarded by mutex.
  std::deque<Submission> again;              // to be sent again, first of all
  std::map<uint64_t, Submission> in_flight;  // by ordinal of the stream
  bool stream_broken = false;
  absl::Time not_before = absl::InfinitePast();  // the server asked to wait until then
  absl::Time last_progress = absl::Now();

  using Stream = grpc::ClientReaderWriter<v1::SubmitDocumentsRequest, v1::SubmitDocumentsResponse>;

  void Read(Stream& stream, const OnAnswer& on_answer) {
    v1::SubmitDocumentsResponse answer;
    while (stream.Read(&answer)) {
      std::unique_lock lock(mutex);
      auto found = in_flight.find(answer.ordinal());
      if (found == in_flight.end()) continue;
      Submission submission = std::move(found->second);
      in_flight.erase(found);
      if (answer.has_error() && MayComeBack(answer.error()) && absl::Now() - last_progress < options.give_up_after) {
        const int64_t wait_ms = std::max<int64_t>(answer.error().retry_after_ms(), 100);
        not_before = std::max(not_before, absl::Now() + absl::Milliseconds(wait_ms));
        again.push_back(std::move(submission));
      } else {
        if (!answer.has_error()) last_progress = absl::Now();
        lock.unlock();
        on_answer(submission, answer);
      }
      changed.notify_all();
    }
    std::lock_guard lock(mutex);
    stream_broken = true;
    changed.notify_all();
  }

  // Waits for room and takes the next submission to send; nullopt when nothing is left to send and nothing is under
  // way, or when the stream broke.
  std::optional<Submission> Take(const std::function<std::optional<Submission>()>& next, bool& exhausted) {
    std::unique_lock lock(mutex);
    while (true) {
      if (stream_broken) return std::nullopt;
      const bool may_send = absl::Now() >= not_before && in_flight.size() < options.window;
      if (may_send && !again.empty()) {
        Submission submission = std::move(again.front());
        again.pop_front();
        return submission;
      }
      if (may_send && !exhausted) {
        lock.unlock();
        std::optional<Submission> submission = next();
        lock.lock();
        if (submission.has_value()) {
          // A caller that was slow to give it is not a server without progress.
          if (in_flight.empty()) last_progress = absl::Now();
          return submission;
        }
        exhausted = true;
        continue;
      }
      if (exhausted && again.empty() && in_flight.empty()) return std::nullopt;
      changed.wait_for(lock, std::chrono::milliseconds(100));
    }
  }

  // One stream, until it breaks or all is done.
  absl::Status RunOnce(const std::function<std::optional<Submission>()>& next, const OnAnswer& on_answer,
                       bool& exhausted) {
    grpc::ClientContext context;
    stream_broken = false;
    const std::unique_ptr<Stream> stream = stub->SubmitDocuments(&context);
    std::thread reader([&] { Read(*stream, on_answer); });
    uint64_t ordinal = 0;
    while (std::optional<Submission> submission = Take(next, exhausted)) {
      v1::SubmitDocumentsRequest request;
      *request.mutable_submission() = submission->request;
      {
        std::lock_guard lock(mutex);
        in_flight.emplace(ordinal++, std::move(*submission));
      }
      if (!stream->Write(request)) break;
    }
    stream->WritesDone();
    reader.join();
    const absl::Status status = server::FromGrpc(stream->Finish());
    for (auto& [number, submission] : in_flight) again.push_back(std::move(submission));
    in_flight.clear();
    return status;
  }
};

SubmissionStream::SubmissionStream(v1::IngestService::Stub* stub, const SubmissionStreamOptions& options)
    : state_(std::make_unique<State>()) {
  state_->stub = stub;
  state_->options = options;
}

SubmissionStream::~SubmissionStream() = default;

absl::Status SubmissionStream::Run(const std::function<std::optional<Submission>()>& next, const OnAnswer& on_answer) {
  bool exhausted = false;
  absl::Duration delay = kFirstDelay;
  state_->last_progress = absl::Now();
  while (true) {
    const absl::Time progress_before = state_->last_progress;
    const absl::Status status = state_->RunOnce(next, on_answer, exhausted);
    if (exhausted && state_->again.empty()) return absl::OkStatus();
    const bool give_up = absl::Now() - state_->last_progress >= state_->options.give_up_after;
    if ((!status.ok() && !MayComeBack(status)) || give_up) {
      const absl::Status cause = status.ok() ? absl::UnavailableError("the server ended the stream early") : status;
      return absl::Status(cause.code(), std::to_string(state_->again.size()) + (exhausted ? "" : " or more") +
                                            " document(s) were not answered: " + std::string(cause.message()));
    }
    delay = state_->last_progress > progress_before ? kFirstDelay : std::min(delay * 2, kLongestDelay);
    absl::SleepFor(std::max(delay, server::RetryAfterOf(status)));
  }
}

}  // namespace interdict::cli
