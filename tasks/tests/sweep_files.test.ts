import { mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { JobHelpers } from "graphile-worker";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type EmbeddedObjects, startObjects } from "../../providers/storage/embedded/index.ts";
import { type ObjectStore, StorageUnavailable } from "../../providers/storage/index.ts";
import { s3Store } from "../../providers/storage/s3.ts";
import sweepObjects from "../definitions/sweep_objects.ts";
import sweepUploads from "../definitions/sweep_uploads.ts";
import { type Clinic, openClinic } from "./database.ts";
import { nowhere } from "./nowhere.ts";

let clinic: Clinic;
let dataDir: string;
let objects: EmbeddedObjects;
let store: ObjectStore;
let atlas: string;

beforeAll(async () => {
  clinic = await openClinic("files of it go in several commits, and every one left is counted");
  atlas = (await clinic.admin.query("select tests.id('atlas') as id")).rows[0].id;
  await clinic.admin.query("select tests.staff('raluca', 'admin', 'atlas')");
  dataDir = mkdtempSync(path.join(tmpdir(), "restartix-sweep-"));
  objects = await startObjects({ port: 0, dataDir });
  store = s3Store(objects.settings);
});
afterAll(async () => {
  store.close();
  await objects.stop();
  await clinic.drop();
  rmSync(dataDir, { recursive: true });
});
beforeEach(async () => {
  await clinic.admin.query("delete from app_public.files");
  for await (const { key } of store.list("")) await store.delete(key);
});

const outside = (to: ObjectStore) => ({
  ...nowhere,
  objects: { for: async () => to, close() {} },
});
const helpers = () => ({ withPgClient: clinic.withPgClient, logger: { info() {} } }) as unknown as JobHelpers;
const sweep = (to = store) => sweepUploads.run({}, helpers(), outside(to));
const sweepAll = (to = store) => sweepObjects.run({ organizationId: atlas }, helpers(), outside(to));

/** A file in this state, with bytes at both of its keys, and what its row says. */
async function file(name: string, status: string) {
  await clinic.admin.query(
    `select tests.file($1, 'service_attachments', (select id from app_public.services limit 1), 'raluca', $2)`,
    [name, status],
  );
  const { rows } = await clinic.admin.query("select * from app_public.files where id = tests.id($1)", [name]);
  for (const key of [rows[0].uploaded_key, rows[0].object_key]) await put(key);
  return rows[0] as { id: string; uploaded_key: string; object_key: string };
}
const put = (key: string) => store.put(key, Buffer.from("bytes"), { contentType: "image/png" });
const keys = async () => (await Array.fromAsync(store.list(""))).map(({ key }) => key);
/** As if everything had been written the day before yesterday. */
async function age() {
  const then = new Date(Date.now() - 48 * 3600 * 1000);
  for (const key of await keys())
    utimesSync(path.join(dataDir, "objects", "restartix", `${key}.object`), then, then);
  // The stamp trigger would say now.
  await clinic.admin.query(`
    alter table app_public.files disable trigger user;
    update app_public.files set updated_at = updated_at - interval '40 days';
    alter table app_public.files enable trigger user`);
}

describe("what nobody needs goes, and what is confirmed stays (FND-13)", () => {
  test("an upload that was never confirmed ends, and its bytes go an hour later", async () => {
    const late = await file("late", "pending");
    const open = await file("open", "pending");
    await clinic.admin.query(
      "update app_public.files set expires_at = now() - interval '1 minute' where id = $1",
      [late.id],
    );
    await sweep();
    const { rows } = await clinic.admin.query(
      "select id, status, rejection from app_public.files order by id",
    );
    expect(rows).toEqual([
      { id: late.id, status: "rejected", rejection: "expired" },
      { id: open.id, status: "pending", rejection: null },
    ]);
    expect(await keys()).toContain(late.uploaded_key);
    await age();
    await sweep();
    expect((await keys()).sort()).toEqual([open.uploaded_key, open.object_key].sort());
  });

  test("cut off in the middle, the next sweep finishes; a store that is away loses nothing", async () => {
    for (let n = 0; n < 5; n++) await file(`rejected ${n}`, "rejected");
    const kept = await file("kept", "confirmed");
    await age();
    let deletes = 0;
    const failing: ObjectStore = {
      ...store,
      async delete(key) {
        deletes += 1;
        if (deletes > 5) throw new StorageUnavailable("the line is cut");
        await store.delete(key);
      },
    };
    await expect(sweep(failing)).rejects.toThrow("the line is cut");
    expect((await keys()).length).toBe(7);
    await sweep();
    await sweep();
    expect((await keys()).sort()).toEqual([kept.object_key, kept.uploaded_key].sort());
    const { rows } = await clinic.admin.query(
      "select count(*)::int from app_public.files where objects_removed_at is not null",
    );
    expect(rows[0].count).toBe(5);
  });

  test("objects without a file go after a day, and nothing outside the folders of files", async () => {
    const confirmed = await file("confirmed", "confirmed");
    const pending = await file("pending", "pending");
    const deleted = await file("deleted", "deleted");
    const stray = `${atlas}/services/0190c0de-0000-7000-8000-000000000001`;
    const others = [
      `${atlas}/anchors/2027-03-08`,
      "anchors/platform",
      "0190c0de-0000-7000-8000-00000000000a/services/0190c0de-0000-7000-8000-00000000000b",
    ];
    for (const key of [stray, ...others]) await put(key);

    await sweepAll();
    expect(await keys()).toContain(stray); // it may be just arriving
    await age();
    await sweepAll();
    expect((await keys()).sort()).toEqual(
      [confirmed.object_key, pending.object_key, pending.uploaded_key, deleted.object_key, ...others].sort(),
    );
  });

  test("more than one page of strays goes in one sweep, and the confirmed one among them stays", async () => {
    const confirmed = await file("confirmed", "confirmed");
    await store.delete(confirmed.uploaded_key);
    const strays = Array.from({ length: 520 }, (_, n) => `${atlas}/uploads/${String(n).padStart(6, "0")}`);
    for (let from = 0; from < strays.length; from += 50)
      await Promise.all(strays.slice(from, from + 50).map(put));
    await age();
    await sweepAll();
    expect(await keys()).toEqual([confirmed.object_key]);
  });
});
