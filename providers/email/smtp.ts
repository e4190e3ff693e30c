import { connect, type LookupFunction } from "node:net";
import nodemailer from "nodemailer";
import type SMTPTransport from "nodemailer/lib/smtp-transport";
import { CredentialsRefused } from "../failures.ts";
import { compose } from "./compose.ts";
import { MailDelayed, type Mailer, MailRefused } from "./port.ts";

export type SmtpSettings = {
  /** smtp://user:password@host:port, or smtps:// for TLS from the first byte. */
  url: string;
  /** The address mails come from. */
  from: string;
  /** Longest silence of the server, in milliseconds. */
  timeoutMs?: number;
  /** Where the server is somebody else's choice: finds its address, or refuses to. */
  lookup?: LookupFunction;
};

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Sends mail over SMTP; the default, towards the embedded mailbox. FND-15. */
export function smtpMailer({ url, from, timeoutMs = 30_000, lookup }: SmtpSettings): Mailer {
  const { hostname, protocol, username } = new URL(url);
  const transport = nodemailer.createTransport({
    url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // Mail names patients: it leaves this machine encrypted or not at all.
    requireTLS: protocol === "smtp:" && !loopback.has(hostname),
    ignoreTLS: loopback.has(hostname),
    // A server that asks for no login is not the one the login is for.
    ...(username && { forceAuth: true }),
    ...(lookup && { getSocket: connectBy(lookup, timeoutMs) }),
  });

  return {
    vendor: "smtp",
    from,
    async send(mail, { key }) {
      const { raw, messageId } = await compose(mail, { from, key });
      try {
        await transport.sendMail({ envelope: { from, to: [mail.to.address] }, raw });
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
          advice: `The mail server does not let us in (${refusal.message}): check its address and login.`,
        };
      }
    },
    close: () => transport.close(),
  };
}

/** Connects for nodemailer, which would look the name up by itself. */
function connectBy(lookup: LookupFunction, timeoutMs: number): SMTPTransport.Options["getSocket"] {
  return ({ host = "", port = 25 }, callback) => {
    const socket = connect({ host, port: Number(port), lookup, timeout: timeoutMs });
    const failed = (error: Error) => {
      socket.destroy();
      callback(error, {});
    };
    const slow = () => failed(Object.assign(new Error("no connection"), { code: "ETIMEDOUT" }));
    socket.once("error", failed).once("timeout", slow);
    socket.once("connect", () => {
      socket.off("error", failed).off("timeout", slow).setTimeout(0);
      callback(null, { connection: socket });
    });
  };
}

type SmtpError = Error & { code?: string; command?: string; responseCode?: number; response?: string };

/** Only a final no to this recipient or this mail is a refusal; a no to our sender may be mended. */
function failure(error: unknown): MailRefused | MailDelayed | CredentialsRefused {
  const { code = "", command = "", responseCode = 0, response = "" } = error as SmtpError;
  const reason = `smtp ${[code, responseCode || "", enhancedCode(response)].filter(Boolean).join("/")}`;
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
