#include "services/ingest/pipeline/syntax/training/averaged_perceptron.h"

#include <algorithm>
#include <cmath>

#include "services/ingest/pipeline/syntax/linear_model.h"

namespace interdict::pipeline {

AveragedPerceptron::AveragedPerceptron(uint32_t classes, uint32_t slot_bits)
    : classes_(classes),
      mask_((1U << slot_bits) - 1),
      weights_((static_cast<size_t>(mask_) + 1) * classes, 0.0F),
      moments_(weights_.size(), 0.0) {}

void AveragedPerceptron::Score(const uint32_t* begin, const uint32_t* end, float* scores) const {
  std::fill(scores, scores + classes_, 0.0F);
  for (const uint32_t* f = begin; f != end; ++f) {
    const float* row = weights_.data() + static_cast<size_t>(*f & mask_) * classes_;
    for (uint32_t c = 0; c < classes_; ++c) scores[c] += row[c];
  }
}

void AveragedPerceptron::Add(const uint32_t* begin, const uint32_t* end, uint32_t of_class, float amount) {
  for (const uint32_t* f = begin; f != end; ++f) {
    Weight(*f, of_class) += amount;
    moments_[static_cast<size_t>(*f & mask_) * classes_ + of_class] += steps_ * static_cast<double>(amount);
  }
}

void AveragedPerceptron::Update(const uint32_t* begin, const uint32_t* end, uint32_t gold, uint32_t wrong) {
  Add(begin, end, gold, 1.0F);
  Add(begin, end, wrong, -1.0F);
}

std::string AveragedPerceptron::Serialize(float prune) const {
  std::vector<float> averages(weights_.size());
  std::vector<float> sizes;
  for (size_t i = 0; i < weights_.size(); ++i) {
    averages[i] = static_cast<float>(static_cast<double>(weights_[i]) - moments_[i] / steps_);
    if (std::fabs(averages[i]) < prune) averages[i] = 0;
    if (averages[i] != 0) sizes.push_back(std::fabs(averages[i]));
  }
  // A few weights are far larger than the rest; they are clipped so that the rest keeps its steps.
  constexpr double kClipped = 0.0005;
  float top = 1;
  if (!sizes.empty()) {
    const auto at = sizes.begin() + static_cast<std::ptrdiff_t>(static_cast<double>(sizes.size() - 1) * (1 - kClipped));
    std::nth_element(sizes.begin(), at, sizes.end());
    top = *at;
  }
  std::vector<int8_t> quantised(averages.size());
  for (size_t i = 0; i < averages.size(); ++i)
    quantised[i] = static_cast<int8_t>(std::lround(std::clamp(averages[i] / top, -1.0F, 1.0F) * 127));
  return LinearModel::Serialize(quantised, classes_);
}

}  // namespace interdict::pipeline
