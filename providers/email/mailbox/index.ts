import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";
import { mailboxServer } from "./server.ts";
import { MailStore } from "./store.ts";

export type MailboxOptions = {
  /** Where mail arrives; 0 takes any free port. */
  smtpPort: number;
  /** Where the page and /api/messages are; 0 takes any free port. */
  pagePort: number;
  /** Where the mails are kept, one .eml each. */
  folder: string;
  /** How many of the newest are kept. */
  keep?: number;
  /** Only this machine, unless somebody decides otherwise. */
  host?: string;
};

export type EmbeddedMailbox = { smtpPort: number; pagePort: number; stop(): Promise<void> };

/**
 * The embedded mailbox: takes every mail and lets nothing out, so that a developer reads what people would
 * get (FND-15). A mail is acknowledged once it is on disk.
 */
export async function startMailbox({
  smtpPort,
  pagePort,
  folder,
  keep = 500,
  host = "127.0.0.1",
}: MailboxOptions): Promise<EmbeddedMailbox> {
  const store = await MailStore.open(folder, keep);
  const smtp = new SMTPServer({
    name: "mailbox.localhost",
    banner: "embedded mailbox",
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    size: 25 * 1024 * 1024,
    onData(stream, session, callback) {
      const { mailFrom, rcptTo } = session.envelope;
      const head = [
        `Return-Path: <${mailFrom ? mailFrom.address : ""}>`,
        ...rcptTo.map(({ address }) => `Delivered-To: ${address}`),
      ];
      buffer(stream)
        .then((body) => {
          if (stream.sizeExceeded)
            throw Object.assign(new Error("the mail is too large"), { responseCode: 552 });
          return store.add(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n`), body]));
        })
        .then((id) => callback(null, `kept as ${id}`), callback);
    },
  });
  smtp.on("error", () => {}); // a client that hangs up is no news
  const page = mailboxServer(store);

  await listen(smtp.server as unknown as Server, smtpPort, host);
  try {
    await listen(page, pagePort, host);
  } catch (error) {
    await close(smtp);
    throw error;
  }

  return {
    smtpPort: port(smtp.server as unknown as Server),
    pagePort: port(page),
    async stop() {
      page.closeAllConnections();
      await Promise.all([close(smtp), new Promise((resolve) => page.close(resolve))]);
    },
  };
}

async function listen(server: Server, wanted: number, host: string): Promise<void> {
  server.listen(wanted, host);
  await once(server, "listening");
}

function port(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function close(smtp: SMTPServer): Promise<void> {
  return new Promise((resolve) => smtp.close(() => resolve()));
}
