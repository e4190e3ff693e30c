import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { CredentialsRefused } from "../../failures.ts";
import { TextDelayed, TextRefused } from "../port.ts";
import { tryTwilio } from "../twilio.ts";
import type { TwilioAccount } from "../twilio_client.ts";
import { badLineCases } from "./twilio_bad_line.cases.ts";
import {
  closeTwilio,
  failureOf,
  key,
  messenger,
  nextText,
  openTwilio,
  takenWith,
  text,
  vendor,
} from "./twilio_texts.ts";

beforeAll(openTwilio);
afterEach(() => vendor.behave("well"));
afterAll(closeTwilio);

describe("a text goes through Twilio's own SDK (FND-15)", () => {
  test("an SMS arrives whole, and the vendor's id comes back", async () => {
    const sent = nextText();
    const { vendorId } = await messenger().send(sent, { key });
    expect(await takenWith(sent.body)).toMatchObject([{ sid: vendorId, to: "+40722123456" }]);
    expect(Object.fromEntries(vendor.forms().at(-1) ?? [])).toEqual({
      To: "+40722123456",
      From: vendor.from,
      Body: sent.body,
    });
  });

  test("a Messaging Service chooses the sender, and Twilio is told where to report", async () => {
    const statusCallback = "http://127.0.0.1:9/v1/webhooks/twilio";
    const { messagingServiceSid } = vendor;
    await messenger({ sender: { messagingServiceSid }, statusCallback }).send(nextText(), { key });
    const form = vendor.forms().at(-1);
    expect(form?.get("MessagingServiceSid")).toBe(messagingServiceSid);
    expect(form?.get("StatusCallback")).toBe(statusCallback);
    expect(form?.has("From")).toBe(false);
  });

  test("requests are signed by an API key, or by the account's token where there is none", async () => {
    const { apiKey: _, ...tokenOnly } = vendor.account;
    await expect(messenger({ account: tokenOnly }).send(nextText(), { key })).resolves.toBeDefined();
    await expect(messenger().send(nextText(), { key })).resolves.toBeDefined();
  });

  test("WhatsApp outside a conversation: the approved template, with its numbered variables and no free text", async () => {
    const template = { id: "HX0123456789abcdef0123456789abcdef", variables: { "1": "Ștefan", "2": "10:00" } };
    await messenger({ channel: "whatsapp" }).send({ ...text, template }, { key });
    const form = vendor.forms().at(-1);
    expect(form?.get("To")).toBe("whatsapp:+40722123456");
    expect(form?.get("From")).toBe(`whatsapp:${vendor.from}`);
    expect(form?.get("ContentSid")).toBe(template.id);
    expect(JSON.parse(form?.get("ContentVariables") ?? "")).toEqual(template.variables);
    expect(form?.has("Body")).toBe(false);
  });

  test("WhatsApp within a conversation, and SMS always: the text itself", async () => {
    const sent = nextText();
    await messenger({ channel: "whatsapp" }).send(sent, { key });
    expect(vendor.forms().at(-1)?.get("Body")).toBe(sent.body);
    expect(vendor.forms().at(-1)?.has("ContentSid")).toBe(false);
    const template = { id: "HX0123456789abcdef0123456789abcdef", variables: {} };
    await messenger().send({ ...sent, template }, { key });
    expect(vendor.forms().at(-1)?.get("Body")).toBe(sent.body);
    expect(vendor.forms().at(-1)?.has("ContentSid")).toBe(false);
  });
});

