-- What a clinic's usage is counted in is kept with its position. FND-24, docs/decisions/0194.

drop function if exists app_private.add_to_summary(app_public.usage_records, text);
-- Named after what changes: a tier. Lines keep their kind, plan_change.
-- retired: functions/invoices/plan_change_lines.sql
drop function if exists app_private.plan_change_lines(app_public.organization_subscriptions, app_public.billing_periods);

alter table app_private.usage_positions add column if not exists period tstzrange;
comment on column app_private.usage_positions.period is
  'The billing period in which usage was recorded last, where no other of the clinic overlaps it: usage within it is summed up there without '
  'looking for it. Null once billing periods change.';

-- How often the plan of a subscription is billed may change; a period keeps how it is. BIL-01, docs/decisions/0196.
alter table app_public.billing_periods add column if not exists cadence text;
comment on column app_public.billing_periods.cadence is
  E'@behavior -*\nHow the price of the plan is billed for it: with the month, or with the year that it belongs to. Null: as the subscription says, '
  'which has never changed then.';
alter table app_public.billing_periods drop constraint if exists billing_periods_cadence_is_known;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.billing_periods add constraint billing_periods_cadence_is_known check (cadence in ('monthly', 'annual'));

-- What is left of a credit when a subscription ends is given back by credit notes, which say of which bill. BIL-05, docs/decisions/0196.
alter table app_public.credit_notes add column if not exists carried_by uuid;
comment on column app_public.credit_notes.carried_by is
  E'@behavior -*\nThe bill that carried over what it gives back, where the subscription ended before another bill took it off.';
alter table app_public.credit_notes drop constraint if exists credit_notes_carried_by_fkey;
-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
alter table app_public.credit_notes add constraint credit_notes_carried_by_fkey
  foreign key (organization_id, carried_by) references app_public.period_bills (organization_id, id) on delete restrict;
comment on constraint credit_notes_carried_by_fkey on app_public.credit_notes is '@behavior -*';
-- squawk-ignore require-concurrent-index-creation
create index if not exists credit_notes_carried_by_idx on app_public.credit_notes (organization_id, carried_by);

-- It answers one column more.
drop function if exists app_public.billing_overview(uuid, int, boolean, text, text);
