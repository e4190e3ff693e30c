import { describe, expect, it } from "vitest";
import { Refusal } from "../../../runtime/refusal.ts";
import { acceptedLanguage } from "../language.ts";
import { languages } from "../texts/text.ts";
import { written } from "../written.ts";

const said = (code: string, reason: string, details?: Record<string, unknown>) =>
  languages.map((language) => written(new Refusal(code, reason, details), language).message);

describe("FND-29: what people read of a refusal", () => {
  it("says when on the clock of the place, in the words of the language", () => {
    const details = { notBefore: "2027-03-01T07:00:00+00:00", timezone: "Europe/Bucharest" };
    expect(said("STATE", "too_early", details)).toEqual([
      "Este prea devreme: se poate începând de luni, 1 martie 2027, 09:00. Reveniți atunci.",
      "It is too early: this is possible from Monday, 1 March 2027, 09:00 on. Come back then.",
    ]);
    expect(said("STATE", "too_early", { ...details, timezone: "Europe/Lisbon" })[1]).toContain("07:00");
  });

  it("keeps an instant as it is where the zone is not known", () => {
    const details = { notBefore: "2027-03-01T07:00:00+00:00", timezone: "Europe/Nowhere" };
    expect(said("STATE", "too_early", details)[1]).toContain("2027-03-01T07:00:00+00:00");
  });

  it.each([
    [1, "o programare sau o cerere.", "One appointment or request is"],
    [2, "2 programări sau cereri.", "2 appointments or requests are"],
    [19, "19 programări sau cereri.", "19 appointments"],
    [20, "20 de programări sau cereri.", "20 appointments"],
    [101, "101 programări sau cereri.", "101 appointments"],
    [1_120, "1.120 de programări sau cereri.", "1,120 appointments"],
  ])("counts %i as each language does", (count, ro, en) => {
    const [inRomanian, inEnglish] = said("CONFLICT", "has_future_appointments", { count });
    expect(inRomanian).toContain(ro);
    expect(inEnglish).toContain(en);
  });

  it.each([
    [1, "1 secundă", "1 second"],
    [20, "20 de secunde", "20 seconds"],
    [89, "89 de secunde", "89 seconds"],
    [90, "2 minute", "2 minutes"],
    [1_200, "20 de minute", "20 minutes"],
    [3_601, "61 de minute", "61 minutes"],
    [5_400, "2 ore", "2 hours"],
    [86_400, "24 de ore", "24 hours"],
    [172_800, "2 zile", "2 days"],
  ])("says how long %i seconds are, rounded up", (retryAfterSeconds, ro, en) => {
    expect(said("RATE_LIMITED", "too_many_at_once", { retryAfterSeconds })).toEqual([
      `Prea multe cereri ale dumneavoastră sunt încă în lucru. Încercați din nou peste ${ro}.`,
      `Too many requests of yours are still running. Try again in ${en}.`,
    ]);
  });

  it("says sizes and lists", () => {
    expect(said("VALIDATION", "file_too_large", { most: 10_485_760 })[0]).toContain("mai mare de 10 MB,");
    expect(said("PAYLOAD_TOO_LARGE", "body_too_large", { most: 256_000 })[0]).toContain("cel mult 256 kB.");
    expect(said("VALIDATION", "message_channel_unknown", { legal: ["email", "sms"] })[0]).toContain(
      "email, sms.",
    );
  });

  it("takes the words that a detail chooses", () => {
    expect(said("CONFLICT", "person_unclear", { facts: ["birthday"] })[0]).toContain("data nașterii");
    expect(said("CONFLICT", "person_unclear", { candidates: [] })[0]).toContain("Alegeți pacientul");
    expect(said("VALIDATION", "rule_broken", { rule: "name is not blank", shape: "not_blank" })[0]).toBe(
      "Completați câmpul: nu poate rămâne gol.",
    );
    expect(said("VALIDATION", "rule_broken", { rule: "x", shape: "length", most: "200" })[0]).toBe(
      "Scrieți cel mult 200 de caractere.",
    );
    expect(
      said("VALIDATION", "message_text_malformed", { problem: "section_not_closed", variable: "when" })[0],
    ).toBe("Secțiunea when nu este închisă. Închideți-o cu {{/when}}.");
    expect(said("RATE_LIMITED", "too_many_requests", { retryAfterSeconds: 60 })[0]).toContain(
      "Sunați la clinică",
    );
  });

  it("falls back on the code for a reason of a newer database, and shows no markup of its own", () => {
    const body = written(new Refusal("STATE", "of_tomorrow", { a: 1 }), "ro");
    expect(body).toEqual({
      message: "Acum nu se poate. Reîncărcați pagina pentru a vedea ce s-a schimbat.",
      extensions: {
        code: "STATE",
        reason: "of_tomorrow",
        details: { a: 1 },
        hint: "Acum nu se poate. Reîncărcați pagina pentru a vedea ce s-a schimbat.",
      },
    });
    const field = "<b>{x}</b>";
    expect(written(new Refusal("VALIDATION", "field_unknown", { field }), "en").message).toBe(
      `${field} is not known here. Take it out.`,
    );
  });
});

describe("FND-29: Accept-Language", () => {
  it.each([
    [undefined, undefined],
    ["", undefined],
    ["*", undefined],
    ["de-DE,de;q=0.9", undefined],
    ["ro", "ro"],
    ["RO-ro", "ro"],
    ["en-US,en;q=0.9,ro;q=0.8", "en"],
    ["de, ro;q=0.5, en;q=0.4", "ro"],
    ["en;q=0.1, ro;q=0.2", "ro"],
    ["ro;q=0, en;q=0.1", "en"],
    ["ro;q=0", undefined],
    ["ro;q=x, en", "en"],
    ["en,ro", "en"],
    [`${"de,".repeat(200)}ro`, undefined],
  ])("%j asks for %j", (header, language) => {
    expect(acceptedLanguage(header)).toBe(language);
  });
});
