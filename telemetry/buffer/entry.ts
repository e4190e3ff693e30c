import { crc32 } from "node:zlib";
import type { KeptBatch, KeptEvent, SessionEnd } from "./port.ts";

/** One entry of a segment. */
export type Entry =
  | { kind: "batch"; session: string; batch: KeptBatch }
  | { kind: "events"; session: string; receivedAt: number; events: KeptEvent[] }
  | { kind: "end"; session: string; receivedAt: number; end: SessionEnd; hasEnded: boolean }
  | { kind: "finalized"; session: string };

const kinds = ["batch", "events", "end", "finalized"] as const;
/** "RT". */
const MARK = 0x5452;
const VERSION = 1;
/** Mark, version, kind, length of what follows, its CRC-32. */
const HEAD = 12;
/** Session and moment, before what depends on the kind. */
const STEM = 16 + 8;
/** Sequence and exercise. */
const BATCH = 4 + 2;
const LONGEST = 1024 * 1024;

/** The bytes of an entry: they say how long they are and whether they are whole. */
export function writeEntry(entry: Entry): Buffer {
  const rest = restOf(entry);
  const bytes = Buffer.alloc(HEAD + STEM + rest.length);
  bytes.writeUInt16LE(MARK, 0);
  bytes.writeUInt8(VERSION, 2);
  bytes.writeUInt8(kinds.indexOf(entry.kind), 3);
  bytes.writeUInt32LE(STEM + rest.length, 4);
  bytes.write(entry.session.replaceAll("-", ""), HEAD, "hex");
  bytes.writeDoubleLE(momentOf(entry), HEAD + 16);
  rest.copy(bytes, HEAD + STEM);
  bytes.writeUInt32LE(sumOf(bytes), 8);
  return bytes;
}

/**
 * The entries of a segment with where each begins, and how far they go: what follows was torn off in the middle of a
 * write, and nobody was ever told that it was kept.
 */
export function readEntries(bytes: Buffer): {
  entries: { entry: Entry; offset: number; length: number }[];
  whole: number;
} {
  const entries: { entry: Entry; offset: number; length: number }[] = [];
  let offset = 0;
  for (;;) {
    const length = lengthAt(bytes, offset);
    const entry = length === null ? null : readEntry(bytes.subarray(offset, offset + length));
    if (length === null || entry === null) return { entries, whole: offset };
    entries.push({ entry, offset, length });
    offset += length;
  }
}

/** The entry that these bytes are; null where they are none, or damaged. */
export function readEntry(bytes: Buffer): Entry | null {
  if (lengthAt(bytes, 0) !== bytes.length || bytes.readUInt32LE(8) !== sumOf(bytes)) return null;
  const kind = kinds[bytes.readUInt8(3)];
  const session = uuidOf(bytes.toString("hex", HEAD, HEAD + 16));
  const receivedAt = bytes.readDoubleLE(HEAD + 16);
  const rest = bytes.subarray(HEAD + STEM);
  switch (kind) {
    case "batch": {
      const sequence = rest.readUInt32LE(0);
      const exercise = rest.readUInt16LE(4);
      return { kind, session, batch: { sequence, exercise, receivedAt, body: rest.subarray(BATCH) } };
    }
    case "events":
      return { kind, session, receivedAt, events: JSON.parse(rest.toString()) };
    case "end":
      return { kind, session, receivedAt, ...JSON.parse(rest.toString()) };
    case "finalized":
      return { kind, session };
    default:
      return null;
  }
}

function restOf(entry: Entry): Buffer {
  switch (entry.kind) {
    case "batch": {
      const head = Buffer.alloc(BATCH);
      head.writeUInt32LE(entry.batch.sequence, 0);
      head.writeUInt16LE(entry.batch.exercise, 4);
      return Buffer.concat([head, entry.batch.body]);
    }
    case "events":
      return Buffer.from(JSON.stringify(entry.events));
    case "end":
      return Buffer.from(JSON.stringify({ end: entry.end, hasEnded: entry.hasEnded }));
    case "finalized":
      return Buffer.alloc(0);
  }
}

function momentOf(entry: Entry): number {
  if (entry.kind === "finalized") return 0;
  return entry.kind === "batch" ? entry.batch.receivedAt : entry.receivedAt;
}

/** Of everything but the mark and the sum itself. */
function sumOf(bytes: Buffer): number {
  return crc32(bytes.subarray(HEAD), crc32(bytes.subarray(2, 8)));
}

function lengthAt(bytes: Buffer, offset: number): number | null {
  if (bytes.length < offset + HEAD + STEM) return null;
  if (bytes.readUInt16LE(offset) !== MARK || bytes.readUInt8(offset + 2) !== VERSION) return null;
  const length = bytes.readUInt32LE(offset + 4);
  const isPossible = length >= STEM && length <= LONGEST && bytes.length >= offset + HEAD + length;
  return isPossible ? HEAD + length : null;
}

const uuidOf = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
