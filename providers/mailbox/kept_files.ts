import { randomBytes } from "node:crypto";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { makeFolder } from "../../runtime/folders.ts";

const idPattern = /^\d{15}-[0-9a-f]{12}$/;

/** Who is told that one was forgotten, and that something was added or written anew. */
export type Watching = { forgotten?: (id: string) => void; changed?: () => void };

/** A folder of files, one per thing that was kept, the newest `keep` of them. Ids sort by time. */
export class KeptFiles {
  readonly #folder: string;
  readonly #extension: string;
  readonly #keep: number;
  readonly #forgotten: (id: string) => void;
  readonly #changed: () => void;
  /** Newest first. */
  #ids: string[] = [];
  /** When the last one was kept: of two in one millisecond the second is the newer all the same. */
  #lastAt = 0;

  private constructor(
    folder: string,
    extension: string,
    keep: number,
    { forgotten = () => {}, changed = () => {} }: Watching,
  ) {
    this.#folder = folder;
    this.#extension = extension;
    this.#keep = keep;
    this.#forgotten = forgotten;
    this.#changed = changed;
  }

  static async open(
    folder: string,
    extension: string,
    keep: number,
    watching: Watching = {},
  ): Promise<KeptFiles> {
    const files = new KeptFiles(folder, extension, keep, watching);
    makeFolder(folder, { mode: 0o700 });
    files.#ids = (await readdir(folder))
      .filter((file) => file.endsWith(extension) && idPattern.test(file.slice(0, -extension.length)))
      .map((file) => file.slice(0, -extension.length));
    files.#ids.sort().reverse();
    await files.#prune();
    return files;
  }

  get ids(): readonly string[] {
    return this.#ids;
  }

  /** Keeps something new; when this resolves it is on disk. */
  async add(content: Buffer | string): Promise<string> {
    this.#lastAt = Math.max(Date.now(), this.#lastAt + 1);
    const id = `${String(this.#lastAt).padStart(15, "0")}-${randomBytes(6).toString("hex")}`;
    await this.#write(id, content);
    this.#ids.unshift(id);
    this.#ids.sort().reverse();
    await this.#prune();
    this.#changed();
    return id;
  }

  /** Writes something anew. */
  async replace(id: string, content: Buffer | string): Promise<void> {
    if (!this.#ids.includes(id)) return;
    await this.#write(id, content);
    this.#changed();
  }

  /** Undefined when there is none of this id. */
  async read(id: string): Promise<Buffer | undefined> {
    return this.#ids.includes(id) ? readFile(this.#file(id)) : undefined;
  }

  async #write(id: string, content: Buffer | string): Promise<void> {
    const part = `${this.#file(id)}.${randomBytes(4).toString("hex")}.part`;
    await writeFile(part, content, { mode: 0o600 });
    await rename(part, this.#file(id));
  }

  async #prune(): Promise<void> {
    for (const id of this.#ids.splice(this.#keep)) {
      this.#forgotten(id);
      await rm(this.#file(id), { force: true });
    }
  }

  #file(id: string): string {
    return path.join(this.#folder, `${id}${this.#extension}`);
  }
}

/** When something was kept, ISO 8601. */
export function keptAt(id: string): string {
  return new Date(Number(id.slice(0, 15))).toISOString();
}
