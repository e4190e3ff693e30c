import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ConfigError } from "../../../runtime/config_error.ts";
import { CredentialsRefused } from "../../failures.ts";
import type { ResolvedProvider } from "../../resolve.ts";
import { AccountUnfit, MailDelayed, mailersFrom, ownMailer } from "../index.ts";
import { smtpUrl } from "../smtp.ts";
import { mail } from "./mailer_contract.ts";

describe("the environment chooses who carries mail (FND-15)", () => {
  test("without any setting it is the embedded mailbox", async () => {
    const mailers = mailersFrom({});
    expect((await mailers.for("any clinic")).from).toBe("no-reply@restartix.localhost");
    mailers.close();
  });

  test("SES is chosen by name and needs a region", async () => {
    const mailers = mailersFrom({
      EMAIL_PROVIDER: "ses",
      SES_REGION: "eu-central-1",
      EMAIL_FROM: "hello@clinic.test",
    });
    expect((await mailers.for("any clinic")).from).toBe("hello@clinic.test");
    mailers.close();
    expect(() => mailersFrom({ EMAIL_PROVIDER: "ses" })).toThrow(
      new ConfigError("SES_REGION must be an AWS region."),
    );
  });

  test("what belongs to a vendor that was not chosen is not looked at", () => {
    mailersFrom({ EMAIL_PROVIDER: "ses", SES_REGION: "eu-central-1", SMTP_URL: "nonsense" }).close();
    mailersFrom({ SES_REGION: "nonsense" }).close();
  });

  test.each([
    [{ EMAIL_PROVIDER: "pigeon" }, "EMAIL_PROVIDER must be smtp or ses."],
    [{ SMTP_URL: "http://mail.test" }, "SMTP_URL must be an smtp:// or smtps:// URL."],
    [{ EMAIL_FROM: "nobody" }, "EMAIL_FROM must be the address mails come from."],
    [
      { APP_MODE: "production", SMTP_URL: "smtps://mail.test" },
      "EMAIL_FROM must be the address mails come from.",
    ],
    [{ APP_MODE: "production", EMAIL_FROM: "a@b.test" }, "SMTP_URL must be an smtp:// or smtps:// URL."],
  ])("%j is told in one line", (env, line) => {
    expect(() => mailersFrom(env)).toThrow(new ConfigError(line));
  });

  test.each([
    [{ SMTP_URL: "http://mail.test" }, "SMTP_URL must be an smtp:// or smtps:// URL."],
    [{ EMAIL_PROVIDER: "ses" }, "SES_REGION must be an AWS region."],
  ])("with %j everything that is wrong is told at once", (env, line) => {
    expect(() => mailersFrom({ ...env, EMAIL_FROM: "nobody" })).toThrow(
      new ConfigError("EMAIL_FROM must be the address mails come from.", line),
    );
  });
});

describe("a clinic writes as itself (FND-15, FND-22)", () => {
  const own = (changes: Partial<ResolvedProvider>) =>
    mailersFrom({ EMAIL_FROM: "no-reply@platform.test" }, async () => ({
      provider: "smtp",
      settings: {},
      credentials: null,
      integrationId: null,
      ...changes,
    }));

  test("from its own address in the platform's account", async () => {
    const mailers = own({ settings: { sender: "contact@atlas.test" } });
    expect((await mailers.for("clinic")).from).toBe("contact@atlas.test");
    expect(await mailers.for("clinic")).toBe(await mailers.for("clinic"));
    mailers.close();
  });

  test("from its own account", async () => {
    const mailers = own({
      settings: { sender: "contact@atlas.test", host: "mail.atlas.test", port: 587 },
      credentials: { username: "atlas", password: "p@ss/word" },
      integrationId: "0190c0de-0000-7000-8000-00000000000d",
    });
    expect((await mailers.for("clinic")).from).toBe("contact@atlas.test");
    mailers.close();
  });

  test("from the platform's own address it is the platform's mailer", async () => {
    const mailers = mailersFrom({ EMAIL_FROM: "no-reply@platform.test" }, async (_, clinic) => ({
      provider: "smtp",
      settings: clinic === "same" ? { sender: "no-reply@platform.test" } : {},
      credentials: null,
      integrationId: null,
    }));
    expect(await mailers.for("same")).toBe(await mailers.for("none"));
    mailers.close();
  });

  test("a clinic that chose nothing writes from the platform's address", async () => {
    const mailers = own({});
    expect((await mailers.for("clinic")).from).toBe("no-reply@platform.test");
    mailers.close();
  });

  test.each([
    ["ses", { accessKeyId: "AKIA" }],
    ["smtp", { password: "secret" }],
  ])(
    "an account of %s that is not whole counts as credentials that are refused",
    async (provider, credentials) => {
      const mailers = own({ provider, credentials: credentials as unknown as Record<string, string> });
      await expect(mailers.for("clinic")).rejects.toBeInstanceOf(CredentialsRefused);
      mailers.close();
    },
  );
});

