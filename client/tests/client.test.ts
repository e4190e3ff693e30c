import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { put, until } from "../../server/tests/listener.ts";
import { startBeside } from "../../server/tests/support.ts";
import {
  ArrivalsDocument,
  HoldTimeDocument,
  InboxDocument,
  RegisterPatientDocument,
  WhoAmIDocument,
} from "../examples/generated/operations.ts";
import { type Client, createClient, refusalOf, Unreachable, uuid } from "../index.ts";
import { type ClientWorld, openClientWorld } from "./support.ts";
import { openTrouble, type Trouble } from "./trouble.ts";

// FND-29: what the client does of itself when the network or a token fails.

let world: ClientWorld;
let trouble: Trouble;
beforeAll(async () => {
  world = await openClientWorld("its answers are lost on the way, after they were committed");
  trouble = await openTrouble(world.api.url);
});
afterAll(async () => {
  await trouble?.close();
  await world?.close();
});
beforeEach(() => {
  trouble.asked.length = 0;
});

const quick = { pauseMs: 10 };
const through = (name?: string): Client => world.clientOf(name, { url: trouble.url, patience: quick });
const free = async (place: number): Promise<Date> => {
  const from = new Date(Date.now() + 24 * 60 * 60_000);
  const to = new Date(from.getTime() + 7 * 24 * 60 * 60_000);
  const { slots } = await world.clientOf().http.getAvailability({ calendar: world.calendar, from, to });
  return new Date(slots[place]?.startsAt ?? "");
};
const patient = (familyName: string) => ({
  patient: { organizationId: world.clinic, givenName: "Ion", familyName },
});
const countOf = async (sql: string): Promise<number> => Number((await world.api.sql(sql))[0].count);

describe("FND-26: an answer that is lost", () => {
  it("is asked for again under the same key, and nothing is done twice", async () => {
    const startsAt = await free(0);
    trouble.lose(2);
    const { holdSlot } = await through().ask(HoldTimeDocument, { calendar: world.calendar, startsAt });
    expect(holdSlot.slotHold.token).toMatch(/^[0-9a-f]{32}$/);
    expect(trouble.asked).toHaveLength(3);
    expect(new Set(trouble.asked.map(({ key }) => key)).size).toBe(1);
    expect(trouble.asked[0]?.key).toMatch(/^[0-9a-f-]{36}$/);
    expect(await countOf("select count(*) from app_private.time_claims where kind = 'hold'")).toBe(1);
  });

  it("the same over HTTP; another call has another key", async () => {
    const [one, other] = [await free(1), await free(2)];
    const page = through();
    trouble.lose(1);
    const hold = await page.http.holdSlot({ calendar: world.calendar, startsAt: one });
    await page.http.holdSlot({ calendar: world.calendar, startsAt: other });
    const [first, again, second] = trouble.asked.map(({ key }) => key);
    expect(again).toBe(first);
    expect(second).not.toBe(first);
    expect(await page.http.releaseHold({ token: hold.token })).toBeNull();
  });

  it("a key of before brings the first answer", async () => {
    const given = { calendar: world.calendar, startsAt: await free(3) };
    const options = { idempotencyKey: crypto.randomUUID() };
    const first = await world.clientOf().ask(HoldTimeDocument, given, options);
    expect(await world.clientOf().ask(HoldTimeDocument, given, options)).toEqual(first);
  });

  it("is told where the API remembers no key: done once, by nobody twice", async () => {
    trouble.lose(1);
    await expect(through("flavia").ask(RegisterPatientDocument, patient("Lost"))).rejects.toThrow(
      Unreachable,
    );
    expect(trouble.asked).toHaveLength(1);
    expect(await countOf("select count(*) from app_public.patient_profiles where family_name = 'Lost'")).toBe(
      1,
    );
  });

  it("of a question is asked for again; after four tries it is told", async () => {
    trouble.lose(3);
    expect((await through("ana").ask(WhoAmIDocument)).me.email).toBe("ana@people.test");
    trouble.lose(4);
    await expect(through("ana").ask(WhoAmIDocument)).rejects.toThrow(Unreachable);
    expect(trouble.asked).toHaveLength(8);
  });

  it("is not waited for when the caller has gone", async () => {
    trouble.lose(4);
    const client = world.clientOf("ana", {
      url: trouble.url,
      patience: { pauseMs: 60_000, longestPauseMs: 60_000 },
    });
    const gone = new AbortController();
    const asked = client.ask(InboxDocument, {}, { signal: gone.signal });
    await until(() => trouble.asked.length === 1, "the first try");
    gone.abort(new Error("gone"));
    await expect(asked).rejects.toThrow("gone");
    trouble.lose(0);
  });
});

describe("FND-27: who asks too often", () => {
  it("waits as long as the API says, and no longer than the caller will", async () => {
    const beside = await startBeside(world.api, {
      rates: { ...world.api.config.rates, graphql: { perMinute: 60, burst: 1 } },
    });
    const settings = { url: beside.url, token: () => world.tokenOf("ana") };
    const client = createClient(settings);
    await client.ask(WhoAmIDocument);
    const at = performance.now();
    await client.ask(WhoAmIDocument);
    expect(performance.now() - at).toBeGreaterThan(500);
    const hasty = createClient({ ...settings, patience: { longestPauseMs: 100 } });
    const refused = await hasty.ask(WhoAmIDocument).catch((error: unknown) => error);
    expect(refusalOf(refused, "RATE_LIMITED")?.details).toMatchObject({ retryAfterSeconds: 1 });
    await beside.close();
  });
});

