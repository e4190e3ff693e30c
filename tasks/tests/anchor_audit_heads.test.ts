// Starts processes: npm run audit:verify is run as operators run it.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type EmbeddedObjects, startObjects } from "../../providers/storage/embedded/index.ts";
import { type ObjectStore, StorageUnavailable } from "../../providers/storage/index.ts";
import { s3Store } from "../../providers/storage/s3.ts";
import { anchorPrefix, readObject } from "../audit/anchors.ts";
import { verifyAudit } from "../audit/verify.ts";
import anchorAuditHeads from "../definitions/anchor_audit_heads.ts";
import { type Clinic, openClinic } from "./database.ts";

let dataDir: string;
let objects: EmbeddedObjects;
let store: ObjectStore;
beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), "restartix-anchors-"));
  objects = await startObjects({ port: 0, dataDir });
  store = s3Store(objects.settings);
});
afterAll(async () => {
  store.close();
  await objects.stop();
  rmSync(dataDir, { recursive: true });
});

let clinic: Clinic;
let clinicId: string;
beforeEach(async () => {
  clinic = await openClinic("chains are cut and forged behind the back of every rule");
  clinicId = (await clinic.admin.query("select tests.id('atlas') as id")).rows[0].id;
});
afterEach(async () => {
  await clinic.drop();
  for await (const { key } of store.list(anchorPrefix)) await store.delete(key);
});

const anchor = (into: ObjectStore = store) =>
  anchorAuditHeads.run(
    {},
    { withPgClient: clinic.withPgClient } as never,
    { objects: { for: async () => into, close() {} } } as never,
  );

/** The clinic moves: one more seal in its chain. */
const move = (city: string) =>
  clinic.admin.query("update app_public.organizations set city = $1 where id = tests.id('atlas')", [city]);

async function verdict() {
  const client = await clinic.worker.connect();
  try {
    return await verifyAudit(client, store);
  } finally {
    client.release();
  }
}

async function keys(): Promise<string[]> {
  return (await Array.fromAsync(store.list(anchorPrefix))).map(({ key }) => key);
}
const key = (number: number) => `${anchorPrefix}${String(number).padStart(12, "0")}.json`;

/** A superuser's hand, with triggers and foreign keys off. */
async function tamper(...statements: string[]): Promise<void> {
  const client = new pg.Client(clinic.urls.admin);
  await client.connect();
  await client.query("set session_replication_role = replica");
  for (const statement of statements) await client.query(statement);
  await client.end();
}

/** Cuts a chain after this sequence and sets its head back, so that it is whole by itself. */
const cutAfter = (sequence: string) => [
  `delete from audit.entries using audit.seals
   where seals.id = entries.seal_id and seals.scope_id = '${clinicId}' and seals.sequence > (${sequence})`,
  `delete from audit.seals where scope_id = '${clinicId}' and sequence > (${sequence})`,
  `update audit.heads set (sequence, hash) = (
     select sequence, hash from audit.seals where seals.scope_id = heads.scope_id order by sequence desc limit 1)
   where scope_id = '${clinicId}'`,
];

describe("heads of the audit chains are anchored in object storage (FND-09)", () => {
  test("each run stores what moved, once, and names the run before", async () => {
    await anchor();
    await anchor(); // nothing moved
    await move("Oradea");
    await move("Arad");
    await anchor();
    expect(await keys()).toEqual([key(1), key(2)]);

    const documents = await Promise.all(
      [1, 2].map(async (n) => JSON.parse(String(await readObject(store, key(n))))),
    );
    const { rows } = await clinic.admin.query(
      "select sequence::int, encode(hash, 'hex') as hash from audit.heads where scope_id = $1",
      [clinicId],
    );
    // The platform's chain has had entries since the reference rows were made.
    expect(documents[0].heads.map(({ organization }: { organization: string }) => organization)).toEqual([
      null,
      clinicId,
    ]);
    expect(documents[1].heads).toEqual([{ organization: clinicId, ...rows[0] }]);
    expect(await verdict()).toMatchObject({ chains: 2, anchors: 2, findings: [] });
  });

  test("a run that dies before or after the store has it is finished by the next, with the same bytes", async () => {
    const dead = { put: () => Promise.reject(new StorageUnavailable("the store is down")) };
    await expect(anchor(dead as unknown as ObjectStore)).rejects.toThrow(StorageUnavailable);
    const { rows } = await clinic.admin.query("select bytes from audit.anchors");
    await move("Oradea");
    await store.put(key(1), rows[0].bytes, { contentType: "application/json" }); // stored, and never confirmed
    await anchor();
    expect(await readObject(store, key(1))).toEqual(rows[0].bytes);
    expect(await keys()).toEqual([key(1), key(2)]);
    expect((await verdict()).findings).toEqual([]);
  });

  test("an anchor of another database is neither overwritten nor believed", async () => {
    await store.put(key(1), Buffer.from('{"of": "another"}'), { contentType: "application/json" });
    await expect(anchor()).rejects.toThrow("holds another anchor");
    expect(String(await readObject(store, key(1)))).toBe('{"of": "another"}');
    expect((await verdict()).findings).toEqual([{ chain: "anchors", finding: "not an anchor", at: key(1) }]);
  });
});

