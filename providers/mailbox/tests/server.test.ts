import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { text as textOf } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedMailbox, startMailbox } from "../index.ts";
import { Mails } from "../mails.ts";
import { openPushes } from "../pushes.ts";
import { openTexts } from "../texts.ts";

const folder = mkdtempSync(path.join(tmpdir(), "mailbox-server-"));
const account = { accountSid: "AC1", authToken: "token" };
const part = (type: string, name: string) =>
  `--b\r\nContent-Type: ${type}\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\nabc\r\n`;
const withFiles = `To: Ana@people.test, ben@people.test\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>hi</p>\r\n${part("text/html", "a b.html")}${part("application/ics", "i.ics")}--b--\r\n`;
let mailbox: EmbeddedMailbox;
let [plain, whole, sent] = ["", "", ""];

beforeAll(async () => {
  const mails = await Mails.open(folder, 10);
  plain = await mails.add(Buffer.from("Subject: plain\r\nTo: eva@people.test\r\n\r\nhello"));
  whole = await mails.add(Buffer.from(withFiles));
  const texts = await openTexts(path.join(folder, "texts"), 10, account);
  const from = "+40312345678";
  const text = { channel: "sms", from, body: "x", template: null, statusCallback: null } as const;
  ({ id: sent } = await texts.take({ ...text, to: "+40722123456" }));
  await texts.take({ ...text, to: "+40722000001" });
  await texts.settle();
  await openPushes(path.join(folder, "pushes"), 10);
  mailbox = await startMailbox({ pagePort: 0, folder, account });
});
afterAll(async () => {
  await mailbox.stop();
  rmSync(folder, { recursive: true });
});

type Init = { method?: string; headers?: Record<string, string>; body?: string };
/** As it is sent: fetch would read the address itself, and name the host. */
const open = (at: string, { method = "GET", headers = {}, body }: Init = {}) =>
  new Promise<{ status: number | undefined; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      request({ port: mailbox.pagePort, host: "127.0.0.1", path: at, method, headers }, async (answer) =>
        resolve({ status: answer.statusCode, headers: answer.headers, body: await textOf(answer) }),
      )
        .on("error", reject)
        .end(body);
    },
  );
const asJson = async (at: string) => JSON.parse((await open(at)).body);
const asks = (body: unknown): Init => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

