#include "services/query/search_stream.h"

#include <utility>

#include "services/server/status.h"

namespace interdict::query {

SearchStream::SearchStream(Parts parts, SearchRound round, std::string arguments)
    : parts_(std::move(parts)), arguments_(std::move(arguments)), round_(std::move(round)) {
  ReadStep();
}

void SearchStream::ReadStep() {
  RunSearch(*parts_.shards, parts_.map, parts_.call, round_, [this](absl::StatusOr<SearchGathered> gathered) {
    if (!gathered.ok()) return End(gathered.status());
    step_ = MakeStep(*std::move(gathered), round_, arguments_);
    written_ = 0;
    if (step_.messages.empty() && step_.more) {
      return End(absl::InternalError("a shard says that more follows, but does not give it"));
    }
    round_.cursors = step_.cursors;
    round_.request.clear_read_after();  // it was reached
    WriteNext();
  });
}

void SearchStream::WriteNext() {
  if (written_ < step_.messages.size()) return StartWrite(&step_.messages[written_++]);
  if (!step_.more) return End(absl::OkStatus());
  ReadStep();
}

void SearchStream::OnWriteDone(bool ok) {
  if (ok) return WriteNext();
  End(server::Error(absl::StatusCode::kCancelled, "CALL_CANCELLED", "the client is gone"));
}

void SearchStream::End(const absl::Status& status) {
  // The stream may be deleted as soon as it is finished.
  const auto finished = parts_.finished;
  Finish(server::ToGrpc(status));
  finished(status);
}

}  // namespace interdict::query
