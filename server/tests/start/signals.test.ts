// Starts processes: what a signal leaves behind is seen from outside.
import { afterAll, beforeAll, expect, test } from "vitest";
import { newPlace, npm, processesOf, run, until } from "./support.ts";

// FND-36: what starts a database server ends with it, whoever is told to stop: the program, or the npm before it.
// One folder for all of them, whose database is migrated.
let place: Awaited<ReturnType<typeof newPlace>>;
beforeAll(async () => {
  place = await newPlace({ isMigrated: true });
});
afterAll(() => place.remove());

/** Nothing runs on the folder any more; the server writes its last page before it goes. */
const nothingLeft = () => until(async () => processesOf(place.dataDir).length === 0, 30_000);

test("FND-36: db:watch that started the database ends with it on SIGTERM", async () => {
  const watch = run("db/migrating/watch.ts", place.env);
  await watch.printed("Watching");
  watch.child.kill("SIGTERM");
  expect(await watch.ended).toBe(0);
  await nothingLeft();
});

test("FND-36: db:watch under npm leaves nothing behind when npm is told to stop", async () => {
  const watch = npm(["run", "db:watch"], place.env);
  await watch.printed("Watching");
  watch.child.kill("SIGTERM");
  await watch.ended;
  await nothingLeft();
});

test("FND-36: db:watch that is told to stop before it watches leaves no server behind", async () => {
  const watch = run("db/migrating/watch.ts", place.env);
  await until(async () => processesOf(place.dataDir).some((line) => line.includes("postgres -D")), 60_000);
  watch.child.kill("SIGTERM");
  expect(await watch.ended).toBe(0);
  await nothingLeft();
});

test("FND-36: a test server that is kept open ends on SIGTERM", async () => {
  const serve = run("db/testing/prove.ts", place.env, { args: ["--serve"] });
  const [, port] = /127\.0\.0\.1:(\d+)/.exec(await serve.printed("127.0.0.1:")) ?? [];
  expect(port).toBeDefined();
  serve.child.kill("SIGTERM");
  expect(await serve.ended).toBe(0);
  await nothingLeft();
});
