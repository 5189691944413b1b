#include <algorithm>
#include <array>
#include <map>

#include "services/ingest/pipeline/assemble/facts.h"
#include "services/ingest/pipeline/learned/candidates.h"

namespace interdict::pipeline {
namespace {

struct PlaceVote {
  double score = 0;
  std::vector<const Mention*> mentions;
};

using Key = std::pair<v1::PlaceRole, std::string>;

class PlaceVoter {
 public:
  explicit PlaceVoter(const DraftView& view) : view_(view), text_(view.reading.text) {}

  std::map<Key, PlaceVote> Run() {
    const Mention* previous = nullptr;
    v1::PlaceRole previous_role = v1::PLACE_ROLE_UNSPECIFIED;
    for (const Mention* m : view_.mentions) {
      if (m->kind != MentionKind::kPlace || m->codes.empty()) continue;
      if (m->is_demonym) {
        CountDemonym(*m);
        continue;
      }
      // "from Ruritania's top arms companies" is no place of the route, "from Ruritania's Port Doria" is.
      if (m->end_token + 1 < text_.tokens.size() && IsPossessive(m->end_token) &&
          !text_.tokens[m->end_token + 1].is_capitalised)
        continue;
      v1::PlaceRole role = RoleBefore(*m);
      if (role == v1::PLACE_ROLE_UNSPECIFIED && previous != nullptr && Continues(*previous, *m)) role = previous_role;
      Add(*m, role);
      previous = m;
      previous_role = role;
    }
    CountAuthorities();
    return std::move(votes_);
  }

 private:
  bool IsPossessive(uint32_t token) const {
    const std::string& w = text_.tokens[token].folded;
    return w == "'s" || w == "\u2019s";
  }

  bool HasAct(uint32_t sentence) const {
    for (const Frame* f : view_.In(sentence).frames)
      if (f->trigger.sentence == sentence && (f->kind == FrameKind::kAct || f->kind == FrameKind::kStage)) return true;
    for (const Mention* m : view_.In(sentence).mentions)
      if (m->sentence == sentence && (m->kind == MentionKind::kGoods || m->kind == MentionKind::kConveyance))
        return true;
    return false;
  }
  bool HasAction(uint32_t sentence) const {
    for (const Frame* f : view_.In(sentence).frames)
      if (f->trigger.sentence == sentence && f->kind == FrameKind::kAction && f->status == v1::ACTION_STATUS_DONE)
        return true;
    return false;
  }

  // "Africa and China", "Bar, Montenegro".
  bool Continues(const Mention& a, const Mention& b) const {
    if (a.sentence != b.sentence || b.first_token < a.end_token || b.first_token - a.end_token > 3) return false;
    for (uint32_t t = a.end_token; t < b.first_token; ++t) {
      const std::string& w = text_.tokens[t].folded;
      if (w != "and" && w != "," && w != "the" && w != "or" && w != "in") return false;
    }
    return true;
  }

  // "to a trading house in Dubai", "from suppliers in Nagoya": the preposition of the noun that stands in the place.
  const TriggerHit* RouteBeforeNoun(const TriggerHit& in) const {
    constexpr uint32_t kNounTokens = 6;
    const TriggerHit* best = nullptr;
    for (const TriggerHit& t : view_.In(in.sentence).triggers) {
      if (t.entry->kind != "place" || t.entry->value == "LOCATION" || t.end_token >= in.first_token ||
          in.first_token - t.end_token > kNounTokens || text_.tokens[t.end_token - 1].folded == "for")
        continue;
      bool noun = true;
      for (uint32_t i = t.end_token; i < in.first_token && noun; ++i) {
        const Token& token = text_.tokens[i];
        noun = token.is_word && token.folded != "and" && token.folded != "was" && token.folded != "were" &&
               token.folded != "is" && token.folded != "be" && token.folded != "by" && token.folded != "who" &&
               token.folded != "which" && token.folded != "that" && token.folded != "said" && token.folded != "in";
        for (const Frame* f : view_.In(in.sentence).frames) noun &= f->trigger.first_token != i || !f->by_verb;
      }
      for (const Mention* party : view_.In(in.sentence).mentions)
        if (party->kind == MentionKind::kParty && (party->role_hint == "AUTHORITY" || party->role_hint == "SOURCE"))
          noun &= party->end_token <= t.end_token || party->first_token >= in.first_token;
      if (t.first_token > 0) {
        const std::string& w = text_.tokens[t.first_token - 1].folded;
        noun &= w != "according" && w != "due" && w != "linked" && w != "related" && w != "pleaded" &&
                w != "referred" && w != "known" && w != "close" && w != "prior" && w != "similar" && w != "belongs" &&
                w != "up";
      }
      if (noun && (best == nullptr || t.end_token > best->end_token ||
                   (t.end_token == best->end_token && t.first_token < best->first_token)))
        best = &t;
    }
    return best;
  }

