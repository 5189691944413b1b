#include "services/index/engine/schema/text_document.h"

#include "absl/strings/ascii.h"
#include "google/protobuf/util/time_util.h"
#include "services/index/engine/schema/document_builder.h"
#include "services/index/engine/schema/enum_names.h"
#include "services/index/engine/schema/field_ids.h"
#include "services/index/engine/schema/index_values.h"

namespace interdict::index {

IndexDocument TextDocument(uint64_t number, const internal::v1::StoredDocument& stored,
                           const std::vector<v1::Sighting>& sightings) {
  using google::protobuf::util::TimeUtil;
  const v1::Document& document = stored.document();
  DocumentBuilder builder(Collection::kDocuments, number);
  builder.AddText(kDocumentTitleText, document.title());
  builder.AddText(kDocumentBodyText, document.text());
  builder.AddKeyword(kDocumentName, document.name());
  builder.AddName(kDocumentPublisher, document.publisher());
  builder.AddKeyword(kDocumentLanguage, absl::AsciiStrToLower(document.language()));
  builder.AddKeyword(kDocumentContentType, absl::AsciiStrToLower(document.content_type()));
  builder.AddKeyword(kDocumentCharset, absl::AsciiStrToLower(document.charset()));
  builder.AddKeyword(kDocumentTlp, EnumName(*v1::TlpMarking_descriptor(), document.tlp()));
  builder.AddKeyword(kDocumentExtraction, EnumName(*v1::ExtractionStatus_descriptor(), document.extraction_status()));
  builder.AddName(kDocumentByline, document.byline());
  for (const std::string& section : document.section_trail()) builder.AddName(kDocumentSection, section);
  for (const std::string& source : document.attribution_chain()) builder.AddName(kDocumentAttribution, source);
  for (const v1::Extractor& extractor : stored.extractors()) builder.AddKeyword(kDocumentExtractor, extractor.name());
  for (const v1::Sighting& sighting : sightings) {
    builder.AddName(kDocumentPublisher, sighting.publisher());
    builder.AddKeyword(kDocumentHost, HostOf(sighting.url()));
    builder.AddKeyword(kDocumentExternalId, absl::AsciiStrToLower(sighting.external_id()));
  }
  builder.AddDates(kPublishedFirst, document.published());
  builder.AddDay(kPublishedDay, document.published());
  builder.AddNumber(kAcceptTime, TimeUtil::TimestampToMicroseconds(document.accept_time()));
  builder.AddNumber(kContentSize, static_cast<int64_t>(document.content_size_bytes()));
  return builder.Take();
}

}  // namespace interdict::index
