import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CredentialsRefused } from "../../failures.ts";
import { MailDelayed, MailRefused } from "../port.ts";
import { smtpMailer } from "../smtp.ts";
import { mail, mailerContract } from "./mailer_contract.ts";
import { type SmtpVendor, startSmtpVendor } from "./smtp_vendor.ts";

mailerContract("smtp", () => startSmtpVendor());

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

  test.each([
    ["recipient", "500 what", MailRefused],
    ["recipient", "499 what", MailDelayed],
    ["data", "554 5.6.0 spam", MailRefused],
    ["data", "451 4.3.0 later", MailDelayed],
    ["sender", "550 5.7.1 not your address", CredentialsRefused],
    ["sender", "500 5.7.1 not your address", CredentialsRefused],
    ["sender", "499 5.7.1 not your address", MailDelayed],
    ["sender", "550 5.1.8 no such domain", MailDelayed],
    ["connection", "554 5.7.1 not from this network", MailDelayed],
  ] as const)("to the %s: %s", async (step, answer, kind) => {
    vendor.answer(step, { responseCode: Number(answer.slice(0, 3)), message: answer.slice(4) });
    expect(await send()).toBeInstanceOf(kind);
  });

  test.each([
    ["535 5.7.8 no", CredentialsRefused, "credentials_refused"],
    ["454 4.7.0 later", MailDelayed, "unreachable"],
  ] as const)("to our login: %s", async (answer, kind, reason) => {
    const server = await startSmtpVendor({ offersLogin: true });
    const mailer = smtpMailer({
      url: `smtp://somebody:secret@127.0.0.1:${server.port}`,
      from: "contact@atlas.test",
      timeoutMs: 2_000,
    });
    await expect(mailer.send(mail, { key: "k" })).resolves.toBeDefined();
    expect(await mailer.check()).toBeNull();
    server.answer("login", { responseCode: Number(answer.slice(0, 3)), message: answer.slice(4) });
    await expect(mailer.send(mail, { key: "k" })).rejects.toBeInstanceOf(kind);
    expect(await mailer.check()).toMatchObject({ reason });
    mailer.close();
    await server.stop();
  });

  test("what is told of an answer is its codes", async () => {
    vendor.answerRecipient({ responseCode: 550, message: "5.1.1 <stefan@people.test> no such user" });
    expect(await send()).toEqual(new MailRefused("smtp EENVELOPE/550/5.1.1", true));
    vendor.answerRecipient({ responseCode: 554, message: "no" });
    expect(await send()).toEqual(new MailRefused("smtp EENVELOPE/554"));
    expect(await vendor.unreachable().check()).toMatchObject({
      reason: "unreachable",
      advice: expect.stringContaining("(smtp ECONNREFUSED)"),
    });
  });

  test("a login without a password is not the mail's fault, and nobody needs one who has none", async () => {
    const server = await startSmtpVendor({ offersLogin: true });
    const url = `smtp://somebody@127.0.0.1:${server.port}`;
    const mailer = smtpMailer({ url, from: "contact@atlas.test", timeoutMs: 2_000 });
    await expect(mailer.send(mail, { key: "k" })).rejects.toEqual(new MailDelayed("smtp EAUTH"));
    mailer.close();
    const nobody = smtpMailer({ url: `smtp://127.0.0.1:${server.port}`, from: "contact@atlas.test" });
    expect(await nobody.check()).toBeNull();
    nobody.close();
    await server.stop();
  });

  test("no address is none on an envelope either: it is dead", async () => {
    await expect(
      vendor.mailer.send({ ...mail, to: { ...mail.to, address: "" } }, { key: "k" }),
    ).rejects.toEqual(new MailRefused("smtp EENVELOPE", true));
  });

  test.each([
    "Ștefan <thief@evil.test>",
    "stefan@people.test>\r\nRCPT TO:<thief@evil.test",
    "stefan@people.test, thief@evil.test",
  ])("%j is one recipient that nobody knows, and no other", async (address) => {
    vendor.behave("well");
    const before = (await vendor.taken()).length;
    await expect(
      vendor.mailer.send({ ...mail, to: { ...mail.to, address } }, { key: "k" }),
    ).rejects.toBeInstanceOf(MailRefused);
    expect(await vendor.taken()).toHaveLength(before);
  });

  test("without a port in its URL it is called at the one of its protocol", async () => {
    const called: number[] = [];
    const listen = (message: unknown) =>
      (message as { socket: Socket }).socket.once("connectionAttempt", (_, port) => called.push(port));
    subscribe("net.client.socket", listen);
    for (const url of ["smtp://127.77.1.1", "smtps://127.77.1.1"]) {
      const mailer = smtpMailer({ url, from: "a@b.test", timeoutMs: 500 });
      await mailer.check();
      mailer.close();
    }
    unsubscribe("net.client.socket", listen);
    expect(called).toEqual([587, 465]);
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
