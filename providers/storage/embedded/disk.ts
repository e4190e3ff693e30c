import { randomUUID } from "node:crypto";
import { createReadStream, type ReadStream } from "node:fs";
import { type FileHandle, link, open, readdir, rename, rm, stat, unlink } from "node:fs/promises";
import path from "node:path";
import { makeFolder } from "../../../runtime/folders.ts";
import { Refused } from "./answers.ts";

/** What is kept of an object besides its bytes. */
export type Facts = { contentType: string; etag: string; storageClass?: string };
export type Kept = Facts & { size: number; lastModified: Date };

/** Facts and bytes in one file, so that an object is there whole or not at all. */
const HEAD_BYTES = 512;
const ENDING = ".object";
const INCOMING = ".incoming";

/** Objects as files of a folder. A write is on disk before it counts; nobody ever reads half of one. */
export class Disk {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(folder: string): Promise<Disk> {
    await rm(path.join(folder, INCOMING), { recursive: true, force: true }); // cut off by a crash
    makeFolder(folder, { mode: 0o700 });
    makeFolder(path.join(folder, INCOMING), { mode: 0o700 });
    return new Disk(folder);
  }

  /**
   * Takes the pieces, asks `seal` for the facts when all are here (it may refuse them), and only then puts the
   * object in its place. With `ifAbsent`, of two that come at once one is refused.
   */
  async put(
    key: string,
    pieces: AsyncIterable<Buffer>,
    { seal, ifAbsent }: { seal: () => Facts; ifAbsent: boolean },
  ): Promise<void> {
    const target = this.#file(key);
    const draft = path.join(this.#folder, INCOMING, randomUUID());
    let file: FileHandle | undefined;
    try {
      file = await open(draft, "wx", 0o600);
      let at = HEAD_BYTES;
      for await (const piece of pieces) {
        await file.write(piece, 0, piece.length, at);
        at += piece.length;
      }
      await file.write(JSON.stringify(seal()).padEnd(HEAD_BYTES), 0);
      await file.sync();
      await file.close();
      file = undefined;
      makeFolder(path.dirname(target), { mode: 0o700 });
      if (ifAbsent) await link(draft, target);
      else await rename(draft, target);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") {
        throw new Refused("PreconditionFailed", "There is an object under this key already.");
      }
      throw error;
    } finally {
      await file?.close();
      await rm(draft, { force: true });
    }
  }

  async find(key: string): Promise<Kept> {
    const file = await open(this.#file(key), "r").catch(() => {
      throw new Refused("NoSuchKey", "There is no object under this key.");
    });
    try {
      const { buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      const { size, mtime } = await file.stat();
      const facts = JSON.parse(buffer.toString("utf8")) as Facts;
      return { ...facts, size: size - HEAD_BYTES, lastModified: mtime };
    } finally {
      await file.close();
    }
  }

  /** Writes an object once more, with its storage class; answers what is kept of it. */
  async keepIn(key: string, storageClass: string): Promise<Kept> {
    const { size, contentType, etag } = await this.find(key);
    const bytes =
      size === 0 ? nothing() : (this.read(key, { first: 0, last: size - 1 }) as AsyncIterable<Buffer>);
    await this.put(key, bytes, { ifAbsent: false, seal: () => ({ contentType, etag, storageClass }) });
    return this.find(key);
  }

  /** The bytes from `first` to `last`, both included. */
  read(key: string, { first, last }: { first: number; last: number }): ReadStream {
    return createReadStream(this.#file(key), { start: HEAD_BYTES + first, end: HEAD_BYTES + last });
  }

  async delete(key: string): Promise<void> {
    await unlink(this.#file(key)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  }

  /** Keys below a prefix that come after another, in order. */
  async list(
    prefix: string,
    after: string,
    most: number,
  ): Promise<{ keys: { key: string; size: number; lastModified: Date }[]; more: boolean }> {
    const found = (await readdir(this.#folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile() && entry.name.endsWith(ENDING))
      .map(({ parentPath, name }) =>
        path
          .relative(this.#folder, path.join(parentPath, name))
          .slice(0, -ENDING.length)
          .replaceAll(path.sep, "/"),
      )
      .filter((key) => key.startsWith(prefix) && key > after)
      .sort();
    const page = await Promise.all(
      found.slice(0, most).map(async (key) => {
        const facts = await stat(this.#file(key)).catch(() => null); // deleted meanwhile
        return facts && { key, size: facts.size - HEAD_BYTES, lastModified: facts.mtime };
      }),
    );
    return { keys: page.filter((entry) => entry !== null), more: found.length > most };
  }

  /** Keys are what we make them: words of plain letters between slashes. Nothing else becomes a path. */
  #file(key: string): string {
    const parts = key.split("/");
    if (key.length > 512 || !parts.every((part) => /^\w[\w.-]*$/.test(part) && !part.endsWith(ENDING))) {
      throw new Refused("InvalidArgument", "Keys are letters, digits, dots, dashes and slashes.");
    }
    return `${path.join(this.#folder, ...parts)}${ENDING}`;
  }
}

async function* nothing(): AsyncIterable<Buffer> {}
