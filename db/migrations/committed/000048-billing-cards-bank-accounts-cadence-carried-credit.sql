--! Previous: sha1:e76171c3a7d1af686d811286196c665db668299d
--! Hash: sha1:c2e48ed54d4fd60be5444a0290772283cec49921
--! Message: Billing: cards, bank accounts, cadence, carried credit

--! split: 100-billing_rest.sql
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

--! split: 110-billing_pages.sql
-- What pages and vendors of billing need of tables: credit notes are followed at the tax office as invoices are (0198), the card that a
-- clinic entered is shown by its brand and last four digits (0197), and the platform's own bank accounts are rows (0199).

alter table app_public.credit_notes
  add column if not exists tax_state text not null default 'not_applicable',
  add column if not exists tax_upload_id text,
  add column if not exists tax_sent_at timestamptz,
  add column if not exists tax_deadline_on date,
  add column if not exists tax_checked_at timestamptz,
  add column if not exists tax_error text;
alter table app_public.credit_notes drop constraint if exists credit_notes_tax_state_is_known_here;
-- In another order than the invoices': lists that are the same are one enum, and frontends know InvoiceTaxState.
-- squawk-ignore constraint-missing-not-valid
alter table app_public.credit_notes add constraint credit_notes_tax_state_is_known_here
  check (tax_state in ('queued', 'sent', 'accepted', 'rejected', 'unknown', 'not_applicable'));
-- squawk-ignore require-concurrent-index-creation
create index if not exists credit_notes_tax_idx on app_public.credit_notes (tax_deadline_on) where tax_state in ('queued', 'sent', 'unknown');
comment on constraint credit_notes_tax_state_is_known_here on app_public.credit_notes is
  E'not_applicable: No tax office takes it by itself.\nqueued: It is to be sent to the tax office.\nsent: The tax office has it.\naccepted: The tax office accepted it.\nrejected: The tax office refused it.\nunknown: The tax office did not say.';
comment on column app_public.credit_notes.tax_state is 'How it stands at the tax office.';
comment on column app_public.credit_notes.tax_deadline_on is 'By which day it has to be at the tax office; null where no law says one.';

-- Those that FGO has sent on already are followed from now on.
set local role app_engine;
update app_public.credit_notes as note set
  tax_state = case note.provider_state when 'issued' then 'sent' else 'queued' end,
  tax_sent_at = case note.provider_state when 'issued' then note.issued_at end,
  tax_deadline_on = app_private.tax_deadline(
    invoices.billed_to ->> 'country', (note.issued_at at time zone subscription.timezone)::date)
from app_public.invoices
join app_public.organization_subscriptions as subscription
  on subscription.organization_id = invoices.organization_id and subscription.id = invoices.subscription_id
where invoices.organization_id = note.organization_id and invoices.id = note.invoice_id and invoices.provider = 'fgo'
  and note.tax_state = 'not_applicable';
reset role;

-- One mechanism for both kinds of documents: they are named by their kind and id.
drop function if exists app_hidden.record_tax_state(uuid, text, text, text);
drop function if exists app_hidden.documents_to_check(int);
drop function if exists app_hidden.tax_uploads_of(uuid[]);

-- squawk-ignore require-concurrent-index-creation
create index if not exists organization_subscriptions_customer_idx
  on app_public.organization_subscriptions (provider, provider_customer_id) where provider_customer_id is not null;
-- squawk-ignore ban-drop-table
drop table if exists app_public.payment_cards;
create table app_public.payment_cards (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  subscription_id uuid not null,
  provider_card_id text,
  brand text,
  last_four text,
  entered_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint payment_cards_identity unique (organization_id, id),
  constraint payment_cards_one_of_a_subscription unique (organization_id, subscription_id),
  constraint payment_cards_subscription_fkey foreign key (organization_id, subscription_id)
    references app_public.organization_subscriptions (organization_id, id) on delete cascade,
  constraint payment_cards_is_whole check (num_nulls(provider_card_id, brand, last_four) in (0, 3)),
  constraint payment_cards_brand_is_short check (length(brand) <= 40),
  constraint payment_cards_last_four_are_digits check (last_four ~ '^[0-9]{4}$')
);
comment on table app_public.payment_cards is
  'The card that pays a subscription, as far as people are shown it; the card itself is the payment provider''s alone.';
comment on column app_public.payment_cards.brand is 'Its brand, as the payment provider calls it; null once the card was taken away.';
comment on column app_public.payment_cards.last_four is 'Its last four digits; null once the card was taken away.';
comment on column app_public.payment_cards.entered_at is 'When it was entered, by the payment provider''s clock.';

-- squawk-ignore ban-drop-table
drop table if exists app_public.platform_bank_accounts;
create table app_public.platform_bank_accounts (
  currency char(3) primary key,
  holder text not null,
  iban text not null,
  bank text not null,
  bic text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint platform_bank_accounts_currency_is_a_code check (currency ~ '^[A-Z]{3}$'),
  constraint platform_bank_accounts_holder_is_short check (length(holder) between 1 and 200),
  constraint platform_bank_accounts_bank_is_short check (length(bank) between 1 and 200),
  constraint platform_bank_accounts_iban_has_its_shape check (iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'),
  constraint platform_bank_accounts_bic_has_its_shape check (bic ~ '^[A-Z0-9]{8}([A-Z0-9]{3})?$')
);
comment on table app_public.platform_bank_accounts is
  'Where clinics that pay by bank transfer send money, one account a currency. Invoices and the billing page show it.';
comment on column app_public.platform_bank_accounts.currency is 'The currency of the invoices that are paid to it.';
comment on column app_public.platform_bank_accounts.holder is 'In whose name it is.';
comment on column app_public.platform_bank_accounts.iban is 'Its IBAN, without spaces.';
comment on column app_public.platform_bank_accounts.bank is 'At which bank it is.';
comment on column app_public.platform_bank_accounts.bic is 'The BIC of that bank, for transfers from abroad.';

--! split: 120-ai_cost_between.sql
-- Two files defined app_private.ai_cost_between(), and the one that ran last read each call's record, though ai_calls_by_time_idx has
-- all that is asked. functions/metering/usage_between.sql is the one that stays, and defines it again.
-- retired: functions/metering/ai_cost_between.sql
drop function if exists app_private.ai_cost_between(uuid, text, tstzrange, bigint, bigint);

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/identity/organization_ids_where.sql
-- The permission check, in the form that policies use: once per query, as an array. FND-04.

set role app_engine;

create or replace function app_hidden.organization_ids_where(permission text) returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(distinct memberships.organization_id), '{}')
  from app_public.memberships
  join app_public.principals on principals.id = memberships.human_id and principals.disabled_at is null
  join app_public.organizations on organizations.id = memberships.organization_id and organizations.deleted_at is null
  join app_public.membership_roles
    on membership_roles.organization_id = memberships.organization_id
   and membership_roles.membership_id = memberships.id
  join app_public.role_permissions
    on role_permissions.organization_id = membership_roles.organization_id
   and role_permissions.role_id = membership_roles.role_id
   and role_permissions.permission = organization_ids_where.permission
  where memberships.human_id = (select app_hidden.current_principal_id())
    and memberships.ended_at is null
    and ((select app_hidden.current_organization_id()) is null
         or memberships.organization_id = (select app_hidden.current_organization_id()));
end;

comment on function app_hidden.organization_ids_where is
  'Clinics where one of the caller''s roles allows this permission, narrowed to the one the request names.';
grant execute on function app_hidden.organization_ids_where to app_member, app_anonymous;

reset role;
-- end of source: functions/identity/organization_ids_where.sql

-- source: functions/patients/current_human_patient_profile_ids.sql
-- The people the caller may act for: themselves, and those they care for while the link lasts. FND-07.

set role app_engine;

create or replace function app_hidden.current_human_patient_profile_ids() returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(profile.id), '{}')
  from (
    select patient_profiles.id
    from app_public.patient_profiles
    where patient_profiles.human_id = (select app_hidden.current_principal_id())
    union
    select caregivers.patient_profile_id
    from app_public.caregivers
    where caregivers.human_id = (select app_hidden.current_principal_id())
      and caregivers.revoked_at is null
      -- The law that sets the age is Romanian, so its days are.
      and (caregivers.ends_on is null or caregivers.ends_on > (app_hidden.now() at time zone 'Europe/Bucharest')::date)
  ) as profile
  where exists (
    select from app_public.principals
    where principals.id = (select app_hidden.current_principal_id()) and principals.disabled_at is null
  );
end;

comment on function app_hidden.current_human_patient_profile_ids is
  'Patient profiles the caller may act for. Every patient-side policy is driven by it.';
grant execute on function app_hidden.current_human_patient_profile_ids to app_member, app_anonymous;

reset role;
-- end of source: functions/patients/current_human_patient_profile_ids.sql

-- source: functions/patients/current_patient_organization_ids.sql
-- Where the caller, or someone they care for, is a patient. A deleted patient is none, and a deleted clinic nobody's. FND-07, SPC-05.

set role app_engine;

create or replace function app_hidden.current_patient_organization_ids() returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(distinct patients.organization_id), '{}')
  from app_public.patients
  join app_public.organizations on organizations.id = patients.organization_id and organizations.deleted_at is null
  where patients.patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[])
    and patients.deleted_at is null
    and ((select app_hidden.current_organization_id()) is null
         or patients.organization_id = (select app_hidden.current_organization_id()));
end;

comment on function app_hidden.current_patient_organization_ids is
  'Clinics of which the caller, or a person they care for, is a patient, narrowed to the one the request names.';
grant execute on function app_hidden.current_patient_organization_ids to app_member, app_anonymous;

reset role;
-- end of source: functions/patients/current_patient_organization_ids.sql

-- source: functions/identity/current_staff_organization_ids.sql
-- Where the caller works. Policies compare with it once per query. FND-04, FND-05.

set role app_engine;

create or replace function app_hidden.current_staff_organization_ids() returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(memberships.organization_id), '{}')
  from app_public.memberships
  join app_public.principals on principals.id = memberships.human_id and principals.disabled_at is null
  join app_public.organizations on organizations.id = memberships.organization_id and organizations.deleted_at is null
  where memberships.human_id = (select app_hidden.current_principal_id())
    and memberships.ended_at is null
    and ((select app_hidden.current_organization_id()) is null
         or memberships.organization_id = (select app_hidden.current_organization_id()));
end;

comment on function app_hidden.current_staff_organization_ids is
  'Clinics where the caller is a member, narrowed to the one the request names.';
grant execute on function app_hidden.current_staff_organization_ids to app_member, app_anonymous;

reset role;
-- end of source: functions/identity/current_staff_organization_ids.sql

-- source: functions/scheduling/write_claim.sql
-- The row of a claim at its time, new or moved. Nothing here checks for a free slot and then trusts it: no row back means
-- that the time is taken. SCH-06. A step of occupy.

create or replace function app_private.write_claim(draft app_private.time_claims) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  -- The second attempt is for a time that only an expired hold blocked.
  for v_attempt in 1..2 loop
    if draft.id is null then
      insert into app_private.time_claims
        (organization_id, specialist_id, calendar_id, kind, during, blocked, expires_at, token_hash, visitor_id, address,
         created_by, created_at, counted_at, session_id, seat, capacity)
      values
        (draft.organization_id, draft.specialist_id, draft.calendar_id, draft.kind, draft.during, draft.blocked,
         draft.expires_at, draft.token_hash, draft.visitor_id, draft.address, draft.created_by, app_hidden.now(),
         draft.counted_at, draft.session_id, draft.seat, draft.capacity)
      on conflict do nothing
      returning * into v_claim;
    else
      begin
        update app_private.time_claims as tc
        set calendar_id = draft.calendar_id, specialist_id = draft.specialist_id,
            during = draft.during, blocked = draft.blocked,
            session_id = draft.session_id, seat = draft.seat, released_at = null
        where tc.id = draft.id
        returning tc.* into v_claim;
      exception when exclusion_violation or unique_violation then
        v_claim := null;
      end;
    end if;
    exit when v_claim.id is not null
      or app_private.release_expired_holds(draft.specialist_id, draft.blocked) = 0;
  end loop;
  return v_claim;
end;
$$;

comment on function app_private.write_claim is 'Inserts a claim without id, or moves the one with it; null when its time is taken.';

grant execute on function app_private.write_claim to app_engine;
-- end of source: functions/scheduling/write_claim.sql

-- source: functions/identity/current_account_id.sql
-- The caller as policies about one's own rows ask for it: a closed account owns nothing any more, inside a request
-- that is under way too. FND-03.

set role app_engine;

create or replace function app_hidden.current_account_id() returns uuid
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select principals.id
  from app_public.principals
  where principals.id = (select app_hidden.current_principal_id()) and principals.disabled_at is null;
end;

comment on function app_hidden.current_account_id is
  'The signed-in principal while the account is open; null once it is closed, and for a visitor.';
grant execute on function app_hidden.current_account_id to app_member, app_anonymous;

reset role;
-- end of source: functions/identity/current_account_id.sql

-- source: functions/scheduling/count_assignment.sql
-- The round robin moves when a booking is made, not when a time is held: who only looks costs nobody a turn. SCH-04.

