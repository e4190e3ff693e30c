import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type pg from "pg";
import { type Actors, type History, historyOf } from "./appointment_histories.ts";
import { type Booking, planBookings, planOneMore } from "./bookings.ts";
import type { Catalog } from "./catalog.ts";
import { addressOf, type Clinic } from "./data.ts";
import type { Humans } from "./ids.ts";
import type { Patient } from "./people.ts";
import type { Random } from "./random.ts";
import { insert, range } from "./rows.ts";

type Request = {
  clinic: string;
  service: string;
  given_name: string;
  family_name: string;
  locale: string;
  message: string;
};

type Appointment = { id: string; claimId: string; booking: Booking; patient: Patient; history: History };

const hour = 60 * 60_000;
const requests: Request[] = JSON.parse(readFileSync(new URL("requests.json", import.meta.url), "utf8"));

export type ScheduleParts = {
  humans: Humans;
  catalog: Catalog;
  patients: Patient[];
  now: Date;
  today: string;
  random: Random;
};

/** Past and coming appointments, and the requests that wait for the front desk. */
export async function fillSchedule(client: pg.Client, clinic: Clinic, parts: ScheduleParts): Promise<void> {
  const bookings = planBookings(clinic, parts.today, parts.random);
  const appointments = giveToPatients(clinic, bookings, parts);
  await addAppointments(client, clinic, appointments, parts);
  await moveAppointments(client, appointments);
  await countAssignments(client, parts.catalog);
  await addRequests(client, clinic, bookings, parts);
}

/** Nobody comes twice on a day; children come for what is meant for them; of every six patients one is through with it. */
function giveToPatients(
  clinic: Clinic,
  bookings: Booking[],
  { catalog, patients, now, random }: ScheduleParts,
): Appointment[] {
  const forChildren = Object.values(clinic.services).some((service) => service.for === "children");
  const busy = new Set<string>();
  const gone = new Set(patients.filter(({ isPersona }, place) => !isPersona && place % 6 === 5));
  return bookings.flatMap((booking) => {
    const children = clinic.services[booking.calendar.service]?.for === "children";
    const free = patients
      .filter(({ isChild }) => !forChildren || isChild === children)
      .filter((patient) => booking.startsAt < now || !gone.has(patient))
      .filter(({ profileId }) => !busy.has(`${booking.date} ${profileId}`));
    if (free.length === 0) return [];
    const patient = random.pick([...free, ...free.filter(({ isPersona }) => isPersona)]);
    busy.add(`${booking.date} ${patient.profileId}`);

    const actors: Actors = {
      frontDesk: catalog.frontDesk,
      specialist: catalog.specialists.get(booking.specialist)?.humanId ?? catalog.frontDesk,
      patient: patient.humanId,
    };
    const history = historyOf(booking, now, actors, random);
    return {
      id: random.uuid(history.bookedAt),
      claimId: random.uuid(history.bookedAt),
      booking,
      patient,
      history,
    };
  });
}

async function addAppointments(
  client: pg.Client,
  clinic: Clinic,
  appointments: Appointment[],
  { catalog }: ScheduleParts,
): Promise<void> {
  await insert(
    client,
    "app_private.time_claims",
    appointments.map(({ claimId, booking, history }) => {
      const end = history.moves.find(({ to }) => to === "cancelled" || to === "noshow");
      return {
        id: claimId,
        ...placeOf(booking, catalog),
        kind: "appointment",
        released_at: end?.at ?? null,
        counted_at: end?.to === "cancelled" ? null : history.bookedAt,
        created_by: history.bookedBy,
        created_at: history.bookedAt,
      };
    }),
  );
  await insert(
    client,
    "app_public.appointments",
    appointments.map(({ id, claimId, booking, patient, history }) => ({
      id,
      organization_id: catalog.organizationId,
      patient_profile_id: patient.profileId,
      calendar_id: catalog.calendars.get(booking.calendar.service),
      service_id: catalog.services.get(booking.calendar.service),
      specialist_id: catalog.specialists.get(booking.specialist)?.id,
      claim_id: claimId,
      status: "booked",
      starts_at: booking.startsAt,
      ends_at: booking.endsAt,
      modality: clinic.services[booking.calendar.service]?.modality ?? "in_person",
      price_amount: priceOf(clinic, booking),
      currency: "RON",
      contact_email: patient.email,
      contact_name: patient.name,
      locale: patient.locale,
      created_by: history.bookedBy,
      created_at: history.bookedAt,
    })),
  );
}

