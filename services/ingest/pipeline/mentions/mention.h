// Fifth stage: what the text speaks of. A mention is a span of tokens that names or describes a place, a party, goods,
// a conveyance or a law.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "interdict/v1/entity.pb.h"
#include "services/ingest/pipeline/knowledge/knowledge.h"
#include "services/ingest/pipeline/page/page.h"
#include "services/ingest/pipeline/tokens/tokens.h"

namespace interdict::pipeline {

enum class MentionKind : uint8_t { kPlace, kParty, kGoods, kConveyance, kLegal };

// Where what is known of a party mention comes from; a higher one wins where spans overlap.
enum class PartySource : uint8_t { kNoun, kShape, kAgencyHead, kOrganisation, kAgency, kOutlet, kTransport };

// A span with what is known of it by itself. Fields that do not belong to its kind are empty.
struct Mention {
  MentionKind kind = MentionKind::kPlace;
  uint32_t first_token = 0;
  uint32_t end_token = 0;
  uint32_t begin = 0;  // byte offsets into Page::text
  uint32_t end = 0;
  uint32_t sentence = 0;
  std::string text;              // the bytes of the span
  const Entry* entry = nullptr;  // the row of the knowledge file, where one matched

  // Places: country or region codes, the most likely first. Parties: the state they belong to, if told.
  std::vector<std::string> codes;
  bool is_demonym = false;
  bool is_capital = false;
  bool is_region = false;

  // Parties.
  v1::PartyKind party_kind = v1::PARTY_KIND_UNSPECIFIED;
  PartySource source = PartySource::kNoun;
  bool named = false;
  bool generic = false;       // bare plural or class noun: no party by itself
  bool definite = false;      // "the diplomat", "that diplomat"
  std::string role_hint;      // SUSPECT, AUTHORITY, SOURCE, OTHER or empty
  std::string function_hint;  // suffix of PartyFunction or empty
  std::string position;       // office or trade in the text's words
  std::string posted_to_code;
  std::string head;  // folded head noun of a description
  uint32_t age_years = 0;

  // Goods.
  std::string category;
  std::string offence;
  std::string hs_chapter;
  std::vector<std::string> models;
  bool part = false;

  // Conveyances and vessels.
  std::string conveyance_kind;  // VESSEL, AIRCRAFT, VEHICLE, CONTAINER, PARCEL
  std::string imo_number;
  std::string registration;
  std::string model;

  // Legal instruments, normalised.
  std::string instrument;
};

// A trigger word found.
struct TriggerHit {
  uint32_t first_token = 0;
  uint32_t end_token = 0;
  uint32_t sentence = 0;
  const Entry* entry = nullptr;
};

// What the stage hands on. Mentions by first token; those of one kind do not overlap.
struct Mentions {
  std::vector<Mention> all;
  std::vector<TriggerHit> triggers;
  std::vector<uint32_t> sentence_of;  // by token
};

// Finds all mentions. Deterministic; linear in the text.
Mentions FindMentions(const Knowledge& knowledge, const Page& page, const TokenizedText& text);

}  // namespace interdict::pipeline