create or replace function app_private.count_assignment(claim_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  perform app_private.lock_claims(array[claim_id]);
  update app_private.time_claims as tc
  set counted_at = app_hidden.now()
  where tc.id = count_assignment.claim_id and tc.counted_at is null
  returning * into v_claim;

  if found then
    perform app_private.count_turn(v_claim);
  end if;
end;
$$;

comment on function app_private.count_assignment is
  'Counts a claim in its calendar''s round robin, once however often it is called.';

grant execute on function app_private.count_assignment to app_engine;

create or replace function app_private.count_turn(claim app_private.time_claims) returns void
language sql volatile
set search_path = ''
begin atomic
  update app_private.specialist_assignment_tracking as t
  set assigned_count = t.assigned_count + 1,
      last_assigned_at = greatest(t.last_assigned_at, app_hidden.now())
  where t.organization_id = (count_turn.claim).organization_id
    and t.calendar_id = (count_turn.claim).calendar_id
    and t.specialist_id = (count_turn.claim).specialist_id;
end;

comment on function app_private.count_turn is
  'One turn more for the specialist of a claim that becomes counted in this transaction. A step of count_assignment and claim_in.';

grant execute on function app_private.count_turn to app_engine;
-- end of source: functions/scheduling/count_assignment.sql

-- source: functions/appointments/book.sql
-- The one place where an appointment is made, whoever books: a patient what they held, front desk directly, the clinic that
-- confirms a request. The verb has authorized, locked the patient, and brings the claim, which is an appointment's already,
-- with what only it knows: the patient, the request, a contact that is not the patient's own, a plan, rules that were set aside.
-- What follows from calendar, service, patient and clinic is filled here, and stays as it is at this moment: the price,
-- and what the clinic's policy promises. Turns before plans, as whatever gives both back; the gate last, so that a session which
-- is not there is told with all else. APT-01, APT-02, APT-03, APT-06, CAT-04.

create or replace function app_private.book(
  claim app_private.time_claims,
  draft app_public.appointments,
  use_plan boolean default null
) returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_from_request boolean := draft.booking_request_id is not null;
  v_by_plan boolean;
  v_appointment app_public.appointments;
begin
  select
    coalesce(draft.id, uuidv7()), claim.organization_id, calendars.id, services.id, claim.specialist_id, claim.id,
    lower(claim.during), upper(claim.during), calendars.modality,
    coalesce(draft.price_amount, calendars.price_amount, services.price_amount), coalesce(draft.currency, services.currency),
    case when v_from_request then draft.contact_email else profile.email end,
    case when v_from_request then draft.contact_name else profile.given_name || ' ' || profile.family_name end,
    case when v_from_request then draft.locale else profile.locale end,
    case when v_from_request then draft.organizer_email else organizations.contact_email end,
    coalesce(policy.cancel_minutes, 0), coalesce(policy.late_cancel, 'allowed'), coalesce(policy.late_cancel_session, 'kept'),
    coalesce(policy.reschedule_minutes, 0), policy.reschedule_limit, coalesce(policy.no_show_session, 'kept')
  into strict
    draft.id, draft.organization_id, draft.calendar_id, draft.service_id, draft.specialist_id, draft.claim_id,
    draft.starts_at, draft.ends_at, draft.modality,
    draft.price_amount, draft.currency,
    draft.contact_email, draft.contact_name, draft.locale, draft.organizer_email,
    draft.cancel_minutes, draft.late_cancel, draft.late_cancel_session,
    draft.reschedule_minutes, draft.reschedule_limit, draft.no_show_session
  from app_public.calendars
  join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
  join app_public.organizations on organizations.id = calendars.organization_id
  join app_public.patient_profiles as profile on profile.id = draft.patient_profile_id
  left join app_public.booking_policies as policy
    on policy.organization_id = calendars.organization_id
    and case when calendars.booking_policy_id is null then policy.is_default else policy.id = calendars.booking_policy_id end
  where calendars.organization_id = claim.organization_id and calendars.id = claim.calendar_id;

  if claim.counted_at is null then
    perform app_private.count_assignment(claim.id);
  end if;
  draft.patient_service_plan_id := app_private.choose_plan(draft, use_plan);
  v_by_plan := coalesce(use_plan, false) or draft.patient_service_plan_id is not null;
  if v_by_plan then
    draft := app_private.use_session(draft);
  end if;
  draft := app_private.pass_gate(draft, v_by_plan);

  insert into app_public.appointments (
    id, organization_id, patient_profile_id, calendar_id, service_id, specialist_id, booking_request_id, claim_id,
    starts_at, ends_at, modality, price_amount, currency, contact_email, contact_phone, contact_name, locale,
    organizer_email, created_by, override_reason, overridden_rules, cancel_minutes, late_cancel, late_cancel_session,
    reschedule_minutes, reschedule_limit, no_show_session, patient_service_plan_id, plan_session_number, series_id
  ) values (
    draft.id, draft.organization_id, draft.patient_profile_id, draft.calendar_id, draft.service_id, draft.specialist_id,
    draft.booking_request_id, draft.claim_id, draft.starts_at, draft.ends_at, draft.modality, draft.price_amount,
    draft.currency, draft.contact_email, draft.contact_phone, draft.contact_name, draft.locale,
    draft.organizer_email, app_private.current_actor_id(), draft.override_reason, draft.overridden_rules,
    draft.cancel_minutes, draft.late_cancel, draft.late_cancel_session, draft.reschedule_minutes, draft.reschedule_limit,
    draft.no_show_session, draft.patient_service_plan_id, draft.plan_session_number, draft.series_id
  )
  returning * into v_appointment;
  return v_appointment;
end;
$$;

comment on function app_private.book is
  'Makes an appointment of a claim and a draft: fills in what follows from calendar, service and clinic, counts the turn, '
  'uses a session of a plan, asks the gate. The caller has authorized and locked the patient.';
grant execute on function app_private.book to app_engine;
-- end of source: functions/appointments/book.sql

-- source: functions/subscriptions/require_not_suspended.sql
-- Nothing new begins at a clinic whose subscription is suspended or has ended: no booking, no plan, no message that is about neither. What
-- is under way goes on, and is read, exported and paid for. A clinic that never began a subscription is no customer yet, and is not asked.
-- No lock: what begins in the moment of the suspension stands. BIL-05, docs/decisions/0177.

create or replace function app_private.is_suspended(organization_id uuid) returns boolean
language sql stable
set search_path = ''
begin atomic
  select coalesce((
    select subscriptions.status in ('suspended', 'canceled')
    from app_public.organization_subscriptions as subscriptions
    where subscriptions.organization_id = is_suspended.organization_id
      and subscriptions.anchor_on is not null
    order by subscriptions.id desc
    limit 1
  ), false);
end;

comment on function app_private.is_suspended is
  'Whether the subscription of a clinic that began last is suspended or has ended.';
grant execute on function app_private.is_suspended to app_engine;

create or replace function app_private.require_not_suspended(organization_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if app_private.is_suspended(organization_id) then
    perform app_hidden.refuse('STATE', 'clinic_suspended');
  end if;
end;
$$;

comment on function app_private.require_not_suspended is
  'Whoever begins something new at a clinic asks it; STATE clinic_suspended.';
grant execute on function app_private.require_not_suspended to app_engine;

-- Who is signed in moves what is booked to a time of the listing; a visitor looks for a new one.
create or replace function app_private.require_listed(organization_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if app_hidden.current_principal_id() is null then
    perform app_private.require_not_suspended(require_listed.organization_id);
  end if;
end;
$$;

comment on function app_private.require_listed is
  'Whoever lists free times asks it: visitors see none at a clinic that takes no bookings; STATE clinic_suspended.';
grant execute on function app_private.require_listed to app_engine;
-- end of source: functions/subscriptions/require_not_suspended.sql

-- source: functions/scheduling/occupy.sql
-- A claim takes a free start: a new one, or one that goes there from another time. The exclusion constraint decides, and no
-- row means that somebody has it. In a calendar of groups it takes a seat of the session, which it opens if there is none.
-- Rooms and equipment are taken with it. SCH-02, SCH-06, SCH-11.
-- A step of verbs that have locked the days of the start, and the clinic's rooms where the calendar needs any. A claim that
-- goes from another time has left that.

create or replace function app_private.occupy(
  calendar app_public.calendars,
  free app_private.free_start,
  draft app_private.time_claims,
  needs_resources boolean
) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_draft app_private.time_claims := draft;
  v_session app_private.time_claims;
  v_seats_of uuid;
  v_resource_ids uuid[];
  v_claim app_private.time_claims;
begin
  v_draft.organization_id := calendar.organization_id;
  v_draft.specialist_id := free.specialist_id;
  v_draft.calendar_id := calendar.id;
  v_draft.during := tstzrange(free.starts_at, free.ends_at);
  v_draft.blocked := free.blocked;
  v_draft.session_id := null;
  v_draft.seat := null;

  if calendar.capacity > 1 then
    perform app_private.release_expired_holds(free.specialist_id, free.blocked);
    select tc.* into v_session
    from app_private.time_claims as tc
    where tc.id = app_private.session_at(calendar.id, free);
  end if;
  if needs_resources and v_session.id is null then
    v_resource_ids := app_private.free_resources(calendar.organization_id, calendar.id, free.blocked);
    if v_resource_ids is null then
      return null;
    end if;
  end if;

  if calendar.capacity > 1 and v_session.id is null then
    v_session := v_draft;
    v_session.id := null;
    v_session.kind := 'session';
    v_session.token_hash := null;
    v_session.visitor_id := null;
    v_session.address := null;
    v_session.counted_at := null;
    v_session.capacity := calendar.capacity;
    v_session := app_private.write_claim(v_session);
    if v_session.id is null then
      return null;
    end if;
    perform app_private.take_resources(v_session, v_resource_ids);
  end if;
  if v_session.id is not null then
    v_draft.session_id := v_session.id;
    v_draft.blocked := v_session.blocked;
    v_draft.seat := (
      select min(n)
      from generate_series(1, v_session.capacity) as n
      where not exists (
        select from app_private.time_claims as seat
        where seat.organization_id = v_session.organization_id and seat.session_id = v_session.id
          and seat.seat = n and seat.released_at is null));
    if v_draft.seat is null then
      return null;
    end if;
  end if;

  v_claim := app_private.write_claim(v_draft);
  if v_claim.id is null then
    return null;
  end if;
  if v_session.id is not null then
    perform app_private.settle_sessions(array[v_session.id]);
  else
    perform app_private.take_resources(v_claim, v_resource_ids);
  end if;
  return v_claim;
end;
$$;

comment on function app_private.occupy is
  'The claim at its new time, with seat, rooms and equipment; null when somebody has the time or the last seat or room.';

grant execute on function app_private.occupy to app_engine;
-- end of source: functions/scheduling/occupy.sql

-- source: functions/scheduling/claim_slot.sql
-- Books a time directly, without a hold before it: the front desk on the phone, a signed-in patient. SCH-06, APT-01.
-- The caller has checked permission, and records the reason for an override.

create or replace function app_private.claim_slot(
  calendar_id uuid,
  starts_at timestamptz,
  specialist_id uuid,
  kind text,
  override boolean default false
) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
begin
  if claim_slot.kind is null or claim_slot.kind not in ('request', 'appointment') then
    perform app_hidden.refuse('VALIDATION', 'claim_kind_invalid', '{"rule": "claim_kind_invalid"}');
  end if;
  return app_private.claim_in(
    app_private.visible_calendar(claim_slot.calendar_id), claim_slot.starts_at, claim_slot.specialist_id, claim_slot.kind,
    override);
end;
$$;

comment on function app_private.claim_slot is
  'Takes a start for a request or an appointment; the specialist by strategy when none is named. '
  'override sets notice, horizon, hours and grid aside, never another claim.';

grant execute on function app_private.claim_slot to app_engine;

-- counted is for who books this one time and nothing else: the row of the claim is written once, its turn counted with it.
-- Whoever takes several times counts them when all are taken, in one order (count_assignment).
create or replace function app_private.claim_in(
  calendar app_public.calendars,
  starts_at timestamptz,
  specialist_id uuid,
  kind text,
  override boolean,
  counted boolean default false
) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_draft app_private.time_claims;
begin
  perform app_private.require_choice(calendar, claim_in.specialist_id);
  perform app_private.lock_to_book(calendar, claim_in.specialist_id);
  v_draft.kind := claim_in.kind;
  v_draft.created_by := app_hidden.current_principal_id();
  v_draft.counted_at := case when counted then app_hidden.now() end;
  v_draft := app_private.place_claim(calendar, claim_in.starts_at, claim_in.specialist_id, v_draft, override);
  if counted then
    perform app_private.count_turn(v_draft);
  end if;
  return v_draft;
end;
$$;

comment on function app_private.claim_in is
  'Takes a start in a calendar that the caller may see, as claim_slot does; counted: the turn is counted with it.';

grant execute on function app_private.claim_in to app_engine;
-- end of source: functions/scheduling/claim_slot.sql

-- source: functions/appointments/book_directly.sql
-- Somebody stands at the desk, or is on the telephone: front desk books a time without holding it first. Notice, hours,
-- closings and the grid are the clinic's own rules and give way to a reason, which is kept with the appointment and its
-- first move; another claim never does. APT-01, SCH-06.

set role app_engine;

create or replace function app_public.book_directly(
  calendar_id uuid,
  starts_at timestamptz,
  patient_profile_id uuid,
  specialist_id uuid default null,
  override_reason text default null,
  use_plan boolean default null,
  patient_service_plan_id uuid default null
) returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
-- Planned once per connection, and so is every step that it calls: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_remembered jsonb := app_private.remembered('book_directly', jsonb_build_array(
    calendar_id, starts_at, patient_profile_id, specialist_id, override_reason, use_plan, patient_service_plan_id));
  v_calendar app_public.calendars;
  v_override boolean;
  v_claim app_private.time_claims;
  v_draft app_public.appointments;
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    perform app_private.require_permission((v_remembered ->> 'organization_id')::uuid, 'appointments.manage');
    perform app_private.require_to_book((v_remembered ->> 'organization_id')::uuid, book_directly.patient_profile_id);
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_calendar := app_private.visible_calendar(book_directly.calendar_id);
  perform app_private.require_permission(v_calendar.organization_id, 'appointments.manage');
  perform app_private.require_not_suspended(v_calendar.organization_id);
  v_override := app_private.may_override(v_calendar.organization_id, override_reason);
  perform app_private.require_to_book(v_calendar.organization_id, book_directly.patient_profile_id);

  v_claim := app_private.claim_in(
    v_calendar, book_directly.starts_at, book_directly.specialist_id, 'appointment', v_override, true);
  if v_override then
    select v.rules into v_draft.overridden_rules
    from app_private.verdicts(v_calendar.id, book_directly.starts_at, v_claim.specialist_id, v_claim.id) as v;
  end if;

  v_draft.patient_service_plan_id := book_directly.patient_service_plan_id;
  v_draft.patient_profile_id := book_directly.patient_profile_id;
  v_draft.override_reason := book_directly.override_reason;
  v_appointment := app_private.book(v_claim, v_draft, use_plan);
  perform app_private.remember('book_directly', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.book_directly is
  'Books a time for a patient of the clinic without a hold: a walk-in, a call. Needs appointments.manage. overrideReason '
  'sets notice, horizon, hours, closings and the grid aside and is kept with the appointment; a walk-in may be entered up '
  'to an hour after its start. SLOT_TAKEN whatever the reason; VALIDATION names the rule.';
grant execute on function app_public.book_directly to app_member;

reset role;
-- end of source: functions/appointments/book_directly.sql

-- source: functions/identity/is_superadmin.sql
-- Platform staff. They run the platform; nothing of a patient is theirs to see. FND-02, FND-04.

set role app_engine;

create or replace function app_hidden.is_superadmin() returns boolean
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select exists (
    select from app_public.principals
    where principals.id = (select app_hidden.current_principal_id())
      and principals.platform_role = 'superadmin'
      and principals.disabled_at is null
  );
end;

comment on function app_hidden.is_superadmin is 'Whether the caller is a platform superadmin.';
grant execute on function app_hidden.is_superadmin to app_member, app_anonymous;

reset role;
-- end of source: functions/identity/is_superadmin.sql

-- source: functions/audit/set_aside.sql
-- A transaction that writes into several chains: what is open in one waits while another is written to. FND-09.
-- One setting for each chain with a line for each of its seals, so that as many chains as there are cost no more each; which of
-- them there are stands in audit.aside. A seal that is taken up again stays in its line, which the next time replaces.

create or replace function audit.set_aside(seal text, scope_id uuid, seconds text) returns text
language plpgsql volatile
set search_path = ''
as $$
declare
  v_slot text := 'audit.open_' || replace(split_part(set_aside.seal, '|', 1), '-', '');
  v_seals text[] := string_to_array(nullif(pg_catalog.current_setting(v_slot, true), ''), E'\n');
  v_last text := v_seals[cardinality(v_seals)];
begin
  if v_seals is null then
    perform pg_catalog.set_config(
      'audit.aside', concat_ws(' ', nullif(pg_catalog.current_setting('audit.aside', true), ''), v_slot), true);
  end if;
  if split_part(v_last, '|', 2) = split_part(set_aside.seal, '|', 2) then
    v_seals := trim_array(v_seals, 1);
  end if;
  perform pg_catalog.set_config(v_slot, array_to_string(v_seals || set_aside.seal, E'\n'), true);

  v_last := split_part(
    pg_catalog.current_setting('audit.open_' || replace(set_aside.scope_id::text, '-', ''), true), E'\n', -1);
  return case when split_part(v_last, '|', 5) = set_aside.seconds then v_last end;
end;
$$;

comment on function audit.set_aside is
  'Sets the open seal aside; the one that is open in this other chain, or at this other time, or null when there is none.';

grant execute on function audit.set_aside to app_engine;

create or replace function audit.take_seals(seal text) returns text[]
language plpgsql volatile
set search_path = ''
as $$
declare
  v_slots text[];
  v_seals text[];
begin
  perform audit.set_aside(take_seals.seal, null, null);
  v_slots := string_to_array(pg_catalog.current_setting('audit.aside'), ' ');
  v_seals := array(
    select held.line
    from unnest(v_slots) as slot
    cross join lateral string_to_table(pg_catalog.current_setting(slot), E'\n') with ordinality as held (line, place)
    order by slot, held.place);
  perform pg_catalog.set_config(slot, '', true) from unnest(v_slots || '{audit.aside}') as slot;
  return v_seals;
end;
$$;

comment on function audit.take_seals is
  'All that is open, the seal written to last included, in the order of the chains; from here on nothing is aside.';

grant execute on function audit.take_seals to app_engine;
-- end of source: functions/audit/set_aside.sql

-- source: functions/audit/append.sql
-- Writes an entry, hashed onto the one before it in this transaction and chain. FND-08, FND-09.
-- No lock and no look at other transactions: what is open stands in transaction-local settings, which go back with a
-- savepoint exactly as the entries do. The commit seals what is open (tg_entries__seal).
-- Every audited write pays for this function, and nearly every transaction writes into one chain: the setting audit.open
-- holds the seal that was written to last, and another chain sets it aside (docs/decisions/0202).

create or replace function audit.append(
  organization_id uuid,
  action text,
  table_name text,
  row_key text,
  person_id uuid,
  changed text[],
  old jsonb,
  new jsonb
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  -- 'chain|seal|entries|hash of the last, in hex|time in seconds'
  v_open text := pg_catalog.current_setting('audit.open', true);
  v_id uuid := uuidv7();
  v_now timestamptz := app_hidden.now();
  v_scope_id uuid := coalesce(append.organization_id, '00000000-0000-0000-0000-000000000000');
  v_seal_id uuid := v_id;
  v_position int := 1;
  v_previous bytea;
  v_actor_id uuid := nullif(pg_catalog.current_setting('app.principal_id', true), '');
  v_impersonator_id uuid := nullif(pg_catalog.current_setting('app.impersonator_id', true), '');
  v_request_id text := nullif(pg_catalog.current_setting('app.request_id', true), '');
  v_ip text := nullif(pg_catalog.current_setting('app.ip', true), '');
  v_user_agent text := nullif(pg_catalog.current_setting('app.user_agent', true), '');
  v_key bytea := extensions.gen_random_bytes(32);
  v_digest bytea := audit.entry_digest(append.old, append.new, v_ip, v_user_agent, v_key);
  v_bytes bytea;
  v_hash bytea;
begin
  -- All of a seal is of one time, and so of one month, also where a test moves the clock between two statements.
  if v_open <> '' then
    if not starts_with(v_open, v_scope_id::text) or split_part(v_open, '|', 5) <> extract(epoch from v_now)::text then
      v_open := audit.set_aside(v_open, v_scope_id, extract(epoch from v_now)::text);
    end if;
    if v_open <> '' then
      v_seal_id := split_part(v_open, '|', 2);
      v_position := split_part(v_open, '|', 3)::int + 1;
      v_previous := decode(split_part(v_open, '|', 4), 'hex');
    end if;
  end if;
  if v_position = 1 and not audit.month_is_open(v_now) then
    perform audit.open_month(v_now);
  end if;
  if v_actor_id is null then
    v_actor_id := app_private.current_actor_id();
  end if;

  v_bytes := audit.entry_bytes(
    v_previous, v_seal_id, v_position, v_id, append.organization_id, v_now, v_actor_id, v_impersonator_id, session_user,
    v_request_id, append.action, append.table_name, append.row_key, append.person_id, append.changed, v_digest);
  v_hash := sha256(v_bytes);
  -- Before the row is written: with constraints immediate, the insert seals at once.
  v_open := pg_catalog.set_config(
    'audit.open', concat_ws('|', v_scope_id, v_seal_id, v_position, encode(v_hash, 'hex'), extract(epoch from v_now)), true);
  insert into audit.entries
    (id, organization_id, occurred_at, seal_id, "position", actor_id, impersonator_id, session_role, request_id, action,
     table_name, row_key, person_id, changed, old, new, ip, user_agent, key, digest, bytes, hash)
  values
    (v_id, append.organization_id, v_now, v_seal_id, v_position, v_actor_id, v_impersonator_id, session_user, v_request_id,
     append.action, append.table_name, append.row_key, append.person_id, append.changed, append.old, append.new, v_ip,
     v_user_agent, v_key, v_digest, v_bytes, v_hash);
  return v_id;
end;
$$;

comment on function audit.append is
  'Writes an entry of the present caller into the chain of the clinic, or of the platform for null; sealed at commit.';

grant execute on function audit.append to app_engine;
-- end of source: functions/audit/append.sql

-- source: functions/audit/tg_audit.sql
-- The one mechanism: every row of an audited table leaves an entry of what was done to it. FND-08.
-- classify() attaches it and passes what the registry knows, so that a write looks nothing up:
--   0 the column that names the clinic, '' for what is the platform's   1 the key columns that name nobody
--   2 the column that names the person, '' for none                     3 columns whose values are never shown
--   4 key columns that name somebody: always among the values, so that it is known which row it was
-- Times as UTC, whatever the session shows.

set role app_engine;

create or replace function audit.tg_audit() returns trigger
language plpgsql security definer
set search_path = ''
set timezone = 'UTC'
as $$
declare
  v_table constant text := tg_table_schema || '.' || tg_table_name;
  v_key constant text[] := tg_argv[1];
  v_masked constant text[] := tg_argv[3];
  v_naming text;
  v_row jsonb;
  v_was jsonb;
  v_row_key text;
  v_changed text[];
  v_before jsonb;
  v_after jsonb;
  v_id uuid;
begin
  if tg_op = 'UPDATE' then
    v_row := to_jsonb(new);
    v_was := to_jsonb(old);
    select array_agg(now.key),
           coalesce(jsonb_object_agg(now.key, v_was -> now.key) filter (where now.key <> all (v_masked)), '{}'),
           coalesce(jsonb_object_agg(now.key, now.value) filter (where now.key <> all (v_masked)), '{}')
    into v_changed, v_before, v_after
    from jsonb_each(v_row) as now
    where now.value <> v_was -> now.key and now.key <> 'updated_at';
    if v_changed is null then
      return null;
    end if;
  elsif tg_op = 'TRUNCATE' then
    v_id := audit.append(null, 'truncate', v_table, null, null, null, null, null);
    return null;
  else
    v_row := to_jsonb(coalesce(new, old));
    v_changed := array(select held.key from jsonb_each(v_row) as held where held.value <> 'null');
    if tg_op = 'INSERT' then
      v_after := v_row - v_masked;
    else
      v_before := v_row - v_masked;
    end if;
  end if;

  v_row_key := v_row ->> v_key[1];
  if cardinality(v_key) > 1 then
    v_row_key := array_to_string(array(select v_row ->> key.name from unnest(v_key) with ordinality as key (name, place) order by key.place), '/');
  end if;
  if tg_argv[4] <> '{}' then
    foreach v_naming in array tg_argv[4]::text[] loop
      v_before := v_before || jsonb_build_object(v_naming, to_jsonb(old) -> v_naming);
      v_after := v_after || jsonb_build_object(v_naming, v_row -> v_naming);
    end loop;
  end if;

  v_id := audit.append((v_row ->> tg_argv[0])::uuid, app_hidden.ascii_lower(tg_op), v_table, v_row_key, (v_row ->> tg_argv[2])::uuid,
                       v_changed, v_before, v_after);
  return null;
end;
$$;

comment on function audit.tg_audit is
  'Writes an entry per row: changed columns with old and new values, masked ones by name only. An update that '
  'changes nothing but updated_at leaves none. Trigger _500_audit.';
reset role;
-- end of source: functions/audit/tg_audit.sql

-- source: functions/audit/tg_entries__seal.sql
-- Seals what a transaction wrote, at its commit: a link onto the chain of every clinic it touched. FND-09.
-- Deferred, so the chain's end is locked for nothing but this; the first entry of each seal fires it, and the first
-- firing seals all. Chains are locked in the order of their names, so two transactions never wait for each other.
-- After `set constraints all immediate` it runs at once, and what follows opens a new seal.

set role app_engine;

create or replace function audit.tg_entries__seal() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_open text := pg_catalog.current_setting('audit.open', true);
  v_aside text := pg_catalog.current_setting('audit.aside', true);
  v_id uuid := new.seal_id;
  v_scope_id uuid := new.scope_id;
  v_occurred_at timestamptz := new.occurred_at;
  v_entries int;
  v_entries_hash bytea;
  v_seals text[];
  v_looked_at timestamptz;
  v_set text;
begin
  if v_open is null or v_open = '' then
    return null; -- the trigger of an earlier entry sealed them all
  end if;
  if v_aside <> '' or split_part(v_open, '|', 2) <> v_id::text then
    v_seals := audit.take_seals(v_open);
  end if;
  v_set := pg_catalog.set_config('audit.open', '', true);
  loop
    if v_seals is not null then
      v_open := v_seals[1];
      v_seals := v_seals[2:];
      v_scope_id := split_part(v_open, '|', 1);
      v_id := split_part(v_open, '|', 2);
      v_occurred_at := to_timestamp(split_part(v_open, '|', 5)::double precision);
    end if;
    v_entries := split_part(v_open, '|', 3);
    v_entries_hash := decode(split_part(v_open, '|', 4), 'hex');
    loop
      -- The update locks the head and moves it: who waited computes from what it has become. Who looked at the clock
      -- before waiting is not earlier than the seal before.
      v_looked_at := clock_timestamp();
      with head as (
        update audit.heads
        set sequence = heads.sequence + 1,
            sealed_at = greatest(heads.sealed_at, v_looked_at),
            hash = sha256(audit.seal_bytes(
              heads.hash, heads.scope_id, heads.sequence + 1, v_id, v_occurred_at, greatest(heads.sealed_at, v_looked_at),
              v_entries, v_entries_hash))
        where heads.scope_id = v_scope_id
        returning with (old as was) was.hash as previous, heads.sequence, heads.sealed_at, heads.hash
      )
      insert into audit.seals
        (id, scope_id, sequence, occurred_at, sealed_at, entries, entries_hash, bytes, hash)
      select v_id, v_scope_id, head.sequence, v_occurred_at, head.sealed_at, v_entries, v_entries_hash,
             audit.seal_bytes(head.previous, v_scope_id, head.sequence, v_id, v_occurred_at, head.sealed_at, v_entries,
                              v_entries_hash),
             head.hash
      from head;
      exit when found;
      -- The first seal of this clinic. Two at once begin the same chain.
      insert into audit.heads (scope_id, sequence, hash, sealed_at)
      values (v_scope_id, 0, decode(repeat('00', 32), 'hex'), clock_timestamp())
      on conflict on constraint heads_pkey do nothing;
    end loop;
    exit when v_seals is null or v_seals = '{}';
  end loop;
  return null;
end;
$$;

comment on function audit.tg_entries__seal is 'Seals the open entries of the transaction. Trigger _900_seal, deferred.';
reset role;

-- Made once: a constraint trigger cannot be replaced, and dropping it would forget what the migration that runs this file
-- wrote before. A change of it needs the drop in migrations/current, in a migration that writes nothing.
do $$
begin
  if not exists (
    select from pg_catalog.pg_trigger where tgrelid = 'audit.entries'::regclass and tgname = '_900_seal'
  ) then
    create constraint trigger _900_seal after insert on audit.entries
      deferrable initially deferred
      for each row when (new."position" = 1) execute function audit.tg_entries__seal();
  end if;
end
$$;
-- end of source: functions/audit/tg_entries__seal.sql

-- source: functions/identity/current_specialist_ids.sql
-- The caller as a specialist, in every clinic where they are one and still work. SPC-02.

set role app_engine;

create or replace function app_hidden.current_specialist_ids() returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(specialists.id), '{}')
  from app_public.specialists
  where specialists.human_id = (select app_hidden.current_principal_id())
    and specialists.deleted_at is null
    and specialists.organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]);
end;

comment on function app_hidden.current_specialist_ids is 'The caller''s own specialist rows.';
grant execute on function app_hidden.current_specialist_ids to app_member, app_anonymous;

reset role;
-- end of source: functions/identity/current_specialist_ids.sql

-- source: functions/identity/current_colleague_ids.sql
-- Humans whom the caller sees: who works at the caller's clinics. Of who left, the membership keeps the name. FND-04.

set role app_engine;

create or replace function app_hidden.current_colleague_ids() returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(distinct memberships.human_id), '{}')
  from app_public.memberships
  where memberships.organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[])
    and memberships.ended_at is null;
end;

comment on function app_hidden.current_colleague_ids is 'Members of the caller''s clinics.';
grant execute on function app_hidden.current_colleague_ids to app_member, app_anonymous;

reset role;
-- end of source: functions/identity/current_colleague_ids.sql

-- source: functions/invoices/plan_price.sql
-- What a version of a tier costs a subscription for a month, or for a year. BIL-02.

create or replace function app_private.plan_price(
  subscription app_public.organization_subscriptions, tier_version_id uuid
) returns app_public.platform_tier_prices
language plpgsql stable
set search_path = ''
as $$
declare
  v_price app_public.platform_tier_prices;
begin
  select prices.* into v_price
  from app_public.platform_tier_prices as prices
  where prices.tier_version_id = plan_price.tier_version_id
    and prices.currency = subscription.currency
    and prices.tenancy_mode = subscription.tenancy_mode;
  if not found then
    perform app_hidden.refuse('STATE', 'tier_has_no_price', jsonb_build_object(
      'tierVersionId', plan_price.tier_version_id, 'currency', subscription.currency, 'tenancyMode', subscription.tenancy_mode));
  end if;
  return v_price;
end;
$$;

comment on function app_private.plan_price is
  'The prices of a version in the currency and the tenancy of a subscription; STATE tier_has_no_price.';
grant execute on function app_private.plan_price to app_engine;

create or replace function app_private.term_amount(subscription app_public.organization_subscriptions, tier_version_id uuid) returns bigint
language plpgsql stable
set search_path = ''
as $$
declare
  v_price constant app_public.platform_tier_prices := app_private.plan_price(subscription, term_amount.tier_version_id);
begin
  return case subscription.cadence when 'annual' then v_price.annual_amount else v_price.monthly_amount end;
end;
$$;

comment on function app_private.term_amount is 'What a version of a tier costs for a term of a subscription: a month, or a year; in minor units.';
grant execute on function app_private.term_amount to app_engine;
-- end of source: functions/invoices/plan_price.sql

-- source: functions/invoices/subscription_of.sql
-- The subscription of a period as it is billed for it: how often its plan is billed is the period's to say. BIL-02.

create or replace function app_private.subscription_of(period app_public.billing_periods) returns app_public.organization_subscriptions
language plpgsql stable
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  select organization_subscriptions.* into strict v_subscription
  from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = period.organization_id
    and organization_subscriptions.id = period.subscription_id;
  v_subscription.cadence := app_private.cadence_of(v_subscription, period);
  return v_subscription;
end;
$$;

comment on function app_private.subscription_of is 'The subscription of a period, with the cadence of the period.';
grant execute on function app_private.subscription_of to app_engine;

create or replace function app_private.cadence_of(
  subscription app_public.organization_subscriptions, period app_public.billing_periods
) returns text
language sql immutable
set search_path = ''
return coalesce(period.cadence, subscription.cadence);

comment on function app_private.cadence_of is 'How often the plan is billed for a period: monthly or annual.';
grant execute on function app_private.cadence_of to app_engine;
-- end of source: functions/invoices/subscription_of.sql

-- source: functions/invoices/term_of.sql
-- What the price of a plan is for: the month of a period, or the year that it is in. BIL-02.
-- Counted from the anchor day each time, so that 31 January, 28 February and 31 March follow each other.

create or replace function app_private.term_of(
  subscription app_public.organization_subscriptions,
  period app_public.billing_periods,
  out starts_on date,
  out ends_on date
)
language plpgsql stable
set search_path = ''
as $$
declare
  v_monthly int;
  v_before int;
  v_months int;
begin
  if app_private.cadence_of(subscription, period) = 'monthly' then
    starts_on := period.starts_on;
    ends_on := period.ends_on;
    return;
  end if;
  -- Years are counted from the first period that is billed by the year.
  select coalesce(max(billing_periods.position), 0) into v_monthly
  from app_public.billing_periods
  where billing_periods.organization_id = period.organization_id
    and billing_periods.subscription_id = period.subscription_id
    and (billing_periods.is_trial or app_private.cadence_of(subscription, billing_periods) = 'monthly')
    and billing_periods.position < period.position;
  v_before := period.position - v_monthly - 1;
  select billing_periods.starts_on into starts_on
  from app_public.billing_periods
  where billing_periods.organization_id = period.organization_id
    and billing_periods.subscription_id = period.subscription_id
    and billing_periods.position = v_monthly + v_before / 12 * 12 + 1;
  starts_on := coalesce(starts_on, period.starts_on);
  v_months := (extract(year from starts_on) - extract(year from subscription.anchor_on)) * 12
    + extract(month from starts_on) - extract(month from subscription.anchor_on);
  ends_on := case
    when (subscription.anchor_on + make_interval(months => v_months))::date = starts_on
      then subscription.anchor_on + make_interval(months => v_months + 12)
    else starts_on + interval '1 year'
  end;
end;
$$;

comment on function app_private.term_of is 'The first day that the price of the plan is for, and the first that it is not for.';
grant execute on function app_private.term_of to app_engine;
-- end of source: functions/invoices/term_of.sql

-- source: functions/invoices/advance_lines.sql
-- What is billed before a period: the price of the plan where a month or a year begins, and once what setting a dedicated server up
-- costs. BIL-02.

create or replace function app_private.advance_lines(organization_id uuid, period_id uuid, tier_version_id uuid default null)
returns setof app_private.bill_line
language plpgsql stable
set search_path = ''
as $$
declare
  v_period app_public.billing_periods;
  v_subscription app_public.organization_subscriptions;
  v_term record;
  v_version uuid := advance_lines.tier_version_id;
  v_price app_public.platform_tier_prices;
begin
  select billing_periods.* into strict v_period
  from app_public.billing_periods
  where billing_periods.organization_id = advance_lines.organization_id and billing_periods.id = advance_lines.period_id;
  v_subscription := app_private.subscription_of(v_period);
  select term.* into v_term from app_private.term_of(v_subscription, v_period) as term where not v_period.is_trial;
  if v_term.starts_on is distinct from v_period.starts_on then
    return;
  end if;
  v_version := coalesce(v_version, app_private.version_on(v_subscription, v_period.starts_on));
  v_price := app_private.plan_price(v_subscription, v_version);

  return query select * from app_private.plan_line(v_subscription, v_version, v_term.starts_on, v_term.ends_on);
  if v_subscription.tenancy_mode = 'dedicated' and v_price.setup_amount <> 0 and not exists (
    select from app_public.billing_periods
    where billing_periods.organization_id = v_period.organization_id
      and billing_periods.subscription_id = v_period.subscription_id
      and not billing_periods.is_trial
      and billing_periods.position < v_period.position)
  then
    return next row('setup', null, v_version, v_term.starts_on, v_term.starts_on + 1, 1, v_price.setup_amount, v_price.setup_amount, null, null)::app_private.bill_line;
  end if;
end;
$$;

comment on function app_private.advance_lines is
  'The lines that are billed when a period begins, by the version that holds on its first day or by this one. None for a trial, or '
  'within a year that was billed.';
grant execute on function app_private.advance_lines to app_engine;

create or replace function app_private.plan_line(
  subscription app_public.organization_subscriptions, tier_version_id uuid, starts_on date, ends_on date
) returns setof app_private.bill_line
language plpgsql stable
set search_path = ''
as $$
declare
  v_amount constant bigint := app_private.term_amount(subscription, plan_line.tier_version_id);
begin
  if v_amount <> 0 then
    return next row(
      'plan', null, plan_line.tier_version_id, plan_line.starts_on, plan_line.ends_on, 1, v_amount, v_amount, null, null)::app_private.bill_line;
  end if;
end;
$$;

comment on function app_private.plan_line is 'The line that bills the price of a version for a term; none where it costs nothing.';
grant execute on function app_private.plan_line to app_engine;

create or replace function app_private.version_on(subscription app_public.organization_subscriptions, day date) returns uuid
language sql stable
set search_path = ''
as $$
  select days.tier_version_id from app_private.tier_days(subscription, day, day + 1) as days
$$;

comment on function app_private.version_on is 'Which version of a tier a subscription has on a day.';
grant execute on function app_private.version_on to app_engine;
-- end of source: functions/invoices/advance_lines.sql

-- source: functions/metering/usage_between.sql
-- What a bill rests on: usage counted from the records themselves, by when it was used and by when it was told. FND-24, BIL-02.

create or replace function app_private.usage_between(
  organization_id uuid, meter text, during tstzrange, after_position bigint, to_position bigint
) returns numeric
language sql stable
set search_path = ''
begin atomic
  select coalesce(
    case (select meters.aggregation from app_public.meters where meters.key = usage_between.meter)
      when 'sum' then sum(records.quantity)
      when 'count' then count(*)
      when 'max' then max(records.quantity)
      when 'unique' then count(distinct records.subject_id)
      when 'latest' then (array_agg(records.quantity order by records.occurred_at desc, records.position desc))[1]
    end, 0)
  from app_public.usage_records as records
  where records.organization_id = usage_between.organization_id and records.meter = usage_between.meter
    and records.occurred_at >= lower(usage_between.during) and records.occurred_at < upper(usage_between.during)
    and records.position > usage_between.after_position and records.position <= usage_between.to_position;
end;

comment on function app_private.usage_between is
  'Usage of a meter within half-open borders that was recorded after one position and up to another, by the aggregation of the meter.';
grant execute on function app_private.usage_between to app_engine;

-- A call has the time of its record: ai_calls_by_time_idx answers it alone.
create or replace function app_private.ai_cost_between(
  organization_id uuid, currency text, during tstzrange, after_position bigint, to_position bigint
) returns numeric
language sql stable
set search_path = ''
begin atomic
  select coalesce(sum(calls.cost), 0)
  from app_public.ai_calls as calls
  where calls.organization_id = ai_cost_between.organization_id and calls.currency = ai_cost_between.currency
    and calls.occurred_at >= lower(ai_cost_between.during) and calls.occurred_at < upper(ai_cost_between.during)
    and calls.priced_position > ai_cost_between.after_position and calls.priced_position <= ai_cost_between.to_position;
end;

comment on function app_private.ai_cost_between is
  'What AI calls within half-open borders cost, exact and without markup, as far as it was known after one position and up to another.';
grant execute on function app_private.ai_cost_between to app_engine;
-- end of source: functions/metering/usage_between.sql

-- source: functions/invoices/ai_amount.sql
-- What AI calls of a period cost the clinic: the exact costs, each with the markup of the version that held on its day. Not rounded:
-- that happens once, where a line is made of it. BIL-02.

create or replace function app_private.ai_amount(
  subscription app_public.organization_subscriptions, period app_public.billing_periods, to_position bigint
) returns numeric
language sql stable
set search_path = ''
as $$
  select coalesce(sum(
    app_private.ai_cost_between((subscription).organization_id, (subscription).currency, spans.during, 0, to_position)
      * (10000 + versions.ai_markup_basis_points) * 0.0001), 0)
  from app_private.usage_spans(subscription, period) as spans
  join app_public.platform_tier_versions as versions on versions.id = spans.tier_version_id
$$;

comment on function app_private.ai_amount is
  'The costs of AI calls that were known at a position with the markup, exact, in minor units.';
grant execute on function app_private.ai_amount to app_engine;
-- end of source: functions/invoices/ai_amount.sql

-- source: functions/invoices/tier_changes.sql
-- Changes of the tier within a period: the rest of the old price is taken off, and that of the new one added, by days of the term that
-- the price is for. However often the tier changes, the shares add up. BIL-02.

create or replace function app_private.tier_changes_of(
  subscription app_public.organization_subscriptions, period app_public.billing_periods
) returns setof app_private.bill_line
language plpgsql stable
set search_path = ''
as $$
declare
  v_term record;
  v_billed uuid;
  v_span record;
