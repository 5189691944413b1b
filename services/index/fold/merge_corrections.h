// Tells from its text whether a report corrects what others say: it speaks of a mistake and, near that, of the value
// that it does not hold itself.
#pragma once

#include <string>
#include <vector>

#include "services/index/fold/merge_support.h"

namespace interdict::index {

// Ways in which a text speaks of a date (`12 june`, `june 12`, `2018-06-12`) or of a number (`112`, `11,200`), lower
// case. Of dates that are neither a day, a month nor a year none.
std::vector<std::string> MentionsOfDate(const std::string& edtf);
std::vector<std::string> MentionsOfNumber(double number);

// A reading that stands against others, by the indexes of the tellings that have it.
struct Rival {
  std::vector<int> told_by;
  std::vector<std::string> mentions;
};

// Reads each telling once, when it is first asked about. Not thread-safe.
class Corrections {
 public:
  // `tellings` outlives it.
  explicit Corrections(const Tellings* tellings);

  // Whether one of the tellings of `a` corrects `b`: it was not published before the first that tells `b`, no grade or
  // one grade at most behind the best source of `b`, and its text (the first 16 KiB), or a sentence quoted as evidence,
  // has a word of correction within 600 bytes of a mention of `b`.
  bool Corrects(const Rival& a, const Rival& b);

 private:
  struct Reading {
    bool done = false;
    std::string text;           // lower case; empty where no correction is spoken of
    std::vector<size_t> words;  // where
  };
  const Reading& Read(int telling);

  const Tellings* tellings_;
  std::vector<Reading> readings_;
};

// Whether `a` may correct `b` by its grade: not two grades or more behind.
bool IsGoodEnoughToCorrect(const Telling& a, const Tellings& tellings, const std::vector<int>& b);

}  // namespace interdict::index
