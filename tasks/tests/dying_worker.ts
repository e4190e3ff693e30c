import { appendFileSync } from "node:fs";
import { pino } from "pino";
import type { Outside } from "../task.ts";
import { startWorker, type Worker } from "../worker.ts";
import { nowhere } from "./nowhere.ts";

/** A worker whose vendors write down what they took; `onTaken` runs between their yes and our record. */
export function startWritingWorker(
  databaseUrl: string,
  file: string,
  onTaken: (nth: number) => void = () => {},
): Promise<Worker> {
  let taken = 0;
  const take = (to: string, key: string, body: string) => {
    appendFileSync(file, `${JSON.stringify({ to, key, body })}\n`);
    taken += 1;
    onTaken(taken);
    return { vendorId: `taken-${key}` };
  };
  const outside: Outside = {
    ...nowhere,
    texts: {
      for: async (_, channel) => ({ channel, send: async ({ to, body }, { key }) => take(to, key, body) }),
    },
    pusher: {
      publicKey: "",
      send: async ({ endpoint }, { body }, { key }) => take(endpoint, key, body),
    },
  };
  return startWorker({
    databaseUrl,
    ...outside,
    log: pino({ level: "silent" }),
    timed: false,
    pollMs: 100,
    heartbeat: { everyMs: 100, silentMs: 1_500 },
  });
}

/** As a process of its own it dies the moment the nth was taken: URL, file, n. */
if (import.meta.main) {
  const [databaseUrl, file, nth] = process.argv.slice(2) as [string, string, string];
  await startWritingWorker(databaseUrl, file, (taken) => {
    if (taken === Number(nth)) process.kill(process.pid, "SIGKILL");
  });
  process.send?.("ready");
}
