import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConfigError } from "../../../runtime/config_error.ts";
import { CredentialsRefused } from "../../failures.ts";
import type { ResolvedProvider } from "../../resolve.ts";
import { ownTwilio, platformTexts, textMessengersFrom } from "../index.ts";
import { TextRefused } from "../port.ts";
import { startTwilio, type TwilioVendor } from "./twilio_vendor.ts";

const dataDir = mkdtempSync(path.join(tmpdir(), "texts-"));
let vendor: TwilioVendor;
beforeAll(async () => {
  vendor = await startTwilio();
});
afterAll(async () => {
  await vendor.stop();
  rmSync(dataDir, { recursive: true });
});

const clinic = "0190c0de-0000-7000-8000-00000000000c";
const integrationId = "0190c0de-0000-7000-8000-00000000000d";
const text = { to: "+40722123456", body: "Bună ziua!" };
const key = "k";

const platformEnv = () => ({
  DATA_DIR: dataDir,
  PUBLIC_URL: "https://api.clinic.test/",
  TWILIO_ACCOUNT_SID: vendor.account.accountSid,
  TWILIO_AUTH_TOKEN: vendor.account.authToken,
  TWILIO_SMS_FROM: vendor.from,
  TWILIO_API_URL: vendor.account.apiUrl,
});
const resolved = (changes: Partial<ResolvedProvider>) => async () => ({
  provider: "twilio",
  settings: {},
  credentials: null,
  integrationId: null,
  ...changes,
});
const last = () => vendor.forms().at(-1);

describe("the environment chooses the platform's account (FND-15)", () => {
  test("without any setting it is the embedded mailbox, with a token that only its owner reads", () => {
    const platform = platformTexts({ DATA_DIR: dataDir, MAILBOX_PORT: "4999" });
    expect(platform?.account.apiUrl).toBe("http://127.0.0.1:4999");
    expect(platform?.account.authToken).toMatch(/^[0-9a-f]{32}$/);
    expect(platformTexts({ DATA_DIR: dataDir })?.account.authToken).toBe(platform?.account.authToken);
    expect(statSync(path.join(dataDir, "keys", "outbox_auth_token")).mode & 0o777).toBe(0o600);
  });

  test("production without an account refuses every text and says why", async () => {
    const messenger = await textMessengersFrom({ APP_MODE: "production" }).for(clinic, "sms");
    await expect(messenger.send(text, { key })).rejects.toEqual(new TextRefused("sms: no sender is set up"));
  });

  test("Twilio is told to report to the platform's webhook", async () => {
    const messenger = await textMessengersFrom(platformEnv()).for(clinic, "sms");
    await messenger.send(text, { key });
    expect(last()?.get("StatusCallback")).toBe("https://api.clinic.test/v1/webhooks/twilio");
  });

  test("a channel without a sender is refused, the other goes on", async () => {
    const messengers = textMessengersFrom(platformEnv());
    await expect((await messengers.for(clinic, "whatsapp")).send(text, { key })).rejects.toBeInstanceOf(
      TextRefused,
    );
    await expect((await messengers.for(clinic, "sms")).send(text, { key })).resolves.toBeDefined();
  });

  test.each([
    [{ TWILIO_ACCOUNT_SID: "nonsense" }, "TWILIO_ACCOUNT_SID must be an account SID (AC…)."],
    [{ TWILIO_AUTH_TOKEN: "0".repeat(15) }, "TWILIO_AUTH_TOKEN must be the account's auth token."],
    [
      { TWILIO_API_KEY_SID: `SK${"0".repeat(32)}`, TWILIO_API_KEY_SECRET: "0".repeat(15) },
      "TWILIO_API_KEY_SECRET must be the secret of TWILIO_API_KEY_SID.",
    ],
    [
      { TWILIO_MESSAGING_SERVICE_SID: "nonsense" },
      "TWILIO_MESSAGING_SERVICE_SID must be a Messaging Service SID (MG…).",
    ],
    [{ TWILIO_WHATSAPP_FROM: "ATLAS" }, "TWILIO_WHATSAPP_FROM must be a number such as +40312345678."],
    [
      { APP_MODE: "production", TWILIO_API_URL: "http://127.0.0.1:9" },
      "TWILIO_API_URL must be an https URL.",
    ],
    [{ TWILIO_AUTH_TOKEN: "" }, "TWILIO_AUTH_TOKEN must be the account's auth token."],
    [{ TWILIO_API_KEY_SID: "nonsense" }, "TWILIO_API_KEY_SID must be an API key SID (SK…)."],
    [
      { TWILIO_API_KEY_SID: `SK${"0".repeat(32)}` },
      "TWILIO_API_KEY_SECRET must be the secret of TWILIO_API_KEY_SID.",
    ],
    [{ TWILIO_SMS_FROM: "<script>" }, "TWILIO_SMS_FROM must be a sender's number or name."],
    [
      { TWILIO_SMS_FROM: "" },
      "TWILIO_SMS_FROM must be a sender's number or name, or set TWILIO_MESSAGING_SERVICE_SID or TWILIO_WHATSAPP_FROM.",
    ],
    [
      { APP_MODE: "production", PUBLIC_URL: "http://api.clinic.test", TWILIO_API_URL: "" },
      "PUBLIC_URL must be the https URL under which vendors reach the API.",
    ],
    [{ APP_MODE: "production" }, "TWILIO_API_URL must be an https URL."],
  ])("%j is told in one line", (changes, line) => {
    expect(() => textMessengersFrom({ ...platformEnv(), ...changes })).toThrow(new ConfigError(line));
  });
});

