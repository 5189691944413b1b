// Entities: what is counted over mentions, who is found by name, and when a mention joins an entity or only may.
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/index/fold/entity_fold.h"
#include "services/index/fold/store_directory.h"
#include "services/index/fold/stored_entities.h"
#include "services/index/resolve/entities/entity_keys.h"
#include "services/index/resolve/entities/entity_resolver.h"
#include "services/index/screening/entity_reader.h"
#include "services/index/screening/match_names.h"
#include "services/index/screening/second_identifiers.h"
#include "storage/ids/ids.h"
#include "storage/records/keys.h"
#include "tests/index/index_fixture.h"
#include "tests/status_matchers.h"

namespace interdict::index::testing {
namespace {

using interdict::testing::IsOk;
using internal::v1::Decision;
using internal::v1::IntakeEntry;
using internal::v1::MentionLinked;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string Hex32(int number) { return absl::StrCat(std::string(30, '0'), number / 10, number % 10); }

// Keeps entities findable as a shard does and as the resolver's view does.
class FindableEntities : public EntityChanges {
 public:
  FindableEntities(const records::Reader& reader, records::Batch* batch, NameChanges* names)
      : names_(reader, batch, names), keys_(batch) {}
  absl::Status Changed(const std::string& entity_id, const internal::v1::StoredEntity& before,
                       internal::v1::StoredEntity* after) override {
    absl::Status status = names_.Changed(entity_id, before, after);
    return status.ok() ? keys_.Changed(entity_id, before, after) : status;
  }

 private:
  EntityNames names_;
  EntityKeyRows keys_;
};

// A store that decisions are folded into, as a shard and the resolver's view do.
class EntityTest : public ::testing::Test {
 protected:
  EntityTest() {
    records::StoreOptions options = ShardStoreOptions();
    options.families.emplace_back(kEntityKeys);
    auto store = records::Store::Open(folder_ / "store", options);
    EXPECT_THAT(store, IsOk());
    store_ = *std::move(store);
  }

  MentionLinked Mention(int entity, int incident, int report, const std::string& name, uint32_t party = 0) {
    MentionLinked linked;
    linked.set_entity_id(Hex32(entity));
    linked.set_kind(v1::PARTY_KIND_PERSON);
    linked.set_display_name(name);
    linked.set_incident_id(Hex32(incident));
    linked.set_group_id(Hex32(incident));
    linked.set_report_id(Hex32(report));
    linked.set_document_id(std::string(64, 'a'));
    linked.set_role(v1::PARTY_ROLE_SUSPECT);
    linked.set_party_index(party);
    linked.set_score(1);
    return linked;
  }

  void Link(const MentionLinked& linked) {
    ParsedEntry entry;
    entry.partition = {log::LogName::kIncidents, 0};
    entry.sequence = ++sequence_;
    entry.append_time_us = static_cast<int64_t>(sequence_) * 1'000'000;
    entry.decision.emplace();
    *entry.decision->mutable_mention_linked() = linked;
    Commit([&](const records::Reader& reader, records::Batch* batch, EntityChanges* changes) {
      return FoldMention(entry, *records::IdFromHex(linked.incident_id(), 16), reader, batch, changes);
    });
  }

  void Drop(int report, int incident) {
    Commit([&](const records::Reader& reader, records::Batch* batch, EntityChanges* changes) {
      return DropMentions(*records::IdFromHex(Hex32(report), 16), *records::IdFromHex(Hex32(incident), 16), reader,
                          batch, changes);
    });
  }

  template <typename Work>
  void Commit(const Work& work) {
    records::Batch batch;
    NameChanges names;
    const auto base = store_->Snapshot();
    const records::OverlayReader reader(base.get(), &batch);
    FindableEntities changes(reader, &batch, &names);
    ASSERT_THAT(work(reader, &batch, &changes), IsOk());
    ASSERT_THAT(names.WriteTo(*base, &batch), IsOk());
    ASSERT_THAT(store_->Commit(batch, /*durable=*/false), IsOk());
  }

  std::optional<internal::v1::StoredEntity> Stored(int entity) {
    auto stored = LoadEntity(*store_->Snapshot(), *records::IdFromHex(Hex32(entity), 16));
    EXPECT_THAT(stored, IsOk());
    return *stored;
  }

