#include "services/index/names/name_index_writer.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "services/index/names/name_keys.h"
#include "services/index/names/name_records.h"
#include "services/index/names/name_tables.h"
#include "services/index/names/name_terms.h"
#include "services/index/names/posting_writer.h"
#include "services/index/names/stored_text.h"

namespace interdict::names {
namespace {

absl::Status Corrupt(std::string_view what) {
  return absl::DataLossError(std::string(what) + " of the name index cannot be read; rebuild the index");
}

}  // namespace

class NameIndexWriter::Changes {
 public:
  explicit Changes(const records::Reader* base) : base_(base), postings_(base) {}

  absl::Status Put(const NameEntry& entry) {
    if (entry.names.empty() && entry.identifiers.empty()) {
      return absl::InvalidArgumentError("an entity needs a name or an identifier");
    }
    absl::Status status = ReadState();
    if (!status.ok()) return status;
    StoredNames old;
    bool existed = false;
    status = ReadEntity(entry.number, &old, &existed);
    if (!status.ok()) return status;
    StoredNames now;
    now.kind = entry.kind;
    status = PutForms(entry, old, &now);
    if (status.ok()) status = PutIdentifiers(entry, old, &now);
    if (!status.ok()) return status;
    std::string value = Encode(now);
    if (existed && value == Encode(old)) return absl::OkStatus();
    if (!existed) ++state_.entities;
    entities_[entry.number] = std::move(value);
    return absl::OkStatus();
  }

  absl::Status Remove(uint64_t number) {
    absl::Status status = ReadState();
    if (!status.ok()) return status;
    StoredNames old;
    bool existed = false;
    status = ReadEntity(number, &old, &existed);
    if (!status.ok() || !existed) return status;
    for (const StoredNames::Name& name : old.names) {
      status = RemoveForm(name.form);
      if (!status.ok()) return status;
    }
    status = RemoveIdentifiers(old);
    if (!status.ok()) return status;
    entities_[number] = std::nullopt;
    --state_.entities;
    return absl::OkStatus();
  }

  absl::Status Finish(records::Batch* batch) {
    const absl::Status status = postings_.Finish(batch);
    if (!status.ok()) return status;
    bool changed = false;
    const auto write = [batch, &changed](std::string_view family, const std::string& key,
                                         const std::optional<std::string>& value) {
      changed = true;
      if (value.has_value()) {
        batch->Put(family, key, *value);
      } else {
        batch->Delete(family, key);
      }
    };
    for (const auto& [form, value] : forms_) write(family::kNameForms, FormKey(form), value);
    for (const auto& [number, value] : entities_) write(family::kNameEntities, EntityKey(number), value);
    if (changed) batch->Put(family::kNameEntities, kStateKey, Encode(state_));
    return absl::OkStatus();
  }

 private:
  absl::Status ReadState() {
    if (state_read_) return absl::OkStatus();
    const auto value = base_->Get(family::kNameEntities, kStateKey);
    if (!value.ok()) return value.status();
    state_.fingerprint = NameTables::Get().fingerprint();
    if (value->has_value()) {
      if (!Decode(**value, &state_)) return Corrupt("the state");
      if (state_.fingerprint != NameTables::Get().fingerprint()) {
        return absl::FailedPreconditionError(
            "the name index was made with other tables of names; rebuild the index from the log");
      }
    }
    state_read_ = true;
    return absl::OkStatus();
  }

  absl::Status ReadEntity(uint64_t number, StoredNames* names, bool* exists) {
    const auto pending = entities_.find(number);
    std::optional<std::string> value;
    if (pending != entities_.end()) {
      value = pending->second;
    } else {
      auto read = base_->Get(family::kNameEntities, EntityKey(number));
      if (!read.ok()) return read.status();
      value = *std::move(read);
    }
    *exists = value.has_value();
    if (*exists && !Decode(*value, names)) return Corrupt("an entity");
    return absl::OkStatus();
  }

  absl::Status NewForm(uint32_t* form) {
    if (state_.next_form == std::numeric_limits<uint32_t>::max()) {
      return absl::ResourceExhaustedError(
          "all form numbers of the name index are used; rebuild the index from the log");
    }
    *form = state_.next_form++;
    ++state_.forms;
    return absl::OkStatus();
  }

