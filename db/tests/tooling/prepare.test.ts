// Roles and rights before the first migration: deny by default. FND-05.
// Starts processes: roles are those of a whole server, and here they are given away and taken back.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedServer, startEmbedded } from "../../embedded/server.ts";
import { prepareDatabase, type RoleUrls, withClient, withDatabase } from "../../migrating/prepare.ts";
import { type Snapshot, snapshot } from "../../testing/snapshot_text.ts";

const passwords = {
  owner: "owner1",
  authenticator: "authenticator1",
  worker: "worker1",
  telemetry: "telemetry1",
};

let server: EmbeddedServer;
let urls: RoleUrls;

beforeAll(async () => {
  server = await startEmbedded({ temporary: true });
  urls = await prepareDatabase(server.adminUrl, { database: "clinic", passwords });
});
afterAll(() => server.stop());

const one = async (url: string, sql: string) =>
  withClient(url, async (client) => (await client.query(sql)).rows[0]);
const refusal = (url: string, sql: string) =>
  withClient(url, (client) =>
    client.query(sql).then(
      () => "allowed",
      (error: Error) => error.message,
    ),
  );

describe("prepareDatabase", () => {
  test("run again, it changes nothing", async () => {
    const before = await snapshot(urls.admin);
    expect(await prepareDatabase(server.adminUrl, { database: "clinic", passwords })).toEqual(urls);
    expect(await snapshot(urls.admin)).toEqual(before);
    expect(before.get("roles.txt")).toContain("is granted app_engine with inherit f, set t");
  });

  test("run by several processes at once, it still works", async () => {
    const runs = Array.from({ length: 4 }, () =>
      prepareDatabase(server.adminUrl, { database: "at_once", passwords }),
    );
    expect(new Set((await Promise.all(runs)).map(({ owner }) => owner)).size).toBe(1);
  });

  test("it undoes rights that were given to a role by hand, and refuses a role that passes row security", async () => {
    await withClient(server.adminUrl, (client) => client.query("alter role app_member login inherit"));
    await prepareDatabase(server.adminUrl, { database: "clinic", passwords });
    expect(await one(urls.admin, "select rolcanlogin from pg_roles where rolname = 'app_member'")).toEqual({
      rolcanlogin: false,
    });

    await withClient(server.adminUrl, (client) => client.query("alter role app_engine bypassrls"));
    await expect(prepareDatabase(server.adminUrl, { database: "clinic", passwords })).rejects.toThrow(
      "role app_engine must not be superuser, bypassrls",
    );
    await withClient(server.adminUrl, (client) => client.query("alter role app_engine nobypassrls"));
  });

  test("a password the operator chose is left alone", async () => {
    await withClient(server.adminUrl, (client) => client.query("alter role app_worker password 'theirs'"));
    const worker = new URL(urls.worker);
    worker.password = "theirs";
    const { worker: _, ...generated } = passwords;
    const again = await prepareDatabase(server.adminUrl, {
      database: "clinic",
      passwords: generated,
      given: { worker: worker.href },
    });
    expect(await one(again.worker, "select current_user as who")).toEqual({ who: "app_worker" });
    await prepareDatabase(server.adminUrl, { database: "clinic", passwords });
  });

  test("an administrator who is no superuser can do all of it", async () => {
    const managed = await startEmbedded({ temporary: true });
    try {
      await withClient(managed.adminUrl, (client) =>
        client.query("create role operator login createrole createdb password 'operator1'"),
      );
      const admin = new URL(managed.adminUrl);
      admin.username = "operator";
      admin.password = "operator1";
      for (let run = 0; run < 2; run++) await prepareDatabase(admin.href, { database: "clinic", passwords });

      const prepared = await snapshot(withDatabase(managed.adminUrl, "clinic"));
      const ours = (files: Snapshot) =>
        [...files].map(([name, text]) => `${name}\n${text.replace(/^.*operator.*\n/gm, "")}`);
      expect(ours(prepared)).toEqual(ours(await snapshot(urls.admin)));
    } finally {
      await managed.stop();
    }
  });
});

describe("rights", () => {
  test("nobody but the four login roles connects, and nobody creates", async () => {
    expect(await refusal(urls.authenticator, "create temporary table t ()")).toMatch(/permission denied/);
    expect(await refusal(urls.worker, "create table public.t ()")).toMatch(/permission denied/);
    expect(await refusal(urls.telemetry, "create schema t")).toMatch(/permission denied/);
    await withClient(server.adminUrl, (client) =>
      client.query("create role stranger login password 'stranger1'"),
    );
    const stranger = new URL(urls.worker);
    stranger.username = "stranger";
    stranger.password = "stranger1";
    await expect(withClient(stranger.href, async () => "in")).rejects.toThrow(
      /permission denied for database/,
    );
  });

  test("the authenticator has nothing until it becomes an API role, and cannot become the owner or the engine", async () => {
    expect(await refusal(urls.authenticator, "set role app_member")).toBe("allowed");
    expect(await refusal(urls.authenticator, "set role app_owner")).toMatch(/permission denied/);
    expect(await refusal(urls.authenticator, "set role app_engine")).toMatch(/permission denied/);
  });

  test("the owner becomes the engine by name only, and inherits none of its rights", async () => {
    await withClient(urls.owner, (client) =>
      client.query(`
        create schema engine_room;
        grant usage, create on schema engine_room to app_engine;
        set role app_engine;
        create table engine_room.secrets ();
        create function engine_room.act() returns int language sql return 1;
        reset role;`),
    );
    expect(await refusal(urls.owner, "select from engine_room.secrets")).toMatch(/permission denied/);
    expect(
      await refusal(
        urls.owner,
        "create or replace function engine_room.act() returns int language sql return 2",
      ),
    ).toMatch(/must be owner/);
    expect(await refusal(urls.owner, "set role app_engine; select from engine_room.secrets")).toBe("allowed");
  });

  test("a new function can be called by nobody who was not granted it", async () => {
    await withClient(urls.owner, (client) =>
      client.query("create schema fresh; create function fresh.act() returns int language sql return 1"),
    );
    const { rights } = await one(
      urls.admin,
      `select string_agg(r.rolname, ' ' order by r.rolname) as rights
       from pg_proc p, aclexplode(proacl) a left join pg_roles r on r.oid = a.grantee
       where proname = 'act' and pronamespace = 'fresh'::regnamespace`,
    );
    expect(rights).toBe("app_owner");
  });

  test("extensions are there, in a schema that functions with an empty search_path can name", async () => {
    const found = await one(
      urls.worker,
      "select extensions.unaccent('Știință și țară') as plain, extensions.similarity('Ștefan', 'Stefan') > 0.3 as near",
    );
    expect(found).toEqual({ plain: "Stiinta si tara", near: true });
  });
});
