import dns from "node:dns";
import { once } from "node:events";
import { createServer } from "node:http";
import { syncBuiltinESMExports } from "node:module";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { CredentialsRefused } from "../../failures.ts";
import { TextDelayed, TextRefused } from "../port.ts";
import { type TwilioSettings, tryTwilio, twilioMessenger } from "../twilio.ts";
import type { TwilioAccount } from "../twilio_client.ts";
import { startTwilio, type TwilioVendor } from "./twilio_vendor.ts";

let vendor: TwilioVendor;
beforeAll(async () => {
  vendor = await startTwilio();
});
afterEach(() => vendor.behave("well"));
afterAll(() => vendor.stop());

const text = { to: "+40722123456", body: "Bună ziua, Ștefan: vă așteptăm marți, 9 martie, ora 10:00." };
const key = "0190c0de-0000-7000-8000-000000000001";
let letters = 0;
/** No two tests send the same text, so that each is found by it. */
const nextText = () => ({ ...text, body: `${text.body} (${++letters})` });

function messenger(changes: Partial<TwilioSettings> = {}) {
  return twilioMessenger({
    channel: "sms",
    account: vendor.account,
    sender: { from: vendor.from },
    timeoutMs: 2_000,
    ...changes,
  });
}

const failureOf = (sending: Promise<unknown>) =>
  sending.then(
    () => undefined,
    (error: unknown) => error as Error,
  );
const takenWith = async (body: string) => (await vendor.taken()).filter((taken) => taken.body === body);

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
        .writeHead(200, { "content-type": "application/json", date: new Date().toUTCString() })
        .end(JSON.stringify(answers[request.method ?? ""]));
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
    // Texts by template cannot be told apart there, so nobody looks.
    const template = { id: "HX0123456789abcdef0123456789abcdef", variables: {} };
    const { asked } = await against({ POST: {}, GET: { messages: [] } }, (account) =>
      messenger({ account, channel: "whatsapp" }).send({ ...text, template }, { key }),
    );
    expect(asked).toEqual(["POST"]);
  });
});

