import mustache from "mustache";
import { writeFigures } from "./figures.ts";
import { type Visit, visitIn, type Writable } from "./message.ts";
import { writeMoment } from "./moment.ts";

/** The names a template may use: its own variables and these. app_private.printable_variables lists them too. */
export function viewOf(message: Writable): Record<string, unknown> {
  const visit = visitIn(message);
  return {
    ...message.data,
    ...readableEnd(message),
    ...writeFigures(message.data, message.locale),
    ...(visit && readable(visit, message.locale)),
    ...placeholders(message),
    ...Object.fromEntries((message.links ?? []).map(({ name, url }) => [name, url])),
    recipientName: message.recipient_name,
    clinicName: message.clinic_name,
    clinicPhone: message.clinic_phone,
    clinicEmail: message.clinic_email,
    clinicAddress: message.clinic_address,
  };
}

function readable({ startsAt, respondBy, expiresAt, timezone, modality }: Visit, locale: Writable["locale"]) {
  return {
    when: writeMoment(startsAt, timezone, locale),
    respondByWhen: respondBy && writeMoment(respondBy, timezone, locale),
    expiresWhen: expiresAt && writeMoment(expiresAt, timezone, locale),
    inPerson: modality === "in_person",
    video: modality === "video",
    phone: modality === "phone",
  };
}

/** Until when, of what is about no visit: a link to a form to sign, the trial of a subscription. */
function readableEnd({ data, locale }: Writable) {
  const { expiresAt, timezone } = data as Record<string, unknown>;
  if (typeof expiresAt !== "string" || typeof timezone !== "string") return {};
  return { expiresWhen: writeMoment(new Date(expiresAt), timezone, locale) };
}

/** What stands for a link where nobody has made it, in a preview: by the variable that names what it opens. */
const pages: Record<string, [name: string, url: string]> = {
  signatureLinkId: ["signingUrl", "https://…/sign#…"],
  bookingRequestId: ["bookingUrl", "https://…/booking#…"],
  waitlistOfferId: ["offerUrl", "https://…/book/…#offer=…"],
  asked: ["askedUrl", "https://…/sign#…"],
};

function placeholders({ data }: Writable): Record<string, string> {
  const given = data as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(pages).flatMap(([key, page]) => (typeof given[key] === "string" ? [page] : [])),
  );
}

/** Fills a template in. Nothing is escaped: what comes out is text, whatever somebody typed. */
export function fill(template: string, view: Record<string, unknown>): string {
  return mustache.render(template, view, {}, { escape: String });
}

/** One line, whatever the sections left. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Sections that came out empty leave blank lines behind. */
export function tidy(text: string): string {
  return text
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
