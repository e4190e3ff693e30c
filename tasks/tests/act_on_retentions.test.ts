import { afterAll, beforeAll, expect, test } from "vitest";
import actOnRetentions from "../definitions/act_on_retentions.ts";
import { type Clinic, openClinic } from "./database.ts";

let clinic: Clinic;
beforeAll(async () => {
  clinic = await openClinic("batches are committed one by one, and a worker leaves between two");
});
afterAll(() => clinic.drop());

const said: string[] = [];
const run = (abortSignal?: AbortSignal) =>
  actOnRetentions.run(
    {},
    {
      withPgClient: clinic.withPgClient,
      logger: { info: (line: string) => said.push(line) },
      abortSignal,
    } as never,
    {} as never,
  );

async function fillEffects(rows: number): Promise<void> {
  await clinic.admin.query(
    `insert into app_private.effects (key, claimed_at, claimed_by, done_at)
     select 'message:' || n, now() - interval '91 days', 'a worker', now() from generate_series(1, $1::int) as n`,
    [rows],
  );
}
const effects = async () =>
  Number((await clinic.admin.query("select count(*) from app_private.effects")).rows[0].count);

test("GDP-03: a worker that leaves removes nothing more, and the next run removes all that is over, in several batches", async () => {
  const kept = await effects();
  await fillEffects(4_100);
  await run(AbortSignal.abort());
  expect([await effects(), said]).toEqual([kept + 4_100, []]);

  await run();
  expect([await effects(), said]).toEqual([
    kept,
    ["delete: 4100 rows of app_private.effects, kept for operations"],
  ]);
  const { rows } = await clinic.admin.query(
    "select removed::int from app_private.retention_runs where table_name = 'app_private.effects'",
  );
  expect(rows).toEqual([{ removed: 4_100 }]);
});

test("GDP-03: what was removed before stays removed when a later table fails", async () => {
  const kept = await effects();
  await fillEffects(10);
  await clinic.admin.query("revoke delete on app_private.message_reports from app_engine");
  await expect(run()).rejects.toThrow("permission denied for table message_reports");
  await clinic.admin.query("grant delete on app_private.message_reports to app_engine");
  expect(await effects()).toBe(kept);
});
