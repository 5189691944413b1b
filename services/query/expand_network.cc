#include "services/query/expand_network.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "services/query/merge.h"
#include "services/server/status.h"

namespace interdict::query {
namespace {

namespace wire = internal::v1;

constexpr std::string_view kEntities = "entities/";
constexpr size_t kMaxPaths = 10;
constexpr size_t kIdsACall = 1000;
// Of the time of the call, for the steps.
constexpr double kShareOfTime = 0.5;

void AskNeighbours(IndexStub* stub, grpc::ClientContext* context, const wire::ReadNeighboursRequest* request,
                   wire::ReadNeighboursResponse* response, std::function<void(grpc::Status)> done) {
  stub->async()->ReadNeighbours(context, request, response, std::move(done));
}

void AskEntities(IndexStub* stub, grpc::ClientContext* context, const wire::ReadEntitiesRequest* request,
                 wire::ReadEntitiesResponse* response, std::function<void(grpc::Status)> done) {
  stub->async()->ReadEntities(context, request, response, std::move(done));
}

std::string IdOf(const std::string& name) { return name.substr(kEntities.size()); }

// The state of one walk. Kept alive by the callbacks of the questions under way; one is under way at a time.
class Walk : public std::enable_shared_from_this<Walk> {
 public:
  Walk(const Shards& shards, const ShardCall& call, const v1::ExpandNetworkRequest& request,
       std::function<void(absl::StatusOr<v1::ExpandNetworkResponse>)> done)
      : shards_(shards), call_(call), request_(request), done_(std::move(done)) {
    distances_[request.name()] = 0;
    frontier_.push_back(request.name());
    read_after_ = request.read_after();
    const absl::Time now = absl::Now();
    const absl::Time deadline = absl::FromChrono(call.context->deadline());
    last_start_ = now + std::min(deadline - now, call.default_wait) * kShareOfTime;
  }

  void Step() {
    const bool found = !request_.to().empty() && distances_.count(request_.to()) > 0;
    if (frontier_.empty() || step_ >= request_.depth() || found) return Describe();
    if (step_ > 0 && absl::Now() > last_start_) {
      response_.set_truncated(true);
      return Describe();
    }
    wire::ReadNeighboursRequest question;
    for (const std::string& name : frontier_) question.add_entity_ids(IdOf(name));
    question.set_max_incidents(static_cast<uint32_t>(request_.max_incidents_per_entity()));
    question.set_include_observers(request_.include_observers());
    question.set_read_after(read_after_);
    read_after_.clear();
    AskShards<wire::ReadNeighboursRequest, wire::ReadNeighboursResponse>(
        shards_, call_, std::vector(shards_.size(), question), AskNeighbours,
        [walk = shared_from_this()](ShardAnswers<wire::ReadNeighboursResponse> answers) {
          walk->Reached(std::move(answers));
        });
  }

 private:
  void Reached(ShardAnswers<wire::ReadNeighboursResponse> answers) {
    if (auto status = FirstError(answers); !status.ok()) return done_(status);
    ++step_;
    std::vector<v1::NetworkEdge> edges;
    for (auto& answer : answers) {
      response_.set_truncated(response_.truncated() || answer.response.more());
      for (v1::NetworkEdge& edge : *answer.response.mutable_edges()) edges.push_back(std::move(edge));
    }
    std::sort(edges.begin(), edges.end(), [](const v1::NetworkEdge& a, const v1::NetworkEdge& b) {
      return std::tie(a.entity(), a.incident()) < std::tie(b.entity(), b.incident());
    });
    frontier_.clear();
    for (v1::NetworkEdge& edge : edges) {
      if (distances_.count(edge.entity()) == 0) {
        if (distances_.size() >= static_cast<size_t>(request_.max_entities())) {
          response_.set_truncated(true);
          continue;
        }
        distances_[edge.entity()] = step_;
        frontier_.push_back(edge.entity());
      }
      edges_.emplace(std::make_pair(edge.entity(), edge.incident()), std::move(edge));
    }
    Step();
  }

  // Reads the entities that were reached.
  void Describe() {
    wire::ReadEntitiesRequest question;
    for (const auto& [name, distance] : distances_) {
      if (question.entity_ids_size() < static_cast<int>(kIdsACall)) question.add_entity_ids(IdOf(name));
    }
    question.set_read_after(read_after_);
    AskShards<wire::ReadEntitiesRequest, wire::ReadEntitiesResponse>(
        shards_, call_, std::vector(shards_.size(), question), AskEntities,
        [walk = shared_from_this()](ShardAnswers<wire::ReadEntitiesResponse> answers) {
          walk->Finish(std::move(answers));
        });
  }

