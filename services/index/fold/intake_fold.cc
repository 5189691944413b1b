#include "services/index/fold/intake_fold.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "interdict/internal/v1/stored.pb.h"
#include "services/index/engine/schema/text_document.h"
#include "services/index/entry/known_extractors.h"
#include "services/index/entry/names.h"
#include "services/index/entry/timestamps.h"
#include "services/index/fold/list_fold.h"
#include "services/index/fold/meta.h"
#include "services/index/fold/sightings.h"
#include "storage/records/keys.h"

namespace interdict::index {
namespace {

namespace family = records::family;
using internal::v1::DocumentAccepted;
using internal::v1::IntakeEntry;
using internal::v1::StoredDocument;
using internal::v1::StoredRequest;
using internal::v1::StoredSighting;
using internal::v1::Submission;

// One entry being applied.
class IntakeStep {
 public:
  IntakeStep(const ParsedEntry& entry, const NumberSpace& numbers, const records::Reader& reader, records::Batch* batch,
             IndexChange* index, NameChanges* names, bool* erases)
      : entry_(entry),
        numbers_(numbers),
        reader_(reader),
        batch_(*batch),
        index_(*index),
        names_(*names),
        erases_(*erases) {}

  absl::Status Apply();

 private:
  absl::Status Load(std::string document_id);
  absl::Status Accept(const DocumentAccepted& accepted);
  absl::Status Sight(const Submission& submission);
  absl::Status Report(const internal::v1::ReportsAccepted& reports);
  absl::Status Remove(const internal::v1::DocumentRemoved& removed);
  absl::StatusOr<bool> IsReplay();
  absl::Status NoteSighting(const Submission& submission);
  absl::Status DeleteUrls(std::string_view url);
  absl::Status DeleteTraces();
  absl::Status Dispatch();
  absl::Status Index();
  void Save() {
    batch_.Put(family::kDocuments, id_, stored_.SerializeAsString());
    index_changed_ = true;
  }
  bool removed() const { return stored_.document().state() == v1::Document::STATE_REMOVED; }

