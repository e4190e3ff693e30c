import type pg from "pg";
import { withClient } from "../migrating/prepare.ts";
import { fillAutomations } from "./automations.ts";
import { fillCatalog } from "./catalog.ts";
import { type Clinic, clinics, timezone } from "./data.ts";
import { fillDocuments } from "./documents.ts";
import { fillExercises } from "./exercises.ts";
import { fillForms } from "./forms.ts";
import { dateAt } from "./local_time.ts";
import { addHumans, fillPeople, type Patient } from "./people.ts";
import { fillPlans } from "./plans.ts";
import { seededRandom } from "./random.ts";
import { fillSchedule } from "./schedule.ts";
import type { Keep } from "./signatures.ts";
import { fillBankAccounts, fillSubscription } from "./subscriptions.ts";
import { fillTelerehab } from "./telerehab.ts";
import { fillUsage } from "./usage.ts";
import { fillWaitlist } from "./waitlist.ts";
import { fillWebhooks } from "./webhooks.ts";

/**
 * Two clinics that look lived in (FND-30), made once, in one transaction. Answers whether it made them:
 * a database that has one of them is left as it is.
 *
 * Rows are written by the owner of the tables rather than by the verbs of the API, because a past cannot
 * be made by verbs: they read the clock. Row level security is forced, so the owner sees nothing of its
 * own tables; it lifts that for the length of this transaction, which no other session ever sees. What
 * guards the domain stays in force: constraints, the exclusion of double bookings, the guard of states,
 * and the record of every move. Only the outbox is kept from delivering: nobody wants hundreds of mails
 * about appointments of last month. What clinics subscribe to begins today, and is told. Moves are dated to when they would have been made; the events beside
 * them bear the time of the seed, when they were published.
 */
export async function seedDemo(ownerUrl: string, keep?: Keep): Promise<boolean> {
  return withClient(ownerUrl, async (client) => {
    await client.query("begin");
    await client.query("select pg_advisory_xact_lock(hashtext('restartix: demo'))");
    if (await hasDemo(client)) {
      await client.query("rollback");
      return false;
    }
    const { rows } = await client.query<{ now: Date }>("select now()");
    const now = rows[0]?.now as Date;
    const today = dateAt(now, timezone);
    const random = seededRandom(2027);

    await setAside(client);
    const homes: { clinic: Clinic; organizationId: string; patients: Patient[] }[] = [];
    const humans = await addHumans(client, { now, random });
    for (const clinic of clinics) {
      const catalog = await fillCatalog(client, clinic, { humans, now, today, random });
      const patients = await fillPeople(client, clinic, { humans, catalog, now, today, random });
      await fillSchedule(client, clinic, { humans, catalog, patients, now, today, random });
      await fillForms(client, clinic, { catalog, patients });
      await fillDocuments(client, catalog, keep);
      await fillWebhooks(client, catalog);
      await fillPlans(client, clinic, { catalog, patients, now, random });
      await fillWaitlist(client, { catalog, patients, now, random });
      await fillAutomations(client, catalog);
      homes.push({ clinic, organizationId: catalog.organizationId, patients });
    }
    await fillExercises(client, { humans, keep });
    await fillBankAccounts(client);
    for (const { organizationId, patients } of homes)
      await fillTelerehab(client, organizationId, { patients, random });
    await putBack(client);
    for (const { clinic, organizationId } of homes) {
      await fillSubscription(client, clinic, organizationId);
      await fillUsage(client, organizationId);
    }
    await client.query("commit");
    return true;
  });
}

async function hasDemo(client: pg.Client): Promise<boolean> {
  await client.query("set local role app_engine");
  const { rows } = await client.query(
    "select exists (select from app_public.organizations where slug = any ($1)) as found",
    [clinics.map(({ slug }) => slug)],
  );
  await client.query("reset role");
  return rows[0].found;
}

const filled = `
  app_public.principals app_public.humans app_public.organizations app_public.roles app_public.memberships
  app_public.membership_roles app_public.specialties app_public.specialists app_public.specialist_specialties
  app_public.services app_public.service_specialists app_public.specialist_weekly_hours
  app_public.specialist_schedule_overrides app_public.calendars app_public.calendar_specialists
  app_public.calendar_hours app_private.specialist_assignment_tracking app_public.patient_profiles
  app_public.patients app_public.caregivers app_private.caregiver_evidence app_private.time_claims app_public.booking_requests
  app_public.appointments app_public.appointment_moves app_public.service_plans app_public.service_plan_services
  app_public.patient_tiers app_public.patient_tier_inclusions app_public.products app_public.waitlist_entries
  app_public.appointment_add_ons`
  .trim()
  .split(/\s+/);

async function setAside(client: pg.Client): Promise<void> {
  await client.query(
    [
      ...filled.map((table) => `alter table ${table} no force row level security`),
      "alter table app_private.events disable trigger _900_deliver",
    ].join(";\n"),
  );
}

async function putBack(client: pg.Client): Promise<void> {
  await client.query(
    [
      "set constraints all immediate", // a table with checks outstanding cannot be altered
      ...filled.map((table) => `alter table ${table} force row level security`),
      "alter table app_private.events enable trigger _900_deliver",
    ].join(";\n"),
  );
}
