import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { type AddressObject, type Attachment, type ParsedMail, simpleParser } from "mailparser";

/** What a list shows of a mail. */
export type MailSummary = {
  id: string;
  /** When it arrived, ISO 8601. */
  receivedAt: string;
  messageId: string;
  from: string;
  to: string[];
  subject: string;
  text: string;
  attachments: { index: number; name: string; contentType: string; size: number }[];
};

/** Mails as .eml files in a folder, the newest `keep` of them. */
export class MailStore {
  readonly #folder: string;
  readonly #keep: number;
  readonly #summaries = new Map<string, MailSummary>();
  /** Newest first. */
  #ids: string[] = [];

  private constructor(folder: string, keep: number) {
    this.#folder = folder;
    this.#keep = keep;
  }

  static async open(folder: string, keep: number): Promise<MailStore> {
    const store = new MailStore(folder, keep);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const files = await readdir(folder);
    store.#ids = files
      .filter((file) => idPattern.test(file.replace(/\.eml$/, "")))
      .map((file) => file.slice(0, -4));
    store.#ids.sort().reverse();
    await store.#prune();
    return store;
  }

  /** Keeps a mail; when this resolves it is on disk. */
  async add(raw: Buffer): Promise<string> {
    const id = `${String(Date.now()).padStart(15, "0")}-${randomBytes(6).toString("hex")}`;
    const file = this.#file(id);
    await writeFile(`${file}.part`, raw, { mode: 0o600 });
    await rename(`${file}.part`, file);
    this.#ids.unshift(id);
    this.#ids.sort().reverse();
    await this.#prune();
    return id;
  }

  async list(): Promise<MailSummary[]> {
    const summaries = await Promise.all(this.#ids.map((id) => this.#summary(id)));
    return summaries.filter((summary) => summary !== undefined);
  }

  /** The whole mail; undefined when there is none of this id. */
  async read(id: string): Promise<{ summary: MailSummary; parsed: ParsedMail; raw: Buffer } | undefined> {
    if (!this.#ids.includes(id)) return undefined;
    const raw = await readFile(this.#file(id));
    const parsed = await simpleParser(raw);
    return { summary: summarise(id, parsed), parsed, raw };
  }

  async #summary(id: string): Promise<MailSummary | undefined> {
    const known = this.#summaries.get(id);
    if (known) return known;
    const mail = await this.read(id).catch(() => undefined); // somebody may tidy the folder by hand
    if (mail) this.#summaries.set(id, mail.summary);
    return mail?.summary;
  }

  async #prune(): Promise<void> {
    for (const id of this.#ids.splice(this.#keep)) {
      this.#summaries.delete(id);
      await rm(this.#file(id), { force: true });
    }
  }

  #file(id: string): string {
    return path.join(this.#folder, `${id}.eml`);
  }
}

/** What a reader calls attachments: the calendar part beside text and HTML has no name and is none. */
export function filesOf(mail: ParsedMail): Attachment[] {
  return mail.attachments.filter(({ filename }) => filename);
}

const idPattern = /^\d{15}-[0-9a-f]{12}$/;

function summarise(id: string, mail: ParsedMail): MailSummary {
  return {
    id,
    receivedAt: new Date(Number(id.slice(0, 15))).toISOString(),
    messageId: mail.messageId ?? "",
    from: mail.from?.text ?? "",
    to: [mail.to ?? []]
      .flat()
      .flatMap((list: AddressObject) => list.value.map(({ address }) => address ?? "")),
    subject: mail.subject ?? "",
    text: mail.text ?? "",
    attachments: filesOf(mail).map(({ filename, contentType, size }, index) => ({
      index,
      name: filename as string,
      contentType,
      size,
    })),
  };
}
