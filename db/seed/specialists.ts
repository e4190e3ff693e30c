import type pg from "pg";
import { datesOf } from "./bookings.ts";
import { type Clinic, fullName, type Specialist, someone } from "./data.ts";
import { windowsOf } from "./hours.ts";
import type { Humans, Ids } from "./ids.ts";
import { personas } from "./personas.ts";
import { insert } from "./rows.ts";

/** Who works here, by role; a specialist may be the owner. */
export async function addStaff(
  client: pg.Client,
  { staff, specialists }: Clinic,
  {
    organization_id,
    humans,
    id,
    openedAt,
  }: { organization_id: string; humans: Humans; id: () => string; openedAt: Date },
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
  ].map(({ role, email }) => ({ id: id(), role, human_id: humans.get(email) as string }));

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
      granted_by: humans.get(personas.superadmin.email),
      created_at: openedAt,
    })),
  );
  return new Map(members.map(({ role, human_id }) => [role, human_id]));
}

/** The specialists with their specialties, weekly hours, and the days that differ. */
export async function addSpecialists(
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

/** The address of a specialist, who signs in with it where they have a role. */
export function emailOf(specialist: Specialist): string {
  return someone({ ...specialist, name: fullName(specialist) }).email;
}
