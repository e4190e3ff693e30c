import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../server/config.ts";
import { mailersFrom } from "../index.ts";

describe("the environment chooses who carries mail (FND-15)", () => {
  test("without any setting it is the embedded mailbox", () => {
    const mailers = mailersFrom({});
    expect(mailers.for("any clinic").from).toBe("no-reply@restartix.localhost");
    mailers.close();
  });

  test("SES is chosen by name and needs a region", () => {
    const mailers = mailersFrom({
      EMAIL_PROVIDER: "ses",
      SES_REGION: "eu-central-1",
      EMAIL_FROM: "hello@clinic.test",
    });
    expect(mailers.for("any clinic").from).toBe("hello@clinic.test");
    mailers.close();
    expect(() => mailersFrom({ EMAIL_PROVIDER: "ses" })).toThrow(
      new ConfigError("SES_REGION must be an AWS region."),
    );
  });

  test.each([
    [{ EMAIL_PROVIDER: "pigeon" }, "EMAIL_PROVIDER must be smtp or ses."],
    [{ SMTP_URL: "http://mail.test" }, "SMTP_URL must be an smtp:// or smtps:// URL."],
    [{ EMAIL_FROM: "nobody" }, "EMAIL_FROM must be the address mails come from."],
    [{ APP_MODE: "production" }, "EMAIL_FROM must be the address mails come from."],
    [{ APP_MODE: "production", EMAIL_FROM: "a@b.test" }, "SMTP_URL must be an smtp:// or smtps:// URL."],
  ])("%j is told in one line", (env, line) => {
    expect(() => mailersFrom(env)).toThrow(new ConfigError(line));
  });
});
