import { z } from "zod";
import { readObject } from "../audit/anchors.ts";
import { defineTask } from "../task.ts";

type Anchor = { number: string; object_key: string; bytes: Buffer };

/**
 * Brings the heads of the audit chains to object storage, where whoever rewrites the database does not reach
 * them (FND-09). The bytes are committed before they leave, so a run that was killed is repeated with the
 * same; an object that is there already is never written over.
 */
export default defineTask({
  payload: z.looseObject({}), // the queue adds when it was due
  clock: { at: "7 * * * *", attempts: 8 },

  async run(_, { withPgClient }, { objects }) {
    const store = await objects.for(null);
    await withPgClient(async (client) => {
      const { rows } = await client.query<Anchor>("select * from audit.prepare_anchor()");
      for (const { number, object_key: key, bytes } of rows) {
        const written = await store.put(key, bytes, { contentType: "application/json", ifAbsent: true });
        if (!written && !(await readObject(store, key))?.equals(bytes)) throw new AnchorTaken(key);
        await client.query("select audit.confirm_anchor($1)", [number]);
      }
    });
  },
});

/** The store has another anchor of this number: it is of another database, or this one was set back. */
class AnchorTaken extends Error {
  override name = "AnchorTaken";
  constructor(key: string) {
    super(`${key} holds another anchor; run npm run audit:verify`);
  }
}
