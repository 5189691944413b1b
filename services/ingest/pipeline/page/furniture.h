// Lines that belong to the site and not to the article: buttons, menus, adverts, cookie and newsletter texts, captions.
// English.
#pragma once

#include <string_view>

namespace interdict::pipeline {

// Whether the line never is main text: "Share this", "Read more: …", "© 2021", "Advertisement", a menu, a cookie
// notice, an invitation to subscribe, a photo credit. Also of whole paragraphs, as cookie notices are.
bool IsFurniture(std::string_view line);

// "Related articles", "Most read", "3 comments": a heading whose section is not the article.
bool IsFurnitureHeading(std::string_view line);

// "(Reporting by Jane Doe in Rome; editing by J. Roe)": who made the article, below it.
bool IsCredits(std::string_view line);

}  // namespace interdict::pipeline