begin
  select term.* into v_term from app_private.term_of(subscription, period) as term;
  -- What the term was billed by in advance, or what held when the period began.
  if v_term.starts_on = period.starts_on then
    select period_bills.tier_version_id into v_billed
    from app_public.period_bills
    where period_bills.organization_id = period.organization_id
      and period_bills.period_id = period.id and period_bills.kind = 'advance';
  else
    select days.tier_version_id into v_billed
    from app_private.tier_days(subscription, period.starts_on - 1, period.starts_on) as days;
  end if;

  for v_span in
    select days.* from app_private.tier_days(subscription, period.starts_on, period.ends_on) as days order by days.starts_on
  loop
    if v_billed <> v_span.tier_version_id then
      return query select * from app_private.tier_change_lines(
        subscription, v_term.starts_on, v_term.ends_on, v_span.starts_on, v_billed, v_span.tier_version_id);
    end if;
    v_billed := v_span.tier_version_id;
  end loop;
end;
$$;

comment on function app_private.tier_changes_of is
  'For each change of the tier in a period what is taken off for the old one and added for the new one.';
grant execute on function app_private.tier_changes_of to app_engine;

create or replace function app_private.tier_change_lines(
  subscription app_public.organization_subscriptions, term_starts_on date, term_ends_on date, day date, from_version_id uuid, to_version_id uuid
) returns setof app_private.bill_line
language plpgsql stable
set search_path = ''
as $$
declare
  v_days constant int := term_ends_on - term_starts_on;
  v_amount bigint;
begin
  v_amount := app_private.rest_of_term(subscription, from_version_id, v_days, day - term_starts_on);
  if v_amount <> 0 then
    return next row('plan_change', null, from_version_id, day, term_ends_on, -1, v_amount, -v_amount, null, null)::app_private.bill_line;
  end if;
  v_amount := app_private.rest_of_term(subscription, to_version_id, v_days, day - term_starts_on);
  if v_amount <> 0 then
    return next row('plan_change', null, to_version_id, day, term_ends_on, 1, v_amount, v_amount, null, null)::app_private.bill_line;
  end if;
end;
$$;

comment on function app_private.tier_change_lines is
  'What is taken off for the version that held until a day of a term, and added for the one that holds from it on.';
grant execute on function app_private.tier_change_lines to app_engine;

create or replace function app_private.rest_of_term(
  subscription app_public.organization_subscriptions, tier_version_id uuid, term_days int, day int
) returns bigint
language plpgsql stable
set search_path = ''
as $$
declare
  v_amount constant bigint := app_private.term_amount(subscription, rest_of_term.tier_version_id);
begin
  return v_amount - app_private.prorated(v_amount, term_days, day);
end;
$$;

comment on function app_private.rest_of_term is 'What of the price of a term is for the days from this one on, in minor units.';
grant execute on function app_private.rest_of_term to app_engine;
-- end of source: functions/invoices/tier_changes.sql

-- source: functions/invoices/bill_lines.sql
-- What a period comes to by the usage up to a position: the very function that bills, and that projects what will be billed. BIL-02.

create or replace function app_private.bill_lines(organization_id uuid, period_id uuid, to_position bigint)
returns setof app_private.bill_line
language plpgsql stable
set search_path = ''
as $$
declare
  v_period app_public.billing_periods;
  v_subscription app_public.organization_subscriptions;
  v_after bigint;
  v_cost numeric;
begin
  select billing_periods.* into strict v_period
  from app_public.billing_periods
  where billing_periods.organization_id = bill_lines.organization_id and billing_periods.id = bill_lines.period_id;
  if v_period.is_trial then
    return;
  end if;
  v_subscription := app_private.subscription_of(v_period);
  v_after := app_private.billed_position(v_period);

  return query select * from app_private.tier_changes_of(v_subscription, v_period);

  return query
  select 'overage', rated.meter, rated.tier_version_id, rated.starts_on, rated.ends_on, rated.over, rated.unit_price, rated.amount,
    0::bigint, bill_lines.to_position
  from app_private.rate_usage(v_subscription, v_period, bill_lines.to_position) as rated
  where rated.amount <> 0
  order by rated.meter, rated.starts_on;

  v_cost := app_private.ai_amount(v_subscription, v_period, bill_lines.to_position);
  if round(v_cost) <> 0 then
    return next row('ai', 'ai_calls', null, v_period.starts_on, v_period.ends_on, 1, trim_scale(v_cost), round(v_cost)::bigint,
                    0, bill_lines.to_position)::app_private.bill_line;
  end if;

  return query select * from app_private.late_lines(v_subscription, v_period, v_after, bill_lines.to_position);
end;
$$;

comment on function app_private.bill_lines is
  'The lines of a period but for the price of the plan, which is billed in advance: changes of the plan, overage, AI calls, and what '
  'became known of earlier periods. None for a trial.';
grant execute on function app_private.bill_lines to app_engine;

create or replace function app_private.billed_position(period app_public.billing_periods) returns bigint
language sql stable
set search_path = ''
as $$
  select coalesce((
    select period_bills.usage_position
    from app_public.billing_periods
    join app_public.period_bills
      on period_bills.organization_id = billing_periods.organization_id
      and period_bills.period_id = billing_periods.id and period_bills.kind = 'period'
    where billing_periods.organization_id = (period).organization_id
      and billing_periods.subscription_id = (period).subscription_id
      and billing_periods.position < (period).position
    order by billing_periods.position desc
    limit 1), 0)
$$;

comment on function app_private.billed_position is 'Up to which position of the usage the periods before this one were billed.';
grant execute on function app_private.billed_position to app_engine;
-- end of source: functions/invoices/bill_lines.sql

-- source: functions/invoices/compare_usage.sql
-- The counters that are kept as usage is recorded say what its records say. Bills are computed from the records; where a counter
-- differs, somebody is told. BIL-02, FND-24.

create or replace function app_private.compare_usage(period app_public.billing_periods, to_position bigint) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.publish('billing_period.usage_differs', period.organization_id, period.id, jsonb_build_object(
    'periodId', period.id, 'meter', summed.meter, 'counted', summed.quantity, 'recorded', summed.recorded))
  from (
    select usage_summaries.meter, usage_summaries.quantity,
      app_private.usage_between(period.organization_id, usage_summaries.meter, period.during, 0, to_position) as recorded
    from app_public.usage_summaries
    where usage_summaries.organization_id = period.organization_id
      and usage_summaries.period_starts_at = lower(period.during)
  ) as summed
  where summed.quantity <> summed.recorded;
end;
$$;

comment on function app_private.compare_usage is
  'Publishes billing_period.usage_differs for each meter whose counter is not what its records come to.';
grant execute on function app_private.compare_usage to app_engine;
-- end of source: functions/invoices/compare_usage.sql

-- source: functions/metering/usage_watermark.sql
-- The lock of a clinic's usage and limits: whoever records usage, asks a hard limit or closes a period comes one after the other.
-- FND-20, FND-24.

create or replace function app_private.usage_watermark(organization_id uuid) returns bigint
language plpgsql volatile
set search_path = ''
as $$
declare
  v_position bigint;
begin
  -- Of a clinic that has used nothing yet the row is made first, by whoever comes first.
  loop
    select usage_positions.last_position into v_position
    from app_private.usage_positions
    where usage_positions.organization_id = usage_watermark.organization_id
    for update;
    exit when found;
    insert into app_private.usage_positions (organization_id) values (usage_watermark.organization_id) on conflict do nothing;
  end loop;
  return v_position;
end;
$$;

comment on function app_private.usage_watermark is
  'Locks the clinic''s usage until the transaction ends, and answers the last position: no record up to it comes later.';
grant execute on function app_private.usage_watermark to app_engine;

create or replace function app_private.last_usage_position(organization_id uuid) returns bigint
language sql stable
set search_path = ''
begin atomic
  select coalesce(max(usage_positions.last_position), 0)
  from app_private.usage_positions
  where usage_positions.organization_id = last_usage_position.organization_id;
end;

comment on function app_private.last_usage_position is 'The last position of the clinic''s usage as of now, without a lock; 0 where nothing was used.';
grant execute on function app_private.last_usage_position to app_engine;
-- end of source: functions/metering/usage_watermark.sql

-- source: functions/invoices/close_period.sql
-- A period that ended is billed, in one transaction, once: whoever calls it again, at the same time or after a crash, gets the invoice
-- that is there. BIL-02.

create or replace function app_private.close_period(organization_id uuid, period_id uuid) returns app_public.invoices
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
  v_period app_public.billing_periods;
  v_bill app_public.period_bills;
  v_invoice app_public.invoices;
  v_position bigint;
  v_lines app_private.bill_line[];
begin
  v_period := app_private.period_to_bill(close_period.organization_id, close_period.period_id);
  v_subscription := app_private.subscription_of(v_period);
  select period_bills.* into v_bill
  from app_public.period_bills
  where period_bills.organization_id = v_period.organization_id
    and period_bills.period_id = v_period.id and period_bills.kind = 'period';
  if found then
    select invoices.* into v_invoice
    from app_public.invoices
    where invoices.organization_id = v_bill.organization_id and invoices.id = v_bill.invoice_id;
    return v_invoice;
  end if;

  if upper(v_period.during) > app_hidden.now() and v_subscription.ended_at is null then
    perform app_hidden.refuse('STATE', 'period_has_not_ended', jsonb_build_object('periodId', v_period.id));
  elsif exists (
    select from app_public.billing_periods
    where billing_periods.organization_id = v_period.organization_id
      and billing_periods.subscription_id = v_period.subscription_id
      and billing_periods.position < v_period.position
      and billing_periods.closed_at is null)
  then
    perform app_hidden.refuse('STATE', 'earlier_period_is_open', jsonb_build_object('periodId', v_period.id));
  end if;

  v_position := app_private.usage_watermark(v_period.organization_id);
  perform app_private.compare_usage(v_period, v_position);
  select array_agg(line) into v_lines
  from app_private.bill_lines(v_period.organization_id, v_period.id, v_position) as line;
  v_invoice := app_private.write_bill(
    v_subscription, v_period, 'period', app_private.version_on(v_subscription, v_period.ends_on - 1), v_position, v_lines);
  update app_public.billing_periods set closed_at = app_hidden.now()
  where billing_periods.organization_id = v_period.organization_id and billing_periods.id = v_period.id;
  return v_invoice;
end;
$$;

comment on function app_private.close_period is
  'Bills what was used in a period that ended and changes of the plan within it; null where there is nothing to pay. STATE '
  'period_has_not_ended, unless the subscription ended; earlier_period_is_open.';
grant execute on function app_private.close_period to app_engine;

create or replace function app_private.period_to_bill(organization_id uuid, period_id uuid) returns app_public.billing_periods
language plpgsql volatile
set search_path = ''
as $$
declare
  v_period app_public.billing_periods;
begin
  perform from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = period_to_bill.organization_id
    and organization_subscriptions.id = (
      select billing_periods.subscription_id from app_public.billing_periods
      where billing_periods.organization_id = period_to_bill.organization_id and billing_periods.id = period_to_bill.period_id)
  for no key update;
  select billing_periods.* into v_period
  from app_public.billing_periods
  where billing_periods.organization_id = period_to_bill.organization_id and billing_periods.id = period_to_bill.period_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return v_period;
end;
$$;

comment on function app_private.period_to_bill is 'The period, once its subscription is locked.';
grant execute on function app_private.period_to_bill to app_engine;
-- end of source: functions/invoices/close_period.sql

-- source: functions/invoices/open_period_invoice.sql
-- A period begins: the price of the plan is billed in advance, once. BIL-02.

create or replace function app_private.open_period_invoice(organization_id uuid, period_id uuid) returns app_public.invoices
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
  v_period app_public.billing_periods;
  v_bill app_public.period_bills;
  v_invoice app_public.invoices;
  v_version uuid;
  v_lines app_private.bill_line[];
begin
  v_period := app_private.period_to_bill(open_period_invoice.organization_id, open_period_invoice.period_id);
  v_subscription := app_private.subscription_of(v_period);
  select period_bills.* into v_bill
  from app_public.period_bills
  where period_bills.organization_id = v_period.organization_id
    and period_bills.period_id = v_period.id and period_bills.kind = 'advance';
  if found then
    select invoices.* into v_invoice
    from app_public.invoices
    where invoices.organization_id = v_bill.organization_id and invoices.id = v_bill.invoice_id;
    return v_invoice;
  end if;

  v_version := app_private.version_on(v_subscription, v_period.starts_on);
  select array_agg(line) into v_lines
  from app_private.advance_lines(v_period.organization_id, v_period.id, v_version) as line;
  return app_private.write_bill(v_subscription, v_period, 'advance', v_version, 0, v_lines);
end;
$$;

comment on function app_private.open_period_invoice is
  'Bills the price of the plan for a period that begins, or for the year that begins with it; null where there is nothing to pay.';
grant execute on function app_private.open_period_invoice to app_engine;
-- end of source: functions/invoices/open_period_invoice.sql

-- source: functions/subscriptions/billing_period_at.sql
-- In which billing period of a clinic an instant lies. One that has begun and that the clock has not opened yet is answered as it will be,
-- without an id, so that nothing is counted elsewhere in between. BIL-02, FND-24.

create or replace function app_private.billing_period_at(organization_id uuid, at timestamptz) returns app_public.billing_periods
language plpgsql stable
set search_path = ''
as $$
declare
  v_period app_public.billing_periods;
  v_subscription app_public.organization_subscriptions;
begin
  select billing_periods.* into v_period
  from app_public.billing_periods
  where billing_periods.organization_id = billing_period_at.organization_id
    and billing_periods.during @> billing_period_at.at
  order by billing_periods.subscription_id desc
  limit 1;
  if found then
    return v_period;
  end if;

  select subscriptions.* into v_subscription
  from app_public.organization_subscriptions as subscriptions
  where subscriptions.organization_id = billing_period_at.organization_id
    and subscriptions.status in ('trialing', 'active', 'past_due', 'suspended');
  if not found then
    return null;
  end if;
  v_period := app_private.last_period(v_subscription);
  while upper(v_period.during) <= billing_period_at.at
    and (v_subscription.cancels_on is null or v_period.ends_on < v_subscription.cancels_on) loop
    v_period := app_private.period_after(v_subscription, v_period);
    if v_period.during @> billing_period_at.at then
      return v_period;
    end if;
  end loop;
  return null;
end;
$$;

comment on function app_private.billing_period_at is
  'The billing period of a clinic at an instant; null where it had none. Without an id, and closed at no time, where it is not opened yet.';
grant execute on function app_private.billing_period_at to app_engine;

create or replace function app_private.last_period(subscription app_public.organization_subscriptions) returns app_public.billing_periods
language sql stable
set search_path = ''
begin atomic
  select billing_periods.*
  from app_public.billing_periods
  where billing_periods.organization_id = (subscription).organization_id
    and billing_periods.subscription_id = (subscription).id
  order by billing_periods.position desc
  limit 1;
end;

comment on function app_private.last_period is 'The period of a subscription that was opened last.';
grant execute on function app_private.last_period to app_engine;

create or replace function app_private.period_after(
  subscription app_public.organization_subscriptions, period app_public.billing_periods
) returns app_public.billing_periods
language plpgsql stable
set search_path = ''
as $$
declare
  v_next app_public.billing_periods;
begin
  v_next.organization_id := subscription.organization_id;
  v_next.subscription_id := subscription.id;
  v_next.position := period.position + 1;
  v_next.starts_on := period.ends_on;
  v_next.ends_on := app_private.month_day(
    subscription.anchor_on, app_private.month_number(subscription.anchor_on, period.ends_on) + 1);
  v_next.during := tstzrange(
    app_private.day_starts(v_next.starts_on, subscription.timezone), app_private.day_starts(v_next.ends_on, subscription.timezone));
  v_next.is_trial := false;
  -- A year that is paid goes on to its end, whatever was chosen meanwhile.
  v_next.cadence := case when app_private.term_ends_on(subscription, period) > period.ends_on then 'annual' else subscription.cadence end;
  return v_next;
end;
$$;

comment on function app_private.period_after is 'The period that follows, as a draft without an id: a month from where this one ends.';
grant execute on function app_private.period_after to app_engine;
-- end of source: functions/subscriptions/billing_period_at.sql

-- source: functions/subscriptions/cancel_organization_subscription.sql
-- A clinic's subscription is canceled: at the end of what is paid for, or at once. BIL-01.

set role app_engine;

create or replace function app_public.cancel_organization_subscription(
  organization_id uuid,
  reason text default null,
  at_period_end boolean default true
) returns app_public.organization_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_reason text := app_private.billing_reason(organization_id, reason);
  v_subscription app_public.organization_subscriptions := app_private.subscription_to_change(organization_id);
begin
  if not at_period_end or v_subscription.status = 'pending' then
    return app_private.end_organization_subscription(v_subscription, v_reason);
  end if;
  return app_private.plan_subscription_end(
    v_subscription, app_private.term_ends_on(v_subscription, app_private.last_period(v_subscription)), 'asked', v_reason);
end;
$$;

comment on function app_public.cancel_organization_subscription is
  E'@arg reason Why; a superadmin has to say.\n'
  '@arg atPeriodEnd Whether it goes on to the end of its month, its year or its trial. What is canceled at once is not paid back by that.\n'
  'Cancels the subscription of a clinic. Needs billing.manage, or a superadmin with a reason. NOT_FOUND clinic_not_subscribed.';
grant execute on function app_public.cancel_organization_subscription to app_member;

create or replace function app_public.resume_organization_subscription(
  organization_id uuid,
  reason text default null
) returns app_public.organization_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_reason text := app_private.billing_reason(organization_id, reason);
  v_subscription app_public.organization_subscriptions := app_private.subscription_to_change(organization_id);
begin
  if v_subscription.cancels_on is null then
    perform app_hidden.refuse('STATE', 'subscription_does_not_end');
  elsif v_subscription.cancels_because = 'unpaid' then
    perform app_hidden.refuse('STATE', 'subscription_is_unpaid');
  end if;
  update app_public.organization_subscriptions set cancels_on = null, cancels_because = null, status_reason = v_reason
  where organization_subscriptions.organization_id = v_subscription.organization_id
    and organization_subscriptions.id = v_subscription.id
  returning * into v_subscription;
  perform app_private.publish(
    'subscription.resumed', v_subscription.organization_id, v_subscription.id,
    jsonb_build_object('subscriptionId', v_subscription.id));
  return app_private.note_settle_at(v_subscription);
end;
$$;

comment on function app_public.resume_organization_subscription is
  E'@arg reason Why; a superadmin has to say.\n'
  'Lets a subscription go on that was to end. Needs billing.manage, or a superadmin with a reason. NOT_FOUND clinic_not_subscribed; '
  'STATE subscription_does_not_end, subscription_is_unpaid.';
grant execute on function app_public.resume_organization_subscription to app_member;

reset role;

create or replace function app_private.term_ends_on(
  subscription app_public.organization_subscriptions, period app_public.billing_periods
) returns date
language plpgsql stable
set search_path = ''
as $$
begin
  if period.is_trial then
    return period.ends_on;
  end if;
  return (app_private.term_of(subscription, period)).ends_on;
end;
$$;

comment on function app_private.term_ends_on is
  'The first day after what is paid in advance together with this period: its month, its year, or the trial.';
grant execute on function app_private.term_ends_on to app_engine;

create or replace function app_private.plan_subscription_end(
  subscription app_public.organization_subscriptions, cancels_on date, because text, reason text
) returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  update app_public.organization_subscriptions set
    cancels_on = plan_subscription_end.cancels_on, cancels_because = because, status_reason = reason
  where organization_subscriptions.organization_id = subscription.organization_id and organization_subscriptions.id = subscription.id
  returning * into v_subscription;
  perform app_private.publish(
    'subscription.end_planned', v_subscription.organization_id, v_subscription.id,
    jsonb_build_object('subscriptionId', v_subscription.id, 'because', because,
                       'endsAt', app_private.day_starts(v_subscription.cancels_on, v_subscription.timezone)));
  return app_private.note_settle_at(v_subscription);
end;
$$;

comment on function app_private.plan_subscription_end is 'Notes from which day on a locked subscription does not go on, and publishes it.';
grant execute on function app_private.plan_subscription_end to app_engine;
-- end of source: functions/subscriptions/cancel_organization_subscription.sql

-- source: functions/subscriptions/end_organization_subscription.sql
-- A subscription ends: its last period is billed, and nothing is due by the clock any more. What was billed stays owed. BIL-01.

create or replace function app_private.end_organization_subscription(
  subscription app_public.organization_subscriptions, reason text, ended_at timestamptz default app_hidden.now()
) returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_period app_public.billing_periods := app_private.last_period(subscription);
  v_subscription app_public.organization_subscriptions;
begin
  update app_public.organization_subscriptions set
    status = 'canceled', status_reason = reason, ended_at = end_organization_subscription.ended_at, settle_at = null,
    past_due_at = null, suspended_at = null
  where organization_subscriptions.organization_id = subscription.organization_id and organization_subscriptions.id = subscription.id
  returning * into v_subscription;
  -- Of what has ended also a month is billed that has not; one that was billed stays billed once.
  if v_period.id is not null then
    perform app_private.close_billing_period(v_period);
  end if;
  return v_subscription;
end;
$$;

comment on function app_private.end_organization_subscription is 'Ends a locked subscription, and bills its last period.';
grant execute on function app_private.end_organization_subscription to app_engine;
-- end of source: functions/subscriptions/end_organization_subscription.sql

-- source: functions/subscriptions/note_settle_at.sql
-- When time changes something about a subscription next: the one thing that the clock looks for. BIL-01.

create or replace function app_private.note_settle_at(subscription app_public.organization_subscriptions)
returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  update app_public.organization_subscriptions set settle_at = app_private.next_settle_at(organization_subscriptions)
  where organization_subscriptions.organization_id = subscription.organization_id and organization_subscriptions.id = subscription.id
  returning * into v_subscription;
  return v_subscription;
end;
$$;

comment on function app_private.note_settle_at is 'Notes when a locked subscription is due next; null when it never is.';
grant execute on function app_private.note_settle_at to app_engine;

create or replace function app_private.next_settle_at(subscription app_public.organization_subscriptions) returns timestamptz
language sql stable
set search_path = ''
begin atomic
  select min(change.at)
  from (
    select case when (subscription).status = 'trialing' and (subscription).trial_told_at is null
             then (subscription).trial_ends_at - interval '7 days' end
    union all
    -- Not in FROM, where the columns of the table would be written into this body.
    select upper((app_private.last_period(subscription)).during)
    union all
    select app_private.overdue_at(invoices.due_on, (subscription).timezone)
    from app_public.invoices
    where invoices.organization_id = (subscription).organization_id
      and invoices.subscription_id = (subscription).id
      and invoices.status = 'issued'
      and app_private.overdue_at(invoices.due_on, (subscription).timezone) > app_hidden.now()
    union all
    select steps.due_at
    from app_private.dunning_steps_of(subscription) as steps
    where steps.done_at is null and steps.due_at > app_hidden.now()
  ) as change (at)
  where (subscription).status not in ('pending', 'canceled');
end;

comment on function app_private.next_settle_at is
  'When the trial is to be told of, the period ends, a bill is overdue, or a step of dunning is due, whichever comes first.';
grant execute on function app_private.next_settle_at to app_engine;
-- end of source: functions/subscriptions/note_settle_at.sql

-- source: functions/subscriptions/open_billing_period.sql
-- A billing period begins: its row, and the bill of what is paid for it in advance. BIL-02.

create or replace function app_private.open_billing_period(draft app_public.billing_periods) returns app_public.billing_periods
language plpgsql volatile
set search_path = ''
as $$
declare
  v_period app_public.billing_periods;
begin
  insert into app_public.billing_periods
    (organization_id, subscription_id, position, starts_on, ends_on, during, is_trial, cadence, created_at)
  values
    (draft.organization_id, draft.subscription_id, draft.position, draft.starts_on, draft.ends_on, draft.during, draft.is_trial,
     draft.cadence, app_hidden.now())
  returning * into v_period;
  if not v_period.is_trial then
    perform app_private.open_period_invoice(v_period.organization_id, v_period.id);
  end if;
  return v_period;
end;
$$;

comment on function app_private.open_billing_period is
  'Writes a period of a locked subscription, and bills what is paid in advance for it; of a trial nothing.';
grant execute on function app_private.open_billing_period to app_engine;

create or replace function app_private.close_billing_period(period app_public.billing_periods) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.close_period(period.organization_id, period.id);
  update app_public.billing_periods set closed_at = app_hidden.now()
  where billing_periods.organization_id = period.organization_id and billing_periods.id = period.id
    and billing_periods.closed_at is null;
end;
$$;

comment on function app_private.close_billing_period is 'Bills what was used in a period of a locked subscription, once.';
grant execute on function app_private.close_billing_period to app_engine;
-- end of source: functions/subscriptions/open_billing_period.sql

-- source: functions/invoices/cadence_change_preview.sql
-- What a clinic would be billed if its plan were billed by the month or by the year: the line of the next bill in advance, by the very
-- function that bills it. BIL-06, docs/decisions/0196.

set role app_engine;

create or replace function app_public.cadence_change_preview(organization_id uuid, cadence text)
returns table (
  kind text, meter text, starts_on date, ends_on date, descriptions jsonb, quantity numeric, unit_price numeric, amount bigint
)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_subscription app_public.organization_subscriptions;
  v_period app_public.billing_periods;
  v_starts_on date;
  v_month int;
begin
  perform app_private.require_billing_view(cadence_change_preview.organization_id);
  select organization_subscriptions.* into v_subscription
  from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = cadence_change_preview.organization_id
    and organization_subscriptions.status <> 'canceled';
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'clinic_not_subscribed');
  end if;
  v_period := app_private.last_period(v_subscription);
  if v_period.id is null or cadence_change_preview.cadence = v_subscription.cadence then
    return;
  end if;
  v_starts_on := app_private.term_ends_on(v_subscription, v_period);
  v_month := app_private.month_number(v_subscription.anchor_on, v_starts_on);
  v_subscription.cadence := cadence_change_preview.cadence;
  return query
  select line.kind, line.meter, line.starts_on, line.ends_on, app_private.line_descriptions(line), line.quantity, line.unit_price,
    line.amount
  from app_private.plan_line(
    v_subscription, v_subscription.tier_version_id, v_starts_on,
    app_private.month_day(v_subscription.anchor_on, v_month + case v_subscription.cadence when 'annual' then 12 else 1 end)) as line;
end;
$$;

comment on function app_public.cadence_change_preview is
  E'@words kind invoice_lines.kind\n@words cadence organization_subscriptions.cadence\n@nullable meter\n@arg cadence How often the price of the plan would be billed.\n@answer endsOn The first day that it is not of.\n'
  'The line that the first bill in advance would have if the plan were billed so: from which day on, until when, and for how much. None when '
  'it is billed so already, when the plan costs nothing, or when the subscription has not begun. Needs billing.view. NOT_FOUND clinic_not_subscribed.';
grant execute on function app_public.cadence_change_preview to app_member;

reset role;
-- end of source: functions/invoices/cadence_change_preview.sql

-- source: functions/payments/billing_recipients.sql
-- Who is written to about what a clinic pays the platform: its members with billing.manage, and the address for bills, unless one of them
-- reads it anyway. BIL-08.

create or replace function app_private.billing_recipients(organization_id uuid) returns app_private.message_recipient[]
language sql stable
set search_path = ''
as $$
  with members as (
    select distinct memberships.human_id
    from app_public.memberships
    join app_public.membership_roles
      on membership_roles.organization_id = memberships.organization_id and membership_roles.membership_id = memberships.id
    join app_public.role_permissions
      on role_permissions.organization_id = membership_roles.organization_id and role_permissions.role_id = membership_roles.role_id
    where memberships.organization_id = billing_recipients.organization_id
      and memberships.ended_at is null
      and role_permissions.permission = 'billing.manage'
  )
  select array_agg(told.recipient)
  from (
    select row(null, members.human_id, null, null, null, null, null)::app_private.message_recipient as recipient
    from members
    union all
    select row(null, null, billing.legal_name, billing.billing_email, null, organizations.locale, null)::app_private.message_recipient
    from app_public.organization_billing as billing
    join app_public.organizations on organizations.id = billing.organization_id
    where billing.organization_id = billing_recipients.organization_id
      and not exists (
        select from members
        join app_public.humans on humans.principal_id = members.human_id
        where humans.closed_at is null and app_hidden.ascii_lower(humans.email) = app_hidden.ascii_lower(billing.billing_email))
  ) as told
