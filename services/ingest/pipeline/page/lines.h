// What a single short line of a page is: date line, section trail, byline, furniture. English.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace interdict::pipeline {

// White space of all kinds to single spaces, none at the ends. Takes valid UTF-8.
std::string CollapseSpaces(std::string_view text);

// EDTF of a date as metadata or a date line prints it: ISO 8601, "Sunday , April 11 2021", "Published: 3 May 2018,
// 10:15". A day wins over a month; empty where there is none.
std::string DateOf(std::string_view text);

// Whether the line is there to tell a date ("Published: 11 April 2021", "Field notes | 20 June 2018"). `place` gets
// what stands before the date in "Kampala, Tuesday 19 September 2023".
bool IsDateLine(std::string_view line, std::string* place);

// The items of a trail "Home / News / Africa"; empty where the line is none.
std::vector<std::string> TrailOf(std::string_view line);

// The name in "By Jane Doe"; empty where the line is no byline.
std::string BylineOf(std::string_view line);

// The place in "AGADEZ, Niger (Reuters) - Soldiers…"; empty where the paragraph has no date line.
std::string DatelineOf(std::string_view paragraph);

// "Share this", "Read more: …", "© 2021", "Breaking News", "FOR IMMEDIATE RELEASE", "Advertisement".
bool IsFurniture(std::string_view line);

// "Related articles", "Most read", "Comments": a heading whose section is not the article.
bool IsFurnitureHeading(std::string_view line);

// Whether the line reads as a sentence: long enough, with an end mark.
bool IsProse(std::string_view line);

size_t CountWords(std::string_view line);

}  // namespace interdict::pipeline
