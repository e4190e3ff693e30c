import type pg from "pg";
import { hire, type Member } from "./hire.ts";
import type { Bench } from "./row.ts";

/** Front desks that book directly, of so many clinics. */
export const deskCount = 8;

export type Desk = Member & {
  client: pg.Client;
  patientId: string;
  specialistIds: string[];
  bookings: number;
};

/** Desks with a patient each, and the times that all specialists have free. Each role is opened once. */
export async function openDesks(bench: Bench, role = "desks"): Promise<{ desks: Desk[]; starts: string[] }> {
  const members = await hire(bench, deskCount, role, ["appointments.manage", "patients.view"]);
  const desks: Desk[] = [];
  for (const member of members) {
    const { rows } = await bench.admin.query(
      `with profile as (
         insert into app_public.patient_profiles (given_name, family_name, email) values ('Ana', 'Pop', $2) returning id
       ), patient as (
         insert into app_public.patients (organization_id, patient_profile_id) select $1, id from profile
       )
       select id as "patientId",
         array(select id from app_public.specialists where organization_id = $1 order by id) as "specialistIds"
       from profile`,
      [member.clinicId, `${member.clinicId}@bench.test`],
    );
    desks.push({ ...member, ...rows[0], client: await bench.connect(), bookings: 0 });
  }
  const { rows } = await bench.admin.query(
    "select starts_at from app_public.available_slots($1, now() + interval '25 days', now() + interval '85 days')",
    [members[0]?.clinicId],
  );
  return { desks, starts: rows.map(({ starts_at }) => starts_at) };
}

/** How many a second all desks get through together. */
export async function during(
  desks: Desk[],
  roundMs: number,
  work: (desk: Desk) => Promise<unknown>,
): Promise<number> {
  let done = 0;
  const began = performance.now();
  await Promise.all(
    desks.map(async (desk) => {
      while (performance.now() - began < roundMs) {
        await work(desk);
        done++;
      }
    }),
  );
  return done / ((performance.now() - began) / 1000);
}

/** The next time that a desk has not booked yet, of the specialist whose times are not all booked. */
export function bookNext(desk: Desk, starts: string[]): Promise<pg.QueryResult> {
  const booking = desk.bookings++;
  return desk.client.query({
    name: "book",
    text: "select * from app_public.book_directly($1, $2, $3, $4)",
    values: [
      desk.clinicId,
      starts[booking % starts.length],
      desk.patientId,
      desk.specialistIds[Math.floor(booking / starts.length)],
    ],
  });
}
