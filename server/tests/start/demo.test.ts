import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedDemo } from "../../../db/seed/demo.ts";
import { personas } from "../../../db/seed/personas.ts";
import { createTestDatabase, type TestDatabase } from "../../../db/testing/server.ts";
import { billingCases } from "./demo_billing.cases.ts";
import { documentCases } from "./demo_documents.cases.ts";
import { exerciseCases } from "./demo_exercises.cases.ts";
import { groupCases } from "./demo_groups.cases.ts";
import { toldCases } from "./demo_told.cases.ts";

// FND-30: the demo clinic is believable, and obeys every rule that real bookings obey.

let database: TestDatabase;
let admin: pg.Client;
/** Keys of the objects that were put into the store. */
const kept: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase({ because: "it is filled with the demo", bare: true });
  expect(await seedDemo(database.urls.owner, async (key) => void kept.push(key))).toBe(true);
  admin = new pg.Client(database.urls.admin);
  await admin.connect();
});

afterAll(async () => {
  await admin.end();
  await database.drop();
});

async function rows(sql: string, values: unknown[] = []): Promise<any[]> {
  return (await admin.query(sql, values)).rows;
}

test("FND-30: a database that has the demo is left as it is", async () => {
  const count = "select count(*)::int from app_public.appointments";
  const before = await rows(count);
  expect(await seedDemo(database.urls.owner)).toBe(false);
  expect(await rows(count)).toEqual(before);
});

test("FND-30: two clinics, ten specialists, a dozen services, every assignment strategy, sixty patients, three requests", async () => {
  const [counts] = await rows(`
    select
      (select count(*)::int from app_public.organizations where activated_at is not null) as clinics,
      (select count(*)::int from app_public.specialists) as specialists,
      (select count(distinct specialist_id)::int from app_public.specialist_specialties) as with_specialties,
      (select count(distinct specialist_id)::int from app_public.specialist_weekly_hours) as with_hours,
      (select count(*)::int from app_public.services where translations -> 'en' ->> 'name' <> name) as services,
      (select count(*)::int from app_public.patients) as patients,
      (select count(*)::int from app_public.booking_requests where status = 'requested') as requests,
      (select array_agg(distinct assignment_strategy order by assignment_strategy) from app_public.calendars) as strategies,
      (select count(*)::int from app_public.calendars where modality = 'video') as video,
      (select count(*)::int from app_public.calendars where not is_public) as staff_only`);
  expect(counts).toEqual({
    clinics: 2,
    specialists: 10,
    with_specialties: 10,
    with_hours: 10,
    services: 12,
    patients: 60,
    requests: 3,
    strategies: ["priority", "round_robin", "specific"],
    video: 1,
    staff_only: 1,
  });
});

test("FND-30, FND-07: names are Romanian with the comma below, addresses receive no mail, children have a caregiver", async () => {
  const texts = (await rows("select given_name || family_name as name from app_public.patient_profiles")).map(
    ({ name }) => name,
  );
  expect(texts.join("")).toMatch(/ș.*ț|ț.*ș/);
  expect(texts.join("")).not.toMatch(/[şţŞŢ]/);
  const reserved = String.raw`@example\.(com|org)$|\.example$`;
  expect(
    await rows(
      `select email from app_public.humans where email !~ $1
       union all select email from app_public.patient_profiles where email !~ $1
       union all select contact_email from app_public.organizations where contact_email !~ $1`,
      [reserved],
    ),
  ).toEqual([]);
  expect(
    await rows(
      `select given_name from app_public.patient_profiles as child
       where birth_date > now() - interval '16 years'
         and not exists (select from app_public.caregivers where patient_profile_id = child.id and ends_on > now())`,
    ),
  ).toEqual([]);
});

