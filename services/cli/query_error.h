// Shows where in a query, a filter or an order the server could not follow: the text with a caret under the place.
#pragma once

#include <map>
#include <ostream>
#include <string>

#include "absl/status/status.h"

namespace interdict::cli {

// Field of the request (`query`, `filter`, `order_by`) to what was sent in it.
using SentTexts = std::map<std::string, std::string>;

// Writes two lines, the text and carets under the place that the error's metadata name; nothing if they name none.
// Texts of several lines are shown as one.
void ShowPlaceOfError(std::ostream& out, const absl::Status& status, const SentTexts& texts);

}  // namespace interdict::cli
