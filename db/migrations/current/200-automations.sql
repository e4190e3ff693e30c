-- Automations: rules of a clinic, their versions, and what each action did. AUT-01.

alter table app_private.events add column if not exists depth int not null default 0;
comment on column app_private.events.depth is 'How many events led to it, one after the other: 0 without a cause.';

-- squawk-ignore ban-drop-table
drop table if exists app_public.automation_executions;
-- squawk-ignore ban-drop-table
drop table if exists app_public.automation_rule_versions;
-- squawk-ignore ban-drop-table
drop table if exists app_public.automation_rules;
-- squawk-ignore ban-drop-table
drop table if exists app_private.automation_events;
-- squawk-ignore ban-drop-table
drop table if exists app_private.automation_actions cascade;
drop type if exists app_private.action_step cascade;
drop type if exists app_private.action_outcome cascade;

create type app_private.action_step as (
  organization_id uuid,
  execution_id uuid,
  rule_id uuid,
  rule_version_id uuid,
  event_id uuid,
  action_index int,
  patient_id uuid,
  patient_profile_id uuid,
  appointment_id uuid,
  config jsonb
);
comment on type app_private.action_step is 'One action of a rule, about one event: what its function is called with.';

create type app_private.action_outcome as (outcome text, reason text, details jsonb, until timestamptz);
comment on type app_private.action_outcome is
  'What became of an action: done, skipped or failed, with the reason; or waiting, to be tried again at the instant until.';

create table app_private.automation_actions (
  code text primary key,
  label_ro text not null,
  label_en text not null,
  description_ro text not null,
  description_en text not null,
  config_schema jsonb not null,
  needs text[] not null default '{}',
  is_marketing boolean not null default false,
  act_function text not null,
  check_function text,
  constraint automation_actions_need_what_events_have check (needs <@ '{patient,appointment}')
);
comment on table app_private.automation_actions is 'What an automation can do.';
comment on column app_private.automation_actions.config_schema is
  'JSON Schema of its config: object, string, integer, boolean, array, enum, formats uuid, time, date; with the words of a form. docs/decisions/0147';
comment on column app_private.automation_actions.needs is 'What the event must have for it: a patient, an appointment.';
comment on column app_private.automation_actions.is_marketing is 'Whether it advertises, and so asks for the consent to that.';
comment on column app_private.automation_actions.act_function is
  'app_private.<name>(app_private.action_step) returns app_private.action_outcome, run in the transaction of the worker.';
comment on column app_private.automation_actions.check_function is
  'app_private.<name>(uuid, jsonb), a row (path, reason, details) for each thing that is wrong with a config, asked when a rule is saved.';

create table app_private.automation_events (
  event_name text primary key,
  label_ro text not null,
  label_en text not null,
  has text[] not null,
  undone_by text[] not null default '{}',
  constraint automation_events_are_of_patients_and_appointments check (has <@ '{patient,appointment}')
);
comment on table app_private.automation_events is 'What an automation can begin with.';
comment on column app_private.automation_events.has is 'What the event is about: a patient, an appointment.';
comment on column app_private.automation_events.undone_by is
  'Later events about the same subject that take it back: actions that still wait are cancelled then.';

create table app_public.automation_rules (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  name text not null,
  event_name text not null,
  is_enabled boolean not null default true,
  position int,
  version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  removed_at timestamptz,
  constraint automation_rules_identity unique (organization_id, id),
  constraint automation_rules_stand_in_one_order unique (organization_id, position),
  constraint automation_rules_count_from_1 check (position >= 1),
  constraint automation_rules_versions_count_from_1 check (version >= 1),
  constraint automation_rules_removed_have_no_place check ((removed_at is null) = (position is not null)),
  constraint automation_rules_removed_are_off check (removed_at is null or not is_enabled),
  constraint automation_rules_name_is_one_line check (name !~ '[[:cntrl:]]')
);
create index automation_rules_event_idx on app_public.automation_rules (organization_id, event_name) where is_enabled;
comment on table app_public.automation_rules is
  'An automation of a clinic: when something happens, and conditions hold, actions follow in their order.';
comment on column app_public.automation_rules.event_name is 'What it begins with; another event is another automation.';
comment on column app_public.automation_rules.is_enabled is 'Whether it begins with new events, and what waits is done.';
comment on column app_public.automation_rules.position is E'@nullable\nIts place among the automations of the clinic, from 1; null once removed.';
comment on column app_public.automation_rules.version is 'The number of the version that new events begin.';
comment on column app_public.automation_rules.removed_at is E'@nullable\nWhen it was removed; null while it stands.';

