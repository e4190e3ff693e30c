import { createHash } from "node:crypto";
import { writeSync } from "node:fs";
import { LocalBuffer } from "../buffer/local_buffer.ts";

/** What a batch holds in these tests: it follows from its session and number, and is as long as real ones. */
export function contentOf(session: string, sequence: number): Buffer {
  const seed = createHash("sha512").update(`${session} ${sequence}`).digest();
  return Buffer.alloc(200 + (sequence % 50) * 150, seed);
}

/**
 * Keeps batches of the sessions that are named, from a number on, as fast as it can, and says each that was promised,
 * until it is killed: `node keeps_until_killed.ts <folder> <first> <session>…`.
 */
async function main([folder = "", first = "0", ...sessions]: string[]): Promise<void> {
  const buffer = await LocalBuffer.open(folder);
  writeSync(1, "open\n");
  await Promise.all(
    sessions.map(async (session) => {
      for (let sequence = Number(first); ; sequence++) {
        const body = contentOf(session, sequence);
        const kept = await buffer.keepBatch(session, { sequence, exercise: 1, receivedAt: 1, body });
        if (kept !== "kept" && kept !== "same") throw new Error(`${session} ${sequence}: ${kept}`);
        writeSync(1, `${session} ${sequence}\n`);
      }
    }),
  );
}

if (import.meta.main) await main(process.argv.slice(2));
