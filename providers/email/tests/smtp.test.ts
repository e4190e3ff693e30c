import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MailDelayed, MailRefused } from "../port.ts";
import { smtpMailer } from "../smtp.ts";
import { mail, mailerContract } from "./mailer_contract.ts";
import { type SmtpVendor, startSmtpVendor } from "./smtp_vendor.ts";

mailerContract("smtp", startSmtpVendor);

describe("an SMTP answer is read for what it says (FND-15)", () => {
  let vendor: SmtpVendor;
  beforeAll(async () => {
    vendor = await startSmtpVendor();
  });
  afterAll(() => vendor.stop());
  const send = () =>
    vendor.mailer.send(mail, { key: "k" }).then(
      () => undefined,
      (error: unknown) => error,
    );

  test.each([
    ["550 5.1.1 no such user", MailRefused, true],
    ["550 5.1.10 null MX", MailRefused, true],
    ["550 5.7.1 blocked by policy", MailRefused, false],
    ["552 5.2.2 mailbox full", MailRefused, false],
    ["554 transaction failed", MailRefused, false],
    ["451 4.7.1 greylisted", MailDelayed, undefined],
    ["452 4.2.2 mailbox full for now", MailDelayed, undefined],
    ["421 4.3.2 shutting down", MailDelayed, undefined],
  ] as const)("%s", async (answer, kind, addressIsDead) => {
    vendor.answerRecipient({ responseCode: Number(answer.slice(0, 3)), message: answer.slice(4) });
    const error = await send();
    expect(error).toBeInstanceOf(kind);
    expect((error as MailRefused).addressIsDead).toBe(addressIsDead);
  });

  test("mail leaves this machine encrypted or not at all", async () => {
    // The vendor offers no STARTTLS; under any name but loopback the mailer insists on it.
    const remote = smtpMailer({
      url: `smtp://127.0.0.2:${vendor.port}`,
      from: "no-reply@restartix.test",
      timeoutMs: 2_000,
    });
    await expect(remote.send(mail, { key: "k" })).rejects.toBeInstanceOf(MailDelayed);
    remote.close();
  });
});