create table app_public.automation_rule_versions (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  automation_rule_id uuid not null,
  version int not null,
  conditions jsonb not null,
  actions jsonb not null,
  most_per_day int not null,
  most_ever int,
  created_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  constraint automation_rule_versions_identity unique (organization_id, id),
  constraint automation_rule_versions_number_is_used_once unique (organization_id, automation_rule_id, version),
  constraint automation_rule_versions_of_a_rule unique (organization_id, automation_rule_id, id),
  constraint automation_rule_versions_rule_fkey foreign key (organization_id, automation_rule_id)
    references app_public.automation_rules (organization_id, id) on delete restrict,
  constraint automation_rule_versions_count_from_1 check (version >= 1),
  constraint automation_rule_versions_have_actions check (jsonb_typeof(actions) = 'array'),
  constraint automation_rule_versions_most_per_day_is_sensible check (most_per_day between 1 and 100),
  constraint automation_rule_versions_most_ever_is_sensible check (most_ever between 1 and 1000)
);
create index automation_rule_versions_created_by_idx on app_public.automation_rule_versions (created_by);
comment on table app_public.automation_rule_versions is
  'What an automation did from a change on; never changed. What has begun ends by its own version.';
comment on column app_public.automation_rule_versions.version is 'Which version it is, counted from 1.';
comment on column app_public.automation_rule_versions.conditions is 'A rule about the patient and the event; {"all": []} always holds.';
comment on column app_public.automation_rule_versions.actions is
  'A list of {action, config, after?, expires?}, done in this order.';
comment on column app_public.automation_rule_versions.most_per_day is 'How often it runs for one patient on one day of the clinic.';
comment on column app_public.automation_rule_versions.most_ever is E'@nullable\nHow often it runs for one patient at all; null: as often as it happens.';

create table app_public.automation_executions (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  automation_rule_id uuid not null,
  automation_rule_version_id uuid not null,
  event_id uuid not null,
  action_index int,
  action text,
  patient_profile_id uuid,
  outcome text not null,
  reason text,
  details jsonb not null default '{}',
  due_at timestamptz not null,
  expires_at timestamptz not null,
  attempts int not null default 0,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  constraint automation_executions_identity unique (organization_id, id),
  constraint automation_executions_happen_once
    unique nulls not distinct (automation_rule_version_id, event_id, action_index),
  constraint automation_executions_version_fkey foreign key (organization_id, automation_rule_id, automation_rule_version_id)
    references app_public.automation_rule_versions (organization_id, automation_rule_id, id) on delete restrict,
  constraint automation_executions_event_fkey foreign key (organization_id, event_id)
    references app_private.events (organization_id, id) on delete restrict,
  constraint automation_executions_patient_fkey foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint automation_executions_outcome_is_known check (outcome in ('waiting', 'done', 'skipped', 'failed')),
  constraint automation_executions_end_with_an_outcome check ((outcome = 'waiting') = (ended_at is null)),
  constraint automation_executions_say_why check (outcome in ('waiting', 'done') or reason is not null),
  constraint automation_executions_are_of_an_action check ((action_index is null) = (action is null)),
  constraint automation_executions_rules_do_nothing_themselves check (action is not null or outcome in ('skipped', 'failed'))
);
comment on constraint automation_executions_outcome_is_known on app_public.automation_executions is
  E'waiting: it is due later, or tried again.\ndone: it had its effect.\nskipped: it had none, for the reason said.\nfailed: it was refused, or could not be done.';
create index automation_executions_due_idx on app_public.automation_executions (due_at) where outcome = 'waiting';
create index automation_executions_rule_idx
  on app_public.automation_executions (organization_id, automation_rule_id, patient_profile_id, created_at);
create index automation_executions_event_idx on app_public.automation_executions (organization_id, event_id);
create index automation_executions_patient_idx on app_public.automation_executions (organization_id, patient_profile_id, created_at, id);
create index automation_executions_version_idx
  on app_public.automation_executions (organization_id, automation_rule_id, automation_rule_version_id);
create index automation_executions_ended_idx on app_public.automation_executions (ended_at);
create index automation_executions_created_idx on app_public.automation_executions (organization_id, created_at, id);
comment on table app_public.automation_executions is
  'What became of each action of an automation, about one event; of the automation as a whole where it did not run. '
  'Its outcome is written once.';
comment on column app_public.automation_executions.event_id is 'What happened, by the id of the event.';
comment on column app_public.automation_executions.action_index is
  E'@nullable\nThe place of the action in its version, from 0; null where the automation as a whole was skipped.';
comment on column app_public.automation_executions.action is E'@nullable\nThe code of the action; null where the automation as a whole was skipped.';
comment on column app_public.automation_executions.outcome is 'What became of it.';
comment on column app_public.automation_executions.reason is
  E'@nullable\nWhy it was skipped or failed, or what it waits for: condition, loop, depth, cap, consent, suppression, quiet_hours, disabled, cancelled, expired, or the reason of a refusal.';
comment on column app_public.automation_executions.details is 'What more there is to say of the outcome.';
comment on column app_public.automation_executions.due_at is 'When it was to be done, or is to be tried.';
comment on column app_public.automation_executions.expires_at is 'After which it is not done any more.';
comment on column app_public.automation_executions.attempts is 'How often it was tried.';
comment on column app_public.automation_executions.ended_at is E'@nullable\nWhen its outcome was certain; null while it waits.';

