import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { bearer, heardBesides, put, SUBSCRIPTION, speak, tokenOf, until, within } from "./listener.ts";
import { api, closeSockets, listen, listenAs, openSockets, stopListening } from "./sockets/listeners.ts";
import { refusedCases } from "./sockets/refused.cases.ts";

beforeAll(openSockets);
afterEach(stopListening);
afterAll(closeSockets);

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

refusedCases();

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
    expect(await refused("mutation { markInboxRead { readCount } }")).toMatchObject({
      reason: "only_subscriptions",
    });
    expect(await refused(`${SUBSCRIPTION} query Q { probeSession }`)).toMatchObject({
      reason: "only_subscriptions",
    });
  });

  it("is no larger than at the other door", async () => {
    const deep = `subscription { inboxItemArrived { ${"human { inboxItems { nodes { ".repeat(6)} id ${"} } } ".repeat(6)} } }`;
    expect(await refused(deep)).toMatchObject({ code: "DOCUMENT_TOO_LARGE" });
    const many = `subscription { inboxItemArrived { ${Array.from({ length: 101 }, (_, n) => `a${n}: title`).join(" ")} } }`;
    expect(await refused(many)).toMatchObject({ code: "DOCUMENT_TOO_LARGE", details: { limit: "aliases" } });
  });

  it("is what the schema has, and the refusal guesses at nothing", async () => {
    const error = await refused("subscription { inboxItemArived { title } }");
    expect(error).toMatchObject({
      code: "GRAPHQL_VALIDATION",
      reason: "document_invalid",
      details: { problem: 'Cannot query field "inboxItemArived" on type "Subscription".' },
    });
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
