import { bigClinic } from "../big_clinic.ts";
import { type Bench, type Row, timeCall } from "../row.ts";

/** CAT-04: what a patient has left, by four plans in whose ledgers 10,000 things are written. */
export default {
  claim: "balances of a patient with 10,000 entries in the ledger",
  unit: "ms",
  goal: { atMost: 2 },
  async measure(bench) {
    const { organizationId, frontDeskId } = await bigClinic(bench.admin);
    const entries = bench.short ? 40 : 10_000;
    await fillLedger(bench, entries);
    const caller = { principalId: frontDeskId, organizationId };
    const of = `from app_public.patient_service_plans as plan
      join app_public.patient_entitlements as entitlement
        on entitlement.organization_id = plan.organization_id and entitlement.patient_service_plan_id = plan.id
      where plan.organization_id = $1 and plan.patient_profile_id = bench_id('plans', 1)`;
    const values = [organizationId];
    const balances = await timeCall(bench, caller, {
      text: `select entitlement.id, app_public.patient_entitlements_balance(entitlement) ${of}`,
      values,
    });
    const summed = await timeCall(bench, caller, {
      text: `select entitlement.id, (
          select sum(quantity) from app_public.entitlement_entries as entry
          where entry.organization_id = entitlement.organization_id and entry.patient_entitlement_id = entitlement.id) ${of}`,
      values,
    });
    const { rows } = await bench.admin.query(
      `select count(*)::int as entries, count(distinct patient_entitlement_id)::int as plans,
         bool_and(balance >= 0) and sum(quantity) = (
           select sum(app_public.patient_entitlements_balance(e)) from app_public.patient_entitlements e where e.organization_id = $1) as agrees
       from app_public.entitlement_entries where organization_id = $1`,
      values,
    );
    return {
      measured: balances.median,
      against: { what: "the same by adding all entries up", value: summed.median },
      conditions: {
        "four plans are answered for": balances.rows === 4 && rows[0].plans === 4,
        "all entries are there, and add up": rows[0].entries === entries && rows[0].agrees,
      },
    };
  },
} satisfies Row;

/** Ten sessions given, nine used, one given back, and so on: through the trigger, as the ledger is written. */
async function fillLedger({ admin }: Bench, entries: number): Promise<void> {
  await admin.query(
    `insert into app_public.patient_profiles (id, given_name, family_name, birth_date)
     values (bench_id('plans', 1), 'Vera', 'Planuri', '1980-01-01')`,
  );
  await admin.query(
    `insert into app_public.patients (organization_id, patient_profile_id) values (bench_id('big clinic'), bench_id('plans', 1))`,
  );
  await admin.query(
    `insert into app_public.service_plans (id, organization_id, name, plan_type, sessions_total, price_amount, currency)
     values (bench_id('plan', 1), bench_id('big clinic'), 'Ten sessions', 'session_based', 10, 45000, 'RON')`,
  );
  await admin.query(
    `insert into app_public.patient_service_plans
       (id, organization_id, patient_profile_id, service_plan_id, telerehab_access, library_access, price_amount, currency, starts_at)
     select bench_id('has plan', n), bench_id('big clinic'), bench_id('plans', 1), bench_id('plan', 1), false, false, 45000, 'RON', now()
     from generate_series(1, 4) as n`,
  );
  await admin.query(
    `insert into app_public.patient_entitlements (id, organization_id, patient_service_plan_id, kind, per_period)
     select bench_id('counts', n), bench_id('big clinic'), bench_id('has plan', n), 'sessions', 10 from generate_series(1, 4) as n`,
  );
  await admin.query(
    `insert into app_public.entitlement_entries
       (organization_id, patient_entitlement_id, number, balance, entry, quantity, effective_at, subject_kind, subject_id)
     select bench_id('big clinic'), bench_id('counts', 1 + n % 4), 1, 0, case when uses then 'debit' else 'grant' end,
       case when uses then -1 else 10 end, now(), case when uses then 'appointment' end, case when uses then uuidv7() end
     from generate_series(0, $1::int - 1) as n cross join lateral (select n / 4 % 10 <> 0 as uses) as one`,
    [entries],
  );
  await admin.query("analyze app_public.entitlement_entries");
}
