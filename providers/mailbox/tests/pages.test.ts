import { describe, expect, test } from "vitest";
import type { Kept } from "../kept_records.ts";
import { listPage, type Wanted } from "../list.ts";
import type { MailSummary } from "../mails.ts";
import { mailPage, pushPage, textPage } from "../pages.ts";
import type { CapturedPush } from "../pushes.ts";
import type { CapturedText } from "../texts.ts";

const at = (minute: number) => `2026-01-01T10:0${minute}:00.000Z`;
const mail: MailSummary = {
  id: "m1",
  receivedAt: at(1),
  messageId: "<1@x>",
  from: "Clinic <a@clinic.test>",
  to: ["ana@people.test", "ben@people.test"],
  subject: "Hello",
  text: "the text",
  attachments: [],
};
const file = { index: 0, name: "a.ics", contentType: "text/calendar", size: 1_023 };
const text: Kept<CapturedText> = {
  id: "t1",
  receivedAt: at(2),
  sid: "SM1",
  channel: "sms",
  from: "+40312345678",
  to: "+40722123456",
  body: "\nfirst\nsecond",
  template: null,
  status: "delivered",
  statusCallback: null,
  direction: "outbound-api",
};
const template = { id: "HX1", variables: { "1": "Ana", "2": "10:00" } };
const push: Kept<CapturedPush> = {
  id: "p1",
  receivedAt: at(3),
  subscriptionId: "b1",
  notice: { title: "Notice", body: "the words", url: "/appointments" },
  size: 1_024,
  ttlSeconds: 60,
  urgency: "high",
  topic: null,
};
/** What is read of a page, without its head and its markup. */
const read = (page: string) =>
  (/<main>([\s\S]*)<\/main>/.exec(page)?.[1] ?? "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
const listed = (captured: Partial<Parameters<typeof listPage>[0]>, wanted?: Wanted) =>
  read(listPage({ mails: [], texts: [], pushes: [], ...captured }, wanted)).replace(/^.* Search /, "");

describe("the list of what was captured (FND-15)", () => {
  test("is of every channel, the newest first", () => {
    expect(listed({})).toMatch(/^Nothing yet\./);
    expect(listed({ mails: [mail], texts: [text], pushes: [push] })).toBe(
      "3 messages Push Notice to browser b1 · 2026-01-01 10:03 UTC " +
        "SMS first to +40722123456 · 2026-01-01 10:02 UTC · delivered " +
        "Email Hello to ana@people.test, ben@people.test · 2026-01-01 10:01 UTC",
    );
    expect(listed({ mails: [{ ...mail, receivedAt: at(4) }], texts: [text] })).toMatch(/^2 messages Email/);
  });

  test("is of one kind, and of what holds the words, with and without diacritics", () => {
    const invited = { ...mail, subject: "Programare: Ioana MUREȘAN", text: "la ședință" };
    const all = { mails: [invited], texts: [text], pushes: [push] };
    for (const words of [
      "muresan",
      "Mureșan sedinta",
      "mures\u0327an",
      "ben@people",
      "clinic.test",
      "email",
    ]) {
      expect(listed(all, { words }), words).toMatch(/^1 of 3 messages Email Programare/);
    }
    for (const words of ["second", "+40722123456", "+40312345678", "SMS"]) {
      expect(listed(all, { words }), words).toMatch(/^1 of 3 messages SMS/);
    }
    for (const words of ["the words", "b1", "notice"]) {
      expect(listed(all, { words }), words).toMatch(/^1 of 3 messages Push/);
    }
    const templated = { ...text, channel: "whatsapp", body: null, template } as const;
    expect(listed({ texts: [templated] }, { words: "ana" })).toMatch(/^1 message WhatsApp/);
    expect(listed(all, { words: "muresan second" })).toBe("0 of 3 messages");
    expect(listed(all, { words: " ", kind: "SMS" })).toMatch(/^1 of 3 messages SMS/);
    expect(listed(all, { words: "muresan", kind: "SMS" })).toBe("0 of 3 messages");
    expect(listed({ texts: [text] }, { kind: "Fax" })).toBe("0 of 1 message");
    const form = listPage({ mails: [], texts: [], pushes: [] }, { words: '"><b>', kind: "SMS" });
    expect(form).toContain('value="&quot;&gt;&lt;b&gt;"');
    expect(form.match(/<option[^>]* selected>/g)).toEqual(['<option value="SMS" selected>']);
  });

  test("says so where something has no words of its own", () => {
    expect(listed({ mails: [{ ...mail, subject: "", attachments: [file] }] })).toMatch(
      /\(no subject\).*· with attachment$/,
    );
    expect(listed({ texts: [{ ...text, body: " " }] })).toContain("SMS (no text) to");
    expect(listed({ texts: [{ ...text, body: "x".repeat(121) }] })).toContain(`SMS ${"x".repeat(120)} to`);
    expect(listed({ texts: [{ ...text, channel: "whatsapp", body: null, template }] })).toContain(
      "WhatsApp (template HX1) to",
    );
    expect(listed({ texts: [{ ...text, body: null }] })).toContain("(template unknown)");
    expect(listed({ texts: [{ ...text, direction: "inbound" }] })).toContain("from +40312345678 ·");
    for (const notice of [null, {}]) {
      expect(listed({ pushes: [{ ...push, notice }] })).toContain("(could not be opened)");
    }
  });
});

describe("the page of one of them (FND-15)", () => {
  const origin = "http://localhost:4080";

  test("a text, and how to answer it", () => {
    const page = textPage(text, origin);
    expect(page).toContain("<title>SMS to +40722123456</title>");
    expect(page).toContain("<pre>\nfirst\nsecond</pre>");
    expect(page).toContain(`${origin}/api/texts/t1/replies`);
    expect(read(page)).not.toContain("Template");
    const inbound = textPage({ ...text, direction: "inbound" }, origin);
    expect(inbound).not.toContain("/replies");
    const templated = textPage({ ...text, channel: "whatsapp", body: null, template }, origin);
    expect(read(templated)).toContain("Template HX1 {{1}} Ana {{2}} 10:00 Answer it");
    expect(templated.match(/<pre>/g)).toHaveLength(1);
  });

  test("a notice, whether it could be opened or not", () => {
    const page = pushPage(push);
    expect(page).toContain("<title>Notice</title>");
    expect(read(page)).toBe(
      "All messages Notice Browser b1 Received 2026-01-01 10:03 UTC Opens /appointments Worth it for 60 s, urgency high Encrypted 1.0 kB the words",
    );
    for (const notice of [null, {}]) {
      const closed = pushPage({ ...push, notice, size: 1_023 });
      expect(closed).toContain("<title>Push</title>");
      expect(read(closed)).toMatch(
        /^All messages \(could not be opened\) .* Opens nothing .* Encrypted 1023 B$/,
      );
    }
  });

  test("a mail, with its files and its HTML where it has them", () => {
    const page = mailPage(mail, false);
    expect(page).toContain("<title>Hello</title>");
    expect(page).not.toContain("<iframe");
    expect(page).not.toContain('class="files"');
    expect(read(page)).toBe(
      "All messages Hello From Clinic &lt;a@clinic.test&gt; To ana@people.test, ben@people.test " +
        "Received 2026-01-01 10:01 UTC Text the text Source (.eml)",
    );
    const whole = mailPage({ ...mail, subject: "", attachments: [file] }, true);
    expect(whole).toContain("<title>(no subject)</title>");
    expect(whole).toContain("<h1>(no subject)</h1>");
    expect(whole).toContain('src="/messages/m1/body"');
    expect(read(whole)).toContain("a.ics 1023 B");
  });
});
