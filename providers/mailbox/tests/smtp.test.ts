import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedMailbox, startMailbox } from "../index.ts";

const folder = mkdtempSync(path.join(tmpdir(), "mailbox-smtp-"));
let mailbox: EmbeddedMailbox;
beforeAll(async () => {
  mailbox = await startMailbox({ smtpPort: 0, pagePort: 0, folder });
});
afterAll(async () => {
  await mailbox.stop();
  rmSync(folder, { recursive: true });
});

const mails = () =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".eml"))
    .map((file) => readFileSync(path.join(folder, file), "latin1"));
const envelope = (from: string) =>
  `EHLO me\r\nMAIL FROM:<${from}>\r\nRCPT TO:<ana@people.test>\r\nRCPT TO:<ben@people.test>\r\nDATA\r\n`;
async function say(...lines: (string | Buffer)[]): Promise<string> {
  const socket = connect(mailbox.smtpPort, "127.0.0.1");
  await once(socket, "readable"); // its greeting
  const answers = text(socket);
  for (const line of lines) socket.write(line);
  socket.write("\r\n.\r\nQUIT\r\n");
  return await answers;
}

describe("the mailbox takes mail (FND-15)", () => {
  test("from anybody and from nobody, and keeps whom it was for", async () => {
    for (const from of ["a@clinic.test", ""]) {
      expect(await say(envelope(from), "Subject: x\r\n\r\nhello")).toMatch(/^250 .*kept as /m);
      expect(mails()).toContain(
        `Return-Path: <${from}>\r\nDelivered-To: ana@people.test\r\nDelivered-To: ben@people.test\r\nSubject: x\r\n\r\nhello\r\n`,
      );
    }
  });

  test("a mail of more than 25 MB is refused, and is not kept", async () => {
    const before = mails().length;
    const long = Buffer.alloc(25 * 1024 * 1024 + 1, "x".repeat(998).concat("\r\n"));
    expect(await say(envelope("a@clinic.test"), long)).toMatch(/^552 .*too large/m);
    expect(mails()).toHaveLength(before);
  });

  test("a client that hangs up breaks nothing", async () => {
    const socket = connect(mailbox.smtpPort, "127.0.0.1");
    await once(socket, "data");
    socket.write(envelope("a@clinic.test"));
    await once(socket, "data");
    socket.resetAndDestroy();
    expect(await say(envelope("a@clinic.test"), "Subject: y\r\n\r\n")).toMatch(/^250 .*kept as /m);
  });
});

describe("the mailbox is started whole or not at all (FND-15)", () => {
  const other = () => path.join(folder, "other");

  test("where its pages cannot be, it takes no mail either", async () => {
    const probe = createServer().listen(0, "127.0.0.1");
    await once(probe, "listening");
    const smtpPort = (probe.address() as AddressInfo).port;
    await new Promise((resolve) => probe.close(resolve));
    const taken = { smtpPort, pagePort: mailbox.pagePort, folder: other() };
    await expect(startMailbox(taken)).rejects.toMatchObject({ code: "EADDRINUSE" });
    const again = await startMailbox({ ...taken, pagePort: 0 });
    expect(again.smtpPort).toBe(smtpPort);
    await again.stop();
    await expect(once(connect(smtpPort, "127.0.0.1"), "connect")).rejects.toThrow("ECONNREFUSED");
  });

  test("where mail goes elsewhere it has no port for it, and texts are nobody's without an account", async () => {
    const pages = await startMailbox({ pagePort: 0, folder: other() });
    expect(pages.smtpPort).toBe(0);
    const authorization = `Basic ${Buffer.from("AC:").toString("base64")}`;
    const url = `http://localhost:${pages.pagePort}`;
    const asked = await fetch(`${url}/2010-04-01/Accounts/AC.json`, { headers: { authorization } });
    expect(asked.status).toBe(401);
    // What is open keeps nobody from ending it.
    const idle = connect(pages.pagePort, "127.0.0.1");
    await once(idle, "connect");
    idle.write("GET / HTTP/1.1\r\nhost: localhost\r\n");
    idle.on("error", () => {});
    const ended = new Promise((resolve) => idle.once("close", resolve));
    await pages.stop();
    await ended;
    await expect(fetch(url)).rejects.toThrow();
  });
});
