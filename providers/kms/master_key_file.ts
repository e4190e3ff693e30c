import { createHash, randomBytes, randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { ConfigError } from "../../runtime/config_error.ts";
import { makeFolder } from "../../runtime/folders.ts";

export type MasterKey = {
  /** Eight bytes of a digest of the key: which one wrapped what, and whether a line is whole. */
  id: Buffer;
  key: Buffer;
};

const heading = `# Master keys of RestartiX, one a line; the last one wraps new data keys, the others open older ones.
# Keep a copy where the backups are not: without this file nothing that was encrypted can be read again.
`;

/**
 * The master keys in a file, oldest first (FND-11). Makes the file, readable by its owner only, when it is
 * not there and `create` is set. Throws ConfigError with one line when it is not there, when others could
 * read or replace it, or when no key is in it.
 */
export function readMasterKeys(file: string, { create }: { create: boolean }): MasterKey[] {
  const text = readPrivately(file) ?? (create ? makeFile(file) : undefined);
  if (text === undefined) {
    throw new ConfigError(`MASTER_KEY_FILE must be a file that exists: ${file} does not.`);
  }
  const keys = text.split("\n").flatMap(readLine);
  if (keys.length === 0) throw new ConfigError(`MASTER_KEY_FILE must hold a master key: ${file} does not.`);
  return keys;
}

/**
 * Adds a master key that wraps from now on. One write of one short line at the end of the file: two
 * processes that do it at once add two keys, and no key is ever lost.
 */
export function addMasterKey(file: string): void {
  readMasterKeys(file, { create: false });
  // A line that a crash tore was never used; the new one must not grow onto it.
  const torn = !readFileSync(file, "utf8").endsWith("\n");
  const fd = openSync(file, constants.O_WRONLY | constants.O_APPEND);
  try {
    writeSync(fd, `${torn ? "\n" : ""}${newLine()}`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function newLine(): string {
  const key = randomBytes(32);
  return `${idOf(key).toString("hex")} ${key.toString("base64")} ${new Date().toISOString()}\n`;
}

/** Reads one line of the file. A line whose id is not that of its key is torn, or a comment, and is passed over. */
function readLine(line: string): MasterKey[] {
  const [id = "", encoded = ""] = line.trim().split(/\s+/);
  const key = Buffer.from(encoded, "base64");
  return key.length === 32 && idOf(key).toString("hex") === id ? [{ id: idOf(key), key }] : [];
}

function idOf(key: Buffer): Buffer {
  return createHash("sha256").update("restartix master key").update(key).digest().subarray(0, 8);
}

/** The text, once nobody else can have read or written it; undefined when there is no file. */
function readPrivately(file: string): string | undefined {
  let fd: number;
  try {
    fd = openSync(file, constants.O_RDONLY);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new ConfigError(`MASTER_KEY_FILE must be readable: ${file} is not (${code}).`);
  }
  try {
    if (process.platform !== "win32") {
      // Of the open file, so that it is the one that is read.
      requirePrivate(file, fstatSync(fd), 0o077, "chmod 600");
      requirePrivate(path.dirname(file), statSync(path.dirname(file)), 0o022, "chmod 700");
    }
    return readFileSync(fd, "utf8");
  } finally {
    closeSync(fd);
  }
}

function requirePrivate(
  name: string,
  { mode, uid }: { mode: number; uid: number },
  others: number,
  mend: string,
): void {
  const us = process.getuid?.() ?? uid;
  if (uid !== us) {
    throw new ConfigError(
      `MASTER_KEY_FILE must be ours: ${name} belongs to user ${uid}, and this is user ${us}.`,
    );
  }
  if (mode & others) {
    const shown = (mode & 0o777).toString(8).padStart(3, "0");
    throw new ConfigError(`MASTER_KEY_FILE must be private: ${name} has mode ${shown}; run ${mend} ${name}.`);
  }
}

/** The API and the worker may both come first: whoever links the file wins, the other reads it. */
function makeFile(file: string): string | undefined {
  const draft = `${file}.${process.pid}.${randomUUID()}`;
  try {
    makeFolder(path.dirname(file), { mode: 0o700 });
    const fd = openSync(draft, "wx", 0o600);
    writeSync(fd, `${heading}${newLine()}`);
    fsyncSync(fd);
    closeSync(fd);
  } catch (error) {
    throw new ConfigError(
      `MASTER_KEY_FILE must be in a folder that we can write to: ${path.dirname(file)} is not (${(error as NodeJS.ErrnoException).code}).`,
    );
  }
  try {
    linkSync(draft, file);
  } catch {
    // Somebody was faster; whatever else it was, reading says so.
  } finally {
    unlinkSync(draft);
  }
  return readPrivately(file);
}
