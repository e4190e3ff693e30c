--! Previous: sha1:4352a5d1df375bcfe415f8e117fc4ed2ec641f02
--! Hash: sha1:a716c2d7ca856124d9b17278428516d0dea095a4
--! Message: clinics can move to another server

--! split: 400-fixed_ids.sql
-- Rows of the platform that clinics point at get the same id on every server, so that a clinic can move to another
-- one. SCA-01, 0064. The id is made of table and name, as app_private.tg_fixed_id() makes it for rows to come. What
-- points at them follows; two rows of one slug (one of them deleted) cannot have one id: the living one has the fixed id.
-- What clinics' rows go through is on record; the platform's rows are the migrations' own, and a new database has no past.

alter table app_public.specialist_specialties
  drop constraint if exists specialist_specialties_specialty_id_fkey,
  drop constraint if exists specialist_specialties_specialty_is_in_scope;
alter table app_public.specialties no force row level security;
alter table app_public.specialist_specialties no force row level security;
alter table app_public.specialties disable trigger _500_audit;

with named as (
  select specialties.id as old_id,
         'app_public.specialties/' || specialties.slug || case
           when row_number() over (partition by specialties.slug order by specialties.deleted_at desc nulls first, specialties.id) > 1
           then '/' || specialties.id else '' end as name
  from app_public.specialties
  where specialties.organization_id is null
), fixed as (
  select named.old_id,
         overlay(overlay(left(encode(sha256(convert_to(named.name, 'UTF8')), 'hex'), 32)
           placing '8' from 13) placing '8' from 17)::uuid as new_id
  from named
  join app_public.specialties on specialties.id = named.old_id
  where uuid_extract_version(named.old_id) is distinct from 8
), followed as (
  update app_public.specialist_specialties set specialty_id = fixed.new_id
  from fixed where specialist_specialties.specialty_id = fixed.old_id
)
update app_public.specialties set id = fixed.new_id
from fixed where specialties.id = fixed.old_id;

alter table app_public.specialties enable trigger _500_audit;
alter table app_public.specialties force row level security;
alter table app_public.specialist_specialties force row level security;
-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
alter table app_public.specialist_specialties add constraint specialist_specialties_specialty_is_in_scope
  foreign key (specialty_scope_id, specialty_id) references app_public.specialties (scope_id, id) on delete restrict;
comment on constraint specialist_specialties_specialty_is_in_scope on app_public.specialist_specialties is
  E'@behavior -*\nKeeps the link inside the clinic; the API follows specialty_id alone.';
-- The API reads a specialty by its id. In the database the key above is the one that holds.
comment on table app_public.specialist_specialties is
  E'@foreignKey (specialty_id) references app_public.specialties (id)\nWhich specialties a specialist practises.';

alter table app_public.specialties drop constraint if exists specialties_of_the_platform_have_fixed_ids;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.specialties add constraint specialties_of_the_platform_have_fixed_ids
  check (organization_id is not null or uuid_extract_version(id) is not distinct from 8);

-- What service accounts wrote stays written by whom it was: events and audit entries are never changed, so the
-- principals of before stay, and from now on the accounts write in the name of a fixed one.
alter table app_public.principals no force row level security;
alter table app_public.principals disable trigger _500_audit;
insert into app_public.principals (id, kind)
select overlay(overlay(left(encode(sha256(convert_to('app_public.service_accounts/' || service_accounts.name, 'UTF8')), 'hex'), 32)
         placing '8' from 13) placing '8' from 17)::uuid,
       'service_account'
from app_public.service_accounts
where uuid_extract_version(service_accounts.principal_id) is distinct from 8
on conflict (id) do nothing;
update app_public.service_accounts
set principal_id = overlay(overlay(left(encode(sha256(convert_to('app_public.service_accounts/' || service_accounts.name, 'UTF8')), 'hex'), 32)
      placing '8' from 13) placing '8' from 17)::uuid
where uuid_extract_version(service_accounts.principal_id) is distinct from 8;
alter table app_public.principals enable trigger _500_audit;
alter table app_public.principals force row level security;

alter table app_public.service_accounts drop constraint if exists service_accounts_have_fixed_ids;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.service_accounts add constraint service_accounts_have_fixed_ids
  check (uuid_extract_version(principal_id) is not distinct from 8);