$$;

comment on function app_private.billing_recipients is
  'The members of a clinic with billing.manage, and its address for bills where none of them has it; null when there is nobody.';
grant execute on function app_private.billing_recipients to app_engine;

-- What each message about a bill does: those people, in the transaction of the event.
create or replace function app_private.tell_of_billing(event app_private.events, template_key text, data jsonb) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_recipients constant app_private.message_recipient[] := app_private.billing_recipients(event.organization_id);
begin
  if v_recipients is not null and data is not null then
    perform app_private.notify_many(
      event.organization_id, tell_of_billing.template_key, v_recipients, tell_of_billing.data, event_id => event.id);
  end if;
end;
$$;

comment on function app_private.tell_of_billing is
  'Queues a message to billing_recipients(); nothing where there is nobody, or nothing to say any more.';
grant execute on function app_private.tell_of_billing to app_engine;
-- end of source: functions/payments/billing_recipients.sql

-- source: functions/invoices/messages_about_invoice.sql
-- An invoice was issued: the billing address of the clinic is written to, and its members with billing.manage hear of it. BIL-02, FND-15.

create or replace function app_private.messages_about_invoice(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.tell_of_billing(event, 'invoice_issued',
    jsonb_build_object(
      'invoiceNumber', invoices.series || '-' || invoices.number,
      'netAmount', invoices.net_amount::text,
      'currency', invoices.currency,
      'dueOn', invoices.due_on))
  from app_public.invoices
  where invoices.organization_id = event.organization_id and invoices.id = event.subject_id;
end;
$$;

comment on function app_private.messages_about_invoice is
  'Queues what invoice.issued calls for: a mail to the billing address and a note to each member with billing.manage.';
grant execute on function app_private.messages_about_invoice to app_engine;
-- end of source: functions/invoices/messages_about_invoice.sql

-- source: functions/invoices/projected_invoice.sql
-- What the running period comes to so far, by the very function that will bill it. BIL-02, BIL-06.

set role app_engine;

create or replace function app_public.projected_invoice(organization_id uuid)
returns table (
  kind text, meter text, starts_on date, ends_on date, descriptions jsonb, quantity numeric, unit_price numeric, amount bigint
)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  perform app_private.require_billing_view(projected_invoice.organization_id);
  return query
  select line.kind, line.meter, line.starts_on, line.ends_on, app_private.line_descriptions(line), line.quantity, line.unit_price,
    line.amount
  from app_public.billing_periods
  cross join lateral app_private.bill_lines(billing_periods.organization_id, billing_periods.id,
    app_private.last_usage_position(projected_invoice.organization_id)) as line
  where billing_periods.organization_id = projected_invoice.organization_id
    and billing_periods.during @> app_hidden.now()
    and billing_periods.closed_at is null;
end;
$$;

comment on function app_public.projected_invoice is
  E'@words kind invoice_lines.kind\n@nullable meter\n@answer endsOn The first day that it is not of.\n'
  'The lines that the running period of a clinic comes to so far: changes of the plan, usage beyond the included, AI calls, '
  'and what became known of earlier periods. The price of the plan is not among them: it is billed in advance. Needs billing.view.';
grant execute on function app_public.projected_invoice to app_member;

reset role;
-- end of source: functions/invoices/projected_invoice.sql

-- source: functions/invoices/tier_change_preview.sql
-- What it would cost a clinic to go over to another tier today: the lines that its bill would have for it, by the very function that
-- bills them. BIL-06, docs/decisions/0193.

set role app_engine;

create or replace function app_public.tier_change_preview(organization_id uuid, tier_id uuid)
returns table (
  kind text, meter text, starts_on date, ends_on date, descriptions jsonb, quantity numeric, unit_price numeric, amount bigint
)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_subscription app_public.organization_subscriptions;
  v_version app_public.platform_tier_versions;
begin
  perform app_private.require_billing_view(tier_change_preview.organization_id);
  select organization_subscriptions.* into v_subscription
  from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = tier_change_preview.organization_id
    and organization_subscriptions.status <> 'canceled';
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'clinic_not_subscribed');
  end if;
  v_version := app_private.offered_tier_version(
    tier_change_preview.tier_id, v_subscription.currency, v_subscription.tenancy_mode,
    app_hidden.has_permission(tier_change_preview.organization_id, 'billing.view'));
  return query
  select line.kind, line.meter, line.starts_on, line.ends_on, app_private.line_descriptions(line), line.quantity, line.unit_price,
    line.amount
  from app_public.billing_periods
  cross join lateral app_private.subscription_of(billing_periods) as billed
  cross join lateral app_private.term_of(billed, billing_periods) as term
  cross join lateral app_private.tier_change_lines(
    billed, term.starts_on, term.ends_on, (app_hidden.now() at time zone v_subscription.timezone)::date,
    v_subscription.tier_version_id, v_version.id) as line
  where billing_periods.organization_id = v_subscription.organization_id
    and billing_periods.subscription_id = v_subscription.id
    and billing_periods.during @> app_hidden.now()
    and not billing_periods.is_trial
    and v_version.id <> v_subscription.tier_version_id;
end;
$$;

comment on function app_public.tier_change_preview is
  E'@words kind invoice_lines.kind\n@nullable meter\n@arg tierId One of platformTiers that is offered.\n@answer endsOn The first day that it is not of.\n'
  'The lines that the next bill would have for a change of the tier today: what is taken off for the days left of the old one, and what '
  'the new one costs for them. None on trial, or when it is the tier that the clinic has. Needs billing.view. '
  'NOT_FOUND clinic_not_subscribed, platform_tier_not_found; VALIDATION tier_has_no_price.';
grant execute on function app_public.tier_change_preview to app_member;

reset role;
-- end of source: functions/invoices/tier_change_preview.sql

-- source: functions/invoices/verify_bills.sql
-- Computes again everything that a clinic was ever billed, and tells each difference. BIL-02.

create or replace function app_private.verify_bills(organization_id uuid)
returns table (problem text, invoice_id uuid, period_id uuid, expected jsonb, found jsonb)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_bill app_public.period_bills;
  v_invoice app_public.invoices;
  v_subscription app_public.organization_subscriptions;
  v_period app_public.billing_periods;
  v_lines jsonb;
  v_net numeric;
  v_carried bigint := 0;
  v_subscription_id uuid;
  v_inputs jsonb;
begin
  for v_bill in
    select period_bills.* from app_public.period_bills
    where period_bills.organization_id = verify_bills.organization_id
    order by period_bills.subscription_id, period_bills.position
  loop
    if v_subscription_id is distinct from v_bill.subscription_id then
      v_carried := 0;
      v_subscription_id := v_bill.subscription_id;
    end if;
    select billing_periods.* into strict v_period
    from app_public.billing_periods
    where billing_periods.organization_id = v_bill.organization_id and billing_periods.id = v_bill.period_id;
    v_subscription := app_private.subscription_of(v_period);
    select coalesce(jsonb_agg(to_jsonb(line)), '[]'), coalesce(sum(line.amount), 0) into v_lines, v_net
    from (
      select * from app_private.bill_lines(v_bill.organization_id, v_bill.period_id, v_bill.usage_position)
      where v_bill.kind = 'period'
      union all
      select * from app_private.advance_lines(v_bill.organization_id, v_bill.period_id, v_bill.tier_version_id)
      where v_bill.kind = 'advance'
    ) as line;
    if v_carried < 0 and v_carried + v_net > 0 then
      v_lines := v_lines || to_jsonb(
        row('credit', null, null, v_period.starts_on, v_period.ends_on, -1, -v_carried, v_carried, null, null)::app_private.bill_line);
    end if;
    if v_lines <> v_bill.lines then
      return query select 'lines_differ', v_bill.invoice_id, v_bill.period_id, v_lines, v_bill.lines;
    end if;
    if v_net <> v_bill.net_amount or v_carried <> v_bill.carried_before then
      return query select 'amount_differs', v_bill.invoice_id, v_bill.period_id,
        jsonb_build_object('net', v_net, 'carried', v_carried),
        jsonb_build_object('net', v_bill.net_amount, 'carried', v_bill.carried_before);
    end if;

    v_invoice := null;
    select invoices.* into v_invoice
    from app_public.invoices
    where invoices.organization_id = v_bill.organization_id and invoices.id = v_bill.invoice_id;
    if (v_invoice.id is not null) <> (v_carried + v_net > 0) then
      return query select 'invoice_missing', v_bill.invoice_id, v_bill.period_id, to_jsonb(v_carried + v_net), null::jsonb;
    elsif v_invoice.id is not null then
      v_inputs := app_private.bill_inputs(v_subscription, v_period, v_bill.kind, v_bill.tier_version_id, v_bill.usage_position, v_carried);
      return query select problems.* from app_private.verify_invoice(v_invoice, v_lines, v_inputs) as problems;
    end if;
    v_carried := least(v_carried + v_net, 0);
  end loop;

  return query
  select 'invoice_without_period', invoices.id, invoices.period_id, null::jsonb, to_jsonb(invoices.net_amount)
  from app_public.invoices
  where invoices.organization_id = verify_bills.organization_id
    and not exists (
      select from app_public.period_bills
      where period_bills.organization_id = invoices.organization_id and period_bills.invoice_id = invoices.id);

  return query
  select 'postings_not_balanced', case postings.document_kind when 'invoice' then postings.document_id end, null::uuid, to_jsonb(0),
    to_jsonb(sum(postings.amount))
  from app_private.postings
  where postings.organization_id = verify_bills.organization_id
  group by postings.document_kind, postings.document_id, postings.currency
  having sum(postings.amount) <> 0;
end;
$$;

comment on function app_private.verify_bills is
  'Each difference between what a clinic was billed and what it comes to when it is computed again.';
grant execute on function app_private.verify_bills to app_engine;
-- end of source: functions/invoices/verify_bills.sql

-- source: functions/metering/record_usage.sql
-- Something was used, once: the record and what it adds to its period's summary are written together. FND-24.
-- Whoever tells the same again is answered with the record that is there. Something else under the same key is kept apart and told,
-- since nobody knows which of the two was so. Three statements, and no steps of its own where all is as usual: docs/decisions/0194.

create or replace function app_private.record_usage(
  organization_id uuid,
  meter text,
  source text,
  key text,
  quantity numeric,
  occurred_at timestamptz default app_hidden.now(),
  subject_id uuid default null
) returns app_public.usage_records
language plpgsql volatile
set search_path = ''
as $$
declare
  v_position bigint;
  v_period tstzrange;
  v_aggregation text;
  v_adds numeric := quantity;
  v_record app_public.usage_records;
begin
  -- The lock, the next position, the period that runs and the meter in one statement: a use costs what its statements do.
  loop
    update app_private.usage_positions as positions set last_position = positions.last_position + 1
    from app_public.meters
    where positions.organization_id = record_usage.organization_id and meters.key = record_usage.meter and not meters.is_standing
    returning positions.last_position, positions.period, meters.aggregation into v_position, v_period, v_aggregation;
    exit when found;
    perform app_private.require_meter(record_usage.meter);
    perform app_private.usage_watermark(record_usage.organization_id);
  end loop;
  if v_aggregation = 'unique' and subject_id is null then
    perform app_hidden.refuse('VALIDATION', 'usage_subject_missing', jsonb_build_object('meter', record_usage.meter));
  end if;
  insert into app_public.usage_records (organization_id, position, meter, source, key, quantity, subject_id, occurred_at, recorded_at)
  values (record_usage.organization_id, v_position, record_usage.meter, record_usage.source, record_usage.key, record_usage.quantity,
          record_usage.subject_id, record_usage.occurred_at, app_hidden.now())
  on conflict on constraint usage_records_pkey do nothing
  returning * into v_record;
  if not found then
    update app_private.usage_positions set last_position = v_position - 1
    where usage_positions.organization_id = record_usage.organization_id;
    return app_private.known_usage(
      record_usage.organization_id, record_usage.meter, record_usage.source, record_usage.key, record_usage.quantity,
      record_usage.subject_id, record_usage.occurred_at);
  end if;

  if (v_period @> record_usage.occurred_at) is not true then
    v_period := app_private.find_usage_period(record_usage.organization_id, record_usage.occurred_at);
  end if;
  if v_aggregation = 'count' then
    v_adds := 1;
  elsif v_aggregation = 'unique' then
    insert into app_private.usage_subjects (organization_id, meter, period_starts_at, subject_id)
    values (record_usage.organization_id, record_usage.meter, lower(v_period), record_usage.subject_id)
    on conflict do nothing;
    v_adds := case when found then 1 else 0 end;
  end if;
  -- The same as counting all of them again, as usage_differences() does.
  update app_public.usage_summaries as summary
  set period_ends_at = upper(v_period),
      records = summary.records + 1,
      quantity = case v_aggregation
        when 'max' then greatest(summary.quantity, v_adds)
        when 'latest' then case when record_usage.occurred_at >= summary.last_occurred_at then v_adds else summary.quantity end
        else summary.quantity + v_adds
      end,
      last_occurred_at = greatest(summary.last_occurred_at, record_usage.occurred_at)
  where summary.organization_id = record_usage.organization_id and summary.meter = record_usage.meter
    and summary.period_starts_at = lower(v_period);
  if not found then
    insert into app_public.usage_summaries (organization_id, meter, period_starts_at, period_ends_at, quantity, records, last_occurred_at)
    values (record_usage.organization_id, record_usage.meter, lower(v_period), upper(v_period), v_adds, 1, record_usage.occurred_at);
  end if;
  return v_record;
end;
$$;

comment on function app_private.record_usage is
  'Records usage of a meter under a key that is unique within its source, in the period of occurred_at. The record; the one that is there for '
  'a key that was used. What differs from that is kept in usage_conflicts, published as usage.conflict, and counted nowhere. VALIDATION '
  'meter_unknown, usage_subject_missing.';
grant execute on function app_private.record_usage to app_engine;

-- How a meter adds up. What stands is counted where it stands and has no records.
create or replace function app_private.require_meter(meter text) returns text
language plpgsql stable
set search_path = ''
as $$
declare
  v_aggregation text;
begin
  select meters.aggregation into v_aggregation
  from app_public.meters
  where meters.key = require_meter.meter and not meters.is_standing;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'meter_unknown', jsonb_build_object('meter', require_meter.meter));
  end if;
  return v_aggregation;
end;
$$;

comment on function app_private.require_meter is 'The aggregation of a meter of usage; VALIDATION meter_unknown.';
grant execute on function app_private.require_meter to app_engine;