describe("the platform's account is what the environment says (FND-15)", () => {
  const account = { TWILIO_ACCOUNT_SID: `AC${"1".repeat(32)}`, TWILIO_AUTH_TOKEN: "t".repeat(16) };
  const service = `MG${"2".repeat(32)}`;
  test.each([
    [{ TWILIO_SMS_FROM: "ATLAS" }, { sms: { from: "ATLAS" } }],
    [{ TWILIO_WHATSAPP_FROM: "+40312345678" }, { whatsapp: { from: "+40312345678" } }],
    [
      { TWILIO_MESSAGING_SERVICE_SID: service, TWILIO_SMS_FROM: "ATLAS" },
      { sms: { messagingServiceSid: service } },
    ],
    [
      { TWILIO_SMS_FROM: "ATLAS", TWILIO_WHATSAPP_FROM: "+40312345678" },
      { sms: { from: "ATLAS" }, whatsapp: { from: "+40312345678" } },
    ],
  ])("%j", (env, senders) => {
    expect(platformTexts({ APP_MODE: "production", ...account, ...env })).toEqual({
      account: { accountSid: account.TWILIO_ACCOUNT_SID, authToken: account.TWILIO_AUTH_TOKEN },
      senders,
    });
  });

  test("with a key that signs instead of its token, at another server where one is named", () => {
    const apiKey = { sid: `SK${"3".repeat(32)}`, secret: "s".repeat(16) };
    const platform = platformTexts({
      APP_MODE: "production",
      ...account,
      TWILIO_SMS_FROM: "ATLAS",
      TWILIO_API_KEY_SID: apiKey.sid,
      TWILIO_API_KEY_SECRET: apiKey.secret,
      TWILIO_API_URL: "https://twilio.example",
    });
    expect(platform?.account).toMatchObject({ apiKey, apiUrl: "https://twilio.example" });
  });
});

