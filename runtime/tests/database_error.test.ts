import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../db/testing/server.ts";
import { isDatabaseError } from "../database_error.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ because: "its connections are refused and cut off", bare: true });
});
afterAll(() => database.drop());

const failure = (connectionString: string, sql: string) => {
  const client = new pg.Client({ connectionString });
  return client
    .connect()
    .then(() => client.query(sql))
    .then(
      () => undefined,
      (error: unknown) => error,
    )
    .finally(() => client.end());
};

// FND-28: a log takes an answer of the database for what it is, or it would print a message that quotes a row.
test("what the database answers is known as its answer, on the way in too", async () => {
  const { admin } = database.urls;
  for (const sql of [
    "select 1/0",
    "do $$ begin raise exception 'no' using errcode = 'RX409'; end $$",
    "selec",
  ]) {
    const error = await failure(admin, sql);
    expect(error).toBeInstanceOf(pg.DatabaseError);
    expect(isDatabaseError(error)).toBe(true);
  }
  const nowhere = new URL(admin);
  nowhere.pathname = "/nowhere";
  expect(await failure(nowhere.href, "select")).toSatisfy(isDatabaseError);
});

test("a line that does not reach it, and what is no error, are no answers of it", async () => {
  const refused = await failure("postgres://nobody@127.0.0.1:1/nowhere", "select");
  expect(refused).toBeInstanceOf(Error);
  expect(isDatabaseError(refused)).toBe(false);
  expect(isDatabaseError(Object.assign(new Error("broken pipe"), { code: "EPIPE" }))).toBe(false);
  expect(isDatabaseError({ code: "22012", severity: "ERROR" })).toBe(false);
});