-- Told twice, it is one conflict.
create or replace function app_private.keep_usage_conflict(
  record app_public.usage_records,
  meter text,
  quantity numeric,
  subject_id uuid,
  occurred_at timestamptz,
  details jsonb default '{}'
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_conflict_id uuid;
begin
  if exists (
    select from app_public.usage_conflicts as known
    where known.organization_id = record.organization_id and known.source = record.source and known.key = record.key
      and known.meter = keep_usage_conflict.meter and known.quantity = keep_usage_conflict.quantity
      and known.subject_id is not distinct from keep_usage_conflict.subject_id
      and known.occurred_at = keep_usage_conflict.occurred_at and known.details = keep_usage_conflict.details
  ) then
    return;
  end if;
  insert into app_public.usage_conflicts (organization_id, source, key, meter, quantity, subject_id, occurred_at, details, received_at)
  values (record.organization_id, record.source, record.key, keep_usage_conflict.meter, keep_usage_conflict.quantity,
          keep_usage_conflict.subject_id, keep_usage_conflict.occurred_at, keep_usage_conflict.details, app_hidden.now())
  returning id into v_conflict_id;
  perform app_private.publish('usage.conflict', record.organization_id, record.id, jsonb_build_object(
    'usageRecordId', record.id, 'usageConflictId', v_conflict_id));
end;
$$;

comment on function app_private.keep_usage_conflict is 'Keeps what differs from a record under the same key, and publishes usage.conflict.';
grant execute on function app_private.keep_usage_conflict to app_engine;

-- The record of a key that was used. What is told otherwise is kept apart.
create or replace function app_private.known_usage(
  organization_id uuid, meter text, source text, key text, quantity numeric, subject_id uuid, occurred_at timestamptz
) returns app_public.usage_records
language plpgsql volatile
set search_path = ''
as $$
declare
  v_record app_public.usage_records;
begin
  select known.* into strict v_record
  from app_public.usage_records as known
  where known.organization_id = known_usage.organization_id and known.source = known_usage.source and known.key = known_usage.key;
  if (v_record.meter, v_record.quantity, v_record.subject_id, v_record.occurred_at)
     is distinct from (known_usage.meter, known_usage.quantity, known_usage.subject_id, known_usage.occurred_at) then
    perform app_private.keep_usage_conflict(
      v_record, known_usage.meter, known_usage.quantity, known_usage.subject_id, known_usage.occurred_at);
  end if;
  return v_record;
end;
$$;

comment on function app_private.known_usage is 'The record under a key that was used; what is told differently is kept as a conflict.';
grant execute on function app_private.known_usage to app_engine;

-- The period of an instant; an opened one that no other overlaps is kept with the position, so that what comes next need not look for it.
-- What is late does not take its place.
create or replace function app_private.find_usage_period(organization_id uuid, at timestamptz) returns tstzrange
language plpgsql volatile
set search_path = ''
as $$
declare
  v_period tstzrange := app_private.usage_period_at(find_usage_period.organization_id, find_usage_period.at);
begin
  update app_private.usage_positions as positions set period = v_period
  from app_public.billing_periods as periods
  where positions.organization_id = find_usage_period.organization_id
    and (positions.period is null or upper(positions.period) <= lower(v_period))
    and periods.organization_id = find_usage_period.organization_id and periods.during = v_period
    and not exists (
      select from app_public.billing_periods as others
      where others.organization_id = find_usage_period.organization_id and others.during && v_period and others.id <> periods.id);
  return v_period;
end;
$$;

comment on function app_private.find_usage_period is
  'The span of usage_period_at(), kept in usage_positions where it is an opened billing period and the latest. Whoever calls it holds the lock.';
grant execute on function app_private.find_usage_period to app_engine;
-- end of source: functions/metering/record_usage.sql

-- source: functions/metering/record_ai_call.sql
-- A call of an AI model that a clinic caused: a record of usage, with what it cost by the prices of its time. FND-24.
-- A price that nobody entered is told, and never taken for nothing: the call waits for it without a cost.

create or replace function app_private.record_ai_call(organization_id uuid, key text, model text, units jsonb, occurred_at timestamptz)
returns app_public.ai_calls
language plpgsql volatile
set search_path = ''
as $$
declare
  v_currency text := app_private.billing_currency(record_ai_call.organization_id);
  v_cost numeric;
  v_known app_public.usage_records;
  v_record app_public.usage_records;
  v_call app_public.ai_calls;
  v_unit text;
begin
  perform app_private.refuse_ai_call(key, model, units, record_ai_call.occurred_at);
  v_cost := app_private.ai_cost(model, units, v_currency, record_ai_call.occurred_at);
  if v_cost is null then
    -- Whoever enters the price comes first, or finds this call waiting for it.
    perform pg_advisory_xact_lock_shared(hashtextextended('ai_model_prices', 0));
    v_cost := app_private.ai_cost(model, units, v_currency, record_ai_call.occurred_at);
  end if;

  perform app_private.usage_watermark(record_ai_call.organization_id);
  select records.* into v_known
  from app_public.usage_records as records
  where records.organization_id = record_ai_call.organization_id and records.source = 'ai' and records.key = record_ai_call.key;
  if found then
    select calls.* into strict v_call
    from app_public.ai_calls as calls
    where calls.organization_id = v_known.organization_id and calls.usage_record_id = v_known.id;
    if (v_call.model, v_call.units, v_call.occurred_at)
       is distinct from (record_ai_call.model, record_ai_call.units, record_ai_call.occurred_at) then
      perform app_private.keep_usage_conflict(
        v_known, 'ai_calls', 1, null, record_ai_call.occurred_at, jsonb_build_object('model', model, 'units', units));
    end if;
    return v_call;
  end if;

  v_record := app_private.record_usage(record_ai_call.organization_id, 'ai_calls', 'ai', key, 1, record_ai_call.occurred_at);
  insert into app_public.ai_calls (organization_id, usage_record_id, model, units, occurred_at, currency, cost, priced_position)
  values (v_record.organization_id, v_record.id, record_ai_call.model, record_ai_call.units, v_record.occurred_at, v_currency, v_cost,
          case when v_cost is not null then v_record.position end)
  returning * into v_call;
  if v_cost is null then
    for v_unit in select app_private.units_without_price(model, units, v_currency, record_ai_call.occurred_at) loop
      insert into app_private.missing_ai_prices (model, unit, currency, missed_on, missed_at)
      values (record_ai_call.model, v_unit, v_currency, (app_hidden.now() at time zone 'UTC')::date, app_hidden.now())
      on conflict do nothing;
      if found then
        perform app_private.publish('ai_call.price_missing', v_record.organization_id, v_record.id, jsonb_build_object(
          'organizationId', v_record.organization_id, 'usageRecordId', v_record.id));
      end if;
    end loop;
  end if;
  return v_call;
end;
$$;

comment on function app_private.record_ai_call is
  'Records a call with how many of each unit it took ({"input_tokens": 1200}), and its exact cost in the currency of the clinic''s bills; null '
  'where a price is missing, which is published as ai_call.price_missing, once a day. A repeated key is answered with the call that is there; '
  'what differs from that is a conflict. VALIDATION usage_key_malformed, ai_model_malformed, ai_units_malformed, ai_call_time_malformed.';
grant execute on function app_private.record_ai_call to app_engine;

create or replace function app_private.refuse_ai_call(key text, model text, units jsonb, occurred_at timestamptz) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if coalesce(length(key), 0) not between 1 and 200 or key ~ '[[:cntrl:]]' then
    perform app_hidden.refuse('VALIDATION', 'usage_key_malformed', '{"field": "key"}');
  elsif coalesce(model, '') !~ '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$' then
    perform app_hidden.refuse('VALIDATION', 'ai_model_malformed', '{"field": "model"}');
  elsif jsonb_typeof(units) is distinct from 'object' or (select count(*) not between 1 and 20 from jsonb_object_keys(units)) then
    perform app_hidden.refuse('VALIDATION', 'ai_units_malformed', '{"field": "units"}');
  elsif exists (
    select from jsonb_each(units) as given
    where given.key !~ '^[a-z]+(_[a-z]+)*$' or length(given.key) > 63
      or case jsonb_typeof(given.value) when 'number' then
           (given.value::text)::numeric not between 0 and 1e15 or trunc((given.value::text)::numeric) <> (given.value::text)::numeric
         else true end
  ) then
    perform app_hidden.refuse('VALIDATION', 'ai_units_malformed', '{"field": "units"}');
  elsif occurred_at is null or occurred_at > app_hidden.now() + interval '5 minutes' then
    perform app_hidden.refuse('VALIDATION', 'ai_call_time_malformed', '{"field": "occurredAt"}');
  end if;
end;
$$;

comment on function app_private.refuse_ai_call is 'Refuses what is no call: no key, no model, no whole numbers of units, or a time to come.';
grant execute on function app_private.refuse_ai_call to app_engine;

-- Exact: a product of decimals has no rounding.
create or replace function app_private.ai_cost(model text, units jsonb, currency text, at timestamptz) returns numeric
language sql stable
set search_path = ''
begin atomic
  select case when bool_and(prices.price_per_million is not null) then sum(used.value::numeric * prices.price_per_million * 0.000001) end
  from jsonb_each_text(ai_cost.units) as used
  left join app_public.ai_model_prices as prices
    on prices.model = ai_cost.model and prices.unit = used.key and prices.currency = ai_cost.currency
    and prices.valid_from <= ai_cost.at and (prices.valid_until is null or prices.valid_until > ai_cost.at);
end;

comment on function app_private.ai_cost is 'What a call costs by the prices of an instant, in minor units; null where one is missing.';
grant execute on function app_private.ai_cost to app_engine;

create or replace function app_private.units_without_price(model text, units jsonb, currency text, at timestamptz) returns setof text
language sql stable
set search_path = ''
begin atomic
  select used.key
  from jsonb_object_keys(units_without_price.units) as used (key)
  where not exists (
    select from app_public.ai_model_prices as prices
    where prices.model = units_without_price.model and prices.unit = used.key and prices.currency = units_without_price.currency
      and prices.valid_from <= units_without_price.at and (prices.valid_until is null or prices.valid_until > units_without_price.at))
  order by used.key;
end;

comment on function app_private.units_without_price is 'The units of a call that had no price at an instant.';
grant execute on function app_private.units_without_price to app_engine;
-- end of source: functions/metering/record_ai_call.sql

-- source: functions/metering/messages_about_usage.sql
-- What nobody but the platform can put right is told to its staff: usage that was told in two ways, and an AI call without a price. Of one
-- clinic and source, and of one model, once in a day: a vendor that is wrong is wrong a thousand times. FND-15, FND-24.

create or replace function app_private.messages_about_usage(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_template constant text := case event.name when 'usage.conflict' then 'usage_conflict' else 'ai_price_missing' end;
  v_recipients constant app_private.message_recipient[] := app_private.platform_recipients();
  v_data jsonb;
begin
  if event.name = 'usage.conflict' then
    select jsonb_build_object('usageSource', conflicts.source, 'usageKey', conflicts.key) into v_data
    from app_public.usage_conflicts as conflicts
    where conflicts.organization_id = event.organization_id and conflicts.id = (event.payload ->> 'usageConflictId')::uuid;
  else
    select jsonb_build_object('aiModel', calls.model, 'currency', calls.currency) into v_data
    from app_public.ai_calls as calls
    where calls.organization_id = event.organization_id and calls.usage_record_id = event.subject_id;
  end if;
  if v_recipients is null or v_data is null or exists (
    select from app_public.messages
    where messages.organization_id = event.organization_id
      and messages.template_key = v_template
      and messages.created_at > event.occurred_at - interval '1 day'
      and messages.event_id <> event.id
      and messages.data - 'usageKey' = v_data - 'usageKey'
  ) then
    return;
  end if;
  perform app_private.notify_many(event.organization_id, v_template, v_recipients, v_data, event_id => event.id);
end;
$$;

comment on function app_private.messages_about_usage is
  'Queues what usage.conflict and ai_call.price_missing call for: a mail and a note to each superadmin, once a day for clinic and source or model.';
grant execute on function app_private.messages_about_usage to app_engine;

create or replace function app_private.platform_recipients() returns app_private.message_recipient[]
language sql stable
set search_path = ''
as $$
  select array_agg(row(null, humans.principal_id, null, null, null, null, null)::app_private.message_recipient order by humans.principal_id)
  from app_public.principals
  join app_public.humans on humans.principal_id = principals.id and humans.closed_at is null
  where principals.platform_role = 'superadmin' and principals.disabled_at is null
$$;

comment on function app_private.platform_recipients is 'The superadmins of the platform; null when there is none.';
grant execute on function app_private.platform_recipients to app_engine;
-- end of source: functions/metering/messages_about_usage.sql

-- source: functions/metering/organization_usage.sql
-- What a clinic has used, against what its tier includes, and what more would cost if the period ended now, by the function that bills:
-- of a trial nothing, and where the tier changed within the period, by the days of each. FND-20, FND-24, BIL-06.

set role app_engine;

create or replace function app_public.organization_usage(organization_id uuid)
returns setof app_public.metered_usage
language plpgsql stable strict security definer rows 10
set search_path = ''
as $$
declare
  v_span tstzrange;
  v_period app_public.billing_periods;
  v_subscription app_public.organization_subscriptions;
  v_version_id uuid;
  v_currency text;
  v_rated app_private.rated_usage[];
begin
  if not app_hidden.is_superadmin() then
    perform app_private.require_permission(organization_usage.organization_id, 'billing.view');
  elsif not exists (select from app_public.organizations where organizations.id = organization_usage.organization_id) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  v_span := app_private.usage_period_at(organization_usage.organization_id, app_hidden.now());
  v_version_id := app_private.tier_version_at(organization_usage.organization_id, app_hidden.now());
  v_currency := app_private.billing_currency(organization_usage.organization_id);
  v_period := app_private.billing_period_at(organization_usage.organization_id, app_hidden.now());
  select subscriptions.* into v_subscription
  from app_public.organization_subscriptions as subscriptions
  where subscriptions.organization_id = v_period.organization_id and subscriptions.id = v_period.subscription_id
    and subscriptions.ended_at is null and not v_period.is_trial;
  if found then
    select array_agg(rated) into v_rated
    from app_private.rate_usage(v_subscription, v_period, app_private.last_usage_position(organization_usage.organization_id)) as rated;
  end if;
  return query
    select meters.key, meters.unit, meters.is_standing, limits.enforcement, coalesce(billed.included, limits.included),
      app_private.usage_now(organization_usage.organization_id, meters.key),
      priced.unit_price,
      case when limits.enforcement = 'soft' and limits.included is not null then coalesce(billed.amount, 0) else billed.amount end,
      case when priced.unit_price is not null or billed.amount is not null then v_currency end,
      lower(v_span), upper(v_span)
    from app_public.meters
    left join app_public.platform_tier_limits as limits on limits.tier_version_id = v_version_id and limits.meter = meters.key
    left join app_public.platform_overage_prices as priced
      on priced.tier_version_id = v_version_id and priced.meter = meters.key and priced.currency = v_currency
    left join (
      -- A meter that adds up has one allowance for the period; of a level each version has one for its days.
      select rated.meter, sum(rated.amount)::bigint as amount, case when count(*) = 1 then floor(min(rated.included))::bigint end as included
      from unnest(v_rated) as rated
      group by rated.meter
    ) as billed on billed.meter = meters.key
    order by meters.is_standing desc, meters.key;
end;
$$;

comment on function app_public.organization_usage is
  'Each meter of a clinic: how much there is, or was used in the period that runs, what is included (by days, where the tier changed in the '
  'period), and what the rest would be billed as of now, in minor units, by the rules of the invoice. Needs billing.view, or a superadmin.';
grant execute on function app_public.organization_usage to app_member;

reset role;
-- end of source: functions/metering/organization_usage.sql

-- source: functions/metering/publish_platform_tier_version.sql
-- From here on nothing of a version changes, and clinics subscribe to it. FND-20.

set role app_engine;

create or replace function app_public.publish_platform_tier_version(tier_version_id uuid) returns app_public.platform_tier_versions
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_version app_public.platform_tier_versions := app_private.draft_version(publish_platform_tier_version.tier_version_id);
  v_missing record;
begin
  if not exists (select from app_public.platform_tier_prices as prices where prices.tier_version_id = v_version.id) then
    perform app_hidden.refuse('CONFLICT', 'tier_has_no_price');
  end if;
  -- What nobody priced would be billed as nothing; calls of AI models are billed by what each of them cost.
  select limits.meter, currencies.currency into v_missing
  from app_public.platform_tier_limits as limits
  cross join (
    select distinct prices.currency from app_public.platform_tier_prices as prices where prices.tier_version_id = v_version.id) as currencies
  left join app_public.platform_overage_prices as priced
    on priced.tier_version_id = limits.tier_version_id and priced.meter = limits.meter and priced.currency = currencies.currency
  where limits.tier_version_id = v_version.id and limits.enforcement = 'soft' and limits.included is not null
    and limits.meter <> 'ai_calls' and priced.currency is null
  order by limits.meter, currencies.currency
  limit 1;
  if found then
    perform app_hidden.refuse('CONFLICT', 'overage_price_missing', jsonb_build_object('meter', v_missing.meter, 'currency', v_missing.currency));
  end if;

  update app_public.platform_tier_versions as versions set published_at = app_hidden.now()
  where versions.id = v_version.id
  returning * into v_version;
  return v_version;
end;
$$;

comment on function app_public.publish_platform_tier_version is
  'Publishes a draft. Superadmin only; CONFLICT tier_has_no_price, overage_price_missing where a soft limit has none in a currency of the version.';
grant execute on function app_public.publish_platform_tier_version to app_member;

reset role;
-- end of source: functions/metering/publish_platform_tier_version.sql

-- source: functions/metering/tg_billing_periods__resummarize.sql
-- A billing period that begins, moves or goes where usage was summed up already: it is summed up anew. FND-24.
-- A period that follows another as its time comes finds no usage of its time, and nothing is counted. What is known of the period that
-- runs is forgotten each time: it may have another beside it now.

set role app_engine;

create or replace function app_private.tg_billing_periods__resummarize() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_organization_id uuid := case when tg_op = 'DELETE' then old.organization_id else new.organization_id end;
begin
  -- Whoever records usage meanwhile knows the periods of before, and comes first or afterwards.
  perform app_private.usage_watermark(v_organization_id);
  update app_private.usage_positions set period = null where usage_positions.organization_id = v_organization_id;
  if exists (
    select from app_public.usage_summaries as summaries
    where summaries.organization_id = v_organization_id
      and tstzrange(summaries.period_starts_at, summaries.period_ends_at)
        && case tg_op when 'INSERT' then new.during when 'DELETE' then old.during else range_merge(old.during, new.during) end
  ) then
    perform app_private.resummarize_usage(v_organization_id);
  end if;
  return null;
end;
$$;

comment on function app_private.tg_billing_periods__resummarize is
  'Sums usage up anew where a billing period takes the place of a calendar month. Trigger _800_resummarize_usage.';

reset role;

create or replace trigger _800_resummarize_usage after insert or delete or update of during on app_public.billing_periods
  for each row execute function app_private.tg_billing_periods__resummarize();
-- end of source: functions/metering/tg_billing_periods__resummarize.sql

-- source: functions/payment_vendors/record_payment_card.sql
-- What a payment provider tells of a card that a clinic entered or took away: brand and last four digits, which people see beside "by
-- card". The card that was entered last pays (0189), so the latest by the provider's clock is the one that is shown, in whatever order and
-- however often it is told. One that was taken away does not come back by what is told late. BIL-08, docs/decisions/0197.

set role app_engine;

create or replace function app_hidden.record_payment_card(
  provider text, customer_id text, card_id text, brand text, last_four text, entered_at timestamptz, is_gone boolean default false
) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  if last_four !~ '^[0-9]{4}$' then
    perform app_hidden.refuse('VALIDATION', 'card_malformed', '{"field": "lastFour"}');
  end if;
  select organization_subscriptions.* into v_subscription
  from app_public.organization_subscriptions
  where organization_subscriptions.provider = record_payment_card.provider
    and organization_subscriptions.provider_customer_id = record_payment_card.customer_id
    and organization_subscriptions.status <> 'canceled'
  for no key update;
  if not found then
    return 'not_ours';
  end if;
  insert into app_public.payment_cards as known (organization_id, subscription_id, provider_card_id, brand, last_four, entered_at)
  select v_subscription.organization_id, v_subscription.id,
    case when not is_gone then record_payment_card.card_id end,
    case when not is_gone then left(record_payment_card.brand, 40) end,
    case when not is_gone then record_payment_card.last_four end,
    record_payment_card.entered_at
  on conflict on constraint payment_cards_one_of_a_subscription do update
    set provider_card_id = excluded.provider_card_id, brand = excluded.brand, last_four = excluded.last_four,
        entered_at = excluded.entered_at
    -- Of one instant the greater id holds, and that a card is gone is the last word about it.
    where known.entered_at < excluded.entered_at
       or known.entered_at = excluded.entered_at and (
         is_gone and known.provider_card_id = record_payment_card.card_id or known.provider_card_id < excluded.provider_card_id);
  return case when found then 'kept' else 'older' end;
end;
$$;

comment on function app_hidden.record_payment_card is
  'Keeps which card pays the live subscription of whom the provider knows by customer_id, or that it is_gone, unless a later one is known: '
  'kept, older or not_ours. VALIDATION card_malformed.';
grant execute on function app_hidden.record_payment_card to app_worker;

reset role;
-- end of source: functions/payment_vendors/record_payment_card.sql

-- source: functions/payment_vendors/record_payment_customer.sql
-- Whom a payment vendor knows a clinic as: kept as soon as the vendor says it, before anything is made for it there. The first one
-- stays, so that cards and charges are of the same. BIL-04, BIL-08.

set role app_engine;

create or replace function app_hidden.record_payment_customer(organization_id uuid, provider text, customer_id text) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  select organization_subscriptions.* into v_subscription
  from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = record_payment_customer.organization_id
    and organization_subscriptions.status <> 'canceled'
  for no key update;
  if v_subscription.provider_customer_id is null then
    update app_public.organization_subscriptions set provider_customer_id = record_payment_customer.customer_id
    where organization_subscriptions.organization_id = v_subscription.organization_id
      and organization_subscriptions.id = v_subscription.id
    returning organization_subscriptions.provider_customer_id into v_subscription.provider_customer_id;
  end if;
  return v_subscription.provider_customer_id;
end;
$$;

comment on function app_hidden.record_payment_customer is
  'Keeps the id by which a payment vendor knows a clinic with the clinic''s live subscription, unless one is there; answers the one that is.';
grant execute on function app_hidden.record_payment_customer to app_authenticator, app_worker;

reset role;
-- end of source: functions/payment_vendors/record_payment_customer.sql

-- source: functions/subscriptions/begin_organization_subscription.sql
-- A pending subscription begins: the trial of the tier's days, once in the life of a clinic, or the first month from today on. Days
-- are those of the billing zone, so what is billed begins at midnight. BIL-01.

create or replace function app_private.begin_organization_subscription(subscription app_public.organization_subscriptions)
returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_today date := (app_hidden.now() at time zone subscription.timezone)::date;
  v_trial_days int := 0;
  v_subscription app_public.organization_subscriptions;
  v_period app_public.billing_periods;
begin
  if not exists (
    select from app_public.organization_subscriptions as earlier
    where earlier.organization_id = subscription.organization_id and earlier.trial_ends_at is not null
  ) then
    select versions.trial_days into strict v_trial_days
    from app_public.platform_tier_versions as versions where versions.id = subscription.tier_version_id;
  end if;

  update app_public.organization_subscriptions set
    status = case when v_trial_days > 0 then 'trialing' else 'active' end,
    anchor_on = v_today + v_trial_days,
    trial_ends_at = case when v_trial_days > 0 then app_private.day_starts(v_today + v_trial_days, subscription.timezone) end,
    -- Of a trial of a week or less nobody has to be told that it ends within a week.
    trial_told_at = case when v_trial_days between 1 and 7 then app_hidden.now() end
  where organization_subscriptions.organization_id = subscription.organization_id and organization_subscriptions.id = subscription.id
  returning * into v_subscription;
  perform app_private.write_subscription_tier(v_subscription, v_subscription.status_reason);

  v_period.organization_id := v_subscription.organization_id;
  v_period.subscription_id := v_subscription.id;
  v_period.position := 1;
  v_period.is_trial := v_trial_days > 0;
  v_period.cadence := v_subscription.cadence;
  v_period.starts_on := v_today;
  v_period.ends_on := case when v_trial_days > 0 then v_subscription.anchor_on else app_private.month_day(v_today, 1) end;
  v_period.during := tstzrange(
    app_private.day_starts(v_period.starts_on, v_subscription.timezone), app_private.day_starts(v_period.ends_on, v_subscription.timezone));
  perform app_private.open_billing_period(v_period);
  return app_private.note_settle_at(v_subscription);
end;
$$;

comment on function app_private.begin_organization_subscription is
  'Begins a subscription that is pending and locked, of a clinic whose billing details are complete.';
grant execute on function app_private.begin_organization_subscription to app_engine;

create or replace function app_private.write_subscription_tier(subscription app_public.organization_subscriptions, reason text) returns void
language sql volatile
set search_path = ''
begin atomic
  insert into app_public.organization_subscription_tiers
    (organization_id, subscription_id, position, starts_on, tier_version_id, reason, created_by, created_at)
  select
    (subscription).organization_id, (subscription).id, coalesce(max(held.position), 0) + 1,
    (app_hidden.now() at time zone (subscription).timezone)::date, (subscription).tier_version_id, write_subscription_tier.reason,
    app_private.current_actor_id(), app_hidden.now()
  from app_public.organization_subscription_tiers as held
  where held.organization_id = (subscription).organization_id and held.subscription_id = (subscription).id;
end;

comment on function app_private.write_subscription_tier is 'Notes that a locked subscription is of its tier from today on.';
grant execute on function app_private.write_subscription_tier to app_engine;
-- end of source: functions/subscriptions/begin_organization_subscription.sql

-- source: functions/payments/issue_credit_note.sql
-- Something is taken off an invoice: a document with a number of its own, lines that are bounded by those of the invoice, postings, the
-- job that has the invoicing provider issue it, and an event of which the clinic is told once. BIL-05, BIL-08, docs/decisions/0187.
-- Whoever calls it has locked the billing of the clinic, the series and the invoice, and settles the account afterwards.

create or replace function app_private.creditable(invoice app_public.invoices)
returns table (line_id uuid, kind text, amount bigint)
language sql stable
set search_path = ''
begin atomic
  select invoice_lines.id, invoice_lines.kind,
         greatest(invoice_lines.amount - coalesce((
           select sum(credit_note_lines.amount)
           from app_public.credit_note_lines
           where credit_note_lines.organization_id = invoice_lines.organization_id
             and credit_note_lines.invoice_line_id = invoice_lines.id), 0), 0)::bigint
  from app_public.invoice_lines
  where invoice_lines.organization_id = (invoice).organization_id and invoice_lines.invoice_id = (invoice).id
  order by invoice_lines.position;
end;

comment on function app_private.creditable is 'How much of each line of an invoice was not credited yet, before tax, in the order of the lines.';
grant execute on function app_private.creditable to app_engine;

create or replace function app_private.credited_net(invoice app_public.invoices) returns bigint
language sql stable
set search_path = ''
begin atomic
  select coalesce(sum(credit_notes.net_amount), 0)::bigint
  from app_public.credit_notes
  where credit_notes.organization_id = (invoice).organization_id and credit_notes.invoice_id = (invoice).id;
end;

comment on function app_private.credited_net is 'How much of an invoice was credited, before tax.';
grant execute on function app_private.credited_net to app_engine;

create or replace function app_private.require_creditable(invoice app_public.invoices) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if invoice.status not in ('issued', 'paid') then
    perform app_hidden.refuse('STATE', 'invoice_not_creditable', jsonb_build_object('status', invoice.status));
  -- A credit note names the invoice as the provider numbered it, and shares its tax.
  elsif invoice.total_amount is null then
    perform app_hidden.refuse('STATE', 'invoice_document_missing');
  end if;
end;
$$;

comment on function app_private.require_creditable is
  'Passes for an invoice that may be credited; STATE invoice_not_creditable, or invoice_document_missing until the invoicing provider has issued it.';
grant execute on function app_private.require_creditable to app_engine;

create or replace function app_private.issue_credit_note(
  invoice app_public.invoices,
  line_ids uuid[],
  amounts bigint[],
  reason text,
  gross_amount bigint default null,
  refund_id uuid default null
) returns app_public.credit_notes
language plpgsql volatile
set search_path = ''
as $$
declare
  v_note app_public.credit_notes;
  v_net bigint := (select sum(given.amount) from unnest(amounts) as given (amount));
  v_credited_net bigint := app_private.credited_net(invoice);
  v_tax bigint := invoice.total_amount - invoice.net_amount;
  v_gross bigint;
begin
  -- The share of the invoice's tax is cumulative, so that notes which credit all of the net credit all of the tax.
  v_gross := coalesce(
    issue_credit_note.gross_amount,
    v_net + greatest(0, round(v_tax::numeric * (v_credited_net + v_net) / invoice.net_amount)::bigint
                        - (invoice.credited_amount - v_credited_net)));

  insert into app_public.credit_notes
    (organization_id, invoice_id, series, number, net_amount, gross_amount, reason, issued_by, issued_at, tax_state, tax_deadline_on)
  select invoice.organization_id, invoice.id, next.series, next.number, v_net, v_gross, issue_credit_note.reason,
         app_private.current_actor_id(), app_hidden.now(),
         -- It goes where its invoice went, within the days that the law of its own day says.
         case invoice.tax_state when 'not_applicable' then 'not_applicable' else 'queued' end,
         app_private.tax_deadline(invoice.billed_to ->> 'country', (app_hidden.now() at time zone subscription.timezone)::date)
  from app_private.next_number('credit_note') as next
  join app_public.organization_subscriptions as subscription
    on subscription.organization_id = invoice.organization_id and subscription.id = invoice.subscription_id
  returning * into strict v_note;
  insert into app_public.credit_note_lines (organization_id, credit_note_id, invoice_line_id, amount)
  select v_note.organization_id, v_note.id, given.line_id, given.amount
  from unnest(line_ids, amounts) as given (line_id, amount)
  where given.amount > 0;
  update app_public.invoices set credited_amount = invoices.credited_amount + v_gross
  where invoices.organization_id = invoice.organization_id and invoices.id = invoice.id
  returning * into strict invoice;

  perform app_private.post(
    'credit_note', v_note.id, v_note.organization_id, invoice.currency,
    (select jsonb_object_agg(revenue.account, revenue.amount)
     from (
       select app_private.revenue_account(invoice_lines.kind) as account, sum(given.amount) as amount
       from unnest(line_ids, amounts) as given (line_id, amount)
       join app_public.invoice_lines
         on invoice_lines.organization_id = invoice.organization_id and invoice_lines.id = given.line_id
       group by 1
     ) as revenue)
    || jsonb_build_object('tax', v_gross - v_net, 'receivable', -v_gross));
  if app_private.invoice_due(invoice) < 0 then
    perform app_private.free_payments(invoice, -app_private.invoice_due(invoice));
  end if;

  perform graphile_worker.add_job(
    'issue_document', json_build_object('kind', 'credit_note', 'id', v_note.id), job_key => 'issue_document:' || v_note.id);
  perform app_private.publish(
    'credit_note.issued', v_note.organization_id, v_note.id,
    jsonb_strip_nulls(jsonb_build_object(
      'creditNoteId', v_note.id, 'invoiceId', v_note.invoice_id, 'refundId', issue_credit_note.refund_id)));
  return v_note;
end;
$$;

comment on function app_private.issue_credit_note is
  'Issues a credit note of these amounts of these lines, before tax; gross_amount where it is given back to the coin. What was paid '
  'beyond what is left of the invoice is in the clinic''s balance then.';
grant execute on function app_private.issue_credit_note to app_engine;
-- end of source: functions/payments/issue_credit_note.sql

-- source: functions/payments/credit_invoice.sql
-- Staff of the platform take something off an invoice that was issued: of lines that they name, or an amount that is spread over all, or
-- all that is left. No line is credited for more than it is, however many credit it at once. BIL-05, BIL-08.

set role app_engine;

create or replace function app_public.credit_invoice(invoice_id uuid, lines jsonb, reason text) returns app_public.credit_notes
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('credit_invoice', jsonb_build_array(invoice_id, lines, reason));
  v_invoice app_public.invoices;
  v_note app_public.credit_notes;
  v_reason text;
  v_problem text;
  v_line_ids uuid[];
  v_amounts bigint[];
begin
  if v_remembered is not null then
    perform app_private.require_superadmin();
    return jsonb_populate_record(v_note, v_remembered);
  end if;
  v_invoice := app_private.billed_invoice(invoice_id, 'credit_note');
  v_reason := app_private.require_reason(reason);
  v_problem := app_private.credit_lines_problem(lines);
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'credit_lines_wrong', jsonb_build_object('field', 'lines', 'path', v_problem));
  end if;
  perform app_private.require_creditable(v_invoice);

  select array_agg(given.id), array_agg(given.amount) into v_line_ids, v_amounts
  from (
    select (line ->> 'lineId')::uuid as id, (line ->> 'amount')::bigint as amount
    from jsonb_array_elements(lines) as line
  ) as given;
  select given.id::text into v_problem
  from unnest(v_line_ids) as given (id)
  where not exists (select from app_private.creditable(v_invoice) as line where line.line_id = given.id)
  limit 1;
  if v_problem is not null then
    perform app_hidden.refuse('NOT_FOUND', 'invoice_line_not_found', jsonb_build_object('lineId', v_problem));
  end if;
  perform app_hidden.refuse(
    'CONFLICT', 'credit_exceeds_line',
    jsonb_build_object('lineId', line.line_id, 'most', line.amount, 'currency', v_invoice.currency))
  from unnest(v_line_ids, v_amounts) as given (id, amount)
  join app_private.creditable(v_invoice) as line on line.line_id = given.id
  where given.amount > line.amount;
  perform app_private.require_net_left(v_invoice, (select sum(amount) from unnest(v_amounts) as amount)::bigint);

  v_note := app_private.issue_credit_note(v_invoice, v_line_ids, v_amounts, v_reason);
  perform app_private.settle_account(v_invoice.organization_id, v_invoice.currency, array[v_invoice.id]);
  perform app_private.remember('credit_invoice', to_jsonb(v_note));
  return v_note;
end;
$$;

comment on function app_public.credit_invoice is
  E'@arg lines What is taken off, before tax: [{"lineId": "…", "amount": 5000}], each line once.\n'
  'Issues a credit note for lines of an invoice. What was paid beyond what is left is a balance of the clinic. Superadmin only, with a reason. '
  'CONFLICT credit_exceeds_line or credit_exceeds_invoice, NOT_FOUND invoice_line_not_found, STATE invoice_not_creditable or '
  'invoice_document_missing, VALIDATION credit_lines_wrong.';
grant execute on function app_public.credit_invoice to app_member;

create or replace function app_public.discount_invoice(invoice_id uuid, amount bigint, reason text) returns app_public.credit_notes
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('discount_invoice', jsonb_build_array(invoice_id, amount, reason));
  v_invoice app_public.invoices;
  v_note app_public.credit_notes;
  v_reason text;
begin
  if v_remembered is not null then
    perform app_private.require_superadmin();
    return jsonb_populate_record(v_note, v_remembered);
  end if;
  v_invoice := app_private.billed_invoice(invoice_id, 'credit_note');
  v_reason := app_private.require_reason(reason);
  if discount_invoice.amount not between 1 and 100000000000 then
    perform app_hidden.refuse('VALIDATION', 'sum_out_of_range', '{"field": "amount"}');
  end if;
  perform app_private.require_creditable(v_invoice);
  perform app_private.require_net_left(v_invoice, discount_invoice.amount);
  v_note := app_private.credit_amount(v_invoice, discount_invoice.amount, v_reason);
  perform app_private.settle_account(v_invoice.organization_id, v_invoice.currency, array[v_invoice.id]);
  perform app_private.remember('discount_invoice', to_jsonb(v_note));
  return v_note;
end;
$$;

comment on function app_public.discount_invoice is
  E'@arg amount What is taken off, before tax, in minor units of the invoice''s currency.\n'
  'Issues a credit note for an amount, spread over what is left of the lines by largest remainder. Superadmin only, with a reason. '
  'CONFLICT credit_exceeds_invoice, STATE invoice_not_creditable or invoice_document_missing.';
grant execute on function app_public.discount_invoice to app_member;

create or replace function app_public.void_invoice(invoice_id uuid, reason text) returns app_public.credit_notes
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('void_invoice', jsonb_build_array(invoice_id, reason));
  v_invoice app_public.invoices;
  v_note app_public.credit_notes;
  v_reason text;
  v_net bigint;
begin
  if v_remembered is not null then
    perform app_private.require_superadmin();
    return jsonb_populate_record(v_note, v_remembered);
  end if;
  v_invoice := app_private.billed_invoice(invoice_id, 'credit_note');
  v_reason := app_private.require_reason(reason);
  perform app_private.require_creditable(v_invoice);
  perform app_private.require_no_open_charge(v_invoice);
  v_net := v_invoice.net_amount - app_private.credited_net(v_invoice);
  perform app_private.require_net_left(v_invoice, greatest(v_net, 1));
  v_note := app_private.credit_amount(v_invoice, v_net, v_reason);
  perform app_private.settle_account(v_invoice.organization_id, v_invoice.currency, array[v_invoice.id]);
  perform app_private.remember('void_invoice', to_jsonb(v_note));
  return v_note;
end;
$$;

comment on function app_public.void_invoice is
  'Takes all that is left of an invoice off it by a credit note: an invoice that was issued is not taken back otherwise. One of which '
  'nothing was paid is void then; what was paid is a balance of the clinic. Superadmin only, with a reason. '
  'CONFLICT credit_exceeds_invoice when nothing is left, STATE invoice_not_creditable, invoice_document_missing or charge_under_way.';
grant execute on function app_public.void_invoice to app_member;

reset role;

create or replace function app_private.credit_lines_problem(lines jsonb) returns text
language sql immutable
set search_path = ''
return case
  when jsonb_typeof(lines) is distinct from 'array' or jsonb_array_length(lines) not between 1 and 500 then ''
  else (
    select '/' || (line.place - 1)
    from jsonb_array_elements(lines) with ordinality as line (value, place)
    where not coalesce(line.value ->> 'lineId' ~ '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$', false)
      or not coalesce(line.value ->> 'amount' ~ '^[1-9][0-9]{0,11}$', false)
      or (select count(*) from jsonb_array_elements(lines) as other
          where app_hidden.ascii_lower(other ->> 'lineId') = app_hidden.ascii_lower(line.value ->> 'lineId')) > 1
    order by line.place
    limit 1)
end;

comment on function app_private.credit_lines_problem is
  'Which of the lines to credit is wrong, as a JSON pointer: no id, no amount above zero, or twice the same; null: none is.';
grant execute on function app_private.credit_lines_problem to app_engine;

create or replace function app_private.require_net_left(invoice app_public.invoices, net_amount bigint) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_left bigint := invoice.net_amount - app_private.credited_net(invoice);
begin
  if require_net_left.net_amount > v_left then
    perform app_hidden.refuse(
      'CONFLICT', 'credit_exceeds_invoice', jsonb_build_object('most', v_left, 'currency', invoice.currency));
  end if;
end;
$$;

comment on function app_private.require_net_left is
  'Passes when so much of an invoice is not credited yet, before tax; CONFLICT credit_exceeds_invoice.';
grant execute on function app_private.require_net_left to app_engine;

create or replace function app_private.credit_amount(
  invoice app_public.invoices, net_amount bigint, reason text, gross_amount bigint default null, refund_id uuid default null
) returns app_public.credit_notes
language plpgsql volatile
set search_path = ''
as $$
declare
  v_line_ids uuid[];
  v_left bigint[];
begin
  select array_agg(line.line_id order by line.place), array_agg(line.amount order by line.place) into v_line_ids, v_left
  from app_private.creditable(invoice) with ordinality as line (line_id, kind, amount, place);
  return app_private.issue_credit_note(
    invoice, v_line_ids, app_private.spread(credit_amount.net_amount, v_left), credit_amount.reason, credit_amount.gross_amount,
    credit_amount.refund_id);
end;
$$;

comment on function app_private.credit_amount is 'Issues a credit note for an amount before tax, spread over what is left of the lines.';
grant execute on function app_private.credit_amount to app_engine;

create or replace function app_private.require_no_open_charge(invoice app_public.invoices) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if exists (
    select from app_public.payment_attempts
    where payment_attempts.organization_id = invoice.organization_id and payment_attempts.invoice_id = invoice.id
      and payment_attempts.status in ('processing', 'unknown')
  ) then
    perform app_hidden.refuse('STATE', 'charge_under_way');
  end if;
end;
$$;

comment on function app_private.require_no_open_charge is
  'Passes when no vendor is being asked for the money of an invoice; STATE charge_under_way.';
grant execute on function app_private.require_no_open_charge to app_engine;
-- end of source: functions/payments/credit_invoice.sql

-- source: functions/payments/credit_carried_amount.sql
-- A subscription may end before a bill took off what was credited for a smaller plan (docs/decisions/0178). The clinic sees what is left, and
-- staff of the platform give it back: by credit notes for what it was billed and paid, the last invoice first. What was paid of them is the
-- clinic's balance then, and refund_payment() sends it. BIL-05, BIL-06, BIL-08, docs/decisions/0196.

create or replace function app_private.carried_amount(subscription app_public.organization_subscriptions) returns bigint
language sql stable
set search_path = ''
begin atomic
  select coalesce((
    select greatest(-last.carried_after - coalesce((
      select sum(credit_notes.net_amount)
      from app_public.credit_notes
      where credit_notes.organization_id = last.organization_id and credit_notes.carried_by = last.id), 0), 0)
    from (
      select period_bills.organization_id, period_bills.id, period_bills.carried_after
      from app_public.period_bills
      where period_bills.organization_id = (subscription).organization_id and period_bills.subscription_id = (subscription).id
      order by period_bills.position desc
      limit 1
    ) as last), 0)::bigint;
end;

comment on function app_private.carried_amount is
  'The credit that the next bill of a subscription takes off, before tax; of one that has ended what is still owed to the clinic.';
grant execute on function app_private.carried_amount to app_engine;

set role app_engine;

create or replace function app_public.carried_credits(organization_id uuid)
returns table (subscription_id uuid, carried_amount bigint, currency text, is_owed boolean)
language plpgsql stable security definer rows 1
set search_path = ''
as $$
begin
  perform app_private.require_billing_view(carried_credits.organization_id);
  return query
  select carried.id, carried.amount, carried.currency, carried.is_owed
  from (
    select subscriptions.id, app_private.carried_amount(subscriptions) as amount, subscriptions.currency::text,
           subscriptions.status = 'canceled' as is_owed
    from app_public.organization_subscriptions as subscriptions
    where subscriptions.organization_id = carried_credits.organization_id
  ) as carried
  where carried.amount > 0
  order by carried.id;
end;
$$;

comment on function app_public.carried_credits is
  E'@answer isOwed Whether the subscription has ended, so that no bill takes it off any more.\n'
  'What a clinic has to its credit, by subscription, before tax: the next bill takes it off, or it is owed, where the subscription has ended. '
  'Needs billing.view, or a superadmin.';
grant execute on function app_public.carried_credits to app_member;

create or replace function app_public.credit_carried_amount(subscription_id uuid, reason text) returns app_public.organization_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('credit_carried_amount', jsonb_build_array(subscription_id, reason));
  v_subscription app_public.organization_subscriptions;
  v_reason text;
  v_invoice app_public.invoices;
  v_left bigint;
  v_part bigint;
  v_credited uuid[] := '{}';
begin
  if v_remembered is not null then
    perform app_private.require_superadmin();
    return jsonb_populate_record(v_subscription, v_remembered);
  end if;
  perform app_private.require_superadmin();
  v_reason := app_private.require_reason(reason);
  select organization_subscriptions.* into v_subscription
  from app_public.organization_subscriptions
  where organization_subscriptions.id = credit_carried_amount.subscription_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.lock_billing(v_subscription.organization_id);
  perform app_private.lock_series('credit_note');
  select organization_subscriptions.* into strict v_subscription
  from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = v_subscription.organization_id and organization_subscriptions.id = v_subscription.id;
  v_left := app_private.carried_amount(v_subscription);
  if v_left = 0 then
    perform app_hidden.refuse('STATE', 'nothing_carried');
  elsif v_subscription.status <> 'canceled' then
    perform app_hidden.refuse('STATE', 'carried_to_next_bill');
  end if;

  for v_invoice in
    select invoices.*
    from app_public.invoices
    where invoices.organization_id = v_subscription.organization_id and invoices.subscription_id = v_subscription.id
      and invoices.status in ('issued', 'paid') and invoices.total_amount is not null
    order by invoices.issued_at desc, invoices.id desc
    for no key update
  loop
    v_part := least(v_left, v_invoice.net_amount - app_private.credited_net(v_invoice));
    continue when v_part <= 0;
    perform app_private.credit_carried(v_invoice, v_part, v_reason);
    v_left := v_left - v_part;
    v_credited := v_credited || v_invoice.id;
    exit when v_left = 0;
  end loop;
  if v_credited = '{}' then
    perform app_hidden.refuse('STATE', 'nothing_to_credit');
  end if;
  perform app_private.settle_account(v_subscription.organization_id, v_subscription.currency, v_credited);
  perform app_private.remember('credit_carried_amount', to_jsonb(v_subscription));
  return v_subscription;
end;
$$;

comment on function app_public.credit_carried_amount is
  E'@arg subscriptionId A subscription that has ended with one of carriedCredits.\n'
  'Gives back what a subscription that has ended carried over: credit notes take it off its invoices, the last one first, and what was paid of them is a '
  'balance of the clinic, which pays what is due or is refunded. Superadmin only, with a reason. STATE nothing_carried, carried_to_next_bill '
  'while it goes on, nothing_to_credit while no invoice of it can be credited.';
grant execute on function app_public.credit_carried_amount to app_member;

reset role;

create or replace function app_private.credit_carried(invoice app_public.invoices, net_amount bigint, reason text) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_note app_public.credit_notes := app_private.credit_amount(invoice, credit_carried.net_amount, credit_carried.reason);
begin
  update app_public.credit_notes set carried_by = (
    select period_bills.id
    from app_public.period_bills
    where period_bills.organization_id = invoice.organization_id and period_bills.subscription_id = invoice.subscription_id
    order by period_bills.position desc
    limit 1)
  where credit_notes.organization_id = v_note.organization_id and credit_notes.id = v_note.id;
end;
$$;

comment on function app_private.credit_carried is 'Issues a credit note for what the last bill of the subscription of an invoice carried over.';
grant execute on function app_private.credit_carried to app_engine;
-- end of source: functions/payments/credit_carried_amount.sql

-- source: functions/payments/billing_overview.sql
-- How clinics stand with the platform: what each subscribes to, what it owes and since when, and when it is billed next. Read in pages by
-- the clinic's id, and each clinic's own rows by their indexes, so that a page costs the same however many clinics there are. BIL-06.

set role app_engine;

create or replace function app_public.billing_overview(
  after_organization_id uuid default null,
  up_to int default 50,
  only_unpaid boolean default false,
  named text default null,
  with_status text default null
)
returns table (
  organization_id uuid, organization_name text, tier_slug text, status text, currency text, unpaid_amount bigint, balance_amount bigint,
  overdue_since date, next_bill_on date, carried_amount bigint
)
language plpgsql stable security definer rows 50
set search_path = ''
as $$
begin
  perform app_private.require_superadmin();
  perform app_private.require_page(up_to);
  return query
  select clinic.organization_id, clinic.organization_name, clinic.tier_slug, clinic.status, clinic.currency, clinic.unpaid_amount,
    clinic.balance_amount, clinic.overdue_since, clinic.next_bill_on, clinic.carried_amount
  from app_private.clinics_billing(after_organization_id, up_to, only_unpaid, named, with_status, true) as clinic;
end;
$$;

comment on function app_public.billing_overview is
  E'@nullable overdue_since\n@nullable next_bill_on\n@words status organization_subscriptions.status\n'
  '@arg afterOrganizationId The last clinic of the page before; null: the first page.\n'
  '@arg upTo How many clinics, 100 at most.\n'
  '@arg onlyUnpaid Whether clinics that owe nothing are left out.\n@arg named What their name has in it, without regard to case and marks.\n'
  '@arg withStatus How their subscription stands.\n@words with_status organization_subscriptions.status\n'
  'Clinics that subscribe, or did, in the order of their ids: what is unpaid, since when something of it is overdue, what the clinic has paid '
  'beyond what it owes, when the next bill is made, and the credit that it takes off; of who has left what is still owed to them. Superadmin only. VALIDATION page_out_of_range.';
grant execute on function app_public.billing_overview to app_member;

create or replace function app_public.clinics_overview(
  after_organization_id uuid default null,
  up_to int default 50,
  named text default null,
  with_status text default null,
  has_plan boolean default null
)
returns table (
  organization_id uuid, organization_name text, tier_slug text, status text, currency text, unpaid_amount bigint, balance_amount bigint,
  overdue_since date, next_bill_on date, carried_amount bigint
)
language plpgsql stable security definer rows 50
set search_path = ''
as $$
begin
  perform app_private.require_superadmin();
  perform app_private.require_page(up_to);
  return query
  select clinic.organization_id, clinic.organization_name, clinic.tier_slug, clinic.status, clinic.currency, clinic.unpaid_amount,
    clinic.balance_amount, clinic.overdue_since, clinic.next_bill_on, clinic.carried_amount
  from app_private.clinics_billing(after_organization_id, up_to, false, named, with_status, has_plan) as clinic;
end;
$$;

comment on function app_public.clinics_overview is
  E'@nullable tier_slug\n@nullable status\n@nullable overdue_since\n@nullable next_bill_on\n@words status organization_subscriptions.status\n'
  '@arg afterOrganizationId The last clinic of the page before; null: the first page.\n'
  '@arg upTo How many clinics, 100 at most.\n@arg named What their name has in it, without regard to case and marks.\n'
  '@arg withStatus How their subscription stands.\n@words with_status organization_subscriptions.status\n'
  '@arg hasPlan Whether they subscribe, or did; null: all.\n'
  'Every clinic in the order of their ids, as billingOverview says, also those that never subscribed: these have no tier and no status, and '
  'their currency is the one in which they would be billed. Superadmin only. VALIDATION page_out_of_range.';
grant execute on function app_public.clinics_overview to app_member;

reset role;

create or replace function app_private.require_page(up_to int) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if up_to not between 1 and 100 then
    perform app_hidden.refuse('VALIDATION', 'page_out_of_range', '{"field": "upTo", "most": 100}');
  end if;
end;
$$;

comment on function app_private.require_page is 'Passes for a page of 1 to 100.';
grant execute on function app_private.require_page to app_engine;

create or replace function app_private.clinics_billing(
  after_organization_id uuid, up_to int, only_unpaid boolean, named text, with_status text, has_plan boolean
)
returns table (
  organization_id uuid, organization_name text, tier_slug text, status text, currency text, unpaid_amount bigint, balance_amount bigint,
  overdue_since date, next_bill_on date, carried_amount bigint
)
language plpgsql stable rows 50
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_named constant text := app_hidden.search_text(coalesce(named, ''));
begin
  return query
  select organizations.id, organizations.name, platform_tiers.slug, subscription.status, billed.currency::text,
    coalesce(unpaid.amount, 0)::bigint, coalesce(kept.amount, 0)::bigint, unpaid.overdue_since, period.ends_on,
    coalesce(subscription.carried, 0)::bigint
  from app_public.organizations
  left join lateral (
    select organization_subscriptions.*, app_private.carried_amount(organization_subscriptions) as carried
    from app_public.organization_subscriptions
    where organization_subscriptions.organization_id = organizations.id
    order by organization_subscriptions.status = 'canceled', organization_subscriptions.id desc
    limit 1
  ) as subscription on true
  left join app_public.organization_billing as details on details.organization_id = organizations.id
  cross join lateral (
    select coalesce(subscription.currency, details.currency, organizations.currency) as currency,
           coalesce(subscription.timezone, details.timezone, organizations.timezone) as timezone
  ) as billed
  left join app_public.platform_tier_versions on platform_tier_versions.id = subscription.tier_version_id
  left join app_public.platform_tiers on platform_tiers.id = platform_tier_versions.tier_id
  cross join lateral (
    select sum(app_private.invoice_due(invoices)) as amount,
           min(invoices.due_on) filter (where invoices.due_on < (app_hidden.now() at time zone billed.timezone)::date) as overdue_since
    from app_public.invoices
    where invoices.organization_id = organizations.id and invoices.status = 'issued' and invoices.currency = billed.currency
  ) as unpaid
  cross join lateral (
    select sum(payments.amount - payments.applied_amount - payments.refunded_amount) as amount
    from app_public.payments
    where payments.organization_id = organizations.id and payments.currency = billed.currency
      and payments.applied_amount + payments.refunded_amount < payments.amount
  ) as kept
  left join lateral (
    select billing_periods.ends_on
    from app_public.billing_periods
    where billing_periods.organization_id = organizations.id and billing_periods.subscription_id = subscription.id
      and subscription.status <> 'canceled'
    order by billing_periods.position desc
    limit 1
  ) as period on true
  where organizations.deleted_at is null
    and (after_organization_id is null or organizations.id > after_organization_id)
    and (with_status is null or subscription.status = with_status)
    and (has_plan is null or has_plan = (subscription.id is not null))
    and (v_named = '' or position(v_named in app_hidden.search_text(organizations.name)) > 0)
    and (not only_unpaid or exists (
      select from app_public.invoices
      where invoices.organization_id = organizations.id and invoices.status = 'issued'))
  order by organizations.id
  limit up_to;
end;
$$;

comment on function app_private.clinics_billing is 'A page of clinics as billing_overview and clinics_overview answer it.';
grant execute on function app_private.clinics_billing to app_engine;
-- end of source: functions/payments/billing_overview.sql

-- source: functions/tax_office/tax_documents.sql
-- What is followed at the tax office: invoices and credit notes alike, each by its kind and id. BIL-04, docs/decisions/0198.

create or replace view app_private.tax_documents with (security_invoker = true) as
select 'invoice'::text as kind, invoices.id, invoices.organization_id, invoices.billed_to ->> 'country' as country,
  invoices.provider_state, invoices.provider_document_number, invoices.tax_state, invoices.tax_upload_id, invoices.tax_sent_at,
  invoices.tax_deadline_on, invoices.tax_checked_at, invoices.tax_error, jsonb_build_object('invoiceId', invoices.id) as about
from app_public.invoices
union all
select 'credit_note', note.id, note.organization_id, invoices.billed_to ->> 'country',
  note.provider_state, note.provider_document_number, note.tax_state, note.tax_upload_id, note.tax_sent_at,
  note.tax_deadline_on, note.tax_checked_at, note.tax_error, jsonb_build_object('creditNoteId', note.id, 'invoiceId', note.invoice_id)
from app_public.credit_notes as note
join app_public.invoices on invoices.organization_id = note.organization_id and invoices.id = note.invoice_id;

comment on view app_private.tax_documents is 'Documents that a tax office takes, and how each stands there; about is what events say of it.';
grant select on app_private.tax_documents to app_engine;
-- end of source: functions/tax_office/tax_documents.sql

-- source: functions/payments/documents_to_check.sql
-- Documents of which the worker asks the tax office what became of them, those whose deadline is nearest first. BIL-04.

set role app_engine;

create or replace function app_hidden.documents_to_check(up_to int default 100)
returns table (kind text, id uuid, tax_state text, tax_upload_id text, tax_deadline_on date)
language sql stable security definer
set search_path = ''
begin atomic
  select documents.kind, documents.id, documents.tax_state, documents.tax_upload_id, documents.tax_deadline_on
  from app_private.tax_documents as documents
  where documents.tax_state in ('queued', 'sent', 'unknown') and documents.provider_state = 'issued'
    -- What the tax office has just been asked about is asked about again later.
    and (documents.tax_checked_at is null or documents.tax_checked_at <= app_hidden.now() - interval '15 minutes')
  order by documents.tax_deadline_on, documents.id
  limit documents_to_check.up_to;
end;

comment on function app_hidden.documents_to_check is
  'Invoices and credit notes that are issued and that the tax office has neither accepted nor rejected, up to so many, not asked about for a '
  'quarter of an hour.';
grant execute on function app_hidden.documents_to_check to app_worker;

reset role;
-- end of source: functions/payments/documents_to_check.sql

-- source: functions/payments/messages_about_credit_note.sql
-- Something was taken off an invoice, or money goes back: a notice, once for each credit note, and once for each refund without one. BIL-08.

create or replace function app_private.messages_about_credit_note(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.tell_of_billing(event, 'credit_notice',
    jsonb_build_object(
      'creditNoteNumber', credit_notes.series || ' ' || credit_notes.number,
      'invoiceNumber', invoices.series || ' ' || invoices.number,
      'creditAmount', credit_notes.gross_amount::text,
      'refundAmount', refunds.amount::text,
      'currency', invoices.currency))
  from app_public.credit_notes
  join app_public.invoices on invoices.organization_id = credit_notes.organization_id and invoices.id = credit_notes.invoice_id
  left join app_public.refunds on refunds.organization_id = credit_notes.organization_id and refunds.credit_note_id = credit_notes.id
  where credit_notes.organization_id = event.organization_id and credit_notes.id = event.subject_id;
end;
$$;

comment on function app_private.messages_about_credit_note is
  'Queues what credit_note.issued calls for: a notice to the clinic''s address for bills and to members with billing.manage.';
grant execute on function app_private.messages_about_credit_note to app_engine;

create or replace function app_private.messages_about_refund(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.tell_of_billing(event, 'credit_notice',
    jsonb_build_object(
      'creditNoteNumber', null,
      'invoiceNumber', invoices.series || ' ' || invoices.number,
      'creditAmount', null,
      'refundAmount', refunds.amount::text,
      'currency', refunds.currency))
  from app_public.refunds
  join app_public.payments on payments.organization_id = refunds.organization_id and payments.id = refunds.payment_id
  join app_public.invoices on invoices.organization_id = payments.organization_id and invoices.id = payments.invoice_id
  where refunds.organization_id = event.organization_id and refunds.id = event.subject_id;
end;
$$;

comment on function app_private.messages_about_refund is
  'Queues what refund.requested calls for, a refund without a credit note: a notice to the same people.';
grant execute on function app_private.messages_about_refund to app_engine;
-- end of source: functions/payments/messages_about_credit_note.sql

-- source: functions/payments/messages_about_payment.sql
-- A clinic's payment arrived: a receipt, once for each payment. BIL-08.

create or replace function app_private.messages_about_payment(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.tell_of_billing(event, 'payment_received',
    jsonb_build_object(
      'invoiceNumber', invoices.series || ' ' || invoices.number,
      'paidAmount', payments.amount::text,
      'receivedOn', payments.received_on,
      'dueAmount', nullif(greatest(app_private.invoice_due(invoices), 0), 0)::text,
      'balanceAmount', nullif(payments.amount - payments.applied_amount - payments.refunded_amount, 0)::text,
      'currency', payments.currency))
  from app_public.payments
  join app_public.invoices on invoices.organization_id = payments.organization_id and invoices.id = payments.invoice_id
  where payments.organization_id = event.organization_id and payments.id = event.subject_id;
end;
$$;

comment on function app_private.messages_about_payment is
  'Queues what payment.received calls for: a receipt to the clinic''s address for bills and to members with billing.manage.';
grant execute on function app_private.messages_about_payment to app_engine;
-- end of source: functions/payments/messages_about_payment.sql

-- source: functions/payments/record_attempt.sql
-- What a vendor said of a try to take money: its answer, and its reports, which come twice, late and in any order. Whichever comes
-- first, the same is believed in the end: that the money was taken, if that was ever said; otherwise the end that the vendor said last, by
-- its own time; otherwise that it goes on. That nobody knows (unknown) is ours and not the vendor's: it is asked again.
-- BIL-04, BIL-05, docs/decisions/0187.

set role app_engine;

create or replace function app_hidden.record_attempt(
  id uuid,
  status text,
  provider_payment_id text default null,
  failure_code text default null,
  as_of timestamptz default null
) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_attempt app_public.payment_attempts := app_private.lock_attempt(record_attempt.id);
  v_as_of timestamptz := coalesce(as_of, app_hidden.now());
  v_status text := coalesce(record_attempt.status, '');
  v_payment_id text;
  v_is_new boolean;
begin
  if v_status not in ('processing', 'succeeded', 'failed', 'canceled', 'unknown') then
    perform app_hidden.refuse('VALIDATION', 'payment_status_unknown', jsonb_build_object('status', v_status));
  end if;
  v_payment_id := coalesce(record_attempt.provider_payment_id, v_attempt.provider_payment_id);
  if v_status = 'succeeded' and v_payment_id is null then
    perform app_hidden.refuse('VALIDATION', 'payment_id_missing', '{"field": "providerPaymentId"}');
  end if;
  if v_status = 'unknown' then
    if v_attempt.status not in ('queued', 'processing', 'unknown') then
      return v_attempt.status;
    end if;
    perform app_private.queue_charge(v_attempt.id, app_hidden.now() + interval '5 minutes');
  end if;
  -- The money is taken at most once by an attempt; a second id would be a second payment, which is kept and told.
  if v_status = 'succeeded' then
    if v_attempt.status in ('failed', 'canceled') and v_attempt.provider_as_of > v_as_of
       or v_attempt.provider_payment_id <> record_attempt.provider_payment_id then
      perform app_private.contradict_payment(v_attempt);
    end if;
  elsif v_attempt.status = 'succeeded' then
    if v_status in ('failed', 'canceled') and v_as_of > v_attempt.provider_as_of then
      perform app_private.contradict_payment(v_attempt);
    end if;
    return v_attempt.status;
  end if;

  v_is_new := case
    when v_status = 'unknown' then v_attempt.status <> 'unknown'
    when v_status = 'succeeded' then true
    when v_status = 'processing'
      then v_attempt.status in ('queued', 'processing', 'unknown') and v_as_of >= coalesce(v_attempt.provider_as_of, '-infinity')
    when v_attempt.status in ('queued', 'processing', 'unknown') then true
    -- Two ends: the later one, and of one instant the one that was canceled.
    else (v_as_of, v_status = 'canceled') > (coalesce(v_attempt.provider_as_of, '-infinity'), v_attempt.status = 'canceled')
  end;
  if not v_is_new then
    return v_attempt.status;
  end if;

  update app_public.payment_attempts set
    failure_code = case when v_status in ('failed', 'unknown') then left(record_attempt.failure_code, 100) end,
    provider_payment_id = coalesce(payment_attempts.provider_payment_id, record_attempt.provider_payment_id),
    provider_as_of = case
      when v_status = 'unknown' then payment_attempts.provider_as_of
      -- Nothing but the same success comes here after one.
      when v_attempt.status = 'succeeded' then least(payment_attempts.provider_as_of, v_as_of)
      else v_as_of
    end,
    settled_at = case when v_status in ('succeeded', 'failed', 'canceled') then coalesce(v_attempt.settled_at, app_hidden.now()) end
  where payment_attempts.organization_id = v_attempt.organization_id and payment_attempts.id = v_attempt.id;
  if v_status <> v_attempt.status then
    update app_public.payment_attempts set status = v_status
    where payment_attempts.organization_id = v_attempt.organization_id and payment_attempts.id = v_attempt.id;
  end if;

  if v_status = 'succeeded' then
    perform app_private.settle_payment(
      v_attempt.organization_id, v_attempt.invoice_id, v_attempt.provider, 'card', v_payment_id,
      v_attempt.amount, (v_as_of at time zone 'UTC')::date, attempt_id => v_attempt.id);
  else
    if v_status = 'failed' and v_attempt.status <> 'failed' then
      perform app_private.publish(
        'payment_attempt.failed', v_attempt.organization_id, v_attempt.id,
        jsonb_build_object('attemptId', v_attempt.id, 'invoiceId', v_attempt.invoice_id));
    end if;
    perform app_private.settle_account(invoices.organization_id, invoices.currency, array[invoices.id])
    from app_public.invoices
    where invoices.organization_id = v_attempt.organization_id and invoices.id = v_attempt.invoice_id;
  end if;
  return v_status;
end;
$$;

comment on function app_hidden.record_attempt is
  E'Says what a vendor answered or reported of a try to take money: processing, succeeded, failed or canceled, as of the vendor''s own time; '
  'unknown when its answer was lost. Answers the status that is believed then. NOT_FOUND payment_attempt_not_found, VALIDATION '
  'payment_status_unknown, payment_id_missing.';
grant execute on function app_hidden.record_attempt to app_worker;

reset role;

create or replace function app_private.contradict_payment(attempt app_public.payment_attempts) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.publish(
    'payment.contradicted', attempt.organization_id, attempt.id,
    jsonb_build_object('attemptId', attempt.id, 'invoiceId', attempt.invoice_id));
end;
$$;

comment on function app_private.contradict_payment is 'Publishes that what a vendor says of a try to take money contradicts what it said.';
grant execute on function app_private.contradict_payment to app_engine;
-- end of source: functions/payments/record_attempt.sql

-- source: functions/payments/record_refund.sql
-- What a vendor said of money that goes back. Reports come twice, late and in any order; the last one by the vendor's own time is
-- believed, also when a bank sends back what had arrived. What was not given back is a balance of the clinic; its credit note
-- stays, for it was issued. BIL-05, BIL-08, docs/decisions/0187.

set role app_engine;

create or replace function app_hidden.record_refund(
  id uuid,
  status text,
  provider_refund_id text default null,
  failure_code text default null,
  as_of timestamptz default null
) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_refund app_public.refunds := app_private.lock_refund(record_refund.id);
  v_payment app_public.payments;
  v_as_of timestamptz := coalesce(as_of, app_hidden.now());
  v_status text := coalesce(record_refund.status, '');
  -- Of one instant, what stands further to the right counts.
  v_rank constant text[] := '{queued,unknown,processing,succeeded,failed}';
begin
  if v_status not in ('processing', 'succeeded', 'failed', 'unknown') then
    perform app_hidden.refuse('VALIDATION', 'refund_status_unknown', jsonb_build_object('status', v_status));
  end if;
  if v_status = 'unknown' then
    if v_refund.status not in ('queued', 'processing', 'unknown') then
      return v_refund.status;
    end if;
    perform app_private.queue_refund(v_refund.id, app_hidden.now() + interval '5 minutes');
  elsif (v_as_of, array_position(v_rank, v_status))
        <= (coalesce(v_refund.provider_as_of, '-infinity'), array_position(v_rank, v_refund.status)) then
    return v_refund.status;
  end if;

  if v_status <> v_refund.status then
    if v_status = 'failed' then
      perform app_private.return_refund(v_refund);
    elsif v_refund.status = 'failed' then
      perform app_private.make_balance(v_refund);
      perform app_private.take_refund(v_refund);
    end if;
  end if;
  update app_public.refunds set
    provider_refund_id = coalesce(refunds.provider_refund_id, record_refund.provider_refund_id),
    failure_code = case when v_status in ('failed', 'unknown') then left(record_refund.failure_code, 100) end,
    provider_as_of = case when v_status = 'unknown' then refunds.provider_as_of else v_as_of end,
    settled_at = case when v_status in ('succeeded', 'failed') then app_hidden.now() end
  where refunds.organization_id = v_refund.organization_id and refunds.id = v_refund.id;
  if v_status <> v_refund.status then
    update app_public.refunds set status = v_status
    where refunds.organization_id = v_refund.organization_id and refunds.id = v_refund.id;
  end if;
  if v_status <> v_refund.status and v_status in ('succeeded', 'failed') then
    perform app_private.publish(
      case v_status when 'failed' then 'refund.failed' else 'refund.succeeded' end, v_refund.organization_id, v_refund.id,
      jsonb_build_object('refundId', v_refund.id, 'paymentId', v_refund.payment_id));
  end if;

  select payments.* into strict v_payment
  from app_public.payments
  where payments.organization_id = v_refund.organization_id and payments.id = v_refund.payment_id;
  perform app_private.settle_account(v_payment.organization_id, v_payment.currency, array[v_payment.invoice_id]);
  return v_status;
end;
$$;

comment on function app_hidden.record_refund is
  'Says what a vendor answered or reported of money that goes back: processing, succeeded or failed, as of the vendor''s own time; unknown when '
  'its answer was lost. Answers the status that is believed then. NOT_FOUND refund_not_found, VALIDATION refund_status_unknown.';
grant execute on function app_hidden.record_refund to app_worker;

reset role;

create or replace function app_private.make_balance(refund app_public.refunds) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_payment app_public.payments;
  v_allocation app_public.payment_allocations;
  v_missing bigint;
  v_part bigint;
begin
  select payments.* into strict v_payment
  from app_public.payments
  where payments.organization_id = refund.organization_id and payments.id = refund.payment_id;
  v_missing := refund.amount - (v_payment.amount - v_payment.applied_amount - v_payment.refunded_amount);
  for v_allocation in
    select payment_allocations.*
    from app_public.payment_allocations
    where payment_allocations.organization_id = refund.organization_id and payment_allocations.payment_id = refund.payment_id
      and payment_allocations.amount > 0
    order by payment_allocations.updated_at desc, payment_allocations.invoice_id desc
  loop
    exit when v_missing <= 0;
    v_part := least(v_missing, v_allocation.amount);
    perform app_private.allocate(refund.organization_id, refund.payment_id, v_allocation.invoice_id, -v_part);
    perform app_private.weigh_invoice(refund.organization_id, v_allocation.invoice_id);
    perform app_private.invoice_changed(refund.organization_id, v_allocation.invoice_id);
    v_missing := v_missing - v_part;
  end loop;
end;
$$;

comment on function app_private.make_balance is
  'Takes back what a payment pays until its balance covers a refund that a vendor said had failed and then made: those invoices are unpaid again.';
grant execute on function app_private.make_balance to app_engine;
-- end of source: functions/payments/record_refund.sql

-- source: functions/tax_office/lock_tax_document.sql
-- A document is looked at by one at a time. BIL-04.

create or replace function app_private.lock_tax_document(kind text, id uuid, waits boolean default true) returns app_private.tax_documents
language plpgsql volatile
set search_path = ''
as $$
declare
  v_document app_private.tax_documents;
begin
  if lock_tax_document.kind = 'invoice' and waits then
    perform from app_public.invoices where invoices.id = lock_tax_document.id for no key update;
  elsif lock_tax_document.kind = 'invoice' then
    perform from app_public.invoices where invoices.id = lock_tax_document.id for no key update skip locked;
  elsif waits then
    perform from app_public.credit_notes where credit_notes.id = lock_tax_document.id for no key update;
  else
    perform from app_public.credit_notes where credit_notes.id = lock_tax_document.id for no key update skip locked;
  end if;
  if found then
    select documents.* into v_document
    from app_private.tax_documents as documents
    where documents.kind = lock_tax_document.kind and documents.id = lock_tax_document.id;
  end if;
  return v_document;
end;
$$;

comment on function app_private.lock_tax_document is
  'The invoice or credit note ("invoice", "credit_note"), locked; null where there is none, and where it is locked and nobody waits.';
grant execute on function app_private.lock_tax_document to app_engine;

create or replace function app_private.write_tax_state(document app_private.tax_documents) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  if document.kind = 'invoice' then
    update app_public.invoices set
      tax_state = document.tax_state, tax_upload_id = document.tax_upload_id, tax_sent_at = document.tax_sent_at,
      tax_checked_at = document.tax_checked_at, tax_error = document.tax_error
    where invoices.organization_id = document.organization_id and invoices.id = document.id;
  else
    update app_public.credit_notes set
      tax_state = document.tax_state, tax_upload_id = document.tax_upload_id, tax_sent_at = document.tax_sent_at,
      tax_checked_at = document.tax_checked_at, tax_error = document.tax_error
    where credit_notes.organization_id = document.organization_id and credit_notes.id = document.id;
  end if;
end;
$$;

comment on function app_private.write_tax_state is 'Keeps how a document that is locked stands at the tax office.';
grant execute on function app_private.write_tax_state to app_engine;
-- end of source: functions/tax_office/lock_tax_document.sql

-- source: functions/payments/record_tax_state.sql
-- What became of an invoice or a credit note at the tax office. An upload is one try: what is said of an earlier one says nothing of the
-- one that is there now, and what the tax office has accepted stays accepted, whatever is said later. BIL-04, docs/decisions/0198.

set role app_engine;

create or replace function app_hidden.record_tax_state(
  kind text,
  id uuid,
  state text,
  upload_id text default null,
  error text default null
) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_document app_private.tax_documents;
  v_before text;
  v_state text := coalesce(state, '');
begin
  if v_state not in ('queued', 'sent', 'accepted', 'rejected', 'unknown') then
    perform app_hidden.refuse('VALIDATION', 'tax_state_unknown', jsonb_build_object('state', v_state));
  end if;
  v_document := app_private.lock_tax_document(record_tax_state.kind, record_tax_state.id);
  v_before := v_document.tax_state;
  if v_document.id is null then
    perform app_hidden.refuse('NOT_FOUND', 'invoice_not_found');
  elsif v_before = 'not_applicable' then
    perform app_hidden.refuse('STATE', 'invoice_not_for_tax_office');
  end if;

  v_document.tax_checked_at := app_hidden.now();
  if v_before = 'accepted'
     -- Of an upload that was replaced only that it was accepted after all counts.
     or v_state not in ('sent', 'accepted') and record_tax_state.upload_id <> v_document.tax_upload_id
     -- What was sent is not to be sent, and what was rejected is sent again as another upload.
     or v_state = 'queued' and v_before <> 'rejected'
     or v_state in ('sent', 'unknown') and v_before = 'rejected'
        and coalesce(record_tax_state.upload_id = v_document.tax_upload_id, true) then
    perform app_private.write_tax_state(v_document);
    return v_before;
  end if;
  v_document.tax_state := v_state;
  v_document.tax_upload_id := coalesce(record_tax_state.upload_id, v_document.tax_upload_id);
  if v_state in ('sent', 'accepted') then
    v_document.tax_sent_at := coalesce(v_document.tax_sent_at, app_hidden.now());
  end if;
  v_document.tax_error :=
    case when v_state in ('rejected', 'unknown') then coalesce(left(record_tax_state.error, 500), v_document.tax_error) end;
  perform app_private.write_tax_state(v_document);
  if v_state = 'rejected' and v_before <> 'rejected' then
    perform app_private.publish(
      case v_document.kind when 'invoice' then 'invoice.tax_rejected' else 'credit_note.tax_rejected' end,
      v_document.organization_id, v_document.id, v_document.about);
  end if;
  return v_state;
end;
$$;

comment on function app_hidden.record_tax_state is
  E'Says what the tax office, or who sends there, answered about an invoice or a credit note ("invoice", "credit_note"): queued, sent, '
  'accepted, rejected, or unknown when nobody knows; upload_id is what the tax office calls the upload. Answers the state that is believed '
  'then. NOT_FOUND invoice_not_found, STATE invoice_not_for_tax_office, VALIDATION tax_state_unknown.';
grant execute on function app_hidden.record_tax_state to app_worker;

reset role;
-- end of source: functions/payments/record_tax_state.sql

-- source: functions/payments/set_platform_bank_account.sql
-- The platform says where clinics send bank transfers. A mistyped IBAN would send their money elsewhere: its check digits are checked.
-- BIL-07, docs/decisions/0199.

set role app_engine;

create or replace function app_public.set_platform_bank_account(
  currency text, holder text, iban text, bank text, bic text default null
) returns app_public.platform_bank_accounts
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_account app_public.platform_bank_accounts;
  v_iban constant text := app_private.bank_code(iban);
  v_bic constant text := nullif(app_private.bank_code(bic), '');
begin
  perform app_private.require_superadmin();
  if not exists (
    select from app_public.platform_tier_prices as prices where prices.currency = set_platform_bank_account.currency) then
    perform app_hidden.refuse('VALIDATION', 'bank_account_currency_unknown', '{"field": "currency"}');
  elsif coalesce(length(btrim(holder)) not between 1 and 200, true) then
    perform app_hidden.refuse('VALIDATION', 'bank_account_name_malformed', '{"field": "holder", "most": 200}');
  elsif not coalesce(app_private.is_iban(v_iban), false) then
    perform app_hidden.refuse('VALIDATION', 'iban_malformed', '{"field": "iban"}');
  elsif coalesce(length(btrim(bank)) not between 1 and 200, true) then
    perform app_hidden.refuse('VALIDATION', 'bank_account_name_malformed', '{"field": "bank", "most": 200}');
  elsif v_bic !~ '^[A-Z0-9]{8}([A-Z0-9]{3})?$' then
    perform app_hidden.refuse('VALIDATION', 'bic_malformed', '{"field": "bic"}');
  end if;
  insert into app_public.platform_bank_accounts as known (currency, holder, iban, bank, bic)
  values (set_platform_bank_account.currency, btrim(set_platform_bank_account.holder), v_iban, btrim(set_platform_bank_account.bank), v_bic)
  on conflict on constraint platform_bank_accounts_pkey do update
    set holder = excluded.holder, iban = excluded.iban, bank = excluded.bank, bic = excluded.bic
  returning * into v_account;
  return v_account;
end;
$$;

comment on function app_public.set_platform_bank_account is
  E'@arg currency The currency of the invoices that are paid to it, one in which tiers have prices.\n@arg holder In whose name it is.\n'
  '@arg iban Its IBAN; spaces do not matter.\n@arg bank At which bank it is.\n@arg bic The BIC of that bank.\n'
  'Sets the account to which clinics pay invoices of a currency. Superadmin only. VALIDATION iban_malformed, also where its check digits are '
  'wrong; bic_malformed, bank_account_name_malformed, bank_account_currency_unknown.';
grant execute on function app_public.set_platform_bank_account to app_member;

reset role;

create or replace function app_private.is_iban(text text) returns boolean
language sql immutable
set search_path = ''
return is_iban.text ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$' and (
  select string_agg(
    case when sign ~ '[0-9]' then sign else (ascii(sign) - 55)::text end, '' order by place)::numeric % 97 = 1
  from regexp_split_to_table(substr(is_iban.text, 5) || left(is_iban.text, 4), '') with ordinality as signs (sign, place));

comment on function app_private.is_iban is 'Whether a text without spaces is an IBAN whose check digits are right (ISO 13616, modulo 97).';
grant execute on function app_private.is_iban to app_engine;

create or replace function app_private.bank_code(text text) returns text
language sql immutable
set search_path = ''
return translate(regexp_replace(bank_code.text, '\s', '', 'g'), 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ');

comment on function app_private.bank_code is 'An IBAN or a BIC as banks write it: in capitals of ASCII, without spaces.';
grant execute on function app_private.bank_code to app_engine;
-- end of source: functions/payments/set_platform_bank_account.sql

-- source: functions/payments/warn_of_tax_deadlines.sql
-- A document whose legal deadline is near and that the tax office has not accepted is told, once, two working days before. BIL-04.

set role app_engine;

create or replace function app_hidden.warn_of_tax_deadlines(up_to int default 100) returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_document app_private.tax_documents;
  v_told int := 0;
begin
  for v_document in
    select documents.*
    from app_private.tax_documents as documents
    where documents.tax_state in ('queued', 'sent', 'unknown', 'rejected')
      -- Two working days are nine days at most, when holidays surround them.
      and documents.tax_deadline_on <= (app_hidden.now() at time zone 'UTC')::date + 9
      and app_hidden.now() at time zone 'UTC' >= app_private.working_days_before(documents.country, documents.tax_deadline_on, 2)
      and not app_private.is_told_of_deadline(documents.kind, documents.id)
    order by documents.tax_deadline_on, documents.id
    limit up_to
  loop
    -- Whoever has it tells of it, or hears what became of it.
    v_document := app_private.lock_tax_document(v_document.kind, v_document.id, false);
    if v_document.tax_state in ('queued', 'sent', 'unknown', 'rejected')
       and not app_private.is_told_of_deadline(v_document.kind, v_document.id) then
      perform app_private.publish(
        case v_document.kind when 'invoice' then 'invoice.tax_deadline_near' else 'credit_note.tax_deadline_near' end,
        v_document.organization_id, v_document.id, v_document.about);
      v_told := v_told + 1;
    end if;
  end loop;
  return v_told;
end;
$$;

comment on function app_hidden.warn_of_tax_deadlines is
  'Publishes invoice.tax_deadline_near and credit_note.tax_deadline_near of what the tax office has not accepted two working days before its '
  'deadline, once each, up to so many; answers how many.';
grant execute on function app_hidden.warn_of_tax_deadlines to app_worker;

reset role;

create or replace function app_private.is_told_of_deadline(kind text, id uuid) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select from app_private.events
    where events.subject_id = is_told_of_deadline.id and events.name = is_told_of_deadline.kind || '.tax_deadline_near');
end;

comment on function app_private.is_told_of_deadline is 'Whether it was told that the deadline of a document is near.';
grant execute on function app_private.is_told_of_deadline to app_engine;

create or replace function app_private.working_days_before(country text, day date, working_days int) returns date
language plpgsql stable
set search_path = ''
as $$
declare
  v_first date := day;
  v_left int := working_days;
begin
  while v_left > 0 loop
    v_first := v_first - 1;
    if app_private.is_working_day(working_days_before.country, v_first) then
      v_left := v_left - 1;
    end if;
  end loop;
  return v_first;
end;
$$;

comment on function app_private.working_days_before is 'The day that is so many working days before another.';
grant execute on function app_private.working_days_before to app_engine;
-- end of source: functions/payments/warn_of_tax_deadlines.sql

-- source: functions/scheduling/available_days.sql
-- Which days of a month picker can be clicked. SCH-05.

set role app_engine;

create or replace function app_public.available_days(
  calendar_id uuid,
  "from" date,
  "to" date,
  specialist_id uuid default null,
  hold_token text default null
) returns setof date
language plpgsql stable security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_calendar app_public.calendars;
  v_from timestamptz;
  v_to timestamptz;
  v_first date;
  v_last date;
  v_own_claim_id uuid;
begin
  v_calendar := app_private.visible_calendar(available_days.calendar_id);
  perform app_private.require_listed(v_calendar.organization_id);
  -- Clamped first: a date may be in a year that no instant reaches.
  select case when isfinite(day.first) then least(greatest(day.first, date '1999-01-01'), date '2201-01-01') else day.first end,
         case when isfinite(day.last) then least(greatest(day.last, date '1999-01-01'), date '2201-01-01') else day.last end
  into v_first, v_last
  from (select "from" as first, "to" as last) as day;
  perform app_private.require_window(
    v_calendar.organization_id, v_first::timestamp at time zone 'UTC', v_last::timestamp at time zone 'UTC', 'UTC');
  if available_days.hold_token is not null then
    v_own_claim_id := app_private.own_claim_id(available_days.hold_token);
  end if;
  perform app_private.require_choice(v_calendar, available_days.specialist_id);
  v_from := "from"::timestamp at time zone v_calendar.timezone;
  v_to := "to"::timestamp at time zone v_calendar.timezone;

  -- One slot makes a day: the rest of it is not looked at.
  return query
    with timetables as materialized (
      select t.*
      from app_private.timetables(available_days.calendar_id, v_from, v_to, available_days.specialist_id, true,
        v_own_claim_id) as t
    ),
    days as materialized (
      select "from" + n as date,
        ("from" + n)::timestamp at time zone v_calendar.timezone as midnight,
        ("from" + n + 1)::timestamp at time zone v_calendar.timezone as next_midnight
      from generate_series(0, "to" - "from" - 1) as n
    )
    select days.date
    from days
    where exists (
      select
      from timetables as t
      cross join lateral app_private.starts_within(
        t.windows, t.timezone, t.step, t.duration, t.ruled_out,
        greatest(days.midnight, t.earliest), least(days.next_midnight, t.latest))
    )
    order by days.date;
end;
$$;

comment on function app_public.available_days is
  E'@longestPage 400\n@cost 40\n'
  'Days in [from, to), in the calendar''s zone, on which at least one time can be booked; at most 62 days at a time. '
  'holdToken as availableSlots takes it. To visitors STATE clinic_suspended.';

grant execute on function app_public.available_days to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/available_days.sql

-- source: functions/scheduling/timetables_alike.sql
-- The timetables of a calendar, one row for all specialists whose starts come from the same windows, step and length:
-- what is looked at start by start is then looked at once for all of them. Most clinics have few kinds of hours. SCH-05.
-- specialist_ids and ruled_out belong together, place by place.
-- Plain SQL, so that PostgreSQL inlines it.

create or replace function app_private.timetables_alike(
  calendar_id uuid,
  "from" timestamptz,
  "to" timestamptz,
  specialist_id uuid default null,
  own_claim_id uuid default null
) returns table (
  specialist_ids uuid[],
  ruled_out tstzmultirange[],
  ruled_out_for_some tstzmultirange,
  ruled_out_for_all tstzmultirange,
  windows tstzmultirange,
  timezone text,
  step interval,
  duration interval,
  earliest timestamptz,
  latest timestamptz
)
language sql stable
begin atomic
  select array_agg(t.specialist_id), array_agg(t.ruled_out), range_agg(t.ruled_out), range_intersect_agg(t.ruled_out),
    t.windows, t.timezone, t.step, t.duration, any_value(t.earliest), any_value(t.latest)
  from app_private.timetables(
    timetables_alike.calendar_id, timetables_alike."from", timetables_alike."to", timetables_alike.specialist_id, true,
    timetables_alike.own_claim_id) as t
  group by t.windows, t.timezone, t.step, t.duration;
end;

comment on function app_private.timetables_alike is
  'The timetables of a calendar within notice and horizon, those with the same hours, step and length in one row.';

grant execute on function app_private.timetables_alike to app_engine;
-- end of source: functions/scheduling/timetables_alike.sql

-- source: functions/scheduling/starts_with_whom.sql
-- Every start at which somebody of a calendar can be booked, and all who can: what free_starts() says, a row for each
-- start instead of one for each specialist as well. SCH-05.
-- Who is free is a string of bits, one for each specialist in the order of their ids. A start that nobody's closing or
-- claim rules out gets the bits of all who have these hours, without a look at each. The ids of one set are put together
-- once, however many starts have it: a year of twenty specialists is 80,000 ids and some hundred sets.
-- Plain SQL without settings of its own, so that PostgreSQL inlines it into its callers.

create or replace function app_private.starts_with_whom(
  calendar_id uuid,
  "from" timestamptz,
  "to" timestamptz,
  specialist_id uuid default null,
  own_claim_id uuid default null
) returns table (starts_at timestamptz, duration interval, specialist_ids uuid[])
language sql stable
begin atomic
  with alike as materialized (
    select row_number() over () as n, t.*
    from app_private.timetables_alike(
      starts_with_whom.calendar_id, starts_with_whom."from", starts_with_whom."to", starts_with_whom.specialist_id,
      starts_with_whom.own_claim_id) as t
  ),
  people as materialized (
    select p.n, p.id, p.ruled_out, set_bit(repeat('0', p.people)::varbit, p.turn - 1, 1) as bit
    from (
      select alike.n, one.id, one.ruled_out,
        (row_number() over (order by one.id))::int as turn, (count(*) over ())::int as people
      from alike
      cross join lateral unnest(alike.specialist_ids, alike.ruled_out) as one (id, ruled_out)
    ) as p
    order by p.id
  ),
  everybody as materialized (
    select people.n, bit_or(people.bit) as bits from people group by people.n
  ),
  starts as materialized (
    select start, alike.duration,
      case when alike.ruled_out_for_some @> start then
        everybody.bits & ~(
          select bit_or(people.bit) from people where people.n = alike.n and people.ruled_out @> start)
      else everybody.bits end as bits
    from alike
    join everybody on everybody.n = alike.n
    cross join lateral app_private.starts_within(
      alike.windows, alike.timezone, alike.step, alike.duration, alike.ruled_out_for_all, alike.earliest, alike.latest) as start
  ),
  -- Whoever has other hours may start at the same time. As they are equally long, what starts together ends together.
  free as materialized (
    select starts.start, any_value(starts.duration) as duration, bit_or(starts.bits) as bits
    from starts
    group by starts.start
  ),
  sets as materialized (
    select s.bits,
      array(select people.id from people where people.bit & s.bits = people.bit order by people.id) as specialist_ids
    from (select distinct free.bits from free) as s
  )
  select free.start, free.duration, sets.specialist_ids
  from free
  join sets on sets.bits = free.bits;
end;

comment on function app_private.starts_with_whom is
  'Every start in a window at which a specialist of the calendar can be booked, with all who can, by id. Only of '
  'calendars whose specialists take equally long. own_claim_id stands aside.';

grant execute on function app_private.starts_with_whom to app_engine;
-- end of source: functions/scheduling/starts_with_whom.sql

-- source: functions/scheduling/available_slots.sql
-- The times a visitor can choose from. SCH-05, APT-05.
-- It answers with starts, never with claims: who else is booked, and with whom, does not leave the database.

set role app_engine;

create or replace function app_public.available_slots(
  calendar_id uuid,
  "from" timestamptz,
  "to" timestamptz,
  specialist_id uuid default null,
  hold_token text default null
) returns setof app_public.slot
language plpgsql stable security definer
set search_path = ''
-- Planned once per connection: planning again costs more than running.
set plan_cache_mode = force_generic_plan
-- A year of twenty specialists is 80,000 starts, which are sorted in memory where they are not equally long.
set work_mem = '16MB'
-- Set to the calendar's below, and back by PostgreSQL when the function is left.
set timezone = 'UTC'
as $$
declare
  -- What app_private.local_time() says, at a third of its cost: the session's zone does the work.
  c_local constant text := 'YYYY-MM-DD"T"HH24:MI:SSTZH:TZM';
  v_calendar app_public.calendars;
  v_own_claim_id uuid;
  v_lengths_differ boolean;
  v_is_of_one boolean;
begin
  v_calendar := app_private.visible_calendar(available_slots.calendar_id);
  perform app_private.require_listed(v_calendar.organization_id);
  perform app_private.require_window(v_calendar.organization_id, "from", "to", v_calendar.timezone);
  perform app_private.require_choice(v_calendar, available_slots.specialist_id);
  if available_slots.hold_token is not null then
    v_own_claim_id := app_private.own_claim_id(available_slots.hold_token);
  end if;

  perform set_config('timezone', v_calendar.timezone, true);
  select count(distinct coalesce(cs.duration_minutes, 0)) > 1, available_slots.specialist_id is not null or count(*) = 1
  into v_lengths_differ, v_is_of_one
  from app_public.calendar_specialists as cs
  where cs.organization_id = v_calendar.organization_id and cs.calendar_id = v_calendar.id;

  if v_calendar.capacity > 1 then
    -- A group that has begun to fill comes first, as a booking would be assigned.
    return query
      select slot.starts_at, slot.ends_at[1], to_char(slot.starts_at, c_local),
        case v_calendar.assignment_strategy when 'specific' then slot.specialist_ids else '{}' end,
        case when v_calendar.assignment_strategy = 'specific' and v_lengths_differ then slot.specialist_ends_at end,
        slot.seats_left
      from (
        select f.starts_at,
          array_agg(f.starts_at + f.duration order by s.seats_left is null, o.turn) as ends_at,
          array_agg(f.specialist_id order by f.specialist_id) as specialist_ids,
          array_agg(f.starts_at + f.duration order by f.specialist_id) as specialist_ends_at,
          sum(coalesce(s.seats_left, v_calendar.capacity))::int as seats_left
        from app_private.free_starts(
          available_slots.calendar_id, "from", "to", available_slots.specialist_id, v_own_claim_id) as f
        join app_private.assignment_order(available_slots.calendar_id) as o on o.specialist_id = f.specialist_id
        left join app_private.sessions_within(
          v_calendar.organization_id, v_calendar.id, "from", "to", v_own_claim_id) as s
          on s.specialist_id = f.specialist_id and s.during = tstzrange(f.starts_at, f.starts_at + f.duration)
        group by f.starts_at
      ) as slot
      order by slot.starts_at;
  elsif v_lengths_differ then
    -- One row a start, as long as with whom "any" would be assigned to by now.
    return query
      select slot.starts_at, slot.ends_at[1], to_char(slot.starts_at, c_local),
        case v_calendar.assignment_strategy when 'specific' then slot.specialist_ids else '{}' end,
        case v_calendar.assignment_strategy when 'specific' then slot.specialist_ends_at end, null::int
      from (
        select f.starts_at,
          array_agg(f.starts_at + f.duration order by o.turn) as ends_at,
          array_agg(f.specialist_id order by f.specialist_id) as specialist_ids,
          array_agg(f.starts_at + f.duration order by f.specialist_id) as specialist_ends_at
        from app_private.free_starts(
          available_slots.calendar_id, "from", "to", available_slots.specialist_id, v_own_claim_id) as f
        join app_private.assignment_order(available_slots.calendar_id) as o on o.specialist_id = f.specialist_id
        group by f.starts_at
      ) as slot
      order by slot.starts_at;
  elsif v_is_of_one then
    -- One specialist's starts need no putting together.
    return query
      select slot.starts_at, slot.starts_at + slot.duration, to_char(slot.starts_at, c_local),
        case v_calendar.assignment_strategy when 'specific' then array[slot.specialist_id] else '{}' end,
        null::timestamptz[], null::int
      from app_private.free_starts(
        available_slots.calendar_id, "from", "to", available_slots.specialist_id, v_own_claim_id) as slot
      order by slot.starts_at;
  elsif v_calendar.assignment_strategy = 'specific' then
    return query
      select slot.starts_at, slot.starts_at + slot.duration, to_char(slot.starts_at, c_local), slot.specialist_ids,
        null::timestamptz[], null::int
      from app_private.starts_with_whom(
        available_slots.calendar_id, "from", "to", available_slots.specialist_id, v_own_claim_id) as slot
      order by slot.starts_at;
  else
    -- With whom is not said: a start is listed unless it is ruled out for all.
    return query
      select slot.starts_at, slot.starts_at + slot.duration, to_char(slot.starts_at, c_local), '{}'::uuid[],
        null::timestamptz[], null::int
      from (
        select start as starts_at, any_value(t.duration) as duration
        from app_private.timetables_alike(
          available_slots.calendar_id, "from", "to", available_slots.specialist_id, v_own_claim_id) as t
        cross join lateral app_private.starts_within(
          t.windows, t.timezone, t.step, t.duration, t.ruled_out_for_all, t.earliest, t.latest) as start
        group by start
      ) as slot
      order by slot.starts_at;
  end if;
end;
$$;

comment on function app_public.available_slots is
  E'@longestPage 2000\n@cost 20\n'
  'Bookable times of a calendar that start in [from, to), earliest first; at most 62 days at a time. '
  'specialistId narrows to one specialist, where the visitor picks the specialist. '
  'Whoever holds a time and shows holdToken sees it as free. To visitors STATE clinic_suspended where a clinic takes no bookings.';

grant execute on function app_public.available_slots to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/available_slots.sql

-- source: functions/scheduling/tables_of_listings.sql
-- What a clinic sets and a listing reads; an edit of it may change any day. SCH-07.
-- A test asks the catalog which tables available_slots() reads, and names one that is missing here.

create or replace function app_private.tables_of_listings() returns text[]
language sql immutable
return '{
  app_public.organizations, app_public.organization_subscriptions, app_public.services, app_public.service_specialists,
  app_public.calendars, app_public.calendar_specialists, app_public.calendar_hours, app_public.calendar_resources,
  app_public.resources,
  app_public.specialists, app_public.specialist_zones, app_public.specialist_weekly_hours,
  app_public.specialist_schedule_overrides
}'::text[];

comment on function app_private.tables_of_listings is 'The audited tables that a listing is computed from.';

grant execute on function app_private.tables_of_listings to app_engine;
-- end of source: functions/scheduling/tables_of_listings.sql

-- source: functions/scheduling/listing_changes.sql
-- What became of the listings that somebody watches. Nothing is written for it: the servers ask while they have listeners,
-- of all their calendars at once, and know what they have told already. Days leave, never whose time it is. SCH-07.
-- A listing changes when
--   a claim is made: read from the claims themselves, by the time in their ids;
--   a claim moves, is given back, or is taken again after it had expired: slot.held and slot.released say so;
--   a hold expires, which writes nothing: read by its expiry;
--   whoever manages the clinic edits what timetables() reads: the audit has an entry;
--   a day ends, by the calendar's clocks.
-- A calendar is concerned by the claims of its specialists, in whichever calendar they are booked, and by all claims of
-- the clinic if it needs rooms or equipment. A day too many costs a question, a day too few a wrong answer.

set role app_engine;

create or replace function app_hidden.listing_changes(calendar_ids uuid[], lookback interval default '30 seconds')
returns table (calendar_id uuid, standing text, change text, days date[])
language sql stable strict security definer
set search_path = ''
-- Planned once per connection: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
  with watched as materialized (
    select c.id, c.organization_id, c.timezone,
      (app_hidden.now() at time zone c.timezone)::date as today,
      (app_hidden.now() at time zone c.timezone)::date + c.horizon_days as last_day,
      -- As app_private.visible_calendar() decides.
      case when c.is_public and o.activated_at is not null then 'public' else 'staff' end as standing,
      -- A start is concerned when its slot, cooldown included, would touch the claim.
      make_interval(mins => lengths.longest + c.buffer_after_minutes) as reaches_forward,
      make_interval(mins => c.buffer_before_minutes) as reaches_back,
      -- When a slot of "any" ends is told by whose turn it is, on all days.
      lengths.differ and c.assignment_strategy <> 'specific' as is_by_turn,
      exists (select from app_public.calendar_resources as cr
              where cr.organization_id = c.organization_id and cr.calendar_id = c.id) as needs_resources
    from app_public.calendars as c
    join app_public.organizations as o on o.id = c.organization_id and o.deleted_at is null
    join app_public.services as s on s.organization_id = c.organization_id and s.id = c.service_id
    cross join lateral (
      select coalesce(max(coalesce(cs.duration_minutes, c.duration_minutes, s.duration_minutes)), 0) as longest,
             count(distinct coalesce(cs.duration_minutes, 0)) > 1 as differ
      from app_public.calendar_specialists as cs
      where cs.organization_id = c.organization_id and cs.calendar_id = c.id
    ) as lengths
    where c.id = any (calendar_ids)
      and c.is_active and c.deleted_at is null
      and s.is_active and s.deleted_at is null
  ),
  clinics as materialized (
    select array_agg(distinct watched.organization_id) as ids from watched
  ),
  bounds as materialized (
    -- Two ends each: of what has one alone, the planner expects a third of the table, and reads it whole.
    select app_private.first_id_at(clock_timestamp() - lookback) as first_id,
           app_private.first_id_at(clock_timestamp() + interval '1 hour') as last_id,
           app_hidden.now() - lookback as "from", app_hidden.now() + interval '1 hour' as until
  ),
  claims as materialized (
    select 'made ' || tc.id as change, tc.organization_id, tc.calendar_id, tc.specialist_id, tc.blocked
    from app_private.time_claims as tc
    where tc.id >= (select bounds.first_id from bounds) and tc.id < (select bounds.last_id from bounds)
      and tc.organization_id = any ((select clinics.ids from clinics)::uuid[])
    union all
    select 'expired ' || tc.id || ' ' || tc.expires_at, tc.organization_id, tc.calendar_id, tc.specialist_id, tc.blocked
    from app_private.time_claims as tc
    where tc.kind = 'hold' and tc.released_at is null
      and tc.expires_at > (select bounds."from" from bounds) and tc.expires_at <= app_hidden.now()
      and tc.organization_id = any ((select clinics.ids from clinics)::uuid[])
    union all
    select 'event ' || e.id, e.organization_id, (e.payload ->> 'calendarId')::uuid, (e.payload ->> 'specialistId')::uuid,
      -- The claim's own cooldown; of one that has another time by now, the longest that there is.
      case when tc.during = told.during then tc.blocked
        else tstzrange(lower(told.during) - interval '480 minutes', upper(told.during) + interval '480 minutes') end
    from app_private.events as e
    cross join lateral (
      select tstzrange((e.payload ->> 'startsAt')::timestamptz, (e.payload ->> 'endsAt')::timestamptz) as during
    ) as told
    left join app_private.time_claims as tc on tc.organization_id = e.organization_id and tc.id = e.subject_id
    where e.id >= (select bounds.first_id from bounds) and e.id < (select bounds.last_id from bounds)
      and e.organization_id = any ((select clinics.ids from clinics)::uuid[])
      and e.name in ('slot.held', 'slot.released')
  ),
  -- Who is concerned first, since clocks are dear.
  concerned as materialized (
    select watched.*, claims.change, claims.blocked
    from claims
    join watched on watched.organization_id = claims.organization_id
    where watched.needs_resources
      or watched.is_by_turn and claims.calendar_id = watched.id
      or exists (select from app_public.calendar_specialists as cs
                 where cs.organization_id = watched.organization_id and cs.calendar_id = watched.id
                   and cs.specialist_id = claims.specialist_id)
  ),
  changes as materialized (
    select concerned.id, concerned.change,
      case when not concerned.is_by_turn and span.last - span.first < 62 then array(
        select span.first + n from generate_series(0, span.last - span.first) as n) end as days
    from concerned
    cross join lateral (
      select greatest(concerned.today,
               ((lower(concerned.blocked) - concerned.reaches_forward + interval '1 microsecond')
                at time zone concerned.timezone)::date) as first,
             least(concerned.last_day,
               ((upper(concerned.blocked) + concerned.reaches_back - interval '1 microsecond')
                at time zone concerned.timezone)::date) as last
    ) as span
    where span.first <= span.last or concerned.is_by_turn
    union all
    -- Turns are counted when a booking is made or called off.
    select watched.id, 'event ' || e.id, null
    from app_private.events as e
    join watched on watched.organization_id = e.organization_id and watched.is_by_turn
    where e.id >= (select bounds.first_id from bounds) and e.id < (select bounds.last_id from bounds)
      and e.subject_type in ('appointment', 'booking_request')
    union all
    -- Of a thousand edits at once the last ones will do.
    select watched.id, 'entry ' || edited.id, null
    from (select distinct watched.organization_id from watched) as clinic
    cross join lateral (
      select entries.id
      from audit.entries
      where entries.scope_id = clinic.organization_id
        and entries.occurred_at >= (select bounds."from" from bounds)
        and entries.occurred_at < (select bounds.until from bounds)
        and entries.table_name = any ((select app_private.tables_of_listings())::text[])
        and (entries.table_name <> 'app_public.organizations' or entries.changed && '{activated_at,deleted_at}')
        and (entries.table_name <> 'app_public.organization_subscriptions' or entries.changed && '{status,anchor_on}')
      order by entries.occurred_at desc, entries.id desc
      limit 100
    ) as edited
    join watched on watched.organization_id = clinic.organization_id
    union all
    select watched.id, 'day ' || watched.today, array[watched.today, watched.last_day]
    from watched
    where ((select bounds."from" from bounds) at time zone watched.timezone)::date < watched.today
  )
  select asked.id, coalesce(watched.standing, 'off'), changes.change, changes.days
  from unnest(calendar_ids) as asked (id)
  left join watched on watched.id = asked.id
  left join changes on changes.id = watched.id
$$;

comment on function app_hidden.listing_changes is
  'Of each calendar: public (whoever may list it), staff or off, and a row for each change of its listing lately, with the '
  'days concerned or null for all of them.';
grant execute on function app_hidden.listing_changes to app_authenticator;

reset role;
-- end of source: functions/scheduling/listing_changes.sql

-- source: functions/scheduling/next_available.sql
-- "The next free times", without the caller guessing a window. SCH-05.

set role app_engine;

create or replace function app_public.next_available(
  calendar_id uuid,
  n int default 1,
  specialist_id uuid default null
) returns setof app_public.slot
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
  v_from timestamptz;
  v_to timestamptz;
  v_last timestamptz;
  v_days int := 4;
  v_found int := 0;
  v_slot app_public.slot;
begin
  v_calendar := app_private.visible_calendar(next_available.calendar_id);
  perform app_private.require_listed(v_calendar.organization_id);
  if n is null or n not between 1 and 50 then
    perform app_hidden.refuse(
      'VALIDATION', 'count_out_of_range',
      jsonb_build_object('rule', 'count_out_of_range', 'field', 'n', 'min', 1, 'max', 50));
  end if;

  -- Usually the first days answer; each round looks twice as far, until the horizon.
  v_from := app_hidden.now() + make_interval(mins => v_calendar.notice_minutes);
  v_last := app_hidden.now() + make_interval(hours => (v_calendar.horizon_days + 2) * 24);
  while v_found < n and v_from < v_last loop
    v_to := least(v_from + make_interval(hours => v_days * 24), v_last);
    for v_slot in
      select s.*
      from app_public.available_slots(next_available.calendar_id, v_from, v_to, next_available.specialist_id) as s
      limit n - v_found
    loop
      v_found := v_found + 1;
      return next v_slot;
    end loop;
    v_from := v_to;
    v_days := least(v_days * 2, 62);
  end loop;
end;
$$;

comment on function app_public.next_available is
  E'@cost 20\n'
  'The next n (at most 50) bookable times of a calendar, up to its horizon. To visitors STATE clinic_suspended.';

grant execute on function app_public.next_available to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/next_available.sql

-- source: functions/subscriptions/change_organization_cadence.sql
-- A clinic is billed by the month or by the year, from its next term on: what is paid in advance goes on to its end, and nothing of it is
-- counted anew. Taken back before that, nothing has changed. BIL-01, BIL-02, BIL-08, docs/decisions/0196.

set role app_engine;

create or replace function app_public.change_organization_cadence(
  organization_id uuid,
  cadence text,
  reason text default null
) returns app_public.organization_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_reason text := app_private.billing_reason(organization_id, reason);
  v_subscription app_public.organization_subscriptions := app_private.subscription_to_change(organization_id);
begin
  if v_subscription.status not in ('pending', 'trialing', 'active') then
    perform app_hidden.refuse('STATE', 'cadence_cannot_change', jsonb_build_object('status', v_subscription.status));
  elsif change_organization_cadence.cadence = v_subscription.cadence then
    return v_subscription;
  end if;
  v_subscription := app_private.set_cadence(v_subscription, change_organization_cadence.cadence, v_reason);
  perform app_private.publish(
    'subscription.cadence_changed', v_subscription.organization_id, v_subscription.id,
    jsonb_build_object('subscriptionId', v_subscription.id, 'cadence', v_subscription.cadence));
  return v_subscription;
end;
$$;

comment on function app_public.change_organization_cadence is
  E'@words cadence organization_subscriptions.cadence\n@arg cadence How often the price of the plan is billed.\n@arg reason Why; a superadmin has to say.\n'
  'Has the plan of a clinic billed by the month or by the year, from the end of the month or the year that is paid. Needs billing.manage, or a '
  'superadmin with a reason. NOT_FOUND clinic_not_subscribed; STATE cadence_cannot_change while something due is unpaid.';
grant execute on function app_public.change_organization_cadence to app_member;

reset role;

create or replace function app_private.set_cadence(
  subscription app_public.organization_subscriptions, cadence text, reason text
) returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  -- What was opened stays as it was billed.
  update app_public.billing_periods set cadence = subscription.cadence
  where billing_periods.organization_id = subscription.organization_id and billing_periods.subscription_id = subscription.id
    and billing_periods.cadence is null;
  update app_public.organization_subscriptions set cadence = set_cadence.cadence, status_reason = set_cadence.reason
  where organization_subscriptions.organization_id = subscription.organization_id and organization_subscriptions.id = subscription.id
  returning * into v_subscription;
  return v_subscription;
end;
$$;

comment on function app_private.set_cadence is 'Has a locked subscription billed so from its next term on.';
grant execute on function app_private.set_cadence to app_engine;
-- end of source: functions/subscriptions/change_organization_cadence.sql

-- source: functions/tax_office/tax_uploads_of.sql
-- By which upload the tax office has a document, from the messages that were read. BIL-04.

set role app_engine;

create or replace function app_hidden.tax_uploads_of(document_ids uuid[])
returns table (document_id uuid, upload_id text)
language sql stable strict security definer
set search_path = ''
begin atomic
  select documents.id, message.upload_id
  from app_private.tax_documents as documents
  cross join lateral (
    select messages.upload_id
    from app_private.tax_office_messages as messages
    where messages.bare_number = app_private.bare_number(documents.provider_document_number)
    order by messages.read_at desc, messages.message_id desc
    limit 1
  ) as message
  where documents.id = any (tax_uploads_of.document_ids) and documents.tax_upload_id is null;
end;

comment on function app_hidden.tax_uploads_of is
  'Of these documents, those whose number is in a message of the tax office, each with the upload of the message that was read last.';
grant execute on function app_hidden.tax_uploads_of to app_worker;

reset role;
-- end of source: functions/tax_office/tax_uploads_of.sql

-- source: policies/metering/usage_positions.sql
-- How far a clinic's usage is counted: read and written by functions only. FND-24.

select app_private.classify('app_private.usage_positions', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["organization_id", "last_position", "period"]}',
  unaudited => 'Counts the rows of app_public.usage_records.');
select app_private.protect('app_private.usage_positions', engine => 'select, insert, update');
-- end of source: policies/metering/usage_positions.sql

-- source: policies/notify/messages.sql
-- Queued by notify(), worked off through functions. What was sent to whom is seen by staff with messages.view and by the
-- patient; what it said and how it was carried by neither. FND-15.

select app_private.classify('app_public.messages', home => 'clinic', retention => 'correspondence', classes =>
  '{"operational": ["id", "organization_id", "template_key", "channel", "route", "rank", "locale", "template_version",
                    "clinic_template_id", "event_id", "calendar_uid", "calendar_sequence", "is_urgent", "not_before",
                    "expires_at", "status", "attempts", "attempted_at", "integration_id", "vendor", "vendor_id", "sent_at", "delivered_at",
                    "created_at", "updated_at"],
    "pii_basic": ["patient_profile_id", "recipient_human_id", "account_id", "recipient_name", "recipient_email",
                  "recipient_phone", "recipient", "address", "mailbox", "reason"],
    "phi": ["data"]}',
  person_column => 'patient_profile_id',
  unaudited => 'What leaves, and what became of it: each row is the record of one message.');
