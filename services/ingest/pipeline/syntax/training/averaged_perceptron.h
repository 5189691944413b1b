// Learns the weights of a LinearModel: an averaged perceptron with a margin, over the same hashed slots.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace interdict::pipeline {

// Not thread-safe. Deterministic: the same updates give the same bytes.
class AveragedPerceptron {
 public:
  AveragedPerceptron(uint32_t classes, uint32_t slot_bits);

  // Sums the rows of features [begin, end) into `scores`, which has room for all classes.
  void Score(const uint32_t* begin, const uint32_t* end, float* scores) const;

  // Moves the weights of the features towards `gold` and away from `wrong`.
  void Update(const uint32_t* begin, const uint32_t* end, uint32_t gold, uint32_t wrong);
  // Adds `amount` to one class only.
  void Add(const uint32_t* begin, const uint32_t* end, uint32_t of_class, float amount);

  // Counts a step of the average; call it once an example.
  void Step() { ++steps_; }

  // The averaged weights as int8, in the format of LinearModel. Averages below `prune` (in units of one update) vanish.
  std::string Serialize(float prune) const;

 private:
  float& Weight(uint32_t feature, uint32_t of_class) {
    return weights_[static_cast<size_t>(feature & mask_) * classes_ + of_class];
  }

  uint32_t classes_;
  uint32_t mask_;
  double steps_ = 1;
  std::vector<float> weights_;
  std::vector<double> moments_;  // sum of step times update, from which the average follows
};

}  // namespace interdict::pipeline