  v1::PlaceRole RoleBefore(const Mention& m) const {
    const TriggerHit* best = nullptr;
    for (const TriggerHit& t : view_.In(m.sentence).triggers) {
      if (t.sentence != m.sentence || t.entry->kind != "place" || t.end_token > m.first_token ||
          m.first_token - t.end_token > 5)
        continue;
      bool clear = true;
      for (uint32_t i = t.end_token; i < m.first_token; ++i) {
        const Token& token = text_.tokens[i];
        clear &= token.is_word && token.folded != "and" && token.folded != "was" && token.folded != "were" &&
                 token.folded != "by" && token.folded != "who" && token.folded != "with" && token.folded != "for";
      }
      if (!clear) continue;
      const bool of_port = best != nullptr && t.entry->value != "LOCATION";
      if (best == nullptr || t.end_token > best->end_token ||
          (t.end_token == best->end_token && t.first_token < best->first_token) || of_port)
        best = &t;
    }
    if (best == nullptr) return v1::PLACE_ROLE_UNSPECIFIED;
    v1::PlaceRole role = v1::PLACE_ROLE_UNSPECIFIED;
    v1::PlaceRole_Parse("PLACE_ROLE_" + best->entry->value, &role);
    if (role == v1::PLACE_ROLE_LOCATION && best->end_token - best->first_token == 1 && best->end_token == m.first_token)
      if (const TriggerHit* outer = RouteBeforeNoun(*best); outer != nullptr) {
        best = outer;
        v1::PlaceRole_Parse("PLACE_ROLE_" + best->entry->value, &role);
      }
    const bool plain = best->end_token - best->first_token == 1;
    if (plain && role != v1::PLACE_ROLE_LOCATION && !HasAct(m.sentence)) return v1::PLACE_ROLE_UNSPECIFIED;
    return role;
  }

  void Add(const Mention& m, v1::PlaceRole role) {
    double weight = 1;
    if (role == v1::PLACE_ROLE_LOCATION || role == v1::PLACE_ROLE_UNSPECIFIED) {
      if (m.is_region) return;
      weight = (HasAction(m.sentence) ? 2 : 0.5) * (role == v1::PLACE_ROLE_UNSPECIFIED ? 0.4 : 1);
      role = v1::PLACE_ROLE_LOCATION;
    }
    PlaceVote& vote = votes_[{role, m.codes[0]}];
    vote.score += weight;
    vote.mentions.push_back(&m);
  }

  // "Ruritanian crude", "Ruritanian cocaine": raw goods that carry the name of where they come from.
  void CountDemonym(const Mention& m) {
    for (const Mention* g : view_.In(m.sentence).mentions) {
      if (g->kind != MentionKind::kGoods || g->end_token <= m.end_token || g->first_token > m.end_token) continue;
      const std::string& c = g->category;
      if (c != "FUEL" && c != "COAL" && c != "NARCOTICS" && c != "WILDLIFE" && c != "METALS") continue;
      PlaceVote& vote = votes_[{v1::PLACE_ROLE_ORIGIN, m.codes[0]}];
      vote.score += 0.6;
      vote.mentions.push_back(&m);
      return;
    }
  }

