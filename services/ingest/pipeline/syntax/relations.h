// The relations of a parse: those of Universal Dependencies, with the subtypes that tell who did what to whom.
#pragma once

#include <cstdint>
#include <string_view>

namespace interdict::pipeline {

// How a word depends on its head. The order is part of the format of the weights: DO NOT CHANGE THESE VALUES.
enum class Relation : uint8_t {
  kRoot = 0,
  kSubject = 1,              // nsubj: "officers" of "officers seized rifles"
  kPassiveSubject = 2,       // nsubj:pass: "rifles" of "rifles were seized"
  kObject = 3,               // obj
  kIndirectObject = 4,       // iobj
  kOblique = 5,              // obl: "in" + "Gdansk" of "seized in Gdansk"
  kAgent = 6,                // obl:agent: "officers" of "seized by officers"
  kClausalSubject = 7,       // csubj
  kClausalComplement = 8,    // ccomp
  kOpenComplement = 9,       // xcomp: "leave" of "told to leave"
  kAdverbialClause = 10,     // advcl
  kAdverbialModifier = 11,   // advmod
  kAuxiliary = 12,           // aux
  kPassiveAuxiliary = 13,    // aux:pass
  kCopula = 14,              // cop
  kMarker = 15,              // mark: "to", "that", "because"
  kCase = 16,                // case: a preposition, or "'s"
  kDeterminer = 17,          // det
  kNominalModifier = 18,     // nmod: "rifles" of "seizure of rifles"
  kPossessive = 19,          // nmod:poss
  kApposition = 20,          // appos
  kNumeralModifier = 21,     // nummod
  kAdjectivalModifier = 22,  // amod
  kClausalModifier = 23,     // acl: "seized" of "rifles seized on Monday"
  kRelativeClause = 24,      // acl:relcl
  kCompound = 25,            // compound
  kParticle = 26,            // compound:prt
  kFlat = 27,                // flat: the later words of a name
  kFixed = 28,               // fixed: "because of"
  kConjunct = 29,            // conj
  kCoordinator = 30,         // cc
  kParataxis = 31,           // parataxis: "he said" in the middle of what he said
  kList = 32,
  kExpletive = 33,
  kVocative = 34,
  kDiscourse = 35,
  kPunctuation = 36,
  kOther = 37,
};
constexpr uint32_t kRelations = 38;

// Their names in Universal Dependencies, by value.
constexpr std::string_view kRelationNames[kRelations] = {
    "root",      "nsubj",    "nsubj:pass",   "obj",       "iobj",  "obl",      "obl:agent", "csubj",
    "ccomp",     "xcomp",    "advcl",        "advmod",    "aux",   "aux:pass", "cop",       "mark",
    "case",      "det",      "nmod",         "nmod:poss", "appos", "nummod",   "amod",      "acl",
    "acl:relcl", "compound", "compound:prt", "flat",      "fixed", "conj",     "cc",        "parataxis",
    "list",      "expl",     "vocative",     "discourse", "punct", "dep"};

}  // namespace interdict::pipeline