describe("FND-29: a refusal", () => {
  it("is not tried again, and says code, reason, details and words in the caller's language", async () => {
    const { patient: person } = patient("Pop");
    const error = await through("flavia")
      .ask(RegisterPatientDocument, { patient: { ...person, email: "nobody" } })
      .catch((thrown: unknown) => thrown);
    expect(refusalOf(error, "VALIDATION", "not_an_address")?.details.field).toBe("email");
    expect(refusalOf(error, "VALIDATION", "too_long")).toBeNull();
    expect((error as Error).message).toBe(refusalOf(error)?.hint);
    expect(trouble.asked).toHaveLength(1);
    expect(refusalOf(new Error("else"))).toBeNull();
  });

  it("over HTTP has the same shape", async () => {
    const page = world.clientOf(undefined, { language: "ro" });
    const error = await page.http.extendHold({ token: "0".repeat(32) }).catch((thrown: unknown) => thrown);
    expect(refusalOf(error)).toMatchObject({ code: expect.stringMatching(/GONE|NOT_FOUND/) });
    expect((error as Error).message).not.toMatch(/^The /);
  });

  it("is not what something else answers in place of the API", async () => {
    const beside = world.clientOf("ana", { url: `${world.api.opsUrl}/metrics`, patience: { tries: 1 } });
    await expect(beside.ask(WhoAmIDocument)).rejects.toThrow(Unreachable);
  });
});

describe("FND-03: a token that has ended", () => {
  it("is asked for anew, once", async () => {
    const asked: boolean[] = [];
    const tokenOf = (isStale: boolean): string => {
      asked.push(isStale);
      return world.tokenOf("ana", { minutes: isStale ? 10 : -1 });
    };
    expect((await world.clientOf(undefined, { token: tokenOf }).ask(WhoAmIDocument)).me.email).toBe(
      "ana@people.test",
    );
    expect(asked).toEqual([false, true]);
    const ended = world.clientOf(undefined, { token: () => world.tokenOf("ana", { minutes: -1 }) });
    const error = await ended.ask(WhoAmIDocument).catch((thrown: unknown) => thrown);
    expect(refusalOf(error, "UNAUTHENTICATED", "token_expired")).not.toBeNull();
  });
});

describe("text from elsewhere", () => {
  it("is taken for what it is", () => {
    expect(uuid(world.clinic)).toBe(world.clinic);
    expect(() => uuid("atlas")).toThrow(TypeError);
  });
});

type Told = string;
/** Listens and writes down what happens, in order. */
function listen(client: Client): { told: Told[]; stop(): void } {
  const told: Told[] = [];
  const stop = client.listen(
    ArrivalsDocument,
    {},
    {
      began: (isAgain) => told.push(isAgain ? "began again" : "began"),
      next: ({ inboxItemArrived }) => told.push(inboxItemArrived?.title ?? "nothing"),
      lost: () => told.push("lost"),
      ended: (error) => told.push(refusalOf(error, "UNAUTHENTICATED")?.reason ?? `ended: ${error.message}`),
    },
  );
  return { told, stop };
}

describe("FND-15: listening", () => {
  it("goes on after the network was gone, and says that something may be missed", async () => {
    const { told, stop } = listen(through("ana"));
    await until(() => told.includes("began"), "the beginning");
    await put(world.api, "ana", "one");
    await until(() => told.includes("one"), "what arrives");
    trouble.cut();
    await put(world.api, "ana", "while nobody listened");
    await until(() => told.includes("began again"), "the second beginning", 20_000);
    await put(world.api, "ana", "two");
    await until(() => told.includes("two"), "what arrives then");
    stop();
    expect(told).toEqual(["began", "one", "lost", "began again", "two"]);
  });

  it("outlives its token: a newer one of the same session is sent before it ends", async () => {
    const stale: boolean[] = [];
    const { told, stop } = listen(
      world.clientOf(undefined, {
        token: (isStale) => {
          stale.push(isStale);
          return world.tokenOf("ana", { sessionId: "sess_of_ana", minutes: isStale ? 10 : 3 / 60 });
        },
      }),
    );
    // Beyond the end of the first, and the tolerance of five seconds.
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    await put(world.api, "ana", "still here");
    await until(() => told.includes("still here"), "what arrives");
    stop();
    expect(told).toEqual(["began", "still here"]);
    expect(stale).toEqual([false, true]);
  });

  it("begins again with a fresh token where the session is another one", async () => {
    const { told, stop } = listen(
      world.clientOf(undefined, {
        token: (isStale) => world.tokenOf("ana", { minutes: isStale ? 10 : 3 / 60 }),
      }),
    );
    await until(() => told.includes("began again"), "the second beginning", 20_000);
    stop();
    expect(told).toEqual(["began", "lost", "began again"]);
  });

  it("reads again what there is where the API was not reached, and ends where it refuses", async () => {
    const told: string[] = [];
    const answers = [new Unreachable("not there"), null, new TypeError("a mistake")];
    const listenTo = () =>
      world.clientOf("ana").listen(
        ArrivalsDocument,
        {},
        {
          async began() {
            const answer = answers.shift();
            told.push(answer?.message ?? "read");
            if (answer) throw answer;
          },
          next: () => {},
          ended: (error) => told.push(`ended: ${error.message}`),
        },
      );
    listenTo();
    await until(() => told.includes("read"), "what there is");
    listenTo();
    await until(() => told.length === 4, "the end");
    expect(told).toEqual(["not there", "read", "a mistake", "ended: a mistake"]);
  });

  it("ends where nobody is signed in, or the document is not known, and says so", async () => {
    const visitor = listen(world.clientOf());
    await until(() => visitor.told.length > 0, "the end");
    expect(visitor.told).toEqual(["token_missing"]);
    const ended = listen(world.clientOf(undefined, { token: () => world.tokenOf("ana", { minutes: -1 }) }));
    await until(() => ended.told.length > 0, "the end");
    expect(ended.told).toEqual(["token_expired"]);
  });
});
