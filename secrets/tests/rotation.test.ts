// Starts processes: a rotation is killed in the middle.
import { fork } from "node:child_process";
import { once } from "node:events";
import type { PoolClient } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bareEnv } from "../../db/testing/bare_env.ts";
import { localKms } from "../../providers/kms/local.ts";
import { addMasterKey } from "../../providers/kms/master_key_file.ts";
import { temporaryKms } from "../../providers/kms/tests/temporary.ts";
import goOnWithKeyRotation from "../../tasks/definitions/go_on_with_key_rotation.ts";
import { createSecrets } from "../index.ts";
import { goOnWithRotation, rewrapDataKeys } from "../rotation.ts";
import { openVault, readAccount, secretOf, storeAccounts, TABLE, type Vault } from "./support.ts";
import { load } from "./traffic.ts";

let vault: Vault;
const master = temporaryKms();
const { kms } = master;
let atlas: string;
let boreal: string;
let ids: string[];

beforeAll(async () => {
  vault = await openVault("keys are changed while others read and write, and a process dies of it");
  [atlas, boreal] = [await vault.clinic("atlas"), await vault.clinic("boreal")];
  const secrets = createSecrets(kms, vault.worker);
  ids = [
    ...(await storeAccounts(vault, secrets, atlas, 1_200)),
    ...(await storeAccounts(vault, secrets, boreal, 100)),
  ];
  await secrets.seal(null, { table: "t", column: "c", row: "r" }, Buffer.from("the platform has a key too"));
});
afterAll(async () => {
  await vault.drop();
  master.remove();
});

const versions = async () =>
  (
    await vault.admin.query(
      `select (get_byte(credentials, 6) << 8) + get_byte(credentials, 7) as version, count(*)::int
       from ${TABLE} group by 1 order by 1`,
    )
  ).rows;
const keys = async () =>
  (
    await vault.admin.query(
      `select coalesce(o.slug, 'platform') as owner, k.version, k.status
       from app_private.data_keys k left join app_public.organizations o on o.id = k.organization_id
       order by 1, 2`,
    )
  ).rows.map(({ owner, version, status }) => `${owner} ${version} ${status}`);

