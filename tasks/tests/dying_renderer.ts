/** A process that renders a document and dies the moment its bytes are in the store: URL, settings of the store, document. */
import type { JobHelpers } from "graphile-worker";
import pg from "pg";
import { s3Store } from "../../providers/storage/s3.ts";
import renderDocument from "../definitions/render_document.ts";
import { nowhere } from "./nowhere.ts";

const [databaseUrl, settings, documentId] = process.argv.slice(2) as [string, string, string];
const pool = new pg.Pool({ connectionString: databaseUrl });
const store = s3Store(JSON.parse(settings));
const dying = {
  ...store,
  get: store.get.bind(store),
  async put(...put: Parameters<typeof store.put>) {
    await store.put(...put);
    process.kill(process.pid, "SIGKILL");
    return true;
  },
};
await renderDocument.run({ documentId }, { query: pool.query.bind(pool) } as unknown as JobHelpers, {
  ...nowhere,
  objects: { for: async () => dying, close() {} },
});
