import MailComposer from "nodemailer/lib/mail-composer";
import type { Mail } from "./port.ts";

/** A mail as it goes over the wire. */
export type Composed = { raw: Buffer; messageId: string };

/**
 * Writes a mail as MIME: text, simple HTML, and the calendar file both as a part that calendars act
 * on and as an attachment. The same mail and key give the same bytes. FND-15, APT-08.
 */
export async function compose(mail: Mail, { from, key }: { from: string; key: string }): Promise<Composed> {
  const messageId = `<${key}@${from.slice(from.lastIndexOf("@") + 1)}>`;
  const composer = new MailComposer({
    from: { name: mail.senderName, address: from },
    to: mail.to,
    replyTo: mail.replyTo,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    ...(mail.invitation
      ? {
          icalEvent: {
            method: mail.invitation.method,
            filename: "invite.ics",
            content: mail.invitation.content,
          },
        }
      : {}),
    messageId,
    date: mail.date,
    headers: { "Auto-Submitted": "auto-generated" }, // out-of-office replies stay away
    baseBoundary: key,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return { raw: await composer.compile().build(), messageId };
}