--! split: 410-events_of_one_subject.sql
-- Events and their deliveries can move with their clinic. SCA-01, 0064.
-- Every key between them carries the clinic, or zero for the platform, as with specialties (0008); a position counts
-- the events of one subject, so it goes on wherever the subject is.

-- squawk-ignore adding-field-with-default
alter table app_private.events add column if not exists scope_id uuid not null generated always as (
  coalesce(organization_id, '00000000-0000-0000-0000-000000000000'::uuid)) stored;
comment on column app_private.events.scope_id is 'The clinic, or zero for the platform.';

alter table app_private.event_deliveries add column if not exists scope_id uuid;
comment on column app_private.event_deliveries.scope_id is 'Whose event it is: the clinic, or zero for the platform.';
set local role app_engine;
update app_private.event_deliveries set scope_id = events.scope_id
from app_private.events
where events.id = event_deliveries.event_id and event_deliveries.scope_id is null;
reset role;
-- squawk-ignore adding-not-nullable-field
alter table app_private.event_deliveries alter column scope_id set not null;

alter table app_private.event_deliveries
  drop constraint if exists event_deliveries_event_id_fkey,
  drop constraint if exists event_deliveries_are_of_an_event,
  drop constraint if exists event_deliveries_pkey;
alter table app_private.events
  drop constraint if exists events_organization_id_cause_id_fkey,
  drop constraint if exists events_have_a_cause_of_their_own,
  drop constraint if exists events_identity_in_scope,
  drop constraint if exists events_are_numbered_by_subject;
-- events_identity starts with organization_id as well as events_organization_idx.
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_private.events_cause_idx;
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_private.events_organization_idx;
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_private.events_subject_idx;

alter table app_private.events alter column position drop identity if exists;
comment on column app_private.events.position is
  'The number of the event among those of its subject, and so the order of their commits: publish() locks the subject.';

-- squawk-ignore constraint-missing-not-valid, disallowed-unique-constraint
alter table app_private.events add constraint events_identity_in_scope unique (scope_id, id);
-- squawk-ignore constraint-missing-not-valid, disallowed-unique-constraint
alter table app_private.events add constraint events_are_numbered_by_subject unique (subject_id, position);
-- squawk-ignore require-concurrent-index-creation
create index events_cause_idx on app_private.events (scope_id, cause_id) where cause_id is not null;
-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
alter table app_private.events add constraint events_have_a_cause_of_their_own
  foreign key (scope_id, cause_id) references app_private.events (scope_id, id) on delete restrict;
-- squawk-ignore constraint-missing-not-valid, adding-serial-primary-key-field
alter table app_private.event_deliveries add constraint event_deliveries_pkey primary key (event_id, scope_id, consumer);
-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
alter table app_private.event_deliveries add constraint event_deliveries_are_of_an_event
  foreign key (scope_id, event_id) references app_private.events (scope_id, id) on delete restrict;

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/core/tg_fixed_id.sql
-- Gives a row of the platform the id that it has on every server, made of the table and the column that the trigger
-- names (a slug, a name): clinics point at such rows, and find them again where they move to. SCA-01, 0064.
-- UUID version 8 over SHA-256, as RFC 9562 shows; a version of its own, so that a constraint tells it from a random id.
-- A row whose slug changes keeps its id.

create or replace function app_private.tg_fixed_id() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.id := overlay(overlay(left(encode(sha256(convert_to(
    concat(tg_table_schema, '.', tg_table_name, '/', to_jsonb(new) ->> tg_argv[0]), 'UTF8')), 'hex'), 32)
    placing '8' from 13) placing '8' from 17);
  return new;
end;
$$;

comment on function app_private.tg_fixed_id is
  'Makes the id of a platform row out of its table and the column named. Trigger _150_fixed_id.';
-- end of source: functions/core/tg_fixed_id.sql

-- source: functions/events/tg_events__deliver.sql
-- Queues what was published for those who want to know. FND-14.
-- Once per statement, whatever its size: one insert, one add_jobs call. A job per consumer and subject
-- drains all that is pending, so a job_key keeps one of them; sorted, so that two statements lock in one order.

