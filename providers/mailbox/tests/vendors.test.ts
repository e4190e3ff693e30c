import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ask } from "../answer.ts";
import { openPushes, type Pushes } from "../pushes.ts";
import { openTexts, type Texts } from "../texts.ts";
import { twilioApi } from "../twilio_api.ts";
import { seal } from "./seal.ts";

const place = mkdtempSync(path.join(tmpdir(), "mailbox-vendors-"));
const account = { accountSid: "AC1", authToken: "token" };
let texts: Texts;
let pushes: Pushes;
beforeAll(async () => {
  texts = await openTexts(path.join(place, "texts"), 100, account);
  pushes = await openPushes(path.join(place, "pushes"), 100);
});
afterAll(async () => {
  await texts.settle();
  rmSync(place, { recursive: true });
});

const ask = (method: string, at: string, more: Partial<Ask> = {}): Ask => {
  const { pathname, searchParams } = new URL(at, "http://localhost");
  return {
    method,
    path: pathname.split("/").filter(Boolean),
    query: searchParams,
    headers: {},
    body: Buffer.alloc(0),
    ...more,
  };
};

describe("as much of Twilio as sending needs (FND-15)", () => {
  const authorization = `Basic ${Buffer.from("AC1:token").toString("base64")}`;
  const base = "/2010-04-01/Accounts/AC1";
  const call = async (method: string, at: string, form: Record<string, string> = {}, headers = {}) => {
    const body = Buffer.from(new URLSearchParams(form).toString());
    const answer = await twilioApi(
      texts,
      account,
      ask(method, at, { headers: { authorization, ...headers }, body }),
    );
    return { status: answer.status, body: JSON.parse(String(answer.body)) };
  };
  const create = (form: Record<string, string>) => call("POST", `${base}/Messages.json`, form);
  const good = { To: "+40722123456", From: "+40312345678", Body: "Bună ziua!" };

  test("the account is read by whoever has its token", async () => {
    for (const at of [base, `${base}.json`]) {
      expect(await call("GET", at)).toMatchObject({ status: 200, body: { sid: "AC1", status: "active" } });
    }
    for (const other of [undefined, "Basic x", `${authorization.slice(0, -1)}x`]) {
      expect(await call("GET", base, {}, { authorization: other })).toMatchObject({
        status: 401,
        body: { code: 20003 },
      });
    }
  });

  test.each([
    ["GET", "/2010-04-01/Accounts/AC2.json"],
    ["GET", "/2010-04-01/Others/AC1.json"],
    ["GET", "/2010-04-01/Accounts"],
    ["POST", `${base}.json`],
    ["DELETE", `${base}/Messages.json`],
    ["GET", `${base}/Messages`],
    ["GET", `${base}/Messages/SM1.json`],
    ["GET", `${base}/Calls.json`],
  ])("%s %s is not there", async (method, at) => {
    expect(await call(method, at)).toMatchObject({ status: 404, body: { status: 404, code: 20404 } });
  });

  test("a text is created, listed by its number and read, and no other way", async () => {
    const { status, body } = await create(good);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      account_sid: "AC1",
      from: good.From,
      to: good.To,
      body: good.Body,
      status: "queued",
      direction: "outbound-api",
      date_sent: null,
      messaging_service_sid: null,
    });
    await texts.settle();
    const at = `${base}/Messages/${body.sid}.json`;
    expect((await call("GET", at)).body).toMatchObject({
      sid: body.sid,
      status: "delivered",
      date_sent: body.date_created,
    });
    expect((await call("DELETE", at)).status).toBe(404);
    expect((await call("GET", `${base}/Others/${body.sid}.json`)).status).toBe(404);

    const service = await create({ To: "whatsapp:+40722000007", MessagingServiceSid: "MG1", Body: "x" });
    expect(service.body).toMatchObject({
      to: "whatsapp:+40722000007",
      from: "whatsapp:MG1",
      messaging_service_sid: "MG1",
    });
    const listed = async (query: string) =>
      (await call("GET", `${base}/Messages.json${query}`)).body.messages.map(
        ({ sid }: { sid: string }) => sid,
      );
    const both = [service.body.sid, body.sid];
    expect((await listed("")).sort()).toEqual([...both].sort());
    expect(await listed("?To=%2B40722123456")).toEqual([body.sid]);
    expect(await listed("?To=whatsapp:%2B40722000007")).toEqual([service.body.sid]);
    expect(await listed("?To=%2B40722000007")).toEqual([]);
    expect(await listed("?PageSize=1")).toHaveLength(1);
    expect((await call("GET", `${base}/Messages.json`)).body.page_size).toBe(50);
    expect((await call("GET", `${base}/Messages.json?PageSize=5000`)).body.page_size).toBe(1_000);
  });

  test.each([
    [{ To: "" }, 21604],
    [{ To: "0722123456" }, 21211],
    [{ To: "+4072" }, 21211],
    [{ From: "" }, 21603],
    [{ Body: "" }, 21602],
    [{ Body: "😀".repeat(1_601) }, 21617],
    [{ To: "+15005550001" }, 21211],
    [{ To: "+15005550002" }, 21612],
    [{ To: "+15005550003" }, 21408],
    [{ To: "+15005550004" }, 21610],
    [{ To: "+15005550009" }, 21614],
    [{ ContentSid: "HX1", ContentVariables: "{" }, 21656],
  ])("a text with %j is refused by %i", async (changes, code) => {
    const before = await texts.list();
    expect(await create({ ...good, ...changes })).toMatchObject({ status: 400, body: { status: 400, code } });
    expect(await texts.list()).toHaveLength(before.length);
  });

  test("one without its fields is refused, one as long as may be is taken, and so is a template alone", async () => {
    expect((await create({})).body.code).toBe(21604);
    expect((await create({ To: good.To, Body: "x" })).body.code).toBe(21603);
    expect((await create({ To: good.To, From: good.From })).body.code).toBe(21602);
    expect((await create({ ...good, Body: "😀".repeat(1_600) })).status).toBe(201);
    expect((await create({ To: good.To, From: good.From, ContentSid: "HX1" })).body).toMatchObject({
      body: "",
    });
    expect((await texts.list()).find(({ template }) => template)?.template).toEqual({
      id: "HX1",
      variables: {},
    });
  });

  const takeFor = async (statusCallback: string | null, channel: "sms" | "whatsapp" = "sms") => {
    const taken = await texts.take({
      channel,
      from: "+40312345678",
      to: "+40722000008",
      body: null,
      template: null,
      statusCallback,
    });
    await texts.settle();
    return taken;
  };

  test("a server that is not well is told again, three times at most; one that refuses is not", async () => {
    const told: URLSearchParams[] = [];
    let answers: number[] = [];
    const server = createServer(async (request, response) => {
      told.push(new URLSearchParams(Buffer.concat(await Array.fromAsync(request)).toString()));
      const status = answers.shift() ?? 200;
      if (status === 0) request.socket.destroy();
      else response.writeHead(status).end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
    const statuses = () => told.splice(0).map((form) => form.get("MessageStatus"));
    answers = [500, 0, 500, 499];
    const begun = performance.now();
    const { sid } = await takeFor(url, "whatsapp");
    expect(performance.now() - begun).toBeGreaterThan(1_400); // half a second after the first, a whole one after the second
    expect(told[0] && Object.fromEntries(told[0])).toEqual({
      AccountSid: "AC1",
      ApiVersion: "2010-04-01",
      Body: "",
      From: "whatsapp:+40312345678",
      To: "whatsapp:+40722000008",
      MessageSid: sid,
      SmsSid: sid,
      MessageStatus: "sent",
      SmsStatus: "sent",
    });
    expect(statuses()).toEqual(["sent", "sent", "sent", "delivered"]);

    await takeFor(url);
    expect(told.splice(0).map((form) => [form.get("From"), form.get("To")])).toEqual(
      Array(2).fill(["+40312345678", "+40722000008"]),
    );

    const port = (server.address() as AddressInfo).port;
    const toNowhere = performance.now();
    for (const nowhere of [null, "nonsense", `https://127.0.0.1:${port}/`, "http://vendor.example/"]) {
      await takeFor(nowhere);
    }
    expect(performance.now() - toNowhere).toBeLessThan(1_400); // not even tried
    expect(told).toEqual([]);
    server.closeAllConnections();
    server.close();
  });
});

