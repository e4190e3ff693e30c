import type pg from "pg";
import { personas } from "../../server/identity/personas.ts";
import { datesOf } from "./bookings.ts";
import { type Clinic, type Hours, type Specialist, someone } from "./data.ts";
import { weekdays } from "./local_time.ts";
import { type Accounts, fullName } from "./people.ts";
import type { Random } from "./random.ts";
import { insert, type Row } from "./rows.ts";

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
  { accounts, now, today, random }: { accounts: Accounts; now: Date; today: string; random: Random },
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

  const members = await addStaff(client, clinic, { organization_id, accounts, id, openedAt });

  const specialists = new Map(
    Object.entries(clinic.specialists).map(([key, specialist]) => [
      key,
      { id: id(), humanId: specialist.role ? (accounts.get(emailOf(specialist)) as string) : null },
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

/** Who works here, by role; a specialist may be the owner. */
async function addStaff(
  client: pg.Client,
  { staff, specialists }: Clinic,
  {
    organization_id,
    accounts,
    id,
    openedAt,
  }: { organization_id: string; accounts: Accounts; id: () => string; openedAt: Date },
): Promise<Map<string, string>> {
  const { rows } = await client.query<{ key: string; id: string }>(
    "select key, id from app_public.roles where organization_id = $1",
    [organization_id],
  );
  const roles = new Map(rows.map((role) => [role.key, role.id]));
  const members = [
    ...staff.map(({ role, ...member }) => ({ role, email: someone(member).email })),
    ...Object.values(specialists).flatMap((specialist) =>
      specialist.role ? { role: specialist.role, email: emailOf(specialist) } : [],
    ),
  ].map(({ role, email }) => ({ id: id(), role, human_id: accounts.get(email) as string }));

  await insert(
    client,
    "app_public.memberships",
    members.map(({ id, human_id }) => ({
      id,
      organization_id,
      human_id,
      created_at: openedAt,
      updated_at: openedAt,
    })),
  );
  await insert(
    client,
    "app_public.membership_roles",
    members.map(({ id, role }) => ({
      organization_id,
      membership_id: id,
      role_id: roles.get(role),
      granted_by: accounts.get(personas.superadmin.email),
      created_at: openedAt,
    })),
  );
  return new Map(members.map(({ role, human_id }) => [role, human_id]));
}

type Ids = { specialistId(key: string): string | undefined; inClinic(rows: Row[]): Row[]; id(): string };

async function addSpecialists(
  client: pg.Client,
  clinic: Clinic,
  {
    specialistId,
    humanId,
    inClinic,
    id,
    today,
  }: Ids & { humanId(key: string): string | null | undefined; today: string },
): Promise<void> {
  const all = Object.entries(clinic.specialists);
  await insert(
    client,
    "app_public.specialists",
    inClinic(
      all.map(([key, specialist], place) => ({
        id: specialistId(key),
        human_id: humanId(key),
        title: specialist.title,
        given_name: specialist.given_name,
        family_name: specialist.family_name,
        registration_number: specialist.registration_number,
        contact_email: specialist.role ? emailOf(specialist) : clinic.contact_email,
        contact_phone: clinic.contact_phone.replace(/\d$/, String(place + 1)),
        scheduling_timezone: "Europe/Bucharest",
        scheduling_active: true,
      })),
    ),
  );

  const { rows } = await client.query<{ slug: string; id: string }>(
    "select slug, id from app_public.specialties where organization_id is null",
  );
  const specialties = new Map(rows.map((specialty) => [specialty.slug, specialty.id]));
  await insert(
    client,
    "app_public.specialist_specialties",
    inClinic(
      all.flatMap(([key, specialist]) =>
        specialist.specialties.map((slug) => ({
          specialist_id: specialistId(key),
          specialty_id: specialties.get(slug),
        })),
      ),
    ),
  );
  await insert(
    client,
    "app_public.specialist_weekly_hours",
    inClinic(
      all.flatMap(([key, { hours }]) =>
        windowsOf(hours).map((window) => ({ id: id(), specialist_id: specialistId(key), ...window })),
      ),
    ),
  );
  await insert(
    client,
    "app_public.specialist_schedule_overrides",
    inClinic(
      all.flatMap(([key, { overrides = [] }]) =>
        overrides.map((override) => {
          const [starts_on, ends_on] = datesOf(override, today);
          const [starts, ends] = override.hours?.split("-") ?? [null, null];
          return {
            id: id(),
            specialist_id: specialistId(key),
            kind: override.kind,
            starts_on,
            ends_on,
            starts,
            ends,
            note: override.note,
          };
        }),
      ),
    ),
  );
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

function windowsOf(hours: Hours): { weekday: number; starts: string; ends: string }[] {
  return Object.entries(hours).flatMap(([name, text]) =>
    text.split(" ").map((window) => {
      const [starts, ends] = window.split("-") as [string, string];
      return { weekday: weekdays.indexOf(name as (typeof weekdays)[number]) + 1, starts, ends };
    }),
  );
}

function emailOf(specialist: Specialist): string {
  return someone({ ...specialist, name: fullName(specialist) }).email;
}
