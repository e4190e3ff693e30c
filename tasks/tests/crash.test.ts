// Starts processes: a worker is killed in the middle of a mail.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { bareEnv } from "../../db/testing/bare_env.ts";
import { type SmtpVendor, startSmtpVendor } from "../../providers/email/tests/smtp_vendor.ts";
import { temporaryKms } from "../../providers/kms/tests/temporary.ts";
import { startWorker } from "../worker.ts";
import { type Clinic, eventually, openClinic, writeTo } from "./database.ts";
import { nowhere } from "./nowhere.ts";

let clinic: Clinic;
let vendor: SmtpVendor;
let child: ChildProcess | undefined;
const master = temporaryKms();
beforeAll(async () => {
  [clinic, vendor] = await Promise.all([
    openClinic("a worker is killed over it, and another takes its jobs"),
    startSmtpVendor(),
  ]);
});
afterEach(() => child?.kill("SIGKILL"));
afterAll(async () => {
  await vendor.stop();
  await clinic.drop();
  master.remove();
});

/** The worker as a process of its own, ready. */
async function forkWorker(smtpPort: number): Promise<ChildProcess> {
  child = fork(new URL("../main.ts", import.meta.url), {
    env: {
      ...bareEnv,
      WORKER_DATABASE_URL: clinic.urls.worker,
      SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
      MASTER_KEY_FILE: master.file,
      LOG_LEVEL: "silent",
    },
    execArgv: [],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await once(child, "message");
  return child;
}

/** An SMTP port that takes the call and says nothing: a worker that mails there is stuck in the middle. */
async function startSilence() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    called: () => sockets.size,
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe("a worker may die at any time (quality: Faults)", () => {
  test("kill -9 in the middle of a mail: another worker frees the job and sends it", async () => {
    const silence = await startSilence();
    const doomed = await forkWorker(silence.port);
    const id = await writeTo(clinic, "stefan@people.test");
    // The first call asks whether mail can leave at all; the second one carries the mail.
    await eventually(async () => silence.called() > 1, "the worker to call");
    doomed.kill("SIGKILL");
    await once(doomed, "exit");
    silence.stop();

    const locked = await clinic.admin.query(
      "select locked_by from graphile_worker._private_jobs where key = $1",
      [`message:${id}`],
    );
    expect(locked.rows).toEqual([{ locked_by: expect.any(String) }]);

    const heir = await startWorker({
      ...nowhere,
      databaseUrl: clinic.urls.worker,
      mailers: { for: async () => vendor.mailer, check: async () => null, close() {} },
      log: pino({ level: "silent" }),
      timed: false,
      pollMs: 100,
      heartbeat: { everyMs: 100, silentMs: 1_000 },
    });
    await eventually(async () => {
      const { rows } = await clinic.admin.query("select status from app_public.messages where id = $1", [id]);
      return rows[0].status === "sent";
    }, "the mail to be sent");
    await heir.stop();
    expect((await vendor.taken()).filter((raw) => raw.includes(id))).toHaveLength(1);
    const left = await clinic.admin.query(
      "select from graphile_worker._private_jobs where locked_by is not null",
    );
    expect(left.rowCount).toBe(0);
  });

  test("SIGTERM: the running mail is finished, its worker retired, and the process ends well", async () => {
    const worker = await forkWorker(vendor.port);
    const id = await writeTo(clinic, "mihai@people.test");
    await eventually(async () => (await vendor.taken()).some((raw) => raw.includes(id)), "the mail");
    worker.kill("SIGTERM");
    const [code] = await once(worker, "exit");
    expect(code).toBe(0);
    const { rows } = await clinic.admin.query(
      "select count(*)::int as workers from app_private.worker_heartbeats where pid = $1",
      [worker.pid],
    );
    expect(rows).toEqual([{ workers: 0 }]);
    const { rows: messages } = await clinic.admin.query(
      "select status from app_public.messages where id = $1",
      [id],
    );
    expect(messages).toEqual([{ status: "sent" }]);
  });

  test("when the process that started it is gone, it leaves too", async () => {
    const worker = await forkWorker(vendor.port);
    worker.disconnect();
    const [code] = await once(worker, "exit");
    expect(code).toBe(0);
  });
});
