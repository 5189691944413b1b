#include "services/cli/config_file.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "CLI/Config.hpp"
#include "absl/strings/str_join.h"

namespace interdict::cli {
namespace {

absl::Status BadKey(const std::string& path, const CLI::ConfigItem& item, const std::string& problem) {
  return absl::InvalidArgumentError(path + ": " + item.fullname() + ": " + problem);
}

CLI::Option* FindOption(CLI::App& verb, const std::string& key) {
  // The config file cannot name another one, and help is no setting.
  if (key == "config" || key == "help") return nullptr;
  return verb.get_option_no_throw("--" + key);
}

absl::Status Apply(const std::string& path, const CLI::ConfigItem& item, CLI::App& verb) {
  CLI::Option* option = FindOption(verb, item.name);
  if (option == nullptr) return absl::OkStatus();  // another verb's
  try {
    if (option->get_expected_min() == 0) {
      // A flag: its value is a word, and false takes back what stood at the top.
      const bool on = item.inputs.size() == 1 && CLI::detail::to_flag_value(item.inputs.front()) > 0;
      option->default_val(on ? "true" : "false");
    } else if (item.inputs.size() == 1) {
      option->default_val(item.inputs.front());
    } else if (option->get_expected_max() > 1 && !item.inputs.empty()) {
      // In this notation a default value may be a list; values one by one would replace each other.
      option->default_val("[" + absl::StrJoin(item.inputs, ",") + "]");
    } else {
      return BadKey(path, item, "takes one value");
    }
  } catch (const CLI::Error& error) {
    return BadKey(path, item, error.what());
  } catch (const std::invalid_argument&) {
    return BadKey(path, item, "must be true or false");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ApplyConfigFile(const std::string& path, CLI::App& verb, const std::vector<CLI::App*>& verbs) {
  std::vector<CLI::ConfigItem> items;
  try {
    if (!std::ifstream(path).good())
      return absl::NotFoundError("the config file " + path + " is not there or cannot be read");
    items = CLI::ConfigTOML().from_file(path);
  } catch (const CLI::Error& error) {
    return absl::InvalidArgumentError(path + ": " + error.what());
  }
  // Keys of the verb's section come after, and so win over, those at the top.
  std::stable_sort(items.begin(), items.end(),
                   [](const auto& a, const auto& b) { return a.parents.size() < b.parents.size(); });
  for (const CLI::ConfigItem& item : items) {
    // CLI11 marks begin and end of a section by items of these names.
    if (item.name == "++" || item.name == "--") continue;
    std::vector<CLI::App*> meant = verbs;
    if (!item.parents.empty()) {
      std::erase_if(
          meant, [&item](const CLI::App* each) { return item.parents != std::vector<std::string>{each->get_name()}; });
      if (meant.empty()) return BadKey(path, item, "no such section; known are [serve], [ingest], [index], [query]");
    }
    if (std::none_of(meant.begin(), meant.end(),
                     [&item](CLI::App* each) { return FindOption(*each, item.name) != nullptr; })) {
      return BadKey(path, item, "no such key; `interdict serve --help` lists them (without the dashes)");
    }
    if (std::find(meant.begin(), meant.end(), &verb) == meant.end()) continue;
    if (absl::Status status = Apply(path, item, verb); !status.ok()) return status;
  }
  return absl::OkStatus();
}

std::string FindConfigFile(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--config" && i + 1 < argc) return argv[i + 1];
    if (word.rfind("--config=", 0) == 0) return word.substr(9);
  }
  const char* path = std::getenv("INTERDICT_CONFIG");
  return path == nullptr ? "" : path;
}

}  // namespace interdict::cli