test("SCH-05: every appointment lies in open hours and on the grid of its calendar", async () => {
  const astray = await rows(`
    select appointments.id
    from app_public.appointments
    where not exists (
      select
      from app_private.timetables(
        calendar_id, starts_at, starts_at + interval '1 minute', appointments.specialist_id, false) as timetable
      cross join unnest(timetable.windows) as open
      cross join app_private.grid(open, timetable.timezone) as grid
      where starts_at between grid.anchor and grid.until
        and date_bin(timetable.step, starts_at, grid.anchor) = starts_at
        and ends_at = starts_at + timetable.duration
        and ends_at <= upper(open)
        and not timetable.closed @> starts_at)`);
  expect(astray).toEqual([]);
});

test("APT-01, SCH-06: every appointment has its claim and a history of legal moves that ends in its state", async () => {
  expect(
    await rows(`
      select appointments.id
      from app_public.appointments
      join app_private.time_claims as claim on claim.id = claim_id
      join lateral (
        select bool_and(from_status is not distinct from before) as is_a_chain,
               (array_agg(to_status order by moved_at desc, id desc))[1] as last,
               max(moved_at) as latest
        from (
          select *, lag(to_status) over (order by moved_at, id) as before
          from app_public.appointment_moves
          where appointment_id = appointments.id
        ) as moves
      ) as history on true
      where claim.kind <> 'appointment'
         or claim.during <> tstzrange(starts_at, ends_at)
         or (claim.released_at is not null) <> (status in ('cancelled', 'noshow'))
         or not history.is_a_chain
         or history.last <> status
         or history.latest > now()`),
  ).toEqual([]);
});

test("FND-30: four weeks back are over, four weeks ahead are open, in believable proportions", async () => {
  const [share] = await rows(`
    select
      count(*) filter (where ends_at < now() and status not in ('done', 'cancelled', 'noshow')) as past_open,
      count(*) filter (where starts_at > now() and status not in ('booked', 'upcoming', 'confirmed', 'cancelled')) as coming_done,
      count(*) filter (where status = 'booked' and starts_at < now() + interval '24 hours') as late_booked,
      avg((status = 'done')::int) filter (where ends_at < now())::float as done,
      min(starts_at) < now() - interval '25 days' as reaches_back,
      max(starts_at) > now() + interval '25 days' as reaches_ahead
    from app_public.appointments`);
  expect(share).toMatchObject({
    past_open: "0",
    coming_done: "0",
    late_booked: "0",
    reaches_back: true,
    reaches_ahead: true,
  });
  expect(share.done).toBeGreaterThan(0.75);
  expect(share.done).toBeLessThan(0.95);
});

test("FND-30: both patient personas have been there and will come again", async () => {
  const visits = await rows(
    `select humans.email, bool_or(status = 'done') as has_been, bool_or(starts_at > now() and status <> 'cancelled') as will_come
     from app_public.humans
     join app_public.patient_profiles on human_id = principal_id
     join app_public.appointments on patient_profile_id = patient_profiles.id
     where humans.email = any ($1)
     group by humans.email`,
    [[personas.patient.email, personas["second-patient"].email]],
  );
  expect(visits).toHaveLength(2);
  for (const visit of visits) expect(visit).toMatchObject({ has_been: true, will_come: true });
});

test("SCH-05, APT-05: every calendar has free times in the next 14 days", async () => {
  const free = await rows(`
    select calendars.name, (
      select count(*)::int
      from app_private.free_starts(calendars.id, now(), now() + interval '14 days') as free
    ) as free
    from app_public.calendars`);
  expect(free).toHaveLength(12);
  for (const calendar of free) expect(calendar.free, calendar.name).toBeGreaterThan(5);
});

toldCases(rows);

test("FND-05: row security is forced again on every table", async () => {
  const lifted = await rows(`
    select relname from pg_class
    where relkind in ('r', 'p') and relnamespace::regnamespace::text in ('app_public', 'app_hidden', 'app_private')
      and not (relrowsecurity and relforcerowsecurity)`);
  expect(lifted).toEqual([]);
});

