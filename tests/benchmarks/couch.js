// Replicates documents between two PouchDB databases on disk, and prints how many a second were moved.
// node couch.js FOLDER-OF-PEERS FOLDER-OF-DATABASES DOCUMENTS BATCH-SIZE
const [peers, folder, documents, batchSize] = process.argv.slice(2);
const { createRequire } = require("node:module");
const { createInterface } = require("node:readline");
const { createReadStream } = require("node:fs");
const { join } = require("node:path");
const PouchDB = createRequire(join(peers, "package.json"))("pouchdb");

async function main() {
  const source = new PouchDB(join(folder, "source"));
  const target = new PouchDB(join(folder, "target"));
  let batch = [];
  for await (const line of createInterface({ input: createReadStream(documents) })) {
    batch.push(JSON.parse(line));
    if (batch.length === 1000) {
      await source.bulkDocs(batch);
      batch = [];
    }
  }
  await source.bulkDocs(batch);
  const began = process.hrtime.bigint();
  const before = process.cpuUsage();
  const result = await source.replicate.to(target, { batch_size: Number(batchSize) });
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  const { user, system } = process.cpuUsage(before);
  const { doc_count: held } = await target.info();
  await source.close();
  await target.close();
  if (!result.ok || held !== result.docs_written) {
    throw new Error(`moved ${result.docs_written}, held ${held}`);
  }
  console.log(JSON.stringify({ moved: held, seconds, processor: (user + system) / 1e6 }));
}

main();
