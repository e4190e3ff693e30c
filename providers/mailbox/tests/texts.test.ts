import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CredentialsRefused } from "../../failures.ts";
import { textMessengersFrom } from "../../sms/index.ts";
import { TextDelayed, TextRefused } from "../../sms/port.ts";
import { twilioMessenger } from "../../sms/twilio.ts";
import { messageVerifiers } from "../../webhooks/messages.ts";
import { mailboxAccount } from "../account.ts";
import { type EmbeddedMailbox, startMailbox } from "../index.ts";
import type { Kept } from "../kept_records.ts";
import type { CapturedText } from "../texts.ts";

const folder = mkdtempSync(path.join(tmpdir(), "mailbox-"));
const env: NodeJS.ProcessEnv = { DATA_DIR: folder };
let mailbox: EmbeddedMailbox;

/** What the API would be told, checked as the API does. */
const told: unknown[] = [];
const api = createServer(async (request, response) => {
  const [verifier] = messageVerifiers(env);
  told.push(
    await verifier
      ?.verify({
        rawBody: await buffer(request),
        headers: request.headers as Record<string, string>,
        url: `http://localhost${request.url}`,
        integrationId: null,
      })
      .catch((error: unknown) => error),
  );
  response.end();
});

beforeAll(async () => {
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  mailbox = await startMailbox({
    pagePort: 0,
    folder: path.join(folder, "mailbox"),
    account: mailboxAccount(env),
    keep: 4,
  });
  env.MAILBOX_PORT = String(mailbox.pagePort);
  env.PUBLIC_URL = `http://localhost:${(api.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await mailbox.stop();
  api.closeAllConnections();
  api.close();
  rmSync(folder, { recursive: true });
});

const open = (at: string, init?: RequestInit) => fetch(`http://localhost:${mailbox.pagePort}${at}`, init);
const texts = async (query = "") =>
  ((await (await open(`/api/texts${query}`)).json()) as { texts: Kept<CapturedText>[] }).texts;
const messenger = (channel: "sms" | "whatsapp") => textMessengersFrom(env).for("any clinic", channel);
const toldOf = async (count: number) => {
  while (told.length < count) await new Promise((resolve) => setTimeout(resolve, 20));
  return told.splice(0);
};
const say = (id: string, body: unknown, type = "application/json") =>
  open(`/api/texts/${id}/replies`, {
    method: "POST",
    headers: { "content-type": type },
    body: JSON.stringify(body),
  });

describe("the embedded mailbox shows the texts people would get (FND-15)", () => {
  test("an SMS sent by Twilio's SDK is there, and its callbacks come signed", async () => {
    const body = "Bună ziua, Ștefan: vă așteptăm <b>mâine</b>.";
    const { vendorId } = await (await messenger("sms")).send({ to: "+40722123456", body }, { key: "k" });
    const callbacks = await toldOf(2);
    expect(callbacks).toEqual([
      { eventId: `${vendorId}:sent`, type: "message.sent", occurredAt: null },
      { eventId: `${vendorId}:delivered`, type: "message.delivered", occurredAt: null },
    ]);
    const [newest] = await texts("?to=%2B40722123456");
    expect(newest).toMatchObject({ sid: vendorId, channel: "sms", body, status: "delivered" });

    const list = await (await open("/")).text();
    expect(list).toContain("SMS");
    expect(list).toContain("&lt;b&gt;mâine");
    const shown = await open(`/texts/${newest?.id}`);
    expect(await shown.text()).not.toContain("<b>mâine");
    expect(shown.headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  test("a WhatsApp message by template shows the template and its variables", async () => {
    const template = { id: "HX0123456789abcdef0123456789abcdef", variables: { "1": "Ștefan" } };
    await (await messenger("whatsapp")).send({ to: "+40722000001", body: "", template }, { key: "k" });
    await toldOf(2);
    const [newest] = await texts("?to=%2B40722000001");
    expect(newest).toMatchObject({ channel: "whatsapp", body: null, template });
    const page = await (await open(`/texts/${newest?.id}`)).text();
    expect(page).toContain(template.id);
    expect(page).toContain("Ștefan");
  });

  test("a person answers STOP, and the API is told in their name", async () => {
    await (await messenger("sms")).send({ to: "+40722000002", body: "Bună ziua!" }, { key: "k" });
    await toldOf(2);
    const [text] = await texts("?to=%2B40722000002");
    expect((await say(text?.id ?? "", { body: "STOP" })).status).toBe(201);
    expect(await toldOf(1)).toMatchObject([{ type: "message.received" }]);
    const [reply] = await texts();
    expect(reply).toMatchObject({ direction: "inbound", from: "+40722000002", body: "STOP" });
  });

  test.each([
    ["+15005550001", TextRefused, true],
    ["+15005550009", TextRefused, true],
    ["+15005550004", TextRefused, true],
    ["+15005550002", TextRefused, false],
    ["+15005550003", TextDelayed, undefined],
    ["0722", TextRefused, true],
  ] as const)("Twilio's number %s goes wrong as it does there", async (to, kind, dead) => {
    const before = (await texts()).length;
    const error = await (await messenger("sms"))
      .send({ to, body: "Bună ziua!" }, { key: "k" })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(kind);
    expect((error as TextRefused).numberIsDead).toBe(dead);
    expect(await texts()).toHaveLength(before);
  });

  test("without the account's token nothing is sent and nothing is read", async () => {
    const account = { ...mailboxAccount(env), authToken: "guessed" };
    const stranger = twilioMessenger({ channel: "sms", account, sender: { from: "+40312345678" } });
    await expect(stranger.send({ to: "+40722123456", body: "x" }, { key: "k" })).rejects.toBeInstanceOf(
      CredentialsRefused,
    );
    expect((await open(`/2010-04-01/Accounts/${account.accountSid}/Messages.json`)).status).toBe(401);
  });

  test("a page elsewhere cannot answer in somebody's name", async () => {
    const [text] = await texts();
    expect((await say(text?.id ?? "", { body: "STOP" }, "text/plain")).status).toBe(415);
    expect((await say("nothing", { body: "STOP" })).status).toBe(404);
    expect((await say(text?.id ?? "", "STOP")).status).toBeGreaterThanOrEqual(400);
  });

  test("it reports to this machine alone", async () => {
    const account = mailboxAccount(env);
    const far = twilioMessenger({
      channel: "sms",
      account,
      sender: { from: "+40312345678" },
      statusCallback: "http://192.0.2.1/v1/webhooks/twilio",
    });
    await far.send({ to: "+40722000003", body: "x" }, { key: "k" });
    const delivered = async () => (await texts("?to=%2B40722000003"))[0]?.status === "delivered";
    while (!(await delivered())) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(told).toEqual([]);
  });

  test("only the newest are kept, also after a restart", async () => {
    for (const number of [1, 2, 3, 4, 5]) {
      await (await messenger("sms")).send({ to: "+40722000009", body: `${number}` }, { key: "k" });
    }
    await toldOf(10);
    const kept = (await texts()).map(({ body }) => body);
    expect(kept).toEqual(["5", "4", "3", "2"]);
    const { pagePort } = mailbox;
    await mailbox.stop();
    mailbox = await startMailbox({
      pagePort,
      folder: path.join(folder, "mailbox"),
      account: mailboxAccount(env),
      keep: 4,
    });
    expect((await texts()).map(({ body }) => body)).toEqual(kept);
  });
});
