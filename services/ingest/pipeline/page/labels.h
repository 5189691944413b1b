// What a short line above an article names: a section, an outlet or office.
#pragma once

#include <string>
#include <string_view>

namespace interdict::pipeline {

// "IN BRIEF", "Opinion", "Court report": where in a publication the article stands.
bool IsSectionLabel(std::string_view line);

// Whether the line reads as a name: every word of it that counts is capitalised.
bool IsNameLike(std::string_view line);

// Whether a name-like line tells that it is an outlet's or an office's: "The Harbour Gazette", "Ministry of Finance".
bool IsOutletName(std::string_view line);

// "LEDGER & LAW - Compliance news" → "LEDGER & LAW".
std::string WithoutTagline(std::string_view masthead);

}  // namespace interdict::pipeline