describe("what a bad line does to a text (FND-15, quality: Faults)", () => {
  test.each(["hangs up", "is broken"] as const)(
    "Twilio %s: it is delayed, and nothing was sent",
    async (how) => {
      const sent = nextText();
      vendor.behave(how);
      expect(await failureOf(messenger().send(sent, { key }))).toBeInstanceOf(TextDelayed);
      expect(await takenWith(sent.body)).toEqual([]);
    },
  );

  test.each(["hangs up after", "is silent after", "is broken after"] as const)(
    "Twilio %s taking the text: it is found in the account's list and not sent again",
    async (how) => {
      const sent = nextText();
      vendor.behave(how);
      const { vendorId } = await messenger({ timeoutMs: 500 }).send(sent, { key });
      expect(await takenWith(sent.body)).toMatchObject([{ sid: vendorId }]);
    },
  );

  test("an older text of the same words is not mistaken for one whose line was cut", async () => {
    const sent = nextText();
    await messenger().send(sent, { key });
    await new Promise((resolve) => setTimeout(resolve, 3_100));
    vendor.behave("hangs up");
    expect(await failureOf(messenger().send(sent, { key }))).toBeInstanceOf(TextDelayed);
  });

  test.each([
    [400, 21610, false],
    [400, 21211, false],
    [400, 21617, false],
    [401, 20003, false],
    [400, 21408, false],
    [499, undefined, false],
    [500, undefined, true],
    [399, undefined, true],
  ])("%i with code %j: whether the text was taken is not known: %s", async (status, code, unknown) => {
    const sent = nextText();
    // One of the same words, of this moment: it is what is found by whoever looks.
    const { vendorId } = await messenger().send(sent, { key });
    vendor.behave({ status, ...(code && { code }) });
    const outcome = await messenger()
      .send(sent, { key })
      .catch(() => "not taken");
    expect(outcome).toEqual(unknown ? { vendorId } : "not taken");
  });

  /** A name server that answers with this error once, and then with this machine. */
  const failingOnce = async <T>(code: string, use: (asked: string[]) => Promise<T>) => {
    const asked: string[] = [];
    const { lookup } = dns;
    dns.lookup = ((name: string, _: unknown, callback: (error: unknown, found?: unknown) => void) => {
      asked.push(name);
      if (asked.length === 1) callback(Object.assign(new Error("lookup"), { code }));
      else callback(null, [{ address: "127.0.0.1", family: 4 }]);
    }) as unknown as typeof lookup;
    syncBuiltinESMExports();
    try {
      return await use(asked);
    } finally {
      dns.lookup = lookup;
      syncBuiltinESMExports();
    }
  };

  test.each([
    ["ECONNREFUSED", "twilio ECONNREFUSED"],
    ["ENOTFOUND", "twilio ENOTFOUND"],
    ["EAI_AGAIN", "twilio EAI_AGAIN"],
    ["EHOSTUNREACH", "twilio EHOSTUNREACH"],
    ["ENETUNREACH", "twilio ENETUNREACH"],
    ["of +40722123456", "twilio no answer"],
  ])("%s: what never left is not mistaken for another text of its words", async (code, reason) => {
    const sent = nextText();
    const { vendorId } = await messenger().send(sent, { key });
    const apiUrl = vendor.account.apiUrl?.replace("127.0.0.1", "vendor.test") ?? "";
    const sending = failingOnce(code, (asked) =>
      messenger({ account: { ...vendor.account, apiUrl } })
        .send(sent, { key })
        .catch((error: unknown) => error)
        .then((outcome) => ({ outcome, asked: asked.length })),
    );
    // Of an error that says nothing it is not known, so the list is asked.
    expect(await sending).toEqual(
      reason === "twilio no answer"
        ? { outcome: { vendorId }, asked: 2 }
        : { outcome: new TextDelayed(reason), asked: 1 },
    );
  });

  test("a code is told only where it is one, and Twilio itself is asked where no other server is named", async () => {
    const { apiUrl: _, ...account } = vendor.account;
    vi.stubEnv("HTTP_PROXY", "http://127.0.0.1:9"); // which the SDK would ask instead
    await failingOnce("of +40722123456", async (asked) => {
      await expect(tryTwilio(account)).rejects.toEqual(new TextDelayed("twilio no answer"));
      expect(asked).toEqual(["api.twilio.com"]);
    });
    vi.unstubAllEnvs();
  });

  test("neither a proxy of the environment nor another address in an answer is gone to", async () => {
    for (const name of ["HTTP_PROXY", "http_proxy"]) vi.stubEnv(name, "http://127.0.0.1:9");
    for (const name of ["NO_PROXY", "no_proxy"]) vi.stubEnv(name, "");
    const elsewhere = createServer((request, response) => {
      reached.push(request.url);
      response.end("{}");
    }).listen(0, "127.0.0.1");
    const reached: unknown[] = [];
    await once(elsewhere, "listening");
    const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
    try {
      await expect(messenger().send(nextText(), { key })).resolves.toBeDefined();
      vendor.behave({ status: 307, location });
      expect(await failureOf(messenger().send(nextText(), { key }))).toEqual(
        new TextDelayed("twilio HTTP 307"),
      );
      expect(reached).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
      elsewhere.closeAllConnections();
      elsewhere.close();
    }
  });

  test("nobody there: it is delayed at once", async () => {
    const account = { ...vendor.account, apiUrl: "http://127.0.0.1:9" };
    expect(await failureOf(messenger({ account }).send(nextText(), { key }))).toEqual(
      new TextDelayed("twilio ECONNREFUSED"),
    );
  });

  test("an answer that trickles in without end is given up in time", async () => {
    vendor.behave("trickles");
    const begun = performance.now();
    const template = { id: "HX0123456789abcdef0123456789abcdef", variables: {} };
    const sending = messenger({ channel: "whatsapp", timeoutMs: 300 }).send({ ...text, template }, { key });
    expect(await failureOf(sending)).toBeInstanceOf(TextDelayed);
    expect(performance.now() - begun).toBeLessThan(1_500);
  });

  test("no number, text, token or key stands in what is thrown, and nothing is printed (FND-28)", async () => {
    vi.stubEnv("TWILIO_LOG_LEVEL", "debug"); // with it the SDK prints requests
    const printed = (["log", "warn", "error", "info", "debug"] as const).map((level) =>
      vi.spyOn(console, level),
    );
    const { accountSid, authToken, apiKey } = vendor.account;
    const secrets = [text.to.slice(1), "Ștefan", authToken, apiKey?.secret ?? "", accountSid];
    const failures = [];
    for (const how of [
      { status: 400, code: 21211 },
      { status: 401, code: 20003 },
      "hangs up",
      "is broken",
    ] as const) {
      vendor.behave(how);
      failures.push(await failureOf(messenger().send(nextText(), { key })));
    }
    const account = { ...vendor.account, apiUrl: "http://127.0.0.1:9" };
    failures.push(await failureOf(messenger({ account }).send(nextText(), { key })));
    const seen = inspect(failures, { depth: 20, showHidden: true });
    expect(failures).toHaveLength(5);
    for (const secret of secrets) expect(seen).not.toContain(secret);
    for (const level of printed) expect(level).not.toHaveBeenCalled();
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });
});
