// Starts processes: database, API and worker are killed in the middle of everything.
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Deployment, deploy, faults } from "./deployment.ts";
import { lostRecordings } from "./recordings.ts";
import { type Cut, cutRefresh, prepareSegments } from "./refreshes.ts";
import { rounds } from "./rounds.ts";
import { storm } from "./storm/storm.ts";

let deployment: Deployment;

beforeAll(async () => {
  deployment = await deploy({ worker: "server/tests/chaos/impatient_worker.ts" });
});
afterAll(() => deployment?.stop());

// The long forms are npm run chaos, and npm run chaos -- --storm 100000.
it("FND-28, FND-14, SCH-06, TEL-02: kill -9 of server, worker, telemetry, backend and postmaster loses nothing and does nothing twice", async () => {
  // Each fault once, and as few people as can stand in each other's way.
  for await (const round of rounds(deployment, faults, faults.length, 0.8, { visitors: 2, staff: 1 })) {
    expect([round.fault, round.violations]).toEqual([round.fault, []]);
    expect(round.confirmed).toBeGreaterThan(0);
    expect(round.recordings).toBeGreaterThan(0);
  }
  // And it would be seen: a batch that was promised and is not there, a recording that nobody ended.
  const ids = await deployment.ask<{ id: string }>(
    "(select id from app_public.exercise_sessions where replay_object_key is not null limit 1) union all select uuidv7()",
  );
  const sessions = new Map(ids.map(({ id }) => [id, { promised: [Uint8Array.of(1)] }]));
  expect(await lostRecordings(deployment, { sessions }, 1_000)).toEqual([
    expect.stringContaining("lost 1 of 1 promised batches"),
    expect.stringContaining("has batches twice"),
    expect.stringContaining("was never finalized"),
  ]);
});

it("SEG-03, SEG-04: kill -9 of the worker and of its backend within a look at segments loses nobody, and tells nothing twice", async () => {
  await prepareSegments(deployment);
  const cuts: Cut[] = [
    { killed: "worker", at: "segment_marks" },
    { killed: "worker", at: "events" },
    { killed: "backend", at: "events" },
  ];
  for (const cut of cuts) expect([cut, await cutRefresh(deployment, cut)]).toEqual([cut, []]);
});

it("SCH-02, SCH-06, SCH-11, APT-02, CAT-04: whoever books, moves and cancels the same few times at once, while the server is killed: all that was answered is there, and nothing else", async () => {
  const { database } = deployment;
  const report = await storm(database, {
    attempts: 400,
    days: 1,
    every: { connection: 40, backend: 150, postmaster: 250 },
  });
  expect(report.violations).toEqual([]);
  expect(report.faults).toMatchObject({ backend: expect.toSatisfy((n) => n > 0), postmaster: 1 });
  const done = [...report.tally.keys()]
    .filter((what) => what.endsWith(": done"))
    .map((what) => what.split(":")[0]);
  expect(done).toEqual(
    expect.arrayContaining(["hold", "book", "request", "confirm", "book directly", "cancel", "reschedule"]),
  );
  expect([...report.tally.keys()]).toContain("hold: RXSLT slot_taken");

  // And it would be seen: a time that is let go, a turn that nobody took, an answer that nothing came of.
  const [{ id } = { id: "" }] = await database.ask<{ id: string }>(
    "select id from app_public.appointments where status = 'booked' and plan_session_number is null order by id desc limit 1",
  );
  await database.ask(
    "update app_private.time_claims set released_at = now() where id = (select claim_id from app_public.appointments where id = $1)",
    [id],
  );
  await database.ask(
    "update app_private.specialist_assignment_tracking set assigned_count = assigned_count + 1 where specialist_id = tests.id('dan')",
  );
  report.books.move(report.books.ids[0] as string, "reinstated");
  const seen = await report.look();
  for (const what of ["an appointment and its time", "a turn is counted that", ": reinstated "])
    expect(seen.filter((found) => found.includes(what))).not.toEqual([]);
});
