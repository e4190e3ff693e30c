import fc from "fast-check";
import mustache from "mustache";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { propertyRuns } from "../../db/testing/property.ts";
import type { Writable } from "../../messages/message.ts";
import { previewOf } from "../../messages/preview.ts";
import { countParts, fitForSms, LONGEST_TEXT } from "../../messages/sms.ts";
import { viewOf } from "../../messages/view.ts";
import { type Clinic, openClinic } from "./database.ts";

let clinic: Clinic;
beforeAll(async () => {
  clinic = await openClinic("templates of it are rendered by the worker's code");
});
afterAll(() => clinic.drop());

describe("an SMS costs no more than it must (FND-15)", () => {
  test.each([
    ["a".repeat(160), 1],
    ["a".repeat(161), 2],
    ["a".repeat(306), 2],
    ["a".repeat(307), 3],
    [`${"a".repeat(158)}€`, 1],
    [`${"a".repeat(159)}€`, 2],
    ["ș".repeat(70), 1],
    ["ș".repeat(71), 2],
    ["ș".repeat(135), 3],
    [`${"ș".repeat(69)}😀`, 2],
    ["@£$¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞ^{}", 1],
  ])("%s: %d parts", (text, parts) => {
    expect(countParts(text)).toBe(parts);
  });

  test("a short text keeps its diacritics, a longer one is written as people write it on a telephone", () => {
    expect(fitForSms("Vă așteptăm mâine la 9.")).toBe("Vă așteptăm mâine la 9.");
    const long = `Programarea dumneavoastră este confirmată. ${"Vă așteptăm. ".repeat(6)}`.trim();
    expect(fitForSms(long)).toBe(
      `Programarea dumneavoastra este confirmata. ${"Va asteptam. ".repeat(6)}`.trim(),
    );
    expect(countParts(fitForSms(long))).toBe(1);
  });

  test("what no alphabet of SMS has, stays: a name in Cyrillic is not made into question marks", () => {
    const text = `Іван, ${"programare ".repeat(10)}`;
    expect(fitForSms(text)).toContain("Іван");
  });

  test("no text is longer than we send, whatever is put into it", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000 }), (text) => {
        expect(fitForSms(text).length).toBeLessThanOrEqual(LONGEST_TEXT);
      }),
    );
  });
});

const visit = {
  serviceName: "Ședință",
  specialistName: "Dr. Ana Ionescu",
  startsAt: new Date("2027-03-08T07:00:00Z"),
  endsAt: new Date("2027-03-08T08:00:00Z"),
  timezone: "Europe/Bucharest",
  modality: "video" as const,
  respondBy: new Date("2027-03-02T10:00:00Z"),
  expiresAt: new Date("2027-03-03T10:00:00Z"),
  reason: "Suntem plecați.",
  guestName: "Maria Ionescu",
};

describe("the database reads a text as the renderer does (FND-15)", () => {
  const message = (body: string): Writable => ({
    locale: "ro",
    recipient_name: "Ana",
    title: null,
    body,
    data: visit,
    clinic_name: "Clinica Atlas",
    clinic_email: "contact@atlas.test",
    clinic_phone: "+40264000111",
    clinic_address: "Strada Lungă 1",
  });

  test("every name that a text may use is one that the renderer knows, and the other way round", async () => {
    const { rows } = await clinic.admin.query<{ names: string[] }>(
      "select app_private.printable_variables($1, 'email') as names",
      [Object.keys(visit)],
    );
    const raw = ["startsAt", "endsAt", "timezone", "modality", "respondBy", "expiresAt"];
    const known = Object.keys(viewOf(message(""))).filter((name) => !raw.includes(name));
    expect(rows[0]?.names.sort()).toEqual(known.sort());
  });

  test("every text of the platform is written without a hole or a brace, on its channel", async () => {
    const { rows } = await clinic.admin.query(
      `select template_key, channel, locale, title, body from app_private.message_templates
       where template_key <> 'organization_activated'`,
    );
    for (const { channel, locale, title, body, template_key } of rows) {
      const { title: head, text } = previewOf({ ...message(body), locale, title }, channel);
      expect(`${head ?? ""} ${text}`, template_key).not.toMatch(/[{}]|undefined|null|Invalid/);
      if (channel === "sms") {
        expect(text.length, template_key).toBeLessThanOrEqual(LONGEST_TEXT);
        expect(countParts(text), `${template_key} ${locale}: ${text}`).toBeLessThanOrEqual(2);
      }
      if (channel === "push") expect(text.length).toBeLessThanOrEqual(120);
    }
  });

  test("whatever the database accepts, the renderer renders, and no brace is left", async () => {
    const piece = fc.constantFrom(
      ...["{{when}}", "{{clinicName}}", "{{#clinicPhone}}", "{{/clinicPhone}}", "{{^reason}}", "{{/reason}}"],
      ...[
        "{{{when}}}",
        "{{& when}}",
        "{{> x}}",
        "{{!c}}",
        "{{=<% %>=}}",
        "{{ when }}",
        "{{#when",
        "}}",
        "{",
        "}",
      ],
      ...["text ", "\n", "ș", "{{startsAt}}", "{{a.b}}", "{{.}}", "{{#when}}", "{{/when}}", "{{diagnosis}}"],
    );
    const texts = fc.sample(
      fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join("")),
      propertyRuns(2_000),
    );
    const { rows } = await clinic.admin.query<{ text: string; accepted: boolean }>(
      `select text, app_private.text_problem(text, '{when,clinicName,clinicPhone,reason}') is null as accepted
       from unnest($1::text[]) as text`,
      [texts],
    );
    expect(rows.filter(({ accepted }) => accepted).length).toBeGreaterThan(50);
    for (const { text, accepted } of rows) {
      if (!accepted) continue;
      const view = { when: "luni", clinicName: "Atlas", clinicPhone: null, reason: null };
      expect(() => mustache.parse(text), text).not.toThrow();
      expect(mustache.render(text, view, {}, { escape: String }), text).not.toMatch(/[{}]/);
    }
  });
});

describe("the SMS of a form to sign (CNS-06)", () => {
  test.each(["ro", "en"] as const)(
    "carries its link whole, in %s, whatever the clinic is called",
    async (locale) => {
      const { rows } = await clinic.admin.query(
        "select body from app_private.message_templates where template_key = 'form_to_sign' and channel = 'sms' and locale = $1",
        [locale],
      );
      // As long as a token is, at an address that is longer than most.
      const url = `https://programari.clinica-de-recuperare.example.ro/sign#${"a".repeat(272)}`;
      const message: Writable = {
        locale,
        recipient_name: "Ioana Mureșan",
        title: null,
        body: rows[0].body,
        links: [{ name: "signingUrl", url }],
        data: {
          signatureLinkId: "0195f3c0-0000-7000-8000-000000000000",
          expiresAt: "2027-03-08T09:00:00+02:00",
          timezone: "Europe/Bucharest",
          byCode: null,
        },
        clinic_name: "Clinica ".repeat(25),
        clinic_email: null,
        clinic_phone: null,
        clinic_address: null,
      };
      const { text } = previewOf(message, "sms");
      expect(text).toContain(` ${url} Clinica`);
      expect(text.length).toBeLessThanOrEqual(LONGEST_TEXT);
      expect(previewOf({ ...message, links: undefined }, "sms").text).toContain("https://.../sign#...");
    },
  );
});
