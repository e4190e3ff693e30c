import {
  type AppointmentStatus,
  CancelDocument,
  ClinicDocument,
  DayDocument,
  HoldTimeDocument,
  InboxDocument,
  RegisterPatientDocument,
  UpcomingDocument,
} from "../examples/generated/operations.ts";
import { type Client, type LocalDate, refusalOf, type UUID } from "../index.ts";

// FND-29: mistakes that the compiler finds. This file is type-checked and never run: a mistake that is found no more
// leaves an `@ts-expect-error` without an error, and that is one.

declare const client: Client;
declare const id: UUID;
declare const day: LocalDate;

export async function misspeltWords(): Promise<void> {
  const { appointments } = await client.ask(UpcomingDocument, { from: new Date() });
  const [first] = appointments.nodes;
  // @ts-expect-error A status that does not exist.
  if (first?.status === "CANCELED") return;
  // @ts-expect-error As it is written in the database.
  const status: AppointmentStatus = "booked";
  // @ts-expect-error A field that was not asked for.
  console.log(status, first?.endsAt);
  await client.ask(RegisterPatientDocument, {
    // @ts-expect-error A language that is none of the list.
    patient: { organizationId: id, givenName: "Ana", familyName: "Pop", locale: "FR" },
  });
}

export async function missingArguments(): Promise<void> {
  // @ts-expect-error No variables, where some are required.
  await client.ask(CancelDocument);
  // @ts-expect-error A variable is missing.
  await client.ask(HoldTimeDocument, { calendar: id });
  // @ts-expect-error A field of an input is missing.
  await client.ask(RegisterPatientDocument, { patient: { organizationId: id, givenName: "Ana" } });
  // @ts-expect-error A variable that the operation does not have.
  await client.ask(CancelDocument, { appointment: id, reasons: "ill" });
  // @ts-expect-error The end of the window is missing.
  await client.http.getAvailability({ calendar: id, from: new Date() });
  await client.ask(InboxDocument);
}

export async function wrongKinds(): Promise<void> {
  // @ts-expect-error A name is no id.
  await client.ask(CancelDocument, { appointment: "Ana" });
  // @ts-expect-error A day is no instant.
  await client.ask(UpcomingDocument, { from: day });
  // @ts-expect-error Neither is a text without its offset.
  await client.ask(HoldTimeDocument, { calendar: id, startsAt: "2027-03-01T09:00" });
  // @ts-expect-error Null is no length of a page.
  await client.ask(DayDocument, { from: new Date(), until: new Date(), first: null });
}

export async function unhandledNulls(): Promise<void> {
  const { clinicBySlug } = await client.ask(ClinicDocument, { slug: "atlas" });
  // @ts-expect-error There may be no clinic of this name.
  console.log(clinicBySlug.name);
  const { appointments } = await client.ask(UpcomingDocument, { from: new Date() });
  // @ts-expect-error There may be no appointment.
  console.log(appointments.nodes[0].startsAt);
  for (const { service } of appointments.nodes) {
    // @ts-expect-error The service may be one that is not shown to this person.
    console.log(service.name);
  }
  const { slots } = await client.http.getAvailability({ calendar: id, from: new Date(), to: new Date() });
  // @ts-expect-error Only where lengths differ.
  console.log(slots[0]?.specialistEndsAt.length);
}

export function wordsOfRefusals(error: unknown): void {
  // @ts-expect-error A code that does not exist.
  refusalOf(error, "SLOT_TAKEN_ALREADY");
  // @ts-expect-error A reason of another code.
  refusalOf(error, "CONFLICT", "slot_taken");
  // @ts-expect-error A detail that this refusal does not carry.
  console.log(refusalOf(error, "FORBIDDEN", "permission_missing")?.details.field);
  // @ts-expect-error Whether it is a refusal has to be looked at.
  console.log(refusalOf(error, "FORBIDDEN", "permission_missing").details);
  console.log(refusalOf(error, "FORBIDDEN", "permission_missing")?.details.permission);
}