select app_private.on_merge('app_public.messages', 'patient_profile_id', 'moves');
select app_private.protect('app_public.messages', engine => 'select, insert, update, delete', guard => true);
select app_private.retain('app_public.messages', 'correspondence', 'delete', kept_from => 'created_at', not_while => $sql$ status = 'queued' $sql$);

grant select (id, organization_id, template_key, channel, locale, patient_profile_id, recipient_name, address, status, reason,
              not_before, expires_at, sent_at, delivered_at, created_at, updated_at)
  on app_public.messages to app_member;

-- What the platform's staff are told of a clinic is none of its correspondence: it would say their addresses.
create policy messages_select_staff on app_public.messages for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('messages.view'))::uuid[])
    and template_key not in ('ai_price_missing', 'usage_conflict'));

create policy messages_select_person on app_public.messages for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[]));
-- end of source: policies/notify/messages.sql

-- source: policies/payment_vendors/payment_cards.sql
-- The card that pays a clinic's subscription, by brand and last four digits: its staff with billing.view, and superadmins. The worker keeps
-- what the payment provider tells. BIL-08, docs/decisions/0197.

select app_private.classify('app_public.payment_cards', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "subscription_id", "provider_card_id", "brand", "last_four", "entered_at", "created_at",
                    "updated_at"]}');
