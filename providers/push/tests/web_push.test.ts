import { once } from "node:events";
import { createServer } from "node:net";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import webPush from "web-push";
import { CredentialsRefused } from "../../failures.ts";
import { openPush } from "../../mailbox/browser.ts";
import { isPushEndpoint } from "../endpoint.ts";
import { PushDelayed, PushGone, PushRefused } from "../port.ts";
import { type WebPushSettings, webPusher } from "../web_push.ts";
import { type PushService, startPushService } from "./push_service.ts";

const vapid = webPush.generateVAPIDKeys();
let service: PushService;
beforeAll(async () => {
  service = await startPushService(vapid.publicKey);
});
afterEach(() => service.behave("well"));
afterAll(() => service.stop());

const pusher = (changes: Partial<WebPushSettings> = {}) =>
  webPusher({ vapid, subject: "mailto:ops@clinic.test", loopback: true, timeoutMs: 1_000, ...changes });
const notice = { title: "Programare confirmată", body: "Marți, 9 martie, ora 10:00", url: "/appointments" };
const options = { key: "0190c0de-0000-7000-8000-000000000001", ttlSeconds: 3_600 };
const failureOf = (sending: Promise<unknown>) =>
  sending.then(
    () => undefined,
    (error: unknown) => error as Error,
  );

