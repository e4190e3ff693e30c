import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import express from "express";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../db/testing/server.ts";
import { createLog } from "../../runtime/log.ts";
import { EventStream } from "../live/event_stream.ts";
import { type Change, Listings } from "../live/listings.ts";
import { until } from "./listener.ts";
import { quiet } from "./live/reader.ts";

let database: TestDatabase;
let admin: pg.Client;
let pool: pg.Pool;
let asked = 0;
let calendars: string[];

beforeAll(async () => {
  database = await createTestDatabase({ because: "its connections are taken away while it is asked" });
  admin = new pg.Client({ connectionString: database.urls.admin });
  await admin.connect();
  await admin.query(`begin;
    select tests.clinic('atlas'); select tests.specialist('ana'); select tests.works('ana');
    select tests.calendar(name, '{ana}') from unnest('{first,second,third}'::text[]) as name;
    commit;`);
  const { rows } = await admin.query("select id from app_public.calendars");
  calendars = rows.map(({ id }) => id);
  pool = new pg.Pool({ connectionString: database.urls.authenticator, max: 2 });
  pool.on("error", () => {});
});
afterAll(async () => {
  await pool.end();
  await admin.end();
  await database.drop();
});

/** The real pool, which counts what it is asked. */
const counting = () => ({
  query: (...words: Parameters<pg.Pool["query"]>) => {
    asked += 1;
    return pool.query(...words);
  },
});
const open = (): Listings =>
  new Listings(counting() as unknown as pg.Pool, createLog({ logLevel: "silent" }), 30_000);
const listener = () => {
  const heard: (Change | "interrupted")[] = [];
  return {
    heard,
    changed: (change: Change) => heard.push(change),
    interrupted: () => heard.push("interrupted"),
  };
};
let hour = 0;
const take = async (): Promise<void> => {
  hour += 1;
  await admin.query(
    "select tests.claim('ana', date_trunc('day', now()) + make_interval(days => 5, hours => $1))",
    [hour],
  );
};

describe("SCH-07: what listening costs the database", () => {
  it("is one question a time for all who listen, and none when nobody does", async () => {
    const listings = open();
    asked = 0;
    const all = Array.from({ length: 300 }, listener);
    const begun = await Promise.all(
      all.map((one, place) => listings.watch(calendars[place % 3] ?? "", undefined, one)),
    );
    expect(asked).toBeLessThanOrEqual(2);
    await take();
    await until(() => all.every(({ heard }) => heard.length === 1), "all have heard");
    asked = 0;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThanOrEqual(6);
    for (const { stop } of begun) stop();
    await quiet();
    asked = 0;
    await quiet();
    expect(asked).toBe(0);
    listings.stop();
  });

  it("says when the database does not answer, and afterwards that anything may have changed", async () => {
    const listings = open();
    const one = listener();
    const { stop } = await listings.watch(calendars[0] ?? "", undefined, one);
    // Of this database alone: the role is everybody's on this server.
    const limit = (connections: number) =>
      admin.query(
        `do $$ begin execute format('alter database %I connection limit ${connections}', current_database()); end $$`,
      );
    await limit(0);
    try {
      await admin.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app_authenticator' and datname = current_database()",
      );
      await until(() => one.heard.length > 0, "the interruption");
      await quiet();
      expect(one.heard).toEqual(["interrupted"]);
      await expect(listings.watch(calendars[0] ?? "", undefined, listener())).rejects.toThrow();
    } finally {
      await limit(-1);
    }
    await until(() => one.heard.length > 1, "the change");
    expect(one.heard[1]).toMatchObject({ days: null });
    stop();
    listings.stop();
  });
});

describe("SCH-07: a client that does not read", () => {
  let server: Server;
  let client: Socket;
  let stream: EventStream;
  let isGone = false;
  let queued: () => number;

  beforeAll(async () => {
    const app = express();
    const opened = Promise.withResolvers<void>();
    app.get("/", (_request, response) => {
      stream = new EventStream(response);
      stream.begin({ standing: "public", id: "1", missed: null, stop: () => {} }, false);
      response.once("close", () => {
        isGone = true;
      });
      queued = () => response.writableLength;
      opened.resolve();
    });
    server = createServer(app).listen(0);
    await once(server, "listening");
    client = connect((server.address() as AddressInfo).port);
    client.on("error", () => {});
    client.write("GET / HTTP/1.1\r\nhost: here\r\n\r\n");
    await opened.promise;
  });
  afterAll(() => {
    client.destroy();
    server.close();
  });

  it("makes nothing wait in this process, and hears all of it in one when it reads again", async () => {
    client.pause();
    const days = Array.from(
      { length: 59 },
      (_, day) => `2027-0${1 + Math.floor(day / 28)}-${String(1 + (day % 28)).padStart(2, "0")}`,
    );
    for (let id = 2; id < 100_000; id += 1) {
      stream.changed({ id: String(id), days: days.slice(id % 50, (id % 50) + 10) }, "public");
      if (id % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(queued()).toBeLessThan(200_000);
    let text = "";
    client.on("data", (part) => {
      text += part;
    });
    client.resume();
    await until(() => text.includes("id: 99999\n"), "the last change", 20_000);
    const last = text.slice(text.lastIndexOf("event: changed"));
    expect(last).toContain(`data: ${JSON.stringify({ days })}`);
    expect(text.match(/event: changed/g)?.length).toBeLessThan(99_000);
  });

  it("is cut off after a while", async () => {
    client.pause();
    const days = Array.from({ length: 60 }, (_, day) => String(day).repeat(5));
    // The systems between take some megabytes before anything waits here.
    for (let stuck = 0; stuck < 10; stuck = queued() > 0 ? stuck + 1 : 0) {
      for (let id = 100_000; id < 100_500; id += 1) stream.changed({ id: String(id), days }, "public");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    stream.beat("1", 60_000);
    expect(isGone).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 30));
    stream.beat("1", 10);
    await until(() => isGone, "the end");
  });
});
