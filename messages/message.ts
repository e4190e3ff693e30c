import { z } from "zod";

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** What consumers put into messages.data about a time; the message's type decides which are there. */
const visit = z.object({
  serviceName: z.string(),
  specialistName: z.string(),
  startsAt: instant,
  endsAt: instant,
  timezone: z.string().refine(isZone, "no time zone"),
  modality: z.enum(["in_person", "video", "phone"]),
  respondBy: instant.nullable().optional(),
  reason: z.string().nullable().optional(),
  guestName: z.string().optional(),
  patientName: z.string().optional(),
  /** What the link of the message opens; null: it has none. */
  bookingRequestId: z.uuid().nullable().optional(),
  waitlistOfferId: z.uuid().nullable().optional(),
  /** What the patient is asked for: form:<id>, consents, or nothing. */
  asked: z.string().nullable().optional(),
  /** Until when what is offered is kept. */
  expiresAt: instant.optional(),
});

function isZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}

/** What they put there about anything else: words. A visit that is not one is a fault, not words. */
const words = z
  .record(z.string(), z.string().nullable())
  .refine((data) => !("startsAt" in data), "a time must come with its whole visit");

/** Who writes, as the reader knows them. */
const clinic = {
  clinic_name: z.string(),
  clinic_email: z.string().nullable(),
  clinic_phone: z.string().nullable(),
  clinic_address: z.string().nullable(),
};

/** What a text is made of: the words of a template, what they are about, and between whom. */
export const writable = z.object({
  locale: z.enum(["ro", "en"]),
  recipient_name: z.string(),
  title: z.string().nullable(),
  body: z.string(),
  /** What the texts call its links, and where each leads, empty for no link; only the process that sends it knows them. */
  links: z.array(z.object({ name: z.string(), url: z.string() })).optional(),
  data: z.union([visit, words]),
  ...clinic,
});

export type Writable = z.infer<typeof writable>;
export type Visit = z.infer<typeof visit>;

/** The visit a message is about, if it is about one. */
export function visitIn({ data }: Pick<Writable, "data">): Visit | null {
  return data.startsAt instanceof Date ? (data as Visit) : null;
}

/** One row of app_private.claim_message that may leave. */
export const claimedMessage = writable.extend({
  organization_id: z.uuid(),
  channel: z.enum(["email", "sms", "whatsapp", "push", "in_app"]),
  address: z.string().nullable(),
  account_id: z.uuid().nullable(),
  content_sid: z.string().nullable(),
  content_variables: z.array(z.string()).nullable(),
  calendar_status: z.enum(["TENTATIVE", "CONFIRMED", "CANCELLED"]).nullable(),
  calendar_uid: z.uuid().nullable(),
  calendar_sequence: z.int().nullable(),
  created_at: z.date(),
  expires_at: z.date(),
  /** The link that was made as it leaves: what the texts call it, and its path with the token. */
  link_name: z.string().nullable(),
  link_path: z.string().nullable(),
});

export type ClaimedMessage = z.infer<typeof claimedMessage>;

/** A message whose channel needs an address has one; the database chose the channel by it. */
export function addressOf({ channel, address }: ClaimedMessage): string {
  if (address === null) throw new Error(`a message over ${channel} has no address`);
  return address;
}
