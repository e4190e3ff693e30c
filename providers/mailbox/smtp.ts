import type { Server } from "node:http";
import { buffer } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";
import type { Mails } from "./mails.ts";

/** Takes every mail, and acknowledges it once it is on disk. */
export function smtpServer(mails: Mails): { server: Server; close(): Promise<void> } {
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
          return mails.add(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n`), body]));
        })
        .then((id) => callback(null, `kept as ${id}`), callback);
    },
  });
  smtp.on("error", () => {}); // a client that hangs up is no news
  return {
    server: smtp.server as unknown as Server,
    close: () => new Promise((resolve) => smtp.close(() => resolve())),
  };
}
