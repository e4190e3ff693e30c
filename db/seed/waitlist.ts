import type pg from "pg";
import type { Catalog } from "./catalog.ts";
import type { Patient } from "./people.ts";
import type { Random } from "./random.ts";
import { insert } from "./rows.ts";

const day = 24 * 60 * 60_000;
const dateOf = (at: number) => new Date(at).toISOString().slice(0, 10);

/**
 * Two guests and a patient who would like to come before work, which the clinic does not open for yet (SCH-10), and an
 * elastic band that somebody takes home from the next appointment (APT-02).
 */
export async function fillWaitlist(
  client: pg.Client,
  { catalog, patients, now, random }: { catalog: Catalog; patients: Patient[]; now: Date; random: Random },
): Promise<void> {
  const { organizationId: organization_id, frontDesk } = catalog;
  const [calendar_id] = catalog.calendars.values();
  const waits = (nth: number, person: object) => ({
    id: random.uuid(now),
    organization_id,
    calendar_id,
    status: "waiting",
    starts_on: dateOf(now.getTime() + day),
    ends_on: dateOf(now.getTime() + 60 * day),
    weekdays: [1, 2, 3, 4, 5],
    earliest: "05:30",
    latest: "06:30",
    locale: "ro",
    token_hash: `\\x${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex")}`,
    created_at: new Date(now.getTime() - nth * day),
    updated_at: now,
    patient_profile_id: null,
    given_name: null,
    family_name: null,
    email: null,
    phone: null,
    ...person,
  });
  const guest = (given_name: string, family_name: string, email: string) => ({
    given_name,
    family_name,
    email,
    phone: "+40722000199",
  });
  await insert(client, "app_public.waitlist_entries", [
    waits(3, guest("Sabina", "Lungu", "sabina.lungu@example.com")),
    waits(2, { patient_profile_id: patients[0]?.profileId }),
    waits(1, guest("Tudor", "Avram", "tudor.avram@example.com")),
  ]);

  const band = { id: random.uuid(now), organization_id, price_amount: 4500, currency: "RON" };
  await insert(client, "app_public.products", [
    {
      ...band,
      name: "Bandă elastică",
      description: "Pentru exercițiile de acasă.",
      translations: { en: { name: "Elastic band", description: "For exercises at home." } },
      is_active: true,
      created_at: now,
      updated_at: now,
    },
  ]);
  const { rows } = await client.query<{ id: string }>(
    `update app_public.appointments set add_ons_amount = $2
     where id = (select id from app_public.appointments where organization_id = $1 and status = 'booked' order by starts_at, id limit 1)
     returning id`,
    [organization_id, band.price_amount],
  );
  await insert(
    client,
    "app_public.appointment_add_ons",
    rows.map(({ id }) => ({
      id: random.uuid(now),
      organization_id,
      appointment_id: id,
      product_id: band.id,
      quantity: 1,
      price_amount: band.price_amount,
      currency: band.currency,
      added_minutes: 0,
      created_by: frontDesk,
      created_at: now,
      updated_at: now,
    })),
  );
}
