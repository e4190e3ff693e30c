import { type Client, type Cursor, describeFile, refusalOf, sendFile, type UUID } from "../index.ts";
import {
  AnnounceFileDocument,
  type AppointmentFragment,
  type AppointmentStatus,
  BookDirectlyDocument,
  CancelDocument,
  ConfirmFileDocument,
  ConfirmRequestDocument,
  DayDocument,
  type DayQuery,
  FindPatientsDocument,
  InvitePatientDocument,
  OpenRequestsDocument,
  type OpenRequestsQuery,
  RegisterPatientDocument,
  RejectRequestDocument,
} from "./generated/operations.ts";

// The day of a front desk, as a program: what a screen of it asks, with the generated operations and without `any`.

/** What a list of the day shows of one appointment. */
export type Line = { id: UUID; startsAt: Date; who: string; phone: string; what: string; state: string };

/** Every status has its word: for a new one the compiler asks. */
const states: Record<AppointmentStatus, string> = {
  BOOKED: "booked",
  UPCOMING: "soon",
  CONFIRMED: "confirmed",
  IN_PROGRESS: "here",
  DONE: "done",
  NO_SHOW: "did not come",
  CANCELLED: "cancelled",
};

/** All appointments that begin between two instants, over as many pages as there are. */
export async function agenda(desk: Client, from: Date, until: Date, first = 50): Promise<Line[]> {
  const lines: Line[] = [];
  let after: Cursor | null = null;
  do {
    const { appointments }: DayQuery = await desk.ask(DayDocument, { from, until, first, after });
    lines.push(...appointments.nodes.map(line));
    after = appointments.pageInfo.hasNextPage ? appointments.pageInfo.endCursor : null;
  } while (after);
  return lines;
}

function line(appointment: AppointmentFragment): Line {
  // The patient may be one whom the reader may not see; the appointment has the name that was given for it.
  const profile = appointment.patient?.patientProfile;
  return {
    id: appointment.id,
    startsAt: new Date(appointment.startsAt),
    who: profile ? `${profile.givenName} ${profile.familyName}` : appointment.contactName,
    phone: profile?.phone ?? appointment.contactPhone ?? "no telephone",
    what: appointment.service?.name ?? "a service that is gone",
    state: states[appointment.status],
  };
}

export type OpenRequest = OpenRequestsQuery["bookingRequests"]["nodes"][number];

export async function openRequests(desk: Client): Promise<readonly OpenRequest[]> {
  return (await desk.ask(OpenRequestsDocument)).bookingRequests.nodes;
}

/** What became of a request that was confirmed: an appointment, or a question who the person is. */
export type Confirmed =
  | { kind: "booked"; appointment: Line }
  | { kind: "who is it?"; candidates: unknown }
  | { kind: "too late"; message: string };

/** Confirms a request. `who` answers the question that a first try may have brought. */
export async function confirmRequest(
  desk: Client,
  request: UUID,
  who: { patientProfile: UUID } | { asNewPatient: true } | Record<string, never> = {},
): Promise<Confirmed> {
  try {
    const { confirmBookingRequest } = await desk.ask(ConfirmRequestDocument, { request, ...who });
    return { kind: "booked", appointment: line(confirmBookingRequest.appointment) };
  } catch (error) {
    const unclear = refusalOf(error, "CONFLICT", "person_unclear");
    if (unclear) return { kind: "who is it?", candidates: unclear.details.candidates };
    // A colleague was faster, or the request has ended: its text is for people, in their language.
    const refusal = refusalOf(error, "STATE") ?? refusalOf(error, "SLOT_TAKEN");
    if (refusal) return { kind: "too late", message: refusal.hint };
    throw error;
  }
}

export async function rejectRequest(desk: Client, request: UUID, reason: string): Promise<void> {
  await desk.ask(RejectRequestDocument, { request, reason });
}

/** Somebody calls: whoever is known is found, anybody else is registered and invited to an account. */
export async function patientOnTheTelephone(
  desk: Client,
  clinic: UUID,
  person: { givenName: string; familyName: string; email: string; phone: string },
): Promise<{ profile: UUID; isNew: boolean }> {
  const text = `${person.familyName} ${person.givenName}`;
  const { searchPatients } = await desk.ask(FindPatientsDocument, { clinic, text });
  // A name that is only similar is another person until somebody has asked.
  const known = searchPatients.nodes.find(
    ({ isSimilar, patientProfile }) => patientProfile !== null && !isSimilar,
  )?.patientProfile;
  if (known) return { profile: known.id, isNew: false };

  const { createPatient } = await desk.ask(RegisterPatientDocument, {
    patient: { organizationId: clinic, ...person, locale: "RO" },
  });
  const profile = createPatient.patient.patientProfile;
  if (!profile) throw new Error("A patient who was registered just now has a profile.");
  await desk.ask(InvitePatientDocument, {
    invitation: { organizationId: clinic, patientProfileId: profile.id, email: profile.email },
  });
  return { profile: profile.id, isNew: true };
}

export async function bookFor(desk: Client, profile: UUID, calendar: UUID, startsAt: Date): Promise<Line> {
  const { bookDirectly } = await desk.ask(BookDirectlyDocument, {
    booking: { patientProfileId: profile, calendarId: calendar, startsAt },
  });
  return line(bookDirectly.appointment);
}

export async function cancel(desk: Client, appointment: UUID, reason: string): Promise<AppointmentStatus> {
  return (await desk.ask(CancelDocument, { appointment, reason })).cancelAppointment.appointment.status;
}

/** Puts a document beside an appointment: announced, sent to the object store, confirmed. */
export async function attach(
  desk: Client,
  appointment: UUID,
  document: Blob,
  filename: string,
): Promise<UUID> {
  const { requestUpload } = await desk.ask(AnnounceFileDocument, {
    file: {
      surface: "APPOINTMENT_FILES",
      ownerId: appointment,
      filename,
      contentType: document.type,
      ...(await describeFile(document)),
    },
  });
  const { id, upload } = requestUpload.file;
  if (!upload) throw new Error("A file that was announced just now can be sent.");
  await sendFile(upload, document);
  const { file } = (await desk.ask(ConfirmFileDocument, { file: id })).confirmUpload;
  if (file.status !== "CONFIRMED")
    throw new Error(`The file was not taken: ${file.rejection ?? file.status}`);
  return file.id;
}