select app_private.protect('app_public.payment_cards', engine => 'select, insert, update');

grant select (id, organization_id, subscription_id, brand, last_four, entered_at, created_at, updated_at)
   on app_public.payment_cards to app_member;

create policy payment_cards_select_viewer on app_public.payment_cards for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy payment_cards_select_superadmin on app_public.payment_cards for select to app_member
  using ((select app_hidden.is_superadmin()));
-- end of source: policies/payment_vendors/payment_cards.sql

-- source: policies/payments/credit_notes.sql
-- What was taken off invoices: the clinic's staff with billing.view, and superadmins. Written by verbs; the worker says what the
-- invoicing provider returned. BIL-05, BIL-08.

select app_private.classify('app_public.credit_notes', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "invoice_id", "series", "number", "net_amount", "gross_amount", "tax_amount", "total_amount",
                    "reason", "carried_by", "provider_state", "provider_document_id", "provider_document_number", "provider_document_url",
                    "provider_error", "tax_state", "tax_upload_id", "tax_sent_at", "tax_deadline_on", "tax_checked_at",
                    "tax_error", "issued_by", "issued_at", "created_at", "updated_at"]}');
select app_private.protect('app_public.credit_notes', engine => 'select, insert, update');

grant select (id, organization_id, invoice_id, series, number, net_amount, gross_amount, tax_amount, total_amount, reason, provider_state,
              provider_document_number, provider_document_url, tax_state, tax_deadline_on, issued_at, created_at, updated_at)
   on app_public.credit_notes to app_member;