describe("the database is held to the anchors in the store (FND-09)", () => {
  beforeEach(async () => {
    await anchor();
    for (const city of ["Oradea", "Arad", "Deva"]) await move(city);
    await anchor();
    expect((await verdict()).findings).toEqual([]);
  });
  const tail = async () =>
    (await clinic.admin.query("select sequence from audit.heads where scope_id = $1", [clinicId])).rows[0]
      .sequence;

  test("a tail cut together with its anchor's row is found by the store's copy", async () => {
    const end = await tail();
    await tamper(...cutAfter(`${end} - 2`), `delete from audit.anchored_heads where anchor_number = 2`);
    const { rows } = await clinic.worker.query("select finding from audit.verify($1)", [clinicId]);
    expect(rows).toEqual([{ finding: null }]); // by itself the chain is whole
    expect((await verdict()).findings).toEqual([
      { chain: clinicId, finding: "tail cut", at: `${end} (${key(2)})` },
    ]);
  });

  test("also when every trace of the anchor is gone from the database", async () => {
    const end = await tail();
    await tamper(
      ...cutAfter(`${end} - 1`),
      "delete from audit.anchored_heads where anchor_number = 2",
      "delete from audit.anchors where number = 2",
    );
    expect((await verdict()).findings).toEqual([
      { chain: "anchors", finding: "missing in the database", at: key(2) },
      { chain: clinicId, finding: "tail cut", at: `${end} (${key(2)})` },
    ]);
  });

  test("a whole clinic that is gone, chain, head and anchors' rows, is remembered", async () => {
    await tamper(
      `delete from audit.entries where organization_id = '${clinicId}'`,
      `delete from audit.seals where scope_id = '${clinicId}'`,
      `delete from audit.heads where scope_id = '${clinicId}'`,
      `delete from audit.anchored_heads where scope_id = '${clinicId}'`,
    );
    const { findings } = await verdict();
    expect(findings.map(({ chain, finding }) => [chain, finding])).toEqual([
      [clinicId, "tail cut"],
      [clinicId, "tail cut"],
    ]);
  });

  test("an anchor that is gone from the store, or was replaced there, is found", async () => {
    const first = (await readObject(store, key(1))) as Buffer;
    const second = (await readObject(store, key(2))) as Buffer;
    await store.delete(key(2));
    expect((await verdict()).findings).toEqual([
      { chain: "anchors", finding: "missing in the store", at: key(2) },
    ]);
    await store.put(key(2), second, { contentType: "application/json" });

    await store.delete(key(1));
    expect((await verdict()).findings).toEqual([
      { chain: "anchors", finding: "missing in the store", at: key(1) },
      { chain: "anchors", finding: "missing in the store", at: key(1) },
    ]);
    const forged = Buffer.from(
      String(first).replace(
        new RegExp(`"hash": "(.)(?=[^}]*"organization": "${clinicId}")`),
        (_, c) => `"hash": "${c === "0" ? 1 : 0}`,
      ),
    );
    await store.put(key(1), forged, { contentType: "application/json" });
    expect((await verdict()).findings).toMatchObject([
      { chain: "anchors", finding: "differs from the database", at: key(1) },
      { chain: clinicId, finding: "anchor differs" },
      { chain: "anchors", finding: "does not follow the one before", at: key(2) },
    ]);
  });

  test("npm run audit:verify says so and ends with 1", async () => {
    const run = () =>
      promisify(execFile)(process.execPath, [fileURLToPath(new URL("../audit/main.ts", import.meta.url))], {
        env: {
          ...process.env,
          WORKER_DATABASE_URL: clinic.urls.worker,
          DATA_DIR: dataDir,
          OBJECTS_PORT: String(objects.port),
        },
      }).then(
        ({ stdout }) => ({ code: 0, stdout, stderr: "" }),
        ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
      );
    expect(await run()).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^2 chains, \d+ entries, 2 anchors: all as they were written\n$/),
    });

    await tamper(
      `update audit.entries set actor_id = uuidv7() where organization_id = '${clinicId}' and new ->> 'city' = 'Arad'`,
    );
    const found = await run();
    expect(found.code).toBe(1);
    expect(found.stderr).toBe(`${clinicId}: changed ${Number(await tail()) - 1}.1\n`);
    expect(found.stdout).toMatch(/: 1 findings\n$/);
  });
});
