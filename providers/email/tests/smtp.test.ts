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
    // The vendor offers no STARTTLS and would take the mail; under any name but this machine's the mailer insists on it.
    vendor.behave("well");
    const before = (await vendor.taken()).length;
    const to = (url: string) =>
      smtpMailer({
        url,
        from: "no-reply@restartix.test",
        timeoutMs: 2_000,
        outbound: { reach: "anywhere", resolve: async () => [{ address: "127.0.0.1", family: 4 }] },
      });
    const remote = to(`smtp://mail.atlas.example:${vendor.port}`);
    await expect(remote.send(mail, { key: "k" })).rejects.toThrow("smtp ETLS");
    await expect(remote.check()).resolves.toMatchObject({ reason: "unreachable" });
    remote.close();
    expect(await vendor.taken()).toHaveLength(before);
    const here = to(`smtp://localhost:${vendor.port}`);
    await expect(here.send(mail, { key: "k" })).resolves.toBeDefined();
    here.close();
  });
});

describe("a server that somebody else chose is reached by the address that was looked at (FND-15)", () => {
  let vendor: SmtpVendor;
  beforeAll(async () => {
    vendor = await startSmtpVendor();
  });
  afterAll(() => vendor.stop());
  const mailerTo = (addresses: string[], loopback: boolean) =>
    smtpMailer({
      url: `smtp://${loopback ? "localhost" : "mail.atlas.example"}:${vendor.port}`,
      from: "contact@atlas.test",
      timeoutMs: 2_000,
      outbound: {
        reach: loopback ? "here" : "public",
        resolve: async () => addresses.map((address) => ({ address, family: 4 })),
      },
    });

  test("a mail goes there", async () => {
    const mailer = mailerTo(["127.0.0.1"], true);
    await expect(mailer.send(mail, { key: "reached" })).resolves.toBeDefined();
    expect(String((await vendor.taken()).at(-1))).toContain("<reached@atlas.test>");
    mailer.close();
  });

  test("a name that leads behind our door is delayed, and nobody is called", async () => {
    const before = (await vendor.taken()).length;
    const mailer = mailerTo(["127.0.0.1"], false);
    await expect(mailer.send(mail, { key: "behind" })).rejects.toBeInstanceOf(MailDelayed);
    expect(await vendor.taken()).toHaveLength(before);
    mailer.close();
  });
});