describe("a clinic texts as itself (FND-15, FND-22)", () => {
  test("with its own sender in the platform's account", async () => {
    const resolve = resolved({ settings: { messagingServiceSid: vendor.messagingServiceSid } });
    await (await textMessengersFrom(platformEnv(), resolve).for(clinic, "sms")).send(text, { key });
    expect(last()?.get("MessagingServiceSid")).toBe(vendor.messagingServiceSid);
  });

  test("with its own account, which reports to the integration's own webhook", async () => {
    const { accountSid, authToken } = vendor.account;
    const env = { ...platformEnv(), TWILIO_AUTH_TOKEN: "0".repeat(32) }; // the platform's would be refused
    const credentials = { accountSid, authToken };
    const resolve = resolved({ credentials, settings: { smsSender: vendor.from }, integrationId });
    await (await textMessengersFrom(env, resolve).for(clinic, "sms")).send(text, { key });
    expect(last()?.get("StatusCallback")).toBe(`https://api.clinic.test/v1/webhooks/twilio/${integrationId}`);
  });

  test("never with the platform's sender in its own account", async () => {
    const { accountSid, authToken } = vendor.account;
    const resolve = resolved({ credentials: { accountSid, authToken }, integrationId });
    const messenger = await textMessengersFrom(platformEnv(), resolve).for(clinic, "sms");
    await expect(messenger.send(text, { key })).rejects.toEqual(new TextRefused("sms: no sender is set up"));
  });

  test("an account without its token counts as credentials that are refused", async () => {
    const resolve = resolved({ credentials: { accountSid: vendor.account.accountSid }, integrationId });
    await expect(textMessengersFrom(platformEnv(), resolve).for(clinic, "sms")).rejects.toBeInstanceOf(
      CredentialsRefused,
    );
  });

  test("in WhatsApp by its own number, and by none where it has none", async () => {
    const { accountSid, authToken } = vendor.account;
    const send = async (settings: object) => {
      const resolve = resolved({
        credentials: { accountSid, authToken },
        settings: { ...settings },
        integrationId,
      });
      return (await textMessengersFrom(platformEnv(), resolve).for(clinic, "whatsapp")).send(text, { key });
    };
    await send({ whatsappSender: vendor.from, smsSender: "ATLAS" });
    expect(last()?.get("From")).toBe(`whatsapp:${vendor.from}`);
    for (const settings of [{ smsSender: "ATLAS" }, { messagingServiceSid: vendor.messagingServiceSid }]) {
      await expect(send(settings)).rejects.toEqual(new TextRefused("whatsapp: no sender is set up"));
    }
  });

  test("by the account of a vendor that has an adapter, and the use of it is noted", async () => {
    const noted: (string | null)[] = [];
    const { accountSid, authToken } = vendor.account;
    const own = {
      credentials: { accountSid, authToken },
      settings: { smsSender: vendor.from },
      integrationId,
    };
    const messengerOf = (changes: Partial<ResolvedProvider>) =>
      textMessengersFrom(platformEnv(), resolved({ ...own, ...changes }), (id, use) => {
        noted.push(id);
        return use;
      }).for(clinic, "sms");
    const messenger = await messengerOf({});
    expect(messenger.integrationId).toBe(integrationId);
    await messenger.send(text, { key });
    expect(noted).toEqual([integrationId]);
    await expect((await messengerOf({ provider: "pigeon" })).send(text, { key })).rejects.toEqual(
      new TextRefused("sms: there is no adapter for pigeon"),
    );
    const platform = { provider: "pigeon", credentials: null, integrationId: null };
    await expect((await messengerOf(platform)).send(text, { key })).resolves.toBeDefined();
  });

  test.each([
    [{ authToken: "x" }, true],
    [{ authToken: "" }, false],
    [{ accountSid: "AC1" }, false],
  ])("keys %j are whole: %s", (changes, whole) => {
    const keys = { accountSid: vendor.account.accountSid, authToken: "t", ...changes };
    if (whole) expect(ownTwilio(keys, {})).toEqual(keys);
    else expect(() => ownTwilio(keys, {})).toThrow(CredentialsRefused);
  });
});