describe("as much of a push service as sending needs (FND-15)", () => {
  const vapid = "vapid t=a.b.c, k=d";
  const headers = { authorization: vapid, "content-encoding": "aes128gcm", ttl: "60" };
  const origin = "http://localhost:4080";

  test("what comes to a browser is kept, whatever it says", async () => {
    const { endpoint, keys } = await pushes.subscribe(origin);
    expect(endpoint).toMatch(/^http:\/\/localhost:4080\/push\/[\w-]+$/);
    const receive = (changes: Partial<Ask> = {}) =>
      pushes.receive(ask("POST", endpoint, { headers, ...changes }), origin);
    const kept = async () => (await pushes.list())[0];

    const { status, headers: told } = await receive({ body: Buffer.alloc(4_096) });
    expect(status).toBe(201);
    expect(await kept()).toMatchObject({
      subscriptionId: endpoint.split("/").at(-1),
      notice: null,
      size: 4_096,
      ttlSeconds: 60,
      urgency: "normal",
      topic: null,
    });
    expect(told).toEqual({ location: `${origin}/pushes/${(await kept())?.id}` });
    const { id } = (await kept()) ?? { id: "" };
    expect(await pushes.read(id)).toMatchObject({ id });

    await receive({ body: seal('"words"\x02', keys), headers: { ...headers, topic: "words" } });
    await receive({ body: seal('{"title":"T"}\x02', keys), headers: { ...headers, topic: "title" } });
    const noticeOf = async (topic: string) =>
      (await pushes.list()).find((push) => push.topic === topic)?.notice;
    expect([await noticeOf("words"), await noticeOf("title")]).toEqual([null, { title: "T" }]);

    await receive({ headers: { ...headers, ttl: "soon", urgency: "low", topic: "news" } });
    const all = await pushes.list();
    expect(all).toContainEqual(expect.objectContaining({ ttlSeconds: 0, urgency: "low", topic: "news" }));

    expect((await receive({ body: Buffer.alloc(4_097) })).status).toBe(413);
    for (const [changes, refusal] of [
      [{ authorization: undefined }, 401],
      [{ authorization: "Bearer x" }, 401],
      [{ "content-encoding": "aesgcm" }, 400],
      [{ ttl: undefined }, 400],
    ] as const) {
      expect((await receive({ headers: { ...headers, ...changes } })).status).toBe(refusal);
    }
    for (const at of ["/push", "/push/nobody"]) {
      expect((await pushes.receive(ask("POST", at, { headers }), origin)).status).toBe(410);
    }
    expect(await pushes.list()).toHaveLength(all.length);
    expect(existsSync(path.join(place, "pushes", "subscriptions"))).toBe(true);
  });
});
