import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { quantile, type Row } from "../row.ts";
import { startServer } from "../servers.ts";
import { batchesOf, beginSessions, post, startTelemetry } from "../telemetry.ts";

/**
 * TEL-02: sessions send on, whether or not they are answered, now to telemetry and now to the bare server; of the
 * answers the slowest of a hundred. A machine that is busy with other work is slow for both, and misses the goal.
 */
export default {
  claim: "batch acknowledged durable, p99",
  unit: "ms",
  goal: { atMost: 50 },
  async measure(bench) {
    const bodies = await batchesOf(bench.short ? 4 : 20);
    const telemetry = await startTelemetry(bench);
    const file = path.join(telemetry.dataDir, "bare");
    const bare = await startServer("bench/append_server.ts", { ...process.env, FILE: file });
    try {
      const sessions = await beginSessions(bench, bench.short ? 4 : 200);
      const places = { ours: `${telemetry.url}/v1/pose/frames`, bare: `${bare.url}/` };
      const milliseconds = { ours: [] as number[], bare: [] as number[] };
      let refused = 0;
      for (const [round, body] of bodies.entries()) {
        for (const [name, url] of Object.entries(places) as ["ours" | "bare", string][]) {
          const began = performance.now();
          const answers: Promise<{ status: number; ms: number }>[] = [];
          for (const [i, { token }] of sessions.entries()) {
            const due = began + (i * 1_000) / sessions.length;
            if (due > performance.now()) await sleep(due - performance.now());
            answers.push(post(url, token, body).catch(() => ({ status: 0, ms: 0 })));
          }
          for (const { status, ms } of await Promise.all(answers)) {
            if (status !== 200) refused += 1;
            // In the first round every connection is new, and nothing is compiled.
            if (round > 0) milliseconds[name].push(ms);
          }
        }
      }
      return {
        measured: quantile(milliseconds.ours, 0.99),
        against: { what: "HTTP, append and fsync alone", value: quantile(milliseconds.bare, 0.99) },
        conditions: { "every batch is taken": refused === 0 },
      };
    } finally {
      bare.child.kill("SIGKILL");
      await telemetry.stop();
    }
  },
} satisfies Row;
