import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Clinic, eventually, openClinic, tell } from "./database.ts";

let clinic: Clinic;
let folder: string;
const children: ChildProcess[] = [];
beforeAll(async () => {
  [clinic, folder] = await Promise.all([openClinic(), mkdtemp(path.join(tmpdir(), "taken-"))]);
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  }
});
afterAll(async () => {
  await clinic.drop();
  await rm(folder, { recursive: true });
});

async function start(file: string, diesAfter: number): Promise<ChildProcess> {
  const child = fork(
    new URL("./dying_worker.ts", import.meta.url),
    [clinic.urls.worker, file, String(diesAfter)],
    {
      execArgv: [],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    },
  );
  children.push(child);
  await once(child, "message");
  return child;
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
    const doomed = await start(file, 1);
    const dead = once(doomed, "exit");
    const { sms = "" } = await tell(clinic, { phone: "+40722000777" });
    await dead;
    expect(await takenIn(file)).toHaveLength(1);
    const { rows: before } = await clinic.admin.query(
      "select status, attempts from app_public.messages where id = $1",
      [sms],
    );
    expect(before).toEqual([{ status: "queued", attempts: 1 }]);

    await start(file, 0);
    await sent(sms);
    const [first, second, ...more] = await takenIn(file);
    expect(more).toEqual([]);
    expect(second).toEqual(first); // what a vendor that knows keys recognises
    expect(first?.key).toBe(sms);
    const { rows } = await clinic.admin.query(
      "select attempts from app_private.effects where key = $1 and done_at is not null",
      [`message:${sms}`],
    );
    expect(rows).toEqual([{ attempts: 2 }]);
    await eventually(async () => {
      const { rowCount } = await clinic.admin.query("select from graphile_worker._private_jobs");
      return rowCount === 0;
    }, "an empty queue");
  });

  test("a browser that was told and recorded is not told again by the next worker", async () => {
    const file = path.join(folder, "push");
    await clinic.admin.query("select tests.patient('ana', 'atlas')");
    await clinic.admin.query(
      `insert into app_public.push_subscriptions (human_id, endpoint, p256dh, auth, created_at)
       select human_id, 'https://push.test/' || n, repeat('B', 87), repeat('A', 22), now() + n * interval '1 second'
       from app_public.patient_profiles cross join generate_series(1, 3) as n where patient_profiles.id = tests.id('ana')`,
    );
    const doomed = await start(file, 2); // dies with the second browser told and not recorded
    const dead = once(doomed, "exit");
    const { push = "" } = await tell(clinic, { patient: "ana" });
    await dead;
    await start(file, 0);
    await sent(push);
    expect((await takenIn(file)).filter(({ key }) => key === push).map(({ to }) => to)).toEqual([
      "https://push.test/1",
      "https://push.test/2",
      "https://push.test/2",
      "https://push.test/3",
    ]);
  });
});
