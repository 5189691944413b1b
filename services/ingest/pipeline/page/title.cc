#include "services/ingest/pipeline/page/title.h"

#include <algorithm>
#include <initializer_list>

#include "services/ingest/pipeline/decode/ascii.h"
#include "services/ingest/pipeline/page/labels.h"
#include "services/ingest/pipeline/page/lines.h"
#include "services/ingest/pipeline/tokens/tokens.h"

namespace interdict::pipeline {
namespace {

std::string Plain(std::string_view line) {
  std::string out;
  for (const Token& token : TokenizePhrase(line)) {
    if (token.is_word || token.is_number) out += token.folded + " ";
  }
  return out;
}

// "II. Maritime activity", "B. Ship-to-ship transfers", "1. GUINEA": a heading of a section, not of the document.
bool IsNumbered(std::string_view line) {
  const size_t stop = line.find(". ");
  if (stop == line.npos || stop == 0 || stop > 5) return false;
  return std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(stop), [](char c) {
    return IsAsciiDigit(c) || std::string_view("IVXABCDEF").find(c) != std::string_view::npos;
  });
}

// "Your Monday enforcement digest", "English edition".
bool IsTagline(std::string_view line) {
  for (const Token& token : TokenizePhrase(line)) {
    for (const std::string_view word : {"digest", "edition", "newsletter", "subscribers", "issue", "bulletin"}) {
      if (token.folded == word) return true;
    }
  }
  return false;
}

// A short line with its text directly below, without an empty line between.
bool HeadsTextBelow(const std::vector<DraftBlock>& blocks, size_t i) {
  return i + 1 < blocks.size() && blocks[i].gap && !blocks[i + 1].gap && !IsProse(blocks[i].text) &&
         CountWords(blocks[i].text) <= 14 && IsProse(blocks[i + 1].text);
}

// What holds of the blocks as a whole.
struct Surroundings {
  size_t end = 0;
  size_t date_line = 0;
  size_t first_stanza_end = 0;  // one past the lines up to the first empty line
  bool later_candidates = false;
  bool is_digest = false;  // three sections or more have a heading directly above their text
};

int Score(const std::vector<DraftBlock>& blocks, size_t i, const Surroundings& around) {
  const std::string& line = blocks[i].text;
  const size_t words = CountWords(line);
  const std::vector<Token> tokens = TokenizePhrase(line);
  const bool shouts = std::none_of(tokens.begin(), tokens.end(),
                                   [](const Token& token) { return token.is_word && !token.is_all_caps; });
  const bool lower_start = !tokens.empty() && tokens[0].is_word && !tokens[0].is_capitalised;
  int score = 0;
  if (words >= 4) score += 2;
  if (words >= 6) score += 2;
  if (words > 30) score -= 8;
  if (blocks[i].kind == BlockKind::kHeading) score += 3;
  if (around.date_line < around.end && i > around.date_line) score += 3;
  if (blocks[i].gap || i == around.date_line + 1) score += 2;
  if (shouts && words < 5 && i == 0) score -= 2;
  if (i < around.first_stanza_end && around.first_stanza_end > 1 && around.later_candidates) score -= 3;
  if (IsOutletName(line)) score -= words < 7 ? 5 : 2;
  if (IsTagline(line)) score -= 6;
  if (IsNumbered(line)) score -= 6;
  if (lower_start) score -= 3;
  if (line.find('|') != line.npos) score -= 3;
  if (line.starts_with('[')) score -= 2;
  if (around.is_digest && HeadsTextBelow(blocks, i)) score -= 12;
  return score;
}

}  // namespace

bool IsSameTitle(std::string_view a, std::string_view b) { return a == b || (!a.empty() && Plain(a) == Plain(b)); }

size_t FindTitle(const std::vector<DraftBlock>& blocks, const std::vector<bool>& taken, size_t end, size_t date_line,
                 std::string_view trail_end) {
  Surroundings around;
  around.end = end;
  around.date_line = date_line;
  while (around.first_stanza_end < end && (around.first_stanza_end == 0 || !blocks[around.first_stanza_end].gap))
    ++around.first_stanza_end;
  size_t headings = 0;
  for (size_t i = 0; i < blocks.size(); ++i) headings += HeadsTextBelow(blocks, i) ? 1 : 0;
  around.is_digest = headings >= 3;
  for (size_t i = around.first_stanza_end; i < end; ++i) {
    if (!taken[i] && !(around.is_digest && HeadsTextBelow(blocks, i))) around.later_candidates = true;
  }
  size_t best = end;
  int best_score = -1;
  for (size_t i = 0; i < end; ++i) {
    if (taken[i]) continue;
    if (!trail_end.empty() && IsSameTitle(blocks[i].text, trail_end)) return i;
    if (const int score = Score(blocks, i, around); score > best_score) {
      best_score = score;
      best = i;
    }
  }
  return best;
}

}  // namespace interdict::pipeline