set role app_engine;
create or replace function app_private.tg_events__deliver() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_jobs graphile_worker.job_spec[];
begin
  with queued as (
    insert into app_private.event_deliveries (event_id, scope_id, consumer, subject_id, position)
    select published.id, published.scope_id, event_subscriptions.consumer, published.subject_id, published.position
    from published
    join app_private.event_subscriptions on event_subscriptions.event_name = published.name
    returning consumer, subject_id
  )
  select array_agg(app_private.delivery_job(consumer, subject_id) order by consumer, subject_id) into v_jobs
  from (select distinct queued.consumer, queued.subject_id from queued) as drain;

  if v_jobs is not null then
    perform graphile_worker.add_jobs(v_jobs);
  end if;
  return null;
end;
$$;

comment on function app_private.tg_events__deliver is 'Queues the deliveries of the events a statement published.';
reset role;

create or replace trigger _900_deliver
  after insert on app_private.events
  referencing new table as published
  for each statement execute function app_private.tg_events__deliver();
-- end of source: functions/events/tg_events__deliver.sql

-- source: functions/events/tg_events__position.sql
-- Numbers the events of one subject: one more than its last. FND-14, SCA-01.
-- A number of the whole table would start again on another server, and events that moved there with their clinic
-- would seem to be later than what happens next. publish() holds the lock on the subject; the unique constraint
-- refuses who does without. A row that brings its position, as one that moves does, keeps it.

create or replace function app_private.tg_events__position() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  new.position := 1 + coalesce((
    select events.position
    from app_private.events
    where events.subject_id = new.subject_id
    order by events.position desc
    limit 1
  ), 0);
  return new;
end;
$$;

comment on function app_private.tg_events__position is 'Numbers the event within its subject. Trigger _150_position.';

create or replace trigger _150_position before insert on app_private.events
  for each row when (new.position is null) execute function app_private.tg_events__position();
-- end of source: functions/events/tg_events__position.sql

-- source: policies/catalog/specialties.sql
-- The platform's specialties are everyone's to read; a clinic adds its own with specialties.manage. SPC-01.

select app_private.classify('app_public.specialties', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "scope_id", "slug", "name", "translations"],
    "operational": ["created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.specialties', 'specialties.manage', 'r.name');
select app_private.protect('app_public.specialties', engine => 'select, update (deleted_at)', facts => '{name name}');

grant select (id, organization_id, slug, name, translations, created_at, updated_at) on app_public.specialties to app_member;
grant insert (organization_id, slug, name, translations),
      update (slug, name, translations)
   on app_public.specialties to app_member;

create policy specialties_select_everyone on app_public.specialties for select to app_member
  using (organization_id is null and deleted_at is null);

create policy specialties_select_staff on app_public.specialties for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]) and deleted_at is null);

create policy specialties_select_patient on app_public.specialties for select to app_member
  using (organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]) and deleted_at is null);

create policy specialties_insert_manager on app_public.specialties for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('specialties.manage'))::uuid[]));

create policy specialties_update_manager on app_public.specialties for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('specialties.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.organization_ids_where('specialties.manage'))::uuid[]));

create policy specialties_all_migrator on app_public.specialties for all to app_owner
  using (organization_id is null)
  with check (organization_id is null);

create or replace trigger _150_fixed_id before insert on app_public.specialties
  for each row when (new.organization_id is null) execute function app_private.tg_fixed_id('slug');
-- end of source: policies/catalog/specialties.sql

-- source: policies/events/event_deliveries.sql
-- Queued by the trigger of events, worked off through functions. FND-14.

select app_private.classify('app_private.event_deliveries', home => 'clinic', retention => 'ledger', classes =>
  '{"operational": ["event_id", "scope_id", "consumer", "subject_id", "position", "delivered_at", "attempts"],
    "pii_basic": ["last_error"]}',
  unaudited => 'How far the worker is with each event; nobody else writes it.');
select app_private.protect('app_private.event_deliveries', engine => 'select, insert, update');
-- end of source: policies/events/event_deliveries.sql

-- source: policies/events/events.sql
-- Written by publish(), read by consumers; never changed. FND-14.

select app_private.classify('app_private.events', home => 'clinic', retention => 'ledger', classes =>
  '{"operational": ["id", "organization_id", "scope_id", "name", "version", "subject_type", "subject_id", "actor_id",
                    "request_id", "cause_id", "occurred_at", "position"],
    "phi": ["payload"]}',
  unaudited => 'Is itself a ledger that nobody can change, of what the audited rows went through.');
select app_private.protect('app_private.events', engine => 'select, insert');
-- end of source: policies/events/events.sql
