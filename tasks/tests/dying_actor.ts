import { pino } from "pino";
import { startWorker, type Worker } from "../worker.ts";
import { nowhere } from "./nowhere.ts";

/** A worker that does every kind of action side by side and reaches nothing outside. */
export function startActingWorker(databaseUrl: string): Promise<Worker> {
  return startWorker({
    databaseUrl,
    ...nowhere,
    log: pino({ level: "silent" }),
    timed: false,
    concurrency: 16,
    pollMs: 100,
    heartbeat: { everyMs: 100, silentMs: 1_500 },
  });
}

/** As a process of its own, to be killed. */
if (import.meta.main) {
  await startActingWorker(process.argv[2] as string);
  process.send?.("ready");
}
