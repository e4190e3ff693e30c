// Starts processes: a receiver with the public library verifies what we sign, knowing nothing of ours.
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newWebhookSecret, type WebhookSenderSettings, webhookSender } from "../index.ts";

type Got = { headers: Record<string, string>; body: string };
const got: Got[] = [];
let answer = (_: IncomingMessage, response: ServerResponse): unknown => response.writeHead(204).end();
const receiver = createServer((request, response) => {
  let body = "";
  request.on("data", (piece) => {
    body += piece;
  });
  request.on("end", () => {
    got.push({ headers: request.headers as Record<string, string>, body });
    answer(request, response);
  });
});
let url: string;
beforeAll(async () => {
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`;
});
afterAll(() => {
  receiver.closeAllConnections();
  receiver.close();
});

const body = '{"type": "appointment.booked",  "data": {"b": 1, "a": "ș"}}';
const send = (settings: Partial<WebhookSenderSettings> = {}, to = url, secrets = [newWebhookSecret()]) =>
  webhookSender({ loopback: true, ...settings }).send({ id: randomUUID(), url: to, body, secrets });

describe("signatures (WHK-01)", () => {
  test("are taken by the public library, with the old secret and the new one, byte for byte", async () => {
    const secrets = [newWebhookSecret(), newWebhookSecret()];
    expect(await send({}, url, secrets)).toMatchObject({ status: 204, problem: null });
    const { headers, body: received } = got.at(-1) as Got;
    expect(received).toBe(body);
    const verify = (secret: string, changed = "") =>
      execFileSync(
        process.execPath,
        [
          fileURLToPath(new URL("./verify.ts", import.meta.url)),
          JSON.stringify({ secret, body: received + changed, headers }),
        ],
        { stdio: ["ignore", "pipe", "ignore"], encoding: "utf8" },
      );
    for (const secret of secrets) expect(JSON.parse(verify(secret))).toEqual(JSON.parse(body));
    expect(() => verify(newWebhookSecret())).toThrow();
    expect(() => verify(secrets[0] as string, " ")).toThrow();
  });
});

describe("answers (WHK-02, WHK-03)", () => {
  test.each([
    [301, null],
    [410, null],
    [500, null],
    [429, 90],
  ])("%i is no yes, and goes nowhere else", async (status, retryAfter) => {
    const before = got.length;
    answer = (_, response) =>
      response
        .writeHead(status, {
          location: `${url}/other`,
          ...(retryAfter && { "retry-after": String(retryAfter) }),
        })
        .end("no");
    expect(await send()).toMatchObject({ status, problem: "refused", answer: "no", retryAfter });
    expect(got.length).toBe(before + 1);
  });

  test("an endless answer is cut, and 4 KB of it are kept", async () => {
    answer = (_, response) => {
      response.writeHead(200);
      const more = () => response.destroyed || response.write("x".repeat(16_384), () => setImmediate(more));
      more();
    };
    const outcome = await send();
    expect(outcome).toMatchObject({ status: 200, problem: null });
    expect(outcome.answer?.length).toBe(4_096);
  });

  test("one that trickles is given up when its time is over", async () => {
    answer = (_, response) => {
      response.writeHead(200);
      const drop = setInterval(() => response.write("x"), 20);
      response.on("close", () => clearInterval(drop));
    };
    expect(await send({ timeoutMs: 200 })).toMatchObject({ status: null, problem: "timeout" });
  });
});

describe("where nothing goes (WHK-03)", () => {
  test.each([
    "http://example.com/",
    "https://example.com:444/",
    "https://user:password@example.com/",
    "https://127.0.0.1/",
    "https://0x7f.1/",
    "https://2130706433/",
    "https://[::ffff:127.0.0.1]/",
    "https://169.254.169.254/latest/meta-data",
    "https://localhost:8443/",
    "https://printer.local/",
    "ftp://example.com/",
    "no URL",
  ])("%s", async (to) => {
    const sender = webhookSender({
      loopback: false,
      resolve: async () => [{ address: "1.1.1.1", family: 4 }],
    });
    await expect(sender.check(to)).rejects.toMatchObject({ name: "NotPublic" });
    expect(await sender.send({ id: "id", url: to, body, secrets: [newWebhookSecret()] })).toMatchObject({
      problem: "not_public",
    });
  });

  test("a public name that leads inside, on save and at an attempt, also when it changes its mind", async () => {
    let asked = 0;
    const rebinding = async () => [{ address: asked++ === 0 ? "1.1.1.1" : "10.0.0.1", family: 4 }];
    const sender = webhookSender({ loopback: false, resolve: rebinding });
    await sender.check("https://hooks.example.com/");
    expect(
      await sender.send({ id: "id", url: "https://hooks.example.com/", body, secrets: [newWebhookSecret()] }),
    ).toMatchObject({
      problem: "not_public",
    });
    await expect(sender.check("https://hooks.example.com/")).rejects.toMatchObject({ name: "NotPublic" });
  });
});

describe("whose failure it is (WHK-02)", () => {
  const unheardOf = Object.assign(new Error("getaddrinfo"), { code: "EAI_AGAIN" });
  const sendTo = (isCutOff: boolean, error: Error, to = "https://hooks.example.com/") =>
    send({ resolve: () => Promise.reject(error), isCutOff: async () => isCutOff }, to);

  test("a host that cannot be looked up: the receiver's, but ours where nothing can be looked up", async () => {
    expect(await sendTo(false, unheardOf)).toMatchObject({ status: null, problem: "unreachable" });
    expect(await sendTo(true, unheardOf)).toMatchObject({ status: null, problem: "not_sent" });
  });

  test("a receiver that hangs as our resolver does: ours", async () => {
    const never = () => new Promise<never>(() => {});
    const settings = { resolve: never, timeoutMs: 50, isCutOff: async () => true };
    expect(await send(settings, "https://hooks.example.com/")).toMatchObject({ problem: "not_sent" });
    expect(
      await send({ ...settings, isCutOff: async () => false }, "https://hooks.example.com/"),
    ).toMatchObject({ problem: "timeout" });
  });

  test.each(["EMFILE", "ENOBUFS", "EADDRNOTAVAIL", "EAI_MEMORY"])(
    "%s is ours, whoever is called",
    async (code) => {
      expect(await sendTo(false, Object.assign(new Error(code), { code }))).toMatchObject({
        problem: "not_sent",
      });
    },
  );

  test("a mistake of ours is ours", async () => {
    expect(await sendTo(false, new TypeError("not a function"))).toMatchObject({ problem: "not_sent" });
  });

  test("on this machine no network is needed: nobody is asked for it", async () => {
    const settings = { isCutOff: () => Promise.reject(new Error("asked")) };
    expect(await send(settings, "http://127.0.0.1:1/")).toMatchObject({ problem: "unreachable" });
  });
});
