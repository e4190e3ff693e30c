import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../server/config.ts";
import { CredentialsRefused } from "../../failures.ts";
import type { ResolvedProvider } from "../../resolve.ts";
import { mailersFrom } from "../index.ts";

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
