import mustache from "mustache";
import type { Mail } from "../providers/email/port.ts";
import { invitationFor } from "./invitation.ts";
import { addressOf, type ClaimedMessage, type Writable } from "./message.ts";
import { fill, oneLine, tidy, viewOf } from "./view.ts";

/** The words of a mail. */
export type MailText = Pick<Mail, "subject" | "text" | "html">;

/**
 * Writes a mail from its template when it leaves (FND-15). Templates are plain text; the HTML alternative
 * is the finished text, escaped as a whole, so that nothing a guest typed can become markup. The organizer is that of
 * the calendar entry the mail carries, if it carries one.
 */
export function renderMail(message: ClaimedMessage, organizer: string): Mail {
  const invitation = invitationFor(message, organizer);
  return {
    senderName: message.clinic_name,
    ...(message.clinic_email
      ? { replyTo: { name: message.clinic_name, address: message.clinic_email } }
      : {}),
    to: { name: message.recipient_name, address: addressOf(message) },
    ...mailText(message),
    ...(invitation ? { invitation } : {}),
    date: message.created_at,
  };
}

/** Subject, text and HTML of a mail. */
export function mailText(message: Writable): MailText {
  const view = viewOf(message);
  const text = `${tidy(fill(message.body, view))}\n`;
  return {
    subject: oneLine(fill(message.title ?? "", view)),
    text,
    html: (message.links ?? []).reduce((html, { url }) => withLink(html, url), toHtml(text, message.locale)),
  };
}

/** The one address that we make ourselves can be clicked on; whatever else looks like one is text. */
function withLink(html: string, url: string | undefined): string {
  if (!url) return html;
  const address = mustache.escape(url);
  return html.replaceAll(address, `<a href="${address}">${address}</a>`);
}

function toHtml(text: string, locale: string): string {
  const paragraphs = text
    .trim()
    .split(/\n{2,}/)
    .map(
      (paragraph) => `<p style="margin:0 0 1em">${mustache.escape(paragraph).replaceAll("\n", "<br>")}</p>`,
    );
  return (
    `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"></head>` +
    '<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif;color:#1c2b2a;max-width:36em">' +
    `${paragraphs.join("")}</body></html>`
  );
}
