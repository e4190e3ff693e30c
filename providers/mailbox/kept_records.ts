import { KeptFiles, keptAt } from "./kept_files.ts";

/** A record as it is listed. */
export type Kept<T> = T & { id: string; receivedAt: string };

/** Records as JSON files in a folder, the newest `keep` of them. */
export class KeptRecords<T extends object> {
  readonly #files: KeptFiles;

  private constructor(files: KeptFiles) {
    this.#files = files;
  }

  static async open<T extends object>(
    folder: string,
    keep: number,
    changed?: () => void,
  ): Promise<KeptRecords<T>> {
    return new KeptRecords<T>(await KeptFiles.open(folder, ".json", keep, { changed }));
  }

  async add(record: T): Promise<Kept<T>> {
    const id = await this.#files.add(JSON.stringify(record));
    return { ...record, id, receivedAt: keptAt(id) };
  }

  async change({ id, receivedAt: _, ...record }: Kept<T>): Promise<void> {
    await this.#files.replace(id, JSON.stringify(record));
  }

  /** Newest first. */
  async list(): Promise<Kept<T>[]> {
    const records = await Promise.all(this.#files.ids.map((id) => this.read(id)));
    return records.filter((record) => record !== undefined);
  }

  async read(id: string): Promise<Kept<T> | undefined> {
    const text = await this.#files.read(id).catch(() => undefined); // somebody may tidy the folder by hand
    return text && { ...(JSON.parse(text.toString()) as T), id, receivedAt: keptAt(id) };
  }
}
