import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Mailers, mailersFrom } from "../../providers/email/index.ts";
import { type EmbeddedMailbox, startMailbox } from "../../providers/mailbox/index.ts";
import type { TextMessage, TextMessengers } from "../../providers/sms/port.ts";
import { startWorker, type Worker } from "../worker.ts";
import { askForAnHour, type Clinic, eventually, openClinic } from "./database.ts";
import { nowhere } from "./nowhere.ts";

let clinic: Clinic;
let mailbox: EmbeddedMailbox;
let folder: string;
let mailers: Mailers;
let worker: Worker;
const texted: TextMessage[] = [];

/** Takes every text. */
const texts: TextMessengers = {
  for: async (_, channel) => ({
    channel,
    async send(message, { key }) {
      texted.push(message);
      return { vendorId: `taken-${key}` };
    },
  }),
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "mailbox-"));
  [clinic, mailbox] = await Promise.all([
    openClinic("a worker runs all jobs of it"),
    startMailbox({ smtpPort: 0, pagePort: 0, folder }),
  ]);
  mailers = mailersFrom({ SMTP_URL: `smtp://127.0.0.1:${mailbox.smtpPort}` });
});
afterAll(async () => {
  await worker?.stop();
  mailers.close();
  await mailbox.stop();
  await clinic.drop();
  await rm(folder, { recursive: true });
});

type Mail = { subject: string; text: string; to: string[]; attachments: { name: string; content: string }[] };

/** Waits for so many mails to an address; newest first, whole. */
async function mailsTo(address: string, count: number): Promise<Mail[]> {
  const base = `http://localhost:${mailbox.pagePort}/api/messages`;
  const ids = await eventually(async () => {
    const { messages } = (await (await fetch(`${base}?to=${address}`)).json()) as {
      messages: { id: string }[];
    };
    return messages.length >= count && messages;
  }, `${count} mails to ${address}`);
  return Promise.all(ids.map(async ({ id }) => (await (await fetch(`${base}/${id}`)).json()) as Mail));
}

function calendarOf(mail: Mail | undefined): string[] {
  const file = mail?.attachments.find(({ name }) => name === "invite.ics");
  return Buffer.from(file?.content ?? "", "base64")
    .toString()
    .split("\r\n");
}

describe("what happens in the database reaches people (FND-14, FND-15, APT-09)", () => {
  let request: string;

  test("jobs wait with ids in them and nothing about a person", async () => {
    request = await askForAnHour(clinic, "2027-03-08T09:00:00+02:00");
    const { rows } = await clinic.admin.query("select payload from graphile_worker._private_jobs");
    expect(rows).toEqual([{ payload: { consumer: "notifications", subjectId: request } }]);
  });

  test("a guest who asked for a time gets a mail with a tentative calendar entry, and the clinic one to review", async () => {
    worker = await startWorker({
      ...nowhere,
      databaseUrl: clinic.urls.worker,
      mailers,
      texts,
      log: pino({ level: "silent" }),
      timed: false,
      pollMs: 200,
    });
    const [mail] = await mailsTo("guest@people.test", 1);
    expect(mail?.subject).toBe("Am primit cererea dumneavoastră pentru luni, 8 martie 2027, 09:00");
    expect(mail?.text).toContain(
      "Ședință de kinetoterapie\nDr. Ana Ionescu\nluni, 8 martie 2027, 09:00\nStrada Lungă 1, Cluj-Napoca",
    );
    expect(calendarOf(mail)).toEqual(
      expect.arrayContaining([`UID:${request}`, "STATUS:TENTATIVE", "METHOD:REQUEST", "SEQUENCE:0"]),
    );

    const [review] = await mailsTo("contact@atlas.test", 1);
    expect(review?.subject).toBe("Cerere nouă de programare: luni, 8 martie 2027, 09:00");
    expect(review?.text).toContain(
      "Numele, așa cum l-a scris vizitatorul (neverificat): „Gabriela Munteanu”",
    );
    expect(review?.attachments).toEqual([]);
  });

  test("the clinic's answer replaces the entry", async () => {
    await clinic.admin.query(
      "update app_public.booking_requests set status = 'confirmed', decided_at = now() where id = $1",
      [request],
    );
    const [mail] = await mailsTo("guest@people.test", 2);
    expect(mail?.subject).toBe("Programare confirmată: luni, 8 martie 2027, 09:00");
    expect(calendarOf(mail)).toEqual(
      expect.arrayContaining([`UID:${request}`, "STATUS:CONFIRMED", "METHOD:REQUEST", "SEQUENCE:1"]),
    );
    await eventually(async () => texted.length > 0, "an SMS");
    expect(texted).toEqual([
      {
        to: "+40722000222",
        body: "Clinica Atlas: programarea dumneavoastra este confirmata, luni, 8 martie 2027, 09:00. Va asteptam la Strada Lunga 1, Cluj-Napoca. Intrebari: +40264000111.",
      },
    ]);
  });

  test("a guest who withdraws gets the cancellation from the organizer of the invitation, and the clinic is told (APT-08, APT-09)", async () => {
    const withdrawn = await askForAnHour(clinic, "2027-03-08T11:00:00+02:00");
    const entryOf = (mail: Mail | undefined) => calendarOf(mail).join("\n").replaceAll("\n ", "");
    expect(entryOf((await mailsTo("guest@people.test", 3))[0])).toContain(withdrawn);
    await clinic.admin.query(
      "update app_public.organizations set contact_email = 'moved@atlas.test'; " +
        "update app_public.booking_requests set status = 'withdrawn', decided_at = now() where id = '" +
        withdrawn +
        "'",
    );
    const [cancelled] = await mailsTo("guest@people.test", 4);
    expect(cancelled?.subject).toBe("Cererea dumneavoastră pentru luni, 8 martie 2027, 11:00 este retrasă");
    expect(calendarOf(cancelled)).toEqual(
      expect.arrayContaining([`UID:${withdrawn}`, "METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:1"]),
    );
    expect(entryOf(cancelled)).toContain("mailto:contact@atlas.test");
    expect(entryOf(cancelled)).not.toContain("moved@atlas.test");

    const [told] = await mailsTo("moved@atlas.test", 1);
    expect(told?.subject).toBe("Cerere retrasă: luni, 8 martie 2027, 11:00");
  });

  test("nothing was retried, nothing is left, and every step is on record", async () => {
    await eventually(async () => {
      const { rows } = await clinic.admin.query(
        "select count(*)::int as jobs from graphile_worker._private_jobs",
      );
      return rows[0].jobs === 0;
    }, "an empty queue");
    const { rows } = await clinic.admin.query(`
      select (select count(*)::int from app_private.event_deliveries where delivered_at is null) as pending,
             (select array_agg(distinct status) from app_public.messages) as messages,
             (select max(attempts) from app_private.effects) as attempts,
             (select count(*)::int from app_private.effects where done_at is null) as undone`);
    expect(rows).toEqual([{ pending: 0, messages: ["sent"], attempts: 1, undone: 0 }]);
  });
});
