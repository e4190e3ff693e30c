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