describe("an answer of Twilio is read for what it says (FND-15)", () => {
  test.each([
    [400, 21211, TextRefused, true],
    [400, 21614, TextRefused, true],
    [400, 21610, TextRefused, true],
    [400, 63024, TextRefused, true],
    [400, 21617, TextRefused, false],
    [400, 63016, TextRefused, false],
    [401, 20003, CredentialsRefused, undefined],
    [404, 20404, CredentialsRefused, undefined],
    [403, 20005, CredentialsRefused, undefined],
    [429, 20429, TextDelayed, undefined],
    [400, 21408, TextDelayed, undefined],
    [400, 21606, TextDelayed, undefined],
    [400, 99999, TextDelayed, undefined],
    [500, 20500, TextDelayed, undefined],
    [503, undefined, TextDelayed, undefined],
  ] as const)("%i with code %s", async (status, code, kind, dead) => {
    const sent = nextText();
    vendor.behave({ status, ...(code && { code }) });
    const error = await failureOf(messenger().send(sent, { key }));
    expect(error).toBeInstanceOf(kind);
    expect((error as TextRefused).numberIsDead).toBe(dead);
    // A STOP is a person's wish, and is told by its name.
    const reason = code ? `twilio ${code}` : `twilio HTTP ${status}`;
    expect(error?.message).toBe(code === 21610 ? "opted_out" : reason);
    expect(await takenWith(sent.body)).toEqual([]);
  });

  test("a sender that is not ours delays the text: somebody can set it up", async () => {
    const error = await failureOf(messenger({ sender: { from: "+40311111111" } }).send(nextText(), { key }));
    expect(error).toEqual(new TextDelayed("twilio 21606"));
  });

  test("an account that does not take us is told apart from a bad text", async () => {
    const wrong = { ...vendor.account, apiKey: { ...vendor.account.apiKey, sid: "SKx", secret: "wrong" } };
    const error = await failureOf(messenger({ account: wrong }).send(nextText(), { key }));
    expect(error).toEqual(new CredentialsRefused("twilio 20003"));
  });
});

describe("what Twilio says in words of its own (FND-15, FND-23)", () => {
  /** A server that answers so, to a question and to a text. */
  const against = async <T>(
    answers: Record<string, unknown>,
    use: (account: TwilioAccount) => Promise<T>,
  ) => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.method ?? "");
      request.resume();
      response
        .writeHead(request.method && request.method in answers ? 200 : 503, {
          "content-type": "application/json",
          date: new Date().toUTCString(),
        })
        .end(JSON.stringify(answers[request.method ?? ""] ?? {}));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const outcome = await use({ ...vendor.account, apiUrl }).catch((error: unknown) => error);
    server.closeAllConnections();
    server.close();
    return { outcome, asked };
  };

  test("an account that is active is well, one that is suspended or closed refuses us", async () => {
    const trying = (status: string) => against({ GET: { status } }, (account) => tryTwilio(account));
    expect((await trying("active")).outcome).toBeUndefined();
    for (const status of ["suspended", "closed"]) {
      expect((await trying(status)).outcome).toEqual(
        new CredentialsRefused("twilio: the account is not active"),
      );
    }
  });

  test("an answer without an id delays the text, unless the account's list has it", async () => {
    const sent = nextText();
    const created = new Date().toUTCString();
    const listed = (changes: object) =>
      against(
        {
          POST: {},
          GET: {
            messages: [
              { sid: "SM1", body: sent.body, direction: "outbound-api", date_created: created, ...changes },
            ],
          },
        },
        (account) => messenger({ account }).send(sent, { key }),
      );
    expect((await listed({})).outcome).toEqual({ vendorId: "SM1" });
    for (const other of [
      { direction: "inbound" },
      { body: "another" },
      { date_created: new Date(Date.now() - 60_000).toUTCString() },
    ]) {
      expect((await listed(other)).outcome).toEqual(new TextDelayed("twilio answered without a message id"));
    }
    // Where the list cannot be read either, that is all: a rejection that nobody waits for would end the worker.
    const unawaited: unknown[] = [];
    const note = (reason: unknown) => unawaited.push(reason);
    process.on("unhandledRejection", note);
    const unread = await against({ POST: {} }, (account) => messenger({ account }).send(sent, { key }));
    await new Promise(setImmediate);
    process.off("unhandledRejection", note);
    expect(unread).toEqual({
      outcome: new TextDelayed("twilio answered without a message id"),
      asked: ["POST", "GET"],
    });
    expect(unawaited).toEqual([]);
    // Texts by template cannot be told apart there, so nobody looks.
    const template = { id: "HX0123456789abcdef0123456789abcdef", variables: {} };
    const { asked } = await against({ POST: {}, GET: { messages: [] } }, (account) =>
      messenger({ account, channel: "whatsapp" }).send({ ...text, template }, { key }),
    );
    expect(asked).toEqual(["POST"]);
  });
});

badLineCases();
