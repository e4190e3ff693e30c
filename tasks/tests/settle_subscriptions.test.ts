import { afterAll, beforeAll, expect, test } from "vitest";
import settleSubscriptions from "../definitions/settle_subscriptions.ts";
import { type Clinic, openClinic } from "./database.ts";

let clinic: Clinic;
beforeAll(async () => {
  clinic = await openClinic("subscriptions are settled in transactions of their own, of which one fails");
  // Three clinics whose month ended while no worker ran; what time does to one of them fails.
  await clinic.admin.query(`
    begin;
    select tests.offered_tier('plus');
    select tests.clinic(slug), tests.billing_details(), tests.clinic_subscribed('plus') from unnest('{mara,nicu,oana}'::text[]) slug;
    set local session_replication_role = replica;
    update app_public.organization_subscriptions set anchor_on = anchor_on - 40, settle_at = now() - interval '5 days';
    update app_public.billing_periods set starts_on = starts_on - 40, ends_on = ends_on - 40,
      during = tstzrange(lower(during) - interval '40 days', upper(during) - interval '40 days');
    set local session_replication_role = origin;
    create function tests.fails() returns trigger language plpgsql as $$ begin raise 'nicu cannot be settled'; end $$;
    do $do$ begin
      execute format('create trigger _000_fails before insert on app_public.billing_periods for each row
        when (new.organization_id = %L) execute function tests.fails()', tests.id('nicu'));
    end $do$;
    commit`);
});
afterAll(() => clinic.drop());

const said: string[] = [];
const run = (abortSignal?: AbortSignal) =>
  settleSubscriptions.run(
    {},
    {
      withPgClient: clinic.withPgClient,
      logger: { info: (line: string) => said.push(line) },
      abortSignal,
    } as never,
    {} as never,
  );
const due = async () =>
  (
    await clinic.admin.query(
      `select o.slug from app_public.organization_subscriptions s
       join app_public.organizations o on o.id = s.organization_id where s.settle_at <= now() order by 1`,
    )
  ).rows.map(({ slug }) => slug);
const openPeriods = async () =>
  (
    await clinic.admin.query(
      `select count(*)::int as n from app_public.billing_periods where closed_at is null and during @> now()`,
    )
  ).rows[0].n;

test("BIL-01: a worker that leaves settles none more", async () => {
  await run(AbortSignal.abort());
  expect([await due(), said]).toEqual([["mara", "nicu", "oana"], []]);
});

test("BIL-01: what cannot be settled keeps no other from it, leaves nothing behind, and is settled by a later run", async () => {
  await expect(run()).rejects.toThrow("1 subscriptions of clinics stay due");
  expect([await due(), await openPeriods()]).toEqual([["nicu"], 2]);
  const { rows } = await clinic.admin.query(
    `select count(*)::int as n from app_public.billing_periods
     where closed_at is not null and organization_id = tests.id('nicu')`,
  );
  expect(rows[0].n).toBe(0);

  await clinic.admin.query("drop trigger _000_fails on app_public.billing_periods");
  said.length = 0;
  await run();
  expect([await due(), await openPeriods(), said]).toEqual([[], 3, ["1 subscriptions of clinics were due"]]);
  await run();
  expect(said).toHaveLength(1);
});
