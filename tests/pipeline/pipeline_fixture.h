// The pipeline with the built-in knowledge, loaded once for all tests of a program, and short ways to ask it.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "services/ingest/pipeline/pipeline.h"

namespace interdict::pipeline {

inline const Pipeline& SharedPipeline() {
  static const Pipeline* const pipeline = [] {
    auto loaded = Pipeline::Load("");
    if (!loaded.ok()) ADD_FAILURE() << loaded.status().message();
    return loaded.ok() ? loaded->release() : nullptr;
  }();
  return *pipeline;
}

inline std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.good()) << path;
  std::stringstream content;
  content << in.rdbuf();
  return content.str();
}

// Extracts a text; a test failure and an empty answer where that fails.
inline Extraction ExtractText(const std::string& text, const std::string& content_type = "text/plain",
                              const std::string& published = "") {
  v1::DocumentInput input;
  input.set_content(text);
  input.set_content_type(content_type);
  input.set_published(published);
  auto extraction = SharedPipeline().Extract(input);
  EXPECT_TRUE(extraction.ok()) << extraction.status().message();
  return extraction.ok() ? *std::move(extraction) : Extraction();
}

inline const v1::Action* FindAction(const v1::IncidentFacts& facts, v1::ActionType type, v1::ActionStatus status) {
  for (const v1::Action& a : facts.actions())
    if (a.type() == type && a.status() == status) return &a;
  return nullptr;
}

// The party with the name or alias; null for none.
inline const v1::Party* FindParty(const v1::IncidentFacts& facts, const std::string& name) {
  for (const v1::Party& p : facts.parties()) {
    if (p.name() == name) return &p;
    for (const std::string& alias : p.aliases())
      if (alias == name) return &p;
  }
  return nullptr;
}

// Codes of the places in a role, in order.
inline std::vector<std::string> PlacesOf(const v1::IncidentFacts& facts, v1::PlaceRole role) {
  std::vector<std::string> codes;
  for (const v1::Place& p : facts.places())
    if (p.role() == role) codes.push_back(p.country_code().empty() ? p.region_code() : p.country_code());
  return codes;
}

}  // namespace interdict::pipeline
