#include "services/index/resolve/judgement_note.h"

namespace interdict::index {

v1::JudgementNote NoteOf(const v1::Judgement& judgement) {
  v1::JudgementNote note;
  note.set_judgement(judgement.name());
  note.set_author(judgement.author());
  note.set_author_authenticated(judgement.author_authenticated());
  *note.mutable_create_time() = judgement.create_time();
  note.set_reason(judgement.reason());
  switch (judgement.decision_case()) {
    case v1::Judgement::kSame:
      note.set_kind("same");
      break;
    case v1::Judgement::kDifferent:
      note.set_kind("different");
      break;
    case v1::Judgement::kRetract:
      note.set_kind("retract");
      break;
    case v1::Judgement::kCorrect:
      note.set_kind("correct");
      *note.mutable_fields() = judgement.correct().fields().paths();
      break;
    case v1::Judgement::kConfirm:
      note.set_kind("confirm");
      break;
    case v1::Judgement::kReply:
      note.set_kind("reply");
      note.set_party(judgement.reply().party());
      note.set_text(judgement.reply().text());
      note.set_url(judgement.reply().url());
      break;
    case v1::Judgement::DECISION_NOT_SET:
      break;
  }
  return note;
}

}  // namespace interdict::index
