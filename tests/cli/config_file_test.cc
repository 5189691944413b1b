#include "services/cli/config_file.h"

#include <cstdlib>
#include <string>
#include <vector>

#include "CLI/Config.hpp"
#include "CLI/Formatter.hpp"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cli/temp_folder.h"
#include "tests/status_matchers.h"

namespace interdict::cli {
namespace {

using ::interdict::testing::IsOk;
using ::interdict::testing::StatusIs;
using ::interdict::testing::TempFolder;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Settings of a verb, of each kind that the service verbs have.
struct Settings {
  std::string data = "data";
  int threads = 4;
  double drain = 20;
  bool insecure = false;
  std::vector<std::string> index = {"127.0.0.1:1"};
};

CLI::App* AddVerb(CLI::App& app, const std::string& name, Settings& settings) {
  CLI::App* verb = app.add_subcommand(name);
  verb->add_option("--threads", settings.threads)->envname("INTERDICT_TEST_THREADS")->check(CLI::Range(1, 100));
  verb->add_option("--drain", settings.drain);
  verb->add_flag("--insecure", settings.insecure)->envname("INTERDICT_TEST_INSECURE");
  return verb;
}

class ConfigFileTest : public ::testing::Test {
 protected:
  ConfigFileTest() {
    serve_->add_option("--data", settings_.data);
    serve_->add_option("--config", config_);
    query_->add_option("--index", query_settings_.index);
  }
  ~ConfigFileTest() override {
    unsetenv("INTERDICT_TEST_THREADS");
    unsetenv("INTERDICT_CONFIG");
  }

  absl::Status Apply(const std::string& content) { return ApplyTo(*serve_, content); }
  absl::Status ApplyTo(CLI::App& verb, const std::string& content) {
    return ApplyConfigFile(folder_.Write("interdict.toml", content), verb, {serve_, query_});
  }
  void Parse(std::vector<std::string> words) {
    std::vector<const char*> argv = {"interdict"};
    for (const std::string& word : words) argv.push_back(word.c_str());
    app_.parse(static_cast<int>(argv.size()), argv.data());
  }

