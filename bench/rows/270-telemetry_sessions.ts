import { createHmac, timingSafeEqual } from "node:crypto";
import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from "node:fs";
import path from "node:path";
import { inflateRawSync } from "node:zlib";
import { HEADER_BYTES } from "../../telemetry/codec/header.ts";
import type { Row } from "../row.ts";
import { atOnce, type Begun, batchesOf, beginSessions, post, secret, startTelemetry } from "../telemetry.ts";

/** A session sends a batch every two seconds. */
const SECONDS = 2;

/**
 * TEL-01, TEL-02: by the processor time of the telemetry process, as it runs, with HTTP, the core asked for the consent,
 * limits and a decoded batch; so it does not matter who else is busy here.
 */
export default {
  claim: "sessions a core, durable",
  unit: "/s",
  goal: { ratioAtLeast: 0.1 },
  async measure(bench) {
    const bodies = await batchesOf(bench.short ? 4 : 20);
    const telemetry = await startTelemetry(bench);
    try {
      const [rounds, each] = bench.short ? [1, 4] : [4, 150];
      let [ours, bare, refused] = [0, 0, 0];
      for (let round = -1; round < rounds; round++) {
        const sessions = await beginSessions(bench, each);
        const before = processorSeconds(telemetry.child.pid);
        // The first batches of all, then the second ones, as they come.
        for (const body of bodies) {
          await atOnce(48, sessions, async ({ token }) => {
            const { status } = await post(`${telemetry.url}/v1/pose/frames`, token, body);
            if (status !== 200) refused += 1;
          });
        }
        const after = processorSeconds(telemetry.child.pid);
        const least = leastSeconds(sessions, bodies, path.join(telemetry.dataDir, "bare"));
        if (round < 0) continue; // it warms up
        ours += after - before;
        bare += least;
      }
      const perSecond = (seconds: number) => (rounds * each * bodies.length * SECONDS) / seconds;
      return {
        measured: perSecond(ours),
        against: { what: "verify, inflate and append alone", value: perSecond(bare) },
        conditions: {
          "every batch is taken": refused === 0,
          "3,000 sessions a core": bench.short || perSecond(ours) >= 3_000,
        },
      };
    } finally {
      await telemetry.stop();
    }
  },
} satisfies Row;

/** The processor time of a process, as this machine counts it. */
function processorSeconds(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** The least that it could cost: no HTTP, nobody asked, no limits; fifty batches go to the disk at once. */
function leastSeconds(sessions: Begun[], bodies: Uint8Array[], file: string): number {
  const before = process.cpuUsage();
  const handle = openSync(file, "a");
  let waiting: Uint8Array[] = [];
  for (const body of bodies) {
    for (const { token } of sessions) {
      const [head, claims, signature = ""] = token.split(".");
      const expected = createHmac("sha256", secret).update(`${head}.${claims}`).digest();
      if (!timingSafeEqual(expected, Buffer.from(signature, "base64url"))) throw new Error("not verified");
      JSON.parse(Buffer.from(claims ?? "", "base64url").toString());
      inflateRawSync(body.subarray(HEADER_BYTES));
      waiting.push(body);
      if (waiting.length < 50) continue;
      writeSync(handle, Buffer.concat(waiting));
      fdatasyncSync(handle);
      waiting = [];
    }
  }
  closeSync(handle);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
