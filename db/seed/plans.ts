import type pg from "pg";
import { actAs, actAsWhoMay } from "./acting.ts";
import type { Catalog } from "./catalog.ts";
import { type Clinic, plans, type Sold } from "./data.ts";
import type { Patient } from "./people.ts";
import type { Random } from "./random.ts";
import { insert } from "./rows.ts";

/** What the clinic sells: plans and tiers, for all services that the file names. */
export async function fillPlans(
  client: pg.Client,
  { slug }: Clinic,
  { catalog, patients, now, random }: { catalog: Catalog; patients: Patient[]; now: Date; random: Random },
): Promise<void> {
  const sold = plans[slug];
  if (!sold) return;
  const { organizationId: organization_id, services } = catalog;
  const idOf = named([...Object.keys(sold.plans), ...Object.keys(sold.tiers)], () => random.uuid(now));
  const offered = ({ name, description, en, price }: Sold) => ({
    organization_id,
    name,
    description,
    translations: { en },
    price_amount: price,
    currency: "RON",
    is_active: true,
    created_at: now,
    updated_at: now,
  });

  await insert(
    client,
    "app_public.service_plans",
    Object.entries(sold.plans).map(([key, plan]) => ({
      ...offered(plan),
      id: idOf(key),
      plan_type: plan.sessions ? (plan.days ? "hybrid" : "session_based") : "time_based",
      sessions_total: plan.sessions ?? null,
      validity_days: plan.days ?? null,
      telerehab_access: plan.telerehab ?? false,
      library_access: plan.library ?? false,
    })),
  );
  await insert(
    client,
    "app_public.service_plan_services",
    Object.entries(sold.plans).flatMap(([key, plan]) =>
      plan.services.map((service) => ({
        organization_id,
        service_plan_id: idOf(key),
        service_id: services.get(service),
        created_at: now,
      })),
    ),
  );
  await insert(
    client,
    "app_public.patient_tiers",
    Object.entries(sold.tiers).map(([key, tier]) => ({
      ...offered(tier),
      id: idOf(key),
      billing_period: "month",
    })),
  );
  await insert(
    client,
    "app_public.patient_tier_inclusions",
    Object.entries(sold.tiers).flatMap(([key, tier]) =>
      tier.includes.map(({ plan, quantity, carry_over }) => ({
        id: random.uuid(now),
        organization_id,
        tier_id: idOf(key),
        service_plan_id: idOf(plan),
        grant_period: "month",
        grant_quantity: quantity,
        carry_over_unused: carry_over,
        prorate_on_upgrade: true,
        created_at: now,
        updated_at: now,
      })),
    ),
  );

  // Bought by the verbs, in the name of whoever may sell: the ledger begins as it would.
  await client.query("set local role app_engine");
  await actAsWhoMay(client, "patient_plans.manage", organization_id);
  const patientOf = (name: string) => patients.find((one) => one.name === name)?.profileId;
  for (const { patient, plan, used } of sold.bought) {
    const { rows } = await client.query<{ id: string }>(
      `select (app_public.enrol_patient(patients.id, $3)).id from app_public.patients
       where patients.organization_id = $1 and patients.patient_profile_id = $2`,
      [organization_id, patientOf(patient), idOf(plan)],
    );
    await client.query(
      `select app_public.adjust_entitlement(id, -$2::int, 'Folosite pe abonamentul de hârtie')
       from app_public.patient_entitlements where patient_service_plan_id = $1`,
      [rows[0]?.id, used],
    );
  }
  for (const { patient, tier } of sold.subscribed) {
    await client.query(
      `select app_public.start_subscription(patients.id, $3) from app_public.patients
       where patients.organization_id = $1 and patients.patient_profile_id = $2`,
      [organization_id, patientOf(patient), idOf(tier)],
    );
  }
  await actAs(client, "", "");
  await client.query("reset role");
}

/** An id for each of the names, the same whenever it is asked for. */
function named(names: string[], id: () => string): (name: string) => string {
  const ids = new Map(names.map((name) => [name, id()]));
  return (name) => ids.get(name) as string;
}