  void CountAuthorities() {
    for (const Frame* f : view_.frames) {
      if ((f->kind != FrameKind::kAction && f->kind != FrameKind::kStage) || f->agent < 0 ||
          f->status != v1::ACTION_STATUS_DONE)
        continue;
      const Participant& p = view_.reading.coreference.participants[static_cast<size_t>(f->agent)];
      if (p.role_hint != "AUTHORITY" || p.codes.empty() || p.codes[0].size() != 2) continue;
      for (uint32_t index : p.mentions) {
        const Mention& m = view_.reading.mentions.all[index];
        if (m.codes.empty() || m.codes[0] != p.codes[0]) continue;
        PlaceVote& vote = votes_[{v1::PLACE_ROLE_LOCATION, p.codes[0]}];
        vote.score += 1.5;
        vote.mentions.push_back(&m);
        break;
      }
    }
  }

  const DraftView& view_;
  const TokenizedText& text_;
  std::map<Key, PlaceVote> votes_;
};

constexpr std::array<std::pair<v1::PlaceRole, const char*>, 4> kLearnedRoles = {
    {{v1::PLACE_ROLE_ORIGIN, "origin"},
     {v1::PLACE_ROLE_TRANSIT, "transit"},
     {v1::PLACE_ROLE_DESTINATION, "destination"},
     {v1::PLACE_ROLE_LOCATION, "location"}}};

bool IsCountry(const std::string& code) { return code.size() == 2; }

}  // namespace

namespace {

// "North Korean arms": where nothing else tells where the goods came from, the people whose goods they are do.
void InferOriginFromGoods(const DraftView& view, v1::IncidentFacts* facts) {
  for (const v1::Place& p : facts->places())
    if (p.role() == v1::PLACE_ROLE_ORIGIN) return;
  for (const Mention* goods : view.mentions) {
    if (goods->kind != MentionKind::kGoods || TellingOfGoods(view, *goods) < 2) continue;
    for (const Mention* m : view.In(goods->sentence).mentions) {
      if (m->kind != MentionKind::kPlace || !m->is_demonym || m->codes.size() != 1 || !IsCountry(m->codes[0])) continue;
      if (m->first_token + 2 < goods->first_token || m->end_token > goods->end_token) continue;
      const bool bound = std::any_of(facts->places().begin(), facts->places().end(), [&](const v1::Place& p) {
        return p.role() == v1::PLACE_ROLE_DESTINATION && p.country_code() == m->codes[0];
      });
      if (bound) continue;
      v1::Place* origin = facts->add_places();
      origin->set_role(v1::PLACE_ROLE_ORIGIN);
      origin->set_country_code(m->codes[0]);
      origin->set_name(m->text);
      Support(origin, view.reading.CiteMention(*m), 0.45F, v1::DERIVATION_INFERRED);
      return;
    }
  }
}

// Goods from abroad that were found, with no word of where they were to go on: they were bound for where they were
// found.
void InferDestination(const DraftView& view, v1::IncidentFacts* facts) {
  if (!view.Done(v1::ACTION_TYPE_SEIZURE) && !view.Done(v1::ACTION_TYPE_INTERDICTION)) return;
  const v1::Place* location = nullptr;
  bool from_abroad = false;
  for (const v1::Place& p : facts->places()) {
    if (p.role() == v1::PLACE_ROLE_DESTINATION) return;
    if (p.role() == v1::PLACE_ROLE_LOCATION && location == nullptr) location = &p;
  }
  if (location == nullptr || location->country_code() == "XZ") return;
  for (const v1::Place& p : facts->places()) {
    if (p.role() == v1::PLACE_ROLE_LOCATION) continue;
    if (p.country_code() == location->country_code()) return;
    from_abroad |= p.role() == v1::PLACE_ROLE_ORIGIN;
  }
  if (!from_abroad) return;
  v1::Place destination = *location;
  destination.set_role(v1::PLACE_ROLE_DESTINATION);
  destination.set_confidence(0.4F);
  destination.set_derivation(v1::DERIVATION_INFERRED);
  *facts->add_places() = std::move(destination);
}

// Goods bound abroad of which no other origin is told left from where the act and the response took place.
void InferOrigin(v1::IncidentFacts* facts) {
  const v1::Place* location = nullptr;
  for (const v1::Place& p : facts->places()) {
    if (p.role() == v1::PLACE_ROLE_ORIGIN) return;
    if (p.role() == v1::PLACE_ROLE_LOCATION && location == nullptr) location = &p;
  }
  if (location == nullptr) return;
  bool abroad = false;
  for (const v1::Place& p : facts->places()) {
    if (p.role() != v1::PLACE_ROLE_DESTINATION) continue;
    if (p.country_code() == location->country_code()) return;
    abroad = true;
  }
  if (!abroad) return;
  v1::Place origin = *location;
  origin.set_role(v1::PLACE_ROLE_ORIGIN);
  origin.set_confidence(0.4F);
  origin.set_derivation(v1::DERIVATION_INFERRED);
  *facts->add_places() = std::move(origin);
}

// Goods stopped in a state that is neither where they came from nor where they were bound were passing through it.
void InferTransit(const DraftView& view, v1::IncidentFacts* facts) {
  if (!view.Done(v1::ACTION_TYPE_SEIZURE) && !view.Done(v1::ACTION_TYPE_INTERDICTION)) return;
  bool origin = false;
  bool destination = false;
  for (const v1::Place& p : facts->places()) {
    origin |= p.role() == v1::PLACE_ROLE_ORIGIN;
    destination |= p.role() == v1::PLACE_ROLE_DESTINATION;
  }
  if (!origin || !destination) return;
  const v1::Place* stopped = nullptr;
  for (const v1::Place& p : facts->places())
    if (p.role() == v1::PLACE_ROLE_LOCATION && stopped == nullptr) stopped = &p;
  if (stopped == nullptr) return;
  for (const v1::Place& p : facts->places())
    if (p.role() != v1::PLACE_ROLE_LOCATION && p.country_code() == stopped->country_code()) return;
  v1::Place transit = *stopped;
  transit.set_role(v1::PLACE_ROLE_TRANSIT);
  transit.set_confidence(0.45F);
  transit.set_derivation(v1::DERIVATION_INFERRED);
  *facts->add_places() = std::move(transit);
}

// Where nothing else tells where it happened: the state whose authority acted.
void InferLocation(const DraftView& view, v1::IncidentFacts* facts) {
  for (const v1::Place& p : facts->places())
    if (p.role() == v1::PLACE_ROLE_LOCATION) return;
  for (const Mention* m : view.mentions) {
    const Participant* p = m->kind == MentionKind::kParty ? view.ParticipantOf(*m) : nullptr;
    if (p == nullptr || !p->named || p->role_hint != "AUTHORITY" || m->codes.empty() || m->codes[0].size() != 2)
      continue;
    const bool acts = std::any_of(facts->parties().begin(), facts->parties().end(), [&](const v1::Party& party) {
      return party.role() == v1::PARTY_ROLE_AUTHORITY && party.name() == PartyName(view.reading, *p);
    });
    if (!acts) continue;
    v1::Place place;
    place.set_role(v1::PLACE_ROLE_LOCATION);
    place.set_country_code(m->codes[0]);
    place.set_name(m->text);
    Support(&place, view.reading.CiteMention(*m), 0.45F, v1::DERIVATION_INFERRED);
    *facts->add_places() = std::move(place);
    return;
  }
}

// The learned decisions have the last word on each state's part; a decision that was not learned leaves the rules.
void DecidePlaces(const DraftView& view, v1::IncidentFacts* facts) {
  const Decisions& decisions = view.reading.knowledge.decisions();
  const std::vector<PlaceCandidate> candidates = PlaceCandidates(view, *facts);
  for (const auto& [role, decision] : kLearnedRoles) {
    if (!decisions.Knows(decision)) continue;
    for (const PlaceCandidate& c : candidates) {
      const float probability = decisions.Probability(decision, c.features);
      const auto is_same = [&, role = role](const v1::Place& p) {
        return p.role() == role && (p.country_code() == c.code || p.region_code() == c.code);
      };
      auto& places = *facts->mutable_places();
      const auto ruled = std::find_if(places.begin(), places.end(), is_same);
      if (probability < decisions.Threshold(decision)) {
        if (ruled != places.end()) places.erase(ruled);
        continue;
      }
      if (ruled == places.end()) {
        v1::Place place;
        place.set_role(role);
        (IsCountry(c.code) ? place.mutable_country_code() : place.mutable_region_code())->assign(c.code);
        place.set_name(c.mentions.front()->text);
        for (const Mention* m : c.mentions)
          Support(&place, view.reading.CiteMention(*m), probability, v1::DERIVATION_INFERRED);
        *places.Add() = std::move(place);
      } else {
        ruled->set_confidence(probability);
      }
    }
  }
}

}  // namespace

void BuildPlaces(const DraftView& view, v1::IncidentFacts* facts) {
  auto votes = PlaceVoter(view).Run();
  double best[5] = {};
  for (const auto& [key, vote] : votes) best[key.first] = std::max(best[key.first], vote.score);
  std::vector<std::pair<Key, const PlaceVote*>> ordered;
  for (const auto& [key, vote] : votes) ordered.emplace_back(key, &vote);
  std::stable_sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) {
    return a.first.first != b.first.first ? a.first.first < b.first.first : a.second->score > b.second->score;
  });
  for (const auto& [key, vote] : ordered) {
    const auto& [role, code] = key;
    const double share = role == v1::PLACE_ROLE_LOCATION ? 0.66 : 0.34;
    if (vote->score < best[role] * share) continue;
    // The same state as origin and destination: the better told one wins.
    if (role == v1::PLACE_ROLE_ORIGIN || role == v1::PLACE_ROLE_DESTINATION) {
      const auto other =
          votes.find({role == v1::PLACE_ROLE_ORIGIN ? v1::PLACE_ROLE_DESTINATION : v1::PLACE_ROLE_ORIGIN, code});
      if (other != votes.end() && other->second.score > vote->score) continue;
    }
    if (!IsCountry(code) && role == v1::PLACE_ROLE_LOCATION) continue;
    const Mention& m = *vote->mentions.front();
    v1::Place place;
    place.set_role(role);
    (IsCountry(code) ? place.mutable_country_code() : place.mutable_region_code())->assign(code);
    place.set_name(m.text);
    if (m.kind == MentionKind::kPlace && m.entry != nullptr && m.entry->has_point) {
      place.mutable_point()->set_latitude_degrees(m.entry->latitude_degrees);
      place.mutable_point()->set_longitude_degrees(m.entry->longitude_degrees);
    }
    const float confidence = static_cast<float>(std::min(0.9, 0.5 + vote->score * 0.1));
    for (const Mention* each : vote->mentions)
      Support(&place, view.reading.CiteMention(*each), confidence, v1::DERIVATION_NORMALISED);
    for (size_t i = 1; i < m.codes.size() && m.codes[i] != code; ++i) {
      v1::Alternative* other = place.add_alternatives();
      other->set_value(m.codes[i]);
      other->set_confidence(0.2F);
    }
    *facts->add_places() = std::move(place);
  }
  InferLocation(view, facts);
  InferOriginFromGoods(view, facts);
  InferOrigin(facts);
  InferDestination(view, facts);
  InferTransit(view, facts);
  DecidePlaces(view, facts);
}

}  // namespace interdict::pipeline