/** All that make the same move in one statement; the guard judges each, the record is dated afterwards. */
async function moveAppointments(client: pg.Client, appointments: Appointment[]): Promise<void> {
  for (const status of ["upcoming", "confirmed", "inprogress", "done", "noshow", "cancelled"]) {
    const moved = appointments.filter(({ history }) => history.moves.some(({ to }) => to === status));
    await client.query(
      `update app_public.appointments
       set status = $1, cancellation_reason = moved.reason
       from jsonb_to_recordset($2) as moved (id uuid, reason text)
       where appointments.id = moved.id`,
      [status, JSON.stringify(moved.map(({ id, history }) => ({ id, reason: history.reason })))],
    );
  }
  await client.query(
    `update app_public.appointment_moves
     set moved_at = dated.at, moved_by = dated.by
     from jsonb_to_recordset($1) as dated (id uuid, "to" text, at timestamptz, by uuid)
     where appointment_moves.appointment_id = dated.id and appointment_moves.to_status = dated.to`,
    [
      JSON.stringify(
        appointments.flatMap(({ id, history }) => [
          { id, to: "booked", at: history.bookedAt, by: history.bookedBy },
          ...history.moves.map((move) => ({ id, ...move })),
        ]),
      ),
    ],
  );
}

/** The round robin goes on from what was booked. */
async function countAssignments(client: pg.Client, { organizationId }: Catalog): Promise<void> {
  await client.query(
    `insert into app_private.specialist_assignment_tracking
       (organization_id, calendar_id, specialist_id, assigned_count, last_assigned_at)
     select organization_id, calendar_id, specialist_id, count(*), max(counted_at)
     from app_private.time_claims
     where organization_id = $1 and counted_at is not null
     group by organization_id, calendar_id, specialist_id
     on conflict on constraint specialist_assignment_tracking_pkey do update
     set assigned_count = excluded.assigned_count, last_assigned_at = excluded.last_assigned_at`,
    [organizationId],
  );
}

async function addRequests(
  client: pg.Client,
  clinic: Clinic,
  bookings: Booking[],
  { catalog, now, today, random }: ScheduleParts,
): Promise<void> {
  const taken = [...bookings];
  const asked = requests
    .filter((request) => request.clinic === clinic.slug)
    .map((request, place) => {
      const booking = planOneMore(clinic, request.service, taken, today, random);
      taken.push(booking);
      const askedAt = new Date(now.getTime() - (place + 1) * 2 * hour);
      return { request, booking, askedAt, id: random.uuid(askedAt), claimId: random.uuid(askedAt), place };
    });

  await insert(
    client,
    "app_private.time_claims",
    asked.map(({ claimId, booking, askedAt }) => ({
      id: claimId,
      ...placeOf(booking, catalog),
      kind: "request",
      created_at: askedAt,
    })),
  );
  await insert(
    client,
    "app_public.booking_requests",
    asked.map(({ request, booking, askedAt, id, claimId, place }) => ({
      id,
      organization_id: catalog.organizationId,
      calendar_id: catalog.calendars.get(request.service),
      service_id: catalog.services.get(request.service),
      specialist_id: catalog.specialists.get(booking.specialist)?.id,
      claim_id: claimId,
      status: "requested",
      given_name: request.given_name,
      family_name: request.family_name,
      email: addressOf(`${request.given_name} ${request.family_name}`),
      phone: `+4070000300${place + 1}`,
      message: request.message,
      locale: request.locale,
      starts_at: booking.startsAt,
      ends_at: booking.endsAt,
      price_amount: priceOf(clinic, booking),
      currency: "RON",
      respond_by: new Date(askedAt.getTime() + clinic.booking_response_hours * hour),
      // Of a token that nobody has: these guests do not come back.
      token_hash: `\\x${createHash("sha256").update(random.uuid(askedAt)).digest("hex")}`,
      created_at: askedAt,
    })),
  );
}

function placeOf(booking: Booking, { organizationId, specialists, calendars }: Catalog) {
  return {
    organization_id: organizationId,
    specialist_id: specialists.get(booking.specialist)?.id,
    calendar_id: calendars.get(booking.calendar.service),
    during: range(booking.startsAt, booking.endsAt),
    blocked: range(booking.blockedFrom, booking.blockedTo),
  };
}

function priceOf(clinic: Clinic, { calendar }: Booking): number | undefined {
  return calendar.price ?? clinic.services[calendar.service]?.price;
}
