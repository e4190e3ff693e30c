import { setTimeout as sleep } from "node:timers/promises";
import { LocalBuffer } from "../../telemetry/buffer/local_buffer.ts";
import { writeReplay } from "../../telemetry/codec/replay.ts";
import { summarise } from "../../telemetry/finalizer/summary.ts";
import { median, quantile, type Row } from "../row.ts";
import { type Begun, batchesOf, beginSessions, post, startTelemetry } from "../telemetry.ts";

/**
 * TEL-02, TEL-04: from the end of a session of ten minutes until its object and its result are with the core. A machine
 * that is busy with other work is slow for both, and misses the goal.
 */
export default {
  claim: "end of a 10-minute session, p95",
  unit: "ms",
  goal: { atMost: 500 },
  async measure(bench) {
    const bodies = await batchesOf(bench.short ? 4 : 600);
    let sessions: Begun[] = [];
    // Its page may send two batches a second: what it sent is there already when the process begins.
    const telemetry = await startTelemetry(bench, async (folder) => {
      const buffer = await LocalBuffer.open(folder);
      sessions = await beginSessions(bench, bench.short ? 2 : 21);
      for (const { session } of sessions) {
        await Promise.all(
          bodies.map((body, sequence) =>
            buffer.keepBatch(session, { sequence, exercise: 1, receivedAt: Date.now(), body }),
          ),
        );
      }
      await buffer.close();
    });
    try {
      const milliseconds: number[] = [];
      let statuses = 0;
      for (const { session, token } of sessions) {
        const began = performance.now();
        const end = JSON.stringify({ lastSequence: bodies.length - 1, exercises: [] });
        const url = `${telemetry.url}/v1/sessions/${session}/end`;
        const { status } = await post(url, token, end, "application/json");
        statuses += status === 200 ? 1 : 0;
        while (!(await isEnded(session))) await sleep(5);
        milliseconds.push(performance.now() - began);
      }
      const alone: number[] = [];
      const replay = writeReplay(bodies.map((body) => ({ exercise: 1, body })));
      for (let run = 0; run < (bench.short ? 1 : 5); run++) {
        const began = performance.now();
        await summarise({ replay, events: [], exercises: [] });
        alone.push(performance.now() - began);
      }
      return {
        measured: quantile(milliseconds.slice(1), 0.95), // the first loads what aggregates
        against: { what: "decode and aggregate alone", value: median(alone) },
        conditions: { "each end is taken at once": statuses === sessions.length },
      };
    } finally {
      await telemetry.stop();
    }

    async function isEnded(session: string): Promise<boolean> {
      const { rows } = await bench.admin.query(
        "select ended_at from app_public.exercise_sessions where id = $1",
        [session],
      );
      return rows[0].ended_at !== null;
    }
  },
} satisfies Row;