describe("a notice reaches the one browser that can open it (FND-15)", () => {
  test("encrypted for it, signed for the service, diacritics right", async () => {
    const browser = service.subscribe();
    const { vendorId } = await pusher().send(browser, notice, options);
    expect(vendorId).toMatch(/^message-\d+$/);
    expect(service.shown().at(-1)).toEqual(notice);
  });

  test("time to live and urgency say how long it is worth something", async () => {
    const browser = service.subscribe();
    await pusher().send(browser, notice, options);
    expect(service.headers().at(-1)).toMatchObject({ ttl: "3600", urgency: "high" });
    await pusher().send(browser, notice, { ...options, ttlSeconds: 86_400 });
    expect(service.headers().at(-1)).toMatchObject({ ttl: "86400", urgency: "normal" });
    await pusher().send(browser, notice, { ...options, ttlSeconds: 3_601 });
    expect(service.headers().at(-1)).toMatchObject({ ttl: "3601", urgency: "normal" });
  });

  test("the same key is the same topic, so a repeat replaces what the browser has not seen", async () => {
    const browser = service.subscribe();
    await pusher().send(browser, notice, options);
    await pusher().send(browser, notice, options);
    await pusher().send(browser, notice, { ...options, key: "another" });
    const [first, second, third] = service
      .headers()
      .slice(-3)
      .map(({ topic }) => topic);
    expect(first).toMatch(/^[\w-]{32}$/);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test("opening follows RFC 8291: its own example opens", () => {
    const message =
      "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
    const keys = {
      p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
      auth: "BTBZMqHH6r4Tts7J_aSIgg",
      privateKey: "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94",
    };
    expect(openPush(Buffer.from(message, "base64url"), keys).toString()).toBe(
      "When I grow up, I want to be a watermelon",
    );
  });
});

describe("an answer of a push service is read for what it says (FND-15)", () => {
  test.each([
    [404, PushGone],
    [410, PushGone],
    [400, PushRefused],
    [413, PushRefused],
    [300, PushRefused],
    [499, PushRefused],
    [401, CredentialsRefused],
    [403, CredentialsRefused],
    [406, PushDelayed],
    [408, PushDelayed],
    [425, PushDelayed],
    [429, PushDelayed],
    [500, PushDelayed],
    [503, PushDelayed],
  ] as const)("%i", async (status, kind) => {
    service.behave(status);
    const error = await failureOf(pusher().send(service.subscribe(), notice, options));
    expect(error).toBeInstanceOf(kind);
    expect(error?.message).toBe(`push ${status}`);
  });

  test.each([200, 201, 299])(
    "%i: it was taken, and where no id is given the topic is one",
    async (status) => {
      service.behave(status);
      const { vendorId } = await pusher().send(service.subscribe(), notice, options);
      expect(vendorId).toMatch(/^[\w-]{32}$/);
    },
  );

  test("an id is kept up to its 200th letter", async () => {
    service.behave({ location: `/m/${"x".repeat(250)}` });
    expect(await pusher().send(service.subscribe(), notice, options)).toEqual({ vendorId: "x".repeat(200) });
  });

  test("an answer of 16 KiB is read, a longer one is not", async () => {
    service.behave({ body: "x".repeat(16 * 1024) });
    await expect(pusher().send(service.subscribe(), notice, options)).resolves.toBeDefined();
    service.behave({ body: "x".repeat(16 * 1024 + 1) });
    expect(await failureOf(pusher().send(service.subscribe(), notice, options))).toEqual(
      new PushDelayed("push no answer"),
    );
  });

  test.each([
    [{ code: "ENOTFOUND" }, "push ENOTFOUND"],
    [{ code: "for stefan@people.test" }, "push no answer"],
    [{ code: 5 }, "push no answer"],
    [{ name: "AbortError" }, "push timeout"],
    [{ name: "TimeoutError" }, "push timeout"],
  ])("a line that fails with %j is told by its code at most", async (properties, told) => {
    const resolve = () => Promise.reject(Object.assign(new Error("of a name"), properties));
    const browser = { ...service.subscribe(), endpoint: "https://push.example.com/send/1" };
    expect(await failureOf(pusher({ loopback: false, resolve }).send(browser, notice, options))).toEqual(
      new PushDelayed(told),
    );
  });

  test("a browser that unsubscribed is gone", async () => {
    const browser = { ...service.subscribe() };
    browser.endpoint = browser.endpoint.replace(/[^/]+$/, "unknown");
    expect(await failureOf(pusher().send(browser, notice, options))).toBeInstanceOf(PushGone);
  });

  test("a subscription that was made for other keys is refused by the service", async () => {
    const other = pusher({ vapid: webPush.generateVAPIDKeys() });
    expect(await failureOf(other.send(service.subscribe(), notice, options))).toBeInstanceOf(
      CredentialsRefused,
    );
  });

  test("keys of a browser that are none end the subscription, before anybody is called", async () => {
    const before = service.requests();
    const browser = { ...service.subscribe(), p256dh: "AAAA" };
    expect(await failureOf(pusher().send(browser, notice, options))).toBeInstanceOf(PushGone);
    expect(service.requests()).toBe(before);
  });

  test.each(["hangs up", "is silent", "talks without end"] as const)(
    "a service that %s delays the notice, within bounds",
    async (weather) => {
      service.behave(weather);
      const begun = performance.now();
      const error = await failureOf(pusher({ timeoutMs: 500 }).send(service.subscribe(), notice, options));
      expect(error).toBeInstanceOf(PushDelayed);
      expect(performance.now() - begun).toBeLessThan(2_000);
    },
  );

  test("a redirect is not followed", async () => {
    service.behave("redirects");
    const before = service.requests();
    const error = await failureOf(pusher().send(service.subscribe(), notice, options));
    expect(error).toEqual(new PushRefused("push 307"));
    expect(service.requests()).toBe(before + 1);
  });

  test("no endpoint, key or text stands in what is thrown (FND-28)", async () => {
    const failures = [];
    const browser = service.subscribe();
    for (const weather of [400, 410, 403, 503, "hangs up", "is silent"] as const) {
      service.behave(weather);
      failures.push(await failureOf(pusher({ timeoutMs: 300 }).send(browser, notice, options)));
    }
    failures.push(await failureOf(pusher().send({ ...browser, p256dh: "AAAA" }, notice, options)));
    failures.push(await failureOf(pusher({ loopback: false }).send(browser, notice, options)));
    const seen = inspect(failures, { depth: 20, showHidden: true });
    expect(failures.every((error) => error instanceof Error)).toBe(true);
    for (const canary of [browser.endpoint, browser.auth, browser.p256dh, vapid.privateKey, "Programare"]) {
      expect(seen).not.toContain(canary);
    }
  });
});

describe("an endpoint is somebody's word, and cannot reach behind our door (FND-15)", () => {
  test.each([
    "http://push.example.com/send/1",
    "https://push.example.com:8443/send/1",
    "https://user:secret@push.example.com/send/1",
    "https://user@push.example.com/send/1",
    "https://:secret@push.example.com/send/1",
    "https://push.example.com/send/1#part",
    `https://push.example.com/${"x".repeat(2_049 - 25)}`,
    "https://127.0.0.1/send/1",
    "https://2130706433/send/1",
    "https://0x7f.1/send/1",
    "https://10.1.2.3/send/1",
    "https://172.31.0.1/send/1",
    "https://192.168.1.1/send/1",
    "https://169.254.169.254/latest/meta-data",
    "https://[::1]/send/1",
    "https://[::ffff:10.0.0.1]/send/1",
    "https://[64:ff9b::a00:1]/send/1",
    "https://[2002:a00:1::]/send/1",
    "https://[fd00::1]/send/1",
    "https://localhost/send/1",
    "https://db.internal/send/1",
    "https://database/send/1",
    "file:///etc/passwd",
    "push.example.com",
  ])("%s is no endpoint in production", async (endpoint) => {
    expect(isPushEndpoint(endpoint)).toBe(false);
    const browser = { ...service.subscribe(), endpoint };
    const error = await failureOf(pusher({ loopback: false }).send(browser, notice, options));
    expect(error).toEqual(new PushGone("push: the endpoint is no public https address"));
  });

  test.each([
    "https://fcm.googleapis.com/fcm/send/abc:def",
    `https://push.example.com/${"x".repeat(2_048 - 25)}`,
    "https://updates.push.services.mozilla.com/wpush/v2/abc",
    "https://web.push.apple.com/abc",
    "https://db5p.notify.windows.com/w/?token=abc",
    "https://93.184.216.34/send/1",
    "https://[2606:2800:220:1::1]/send/1",
  ])("%s is one", (endpoint) => {
    expect(isPushEndpoint(endpoint)).toBe(true);
  });

  test("this machine is called only where somebody says so", async () => {
    const unsaid = webPusher({ vapid, subject: "mailto:ops@clinic.test" });
    expect(await failureOf(unsaid.send(service.subscribe(), notice, options))).toBeInstanceOf(PushGone);
  });

  test("outside production, this machine is one too, and a neighbour is not", () => {
    expect(isPushEndpoint("http://localhost:4080/push/1", { loopback: true })).toBe(true);
    expect(isPushEndpoint("http://127.0.0.1:4080/push/1", { loopback: true })).toBe(true);
    expect(isPushEndpoint("https://localhost:4080/push/1", { loopback: true })).toBe(true);
    for (const endpoint of [
      "http://192.168.1.1/push/1",
      "http://push.example.com/send/1",
      "https://push.example.com:8443/send/1",
      "ftp://localhost/push/1",
    ]) {
      expect(isPushEndpoint(endpoint, { loopback: true }), endpoint).toBe(false);
    }
    expect(isPushEndpoint("https://fcm.googleapis.com/fcm/send/abc:def", { loopback: true })).toBe(true);
  });

  test("a public name with a private address is not called, whichever of its addresses it is", async () => {
    let connections = 0;
    const behind = createServer(() => {
      connections += 1;
    }).listen(443, "127.0.0.1");
    const listening = await Promise.race([
      once(behind, "listening").then(() => true),
      once(behind, "error").then(() => false), // port 443 may belong to somebody else; the refusal is proved anyway
    ]);
    for (const addresses of [["127.0.0.1"], ["10.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::1"]]) {
      const resolve = async () =>
        addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
      const browser = { ...service.subscribe(), endpoint: "https://rebind.example.com/send/1" };
      const error = await failureOf(pusher({ loopback: false, resolve }).send(browser, notice, options));
      expect(error).toEqual(new PushRefused("push: the endpoint is not at a public address"));
    }
    expect(connections).toBe(0);
    if (listening) behind.close();
  });

  test("the connection goes to the address that was looked at: a name is asked once", async () => {
    let asked = 0;
    const resolve = async () => {
      asked += 1;
      return [{ address: asked === 1 ? "127.0.0.1" : "10.0.0.1", family: 4 }];
    };
    const browser = service.subscribe();
    const endpoint = browser.endpoint.replace("127.0.0.1", "rebind.localhost");
    // The service refuses the name it is called by: it was reached, and at the first address.
    const error = await failureOf(pusher({ resolve }).send({ ...browser, endpoint }, notice, options));
    expect(error).toEqual(new CredentialsRefused("push 403"));
    expect(asked).toBe(1);
  });
});
