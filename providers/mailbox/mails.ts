import { type AddressObject, type Attachment, type ParsedMail, simpleParser } from "mailparser";
import { KeptFiles, keptAt } from "./kept_files.ts";

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
export class Mails {
  readonly #files: KeptFiles;
  readonly #summaries: Map<string, MailSummary>;

  private constructor(files: KeptFiles, summaries: Map<string, MailSummary>) {
    this.#files = files;
    this.#summaries = summaries;
  }

  static async open(folder: string, keep: number, changed?: () => void): Promise<Mails> {
    const summaries = new Map<string, MailSummary>();
    const forgotten = (id: string) => void summaries.delete(id);
    return new Mails(await KeptFiles.open(folder, ".eml", keep, { forgotten, changed }), summaries);
  }

  /** Keeps a mail; when this resolves it is on disk. */
  add(raw: Buffer): Promise<string> {
    return this.#files.add(raw);
  }

  /** Newest first. */
  async list(): Promise<MailSummary[]> {
    const summaries = await Promise.all(this.#files.ids.map((id) => this.#summary(id)));
    return summaries.filter((summary) => summary !== undefined);
  }

  /** The whole mail; undefined when there is none of this id. */
  async read(id: string): Promise<{ summary: MailSummary; parsed: ParsedMail; raw: Buffer } | undefined> {
    const raw = await this.#files.read(id);
    if (!raw) return undefined;
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
}

/** What a reader calls attachments: the calendar part beside text and HTML has no name and is none. */
export function filesOf(mail: ParsedMail): Attachment[] {
  return mail.attachments.filter(({ filename }) => filename);
}

function summarise(id: string, mail: ParsedMail): MailSummary {
  return {
    id,
    receivedAt: keptAt(id),
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
