// Merges single values of reports: when two are the same, and what becomes of evidence and details then.
#pragma once

#include <vector>

#include "google/protobuf/message.h"
#include "google/protobuf/repeated_ptr_field.h"

namespace interdict::index {

// Whether two values (Place, Party, Goods, …) say the same: all fields of `identity` (numbers) are equal, and no other
// single field is set differently in both. Evidence, confidence, derivation and alternatives do not count.
bool SaysTheSame(const google::protobuf::Message& a, const google::protobuf::Message& b,
                 const std::vector<int>& identity);

// Adds to `into` what `from`, which says the same, knows more: fields that are not set there, elements of lists that
// are not in there, evidence. The higher confidence wins, with its derivation.
void MergeValue(const google::protobuf::Message& from, google::protobuf::Message* into);

// Adds the values of one report to those of the reports before it, which stand in `into`; returns for each the index
// where it stands now. Values of one report are never merged with each other.
template <typename Value>
std::vector<int> MergeList(const google::protobuf::RepeatedPtrField<Value>& from,
                           google::protobuf::RepeatedPtrField<Value>* into, const std::vector<int>& identity) {
  const int before = into->size();
  std::vector<int> places;
  for (const Value& value : from) {
    int place = 0;
    while (place < before && !SaysTheSame(value, into->Get(place), identity)) ++place;
    if (place < before) {
      MergeValue(value, into->Mutable(place));
    } else {
      place = into->size();
      *into->Add() = value;
    }
    places.push_back(place);
  }
  return places;
}

}  // namespace interdict::index
