import pg from "pg";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { ifBusy } from "../../db/testing/busy.ts";
import { deliver, identityEvent } from "./identity_events.ts";
import {
  bearer,
  clinics,
  heardBesides,
  type Listener,
  listening,
  put,
  speak,
  subscribe,
  tokenOf,
  until,
  within,
} from "./listener.ts";
import { type Json, startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
let listeners: Listener[] = [];
beforeAll(async () => {
  api = await startTestApi({ because: "its connection is killed, and at the end the server is stopped" });
  await api.sql(clinics);
});
afterEach(async () => {
  await Promise.all(listeners.map((listener) => listener.stop()));
  listeners = [];
});
// The last test stops the server itself.

async function listen(name: string, token = tokenOf(api, name)): Promise<Listener> {
  const listener = subscribe(api, bearer(token));
  listeners.push(listener);
  await listening(api, name, listener);
  return listener;
}

const backend = async (): Promise<number | undefined> =>
  (
    await api.sql(
      "select pid from pg_stat_activity where application_name = 'restartix-api listener' and datname = current_database()",
    )
  )[0]?.pid;

describe("FND-03: a socket and its token", () => {
  it("end together, the tolerance of five seconds included", async () => {
    const token = tokenOf(api, "ana", { minutes: -1 / 60 }); // over for a second: four are left
    const at = performance.now();
    const listener = await listen("ana", token);
    expect(await within(6_000, listener.closed, "closing")).toEqual({ code: 4401, reason: "token_expired" });
    expect(performance.now() - at).toBeGreaterThan(2_000);
    expect((await api.graphql("{ me { email } }", { token })).status).toBe(401);
  });

  it("go on with a newer token of the same session, which a ping brings", async () => {
    // As long as it takes to open the socket, on a machine that is busy too.
    const leftMs = ifBusy(4_000);
    const short = tokenOf(api, "ana", { minutes: (leftMs - 5_000) / 60_000, sessionId: "sess_1" });
    const listener = await listen("ana", short);
    const long = tokenOf(api, "ana", { sessionId: "sess_1" });
    listener.socket().send(JSON.stringify({ type: "ping", payload: bearer(long) }));
    await new Promise((resolve) => setTimeout(resolve, leftMs + 1_000));
    await put(api, "ana", "După reînnoire");
    await until(() => heardBesides(listener).length > 0, "a message after the first token ended");
  });

  it.each<[what: string, payload: () => Json, reason: string]>([
    ["of another session", () => bearer(tokenOf(api, "ana", { sessionId: "sess_2" })), "session_differs"],
    ["of another person", () => bearer(tokenOf(api, "bogdan", { sessionId: "sess_1" })), "session_differs"],
    [
      "that is over",
      () => bearer(tokenOf(api, "ana", { sessionId: "sess_1", minutes: -1 })),
      "token_expired",
    ],
    ["that is none", () => ({ authorization: 1 }), "token_missing"],
  ])("do not go on with one %s", async (_, payload, reason) => {
    const listener = await listen("ana", tokenOf(api, "ana", { sessionId: "sess_1" }));
    listener.socket().send(JSON.stringify({ type: "ping", payload: payload() }));
    expect(await within(3_000, listener.closed, "closing")).toEqual({ code: 4401, reason });
  });
});

describe("FND-15: the connection that listens", () => {
  it("is killed, begins again, and tells what arrived meanwhile, once, and what comes later", async () => {
    const listener = await listen("ana");
    const killed = await backend();
    await api.sql("select pg_terminate_backend($1)", [killed]);
    await put(api, "ana", "Între timp");
    await until(async () => {
      const pid = await backend();
      return pid !== undefined && pid !== killed;
    }, "another connection that listens");
    await until(() => heardBesides(listener).length > 0, "what arrived meanwhile");
    await put(api, "ana", "Mai târziu");
    await until(() => heardBesides(listener).includes("Mai târziu"), "what came later");
    expect(heardBesides(listener)).toEqual(["Între timp", "Mai târziu"]);
    expect(api.logs()).toContain("announcements of the database are not heard");
  });

  it("cannot be had for a while: a session that ends is found over within five seconds all the same", async () => {
    const token = tokenOf(api, "ana", { sessionId: "sess_unheard" });
    const listener = await listen("ana", token);
    // Whoever listens is killed as soon as it comes back.
    const killing = setInterval(async () => {
      const pid = await backend().catch(() => undefined);
      if (pid) await api.sql("select pg_terminate_backend($1)", [pid]).catch(() => {});
    }, 20);
    try {
      await deliver(api, identityEvent(api, "session.revoked", { id: "sess_unheard" }));
      expect(await within(5_000, listener.closed, "the socket to close")).toEqual({
        code: 4401,
        reason: "session_revoked",
      });
    } finally {
      clearInterval(killing);
    }
  });

  it("speaks for nobody whose session cannot be looked at: nothing is told, and the socket closes", async () => {
    const listener = await listen("ana");
    // Somebody holds the lock that the look needs, longer than the API waits for it, twice.
    const holder = new pg.Client(api.adminUrl);
    await holder.connect();
    try {
      await holder.query("begin; lock table app_private.revoked_sessions in access exclusive mode");
      await put(api, "ana", "Nu se poate verifica");
      expect(await within(8_000, listener.closed, "closing")).toEqual({ code: 1013, reason: "unavailable" });
    } finally {
      await holder.end();
    }
    expect(heardBesides(listener)).toEqual([]);
  });
});

describe("FND-15, FND-28: a server that stops", () => {
  it("says good-bye to its sockets, waits for none that is silent, and lets no new one in", async () => {
    const [ana, bogdan, deaf] = [await listen("ana"), await listen("bogdan"), await listen("ana")];
    deaf.socket().pause();
    const isIn = Promise.withResolvers<void>();
    const nameless = speak(api, () => isIn.resolve());
    await isIn.promise;
    const at = performance.now();
    const stopped = api.close();
    expect(await ana.closed).toEqual({ code: 1001, reason: "server_stops" });
    expect(await bogdan.closed).toEqual({ code: 1001, reason: "server_stops" });
    expect(await nameless).toMatchObject({ code: 1001 });
    await until(() => api.logs().includes('"msg":"stopped"'), "the server to stop", 8_000);
    expect(performance.now() - at).toBeLessThan(8_000); // and not the ten seconds that requests are given
    await stopped;
    await expect(speak(api, () => {})).rejects.toThrow();
    deaf.socket().resume();
  });
});
