import type pg from "pg";
import type { Clinic } from "./data.ts";
import { windowsOf } from "./hours.ts";
import type { Humans, Ids } from "./ids.ts";
import type { Random } from "./random.ts";
import { insert, type Row } from "./rows.ts";
import { addSpecialists, addStaff, emailOf } from "./specialists.ts";

/** What the rest of the seed needs to know of a clinic, by the keys of clinics.json. */
export type Catalog = {
  organizationId: string;
  /** The principal at the front desk. */
  frontDesk: string;
  specialists: Map<string, { id: string; humanId: string | null }>;
  services: Map<string, string>;
  calendars: Map<string, string>;
};

const day = 24 * 60 * 60_000;

/** A clinic with its staff, specialists, services and calendars. */
export async function fillCatalog(
  client: pg.Client,
  clinic: Clinic,
  { humans, now, today, random }: { humans: Humans; now: Date; today: string; random: Random },
): Promise<Catalog> {
  const openedAt = new Date(now.getTime() - 395 * day);
  const id = () => random.uuid(openedAt);
  const organization_id = id();
  const inClinic = (rows: Row[]) => rows.map((row) => ({ organization_id, ...row }));

  await insert(client, "app_public.organizations", [
    {
      id: organization_id,
      slug: clinic.slug,
      name: clinic.name,
      locale: "ro",
      timezone: "Europe/Bucharest",
      currency: "RON",
      country: "RO",
      calling_code: "40",
      tenancy_mode: "shared",
      activated_at: openedAt,
      contact_email: clinic.contact_email,
      contact_phone: clinic.contact_phone,
      street: clinic.street,
      city: clinic.city,
      booking_response_hours: clinic.booking_response_hours,
      hold_minutes: 10,
      holds_per_visitor: 3,
      holds_per_address: 20,
      created_at: openedAt,
      updated_at: openedAt,
    },
  ]);

  const members = await addStaff(client, clinic, { organization_id, humans, id, openedAt });

  const specialists = new Map(
    Object.entries(clinic.specialists).map(([key, specialist]) => [
      key,
      { id: id(), humanId: specialist.role ? (humans.get(emailOf(specialist)) as string) : null },
    ]),
  );
  const specialistId = (key: string) => specialists.get(key)?.id;
  await addSpecialists(client, clinic, {
    specialistId,
    humanId: (key) => specialists.get(key)?.humanId,
    inClinic,
    id,
    today,
  });

  const services = new Map(Object.keys(clinic.services).map((key) => [key, id()]));
  await insert(
    client,
    "app_public.services",
    inClinic(
      Object.entries(clinic.services).map(([key, { name, description, en, minutes, price, modality }]) => ({
        id: services.get(key),
        name,
        description,
        translations: { en },
        duration_minutes: minutes,
        price_amount: price,
        currency: "RON",
        modality: modality ?? "in_person",
        is_active: true,
        created_at: openedAt,
      })),
    ),
  );

  const calendars = new Map(clinic.calendars.map(({ service }) => [service, id()]));
  await addCalendars(client, clinic, { services, calendars, specialistId, inClinic, id, openedAt });

  return {
    organizationId: organization_id,
    frontDesk: members.get("front_desk") as string,
    specialists,
    services,
    calendars,
  };
}

async function addCalendars(
  client: pg.Client,
  clinic: Clinic,
  {
    services,
    calendars,
    specialistId,
    inClinic,
    id,
    openedAt,
  }: Ids & { services: Map<string, string>; calendars: Map<string, string>; openedAt: Date },
): Promise<void> {
  const providers = new Set(
    clinic.calendars.flatMap(({ service, specialists }) => specialists.map((key) => `${service} ${key}`)),
  );
  await insert(
    client,
    "app_public.service_specialists",
    inClinic(
      [...providers].map((pair) => {
        const [service, key] = pair.split(" ") as [string, string];
        return { service_id: services.get(service), specialist_id: specialistId(key) };
      }),
    ),
  );
  await insert(
    client,
    "app_public.calendars",
    inClinic(
      clinic.calendars.map((calendar) => ({
        id: calendars.get(calendar.service),
        service_id: services.get(calendar.service),
        name: calendar.name,
        translations: { en: { name: calendar.en } },
        timezone: "Europe/Bucharest",
        modality: clinic.services[calendar.service]?.modality ?? "in_person",
        assignment_strategy: calendar.strategy,
        allows_any_specialist: calendar.any ?? true,
        step_minutes: calendar.step ?? null,
        buffer_before_minutes: calendar.buffer_before ?? 0,
        buffer_after_minutes: calendar.buffer_after ?? 0,
        notice_minutes: calendar.notice ?? 120,
        horizon_days: 60,
        price_amount: calendar.price ?? null,
        is_public: calendar.public ?? true,
        is_active: true,
        created_at: openedAt,
      })),
    ),
  );
  await insert(
    client,
    "app_public.calendar_specialists",
    inClinic(
      clinic.calendars.flatMap(({ service, strategy, specialists }) =>
        specialists.map((key, place) => ({
          calendar_id: calendars.get(service),
          specialist_id: specialistId(key),
          priority: strategy === "priority" ? place + 1 : 1,
        })),
      ),
    ),
  );
  await insert(
    client,
    "app_public.calendar_hours",
    inClinic(
      clinic.calendars.flatMap(({ service, hours = {} }) =>
        windowsOf(hours).map((window) => ({ id: id(), calendar_id: calendars.get(service), ...window })),
      ),
    ),
  );
}