  std::vector<std::string> Found(const std::string& name) {
    internal::v1::MatchNamesRequest request;
    request.mutable_request()->add_queries()->set_name(name);
    request.mutable_request()->set_threshold(0.7);
    request.mutable_request()->set_limit(10);
    auto response = MatchNames(*store_->Snapshot(), searcher_, request, [] { return absl::OkStatus(); });
    EXPECT_THAT(response, IsOk());
    std::vector<std::string> found;
    for (const v1::EntityMatch& match : response->results(0).matches()) {
      EXPECT_LT(match.score(), 1.0);
      found.push_back(match.entity().name());
    }
    return found;
  }

  // A report with one party.
  v1::Report ReportOf(const std::string& name, v1::PartyKind kind = v1::PARTY_KIND_PERSON,
                      const std::string& country = "") {
    v1::Report report;
    v1::Party* party = report.mutable_facts()->add_parties();
    party->set_name(name);
    party->set_named(true);
    party->set_kind(kind);
    party->set_nationality_code(country);
    return report;
  }

  std::vector<EntityDecision> Resolve(const v1::Report& report, int report_id, int incident) {
    auto decisions = ResolveEntities({.report = &report,
                                      .document_id = std::string(64, 'b'),
                                      .report_id = Hex32(report_id),
                                      .incident_id = Hex32(incident),
                                      .group_id = Hex32(incident),
                                      .published = "2021-04-01"},
                                     *store_->Snapshot());
    EXPECT_THAT(decisions, IsOk());
    return *std::move(decisions);
  }

  // Resolves and links; the decision of the first party.
  EntityDecision Note(const v1::Report& report, int report_id, int incident) {
    const auto decisions = Resolve(report, report_id, incident);
    for (const EntityDecision& decision : decisions) Link(decision.linked);
    return decisions.at(0);
  }

