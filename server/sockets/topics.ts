import { z } from "zod";
import { Refusal } from "../../runtime/refusal.ts";

/** What can be listened to: the own inbox, what happens to things of a clinic, or the times of a calendar. */
export type Topic = { kind: "inbox" } | ClinicTopic | CalendarTopic;
export type CalendarTopic = { kind: "calendar"; calendarId: string };
export type ClinicTopic = {
  kind: "clinic";
  /** The subject of the events, as the catalog of events calls it. */
  subject: string;
  /** What the rows' policies ask of staff. */
  permission: string;
  organizationId: string;
  /** Null for everybody's. */
  specialistId: string | null;
};

const clinicTopic = z.object({
  kind: z.literal("clinic"),
  subject: z.string(),
  permission: z.string(),
  organizationId: z.uuid(),
  specialistId: z.uuid().nullable(),
});

const calendarTopic = z.object({ kind: z.literal("calendar"), calendarId: z.uuid() });

/** A topic is a text where the plan of a subscription hands it over. */
export const asText = (topic: Topic): string => JSON.stringify(topic);

export function readTopic(text: string): Topic {
  const topic = z
    .union([z.object({ kind: z.literal("inbox") }), clinicTopic, calendarTopic])
    .safeParse(JSON.parse(text));
  if (!topic.success) throw new Refusal("NOT_FOUND", "not_found");
  return topic.data;
}