  TempFolder folder_;
  CLI::App app_;
  Settings settings_;
  Settings query_settings_;
  std::string config_;
  CLI::App* serve_ = AddVerb(app_, "serve", settings_);
  CLI::App* query_ = AddVerb(app_, "query", query_settings_);
};

TEST_F(ConfigFileTest, ValuesOfEachKindAreTaken) {
  ASSERT_THAT(Apply("# a comment\ndata = \"/var/lib/x y\"\nthreads = 8\ndrain = 2.5\ninsecure = true\n"), IsOk());
  Parse({"serve"});
  EXPECT_EQ(settings_.data, "/var/lib/x y");
  EXPECT_EQ(settings_.threads, 8);
  EXPECT_EQ(settings_.drain, 2.5);
  EXPECT_TRUE(settings_.insecure);
}

TEST_F(ConfigFileTest, WhatIsNotNamedKeepsItsDefault) {
  ASSERT_THAT(Apply("threads = 8\n"), IsOk());
  Parse({"serve"});
  EXPECT_EQ(settings_.data, "data");
  EXPECT_FALSE(settings_.insecure);
}

TEST_F(ConfigFileTest, FlagWinsOverEnvironmentAndEnvironmentOverFile) {
  setenv("INTERDICT_TEST_THREADS", "16", 1);
  ASSERT_THAT(Apply("threads = 8\ndrain = 3\n"), IsOk());
  Parse({"serve", "--drain", "7"});
  EXPECT_EQ(settings_.threads, 16);
  EXPECT_EQ(settings_.drain, 7);
}

TEST_F(ConfigFileTest, FlagWinsOverFile) {
  setenv("INTERDICT_TEST_THREADS", "16", 1);
  ASSERT_THAT(Apply("threads = 8\ndata = \"a\"\n"), IsOk());
  Parse({"serve", "--threads", "32", "--data=b"});
  EXPECT_EQ(settings_.threads, 32);
  EXPECT_EQ(settings_.data, "b");
}

TEST_F(ConfigFileTest, SectionOfTheVerbWinsOverTheTop) {
  ASSERT_THAT(Apply("threads = 8\ndrain = 3\n[serve]\nthreads = 9\n[query]\nthreads = 10\n"), IsOk());
  Parse({"serve"});
  EXPECT_EQ(settings_.threads, 9);
  EXPECT_EQ(settings_.drain, 3);
  EXPECT_EQ(query_settings_.threads, 4) << "settings of a verb that is not run are left alone";
}

TEST_F(ConfigFileTest, SectionCanTakeBackAFlag) {
  ASSERT_THAT(Apply("insecure = true\n[serve]\ninsecure = false\n"), IsOk());
  Parse({"serve"});
  EXPECT_FALSE(settings_.insecure);
}

TEST_F(ConfigFileTest, KeyOfAnotherVerbAtTheTopIsLeftAlone) {
  ASSERT_THAT(Apply("index = \"127.0.0.1:2\"\n"), IsOk());
  Parse({"serve"});
  EXPECT_EQ(settings_.threads, 4);
}

TEST_F(ConfigFileTest, ListGivesAllItsValues) {
  ASSERT_THAT(ApplyTo(*query_, "index = [\"h1:1\", \"h2:2\", \"h3:3\"]\n"), IsOk());
  Parse({"query"});
  EXPECT_THAT(query_settings_.index, ElementsAre("h1:1", "h2:2", "h3:3"));
}

TEST_F(ConfigFileTest, FlagReplacesAListOfTheFile) {
  ASSERT_THAT(ApplyTo(*query_, "index = [\"h1:1\", \"h2:2\"]\n"), IsOk());
  Parse({"query", "--index", "h9:9"});
  EXPECT_THAT(query_settings_.index, ElementsAre("h9:9"));
}

TEST_F(ConfigFileTest, ListForASingleValueIsRefused) {
  EXPECT_THAT(Apply("threads = [1, 2]\n"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("threads")));
}

TEST_F(ConfigFileTest, UnknownKeyIsNamedWithTheFile) {
  EXPECT_THAT(Apply("thread = 8\n"), StatusIs(absl::StatusCode::kInvalidArgument,
                                              AllOf(HasSubstr("interdict.toml: thread:"), HasSubstr("no such key"))));
}

TEST_F(ConfigFileTest, KeyOfAnotherVerbInTheSectionIsUnknown) {
  EXPECT_THAT(Apply("[serve]\nindex = \"h:1\"\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("serve.index")));
}

TEST_F(ConfigFileTest, MistakeInTheSectionOfAnotherVerbIsSeen) {
  EXPECT_THAT(Apply("[query]\nindx = \"h:1\"\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("query.indx")));
}

TEST_F(ConfigFileTest, UnknownSectionIsRefused) {
  EXPECT_THAT(Apply("[server]\nthreads = 8\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, AllOf(HasSubstr("server.threads"), HasSubstr("section"))));
}

TEST_F(ConfigFileTest, BadValuesNameTheirKey) {
  EXPECT_THAT(Apply("threads = many\n"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("threads")));
  EXPECT_THAT(Apply("threads = 0\n"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("threads")));
  EXPECT_THAT(Apply("drain = 1h\n"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("drain")));
  EXPECT_THAT(Apply("insecure = perhaps\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, AllOf(HasSubstr("insecure"), HasSubstr("true or false"))));
}

TEST_F(ConfigFileTest, ConfigAndHelpAreNoKeys) {
  EXPECT_THAT(Apply("config = \"other.toml\"\n"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("config")));
  EXPECT_THAT(Apply("help = true\n"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("help")));
}

TEST_F(ConfigFileTest, MissingFileIsNotFound) {
  EXPECT_THAT(ApplyConfigFile(folder_.Path("none.toml"), *serve_, {serve_, query_}),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("none.toml")));
}

TEST_F(ConfigFileTest, FileIsFoundByFlagBeforeEnvironment) {
  const char* apart[] = {"interdict", "serve", "--config", "a.toml"};
  const char* joined[] = {"interdict", "serve", "--config=b.toml"};
  const char* none[] = {"interdict", "serve"};
  EXPECT_EQ(FindConfigFile(2, none), "");
  setenv("INTERDICT_CONFIG", "c.toml", 1);
  EXPECT_EQ(FindConfigFile(4, apart), "a.toml");
  EXPECT_EQ(FindConfigFile(3, joined), "b.toml");
  EXPECT_EQ(FindConfigFile(2, none), "c.toml");
}

}  // namespace
}  // namespace interdict::cli
