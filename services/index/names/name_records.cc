#include "services/index/names/name_records.h"

#include "services/index/engine/bytes.h"

namespace interdict::names {
namespace {

using index::AppendInteger;
using index::AppendVarint;
using index::ByteReader;

constexpr uint8_t kVowelless = 0x80;

void AppendString(std::string& out, std::string_view text) {
  AppendVarint(out, text.size());
  out.append(text);
}

std::string_view ReadString(ByteReader& reader) { return reader.Bytes(reader.Varint()); }

}  // namespace

std::string Encode(const StoredNames& names) {
  std::string out;
  out.push_back(static_cast<char>(names.kind));
  AppendVarint(out, names.names.size());
  for (const StoredNames::Name& name : names.names) {
    AppendVarint(out, name.form);
    AppendString(out, name.name);
  }
  AppendVarint(out, names.identifiers.size());
  if (!names.identifiers.empty()) AppendVarint(out, names.identifier_form);
  for (const Identifier& identifier : names.identifiers) {
    out.push_back(static_cast<char>(identifier.type));
    AppendString(out, identifier.value);
  }
  return out;
}

bool Decode(std::string_view bytes, StoredNames* names) {
  ByteReader reader(bytes);
  names->kind = static_cast<NameKind>(reader.Fixed<uint8_t>());
  names->names.clear();
  for (uint64_t left = reader.Varint(); left > 0 && reader.ok(); --left) {
    StoredNames::Name name;
    name.form = static_cast<uint32_t>(reader.Varint());
    name.name = ReadString(reader);
    names->names.push_back(std::move(name));
  }
  names->identifiers.clear();
  uint64_t left = reader.Varint();
  if (left > 0) names->identifier_form = static_cast<uint32_t>(reader.Varint());
  for (; left > 0 && reader.ok(); --left) {
    Identifier identifier;
    identifier.type = static_cast<IdentifierType>(reader.Fixed<uint8_t>());
    identifier.value = ReadString(reader);
    names->identifiers.push_back(std::move(identifier));
  }
  return reader.ok() && reader.empty();
}

std::string EncodeForm(uint64_t number, NameKind kind, const NormalisedName& name) {
  std::string out;
  AppendInteger(out, number);
  out.push_back(static_cast<char>(kind));
  out.push_back(static_cast<char>(name.tokens.size()));
  for (const NameToken& token : name.tokens) {
    out.push_back(static_cast<char>(static_cast<uint8_t>(token.role) | (token.vowelless ? kVowelless : 0)));
    AppendString(out, token.text);
    AppendString(out, token.spelling);
    AppendString(out, token.skeleton);
    AppendString(out, token.meaning);
  }
  return out;
}

bool DecodeForm(std::string_view bytes, StoredFormView* form) {
  ByteReader reader(bytes);
  form->number = reader.Fixed<uint64_t>();
  form->kind = static_cast<NameKind>(reader.Fixed<uint8_t>());
  form->tokens.clear();
  const size_t tokens = reader.Fixed<uint8_t>();
  if (tokens > kMaxTokens) return false;
  for (size_t i = 0; i < tokens && reader.ok(); ++i) {
    TokenView token;
    const auto role = reader.Fixed<uint8_t>();
    token.role = static_cast<TokenRole>(role & ~kVowelless);
    token.vowelless = (role & kVowelless) != 0;
    token.text = ReadString(reader);
    token.spelling = ReadString(reader);
    token.skeleton = ReadString(reader);
    token.meaning = ReadString(reader);
    form->tokens.push_back(token);
  }
  return reader.ok() && reader.empty();
}

std::string Encode(const IndexState& state) {
  std::string out;
  AppendInteger(out, state.next_form);
  AppendInteger(out, state.forms);
  AppendInteger(out, state.entities);
  AppendInteger(out, state.fingerprint);
  return out;
}

bool Decode(std::string_view bytes, IndexState* state) {
  ByteReader reader(bytes);
  state->next_form = reader.Fixed<uint32_t>();
  state->forms = reader.Fixed<uint32_t>();
  state->entities = reader.Fixed<uint64_t>();
  state->fingerprint = reader.Fixed<uint32_t>();
  return reader.ok() && reader.empty();
}

}  // namespace interdict::names
