// Starts processes: they are killed while they write.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { LocalBuffer } from "../buffer/local_buffer.ts";
import { contentOf } from "./keeps_until_killed.ts";

const ROUNDS = 4;

test("TEL-02: nothing that was promised is lost by kill -9, round after round", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "restartix-killed-"));
  const sessions = Array.from({ length: 12 }, () => randomUUID());
  const promised = new Map<string, number>();
  try {
    for (let round = 0; round < ROUNDS; round++) {
      // The next process counts on from what was promised; what was written and not promised comes again.
      const first = Math.max(0, ...promised.values()) + (round === 0 ? 0 : 1);
      for (const line of await killed(folder, first, sessions, 150 + Math.random() * 400)) {
        const [session = "", sequence] = line.split(" ");
        promised.set(`${session} ${sequence}`, Number(sequence));
      }
    }
    expect(promised.size).toBeGreaterThan(sessions.length * ROUNDS);

    const buffer = await LocalBuffer.open(folder);
    const found = new Set<string>();
    for (const session of sessions) {
      for (const { sequence, body } of (await buffer.read(session))?.batches ?? []) {
        expect(contentOf(session, sequence).equals(body)).toBe(true);
        found.add(`${session} ${sequence}`);
      }
    }
    await buffer.close();
    expect([...promised.keys()].filter((key) => !found.has(key))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** What a process said that it keeps before it was killed, so long after it began. */
async function killed(folder: string, first: number, sessions: string[], afterMs: number): Promise<string[]> {
  const program = path.join(import.meta.dirname, "keeps_until_killed.ts");
  const child = spawn(process.execPath, [program, folder, String(first), ...sessions], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  const opened = new Promise<void>((resolve) => {
    child.stdout.on("data", (piece) => {
      said += piece;
      if (said.startsWith("open\n")) resolve();
    });
  });
  const closed = once(child, "close");
  await Promise.race([opened, closed]);
  await sleep(afterMs);
  child.kill("SIGKILL");
  await closed;
  // What is cut within a line was not read by anybody.
  return said.slice("open\n".length).split("\n").slice(0, -1);
}
