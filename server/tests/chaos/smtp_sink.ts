import { createHash } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

export type SmtpSink = { url: string; mails(): { id: string; digest: string }[]; stop(): Promise<void> };

/** What somebody reads in a mail. A link is made as its mail leaves: one that leaves twice has two, both good (docs/decisions/0129). */
async function contentOf(raw: Buffer): Promise<string> {
  const { subject, from, to, text, html, attachments } = await simpleParser(raw);
  const files = attachments.map(({ filename, checksum }) => [filename, checksum]);
  const content = JSON.stringify([subject, from, to, text, html, files]);
  return content.replace(/(booking#)[0-9a-f]{32}/g, "$1");
}

/** Takes every mail and remembers which it was. */
export async function startSmtpSink(): Promise<SmtpSink> {
  const taken: { id: string; digest: string }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    closeTimeout: 100,
    onData(stream, _, callback) {
      const taking = buffer(stream).then(async (raw) => {
        const id = /^message-id: *(.+?) *$/im.exec(raw.toString("latin1"))?.[1] ?? "none";
        taken.push({
          id,
          digest: createHash("sha256")
            .update(await contentOf(raw))
            .digest("hex"),
        });
        callback();
      });
      taking.catch(callback);
    },
  });
  server.on("error", () => {}); // a client that was killed while it spoke
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails: () => taken,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