create policy credit_notes_select_staff on app_public.credit_notes for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy credit_notes_select_superadmin on app_public.credit_notes for select to app_member
  using ((select app_hidden.is_superadmin()));
-- end of source: policies/payments/credit_notes.sql

-- source: policies/payments/platform_bank_accounts.sql
-- Where clinics send bank transfers: who is signed in reads it, superadmins set it by a verb. BIL-07, docs/decisions/0199.

select app_private.classify('app_public.platform_bank_accounts', home => 'cell', retention => 'billing', classes =>
  '{"public": ["currency", "holder", "iban", "bank", "bic"], "operational": ["created_at", "updated_at"]}');
select app_private.protect('app_public.platform_bank_accounts', engine => 'select, insert, update');

grant select on app_public.platform_bank_accounts to app_member;

create policy platform_bank_accounts_select_everyone on app_public.platform_bank_accounts for select to app_member
  using (true);
-- end of source: policies/payments/platform_bank_accounts.sql

-- source: policies/subscriptions/billing_periods.sql
-- The months of a subscription: the clinic's staff with billing.view, and the platform. Written by time. BIL-01, BIL-02.

select app_private.classify('app_public.billing_periods', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "subscription_id", "position", "starts_on", "ends_on", "during", "is_trial", "cadence", "closed_at", "created_at"]}');
select app_private.protect('app_public.billing_periods', engine => 'select, insert, update (cadence, closed_at)');

grant select on app_public.billing_periods to app_member;

create policy billing_periods_select_viewer on app_public.billing_periods for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy billing_periods_select_superadmin on app_public.billing_periods for select to app_member
  using ((select app_hidden.is_superadmin()));
-- end of source: policies/subscriptions/billing_periods.sql

-- source: reference/notify/message_ai_price_missing.sql
-- The message ai_price_missing: what it needs, by which ways it goes, and its words on each. FND-24, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "ai_price_missing"}', rows => '
topic: clinic
lasts: 7 days
variables: {aiModel,currency}
sample: {"aiModel": "claude-sonnet-4", "currency": "RON"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "ai_price_missing"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "ai_price_missing"}', rows => '
channel: email
locale: ro
version: 1
title: Lipsește prețul modelului {{aiModel}} în {{currency}}
body:
Bună ziua, {{recipientName}},

Un apel AI al clinicii {{clinicName}} la modelul {{aiModel}} nu are cost, fiindcă prețul unei unități nu este introdus în {{currency}}.

Introduceți prețul: apelurile care așteaptă primesc atunci un cost și ajung pe următoarea factură.

==========
channel: email
locale: en
version: 1
title: The price of {{aiModel}} in {{currency}} is missing
body:
Hello {{recipientName}},

An AI call of {{clinicName}} to the model {{aiModel}} has no cost, since the price of a unit was not entered in {{currency}}.

Enter the price: the calls that wait have a cost then, and are on the next invoice.

==========
channel: in_app
locale: ro
version: 1
title: Lipsește prețul modelului {{aiModel}} în {{currency}}
body:
Apelurile care așteaptă primesc un cost când prețul este introdus.
==========
channel: in_app
locale: en
version: 1
title: The price of {{aiModel}} in {{currency}} is missing
body:
Calls that wait have a cost once the price is entered.
');
-- end of source: reference/notify/message_ai_price_missing.sql

-- source: reference/notify/message_usage_conflict.sql
-- The message usage_conflict: what it needs, by which ways it goes, and its words on each. FND-24, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "usage_conflict"}', rows => '
topic: clinic
lasts: 7 days
variables: {usageSource,usageKey}
sample: {"usageSource": "video_rooms", "usageKey": "mtg-7f2a"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "usage_conflict"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "usage_conflict"}', rows => '
channel: email
locale: ro
version: 1
title: Consum raportat diferit: {{clinicName}}
body:
Bună ziua, {{recipientName}},

Sursa {{usageSource}} a raportat consumul {{usageKey}} al clinicii {{clinicName}} de două ori, cu date diferite. Prima raportare se facturează; a doua a fost păstrată și nu se numără.

Verificați la sursă care este cea corectă. În următoarele 24 de ore nu mai scriem despre alte diferențe de la aceeași sursă pentru această clinică.

==========
channel: email
locale: en
version: 1
title: Usage reported in two ways: {{clinicName}}
body:
Hello {{recipientName}},

The source {{usageSource}} reported the use {{usageKey}} of {{clinicName}} twice, with different data. The first report is billed; the second was kept and is not counted.

Check at the source which of them is right. For the next 24 hours we do not write about other differences from this source for this clinic.

==========
channel: in_app
locale: ro
version: 1
title: Consum raportat diferit: {{clinicName}}
body:
Sursa {{usageSource}} a raportat consumul {{usageKey}} de două ori, cu date diferite.
==========
channel: in_app
locale: en
version: 1
title: Usage reported in two ways: {{clinicName}}
body:
The source {{usageSource}} reported the use {{usageKey}} twice, with different data.
');
-- end of source: reference/notify/message_usage_conflict.sql

-- source: reference/notify/notifications.sql
-- Which events people are written to about, and by which function of app_private each area says who is told. FND-14, FND-15.

select app_private.own_rows('app_private.event_subscriptions', scope => '{"consumer": "notifications"}', rows => '
  event_name                          | messages_function
  ------------------------------------+----------------------------------------
  ai_call.price_missing               | messages_about_usage
  appointment.booked                  | messages_about_appointment
  appointment.cancelled               | messages_about_appointment
  appointment.changed                 | messages_about_changed_appointment
  appointment.patient_changed         | messages_about_changed_patient
  appointment.reinstated              | messages_about_appointment
  appointment.rescheduled             | messages_about_appointment
  appointment.reminder_due            | messages_about_reminder
  booking_request.confirmed           | messages_about_booking_request
  booking_request.expired             | messages_about_booking_request
  booking_request.moved               | messages_about_booking_request
  booking_request.received            | messages_about_booking_request
  booking_request.rejected            | messages_about_booking_request
  booking_request.withdrawn           | messages_about_booking_request
  credit_note.issued                  | messages_about_credit_note
  document.rendered                   | messages_about_document
  invoice.issued                      | messages_about_invoice
  organization.activated              | messages_about_organization
  patient_subscription.report_unclear | messages_about_subscription_reports
  payment.received                    | messages_about_payment
  privacy_notice.published            | messages_about_privacy_notice
  refund.requested                    | messages_about_refund
  review.low_rating                   | messages_about_review
  subscription.active                 | messages_about_organization_subscription
  subscription.canceled               | messages_about_organization_subscription
  subscription.past_due               | messages_about_organization_subscription
  subscription.suspended              | messages_about_organization_subscription
  subscription.trial_ending           | messages_about_organization_subscription
  usage.conflict                      | messages_about_usage
  waitlist_entry.offered              | messages_about_waitlist_offer
  webhook_subscription.disabled       | messages_about_webhooks
');
-- end of source: reference/notify/notifications.sql

-- source: reference/payments/credit_note_events.sql
-- What is published about credit notes. A version is never changed: a new one is added. FND-14, BIL-05, BIL-08.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "credit_note"}', rows => '
name: credit_note.issued
version: 1
description: Something was taken off an invoice.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["creditNoteId", "invoiceId"],
 "properties": {
   "refundId": {"type": "string", "format": "uuid"},
   "invoiceId": {"type": "string", "format": "uuid"},
   "creditNoteId": {"type": "string", "format": "uuid"}}}
==========
name: credit_note.total_differs
version: 1
description: The invoicing provider returned another total than was taken off the invoice: somebody has to look.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["creditNoteId", "invoiceId"],
 "properties": {
   "invoiceId": {"type": "string", "format": "uuid"},
   "creditNoteId": {"type": "string", "format": "uuid"}}}
==========
name: credit_note.tax_deadline_near
version: 1
description: Its legal deadline is near, and the tax office has not accepted it.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["creditNoteId", "invoiceId"],
 "properties": {
   "invoiceId": {"type": "string", "format": "uuid"},
   "creditNoteId": {"type": "string", "format": "uuid"}}}
==========
name: credit_note.tax_rejected
version: 1
description: The tax office did not accept it.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["creditNoteId", "invoiceId"],
 "properties": {
   "invoiceId": {"type": "string", "format": "uuid"},
   "creditNoteId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/payments/credit_note_events.sql

-- source: reference/subscriptions/organization_subscription_events.sql
-- What is published about subscriptions of clinics. A version is never changed: a new one is added. FND-14, BIL-01.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "organization_subscription"}', rows => '
name: subscription.active
version: 1
description: It runs, and nothing due is unpaid: begun, or paid again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "tierVersionId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "tierVersionId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.cadence_changed
version: 1
description: Its plan is billed by the month or by the year from its next term on.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "cadence"],
 "properties": {
   "cadence": {"enum": ["monthly", "annual"], "type": "string"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.canceled
version: 1
description: It has ended.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "tierVersionId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "tierVersionId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.end_planned
version: 1
description: It is to end on a day.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "because", "endsAt"],
 "properties": {
   "because": {"enum": ["asked", "unpaid"], "type": "string"},
   "endsAt": {"type": "string", "format": "date-time"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.past_due
version: 1
description: Something due is unpaid.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "tierVersionId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "tierVersionId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.pending
version: 1
description: It was prepared, and has not begun.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "tierVersionId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "tierVersionId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.resumed
version: 1
description: It goes on, and was to end.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId"],
 "properties": {
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.status_unknown
version: 1
description: The payment provider told a status that nobody here knows.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId"],
 "properties": {
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.suspended
version: 1
description: Nothing new begins at the clinic until what is due is paid.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "tierVersionId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "tierVersionId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.tier_changed
version: 1
description: It is of another tier, or of another version of one.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "tierVersionId", "fromTierVersionId"],
 "properties": {
   "tierVersionId": {"type": "string", "format": "uuid"},
   "fromTierVersionId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.trial_ending
version: 1
description: Its trial ends within a week.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "trialEndsAt"],
 "properties": {
   "trialEndsAt": {"type": "string", "format": "date-time"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.trialing
version: 1
description: It is on trial.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "tierVersionId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "tierVersionId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/subscriptions/organization_subscription_events.sql

select app_private.write_owned_rows();
