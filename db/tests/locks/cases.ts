import { appointments } from "./cases/appointments.ts";
import { automations } from "./cases/automations.ts";
import { consents } from "./cases/consents.ts";
import { documents } from "./cases/documents.ts";
import { exercises } from "./cases/exercises.ts";
import { files } from "./cases/files.ts";
import { forms } from "./cases/forms.ts";
import { guestBookings } from "./cases/guest_bookings.ts";
import { identity } from "./cases/identity.ts";
import { invoiceLocks } from "./cases/invoices.ts";
import { messages } from "./cases/messages.ts";
import { metering } from "./cases/metering.ts";
import { onboarding } from "./cases/onboarding.ts";
import { payments } from "./cases/payments.ts";
import { plans } from "./cases/plans.ts";
import { platform } from "./cases/platform.ts";
import { readiness } from "./cases/readiness.ts";
import { reminders } from "./cases/reminders.ts";
import { roomLocks } from "./cases/rooms.ts";
import { scheduling } from "./cases/scheduling.ts";
import { segmentLocks } from "./cases/segments.ts";
import { serviceAccounts } from "./cases/service_accounts.ts";
import { signatures } from "./cases/signatures.ts";
import { subscriptions } from "./cases/subscriptions.ts";
import { telemetry } from "./cases/telemetry.ts";
import { timetables } from "./cases/timetables.ts";
import { treatment } from "./cases/treatment.ts";
import { video } from "./cases/video.ts";
import { waitlists } from "./cases/waitlist.ts";
import { webhooks } from "./cases/webhooks.ts";
import type { LockArea, LockCase } from "./lock_case.ts";

/** What they bring is furnished in this order. */
export const areas: LockArea[] = [
  scheduling,
  roomLocks,
  timetables,
  appointments,
  guestBookings,
  reminders,
  consents,
  identity,
  messages,
  files,
  forms,
  signatures,
  documents,
  exercises,
  metering,
  plans,
  invoiceLocks,
  payments,
  platform,
  onboarding,
  readiness,
  segmentLocks,
  subscriptions,
  serviceAccounts,
  telemetry,
  treatment,
  video,
  webhooks,
  waitlists,
  automations,
];

/** Every lock of the database, proven one by one. */
export const lockCases: LockCase[] = areas.flatMap(({ cases }) => cases);