  const ParsedEntry& entry_;
  const NumberSpace numbers_;
  const records::Reader& reader_;
  records::Batch& batch_;
  IndexChange& index_;
  NameChanges& names_;
  bool& erases_;
  std::string id_;              // raw
  bool known_ = false;          // a record (or tombstone) is there
  StoredDocument stored_;       // it
  bool index_changed_ = false;  // what it is found by is not what the index holds
};

absl::Status IntakeStep::Load(std::string document_id) {
  id_ = std::move(document_id);
  auto value = reader_.Get(family::kDocuments, id_);
  if (!value.ok()) return value.status();
  known_ = value->has_value();
  if (known_ && !stored_.ParseFromString(**value)) {
    return absl::DataLossError(absl::StrCat("record of ", DocumentName(id_), " is not readable"));
  }
  return absl::OkStatus();
}

absl::Status IntakeStep::Apply() {
  absl::Status status = Dispatch();
  if (!status.ok() || !index_changed_ || removed() || stored_.document().name().empty()) return status;
  return Index();
}

// Puts the document, with its sightings as they are now, into the search index.
absl::Status IntakeStep::Index() {
  if (stored_.number() == 0) {
    auto number =
        TakeNumber(reader_, &batch_, kNextDocumentNumberKey, kDocumentCountKey, numbers_.NumberAt(entry_.sequence));
    if (!number.ok()) return number.status();
    stored_.set_number(*number);
    Save();
    batch_.Put(family::kDocumentNumbers, records::NumberKey(*number), id_);
  }
  auto sightings = ReadSightings(reader_, id_);
  if (!sightings.ok()) return sightings.status();
  index_.Put(TextDocument(stored_.number(), stored_, *sightings));
  return absl::OkStatus();
}

absl::Status IntakeStep::Dispatch() {
  const IntakeEntry& intake = *entry_.intake;
  switch (intake.event_case()) {
    case IntakeEntry::kDocumentAccepted: {
      absl::Status status = Load(*DocumentIdFromName(intake.document_accepted().document().name()));
      return status.ok() ? Accept(intake.document_accepted()) : status;
    }
    case IntakeEntry::kDocumentSighted: {
      absl::Status status =
          Load(*records::IdFromHex(intake.document_sighted().document_id(), records::kDocumentIdBytes));
      return status.ok() ? Sight(intake.document_sighted().submission()) : status;
    }
    case IntakeEntry::kReportsAccepted: {
      absl::Status status =
          Load(*records::IdFromHex(intake.reports_accepted().document_id(), records::kDocumentIdBytes));
      return status.ok() ? Report(intake.reports_accepted()) : status;
    }
    case IntakeEntry::kDocumentRemoved: {
      absl::Status status =
          Load(*records::IdFromHex(intake.document_removed().document_id(), records::kDocumentIdBytes));
      return status.ok() ? Remove(intake.document_removed()) : status;
    }
    case IntakeEntry::kJudgementSubmitted:  // what becomes of them, the resolver decides
    case IntakeEntry::kJudgementUndone:
      return absl::OkStatus();
    case IntakeEntry::kListChunk:
      return FoldListChunk(entry_, reader_, &batch_, &names_);
    case IntakeEntry::kListPublished:
      return FoldListPublished(entry_, reader_, &batch_);
    case IntakeEntry::EVENT_NOT_SET:
      break;
  }
  return absl::InternalError("an entry without an event reached the fold");
}

// Records the request id. True if it had been used for this document before: then nothing is counted again.
absl::StatusOr<bool> IntakeStep::IsReplay() {
  if (entry_.intake->request_id().empty()) return false;
  const std::string key = records::RequestKey(entry_.intake->request_id(), id_);
  auto value = reader_.Get(family::kRequests, key);
  if (!value.ok()) return value.status();
  if (value->has_value()) return true;
  StoredRequest request;
  request.set_document_id(records::HexFromId(id_));
  *request.mutable_position() = entry_.position();
  batch_.Put(family::kRequests, key, request.SerializeAsString());
  return false;
}

absl::Status IntakeStep::NoteSighting(const Submission& submission) {
  auto replay = IsReplay();
  if (!replay.ok()) return replay.status();
  if (*replay) return absl::OkStatus();
  const std::string key = records::SightingKey(id_, submission.url());
  auto value = reader_.Get(family::kSightings, key);
  if (!value.ok()) return value.status();
  StoredSighting sighting;
  if (value->has_value() && !sighting.ParseFromString(**value)) {
    return absl::DataLossError(absl::StrCat("a sighting of ", DocumentName(id_), " is not readable"));
  }
  index_changed_ = index_changed_ || sighting.count() == 0 || sighting.publisher() != submission.publisher() ||
                   sighting.external_id() != submission.external_id();
  sighting.set_publisher(submission.publisher());
  if (!submission.external_id().empty()) sighting.set_external_id(submission.external_id());
  if (sighting.count() == 0) sighting.set_first_accept_time_us(entry_.append_time_us);
  sighting.set_last_accept_time_us(entry_.append_time_us);
  sighting.set_count(sighting.count() + 1);
  batch_.Put(family::kSightings, key, sighting.SerializeAsString());
  if (!submission.url().empty()) {
    batch_.Put(family::kUrls, records::UrlKey(submission.url(), entry_.partition.number, entry_.sequence), id_);
  }
  return absl::OkStatus();
}

absl::Status IntakeStep::Accept(const DocumentAccepted& accepted) {
  if (removed()) return absl::OkStatus();
  const bool newer = NoteExtractor(accepted.report_set().extractor(), stored_.mutable_extractors());
  const v1::TlpMarking marking =
      std::max({stored_.document().tlp(), accepted.document().tlp(), accepted.submission().tlp()});
  if (!known_) {
    *stored_.mutable_document() = accepted.document();
    stored_.mutable_document()->set_state(v1::Document::STATE_ACTIVE);
    *stored_.mutable_document()->mutable_accept_time() = TimestampFromMicros(entry_.append_time_us);
  } else if (newer) {
    const v1::Document before = stored_.document();
    *stored_.mutable_document() = accepted.document();
    stored_.mutable_document()->set_state(before.state());
    *stored_.mutable_document()->mutable_accept_time() = before.accept_time();
    if (accepted.document().extraction_status() == v1::EXTRACTION_STATUS_UNSPECIFIED) {
      stored_.mutable_document()->set_extraction_status(before.extraction_status());
    }
  }
  stored_.mutable_document()->set_tlp(marking);
  *stored_.add_entries() = entry_.position();
  Save();
  return accepted.read_again() ? absl::OkStatus() : NoteSighting(accepted.submission());
}

absl::Status IntakeStep::Sight(const Submission& submission) {
  if (removed()) return absl::OkStatus();
  // The document may be missing: its entry was blanked by a removal that follows.
  if (known_ && submission.tlp() > stored_.document().tlp()) {
    stored_.mutable_document()->set_tlp(submission.tlp());
    Save();
  }
  return NoteSighting(submission);
}

absl::Status IntakeStep::Report(const internal::v1::ReportsAccepted& reports) {
  if (removed()) return absl::OkStatus();
  if (known_) {
    NoteExtractor(reports.report_set().extractor(), stored_.mutable_extractors());
    *stored_.add_entries() = entry_.position();
    Save();
  }
  return IsReplay().status();
}

absl::Status IntakeStep::DeleteUrls(std::string_view url) {
  const std::unique_ptr<records::Cursor> cursor = reader_.Scan(family::kUrls, records::UrlPrefix(url));
  std::vector<std::string> keys;
  for (; cursor->Valid(); cursor->Next()) {
    if (cursor->value() == id_) keys.emplace_back(cursor->key());
  }
  for (const std::string& key : keys) batch_.Delete(family::kUrls, key);
  return cursor->status();
}

// Sightings, the rows of their URLs, and the answers to request ids. The last are found by reading all of them, which a
// takedown can afford.
absl::Status IntakeStep::DeleteTraces() {
  std::vector<std::string> urls;
  {
    const std::unique_ptr<records::Cursor> cursor = reader_.Scan(family::kSightings, id_);
    for (; cursor->Valid(); cursor->Next()) urls.emplace_back(cursor->key().substr(id_.size()));
    if (!cursor->status().ok()) return cursor->status();
  }
  for (const std::string& url : urls) {
    batch_.Delete(family::kSightings, records::SightingKey(id_, url));
    if (url.empty()) continue;
    if (absl::Status status = DeleteUrls(url); !status.ok()) return status;
  }
  std::vector<std::string> requests;
  const std::unique_ptr<records::Cursor> cursor = reader_.Scan(family::kRequests, "");
  for (; cursor->Valid(); cursor->Next()) {
    const std::string_view key = cursor->key();
    if (key.size() > id_.size() && key.substr(key.size() - id_.size()) == id_) requests.emplace_back(key);
  }
  for (const std::string& key : requests) batch_.Delete(family::kRequests, key);
  return cursor->status();
}

// The tombstone is a function of this entry alone (decision 0006).
absl::Status IntakeStep::Remove(const internal::v1::DocumentRemoved& removal) {
  if (removed()) return absl::OkStatus();
  if (absl::Status status = DeleteTraces(); !status.ok()) return status;
  if (stored_.number() != 0) {
    batch_.Delete(family::kDocumentNumbers, records::NumberKey(stored_.number()));
    index_.Remove(Collection::kDocuments, stored_.number());
  }
  stored_.Clear();
  v1::Document* document = stored_.mutable_document();
  document->set_name(DocumentName(id_));
  document->set_state(v1::Document::STATE_REMOVED);
  *document->mutable_remove_time() = TimestampFromMicros(entry_.append_time_us);
  document->set_removal_reason(removal.reason());
  Save();
  erases_ = true;
  return absl::OkStatus();
}

}  // namespace

absl::Status FoldIntake(const ParsedEntry& entry, const NumberSpace& numbers, const records::Reader& reader,
                        records::Batch* batch, IndexChange* index, NameChanges* names, bool* erases) {
  return IntakeStep(entry, numbers, reader, batch, index, names, erases).Apply();
}

}  // namespace interdict::index
