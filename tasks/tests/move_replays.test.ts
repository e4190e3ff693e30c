import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { JobHelpers } from "graphile-worker";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedObjects, startObjects } from "../../providers/storage/embedded/index.ts";
import { type ObjectStore, StorageUnavailable } from "../../providers/storage/index.ts";
import { s3Store } from "../../providers/storage/s3.ts";
import moveReplays from "../definitions/move_replays.ts";
import { type Clinic, openClinic } from "./database.ts";
import { nowhere } from "./nowhere.ts";

let clinic: Clinic;
let dataDir: string;
let objects: EmbeddedObjects;
let store: ObjectStore;
let said: string[] = [];

beforeAll(async () => {
  clinic = await openClinic("each recording is moved in a transaction of its own, after the store did it");
  const recorded = (name: string) => `
    select tests.patient('of ${name}', account => false);
    select tests.treatment_plan('plan of ${name}', 1, 0);
    select tests.assigned('of ${name}', 'plan of ${name}');
    select tests.recording('of ${name}''s plan of ${name} 1', name => '${name}s recording', ended => true);`;
  await clinic.admin.query(`
    select set_config('tests.clinic', 'atlas', true), tests.person('root', superadmin => true);
    select tests.remember('squat', tests.published_exercise('test-squat'));
    ${recorded("atlas")}
    select tests.clinic('boreal');
    ${recorded("boreal")}`);
  dataDir = mkdtempSync(path.join(tmpdir(), "restartix-replays-"));
  objects = await startObjects({ port: 0, dataDir });
  store = s3Store(objects.settings);
});
afterAll(async () => {
  store.close();
  await objects.stop();
  await clinic.drop();
  rmSync(dataDir, { recursive: true });
});

/** A replay that is so many days old, with its object, and its key. */
async function replay(name: string, days: number): Promise<string> {
  const { rows } = await clinic.admin.query(
    `update app_public.exercise_sessions set started_at = now() - make_interval(days => $2 + 1), ended_at = now() - make_interval(days => $2),
       replay_state = 'kept', replay_class = 'standard', replay_sha256 = repeat('a', 64), replay_bytes = 5,
       replay_object_key = organization_id || '/telemetry/' || id || '.replay'
     where id = tests.id($1 || 's recording') returning replay_object_key as key`,
    [name, days],
  );
  await store.put(rows[0].key, Buffer.from("moved"), {
    contentType: "application/vnd.restartix.pose-replay",
  });
  return rows[0].key;
}
async function states() {
  const { rows } = await clinic.admin.query(`
    select replay_state || ' ' || replay_class as state from app_public.exercise_sessions order by id = tests.id('boreals recording')`);
  return rows.map(({ state }) => state);
}
const policy = (days: [number | null, number | null, number | null]) =>
  clinic.admin.query(
    "update app_public.organizations set replay_infrequent_after_days = $1, replay_archive_after_days = $2, replay_remove_after_days = $3",
    days,
  );
const move = (from: (organizationId: string | null) => Partial<ObjectStore> = () => store) => {
  said = [];
  const helpers = { withPgClient: clinic.withPgClient, logger: { warn: (line: string) => said.push(line) } };
  const stores = { for: async (id: string | null) => from(id) as ObjectStore, close() {} };
  return moveReplays.run({}, helpers as unknown as JobHelpers, { ...nowhere, objects: stores });
};

describe("the movement of recordings ages as its clinic says (TEL-07)", () => {
  test("it is kept where it costs less, archived, and removed with its object", async () => {
    await policy([30, 60, 400]);
    const [young, old] = [await replay("atlas", 31), await replay("boreal", 61)];
    await move();
    expect(await states()).toEqual(["kept infrequent", "archived archive"]);
    expect(await store.get(young)).not.toBeNull();
    await expect(store.get(old)).rejects.toThrow("InvalidObjectState");

    await policy([30, 31, 61]);
    await move();
    expect(await states()).toEqual(["archived archive", "removed archive"]);
    expect([await store.head(young), await store.head(old)]).toEqual([
      expect.objectContaining({ size: 5 }),
      null,
    ]);
    expect(said).toEqual([]);
  });

  test("one whose process died after the store did it is done once more", async () => {
    await policy([30, 60, 400]);
    const [archived, removed] = [await replay("atlas", 61), await replay("boreal", 401)];
    await store.keepIn(archived, "archive");
    await store.delete(removed);
    await move();
    expect(await states()).toEqual(["archived archive", "removed standard"]);
  });

  test("an object that is not there any more is not called archived", async () => {
    const key = await replay("atlas", 61);
    await store.delete(key);
    await move();
    expect((await states())[0]).toBe("removed standard");
  });

  test("a store that is away keeps no other clinic waiting, and is asked again", async () => {
    const [key] = [await replay("atlas", 31), await replay("boreal", 31)];
    const away = { keepIn: () => Promise.reject(new StorageUnavailable("s3 ECONNREFUSED")) };
    await move((id) => (key.startsWith(String(id)) ? away : store));
    expect(await states()).toEqual(["kept standard", "kept infrequent"]);
    expect(said).toEqual([
      "replays of a clinic were left where they are: StorageUnavailable s3 ECONNREFUSED",
    ]);
    await move();
    expect(await states()).toEqual(["kept infrequent", "kept infrequent"]);
  });

  test("a store without such a class keeps it as it is, and removes it in its time", async () => {
    const [, old] = [await replay("atlas", 61), await replay("boreal", 401)];
    const plain = { keepIn: async () => "not_offered" as const, delete: store.delete };
    await move(() => plain);
    expect(await states()).toEqual(["kept standard", "removed standard"]);
    expect(await store.head(old)).toBeNull();
    expect(said).toEqual([]);
  });
});
