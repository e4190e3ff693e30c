import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type EmbeddedMailbox, startMailbox } from "../../../providers/mailbox/index.ts";
import { type EmbeddedObjects, startObjects } from "../../../providers/storage/embedded/index.ts";
import { onceASecond } from "../../../runtime/operations/once_a_second.ts";
import { Places } from "../../limits/places.ts";
import { defaultRates } from "../../limits/rates.ts";
import { bearer, clinics, tokenOf, until, within } from "../listener.ts";
import { type Json, refusalOf, startTestApi, type TestApi } from "../support.ts";
import { address, come, type Ended, enter, opened, sendHome } from "./callers.ts";

const dataDir = mkdtempSync(join(tmpdir(), "restartix-floods-"));
let api: TestApi;
let objects: EmbeddedObjects;
let mailbox: EmbeddedMailbox;
beforeAll(async () => {
  [objects, mailbox] = await Promise.all([
    startObjects({ port: 0, dataDir }),
    startMailbox({ pagePort: 0, folder: dataDir }),
  ]);
  api = await startTestApi({
    because: "it is flooded, at rates that a test reaches",
    // Counts how often it is asked.
    before: `
      create sequence tests.asked;
      alter function app_hidden.migrated_to() rename to really_migrated_to;
      create function app_hidden.migrated_to() returns text language sql volatile security definer
      as $$select app_hidden.really_migrated_to() from nextval('tests.asked')$$;`,
    config: {
      trustProxy: 1,
      rates: {
        ...defaultRates,
        badTokens: { perMinute: 1, burst: 3 },
        address: { perMinute: 60, burst: 30 },
        graphql: { perMinute: 1, burst: 12 },
      },
    },
    sockets: { silentPerAddress: 4, socketsPerAddress: 6, sockets: 40, initMs: 2_500 },
  });
  await api.sql(clinics);
});
afterAll(async () => {
  await Promise.all([api?.close(), objects?.stop(), mailbox?.stop()]);
  rmSync(dataDir, { recursive: true, force: true });
});
afterEach(sendHome);

describe("FND-27: silent sockets", () => {
  it("are few for each address, are nobody else's loss, and give their places back", async () => {
    const [flood, other] = [address(), address()];
    const silent = Array.from({ length: 4 }, () => come(api, flood));
    await Promise.all(silent.map(({ open }) => open));
    await expect(come(api, flood).open).rejects.toThrow("429 5");
    expect(await enter(api, other, bearer(tokenOf(api, "ana")))).toBe("in");
    expect(await Promise.all(silent.map(({ ended }) => ended))).toEqual(
      Array(4).fill({ code: 4408, reason: "Connection initialisation timeout" }),
    );
    await until(
      () =>
        come(api, flood).open.then(
          () => true,
          () => false,
        ),
      "a place to be free",
    );
  });

  it("who are told to go and stay on the line are dropped", async () => {
    const from = address();
    const { socket, open } = come(api, from);
    await open;
    socket.pause(); // hears no good-bye, answers none
    const raw = (
      socket as unknown as { _socket: { once(event: string, on: () => void): void; resume(): void } }
    )._socket;
    const dropped = new Promise<void>((resolve) => raw.once("close", resolve));
    raw.resume();
    await within(6_000, dropped, "dropping");
  });

  it("count no more once it is known whose they are; then the address and the person have bounds of their own", async () => {
    const from = address();
    for (const name of ["ana", "bogdan", "dan", "ana", "bogdan"])
      expect(await enter(api, from, bearer(tokenOf(api, name)))).toBe("in");
    await come(api, from).open;
    await expect(come(api, from).open).rejects.toThrow("429");
  });
});

describe("FND-27: what comes over sockets is counted like what is posted", () => {
  it("bad tokens, at both doors together, and a good one still comes in", async () => {
    const from = address();
    const bad = { authorization: "Bearer garbage" };
    const post = (token: string) =>
      api.graphql("{ __typename }", { token, headers: { "x-forwarded-for": from } });
    expect(await enter(api, from, bad)).toEqual({ code: 4401, reason: "token_malformed" });
    expect(await enter(api, from, {})).toEqual({ code: 4401, reason: "token_missing" });
    expect(refusalOf(await post("garbage")).code).toBe("UNAUTHENTICATED");
    expect(await enter(api, from, bad)).toEqual({ code: 4429, reason: "too_many_requests" });
    expect((await post("garbage")).status).toBe(429);
    expect(await enter(api, from, bearer(tokenOf(api, "dan")))).toBe("in");
  });

  it("a token renewed badly on an open socket too", async () => {
    const from = address();
    for (let n = 0; n < 3; n += 1) {
      const { socket, open, ended } = come(api, from);
      await open;
      socket.send(JSON.stringify({ type: "connection_init", payload: bearer(tokenOf(api, "dan")) }));
      await new Promise((resolve) => socket.once("message", resolve));
      socket.send(JSON.stringify({ type: "ping", payload: { authorization: "Bearer garbage" } }));
      expect((await ended).code).toBe(4401);
    }
    expect(await enter(api, from, {})).toEqual({ code: 4429, reason: "too_many_requests" });
  });

  it("attempts to connect, by address", async () => {
    const from = address();
    const outcomes = [];
    for (let n = 0; n < 34; n += 1) {
      const caller = come(api, from);
      outcomes.push(
        await caller.open.then(
          () => "open",
          (error: Error) => error.message,
        ),
      );
      caller.socket.terminate();
      await caller.ended;
    }
    expect(outcomes.slice(0, 29)).toEqual(Array(29).fill("open"));
    expect(outcomes.at(-1)).toMatch(/^429/);
    const { status } = await api.fetch("/openapi.json", { headers: { "x-forwarded-for": from } });
    expect(status).toBe(429);
  });

  it("what one person asks, whatever door it comes through", async () => {
    const token = tokenOf(api, "ana");
    let last: "in" | Ended = "in";
    for (let n = 0; n < 20 && last === "in"; n += 1) {
      last = await enter(api, address(), bearer(token));
      opened.at(-1)?.terminate();
    }
    expect(last).toEqual({ code: 4429, reason: "too_many_requests" });
    expect(
      (await api.graphql("{ __typename }", { token, headers: { "x-forwarded-for": address() } })).status,
    ).toBe(429);
  });

  it("places are given back once, whatever happens twice", () => {
    const places = new Places({ sockets: 2, socketsPerAddress: 2, silentPerAddress: 1 });
    const first = places.take("a");
    expect(places.take("a")).toBeNull();
    first?.known();
    first?.known();
    const second = places.take("a");
    expect([second === null, places.isFull, places.take("a")]).toEqual([false, true, null]);
    first?.leave();
    first?.leave();
    expect(places.isFull).toBe(false);
    expect(places.take("a")).toBeNull(); // the second is silent still
    second?.leave();
    expect(places.take("a")).not.toBeNull();
  });
});