  void Finish(ShardAnswers<wire::ReadEntitiesResponse> answers) {
    if (auto status = FirstError(answers); !status.ok()) return done_(status);
    std::vector<std::string> positions;
    std::map<std::string, std::vector<const v1::Entity*>> parts;
    for (const auto& answer : answers) {
      positions.push_back(answer.response.read_position());
      for (const wire::ShardEntity& entity : answer.response.entities()) {
        parts[entity.entity().name()].push_back(&entity.entity());
      }
    }
    auto position = MergePositions(positions);
    if (!position.ok()) return done_(position.status());
    if (parts.count(request_.name()) == 0) return done_(EntityNotFound(request_.name()));
    response_.set_read_position(*std::move(position));
    std::vector<std::pair<int, std::string>> order;
    order.reserve(parts.size());
    for (const auto& [name, entities] : parts) order.emplace_back(distances_[name], name);
    std::sort(order.begin(), order.end());
    for (const auto& [distance, name] : order) {
      v1::NetworkNode* node = response_.add_nodes();
      *node->mutable_entity() = MergeEntity(parts[name]);
      node->set_distance(distance);
    }
    for (auto& [key, edge] : edges_) *response_.add_edges() = edge;
    if (!request_.to().empty()) AddPaths();
    done_(std::move(response_));
  }

  // Shortest paths, found backwards from the end: each step leads to an entity that is one nearer to the first.
  void AddPaths() {
    if (distances_.count(request_.to()) == 0) return;
    std::map<std::string, std::vector<std::string>> of_incident;
    std::map<std::string, std::vector<std::string>> of_entity;
    for (const auto& [key, edge] : edges_) {
      of_incident[edge.incident()].push_back(edge.entity());
      of_entity[edge.entity()].push_back(edge.incident());
    }
    std::vector<std::vector<std::string>> open = {{request_.to()}};
    while (!open.empty() && static_cast<size_t>(response_.paths_size()) < kMaxPaths) {
      std::vector<std::string> path = std::move(open.back());
      open.pop_back();
      const std::string& at = path.back();
      if (at == request_.name()) {
        v1::NetworkPath* told = response_.add_paths();
        for (auto name = path.rbegin(); name != path.rend(); ++name) told->add_names(*name);
        continue;
      }
      const int nearer = distances_[at] - 1;
      for (const std::string& incident : of_entity[at]) {
        for (const std::string& entity : of_incident[incident]) {
          if (distances_[entity] != nearer || open.size() > 1000) continue;
          open.push_back(path);
          open.back().push_back(incident);
          open.back().push_back(entity);
        }
      }
    }
  }

  const Shards& shards_;
  const ShardCall call_;
  const v1::ExpandNetworkRequest request_;
  const std::function<void(absl::StatusOr<v1::ExpandNetworkResponse>)> done_;
  std::string read_after_;
  absl::Time last_start_;  // no step begins later: what was reached must still be read
  int step_ = 0;
  std::map<std::string, int> distances_;  // of the entities reached
  std::vector<std::string> frontier_;     // reached in the last step
  std::map<std::pair<std::string, std::string>, v1::NetworkEdge> edges_;
  v1::ExpandNetworkResponse response_;
};

}  // namespace

absl::Status EntityNotFound(const std::string& name) {
  return server::Error(absl::StatusCode::kNotFound, "ENTITY_NOT_FOUND",
                       absl::StrCat("there is no ", name, "; if it was just submitted, set `read_after`"),
                       {{"entity", name}});
}

v1::Entity MergeEntity(const std::vector<const v1::Entity*>& parts) {
  const auto rank = [](const std::string& name) {
    return std::make_tuple(std::count(name.begin(), name.end(), ' '), name.size(), name);
  };
  v1::Entity merged;
  std::set<std::string> codes;
  std::vector<std::string> names;
  for (const v1::Entity* part : parts) {
    merged.set_name(part->name());
    if (merged.kind() == v1::PARTY_KIND_UNSPECIFIED) merged.set_kind(part->kind());
    if (rank(merged.display_name()) < rank(part->display_name())) merged.set_display_name(part->display_name());
    names.push_back(part->display_name());
    names.insert(names.end(), part->aliases().begin(), part->aliases().end());
    codes.insert(part->country_codes().begin(), part->country_codes().end());
  }
  std::set<std::string> told = {merged.display_name()};
  for (std::string& name : names) {
    if (told.insert(name).second) merged.add_aliases(std::move(name));
  }
  for (const std::string& code : codes) merged.add_country_codes(code);
  return merged;
}

void ExpandNetwork(const Shards& shards, const ShardCall& call, const v1::ExpandNetworkRequest& request,
                   std::function<void(absl::StatusOr<v1::ExpandNetworkResponse>)> done) {
  std::make_shared<Walk>(shards, call, request, std::move(done))->Step();
}

}  // namespace interdict::query