  TempFolder folder_;
  std::unique_ptr<records::Store> store_;
  names::NameSearcher searcher_;
  uint64_t sequence_ = 0;
};

TEST_F(EntityTest, IsCountedOverItsMentionsInAnyOrder) {
  Link(Mention(1, 10, 20, "Ivan Example"));
  MentionLinked fuller = Mention(1, 11, 21, "Ivan Petrovich Example");
  fuller.add_aliases("Vanya");
  fuller.add_country_codes("RU");
  Link(fuller);
  Link(fuller);  // twice counts once
  auto stored = Stored(1);
  ASSERT_TRUE(stored.has_value());
  EXPECT_EQ(stored->mention_count(), 2u);
  const v1::Entity entity = EntityOf(*records::IdFromHex(Hex32(1), 16), *stored);
  EXPECT_EQ(entity.display_name(), "Ivan Petrovich Example");
  EXPECT_THAT(entity.aliases(), ElementsAre("Ivan Example", "Vanya"));
  EXPECT_THAT(entity.country_codes(), ElementsAre("RU"));
  EXPECT_THAT(Found("Petrovich Example, Ivan"), ElementsAre("entities/" + Hex32(1)));
  Drop(21, 11);
  stored = Stored(1);
  ASSERT_TRUE(stored.has_value());
  EXPECT_EQ(EntityOf(*records::IdFromHex(Hex32(1), 16), *stored).display_name(), "Ivan Example");
  EXPECT_THAT(stored->aliases(), IsEmpty());
  EXPECT_THAT(stored->country_codes(), IsEmpty());
  Drop(20, 10);
  EXPECT_FALSE(Stored(1).has_value());
  EXPECT_THAT(Found("Ivan Example"), IsEmpty());
}

TEST_F(EntityTest, APartyIsOfOneEntityAtATime) {
  Link(Mention(1, 10, 20, "Ivan Example"));
  Link(Mention(2, 10, 20, "Ivan Example"));
  EXPECT_FALSE(Stored(1).has_value());
  ASSERT_TRUE(Stored(2).has_value());
  EXPECT_EQ(Stored(2)->mention_count(), 1u);
}

TEST_F(EntityTest, NeighboursStandInTheSameIncidentsButNotThroughObservers) {
  Link(Mention(1, 10, 20, "Ivan Example", 0));
  Link(Mention(2, 10, 20, "Petra Sample", 1));
  MentionLinked police = Mention(3, 10, 20, "Example Customs", 2);
  police.set_role(v1::PARTY_ROLE_AUTHORITY);
  Link(police);
  internal::v1::ReadNeighboursRequest request;
  request.add_entity_ids(Hex32(1));
  request.set_max_incidents(10);
  const auto ok = [] { return absl::OkStatus(); };
  auto response = ReadNeighbours(*store_->Snapshot(), request, ok);
  ASSERT_THAT(response, IsOk());
  EXPECT_THAT(response->edges(), SizeIs(2));
  request.set_include_observers(true);
  EXPECT_THAT(ReadNeighbours(*store_->Snapshot(), request, ok)->edges(), SizeIs(3));
}

TEST_F(EntityTest, ANameAloneJoinsNoTwoPersons) {
  const EntityDecision first = Note(ReportOf("Kim Chol Nam", v1::PARTY_KIND_PERSON, "KP"), 20, 10);
  EXPECT_TRUE(first.is_new);
  EXPECT_EQ(first.linked.entity_id(), NewEntityId(Hex32(20), 0));
  const EntityDecision second = Note(ReportOf("KIM, Chol Nam"), 21, 11);
  EXPECT_TRUE(second.is_new);
  ASSERT_THAT(second.suggestions, SizeIs(1));
  EXPECT_EQ(second.suggestions[0].entity_id, first.linked.entity_id());
  // In the same incident it is the same one.
  const EntityDecision third = Note(ReportOf("Kim Chol-nam"), 22, 10);
  EXPECT_FALSE(third.is_new);
  EXPECT_EQ(third.linked.entity_id(), first.linked.entity_id());
}

TEST_F(EntityTest, ASharedAliasAloneJoinsNoTwoPersons) {
  v1::Report told = ReportOf("Ivan Petrovich Example");
  told.mutable_facts()->mutable_parties(0)->add_aliases("Vasily Pattern");
  const EntityDecision first = Note(told, 20, 10);
  v1::Report other = ReportOf("Stepan Sample");
  other.mutable_facts()->mutable_parties(0)->add_aliases("Vasily Pattern");
  EXPECT_TRUE(Note(other, 21, 11).is_new);
  const EntityDecision by_alias = Note(ReportOf("Vasily Pattern"), 22, 12);
  EXPECT_TRUE(by_alias.is_new);
  EXPECT_THAT(by_alias.suggestions, SizeIs(2));
}

TEST_F(EntityTest, FiltersAndThresholdDecideWhoMatches) {
  MentionLinked person = Mention(1, 10, 20, "Meridian Example");
  person.add_country_codes("KP");
  Link(person);
  MentionLinked company = Mention(2, 11, 21, "Meridian Example");
  company.set_kind(v1::PARTY_KIND_ORGANIZATION);
  company.set_role(v1::PARTY_ROLE_AUTHORITY);
  company.add_country_codes("CY");
  Link(company);
  const auto found = [this](const std::function<void(v1::MatchEntitiesRequest*)>& set) {
    internal::v1::MatchNamesRequest request;
    request.mutable_request()->add_queries()->set_name("Meridian Exampel");
    request.mutable_request()->set_threshold(0.7);
    request.mutable_request()->set_limit(10);
    set(request.mutable_request());
    auto response = MatchNames(*store_->Snapshot(), searcher_, request, [] { return absl::OkStatus(); });
    EXPECT_THAT(response, IsOk());
    std::vector<std::string> names;
    for (const v1::EntityMatch& match : response->results(0).matches()) names.push_back(match.entity().name());
    return names;
  };
  const std::string one = "entities/" + Hex32(1);
  const std::string other = "entities/" + Hex32(2);
  EXPECT_THAT(found([](auto*) {}), SizeIs(2));
  EXPECT_THAT(found([](auto* request) { request->add_kinds(v1::PARTY_KIND_PERSON); }), ElementsAre(one));
  EXPECT_THAT(found([](auto* request) { request->add_country_codes("CY"); }), ElementsAre(other));
  EXPECT_THAT(found([](auto* request) { request->add_roles(v1::PARTY_ROLE_AUTHORITY); }), ElementsAre(other));
  EXPECT_THAT(found([](auto* request) { request->set_source(v1::MATCH_SOURCE_LISTS); }), IsEmpty());
  EXPECT_THAT(found([](auto* request) { request->set_limit(1); }), SizeIs(1));
  EXPECT_THAT(found([](auto* request) { request->set_threshold(0.95); }), IsEmpty());
}

TEST_F(EntityTest, NationalityAndOfficeJoinButAContradictionOnlySuggests) {
  v1::Report told = ReportOf("Kim Chol Nam", v1::PARTY_KIND_PERSON, "KP");
  told.mutable_facts()->mutable_parties(0)->set_position("economic attaché");
  const EntityDecision first = Note(told, 20, 10);
  EXPECT_EQ(Note(told, 21, 11).linked.entity_id(), first.linked.entity_id());
  v1::Report other = told;
  other.mutable_facts()->mutable_parties(0)->set_nationality_code("KR");
  const EntityDecision apart = Note(other, 22, 12);
  EXPECT_TRUE(apart.is_new);
  EXPECT_THAT(apart.suggestions, SizeIs(1));
}

TEST_F(EntityTest, OrganizationsOfOneFullNameJoinUnlessTheirCountriesDiffer) {
  const auto company = [this](const std::string& country) {
    return ReportOf("Example Meridian Trading Corporation", v1::PARTY_KIND_ORGANIZATION, country);
  };
  const EntityDecision first = Note(company("KP"), 20, 10);
  EXPECT_EQ(Note(company(""), 21, 11).linked.entity_id(), first.linked.entity_id());
  EXPECT_TRUE(Note(company("CY"), 22, 12).is_new);
}

TEST_F(EntityTest, UnnamedPartiesAreNobody) {
  v1::Report report = ReportOf("a local businessman");
  report.mutable_facts()->mutable_parties(0)->set_named(false);
  EXPECT_THAT(Resolve(report, 20, 10), IsEmpty());
}

TEST_F(EntityTest, ShipsJoinByTheirNumberAndAnotherNameIsACaseForAPerson) {
  const auto ship = [this](const std::string& name, const std::string& imo) {
    v1::Report report = ReportOf(name, v1::PARTY_KIND_VESSEL);
    v1::Conveyance* conveyance = report.mutable_facts()->add_conveyances();
    conveyance->set_name(name);
    conveyance->set_imo_number(imo);
    return report;
  };
  const EntityDecision first = Note(ship("Jade Example", "9074729"), 20, 10);
  EXPECT_EQ(Note(ship("Jade Example", "9074729"), 21, 11).linked.entity_id(), first.linked.entity_id());
  const EntityDecision renamed = Note(ship("Coral Harbour", "9074729"), 22, 12);
  EXPECT_TRUE(renamed.is_new);
  EXPECT_THAT(renamed.suggestions, SizeIs(1));
}

TEST_F(EntityTest, HostileNamesResolveToSomething) {
  EXPECT_TRUE(Note(ReportOf("!!! ---"), 20, 10).is_new);
  EXPECT_TRUE(Note(ReportOf(std::string(10'000, 'x')), 21, 11).is_new);
  EXPECT_TRUE(Note(ReportOf("\xff\xfe"), 22, 12).is_new);
}

TEST(DatesTest, CompareByWhatTheyCover) {
  google::protobuf::RepeatedPtrField<std::string> dates;
  *dates.Add() = "1963-10-24";
  EXPECT_EQ(CompareDates("1963-10-24", dates), DatesAre::kSameDay);
  EXPECT_EQ(CompareDates("1963", dates), DatesAre::kOverlapping);
  EXPECT_EQ(CompareDates("1962/1964", dates), DatesAre::kOverlapping);
  EXPECT_EQ(CompareDates("1964~", dates), DatesAre::kOverlapping);
  EXPECT_EQ(CompareDates("1970", dates), DatesAre::kDifferent);
  EXPECT_EQ(CompareDates("", dates), DatesAre::kNotCompared);
  EXPECT_EQ(CompareDates("unknown", dates), DatesAre::kNotCompared);
}

// The entry of a list: found once it is in force, certain only with a second identifier.
class ListMatchTest : public ::testing::Test {
 protected:
  ListMatchTest() : ingest_(&log_) {
    IntakeEntry entry;
    auto* chunk = entry.mutable_list_chunk();
    chunk->set_list_id("demo");
    chunk->set_import_id(Hex32(1));
    v1::ListEntry* listed = chunk->add_entries();
    listed->set_name("lists/demo/entries/9001");
    listed->set_entry_id("9001");
    listed->set_kind(v1::PARTY_KIND_PERSON);
    listed->add_names()->set_full_name("Chol Nam KIM");
    listed->add_birth_dates("1963-10-24");
    listed->add_nationality_codes("KP");
    hash_ = records::HexFromId(ids::Sha256(chunk->SerializeAsString()));
    ingest_.Append(entry, std::string(64, '0'));
  }

  void Publish() {
    IntakeEntry entry;
    auto* published = entry.mutable_list_published();
    published->mutable_list()->set_name("lists/demo");
    published->mutable_list()->set_version("1");
    published->mutable_list()->set_entry_count(1);
    published->set_import_id(Hex32(1));
    published->set_chunk_count(1);
    published->set_entry_count(1);
    published->set_chunks_sha256(hash_);
    ingest_.Append(entry, std::string(64, '0'));
  }

  internal::v1::MatchNamesResponse Match(const v1::MatchQuery& query) {
    DecideAll(&log_, folder_ / "view");
    shard_ = FoldAll(folder_ / "index", &log_);
    internal::v1::MatchNamesRequest request;
    *request.mutable_request()->add_queries() = query;
    request.mutable_request()->set_threshold(0.5);
    request.mutable_request()->set_limit(10);
    request.mutable_request()->set_explain(true);
    auto response = MatchNames(*shard_->Snapshot(), searcher_, request, [] { return absl::OkStatus(); });
    EXPECT_THAT(response, IsOk());
    shard_.reset();
    return *std::move(response);
  }

  TempFolder folder_;
  log::MemoryLog log_;
  FakeIngest ingest_;
  names::NameSearcher searcher_;
  std::unique_ptr<Shard> shard_;
  std::string hash_;
};

TEST_F(ListMatchTest, IsFoundOnceItIsInForceAndTheListsAreTold) {
  v1::MatchQuery query;
  query.set_name("Kim Chol Nam");
  EXPECT_THAT(Match(query).results(0).matches(), IsEmpty());
  Publish();
  const auto found = Match(query);
  ASSERT_THAT(found.results(0).matches(), SizeIs(1));
  EXPECT_EQ(found.results(0).matches(0).entry().entry_id(), "9001");
  // A name alone stays a suggestion, also with the country: another Kim Chol Nam may be meant.
  EXPECT_LT(found.results(0).matches(0).score(), 1.0);
  query.add_country_codes("KP");
  EXPECT_LT(Match(query).results(0).matches(0).score(), 1.0);
  ASSERT_THAT(found.lists(), SizeIs(1));
  query.set_name("Nobody Atall");
  const auto nothing = Match(query);
  EXPECT_THAT(nothing.results(0).matches(), IsEmpty());
  EXPECT_THAT(nothing.lists(), SizeIs(1));
}

TEST_F(ListMatchTest, ASecondIdentifierMakesCertainAndAContradictionDoubtful) {
  Publish();
  v1::MatchQuery query;
  query.set_name("Kim Chol Nam");
  query.set_birth_date("1963-10-24");
  EXPECT_EQ(Match(query).results(0).matches(0).score(), 1.0);
  query.set_birth_date("1985-01-01");
  const auto doubtful = Match(query);
  ASSERT_THAT(doubtful.results(0).matches(), SizeIs(1));
  EXPECT_TRUE(doubtful.results(0).matches(0).contradiction());
  EXPECT_LT(doubtful.results(0).matches(0).score(), 0.7);
  EXPECT_GT(doubtful.results(0).matches(0).parts_size(), 0);
  query.set_name("... !!!");
  EXPECT_THAT(Match(query).results(0).matches(), IsEmpty());
}

}  // namespace
}  // namespace interdict::index::testing
