// The state of the parser between two steps: a stack, the words not yet read, and the arcs made so far.
#pragma once

#include <cstdint>
#include <vector>

#include "services/ingest/pipeline/syntax/relations.h"
#include "services/ingest/pipeline/syntax/tags.h"
#include "services/ingest/pipeline/syntax/words.h"

namespace interdict::pipeline {

// The steps of the arc-hybrid system. The order is part of the format of the weights.
enum class Step : uint8_t {
  kShift = 0,  // the next word goes on the stack
  kLeft = 1,   // the next word becomes the head of the stack's top
  kRight = 2,  // the word below the top becomes its head
};
constexpr uint32_t kSteps = 3;

// A sentence being parsed. Word `size()` stands for the root and comes last.
class ParserState {
 public:
  static constexpr int32_t kNone = -1;

  // What is known of a word's children so far.
  struct Children {
    int32_t left = kNone;  // the outermost on each side, and the one before it
    int32_t left2 = kNone;
    int32_t right = kNone;
    int32_t right2 = kNone;
    uint32_t left_count = 0;
    uint32_t right_count = 0;
    uint64_t relations = 0;  // bits by Relation
  };

  explicit ParserState(uint32_t size)
      : size_(static_cast<int32_t>(size)),
        heads_(size, kNone),
        relations_(size, Relation::kOther),
        children_(size + 1) {
    stack_.reserve(size);
  }

  int32_t size() const { return size_; }
  int32_t next() const { return next_; }  // size() once all words are read
  bool done() const { return next_ == size_ && stack_.empty(); }
  // The i-th word from the top of the stack, kNone where it is not so high.
  int32_t Top(size_t i) const { return i < stack_.size() ? stack_[stack_.size() - 1 - i] : kNone; }
  const std::vector<int32_t>& stack() const { return stack_; }
  const Children& Of(int32_t word) const { return children_[static_cast<size_t>(word)]; }
  Relation RelationOf(int32_t word) const { return relations_[static_cast<size_t>(word)]; }

  bool May(Step step) const {
    switch (step) {
      case Step::kShift:
        return next_ < size_;
      case Step::kLeft:
        // One word only depends on the root.
        return !stack_.empty() && (next_ < size_ || stack_.size() == 1);
      default:
        return stack_.size() >= 2;
    }
  }
  // The head that a step gives to the stack's top. Not for kShift.
  int32_t HeadBy(Step step) const { return step == Step::kLeft ? next_ : Top(1); }

  void Shift() { stack_.push_back(next_++); }
  // Makes the arc of kLeft or kRight and takes the top off the stack.
  void Attach(Step step, Relation relation) {
    const int32_t word = Top(0);
    const int32_t head = HeadBy(step);
    stack_.pop_back();
    heads_[static_cast<size_t>(word)] = head;
    relations_[static_cast<size_t>(word)] = relation;
    Children& c = children_[static_cast<size_t>(head)];
    c.relations |= uint64_t{1} << static_cast<uint32_t>(relation);
    if (word < head) {
      c.left2 = c.left;
      c.left = word;
      ++c.left_count;
    } else {
      c.right2 = c.right;
      c.right = word;
      ++c.right_count;
    }
  }

  // Heads by word, kNone for the root's child; for a state that is done.
  std::vector<int32_t> TakeHeads() {
    for (int32_t& head : heads_)
      if (head == size_) head = kNone;
    return std::move(heads_);
  }
  std::vector<Relation> TakeRelations() { return std::move(relations_); }

 private:
  int32_t size_;
  int32_t next_ = 0;
  std::vector<int32_t> stack_;
  std::vector<int32_t> heads_;
  std::vector<Relation> relations_;
  std::vector<Children> children_;
};

}  // namespace interdict::pipeline
