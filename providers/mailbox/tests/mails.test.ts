import { mkdtemp, readdir, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Mailer } from "../../email/port.ts";
import { smtpMailer } from "../../email/smtp.ts";
import { mail } from "../../email/tests/mailer_contract.ts";
import { type EmbeddedMailbox, startMailbox } from "../index.ts";
import type { MailSummary } from "../mails.ts";

let folder: string;
let mailbox: EmbeddedMailbox;
let mailer: Mailer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "mailbox-"));
  mailbox = await startMailbox({ smtpPort: 0, pagePort: 0, folder, keep: 5 });
  mailer = smtpMailer({ url: `smtp://127.0.0.1:${mailbox.smtpPort}`, from: "no-reply@restartix.test" });
});
afterAll(async () => {
  mailer.close();
  await mailbox.stop();
  await rm(folder, { recursive: true });
});

const open = (at: string, init?: RequestInit) => fetch(`http://localhost:${mailbox.pagePort}${at}`, init);
const messages = async (query = "") =>
  ((await (await open(`/api/messages${query}`)).json()) as { messages: MailSummary[] }).messages;

describe("the embedded mailbox shows the mails people would get (FND-15)", () => {
  test("a mail is on disk and in the list when it is acknowledged", async () => {
    await mailer.send(mail, { key: "first" });
    const [newest] = await messages();
    expect(newest).toMatchObject({
      to: ["stefan@people.test"],
      subject: mail.subject,
      messageId: "<first@restartix.test>",
    });
    expect(newest?.text).toContain("Vă așteptăm cu drag și cu răbdare.");
    expect(await readdir(folder)).toContain(`${newest?.id}.eml`);
  });

  test("the page lists it and shows it, diacritics right, with the calendar file to download", async () => {
    await mailer.send(mail, { key: "second" });
    const [newest] = await messages();
    const list = await (await open("/")).text();
    expect(list).toContain("Programare confirmată: luni, 1 martie 2027, 09:00");
    expect(list).toContain('name="viewport"');

    const shown = await (await open(`/messages/${newest?.id}`)).text();
    expect(shown).toContain("Bună ziua, Ștefan Țăranu");
    expect(shown).toContain('sandbox=""');

    const file = newest?.attachments.find(({ name }) => name === "invite.ics");
    const downloaded = await open(`/messages/${newest?.id}/attachments/${file?.index}`);
    expect(downloaded.headers.get("content-type")).toContain("text/calendar");
    expect(downloaded.headers.get("content-disposition")).toMatch(/^attachment; filename="invite\.ics"/);
    expect(await downloaded.text()).toContain("BEGIN:VCALENDAR");
  });

  test("tests find the mails to one address", async () => {
    await mailer.send({ ...mail, to: { name: "Ana", address: "Ana@people.test" } }, { key: "third" });
    expect((await messages("?to=ana@people.test")).map(({ messageId }) => messageId)).toEqual([
      "<third@restartix.test>",
    ]);
    expect(await messages("?to=nobody@people.test")).toEqual([]);
  });

  test("markup in a mail stays in its cage and never reaches the pages around it", async () => {
    const hostile = "<script>alert(1)</script>\"'&";
    await mailer.send(
      { ...mail, subject: hostile, text: hostile, html: `<script>alert(1)</script><p>hello</p>` },
      { key: "hostile" },
    );
    const [newest] = await messages();
    for (const at of ["/", `/messages/${newest?.id}`]) {
      const shown = await open(at);
      expect(await shown.text()).not.toContain("<script>");
      expect(shown.headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(shown.headers.get("x-content-type-options")).toBe("nosniff");
    }
    const body = await open(`/messages/${newest?.id}/body`);
    expect(body.headers.get("content-security-policy")).toMatch(/^sandbox; default-src 'none'/);
  });

  test("what is not there is 404, whatever is tried as an id", async () => {
    for (const at of [
      "/nothing",
      "/messages/nothing",
      "/messages/..%2f..%2fsecrets.json",
      "/api/messages/nothing",
      "/messages/x/attachments/0",
    ]) {
      expect((await open(at)).status, at).toBe(404);
    }
  });

  test("it cannot be written to, nor read under another name", async () => {
    expect((await open("/api/messages", { method: "DELETE" })).status).toBe(405);
    const status = await new Promise((resolve) => {
      request(
        { port: mailbox.pagePort, host: "127.0.0.1", path: "/api/messages", headers: { host: "evil.test" } },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      ).end();
    });
    expect(status).toBe(421);
  });

  test("only the newest are kept, also after a restart", async () => {
    for (const number of [1, 2, 3, 4, 5, 6]) await mailer.send(mail, { key: `many-${number}` });
    const keys = (await messages()).map(({ messageId }) => messageId);
    expect(keys).toEqual([6, 5, 4, 3, 2].map((number) => `<many-${number}@restartix.test>`));

    await mailbox.stop();
    mailbox = await startMailbox({ smtpPort: mailbox.smtpPort, pagePort: mailbox.pagePort, folder, keep: 5 });
    expect((await messages()).map(({ messageId }) => messageId)).toEqual(keys);
  });
});
