import { request } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  bearer,
  clinicId,
  clinics,
  heardBesides,
  type Listener,
  listening,
  put,
  SUBSCRIPTION,
  speak,
  subscribe,
  tokenOf,
  until,
  within,
} from "./listener.ts";
import { probes } from "./probes.ts";
import { startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
const listeners: Listener[] = [];
beforeAll(async () => {
  api = await startTestApi({
    probes,
    sockets: { pingMs: 1_500, initMs: 1_500, messages: 60, socketsPerPerson: 3, subscriptionsPerSocket: 3 },
  });
  await api.sql(clinics);
});
afterEach(async () => {
  await Promise.all(listeners.splice(0).map((listener) => listener.stop()));
});
afterAll(() => api.close());

function listen(params: object | undefined, query?: string): Listener {
  const listener = subscribe(api, params, query);
  listeners.push(listener);
  return listener;
}

async function listenAs(name: string, clinic?: string): Promise<Listener> {
  const listener = listen({
    ...bearer(tokenOf(api, name)),
    ...(clinic ? { "x-organization": await clinicId(api, clinic) } : {}),
  });
  await listening(api, name, listener, clinic ?? (name === "dan" ? "boreal" : "atlas"));
  return listener;
}

describe("FND-15: a message that arrives in the inbox", () => {
  it("is heard by the person, and not by another of the same clinic or of another", async () => {
    const [ana, bogdan, dan] = await Promise.all([listenAs("ana"), listenAs("bogdan"), listenAs("dan")]);
    await put(api, "ana", "Programare confirmată");
    await until(() => heardBesides(ana).length > 0, "ana's message");
    await put(api, "bogdan", "Pentru Bogdan");
    await put(api, "dan", "Pentru Dan", "boreal");
    await until(() => heardBesides(bogdan).length > 0 && heardBesides(dan).length > 0, "the others' own");
    expect(heardBesides(ana)).toEqual(["Programare confirmată"]);
    expect(heardBesides(bogdan)).toEqual(["Pentru Bogdan"]);
    expect(heardBesides(dan)).toEqual(["Pentru Dan"]);
  });

  it("is heard on every device, at the clinic that is named, or at all of them", async () => {
    const [anywhere, atAtlas, atBoreal] = await Promise.all([
      listenAs("ana"),
      listenAs("ana", "atlas"),
      listenAs("ana", "boreal"),
    ]);
    await put(api, "ana", "De la Atlas", "atlas");
    await put(api, "ana", "De la Boreal", "boreal");
    await until(() => heardBesides(anywhere).length === 2, "both");
    await until(() => heardBesides(atAtlas).length + heardBesides(atBoreal).length === 2, "one each");
    expect(heardBesides(anywhere)).toEqual(["De la Atlas", "De la Boreal"]);
    expect(heardBesides(atAtlas)).toEqual(["De la Atlas"]);
    expect(heardBesides(atBoreal)).toEqual(["De la Boreal"]);
  });

  it("comes in the order in which it was written, fifty in a row, and nothing of a change that was taken back", async () => {
    const ana = await listenAs("ana");
    for (let n = 0; n < 50; n += 1) {
      if (n % 10 === 0) {
        await api.sql("begin");
        await put(api, "ana", "never happened");
        await api.sql("rollback");
      }
      await put(api, "ana", `no. ${n}`);
    }
    await until(() => heardBesides(ana).length >= 50, "fifty messages");
    expect(heardBesides(ana)).toEqual(Array.from({ length: 50 }, (_, n) => `no. ${n}`));
  });

  it("is not heard any more by a person whose account was closed, not even as something that is empty", async () => {
    const bogdan = await listenAs("bogdan");
    await api.sql(`
      update app_public.principals set disabled_at = now()
      where id = (select principal_id from app_public.humans where email = 'bogdan@people.test')`);
    await put(api, "bogdan", "Prea târziu");
    expect(await within(5_000, bogdan.closed, "closing")).toEqual({ code: 4401, reason: "account_disabled" });
    expect(heardBesides(bogdan)).toEqual([]);
    await api.sql("update app_public.principals set disabled_at = null");
  });

  it("that is gone again when it is read is null, and the subscription goes on", async () => {
    const ana = await listenAs("ana");
    await api.sql(
      `select pg_notify('inbox', json_build_object('id', uuidv7(), 'humanId', principal_id, 'organizationId', uuidv7())::text)
       from app_public.humans where email = 'ana@people.test'`,
    );
    await put(api, "ana", "Mai departe");
    await until(() => heardBesides(ana).length === 2, "both");
    expect(heardBesides(ana)).toEqual(["(nothing)", "Mai departe"]);
  });

  it("is not asked for by a subscription that was given up", async () => {
    const ana = await listenAs("ana");
    await ana.stop();
    const open = await speak(api, (socket) => {
      socket.send(JSON.stringify({ type: "connection_init", payload: bearer(tokenOf(api, "ana")) }));
      socket.send(JSON.stringify({ type: "ping" }));
      socket.on("message", (data) => {
        if (JSON.parse(String(data)).type !== "connection_ack") return;
        socket.send(JSON.stringify({ type: "subscribe", id: "1", payload: { query: SUBSCRIPTION } }));
        socket.send(JSON.stringify({ type: "complete", id: "1" }));
        setTimeout(async () => {
          await put(api, "ana", "Nu mai ascultă nimeni");
          setTimeout(() => socket.close(1000), 200);
        }, 200);
      });
    });
    expect(open.heard.map(({ type }) => type).sort()).toEqual(["connection_ack", "pong"]);
  });
});

describe("FND-03: a socket that may not be", () => {
  const init = (payload?: unknown) => JSON.stringify({ type: "connection_init", payload });

  it.each<[what: string, payload: () => unknown, code: number, reason: string]>([
    ["says nothing of itself", () => undefined, 4401, "token_missing"],
    ["is a visitor's", () => ({}), 4401, "token_missing"],
    ["carries no text as token", () => ({ authorization: ["Bearer x"] }), 4401, "token_missing"],
    ["carries garbage", () => ({ authorization: "Bearer garbage" }), 4401, "token_malformed"],
    ["carries another scheme", () => ({ authorization: "Basic YTpi" }), 4401, "scheme_not_bearer"],
    [
      "carries a token that is over",
      () => bearer(tokenOf(api, "ana", { minutes: -1 })),
      4401,
      "token_expired",
    ],
    [
      "carries a token of somebody whose address was not verified",
      () =>
        bearer(
          api.issuer.mint({
            subject: "user_x",
            email: "x@people.test",
            emailVerified: false,
            name: "X",
            locale: "ro",
          }),
        ),
      4401,
      "email_not_verified",
    ],
    [
      "names no clinic",
      () => ({ ...bearer(tokenOf(api, "ana")), "x-organization": "atlas" }),
      4400,
      "organization_malformed",
    ],
    [
      "names a clinic that is not the person's",
      () => ({ ...bearer(tokenOf(api, "ana")), "x-organization": "0190a5b0-0000-7000-8000-000000000000" }),
      4403,
      "not_of_this_clinic",
    ],
  ])("%s", async (_, payload, code, reason) => {
    const { heard, ...ended } = await speak(api, (socket) => socket.send(init(payload())));
    expect(ended).toEqual({ code, reason });
    expect(heard).toEqual([]);
  });

  it.each<[what: string, said: string | Buffer, code: number]>([
    ["no JSON", "hello", 4400],
    ["JSON of no message", "[]", 4400],
    ["a message that nobody knows", '{"type": "connection_terminate"}', 4400],
    ["a payload that is no object", '{"type": "connection_init", "payload": "token"}', 4400],
    [
      "a subscription before the token",
      JSON.stringify({ type: "subscribe", id: "1", payload: { query: SUBSCRIPTION } }),
      4401,
    ],
    [
      "more than 100 KB",
      JSON.stringify({ type: "connection_init", payload: { pad: "x".repeat(100_000) } }),
      1009,
    ],
    ["bytes", Buffer.from([0xff, 0xfe]), 4400],
  ])("begins with %s", async (_, said, code) => {
    const ended = await speak(api, (socket) => socket.send(said));
    expect(ended.code).toBe(code);
    expect(ended.heard).toEqual([]);
  });

  it("says nothing at all", async () => {
    expect(
      (
        await within(
          3_000,
          speak(api, () => {}),
          "closing",
        )
      ).code,
    ).toBe(4408);
  });

  it("says twice who it is", async () => {
    const token = bearer(tokenOf(api, "ana"));
    const ended = await speak(api, (socket) => {
      socket.send(init(token));
      socket.send(init(token));
    });
    expect(ended.code).toBe(4429);
  });

  it("speaks another protocol", async () => {
    const ended = await speak(api, () => {}, "").catch((error: Error) => error);
    expect(ended).toMatchObject({ code: 4406 });
  });

  it("says too much, however little it is", async () => {
    const ended = await speak(api, (socket) => {
      socket.send(init(bearer(tokenOf(api, "ana"))));
      for (let n = 0; n < 100; n += 1) socket.send('{"type": "ping"}');
    });
    expect(ended).toMatchObject({ code: 4429, reason: "too_many_messages" });
  });

  it("comes in at another path", async () => {
    const status = await new Promise((resolve) => {
      const upgrade = request(`${api.url}/elsewhere`, {
        headers: {
          connection: "Upgrade",
          upgrade: "websocket",
          "sec-websocket-version": "13",
          "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
        },
      });
      upgrade.on("response", (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      upgrade.end();
    });
    expect(status).toBe(404);
  });

  it("is one too many of the same person; another person's is not", async () => {
    const three = await Promise.all([listenAs("ana"), listenAs("ana"), listenAs("ana")]);
    const fourth = listen(bearer(tokenOf(api, "ana")));
    expect(await within(3_000, fourth.closed, "closing")).toEqual({ code: 4429, reason: "too_many_sockets" });
    await listenAs("bogdan");
    await three[0].stop();
    await until(async () => {
      const again = listen(bearer(tokenOf(api, "ana")));
      return listening(api, "ana", again).then(
        () => true,
        () => false,
      );
    }, "a place to be free");
  });
});

describe("FND-15, FND-27: what a socket may ask", () => {
  const refused = async (query: string) => {
    const listener = listen(bearer(tokenOf(api, "ana")), query);
    await until(() => listener.errors.length > 0, `a refusal of ${query.slice(0, 40)}`);
    await listener.stop();
    return listener.errors[0].extensions;
  };

  it("is subscriptions alone: queries and mutations are posted", async () => {
    expect(await refused("{ probeSession }")).toMatchObject({
      code: "VALIDATION",
      reason: "only_subscriptions",
    });
    expect(await refused("mutation { markInboxRead(input: {}) { result } }")).toMatchObject({
      reason: "only_subscriptions",
    });
    expect(await refused(`${SUBSCRIPTION} query Q { probeSession }`)).toMatchObject({
      reason: "only_subscriptions",
    });
  });

  it("is no larger than at the other door", async () => {
    const deep = `subscription { inboxItemArrived { ${"human { inboxItems { nodes { ".repeat(6)} rowId ${"} } } ".repeat(6)} } }`;
    expect(await refused(deep)).toMatchObject({ code: "DOCUMENT_TOO_LARGE" });
    const many = `subscription { inboxItemArrived { ${Array.from({ length: 101 }, (_, n) => `a${n}: title`).join(" ")} } }`;
    expect(await refused(many)).toMatchObject({ code: "DOCUMENT_TOO_LARGE", details: { limit: "aliases" } });
  });

  it("is what the schema has, and the refusal guesses at nothing", async () => {
    const error = await refused("subscription { inboxItemArived { title } }");
    expect(error).toEqual({ code: "GRAPHQL_VALIDATION", reason: "document_invalid" });
  });

  it("is three at once here; what was refused leaves the others alone", async () => {
    const { heard } = await speak(api, (socket) => {
      socket.send(JSON.stringify({ type: "connection_init", payload: bearer(tokenOf(api, "ana")) }));
      socket.on("message", (data) => {
        const message = JSON.parse(String(data));
        if (message.type === "connection_ack") {
          for (const id of ["1", "2", "3", "4"])
            socket.send(JSON.stringify({ type: "subscribe", id, payload: { query: SUBSCRIPTION } }));
        }
        if (message.type === "error") setTimeout(() => put(api, "ana", "Pentru trei"), 300);
        if (message.type === "next") setTimeout(() => socket.close(1000), 300);
      });
    });
    expect(heard.find(({ type }) => type === "error")).toMatchObject({
      id: "4",
      payload: [
        { extensions: { code: "RATE_LIMITED", reason: "too_many_subscriptions", details: { most: 3 } } },
      ],
    });
    expect(
      heard
        .filter(({ type }) => type === "next")
        .map(({ id }) => id)
        .sort(),
    ).toEqual(["1", "2", "3"]);
  });
});

describe("FND-15: a socket stays open", () => {
  it("as long as it answers, and is dropped when it does not", async () => {
    const ana = await listenAs("ana");
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    await put(api, "ana", "Încă aici");
    await until(() => heardBesides(ana).length > 0, "a message after many pings");

    const bogdan = await listenAs("bogdan");
    bogdan.socket().pong = () => {}; // a network that lost the caller
    (bogdan.socket() as unknown as { _autoPong: boolean })._autoPong = false;
    expect((await within(6_000, bogdan.closed, "dropping")).code).toBe(1006);
  });

  it("tells nobody's address or words to the log, only who it was, how it ended and when", async () => {
    const ana = await listenAs("ana");
    await put(api, "ana", "canary-subscription");
    await until(() => heardBesides(ana).length > 0, "the message");
    await ana.stop();
    await until(() => /"path":"\/graphql","code":1000/.test(api.logs()), "a line in the log");
    expect(api.logs()).not.toContain("canary-subscription");
    expect(api.logs()).not.toContain("people.test");
    expect(api.logs()).not.toMatch(/eyJ/);
  });
});