  // Names that stay keep their forms; the others go, the new ones come.
  absl::Status PutForms(const NameEntry& entry, const StoredNames& old, StoredNames* now) {
    std::map<std::string, uint32_t> kept;
    if (old.kind == entry.kind) {
      for (const StoredNames::Name& name : old.names) kept.emplace(name.name, name.form);
    }
    std::set<std::string> seen;
    std::set<uint32_t> in_use;
    for (const std::string& raw : entry.names) {
      if (now->names.size() >= kMaxNamesOfEntity) break;
      std::string name = StoredText(raw);
      const NormalisedName normalised = Normalise(name, entry.kind);
      if (normalised.tokens.empty() || !seen.insert(ToString(normalised)).second) continue;
      StoredNames::Name stored;
      const auto found = kept.find(name);
      if (found != kept.end()) {
        stored.form = found->second;
      } else {
        const absl::Status status = AddForm(entry.number, entry.kind, normalised, &stored.form);
        if (!status.ok()) return status;
      }
      in_use.insert(stored.form);
      stored.name = std::move(name);
      now->names.push_back(std::move(stored));
    }
    for (const StoredNames::Name& name : old.names) {
      if (in_use.count(name.form) != 0) continue;
      const absl::Status status = RemoveForm(name.form);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status AddForm(uint64_t number, NameKind kind, const NormalisedName& name, uint32_t* form) {
    absl::Status status = NewForm(form);
    if (!status.ok()) return status;
    const NameTerms terms = TermsOfForm(ViewOf(name), kind);
    for (const std::string& term : terms.terms) {
      status = postings_.Add(term, {*form, terms.grams});
      if (!status.ok()) return status;
    }
    forms_[*form] = EncodeForm(number, kind, name);
    return absl::OkStatus();
  }

  absl::Status RemoveForm(uint32_t form) {
    std::optional<std::string> value;
    const auto pending = forms_.find(form);
    if (pending != forms_.end()) {
      value = pending->second;
    } else {
      auto read = base_->Get(family::kNameForms, FormKey(form));
      if (!read.ok()) return read.status();
      value = *std::move(read);
    }
    StoredFormView view;
    if (!value.has_value() || !DecodeForm(*value, &view)) return Corrupt("a form");
    for (const std::string& term : TermsOfForm(view.tokens, view.kind).terms) {
      const absl::Status status = postings_.Remove(term, form);
      if (!status.ok()) return status;
    }
    DropForm(form);
    return absl::OkStatus();
  }

  void DropForm(uint32_t form) {
    forms_[form] = std::nullopt;
    --state_.forms;
  }

  absl::Status PutIdentifiers(const NameEntry& entry, const StoredNames& old, StoredNames* now) {
    for (const Identifier& identifier : entry.identifiers) {
      if (now->identifiers.size() >= kMaxIdentifiersOfEntity) break;
      if (identifier.value.empty()) continue;
      const auto& known = now->identifiers;
      if (std::find(known.begin(), known.end(), identifier) == known.end()) now->identifiers.push_back(identifier);
    }
    if (now->identifiers == old.identifiers && old.kind == now->kind) {
      now->identifier_form = old.identifier_form;
      return absl::OkStatus();
    }
    absl::Status status = RemoveIdentifiers(old);
    if (!status.ok() || now->identifiers.empty()) return status;
    status = NewForm(&now->identifier_form);
    if (!status.ok()) return status;
    for (const Identifier& identifier : now->identifiers) {
      status = postings_.Add(IdentifierTerm(identifier), {now->identifier_form, 0});
      if (!status.ok()) return status;
    }
    forms_[now->identifier_form] = EncodeForm(entry.number, entry.kind, NormalisedName());
    return absl::OkStatus();
  }

  absl::Status RemoveIdentifiers(const StoredNames& old) {
    if (old.identifiers.empty()) return absl::OkStatus();
    for (const Identifier& identifier : old.identifiers) {
      const absl::Status status = postings_.Remove(IdentifierTerm(identifier), old.identifier_form);
      if (!status.ok()) return status;
    }
    DropForm(old.identifier_form);
    return absl::OkStatus();
  }

  const records::Reader* base_;
  PostingWriter postings_;
  IndexState state_;
  bool state_read_ = false;
  // What is new; nullopt: taken out.
  std::map<uint32_t, std::optional<std::string>> forms_;
  std::map<uint64_t, std::optional<std::string>> entities_;
};

NameIndexWriter::NameIndexWriter(const records::Reader* base) : changes_(std::make_unique<Changes>(base)) {}
NameIndexWriter::~NameIndexWriter() = default;

absl::Status NameIndexWriter::Put(const NameEntry& entry) { return changes_->Put(entry); }
absl::Status NameIndexWriter::Remove(uint64_t number) { return changes_->Remove(number); }
absl::Status NameIndexWriter::Finish(records::Batch* batch) { return changes_->Finish(batch); }

}  // namespace interdict::names
