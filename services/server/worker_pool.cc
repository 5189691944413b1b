#include "services/server/worker_pool.h"

#include <pthread.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace interdict::server {

struct WorkerPool::State {
  std::string name;
  size_t queue_limit = 0;
  mutable std::mutex mutex;
  std::condition_variable work_or_stop;
  std::deque<std::function<void()>> queue;  // guarded by mutex
  bool stopped = false;                     // guarded by mutex
  std::mutex join_mutex;
  std::vector<std::thread> threads;  // guarded by join_mutex once the constructor is through

  void Run() {
    std::unique_lock lock(mutex);
    while (true) {
      work_or_stop.wait(lock, [this] { return stopped || !queue.empty(); });
      if (queue.empty()) return;
      std::function<void()> work = std::move(queue.front());
      queue.pop_front();
      lock.unlock();
      work();
      work = nullptr;  // what it captured is destroyed without the lock held
      lock.lock();
    }
  }
};

WorkerPool::WorkerPool(std::string name, size_t threads, size_t queue_limit) : state_(std::make_unique<State>()) {
  state_->name = std::move(name);
  state_->queue_limit = queue_limit;
  for (size_t i = 0; i < threads; ++i) {
    state_->threads.emplace_back([state = state_.get()] { state->Run(); });
    // Linux shows at most 15 characters of a thread's name.
    pthread_setname_np(state_->threads.back().native_handle(), state_->name.substr(0, 15).c_str());
  }
}

WorkerPool::~WorkerPool() { Stop(); }

bool WorkerPool::TrySubmit(std::function<void()> work) {
  {
    std::lock_guard lock(state_->mutex);
    if (state_->stopped || state_->queue.size() >= state_->queue_limit) return false;
    state_->queue.push_back(std::move(work));
  }
  state_->work_or_stop.notify_one();
  return true;
}

void WorkerPool::Stop() {
  {
    std::lock_guard lock(state_->mutex);
    state_->stopped = true;
  }
  state_->work_or_stop.notify_all();
  std::lock_guard lock(state_->join_mutex);
  for (std::thread& thread : state_->threads) thread.join();
  state_->threads.clear();
}

size_t WorkerPool::queued() const {
  std::lock_guard lock(state_->mutex);
  return state_->queue.size();
}

const std::string& WorkerPool::name() const { return state_->name; }

}  // namespace interdict::server
