import { randomUUID } from "node:crypto";
import { storesFrom } from "../../providers/storage/index.ts";
import { broken, type Examination, type Finding, ok } from "./finding.ts";

const mend =
  "Look at S3_BUCKET, S3_REGION, S3_ENDPOINT (and NODE_EXTRA_CA_CERTS, where its certificate is of an authority of your own), and the rights of the credentials: s3:PutObject, GetObject, DeleteObject, ListBucket.";

/** Whether files can be kept (FND-13, FND-28): a probe is written, read, not written over, listed and removed. */
export const storage: Examination = {
  name: "storage",
  async examine({ env }) {
    const stores = storesFrom(env);
    const key = `doctor/${randomUUID()}`;
    const body = Buffer.from("probe");
    try {
      const store = await stores.for(null);
      await store.put(key, body, { contentType: "text/plain" });
      const findings: Finding[] = [];
      const kept = await store.head(key);
      findings.push(
        kept?.size === body.length
          ? ok("objects are written and found again")
          : broken("an object that was written is not found", mend),
      );
      findings.push(
        (await store.put(key, body, { contentType: "text/plain", ifAbsent: true }))
          ? broken(
              "the store writes over what must stay (If-None-Match is ignored)",
              "Use an S3 that honours If-None-Match: audit anchors and confirmed files rely on it.",
            )
          : ok("what must stay is not written over"),
      );
      await store.delete(key);
      findings.push(
        (await store.head(key)) === null
          ? ok("objects are removed")
          : broken("an object cannot be removed", mend),
      );
      return findings;
    } catch (error) {
      return [broken(`files cannot be kept (${error instanceof Error ? error.message : "unknown"})`, mend)];
    } finally {
      stores.close();
    }
  },
};
