// Starts processes: a worker dies between a vendor's yes and our record.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Worker } from "../worker.ts";
import { type Clinic, eventually, openClinic, tell } from "./database.ts";
import { startWritingWorker } from "./dying_worker.ts";

let clinic: Clinic;
let folder: string;
let doomed: ChildProcess | undefined;
let heir: Worker | undefined;
beforeAll(async () => {
  [clinic, folder] = await Promise.all([
    openClinic("a worker dies between a vendor's yes and its own commit"),
    mkdtemp(path.join(tmpdir(), "taken-")),
  ]);
});
afterEach(async () => {
  doomed?.kill("SIGKILL");
  await heir?.stop();
});
afterAll(async () => {
  await clinic.drop();
  await rm(folder, { recursive: true });
});

/** A worker that dies between the nth yes of a vendor and our record; answers when it is dead. */
async function startDoomed(file: string, nth: number): Promise<{ dead: Promise<unknown> }> {
  doomed = fork(new URL("./dying_worker.ts", import.meta.url), [clinic.urls.worker, file, String(nth)], {
    execArgv: [],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await once(doomed, "message");
  return { dead: once(doomed, "exit") };
}

async function takenIn(file: string): Promise<{ to: string; key: string; body: string }[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

const sent = (id: string) =>
  eventually(
    async () => {
      const { rows } = await clinic.admin.query("select status from app_public.messages where id = $1", [id]);
      return rows[0].status === "sent";
    },
    "the message to be sent",
    30_000,
  );

describe("kill -9 between the vendor's yes and our record (FND-15, quality: Faults)", () => {
  test("another worker sends the same text under the same key, records it once, and nothing stays locked", async () => {
    const file = path.join(folder, "sms");
    const { dead } = await startDoomed(file, 1);
    const { sms = "" } = await tell(clinic, { phone: "+40722000777" });
    await dead;
    expect(await takenIn(file)).toHaveLength(1);
    const { rows: before } = await clinic.admin.query(
      "select status, attempts from app_public.messages where id = $1",
      [sms],
    );
    expect(before).toEqual([{ status: "queued", attempts: 1 }]);

    heir = await startWritingWorker(clinic.urls.worker, file);
    await sent(sms);
    const [first, second, ...more] = await takenIn(file);
    expect(more).toEqual([]);
    expect(second).toEqual(first); // what a vendor that knows keys recognises
    expect(first?.key).toBe(sms);
    await eventually(async () => {
      const { rowCount } = await clinic.admin.query("select from graphile_worker._private_jobs");
      return rowCount === 0;
    }, "an empty queue");
    const { rows } = await clinic.admin.query(
      "select attempts from app_private.effects where key = $1 and done_at is not null",
      [`message:${sms}`],
    );
    expect(rows).toEqual([{ attempts: 2 }]);
  });

  test("a browser that was told and recorded is not told again by the next worker", async () => {
    const file = path.join(folder, "push");
    await clinic.admin.query("select tests.patient('ana', 'atlas')");
    await clinic.admin.query(
      `insert into app_public.push_subscriptions (human_id, endpoint, p256dh, auth, created_at)
       select human_id, 'https://push.test/' || n, repeat('B', 87), repeat('A', 22), now() + n * interval '1 second'
       from app_public.patient_profiles cross join generate_series(1, 3) as n where patient_profiles.id = tests.id('ana')`,
    );
    const { dead } = await startDoomed(file, 2); // the second browser is told, and not recorded
    const { push = "" } = await tell(clinic, { patient: "ana" });
    await dead;
    heir = await startWritingWorker(clinic.urls.worker, file);
    await sent(push);
    expect((await takenIn(file)).filter(({ key }) => key === push).map(({ to }) => to)).toEqual([
      "https://push.test/1",
      "https://push.test/2",
      "https://push.test/2",
      "https://push.test/3",
    ]);
  });
});
