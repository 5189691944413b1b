// A judgement as a record shows it.
#pragma once

#include "interdict/v1/incident.pb.h"
#include "interdict/v1/judgement.pb.h"

namespace interdict::index {

v1::JudgementNote NoteOf(const v1::Judgement& judgement);

}  // namespace interdict::index
