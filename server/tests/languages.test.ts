import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bearer, listening, SUBSCRIPTION, subscribe, tokenOf, until } from "./listener.ts";
import { probes } from "./probes.ts";
import { type Answer, refusalOf, startTestApi, type TestApi } from "./support.ts";

// FND-29, through every door: refusals are written in the language of whoever asked.

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({
    because: "every door is asked in two languages",
    probes,
    sockets: { subscriptionsPerSocket: 1 },
  });
  await api.sql(
    `select tests.clinic('atlas'), tests.staff('adrian', 'admin'), tests.staff('stefan', 'specialist');
     select tests.specialist('dr stefan'), tests.patient('ana'), tests.calendar('mondays', '{dr stefan}');
     select tests.appointment('far away', 'ana', 'mondays', 'dr stefan', '2099-03-16 10:00+00');
     update app_public.organizations set timezone = 'Europe/Lisbon', start_lead_minutes = 60;
     update app_private.identities set issuer = '${api.issuer.issuer}'`,
  );
});
afterAll(() => api.close());

const speaks = (locale: string) =>
  api.sql(
    "update app_public.humans set locale = $1 where principal_id = (select principal_id from tests.personas where name = 'adrian')",
    [locale],
  );
const fail = (token: string | undefined, accepts: string) =>
  api.graphql('mutation { probeFailure(input: {kind: "refusal"}) { result } }', {
    ...(token ? { token } : {}),
    headers: { "accept-language": accepts },
  });
const romanian = "Ora aceasta tocmai a fost luată de altcineva. Alegeți altă oră.";
const english = "Somebody else has just taken this time. Choose another.";
const said = (answer: Answer) => refusalOf(answer).message;

describe("FND-29: a refusal is written", () => {
  it("in the person's own language, whatever their browser says", async () => {
    const token = tokenOf(api, "adrian");
    await speaks("ro");
    expect(said(await fail(token, "en"))).toBe(romanian);
    await speaks("en");
    expect(said(await fail(token, "ro"))).toBe(english);
  });

  it("in the language that their identity provider told, in the very request that makes them known", async () => {
    const token = api.token({ subject: "user_new", email: "new@people.test", locale: "en" });
    expect(said(await fail(token, "ro"))).toBe(english);
    expect(said(await fail(token, "ro"))).toBe(english);
  });

  it("for a visitor in the language that the request accepts, else in Romanian", async () => {
    expect(said(await fail(undefined, "en-GB,ro;q=0.5"))).toBe(english);
    expect(said(await fail(undefined, "ro-RO,en;q=0.5"))).toBe(romanian);
    expect(said(await fail(undefined, "de"))).toBe(romanian);
  });

  it("with code, reason and details that are the same in each, and a hint", async () => {
    const [one, other] = [await fail(undefined, "ro"), await fail(undefined, "en")].map(refusalOf);
    expect(one?.hint).toBe(romanian);
    expect(other?.hint).toBe(english);
    expect({ ...one, message: "", hint: "" }).toEqual({ ...other, message: "", hint: "" });
  });

  it("to each of many who ask at once in their own", async () => {
    const asked = Array.from({ length: 20 }, (_, n) => (n % 2 ? "ro" : "en"));
    const answers = await Promise.all(asked.map((accepts) => fail(undefined, accepts)));
    expect(answers.map(said)).toEqual(asked.map((accepts) => (accepts === "ro" ? romanian : english)));
  });

  it("with times on the clock of the clinic, never in UTC", async () => {
    await speaks("ro");
    const [{ id }] = await api.sql("select tests.id('far away') as id");
    const answer = await api.graphql(
      "mutation ($id: UUID!) { startAppointment(input: { appointmentId: $id }) { appointment { id } } }",
      { token: tokenOf(api, "stefan"), variables: { id } },
    );
    expect(refusalOf(answer)).toMatchObject({
      reason: "too_early",
      message: "Este prea devreme: se poate începând de luni, 16 martie 2099, 09:00. Reveniți atunci.",
      details: { timezone: "Europe/Lisbon" },
    });
    expect(new Date(refusalOf(answer).details.notBefore).toISOString()).toBe("2099-03-16T09:00:00.000Z");
  });
});

describe("FND-29: whatever the request fails at, in Romanian", () => {
  const inRomanian = (path: string, init: RequestInit = {}) =>
    api.fetch(path, { ...init, headers: { "accept-language": "ro", ...init.headers } });

  it.each<[string, string, RequestInit, string, RegExp]>([
    ["a path", "/nowhere", {}, "route_not_found", /^Adresa nu există\./],
    ["a method", "/graphql", {}, "post_only", /POST/],
    [
      "a token",
      "/graphql",
      { method: "POST", headers: { authorization: "Bearer x.y.z" } },
      "token_malformed",
      /^Sesiunea nu poate fi citită\. Conectați-vă din nou\.$/,
    ],
    [
      "a body",
      "/v1/public/holds",
      { method: "POST", body: "{}", headers: { "content-type": "application/json" } },
      "required",
      /^Completați câmpul calendar\.$/,
    ],
    ["a media type", "/graphql", { method: "POST", body: "x" }, "media_type_not_accepted", /^Trimiteți/],
  ])("%s", async (_, path, init, reason, message) => {
    const refusal = refusalOf(await inRomanian(path, init));
    expect(refusal).toMatchObject({ reason, hint: refusal.message });
    expect(refusal.message).toMatch(message);
  });

  it.each([
    ["a missing argument", "{ appointment { id } }"],
    ["a value of the wrong type", '{ appointments(first: "canary") { nodes { id } } }'],
    ["what is no GraphQL", "{ appointments("],
  ])("a document with %s says what of it does not fit", async (_, query) => {
    const answer = await api.graphql(query, { headers: { "accept-language": "ro" } });
    expect(answer.status).toBe(400);
    const { code, reason, message, details } = refusalOf(answer);
    expect([code, reason]).toEqual(["GRAPHQL_VALIDATION", "document_invalid"]);
    expect(message).toBe(
      `Cererea nu se potrivește cu acest server: ${details.problem} Reîncărcați pagina; dacă se repetă, anunțați-ne.`,
    );
    expect(answer.text).not.toContain("canary");
  });

  it("a subscription too many on a socket", async () => {
    await speaks("ro");
    const listener = subscribe(api, bearer(tokenOf(api, "adrian")));
    await listening(api, "adrian", listener, "atlas");
    listener.socket().send(JSON.stringify({ id: "2", type: "subscribe", payload: { query: SUBSCRIPTION } }));
    const heard: string[] = [];
    listener.socket().on("message", (data) => heard.push(String(data)));
    await until(() => heard.some((message) => message.includes('"error"')), "the refusal");
    expect(heard.join()).toContain("O conexiune poartă cel mult un abonament. Închideți unul.");
    await listener.stop();
  });
});

describe("FND-29: logs", () => {
  it("stay English, and say code and reason", async () => {
    await fail(undefined, "ro");
    expect(api.logs()).not.toMatch(/[ăâîșț]/i);
  });
});