describe("what a clinic entered is looked at before it is used (FND-15, FND-23)", () => {
  const keys = { username: "a", password: "b" };
  const server = { sender: "contact@atlas.test", host: "mail.atlas.example", port: 587 };
  const ses = { sender: "contact@atlas.test", region: "eu-central-1" };
  const sesKeys = { accessKeyId: "A", secretAccessKey: "s" };
  const problemOf = (provider: string, settings: object, credentials: Record<string, string>) => {
    try {
      ownMailer({}, { provider, settings: { ...settings }, credentials }).close();
      return null;
    } catch (error) {
      return error instanceof AccountUnfit ? error.reason : (error as Error).name;
    }
  };

  test.each([
    ["smtp", server, keys, null],
    ["smtp", { ...server, port: 1 }, keys, null],
    ["smtp", { ...server, port: 65_535 }, keys, null],
    ["smtp", { ...server, port: 65_536 }, keys, "address_not_allowed"],
    ["smtp", { ...server, port: 0 }, keys, "address_not_allowed"],
    ["smtp", { ...server, host: "m" }, keys, "address_not_allowed"],
    ["smtp", { ...server, host: "mail" }, keys, "address_not_allowed"],
    ["smtp", { ...server, host: "" }, keys, "settings_incomplete"],
    ["smtp", { ...server, sender: "nobody" }, keys, "settings_incomplete"],
    ["smtp", { ...server, sender: "nobody", port: 0 }, keys, "address_not_allowed"],
    ["smtp", { ...server, port: 0 }, { ...keys, password: "" }, "CredentialsRefused"],
    ["smtp", server, { ...keys, username: "" }, "CredentialsRefused"],
    ["ses", ses, sesKeys, null],
    ["ses", { ...ses, region: "nowhere" }, sesKeys, "address_not_allowed"],
    ["ses", { ...ses, sender: "nobody" }, sesKeys, "settings_incomplete"],
    ["ses", ses, { ...sesKeys, accessKeyId: "" }, "CredentialsRefused"],
    ["ses", ses, { ...sesKeys, secretAccessKey: "" }, "CredentialsRefused"],
    ["pigeon", {}, {}, "MailDelayed"],
  ] as const)("%s at %j", (provider, settings, credentials, problem) => {
    expect(problemOf(provider, settings, credentials)).toBe(problem);
  });

  test("its server is spoken to by TLS from the start on port 465, by any form of its name", () => {
    const login = { username: "atlas", password: "p@ss/word" };
    expect(smtpUrl({ host: "Mail.Atlas.Example.", port: 465, ...login })).toBe(
      "smtps://atlas:p%40ss%2Fword@mail.atlas.example:465",
    );
    for (const host of ["::1", "[::1]"]) {
      expect(smtpUrl({ host, port: 587, ...login })).toBe("smtp://atlas:p%40ss%2Fword@[::1]:587");
    }
  });
});

