import type pg from "pg";
import type { Catalog } from "./catalog.ts";
import {
  addressOf,
  type Clinic,
  clinics,
  fullName,
  type Person,
  people,
  type Someone,
  someone,
} from "./data.ts";
import type { Humans } from "./ids.ts";
import { addDays } from "./local_time.ts";
import { personas } from "./personas.ts";
import type { Random } from "./random.ts";
import { insert } from "./rows.ts";

export type Patient = {
  profileId: string;
  humanId: string | null;
  name: string;
  email: string | null;
  locale: string;
  isChild: boolean;
  /** Shown to newcomers, so never without appointments. */
  isPersona: boolean;
};

const day = 24 * 60 * 60_000;

/** Everybody who can sign in, at both clinics, and the platform's superadmin. */
export async function addHumans(
  client: pg.Client,
  { now, random }: { now: Date; random: Random },
): Promise<Humans> {
  const everybody = [
    ...Object.values(personas),
    ...clinics.flatMap(({ staff, specialists }) => [
      ...staff.map((member) => someone(member as Partial<Someone>)),
      ...Object.values(specialists)
        .filter(({ role }) => role)
        .map((specialist) => someone({ ...specialist, name: fullName(specialist) })),
    ]),
    ...Object.values(people).flatMap((list) =>
      list.flatMap(({ caregiver }) => (caregiver ? someone(caregiver) : [])),
    ),
  ];
  const openedAt = new Date(now.getTime() - 400 * day);
  const byAddress = new Map(everybody.map((person) => [person.email as string, person]));
  const humans: Humans = new Map([...byAddress.keys()].map((email) => [email, random.uuid(openedAt)]));

  await insert(
    client,
    "app_public.principals",
    [...humans].map(([email, id]) => ({
      id,
      kind: "human",
      platform_role: email === personas.superadmin.email ? "superadmin" : null,
      created_at: openedAt,
    })),
  );
  await insert(
    client,
    "app_public.humans",
    [...byAddress.values()].map(({ email, name, locale }) => ({
      principal_id: humans.get(email),
      email,
      email_verified_at: openedAt,
      display_name: name,
      locale,
      created_at: openedAt,
      updated_at: now,
    })),
  );
  return humans;
}

/** The clinic's patients, and who cares for the children among them. */
export async function fillPeople(
  client: pg.Client,
  { slug }: Clinic,
  {
    humans,
    catalog,
    now,
    today,
    random,
  }: { humans: Humans; catalog: Catalog; now: Date; today: string; random: Random },
): Promise<Patient[]> {
  const list = people[slug] as Person[];
  const patients = list.map((person, place) => {
    const since = new Date(now.getTime() - random.whole(60, 380) * day);
    const { email, locale } = someone(person as Partial<Someone>);
    const birthDate = person.born ?? addDays(today, -Math.round((person.age as number) * 365.25 + 120));
    const isChild = person.caregiver !== undefined;
    const [givenName, familyName] = person.name.split(" ") as [string, string];
    return {
      person,
      since,
      patientId: random.uuid(since),
      profile: {
        id: random.uuid(since),
        human_id: isChild ? null : (humans.get(email) ?? null),
        given_name: givenName,
        family_name: familyName,
        // A child's mail goes to the parent; some people have none.
        email: person.email === null ? null : isChild ? addressOf(person.caregiver?.name as string) : email,
        // Romania assigns no numbers that start with 0700 00.
        phone: `${slug === "kineto-move" ? "+407000020" : "+407000010"}${String(place + 1).padStart(2, "0")}`,
        birth_date: birthDate,
        locale,
        created_at: since,
        updated_at: since,
      },
    };
  });

  await insert(
    client,
    "app_public.patient_profiles",
    patients.map(({ profile }) => profile),
  );
  await insert(
    client,
    "app_public.patients",
    patients.map(({ patientId, profile, since }) => ({
      id: patientId,
      organization_id: catalog.organizationId,
      patient_profile_id: profile.id,
      // A telephone and a birthday are what a clinic asks for, and everybody has given them.
      profile_completed_at: since,
      created_at: since,
      updated_at: since,
    })),
  );
  const withCaregiver = patients.filter(({ person }) => person.caregiver);
  await insert(
    client,
    "app_public.caregivers",
    patients.flatMap(({ person: { caregiver }, profile, since }) =>
      caregiver
        ? {
            id: random.uuid(since),
            patient_profile_id: profile.id,
            human_id: humans.get(addressOf(caregiver.name)),
            relationship: caregiver.relationship,
            added_by: catalog.frontDesk,
            ends_on: profile.birth_date.replace(/^\d+/, (year) => String(Number(year) + 18)),
            created_at: since,
            updated_at: since,
          }
        : [],
    ),
  );
  await client.query(
    `insert into app_private.caregiver_evidence (organization_id, caregiver_id, patient_profile_id, evidence, created_at)
     select $1, caregivers.id, noted.profile_id, noted.evidence, caregivers.created_at
     from unnest($2::uuid[], $3::text[]) as noted (profile_id, evidence)
     join app_public.caregivers on caregivers.patient_profile_id = noted.profile_id`,
    [
      catalog.organizationId,
      withCaregiver.map(({ profile }) => profile.id),
      withCaregiver.map(({ person }) => person.caregiver?.evidence),
    ],
  );
  return patients.map(({ person, profile }) => ({
    profileId: profile.id,
    humanId: profile.human_id,
    name: person.name,
    email: profile.email,
    locale: profile.locale,
    isChild: person.caregiver !== undefined,
    isPersona: person.persona !== undefined,
  }));
}
