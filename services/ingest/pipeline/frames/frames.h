// Seventh stage: what is said to happen. A frame is a trigger with its roles (who to whom), and whether it happened.
#pragma once

#include <cstdint>
#include <vector>

#include "interdict/v1/incident.pb.h"
#include "services/ingest/pipeline/coreference/coreference.h"

namespace interdict::pipeline {

enum class FrameKind : uint8_t { kAction, kAct, kStage, kSay };

struct Frame {
  FrameKind kind = FrameKind::kAction;
  TriggerHit trigger;
  v1::ActionType action = v1::ACTION_TYPE_UNSPECIFIED;
  v1::ActionStatus status =
      v1::ACTION_STATUS_DONE;  // of acts too: DONE means it is told as a fact or attempt, not as a possibility
  int agent = -1;              // index into Coreference::participants
  int patient = -1;
  bool passive = false;
  bool by_verb = false;       // told by a verb, not a noun
  uint32_t reason_begin = 0;  // byte span of the reason given; empty where equal
  uint32_t reason_end = 0;
};

struct Frames {
  std::vector<Frame> all;        // by first token
  std::vector<bool> background;  // by sentence: general talk
  std::vector<bool> separate;    // by sentence: says that another case follows
};

// Finds frames. Deterministic; linear.
Frames FindFrames(const Page& page, const TokenizedText& text, const Mentions& mentions,
                  const Coreference& coreference);

}  // namespace interdict::pipeline
