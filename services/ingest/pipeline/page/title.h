// Which line above an article is its headline.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "services/ingest/pipeline/page/draft.h"

namespace interdict::pipeline {

// Whether two lines are one headline: case, quotes and end marks aside.
bool IsSameTitle(std::string_view a, std::string_view b);

// The index of the headline among the first `end` blocks that are not `taken`; `end` where none of them looks like one,
// as in a digest that has a masthead only. `date_line` is the index of the date line, `end` for none. `trail_end` is
// the last item of the section trail, which often repeats the headline.
size_t FindTitle(const std::vector<DraftBlock>& blocks, const std::vector<bool>& taken, size_t end, size_t date_line,
                 std::string_view trail_end);

}  // namespace interdict::pipeline