describe("SES is asked as the account says (FND-15, FND-23)", () => {
  const asked: { authorization: string; mail: Record<string, unknown> }[] = [];
  let sockets = 0;
  const amazon = createServer(async (request, response) => {
    asked.push({
      authorization: request.headers.authorization ?? "",
      mail: (await json(request)) as Record<string, unknown>,
    });
    response.writeHead(200, { "content-type": "application/json" }).end('{"MessageId": "taken"}');
  }).on("connection", (socket) => {
    sockets += 1;
    socket.once("close", () => {
      sockets -= 1;
    });
  });
  let endpoint: string;
  beforeAll(async () => {
    amazon.listen(0, "127.0.0.1");
    await once(amazon, "listening");
    endpoint = `http://127.0.0.1:${(amazon.address() as AddressInfo).port}`;
    vi.stubEnv("AWS_ACCESS_KEY_ID", "PLATFORM");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "of the platform");
  });
  beforeEach(() => {
    asked.length = 0;
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    amazon.closeAllConnections();
    amazon.close();
  });
  const env = (changes: object = {}) => ({
    EMAIL_PROVIDER: "ses",
    SES_REGION: "eu-central-1",
    SES_ENDPOINT: endpoint,
    EMAIL_FROM: "no-reply@platform.test",
    ...changes,
  });

  test("by the platform's keys, and with its set of reports where it has one", async () => {
    for (const configurationSet of ["reports", ""]) {
      const mailers = mailersFrom(env({ SES_CONFIGURATION_SET: configurationSet }));
      await (await mailers.for("clinic")).send(mail, { key: "k" });
      mailers.close();
    }
    expect(asked.map(({ mail: { ConfigurationSetName } }) => ConfigurationSetName)).toEqual([
      "reports",
      undefined,
    ]);
    expect(asked[0]?.authorization).toContain("Credential=PLATFORM/");
    expect(asked[0]?.authorization).toContain("/eu-central-1/ses/");
  });

  test.each(["reports", "", undefined])(
    "by the clinic's own keys, in its region, with its set %s, and its use is noted",
    async (configurationSet) => {
      const noted: (string | null)[] = [];
      const mailers = mailersFrom(
        env(),
        async () => ({
          provider: "ses",
          settings: {
            sender: "contact@atlas.test",
            region: "eu-west-1",
            configurationSet,
          },
          credentials: { accessKeyId: "ATLAS", secretAccessKey: "of atlas" },
          integrationId: "atlas",
        }),
        (integrationId, use) => {
          noted.push(integrationId);
          return use;
        },
      );
      const mailer = await mailers.for("clinic");
      expect(mailer.integrationId).toBe("atlas");
      expect(await mailer.send(mail, { key: "k" })).toEqual({ vendorId: "taken" });
      expect(noted).toEqual(["atlas"]);
      mailers.close();
      expect(asked[0]?.authorization).toContain("Credential=ATLAS/");
      expect(asked[0]?.authorization).toContain("/eu-west-1/ses/");
      expect(asked[0]?.mail).toMatchObject({ FromEmailAddress: "contact@atlas.test" });
      expect(asked[0]?.mail.ConfigurationSetName).toBe(configurationSet || undefined);
    },
  );

  test("what was opened to it stays open between mails, and is closed in the end", async () => {
    const mailers = mailersFrom(env(), async (_, clinic) => ({
      provider: "ses",
      settings: clinic === "own" ? { sender: "contact@atlas.test" } : {},
      credentials: null,
      integrationId: null,
    }));
    for (const clinic of ["own", "own", "none", "none"]) {
      await (await mailers.for(clinic)).send(mail, { key: "k" });
    }
    expect(sockets).toBe(2);
    mailers.close();
    await expect.poll(() => sockets).toBe(0);
  });

  test("an address of it that is no URL is told in one line", () => {
    expect(() => mailersFrom(env({ SES_ENDPOINT: "amazon" }))).toThrow(
      new ConfigError("SES_ENDPOINT must be a URL."),
    );
  });

  test("a vendor that nobody wrote an adapter for delays the mail", () => {
    expect(() => ownMailer({}, { provider: "pigeon", settings: {}, credentials: {} })).toThrow(
      new MailDelayed("email: there is no adapter for pigeon"),
    );
  });
});
