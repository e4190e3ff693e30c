import {
  ICalAttendeeRole,
  ICalAttendeeStatus,
  ICalCalendar,
  ICalCalendarMethod,
  ICalEventStatus,
} from "ical-generator";
import type { Invitation } from "../providers/email/port.ts";
import { addressOf, type ClaimedMessage, visitIn } from "./message.ts";

/**
 * The calendar file of a message (APT-08). The UID stays the same from the request to the appointment and
 * SEQUENCE counts up, so each file replaces the one before; a cancelled one takes the entry out. Times are
 * in UTC: an instant needs no zone rules to travel with it. The organizer is the address that stood in the first
 * one: calendars take a change from nobody else.
 */
export function invitationFor(message: ClaimedMessage, organizer: string): Invitation | undefined {
  const { calendar_status: status, calendar_uid: uid, calendar_sequence: sequence } = message;
  const data = visitIn(message);
  if (!status || !uid || sequence === null || !data) return undefined;

  const method = status === "CANCELLED" ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.REQUEST;
  const calendar = new ICalCalendar({ prodId: { company: "RestartiX", product: "Bookings" }, method });
  calendar.createEvent({
    id: uid,
    sequence,
    stamp: message.created_at,
    start: data.startsAt,
    end: data.endsAt,
    summary: `${data.serviceName}, ${message.clinic_name}`,
    description: [data.specialistName, message.clinic_phone].filter(Boolean).join("\n"),
    ...(data.modality === "in_person" && message.clinic_address ? { location: message.clinic_address } : {}),
    status: ICalEventStatus[status],
    organizer: { name: message.clinic_name, email: organizer },
    attendees: [
      {
        name: message.recipient_name,
        email: addressOf(message),
        role: ICalAttendeeRole.REQ,
        status: ICalAttendeeStatus.ACCEPTED, // it was their wish; nobody waits for an answer
        rsvp: false,
      },
    ],
  });
  return { method, content: calendar.toString() };
}