describe("FND-27: a request that dribbles in", () => {
  const dribbles: [what: string, url: () => string, head: string, drop: string][] = [
    ["a header a second, at the API", () => api.url, "GET / HTTP/1.1\r\nHost: localhost\r\n", "X-A: b\r\n"],
    [
      "a byte of its body a second, at the API",
      () => api.url,
      "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n",
      " ",
    ],
    [
      "a header of an upgrade a second",
      () => api.url,
      "GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n",
      "X-A: b\r\n",
    ],
    ["nothing", () => api.url, "", ""],
    [
      "a header a second, at the operators' port",
      () => api.opsUrl,
      "GET /metrics HTTP/1.1\r\n",
      "X-A: b\r\n",
    ],
    [
      "a header a second, at the mailbox",
      () => `http://127.0.0.1:${mailbox.pagePort}`,
      "GET / HTTP/1.1\r\n",
      "X-A: b\r\n",
    ],
    [
      "a byte of its body a second, at the mailbox",
      () => `http://127.0.0.1:${mailbox.pagePort}`,
      "POST /api/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n",
      " ",
    ],
    [
      "a header a second, at the object store",
      () => objects.settings.endpoint ?? "",
      "GET / HTTP/1.1\r\n",
      "X-A: b\r\n",
    ],
    [
      "a byte of its body a second, at the object store",
      () => objects.settings.endpoint ?? "",
      "PUT /restartix/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n",
      " ",
    ],
  ];

  it.concurrent.each(dribbles)(
    "%s: it is over in 15 seconds",
    async (_what, url, head, drop) => {
      const { hostname, port } = new URL(url());
      const began = performance.now();
      const socket = connect(Number(port), hostname);
      socket.on("error", () => {});
      socket.resume();
      socket.write(head);
      const dribbling = setInterval(() => socket.write(drop), 1_000);
      await within(20_000, new Promise<void>((resolve) => socket.once("close", () => resolve())), "the end");
      clearInterval(dribbling);
      expect(performance.now() - began).toBeLessThan(15_500);
    },
    30_000,
  );
});

describe("FND-28: /readyz in a loop", () => {
  it("asks once a second, once at a time, and a failure is no more often asked for than an answer", async () => {
    let clock = 0;
    let asked = 0;
    let outcome: () => Promise<number> = async () => asked;
    const ask = onceASecond(
      () => {
        asked += 1;
        return outcome();
      },
      () => clock,
    );
    const slow = Promise.withResolvers<number>();
    outcome = () => slow.promise;
    const many = Array.from({ length: 100 }, ask);
    clock = 5_000; // the first is still being asked for
    many.push(ask());
    slow.resolve(7);
    expect(new Set(await Promise.all(many))).toEqual(new Set([7]));
    expect(asked).toBe(1);
    clock += 999;
    await ask();
    expect(asked).toBe(1);
    clock += 1;
    outcome = () => Promise.reject(new Error("down"));
    await expect(ask()).rejects.toThrow("down");
    await expect(ask()).rejects.toThrow("down");
    expect(asked).toBe(2);
    clock += 1_000;
    outcome = async () => 8;
    expect(await ask()).toBe(8);
  });

  it("costs the database one statement a second, at both ports", async () => {
    const asked = async () =>
      Number((await api.sql("select last_value - 1 + is_called::int as asked from tests.asked"))[0].asked);
    const before = await asked();
    const began = performance.now();
    for (let n = 0; n < 20; n += 1) {
      await Promise.all(
        Array.from({ length: 10 }, async (_, at) => {
          const answer = await fetch(`${at % 2 ? api.url : api.opsUrl}/readyz`);
          expect(((await answer.json()) as Json).checks.database).toBe("up");
        }),
      );
    }
    const seconds = (performance.now() - began) / 1_000;
    const times = (await asked()) - before;
    expect(times).toBeGreaterThan(0);
    expect(times).toBeLessThanOrEqual(Math.ceil(seconds) + 1);
  });
});
