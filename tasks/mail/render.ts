import mustache from "mustache";
import type { Mail } from "../../providers/email/port.ts";
import { invitationFor } from "./invitation.ts";
import type { ClaimedMessage } from "./message.ts";
import { writeMoment } from "./moment.ts";

/**
 * Writes a mail from its template when it leaves (FND-15). Templates are plain text; the HTML alternative
 * is the finished text, escaped as a whole, so that nothing a guest typed can become markup.
 */
export function renderMail(message: ClaimedMessage, fallbackOrganizer: string): Mail {
  const view = viewOf(message);
  const text = tidy(fill(message.body, view));
  const invitation = invitationFor(message, fallbackOrganizer);
  return {
    senderName: message.clinic_name,
    ...(message.clinic_email
      ? { replyTo: { name: message.clinic_name, address: message.clinic_email } }
      : {}),
    to: { name: message.recipient_name, address: message.recipient_email },
    subject: fill(message.subject, view).replace(/\s+/g, " ").trim(),
    text,
    html: toHtml(text, message.locale),
    ...(invitation ? { invitation } : {}),
    date: message.created_at,
  };
}

/** The names a template may use: its own variables and these. */
export function viewOf({ data, locale, ...message }: ClaimedMessage): Record<string, unknown> {
  return {
    ...data,
    ...("startsAt" in data ? visitOf(data, locale) : {}),
    recipientName: message.recipient_name,
    clinicName: message.clinic_name,
    clinicPhone: message.clinic_phone,
    clinicEmail: message.clinic_email,
    clinicAddress: message.clinic_address,
  };
}

function visitOf(
  { startsAt, respondBy, timezone, modality }: Extract<ClaimedMessage["data"], { startsAt: Date }>,
  locale: ClaimedMessage["locale"],
): Record<string, unknown> {
  return {
    when: writeMoment(startsAt, timezone, locale),
    respondByWhen: respondBy && writeMoment(respondBy, timezone, locale),
    inPerson: modality === "in_person",
    video: modality === "video",
    phone: modality === "phone",
  };
}

function fill(template: string, view: Record<string, unknown>): string {
  return mustache.render(template, view, {}, { escape: String });
}

/** Sections that came out empty leave blank lines behind. */
function tidy(text: string): string {
  return `${text
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim()}\n`;
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
