import { describe, expect, test } from "vitest";
import { renderMail } from "../../messages/mail.ts";
import type { ClaimedMessage } from "../../messages/message.ts";
import { writeMoment } from "../../messages/moment.ts";

const message: ClaimedMessage = {
  organization_id: "0190c0de-0000-7000-8000-000000000001",
  locale: "ro",
  channel: "email",
  address: "stefan@people.test",
  account_id: null,
  content_sid: null,
  content_variables: null,
  recipient_name: "Ștefan Țăranu",
  title: "Programare: {{when}}",
  body: "Bună ziua, {{recipientName}},\n\n{{serviceName}}\n{{#inPerson}}{{clinicAddress}}{{/inPerson}}{{#video}}Consultație video{{/video}}\n{{#reason}}\n\n{{reason}}\n{{/reason}}\n\n{{#clinicPhone}}Telefon {{clinicPhone}}.{{/clinicPhone}}\n",
  data: {
    serviceName: "Ședință",
    specialistName: "Dr. Ana Ionescu",
    startsAt: new Date("2027-03-08T07:00:00Z"),
    endsAt: new Date("2027-03-08T08:00:00Z"),
    timezone: "Europe/Bucharest",
    modality: "in_person",
    reason: null,
  },
  calendar_status: "TENTATIVE",
  calendar_uid: "0190c0de-0000-7000-8000-000000000002",
  calendar_sequence: 0,
  link_name: null,
  link_path: null,
  created_at: new Date("2027-03-01T06:00:00Z"),
  expires_at: new Date("2027-03-03T06:00:00Z"),
  clinic_name: "Clinica Atlas",
  clinic_email: "contact@atlas.test",
  clinic_phone: null,
  clinic_address: "Strada Lungă 1, Cluj-Napoca",
};
const render = (changes: Partial<ClaimedMessage> = {}) =>
  renderMail({ ...message, ...changes }, "first@atlas.test");

/** The properties of a calendar file, long lines unfolded. */
function calendarOf(changes: Partial<ClaimedMessage> = {}): string[] {
  return (render(changes).invitation?.content ?? "").replaceAll("\r\n ", "").split("\r\n");
}

describe("times are written for people, on the clock of the calendar (FND-15)", () => {
  test.each([
    ["2027-03-08T07:00:00Z", "Europe/Bucharest", "ro", "luni, 8 martie 2027, 09:00"],
    ["2027-03-08T07:00:00Z", "Europe/Bucharest", "en", "Monday, 8 March 2027, 09:00"],
    ["2027-07-03T07:05:00Z", "Europe/Bucharest", "ro", "sâmbătă, 3 iulie 2027, 10:05"],
    ["2027-03-08T22:00:00Z", "Europe/Bucharest", "ro", "marți, 9 martie 2027, 00:00"],
    ["2027-03-08T22:00:00Z", "America/New_York", "en", "Monday, 8 March 2027, 17:00"],
  ] as const)("%s in %s, %s: %s", (instant, zone, locale, written) => {
    expect(writeMoment(new Date(instant), zone, locale)).toBe(written);
  });
});

describe("a mail is written when it leaves (FND-15)", () => {
  test("the text takes what is there and leaves no holes where something is not", () => {
    expect(render().subject).toBe("Programare: luni, 8 martie 2027, 09:00");
    expect(render().text).toBe("Bună ziua, Ștefan Țăranu,\n\nȘedință\nStrada Lungă 1, Cluj-Napoca\n");
    const video = render({
      clinic_phone: "+40264000111",
      data: { ...message.data, modality: "video", reason: "Suntem plecați." },
    });
    expect(video.text).toBe(
      "Bună ziua, Ștefan Țăranu,\n\nȘedință\nConsultație video\n\nSuntem plecați.\n\nTelefon +40264000111.\n",
    );
  });

  test("what a guest typed is text in both alternatives, never markup and never template", () => {
    const hostile = render({ recipient_name: "<img src=x onerror=alert(1)> {{clinicEmail}} & co" });
    expect(hostile.text).toContain("<img src=x onerror=alert(1)> {{clinicEmail}} & co");
    expect(hostile.html).not.toContain("<img");
    expect(hostile.html).toContain("&lt;img");
    expect(hostile.html).toContain("{{clinicEmail}}");
  });

  test("the clinic is who writes and who is answered", () => {
    expect(render()).toMatchObject({
      senderName: "Clinica Atlas",
      replyTo: { address: "contact@atlas.test" },
    });
    expect(render({ clinic_email: null })).not.toHaveProperty("replyTo");
  });
});

describe("the calendar file (APT-08)", () => {
  test("a request is tentative, an appointment confirmed, under one UID with a rising sequence", () => {
    expect(calendarOf()).toEqual(
      expect.arrayContaining([
        "METHOD:REQUEST",
        "UID:0190c0de-0000-7000-8000-000000000002",
        "SEQUENCE:0",
        "DTSTAMP:20270301T060000Z",
        "DTSTART:20270308T070000Z",
        "DTEND:20270308T080000Z",
        "SUMMARY:Ședință\\, Clinica Atlas",
        "LOCATION:Strada Lungă 1\\, Cluj-Napoca",
        'ORGANIZER;CN="Clinica Atlas":mailto:first@atlas.test',
        "STATUS:TENTATIVE",
      ]),
    );
    expect(calendarOf({ calendar_status: "CONFIRMED", calendar_sequence: 1 })).toEqual(
      expect.arrayContaining([
        "METHOD:REQUEST",
        "UID:0190c0de-0000-7000-8000-000000000002",
        "SEQUENCE:1",
        "STATUS:CONFIRMED",
      ]),
    );
  });

  test("a cancellation takes the entry out", () => {
    expect(calendarOf({ calendar_status: "CANCELLED", calendar_sequence: 2 })).toEqual(
      expect.arrayContaining([
        "METHOD:CANCEL",
        "UID:0190c0de-0000-7000-8000-000000000002",
        "SEQUENCE:2",
        "STATUS:CANCELLED",
      ]),
    );
  });

  test("a remote appointment names no place, and a message without an entry carries no file", () => {
    expect(calendarOf({ data: { ...message.data, modality: "video" } }).join()).not.toContain("LOCATION");
    expect(render({ calendar_status: null, calendar_uid: null, calendar_sequence: null })).not.toHaveProperty(
      "invitation",
    );
  });

  test("its organizer is the one that is named, whatever the clinic's address is now", () => {
    expect(calendarOf({ clinic_email: "new@atlas.test" })).toContain(
      'ORGANIZER;CN="Clinica Atlas":mailto:first@atlas.test',
    );
  });

  test("a request whose time is too near for a promise makes none", () => {
    const body =
      "{{#respondByWhen}}până {{respondByWhen}}{{/respondByWhen}}{{^respondByWhen}}fără promisiune{{/respondByWhen}}";
    expect(render({ body, data: { ...message.data, respondBy: null } as never }).text).toBe(
      "fără promisiune\n",
    );
  });

  test("names cannot add lines to it", () => {
    const lines = calendarOf({ recipient_name: "Ana\r\nSTATUS:CANCELLED", clinic_name: 'A"\r\nX-EVIL:1' });
    expect(lines).not.toContain("STATUS:CANCELLED");
    expect(lines.some((line) => line.startsWith("X-EVIL"))).toBe(false);
  });
});
