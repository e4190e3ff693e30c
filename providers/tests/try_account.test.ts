import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SmtpVendor, startSmtpVendor } from "../email/tests/smtp_vendor.ts";
import { startTwilio, type TwilioVendor } from "../sms/tests/twilio_vendor.ts";
import { tryMessageAccount } from "../try_account.ts";

let twilio: TwilioVendor;
let smtp: SmtpVendor;
beforeAll(async () => {
  [twilio, smtp] = await Promise.all([startTwilio(), startSmtpVendor()]);
});
afterAll(() => Promise.all([twilio.stop(), smtp.stop()]));

const ofTwilio = (changes: Record<string, string> = {}, TWILIO_API_URL = twilio.account.apiUrl ?? "") => {
  const { accountSid, authToken } = twilio.account;
  const credentials = { accountSid, authToken, ...changes };
  return tryMessageAccount({ TWILIO_API_URL }, { provider: "twilio", settings: {}, credentials });
};

describe("a clinic's account is tried before it is used (FND-15, FND-23)", () => {
  test("Twilio takes it, and nothing was sent", async () => {
    expect(await ofTwilio()).toBeNull();
    expect(await twilio.taken()).toEqual([]);
  });

  test("Twilio refuses a wrong token, another account's, and one that is not whole", async () => {
    expect(await ofTwilio({ authToken: "wrong" })).toBe("credentials_refused");
    expect(await ofTwilio({ accountSid: `AC${"f".repeat(32)}` })).toBe("credentials_refused");
    expect(await ofTwilio({ accountSid: "nonsense" })).toBe("credentials_refused");
  });

  test("a vendor that cannot be reached says nothing about the account", async () => {
    expect(await ofTwilio({}, "http://127.0.0.1:9")).toBe("unreachable");
  });

  test("a mail server that offers no login to an account with one", async () => {
    const account = {
      provider: "smtp",
      settings: { sender: "contact@atlas.test", host: "127.0.0.1", port: smtp.port },
      credentials: { username: "atlas", password: "secret" },
    };
    expect(await tryMessageAccount({}, account)).toBe("credentials_refused");
    expect(await tryMessageAccount({}, { ...account, settings: { ...account.settings, port: 9 } })).toBe(
      "unreachable",
    );
  });

  test.each([
    ["a.example/b", 587, "address_not_allowed"],
    ["ana@mail.example", 587, "address_not_allowed"],
    ["mail .example", 587, "address_not_allowed"],
    ["169.254.169.254", 587, "address_not_allowed"],
    ["mail.example.com", 0, "address_not_allowed"],
    ["mail.example.com", 65_536, "address_not_allowed"],
    ["", 587, "settings_incomplete"],
    ["::1", 9, "unreachable"],
    ["[::1]", 9, "unreachable"],
  ])("where %j at port %j leads nowhere, the keys are not said to be wrong", async (host, port, reason) => {
    const account = {
      provider: "smtp",
      settings: { sender: "contact@atlas.test", host, port },
      credentials: { username: "atlas", password: "secret" },
    };
    expect(await tryMessageAccount({}, account)).toBe(reason);
  });

  test("in production a clinic's mail server is a public one: behind our door nothing is called", async () => {
    let calls = 0;
    const behind = createServer(() => {
      calls += 1;
    }).listen(0, "127.0.0.1");
    await once(behind, "listening");
    const { port } = behind.address() as AddressInfo;
    const credentials = { username: "atlas", password: "secret" };
    for (const host of [
      "127.0.0.1",
      "0x7f.1",
      "127.1",
      "0177.0.0.1",
      "2130706433",
      "localhost",
      "localhost.",
      "10.0.0.1",
      "169.254.169.254",
      "database",
      "localhost.localdomain",
    ]) {
      const settings = { sender: "contact@atlas.test", host, port };
      const account = { provider: "smtp", settings, credentials };
      // What a name leads to inside is nobody's to find out: it is not called, and said to be silent.
      const reason = host === "localhost.localdomain" ? "unreachable" : "address_not_allowed";
      expect(await tryMessageAccount({ APP_MODE: "production" }, account), host).toBe(reason);
    }
    expect(calls).toBe(0);
    behind.close();
  });

  test("SES is asked with the account's keys, and nothing to it stays open", async () => {
    let sockets = 0;
    const amazon = createHttpServer((_, response) => {
      const headers = { "content-type": "application/json", "x-amzn-errortype": "AccessDeniedException" };
      response.writeHead(403, headers).end("{}");
    }).on("connection", (socket) => {
      sockets += 1;
      socket.once("close", () => {
        sockets -= 1;
      });
    });
    amazon.listen(0, "127.0.0.1");
    await once(amazon, "listening");
    const SES_ENDPOINT = `http://127.0.0.1:${(amazon.address() as AddressInfo).port}`;
    const account = {
      provider: "ses",
      settings: { sender: "contact@atlas.test", region: "eu-central-1" },
      credentials: { accessKeyId: "ATLAS", secretAccessKey: "secret" },
    };
    expect(await tryMessageAccount({ SES_ENDPOINT }, account)).toBe("credentials_refused");
    await expect.poll(() => sockets).toBe(0);
    amazon.close();
  });

  test("a vendor that nobody wrote an adapter for", async () => {
    expect(await tryMessageAccount({}, { provider: "pigeon", settings: {}, credentials: {} })).toBe(
      "no_adapter",
    );
  });
});