describe("rotation of the data keys (FND-11)", () => {
  test("goes on where a kill -9 left it, under load, and no read ever fails", async () => {
    await using traffic = load({ kms, vault, ids, clinic: atlas });
    const doomed = fork(new URL("../rotate.ts", import.meta.url), ["--data"], {
      env: {
        ...bareEnv,
        WORKER_DATABASE_URL: vault.urls.worker,
        MASTER_KEY_FILE: master.file,
      },
      execArgv: [],
      stdio: ["ignore", "pipe", "inherit", "ipc"],
    });
    let said = "";
    await new Promise<void>((resolve, reject) => {
      doomed.stdout?.on("data", (chunk) => {
        said += chunk;
        if (/: \d+ sealed again/.test(said)) resolve();
      });
      doomed.once("exit", () => reject(new Error(`it ended: ${said}`)));
    });
    doomed.removeAllListeners("exit");
    doomed.kill("SIGKILL");
    await once(doomed, "exit");
    const half = await versions();
    expect(half.map(({ version }) => version)).toEqual([1, 2]);
    expect(await keys()).toEqual([
      "atlas 1 retiring",
      "atlas 2 active",
      "boreal 1 retiring",
      "boreal 2 active",
      "platform 1 retiring",
      "platform 2 active",
    ]);

    const heard: string[] = [];
    const client = await vault.worker.connect();
    const again = () =>
      goOnWithRotation(client, kms, { begin: false, by: "heir" }, { say: (line) => heard.push(line) });
    // The lock of the killed process ends with its connection.
    let outcome = await again();
    for (let tries = 0; outcome === "busy" && tries < 50; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      outcome = await again();
    }
    expect(outcome).toEqual({ finished: false, unopened: [] });
    expect(heard.join("\n")).not.toContain("clinics seal with a new data key");

    // The writer still seals with the key that was replaced; so nothing is retired under it.
    expect((await keys()).filter((key) => key.endsWith("retiring"))).toHaveLength(3);
    const { failures, reads, writes } = await traffic.stop();
    expect(failures).toEqual([]);
    expect(reads).toBeGreaterThan(100);
    expect(writes).toBeGreaterThan(10);

    const last = await goOnWithRotation(client, kms, { begin: false, by: "heir" }, { graceMs: 0 });
    client.release();
    expect(last).toEqual({ finished: true, unopened: [] });
    expect(await versions()).toEqual([{ version: 2, count: 1_300 }]);
    expect(await keys()).toEqual([
      "atlas 1 retired",
      "atlas 2 active",
      "boreal 1 retired",
      "boreal 2 active",
      "platform 1 retired",
      "platform 2 active",
    ]);
    const fresh = createSecrets(kms, vault.authenticator);
    for (const row of ids.slice(0, 50))
      expect(await readAccount(vault, fresh, row)).toBe(String(secretOf(row)));
  });

  test("there is nothing to go on with afterwards, and the next one begins with version 3", async () => {
    const client = await vault.worker.connect();
    expect(await goOnWithRotation(client, kms, { begin: false, by: "test" })).toBeNull();
    const outcome = await goOnWithRotation(client, kms, { begin: true, by: "test" }, { graceMs: 0 });
    client.release();
    expect(outcome).toEqual({ finished: true, unopened: [] });
    expect(await versions()).toEqual([{ version: 3, count: 1_300 }]);
  });

  test("whoever seals with a retired key is refused, asks again which key seals, and is taken", async () => {
    const stale = createSecrets(kms, vault.authenticator);
    const row = ids[0] as string;
    const place = { table: TABLE, column: "credentials", row };
    await stale.seal(atlas, place, secretOf(row));
    const client = await vault.worker.connect();
    await goOnWithRotation(client, kms, { begin: true, by: "test" }, { graceMs: 0 });
    client.release();

    const store = async () =>
      vault.admin.query(`update ${TABLE} set credentials = $1 where id = $2`, [
        await stale.seal(atlas, place, secretOf(row)),
        row,
      ]);
    await expect(store()).rejects.toMatchObject({ code: "RX409", message: "data_key_not_in_use" });
    stale.refresh(atlas);
    await store();
    expect(await readAccount(vault, createSecrets(kms, vault.worker), row)).toBe(String(secretOf(row)));
  });

  test("while one process works at it, another is told so and does nothing", async () => {
    const [one, other] = await Promise.all([vault.worker.connect(), vault.worker.connect()]);
    const { rows } = await one.query("select app_private.open_key_rotation() as id");
    const key = `key_rotation:${rows[0].id}`;
    await one.query("select app_private.claim_effect($1, 'the first')", [key]);
    expect(await goOnWithRotation(other, kms, { begin: true, by: "test" }, { graceMs: 0 })).toBe("busy");
    expect((await keys()).filter((name) => name === "atlas 5 active")).toEqual([]);
    await one.query("select app_private.release_effect($1)", [key]);
    const outcome = await goOnWithRotation(other, kms, { begin: true, by: "test" }, { graceMs: 0 });
    for (const client of [one, other]) client.release();
    expect(outcome).toEqual({ finished: true, unopened: [] });
    expect(await versions()).toEqual([{ version: 5, count: 1_300 }]);
  });

  test("the worker's task goes on with what was begun, and finishes when old keys have waited long enough", async () => {
    const client = await vault.worker.connect();
    const begun = await goOnWithRotation(client, kms, { begin: true, by: "test" });
    client.release();
    expect(begun).toEqual({ finished: false, unopened: [] });
    const work = () =>
      goOnWithKeyRotation.run(
        {},
        {
          withPgClient: async (use: (client: PoolClient) => Promise<unknown>) => {
            const own = await vault.worker.connect();
            return use(own).finally(() => own.release());
          },
          job: { locked_by: "a worker" },
          logger: { info() {} },
        } as never,
        { kms } as never,
      );
    const retiring = async () => (await keys()).filter((key) => key.endsWith("retiring")).length;
    await work();
    expect(await retiring()).toBe(3);
    await vault.admin.query(
      `set session_replication_role = replica;
       update app_private.data_keys set updated_at = now() - interval '2 minutes' where status = 'retiring';
       set session_replication_role = origin`,
    );
    await work();
    expect(await retiring()).toBe(0);
    expect(await goOnWithRotation(vault.worker, kms, { begin: false, by: "test" })).toBeNull();
  });

  test("an envelope that somebody moved is named, keeps its key, and stops nobody else's", async () => {
    const [moved, from] = ids as [string, string];
    const { rows } = await vault.admin.query(`select credentials from ${TABLE} where id = $1`, [moved]);
    await vault.admin.query(
      `update ${TABLE} set credentials = (select credentials from ${TABLE} where id = $1) where id = $2`,
      [from, moved],
    );
    const client = await vault.worker.connect();
    const outcome = await goOnWithRotation(client, kms, { begin: true, by: "test" }, { graceMs: 0 });
    expect(outcome).toEqual({
      finished: false,
      unopened: [`${TABLE}.credentials of ${moved}: moved_or_changed`],
    });
    expect(await versions()).toEqual([
      { version: 6, count: 1 },
      { version: 7, count: 1_299 },
    ]);
    expect((await keys()).filter((key) => key.endsWith("retiring"))).toEqual(["atlas 6 retiring"]);

    await vault.admin.query(`update ${TABLE} set credentials = $1 where id = $2`, [
      rows[0].credentials,
      moved,
    ]);
    expect(await goOnWithRotation(client, kms, { begin: false, by: "test" }, { graceMs: 0 })).toEqual({
      finished: true,
      unopened: [],
    });
    client.release();
  });

  test("whoever has a row while it is sealed again keeps what they write", async () => {
    const row = ids[5] as string;
    const { rows } = await vault.admin.query(`select credentials from ${TABLE} where id = $1`, [row]);
    const was = rows[0].credentials;
    const secrets = createSecrets(kms, vault.worker);
    const place = { table: TABLE, column: "credentials", row };
    const written = await secrets.seal(atlas, place, Buffer.from("what the clinic has just entered"));
    await vault.admin.query(`update ${TABLE} set credentials = $1 where id = $2`, [written, row]);
    const late = await secrets.seal(atlas, place, secretOf(row));
    const { rows: replaced } = await vault.worker.query(
      "select app_private.replace_envelopes($1, 'credentials', $2, $3, $4) as count",
      [TABLE, [row], [was], [late]],
    );
    expect(replaced).toEqual([{ count: 0 }]);
    const { rows: now } = await vault.admin.query(`select credentials from ${TABLE} where id = $1`, [row]);
    expect(now[0].credentials).toEqual(written);
  });
});

