import { appendFileSync } from "node:fs";
import { pino } from "pino";
import { startWorker } from "../worker.ts";

/**
 * A worker whose vendors write down what they took, and that dies the moment the nth was taken: between the
 * vendor's yes and our record. Started by messages_crash.test.ts: URL, file, n (0: it lives).
 */
const [databaseUrl, file, nth] = process.argv.slice(2) as [string, string, string];
let taken = 0;

function take(to: string, key: string, body: string): { vendorId: string } {
  appendFileSync(file, `${JSON.stringify({ to, key, body })}\n`);
  taken += 1;
  if (taken === Number(nth)) process.kill(process.pid, "SIGKILL");
  return { vendorId: `taken-${key}` };
}

await startWorker({
  databaseUrl,
  mailers: { for: () => Promise.reject(new Error("no mail here")), check: async () => null, close() {} },
  texts: {
    for: async (_, channel) => ({ channel, send: async ({ to, body }, { key }) => take(to, key, body) }),
  },
  pusher: {
    publicKey: "",
    send: async ({ endpoint }, { body }, { key }) => take(endpoint, key, body),
  },
  log: pino({ level: "silent" }),
  timed: false,
  pollMs: 100,
  heartbeat: { everyMs: 100, silentMs: 1_500 },
});
process.send?.("ready");