describe("what the mailbox answers (FND-15)", () => {
  test.each(["localhost", "127.0.0.1:80", "[::1]:80", "mailbox.localhost", "LOCALHOST:80"])(
    "as %s it is there",
    async (host) => expect((await open("/style.css", { headers: { host } })).status).toBe(200),
  );
  test.each(["localhost.example", "xlocalhost", "127.0.0.1.example:80", "localhost:x"])(
    "as %j it is not",
    async (host) => expect((await open("/style.css", { headers: { host } })).status).toBe(421),
  );

  test("every page is of its type, for this origin alone, kept nowhere", async () => {
    const { headers } = await open("/style.css");
    expect(headers).toMatchObject({
      "content-type": "text/css; charset=utf-8",
      "x-frame-options": "DENY",
      "cache-control": "no-store",
    });
    const head = await open("/style.css", { method: "HEAD" });
    expect([head.status, head.body, head.headers["content-length"]]).toEqual([
      200,
      "",
      headers["content-length"],
    ]);
    for (const at of ["/", `/messages/${plain}`, `/texts/${sent}`]) {
      const page = await open(at);
      expect([page.status, page.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    }
    expect((await open(`/texts/${sent}`)).body).toContain(`http://127.0.0.1:${mailbox.pagePort}/api/texts/`);
  });

  test.each([
    "/style.css/more",
    "/messages",
    "/texts",
    "/pushes",
    "/texts/nothing",
    "/pushes/nothing",
    "/push/nobody",
    "/messages/nothing/source",
    "/api",
    "/api/others",
    "/api/messages/nothing",
    "/api/texts/x",
    "/api/pushes/x",
  ])("%s is not there", async (at) => expect((await open(at)).status).toBe(404));

  test.each([
    ["DELETE", "/api/messages"],
    ["PUT", "/push/x"],
    ["POST", "/"],
    ["POST", "/api/messages"],
    ["POST", "/api/texts/x"],
    ["POST", "/api/texts/x/others"],
    ["POST", "/api/push/others"],
    ["POST", "/api/push/subscriptions/more"],
    ["POST", "/api/others/subscriptions"],
    ["POST", "/api/others/x/replies"],
    ["POST", "/others/push/subscriptions"],
  ])("%s %s changes nothing", async (method, at) => {
    const { status, headers } = await open(at, method === "DELETE" ? { method } : { ...asks({}), method });
    expect([status, headers.allow]).toEqual([405, "GET, HEAD"]);
  });

  test("the doors of vendors are where they are", async () => {
    expect((await open("/push/nobody", { method: "POST" })).status).toBe(410);
    expect((await open("/2010-04-01/Accounts/AC1.json")).status).toBe(401);
  });

  test("a body has 64 kB at most, and an address that is none breaks nothing", async () => {
    const reply = `/api/texts/${sent}/replies`;
    const init = asks({ body: "x" });
    const padded = (length: number) => ({ ...init, body: (init.body ?? "").padStart(length) });
    expect((await open(reply, padded(64 * 1024))).status).toBe(201);
    expect((await open(reply, padded(64 * 1024 + 1))).status).toBe(500);
    expect((await open("//")).status).toBe(500);
    expect((await open("/")).status).toBe(200);
  });

  test("somebody answers a text that was sent to them, in up to 1,600 characters", async () => {
    const reply = `/api/texts/${sent}/replies`;
    const { status, body } = await open(reply, asks({ body: "x".repeat(1_600) }));
    expect(status).toBe(201);
    const { id } = JSON.parse(body);
    expect((await open(`/api/texts/${id}/replies`, asks({ body: "x" }))).status).toBe(404);
    expect((await open("/api/texts/nothing/replies", asks({ body: "x" }))).status).toBe(404);
    for (const wrong of [{ body: "x".repeat(1_601) }, { body: 1 }, {}, null]) {
      expect((await open(reply, asks(wrong))).status).toBe(400);
    }
    expect((await open(reply, { ...asks({}), body: "{" })).status).toBe(400);
    expect((await open(reply, { method: "POST", body: '{"body":"x"}' })).status).toBe(415);
    expect((await open("/api/push/subscriptions", asks({}))).status).toBe(201);
  });

  test("what went to one address or number is found", async () => {
    const mails = async (query: string) =>
      (await asJson(`/api/messages${query}`)).messages.map(({ id }: { id: string }) => id);
    expect((await mails("")).sort()).toEqual([plain, whole].sort());
    expect(await mails("?to=ANA@people.test")).toEqual([whole]);
    expect(await mails("?to=ben@people.test")).toEqual([whole]);
    expect(await mails("?to=nobody@people.test")).toEqual([]);
    const to = async (query: string) =>
      (await asJson(`/api/texts${query}`)).texts.map((text: { to: string }) => text.to);
    expect(await to("?to=%2B40722000001")).toEqual(["+40722000001"]);
    expect(await to("")).toEqual(expect.arrayContaining(["+40722000001", "+40722123456"]));
    expect(await asJson("/api/pushes")).toEqual({ pushes: [] });
  });

  test("a mail is given whole: its page, its HTML in a cage, its source, and its files as files", async () => {
    const at = `/messages/${whole}`;
    expect((await open(at)).body).toContain("<iframe");
    expect((await open(`/messages/${plain}`)).body).not.toContain("<iframe");
    const body = await open(`${at}/body`);
    expect(body.body).toContain("<p>hi</p>");
    expect(body.headers["x-frame-options"]).toBe("SAMEORIGIN");
    const source = await open(`${at}/source`);
    expect([source.body, source.headers["content-type"]]).toEqual([
      withFiles,
      "message/rfc822; charset=utf-8",
    ]);
    const page = await open(`${at}/attachments/0`);
    expect([page.body.trim(), page.headers["content-type"], page.headers["content-disposition"]]).toEqual([
      "abc",
      "application/octet-stream; charset=utf-8",
      `attachment; filename="a_b.html"; filename*=UTF-8''a%20b.html`,
    ]);
    expect((await open(`${at}/attachments/1`)).headers["content-type"]).toBe("text/calendar; charset=utf-8");
    for (const other of [`${at}/attachments/2`, `${at}/others/0`, `/messages/${plain}/body`]) {
      expect((await open(other)).status).toBe(404);
    }
    expect(await asJson(`/api/messages/${whole}`)).toMatchObject({
      id: whole,
      html: "<p>hi</p>",
      headers: expect.arrayContaining(["To: Ana@people.test, ben@people.test"]),
      attachments: [
        { name: "a b.html", content: Buffer.from("abc").toString("base64") },
        { name: "i.ics", contentType: "application/ics" },
      ],
    });
    expect((await open(`/api/others/${whole}`)).status).toBe(404);
    expect(await asJson(`/api/messages/${plain}`)).toMatchObject({ html: null, attachments: [] });
  });
});