describe("rotation of the master key (FND-11)", () => {
  test("wraps every data key again, retired ones too, and touches no envelope", async () => {
    const sum = () =>
      vault.admin.query(`select md5(string_agg(credentials::text, '' order by id)) from ${TABLE}`);
    const before = await sum();
    addMasterKey(master.file);
    const next = localKms({ file: master.file, create: false });
    const { masterKeyId } = await next.describe();
    expect(await rewrapDataKeys(vault.worker, next, { batch: 2 })).toBe((await keys()).length);
    const { rows } = await vault.admin.query("select distinct master_key_id from app_private.data_keys");
    expect(rows).toEqual([{ master_key_id: masterKeyId }]);
    expect((await sum()).rows).toEqual(before.rows);
    expect(await readAccount(vault, createSecrets(next, vault.worker), ids[9] as string)).toBe(
      String(secretOf(ids[9] as string)),
    );
    expect(await rewrapDataKeys(vault.worker, next)).toBe(0);
  });

  test("stopped in the middle it goes on with what is left", async () => {
    addMasterKey(master.file);
    const count = (await keys()).length;
    const stop = new AbortController();
    const interrupted = rewrapDataKeys(vault.worker, kms, {
      batch: 2,
      signal: stop.signal,
      say: () => stop.abort(),
    });
    await expect(interrupted).rejects.toThrow("aborted");
    expect(await rewrapDataKeys(vault.worker, kms)).toBe(count - 2);
  });
});
