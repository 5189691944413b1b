// Lines that tell when and where an article was published.
#pragma once

#include <string>
#include <string_view>

namespace interdict::pipeline {

// EDTF of a date as metadata or a date line prints it: ISO 8601, "Sunday , April 11 2021", "Published: 3 May 2018,
// 10:15". A day wins over a month; empty where there is none.
std::string DateOf(std::string_view text);

// What a date line tells.
struct DateLine {
  std::string date;       // EDTF day; empty: the line is no date line
  bool updated = false;   // "Updated 5 May 2020": not the first publication
  std::string place;      // "Kampala" of "Kampala, Tuesday 19 September 2023"
  std::string publisher;  // "The Harbour Gazette" of "The Harbour Gazette, 6 May 2021"
  std::string section;    // "Field notes" of "Field notes | 20 June 2018"
  std::string trail;      // "NEWS > CRIME" of "Friday 14 October 2016 | NEWS > CRIME"
  std::string byline;     // "Jane Doe" of "Jane Doe | Published 11 Oct 2023"
};

// Reads a line that is there to tell a date. Its parts between bars are read each by itself.
DateLine ReadDateLine(std::string_view line);

// The place, date and agency in "AGADEZ, Niger, Nov. 9, 2020 (Sahel Press Agency) - Soldiers…" or "Nairobi, 14 March
// 2023 - The…"; all empty where the paragraph has no such start.
struct Dateline {
  std::string place;
  std::string date;  // EDTF day
  std::string agency;
};
Dateline ReadDateline(std::string_view paragraph);

}  // namespace interdict::pipeline
