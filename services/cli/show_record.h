// Records as an analyst wants to read them on a terminal: what, where, when, who, and behind each value the words that
// it rests on.
#pragma once

#include <ostream>
#include <string>

#include "interdict/v1/document.pb.h"
#include "interdict/v1/incident.pb.h"

namespace interdict::cli {

// How much to write.
struct ShowOptions {
  bool with_evidence = true;  // the quoted words behind each value
};

// The facts of a report or an incident.
void ShowFacts(std::ostream& out, const v1::IncidentFacts& facts, const ShowOptions& options);

// An incident: name, state, sources, facts.
void ShowIncident(std::ostream& out, const v1::Incident& incident, const ShowOptions& options);

// A document: what is known of it, without its text.
void ShowDocument(std::ostream& out, const v1::Document& document);

// The enum value without its prefix, in lower case with blanks: PARTY_ROLE_SUSPECT is "suspect".
std::string Word(const std::string& enum_value_name, const std::string& prefix);

}  // namespace interdict::cli
