import { inspect } from "node:util";
import { type ParsedMail, simpleParser } from "mailparser";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { CredentialsRefused } from "../../failures.ts";
import { type Mail, MailDelayed, type Mailer, MailRefused } from "../port.ts";

/** A vendor as the contract needs it: keeps what it took and fails as told. */
export type Vendor = {
  mailer: Mailer;
  /** Raw mails it took. */
  taken(): Promise<Buffer[]>;
  /** How it answers from now on. */
  behave(how: "well" | "refuses the mail" | "is busy" | "hangs up" | "refuses our login"): void;
  /** A mailer towards a port where nobody listens. */
  unreachable(): Mailer;
  stop(): Promise<void>;
};

export const mail: Mail = {
  senderName: "Clinica Știința Mișcării",
  replyTo: { name: "Clinica Știința Mișcării", address: "receptie@clinica.test" },
  to: { name: "Ștefan Țăranu", address: "stefan@people.test" },
  subject: "Programare confirmată: luni, 1 martie 2027, 09:00",
  text: "Bună ziua, Ștefan Țăranu,\n\nVă așteptăm cu drag și cu răbdare.\n",
  html: "<p>Bună ziua, Ștefan Țăranu,</p><p>Vă așteptăm cu drag și cu răbdare.</p>",
  invitation: { method: "REQUEST", content: "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n" },
  date: new Date("2027-02-01T10:00:00Z"),
};
const key = "0190c0de-0000-7000-8000-000000000001";

/** What every mailer promises, whoever the vendor is. FND-15. */
export function mailerContract(name: string, start: () => Promise<Vendor>): void {
  describe(`${name} keeps the mailer's contract (FND-15)`, () => {
    let vendor: Vendor;
    beforeAll(async () => {
      vendor = await start();
    });
    afterEach(() => vendor.behave("well"));
    afterAll(() => vendor.stop());

    const newest = async (): Promise<ParsedMail> => simpleParser((await vendor.taken()).at(-1) as Buffer);
    const failure = (sending: Promise<unknown>) =>
      sending.then(
        () => undefined,
        (error: unknown) => error,
      );

    test("a mail arrives whole, diacritics and all, and the vendor's id comes back", async () => {
      const { vendorId } = await vendor.mailer.send(mail, { key });
      expect(vendorId).not.toBe("");
      const got = await newest();
      expect(got.subject).toBe(mail.subject);
      expect(got.text?.trim()).toBe(mail.text.trim());
      expect(got.html).toContain("Vă așteptăm cu drag și cu răbdare.");
      expect(got.from?.value).toEqual([{ name: mail.senderName, address: vendor.mailer.from }]);
      expect([got.to].flat()[0]?.value).toEqual([mail.to]);
      expect(got.replyTo?.value).toEqual([mail.replyTo]);
      expect(got.date).toEqual(mail.date);
    });

    test("the calendar file arrives as a part that calendars act on and as an attachment (APT-08)", async () => {
      await vendor.mailer.send(mail, { key });
      const raw = ((await vendor.taken()).at(-1) as Buffer).toString();
      expect(raw).toMatch(/content-type: text\/calendar; charset=utf-8; method=REQUEST/i);
      const calendars = (await newest()).attachments.filter(({ content }) =>
        content.includes("BEGIN:VCALENDAR"),
      );
      expect(calendars.some(({ filename }) => filename === "invite.ics")).toBe(true);
    });

    test("a mail without an answer address and without a calendar has neither, and no mailbox answers it", async () => {
      const { replyTo: _, invitation: __, ...plain } = mail;
      await vendor.mailer.send(plain, { key });
      const got = await newest();
      expect(got.replyTo).toBeUndefined();
      expect(got.attachments).toEqual([]);
      expect(got.headers.get("auto-submitted")).toBe("auto-generated");
      const domain = vendor.mailer.from.split("@")[1];
      expect(got.messageId).toBe(`<${key}@${domain}>`);
    });

    test("the same key gives the same bytes, another key another Message-ID", async () => {
      await vendor.mailer.send(mail, { key });
      await vendor.mailer.send(mail, { key });
      await vendor.mailer.send(mail, { key: "0190c0de-0000-7000-8000-000000000002" });
      const [first, second, third] = (await vendor.taken()).slice(-3).map(String);
      expect(second).toBe(first);
      expect(messageIdOf(first)).toContain(key);
      expect(messageIdOf(third)).not.toBe(messageIdOf(first));
    });

    test("a name or a subject with line breaks adds no header and no recipient", async () => {
      const hostile = "Ana\r\nBcc: thief@evil.test\r\n\r\n<b>";
      await vendor.mailer.send({ ...mail, subject: hostile, to: { ...mail.to, name: hostile } }, { key });
      const got = await newest();
      expect(got.bcc).toBeUndefined();
      expect(got.headers.has("bcc")).toBe(false);
      expect([got.to].flat()[0]?.value).toHaveLength(1);
    });

    test("a mail that the vendor will never take is refused, once and for all", async () => {
      vendor.behave("refuses the mail");
      const before = (await vendor.taken()).length;
      const error = await failure(vendor.mailer.send(mail, { key }));
      expect(error).toBeInstanceOf(MailRefused);
      expect((error as Error).message).not.toContain("@");
      expect(await vendor.taken()).toHaveLength(before);
    });

    test.each(["is busy", "hangs up"] as const)("a vendor that %s delays the mail", async (how) => {
      vendor.behave(how);
      expect(await failure(vendor.mailer.send(mail, { key }))).toBeInstanceOf(MailDelayed);
      vendor.behave("well");
      await expect(vendor.mailer.send(mail, { key })).resolves.toBeDefined();
    });

    test("a vendor that does not accept our account is told apart: it counts against the account", async () => {
      vendor.behave("refuses our login");
      expect(await failure(vendor.mailer.send(mail, { key }))).toBeInstanceOf(CredentialsRefused);
      vendor.behave("well");
      await expect(vendor.mailer.send(mail, { key })).resolves.toBeDefined();
    });

    test("nothing of a mail or an address stands in what is thrown (FND-28)", async () => {
      const failures = [];
      for (const how of ["refuses the mail", "is busy", "hangs up", "refuses our login"] as const) {
        vendor.behave(how);
        failures.push(await failure(vendor.mailer.send(mail, { key })));
      }
      const seen = inspect(failures, { depth: 20, showHidden: true });
      expect(failures.every((thrown) => thrown instanceof Error)).toBe(true);
      for (const canary of ["stefan@people.test", "Ștefan", "Programare", vendor.mailer.from, "try later"]) {
        expect(seen).not.toContain(canary);
      }
    });

    test("a vendor that nobody reaches delays the mail", async () => {
      const mailer = vendor.unreachable();
      expect(await failure(mailer.send(mail, { key }))).toBeInstanceOf(MailDelayed);
      mailer.close();
    });
  });
}

function messageIdOf(raw = ""): string | undefined {
  return /^message-id: (.+)$/im.exec(raw)?.[1]?.trim();
}
