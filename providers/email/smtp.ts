import { isIP } from "node:net";
import nodemailer from "nodemailer";
import type SMTPTransport from "nodemailer/lib/smtp-transport";
import { CredentialsRefused } from "../failures.ts";
import { connectTo, isThisMachine, type OutboundSettings, readHost } from "../outbound/index.ts";
import { compose } from "./compose.ts";
import { MailDelayed, type Mailer, MailRefused } from "./port.ts";

export type SmtpSettings = {
  /** smtp://user:password@host:port, or smtps:// for TLS from the first byte. */
  url: string;
  /** The address mails come from. */
  from: string;
  /** Longest silence of the server, in milliseconds. */
  timeoutMs?: number;
  /** How far the server may be; absent: anywhere, where the operator named it. */
  outbound?: OutboundSettings;
};

/** A mail server and who we are there. */
export type SmtpLogin = { host: string; port: number; username: string; password: string };

/** Sends mail over SMTP; the default, towards the embedded mailbox. FND-15. */
export function smtpMailer({
  url,
  from,
  timeoutMs = 30_000,
  outbound = { reach: "anywhere" },
}: SmtpSettings): Mailer {
  const { hostname, username } = new URL(url);
  const host = readHost(hostname);
  const isHere = outbound.reach !== "public" && isThisMachine(host);
  const transport = nodemailer.createTransport({
    url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // Mail names patients: it leaves this machine encrypted or not at all.
    requireTLS: !isHere,
    ignoreTLS: isHere,
    // A server that asks for no login is not the one the login is for.
    ...(username && { forceAuth: true }),
    // It would read the host and look it up by itself.
    getSocket: connectBy(host, timeoutMs, outbound),
  });

  return {
    vendor: "smtp",
    from,
    async send(mail, { key }) {
      const { raw, messageId } = await compose(mail, { from, key });
      try {
        // As an object: a text would be read as a list of addresses.
        const envelope = { from, to: { name: "", address: mail.to.address } };
        await transport.sendMail({ envelope, raw });
        return { vendorId: messageId };
      } catch (error) {
        throw failure(error);
      }
    },
    async check() {
      try {
        await transport.verify();
        return null;
      } catch (error) {
        const refusal = failure(error);
        return {
          reason: refusal instanceof CredentialsRefused ? "credentials_refused" : "unreachable",
          advice: `The mail server does not let us in (${refusal.message}): check its address, whether it speaks TLS from the start (smtps://), and its login.`,
        };
      }
    },
    close: () => transport.close(),
  };
}

/** The URL of a server with a login; on port 465 TLS comes first. FND-15. */
export function smtpUrl({ host, port, username, password }: SmtpLogin): string {
  const name = readHost(host);
  const url = new URL(
    `${port === 465 ? "smtps" : "smtp"}://${isIP(name) === 6 ? `[${name}]` : name}:${port}`,
  );
  url.username = encodeURIComponent(username);
  url.password = encodeURIComponent(password);
  return url.href;
}

/** Connects for nodemailer. */
function connectBy(
  host: string,
  timeoutMs: number,
  outbound: OutboundSettings,
): NonNullable<SMTPTransport.Options["getSocket"]> {
  return ({ port, secure }, callback) => {
    connectTo({ host, port: Number(port ?? (secure ? 465 : 587)), timeoutMs }, outbound).then(
      (connection) => callback(null, { connection }),
      (error: Error) => callback(error, {}),
    );
  };
}

type SmtpError = Error & { code?: string; command?: string; responseCode?: number; response?: string };

/** Only a final no to this recipient or this mail is a refusal; a no to our sender may be mended. */
function failure(error: unknown): MailRefused | MailDelayed | CredentialsRefused {
  const { code = "", command = "", responseCode = 0, response = "" } = error as SmtpError;
  const reason = `smtp ${[code, responseCode, enhancedCode(response)].filter(Boolean).join("/")}`;
  const aboutThisMail = command === "RCPT TO" || command === "DATA";
  if (responseCode >= 500 && aboutThisMail) {
    return new MailRefused(reason, /^5\.1\.(1|6|10)$/.test(enhancedCode(response)));
  }
  // An address that cannot even be written on an envelope.
  if (code === "EENVELOPE" && command === "API") return new MailRefused(reason, true);
  const aboutUs = code === "EAUTH" || (command === "MAIL FROM" && /^5\.7\./.test(enhancedCode(response)));
  if (responseCode >= 500 && aboutUs) return new CredentialsRefused(reason);
  return new MailDelayed(reason); // without its cause, which quotes addresses
}

/** 5.1.1 of "550 5.1.1 no such user"; the rest of the line quotes addresses and stays out of our records. */
function enhancedCode(response: string): string {
  return /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] ?? "";
}
