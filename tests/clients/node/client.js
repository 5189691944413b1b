// A JavaScript client that knows nothing but the .proto files: submits an article, searches it, and checks that byte
// offsets are right as JavaScript counts. Arguments: HOST:PORT, article.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');

const [address, article] = process.argv.slice(2);
const protoDir = path.join(__dirname, '..', '..', '..', 'proto');
const definition = protoLoader.loadSync(
    ['interdict/v1/ingest_service.proto', 'interdict/v1/query_service.proto'],
    {includeDirs: [protoDir], enums: String, longs: Number, defaults: true});
const {v1} = grpc.loadPackageDefinition(definition).interdict;

// A unary call as a promise.
function call(client, method, request) {
  return new Promise((resolve, reject) => {
    const deadline = new Date(Date.now() + 30000);
    client[method](request, {deadline}, (error, answer) => (error ? reject(error) : resolve(answer)));
  });
}

// A stream of two documents, the second of them empty; resolves to the answers by ordinal.
function stream(client, content) {
  return new Promise((resolve, reject) => {
    const answers = [];
    const duplex = client.SubmitDocuments();
    duplex.on('data', (answer) => { answers[answer.ordinal] = answer; });
    duplex.on('error', reject);
    duplex.on('end', () => resolve(answers));
    duplex.write({submission: {document: {content}}});
    duplex.write({submission: {document: {content: Buffer.alloc(0)}}});
    duplex.end();
  });
}

// All incidents of a query, by server stream; resolves to their names.
function streamed(client, request) {
  return new Promise((resolve, reject) => {
    const names = [];
    const messages = client.StreamIncidents(request);
    messages.on('data', (message) => { names.push(message.incident.name); });
    messages.on('error', reject);
    messages.on('end', () => resolve(names));
  });
}

async function main() {
  const credentials = grpc.credentials.createInsecure();
  const ingest = new v1.IngestService(address, credentials);
  const query = new v1.QueryService(address, credentials);

  const [accepted, refused] = await stream(ingest, fs.readFileSync(article));
  assert.strictEqual(accepted.response.outcome, 'SUBMISSION_OUTCOME_ACCEPTED');
  assert.strictEqual(refused.error.field, 'document.content');

  const found = await call(query, 'SearchIncidents', {query: 'tanks', readAfter: accepted.response.position});
  assert.ok(found.incidents.length > 0, 'nothing found');
  assert.deepStrictEqual(await streamed(query, {query: 'tanks'}), found.incidents.map((incident) => incident.name));
  const counted = await call(query, 'SearchIncidents', {query: 'tanks', count: 'COUNT_MODE_EXACT'});
  assert.deepStrictEqual(counted.total, {count: found.incidents.length, exact: true});
  const {document} = await call(query, 'GetDocument', {name: accepted.response.document});
  const parties = found.incidents.flatMap((incident) => incident.facts.parties);
  const source = parties.find((party) => party.name.includes('Šticha'));
  assert.ok(source, 'the spokesperson is not among the parties');
  for (const evidence of source.evidence) {
    assert.strictEqual(Buffer.from(document.text).subarray(evidence.beginByte, evidence.endByte).toString(), evidence.quote);
  }

  await assert.rejects(
      call(query, 'SearchIncidents', {query: 'tanks', pageSize: -1}), (error) => error.code === grpc.status.INVALID_ARGUMENT);
  console.log('ok');
  ingest.close();
  query.close();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
