import { z } from "zod";

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** What consumers put into messages.data about a time; the template decides which are there. */
const visit = z.object({
  serviceName: z.string(),
  specialistName: z.string(),
  startsAt: instant,
  endsAt: instant,
  timezone: z.string(),
  modality: z.enum(["in_person", "video", "phone"]),
  respondBy: instant.optional(),
  reason: z.string().nullable().optional(),
  guestName: z.string().optional(),
});

/** What they put there about a clinic. */
const clinic = z.strictObject({ clinicSlug: z.string() });

/** One row of app_private.claim_message. */
export const claimedMessage = z.object({
  organization_id: z.uuid(),
  locale: z.enum(["ro", "en"]),
  recipient_email: z.string(),
  recipient_name: z.string(),
  subject: z.string(),
  body: z.string(),
  data: z.union([visit, clinic]),
  calendar_status: z.enum(["TENTATIVE", "CONFIRMED", "CANCELLED"]).nullable(),
  calendar_uid: z.uuid().nullable(),
  calendar_sequence: z.int().nullable(),
  created_at: z.date(),
  clinic_name: z.string(),
  clinic_email: z.string().nullable(),
  clinic_phone: z.string().nullable(),
  clinic_address: z.string().nullable(),
});

export type ClaimedMessage = z.infer<typeof claimedMessage>;