test("APT-09: what guests of the demo ask for can be confirmed: no rule is in the way", async () => {
  const asked = await rows(
    `select app_private.require_bookable(time_claims, true) as broken
     from app_private.time_claims join app_public.booking_requests on booking_requests.claim_id = time_claims.id`,
  );
  expect(asked).toEqual([{ broken: [] }, { broken: [] }, { broken: [] }]);
});

test("FND-30, FRM-03, FRM-04, CNS-02: each clinic asks with the product's forms, some in every state, and each signature has its proof", async () => {
  expect(
    await rows(
      `select count(*)::int as templates, bool_and(published and version = 1) as published
       from app_public.form_templates group by organization_id`,
    ),
  ).toEqual(Array(2).fill({ templates: 7, published: true }));
  const states = await rows(
    "select status, count(*)::int as forms from app_public.forms group by status order by status",
  );
  expect(Object.fromEntries(states.map(({ status, forms }) => [status, forms]))).toEqual({
    completed: 4,
    in_progress: 3,
    pending: 4,
    signed: 3,
  });
  expect(
    await rows(
      `select given_name, count(form_signatures.id)::int as signatures, count(faults.*)::int as faults
       from app_public.form_signatures
       join app_public.forms on forms.id = form_signatures.form_id
       join app_public.patient_profiles on patient_profiles.id = forms.patient_profile_id
       left join lateral app_private.signature_faults(forms.organization_id, forms.id) as faults on true
       group by given_name`,
    ),
  ).toEqual([{ given_name: "Ioana", signatures: 3, faults: 0 }]);
});

test("FND-30, CAT-03, CAT-04, FND-21: the clinics sell plans, Ioana has one that runs, and Vlad a tier", async () => {
  expect(
    await rows(
      `select profiles.given_name, service_plans.sessions_total as sessions, tiers.name as tier,
              sum(app_public.patient_entitlements_balance(entitlements))::int as balance,
              bool_and(app_public.patient_service_plans_is_open(bought)) as open
       from app_public.patient_service_plans as bought
       join app_public.service_plans on service_plans.id = bought.service_plan_id
       join app_public.patient_profiles as profiles on profiles.id = bought.patient_profile_id
       join app_public.patient_entitlements as entitlements on entitlements.patient_service_plan_id = bought.id
       left join app_public.patient_subscriptions as subscribed on subscribed.id = bought.source_tier_subscription_id
       left join app_public.patient_tiers as tiers on tiers.id = subscribed.tier_id
       group by 1, 2, 3 order by 1`,
    ),
  ).toEqual([
    { given_name: "Elena", sessions: 5, tier: null, balance: 4, open: true },
    { given_name: "Ioana", sessions: 10, tier: null, balance: 7, open: true },
    { given_name: "Mihaela", sessions: 8, tier: null, balance: 6, open: true },
    { given_name: "Vlad", sessions: 1, tier: "Atlas Activ", balance: 2, open: true },
  ]);
});

test("FND-30, FND-16, FND-19: everybody has accepted what everybody accepts, and Ioana telemedicine by her form", async () => {
  expect(
    await rows(
      `select organizations.slug, terms.purpose_code
       from app_public.patients
       join app_public.organizations on organizations.id = patients.organization_id
       cross join lateral app_public.clinic_terms(organizations.id) as terms
       where terms.purpose_code <> 'platform_terms' and not exists (
         select from app_public.consents
         where consents.organization_id = patients.organization_id
           and consents.patient_profile_id = patients.patient_profile_id
           and consents.purpose_version_id = terms.id)`,
    ),
  ).toEqual([]);
  expect(
    await rows(
      `select purpose_code, decision from app_public.consents where source = 'form' order by purpose_code`,
    ),
  ).toEqual([
    { purpose_code: "org_terms", decision: "granted" },
    { purpose_code: "privacy_notice", decision: "granted" },
    { purpose_code: "telemedicine", decision: "granted" },
  ]);
});

documentCases(rows, () => kept);
exerciseCases(
  rows,
  () => kept,
  () => database.urls.owner,
);
groupCases(rows);
billingCases(rows);
