--! Previous: sha1:5deaf98cbd66a810272190c952744b753e874ff1
--! Hash: sha1:7090305d12b486fa4a4f7593345efb4b77f9aed6
--! Message: documents, automations, webhooks and segments

--! split: 100-rules.sql
-- The rule language that segments and conditions of automations share: what may be asked, how it is compared, and where it
-- is read from. SEG-02, SEG-05.
-- squawk-ignore ban-drop-table
drop table if exists app_private.rule_fields;
-- squawk-ignore ban-drop-table
drop table if exists app_private.rule_collections;
-- squawk-ignore ban-drop-table
drop table if exists app_private.rule_operators;
-- squawk-ignore ban-drop-table
drop table if exists app_private.rule_sources;
-- squawk-ignore ban-drop-table
drop table if exists app_private.rule_event_properties;
drop type if exists app_private.compiled_rule cascade;
drop type if exists app_private.rule_part cascade;
drop type if exists app_private.rule_term cascade;
drop type if exists app_private.rule_operand cascade;

create table app_private.rule_sources (
  code text not null,
  table_name text not null,
  found_by text not null,
  detail_column text,
  primary key (code, table_name),
  constraint rule_sources_code_is_a_word check (code ~ '^[a-z]+$'),
  constraint rule_sources_found_by_is_known check (found_by in ('patient', 'patient_id', 'patient_profile_id', 'profile', 'clinic', 'everyone'))
);
comment on table app_private.rule_sources is 'Where rules read: a change of a row of this table can change what holds for its patient.';
comment on column app_private.rule_sources.code is 'The dependency of rules, such as profile or form.';
comment on column app_private.rule_sources.table_name is 'The table, with its schema.';
comment on column app_private.rule_sources.found_by is
  'Whom a row is about: the patient whose row it is, one named by a column, every patient who is this profile, every patient of the clinic whose row it is, or everyone of the clinic that the row names (of every clinic where it names none).';
comment on column app_private.rule_sources.detail_column is 'The column that completes the dependency: of forms template_id, for form:<template id>.';

create table app_private.rule_operators (
  type text not null,
  code text not null,
  position int not null,
  label_en text not null,
  label_ro text not null,
  operand text not null,
  condition_sql text not null,
  turning_days text,
  primary key (type, code),
  constraint rule_operators_position_is_used_once unique (type, position),
  constraint rule_operators_code_is_a_word check (code ~ '^[a-z]+(_[a-z]+)*$'),
  constraint rule_operators_operand_is_known check (operand in ('none', 'one', 'list', 'range', 'days'))
);
comment on table app_private.rule_operators is 'How a field of a type may be compared, and the SQL that does it.';
comment on column app_private.rule_operators.operand is 'What stands in value: nothing, one value, a list, a range of two, or a number of days.';
comment on column app_private.rule_operators.condition_sql is 'The comparison: {v} is the field, {a} and {b} what it is compared with, {today} the day at the clinic.';
comment on column app_private.rule_operators.turning_days is 'The days on which the comparison can change by time alone, apart by semicolons; null where it cannot.';

create table app_private.rule_collections (
  code text primary key,
  label_en text not null,
  label_ro text not null,
  source text not null,
  permission text not null references app_public.permissions (name) on delete restrict,
  table_name text not null,
  person_sql text not null,
  time_sql text not null,
  event_property text,
  constraint rule_collections_code_is_a_word check (code ~ '^[a-z]+(_[a-z]+)*$')
);
create index rule_collections_permission_idx on app_private.rule_collections (permission);
comment on table app_private.rule_collections is 'What a patient has several of, so that a rule counts them.';
comment on column app_private.rule_collections.source is 'The dependency, by the code of rule_sources.';
comment on column app_private.rule_collections.permission is 'What the author of a rule needs to count them.';
comment on column app_private.rule_collections.person_sql is 'Which rows r are of the patient p, and stand.';
comment on column app_private.rule_collections.time_sql is 'The instant of a row that a time window asks for.';
comment on column app_private.rule_collections.event_property is 'The property of an event that names one of them, which is then the subject of the event.';

create table app_private.rule_fields (
  code text primary key,
  position int not null,
  collection text references app_private.rule_collections (code) on delete restrict,
  type text not null,
  label_en text not null,
  label_ro text not null,
  source text not null,
  permission text not null references app_public.permissions (name) on delete restrict,
  cost int not null,
  value_sql text not null,
  turns_sql text,
  choices jsonb,
  choices_of text,
  constraint rule_fields_position_is_used_once unique nulls not distinct (collection, position),
  constraint rule_fields_code_is_dotted check (code ~ '^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$'),
  constraint rule_fields_type_is_known check (type in ('text', 'number', 'boolean', 'date', 'instant', 'choice')),
  constraint rule_fields_choice_has_choices check ((type = 'choice') = (num_nonnulls(choices, choices_of) = 1)),
  constraint rule_fields_cost_is_a_stage check (cost between 0 and 3)
);
create index rule_fields_permission_idx on app_private.rule_fields (permission);
comment on table app_private.rule_fields is 'Fields that every clinic has; those of its forms, own fields and purposes come from rule_terms().';
comment on column app_private.rule_fields.collection is 'Whose field it is; null: the patient''s.';
comment on column app_private.rule_fields.source is 'The dependency, by the code of rule_sources.';
comment on column app_private.rule_fields.permission is 'What the author of a rule needs to ask for it.';
comment on column app_private.rule_fields.cost is 'The stage in which it is read: 0 stands in the row of the patient, 3 is dearest.';
comment on column app_private.rule_fields.value_sql is 'How it is read: p is the patient with the person, r the row of the collection.';
comment on column app_private.rule_fields.turns_sql is 'The next instant at which time alone changes it; null where only a comparison with a day does.';
comment on column app_private.rule_fields.choices is 'What it may be, each with ro and en.';
comment on column app_private.rule_fields.choices_of is 'Whose rows it may be.';

create table app_private.rule_event_properties (
  property text primary key,
  label_en text not null,
  label_ro text not null,
  choices_of text
);
comment on table app_private.rule_event_properties is 'How properties of events are called where a condition of an automation asks for them.';
comment on column app_private.rule_event_properties.choices_of is 'Whose rows it names; null where the schema of the event says what it may be.';

create type app_private.rule_term as (
  code text,
  collection text,
  type text,
  label_ro text,
  label_en text,
  group_ro text,
  group_en text,
  choices jsonb,
  choices_of text,
  minimum numeric,
  maximum numeric,
  is_whole boolean,
  permission text,
  cost int,
  value_sql text,
  turns_sql text,
  keys jsonb,
  depends text[]
);
comment on type app_private.rule_term is 'A field as a clinic has it, with the SQL that reads it; {k0} and {k1} are its keys.';

create type app_private.rule_part as (
  condition_sql text,
  value_sql text,
  turns_sql text[],
  cost int,
  parameters jsonb,
  depends text[]
);
comment on type app_private.rule_part is 'A rule, or a part of one, as SQL, with the parameters so far.';

create type app_private.rule_operand as (a text, b text, parameters jsonb);
comment on type app_private.rule_operand is 'The other side of a comparison as SQL, and the parameters with it.';

create type app_private.compiled_rule as (query text, recheck text, parameters jsonb, depends text[], cost int);
comment on type app_private.compiled_rule is
  'A rule as a query over $1 the clinic, $2 patients or null, $3 the parameters, $4 an event or null; recheck says when time alone can change it.';

-- The latest answer of a patient to a template is one look-up, for rules over answers.
-- squawk-ignore require-concurrent-index-creation
create index if not exists forms_answered_idx on app_public.forms (organization_id, template_id, patient_id, completed_at desc, id desc)
  where status in ('completed', 'signed') and deleted_at is null;

--! split: 101-rule-builder.sql
-- What a page needs to build a rule, to try it, and to say why it holds. SEG-04, SEG-05.
drop function if exists app_public.rule_builder(uuid, text);
drop function if exists app_public.preview_rule(uuid, jsonb, int);
drop type if exists app_public.rule_preview;
drop type if exists app_public.rule_sample;
drop type if exists app_public.rule_contract;
drop type if exists app_public.rule_collection;
drop type if exists app_public.rule_operator;
drop type if exists app_public.rule_segment;
drop type if exists app_public.rule_field;
drop type if exists app_public.rule_choice;

create type app_public.rule_choice as (value text, label text, label_ro text, label_en text);
comment on type app_public.rule_choice is 'What a field may be compared with.';
comment on column app_public.rule_choice.value is 'What stands in the rule.';
comment on column app_public.rule_choice.label is 'What people read, in the caller''s language.';
comment on column app_public.rule_choice.label_ro is 'What people read, in Romanian.';
comment on column app_public.rule_choice.label_en is 'What people read, in English.';

create type app_public.rule_field as (
  code text,
  collection text,
  type text,
  label text,
  label_ro text,
  label_en text,
  subject text,
  subject_ro text,
  subject_en text,
  minimum numeric,
  maximum numeric,
  is_whole boolean,
  choices app_public.rule_choice[]
);
comment on type app_public.rule_field is 'A field that rules may compare.';
comment on column app_public.rule_field.code is 'What stands in the rule as field.';
comment on column app_public.rule_field.collection is E'@nullable\nInside of which count it stands, by the code of the collection; null where it is the patient''s or the event''s.';
comment on column app_public.rule_field.type is
  E'@words own rule_type\nOf which type it is: the operators of the type may follow.\n'
  'text: A text, compared without case and diacritics.\n'
  'number: A number.\n'
  'boolean: Yes or no.\n'
  'date: A day, on the clinic''s clock.\n'
  'choice: One of choices.\n'
  'choices: Some of choices.\n'
  'presence: Something that is there or is not, such as a file.';
comment on column app_public.rule_field.label is 'What people read, in the caller''s language.';
comment on column app_public.rule_field.label_ro is 'What people read, in Romanian.';
comment on column app_public.rule_field.label_en is 'What people read, in English.';
comment on column app_public.rule_field.subject is E'@nullable\nWhat it belongs to, in the caller''s language, such as the name of the form; null for what the patient is.';
comment on column app_public.rule_field.subject_ro is E'@nullable\nWhat it belongs to, in Romanian.';
comment on column app_public.rule_field.subject_en is E'@nullable\nWhat it belongs to, in English.';
comment on column app_public.rule_field.minimum is E'@nullable\nThe least number; null where none is given.';
comment on column app_public.rule_field.maximum is E'@nullable\nThe greatest number; null where none is given.';
comment on column app_public.rule_field.is_whole is 'Whether only whole numbers are compared.';
comment on column app_public.rule_field.choices is 'What it may be; empty where it is no choice.';

create type app_public.rule_operator as (type text, code text, label text, label_ro text, label_en text, operand text);
comment on type app_public.rule_operator is 'How fields of a type are compared. A count is a number, compared by what takes one value or a range.';
comment on column app_public.rule_operator.type is
  E'@words own rule_type\nOf which type the field is.\n'
  'text: A text, compared without case and diacritics.\n'
  'number: A number.\n'
  'boolean: Yes or no.\n'
  'date: A day, on the clinic''s clock.\n'
  'choice: One of choices.\n'
  'choices: Some of choices.\n'
  'presence: Something that is there or is not, such as a file.';
comment on column app_public.rule_operator.code is 'What stands in the rule as operator.';
comment on column app_public.rule_operator.label is 'What people read, in the caller''s language.';
comment on column app_public.rule_operator.label_ro is 'What people read, in Romanian.';
comment on column app_public.rule_operator.label_en is 'What people read, in English.';
comment on column app_public.rule_operator.operand is
  E'@words own rule_operand\nWhat stands in the rule as value.\n'
  'none: Nothing.\n'
  'one: One value of the type of the field; of choices one of them.\n'
  'list: One to 200 values.\n'
  'range: Two values, the lower one first.\n'
  'days: A number of days, from 0 to 3650.';

create type app_public.rule_collection as (code text, label text, label_ro text, label_en text);
comment on type app_public.rule_collection is 'What a patient has several of: rules count them, all or those of a time, or those for which a rule over their fields holds.';
comment on column app_public.rule_collection.code is 'What stands in the rule as of.';
comment on column app_public.rule_collection.label is 'What people read, in the caller''s language.';
comment on column app_public.rule_collection.label_ro is 'What people read, in Romanian.';
comment on column app_public.rule_collection.label_en is 'What people read, in English.';

create type app_public.rule_segment as (segment_id uuid, name text);
comment on type app_public.rule_segment is 'A segment that a rule may name.';
comment on column app_public.rule_segment.segment_id is 'What stands in the rule as segment.';
comment on column app_public.rule_segment.name is 'What the clinic calls it.';

create type app_public.rule_contract as (
  fields app_public.rule_field[],
  operators app_public.rule_operator[],
  collections app_public.rule_collection[],
  segments app_public.rule_segment[],
  depth_limit int,
  part_limit int
);
comment on type app_public.rule_contract is 'Everything of which a rule is composed: what is composed of it is accepted.';
comment on column app_public.rule_contract.fields is 'The fields that the caller may read.';
comment on column app_public.rule_contract.operators is 'How they are compared, by their type.';
comment on column app_public.rule_contract.collections is 'What may be counted.';
comment on column app_public.rule_contract.segments is 'The segments that may be named.';
comment on column app_public.rule_contract.depth_limit is 'How many levels a rule may have.';
comment on column app_public.rule_contract.part_limit is 'How many parts a rule may have in all.';

create type app_public.rule_sample as (patient_id uuid, given_name text, family_name text);
comment on type app_public.rule_sample is E'@foreignKey (patient_id) references app_public.patients (id)\nA patient for whom a rule holds.';
comment on column app_public.rule_sample.patient_id is 'The patient, by the id of Patient.';
comment on column app_public.rule_sample.given_name is 'The given name.';
comment on column app_public.rule_sample.family_name is 'The family name.';

create type app_public.rule_preview as (patient_count int, patients app_public.rule_sample[]);
comment on type app_public.rule_preview is 'For whom a rule holds now.';
comment on column app_public.rule_preview.patient_count is 'For how many patients.';
comment on column app_public.rule_preview.patients is 'Some of them, by their names.';

--! split: 150-segments.sql
-- Segments: groups of patients by a rule or by hand, who is in them and was, and whom has to be looked at again. SEG-01, SEG-03.

-- squawk-ignore ban-drop-table
drop table if exists app_private.segment_rechecks;
-- squawk-ignore ban-drop-table
drop table if exists app_private.segment_marks;
-- squawk-ignore ban-drop-table
drop table if exists app_private.segment_dependencies;
-- squawk-ignore ban-drop-table
drop table if exists app_public.segment_members;
-- squawk-ignore ban-drop-table
drop table if exists app_public.segment_versions;
-- squawk-ignore ban-drop-table
drop table if exists app_public.segments;

create table app_public.segments (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  name text not null,
  description text,
  kind text not null,
  rule jsonb,
  version int not null default 1,
  filled_version int,
  found_wrong int not null default 0,
  created_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint segments_identity unique (organization_id, id),
  constraint segments_kind_is_known check (kind in ('rule', 'list')),
  constraint segments_have_a_rule check ((kind = 'rule') = (rule is not null)),
  constraint segments_name_is_one_line check (name !~ '[[:cntrl:]]'),
  constraint segments_name_is_short check (length(name) <= 120),
  constraint segments_description_is_short check (length(description) <= 1000),
  constraint segments_version_counts_from_one check (version >= 1)
);
create index segments_created_by_idx on app_public.segments (created_by);
comment on table app_public.segments is 'A group of patients of a clinic, by a rule or by hand.';
comment on column app_public.segments.rule is 'Who is in it, in the language that ruleBuilder describes; null of a list.';
comment on column app_public.segments.version is 'How often its rule was written; each is kept.';
comment on column app_public.segments.filled_version is
  'The version by which its members were found; null or an earlier one while the worker is at it, which takes seconds.';
comment on column app_public.segments.found_wrong is 'How many of them the nightly checks found wrongly in or out, which they mended.';
comment on constraint segments_kind_is_known on app_public.segments is E'rule: Whoever its rule holds for.\nlist: Whoever was put in.';

create table app_public.segment_versions (
  organization_id uuid not null,
  segment_id uuid not null,
  number int not null,
  rule jsonb not null,
  written_by uuid references app_public.principals on delete restrict,
  written_at timestamptz not null default now(),
  constraint segment_versions_pkey primary key (organization_id, segment_id, number),
  constraint segment_versions_segment_fkey foreign key (organization_id, segment_id)
    references app_public.segments (organization_id, id) on delete restrict
);
create index segment_versions_written_by_idx on app_public.segment_versions (written_by);
comment on table app_public.segment_versions is 'The rules that a segment had.';
comment on column app_public.segment_versions.number is 'The version that it is, counted from one.';
comment on column app_public.segment_versions.rule is 'The rule as it was written.';
comment on column app_public.segment_versions.written_at is 'When it was written.';

create table app_public.segment_members (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  segment_id uuid not null,
  patient_id uuid not null,
  patient_profile_id uuid not null,
  entered_at timestamptz not null,
  left_at timestamptz,
  constraint segment_members_identity unique (organization_id, id),
  constraint segment_members_segment_fkey foreign key (organization_id, segment_id)
    references app_public.segments (organization_id, id) on delete restrict,
  constraint segment_members_patient_fkey foreign key (organization_id, patient_id, patient_profile_id)
    references app_public.patients (organization_id, id, patient_profile_id) on delete restrict,
  constraint segment_members_leave_after_they_entered check (left_at >= entered_at)
);
create unique index segment_members_in_once on app_public.segment_members (organization_id, segment_id, patient_id) where left_at is null;
create index segment_members_patient_idx on app_public.segment_members (organization_id, patient_id, patient_profile_id);
create index segment_members_segment_idx on app_public.segment_members (organization_id, segment_id, entered_at, id);
comment on table app_public.segment_members is 'Who is in a segment and who was: each stay is a row.';
comment on column app_public.segment_members.entered_at is 'Since when.';
comment on column app_public.segment_members.left_at is 'Until when; null: still in.';

create table app_private.segment_dependencies (
  organization_id uuid not null,
  code text not null,
  segment_id uuid not null,
  constraint segment_dependencies_pkey primary key (organization_id, code, segment_id),
  constraint segment_dependencies_segment_fkey foreign key (organization_id, segment_id)
    references app_public.segments (organization_id, id) on delete cascade
);
create index segment_dependencies_segment_idx on app_private.segment_dependencies (organization_id, segment_id);
comment on table app_private.segment_dependencies is 'What the rule of a segment reads, by the codes of rule_sources.';

create table app_private.segment_marks (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  segment_id uuid not null,
  patient_id uuid,
  cause_id uuid default nullif(current_setting('app.cause_event_id', true), '')::uuid,
  constraint segment_marks_identity unique (organization_id, id),
  constraint segment_marks_segment_fkey foreign key (organization_id, segment_id)
    references app_public.segments (organization_id, id) on delete cascade
);
create index segment_marks_segment_idx on app_private.segment_marks (organization_id, segment_id);
comment on table app_private.segment_marks is
  'Whom to look at again, written with the change and gone when they were looked at. Several of one pair say the same, and nobody waits for another.';
comment on column app_private.segment_marks.patient_id is 'The patient; null: everybody.';
comment on column app_private.segment_marks.cause_id is
  'The event to which an automation answered with the change; what follows from the look has it as its cause. Null: no automation did it.';

create table app_private.segment_rechecks (
  organization_id uuid not null,
  segment_id uuid not null,
  patient_id uuid not null,
  at timestamptz not null,
  constraint segment_rechecks_pkey primary key (organization_id, segment_id, patient_id),
  constraint segment_rechecks_segment_fkey foreign key (organization_id, segment_id)
    references app_public.segments (organization_id, id) on delete cascade
);
create index segment_rechecks_at_idx on app_private.segment_rechecks (at);
comment on table app_private.segment_rechecks is 'When time alone may change whether a patient is in a segment.';

-- not in db/reference: it stands there as well; the policy of segments names it before those rows come.
insert into app_public.permissions (name, description) values ('segments.manage', 'Make segments of patients, edit and remove them')
on conflict do nothing;

--! split: 200-automations.sql
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

--! split: 201-automation-builder.sql
-- What a page needs to build an automation and to try it. AUT-03.
drop function if exists app_public.automation_builder(uuid);
drop function if exists app_public.simulate_automation(uuid, int, uuid, text, jsonb, jsonb);
drop function if exists app_public.simulate_automation(uuid, int, uuid, text, jsonb, jsonb, int, int);
drop type if exists app_public.automation_contract;
drop type if exists app_public.automation_event_choice;
drop type if exists app_public.automation_action_choice;
drop type if exists app_public.automation_list;
drop type if exists app_public.automation_list_choice;
drop type if exists app_public.simulated_action;

create type app_public.automation_event_choice as (name text, label text, label_ro text, label_en text, has text[]);
comment on type app_public.automation_event_choice is 'What an automation can begin with.';
comment on column app_public.automation_event_choice.name is 'What stands in the automation as its event.';
comment on column app_public.automation_event_choice.label is 'What people read, in the caller''s language.';
comment on column app_public.automation_event_choice.label_ro is 'What people read, in Romanian.';
comment on column app_public.automation_event_choice.label_en is 'What people read, in English.';
comment on column app_public.automation_event_choice.has is 'What it is about: patient, appointment. An action that needs more cannot follow it.';

create type app_public.automation_action_choice as (
  code text, label text, label_ro text, label_en text, description text, description_ro text, description_en text,
  config_schema jsonb, needs text[], is_marketing boolean
);
comment on type app_public.automation_action_choice is 'What an automation can do.';
comment on column app_public.automation_action_choice.code is 'What stands in the automation as action.';
comment on column app_public.automation_action_choice.label is 'What people read, in the caller''s language.';
comment on column app_public.automation_action_choice.label_ro is 'What people read, in Romanian.';
comment on column app_public.automation_action_choice.label_en is 'What people read, in English.';
comment on column app_public.automation_action_choice.description is 'What it does, in a sentence, in the caller''s language.';
comment on column app_public.automation_action_choice.description_ro is 'What it does, in Romanian.';
comment on column app_public.automation_action_choice.description_en is 'What it does, in English.';
comment on column app_public.automation_action_choice.config_schema is
  'JSON Schema of its config, with what a form of it says: title, description, x-title-ro, x-description-ro, x-labels, x-order, x-when; x-choices names one of lists.';
comment on column app_public.automation_action_choice.needs is 'What the event must have: patient, appointment.';
comment on column app_public.automation_action_choice.is_marketing is 'Whether it advertises, and so asks for the consent to that.';

create type app_public.automation_list_choice as (value text, label text, label_ro text, label_en text);
comment on type app_public.automation_list_choice is 'What a value of a config can be.';
comment on column app_public.automation_list_choice.value is 'What stands in the config.';
comment on column app_public.automation_list_choice.label is 'What people read, in the caller''s language.';
comment on column app_public.automation_list_choice.label_ro is 'What people read, in Romanian.';
comment on column app_public.automation_list_choice.label_en is 'What people read, in English.';

create type app_public.automation_list as (code text, choices app_public.automation_list_choice[]);
comment on type app_public.automation_list is 'What the clinic has of something that configs name.';
comment on column app_public.automation_list.code is 'What x-choices and x-inserts of a schema say.';
comment on column app_public.automation_list.choices is 'What can be chosen, by name.';

create type app_public.automation_contract as (
  events app_public.automation_event_choice[],
  actions app_public.automation_action_choice[],
  action_limit int,
  lists app_public.automation_list[],
  after_schema jsonb,
  expires_schema jsonb,
  most_schema jsonb
);
comment on type app_public.automation_contract is 'Everything of which an automation is composed; its conditions are ruleBuilder''s.';
comment on column app_public.automation_contract.events is 'What it can begin with.';
comment on column app_public.automation_contract.actions is 'What it can do.';
comment on column app_public.automation_contract.action_limit is 'How many actions it has at most.';
comment on column app_public.automation_contract.lists is 'What configs can name: lists of the clinic that the caller may read, and those that are everybody''s.';
comment on column app_public.automation_contract.after_schema is 'JSON Schema of an action''s after: how much later it is done.';
comment on column app_public.automation_contract.expires_schema is 'JSON Schema of an action''s expires: until when it may still be done.';
comment on column app_public.automation_contract.most_schema is
  'JSON Schema of {mostPerDay, mostEver}: how often it runs for one patient.';

create type app_public.simulated_action as (
  event_id uuid, occurred_at timestamptz, patient_profile_id uuid, action_index int, action text, outcome text, reason text,
  due_at timestamptz
);
comment on type app_public.simulated_action is 'What an automation would have done about an event of the past.';
comment on column app_public.simulated_action.event_id is 'The event, by its id.';
comment on column app_public.simulated_action.occurred_at is 'When it happened.';
comment on column app_public.simulated_action.patient_profile_id is E'@nullable\nWhom it was about; null where the event has no patient any more.';
comment on column app_public.simulated_action.action_index is E'@nullable\nThe place of the action, from 0; null where the automation as a whole would not have run.';
comment on column app_public.simulated_action.action is E'@nullable\nThe code of the action; null where the automation as a whole would not have run.';
comment on column app_public.simulated_action.outcome is E'@words automation_executions.outcome\nWhat would have become of it.';
comment on column app_public.simulated_action.reason is E'@nullable\nWhy it would have been skipped or failed, or what it would wait for.';
comment on column app_public.simulated_action.due_at is 'When it would have been done, or would be.';

--! split: 210-what-is-asked.sql
-- Which consents an appointment asks for depends on the stage. docs/decisions/0150.

drop function if exists app_private.consents_asked(app_public.appointments);

--! split: 250-patient-requirements.sql
-- What a clinic asks of one patient before the next visit, and which automation asked. AUT-02.

alter table app_public.booking_blocks drop constraint if exists booking_blocks_automation_fkey;
alter table app_public.access_grants drop constraint if exists access_grants_automation_fkey;
-- squawk-ignore ban-drop-table
drop table if exists app_public.patient_requirements;

create table app_public.patient_requirements (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  patient_profile_id uuid not null,
  template_id uuid,
  purpose_code text,
  form_id uuid,
  is_blocking boolean not null default true,
  automation_rule_version_id uuid,
  created_at timestamptz not null default now(),
  fulfilled_at timestamptz,
  lifted_at timestamptz,
  lifted_by uuid references app_public.principals on delete restrict,
  lift_reason text,
  constraint patient_requirements_identity unique (organization_id, id),
  constraint patient_requirements_are_of_a_patient foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint patient_requirements_template_fkey foreign key (organization_id, template_id)
    references app_public.form_templates (organization_id, id) on delete restrict,
  constraint patient_requirements_form_fkey foreign key (organization_id, form_id)
    references app_public.forms (organization_id, id) on delete restrict,
  constraint patient_requirements_automation_fkey foreign key (organization_id, automation_rule_version_id)
    references app_public.automation_rule_versions (organization_id, id) on delete restrict,
  constraint patient_requirements_ask_for_one_thing check (num_nonnulls(template_id, purpose_code) = 1),
  constraint patient_requirements_forms_are_of_templates check (form_id is null or template_id is not null),
  constraint patient_requirements_end_once check (num_nonnulls(fulfilled_at, lifted_at) <= 1),
  constraint patient_requirements_are_lifted_by_somebody check (
    (lifted_at is null) = (lifted_by is null) and (lifted_at is null) = (lift_reason is null)),
  constraint patient_requirements_lift_reason_is_not_blank check (length(btrim(lift_reason)) >= 3),
  constraint patient_requirements_lift_reason_is_at_most_500_characters_long check (length(lift_reason) <= 500)
);
create unique index patient_requirements_ask_once on app_public.patient_requirements
  (organization_id, patient_profile_id, template_id, purpose_code) nulls not distinct
  where fulfilled_at is null and lifted_at is null;
create index patient_requirements_patient_idx on app_public.patient_requirements (organization_id, patient_profile_id, created_at, id);
create index patient_requirements_profile_idx on app_public.patient_requirements (patient_profile_id);
create index patient_requirements_template_idx on app_public.patient_requirements (organization_id, template_id);
create index patient_requirements_form_idx on app_public.patient_requirements (organization_id, form_id);
create index patient_requirements_automation_idx on app_public.patient_requirements (organization_id, automation_rule_version_id);
create index patient_requirements_lifted_by_idx on app_public.patient_requirements (lifted_by);
comment on table app_public.patient_requirements is
  'What is asked of one patient: a form to complete, or a consent to give, most often before the clinic books for them. It stands until that '
  'is done, or somebody of the clinic lifts it.';
comment on column app_public.patient_requirements.template_id is E'@nullable\nThe form that is asked for; null where it is a consent.';
comment on column app_public.patient_requirements.purpose_code is E'@nullable\nThe consent that is asked for, by its purpose; null where it is a form.';
comment on column app_public.patient_requirements.form_id is E'@nullable\nThe form that was made for it.';
comment on column app_public.patient_requirements.is_blocking is
  'Whether it keeps the clinic from booking for them. What is asked without that is theirs to do whenever they like.';
comment on column app_public.patient_requirements.automation_rule_version_id is E'@nullable\nThe automation that asked.';
comment on column app_public.patient_requirements.fulfilled_at is E'@nullable\nWhen it was done.';
comment on column app_public.patient_requirements.lifted_at is E'@nullable\nWhen the clinic let go of it.';
comment on column app_public.patient_requirements.lifted_by is E'@nullable\nWho did, by the id of their account.';
comment on column app_public.patient_requirements.lift_reason is E'@nullable\nWhy; the patient reads it.';
comment on constraint patient_requirements_are_of_a_patient on app_public.patient_requirements is
  E'@fieldName patient\n@foreignFieldName requirements\nThe patient who is asked.';
comment on constraint patient_requirements_automation_fkey on app_public.patient_requirements is E'@behavior -*\nThe automation that it came from.';

alter table app_public.booking_blocks add column if not exists automation_rule_version_id uuid;
comment on column app_public.booking_blocks.automation_rule_version_id is E'@nullable\nThe automation that blocked; null where somebody did by hand.';
-- squawk-ignore require-concurrent-index-creation
create index if not exists booking_blocks_automation_idx on app_public.booking_blocks (organization_id, automation_rule_version_id);
-- squawk-ignore adding-foreign-key-constraint,constraint-missing-not-valid
alter table app_public.booking_blocks add constraint booking_blocks_automation_fkey
  foreign key (organization_id, automation_rule_version_id)
  references app_public.automation_rule_versions (organization_id, id) on delete restrict;
comment on constraint booking_blocks_automation_fkey on app_public.booking_blocks is E'@behavior -*\nThe automation that it came from.';

alter table app_public.access_grants add column if not exists automation_rule_version_id uuid;
comment on column app_public.access_grants.automation_rule_version_id is E'@nullable\nThe automation that opened it; null where somebody did by hand.';
-- squawk-ignore require-concurrent-index-creation
create index if not exists access_grants_automation_idx on app_public.access_grants (organization_id, automation_rule_version_id);
-- squawk-ignore adding-foreign-key-constraint,constraint-missing-not-valid
alter table app_public.access_grants add constraint access_grants_automation_fkey
  foreign key (organization_id, automation_rule_version_id)
  references app_public.automation_rule_versions (organization_id, id) on delete restrict;
comment on constraint access_grants_automation_fkey on app_public.access_grants is E'@behavior -*\nThe automation that it came from.';

--! split: 300-event-interests.sql
-- Consumers whom a clinic asks for: what nobody at a clinic wants to hear is delivered to nobody. FND-14, AUT-01, WHK-01.

alter table app_private.event_consumers add column if not exists on_demand boolean not null default false;
comment on column app_private.event_consumers.on_demand is
  'Whether it is told only of what a clinic is interested in (event_interests); else of all that it is subscribed to.';

-- squawk-ignore ban-drop-table
drop table if exists app_private.event_interests;
create table app_private.event_interests (
  organization_id uuid not null references app_public.organizations on delete cascade,
  consumer text not null,
  event_name text not null,
  constraint event_interests_pkey primary key (organization_id, event_name, consumer),
  constraint event_interests_narrow_a_subscription foreign key (event_name, consumer)
    references app_private.event_subscriptions (event_name, consumer) on delete restrict
);
create index event_interests_subscription_idx on app_private.event_interests (event_name, consumer);
comment on table app_private.event_interests is 'What a clinic wants a consumer to hear, of those who are asked for.';

--! split: 310-webhook-subscriptions.sql
-- Where clinics have their own software told of what happens. WHK-01, WHK-02.

-- squawk-ignore ban-drop-table
drop table if exists app_public.webhook_events cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_private.webhook_endpoints cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_private.webhook_secrets cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_private.webhook_clinics cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.webhook_subscriptions cascade;

create table app_public.webhook_subscriptions (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  name text not null,
  url text not null,
  event_names text[] not null,
  status text not null default 'active',
  disabled_reason text,
  disabled_at timestamptz,
  rotated_at timestamptz not null default now(),
  created_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint webhook_subscriptions_identity unique (organization_id, id),
  constraint webhook_subscriptions_name_is_not_blank check (name ~ '[[:alnum:]]'),
  constraint webhook_subscriptions_name_is_at_most_100_characters_long check (length(name) <= 100),
  constraint webhook_subscriptions_name_is_one_line check (name !~ '[[:cntrl:]]'),
  constraint webhook_subscriptions_url_is_a_url check (url ~ '^https?://[^[:space:][:cntrl:]]+$'),
  constraint webhook_subscriptions_url_is_at_most_2000_characters_long check (length(url) <= 2000),
  constraint webhook_subscriptions_event_names_are_some check (cardinality(event_names) between 1 and 100),
  constraint webhook_subscriptions_status_is_known check (status in ('active', 'disabled')),
  constraint webhook_subscriptions_disabled_reason_is_known check (disabled_reason in ('by_staff', 'gone', 'failing')),
  constraint webhook_subscriptions_disabled_says_why check (
    (status = 'disabled') = (disabled_reason is not null) and (status = 'disabled') = (disabled_at is not null))
);
create unique index webhook_subscriptions_name_is_unique on app_public.webhook_subscriptions (organization_id, lower(name));
create index webhook_subscriptions_created_by_idx on app_public.webhook_subscriptions (created_by);
comment on table app_public.webhook_subscriptions is
  'An address of the clinic''s own software that is told of events, signed by Standard Webhooks. Its secret is shown once.';
comment on column app_public.webhook_subscriptions.disabled_reason is 'Why it is told nothing any more; null while it is.';
comment on column app_public.webhook_subscriptions.event_names is 'What it is told of, by the names of webhookEventTypes.';
comment on column app_public.webhook_subscriptions.url is
  'https, on port 443 or 8443, of a public host, without a login. Redirects are not followed.';
comment on column app_public.webhook_subscriptions.rotated_at is
  'When the secret was last changed. The one before is good for 24 hours more.';
comment on constraint webhook_subscriptions_status_is_known on app_public.webhook_subscriptions is
  E'active: Is told.\n'
  'disabled: Is told nothing until it is enabled again.';
comment on constraint webhook_subscriptions_disabled_reason_is_known on app_public.webhook_subscriptions is
  E'by_staff: Somebody of the clinic switched it off.\n'
  'gone: The address answered 410.\n'
  'failing: Nothing but failures for five days.';

create table app_private.webhook_secrets (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  subscription_id uuid not null,
  secret app_private.ciphertext not null,
  good_until timestamptz,
  created_at timestamptz not null default now(),
  constraint webhook_secrets_identity unique (organization_id, id),
  constraint webhook_secrets_organization_id_subscription_id_fkey foreign key (organization_id, subscription_id)
    references app_public.webhook_subscriptions (organization_id, id) on delete cascade
);
create index webhook_secrets_subscription_idx on app_private.webhook_secrets (organization_id, subscription_id);
create unique index webhook_secrets_one_is_current on app_private.webhook_secrets (organization_id, subscription_id) where good_until is null;
comment on table app_private.webhook_secrets is 'What deliveries are signed with: the current secret, and replaced ones for a day.';
comment on column app_private.webhook_secrets.secret is 'The secret as it was shown, whsec_ and base64, sealed for this row.';
comment on column app_private.webhook_secrets.good_until is 'Until when a replaced secret signs, too; null: the current one.';

create table app_private.webhook_endpoints (
  organization_id uuid not null,
  subscription_id uuid not null,
  failing_since timestamptz,
  unbroken_since timestamptz,
  failed_at timestamptz,
  slowed_until timestamptz,
  slow_steps int not null default 0,
  paced_until timestamptz,
  constraint webhook_endpoints_pkey primary key (organization_id, subscription_id),
  constraint webhook_endpoints_organization_id_subscription_id_fkey foreign key (organization_id, subscription_id)
    references app_public.webhook_subscriptions (organization_id, id) on delete cascade,
  constraint webhook_endpoints_slow_steps_are_counted check (slow_steps >= 0),
  constraint webhook_endpoints_failures_are_whole check (
    (failing_since is null) = (failed_at is null) and (failing_since is null) = (unbroken_since is null))
);
create index webhook_endpoints_subscription_idx on app_private.webhook_endpoints (subscription_id);
comment on table app_private.webhook_endpoints is
  'How the address of a subscription does. Whoever takes deliveries for it locks it; a success of a sound one leaves it alone.';
comment on column app_private.webhook_endpoints.failing_since is 'The first failure since the last success.';
comment on column app_private.webhook_endpoints.failed_at is 'The last failure since the last success.';
comment on column app_private.webhook_endpoints.unbroken_since is
  'The first of the last failures, none of which came more than 36 hours after the one before.';
comment on column app_private.webhook_endpoints.slowed_until is
  'Nothing is sent before: it asked for a pause, said that it has too much to do, or something of ours was out of order.';
comment on column app_private.webhook_endpoints.paced_until is 'As far as what was asked for by hand has used up what it may.';
comment on column app_private.webhook_endpoints.slow_steps is 'How often in a row it said so; each doubles the pause.';

create table app_private.webhook_clinics (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete cascade,
  last_sequence bigint not null default 0,
  constraint webhook_clinics_identity unique (organization_id, id),
  constraint webhook_clinics_one_of_a_clinic unique (organization_id),
  constraint webhook_clinics_last_sequence_is_counted check (last_sequence >= 0)
);
comment on table app_private.webhook_clinics is
  'Numbers what a clinic''s subscriptions are told. Locked before a subscription is changed, and as an event is given out.';

create table app_public.webhook_events (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  subscription_id uuid not null,
  event_id uuid,
  event_name text not null,
  sequence bigint not null,
  body text not null,
  status text not null default 'pending',
  step int not null default 0,
  attempts int not null default 0,
  next_attempt_at timestamptz default now(),
  claim uuid,
  last_attempt_at timestamptz,
  response_status int,
  problem text,
  response_body text,
  duration_ms int,
  attempt_log jsonb not null default '[]',
  created_at timestamptz not null default now(),
  constraint webhook_events_identity unique (organization_id, id),
  constraint webhook_events_once_for_a_subscription unique (subscription_id, event_id),
  constraint webhook_events_organization_id_subscription_id_fkey foreign key (organization_id, subscription_id)
    references app_public.webhook_subscriptions (organization_id, id) on delete cascade,
  constraint webhook_events_organization_id_event_id_fkey foreign key (organization_id, event_id)
    references app_private.events (organization_id, id) on delete restrict,
  constraint webhook_events_status_is_known check (status in ('pending', 'delivered', 'failed', 'cancelled')),
  constraint webhook_events_problem_is_known check (
    problem in ('refused', 'timeout', 'unreachable', 'not_public', 'tls', 'bad_answer', 'not_sent', 'no_secret')),
  constraint webhook_events_pending_is_due check ((status = 'pending') = (next_attempt_at is not null)),
  constraint webhook_events_attempts_are_counted check (attempts >= 0 and step >= 0),
  constraint webhook_events_response_body_is_short check (length(response_body) <= 4096),
  constraint webhook_events_attempt_log_is_a_list check (jsonb_typeof(attempt_log) = 'array' and jsonb_array_length(attempt_log) <= 20)
);
create index webhook_events_due_idx on app_public.webhook_events (subscription_id, next_attempt_at, id) where status = 'pending';
create index webhook_events_claimed_idx on app_public.webhook_events (subscription_id) where claim is not null;
create index webhook_events_log_idx on app_public.webhook_events (organization_id, created_at, id);
create index webhook_events_subscription_idx on app_public.webhook_events (organization_id, subscription_id, created_at, id);
create index webhook_events_created_at_idx on app_public.webhook_events (created_at);
create index webhook_events_event_idx on app_public.webhook_events (organization_id, event_id) where event_id is not null;
comment on table app_public.webhook_events is
  'What a subscription was told, or is to be told: the log of deliveries. Its id is the webhook-id of every attempt.';
comment on column app_public.webhook_events.event_name is 'What happened, by the names of webhookEventTypes; or webhook.test.';
comment on column app_public.webhook_events.last_attempt_at is 'When the last attempt began.';
comment on column app_public.webhook_events.problem is 'What was wrong with the last attempt; null where nothing was.';
comment on column app_public.webhook_events.body is 'The bytes that are signed and sent, as they were when the event happened.';
comment on column app_public.webhook_events.sequence is 'Counts the clinic''s events that its subscriptions are told; ever higher, and the same for all of them.';
comment on column app_public.webhook_events.step is E'@behavior -*\nHow many attempts of this round were in vain.';
comment on column app_public.webhook_events.claim is E'@behavior -*\nWho is sending it right now.';
comment on column app_public.webhook_events.next_attempt_at is 'When it is tried next; null where it is not.';
comment on column app_public.webhook_events.response_status is 'The status of the last answer; null where none came.';
comment on column app_public.webhook_events.response_body is 'The first 4 KB of the last answer.';
comment on column app_public.webhook_events.duration_ms is 'How long the last attempt took, in milliseconds.';
comment on column app_public.webhook_events.attempt_log is
  'The last twenty attempts: at, responseStatus, problem, durationMs.';
comment on constraint webhook_events_status_is_known on app_public.webhook_events is
  E'pending: Is sent, or tried again at nextAttemptAt.\n'
  'delivered: The address answered 2xx.\n'
  'failed: All attempts were in vain.\n'
  'cancelled: The subscription was disabled before it was delivered.';
comment on constraint webhook_events_problem_is_known on app_public.webhook_events is
  E'refused: The answer was not 2xx.\n'
  'timeout: No whole answer within 15 seconds.\n'
  'unreachable: No connection, or it broke off.\n'
  'not_public: The host leads to an address that is not of the public internet.\n'
  'tls: The certificate is not good for the host.\n'
  'bad_answer: What came is no answer by HTTP.\n'
  'not_sent: It did not leave, for a reason of ours. No attempt is counted, and it is tried again within a minute.\n'
  'no_secret: The secret could not be opened: make a new one. No attempt is counted.';

--! split: 350-documents.sql
-- Templates of documents with what they are made of, documents of appointments, documents of signed forms, and what they are
-- rendered from. DOC-01, DOC-03..05, FRM-02.
alter table app_public.files drop constraint if exists files_organization_id_appointment_document_id_fkey;
alter table app_public.form_templates drop constraint if exists form_templates_organization_id_pdf_template_id_fkey;
alter table app_public.form_template_versions drop constraint if exists form_template_versions_pdf_version_fkey;
-- squawk-ignore ban-drop-table
drop table if exists app_private.rendered_documents cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_private.document_inputs cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.form_documents cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.appointment_document_files cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.appointment_documents cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.pdf_template_version_components cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.pdf_template_component_versions cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.pdf_template_components cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.pdf_template_versions cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.pdf_templates cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_private.predefined_pdf_templates cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_private.document_fields cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_private.document_block_types cascade;

create table app_private.document_block_types (
  type text primary key,
  place int not null,
  kinds text[] not null,
  label_ro text not null,
  label_en text not null,
  schema jsonb not null,
  constraint document_block_types_place_is_used_once unique (place),
  constraint document_block_types_type_is_a_slug check (type ~ '^[a-z]+(_[a-z]+)*$'),
  constraint document_block_types_schema_is_an_object check (jsonb_typeof(schema) = 'object')
);
comment on table app_private.document_block_types is
  'What a document is built of: each block with the JSON Schema of its properties, and the kinds that may hold it.';

create table app_private.document_fields (
  code text primary key,
  collection text references app_private.document_fields on delete restrict,
  kinds text[] not null,
  type text not null,
  label_ro text not null,
  label_en text not null,
  sample jsonb,
  constraint document_fields_code_is_dotted check (code ~ '^[a-z]+(\.[a-z]+(_[a-z]+)*)?$'),
  constraint document_fields_type_is_known check (type in ('text', 'long_text', 'number', 'date', 'instant', 'money', 'collection')),
  constraint document_fields_rows_have_samples check ((type = 'collection') = (sample is null)),
  constraint document_fields_collection_is_a_prefix check (collection is null or starts_with(code, collection || '.'))
);
create index document_fields_collection_idx on app_private.document_fields (collection);
comment on table app_private.document_fields is
  'What the text of a document can be bound to: each field with its type, the kinds that know it, and what a preview shows.';

create table app_private.predefined_pdf_templates (
  key text primary key,
  kind text not null,
  locale text not null,
  title text not null,
  editor_state jsonb not null,
  constraint predefined_pdf_templates_kind_is_known check (kind in ('report', 'prescription', 'form', 'letterhead', 'footer', 'signature')),
  constraint predefined_pdf_templates_locale_is_supported check (locale in ('ro', 'en')),
  constraint predefined_pdf_templates_editor_state_is_an_object check (jsonb_typeof(editor_state) = 'object')
);
comment on table app_private.predefined_pdf_templates is
  'The templates and components of documents that the product gives every clinic.';

create table app_public.pdf_template_components (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  key text not null,
  kind text not null,
  title text not null,
  editor_state jsonb not null,
  version int not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint pdf_template_components_identity unique (organization_id, id),
  constraint pdf_template_components_key_is_unique unique (organization_id, key),
  constraint pdf_template_components_key_is_a_key check (key ~ '^[a-z][a-z0-9_]{0,62}$'),
  constraint pdf_template_components_kind_is_known check (kind in ('letterhead', 'footer', 'signature')),
  constraint pdf_template_components_title_is_not_blank check (title ~ '[[:alnum:]]'),
  constraint pdf_template_components_title_is_one_line check (title !~ '[[:cntrl:]]'),
  constraint pdf_template_components_title_is_at_most_200_characters_long check (length(title) <= 200),
  constraint pdf_template_components_editor_state_is_an_object check (jsonb_typeof(editor_state) = 'object'),
  constraint pdf_template_components_version_is_not_negative check (version >= 0)
);
comment on table app_public.pdf_template_components is
  'A part that documents share: letterhead, footer, or what stands under a signature. Each save of what it says is a version.';
comment on constraint pdf_template_components_kind_is_known on app_public.pdf_template_components is
  E'letterhead: At the head of every page.\n'
  'footer: At the foot of every page.\n'
  'signature: Under a signature.';
comment on column app_public.pdf_template_components.key is 'The word by which programs know the component; never changes.';
comment on column app_public.pdf_template_components.editor_state is 'What it says, in blocks: see documentBuilder.';
comment on column app_public.pdf_template_components.version is 'The number of its last version.';

create table app_public.pdf_template_component_versions (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  component_id uuid not null,
  number int not null,
  editor_state jsonb not null,
  saved_by uuid references app_public.principals on delete restrict,
  saved_at timestamptz not null default now(),
  constraint pdf_template_component_versions_identity unique (organization_id, id),
  constraint pdf_template_component_versions_of_a_component unique (organization_id, component_id, id),
  constraint pdf_template_component_versions_number_is_used_once unique (organization_id, component_id, number),
  constraint pdf_template_component_versions_component_fkey foreign key (organization_id, component_id)
    references app_public.pdf_template_components (organization_id, id) on delete restrict,
  constraint pdf_template_component_versions_number_counts_from_1 check (number >= 1),
  constraint pdf_template_component_versions_editor_state_is_an_object check (jsonb_typeof(editor_state) = 'object')
);
create index pdf_template_component_versions_saved_by_idx on app_public.pdf_template_component_versions (saved_by);
comment on table app_public.pdf_template_component_versions is 'What a component said from a save on; never changed.';
comment on column app_public.pdf_template_component_versions.number is 'Which version it is, counted from 1.';
comment on column app_public.pdf_template_component_versions.editor_state is 'What it says, in blocks.';
comment on column app_public.pdf_template_component_versions.saved_at is 'When it was saved.';

create table app_public.pdf_templates (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  key text not null,
  kind text not null,
  title text not null,
  locale text not null default 'ro',
  editor_state jsonb not null,
  layout_config jsonb not null default '{}',
  version int not null default 0,
  published boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint pdf_templates_identity unique (organization_id, id),
  constraint pdf_templates_key_is_unique unique (organization_id, key),
  constraint pdf_templates_key_is_a_key check (key ~ '^[a-z][a-z0-9_]{0,62}$'),
  constraint pdf_templates_kind_is_known check (kind in ('report', 'prescription', 'form')),
  constraint pdf_templates_title_is_not_blank check (title ~ '[[:alnum:]]'),
  constraint pdf_templates_title_is_one_line check (title !~ '[[:cntrl:]]'),
  constraint pdf_templates_title_is_at_most_200_characters_long check (length(title) <= 200),
  constraint pdf_templates_locale_is_supported check (locale in ('ro', 'en')),
  constraint pdf_templates_editor_state_is_an_object check (jsonb_typeof(editor_state) = 'object'),
  constraint pdf_templates_layout_config_is_an_object check (jsonb_typeof(layout_config) = 'object'),
  constraint pdf_templates_version_is_not_negative check (version >= 0),
  constraint pdf_templates_published_has_a_version check (not published or version > 0)
);
create index pdf_templates_title_idx on app_public.pdf_templates (organization_id, title, id);
comment on table app_public.pdf_templates is 'How a document of the clinic looks: the draft of its next version.';
comment on constraint pdf_templates_kind_is_known on app_public.pdf_templates is
  E'report: What was found and done at an appointment.\n'
  'prescription: What is recommended or prescribed after it.\n'
  'form: A signed form, with its answers and the proof of the signature.';
comment on column app_public.pdf_templates.key is 'The word by which programs know the template; never changes.';
comment on column app_public.pdf_templates.editor_state is
  'Its blocks, and the inputs that whoever makes a document fills in: see documentBuilder.';
comment on column app_public.pdf_templates.layout_config is 'Paper, margins, size and colour: see documentBuilder.';
comment on column app_public.pdf_templates.locale is 'The language that it is written in; dates and numbers are written so.';
comment on column app_public.pdf_templates.version is 'The number of the last published version; 0 before the first.';
comment on column app_public.pdf_templates.published is 'Whether documents are made of it: published, and not withdrawn from use since.';

create table app_public.pdf_template_versions (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  template_id uuid not null,
  number int not null,
  kind text not null,
  title text not null,
  locale text not null,
  editor_state jsonb not null,
  layout_config jsonb not null,
  published_by uuid references app_public.principals on delete restrict,
  published_at timestamptz not null default now(),
  constraint pdf_template_versions_identity unique (organization_id, id),
  constraint pdf_template_versions_of_a_template unique (organization_id, template_id, id, kind),
  constraint pdf_template_versions_number_is_used_once unique (organization_id, template_id, number),
  constraint pdf_template_versions_organization_id_template_id_fkey foreign key (organization_id, template_id)
    references app_public.pdf_templates (organization_id, id) on delete restrict,
  constraint pdf_template_versions_number_counts_from_1 check (number >= 1),
  constraint pdf_template_versions_kind_is_known check (kind in ('report', 'prescription', 'form')),
  constraint pdf_template_versions_locale_is_supported check (locale in ('ro', 'en')),
  constraint pdf_template_versions_title_is_not_blank check (title ~ '[[:alnum:]]'),
  constraint pdf_template_versions_title_is_one_line check (title !~ '[[:cntrl:]]'),
  constraint pdf_template_versions_title_is_at_most_200_characters_long check (length(title) <= 200),
  constraint pdf_template_versions_editor_state_is_an_object check (jsonb_typeof(editor_state) = 'object'),
  constraint pdf_template_versions_layout_config_is_an_object check (jsonb_typeof(layout_config) = 'object')
);
create index pdf_template_versions_published_by_idx on app_public.pdf_template_versions (published_by);
comment on table app_public.pdf_template_versions is 'What a template of documents was from a publication on; never changed.';
comment on constraint pdf_template_versions_kind_is_known on app_public.pdf_template_versions is
  E'report: What was found and done at an appointment.\n'
  'prescription: What is recommended or prescribed after it.\n'
  'form: A signed form, with its answers and the proof of the signature.';
comment on column app_public.pdf_template_versions.number is 'Which version it is, counted from 1.';
comment on column app_public.pdf_template_versions.editor_state is 'Its blocks and inputs, as they were published.';
comment on column app_public.pdf_template_versions.layout_config is 'Paper, margins, size and colour, as they were published.';
comment on column app_public.pdf_template_versions.published_at is 'When it was published.';

create table app_public.pdf_template_version_components (
  organization_id uuid not null,
  version_id uuid not null,
  component_id uuid not null,
  component_version_id uuid not null,
  primary key (organization_id, version_id, component_id),
  constraint pdf_template_version_components_version_fkey foreign key (organization_id, version_id)
    references app_public.pdf_template_versions (organization_id, id) on delete restrict,
  constraint pdf_template_version_components_component_fkey foreign key (organization_id, component_id, component_version_id)
    references app_public.pdf_template_component_versions (organization_id, component_id, id) on delete restrict
);
create index pdf_template_version_components_component_idx
  on app_public.pdf_template_version_components (organization_id, component_id, component_version_id);
comment on table app_public.pdf_template_version_components is
  'Which version of each component a published template has; what is saved of the component later changes nothing of it.';

alter table app_public.form_templates add column if not exists pdf_template_id uuid;
alter table app_public.form_templates
  -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
  add constraint form_templates_organization_id_pdf_template_id_fkey foreign key (organization_id, pdf_template_id)
    references app_public.pdf_templates (organization_id, id) on delete restrict;
-- squawk-ignore require-concurrent-index-creation
create index if not exists form_templates_pdf_template_idx on app_public.form_templates (organization_id, pdf_template_id);
comment on column app_public.form_templates.pdf_template_id is
  'The template of documents by which a signed form becomes one at once; null: only on request, by the default of the clinic.';
alter table app_public.form_template_versions add column if not exists pdf_version_id uuid;
alter table app_public.form_template_versions
  -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
  add constraint form_template_versions_pdf_version_fkey foreign key (organization_id, pdf_version_id)
    references app_public.pdf_template_versions (organization_id, id) on delete restrict;
-- squawk-ignore require-concurrent-index-creation
create index if not exists form_template_versions_pdf_version_idx on app_public.form_template_versions (organization_id, pdf_version_id);
comment on column app_public.form_template_versions.pdf_version_id is
  'The version of the template of documents that it was published with, by which a signed form becomes a document.';

-- It is asked about the version of the template of documents as well.
drop function if exists app_private.is_published_alike(app_public.form_templates, uuid[]);

--! split: 351-documents-made.sql
-- The documents themselves: of appointments, of signed forms, what they are rendered from, and what came of it. DOC-02..05.

alter table app_public.appointments drop constraint if exists appointments_of_person;
alter table app_public.appointments
  -- squawk-ignore disallowed-unique-constraint, constraint-missing-not-valid
  add constraint appointments_of_person unique (organization_id, id, patient_profile_id);
alter table app_public.specialist_signatures drop constraint if exists specialist_signatures_of_specialist;
alter table app_public.specialist_signatures
  -- squawk-ignore disallowed-unique-constraint, constraint-missing-not-valid
  add constraint specialist_signatures_of_specialist unique (organization_id, specialist_id, id);

create table app_public.appointment_documents (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  appointment_id uuid not null,
  patient_profile_id uuid not null,
  specialist_id uuid not null,
  kind text not null,
  template_id uuid not null,
  version_id uuid not null,
  title text not null,
  locale text not null,
  content jsonb not null default '{}',
  status text not null default 'draft',
  number_year int,
  number int,
  issued_at timestamptz,
  issued_by uuid references app_public.principals on delete restrict,
  signature_id uuid,
  replaces_id uuid,
  reason text,
  created_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint appointment_documents_identity unique (organization_id, id),
  constraint appointment_documents_of_an_appointment unique (organization_id, appointment_id, id),
  constraint appointment_documents_number_is_used_once unique (organization_id, number_year, number),
  constraint appointment_documents_replaced_once unique (organization_id, replaces_id),
  constraint appointment_documents_are_about_a_patient foreign key (organization_id, appointment_id, patient_profile_id)
    references app_public.appointments (organization_id, id, patient_profile_id) on delete restrict on update cascade,
  constraint appointment_documents_organization_id_patient_profile_id_fkey foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint appointment_documents_organization_id_specialist_id_fkey foreign key (organization_id, specialist_id)
    references app_public.specialists (organization_id, id) on delete restrict,
  constraint appointment_documents_version_fkey foreign key (organization_id, template_id, version_id, kind)
    references app_public.pdf_template_versions (organization_id, template_id, id, kind) on delete restrict,
  constraint appointment_documents_are_signed_by_their_specialist foreign key (organization_id, specialist_id, signature_id)
    references app_public.specialist_signatures (organization_id, specialist_id, id) on delete restrict,
  constraint appointment_documents_replace_one_of_the_appointment foreign key (organization_id, appointment_id, replaces_id)
    references app_public.appointment_documents (organization_id, appointment_id, id) on delete restrict,
  constraint appointment_documents_title_is_not_blank check (title ~ '[[:alnum:]]'),
  constraint appointment_documents_title_is_one_line check (title !~ '[[:cntrl:]]'),
  constraint appointment_documents_title_is_at_most_200_characters_long check (length(title) <= 200),
  constraint appointment_documents_kind_is_known check (kind in ('report', 'prescription')),
  constraint appointment_documents_locale_is_supported check (locale in ('ro', 'en')),
  constraint appointment_documents_status_is_known check (status in ('draft', 'issued', 'replaced', 'cancelled')),
  constraint appointment_documents_content_is_an_object check (jsonb_typeof(content) = 'object'),
  constraint appointment_documents_content_is_bounded check (octet_length(content::text) <= 262144),
  constraint appointment_documents_issued_has_a_number check (
    (issued_at is null) = (number is null) and (issued_at is null) = (number_year is null)),
  constraint appointment_documents_issued_at_follows_the_status check (
    (status <> 'draft' or issued_at is null) and (status not in ('issued', 'replaced') or issued_at is not null)),
  constraint appointment_documents_signed_when_issued check (signature_id is null or issued_at is not null),
  constraint appointment_documents_replace_another check (replaces_id <> id),
  constraint appointment_documents_number_counts_from_1 check (number >= 1),
  constraint appointment_documents_reason_is_short check (length(reason) <= 500)
);
create index appointment_documents_appointment_idx on app_public.appointment_documents (organization_id, appointment_id, patient_profile_id);
create index appointment_documents_person_idx on app_public.appointment_documents (patient_profile_id, organization_id);
create index appointment_documents_patient_idx on app_public.appointment_documents (organization_id, patient_profile_id);
create index appointment_documents_specialist_idx on app_public.appointment_documents (organization_id, specialist_id, signature_id);
create index appointment_documents_version_idx on app_public.appointment_documents (organization_id, template_id, version_id, kind);
create index appointment_documents_replaces_idx on app_public.appointment_documents (organization_id, appointment_id, replaces_id);
create index appointment_documents_issued_by_idx on app_public.appointment_documents (issued_by);
create index appointment_documents_created_by_idx on app_public.appointment_documents (created_by);
create index appointment_documents_created_idx on app_public.appointment_documents (organization_id, created_at, id);
comment on table app_public.appointment_documents is
  'A report or a prescription of an appointment. Once issued it never changes: another one takes its place.';
comment on constraint appointment_documents_kind_is_known on app_public.appointment_documents is
  E'report: What was found and done at the appointment.\n'
  'prescription: What is recommended or prescribed after it.';
comment on constraint appointment_documents_status_is_known on app_public.appointment_documents is
  E'draft: It is being written; the patient does not see it.\n'
  'issued: It is given out and never changes.\n'
  'replaced: Another document took its place.\n'
  'cancelled: Dropped as a draft, or declared void after it was issued.';
comment on column app_public.appointment_documents.specialist_id is 'Whose document it is: the specialist of the appointment when it was drafted.';
comment on column app_public.appointment_documents.version_id is 'The version of the template that it was drafted with; it stays.';
comment on column app_public.appointment_documents.content is 'What was written into the inputs of the template, by the key of each.';
comment on column app_public.appointment_documents.number is 'Its number among the documents that the clinic issued in numberYear.';
comment on column app_public.appointment_documents.number_year is 'The year of its number, on the clock of the clinic.';
comment on column app_public.appointment_documents.issued_at is 'When it was issued.';
comment on column app_public.appointment_documents.issued_by is 'Who issued it.';
comment on column app_public.appointment_documents.signature_id is
  'The signature of its specialist that it carries; null where somebody else issued it, or the specialist has none.';
comment on column app_public.appointment_documents.replaces_id is 'The document whose place it takes when it is issued.';
comment on column app_public.appointment_documents.reason is 'Why it was cancelled, or why it replaces another one.';

create table app_public.appointment_document_files (
  organization_id uuid not null,
  document_id uuid not null,
  file_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, document_id, file_id),
  constraint appointment_document_files_document_fkey foreign key (organization_id, document_id)
    references app_public.appointment_documents (organization_id, id) on delete restrict,
  constraint appointment_document_files_file_fkey foreign key (organization_id, file_id)
    references app_public.files (organization_id, id) on delete restrict
);
create index appointment_document_files_file_idx on app_public.appointment_document_files (organization_id, file_id);
comment on table app_public.appointment_document_files is 'Files of the appointment that go with a document: pictures, results, letters.';

create table app_public.form_documents (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  form_id uuid not null,
  version_id uuid not null,
  title text not null,
  requested_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  constraint form_documents_identity unique (organization_id, id),
  constraint form_documents_form_has_one unique (organization_id, form_id),
  constraint form_documents_organization_id_form_id_fkey foreign key (organization_id, form_id)
    references app_public.form_signatures (organization_id, form_id) on delete restrict,
  constraint form_documents_organization_id_version_id_fkey foreign key (organization_id, version_id)
    references app_public.pdf_template_versions (organization_id, id) on delete restrict,
  constraint form_documents_title_is_not_blank check (title ~ '[[:alnum:]]'),
  constraint form_documents_title_is_one_line check (title !~ '[[:cntrl:]]'),
  constraint form_documents_title_is_at_most_200_characters_long check (length(title) <= 200)
);
create index form_documents_version_idx on app_public.form_documents (organization_id, version_id);
create index form_documents_requested_by_idx on app_public.form_documents (requested_by);
create index form_documents_created_idx on app_public.form_documents (organization_id, created_at, id);
comment on table app_public.form_documents is
  'The document of a signed form: its answers, the signature, and the proof with its hash. Never changed.';
comment on column app_public.form_documents.version_id is 'The version of the template by which it is made.';
comment on column app_public.form_documents.requested_by is 'Who asked for it; null where it came with the signature.';

create table app_private.document_inputs (
  organization_id uuid not null references app_public.organizations on delete restrict,
  document_id uuid not null,
  appointment_document_id uuid,
  form_document_id uuid,
  input jsonb not null,
  input_sha256 text not null,
  frozen_at timestamptz not null default now(),
  failure text,
  failed_at timestamptz,
  primary key (organization_id, document_id),
  constraint document_inputs_appointment_document_fkey foreign key (organization_id, appointment_document_id)
    references app_public.appointment_documents (organization_id, id) on delete restrict,
  constraint document_inputs_form_document_fkey foreign key (organization_id, form_document_id)
    references app_public.form_documents (organization_id, id) on delete restrict,
  constraint document_inputs_are_of_one_document check (
    num_nonnulls(appointment_document_id, form_document_id) = 1
    and document_id = coalesce(appointment_document_id, form_document_id)),
  constraint document_inputs_hash_is_a_digest check (input_sha256 ~ '^[0-9a-f]{64}$'),
  constraint document_inputs_input_is_an_object check (jsonb_typeof(input) = 'object'),
  constraint document_inputs_failure_is_short check (length(failure) <= 500),
  constraint document_inputs_failure_has_a_time check ((failure is null) = (failed_at is null))
);
create index document_inputs_document_idx on app_private.document_inputs (document_id);
create index document_inputs_appointment_document_idx on app_private.document_inputs (organization_id, appointment_document_id);
create index document_inputs_form_document_idx on app_private.document_inputs (organization_id, form_document_id);
comment on table app_private.document_inputs is
  'Everything that decides the bytes of a document, frozen as it was issued, with its hash; and why rendering failed last, if it did.';

alter table app_public.files add column if not exists appointment_document_id uuid;
alter table app_public.files
  -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
  add constraint files_organization_id_appointment_document_id_fkey foreign key (organization_id, appointment_document_id)
    references app_public.appointment_documents (organization_id, id) on delete restrict;
-- squawk-ignore require-concurrent-index-creation
create index if not exists files_appointment_document_idx on app_public.files (organization_id, appointment_document_id, id);
comment on column app_public.files.appointment_document_id is 'The document that the file is, as it was rendered.';
alter table app_private.file_surfaces add column if not exists uploaded boolean not null default true;
comment on column app_private.file_surfaces.uploaded is 'Whether people upload such files; others are made by the worker.';

create table app_private.rendered_documents (
  organization_id uuid not null,
  input_sha256 text not null,
  file_id uuid not null,
  pages int not null,
  rendered_at timestamptz not null default now(),
  primary key (organization_id, input_sha256),
  constraint rendered_documents_organization_id_file_id_fkey foreign key (organization_id, file_id)
    references app_public.files (organization_id, id) on delete restrict,
  constraint rendered_documents_pages_are_some check (pages >= 1),
  constraint rendered_documents_hash_is_a_digest check (input_sha256 ~ '^[0-9a-f]{64}$')
);
create index rendered_documents_file_idx on app_private.rendered_documents (organization_id, file_id);
comment on table app_private.rendered_documents is
  'The bytes that were made of an input, as a file: what has the same input is not rendered again.';
comment on constraint appointment_documents_replace_one_of_the_appointment on app_public.appointment_documents is
  E'@fieldName replaces\n@behavior -backward:*\nThe document whose place it takes when it is issued.';
comment on constraint appointment_documents_are_signed_by_their_specialist on app_public.appointment_documents is
  E'@fieldName signature\n@behavior -backward:*\nThe signature of its specialist that it carries.';
comment on constraint appointment_documents_version_fkey on app_public.appointment_documents is
  E'@fieldName version\n@behavior -backward:*\nThe version of the template that it was drafted with.';

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/events/publish.sql
-- Publishes an event in the transaction of the change: both happen or neither. FND-14.
-- The lock on the subject is held until commit, so positions within a subject are in the order of
-- commits and no consumer can be told the later of two events first.
-- What an automation does names its cause by the setting app.cause_event_id (AUT-03): the functions in between do not know of it.

set role app_engine;
create or replace function app_private.publish(
  name text,
  organization_id uuid,
  subject_id uuid,
  payload jsonb default '{}',
  cause_id uuid default null
) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_type app_private.event_types;
  v_problem text;
  v_id uuid;
  v_cause_id uuid := coalesce(publish.cause_id, nullif(current_setting('app.cause_event_id', true), '')::uuid);
  v_depth int := 0;
begin
  select event_types.* into v_type
  from app_private.event_types
  where event_types.name = publish.name
  order by event_types.version desc
  limit 1;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'event_name_unknown', jsonb_build_object('name', publish.name));
  end if;

  v_problem := app_private.payload_problem(v_type.payload_schema, publish.payload);
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'event_payload_off_schema', jsonb_build_object(
      'name', v_type.name, 'version', v_type.version, 'path', v_problem));
  end if;

  if v_cause_id is not null then
    select events.depth + 1 into v_depth
    from app_private.events
    where events.scope_id = coalesce(publish.organization_id, '00000000-0000-0000-0000-000000000000') and events.id = v_cause_id;
    -- What an event of a clinic led to outside of the clinic begins a chain of its own.
    if not found and publish.cause_id is null then
      v_cause_id := null;
    end if;
  end if;

  perform pg_advisory_xact_lock(hashtextextended('event:' || publish.subject_id, 0));

  insert into app_private.events
    (organization_id, name, version, subject_type, subject_id, payload, actor_id, request_id, cause_id, depth, occurred_at)
  values
    (publish.organization_id, v_type.name, v_type.version, v_type.subject_type, publish.subject_id,
     publish.payload, app_private.current_actor_id(), nullif(current_setting('app.request_id', true), ''),
     v_cause_id, coalesce(v_depth, 0), app_hidden.now())
  returning id into v_id;
  return v_id;
end;
$$;

comment on function app_private.publish is
  'Writes an event of the catalog in the current transaction and queues its deliveries. An unknown name or '
  'a payload off its schema is refused, which takes the whole change back.';

reset role;
-- end of source: functions/events/publish.sql

-- source: functions/forms/templates_asked.sql
-- Which templates an appointment asks for, booked or about to be: those of its service and of its calendar that are in use, each
-- once. The one place for this rule: forms are made by it, and the gate knows by it which consents are asked. FRM-08, CNS-08.
-- Without settings of its own, so that the planner puts its body in place.

create or replace function app_private.templates_asked(draft app_public.appointments) returns setof app_public.form_templates
language sql stable
begin atomic
  select template.*
  from app_public.form_templates as template
  where template.organization_id = (draft).organization_id
    and template.published
    and template.id in (
      select service_forms.template_id from app_public.service_forms
      where service_forms.organization_id = (draft).organization_id and service_forms.service_id = (draft).service_id
      union all
      select calendar_forms.template_id from app_public.calendar_forms
      where calendar_forms.organization_id = (draft).organization_id and calendar_forms.calendar_id = (draft).calendar_id);
end;

comment on function app_private.templates_asked is 'The templates in use that service and calendar of an appointment ask for.';
grant execute on function app_private.templates_asked to app_engine;
-- end of source: functions/forms/templates_asked.sql

-- source: functions/appointments/what_is_missing.sql
-- What an appointment asks of its patient that is not there yet, and what resolves each: the one list that bookings, confirmations
-- and screens go by. It locks nothing: whoever writes by it asks hold_requirements(). APT-06, CNS-08, docs/decisions/0114.

-- What was asked of this patient by itself, with or without an appointment. A request that was made before is answered without it:
-- a guest becomes a patient, of whom something is asked, as the clinic answers. It counts again as the appointment moves on.
-- AUT-02, docs/decisions/0150.
create or replace function app_private.requirements_of(draft app_public.appointments, stage text)
returns setof app_public.patient_requirements
language sql stable
set search_path = ''
begin atomic
  select required.*
  from app_public.patient_requirements as required
  where required.organization_id = (draft).organization_id
    and required.patient_profile_id = (draft).patient_profile_id
    and required.is_blocking and required.fulfilled_at is null and required.lifted_at is null
    and (requirements_of.stage is distinct from 'booked' or not exists (
      select from app_public.booking_requests
      where booking_requests.organization_id = (draft).organization_id and booking_requests.id = (draft).booking_request_id
        and booking_requests.created_at < required.created_at));
end;

comment on function app_private.requirements_of is 'What was asked of a patient that keeps an appointment of theirs from this stage.';
grant execute on function app_private.requirements_of to app_engine;

-- The consents: terms and notice where the clinic has words of its own that it requires; treatments that the forms of service and
-- calendar declare; telemedicine where the two do not meet; and what this patient was asked for (AUT-02).
create or replace function app_private.consents_asked(draft app_public.appointments, stage text default null) returns text[]
language sql stable
set search_path = ''
begin atomic
  select array(
    select version.purpose_code
    from unnest('{org_terms,privacy_notice}'::text[]) as terms (code)
    cross join lateral app_private.current_consent_version((draft).organization_id, terms.code) as version
    where version.organization_id = (draft).organization_id and version.is_required
    union
    select versions.purpose_code
    from app_private.templates_asked(draft) as asked
    join app_public.form_template_versions as latest
      on latest.organization_id = asked.organization_id and latest.template_id = asked.id and latest.number = asked.version
    join app_public.form_template_version_purposes as declared
      on declared.organization_id = latest.organization_id and declared.version_id = latest.id
    join app_public.consent_purpose_versions as versions
      on versions.scope_id = declared.purpose_scope_id and versions.id = declared.purpose_version_id
    where starts_with(versions.purpose_code, 'treatment_specific_')
    union
    select 'telemedicine' where (draft).modality <> 'in_person'
    union
    select required.purpose_code
    from app_private.requirements_of(draft, consents_asked.stage) as required
    where required.purpose_code is not null);
end;

comment on function app_private.consents_asked is 'The purposes that the patient of an appointment has to have consented to, by their codes.';
grant execute on function app_private.consents_asked to app_engine;

-- Of a draft that is no appointment yet the forms are those that it would ask for.
create or replace function app_private.forms_missing(draft app_public.appointments)
returns table (template_id uuid, form_id uuid, status text)
language sql stable
set search_path = ''
begin atomic
  select asked.template_id, forms.id, coalesce(forms.status, 'pending')
  from (
    select linked.template_id, linked.form_id
    from app_public.appointment_forms as linked
    where linked.organization_id = (draft).organization_id and linked.appointment_id = (draft).id
    union all
    select template.id, app_private.form_to_reuse(draft, template.id)
    from app_private.templates_asked(draft) as template
    where (draft).id is null
  ) as asked
  left join app_public.forms
    on forms.organization_id = (draft).organization_id and forms.id = asked.form_id and forms.deleted_at is null
  left join app_public.form_template_versions as versions
    on versions.organization_id = forms.organization_id and versions.id = forms.version_id
  where (forms.status = 'signed' or forms.status = 'completed' and versions.signature_mode = 'none') is not true
  order by asked.template_id;
end;

comment on function app_private.forms_missing is
  'Forms that an appointment asks for and that are not complete, or not signed where they want a signature.';
grant execute on function app_private.forms_missing to app_engine;

-- Why no session of a plan pays for a draft that is to be by one. Its plans are the patient's own, so nothing is told of others'.
create or replace function app_private.why_unpaid(draft app_public.appointments) returns text
language sql stable
set search_path = ''
begin atomic
  select coalesce((
    select case
        when plans.ended_at is not null or plans.valid_until <= greatest((draft).starts_at, app_hidden.now()) then 'plan_ended'
        when not app_public.patient_service_plans_is_open(plans) then 'plan_paused'
        when not app_private.is_for_service(plans, (draft).service_id) then 'other_service'
        else 'nothing_left'
      end
    from app_public.patient_service_plans as plans
    where plans.organization_id = (draft).organization_id
      and plans.patient_profile_id = (draft).patient_profile_id
      and plans.id = (draft).patient_service_plan_id), 'no_plan');
end;

comment on function app_private.why_unpaid is
  'Why the plan that a draft names has no session for it: plan_ended, plan_paused, other_service, nothing_left; no_plan where it names none.';
grant execute on function app_private.why_unpaid to app_engine;

create or replace function app_private.what_is_missing(
  draft app_public.appointments, stage text, purposes text[], by_plan boolean default false
) returns setof app_public.missing_requirement
language sql stable
set search_path = ''
begin atomic
  select 'blocked', null, null::int, null::uuid, null, null::uuid, null::uuid, blocks.until, 'clinic', blocks.reason, null::uuid
  from app_private.standing_block((draft).organization_id, (draft).patient_profile_id) as blocks
  where coalesce(stage, 'booked') = 'booked' and blocks.id is not null
  union all
  (
    select case when missing.is_medical then 'consent' else 'terms' end, missing.purpose, missing.version, missing.version_id,
      missing.reason, app_private.template_that_captures((draft).organization_id, missing.version_id),
      app_private.form_that_captures((draft).organization_id, patients.id, missing.version_id), null,
      case when missing.is_medical then 'form' else 'self' end, null, null
    from app_public.patients
    cross join lateral app_private.missing_consents((draft).organization_id, patients.id, what_is_missing.purposes) as missing
    where patients.organization_id = (draft).organization_id and patients.patient_profile_id = (draft).patient_profile_id
      and cardinality(what_is_missing.purposes) > 0
    order by missing.is_medical, missing.purpose
  )
  union all
  select 'form', null, null, null, forms.status, forms.template_id, forms.form_id, null, 'form', null, null
  from (
    select missing.template_id, missing.form_id, missing.status
    from app_private.forms_missing(draft) as missing
    where coalesce(stage, 'confirmed') = 'confirmed'
    union
    select required.template_id, forms.id, coalesce(forms.status, 'pending')
    from app_private.requirements_of(draft, stage) as required
    left join app_public.forms
      on forms.organization_id = required.organization_id and forms.id = required.form_id and forms.deleted_at is null
    where required.template_id is not null and coalesce(stage, 'confirmed') in ('booked', 'confirmed')
    order by 1, 2
  ) as forms
  union all
  select 'entitlement', null, null, null, app_private.why_unpaid(draft), null, null, null, 'plan', null, plans.id
  from (select) as one
  left join app_public.patient_service_plans as plans
    on plans.organization_id = (draft).organization_id and plans.patient_profile_id = (draft).patient_profile_id
    and plans.id = (draft).patient_service_plan_id
  where by_plan and (draft).plan_session_number is null;
end;

comment on function app_private.what_is_missing is
  'What of these purposes, and of what else the stage (booked, confirmed, inprogress, paid; null: all) asks for, is not there, each '
  'with what resolves it; a session, where the draft is to be by a plan and has none.';
grant execute on function app_private.what_is_missing to app_engine;

-- The list, and that what is not on it stays so until the transaction ends. The caller has locked the patient for share, which
-- withdrawals and blocks wait for; then come the answers, in the order of their ids. Forms need no lock: one that is opened
-- again after the confirmation is as good as opened again after it was told.
create or replace function app_private.hold_requirements(draft app_public.appointments, stage text, by_plan boolean default false)
returns setof app_public.missing_requirement
language plpgsql volatile
set search_path = ''
as $$
declare
  v_purposes text[] := app_private.consents_asked(draft, stage);
  v_held text[] := '{}';
begin
  if v_purposes <> '{}' then
    v_held := app_private.hold_consents(draft.organization_id, draft.patient_profile_id, v_purposes);
  end if;
  return query select * from app_private.what_is_missing(
    draft, stage, array(select asked from unnest(v_purposes) as asked where asked <> all (v_held)), by_plan);
end;
$$;

comment on function app_private.hold_requirements is
  'What is missing for a stage of an appointment; the consents that are there are locked until the transaction ends.';
grant execute on function app_private.hold_requirements to app_engine;
-- end of source: functions/appointments/what_is_missing.sql

-- source: functions/appointments/messages_about_reminder.sql
-- The patient is reminded, of the visit as it stands when the reminder is written: one that was called off or moved meanwhile is
-- not told of. APT-08, FND-15.

create or replace function app_private.messages_about_reminder(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
begin
  select appointments.* into v_appointment
  from app_public.appointments
  join app_private.appointment_reminders
    on appointment_reminders.organization_id = appointments.organization_id
    and appointment_reminders.appointment_id = appointments.id
    and appointment_reminders.starts_at = appointments.starts_at
  where appointments.organization_id = event.organization_id
    and appointments.id = event.subject_id
    and appointments.status in ('booked', 'upcoming', 'confirmed')
    and appointments.starts_at > app_hidden.now()
    and appointments.deleted_at is null;
  if not found then
    return;
  end if;
  perform app_private.remind_of(v_appointment, event.id);
end;
$$;

comment on function app_private.messages_about_reminder is 'Queues the reminder of an appointment to its patient, while it is still to come.';
grant execute on function app_private.messages_about_reminder to app_engine;

create or replace function app_private.remind_of(appointment app_public.appointments, event_id uuid) returns uuid[]
language sql volatile
set search_path = ''
as $$
  select app_private.notify(
    (appointment).organization_id,
    'appointment_reminder',
    app_private.appointment_facts(
      (appointment).organization_id, (appointment).calendar_id, (appointment).service_id, (appointment).specialist_id,
      (appointment).starts_at, (appointment).ends_at, (appointment).modality, (appointment).locale)
    || jsonb_build_object('bookingRequestId', (appointment).booking_request_id),
    patient_profile_id => (appointment).patient_profile_id,
    name => (appointment).contact_name,
    email => (appointment).contact_email,
    phone => (appointment).contact_phone,
    locale => (appointment).locale,
    event_id => remind_of.event_id)
$$;

comment on function app_private.remind_of is
  'Queues the reminder of an appointment to its patient because of an event; its messages, none where it was queued before.';
grant execute on function app_private.remind_of to app_engine;
-- end of source: functions/appointments/messages_about_reminder.sql

-- source: functions/automation/patient_of_step.sql
-- What actions that change something about a patient begin with. AUT-02.

create or replace function app_private.patient_of_step(step app_private.action_step) returns app_public.patients
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  select patients.* into v_patient
  from app_public.patients
  where patients.organization_id = step.organization_id and patients.id = step.patient_id and patients.deleted_at is null
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  end if;
  return v_patient;
end;
$$;

comment on function app_private.patient_of_step is 'The patient of an action, locked; NOT_FOUND patient_not_found where the clinic has none.';
grant execute on function app_private.patient_of_step to app_engine;

-- Who set up what an automation does: what needs a person who decided it is theirs.
create or replace function app_private.author_of_step(step app_private.action_step) returns uuid
language sql stable
set search_path = ''
begin atomic
  select versions.created_by
  from app_public.automation_rule_versions as versions
  where versions.organization_id = (step).organization_id and versions.id = (step).rule_version_id;
end;

comment on function app_private.author_of_step is 'Who saved the version that acts; null where it came with the clinic.';
grant execute on function app_private.author_of_step to app_engine;

-- The outcomes that actions answer with, in the words of the execution.
create or replace function app_private.acted(outcome text, reason text default null, details jsonb default '{}')
returns app_private.action_outcome
language sql immutable
set search_path = ''
return (acted.outcome, acted.reason, acted.details, null::timestamptz)::app_private.action_outcome;

comment on function app_private.acted is 'An outcome: done, skipped or failed, with its reason.';
grant execute on function app_private.acted to app_engine;
-- end of source: functions/automation/patient_of_step.sql

-- source: functions/automation/act_block_booking.sql
-- block_booking: the patient may not book by themselves, for a reason that they read and may contest. AUT-02, APT-06.
-- A person decides it, always (docs/decisions/0115): whoever saved the automation, so somebody else reviews it.

create or replace function app_private.act_block_booking(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients := app_private.patient_of_step(step);
  v_author uuid := app_private.author_of_step(step);
  v_block app_public.booking_blocks;
begin
  if v_author is null then
    return app_private.acted('failed', 'decided_by_nobody');
  end if;
  v_block := app_private.standing_block(step.organization_id, step.patient_profile_id);
  if v_block.id is not null then
    return app_private.acted('skipped', 'booking_blocked_already', jsonb_build_object('bookingBlockId', v_block.id));
  end if;
  insert into app_public.booking_blocks
    (organization_id, patient_profile_id, reason, until, blocked_by, automation_rule_version_id, created_at)
  values (step.organization_id, v_patient.patient_profile_id, app_private.require_reason(step.config ->> 'reason'),
          app_hidden.now() + make_interval(days => (step.config ->> 'days')::int), v_author, step.rule_version_id, app_hidden.now())
  returning * into v_block;
  perform app_private.publish_block_event('patient.booking_blocked', v_block);
  return app_private.acted('done', null, jsonb_build_object('bookingBlockId', v_block.id));
end;
$$;

comment on function app_private.act_block_booking is 'Keeps the patient from booking by themselves, by the decision of who saved the automation.';
grant execute on function app_private.act_block_booking to app_engine;
-- end of source: functions/automation/act_block_booking.sql

-- source: functions/automation/act_message.sql
-- send_email, send_sms, send_whatsapp, show_notification, send_push: the clinic's own words over one channel. AUT-02, AUT-04.
-- Everything else is the pipeline's: who can be reached, consent, suppression, quiet hours, caps. What it says no to is the
-- outcome here; what it finds as a message leaves stands with the message, which the outcome names.

create or replace function app_private.act_message(step app_private.action_step, channel text) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_people app_private.message_recipient[] := app_private.readers_of_step(step);
  v_ids uuid[];
  v_reason text;
begin
  if v_people is null then
    return app_private.acted('skipped', 'nobody_to_tell');
  end if;
  -- Two actions about one event are two messages: that each is done once is known by the execution.
  v_ids := app_private.notify_many(
    step.organization_id,
    case when (step.config -> 'isMarketing')::boolean then 'offer_' else 'automation_' end || act_message.channel,
    v_people, app_private.facts_of_step(step) || jsonb_build_object('words', step.config -> 'words'));
  select min(messages.reason) into v_reason
  from app_public.messages
  where messages.id = any (v_ids)
  having not bool_or(messages.status = 'queued');
  if v_reason is null and v_ids <> '{}' then
    return app_private.acted('done', null, jsonb_build_object('messageIds', v_ids));
  end if;
  return app_private.acted(
    'skipped',
    case
      when v_reason = 'consent_missing' then 'consent'
      when v_reason in ('bounce', 'complaint', 'request', 'opted_out') then 'suppression'
      when v_reason = 'expires_in_quiet_hours' then 'quiet_hours'
      else coalesce(v_reason, 'unreachable')
    end,
    jsonb_build_object('messageIds', v_ids));
end;
$$;

comment on function app_private.act_message is 'Queues the words of an action over one channel; skipped with what stands in the way.';
grant execute on function app_private.act_message to app_engine;

create or replace function app_private.staff_who_may(organization_id uuid, permission text) returns setof uuid
language sql stable
set search_path = ''
begin atomic
  select distinct memberships.human_id
  from app_public.memberships
  join app_public.membership_roles
    on membership_roles.organization_id = memberships.organization_id and membership_roles.membership_id = memberships.id
  join app_public.role_permissions
    on role_permissions.organization_id = membership_roles.organization_id and role_permissions.role_id = membership_roles.role_id
  where memberships.organization_id = staff_who_may.organization_id
    and memberships.ended_at is null
    and role_permissions.permission = staff_who_may.permission;
end;

comment on function app_private.staff_who_may is 'The accounts of a clinic''s staff who have a permission.';
grant execute on function app_private.staff_who_may to app_engine;

-- The patient, with who cares for them as for every message; the specialist of the visit; or staff, by what they may do.
create or replace function app_private.readers_of_step(step app_private.action_step) returns app_private.message_recipient[]
language sql stable
set search_path = ''
begin atomic
  select array_agg(distinct row(reader.patient_profile_id, reader.human_id, null, null, null, null, null)::app_private.message_recipient)
  from (
    select patients.patient_profile_id, null::uuid as human_id
    from app_public.patients
    where coalesce((step).config ->> 'to', 'patient') = 'patient'
      and patients.organization_id = (step).organization_id and patients.id = (step).patient_id and patients.deleted_at is null
    union all
    select null, memberships.human_id
    from app_public.appointments
    join app_public.specialists
      on specialists.organization_id = appointments.organization_id and specialists.id = appointments.specialist_id
    join app_public.memberships
      on memberships.organization_id = specialists.organization_id and memberships.human_id = specialists.human_id
      and memberships.ended_at is null
    where (step).config ->> 'to' = 'specialist'
      and appointments.organization_id = (step).organization_id and appointments.id = (step).appointment_id
    union all
    select null, staff.human_id
    from app_private.staff_who_may((step).organization_id, (step).config ->> 'permission') as staff (human_id)
    where (step).config ->> 'to' = 'staff'
  ) as reader;
end;

comment on function app_private.readers_of_step is 'Whom an action tells; null where there is nobody.';
grant execute on function app_private.readers_of_step to app_engine;

-- Consents are answered in an account, so a message to who has none links to nothing.
create or replace function app_private.asked_as(step app_private.action_step, form_id uuid) returns text
language sql stable
set search_path = ''
begin atomic
  select coalesce('form:' || asked_as.form_id, (
    select 'consents' from app_public.patient_profiles
    where patient_profiles.id = (step).patient_profile_id and patient_profiles.human_id is not null));
end;

comment on function app_private.asked_as is
  'What a patient is asked for, as a message about it names it: form:<id>, or consents; null where there is nowhere to answer it.';
grant execute on function app_private.asked_as to app_engine;

-- What a mail links to: what the patient was asked for last by the actions before it, else the form that the event is about.
create or replace function app_private.asked_before(step app_private.action_step) returns text
language sql stable
set search_path = ''
begin atomic
  select coalesce((
      select app_private.asked_as(step, (executions.details ->> 'formId')::uuid)
      from app_public.automation_executions as executions
      where executions.organization_id = (step).organization_id and executions.automation_rule_version_id = (step).rule_version_id
        and executions.event_id = (step).event_id and executions.action_index < (step).action_index
        and executions.action in ('require_form', 'suggest_form', 'require_consent') and executions.outcome = 'done'
      order by executions.action_index desc
      limit 1),
    (
      select app_private.asked_as(step, forms.id)
      from app_private.events
      join app_public.forms on forms.organization_id = events.organization_id and forms.id = events.subject_id
      where events.id = (step).event_id and starts_with(events.name, 'form.')))
  where coalesce((step).config ->> 'to', 'patient') = 'patient';
end;

comment on function app_private.asked_before is
  'What the patient is asked for by what came before an action, as asked_as() names it; null where nothing is, and for other readers.';
grant execute on function app_private.asked_before to app_engine;

-- What the words of an action may name. Without a visit those about it stay empty.
create or replace function app_private.facts_of_step(step app_private.action_step) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select jsonb_build_object(
      'serviceName', null, 'specialistName', null, 'startsAt', null, 'endsAt', null, 'timezone', null, 'modality', null,
      'bookingRequestId', null,
      'asked', app_private.asked_before(step),
      'patientName', (
        select patient_profiles.given_name || ' ' || patient_profiles.family_name
        from app_public.patient_profiles where patient_profiles.id = (step).patient_profile_id))
    || coalesce((
      select app_private.appointment_facts(
          appointments.organization_id, appointments.calendar_id, appointments.service_id, appointments.specialist_id,
          appointments.starts_at, appointments.ends_at, appointments.modality, appointments.locale)
        || jsonb_build_object('bookingRequestId', appointments.booking_request_id)
      from app_public.appointments
      where appointments.organization_id = (step).organization_id and appointments.id = (step).appointment_id), '{}');
end;

comment on function app_private.facts_of_step is 'The variables of an action''s words: the patient, and the visit if it is about one.';
grant execute on function app_private.facts_of_step to app_engine;
-- end of source: functions/automation/act_message.sql

-- source: functions/automation/book_first_free.sql
-- The first free time that fits, taken. AUT-02. Days and hours are of the calendar's clock. A time that somebody else takes in the
-- meantime gives way to the next one, a few times.

create or replace function app_private.book_first_free(
  step app_private.action_step, calendar app_public.calendars, specialist_id uuid
) returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_from timestamptz;
  v_start timestamptz;
  v_claim app_private.time_claims;
  v_draft app_public.appointments;
begin
  perform app_private.patient_of_step(step);
  perform app_private.lock_to_book(calendar, book_first_free.specialist_id);
  select ((events.occurred_at at time zone calendar.timezone)::date + (step.config ->> 'afterDays')::int)
    at time zone calendar.timezone into strict v_from
  from app_private.events
  where events.organization_id = step.organization_id and events.id = step.event_id;
  v_draft.patient_profile_id := step.patient_profile_id;
  for v_start in
    select free.starts_at
    from app_private.free_starts(
      calendar.id, greatest(v_from, app_hidden.now()),
      v_from + make_interval(days => coalesce((step.config ->> 'withinDays')::int, 14)), book_first_free.specialist_id) as free
    cross join lateral (select free.starts_at at time zone calendar.timezone as at) as local
    where coalesce(step.config -> 'weekdays' ? ('{mon,tue,wed,thu,fri,sat,sun}'::text[])[extract(isodow from local.at)::int], true)
      and coalesce(local.at::time >= (step.config ->> 'from')::time, true)
      and coalesce(local.at::time < (step.config ->> 'until')::time, true)
    group by free.starts_at
    order by free.starts_at
    limit 5
  loop
    begin
      v_claim := null;
      v_claim.kind := 'appointment';
      v_claim.created_by := app_private.current_actor_id();
      v_claim := app_private.place_claim(calendar, v_start, book_first_free.specialist_id, v_claim);
      exit;
    exception
      when sqlstate 'RXSLT' then
        v_claim := null;
    end;
  end loop;
  if v_claim.id is null then
    return null;
  end if;
  return app_private.book(v_claim, v_draft, (step.config -> 'usePlan')::boolean);
end;
$$;

comment on function app_private.book_first_free is
  'Books a patient at the first start that the config of a step allows; null where none is free. Refuses as every booking does.';
grant execute on function app_private.book_first_free to app_engine;

create or replace function app_private.tell_front_desk(step app_private.action_step, calendar app_public.calendars) returns void
language sql volatile
set search_path = ''
as $$
  select app_private.notify_many(
    (step).organization_id, 'followup_not_booked', told.people,
    jsonb_build_object(
      'patientName', app_private.facts_of_step(step) ->> 'patientName',
      'serviceName', (
        select services.name from app_public.services
        where services.organization_id = (calendar).organization_id and services.id = (calendar).service_id)))
  from (
    select array_agg(row(null, staff.human_id, null, null, null, null, null)::app_private.message_recipient) as people
    from app_private.staff_who_may((step).organization_id, 'appointments.manage') as staff (human_id)
  ) as told
  where told.people is not null
$$;

comment on function app_private.tell_front_desk is 'Tells whoever books at the clinic that a visit could not be booked by itself.';
grant execute on function app_private.tell_front_desk to app_engine;
-- end of source: functions/automation/book_first_free.sql

-- source: functions/automation/act_book_followup_appointment.sql
-- book_followup_appointment: books the patient's next visit at the first time that is free. AUT-02.
-- By the steps of every booking: the patient first, then calendar and time, the gate last. What cannot be booked leaves nothing
-- behind, and the front desk is told.

create or replace function app_private.act_book_followup_appointment(step app_private.action_step)
returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
  v_specialist_id uuid;
  v_booked app_public.appointments;
  v_state text;
  v_reason text;
  v_detail text;
begin
  perform app_private.patient_of_step(step);
  select calendars.* into v_calendar
  from app_public.calendars
  where calendars.organization_id = step.organization_id and calendars.id = (step.config ->> 'calendarId')::uuid
    and calendars.is_active and calendars.deleted_at is null;
  if not found then
    return app_private.acted('failed', 'calendar_not_found');
  end if;
  select appointments.* into v_booked
  from app_public.appointments
  where appointments.organization_id = step.organization_id and appointments.calendar_id = v_calendar.id
    and appointments.patient_profile_id = step.patient_profile_id
    and appointments.status in ('booked', 'upcoming', 'confirmed')
    and appointments.starts_at > app_hidden.now() and appointments.id is distinct from step.appointment_id
    and appointments.deleted_at is null
  order by appointments.starts_at
  limit 1;
  if found then
    return app_private.acted('skipped', 'booked_already', jsonb_build_object('appointmentId', v_booked.id));
  end if;

  if (step.config -> 'sameSpecialist')::boolean then
    select appointments.specialist_id into v_specialist_id
    from app_public.appointments
    where appointments.organization_id = step.organization_id and appointments.id = step.appointment_id;
  end if;
  begin
    v_booked := app_private.book_first_free(step, v_calendar, v_specialist_id);
  exception
    when serialization_failure or deadlock_detected or lock_not_available then
      raise;
    when others then
      get stacked diagnostics v_state = returned_sqlstate, v_reason = message_text, v_detail = pg_exception_detail;
      if not exists (select from app_hidden.error_codes where error_codes.sqlstate = v_state) then
        raise;
      end if;
  end;
  if v_booked.id is not null then
    return app_private.acted('done', null, jsonb_build_object('appointmentId', v_booked.id));
  end if;
  perform app_private.tell_front_desk(step, v_calendar);
  return app_private.acted(
    'failed', coalesce(v_reason, 'no_free_time'), coalesce(nullif(v_detail, '')::jsonb, '{}'));
end;
$$;

comment on function app_private.act_book_followup_appointment is
  'Books the first free time of a calendar in a window after the event; failed, and the front desk told, where there is none or the gate refuses.';
grant execute on function app_private.act_book_followup_appointment to app_engine;

create or replace function app_private.check_book_followup_appointment(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select '$.calendarId', 'calendar_not_found', '{}'::jsonb
  where not exists (
    select from app_public.calendars
    where calendars.organization_id = check_book_followup_appointment.organization_id
      and calendars.id = (check_book_followup_appointment.config ->> 'calendarId')::uuid
      and calendars.is_active and calendars.deleted_at is null)
  union all
  select '$.until', 'out_of_bounds', jsonb_build_object('least', check_book_followup_appointment.config -> 'from')
  where check_book_followup_appointment.config ->> 'until' <= check_book_followup_appointment.config ->> 'from';
end;

comment on function app_private.check_book_followup_appointment is 'A calendar of this clinic that is in use, and hours that have a length.';
grant execute on function app_private.check_book_followup_appointment to app_engine;
-- end of source: functions/automation/act_book_followup_appointment.sql

-- source: functions/automation/act_grant_access.sql
-- grant_access: opens the library or sessions from home for the patient. AUT-02, CAT-08.

create or replace function app_private.act_grant_access(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients := app_private.patient_of_step(step);
  v_id uuid;
begin
  if app_hidden.has_access(step.organization_id, v_patient.id, step.config ->> 'access') then
    return app_private.acted('skipped', 'access_stands');
  end if;
  insert into app_public.access_grants
    (organization_id, patient_profile_id, access, reason, expires_at, granted_by, automation_rule_version_id)
  values (step.organization_id, v_patient.patient_profile_id, step.config ->> 'access',
          app_private.require_reason(step.config ->> 'reason'),
          app_hidden.now() + make_interval(days => (step.config ->> 'days')::int),
          coalesce(app_private.author_of_step(step), app_private.current_actor_id()), step.rule_version_id)
  returning id into v_id;
  return app_private.acted('done', null, jsonb_build_object('accessGrantId', v_id));
end;
$$;

comment on function app_private.act_grant_access is 'Opens something for the patient, for so many days or until it is revoked.';
grant execute on function app_private.act_grant_access to app_engine;
-- end of source: functions/automation/act_grant_access.sql

-- source: functions/requirements/ask_of_patient.sql
-- Something is asked of a patient, most often before the clinic books for them. It stands once, whoever asks; what kept nobody
-- from booking does from when it is asked so. AUT-02.
-- The caller has locked the patient, which bookings hold for share: those under way are waited for, later ones are refused.

create or replace function app_private.ask_of_patient(
  step app_private.action_step, template_id uuid, purpose_code text, form_id uuid default null, is_blocking boolean default true
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_id uuid;
begin
  insert into app_public.patient_requirements
    (organization_id, patient_profile_id, template_id, purpose_code, form_id, is_blocking, automation_rule_version_id, created_at)
  values (step.organization_id, step.patient_profile_id, ask_of_patient.template_id, ask_of_patient.purpose_code,
          ask_of_patient.form_id, ask_of_patient.is_blocking, step.rule_version_id, app_hidden.now())
  on conflict (organization_id, patient_profile_id, template_id, purpose_code) where fulfilled_at is null and lifted_at is null
  do update set
    is_blocking = true, automation_rule_version_id = excluded.automation_rule_version_id, created_at = excluded.created_at
  where excluded.is_blocking and not patient_requirements.is_blocking
  returning id into v_id;
  return v_id;
end;
$$;

comment on function app_private.ask_of_patient is
  'Asks a patient for a form or a consent; null where that is asked already.';
grant execute on function app_private.ask_of_patient to app_engine;
-- end of source: functions/requirements/ask_of_patient.sql

-- source: functions/automation/act_require_form.sql
-- require_form: the clinic books nothing for the patient until they completed a form. AUT-02.

create or replace function app_private.act_require_form(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients := app_private.patient_of_step(step);
  v_template_id uuid := (step.config ->> 'templateId')::uuid;
  v_form app_public.forms;
  v_id uuid;
begin
  if app_private.form_counts(v_patient, v_template_id) then
    return app_private.acted('skipped', 'form_stands');
  elsif exists (
    select from app_public.patient_requirements as required
    join app_public.forms
      on forms.organization_id = required.organization_id and forms.id = required.form_id and forms.deleted_at is null
    where required.organization_id = step.organization_id and required.patient_profile_id = step.patient_profile_id
      and required.template_id = v_template_id and required.fulfilled_at is null and required.lifted_at is null
  ) then
    return app_private.acted('skipped', 'asked_already');
  end if;
  v_form := app_private.form_ahead(v_patient, v_template_id);
  v_id := app_private.ask_of_patient(step, v_template_id, null, v_form.id);
  perform app_private.tell_what_is_asked(step, app_private.title_of_form(v_form), v_form.id);
  return app_private.acted('done', null, jsonb_build_object('formId', v_form.id, 'patientRequirementId', v_id));
end;
$$;

comment on function app_private.act_require_form is 'Makes a form for the patient, which keeps them from being booked until it is final.';
grant execute on function app_private.act_require_form to app_engine;

create or replace function app_private.check_require_form(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select '$.templateId', 'form_template_not_found', '{}'::jsonb
  where not exists (
    select from app_public.form_templates
    where form_templates.organization_id = check_require_form.organization_id
      and form_templates.id = (check_require_form.config ->> 'templateId')::uuid and form_templates.published);
end;

comment on function app_private.check_require_form is 'A template that is published by this clinic. suggest_form asks the same.';
grant execute on function app_private.check_require_form to app_engine;

-- Whether a form of the template is final and counts today.
create or replace function app_private.form_counts(patient app_public.patients, template_id uuid) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select from app_public.forms
    join app_public.form_template_versions as versions
      on versions.organization_id = forms.organization_id and versions.id = forms.version_id
    where forms.organization_id = (patient).organization_id and forms.patient_id = (patient).id
      and forms.template_id = form_counts.template_id
      and (forms.status = 'signed' or forms.status = 'completed' and versions.signature_mode = 'none')
      and forms.valid_until > app_hidden.now() and forms.deleted_at is null);
end;

comment on function app_private.form_counts is 'Whether the patient has a final form of this template that is valid now.';
grant execute on function app_private.form_counts to app_engine;

-- One that is open already serves, so nobody is asked the same twice.
create or replace function app_private.form_ahead(patient app_public.patients, template_id uuid) returns app_public.forms
language plpgsql volatile
set search_path = ''
as $$
declare
  v_form app_public.forms;
begin
  select forms.* into v_form
  from app_public.forms
  where forms.organization_id = patient.organization_id and forms.patient_id = patient.id
    and forms.template_id = form_ahead.template_id and forms.status in ('pending', 'in_progress') and forms.deleted_at is null
  order by forms.created_at desc, forms.id desc
  limit 1;
  if found then
    return v_form;
  end if;
  return app_private.make_form(
    patient.organization_id, patient.patient_profile_id, form_ahead.template_id,
    (select patient_profiles.locale from app_public.patient_profiles where patient_profiles.id = patient.patient_profile_id),
    is_ahead => true);
end;
$$;

comment on function app_private.form_ahead is 'The open form of a template that the patient has, or one that is made for them.';
grant execute on function app_private.form_ahead to app_engine;

create or replace function app_private.title_of_form(form app_public.forms) returns text
language sql stable
set search_path = ''
begin atomic
  select form_templates.name from app_public.form_templates
  where form_templates.organization_id = (form).organization_id and form_templates.id = (form).template_id;
end;

comment on function app_private.title_of_form is 'What a form is called.';
grant execute on function app_private.title_of_form to app_engine;

create or replace function app_private.tell_what_is_asked(step app_private.action_step, what text, form_id uuid) returns void
language sql volatile
set search_path = ''
as $$
  select app_private.notify(
    (step).organization_id, 'patient_asked',
    jsonb_build_object('what', what, 'asked', app_private.asked_as(step, tell_what_is_asked.form_id)),
    patient_profile_id => (step).patient_profile_id)
$$;

comment on function app_private.tell_what_is_asked is 'Tells a patient, or who cares for them, what the clinic asks for: a form, or where it is null a consent of their own.';
grant execute on function app_private.tell_what_is_asked to app_engine;
-- end of source: functions/automation/act_require_form.sql

-- source: functions/automation/act_require_consent.sql
-- require_consent: the clinic books nothing for the patient until a consent stands; or asks for it, and nothing waits for it. AUT-02,
-- CNS-08.
-- Where only a signed form gives it, that form is made for the patient.

create or replace function app_private.act_require_consent(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients := app_private.patient_of_step(step);
  v_purpose text := step.config ->> 'purpose';
  v_missing record;
  v_template_id uuid;
  v_form_id uuid;
  v_id uuid;
begin
  select missing.* into v_missing
  from app_private.missing_consents(step.organization_id, v_patient.id, array[v_purpose]) as missing;
  if not found then
    if exists (select from app_private.check_require_consent(step.organization_id, step.config)) then
      return app_private.acted('failed', 'consent_purpose_not_found');
    end if;
    return app_private.acted('skipped', 'consent_stands');
  end if;
  v_id := app_private.ask_of_patient(
    step, null, v_purpose, is_blocking => coalesce((step.config -> 'isBlocking')::boolean, true));
  if v_id is null then
    return app_private.acted('skipped', 'asked_already');
  end if;
  if v_missing.is_medical then
    v_form_id := app_private.form_that_captures(step.organization_id, v_patient.id, v_missing.version_id);
    v_template_id := app_private.template_that_captures(step.organization_id, v_missing.version_id);
    if v_form_id is null and v_template_id is not null then
      v_form_id := (app_private.form_ahead(v_patient, v_template_id)).id;
    end if;
  end if;
  perform app_private.tell_what_is_asked(step, (
    select case patient_profiles.locale when 'en' then coalesce(versions.title_en, versions.title_ro) else versions.title_ro end
    from app_public.consent_purpose_versions as versions
    join app_public.patient_profiles on patient_profiles.id = v_patient.patient_profile_id
    where versions.id = v_missing.version_id), v_form_id);
  return app_private.acted('done', null, jsonb_strip_nulls(
    jsonb_build_object('patientRequirementId', v_id, 'formId', v_form_id)));
end;
$$;

comment on function app_private.act_require_consent is 'Asks a patient for a consent, which keeps them from being booked until it stands, unless the action says that it does not.';
grant execute on function app_private.act_require_consent to app_engine;

create or replace function app_private.check_require_consent(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select '$.purpose', 'consent_purpose_not_found', '{}'::jsonb
  where not exists (
    select from app_public.consent_purposes
    where consent_purposes.scope_id in (check_require_consent.organization_id, '00000000-0000-0000-0000-000000000000')
      and consent_purposes.code = check_require_consent.config ->> 'purpose' and consent_purposes.scope = 'organization'
      and (app_private.current_consent_version(check_require_consent.organization_id, consent_purposes.code)).id is not null);
end;

comment on function app_private.check_require_consent is 'A purpose that the clinic has a text for.';
grant execute on function app_private.check_require_consent to app_engine;
-- end of source: functions/automation/act_require_consent.sql

-- source: functions/automation/automation_schemas.sql
-- The schemas of what every automation has beside its actions' configs: what is checked on save is what a page builds its form of. AUT-01, AUT-03.

-- Written once, in the row of the action that does something later.
create or replace function app_private.after_schema() returns jsonb
language sql stable
set search_path = ''
begin atomic
  select automation_actions.config_schema #> '{properties,after}'
  from app_private.automation_actions
  where automation_actions.code = 'schedule_action';
end;

comment on function app_private.after_schema is 'The JSON Schema of a delay: {minutes, hours, days, at}, a year at most, of at least something.';
grant execute on function app_private.after_schema to app_engine;

create or replace function app_private.expires_schema() returns jsonb
language sql immutable
set search_path = ''
as $$
  select '{"type": "object", "additionalProperties": false, "minProperties": 1, "x-order": ["days", "hours"],
    "title": "Until when it may be done", "x-title-ro": "Până când se mai face",
    "description": "Counted from when it was due. Nothing said: three days.",
    "x-description-ro": "Numărat de când trebuia făcută. Nimic spus: trei zile.",
    "properties": {
      "days": {"type": "integer", "minimum": 1, "maximum": 365, "title": "Days", "x-title-ro": "Zile"},
      "hours": {"type": "integer", "minimum": 1, "maximum": 8760, "title": "Hours", "x-title-ro": "Ore"}}}'::jsonb
$$;

comment on function app_private.expires_schema is 'The JSON Schema of how long after it was due an action may still be done.';
grant execute on function app_private.expires_schema to app_engine;

create or replace function app_private.most_schema() returns jsonb
language sql immutable
set search_path = ''
as $$
  select '{"type": "object", "additionalProperties": false, "required": ["mostPerDay"], "x-order": ["mostPerDay", "mostEver"],
    "title": "How often for one patient", "x-title-ro": "De câte ori pentru un pacient",
    "properties": {
      "mostPerDay": {"type": "integer", "minimum": 1, "maximum": 100, "default": 10,
        "title": "At most on one day", "x-title-ro": "Cel mult într-o zi"},
      "mostEver": {"type": "integer", "minimum": 1, "maximum": 1000, "title": "At most ever", "x-title-ro": "Cel mult în total",
        "description": "Without a number: as often as it happens.", "x-description-ro": "Fără număr: de câte ori se întâmplă."}}}'::jsonb
$$;

comment on function app_private.most_schema is 'The JSON Schema of {mostPerDay, mostEver}, how often an automation runs for one patient.';
grant execute on function app_private.most_schema to app_engine;
-- end of source: functions/automation/automation_schemas.sql

-- source: functions/automation/config_problems.sql
-- Says where a value leaves its schema. AUT-02.
-- The subset of JSON Schema (draft 2020-12) that actions use: type, properties, required, additionalProperties, minProperties,
-- items, minItems, maxItems, enum, minimum, maximum, minLength, maxLength, format uuid, time and date. All problems, with paths.

create or replace function app_private.config_problems(schema jsonb, value jsonb, place text default '$')
returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_kind text := jsonb_typeof(config_problems.value);
  v_text text := config_problems.value #>> '{}';
begin
  if v_kind = 'number' and config_problems.value::numeric % 1 = 0 and config_problems.schema @> '{"type": "integer"}' then
    v_kind := 'integer';
  end if;
  if config_problems.schema ? 'type' and not config_problems.schema -> 'type' @> to_jsonb(coalesce(v_kind, 'null')) then
    return query select place, 'type_mismatch'::text, jsonb_build_object('type', config_problems.schema -> 'type');
    return;
  end if;
  if config_problems.schema ? 'enum' and not config_problems.schema -> 'enum' @> jsonb_build_array(config_problems.value) then
    return query select place, 'not_offered'::text, jsonb_build_object('offered', config_problems.schema -> 'enum');
  end if;
  if v_kind in ('number', 'integer')
    and (v_text::numeric < (config_problems.schema ->> 'minimum')::numeric
         or v_text::numeric > (config_problems.schema ->> 'maximum')::numeric)
    or v_kind = 'string'
    and (char_length(v_text) < (config_problems.schema ->> 'minLength')::int
         or char_length(v_text) > (config_problems.schema ->> 'maxLength')::int)
    or v_kind = 'array'
    and (jsonb_array_length(config_problems.value) < (config_problems.schema ->> 'minItems')::int
         or jsonb_array_length(config_problems.value) > (config_problems.schema ->> 'maxItems')::int)
  then
    return query select place, 'out_of_bounds'::text, jsonb_strip_nulls(jsonb_build_object(
      'least', coalesce(config_problems.schema -> 'minimum', config_problems.schema -> 'minLength', config_problems.schema -> 'minItems'),
      'most', coalesce(config_problems.schema -> 'maximum', config_problems.schema -> 'maxLength', config_problems.schema -> 'maxItems')));
  end if;
  if v_kind = 'string' and (case config_problems.schema ->> 'format'
    when 'uuid' then v_text !~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
    when 'time' then v_text !~ '^([01]\d|2[0-3]):[0-5]\d$'
    when 'date' then v_text !~ '^\d{4}-\d\d-\d\d$' or not pg_catalog.pg_input_is_valid(v_text, 'date')
    else false
  end) then
    return query select place, 'format_mismatch'::text, jsonb_build_object('format', config_problems.schema -> 'format');
  end if;

  if v_kind = 'object' then
    return query
      select place || '.' || needed.name, 'is_missing'::text, '{}'::jsonb
      from jsonb_array_elements_text(config_problems.schema -> 'required') as needed (name)
      where not config_problems.value ? needed.name;
    if config_problems.value = '{}' and (config_problems.schema ->> 'minProperties')::int > 0 then
      return query select place, 'is_empty'::text, '{}'::jsonb;
    end if;
    return query
      select problem.path, problem.reason, problem.details
      from jsonb_each(config_problems.value) as given (name, value)
      cross join lateral (
        select place || '.' || given.name as path, 'property_unknown'::text as reason, '{}'::jsonb as details
        where not config_problems.schema -> 'properties' ? given.name
          and config_problems.schema -> 'additionalProperties' = 'false'
        union all
        select deeper.path, deeper.reason, deeper.details
        from app_private.config_problems(
          config_problems.schema -> 'properties' -> given.name, given.value, place || '.' || given.name) as deeper
        where config_problems.schema -> 'properties' ? given.name
      ) as problem;
  elsif v_kind = 'array' and config_problems.schema ? 'items' then
    return query
      select deeper.path, deeper.reason, deeper.details
      from jsonb_array_elements(config_problems.value) with ordinality as item (value, nth)
      cross join lateral app_private.config_problems(
        config_problems.schema -> 'items', item.value, format('%s[%s]', place, item.nth - 1)) as deeper;
  end if;
end;
$$;

comment on function app_private.config_problems is 'Everything that does not fit the schema, each with its path.';
grant execute on function app_private.config_problems to app_engine;
-- end of source: functions/automation/config_problems.sql

-- source: functions/automation/delayed.sql
-- When a delayed action is due. AUT-03.
-- Minutes and hours are elapsed time; days and times of day are of the person's clock, so that "tomorrow at nine" is at nine
-- also where the clocks change in between.

create or replace function app_private.delayed(since timestamptz, after jsonb, timezone text) returns timestamptz
language plpgsql stable
set search_path = ''
as $$
declare
  v_at timestamptz := since
    + make_interval(mins => coalesce((after ->> 'minutes')::int, 0), hours => coalesce((after ->> 'hours')::int, 0));
  v_local timestamp;
begin
  if after ? 'days' or after ? 'at' then
    v_local := (v_at at time zone timezone) + make_interval(days => coalesce((after ->> 'days')::int, 0));
    if after ? 'at' then
      v_local := v_local::date + (after ->> 'at')::time
        + case when not after ? 'days' and v_local::time > (after ->> 'at')::time then interval '1 day' else interval '0' end;
    end if;
    v_at := v_local at time zone timezone;
  end if;
  return greatest(v_at, since);
end;
$$;

comment on function app_private.delayed is
  'The instant so many minutes, hours or days later, at a time of the day if one is given: {minutes, hours, days, at}.';
grant execute on function app_private.delayed to app_engine;

-- A delay that can come: no more than a year, of at least something.
create or replace function app_private.delay_problem(after jsonb, place text)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select problem.path, problem.reason, problem.details
  from app_private.config_problems(app_private.after_schema(), delay_problem.after, delay_problem.place) as problem;
end;

comment on function app_private.delay_problem is 'What is wrong with a delay, at its path.';
grant execute on function app_private.delay_problem to app_engine;

-- The person's own clock where they said it (with their quiet hours); the clinic's otherwise.
create or replace function app_private.zone_of(organization_id uuid, patient_id uuid) returns text
language sql stable
set search_path = ''
begin atomic
  select coalesce(
    (select quiet_hours.timezone
     from app_public.patients
     join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
     join app_public.quiet_hours
       on quiet_hours.patient_profile_id = patient_profiles.id or quiet_hours.human_id = patient_profiles.human_id
     where patients.organization_id = zone_of.organization_id and patients.id = zone_of.patient_id
     order by quiet_hours.patient_profile_id is null
     limit 1),
    (select organizations.timezone from app_public.organizations where organizations.id = zone_of.organization_id));
end;

comment on function app_private.zone_of is 'The time zone of a patient, as far as it is known; the clinic''s otherwise.';
grant execute on function app_private.zone_of to app_engine;
-- end of source: functions/automation/delayed.sql

-- source: functions/automation/perform_action.sql
-- Does one action in a subtransaction: a refusal takes back what it did, and the others go on. AUT-02, AUT-03.
-- What passes by itself (two transactions in each other's way) is not the end of it: it waits and is tried again.

create or replace function app_private.perform_action(step app_private.action_step, action text, attempts int default 0)
returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_function text;
  v_outcome app_private.action_outcome;
  v_state text;
  v_reason text;
  v_detail text;
  v_code text;
begin
  select automation_actions.act_function into v_function
  from app_private.automation_actions
  where automation_actions.code = perform_action.action;
  if not found then
    return ('failed', 'action_unknown', '{}', null)::app_private.action_outcome;
  end if;

  begin
    execute format('select * from app_private.%I($1)', v_function) into v_outcome using perform_action.step;
    -- What was deferred fails here, where it is this action's.
    set constraints all immediate;
    set constraints all deferred;
    return v_outcome;
  exception
    when serialization_failure or deadlock_detected or lock_not_available then
      get stacked diagnostics v_state = returned_sqlstate;
    when others then
      get stacked diagnostics v_state = returned_sqlstate, v_reason = message_text, v_detail = pg_exception_detail;
  end;

  if v_reason is null and perform_action.attempts < 6 then
    return ('waiting', 'retry', jsonb_build_object('sqlstate', v_state),
            app_hidden.now() + interval '10 seconds' * power(3, perform_action.attempts))::app_private.action_outcome;
  end if;
  select error_codes.code into v_code from app_hidden.error_codes where error_codes.sqlstate = v_state;
  if v_code is null then
    -- Not one of our refusals: its text could quote what people wrote.
    return ('failed', 'error', jsonb_build_object('sqlstate', v_state), null)::app_private.action_outcome;
  end if;
  return ('failed', v_reason, jsonb_build_object(
    'code', v_code, 'details', coalesce(nullif(v_detail, '')::jsonb, '{}')), null)::app_private.action_outcome;
end;
$$;

comment on function app_private.perform_action is
  'Calls the function of an action and answers its outcome; a refusal becomes failed with its code and reason, and takes '
  'back what the action did. A failure that passes becomes waiting, six times.';
grant execute on function app_private.perform_action to app_engine;
-- end of source: functions/automation/perform_action.sql

-- source: functions/automation/act_schedule_action.sql
-- schedule_action: does another action later. AUT-02.
-- The delay counts from the event, so an action that is asked again before its time finds the same instant.

create or replace function app_private.act_schedule_action(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_due timestamptz;
begin
  select app_private.delayed(
    events.occurred_at, step.config -> 'after', app_private.zone_of(step.organization_id, step.patient_id)) into strict v_due
  from app_private.events
  where events.id = step.event_id;
  if v_due > app_hidden.now() then
    return ('waiting', 'scheduled', '{}', v_due)::app_private.action_outcome;
  end if;
  return app_private.perform_action(
    (step.organization_id, step.execution_id, step.rule_id, step.rule_version_id, step.event_id, step.action_index,
     step.patient_id, step.patient_profile_id, step.appointment_id, step.config -> 'config')::app_private.action_step,
    step.config ->> 'action');
end;
$$;

comment on function app_private.act_schedule_action is 'Waits for its time, then does the action that its config names.';
grant execute on function app_private.act_schedule_action to app_engine;
-- end of source: functions/automation/act_schedule_action.sql

-- source: functions/notify/printable_variables.sql
-- The names that a text may use. FND-15.
-- Times are given as instants and printed as people write them, so their raw forms are not for texts; and what stands on
-- a locked screen may name the clinic and the time, never what is treated or by whom. Whoever reads in an account needs no link.

create or replace function app_private.printable_variables(variables text[], channel text) returns text[]
language sql immutable strict parallel safe
set search_path = ''
return (
  select array_agg(names.name order by names.name)
  from (
    select given.name from unnest(printable_variables.variables) as given (name)
    where given.name <> all (array['startsAt', 'endsAt', 'timezone', 'modality', 'respondBy', 'signatureLinkId', 'expiresAt', 'bookingRequestId',
                                   'waitlistOfferId', 'words', 'asked'])
    union
    select unnest(array['recipientName', 'clinicName', 'clinicPhone', 'clinicEmail', 'clinicAddress'])
    union
    select derived.name
    from (values ('when', 'startsAt'), ('respondByWhen', 'respondBy'), ('inPerson', 'modality'), ('video', 'modality'),
                 ('phone', 'modality'), ('signingUrl', 'signatureLinkId'), ('expiresWhen', 'expiresAt'),
                 ('bookingUrl', 'bookingRequestId'), ('offerUrl', 'waitlistOfferId'), ('askedUrl', 'asked')) as derived (name, source)
    where derived.source = any (printable_variables.variables)
  ) as names
  where (printable_variables.channel not in ('sms', 'whatsapp', 'push')
         or names.name <> all (array['serviceName', 'specialistName', 'reason']))
    and (printable_variables.channel not in ('in_app', 'push') or names.name <> all (array['bookingUrl', 'offerUrl', 'askedUrl']))
);

comment on function app_private.printable_variables is
  'What a text on this channel may name: the message''s own variables that are words, and what the renderer adds.';
grant execute on function app_private.printable_variables to app_engine;
-- end of source: functions/notify/printable_variables.sql

-- source: functions/automation/check_message.sql
-- Words that can be written: every name in them is known on their channel, so nothing fails as a message leaves. AUT-02, AUT-04.

create or replace function app_private.check_message(organization_id uuid, config jsonb, channel text)
returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_key text := case when (config -> 'isMarketing')::boolean then 'offer_' else 'automation_' end || channel;
begin
  return query
    select concat_ws('.', '$.words', written.locale, written.part), v_problem ->> 'problem', v_problem - 'problem'
    from (
      select languages.locale, parts.part, parts.text
      from jsonb_each(config -> 'words') as languages (locale, words)
      cross join lateral jsonb_each_text(languages.words) as parts (part, text)
    ) as written
    join app_private.message_types on message_types.key = v_key
    cross join lateral app_private.text_problem(
      written.text, app_private.printable_variables(message_types.variables, check_message.channel)) as v_problem
    where v_problem is not null
    union all
    select concat_ws('.', '$.words', languages.locale, parts.part), 'is_empty', '{}'::jsonb
    from jsonb_each(config -> 'words') as languages (locale, words)
    cross join lateral jsonb_each_text(languages.words) as parts (part, text)
    where btrim(parts.text) = '' or parts.part = 'title' and parts.text ~ '[[:cntrl:]]'
    union all
    select '$.isMarketing', 'patients_only', '{}'::jsonb
    where (config -> 'isMarketing')::boolean and coalesce(config ->> 'to', 'patient') <> 'patient'
    union all
    select '$.permission', case when config ? 'permission' then 'permission_unknown' else 'is_missing' end, '{}'::jsonb
    where config ->> 'to' = 'staff'
      and not exists (select from app_public.permissions where permissions.name = config ->> 'permission')
    union all
    select '$', 'whatsapp_template_missing', jsonb_build_object('template', v_key)
    where check_message.channel = 'whatsapp'
      and not exists (
        select from app_public.whatsapp_templates
        where whatsapp_templates.organization_id = check_message.organization_id and whatsapp_templates.template_key = v_key);
end;
$$;

comment on function app_private.check_message is
  'What is wrong with the words, the reader or the kind of a message that an automation sends, each with its path.';
grant execute on function app_private.check_message to app_engine;
-- end of source: functions/automation/check_message.sql

-- source: functions/automation/act_send_email.sql
-- send_email: sends the words of the clinic. What they have in common stands in act_message.sql. AUT-02.

create or replace function app_private.act_send_email(step app_private.action_step) returns app_private.action_outcome
language sql volatile
set search_path = ''
return app_private.act_message(step, 'email');

comment on function app_private.act_send_email is 'Tells whom the action names over email.';
grant execute on function app_private.act_send_email to app_engine;

create or replace function app_private.check_send_email(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select problem.path, problem.reason, problem.details
  from app_private.check_message(check_send_email.organization_id, check_send_email.config, 'email') as problem;
end;

comment on function app_private.check_send_email is 'What is wrong with the words for email, each with its path.';
grant execute on function app_private.check_send_email to app_engine;
-- end of source: functions/automation/act_send_email.sql

-- source: functions/automation/act_send_push.sql
-- send_push: sends the words of the clinic. What they have in common stands in act_message.sql. AUT-02.

create or replace function app_private.act_send_push(step app_private.action_step) returns app_private.action_outcome
language sql volatile
set search_path = ''
return app_private.act_message(step, 'push');

comment on function app_private.act_send_push is 'Tells whom the action names over push.';
grant execute on function app_private.act_send_push to app_engine;

create or replace function app_private.check_send_push(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select problem.path, problem.reason, problem.details
  from app_private.check_message(check_send_push.organization_id, check_send_push.config, 'push') as problem;
end;

comment on function app_private.check_send_push is 'What is wrong with the words for push, each with its path.';
grant execute on function app_private.check_send_push to app_engine;
-- end of source: functions/automation/act_send_push.sql

-- source: functions/automation/act_send_session_reminder.sql
-- send_session_reminder: reminds the patient of the session that comes next. AUT-02, APT-08.
-- A session is a visit: the one that the event is about, while it is to come, else the next one of the patient.

create or replace function app_private.act_send_session_reminder(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
  v_ids uuid[];
  v_reason text;
begin
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.organization_id = step.organization_id
    and appointments.patient_profile_id = step.patient_profile_id
    and appointments.status in ('booked', 'upcoming', 'confirmed')
    and appointments.starts_at > app_hidden.now()
    and appointments.deleted_at is null
  order by appointments.id = step.appointment_id desc nulls last, appointments.starts_at, appointments.id
  limit 1;
  if not found then
    return app_private.acted('skipped', 'nothing_to_come');
  end if;
  v_ids := app_private.remind_of(v_appointment, step.event_id);
  if v_ids = '{}' then
    return app_private.acted('skipped', 'reminded_already', jsonb_build_object('appointmentId', v_appointment.id));
  end if;
  select min(messages.reason) into v_reason
  from app_public.messages
  where messages.id = any (v_ids)
  having not bool_or(messages.status = 'queued');
  return app_private.acted(
    case when v_reason is null then 'done' else 'skipped' end, v_reason,
    jsonb_build_object('appointmentId', v_appointment.id, 'messageIds', v_ids));
end;
$$;

comment on function app_private.act_send_session_reminder is 'Reminds the patient of the visit of the event or the next one; skipped where none is to come.';
grant execute on function app_private.act_send_session_reminder to app_engine;
-- end of source: functions/automation/act_send_session_reminder.sql

-- source: functions/automation/act_send_sms.sql
-- send_sms: sends the words of the clinic. What they have in common stands in act_message.sql. AUT-02.

create or replace function app_private.act_send_sms(step app_private.action_step) returns app_private.action_outcome
language sql volatile
set search_path = ''
return app_private.act_message(step, 'sms');

comment on function app_private.act_send_sms is 'Tells whom the action names over sms.';
grant execute on function app_private.act_send_sms to app_engine;

create or replace function app_private.check_send_sms(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select problem.path, problem.reason, problem.details
  from app_private.check_message(check_send_sms.organization_id, check_send_sms.config, 'sms') as problem;
end;

comment on function app_private.check_send_sms is 'What is wrong with the words for sms, each with its path.';
grant execute on function app_private.check_send_sms to app_engine;
-- end of source: functions/automation/act_send_sms.sql

-- source: functions/automation/act_send_whatsapp.sql
-- send_whatsapp: sends the words of the clinic. What they have in common stands in act_message.sql. AUT-02.

create or replace function app_private.act_send_whatsapp(step app_private.action_step) returns app_private.action_outcome
language sql volatile
set search_path = ''
return app_private.act_message(step, 'whatsapp');

comment on function app_private.act_send_whatsapp is 'Tells whom the action names over whatsapp.';
grant execute on function app_private.act_send_whatsapp to app_engine;

create or replace function app_private.check_send_whatsapp(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select problem.path, problem.reason, problem.details
  from app_private.check_message(check_send_whatsapp.organization_id, check_send_whatsapp.config, 'whatsapp') as problem;
end;

comment on function app_private.check_send_whatsapp is 'What is wrong with the words for whatsapp, each with its path.';
grant execute on function app_private.check_send_whatsapp to app_engine;
-- end of source: functions/automation/act_send_whatsapp.sql

-- source: functions/automation/act_show_notification.sql
-- show_notification: puts the words into the inbox of the clinic. What they have in common stands in act_message.sql. AUT-02.

create or replace function app_private.act_show_notification(step app_private.action_step) returns app_private.action_outcome
language sql volatile
set search_path = ''
return app_private.act_message(step, 'in_app');

comment on function app_private.act_show_notification is 'Tells whom the action names over in_app.';
grant execute on function app_private.act_show_notification to app_engine;

create or replace function app_private.check_show_notification(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select problem.path, problem.reason, problem.details
  from app_private.check_message(check_show_notification.organization_id, check_show_notification.config, 'in_app') as problem;
end;

comment on function app_private.check_show_notification is 'What is wrong with the words for in_app, each with its path.';
grant execute on function app_private.check_show_notification to app_engine;
-- end of source: functions/automation/act_show_notification.sql

-- source: functions/automation/act_suggest_form.sql
-- suggest_form: a form is there for the patient, who is told; nothing waits for it. AUT-02.

create or replace function app_private.act_suggest_form(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients := app_private.patient_of_step(step);
  v_template_id uuid := (step.config ->> 'templateId')::uuid;
  v_form app_public.forms;
begin
  if app_private.form_counts(v_patient, v_template_id) then
    return app_private.acted('skipped', 'form_stands');
  end if;
  v_form := app_private.form_ahead(v_patient, v_template_id);
  perform app_private.tell_what_is_asked(step, app_private.title_of_form(v_form), v_form.id);
  return app_private.acted('done', null, jsonb_build_object('formId', v_form.id));
end;
$$;

comment on function app_private.act_suggest_form is 'Makes a form for the patient and tells them of it.';
grant execute on function app_private.act_suggest_form to app_engine;
-- end of source: functions/automation/act_suggest_form.sql

-- source: functions/rules/rule_terms_of_event.sql
-- What a condition of an automation may ask of its event: the properties of its payload, and the fields of what it is about,
-- such as its appointment. SEG-05. Ids of other things are left out: nobody compares them.

create or replace function app_private.rule_terms_of_event(event_name text, code text default null)
returns setof app_private.rule_term
language sql stable
set search_path = ''
as $$
  with payload as (
    select event_types.payload_schema -> 'properties' as properties
    from app_private.event_types
    where event_types.name = rule_terms_of_event.event_name
    order by event_types.version desc
    limit 1
  )
  select 'event.' || property.key, null, kind.type, coalesce(named.label_ro, property.key), coalesce(named.label_en, property.key),
    'Evenimentul', 'The event',
    (select jsonb_agg(jsonb_build_object('value', word.value, 'ro', word.value, 'en', word.value) order by word.ordinality)
     from jsonb_array_elements(property.value -> 'enum') with ordinality as word where word.value <> 'null'),
    named.choices_of, null::numeric, null::numeric, false, null, 0,
    replace(kind.value_sql, '{j}', '(select e.payload ->> {k0} from app_private.events as e where e.organization_id = $1 and e.id = $4)'),
    null, jsonb_build_array(property.key), case kind.type when 'date' then array['clinic'] else '{}'::text[] end
  from payload
  cross join lateral jsonb_each(payload.properties) as property
  left join app_private.rule_event_properties as named on named.property = property.key
  cross join lateral (
    select coalesce(property.value ->> 'format', '') as format, property.value -> 'type' as type
  ) as said
  cross join lateral (
    select 'choice' as type, '{j}' as value_sql where property.value ? 'enum' or (said.format = 'uuid' and named.choices_of is not null)
    union all
    select 'date', '(({j})::timestamptz at time zone {zone})::date' where said.format = 'date-time'
    union all
    select 'number', '({j})::numeric' where said.type @> '"integer"' or said.type @> '"number"'
    union all
    select 'boolean', '({j})::boolean' where said.type @> '"boolean"'
    union all
    select 'text', '{j}' where said.format = '' and not property.value ? 'enum' and said.type @> '"string"'
  ) as kind
  where rule_terms_of_event.code is null or 'event.' || property.key = rule_terms_of_event.code
  union all
  select fields.code, null, case fields.type when 'instant' then 'date' else fields.type end, fields.label_ro, fields.label_en,
    collections.label_ro, collections.label_en, fields.choices, fields.choices_of, null::numeric, null::numeric, false, fields.permission, 0,
    '(select ' || case fields.type when 'instant' then '((' || fields.value_sql || ') at time zone {zone})::date' else fields.value_sql end
      || ' from ' || collections.table_name || ' as r where r.organization_id = $1'
      || ' and r.id = (select (e.payload ->> {k0})::uuid from app_private.events as e where e.organization_id = $1 and e.id = $4)'
      || ' and (p.id is null or (' || collections.person_sql || ')))',
    null, jsonb_build_array(collections.event_property),
    case fields.type when 'instant' then array[collections.source, 'clinic'] else array[collections.source] end
  from payload
  join app_private.rule_collections as collections on payload.properties ? collections.event_property
  join app_private.rule_fields as fields on fields.collection = collections.code
  where rule_terms_of_event.code is null or fields.code = rule_terms_of_event.code
$$;

comment on function app_private.rule_terms_of_event is 'The fields of an event and of what it is about; nothing of an event that nobody knows.';
grant execute on function app_private.rule_terms_of_event to app_engine;
-- end of source: functions/rules/rule_terms_of_event.sql

-- source: functions/rules/rule_terms.sql
-- The fields that a clinic's rules may name: those of every clinic, the answers in its forms, its own fields, its purposes of
-- consent, and in a condition of an automation what the event says. SEG-02, SEG-05.
-- Of a form the latest completed or signed one counts, and of a template and of a field the newest published version that has
-- the key, so that a rule outlives a question that is asked no more.

create or replace function app_private.rule_terms(organization_id uuid, event_name text default null, code text default null)
returns setof app_private.rule_term
language plpgsql stable
set search_path = ''
as $$
declare
  v_family constant text := split_part(code, '.', 1);
begin
  if code is null or v_family not in ('form', 'custom', 'consent', 'event') then
    return query
      select fields.code, fields.collection, case fields.type when 'instant' then 'date' else fields.type end,
        fields.label_ro, fields.label_en, collections.label_ro, collections.label_en, fields.choices, fields.choices_of,
        null::numeric, null::numeric, false, fields.permission, fields.cost,
        case fields.type when 'instant' then '((' || fields.value_sql || ') at time zone {zone})::date' else fields.value_sql end,
        fields.turns_sql, '[]'::jsonb,
        case when fields.type = 'instant' or fields.value_sql ~ '\{(today|zone)\}' then array[fields.source, 'clinic'] else array[fields.source] end
      from app_private.rule_fields as fields
      left join app_private.rule_collections as collections on collections.code = fields.collection
      where rule_terms.code is null or fields.code = rule_terms.code
      order by fields.collection nulls first, fields.position;
  end if;
  if code is null or v_family = 'form' then
    return query select * from app_private.rule_terms_of_forms(rule_terms.organization_id, rule_terms.code);
  end if;
  if code is null or v_family in ('custom', 'consent') then
    return query select * from app_private.rule_terms_of_clinic(rule_terms.organization_id, rule_terms.code);
  end if;
  if event_name is not null then
    return query select * from app_private.rule_terms_of_event(rule_terms.event_name, rule_terms.code);
  end if;
end;
$$;

comment on function app_private.rule_terms is
  'The fields that rules of a clinic may name (of an event, where a condition of an automation is written), or the one of this code.';
grant execute on function app_private.rule_terms to app_engine;

-- What kind of field an item of a form is, and how its answer {j} is read; nothing for what says nothing of a patient.
create or replace function app_private.rule_term_of_item(item jsonb, out type text, out value_sql text)
language sql immutable
set search_path = ''
as $$
  select kinds.type, kinds.value_sql
  from (values
    ('{text,long_text,email,phone}'::text[], 'text', '{j} #>> ''{}'''),
    ('{integer,number,scale}', 'number', 'case jsonb_typeof({j}) when ''number'' then ({j})::numeric end'),
    ('{boolean}', 'boolean', 'case jsonb_typeof({j}) when ''boolean'' then ({j})::boolean end'),
    ('{date}', 'date', 'case when pg_input_is_valid({j} #>> ''{}'', ''date'') then ({j} #>> ''{}'')::date end'),
    ('{choice}', 'choice', '{j} #>> ''{}'''),
    ('{choices}', 'choices', 'case jsonb_typeof({j}) when ''array'' then array(select jsonb_array_elements_text({j})) end'),
    ('{file}', 'presence', 'nullif({j}, ''null'')')
  ) as kinds (items, type, value_sql)
  where rule_term_of_item.item ->> 'type' = any (kinds.items)
$$;

comment on function app_private.rule_term_of_item is 'The type of a field that an item of a form is in rules, and the SQL that reads an answer; null for groups and statements.';
grant execute on function app_private.rule_term_of_item to app_engine;

-- A text of a template in one language, else in the other.
create or replace function app_private.rule_label(label jsonb, locale text) returns text
language sql immutable
set search_path = ''
return coalesce(label ->> locale, label ->> 'ro', label ->> 'en');

comment on function app_private.rule_label is 'A text of a template in this language, or in the one that it has.';
grant execute on function app_private.rule_label to app_engine;

create or replace function app_private.rule_choices_of_item(item jsonb) returns jsonb
language sql immutable
set search_path = ''
return (
  select jsonb_agg(jsonb_build_object(
    'value', listed.value ->> 'value',
    'ro', coalesce(app_private.rule_label(listed.value -> 'label', 'ro'), listed.value ->> 'value'),
    'en', coalesce(app_private.rule_label(listed.value -> 'label', 'en'), listed.value ->> 'value')) order by listed.ordinality)
  from jsonb_array_elements(item -> 'options') with ordinality as listed
);

comment on function app_private.rule_choices_of_item is 'The options of an item with their labels; null where it has none.';
grant execute on function app_private.rule_choices_of_item to app_engine;
-- end of source: functions/rules/rule_terms.sql

-- source: functions/rules/rule_terms_of_clinic.sql
-- The clinic's own fields of patients, and where a patient stands with its purposes of consent. SEG-02.

create or replace function app_private.rule_terms_of_clinic(organization_id uuid, code text default null)
returns setof app_private.rule_term
language sql stable
set search_path = ''
as $$
  select 'custom.' || fields.system_key, null, kind.type,
    app_private.rule_label(versions.definition -> 'label', 'ro'), app_private.rule_label(versions.definition -> 'label', 'en'),
    'Câmpurile clinicii', 'Fields of the clinic', app_private.rule_choices_of_item(versions.definition), null,
    case when kind.type = 'number' then (versions.definition ->> 'min')::numeric end,
    case when kind.type = 'number' then (versions.definition ->> 'max')::numeric end,
    versions.definition ->> 'type' in ('integer', 'scale'), 'patients.view', 1,
    '(select ' || replace(kind.value_sql, '{j}', 'c.value') || ' from app_public.custom_field_values as c where c.organization_id = $1'
      || ' and c.custom_field_id = {k0}::uuid and c.patient_profile_id = p.patient_profile_id)',
    null, jsonb_build_array(fields.id), array['custom:' || fields.id]
  from app_public.custom_fields as fields
  join app_public.custom_field_versions as versions
    on versions.organization_id = fields.organization_id and versions.custom_field_id = fields.id and versions.number = fields.version
  cross join lateral app_private.rule_term_of_item(versions.definition) as kind
  where fields.organization_id = rule_terms_of_clinic.organization_id
    and fields.entity_type = 'patient'
    and kind.type is not null
    and case when rule_terms_of_clinic.code is null then fields.published else 'custom.' || fields.system_key = rule_terms_of_clinic.code end
  union all
  -- As app_private.consent_states() says it, for one purpose and many patients.
  select 'consent.' || purposes.code, null, 'choice', purposes.name_ro, purposes.name, 'Consimțăminte', 'Consents',
    '[{"value": "granted", "ro": "dat", "en": "granted"},
      {"value": "older_version", "ro": "dat pentru o versiune veche", "en": "given to an older version"},
      {"value": "withdrawn", "ro": "retras", "en": "withdrawn"},
      {"value": "refused", "ro": "refuzat", "en": "refused"},
      {"value": "never_given", "ro": "necerut", "en": "never given"}]'::jsonb,
    null, null, null, false, 'patients.view', 1,
    'coalesce((select case when stands.yes then ''granted'' when c.decision = ''refused'' then ''refused'''
      || ' when c.withdrawn_at is not null then ''withdrawn'' else ''older_version'' end'
      || ' from app_public.consents as c'
      || ' join app_public.consent_purpose_versions as given on given.scope_id = c.version_scope_id and given.id = c.purpose_version_id'
      || ' cross join lateral (select coalesce(app_private.consent_stands(c, given,'
      || ' (select app_private.current_consent_version($1, {k0}))), false) as yes) as stands'
      || ' where c.organization_id = $1 and c.patient_profile_id = p.patient_profile_id and c.purpose_code = {k0}'
      || ' and (c.holds_until is null or c.holds_until > {now})'
      || ' order by stands.yes desc, c.decision = ''granted'' and c.withdrawn_at is null desc, c.decided_at desc, c.id desc limit 1), ''never_given'')',
    'least((select min(c.holds_until) from app_public.consents as c where c.organization_id = $1'
      || ' and c.patient_profile_id = p.patient_profile_id and c.purpose_code = {k0} and c.holds_until > {now}),'
      || ' (select min(v.in_force_from) from app_public.consent_purpose_versions as v'
      || ' where v.scope_id in ($1, ''00000000-0000-0000-0000-000000000000'') and v.purpose_code = {k0} and v.in_force_from > {now}))',
    jsonb_build_array(purposes.code), array['consents:' || purposes.code]
  from app_public.consent_purposes as purposes
  where purposes.scope_id in (rule_terms_of_clinic.organization_id, '00000000-0000-0000-0000-000000000000')
    and purposes.scope = 'organization'
    and (rule_terms_of_clinic.code is null or 'consent.' || purposes.code = rule_terms_of_clinic.code)
  order by 1
$$;

comment on function app_private.rule_terms_of_clinic is
  'The clinic''s fields of patients and its purposes of consent, as fields of rules. Without a code those in use.';
grant execute on function app_private.rule_terms_of_clinic to app_engine;
-- end of source: functions/rules/rule_terms_of_clinic.sql

-- source: functions/rules/rule_terms_of_forms.sql
-- The questions of a clinic's published templates. SEG-02. What repeats is left out: it has no one answer.

-- The items that are asked once, those of groups after their group.
create or replace function app_private.items_asked_once(content jsonb) returns setof jsonb
language sql immutable
set search_path = ''
as $$
  with recursive items (item, depth, place) as (
    select listed.value, 1, array[listed.ordinality] from jsonb_array_elements(items_asked_once.content -> 'items') with ordinality as listed
    union all
    select inner_items.value, items.depth + 1, items.place || inner_items.ordinality
    from items
    cross join lateral jsonb_array_elements(items.item -> 'items') with ordinality as inner_items
    where items.item ->> 'type' = 'group' and not items.item ? 'repeat' and items.depth < 3
  )
  select items.item from items order by items.place
$$;

comment on function app_private.items_asked_once is 'The items of a template outside of groups that repeat, in their order.';
grant execute on function app_private.items_asked_once to app_engine;

create or replace function app_private.rule_terms_of_forms(organization_id uuid, code text default null)
returns setof app_private.rule_term
language sql stable
set search_path = ''
as $$
  select 'form.' || newest.template_id || '.' || (newest.item ->> 'key'), null, kind.type,
    app_private.rule_label(newest.item -> 'label', 'ro'), app_private.rule_label(newest.item -> 'label', 'en'), newest.name, newest.name,
    app_private.rule_choices_of_item(newest.item), null,
    case when kind.type = 'number' then (newest.item ->> 'min')::numeric end,
    case when kind.type = 'number' then (newest.item ->> 'max')::numeric end,
    newest.item ->> 'type' in ('integer', 'scale'), 'forms.view', 2,
    '(select ' || replace(kind.value_sql, '{j}', '(f.answers -> {k1})') || ' from app_public.forms as f where f.organization_id = $1'
      || ' and f.template_id = {k0}::uuid and f.patient_id = p.id and f.status in (''completed'', ''signed'') and f.deleted_at is null'
      || ' order by f.completed_at desc, f.id desc limit 1)',
    null, jsonb_build_array(newest.template_id, newest.item ->> 'key'), array['form:' || newest.template_id]
  from (
    select distinct on (templates.name, versions.template_id, item.value ->> 'key')
      templates.name, versions.template_id, versions.number, item.place, item.value as item
    from app_public.form_template_versions as versions
    join app_public.form_templates as templates
      on templates.organization_id = versions.organization_id and templates.id = versions.template_id
    cross join lateral app_private.items_asked_once(versions.content) with ordinality as item (value, place)
    where versions.organization_id = rule_terms_of_forms.organization_id
      and case
        when rule_terms_of_forms.code is null then templates.published and versions.number = templates.version
        -- As text: a code that names no id is nobody's.
        else versions.template_id::text = split_part(rule_terms_of_forms.code, '.', 2)
          and item.value ->> 'key' = split_part(rule_terms_of_forms.code, '.', 3)
      end
    order by templates.name, versions.template_id, item.value ->> 'key', versions.number desc
  ) as newest
  cross join lateral app_private.rule_term_of_item(newest.item) as kind
  where kind.type is not null
    and (rule_terms_of_forms.code is null or rule_terms_of_forms.code = 'form.' || newest.template_id || '.' || (newest.item ->> 'key'))
  order by newest.name, newest.template_id, newest.place
$$;

comment on function app_private.rule_terms_of_forms is
  'The answers that rules may ask for: of a patient''s latest completed or signed form of the template. Without a code those of templates in use, in their newest version.';
grant execute on function app_private.rule_terms_of_forms to app_engine;
-- end of source: functions/rules/rule_terms_of_forms.sql

-- source: functions/rules/rule_turn.sql
-- When a day begins at the clinic that changes something by itself. SEG-03. Written out for the planner: a function that is
-- called for each patient costs more than all the rest.

create or replace function app_private.rule_turn(days text[]) returns text
language sql immutable strict
set search_path = ''
return '(least(' || (
  select string_agg('case when ' || day || ' > {today} then ' || day || ' end', ', ') from unnest(rule_turn.days) as day
) || ')::timestamp at time zone {zone})';

comment on function app_private.rule_turn is 'As SQL: the beginning of the first of these days that is still to come; null where none is.';
grant execute on function app_private.rule_turn to app_engine;

create or replace function app_private.rule_zone(organization_id uuid) returns text
language sql stable
set search_path = ''
return (select organizations.timezone from app_public.organizations where organizations.id = rule_zone.organization_id);

comment on function app_private.rule_zone is 'On whose clock the days of rules are: the clinic''s.';
grant execute on function app_private.rule_zone to app_engine;

create or replace function app_private.rule_today(organization_id uuid) returns date
language sql stable
set search_path = ''
return (app_hidden.now() at time zone app_private.rule_zone(rule_today.organization_id))::date;

comment on function app_private.rule_today is 'The day at the clinic.';
grant execute on function app_private.rule_today to app_engine;

-- A text as app_hidden.search_text() folds it. What holds nothing but letters of Romanian, digits and single spaces, which is
-- almost everything, is folded at a twentieth of the cost.
create or replace function app_private.rule_text(text) returns text
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  v_text constant text := translate($1, 'ABCDEFGHIJKLMNOPQRSTUVWXYZĂÂÎȘŞȚŢăâîșşțţ', 'abcdefghijklmnopqrstuvwxyzaaissttaaisstt');
begin
  if v_text ~ '^[a-z0-9]+( [a-z0-9]+)*$' collate "C" then
    return v_text;
  end if;
  return app_hidden.search_text($1);
end;
$$;

comment on function app_private.rule_text is 'What app_hidden.search_text() says, sooner.';
grant execute on function app_private.rule_text to app_engine;
-- end of source: functions/rules/rule_turn.sql

-- source: functions/rules/rule_part.sql
-- A rule, or a part of one, as SQL. SEG-02, SEG-03. What is missing makes a comparison null, which the condition of a query does
-- not take; below "not" null is made false first, so that it is the plain complement. Of several parts the cheap ones stand
-- first: PostgreSQL asks them in this order within "or", and compile_rule() makes stages of those of the outermost "all".

create or replace function app_private.rule_part(
  organization_id uuid, node jsonb, event_name text, collection text, parameters jsonb
) returns app_private.rule_part
language plpgsql stable
set search_path = ''
as $$
declare
  v_result app_private.rule_part;
  v_part app_private.rule_part;
  v_parts app_private.rule_part[] := '{}';
  v_inner jsonb;
begin
  if node ? 'field' then
    return app_private.rule_part_of_field(
      rule_part.organization_id, node, rule_part.event_name, rule_part.collection, parameters);
  elsif node ? 'count' then
    return app_private.rule_part_of_count(rule_part.organization_id, node, rule_part.event_name, parameters);
  elsif node ? 'segment' then
    return row(
      'exists (select from app_public.segment_members as m where m.organization_id = $1 and m.segment_id = ($3 ->> '
        || jsonb_array_length(parameters) || ')::uuid and m.patient_id = p.id and m.left_at is null)',
      null, '{}'::text[], 1, parameters || jsonb_build_array(node -> 'segment'), array['segment:' || app_hidden.ascii_lower(node ->> 'segment')])::app_private.rule_part;
  elsif node ? 'not' then
    v_result := app_private.rule_part(rule_part.organization_id, node -> 'not', rule_part.event_name, rule_part.collection, parameters);
    v_result.condition_sql := '(' || v_result.condition_sql || ' is not true)';
    v_result.value_sql := null;
    return v_result;
  end if;

  for v_inner in select value from jsonb_array_elements(coalesce(node -> 'all', node -> 'any')) loop
    v_part := app_private.rule_part(rule_part.organization_id, v_inner, rule_part.event_name, rule_part.collection, parameters);
    parameters := v_part.parameters;
    v_parts := v_parts || v_part;
  end loop;
  select
    coalesce('(' || string_agg(part.condition_sql, case when node ? 'all' then ' and ' else ' or ' end order by part.cost, part.ordinality) || ')',
             case when node ? 'all' then 'true' else 'false' end),
    coalesce(max(part.cost), 0)
  into v_result.condition_sql, v_result.cost
  from unnest(v_parts) with ordinality as part;
  v_result.turns_sql := array(select turn from unnest(v_parts) as part cross join lateral unnest(part.turns_sql) as turn);
  v_result.depends := array(select distinct code from unnest(v_parts) as part cross join lateral unnest(part.depends) as code order by code);
  v_result.parameters := parameters;
  return v_result;
end;
$$;

comment on function app_private.rule_part is 'A part of a rule as SQL, with the parameters so far.';
grant execute on function app_private.rule_part to app_engine;

-- How many rows of a collection a patient has. "At least one" and "none" stop at the first.
create or replace function app_private.rule_part_of_count(organization_id uuid, node jsonb, event_name text, parameters jsonb)
returns app_private.rule_part
language plpgsql stable
set search_path = ''
as $$
declare
  v_collection app_private.rule_collections;
  v_where app_private.rule_part;
  v_within app_private.rule_operand;
  v_operand app_private.rule_operand;
  v_operator app_private.rule_operators;
  v_rows text;
  v_counted text;
  v_result app_private.rule_part;
  v_value constant numeric := case jsonb_typeof(node -> 'value') when 'number' then (node -> 'value')::numeric end;
begin
  select collections.* into strict v_collection
  from app_private.rule_collections as collections where collections.code = node #>> '{count,of}';
  select operators.* into strict v_operator
  from app_private.rule_operators as operators where operators.type = 'number' and operators.code = node ->> 'operator';

  v_where := app_private.rule_part(
    rule_part_of_count.organization_id, coalesce(node #> '{count,where}', '{"all": []}'), rule_part_of_count.event_name, v_collection.code, parameters);
  v_within := app_private.rule_within(node #> '{count,within}', v_collection.time_sql, v_where.parameters);
  v_rows := ' from ' || v_collection.table_name || ' as r where r.organization_id = $1 and ' || v_collection.person_sql;
  v_counted := v_rows || ' and ' || v_within.a || ' and ' || v_where.condition_sql;
  v_operand := app_private.rule_operand('number', v_operator.operand, node -> 'value', v_within.parameters);

  v_result.value_sql := '(select count(*)' || v_counted || ')';
  v_result.condition_sql := case
    when node ->> 'operator' = 'at_least' and v_value = 1 or node ->> 'operator' = 'greater' and v_value = 0
      then '(exists (select' || v_counted || '))'
    when node ->> 'operator' in ('is', 'at_most') and v_value = 0 or node ->> 'operator' = 'less' and v_value = 1
      then '(not exists (select' || v_counted || '))'
    else '(' || replace(replace(replace(v_operator.condition_sql, '{v}', v_result.value_sql), '{a}', v_operand.a), '{b}', v_operand.b) || ')'
  end;
  v_result.turns_sql := case
    when v_within.b is not null or cardinality(v_where.turns_sql) > 0 then array[
      '(select min(least(' || array_to_string(array_remove(v_within.b || v_where.turns_sql, null), ', ') || '))' || v_rows || ')']
    else '{}'
  end;
  v_result.cost := 3;
  v_result.parameters := v_operand.parameters;
  v_result.depends := array(
    select distinct code from unnest(v_where.depends || v_collection.source || case when node #> '{count,within}' is not null then array['clinic'] else '{}' end) as code order by code);
  return v_result;
end;
$$;

comment on function app_private.rule_part_of_count is 'A count of a collection as SQL.';
grant execute on function app_private.rule_part_of_count to app_engine;

-- The time in which rows are counted: in a the condition, in b when a row comes in or goes out by itself.
create or replace function app_private.rule_within(within jsonb, time_sql text, parameters jsonb) returns app_private.rule_operand
language plpgsql immutable
set search_path = ''
as $$
declare
  v_place constant int := jsonb_array_length(parameters);
  v_days constant text := '($3 ->> ' || v_place || ')::int';
  v_from constant text := case
    when within ? 'from' then '($3 #>> ''{' || v_place || ',from}'')::date'
    when within ? 'days' then '{today} - ' || v_days
    else '{today}'
  end;
  -- The first day that is no longer in it.
  v_end constant text := case
    when within ? 'from' then '($3 #>> ''{' || v_place || ',to}'')::date + 1'
    when within ? 'days' then '{today} + 1'
    else '{today} + ' || v_days || ' + 1'
  end;
  v_day constant text := '((' || time_sql || ') at time zone {zone})::date';
  v_turning constant text[] := case
    when within ? 'days' then array[v_day, v_day || ' + ' || v_days || ' + 1']
    when within ? 'next_days' then array[v_day || ' - ' || v_days, v_day || ' + 1']
  end;
begin
  if within is null then
    return row('true', null, parameters)::app_private.rule_operand;
  end if;
  return row(
    -- Instants are compared, so that an index over them serves.
    app_private.rule_sql(time_sql || ' >= ((' || v_from || ')::timestamp at time zone {zone}) and '
      || time_sql || ' < ((' || v_end || ')::timestamp at time zone {zone})'),
    app_private.rule_sql(app_private.rule_turn(v_turning)),
    parameters || jsonb_build_array(case when within ? 'from' then within else coalesce(within -> 'days', within -> 'next_days') end)
  )::app_private.rule_operand;
end;
$$;

comment on function app_private.rule_within is 'A window of time as SQL.';
grant execute on function app_private.rule_within to app_engine;
-- end of source: functions/rules/rule_part.sql

-- source: functions/rules/rule_part_of_field.sql
-- A comparison as SQL. SEG-02. The text is made of the catalog's words alone: what the author wrote, and what their clinic calls
-- its fields, stands in the parameters, and the text says at which place.

create or replace function app_private.rule_part_of_field(
  organization_id uuid, node jsonb, event_name text, collection text, parameters jsonb
) returns app_private.rule_part
language plpgsql stable
set search_path = ''
as $$
declare
  v_term app_private.rule_term;
  v_operator app_private.rule_operators;
  v_part app_private.rule_part;
  v_key record;
  v_value text;
  v_operand app_private.rule_operand;
  v_days text;
begin
  select terms.* into v_term
  from app_private.rule_terms(rule_part_of_field.organization_id, rule_part_of_field.event_name, node ->> 'field') as terms
  where terms.collection is not distinct from rule_part_of_field.collection;
  select operators.* into v_operator
  from app_private.rule_operators as operators
  where operators.type = v_term.type and operators.code = node ->> 'operator';
  if v_term.code is null or v_operator.code is null then
    raise exception 'a rule that was not checked: %', node;
  end if;

  v_value := v_term.value_sql;
  for v_key in select listed.value, listed.ordinality - 1 as place from jsonb_array_elements(v_term.keys) with ordinality as listed loop
    v_value := replace(v_value, '{k' || v_key.place || '}', '($3 ->> ' || jsonb_array_length(parameters) || ')');
    v_term.turns_sql := replace(v_term.turns_sql, '{k' || v_key.place || '}', '($3 ->> ' || jsonb_array_length(parameters) || ')');
    parameters := parameters || jsonb_build_array(v_key.value);
  end loop;

  v_operand := app_private.rule_operand(v_term.type, v_operator.operand, node -> 'value', parameters);
  v_days := replace(replace(v_operator.turning_days, '{v}', '(' || v_value || ')'), '{a}', v_operand.a);
  v_part.value_sql := app_private.rule_sql(v_value);
  v_part.condition_sql := '(' || app_private.rule_sql(
    replace(replace(replace(v_operator.condition_sql, '{v}', '(' || v_value || ')'), '{a}', v_operand.a), '{b}', v_operand.b)) || ')';
  v_part.turns_sql := array_remove(array[
    app_private.rule_sql(v_term.turns_sql),
    app_private.rule_sql(app_private.rule_turn(string_to_array(v_days, '; ')))], null);
  v_part.cost := v_term.cost;
  v_part.parameters := v_operand.parameters;
  v_part.depends := v_term.depends || case when v_days is not null then array['clinic'] else '{}' end;
  return v_part;
end;
$$;

comment on function app_private.rule_part_of_field is 'A comparison of a field as SQL.';
grant execute on function app_private.rule_part_of_field to app_engine;

-- The words that the catalog leaves open. What is asked once of the clinic stands in a query of its own, so that it runs once.
create or replace function app_private.rule_sql(text) returns text
language sql immutable strict
set search_path = ''
return replace(replace(replace($1,
  '{today}', '(select app_private.rule_today($1))'), '{zone}', '(select app_private.rule_zone($1))'), '{now}', 'app_hidden.now()');

comment on function app_private.rule_sql is 'SQL of the catalog with the clinic''s day and zone, and the present.';
grant execute on function app_private.rule_sql to app_engine;

-- What stands on the other side of a comparison, and the parameters with it. Texts are folded here, once.
create or replace function app_private.rule_operand(type text, operand text, value jsonb, parameters jsonb) returns app_private.rule_operand
language plpgsql immutable
set search_path = ''
as $$
declare
  v_place constant int := jsonb_array_length(parameters);
  v_cast constant text := case when operand = 'days' then '::int' else case type when 'number' then '::numeric' when 'date' then '::date' when 'boolean' then '::boolean' else '' end end;
  v_result app_private.rule_operand;
begin
  v_result.a := '';
  v_result.b := '';
  if operand = 'none' then
    v_result.parameters := parameters;
    return v_result;
  end if;
  if type = 'text' then
    value := case operand
      when 'list' then (select jsonb_agg(app_hidden.search_text(listed.value)) from jsonb_array_elements_text(value) as listed)
      else to_jsonb(app_hidden.search_text(value #>> '{}'))
    end;
  end if;
  case operand
    when 'range' then
      v_result.a := '($3 #>> ''{' || v_place || ',0}'')' || v_cast;
      v_result.b := '($3 #>> ''{' || v_place || ',1}'')' || v_cast;
    when 'list' then
      v_result.a := 'array(select jsonb_array_elements_text($3 -> ' || v_place || '))';
    else
      v_result.a := '($3 ->> ' || v_place || ')' || v_cast;
  end case;
  v_result.parameters := parameters || jsonb_build_array(value);
  return v_result;
end;
$$;

comment on function app_private.rule_operand is 'What a field is compared with, as SQL over the parameters.';
grant execute on function app_private.rule_operand to app_engine;
-- end of source: functions/rules/rule_part_of_field.sql

-- source: functions/rules/explain_rule.sql
-- Why a rule holds for a patient, or does not: the tree with the verdict of each part, and what each field says. SEG-02.

create or replace function app_private.explain_rule(organization_id uuid, patient_id uuid, rule jsonb, event_id uuid default null)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_event_name constant text := (
    select events.name from app_private.events
    where events.organization_id = explain_rule.organization_id and events.id = explain_rule.event_id);
  v_part app_private.rule_part;
  v_inner jsonb;
  v_holds boolean;
  v_value jsonb;
begin
  if rule ? 'not' then
    v_inner := app_private.explain_rule(explain_rule.organization_id, explain_rule.patient_id, rule -> 'not', explain_rule.event_id);
    return jsonb_build_object('not', v_inner, 'holds', not (v_inner ->> 'holds')::boolean);
  elsif rule ? 'all' or rule ? 'any' then
    v_inner := (
      select coalesce(jsonb_agg(app_private.explain_rule(
        explain_rule.organization_id, explain_rule.patient_id, listed.value, explain_rule.event_id) order by listed.ordinality), '[]')
      from jsonb_array_elements(coalesce(rule -> 'all', rule -> 'any')) with ordinality as listed);
    return case
      when rule ? 'all' then jsonb_build_object('all', v_inner, 'holds', not v_inner @> '[{"holds": false}]')
      else jsonb_build_object('any', v_inner, 'holds', v_inner @> '[{"holds": true}]')
    end;
  end if;
  v_part := app_private.rule_part(explain_rule.organization_id, rule, v_event_name, null, '[]');
  -- One row in any case: an event need not be about a patient.
  execute 'select ' || v_part.condition_sql || ' is true, ' || coalesce('to_jsonb(' || v_part.value_sql || ')', 'null::jsonb')
    || ' from (select) as one left join ' || app_private.rule_patients('patients.id = any ($2)') || ' as p on true'
  into v_holds, v_value
  using explain_rule.organization_id, array[explain_rule.patient_id], v_part.parameters, explain_rule.event_id;
  return rule || jsonb_build_object('holds', v_holds) || case when v_part.value_sql is not null then jsonb_build_object('actual', v_value) else '{}' end;
end;
$$;

comment on function app_private.explain_rule is
  'The rule with holds in each part, and in comparisons and counts what the field is or how many there are as actual, null where nobody knows.';
grant execute on function app_private.explain_rule to app_engine;
-- end of source: functions/rules/explain_rule.sql

-- source: functions/rules/compile_rule.sql
-- A rule as one query with parameters. SEG-02, SEG-03. The parts of its outermost "all" stand in stages: what the row of the
-- patient says first, then what one look-up says, then forms, then counts. "offset 0" keeps the planner from mixing them, so
-- that dear sources are asked only for those whom the cheap ones left.

create or replace function app_private.compile_rule(organization_id uuid, rule jsonb, event_name text default null)
returns app_private.compiled_rule
language plpgsql stable
set search_path = ''
as $$
declare
  v_base constant text := app_private.rule_patients('($2::uuid[] is null or patients.id = any ($2))') || ' as p';
  v_parts jsonb := case when rule ? 'all' then rule -> 'all' else jsonb_build_array(rule) end;
  v_part app_private.rule_part;
  v_node jsonb;
  v_stages text[] := array_fill(null::text, array[4]);
  v_turns text[] := '{}';
  v_from text := v_base;
  v_result app_private.compiled_rule;
begin
  v_result.parameters := '[]';
  v_result.depends := '{patient}';
  v_result.cost := 0;
  for v_node in select value from jsonb_array_elements(v_parts) loop
    v_part := app_private.rule_part(compile_rule.organization_id, v_node, compile_rule.event_name, null, v_result.parameters);
    v_stages[v_part.cost + 1] := coalesce(v_stages[v_part.cost + 1] || ' and ', '') || v_part.condition_sql;
    v_result.parameters := v_part.parameters;
    v_result.depends := v_result.depends || v_part.depends;
    v_result.cost := greatest(v_result.cost, v_part.cost);
    v_turns := v_turns || v_part.turns_sql;
  end loop;

  for stage in 1..4 loop
    if v_stages[stage] is not null then
      v_from := '(select p.* from ' || v_from || ' where ' || v_stages[stage] || ' offset 0) as p';
    end if;
  end loop;
  v_result.query := 'select p.id from ' || v_from;
  v_turns := array(select distinct turn from unnest(v_turns) as turn order by turn);
  v_result.recheck := case
    when cardinality(v_turns) = 0 then 'select null::uuid, null::timestamptz where $1 is null and $2::uuid[] is null and $3::jsonb is null'
    else 'select turning.id, turning.at from (select p.id, least(' || array_to_string(v_turns, ', ') || ') as at from ' || v_base
      || ') as turning where turning.at is not null'
  end;
  v_result.depends := array(select distinct code from unnest(v_result.depends) as code order by code);
  return v_result;
end;
$$;

comment on function app_private.compile_rule is
  'A rule that was checked as a query: those for whom it holds, of $2 or of all; the query of when time alone can next change it; what it reads.';
grant execute on function app_private.compile_rule to app_engine;

-- What conditions read of a patient without a look elsewhere.
create or replace function app_private.rule_patients(condition text) returns text
language sql immutable strict
set search_path = ''
return '(select patients.id, patients.patient_profile_id, patients.created_at, patients.profile_completed_at, profiles.human_id,'
  || ' profiles.given_name, profiles.family_name, profiles.email, profiles.phone, profiles.birth_date, profiles.locale'
  || ' from app_public.patients join app_public.patient_profiles as profiles on profiles.id = patients.patient_profile_id'
  || ' where patients.organization_id = $1 and patients.deleted_at is null and ' || condition || ')';

comment on function app_private.rule_patients is 'As SQL: the patients of the clinic for whom the condition holds, with the columns that rules read.';
grant execute on function app_private.rule_patients to app_engine;

create or replace function app_private.rule_members(organization_id uuid, rule jsonb) returns setof uuid
language plpgsql stable
set search_path = ''
as $$
declare
  v_rule constant app_private.compiled_rule := app_private.compile_rule(rule_members.organization_id, rule_members.rule);
begin
  return query execute v_rule.query using rule_members.organization_id, null::uuid[], v_rule.parameters, null::uuid;
end;
$$;

comment on function app_private.rule_members is 'The patients of the clinic for whom a rule holds now.';
grant execute on function app_private.rule_members to app_engine;

create or replace function app_private.rule_holds(organization_id uuid, patient_id uuid, rule jsonb, event_id uuid default null)
returns boolean
language sql stable
set search_path = ''
return (app_private.explain_rule(rule_holds.organization_id, rule_holds.patient_id, rule_holds.rule, rule_holds.event_id) ->> 'holds')::boolean;

comment on function app_private.rule_holds is 'Whether a rule holds for a patient now, or for nobody in particular: of an event about no patient.';
grant execute on function app_private.rule_holds to app_engine;
-- end of source: functions/rules/compile_rule.sql

-- source: functions/segments/save_segment.sql
-- Writing a segment: one at a time in a clinic, and not while its worker looks, so that what a rule names is there, nothing names
-- itself, and a refresh knows which rule it went by. SEG-01, SEG-02.

create or replace function app_private.lock_segments(organization_id uuid) returns void
language sql volatile
set search_path = ''
as $$
  select pg_advisory_xact_lock(hashtextextended('segments:' || lock_segments.organization_id, 0))
$$;

comment on function app_private.lock_segments is 'Waits for whoever writes or refreshes the segments of a clinic, until the transaction ends.';
grant execute on function app_private.lock_segments to app_engine;

create or replace function app_private.own_segment(segment_id uuid, permission text) returns app_public.segments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_segment app_public.segments;
begin
  select segments.* into v_segment
  from app_public.segments
  where segments.id = own_segment.segment_id and segments.deleted_at is null;
  if not found or not v_segment.organization_id = any (app_hidden.current_staff_organization_ids()) then
    perform app_hidden.refuse('NOT_FOUND', 'segment_not_found');
  end if;
  perform app_private.require_permission(v_segment.organization_id, own_segment.permission);
  return v_segment;
end;
$$;

comment on function app_private.own_segment is
  'A segment of a clinic where the caller has the permission; NOT_FOUND segment_not_found, FORBIDDEN otherwise.';
grant execute on function app_private.own_segment to app_engine;

/* Keeps what the rule of a segment reads, and has everybody looked at, also in what names it. */
create or replace function app_private.follow_rule(segment app_public.segments) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_depends text[] := case
    when (segment).rule is null then '{patient}'
    else (app_private.compile_rule((segment).organization_id, (segment).rule)).depends
  end;
begin
  delete from app_private.segment_dependencies as kept
  where kept.organization_id = (segment).organization_id and kept.segment_id = (segment).id and kept.code <> all (v_depends);
  insert into app_private.segment_dependencies (organization_id, code, segment_id)
  select (segment).organization_id, code, (segment).id from unnest(v_depends) as code
  on conflict do nothing;
  with recursive named as (
    select (segment).id
    union
    select dependency.segment_id
    from named
    join app_private.segment_dependencies as dependency
      on dependency.organization_id = (segment).organization_id and dependency.code = 'segment:' || named.id
  ), emptied as (
    -- What names it changes by the same edit: that is no event, either.
    update app_public.segments set filled_version = null
    where segments.id in (select named.id from named) and segments.filled_version is not null
  )
  insert into app_private.segment_marks (organization_id, segment_id)
  select (segment).organization_id, named.id from named;
  perform app_private.queue_segments(array[(segment).organization_id]);
end;
$$;

comment on function app_private.follow_rule is 'Keeps what a segment reads, and marks everybody for it and for what names it.';
grant execute on function app_private.follow_rule to app_engine;

create or replace function app_private.queue_segments(organization_ids uuid[]) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  -- Without a key: whoever marks would wait for all others who mark in the clinic. A job that finds nothing left costs a look.
  perform graphile_worker.add_jobs(array(
    select row('refresh_segments', jsonb_build_object('organizationId', id), null, null, null, null, null, null)::graphile_worker.job_spec
    from unnest(organization_ids) as id order by id));
end;
$$;

comment on function app_private.queue_segments is 'Has the worker look at the segments of clinics.';
grant execute on function app_private.queue_segments to app_engine;
-- end of source: functions/segments/save_segment.sql

-- source: functions/events/publish_many.sql
-- Publishes one event about each of many subjects, as publish() does about one: the catalog is asked once, all are written and
-- their deliveries queued by one statement. FND-14.
-- It takes no locks on subjects, of which a server has not that many: the caller has changed the row of each in this transaction,
-- so that nobody else publishes about it before the commit.

create or replace function app_private.publish_many(name text, organization_id uuid, subject_ids uuid[], payloads jsonb[])
returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_type app_private.event_types;
  v_problem text;
  v_cause app_private.events;
begin
  select event_types.* into v_type
  from app_private.event_types
  where event_types.name = publish_many.name
  order by event_types.version desc
  limit 1;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'event_name_unknown', jsonb_build_object('name', publish_many.name));
  end if;
  select app_private.payload_problem(v_type.payload_schema, payload) into v_problem
  from unnest(payloads) as payload
  where app_private.payload_problem(v_type.payload_schema, payload) is not null
  limit 1;
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'event_payload_off_schema', jsonb_build_object(
      'name', v_type.name, 'version', v_type.version, 'path', v_problem));
  end if;
  select events.* into v_cause
  from app_private.events
  where events.scope_id = publish_many.organization_id
    and events.id = nullif(current_setting('app.cause_event_id', true), '')::uuid;

  insert into app_private.events
    (organization_id, name, version, subject_type, subject_id, payload, actor_id, request_id, cause_id, depth, position, occurred_at)
  select publish_many.organization_id, v_type.name, v_type.version, v_type.subject_type, said.subject_id, said.payload,
    app_private.current_actor_id(), nullif(current_setting('app.request_id', true), ''), v_cause.id, coalesce(v_cause.depth + 1, 0),
    1 + coalesce(last.position, 0), app_hidden.now()
  from unnest(subject_ids, payloads) as said (subject_id, payload)
  -- All at once: a look for each would be a look through all of them, where the planner takes the table for small.
  left join (
    select events.subject_id, max(events.position) as position
    from app_private.events
    where events.subject_id = any (subject_ids)
    group by events.subject_id
  ) as last on last.subject_id = said.subject_id;
end;
$$;

comment on function app_private.publish_many is
  'Writes an event of the catalog about each of these different subjects, whose rows the caller has changed, and queues the deliveries. '
  'An unknown name or a payload off its schema is refused.';
grant execute on function app_private.publish_many to app_engine;
-- end of source: functions/events/publish_many.sql

-- source: functions/segments/publish_stays.sql
-- What is said of who entered segments and who left them, thousands as soon as one. SEG-04, FND-14.
-- Whoever writes a stay has its row, so nobody says anything else of it meanwhile.

create or replace function app_private.publish_stays(stays app_public.segment_members[]) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_alike record;
begin
  for v_alike in
    select moved.organization_id, case when moved.left_at is null then 'segment.entered' else 'segment.left' end as name,
      array_agg(moved.id order by moved.id) as subject_ids,
      array_agg(jsonb_build_object(
        'segmentId', moved.segment_id, 'patientId', moved.patient_id, 'segmentVersion', segments.version) order by moved.id) as payloads
    from unnest(stays) as moved
    join app_public.segments on segments.organization_id = moved.organization_id and segments.id = moved.segment_id
    group by 1, 2
  loop
    perform app_private.publish_many(v_alike.name, v_alike.organization_id, v_alike.subject_ids, v_alike.payloads);
  end loop;
end;
$$;

comment on function app_private.publish_stays is 'Says of each stay that somebody entered the segment, or left it.';
grant execute on function app_private.publish_stays to app_engine;
-- end of source: functions/segments/publish_stays.sql

-- source: functions/segments/put_in_segment.sql
-- Patients are put into a list and taken out, by staff and by automations. SEG-01, AUT-02.

create or replace function app_private.put_in_segment(organization_id uuid, segment_id uuid, patient_id uuid, is_in boolean) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_segment app_public.segments;
  v_stay app_public.segment_members;
  v_profile_id uuid;
begin
  -- For share: a list that is being removed is waited for.
  select segments.* into v_segment
  from app_public.segments
  where segments.organization_id = put_in_segment.organization_id and segments.id = put_in_segment.segment_id
    and segments.deleted_at is null
  for share;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'segment_not_found');
  elsif v_segment.kind <> 'list' then
    perform app_hidden.refuse('VALIDATION', 'segment_is_not_a_list', '{"field": "segmentId"}');
  end if;
  select patients.patient_profile_id into v_profile_id
  from app_public.patients
  where patients.organization_id = put_in_segment.organization_id and patients.id = put_in_segment.patient_id
    and patients.deleted_at is null
  for share;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  end if;

  if is_in then
    insert into app_public.segment_members (organization_id, segment_id, patient_id, patient_profile_id, entered_at)
    values (put_in_segment.organization_id, put_in_segment.segment_id, put_in_segment.patient_id, v_profile_id, app_hidden.now())
    on conflict do nothing
    returning * into v_stay;
  else
    update app_public.segment_members set left_at = greatest(app_hidden.now(), segment_members.entered_at)
    where segment_members.organization_id = put_in_segment.organization_id
      and segment_members.segment_id = put_in_segment.segment_id
      and segment_members.patient_id = put_in_segment.patient_id
      and segment_members.left_at is null
    returning * into v_stay;
  end if;
  if v_stay.id is null then
    return false;
  end if;
  perform app_private.publish_stays(array[v_stay]);
  return true;
end;
$$;

comment on function app_private.put_in_segment is
  'Puts a patient into a list, or takes them out; whether anything changed. NOT_FOUND segment_not_found, patient_not_found; VALIDATION '
  'segment_is_not_a_list.';
grant execute on function app_private.put_in_segment to app_engine;

set role app_engine;

create or replace function app_public.add_to_segment(segment_id uuid, patient_id uuid) returns app_public.segment_members
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments := app_private.own_segment(segment_id, 'segments.manage');
  v_stay app_public.segment_members;
begin
  perform app_private.put_in_segment(v_segment.organization_id, v_segment.id, add_to_segment.patient_id, true);
  select segment_members.* into strict v_stay
  from app_public.segment_members
  where segment_members.organization_id = v_segment.organization_id and segment_members.segment_id = v_segment.id
    and segment_members.patient_id = add_to_segment.patient_id and segment_members.left_at is null;
  return v_stay;
end;
$$;

comment on function app_public.add_to_segment is
  'Puts a patient into a list; once is enough. Needs segments.manage; NOT_FOUND patient_not_found, VALIDATION segment_is_not_a_list.';
grant execute on function app_public.add_to_segment to app_member;

create or replace function app_public.remove_from_segment(segment_id uuid, patient_id uuid) returns app_public.segment_members
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments := app_private.own_segment(segment_id, 'segments.manage');
  v_stay app_public.segment_members;
begin
  perform app_private.put_in_segment(v_segment.organization_id, v_segment.id, remove_from_segment.patient_id, false);
  select segment_members.* into v_stay
  from app_public.segment_members
  where segment_members.organization_id = v_segment.organization_id and segment_members.segment_id = v_segment.id
    and segment_members.patient_id = remove_from_segment.patient_id
  order by segment_members.entered_at desc, segment_members.id desc
  limit 1;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_in_segment');
  end if;
  return v_stay;
end;
$$;

comment on function app_public.remove_from_segment is
  'Takes a patient out of a list; asked again, it says when they left. Needs segments.manage; NOT_FOUND patient_not_found, '
  'not_in_segment; VALIDATION segment_is_not_a_list.';
grant execute on function app_public.remove_from_segment to app_member;

reset role;
-- end of source: functions/segments/put_in_segment.sql

-- source: functions/automation/act_update_segment.sql
-- update_segment: puts the patient into a list of the clinic, or takes them out. AUT-02, SEG-01.

create or replace function app_private.act_update_segment(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients := app_private.patient_of_step(step);
  v_is_in boolean := coalesce((step.config ->> 'isIn')::boolean, true);
begin
  if app_private.put_in_segment(step.organization_id, (step.config ->> 'segmentId')::uuid, v_patient.id, v_is_in) then
    return app_private.acted('done', null, jsonb_build_object('segmentId', step.config ->> 'segmentId'));
  end if;
  return app_private.acted('skipped', case when v_is_in then 'in_segment_already' else 'not_in_segment' end);
end;
$$;

comment on function app_private.act_update_segment is 'Puts the patient into a list segment or takes them out of it.';
grant execute on function app_private.act_update_segment to app_engine;

create or replace function app_private.check_update_segment(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select '$.segmentId', case when segments.id is null then 'segment_not_found' else 'segment_is_not_a_list' end, '{}'::jsonb
  from (select) as one
  left join app_public.segments
    on segments.organization_id = check_update_segment.organization_id
    and segments.id = (check_update_segment.config ->> 'segmentId')::uuid and segments.deleted_at is null
  where segments.kind is distinct from 'list';
end;

comment on function app_private.check_update_segment is 'A segment of this clinic whose members are put in, not found by a rule.';
grant execute on function app_private.check_update_segment to app_engine;
-- end of source: functions/automation/act_update_segment.sql

-- source: functions/automation/action_problems.sql
-- What is wrong with one action of a rule: unknown, off its schema, or against what the clinic has. AUT-02.

create or replace function app_private.action_problems(organization_id uuid, action jsonb)
returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_action app_private.automation_actions;
  v_config jsonb := coalesce(action_problems.action -> 'config', '{}');
  v_fits boolean := true;
begin
  for path, reason, details in
    select problem.path, problem.reason, problem.details
    from app_private.config_problems('{
      "type": "object", "additionalProperties": false, "required": ["action"], "properties": {
        "action": {"type": "string"}, "config": {"type": "object"},
        "after": {"type": "object"}, "expires": {"type": "object"}}}', action_problems.action) as problem
  loop
    v_fits := false;
    return next;
  end loop;
  if not v_fits then
    return;
  end if;
  select automation_actions.* into v_action
  from app_private.automation_actions
  where automation_actions.code = action_problems.action ->> 'action';
  if not found then
    return query select '$.action'::text, 'action_unknown'::text, '{}'::jsonb;
    return;
  end if;

  for path, reason, details in
    select problem.path, problem.reason, problem.details
    from app_private.config_problems(v_action.config_schema, v_config, '$.config') as problem
  loop
    v_fits := false;
    return next;
  end loop;
  -- A check function reads a config that has its shape.
  if v_fits and v_action.check_function is not null then
    return query execute format(
      'select ''$.config'' || substr(problem.path, 2), problem.reason, problem.details from app_private.%I($1, $2) as problem',
      v_action.check_function) using action_problems.organization_id, v_config;
  end if;
  if action_problems.action ? 'after' then
    return query select problem.path, problem.reason, problem.details
      from app_private.delay_problem(action_problems.action -> 'after', '$.after') as problem;
  end if;
  if action_problems.action ? 'expires' then
    return query select problem.path, problem.reason, problem.details
      from app_private.config_problems(app_private.expires_schema(), action_problems.action -> 'expires', '$.expires') as problem;
  end if;
end;
$$;

comment on function app_private.action_problems is 'What is wrong with {action, config, after, expires}, each with its path below $.';
grant execute on function app_private.action_problems to app_engine;
-- end of source: functions/automation/action_problems.sql

-- source: functions/automation/automation_reasons.sql
-- Why an action was not done, waits or cannot be saved, in words, so that no page keeps words of its own for them. A reason without words
-- is shown as it is. AUT-01, AUT-03.

create or replace function app_private.automation_reasons() returns table (value text, label_ro text, label_en text)
language sql immutable
set search_path = ''
begin atomic
  values
    -- The engine's.
    ('cancelled', 'Ce s-a întâmplat a fost anulat', 'What happened was taken back'),
    ('cap', 'S-a făcut deja de câte ori este permis', 'It was done as often as it may'),
    ('condition', 'Condițiile nu sunt îndeplinite', 'The conditions do not hold'),
    ('depth', 'Prea multe evenimente pornite unul de la altul', 'Too many events that led to each other'),
    ('disabled', 'Automatizarea a fost oprită', 'The automation was switched off'),
    ('error', 'Nu s-a putut face', 'It could not be done'),
    ('expired', 'A trecut timpul în care se mai putea face', 'The time in which it could be done has passed'),
    ('loop', 'A pornit deja în același șir de evenimente', 'It began already in this chain of events'),
    ('retry', 'Se încearcă din nou', 'It is tried again'),
    ('scheduled', 'Așteaptă timpul stabilit', 'It waits for its time'),
    -- Of messages.
    ('consent', 'Lipsește consimțământul', 'The consent is missing'),
    ('nobody_to_tell', 'Nu este nimeni căruia să i se scrie', 'There is nobody to write to'),
    ('quiet_hours', 'Sunt orele de liniște ale pacientului', 'It is within the quiet hours of the patient'),
    ('suppression', 'Pe această cale nu i se mai scrie', 'Nothing is sent to them on this way any more'),
    ('unreachable', 'Nu există o adresă la care să ajungă', 'There is no address to reach them at'),
    -- Of what is asked, opened, booked and listed.
    ('access_stands', 'Are deja acces', 'They have access already'),
    ('asked_already', 'Este deja cerut', 'It is asked already'),
    ('booked_already', 'Este deja programat', 'They are booked already'),
    ('booking_blocked_already', 'Este deja oprit de la programări', 'They are kept from booking already'),
    ('consent_stands', 'Consimțământul este deja acordat', 'The consent stands already'),
    ('decided_by_nobody', 'Nimeni nu a salvat această automatizare', 'Nobody saved this automation'),
    ('form_stands', 'Formularul este deja completat sau așteaptă', 'The form is completed or waits already'),
    ('in_segment_already', 'Este deja pe listă', 'They are in the list already'),
    ('no_free_time', 'Nu există nicio oră liberă', 'There is no free time'),
    ('not_in_segment', 'Nu este pe listă', 'They are not in the list'),
    ('nothing_to_come', 'Nu urmează nicio vizită', 'There is no visit to come'),
    ('reminded_already', 'I s-a amintit deja', 'They were reminded already'),
    -- Of what cannot be saved.
    ('action_unknown', 'Alegeți o acțiune', 'Choose an action'),
    ('calendar_not_found', 'Alegeți un calendar al clinicii', 'Choose a calendar of the clinic'),
    ('consent_purpose_not_found', 'Alegeți un consimțământ pentru care clinica are un text', 'Choose a consent that the clinic has a text for'),
    ('event_lacks', 'Această acțiune nu poate urma acestui eveniment', 'This action cannot follow this event'),
    ('event_not_offered', 'Alegeți un eveniment', 'Choose an event'),
    ('form_template_not_found', 'Alegeți un formular publicat', 'Choose a form that is published'),
    ('most_out_of_bounds', 'Este prea puțin sau prea mult', 'This is too little or too much'),
    ('patients_only', 'Publicitatea ajunge numai la pacienți', 'Only patients are advertised to'),
    ('permission_unknown', 'Alegeți o permisiune', 'Choose a permission'),
    ('section_not_closed', 'O parte care începe cu {{# nu se încheie', 'A part that begins with {{# does not end'),
    ('section_not_open', 'O parte se încheie fără să fi început', 'A part ends that did not begin'),
    ('segment_is_not_a_list', 'Acest segment se face singur, după o regulă', 'This segment is made by a rule'),
    ('segment_not_found', 'Alegeți o listă a clinicii', 'Choose a list of the clinic'),
    ('simulation_too_long', 'Între 1 și 90 de zile', 'Between 1 and 90 days'),
    ('tag_malformed', 'Între {{ și }} stă ceva ce nu este un nume', 'What stands between {{ and }} is no name'),
    ('variable_unknown', 'Numele dintre {{ și }} nu este cunoscut pe această cale', 'The name between {{ and }} is not known on this way'),
    ('whatsapp_template_missing', 'Clinica nu are încă un text aprobat pentru WhatsApp', 'The clinic has no approved text for WhatsApp yet');
end;

comment on function app_private.automation_reasons is 'The reasons of executions and of problems, in words.';
grant execute on function app_private.automation_reasons to app_engine;
-- end of source: functions/automation/automation_reasons.sql

-- source: functions/rules/rule_choices.sql
-- Whose rows a field may be, with the names that the clinic gives them. What is no longer offered stays a choice: patients
-- have it. SEG-05.

create or replace function app_private.rule_choices(organization_id uuid, choices_of text) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('value', listed.id, 'ro', listed.ro, 'en', listed.en) order by listed.ro, listed.id), '[]')
  from (
    select services.id, services.name as ro, coalesce(services.translations #>> '{en,name}', services.name) as en
    from app_public.services
    where choices_of = 'services' and services.organization_id = rule_choices.organization_id and services.deleted_at is null
    union all
    select specialists.id, named.name, named.name
    from app_public.specialists
    cross join lateral (select concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name) as name) as named
    where choices_of = 'specialists' and specialists.organization_id = rule_choices.organization_id and specialists.deleted_at is null
    union all
    select calendars.id, calendars.name, calendars.name
    from app_public.calendars
    where choices_of = 'calendars' and calendars.organization_id = rule_choices.organization_id and calendars.deleted_at is null
    union all
    select form_templates.id, form_templates.name, form_templates.name
    from app_public.form_templates
    where choices_of = 'form_templates' and form_templates.organization_id = rule_choices.organization_id and form_templates.version > 0
    union all
    select patient_tiers.id, patient_tiers.name, coalesce(patient_tiers.translations #>> '{en,name}', patient_tiers.name)
    from app_public.patient_tiers
    where choices_of = 'patient_tiers' and patient_tiers.organization_id = rule_choices.organization_id
    union all
    select service_plans.id, service_plans.name, coalesce(service_plans.translations #>> '{en,name}', service_plans.name)
    from app_public.service_plans
    where choices_of = 'service_plans' and service_plans.organization_id = rule_choices.organization_id
    union all
    select segments.id, segments.name, segments.name
    from app_public.segments
    where choices_of = 'segments' and segments.organization_id = rule_choices.organization_id and segments.deleted_at is null
  ) as listed
$$;

comment on function app_private.rule_choices is 'The rows of the clinic that a field may be: [{value, ro, en}].';
grant execute on function app_private.rule_choices to app_engine;
-- end of source: functions/rules/rule_choices.sql

-- source: functions/automation/automation_choices.sql
-- What the configs of actions can name, by the code that stands in a schema as x-choices or x-inserts: what the checks of the actions
-- pass, so that what is offered can be saved. AUT-01, AUT-02.

create or replace function app_private.automation_choices(organization_id uuid, list text)
returns table (value text, label_ro text, label_en text)
language sql stable
set search_path = ''
as $$
  select form_templates.id::text, form_templates.name, form_templates.name
  from app_public.form_templates
  where list = 'form_templates' and form_templates.organization_id = automation_choices.organization_id and form_templates.published
  union all
  select purposes.code, purposes.name_ro, purposes.name
  from app_public.consent_purposes as purposes
  where list = 'consent_purposes' and purposes.scope = 'organization'
    and purposes.scope_id in (automation_choices.organization_id, '00000000-0000-0000-0000-000000000000')
    and (app_private.current_consent_version(automation_choices.organization_id, purposes.code)).id is not null
  union all
  select calendars.id::text, calendars.name, calendars.name
  from app_public.calendars
  where list = 'calendars' and calendars.organization_id = automation_choices.organization_id
    and calendars.is_active and calendars.deleted_at is null
  union all
  select segments.id::text, segments.name, segments.name
  from app_public.segments
  where list = 'segment_lists' and segments.organization_id = automation_choices.organization_id
    and segments.kind = 'list' and segments.deleted_at is null
  union all
  select choice ->> 'value', choice ->> 'ro', choice ->> 'en'
  from jsonb_array_elements(app_private.rule_choices(automation_choices.organization_id, list)) as choice
  where list in ('services', 'specialists')
  union all
  select permissions.name, permissions.description, permissions.description
  from app_public.permissions
  where list = 'permissions'
  union all
  select known.code, known.label_ro, known.label_en
  from app_private.automation_actions as known
  where list = 'actions' and known.code <> 'schedule_action'
  union all
  select reasons.value, reasons.label_ro, reasons.label_en
  from app_private.automation_reasons() as reasons
  where list = 'reasons'
  union all
  select named.variable, coalesce(words.ro, named.variable), coalesce(words.en, named.variable)
  from app_private.message_types
  cross join lateral unnest(app_private.printable_variables(message_types.variables, substr(list, 11))) as named (variable)
  left join (values
    ('recipientName', 'numele celui care primește', 'name of who receives it'),
    ('patientName', 'numele pacientului', 'name of the patient'),
    ('clinicName', 'numele clinicii', 'name of the clinic'),
    ('clinicPhone', 'telefonul clinicii', 'phone of the clinic'),
    ('clinicEmail', 'e-mailul clinicii', 'mail of the clinic'),
    ('clinicAddress', 'adresa clinicii', 'address of the clinic'),
    ('serviceName', 'serviciul programat', 'service of the appointment'),
    ('specialistName', 'specialistul programării', 'specialist of the appointment'),
    ('when', 'data și ora programării', 'date and hour of the appointment'),
    ('askedUrl', 'adresa la care găsește ce i se cere', 'address of what is asked of them'),
    ('bookingUrl', 'adresa paginii programării', 'address of the booking''s page')
  ) as words (variable, ro, en) on words.variable = named.variable
  where list like 'variables\_%' and message_types.key = 'automation_' || substr(list, 11)
    -- They hold or do not, and print nothing by themselves.
    and named.variable not in ('inPerson', 'video', 'phone')
$$;

comment on function app_private.automation_choices is 'What a config can name, by the code of the list.';
grant execute on function app_private.automation_choices to app_engine;
-- end of source: functions/automation/automation_choices.sql

-- source: functions/automation/automation_builder.sql
-- Everything of which an automation is composed, so that a page builds one out of nothing else. AUT-01, AUT-02.

set role app_engine;

create or replace function app_public.automation_builder(organization_id uuid) returns app_public.automation_contract
language plpgsql stable strict security definer
set search_path = ''
as $$
declare
  v_is_english constant boolean := 'en' = (
    select humans.locale from app_public.humans where humans.principal_id = app_hidden.current_principal_id());
  v_contract app_public.automation_contract;
begin
  perform app_private.require_permission(automation_builder.organization_id, 'automations.view');
  v_contract.events := array(
    select row(known.event_name, case when v_is_english then known.label_en else known.label_ro end, known.label_ro, known.label_en,
               known.has)::app_public.automation_event_choice
    from app_private.automation_events as known
    order by known.event_name);
  v_contract.actions := array(
    select row(known.code, case when v_is_english then known.label_en else known.label_ro end, known.label_ro, known.label_en,
               case when v_is_english then known.description_en else known.description_ro end, known.description_ro, known.description_en,
               known.config_schema, known.needs, known.is_marketing)::app_public.automation_action_choice
    from app_private.automation_actions as known
    order by known.code);
  v_contract.action_limit := 20;
  v_contract.lists := array(
    select row(lists.code, array(
        select row(choice.value, case when v_is_english then choice.label_en else choice.label_ro end, choice.label_ro, choice.label_en
          )::app_public.automation_list_choice
        from app_private.automation_choices(automation_builder.organization_id, lists.code) as choice
        order by case when v_is_english then choice.label_en else choice.label_ro end, choice.value))::app_public.automation_list
    from unnest(array[
      'actions', 'calendars', 'consent_purposes', 'form_templates', 'permissions', 'reasons', 'segment_lists', 'services',
      'specialists', 'variables_email', 'variables_in_app', 'variables_push', 'variables_sms', 'variables_whatsapp'
    ]) as lists (code)
    -- The rest is read by everybody of the staff.
    where lists.code <> 'segment_lists' or app_hidden.has_permission(automation_builder.organization_id, 'segments.view')
    order by lists.code);
  v_contract.after_schema := app_private.after_schema();
  v_contract.expires_schema := app_private.expires_schema();
  v_contract.most_schema := app_private.most_schema();
  return v_contract;
end;
$$;

comment on function app_public.automation_builder is
  'The events and actions of which an automation is composed, with labels, the schema of each config and the lists of the clinic that '
  'a config can name, as far as the caller may read them. Needs automations.view.';
grant execute on function app_public.automation_builder to app_member;

reset role;
-- end of source: functions/automation/automation_builder.sql

-- source: functions/forms/refuse_problems.sql
-- Everything that is wrong is said at once, each with its place, so that a page can show it where it stands. FRM-04, FND-29.

create or replace function app_private.refuse_problems(reason text, problems jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if jsonb_array_length(problems) > 0
     and reason in ('answers_not_valid', 'content_not_valid', 'definition_not_valid', 'rule_not_valid', 'value_not_valid') then
    perform app_hidden.refuse('VALIDATION', reason, jsonb_build_object(
      'count', jsonb_array_length(problems),
      'fields', jsonb_path_query_array(problems, '$[0 to 99]')));
  end if;
end;
$$;

comment on function app_private.refuse_problems is
  'Passes where nothing is wrong; else VALIDATION with fields: [{path, reason, details}], the first hundred.';
grant execute on function app_private.refuse_problems to app_engine;
-- end of source: functions/forms/refuse_problems.sql

-- source: functions/rules/rule_value_problem.sql
-- What is wrong with what a field is compared with, by the type of the field. SEG-02. FRM-04 says alike of answers.

create or replace function app_private.rule_value_problem(
  organization_id uuid, term app_private.rule_term, value jsonb, out reason text, out details jsonb
)
language plpgsql stable
set search_path = ''
as $$
declare
  v_kind constant text := jsonb_typeof(value);
  v_text constant text := value #>> '{}';
begin
  case (term).type
    when 'number' then
      if v_kind <> 'number' then
        reason := 'not_a_number';
      elsif v_text::numeric > coalesce((term).maximum, 1000000000000000) then
        reason := 'too_large';
        details := jsonb_build_object('bound', coalesce((term).maximum, 1000000000000000));
      elsif v_text::numeric < coalesce((term).minimum, -1000000000000000) then
        reason := 'too_small';
        details := jsonb_build_object('bound', coalesce((term).minimum, -1000000000000000));
      elsif (term).is_whole and v_text::numeric % 1 <> 0 then
        reason := 'not_an_integer';
      end if;
    when 'boolean' then
      if v_kind <> 'boolean' then
        reason := 'not_a_boolean';
      end if;
    when 'date' then
      if v_kind <> 'string' or v_text !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' or not pg_input_is_valid(v_text, 'date') then
        reason := 'not_a_date';
      end if;
    when 'text' then
      if v_kind <> 'string' then
        reason := 'not_a_text';
      elsif length(v_text) > 500 then
        reason := 'too_long';
        details := '{"bound": 500}';
      elsif app_hidden.search_text(v_text) = '' then
        reason := 'nothing_to_compare';
      end if;
    else
      if v_kind <> 'string' then
        reason := 'not_a_text';
      elsif not coalesce((term).choices, app_private.rule_choices(rule_value_problem.organization_id, (term).choices_of))
                @> jsonb_build_array(jsonb_build_object('value', value)) then
        reason := 'not_offered';
      end if;
  end case;
end;
$$;

comment on function app_private.rule_value_problem is 'What keeps a field from being compared with this value; null where nothing does.';
grant execute on function app_private.rule_value_problem to app_engine;

-- What stands in value, by what the operator takes.
create or replace function app_private.rule_operand_problems(
  organization_id uuid, term app_private.rule_term, operand text, node jsonb, place text
) returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_value constant jsonb := node -> 'value';
  v_at constant text := rule_operand_problems.place || '.value';
  v_least constant int := case operand when 'range' then 2 else 1 end;
  v_most constant int := case operand when 'range' then 2 else 200 end;
begin
  if operand = 'none' then
    if node ? 'value' then
      return query select v_at, 'value_unexpected', '{}'::jsonb;
    end if;
    return;
  elsif not node ? 'value' then
    return query select v_at, 'value_missing', '{}'::jsonb;
    return;
  end if;
  if operand = 'one' then
    return query select v_at, found.reason, coalesce(found.details, '{}')
      from app_private.rule_value_problem(rule_operand_problems.organization_id, term, v_value) as found
      where found.reason is not null;
  elsif operand = 'days' then
    return query select v_at, found.reason, '{"bound": 3650}'::jsonb
      from app_private.rule_days_problem(v_value) as found (reason) where found.reason is not null;
  elsif jsonb_typeof(v_value) <> 'array' then
    return query select v_at, 'not_a_list', '{}'::jsonb;
  elsif jsonb_array_length(v_value) > v_most then
    return query select v_at, 'too_many', jsonb_build_object('bound', v_most);
  elsif jsonb_array_length(v_value) < v_least then
    return query select v_at, 'too_few', jsonb_build_object('bound', v_least);
  else
    return query
      select v_at || '[' || listed.ordinality - 1 || ']', found.reason, coalesce(found.details, '{}')
      from jsonb_array_elements(v_value) with ordinality as listed
      cross join lateral app_private.rule_value_problem(rule_operand_problems.organization_id, term, listed.value) as found
      where found.reason is not null;
    if not found and operand = 'range' and (
      case (term).type
        when 'number' then (v_value ->> 0)::numeric > (v_value ->> 1)::numeric
        else v_value ->> 0 > (v_value ->> 1) collate "C"
      end) then
      return query select v_at, 'not_in_order', '{}'::jsonb;
    end if;
  end if;
end;
$$;

comment on function app_private.rule_operand_problems is 'What is wrong with the value of a comparison, each with its path.';
grant execute on function app_private.rule_operand_problems to app_engine;

create or replace function app_private.rule_days_problem(value jsonb) returns text
language sql immutable
set search_path = ''
return case
  when jsonb_typeof(value) is distinct from 'number' then 'not_a_number'
  when value::numeric % 1 <> 0 then 'not_an_integer'
  when value::numeric < 0 then 'too_small'
  when value::numeric > 3650 then 'too_large'
end;

comment on function app_private.rule_days_problem is 'What is wrong with a number of days; null where nothing is.';
grant execute on function app_private.rule_days_problem to app_engine;
-- end of source: functions/rules/rule_value_problem.sql

-- source: functions/rules/rule_field_problems.sql
-- What is wrong with one comparison, one count, one segment of a rule. SEG-02.

create or replace function app_private.rule_field_problems(
  organization_id uuid, node jsonb, event_name text, for_caller boolean, collection text, place text
) returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_term app_private.rule_term;
  v_operand text;
begin
  if jsonb_typeof(node -> 'field') = 'string' then
    select terms.* into v_term
    from app_private.rule_terms(rule_field_problems.organization_id, rule_field_problems.event_name, node ->> 'field') as terms
    where terms.collection is not distinct from rule_field_problems.collection;
  end if;
  if v_term.code is null then
    return query select rule_field_problems.place || '.field', 'field_unknown', '{}'::jsonb;
    return;
  end if;
  if for_caller and not app_hidden.has_permission(rule_field_problems.organization_id, coalesce(v_term.permission, 'patients.view')) then
    return query select rule_field_problems.place || '.field', 'permission_missing',
      jsonb_build_object('permission', coalesce(v_term.permission, 'patients.view'));
    return;
  end if;
  select operators.operand into v_operand
  from app_private.rule_operators as operators
  where operators.type = v_term.type and to_jsonb(operators.code) = node -> 'operator';
  if v_operand is null then
    return query select rule_field_problems.place || '.operator', 'operator_unknown', jsonb_build_object('type', v_term.type);
    return;
  end if;
  return query select * from app_private.rule_operand_problems(
    rule_field_problems.organization_id, v_term, v_operand, node, rule_field_problems.place);
end;
$$;

comment on function app_private.rule_field_problems is 'What is wrong with a comparison of a field.';
grant execute on function app_private.rule_field_problems to app_engine;

create or replace function app_private.rule_count_problems(
  organization_id uuid, node jsonb, event_name text, for_caller boolean, place text, depth int
) returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_count constant jsonb := node -> 'count';
  v_at constant text := rule_count_problems.place || '.count';
  v_collection app_private.rule_collections;
  v_operand text;
begin
  if jsonb_typeof(v_count) <> 'object' then
    return query select v_at, 'not_a_count', '{}'::jsonb;
    return;
  end if;
  return query
    select v_at || '.' || word, 'property_unknown', '{}'::jsonb
    from jsonb_object_keys(v_count) as word where word not in ('of', 'where', 'within');
  select collections.* into v_collection
  from app_private.rule_collections as collections where to_jsonb(collections.code) = v_count -> 'of';
  if not found then
    return query select v_at || '.of', 'collection_unknown', '{}'::jsonb;
    return;
  end if;
  if for_caller and not app_hidden.has_permission(rule_count_problems.organization_id, v_collection.permission) then
    return query select v_at || '.of', 'permission_missing', jsonb_build_object('permission', v_collection.permission);
    return;
  end if;
  if v_count ? 'where' then
    return query select * from app_private.rule_node_problems(
      rule_count_problems.organization_id, v_count -> 'where', rule_count_problems.event_name, for_caller, v_collection.code,
      v_at || '.where', depth + 1);
  end if;
  if v_count ? 'within' then
    return query select * from app_private.rule_window_problems(v_count -> 'within', v_at || '.within');
  end if;
  select operators.operand into v_operand
  from app_private.rule_operators as operators
  where operators.type = 'number' and operators.operand in ('one', 'range') and to_jsonb(operators.code) = node -> 'operator';
  if v_operand is null then
    return query select rule_count_problems.place || '.operator', 'operator_unknown', '{"type": "number"}'::jsonb;
    return;
  end if;
  return query select * from app_private.rule_operand_problems(
    rule_count_problems.organization_id, app_private.rule_number_of_rows(), v_operand, node, rule_count_problems.place);
end;
$$;

comment on function app_private.rule_count_problems is 'What is wrong with a count of a collection.';
grant execute on function app_private.rule_count_problems to app_engine;

create or replace function app_private.rule_number_of_rows() returns app_private.rule_term
language sql immutable
set search_path = ''
return jsonb_populate_record(null::app_private.rule_term, '{"type": "number", "minimum": 0, "maximum": 100000, "is_whole": true}');

comment on function app_private.rule_number_of_rows is 'What a count is compared with.';
grant execute on function app_private.rule_number_of_rows to app_engine;

-- Days back from today, days ahead, or from one date to another.
create or replace function app_private.rule_window_problems(within jsonb, place text)
returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_words constant text[] := case jsonb_typeof(within) when 'object' then array(select jsonb_object_keys(within) order by 1) end;
  v_word text;
  v_day constant app_private.rule_term := jsonb_populate_record(null::app_private.rule_term, '{"type": "date"}');
begin
  if v_words is null or not v_words in ('{days}', '{next_days}', '{from,to}') then
    return query select rule_window_problems.place, 'not_a_window', '{}'::jsonb;
    return;
  end if;
  if v_words = '{from,to}' then
    foreach v_word in array v_words loop
      return query select rule_window_problems.place || '.' || v_word, found.reason, '{}'::jsonb
        from app_private.rule_value_problem(null, v_day, within -> v_word) as found where found.reason is not null;
      if found then
        return;
      end if;
    end loop;
    if within ->> 'from' > within ->> 'to' collate "C" then
      return query select rule_window_problems.place, 'not_in_order', '{}'::jsonb;
    end if;
  else
    return query select rule_window_problems.place || '.' || v_words[1], found.reason, '{"bound": 3650}'::jsonb
      from app_private.rule_days_problem(within -> v_words[1]) as found (reason) where found.reason is not null;
  end if;
end;
$$;

comment on function app_private.rule_window_problems is 'What is wrong with the time in which rows are counted.';
grant execute on function app_private.rule_window_problems to app_engine;

create or replace function app_private.rule_segment_problem(organization_id uuid, segment jsonb, for_caller boolean, out reason text, out details jsonb)
language plpgsql stable
set search_path = ''
as $$
begin
  details := '{}';
  if for_caller and not app_hidden.has_permission(rule_segment_problem.organization_id, 'segments.view') then
    reason := 'permission_missing';
    details := '{"permission": "segments.view"}';
  elsif not exists (
    select from app_public.segments
    where segments.organization_id = rule_segment_problem.organization_id
      and to_jsonb(segments.id) = rule_segment_problem.segment
      and segments.deleted_at is null) then
    reason := 'segment_unknown';
  end if;
end;
$$;

comment on function app_private.rule_segment_problem is 'Why a segment cannot be named; null where it can.';
grant execute on function app_private.rule_segment_problem to app_engine;
-- end of source: functions/rules/rule_field_problems.sql

-- source: functions/rules/rule_problems.sql
-- Everything that is wrong with a rule, each with the path of its place, so that a page shows it where it stands. SEG-02, SEG-05.
-- With for_caller also the fields that whoever writes the rule may not read: a rule would tell what it asks for.

create or replace function app_private.rule_problems(
  organization_id uuid, rule jsonb, event_name text default null, for_caller boolean default false
) returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
begin
  if octet_length(rule_problems.rule::text) > 50000 then
    return query select '$', 'too_long', '{"bound": 50000}'::jsonb;
  elsif (select count(*) > 300 from jsonb_path_query(rule_problems.rule, 'strict $.** ? (@.type() == "object")')) then
    return query select '$', 'too_many', '{"bound": 300}'::jsonb;
  else
    return query select * from app_private.rule_node_problems(
      rule_problems.organization_id, rule_problems.rule, rule_problems.event_name, rule_problems.for_caller, null, '$', 1);
  end if;
end;
$$;

comment on function app_private.rule_problems is 'What is wrong with a rule of the clinic (of an event, where an automation asks), each with its path; no row where nothing is.';
grant execute on function app_private.rule_problems to app_engine;

create or replace function app_private.rule_node_problems(
  organization_id uuid, node jsonb, event_name text, for_caller boolean, collection text, place text, depth int
) returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_kind text;
  v_part record;
  v_at text;
begin
  if depth > 10 then
    return query select rule_node_problems.place, 'too_deep', '{"bound": 10}'::jsonb;
    return;
  end if;
  if jsonb_typeof(node) is distinct from 'object' then
    return query select rule_node_problems.place, 'not_a_rule', '{}'::jsonb;
    return;
  end if;
  select word into v_kind
  from unnest(array['all', 'any', 'not', 'field', 'count', 'segment']) as word where node ? word limit 1;
  if v_kind is null then
    return query select rule_node_problems.place, 'not_a_rule', '{}'::jsonb;
    return;
  end if;
  return query
    select rule_node_problems.place || '.' || word, 'property_unknown', '{}'::jsonb
    from jsonb_object_keys(node) as word
    where word <> v_kind and not (v_kind in ('field', 'count') and word in ('operator', 'value'));
  v_at := rule_node_problems.place || '.' || v_kind;

  case v_kind
    when 'all', 'any' then
      if jsonb_typeof(node -> v_kind) <> 'array' then
        return query select v_at, 'not_a_list', '{}'::jsonb;
        return;
      end if;
      for v_part in select listed.value, listed.ordinality - 1 as place from jsonb_array_elements(node -> v_kind) with ordinality as listed loop
        return query select * from app_private.rule_node_problems(
          rule_node_problems.organization_id, v_part.value, rule_node_problems.event_name, for_caller, rule_node_problems.collection,
          v_at || '[' || v_part.place || ']', depth + 1);
      end loop;
    when 'not' then
      return query select * from app_private.rule_node_problems(
        rule_node_problems.organization_id, node -> 'not', rule_node_problems.event_name, for_caller, rule_node_problems.collection, v_at, depth + 1);
    when 'field' then
      return query select * from app_private.rule_field_problems(
        rule_node_problems.organization_id, node, rule_node_problems.event_name, for_caller, rule_node_problems.collection, rule_node_problems.place);
    when 'count' then
      if rule_node_problems.collection is not null then
        return query select v_at, 'not_inside_a_count', '{}'::jsonb;
        return;
      end if;
      return query select * from app_private.rule_count_problems(
        rule_node_problems.organization_id, node, rule_node_problems.event_name, for_caller, rule_node_problems.place, depth);
    else
      if rule_node_problems.collection is not null then
        return query select v_at, 'not_inside_a_count', '{}'::jsonb;
        return;
      end if;
      return query select v_at, found.reason, found.details
        from app_private.rule_segment_problem(rule_node_problems.organization_id, node -> 'segment', for_caller) as found
        where found.reason is not null;
  end case;
end;
$$;

comment on function app_private.rule_node_problems is 'What is wrong with a part of a rule, and with its parts.';
grant execute on function app_private.rule_node_problems to app_engine;

-- Refuses for a verb: the author may write no rule that asks for what they may not read.
create or replace function app_private.require_rule(organization_id uuid, rule jsonb, event_name text default null) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  perform app_private.refuse_problems('rule_not_valid', (
    select coalesce(jsonb_agg(to_jsonb(problem)), '[]')
    from app_private.rule_problems(require_rule.organization_id, require_rule.rule, require_rule.event_name, true) as problem));
end;
$$;

comment on function app_private.require_rule is 'Passes where a rule is right and its author may read what it asks for; else VALIDATION rule_not_valid with each place.';
grant execute on function app_private.require_rule to app_engine;
-- end of source: functions/rules/rule_problems.sql

-- source: functions/automation/automation_problems.sql
-- What is wrong with a rule as it is given, all at once, each with its path. AUT-01, AUT-02.

create or replace function app_private.automation_problems(
  organization_id uuid,
  event_name text,
  conditions jsonb,
  actions jsonb
) returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_event app_private.automation_events;
begin
  select automation_events.* into v_event
  from app_private.automation_events
  where automation_events.event_name = automation_problems.event_name;
  if not found then
    return query select '$.eventName'::text, 'event_not_offered'::text, '{}'::jsonb;
    return;
  end if;
  if automation_problems.conditions is distinct from '{"all": []}' then
    return query
      select '$.conditions' || substr(problem.path, 2), problem.reason, problem.details
      from app_private.rule_problems(
        automation_problems.organization_id, automation_problems.conditions, automation_problems.event_name) as problem;
  end if;
  if jsonb_typeof(automation_problems.actions) is distinct from 'array'
    or (jsonb_typeof(automation_problems.actions) = 'array' and jsonb_array_length(automation_problems.actions) not between 1 and 20) then
    return query select '$.actions'::text, 'out_of_bounds'::text, '{"least": 1, "most": 20}'::jsonb;
    return;
  end if;
  return query
    select format('$.actions[%s]%s', given.place - 1, substr(problem.path, 2)), problem.reason, problem.details
    from jsonb_array_elements(automation_problems.actions) with ordinality as given (action, place)
    cross join lateral app_private.action_problems(automation_problems.organization_id, given.action) as problem;
  -- What is scheduled needs what it would need by itself.
  return query
    select format('$.actions[%s].action', given.place - 1), 'event_lacks'::text, jsonb_build_object('needs', to_jsonb(known.needs))
    from jsonb_array_elements(automation_problems.actions) with ordinality as given (action, place)
    join app_private.automation_actions as known
      on known.code in (given.action ->> 'action', given.action #>> '{config,action}')
    where not known.needs <@ v_event.has;
end;
$$;

comment on function app_private.automation_problems is
  'Everything that is wrong with an event, conditions and actions, with paths like $.actions[0].config.templateId.';
grant execute on function app_private.automation_problems to app_engine;

create or replace function app_private.require_automation(
  organization_id uuid,
  event_name text,
  conditions jsonb,
  actions jsonb
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_problems jsonb;
begin
  select coalesce(jsonb_agg(jsonb_build_object('path', problem.path, 'reason', problem.reason, 'details', problem.details)), '[]')
  into v_problems
  from app_private.automation_problems(
    require_automation.organization_id, require_automation.event_name, require_automation.conditions,
    require_automation.actions) as problem;
  if v_problems <> '[]' then
    perform app_hidden.refuse('VALIDATION', 'automation_not_valid', jsonb_build_object(
      'count', jsonb_array_length(v_problems), 'fields', jsonb_path_query_array(v_problems, '$[0 to 99]')));
  end if;
end;
$$;

comment on function app_private.require_automation is
  'Passes where nothing is wrong; else VALIDATION automation_not_valid with fields: [{path, reason, details}], the first hundred.';
grant execute on function app_private.require_automation to app_engine;
-- end of source: functions/automation/automation_problems.sql

-- source: functions/automation/event_person.sql
-- Whom an event is about: the patient of the appointment that it names, or the patient or profile itself. AUT-01.

create or replace function app_private.event_person(event app_private.events)
returns table (patient_id uuid, patient_profile_id uuid, appointment_id uuid, is_here boolean)
language sql stable
set search_path = ''
begin atomic
  with visit as (
    select appointments.id, appointments.patient_profile_id, appointments.deleted_at
    from app_public.appointments
    where appointments.organization_id = (event).organization_id
      and appointments.id = ((event).payload ->> 'appointmentId')::uuid
  )
  select patients.id, patients.patient_profile_id, (select visit.id from visit),
    patients.deleted_at is null and (select visit.deleted_at from visit) is null
  from app_public.patients
  where patients.organization_id = (event).organization_id
    and case
      when (event).payload ? 'patientId' and (event).payload ->> 'patientId' is not null
        then patients.id = ((event).payload ->> 'patientId')::uuid
      else patients.patient_profile_id = coalesce(
        (select visit.patient_profile_id from visit), ((event).payload ->> 'patientProfileId')::uuid)
    end;
end;

comment on function app_private.event_person is
  'The patient of an event, with the profile and the appointment; is_here: whether they are still a patient, and the appointment still stands in the lists. No row: it has none.';
grant execute on function app_private.event_person to app_engine;

-- Whether what happened was taken back since: asked before anything is done, also of what the trigger could not see yet.
create or replace function app_private.is_undone(event app_private.events) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select from app_private.automation_events
    join app_private.events as later on later.name = any (automation_events.undone_by)
    where automation_events.event_name = (event).name
      and later.subject_id = (event).subject_id and later.position > (event).position);
end;

comment on function app_private.is_undone is 'Whether a later event about the same subject takes this one back.';
grant execute on function app_private.is_undone to app_engine;
-- end of source: functions/automation/event_person.sql

-- source: functions/automation/run_execution.sql
-- Does an action that waits, and writes what became of it. Whoever calls has locked the row, or made it. AUT-01, AUT-03.

create or replace function app_private.run_execution(execution_id uuid, again boolean) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_execution app_public.automation_executions;
  v_rule app_public.automation_rules;
  v_version app_public.automation_rule_versions;
  v_event app_private.events;
  v_person record;
  v_outcome app_private.action_outcome;
begin
  select automation_executions.* into strict v_execution
  from app_public.automation_executions where automation_executions.id = run_execution.execution_id;
  select automation_rules.* into strict v_rule
  from app_public.automation_rules where automation_rules.id = v_execution.automation_rule_id;
  select versions.* into strict v_version
  from app_public.automation_rule_versions as versions where versions.id = v_execution.automation_rule_version_id;
  select events.* into strict v_event from app_private.events where events.id = v_execution.event_id;
  select person.* into v_person from app_private.event_person(v_event) as person;

  -- What was delayed is asked again: much may have happened since.
  if run_execution.again then
    v_outcome.reason := case
      when not v_rule.is_enabled then 'disabled'
      when v_person.is_here is not true or app_private.is_undone(v_event) then 'cancelled'
      when v_execution.expires_at < app_hidden.now() then 'expired'
      when v_version.conditions <> '{"all": []}'
        and not app_private.rule_holds(v_rule.organization_id, v_person.patient_id, v_version.conditions, v_event.id) then 'condition'
    end;
  end if;
  if v_outcome.reason is not null then
    v_outcome.outcome := 'skipped';
  else
    perform set_config('app.cause_event_id', v_event.id::text, true);
    v_outcome := app_private.perform_action(
      (v_rule.organization_id, v_execution.id, v_rule.id, v_version.id, v_event.id, v_execution.action_index,
       v_person.patient_id, v_person.patient_profile_id, v_person.appointment_id,
       coalesce(v_version.actions -> v_execution.action_index -> 'config', '{}'))::app_private.action_step,
      v_execution.action, v_execution.attempts);
    perform set_config('app.cause_event_id', '', true);
  end if;

  -- Quiet hours and failures that pass put it off until it expires; a time that was set is its time.
  if v_outcome.outcome = 'waiting' and v_outcome.reason is distinct from 'scheduled' and v_outcome.until > v_execution.expires_at then
    v_outcome.outcome := 'skipped';
    v_outcome.reason := coalesce(v_outcome.reason, 'expired');
  end if;
  update app_public.automation_executions set
    outcome = v_outcome.outcome,
    reason = coalesce(v_outcome.reason, case when v_outcome.outcome in ('skipped', 'failed') then 'error' end),
    details = coalesce(v_outcome.details, '{}'),
    attempts = automation_executions.attempts + 1,
    due_at = case when v_outcome.outcome = 'waiting' then v_outcome.until else automation_executions.due_at end,
    expires_at = case when v_outcome.outcome = 'waiting' and v_outcome.reason = 'scheduled'
      then v_outcome.until + interval '3 days' else automation_executions.expires_at end,
    ended_at = case when v_outcome.outcome <> 'waiting' then app_hidden.now() end
  where automation_executions.id = v_execution.id;
end;
$$;

comment on function app_private.run_execution is
  'Does the action of an execution that waits and records its outcome; again: what was delayed is checked once more before.';
grant execute on function app_private.run_execution to app_engine;
-- end of source: functions/automation/run_execution.sql

-- source: functions/automation/why_not.sql
-- Why a rule does not begin with an event, or null where it does. AUT-03.
-- The cheap reasons first; the cap last, since it takes a lock.

create or replace function app_private.why_not(
  event app_private.events,
  rule app_public.automation_rules,
  version app_public.automation_rule_versions,
  patient_id uuid,
  patient_profile_id uuid
) returns text
language plpgsql volatile
set search_path = ''
as $$
declare
  v_today timestamptz;
begin
  if app_private.is_undone(event) then
    return 'cancelled';
  elsif event.depth > 8 then
    return 'depth';
  elsif event.cause_id is not null and exists (
    with recursive chain as (
      select event.cause_id as id
      union all
      select events.cause_id
      from chain
      join app_private.events on events.scope_id = event.scope_id and events.id = chain.id
      where events.cause_id is not null
    )
    select from chain
    join app_public.automation_executions as ran
      on ran.organization_id = event.organization_id and ran.event_id = chain.id
      and ran.automation_rule_id = rule.id and ran.action is not null
  ) then
    return 'loop';
  elsif version.conditions <> '{"all": []}'
    and not app_private.rule_holds(event.organization_id, patient_id, version.conditions, event.id) then
    return 'condition';
  end if;

  if patient_profile_id is not null then
    perform pg_advisory_xact_lock(hashtextextended('automation:' || rule.id || patient_profile_id, 0));
    select date_trunc('day', event.occurred_at, organizations.timezone) into v_today
    from app_public.organizations
    where organizations.id = event.organization_id;
    if (select count(*) >= version.most_per_day
        from app_public.automation_executions as ran
        join app_private.events as began on began.organization_id = ran.organization_id and began.id = ran.event_id
        where ran.organization_id = event.organization_id and ran.automation_rule_id = rule.id
          and ran.patient_profile_id = why_not.patient_profile_id and ran.action_index = 0
          and began.occurred_at >= v_today and began.occurred_at < v_today + interval '1 day')
      or version.most_ever <= (
        select count(*)
        from app_public.automation_executions as ran
        where ran.organization_id = event.organization_id and ran.automation_rule_id = rule.id
          and ran.patient_profile_id = why_not.patient_profile_id and ran.action_index = 0)
    then
      return 'cap';
    end if;
  end if;
  return null;
end;
$$;

comment on function app_private.why_not is
  'cancelled, depth, loop, condition or cap: why a rule does not begin with an event; null where it does.';
grant execute on function app_private.why_not to app_engine;
-- end of source: functions/automation/why_not.sql

-- source: functions/automation/begin_automation.sql
-- A rule begins with an event: either with a reason why not, or with a row for each action, of which those that are due are done
-- in their order. AUT-01, AUT-03.

create or replace function app_private.begin_automation(event app_private.events, rule app_public.automation_rules) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_version app_public.automation_rule_versions;
  v_person record;
  v_reason text;
  v_zone text;
  v_execution record;
begin
  select versions.* into strict v_version
  from app_public.automation_rule_versions as versions
  where versions.organization_id = rule.organization_id and versions.automation_rule_id = rule.id
    and versions.version = rule.version;
  select person.* into v_person from app_private.event_person(event) as person;
  v_reason := case when v_person.is_here is not true then 'cancelled'
    else app_private.why_not(event, rule, v_version, v_person.patient_id, v_person.patient_profile_id) end;
  if v_reason is not null then
    insert into app_public.automation_executions
      (organization_id, automation_rule_id, automation_rule_version_id, event_id, patient_profile_id, outcome, reason,
       due_at, expires_at, created_at, ended_at)
    values (rule.organization_id, rule.id, v_version.id, event.id, v_person.patient_profile_id, 'skipped', v_reason,
            event.occurred_at, event.occurred_at, app_hidden.now(), app_hidden.now());
    return;
  end if;

  v_zone := app_private.zone_of(rule.organization_id, v_person.patient_id);
  for v_execution in
    with planned as (
      insert into app_public.automation_executions
        (organization_id, automation_rule_id, automation_rule_version_id, event_id, action_index, action, patient_profile_id,
         outcome, due_at, expires_at, created_at)
      select rule.organization_id, rule.id, v_version.id, event.id, given.place - 1, given.action ->> 'action',
        v_person.patient_profile_id, 'waiting', due.at,
        due.at + make_interval(
          hours => coalesce((given.action #>> '{expires,hours}')::int, 0),
          days => coalesce((given.action #>> '{expires,days}')::int, case when given.action ? 'expires' then 0 else 3 end)),
        app_hidden.now()
      from jsonb_array_elements(v_version.actions) with ordinality as given (action, place)
      cross join lateral (
        select app_private.delayed(event.occurred_at, coalesce(given.action -> 'after', '{}'), v_zone) as at) as due
      returning id, action_index, due_at
    )
    select planned.id from planned where planned.due_at <= app_hidden.now() order by planned.action_index
  loop
    perform app_private.run_execution(v_execution.id, false);
  end loop;
end;
$$;

comment on function app_private.begin_automation is
  'Plans the actions of a rule about an event and does those that are due; or records why the rule does not begin.';
grant execute on function app_private.begin_automation to app_engine;
-- end of source: functions/automation/begin_automation.sql

-- source: functions/automation/check_schedule_action.sql
-- What is scheduled is checked as if it stood by itself. AUT-02.

create or replace function app_private.check_schedule_action(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
begin
  if check_schedule_action.config ->> 'action' = 'schedule_action' then
    return query select '$.action'::text, 'not_offered'::text, '{}'::jsonb;
  else
    return query select '$' || substr(problem.path, 2), problem.reason, problem.details
      from app_private.action_problems(
        check_schedule_action.organization_id,
        check_schedule_action.config - 'after') as problem;
  end if;
end;
$$;

comment on function app_private.check_schedule_action is 'What is wrong with the action that is scheduled.';
grant execute on function app_private.check_schedule_action to app_engine;
-- end of source: functions/automation/check_schedule_action.sql

-- source: functions/automation/consume_automations.sql
-- The consumer "automations": the enabled rules of the clinic for an event, in their order. AUT-01, AUT-03.
-- All in the transaction that marks the event as delivered: whoever ends in between has done nothing. A rule that has begun with
-- this event does not begin again, whatever its version.

set role app_engine;

create or replace function app_private.consume_automations(event_id uuid) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_event app_private.events;
  v_rule app_public.automation_rules;
  v_state text;
begin
  select events.* into strict v_event from app_private.events where events.id = consume_automations.event_id;
  for v_rule in
    select automation_rules.*
    from app_public.automation_rules
    where automation_rules.organization_id = v_event.organization_id
      and automation_rules.event_name = v_event.name and automation_rules.is_enabled
      and not exists (
        select from app_public.automation_executions as ran
        where ran.organization_id = v_event.organization_id and ran.event_id = v_event.id
          and ran.automation_rule_id = automation_rules.id)
    order by automation_rules.position
  loop
    begin
      perform app_private.begin_automation(v_event, v_rule);
    exception
      -- What passes by itself is told again, with all that the event calls for.
      when serialization_failure or deadlock_detected or lock_not_available then
        raise;
      when others then
        get stacked diagnostics v_state = returned_sqlstate;
        insert into app_public.automation_executions
          (organization_id, automation_rule_id, automation_rule_version_id, event_id, outcome, reason, details,
           due_at, expires_at, created_at, ended_at)
        select v_rule.organization_id, v_rule.id, versions.id, v_event.id, 'failed', 'error', jsonb_build_object('sqlstate', v_state),
          v_event.occurred_at, v_event.occurred_at, app_hidden.now(), app_hidden.now()
        from app_public.automation_rule_versions as versions
        where versions.organization_id = v_rule.organization_id and versions.automation_rule_id = v_rule.id
          and versions.version = v_rule.version;
    end;
  end loop;
end;
$$;

comment on function app_private.consume_automations is 'Begins the automations of the clinic that are for this event.';
grant execute on function app_private.consume_automations to app_worker;

-- One delayed action, in a transaction of its own. What another worker has in hand is passed over.
create or replace function app_private.run_due_automation() returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_id uuid;
  v_state text;
begin
  select automation_executions.id into v_id
  from app_public.automation_executions
  where automation_executions.outcome = 'waiting' and automation_executions.due_at <= app_hidden.now()
  order by automation_executions.due_at
  limit 1
  for update skip locked;
  if not found then
    return null;
  end if;
  begin
    perform app_private.run_execution(v_id, true);
  exception when others then
    -- What fails around the action, such as its conditions, does not keep those behind it from their turn.
    get stacked diagnostics v_state = returned_sqlstate;
    update app_public.automation_executions set
      outcome = case when automation_executions.attempts < 6 then 'waiting' else 'failed' end,
      reason = case when automation_executions.attempts < 6 then 'retry' else 'error' end,
      details = jsonb_build_object('sqlstate', v_state),
      due_at = app_hidden.now() + interval '10 seconds' * power(3, automation_executions.attempts),
      attempts = automation_executions.attempts + 1,
      ended_at = case when automation_executions.attempts < 6 then null else app_hidden.now() end
    where automation_executions.id = v_id;
  end;
  return v_id;
end;
$$;

comment on function app_private.run_due_automation is 'Does the delayed action that is due the longest; null: none is due.';
grant execute on function app_private.run_due_automation to app_worker;

reset role;
-- end of source: functions/automation/consume_automations.sql

-- source: functions/segments/remove_segment.sql
-- A segment goes while nothing names it; who was in it stays to be read by who asks for its id. SEG-01.

set role app_engine;

create or replace function app_public.remove_segment(segment_id uuid) returns app_public.segments
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments := app_private.own_segment(segment_id, 'segments.manage');
  v_names jsonb;
begin
  perform app_private.lock_segments(v_segment.organization_id);
  select jsonb_agg(jsonb_build_object('kind', named.kind, 'id', named.id, 'name', named.name) order by named.kind, named.name)
  into v_names
  from app_private.who_names_segment(v_segment.organization_id, v_segment.id) as named;
  if v_names is not null then
    perform app_hidden.refuse('CONFLICT', 'segment_is_named', jsonb_build_object('count', jsonb_array_length(v_names), 'by', v_names));
  end if;
  perform app_private.soft_delete('app_public.segments', v_segment.id);
  update app_public.segment_members set left_at = greatest(app_hidden.now(), segment_members.entered_at)
  where segment_members.organization_id = v_segment.organization_id
    and segment_members.segment_id = v_segment.id and segment_members.left_at is null;
  delete from app_private.segment_dependencies as kept
  where kept.organization_id = v_segment.organization_id and kept.segment_id = v_segment.id;
  delete from app_private.segment_marks as kept
  where kept.organization_id = v_segment.organization_id and kept.segment_id = v_segment.id;
  delete from app_private.segment_rechecks as kept
  where kept.organization_id = v_segment.organization_id and kept.segment_id = v_segment.id;
  select segments.* into strict v_segment from app_public.segments where segments.id = v_segment.id;
  return v_segment;
end;
$$;

comment on function app_public.remove_segment is
  'Removes a segment. Needs segments.manage; CONFLICT segment_is_named with what names it.';
grant execute on function app_public.remove_segment to app_member;

reset role;

/* Wherever in conditions and actions the id stands: in a part of the rule, beside event.segmentId, in a config of whatever depth. */
create or replace function app_private.names_segment(conditions jsonb, actions jsonb, segment_id uuid) returns boolean
language sql immutable
set search_path = ''
return position(names_segment.segment_id::text in app_hidden.ascii_lower(names_segment.conditions::text || names_segment.actions::text)) > 0;

comment on function app_private.names_segment is 'Whether conditions or actions of an automation name a segment.';
grant execute on function app_private.names_segment to app_engine;

/* Whoever saves an automation that names a segment and whoever removes the segment wait for each other: the later sees what the other did. */
create or replace function app_private.lock_named_segments(organization_id uuid, conditions jsonb, actions jsonb) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  if exists (
    select from app_public.segments
    where segments.organization_id = lock_named_segments.organization_id
      and app_private.names_segment(lock_named_segments.conditions, lock_named_segments.actions, segments.id)
  ) then
    perform app_private.lock_segments(lock_named_segments.organization_id);
  end if;
end;
$$;

comment on function app_private.lock_named_segments is 'Locks the segments of a clinic, where conditions or actions name one.';
grant execute on function app_private.lock_named_segments to app_engine;

/* The one place that knows what may name a segment; whatever comes to name one joins here. */
create or replace function app_private.who_names_segment(organization_id uuid, segment_id uuid)
returns table (kind text, id uuid, name text)
language sql stable
set search_path = ''
as $$
  select 'segment', segments.id, segments.name
  from app_private.segment_dependencies as dependency
  join app_public.segments on segments.organization_id = dependency.organization_id and segments.id = dependency.segment_id
  where dependency.organization_id = who_names_segment.organization_id
    and dependency.code = 'segment:' || who_names_segment.segment_id
    and segments.deleted_at is null
  union all
  -- Whatever an automation may still do: by its present version, on or off, and by those of which an action waits.
  select 'automation', rules.id, rules.name
  from app_public.automation_rules as rules
  where rules.organization_id = who_names_segment.organization_id
    and exists (
      select from app_public.automation_rule_versions as versions
      where versions.organization_id = rules.organization_id and versions.automation_rule_id = rules.id
        and app_private.names_segment(versions.conditions, versions.actions, who_names_segment.segment_id)
        and (rules.removed_at is null and versions.version = rules.version or exists (
          select from app_public.automation_executions as waiting
          where waiting.organization_id = versions.organization_id and waiting.automation_rule_id = versions.automation_rule_id
            and waiting.automation_rule_version_id = versions.id and waiting.outcome = 'waiting')))
$$;

comment on function app_private.who_names_segment is 'What would not know any more who it is about, were the segment gone.';
grant execute on function app_private.who_names_segment to app_engine;
-- end of source: functions/segments/remove_segment.sql

-- source: functions/automation/create_automation.sql
-- A clinic makes an automation. AUT-01.

set role app_engine;

create or replace function app_public.create_automation(
  organization_id uuid,
  name text,
  event_name text,
  actions jsonb,
  conditions jsonb default '{"all": []}',
  is_enabled boolean default true,
  most_per_day int default 10,
  most_ever int default null
) returns app_public.automation_rules
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(create_automation.organization_id, 'automations.manage');
  return app_private.add_automation(
    create_automation.organization_id, create_automation.name, create_automation.event_name, create_automation.actions,
    create_automation.conditions, coalesce(create_automation.is_enabled, true), create_automation.most_per_day,
    create_automation.most_ever);
end;
$$;

comment on function app_public.create_automation is
  E'@arg eventName What it begins with, one of automationBuilder.\n'
  '@arg actions A list of {action, config, after?, expires?}, done in this order; after: {minutes, hours, days, at}.\n'
  '@arg conditions A rule about the patient and the event; {"all": []} always holds.\n'
  '@arg isEnabled Whether it begins with new events at once.\n'
  '@arg mostPerDay How often it runs for one patient on one day, from 1 to 100.\n'
  '@arg mostEver How often it runs for one patient at all; null: as often as it happens.\n'
  'Makes an automation, the last in the order of the clinic. Needs automations.manage. VALIDATION automation_not_valid with the '
  'paths of all that is wrong; CONFLICT too_many_automations.';
grant execute on function app_public.create_automation to app_member;

reset role;

create or replace function app_private.add_automation(
  organization_id uuid,
  name text,
  event_name text,
  actions jsonb,
  conditions jsonb,
  is_enabled boolean,
  most_per_day int,
  most_ever int
) returns app_public.automation_rules
language plpgsql volatile
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules;
  v_last int;
begin
  perform app_private.lock_named_segments(add_automation.organization_id, add_automation.conditions, add_automation.actions);
  perform app_private.require_automation(
    add_automation.organization_id, add_automation.event_name, add_automation.conditions, add_automation.actions);
  perform app_private.require_most(add_automation.most_per_day, add_automation.most_ever);
  perform app_private.lock_automations(add_automation.organization_id);
  select coalesce(max(automation_rules.position), 0) into v_last
  from app_public.automation_rules
  where automation_rules.organization_id = add_automation.organization_id;
  if v_last >= 100 then
    perform app_hidden.refuse('CONFLICT', 'too_many_automations', '{"most": 100}');
  end if;
  insert into app_public.automation_rules (organization_id, name, event_name, is_enabled, position)
  values (add_automation.organization_id, add_automation.name, add_automation.event_name, add_automation.is_enabled, v_last + 1)
  returning * into v_rule;
  perform app_private.add_automation_version(
    v_rule, add_automation.conditions, add_automation.actions, add_automation.most_per_day, add_automation.most_ever);
  return v_rule;
end;
$$;

comment on function app_private.add_automation is 'Makes an automation with its first version, the last in the order of the clinic.';
grant execute on function app_private.add_automation to app_engine;

create or replace function app_private.add_automation_version(
  rule app_public.automation_rules,
  conditions jsonb,
  actions jsonb,
  most_per_day int,
  most_ever int
) returns void
language sql volatile
set search_path = ''
begin atomic
  insert into app_public.automation_rule_versions
    (organization_id, automation_rule_id, version, conditions, actions, most_per_day, most_ever, created_by)
  values ((rule).organization_id, (rule).id, (rule).version, add_automation_version.conditions, add_automation_version.actions,
          add_automation_version.most_per_day, add_automation_version.most_ever, app_private.current_actor_id());
end;

comment on function app_private.add_automation_version is 'Writes what a rule does from now on.';
grant execute on function app_private.add_automation_version to app_engine;

create or replace function app_private.require_most(most_per_day int, most_ever int) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_field text;
begin
  select substr(problem.path, 3) into v_field
  from app_private.config_problems(
    app_private.most_schema(),
    jsonb_strip_nulls(jsonb_build_object('mostPerDay', most_per_day, 'mostEver', most_ever))) as problem
  order by problem.path desc
  limit 1;
  if found then
    perform app_hidden.refuse('VALIDATION', 'most_out_of_bounds', jsonb_build_object(
      'field', v_field, 'most', app_private.most_schema() #> array['properties', v_field, 'maximum']));
  end if;
end;
$$;

comment on function app_private.require_most is 'VALIDATION most_out_of_bounds, naming the field.';
grant execute on function app_private.require_most to app_engine;

-- Whoever changes the order of a clinic's automations, or adds to it, does so alone.
create or replace function app_private.lock_automations(organization_id uuid) returns void
language sql volatile
set search_path = ''
begin atomic
  select pg_advisory_xact_lock(hashtextextended('automations:' || lock_automations.organization_id, 0));
end;

comment on function app_private.lock_automations is 'Locks the order of a clinic''s automations until the transaction ends.';
grant execute on function app_private.lock_automations to app_engine;
-- end of source: functions/automation/create_automation.sql

-- source: functions/automation/edit_automation.sql
-- Editing makes a version: what has begun ends by its own. AUT-01.

set role app_engine;

create or replace function app_public.edit_automation(
  automation_rule_id uuid,
  name text,
  actions jsonb,
  conditions jsonb default '{"all": []}',
  most_per_day int default 10,
  most_ever int default null
) returns app_public.automation_rules
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules := app_private.own_automation(edit_automation.automation_rule_id);
  v_same boolean;
begin
  perform app_private.lock_named_segments(v_rule.organization_id, edit_automation.conditions, edit_automation.actions);
  perform app_private.require_automation(
    v_rule.organization_id, v_rule.event_name, edit_automation.conditions, edit_automation.actions);
  perform app_private.require_most(edit_automation.most_per_day, edit_automation.most_ever);
  select (versions.conditions, versions.actions, versions.most_per_day, versions.most_ever) is not distinct from
         (edit_automation.conditions, edit_automation.actions, edit_automation.most_per_day, edit_automation.most_ever)
  into strict v_same
  from app_public.automation_rule_versions as versions
  where versions.organization_id = v_rule.organization_id and versions.automation_rule_id = v_rule.id
    and versions.version = v_rule.version;
  update app_public.automation_rules set
    name = edit_automation.name,
    version = automation_rules.version + case when v_same then 0 else 1 end
  where automation_rules.id = v_rule.id
  returning * into v_rule;
  if not v_same then
    perform app_private.add_automation_version(
      v_rule, edit_automation.conditions, edit_automation.actions, edit_automation.most_per_day, edit_automation.most_ever);
  end if;
  return v_rule;
end;
$$;

comment on function app_public.edit_automation is
  E'@arg automationRuleId The automation, by its id.\n'
  '@arg actions A list of {action, config, after?, expires?}, done in this order; after: {minutes, hours, days, at}.\n'
  '@arg conditions A rule about the patient and the event; {"all": []} always holds.\n'
  '@arg mostPerDay How often it runs for one patient on one day, from 1 to 100.\n'
  '@arg mostEver How often it runs for one patient at all; null: as often as it happens.\n'
  'Changes what an automation does from the next event on; what has begun ends as it began. Unchanged, it makes no version. '
  'Needs automations.manage. NOT_FOUND; VALIDATION automation_not_valid with the paths of all that is wrong.';
grant execute on function app_public.edit_automation to app_member;

reset role;

-- Under the lock of the clinic's automations, so that two who edit make two versions.
create or replace function app_private.own_automation(automation_rule_id uuid) returns app_public.automation_rules
language plpgsql volatile
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules;
begin
  select automation_rules.* into v_rule
  from app_public.automation_rules
  where automation_rules.id = own_automation.automation_rule_id and automation_rules.removed_at is null
    and automation_rules.organization_id = any (app_hidden.current_staff_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_permission(v_rule.organization_id, 'automations.manage');
  perform app_private.lock_automations(v_rule.organization_id);
  select automation_rules.* into v_rule
  from app_public.automation_rules
  where automation_rules.id = v_rule.id and automation_rules.removed_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return v_rule;
end;
$$;

comment on function app_private.own_automation is
  'An automation that the caller may edit, with those of the clinic locked; NOT_FOUND for strangers, FORBIDDEN for a colleague without automations.manage.';
grant execute on function app_private.own_automation to app_engine;
-- end of source: functions/automation/edit_automation.sql

-- source: functions/automation/enable_automation.sql
-- An automation begins with new events, or does not. AUT-01.

set role app_engine;

create or replace function app_public.enable_automation(automation_rule_id uuid) returns app_public.automation_rules
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules := app_private.own_automation(enable_automation.automation_rule_id);
  v_version app_public.automation_rule_versions;
begin
  select versions.* into strict v_version
  from app_public.automation_rule_versions as versions
  where versions.organization_id = v_rule.organization_id and versions.automation_rule_id = v_rule.id
    and versions.version = v_rule.version;
  -- What it names may be gone since it was saved.
  perform app_private.lock_named_segments(v_rule.organization_id, v_version.conditions, v_version.actions);
  perform app_private.require_automation(v_rule.organization_id, v_rule.event_name, v_version.conditions, v_version.actions);
  update app_public.automation_rules set is_enabled = true where automation_rules.id = v_rule.id returning * into v_rule;
  return v_rule;
end;
$$;

comment on function app_public.enable_automation is
  E'@arg automationRuleId The automation, by its id.\n'
  'From now on it begins with new events. Needs automations.manage. NOT_FOUND; VALIDATION automation_not_valid where what it names is gone.';
grant execute on function app_public.enable_automation to app_member;

create or replace function app_public.disable_automation(automation_rule_id uuid) returns app_public.automation_rules
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules := app_private.own_automation(disable_automation.automation_rule_id);
begin
  update app_public.automation_rules set is_enabled = false where automation_rules.id = v_rule.id returning * into v_rule;
  return v_rule;
end;
$$;

comment on function app_public.disable_automation is
  E'@arg automationRuleId The automation, by its id.\n'
  'It begins with nothing more, and what waits is skipped when it is due. Needs automations.manage. NOT_FOUND.';
grant execute on function app_public.disable_automation to app_member;

reset role;
-- end of source: functions/automation/enable_automation.sql

-- source: functions/automation/give_onboarding_automation.sql
-- What a clinic has without asking: whoever becomes its patient is asked for the consents that it requires and is welcomed by a
-- mail in their language, once. AUT-05.
-- What it asks keeps nobody from being booked: what every booking needs, the gate asks of everybody, and a guest or somebody whom the
-- front desk registers is booked as before. docs/decisions/0150.
-- Its words are the clinic's from then on, to be changed as those of any automation.

create or replace function app_private.give_onboarding_automation(organization_id uuid, is_enabled boolean)
returns app_public.automation_rules
language plpgsql volatile
set search_path = ''
as $$
declare
  v_actions jsonb;
  v_is_english boolean;
begin
  select coalesce(jsonb_agg(jsonb_build_object('action', 'require_consent', 'config', jsonb_build_object(
                                      'purpose', asked.code, 'isBlocking', false))
                            order by asked.code), '[]')
  into v_actions
  from app_public.consent_purposes as asked
  where asked.scope_id in (give_onboarding_automation.organization_id, '00000000-0000-0000-0000-000000000000')
    and asked.scope = 'organization'
    and (app_private.current_consent_version(give_onboarding_automation.organization_id, asked.code)).is_required;
  select organizations.locale = 'en' into strict v_is_english
  from app_public.organizations where organizations.id = give_onboarding_automation.organization_id;
  return app_private.add_automation(
    give_onboarding_automation.organization_id,
    case when v_is_english then 'Welcome new patients' else 'Bun venit pacienților noi' end,
    'patient.onboarded',
    v_actions || jsonb_build_object('action', 'send_email', 'config', jsonb_build_object('words', jsonb_build_object(
      'ro', jsonb_build_object(
        'title', 'Bun venit la {{clinicName}}',
        'body', E'Bună ziua, {{patientName}},\n\nsunteți acum pacient al clinicii {{clinicName}}. În contul dumneavoastră vedeți '
          'programările, formularele și documentele, și puteți face programări noi.\n\nVă așteptăm!'),
      'en', jsonb_build_object(
        'title', 'Welcome to {{clinicName}}',
        'body', E'Hello {{patientName}},\n\nyou are now a patient of {{clinicName}}. In your account you see your '
          'appointments, forms and documents, and you can book new appointments.\n\nWe look forward to seeing you!')))),
    '{"all": []}', give_onboarding_automation.is_enabled, 1, 1);
end;
$$;

comment on function app_private.give_onboarding_automation is
  'Gives a clinic the automation that welcomes its new patients: the consents that it requires asked, a mail, once a patient.';
grant execute on function app_private.give_onboarding_automation to app_engine;
-- end of source: functions/automation/give_onboarding_automation.sql

-- source: functions/automation/message_schema.sql
-- The config of every action that sends the clinic's words: to whom, and the words in both languages. Called by the reference rows of
-- these actions, which differ in how long the words may be, whether they have a title and whether they may advertise. AUT-02.

create or replace function app_private.message_schema(channel text, body_most int, has_title boolean, may_advertise boolean) returns text
language sql immutable
set search_path = ''
as $$
  select jsonb_build_object(
    'type', 'object', 'additionalProperties', false, 'required', '["words"]'::jsonb,
    'x-order', '["to", "permission", "words"]'::jsonb || case when may_advertise then '["isMarketing"]'::jsonb else '[]' end,
    'properties', '{
      "to": {"type": "string", "enum": ["patient", "specialist", "staff"], "default": "patient",
        "title": "To whom", "x-title-ro": "Cui",
        "x-labels": {"patient": {"en": "To the patient", "ro": "Pacientului"},
                     "specialist": {"en": "To the specialist of the appointment", "ro": "Specialistului programării"},
                     "staff": {"en": "To staff with a permission", "ro": "Personalului care are o permisiune"}}},
      "permission": {"type": "string", "x-choices": "permissions", "x-when": {"to": ["staff"]},
        "title": "Permission", "x-title-ro": "Permisiune",
        "description": "It goes to everybody of the staff who has it.", "x-description-ro": "Mesajul ajunge la toți cei din personal care o au."}
    }'::jsonb
    || case when may_advertise then '{
      "isMarketing": {"type": "boolean", "default": false, "x-when": {"to": ["patient"]},
        "title": "It advertises", "x-title-ro": "Este publicitate",
        "description": "It goes only to patients who consented to advertising.",
        "x-description-ro": "Ajunge numai la pacienții care au acceptat publicitatea."}
    }'::jsonb else '{}' end
    || jsonb_build_object('words', jsonb_build_object(
      'type', 'object', 'additionalProperties', false, 'required', '["ro", "en"]'::jsonb, 'x-order', '["ro", "en"]'::jsonb,
      'title', 'Words', 'x-title-ro', 'Textul',
      'description', 'The patient gets those of their language.', 'x-description-ro', 'Fiecare îl primește în limba sa.',
      'properties', jsonb_build_object(
        'ro', written.words || '{"title": "In Romanian", "x-title-ro": "În română"}'::jsonb,
        'en', written.words || '{"title": "In English", "x-title-ro": "În engleză"}'::jsonb))))::text
  from (
    select jsonb_build_object(
      'type', 'object', 'additionalProperties', false,
      'required', case when has_title then '["title", "body"]' else '["body"]' end::jsonb,
      'x-order', case when has_title then '["title", "body"]' else '["body"]' end::jsonb,
      'properties',
        case when has_title then jsonb_build_object('title', jsonb_build_object(
          'type', 'string', 'minLength', 1, 'maxLength', 200, 'x-inserts', 'variables_' || channel,
          'title', 'Title', 'x-title-ro', 'Titlu')) else '{}' end
        || jsonb_build_object('body', jsonb_build_object(
          'type', 'string', 'format', 'multiline', 'minLength', 1, 'maxLength', body_most, 'x-inserts', 'variables_' || channel,
          'title', 'Message', 'x-title-ro', 'Mesaj'))) as words
  ) as written
$$;

comment on function app_private.message_schema is 'The JSON Schema of an action that sends words over a channel, as a reference row has it.';
-- end of source: functions/automation/message_schema.sql

-- source: functions/automation/remove_automation.sql
-- An automation leaves the clinic's list, or the list has another order. AUT-01.

set role app_engine;

create or replace function app_public.remove_automation(automation_rule_id uuid) returns app_public.automation_rules
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules := app_private.own_automation(remove_automation.automation_rule_id);
begin
  update app_public.automation_executions set outcome = 'skipped', reason = 'disabled', ended_at = app_hidden.now()
  where automation_executions.id in (
    select waiting.id
    from app_public.automation_executions as waiting
    where waiting.organization_id = v_rule.organization_id and waiting.automation_rule_id = v_rule.id
      and waiting.outcome = 'waiting'
    for update of waiting skip locked);
  update app_public.automation_rules set is_enabled = false, position = null, removed_at = app_hidden.now()
  where automation_rules.id = v_rule.id
  returning * into v_rule;
  perform app_private.place_automations(v_rule.organization_id, array(
    select automation_rules.id
    from app_public.automation_rules
    where automation_rules.organization_id = v_rule.organization_id and automation_rules.removed_at is null
    order by automation_rules.position));
  return v_rule;
end;
$$;

comment on function app_public.remove_automation is
  E'@arg automationRuleId The automation, by its id.\n'
  'Takes it out of the clinic''s automations, with what waits; what it did stays to be read. Needs automations.manage. NOT_FOUND.';
grant execute on function app_public.remove_automation to app_member;

create or replace function app_public.reorder_automations(organization_id uuid, automation_rule_ids uuid[])
returns app_public.automation_rules
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules;
begin
  perform app_private.require_permission(reorder_automations.organization_id, 'automations.manage');
  perform app_private.lock_automations(reorder_automations.organization_id);
  if (select array_agg(automation_rules.id order by automation_rules.id)
      from app_public.automation_rules
      where automation_rules.organization_id = reorder_automations.organization_id and automation_rules.removed_at is null)
     is distinct from (select array_agg(given.id order by given.id) from unnest(reorder_automations.automation_rule_ids) as given (id)) then
    perform app_hidden.refuse('CONFLICT', 'automations_have_changed');
  end if;
  perform app_private.place_automations(reorder_automations.organization_id, reorder_automations.automation_rule_ids);
  select automation_rules.* into v_rule
  from app_public.automation_rules where automation_rules.id = reorder_automations.automation_rule_ids[1];
  return v_rule;
end;
$$;

comment on function app_public.reorder_automations is
  E'@arg automationRuleIds All automations of the clinic, in the order in which they are to begin.\n'
  'Puts the automations of a clinic in order and answers the first. Needs automations.manage. CONFLICT automations_have_changed '
  'where the list is not the clinic''s.';
grant execute on function app_public.reorder_automations to app_member;

reset role;

-- By way of places that nobody has: a place is never two automations'.
create or replace function app_private.place_automations(organization_id uuid, automation_rule_ids uuid[]) returns void
language sql volatile
set search_path = ''
begin atomic
  update app_public.automation_rules set position = automation_rules.position + 1000
  where automation_rules.organization_id = place_automations.organization_id and automation_rules.removed_at is null;
  update app_public.automation_rules set position = given.place
  from unnest(place_automations.automation_rule_ids) with ordinality as given (id, place)
  where automation_rules.organization_id = place_automations.organization_id and automation_rules.id = given.id;
end;

comment on function app_private.place_automations is 'Puts the automations of a clinic in this order, from 1.';
grant execute on function app_private.place_automations to app_engine;
-- end of source: functions/automation/remove_automation.sql

-- source: functions/automation/simulate_automation.sql
-- What an automation would have done about what happened lately. AUT-03.
-- It is the engine itself that runs, on a copy of the rule, inside a subtransaction that is always taken back: what is told is what
-- would be, refusals and missing consents included, and nothing is sent or written. docs/decisions/0142.

set role app_engine;

create or replace function app_public.simulate_automation(
  organization_id uuid,
  days int,
  automation_rule_id uuid default null,
  event_name text default null,
  conditions jsonb default null,
  actions jsonb default null,
  most_per_day int default 10,
  most_ever int default null
) returns setof app_public.simulated_action
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules;
  v_version app_public.automation_rule_versions;
  v_event app_private.events;
  v_began constant timestamptz := clock_timestamp();
  v_told app_public.simulated_action[];
begin
  perform app_private.require_permission(simulate_automation.organization_id, 'automations.manage');
  if days is null or days not between 1 and 90 then
    perform app_hidden.refuse('VALIDATION', 'simulation_too_long', '{"field": "days", "most": 90}');
  end if;
  v_version.conditions := coalesce(simulate_automation.conditions, '{"all": []}');
  v_version.actions := simulate_automation.actions;
  v_version.most_per_day := simulate_automation.most_per_day;
  v_version.most_ever := simulate_automation.most_ever;
  v_rule.event_name := simulate_automation.event_name;
  if simulate_automation.automation_rule_id is not null then
    select automation_rules.* into v_rule
    from app_public.automation_rules
    where automation_rules.organization_id = simulate_automation.organization_id
      and automation_rules.id = simulate_automation.automation_rule_id and automation_rules.removed_at is null;
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'not_found');
    end if;
    select versions.* into strict v_version
    from app_public.automation_rule_versions as versions
    where versions.organization_id = v_rule.organization_id and versions.automation_rule_id = v_rule.id
      and versions.version = v_rule.version;
  end if;
  perform app_private.require_automation(
    simulate_automation.organization_id, v_rule.event_name, v_version.conditions, v_version.actions);
  perform app_private.require_most(v_version.most_per_day, v_version.most_ever);

  begin
    -- The worker acts for nobody.
    perform set_config('app.principal_id', '', true);
    v_rule := app_private.copy_of_automation(simulate_automation.organization_id, v_rule.event_name, v_version);
    for v_event in
      select recent.*
      from (
        select events.*
        from app_private.events
        where events.organization_id = simulate_automation.organization_id and events.name = v_rule.event_name
          and events.occurred_at > app_hidden.now() - make_interval(days => simulate_automation.days)
        order by events.occurred_at desc
        limit 200
      ) as recent
      order by recent.occurred_at, recent.id
    loop
      exit when clock_timestamp() - v_began > interval '5 seconds';
      perform app_private.begin_automation(v_event, v_rule);
    end loop;
    select array_agg(
      row(ran.event_id, events.occurred_at, ran.patient_profile_id, ran.action_index, ran.action, ran.outcome, ran.reason,
          ran.due_at)::app_public.simulated_action
      order by events.occurred_at desc, ran.event_id desc, ran.action_index) into v_told
    from app_public.automation_executions as ran
    join app_private.events on events.organization_id = ran.organization_id and events.id = ran.event_id
    where ran.organization_id = simulate_automation.organization_id and ran.automation_rule_id = v_rule.id;
    raise exception using errcode = 'RXDRY', message = 'simulated';
  exception when sqlstate 'RXDRY' then
    null;
  end;
  return query select told.* from unnest(v_told) as told;
end;
$$;

comment on function app_public.simulate_automation is
  E'@arg days How many days back, at most 90.\n'
  '@arg automationRuleId An automation of the clinic, as it stands; null where what follows is tried.\n'
  '@arg eventName What it would begin with.\n'
  '@arg conditions A rule about the patient and the event; null: it always holds.\n'
  '@arg actions A list of {action, config, after?, expires?}.\n'
  '@arg mostPerDay How often it would run for one patient on one day, from 1 to 100.\n'
  '@arg mostEver How often it would run for one patient at all, within what is tried; null: as often as it happened.\n'
  'What an automation would have done about the last 200 such events of these days, as patients and consents are today, the latest '
  'first; for five seconds at most. Sends and changes nothing. Needs automations.manage. VALIDATION automation_not_valid, most_out_of_bounds, '
  'simulation_too_long.';
grant execute on function app_public.simulate_automation to app_member;

reset role;

-- By itself, so that caps count what the simulation does and nothing else; no consumer is told of it.
create or replace function app_private.copy_of_automation(
  organization_id uuid,
  event_name text,
  version app_public.automation_rule_versions
) returns app_public.automation_rules
language plpgsql volatile
set search_path = ''
as $$
declare
  v_rule app_public.automation_rules;
begin
  insert into app_public.automation_rules (organization_id, name, event_name, is_enabled, removed_at)
  values (copy_of_automation.organization_id, 'simulation', copy_of_automation.event_name, false, app_hidden.now())
  returning * into v_rule;
  perform app_private.add_automation_version(
    v_rule, version.conditions, version.actions, version.most_per_day, version.most_ever);
  return v_rule;
end;
$$;

comment on function app_private.copy_of_automation is 'A copy that is in no list and begins with nothing, for a simulation to be taken back.';
grant execute on function app_private.copy_of_automation to app_engine;
-- end of source: functions/automation/simulate_automation.sql

-- source: functions/automation/tg_automation_executions__once.sql
-- What an automation did is not rewritten: only what waits gets its outcome, or another time. AUT-01.
-- A merge of patients moves the row, which changes nothing of what was done.

create or replace function app_private.tg_automation_executions__once() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if to_jsonb(new) - '{outcome,reason,details,due_at,expires_at,attempts,ended_at,patient_profile_id}'::text[]
       <> to_jsonb(old) - '{outcome,reason,details,due_at,expires_at,attempts,ended_at,patient_profile_id}'::text[]
     or (old.outcome <> 'waiting' and to_jsonb(new) - 'patient_profile_id' <> to_jsonb(old) - 'patient_profile_id') then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', '{"entity": "automation_executions"}');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_automation_executions__once is
  'Refuses what changes more of an execution than the outcome of one that waits. Trigger _200_append_only.';
-- end of source: functions/automation/tg_automation_executions__once.sql

-- source: functions/events/keep_interests.sql
-- What a clinic wants a consumer to hear, said anew whenever its rules or subscriptions change. FND-14.
-- Whoever changes them locks them first, so that of two at once the later says what both leave.

create or replace function app_private.keep_interests(organization_id uuid, consumer text, event_names text[]) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  delete from app_private.event_interests as interests
  where interests.organization_id = keep_interests.organization_id
    and interests.consumer = keep_interests.consumer
    and interests.event_name <> all (event_names);
  insert into app_private.event_interests (organization_id, consumer, event_name)
  select distinct keep_interests.organization_id, keep_interests.consumer, wanted
  from unnest(event_names) as wanted
  order by wanted
  on conflict do nothing;
end;
$$;

comment on function app_private.keep_interests is
  'From now on the consumer is told of these events of the clinic, and of no others. The caller has locked what they follow from.';
grant execute on function app_private.keep_interests to app_engine;
-- end of source: functions/events/keep_interests.sql

-- source: functions/automation/tg_automation_rules__keep_interests.sql
-- The consumer hears of what an enabled rule begins with, and of nothing else: an event that no automation is for costs nothing.
-- AUT-01, FND-14.

set role app_engine;

create or replace function app_private.tg_automation_rules__keep_interests() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform app_private.lock_automations(new.organization_id);
  perform app_private.keep_interests(new.organization_id, 'automations', array(
    select automation_rules.event_name
    from app_public.automation_rules
    where automation_rules.organization_id = new.organization_id and automation_rules.is_enabled));
  return null;
end;
$$;

comment on function app_private.tg_automation_rules__keep_interests is
  'Says anew what the automations of the clinic begin with. Trigger _900_keep_interests.';
reset role;

create or replace trigger _900_keep_interests after insert or update of is_enabled on app_public.automation_rules
  for each row execute function app_private.tg_automation_rules__keep_interests();
-- end of source: functions/automation/tg_automation_rules__keep_interests.sql

-- source: functions/automation/tg_events__cancel_automations.sql
-- What is undone takes along the actions that wait because of it, in the same transaction. AUT-03.
-- A row that a worker has in hand is passed over, so that nobody who cancels waits for it: it asks is_undone() itself.

set role app_engine;

create or replace function app_private.tg_events__cancel_automations() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  update app_public.automation_executions set outcome = 'skipped', reason = 'cancelled', ended_at = app_hidden.now()
  where automation_executions.id in (
    select waiting.id
    from app_private.events as began
    join app_private.automation_events
      on automation_events.event_name = began.name and new.name = any (automation_events.undone_by)
    join app_public.automation_executions as waiting
      on waiting.organization_id = began.organization_id and waiting.event_id = began.id and waiting.outcome = 'waiting'
    where began.organization_id = new.organization_id and began.subject_id = new.subject_id and began.position < new.position
    for update of waiting skip locked);
  return null;
end;
$$;

comment on function app_private.tg_events__cancel_automations is
  'Cancels the actions that wait because of what this event takes back. Trigger _800_cancel_automations.';

-- A patient who leaves takes along whatever waits for them.
create or replace function app_private.tg_patients__cancel_automations() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  update app_public.automation_executions set outcome = 'skipped', reason = 'cancelled', ended_at = app_hidden.now()
  where automation_executions.id in (
    select waiting.id
    from app_public.automation_executions as waiting
    where waiting.organization_id = new.organization_id and waiting.patient_profile_id = new.patient_profile_id
      and waiting.outcome = 'waiting'
    for update of waiting skip locked);
  return null;
end;
$$;

comment on function app_private.tg_patients__cancel_automations is
  'Cancels the actions that wait for a patient who is removed. Trigger _800_cancel_automations.';

reset role;

create or replace trigger _800_cancel_automations after insert on app_private.events
  for each row when (new.name in (
    'appointment.cancelled', 'appointment.reinstated', 'appointment.rescheduled', 'consent.withdrawn', 'form.cancelled',
    'form.reopened', 'patient.booking_block_lifted', 'patient_subscription.active', 'patient_subscription.canceled',
    'patient_subscription.expired'))
  execute function app_private.tg_events__cancel_automations();

create or replace trigger _800_cancel_automations after update of deleted_at on app_public.patients
  for each row when (old.deleted_at is null and new.deleted_at is not null)
  execute function app_private.tg_patients__cancel_automations();
-- end of source: functions/automation/tg_events__cancel_automations.sql

-- source: functions/documents/document_field_type.sql
-- The type of a field where it stands: of the catalog, of the inputs of the template, or of the collection that is gone through. DOC-01.

create or replace function app_private.document_field_type(code text, scope jsonb) returns text
language sql stable
set search_path = ''
return case
  when code like 'item.%' and scope ->> 'collection' like 'input.%' then
    scope -> 'inputs' -> substr(scope ->> 'collection', 7) -> 'columns' ->> substr(code, 6)
  when code like 'input.%' then
    case scope -> 'inputs' -> substr(code, 7) ->> 'type' when 'choice' then 'text' when 'rows' then 'collection'
      else scope -> 'inputs' -> substr(code, 7) ->> 'type' end
  else (
    select document_fields.type from app_private.document_fields
    where document_fields.code = case when document_field_type.code like 'item.%'
        then (scope ->> 'collection') || substr(document_field_type.code, 5) else document_field_type.code end
      and (document_fields.collection is null) = (document_field_type.code not like 'item.%')
      and scope ->> 'kind' = any (document_fields.kinds))
end;

comment on function app_private.document_field_type is 'The type of a field of documents in a scope of walk_document(); null where it is not known there.';
grant execute on function app_private.document_field_type to app_engine;

create or replace function app_private.document_formats(type text) returns text[]
language sql immutable parallel safe
set search_path = ''
return case document_formats.type
  when 'date' then '{date,date_long}'::text[]
  when 'instant' then '{date,date_long,time,date_time}'
  when 'number' then '{number,number_1,number_2}'
  when 'money' then '{money}'
  else '{}' end;

comment on function app_private.document_formats is 'How a value of a type can be written in a document; the first one is meant where none is said.';
grant execute on function app_private.document_formats to app_engine;
-- end of source: functions/documents/document_field_type.sql

-- source: functions/documents/template_problems.sql
-- Everything that is wrong with a template or a component, place by place: blocks, properties, fields and formats that are not
-- known, addresses of other servers, pictures and components that are not this clinic's, and what is too large. The schemas
-- of document_block_types lead, so that an editor and this check read the same rule. DOC-01.

create or replace function app_private.template_problems(
  organization_id uuid, kind text, editor_state jsonb, layout_config jsonb default '{}'
) returns table (path text, reason text, details jsonb)
language plpgsql stable
set search_path = ''
as $$
declare
  v_limits constant jsonb := app_private.document_limits();
  v_is_component constant boolean := template_problems.kind in ('letterhead', 'footer', 'signature');
  v_problems jsonb := '[]';
  v_scope jsonb;
  v_twice text;
begin
  if octet_length(template_problems.editor_state::text) > (v_limits ->> 'bytes')::int then
    v_problems := app_private.with_problem(v_problems, '$', 'too_large', (v_limits ->> 'bytes')::int);
  elsif (select count(*) from jsonb_path_query(template_problems.editor_state, 'strict $.** ? (@.type() == "object" && exists(@.id))')) > (v_limits ->> 'blocks')::int then
    v_problems := app_private.with_problem(v_problems, '$.blocks', 'too_many', (v_limits ->> 'blocks')::int);
  else
    v_problems := app_private.document_addresses(template_problems.editor_state, '$', v_problems);
    v_problems := app_private.walk_document(
      (case when v_is_component
        then '{"type": "object", "required": ["blocks"], "properties": {"blocks": {"format": "blocks"}}}'
        else '{"type": "object", "required": ["blocks"], "properties": {"blocks": {"format": "blocks"}, "inputs": {"format": "inputs"}}}' end)::jsonb,
      template_problems.editor_state, '$',
      jsonb_build_object(
        'organization', template_problems.organization_id, 'kind', template_problems.kind,
        'inputs', app_private.document_inputs_of(template_problems.editor_state)),
      0, v_problems);
    select id #>> '{}' into v_twice
    from jsonb_path_query(template_problems.editor_state, 'strict $.** ? (@.type() == "object" && exists(@.id)).id') as id
    group by id having count(*) > 1 order by id limit 1;
    if v_twice is not null then
      v_problems := app_private.with_problem(v_problems, '$.blocks', 'id_twice');
    end if;
  end if;
  v_problems := app_private.document_addresses(template_problems.layout_config, '$layout', v_problems);
  v_problems := app_private.walk_document(
    app_private.document_layout_schema(), template_problems.layout_config, '$layout', '{}', 0, v_problems);
  return query
    select problem.path, problem.reason, problem.details
    from jsonb_to_recordset(v_problems) as problem (path text, reason text, details jsonb);
end;
$$;

comment on function app_private.template_problems is 'What is wrong with a template or component of documents, each with its place; no row where it is sound.';
grant execute on function app_private.template_problems to app_engine;

create or replace function app_private.document_limits() returns jsonb
language sql immutable parallel safe
set search_path = ''
return '{"bytes": 262144, "blocks": 500, "depth": 6, "inputs": 60}'::jsonb;

comment on function app_private.document_limits is 'How large a template of documents may be: bytes of its text, blocks in all, how deep they nest, inputs.';
grant execute on function app_private.document_limits to app_engine;

-- Nothing is fetched from elsewhere while a document is rendered, so that an address in a template is a mistake wherever it stands.
create or replace function app_private.document_addresses(value jsonb, path text, problems jsonb) returns jsonb
language sql immutable
set search_path = ''
begin atomic
  with recursive places (path, value) as (
    select document_addresses.path, document_addresses.value
    -- Nearly always there is none, and nothing is gone through.
    where app_hidden.ascii_lower(document_addresses.value::text) ~ '([a-z][a-z0-9+.-]*://|data:[a-z]+/|(javascript|vbscript|blob|file):[^[:space:]])'
    union all
    select inner_place.path, inner_place.value
    from places
    cross join lateral (
      select places.path || '.' || left(member.key, 60) as path, member.value
      from jsonb_each(case jsonb_typeof(places.value) when 'object' then places.value else '{}' end) as member
      union all
      select format('%s[%s]', places.path, entry.place - 1), entry.value
      from jsonb_array_elements(case jsonb_typeof(places.value) when 'array' then places.value else '[]' end)
        with ordinality as entry (value, place)
    ) as inner_place
  ), found as (
    select places.path, places.value #>> '{}' as address
    from places
    where jsonb_typeof(places.value) = 'string'
      and app_hidden.ascii_lower(places.value #>> '{}') ~ '([a-z][a-z0-9+.-]*://|data:[a-z]+/|(javascript|vbscript|blob|file):[^[:space:]])'
    order by places.path
    limit 20
  )
  select document_addresses.problems || coalesce(jsonb_agg(jsonb_build_object(
    'path', found.path, 'reason', 'url_refused', 'details', jsonb_build_object('value', left(found.address, 100))) order by found.path), '[]')
  from found;
end;

comment on function app_private.document_addresses is 'The problems, and url_refused for each text with an address of another server.';
grant execute on function app_private.document_addresses to app_engine;

-- The types of what whoever makes a document fills in, by key: {"findings": {"type": "long_text"}, "exercises": {"type": "rows", "columns": {…}}}.
create or replace function app_private.document_inputs_of(editor_state jsonb) returns jsonb
language sql immutable
set search_path = ''
begin atomic
  select coalesce(jsonb_object_agg(input ->> 'key', jsonb_build_object(
    'type', input -> 'type', 'required', coalesce(input -> 'required', 'false'), 'options', input -> 'options',
    'columns', (
      select jsonb_object_agg(entry ->> 'key', entry -> 'type')
      from jsonb_path_query(input, 'lax $.columns[*] ? (@.key.type() == "string")') as entry))), '{}')
  from jsonb_path_query(document_inputs_of.editor_state, 'lax $.inputs[*] ? (@.key.type() == "string")') as input;
end;

comment on function app_private.document_inputs_of is 'What a template asks whoever makes a document, by key.';
grant execute on function app_private.document_inputs_of to app_engine;
-- end of source: functions/documents/template_problems.sql

-- source: functions/documents/document_schemas.sql
-- The JSON Schemas of what a template has besides its blocks: its layout, and what it asks whoever makes a document. An editor is built
-- from them, and template_problems() checks by them. Titles, descriptions, labels, x-order and x-when are for
-- editors. DOC-01.

create or replace function app_private.document_layout_schema() returns jsonb
language sql immutable parallel safe
set search_path = ''
return '{"type": "object", "x-order": ["paper", "orientation", "margins", "font_size", "color"], "properties": {
  "paper": {"title": "Paper", "x-title-ro": "Hârtie", "enum": ["A4", "A5", "Letter"],
    "x-labels": {"A4": {"en": "A4", "ro": "A4"}, "A5": {"en": "A5", "ro": "A5"}, "Letter": {"en": "Letter", "ro": "Letter"}}},
  "orientation": {"title": "Orientation", "x-title-ro": "Orientare", "enum": ["portrait", "landscape"],
    "x-labels": {"portrait": {"en": "Upright", "ro": "În picioare"}, "landscape": {"en": "Across", "ro": "Culcat"}}},
  "margins": {"title": "Margins (mm)", "x-title-ro": "Margini (mm)", "type": "object", "x-order": ["top", "right", "bottom", "left"], "properties": {
    "top": {"title": "Top", "x-title-ro": "Sus", "type": "number", "minimum": 5, "maximum": 60},
    "right": {"title": "Right", "x-title-ro": "Dreapta", "type": "number", "minimum": 5, "maximum": 60},
    "bottom": {"title": "Bottom", "x-title-ro": "Jos", "type": "number", "minimum": 5, "maximum": 60},
    "left": {"title": "Left", "x-title-ro": "Stânga", "type": "number", "minimum": 5, "maximum": 60}}},
  "font_size": {"title": "Size of the letters", "x-title-ro": "Mărimea literelor", "type": "number", "minimum": 7, "maximum": 16},
  "color": {"title": "Colour", "x-title-ro": "Culoare", "description": "Of headings and lines, such as #0b5a6b.",
    "x-description-ro": "A titlurilor și a liniilor, de exemplu #0b5a6b.", "type": "string", "pattern": "^#[0-9a-f]{6}$"}}}'::jsonb;

comment on function app_private.document_layout_schema is 'The JSON Schema of layoutConfig; margins in millimetres.';
grant execute on function app_private.document_layout_schema to app_engine;

create or replace function app_private.document_inputs_schema() returns jsonb
language sql immutable parallel safe
set search_path = ''
return jsonb_build_object('maxItems', app_private.document_limits() -> 'inputs') ||
  '{"title": "Questions", "x-title-ro": "Întrebări", "type": "array", "items": {"title": "Question", "x-title-ro": "Întrebare", "type": "object",
  "x-order": ["label", "key", "type", "required", "options", "columns"], "properties": {
  "label": {"title": "Label", "x-title-ro": "Etichetă", "description": "What whoever makes a document reads beside it.",
    "x-description-ro": "Ce citește lângă ea cine face documentul.", "type": "string", "maxLength": 200},
  "key": {"title": "Key", "x-title-ro": "Cheie", "description": "The field is named by it: small letters, digits and _, such as findings.",
    "x-description-ro": "Numele câmpului: litere mici, cifre și _, de exemplu findings.", "type": "string", "pattern": "^[a-z][a-z0-9_]{0,40}$"},
  "type": {"title": "Type", "x-title-ro": "Tip", "enum": ["text", "long_text", "number", "date", "choice", "rows"], "x-labels": {
    "text": {"en": "Short text", "ro": "Text scurt"}, "long_text": {"en": "Long text", "ro": "Text lung"},
    "number": {"en": "Number", "ro": "Număr"}, "date": {"en": "Date", "ro": "Dată"}, "choice": {"en": "Choice", "ro": "Alegere"},
    "rows": {"en": "Rows", "ro": "Rânduri"}}},
  "required": {"title": "Required", "x-title-ro": "Obligatorie", "type": "boolean"},
  "options": {"title": "Options", "x-title-ro": "Variante", "description": "Of a choice.", "x-description-ro": "Ale unei alegeri.",
    "x-when": {"type": ["choice"]}, "type": "array", "minItems": 1, "maxItems": 100,
    "items": {"title": "Option", "x-title-ro": "Variantă", "type": "string", "maxLength": 200}},
  "columns": {"title": "Columns", "x-title-ro": "Coloane", "description": "Of rows.", "x-description-ro": "Ale rândurilor.",
    "x-when": {"type": ["rows"]}, "type": "array", "minItems": 1, "maxItems": 12, "items": {"title": "Column", "x-title-ro": "Coloană", "type": "object",
      "x-order": ["label", "key", "type"], "properties": {
      "label": {"title": "Label", "x-title-ro": "Etichetă", "type": "string", "maxLength": 200},
      "key": {"title": "Key", "x-title-ro": "Cheie", "type": "string", "pattern": "^[a-z][a-z0-9_]{0,40}$"},
      "type": {"title": "Type", "x-title-ro": "Tip", "enum": ["text", "long_text", "number", "date"], "x-labels": {
        "text": {"en": "Short text", "ro": "Text scurt"}, "long_text": {"en": "Long text", "ro": "Text lung"},
        "number": {"en": "Number", "ro": "Număr"}, "date": {"en": "Date", "ro": "Dată"}}}},
      "required": ["key", "label", "type"]}}},
  "required": ["key", "label", "type"]}}';

comment on function app_private.document_inputs_schema is 'The JSON Schema of the inputs that a template declares.';
grant execute on function app_private.document_inputs_schema to app_engine;

-- How a bound value can be written, in words.
create or replace function app_private.document_format_labels() returns jsonb
language sql immutable parallel safe
set search_path = ''
return '[
  {"code": "date", "label": {"en": "Date in digits", "ro": "Data în cifre"}},
  {"code": "date_long", "label": {"en": "Date in words", "ro": "Data în cuvinte"}},
  {"code": "time", "label": {"en": "Time", "ro": "Ora"}},
  {"code": "date_time", "label": {"en": "Date and time", "ro": "Data și ora"}},
  {"code": "number", "label": {"en": "Number", "ro": "Număr"}},
  {"code": "number_1", "label": {"en": "One decimal", "ro": "O zecimală"}},
  {"code": "number_2", "label": {"en": "Two decimals", "ro": "Două zecimale"}},
  {"code": "money", "label": {"en": "Amount", "ro": "Sumă"}}]'::jsonb;

comment on function app_private.document_format_labels is 'The formats of document_formats() with what each is called.';
grant execute on function app_private.document_format_labels to app_engine;
-- end of source: functions/documents/document_schemas.sql

-- source: functions/documents/walk_document.sql
-- Compares a value of a template with its schema, and goes on inside. A step of template_problems(). DOC-01.
-- The schema is the subset of JSON Schema that stands in document_block_types: type, enum, required, properties (others are not
-- known), items, bounds, pattern, and the formats of documents. scope: clinic, kind, inputs, and the collection whose
-- rows are gone through around the place.

create or replace function app_private.walk_document(schema jsonb, given jsonb, path text, scope jsonb, depth int, problems jsonb)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_type constant text := schema ->> 'type';
  v_is constant text := jsonb_typeof(given);
  v_part record;
  v_scope jsonb := scope;
begin
  if jsonb_array_length(problems) >= 100 then
    return problems;
  elsif schema ? 'format' and schema ->> 'format' not in ('condition', 'collection') then
    return app_private.walk_format(schema, given, path, scope, depth, problems);
  elsif schema ? 'enum' then
    return case when schema -> 'enum' @> given and v_is <> 'array' then problems else app_private.with_problem(problems, path, 'word_unknown') end;
  elsif v_is <> (case v_type when 'integer' then 'number' else v_type end) then
    return app_private.with_problem(problems, path, case v_type
      when 'object' then 'not_an_object' when 'array' then 'not_a_list' when 'string' then 'not_a_text'
      when 'boolean' then 'not_a_boolean' else 'not_a_number' end);
  end if;

  if v_type = 'object' then
    -- What a block goes through decides what is bound inside of it.
    if given ? 'over' and schema -> 'properties' -> 'over' ->> 'format' = 'collection' then
      v_scope := scope || jsonb_build_object('over', given -> 'over');
    end if;
    for v_part in select key, member from jsonb_each(given) as each (key, member) where key not in ('type', 'id') or not schema ? 'block' loop
      if not schema -> 'properties' ? v_part.key then
        problems := app_private.with_problem(problems, path || '.' || left(v_part.key, 60), 'property_unknown');
      else
        problems := app_private.walk_document(
          schema -> 'properties' -> v_part.key, v_part.member, path || '.' || v_part.key, v_scope, depth, problems);
      end if;
    end loop;
    for v_part in select required as key from jsonb_array_elements_text(schema -> 'required') as required where not given ? required loop
      problems := app_private.with_problem(problems, path || '.' || v_part.key, 'required');
    end loop;
    if schema ->> 'format' = 'condition' and given ? 'field' and given ? 'operator' then
      problems := app_private.walk_comparison(given, path, scope, problems);
    end if;
  elsif v_type = 'array' then
    problems := app_private.with_bounds(schema, jsonb_array_length(given), path, problems);
    for v_part in select entry, place - 1 as place from jsonb_array_elements(given) with ordinality as each (entry, place) where place <= 500 loop
      problems := app_private.walk_document(
        schema -> 'items', v_part.entry, format('%s[%s]', path, v_part.place), scope, depth, problems);
    end loop;
  elsif v_type = 'string' then
    if length(given #>> '{}') > coalesce((schema ->> 'maxLength')::int, 5000) then
      problems := app_private.with_problem(problems, path, 'too_long', coalesce((schema ->> 'maxLength')::int, 5000));
    elsif given #>> '{}' !~ coalesce(schema ->> 'pattern', '') then
      problems := app_private.with_problem(problems, path, 'not_of_this_shape');
    elsif schema ->> 'format' = 'collection' and app_private.document_field_type(given #>> '{}', scope - 'collection') is distinct from 'collection' then
      problems := app_private.with_problem(problems, path, 'collection_unknown');
    end if;
  elsif v_type in ('number', 'integer') then
    if v_type = 'integer' and (given #>> '{}')::numeric % 1 <> 0 then
      problems := app_private.with_problem(problems, path, 'not_a_whole_number');
    elsif (given #>> '{}')::numeric < (schema ->> 'minimum')::numeric or (given #>> '{}')::numeric > (schema ->> 'maximum')::numeric then
      problems := app_private.with_problem(problems, path, 'out_of_range', (schema ->> 'maximum')::int);
    end if;
  end if;
  return problems;
end;
$$;

comment on function app_private.walk_document is 'The problems, and what is wrong with a value by its schema: see template_problems().';
grant execute on function app_private.walk_document to app_engine;

create or replace function app_private.with_bounds(schema jsonb, size int, path text, problems jsonb) returns jsonb
language sql immutable
set search_path = ''
return case
  when size > (schema ->> 'maxItems')::int then app_private.with_problem(problems, path, 'too_many', (schema ->> 'maxItems')::int)
  when size < (schema ->> 'minItems')::int then app_private.with_problem(problems, path, 'too_few', (schema ->> 'minItems')::int)
  else problems end;

comment on function app_private.with_bounds is 'The problems, and that a list is too long or too short.';
grant execute on function app_private.with_bounds to app_engine;

-- What a condition compares with what: by the type of its field.
create or replace function app_private.walk_comparison(given jsonb, path text, scope jsonb, problems jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_type constant text := app_private.document_field_type(given ->> 'field', scope);
  v_operator constant text := given ->> 'operator';
begin
  if v_operator in ('is_filled', 'is_empty') then
    return case when given ? 'value' then app_private.with_problem(problems, path || '.value', 'value_not_usable') else problems end;
  elsif v_type is null then
    return problems; -- The field is told already.
  elsif not given ? 'value' then
    return app_private.with_problem(problems, path || '.value', 'required');
  elsif v_type in ('collection', 'money')
    or (v_operator in ('greater', 'less', 'at_least', 'at_most') and v_type not in ('number', 'date', 'instant'))
    or (v_operator = 'contains' and v_type not in ('text', 'long_text')) then
    return app_private.with_problem(problems, path || '.operator', 'operator_unknown');
  elsif jsonb_typeof(given -> 'value') <> (case v_type when 'number' then 'number' else 'string' end)
    or (v_type in ('date', 'instant') and not pg_input_is_valid(given ->> 'value', 'date')) then
    return app_private.with_problem(problems, path || '.value', 'value_not_usable');
  end if;
  return problems;
end;
$$;

comment on function app_private.walk_comparison is 'The problems, and what is wrong with what a condition compares.';
grant execute on function app_private.walk_comparison to app_engine;
-- end of source: functions/documents/walk_document.sql

-- source: functions/documents/walk_format.sql
-- Checks what documents know by themselves: runs of text, blocks, inputs, fields, pictures and components. A step of
-- walk_document(). DOC-01.

create or replace function app_private.walk_format(schema jsonb, given jsonb, path text, scope jsonb, depth int, problems jsonb)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_scope constant jsonb := case when schema ->> 'scope' = 'over' and scope ? 'over'
    then scope || jsonb_build_object('collection', scope -> 'over') - 'over' else scope - 'over' end;
  v_part record;
begin
  case schema ->> 'format'
    when 'runs', 'blocks' then
      if jsonb_typeof(given) <> 'array' then
        return app_private.with_problem(problems, path, 'not_a_list');
      elsif schema ->> 'format' = 'blocks' and depth >= (app_private.document_limits() ->> 'depth')::int then
        return app_private.with_problem(problems, path, 'too_deep', (app_private.document_limits() ->> 'depth')::int);
      end if;
      problems := app_private.with_bounds('{"maxItems": 500}', jsonb_array_length(given), path, problems);
      for v_part in select entry, place - 1 as place from jsonb_array_elements(given) with ordinality as each (entry, place) where place <= 500 loop
        problems := case schema ->> 'format'
          when 'runs' then app_private.walk_run(v_part.entry, format('%s[%s]', path, v_part.place), v_scope, problems)
          else app_private.walk_block(v_part.entry, format('%s[%s]', path, v_part.place), v_scope, depth + 1, problems) end;
      end loop;
    when 'inputs' then
      return app_private.walk_inputs(given, path, problems);
    when 'value' then
      if jsonb_typeof(given) not in ('string', 'number') or length(given #>> '{}') > 200 then
        return app_private.with_problem(problems, path, 'value_not_usable');
      end if;
    when 'field' then
      if jsonb_typeof(given) <> 'string' or app_private.document_field_type(given #>> '{}', scope) is null then
        return app_private.with_problem(problems, path, 'field_unknown');
      end if;
    when 'image' then
      if not exists (
        select from app_public.files
        where files.organization_id = (scope ->> 'organization')::uuid and files.id::text = given #>> '{}'
          and files.surface = 'document_images' and files.status = 'confirmed'
      ) then
        return app_private.with_problem(problems, path, 'image_unknown');
      end if;
    when 'component' then
      if not exists (
        select from app_public.pdf_template_components as component
        where component.organization_id = (scope ->> 'organization')::uuid and component.id::text = given #>> '{}'
          and component.kind = scope ->> 'block'
      ) then
        return app_private.with_problem(problems, path, 'component_unknown');
      end if;
  end case;
  return problems;
end;
$$;

comment on function app_private.walk_format is 'The problems, and what is wrong with a value of a format of documents: see walk_document().';
grant execute on function app_private.walk_format to app_engine;

create or replace function app_private.walk_block(given jsonb, path text, scope jsonb, depth int, problems jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_block app_private.document_block_types;
begin
  if jsonb_typeof(given) <> 'object' then
    return app_private.with_problem(problems, path, 'not_an_object');
  end if;
  select document_block_types.* into v_block
  from app_private.document_block_types
  where document_block_types.type = given ->> 'type';
  if not found then
    return app_private.with_problem(problems, path || '.type', 'block_unknown');
  elsif scope ->> 'kind' <> all (v_block.kinds) or (v_block.type in ('letterhead', 'footer') and depth > 1) then
    problems := app_private.with_problem(problems, path || '.type', 'block_not_here');
  end if;
  if jsonb_typeof(given -> 'id') is distinct from 'string' or given ->> 'id' !~ '^[a-z][a-z0-9_-]{0,62}$' then
    problems := app_private.with_problem(problems, path || '.id', 'key_not_usable');
  end if;
  if v_block.type = 'table' and ((given ? 'over') = (given ? 'rows') or (given ? 'over' and
      jsonb_path_exists(given, 'lax $.columns[*] ? (!exists(@.cell))'))) then
    problems := app_private.with_problem(problems, path, 'rows_or_collection');
  end if;
  return app_private.walk_document(
    v_block.schema || '{"block": true}', given, path, scope || jsonb_build_object('block', v_block.type), depth, problems);
end;
$$;

comment on function app_private.walk_block is 'The problems, and what is wrong with one block.';
grant execute on function app_private.walk_block to app_engine;

create or replace function app_private.walk_run(given jsonb, path text, scope jsonb, problems jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_marks constant jsonb := '{"bold": {"type": "boolean"}, "italic": {"type": "boolean"}}';
  v_type text;
begin
  if given ? 'field' then
    problems := app_private.walk_document(jsonb_build_object(
      'type', 'object', 'properties', v_marks || '{"field": {"type": "string", "format": "field"}, "format": {"type": "string", "maxLength": 30}}'),
      given, path, scope, 0, problems);
    v_type := app_private.document_field_type(given ->> 'field', scope);
    if v_type = 'collection' then
      return app_private.with_problem(problems, path || '.field', 'field_unknown');
    elsif given ? 'format' and v_type is not null and given ->> 'format' <> all (app_private.document_formats(v_type)) then
      return app_private.with_problem(problems, path || '.format', 'format_unknown');
    end if;
    return problems;
  end if;
  return app_private.walk_document(jsonb_build_object(
    'type', 'object', 'required', '["text"]'::jsonb, 'properties', v_marks || '{"text": {"type": "string", "maxLength": 5000}}'),
    given, path, scope, 0, problems);
end;
$$;

comment on function app_private.walk_run is 'The problems, and what is wrong with one run of text or one bound field.';
grant execute on function app_private.walk_run to app_engine;

create or replace function app_private.walk_inputs(given jsonb, path text, problems jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_twice text;
begin
  problems := app_private.walk_document(app_private.document_inputs_schema(), given, path, '{}', 0, problems);
  select input ->> 'key' into v_twice
  from jsonb_path_query(given, 'lax $[*]') as input group by input ->> 'key' having count(*) > 1 order by input ->> 'key' limit 1;
  if v_twice is not null then
    problems := app_private.with_problem(problems, path, 'key_twice');
  end if;
  if jsonb_path_exists(given, 'lax $[*] ? ((@.type == "rows" && !exists(@.columns)) || (@.type != "rows" && exists(@.columns))
      || (@.type == "choice" && !exists(@.options)) || (@.type != "choice" && exists(@.options)))') then
    problems := app_private.with_problem(problems, path, 'columns_or_options');
  end if;
  return problems;
end;
$$;

comment on function app_private.walk_inputs is 'The problems, and what is wrong with the inputs that a template declares.';
grant execute on function app_private.walk_inputs to app_engine;
-- end of source: functions/documents/walk_format.sql

-- source: functions/documents/require_document_content.sql
-- What is written into a document is what its template asks: keys that it declares, of their types, and all that is required once it
-- is to be issued. DOC-04.

create or replace function app_private.require_document_content(editor_state jsonb, content jsonb, complete boolean) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_inputs constant jsonb := app_private.document_inputs_of(editor_state);
  v_problems jsonb := '[]';
  v_entry record;
begin
  if jsonb_typeof(content) <> 'object' then
    v_problems := app_private.with_problem(v_problems, '$', 'not_an_object');
  else
    for v_entry in select key, value from jsonb_each(content) loop
      if not v_inputs ? v_entry.key then
        v_problems := app_private.with_problem(v_problems, left(v_entry.key, 60), 'property_unknown');
      else
        v_problems := app_private.with_input(v_problems, v_inputs -> v_entry.key, v_entry.value, v_entry.key);
      end if;
    end loop;
    for v_entry in
      select input.key from jsonb_each(v_inputs) as input
      where complete and (input.value -> 'required')::boolean
        and (jsonb_typeof(coalesce(content -> input.key, 'null')) = 'null' or btrim(content ->> input.key) in ('', '[]'))
      order by input.key
    loop
      v_problems := app_private.with_problem(v_problems, v_entry.key, 'required');
    end loop;
  end if;
  perform app_private.refuse_problems('answers_not_valid', v_problems);
end;
$$;

comment on function app_private.require_document_content is
  'VALIDATION answers_not_valid with each place where content is not what the inputs of a template ask.';
grant execute on function app_private.require_document_content to app_engine;

create or replace function app_private.with_input(problems jsonb, input jsonb, value jsonb, path text) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_entry record;
begin
  if jsonb_typeof(value) = 'null' then
    return problems;
  end if;
  case input ->> 'type'
    when 'rows' then
      if jsonb_typeof(value) <> 'array' then
        return app_private.with_problem(problems, path, 'not_a_list');
      elsif jsonb_array_length(value) > 500 then
        return app_private.with_problem(problems, path, 'too_many', 500);
      end if;
      for v_entry in select entry, place - 1 as place from jsonb_array_elements(value) with ordinality as each (entry, place) loop
        if jsonb_typeof(v_entry.entry) <> 'object' then
          problems := app_private.with_problem(problems, format('%s[%s]', path, v_entry.place), 'not_an_object');
        else
          select coalesce(jsonb_agg(problem), problems) into problems
          from (
            select jsonb_array_elements(problems) as problem
            union all
            select jsonb_array_elements(case when input -> 'columns' ? cell.key
              then app_private.with_input('[]', jsonb_build_object('type', input -> 'columns' -> cell.key), cell.value,
                                          format('%s[%s].%s', path, v_entry.place, cell.key))
              else app_private.with_problem('[]', format('%s[%s].%s', path, v_entry.place, left(cell.key, 60)), 'property_unknown') end)
            from jsonb_each(v_entry.entry) as cell) as every;
        end if;
      end loop;
      return problems;
    when 'number' then
      return case when jsonb_typeof(value) = 'number' then problems else app_private.with_problem(problems, path, 'not_a_number') end;
    when 'date' then
      return case when jsonb_typeof(value) = 'string' and value #>> '{}' ~ '^\d{4}-\d{2}-\d{2}$' and pg_input_is_valid(value #>> '{}', 'date')
        then problems else app_private.with_problem(problems, path, 'not_a_date') end;
    when 'choice' then
      return case when jsonb_typeof(value) = 'string' and input -> 'options' ? (value #>> '{}')
        then problems else app_private.with_problem(problems, path, 'word_unknown') end;
    else
      return case when jsonb_typeof(value) <> 'string' then app_private.with_problem(problems, path, 'not_a_text')
        when length(value #>> '{}') > case input ->> 'type' when 'text' then 1000 else 20000 end
          then app_private.with_problem(problems, path, 'too_long', case input ->> 'type' when 'text' then 1000 else 20000 end)
        else problems end;
  end case;
end;
$$;

comment on function app_private.with_input is 'The problems, and what is wrong with what was written into one input.';
grant execute on function app_private.with_input to app_engine;
-- end of source: functions/documents/require_document_content.sql

-- source: functions/documents/draft_document.sql
-- A report or a prescription of an appointment is begun, with the version of the template that is published now; it stays with it.
-- By the specialist of the appointment, or with documents.manage. DOC-04.

set role app_engine;

create or replace function app_public.draft_document(
  appointment_id uuid, template_id uuid, content jsonb default '{}', file_ids uuid[] default '{}'
) returns app_public.appointment_documents
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_appointment constant app_public.appointments := app_private.lock_appointment(app_private.own_appointment(draft_document.appointment_id));
  v_version app_public.pdf_template_versions;
  v_document app_public.appointment_documents;
begin
  perform app_private.require_right_to_document(v_appointment.organization_id, v_appointment.specialist_id);
  v_version := app_private.published_pdf_version(v_appointment.organization_id, draft_document.template_id, '{report,prescription}');
  perform app_private.require_document_content(v_version.editor_state, draft_document.content, false);
  insert into app_public.appointment_documents
    (organization_id, appointment_id, patient_profile_id, specialist_id, kind, template_id, version_id, title, locale, content, created_by)
  values (v_appointment.organization_id, v_appointment.id, v_appointment.patient_profile_id, v_appointment.specialist_id, v_version.kind,
          v_version.template_id, v_version.id, v_version.title, v_version.locale, draft_document.content, app_private.current_actor_id())
  returning * into v_document;
  perform app_private.set_document_files(v_document, draft_document.file_ids);
  return v_document;
end;
$$;

comment on function app_public.draft_document is
  E'@arg content What is written into the inputs of the template, by the key of each.\n'
  '@arg fileIds Files of the appointment that go with it.\n'
  'Begins a report or a prescription of an appointment. For its specialist, or with documents.manage. NOT_FOUND; VALIDATION '
  'template_not_published, answers_not_valid, not_a_file_of_the_appointment.';
grant execute on function app_public.draft_document to app_member;

reset role;

create or replace function app_private.require_right_to_document(organization_id uuid, specialist_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if require_right_to_document.specialist_id <> all (app_hidden.current_specialist_ids()) then
    perform app_private.require_permission(require_right_to_document.organization_id, 'documents.manage');
  end if;
end;
$$;

comment on function app_private.require_right_to_document is
  'Passes for the specialist whose document it is, and with documents.manage; FORBIDDEN permission_missing otherwise.';
grant execute on function app_private.require_right_to_document to app_engine;

create or replace function app_private.published_pdf_version(organization_id uuid, template_id uuid, kinds text[])
returns app_public.pdf_template_versions
language plpgsql stable
set search_path = ''
as $$
declare
  v_version app_public.pdf_template_versions;
begin
  select version.* into v_version
  from app_public.pdf_templates
  join app_public.pdf_template_versions as version
    on version.organization_id = pdf_templates.organization_id and version.template_id = pdf_templates.id
   and version.number = pdf_templates.version
  where pdf_templates.organization_id = published_pdf_version.organization_id and pdf_templates.id = published_pdf_version.template_id
    and pdf_templates.published and version.kind = any (published_pdf_version.kinds);
  if not found then
    perform app_hidden.refuse('VALIDATION', 'template_not_published', '{"field": "templateId"}');
  end if;
  return v_version;
end;
$$;

comment on function app_private.published_pdf_version is
  'The present version of a published template of the clinic, of one of these kinds; VALIDATION template_not_published.';
grant execute on function app_private.published_pdf_version to app_engine;

create or replace function app_private.set_document_files(document app_public.appointment_documents, file_ids uuid[]) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  if exists (
    select from unnest(set_document_files.file_ids) as named (id)
    where not exists (
      select from app_public.files
      where files.organization_id = (document).organization_id and files.id = named.id and files.appointment_id = (document).appointment_id
        and files.surface = 'appointment_files' and files.status = 'confirmed')
  ) or cardinality(set_document_files.file_ids) > 50 then
    perform app_hidden.refuse('VALIDATION', 'not_a_file_of_the_appointment', '{"field": "fileIds"}');
  end if;
  delete from app_public.appointment_document_files as attached
  where attached.organization_id = (document).organization_id and attached.document_id = (document).id
    and attached.file_id <> all (set_document_files.file_ids);
  insert into app_public.appointment_document_files (organization_id, document_id, file_id)
  select distinct (document).organization_id, (document).id, named.id from unnest(set_document_files.file_ids) as named (id)
  on conflict do nothing;
end;
$$;

comment on function app_private.set_document_files is
  'The files that go with a document are these: confirmed ones of its appointment that the patient may see; VALIDATION otherwise.';
grant execute on function app_private.set_document_files to app_engine;
-- end of source: functions/documents/draft_document.sql

-- source: functions/documents/edit_document.sql
-- What a draft says is written again; what is issued is not. DOC-04.

set role app_engine;

create or replace function app_public.edit_document(document_id uuid, content jsonb, file_ids uuid[] default null)
returns app_public.appointment_documents
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_document app_public.appointment_documents := app_private.locked_document(edit_document.document_id);
begin
  perform app_private.require_draft(v_document);
  perform app_private.require_document_content((
    select version.editor_state from app_public.pdf_template_versions as version
    where version.organization_id = v_document.organization_id and version.id = v_document.version_id), edit_document.content, false);
  update app_public.appointment_documents set content = edit_document.content
  where appointment_documents.id = v_document.id
  returning * into v_document;
  if edit_document.file_ids is not null then
    perform app_private.set_document_files(v_document, edit_document.file_ids);
  end if;
  return v_document;
end;
$$;

comment on function app_public.edit_document is
  E'@arg content What is written into the inputs of the template, by the key of each.\n'
  '@arg fileIds Files of the appointment that go with it; left out, they stay.\n'
  'Writes a draft again. For its specialist, or with documents.manage. NOT_FOUND; IMMUTABLE document_is_issued; VALIDATION answers_not_valid.';
grant execute on function app_public.edit_document to app_member;

reset role;

create or replace function app_private.locked_document(document_id uuid) returns app_public.appointment_documents
language plpgsql volatile
set search_path = ''
as $$
declare
  v_document app_public.appointment_documents;
begin
  select appointment_documents.* into v_document
  from app_public.appointment_documents
  join app_public.appointments
    on appointments.organization_id = appointment_documents.organization_id and appointments.id = appointment_documents.appointment_id
   and appointments.deleted_at is null
  where appointment_documents.id = locked_document.document_id
    and (appointment_documents.organization_id = any (app_hidden.organization_ids_where('documents.view'))
         or appointment_documents.specialist_id = any (app_hidden.current_specialist_ids()))
  for no key update of appointment_documents;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_right_to_document(v_document.organization_id, v_document.specialist_id);
  return v_document;
end;
$$;

comment on function app_private.locked_document is
  'A document that the caller may write, locked; NOT_FOUND for one that they do not see, FORBIDDEN permission_missing.';
grant execute on function app_private.locked_document to app_engine;

create or replace function app_private.require_draft(document app_public.appointment_documents) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if (document).status <> 'draft' then
    perform app_hidden.refuse('IMMUTABLE', 'document_is_issued', jsonb_build_object('documentId', (document).id));
  end if;
end;
$$;

comment on function app_private.require_draft is 'IMMUTABLE document_is_issued for a document that is no draft any more.';
grant execute on function app_private.require_draft to app_engine;
-- end of source: functions/documents/edit_document.sql

-- source: functions/documents/cancel_document.sql
-- A draft is dropped, or an issued document declared void: it stays with its number, and says why. DOC-04.

set role app_engine;

create or replace function app_public.cancel_document(document_id uuid, reason text) returns app_public.appointment_documents
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_document app_public.appointment_documents := app_private.locked_document(cancel_document.document_id);
begin
  update app_public.appointment_documents
  set status = 'cancelled', reason = app_private.require_reason(cancel_document.reason),
      replaces_id = case when v_document.issued_at is not null then v_document.replaces_id end
  where appointment_documents.id = v_document.id
  returning * into v_document;
  return v_document;
end;
$$;

comment on function app_public.cancel_document is
  'Drops a draft, or declares an issued document void; the reason stays with it. For its specialist, or with documents.manage. '
  'NOT_FOUND; STATE illegal_move.';
grant execute on function app_public.cancel_document to app_member;

reset role;
-- end of source: functions/documents/cancel_document.sql

-- source: functions/documents/check_pdf_template.sql
-- Tells an editor what is wrong with what is drafted, before it is saved: the same check, without a refusal. DOC-01.

set role app_engine;

create or replace function app_public.check_pdf_template(
  organization_id uuid, kind text, editor_state jsonb, layout_config jsonb default '{}'
) returns jsonb
language plpgsql stable strict security definer
set search_path = ''
as $$
begin
  if check_pdf_template.organization_id <> all (app_hidden.current_staff_organization_ids()) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return (
    select coalesce(jsonb_agg(to_jsonb(problem)), '[]')
    from app_private.template_problems(
      check_pdf_template.organization_id, check_pdf_template.kind, check_pdf_template.editor_state, check_pdf_template.layout_config) as problem);
end;
$$;

comment on function app_public.check_pdf_template is
  E'@arg kind report, prescription, form; or letterhead, footer, signature for a component.\n'
  '@arg editorState The blocks and inputs, as they would be saved.\n'
  '@arg layoutConfig Paper, margins, size and colour, as they would be saved.\n'
  'What is wrong with a drafted template or component: a list of {path, reason, details}, empty where it could be saved. For staff.';
grant execute on function app_public.check_pdf_template to app_member;

reset role;
-- end of source: functions/documents/check_pdf_template.sql

-- source: functions/documents/claim_rendering.sql
-- What the worker asks before it renders, and says afterwards. What has the same input is rendered once. DOC-02.

set role app_engine;

create or replace function app_private.claim_rendering(document_id uuid)
returns table (organization_id uuid, input jsonb, input_sha256 text, object_key text, is_rendered boolean)
language sql stable strict security definer
set search_path = ''
begin atomic
  select frozen.organization_id, frozen.input, frozen.input_sha256,
         concat_ws('/', frozen.organization_id, surface.prefix, frozen.document_id),
         exists (
           select from app_private.rendered_documents as rendered
           where rendered.organization_id = frozen.organization_id and rendered.input_sha256 = frozen.input_sha256)
  from app_private.document_inputs as frozen
  join app_private.file_surfaces as surface
    on surface.key = case when frozen.form_document_id is null then 'appointment_documents' else 'form_documents' end
  where frozen.document_id = claim_rendering.document_id;
end;

comment on function app_private.claim_rendering is
  'What a document is rendered from, where its bytes go, and whether they are there already; no row for what is not issued.';
grant execute on function app_private.claim_rendering to app_worker;

reset role;
-- end of source: functions/documents/claim_rendering.sql

-- source: functions/documents/document_builder.sql
-- What an editor of templates is built from: blocks with their schemas, fields with types and formats, components, limits. DOC-01.

set role app_engine;

create or replace function app_public.document_builder(organization_id uuid, kind text) returns jsonb
language plpgsql stable strict security definer
set search_path = ''
as $$
begin
  if document_builder.organization_id <> all (app_hidden.current_staff_organization_ids()) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  elsif document_builder.kind not in ('report', 'prescription', 'form', 'letterhead', 'footer', 'signature') then
    perform app_hidden.refuse('VALIDATION', 'document_kind_unknown', '{"field": "kind"}');
  end if;
  return jsonb_build_object(
    'kind', document_builder.kind,
    'blocks', (
      select jsonb_agg(jsonb_build_object(
        'type', known.type, 'label', jsonb_build_object('ro', known.label_ro, 'en', known.label_en), 'schema', known.schema) order by known.place)
      from app_private.document_block_types as known
      where document_builder.kind = any (known.kinds)),
    'fields', (
      select jsonb_agg(jsonb_build_object(
        'code', known.code, 'type', known.type, 'collection', known.collection, 'formats', app_private.document_formats(known.type),
        'label', jsonb_build_object('ro', known.label_ro, 'en', known.label_en), 'sample', known.sample) order by known.code)
      from app_private.document_fields as known
      where document_builder.kind = any (known.kinds)),
    'components', (
      select coalesce(jsonb_agg(jsonb_build_object('id', component.id, 'kind', component.kind, 'title', component.title, 'version', component.version)
        order by component.title, component.id), '[]')
      from app_public.pdf_template_components as component
      where component.organization_id = document_builder.organization_id),
    'formats', app_private.document_format_labels(),
    'inputs', app_private.document_inputs_schema(),
    'layout', app_private.document_layout_schema(),
    'limits', app_private.document_limits());
end;
$$;

comment on function app_public.document_builder is
  E'@arg kind report, prescription, form; or letterhead, footer, signature for a component.\n'
  'What an editor of templates is built from: the blocks of a kind with the JSON Schema of each, the fields that text can be bound to, '
  'their formats, the components of the clinic, the schemas of inputs and layout, and limits. For staff; VALIDATION document_kind_unknown.';
grant execute on function app_public.document_builder to app_member;

reset role;
-- end of source: functions/documents/document_builder.sql

-- source: functions/documents/publish_pdf_template.sql
-- Publishing freezes what the draft of a template says, with the present version of each component that it names: documents are
-- made of it from then on, and those under way stay on theirs. What is published again unchanged is no new version. DOC-01.

set role app_engine;

create or replace function app_public.publish_pdf_template(template_id uuid) returns app_public.pdf_templates
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_template app_public.pdf_templates;
begin
  select pdf_templates.* into v_template
  from app_public.pdf_templates
  where pdf_templates.id = publish_pdf_template.template_id
    and pdf_templates.organization_id = any (app_hidden.current_staff_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_permission(v_template.organization_id, 'document_templates.manage');
  return app_private.publish_pdf(v_template.id);
end;
$$;

comment on function app_public.publish_pdf_template is
  'Publishes a template of documents as it is drafted, with the present versions of its letterhead, footer and signature. Needs '
  'document_templates.manage. Unchanged, it makes no new version.';
grant execute on function app_public.publish_pdf_template to app_member;

reset role;

create or replace function app_private.publish_pdf(template_id uuid) returns app_public.pdf_templates
language plpgsql volatile
set search_path = ''
as $$
declare
  v_template app_public.pdf_templates;
  v_version_id uuid;
begin
  -- Numbers are given under the lock of the template.
  select pdf_templates.* into strict v_template
  from app_public.pdf_templates
  where pdf_templates.id = publish_pdf.template_id
  for update;
  if not app_private.is_pdf_published_alike(v_template) then
    insert into app_public.pdf_template_versions
      (organization_id, template_id, number, kind, title, locale, editor_state, layout_config, published_by, published_at)
    values (v_template.organization_id, v_template.id, v_template.version + 1, v_template.kind, v_template.title, v_template.locale,
            v_template.editor_state, v_template.layout_config, app_private.current_actor_id(), app_hidden.now())
    returning id into v_version_id;
    insert into app_public.pdf_template_version_components (organization_id, version_id, component_id, component_version_id)
    select v_template.organization_id, v_version_id, named.component_id, named.component_version_id
    from app_private.components_named(v_template.organization_id, v_template.editor_state) as named;
    v_template.version := v_template.version + 1;
  end if;
  update app_public.pdf_templates set version = v_template.version, published = true
  where pdf_templates.id = v_template.id
  returning * into v_template;
  return v_template;
end;
$$;

comment on function app_private.publish_pdf is
  'Publishes a template of documents, whoever asks: the verb publish_pdf_template(), and the making of a clinic.';
grant execute on function app_private.publish_pdf to app_engine;

create or replace function app_private.components_named(organization_id uuid, editor_state jsonb)
returns table (component_id uuid, component_version_id uuid, editor_state jsonb)
language sql stable
set search_path = ''
begin atomic
  select version.component_id, version.id, version.editor_state
  from app_public.pdf_template_components as component
  join app_public.pdf_template_component_versions as version
    on version.organization_id = component.organization_id and version.component_id = component.id and version.number = component.version
  where component.organization_id = components_named.organization_id
    and component.id::text in (
      select named #>> '{}' from jsonb_path_query(components_named.editor_state, 'strict $.** ? (@.type() == "object" && exists(@.component)).component') as named);
end;

comment on function app_private.components_named is 'The components that a template names, with the present version of each.';
grant execute on function app_private.components_named to app_engine;

create or replace function app_private.is_pdf_published_alike(template app_public.pdf_templates) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select
    from app_public.pdf_template_versions as latest
    where latest.organization_id = (template).organization_id and latest.template_id = (template).id
      and latest.number = (template).version
      and (latest.title, latest.locale, latest.editor_state, latest.layout_config)
        = ((template).title, (template).locale, (template).editor_state, (template).layout_config)
      and array(
        select pinned.component_version_id
        from app_public.pdf_template_version_components as pinned
        where pinned.organization_id = latest.organization_id and pinned.version_id = latest.id
        order by pinned.component_version_id)
        = array(
        select named.component_version_id
        from app_private.components_named((template).organization_id, (template).editor_state) as named
        order by named.component_version_id));
end;

comment on function app_private.is_pdf_published_alike is 'Whether the last version of a template of documents says what its draft says, components included.';
grant execute on function app_private.is_pdf_published_alike to app_engine;
-- end of source: functions/documents/publish_pdf_template.sql

-- source: functions/documents/give_predefined_documents.sql
-- The templates of documents that the product brings, for one clinic, published with their components: to use at once, and to
-- change. What the clinic has by a key stays as it is. DOC-01.

create or replace function app_private.give_predefined_documents(organization_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_template_id uuid;
  v_names jsonb;
begin
  -- Two at once would both find nothing.
  perform from app_public.organizations
  where organizations.id = give_predefined_documents.organization_id
  for no key update;

  insert into app_public.pdf_template_components (organization_id, key, kind, title, editor_state)
  select give_predefined_documents.organization_id, predefined.key, predefined.kind, predefined.title, predefined.editor_state
  from app_private.predefined_pdf_templates as predefined
  where predefined.kind in ('letterhead', 'footer', 'signature')
  on conflict on constraint pdf_template_components_key_is_unique do nothing;
  select jsonb_object_agg(component.key, jsonb_build_object('component', component.id)) into v_names
  from app_public.pdf_template_components as component
  where component.organization_id = give_predefined_documents.organization_id;

  for v_template_id in
    insert into app_public.pdf_templates (organization_id, key, kind, title, locale, editor_state)
    select give_predefined_documents.organization_id, predefined.key, predefined.kind, predefined.title, predefined.locale,
           app_private.with_components(predefined.editor_state, v_names)
    from app_private.predefined_pdf_templates as predefined
    where predefined.kind in ('report', 'prescription', 'form')
    on conflict on constraint pdf_templates_key_is_unique do nothing
    returning pdf_templates.id
  loop
    perform app_private.publish_pdf(v_template_id);
  end loop;
end;
$$;

comment on function app_private.give_predefined_documents is
  'Adds and publishes the product''s templates of documents that the clinic does not have, with their components.';
grant execute on function app_private.give_predefined_documents to app_engine;

create or replace function app_private.with_components(node jsonb, parts jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  case jsonb_typeof(node)
    when 'object' then
      return coalesce((
        select jsonb_object_agg(member.key, app_private.with_components(member.value, parts)) from jsonb_each(node) as member), '{}')
        || coalesce(parts -> (node ->> 'component'), '{}');
    when 'array' then
      return coalesce((
        select jsonb_agg(app_private.with_components(entry.value, parts) order by entry.place)
        from jsonb_array_elements(node) with ordinality as entry (value, place)), '[]');
    else
      return node;
  end case;
end;
$$;

comment on function app_private.with_components is
  'The blocks with what parts says added to each that names a component: {"<component>": {"component": "<id>"}} or {"<id>": {"blocks": […]}}.';
grant execute on function app_private.with_components to app_engine;
-- end of source: functions/documents/give_predefined_documents.sql

-- source: functions/documents/document_input.sql
-- What a document is rendered from: everything that decides its bytes, as it was frozen when it was issued. DOC-02, DOC-05.

set role app_engine;

create or replace function app_private.document_input(document_id uuid) returns jsonb
language sql stable strict security definer
set search_path = ''
begin atomic
  select document_inputs.input from app_private.document_inputs where document_inputs.document_id = document_input.document_id;
end;

comment on function app_private.document_input is 'The frozen input of an issued document; null where there is none.';
grant execute on function app_private.document_input to app_worker;

reset role;

-- Letterhead and footer stand beside the blocks, components say what is in them, and every picture is named with its object.
create or replace function app_private.compose_document(
  organization_id uuid, editor_state jsonb, layout_config jsonb, parts jsonb, document jsonb, data jsonb, signature jsonb, proof jsonb
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_blocks constant jsonb := app_private.with_components(editor_state -> 'blocks', parts);
  v_letterhead constant jsonb := jsonb_path_query_first(v_blocks, 'strict $[*] ? (@.type == "letterhead")');
  v_footer constant jsonb := jsonb_path_query_first(v_blocks, 'strict $[*] ? (@.type == "footer")');
begin
  return jsonb_build_object(
    'document', compose_document.document,
    'layout', '{"paper": "A4", "orientation": "portrait", "margins": {"top": 18, "right": 16, "bottom": 18, "left": 20},
                "font_size": 10.5, "color": "#1f4e79"}'::jsonb || compose_document.layout_config
      || jsonb_build_object('margins', '{"top": 18, "right": 16, "bottom": 18, "left": 20}'::jsonb || coalesce(compose_document.layout_config -> 'margins', '{}')),
    'letterhead', case when v_letterhead is not null then jsonb_build_object('blocks', v_letterhead -> 'blocks') end,
    'footer', case when v_footer is not null then jsonb_build_object('blocks', v_footer -> 'blocks') end,
    'blocks', jsonb_path_query_array(v_blocks, 'strict $[*] ? (@.type != "letterhead" && @.type != "footer")'),
    'data', compose_document.data,
    'images', (
      select coalesce(jsonb_object_agg(files.id, jsonb_build_object(
        'objectKey', files.object_key, 'sha256', files.sha256, 'contentType', files.content_type)), '{}')
      from app_public.files
      where files.organization_id = compose_document.organization_id and files.status = 'confirmed'
        and files.id::text in (
          select shown #>> '{}' from jsonb_path_query(v_blocks, 'strict $.** ? (@.type == "image").file') as shown)),
    'signature', case when compose_document.signature is null then '{}' else (
      select coalesce(jsonb_object_agg(block #>> '{}', compose_document.signature), '{}')
      from jsonb_path_query(v_blocks, 'strict $.** ? (@.type == "signature").id') as block) end,
    'proof', compose_document.proof);
end;
$$;

comment on function app_private.compose_document is
  'The input of the renderer: blocks with their components, data, pictures by object, the signature by block, and the proof.';
grant execute on function app_private.compose_document to app_engine;

-- The components that a published version has, each as it was then.
create or replace function app_private.pinned_parts(version app_public.pdf_template_versions) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select coalesce(jsonb_object_agg(pinned.component_id, jsonb_build_object('blocks', saved.editor_state -> 'blocks')), '{}')
  from app_public.pdf_template_version_components as pinned
  join app_public.pdf_template_component_versions as saved
    on saved.organization_id = pinned.organization_id and saved.id = pinned.component_version_id
  where pinned.organization_id = (version).organization_id and pinned.version_id = (version).id;
end;

comment on function app_private.pinned_parts is 'The blocks of each component of a published version, by its id.';
grant execute on function app_private.pinned_parts to app_engine;

-- Frozen once, with its hash, and rendered next.
create or replace function app_private.freeze_document_input(
  organization_id uuid, appointment_document_id uuid, form_document_id uuid, input jsonb
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_document_id constant uuid := coalesce(appointment_document_id, form_document_id);
begin
  insert into app_private.document_inputs
    (organization_id, document_id, appointment_document_id, form_document_id, input, input_sha256, frozen_at)
  values (freeze_document_input.organization_id, v_document_id, freeze_document_input.appointment_document_id,
          freeze_document_input.form_document_id, freeze_document_input.input,
          app_private.hex_digest(app_private.canonical_json(freeze_document_input.input)), app_hidden.now());
  perform graphile_worker.add_job(
    'render_document', json_build_object('documentId', v_document_id), queue_name => null, max_attempts => 10,
    job_key => 'render_document:' || v_document_id);
end;
$$;

comment on function app_private.freeze_document_input is 'Keeps what a document is rendered from, and queues the job that renders it.';
grant execute on function app_private.freeze_document_input to app_engine;
-- end of source: functions/documents/document_input.sql

-- source: functions/documents/input_of_appointment_document.sql
-- What an issued document of an appointment is rendered from, as everything stands at that moment. DOC-03, DOC-04.

create or replace function app_private.input_of_appointment_document(document app_public.appointment_documents) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_version app_public.pdf_template_versions;
  v_head jsonb;
begin
  select version.* into strict v_version
  from app_public.pdf_template_versions as version
  where version.organization_id = (document).organization_id and version.id = (document).version_id;
  v_head := app_private.document_head(
    (document).organization_id, (document).id, (document).kind, (document).number_year || '/' || (document).number, (document).title,
    (document).locale, (document).issued_at);
  return app_private.compose_document(
    (document).organization_id, v_version.editor_state, v_version.layout_config, app_private.pinned_parts(v_version), v_head,
    app_private.data_of_appointment(
      (document).organization_id, (document).appointment_id, (document).specialist_id, v_head, (document).content),
    (
      select jsonb_build_object(
        'objectKey', files.object_key, 'contentType', files.content_type, 'sha256', files.sha256,
        'name', concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name),
        'signedAt', app_private.instant_text((document).issued_at))
      from app_public.specialist_signatures as signature
      join app_public.files on files.organization_id = signature.organization_id and files.id = signature.file_id
      join app_public.specialists on specialists.organization_id = signature.organization_id and specialists.id = signature.specialist_id
      where signature.organization_id = (document).organization_id and signature.id = (document).signature_id
        and signature.specialist_id = (document).specialist_id
    ), null);
end;
$$;

comment on function app_private.input_of_appointment_document is 'The input of the renderer for a document of an appointment, with the signature that it carries.';
grant execute on function app_private.input_of_appointment_document to app_engine;

create or replace function app_private.document_head(
  organization_id uuid, id uuid, kind text, number text, title text, locale text, issued_at timestamptz
) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select jsonb_build_object(
    'id', document_head.id, 'kind', document_head.kind, 'number', document_head.number, 'title', document_head.title,
    'locale', document_head.locale, 'timezone', organizations.timezone, 'issuedAt', app_private.instant_text(document_head.issued_at))
  from app_public.organizations where organizations.id = document_head.organization_id;
end;

comment on function app_private.document_head is 'What the input of the renderer says of the document itself.';
grant execute on function app_private.document_head to app_engine;

-- What every document can say, whatever it is of.
create or replace function app_private.data_of_patient(organization_id uuid, patient_profile_id uuid, head jsonb) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select jsonb_build_object(
    'document', jsonb_build_object('title', head -> 'title', 'number', head -> 'number', 'issued_at', head -> 'issuedAt'),
    'clinic', jsonb_build_object(
      'name', organizations.name, 'address', nullif(concat_ws(', ', organizations.street, organizations.city), ''),
      'phone', organizations.contact_phone, 'email', organizations.contact_email),
    'patient', jsonb_build_object(
      'name', concat_ws(' ', person.given_name, person.family_name), 'given_name', person.given_name, 'family_name', person.family_name,
      'birth_date', to_char(person.birth_date, 'YYYY-MM-DD'), 'phone', person.phone, 'email', person.email))
  from app_public.organizations
  cross join app_public.patient_profiles as person
  where organizations.id = data_of_patient.organization_id and person.id = data_of_patient.patient_profile_id;
end;

comment on function app_private.data_of_patient is 'The fields of document, clinic and patient.';
grant execute on function app_private.data_of_patient to app_engine;

create or replace function app_private.data_of_appointment(
  organization_id uuid, appointment_id uuid, specialist_id uuid, head jsonb, content jsonb
) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select app_private.data_of_patient(visit.organization_id, visit.patient_profile_id, head) || jsonb_build_object(
    'appointment', jsonb_build_object(
      'starts_at', app_private.instant_text(visit.starts_at), 'ends_at', app_private.instant_text(visit.ends_at),
      'service', coalesce(services.translations #>> array[head ->> 'locale', 'name'], services.name),
      'price', jsonb_build_object('amount', visit.total_amount, 'currency', visit.currency)),
    'specialist', jsonb_build_object(
      'name', concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name), 'title', specialists.title,
      'registration_number', specialists.registration_number),
    'sessions', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'starts_at', app_private.instant_text(done.starts_at), 'service', done.service, 'specialist', done.specialist) order by done.starts_at, done.id), '[]')
      from (
        select earlier.id, earlier.starts_at, coalesce(given.translations #>> array[head ->> 'locale', 'name'], given.name) as service,
               concat_ws(' ', who.title, who.given_name, who.family_name) as specialist
        from app_public.appointments as earlier
        join app_public.services as given on given.organization_id = earlier.organization_id and given.id = earlier.service_id
        join app_public.specialists as who on who.organization_id = earlier.organization_id and who.id = earlier.specialist_id
        where earlier.organization_id = visit.organization_id and earlier.patient_profile_id = visit.patient_profile_id
          and earlier.status = 'done' and earlier.deleted_at is null and earlier.starts_at <= visit.starts_at
        order by earlier.starts_at desc, earlier.id desc
        limit 100) as done),
    'input', content)
  from app_public.appointments as visit
  join app_public.services on services.organization_id = visit.organization_id and services.id = visit.service_id
  join app_public.specialists
    on specialists.organization_id = visit.organization_id and specialists.id = data_of_appointment.specialist_id
  where visit.organization_id = data_of_appointment.organization_id and visit.id = data_of_appointment.appointment_id;
end;

comment on function app_private.data_of_appointment is
  'The fields of a document of an appointment: what every document says, the appointment, the specialist, sessions done until then, and what was written.';
grant execute on function app_private.data_of_appointment to app_engine;
-- end of source: functions/documents/input_of_appointment_document.sql

-- source: functions/documents/form_sections.sql
-- The questions of a signed form with its answers in words, as they were shown: what a condition hid is left out. DOC-05.
-- Items outside of groups are sections without a title; each entry of a group that repeats is a section of its own.

create or replace function app_private.form_sections(
  organization_id uuid, items jsonb, answers jsonb, outer_values jsonb, locale text, title text
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_sections jsonb := '[]';
  v_lines jsonb := '[]';
  v_item jsonb;
  v_entry record;
  v_label text;
begin
  for v_item in select value from jsonb_array_elements(items) loop
    if v_item ? 'visible_if' and not app_private.form_condition(v_item -> 'visible_if', answers, outer_values) then
      continue;
    end if;
    v_label := app_private.words_in(v_item -> 'label', locale);
    if v_item ->> 'type' = 'group' then
      if v_lines <> '[]' then
        v_sections := v_sections || jsonb_build_object('title', form_sections.title, 'answers', v_lines);
        v_lines := '[]';
      end if;
      if v_item ? 'repeat' then
        for v_entry in select entry, place from jsonb_array_elements(coalesce(answers -> (v_item ->> 'key'), '[]')) with ordinality as each (entry, place) loop
          v_sections := v_sections || app_private.form_sections(
            organization_id, v_item -> 'items', v_entry.entry, outer_values || answers, locale, format('%s (%s)', v_label, v_entry.place));
        end loop;
      else
        v_sections := v_sections || app_private.form_sections(organization_id, v_item -> 'items', answers, outer_values, locale, v_label);
      end if;
    elsif v_item ->> 'type' = 'statement' then
      v_lines := v_lines || jsonb_build_object('kind', 'text', 'label', v_label, 'value', app_private.words_in(v_item -> 'text', locale));
    else
      v_lines := v_lines || jsonb_build_object('kind', 'answer', 'label', v_label,
        'value', app_private.answer_in_words(organization_id, v_item, answers -> (v_item ->> 'key'), locale));
    end if;
  end loop;
  if v_lines <> '[]' then
    v_sections := v_sections || jsonb_build_object('title', form_sections.title, 'answers', v_lines);
  end if;
  return v_sections;
end;
$$;

comment on function app_private.form_sections is 'Questions and answers of a form in words: [{title, answers: [{kind, label, value}]}].';
grant execute on function app_private.form_sections to app_engine;

create or replace function app_private.answer_in_words(organization_id uuid, item jsonb, answer jsonb, locale text) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  if answer is null or jsonb_typeof(answer) = 'null' then
    return null;
  end if;
  return case replace(item ->> 'type', 'choices', 'choice')
    when 'boolean' then case when answer = 'true' then case locale when 'ro' then 'Da' else 'Yes' end
      else case locale when 'ro' then 'Nu' else 'No' end end
    when 'date' then to_char((answer #>> '{}')::date, case locale when 'ro' then 'DD.MM.YYYY' else 'DD/MM/YYYY' end)
    when 'number' then case locale when 'ro' then replace(answer #>> '{}', '.', ',') else answer #>> '{}' end
    when 'file' then (
      select string_agg(files.filename, ', ' order by files.id) from app_public.files
      where files.organization_id = answer_in_words.organization_id
        and files.id::text in (select named #>> '{}' from jsonb_path_query(answer, 'lax $[*]') as named))
    when 'choice' then (
      select string_agg(coalesce(app_private.words_in(option -> 'label', locale), given #>> '{}'), ', ' order by place)
      from jsonb_path_query(answer, 'lax $[*]') with ordinality as each (given, place)
      left join jsonb_array_elements(item -> 'options') as option on option -> 'value' = given)
    else answer #>> '{}'
  end;
end;
$$;

comment on function app_private.answer_in_words is 'An answer as people read it in a language; null where there is none.';
grant execute on function app_private.answer_in_words to app_engine;
-- end of source: functions/documents/form_sections.sql

-- source: functions/documents/input_of_form_document.sql
-- What the document of a signed form is rendered from: what was kept as it was signed, and nothing that may have changed since but
-- the names of clinic and patient. DOC-05, CNS-07.

create or replace function app_private.input_of_form_document(
  document app_public.form_documents, form app_public.forms, signature app_public.form_signatures, version app_public.pdf_template_versions
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_kept app_private.signature_documents;
  v_head jsonb;
begin
  select signature_documents.* into strict v_kept
  from app_private.signature_documents
  where signature_documents.organization_id = (form).organization_id and signature_documents.form_id = (form).id;
  v_head := app_private.document_head(
    (form).organization_id, (document).id, 'form', null, (document).title, (signature).locale, (signature).signed_at);
  return app_private.compose_document(
    (form).organization_id, (version).editor_state, (version).layout_config, app_private.pinned_parts(version), v_head,
    app_private.data_of_patient((form).organization_id, (form).patient_profile_id, v_head)
      || jsonb_build_object('form', app_private.data_of_form(form, v_kept.answers::jsonb, signature)),
    app_private.drawn_signature(v_kept, signature),
    app_private.printed_proof(v_kept.proof::jsonb, (signature).proof_sha256));
end;
$$;

comment on function app_private.input_of_form_document is 'The input of the renderer for a signed form: answers, signature, and the proof with its hash.';
grant execute on function app_private.input_of_form_document to app_engine;

create or replace function app_private.data_of_form(form app_public.forms, answers jsonb, signature app_public.form_signatures) returns jsonb
language sql stable
set search_path = ''
return jsonb_build_object(
  'title', app_private.words_in((form).snapshot -> 'title', (signature).locale),
  'intro', app_private.words_in((form).snapshot -> 'intro', (signature).locale),
  'intent', app_private.words_in((form).snapshot -> 'intent', (signature).locale),
  'signed_at', app_private.instant_text((signature).signed_at), 'signer_name', (signature).signer_name,
  'sections', app_private.form_sections((form).organization_id, (form).snapshot -> 'items', answers, '{}', (signature).locale, null));

comment on function app_private.data_of_form is 'The fields of a signed form, with its questions and answers in sections.';
grant execute on function app_private.data_of_form to app_engine;

create or replace function app_private.drawn_signature(kept app_private.signature_documents, signature app_public.form_signatures) returns jsonb
language sql stable
set search_path = ''
return jsonb_strip_nulls(jsonb_build_object(
  'name', (signature).signer_name, 'signedAt', app_private.instant_text((signature).signed_at), 'typedName', (signature).typed_name,
  'svg', case when (kept).path is not null then jsonb_build_object(
    'path', (kept).path, 'width', (kept).proof::jsonb #> '{signature,path,width}', 'height', (kept).proof::jsonb #> '{signature,path,height}') end,
  'sha256', app_private.hex_digest((kept).path)));

comment on function app_private.drawn_signature is 'A signature of a form as the renderer draws it: its strokes, or the name that was typed.';
grant execute on function app_private.drawn_signature to app_engine;

create or replace function app_private.printed_proof(proof jsonb, proof_sha256 text) returns jsonb
language sql stable
set search_path = ''
return jsonb_build_object(
  'sha256', proof_sha256, 'format', proof -> 'format', 'level', proof -> 'level', 'mode', proof #> '{signature,mode}',
  'signature', proof #> '{signature,kind}', 'typedName', proof #> '{signature,typedName}', 'signer', proof #> '{signer,name}',
  'identifiedBy', proof #> '{signer,identifiedBy}', 'relationship', proof #> '{signer,relationship}', 'signedAt', proof -> 'signedAt',
  'address', proof -> 'address', 'userAgent', proof -> 'userAgent', 'formId', proof #> '{form,id}', 'templateVersion', proof #> '{form,version}',
  'contentSha256', proof #> '{content,sha256}', 'textSha256', proof #> '{text,sha256}', 'answersSha256', proof #> '{answers,sha256}',
  'attachments', coalesce(jsonb_path_query_array(proof, 'lax $.attachments[*]'), '[]'),
  'purposes', coalesce(jsonb_path_query_array(proof, 'lax $.purposes[*]'), '[]'), 'events', proof -> 'events');

comment on function app_private.printed_proof is 'What of a proof is printed on the document of a form, its hash first.';
grant execute on function app_private.printed_proof to app_engine;
-- end of source: functions/documents/input_of_form_document.sql

-- source: functions/documents/document_preview_input.sql
-- What a template would be rendered from as it is drafted: with the data of an appointment or a form that the caller may see, or with
-- samples. Nothing is kept; a reading of somebody's record is. DOC-01, FND-08.

set role app_engine;

create or replace function app_hidden.document_preview_input(
  organization_id uuid, kind text, editor_state jsonb, layout_config jsonb, locale text, sample uuid default null
) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_person_id uuid;
  v_head jsonb;
  v_data jsonb;
  v_proof jsonb;
begin
  if document_preview_input.organization_id <> all (app_hidden.current_staff_organization_ids()) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  elsif document_preview_input.kind not in ('report', 'prescription', 'form') or document_preview_input.locale not in ('ro', 'en') then
    perform app_hidden.refuse('VALIDATION', 'document_kind_unknown', '{"field": "kind"}');
  end if;
  perform app_private.require_permission(document_preview_input.organization_id, 'document_templates.manage');
  perform app_private.refuse_problems('content_not_valid', (
    select coalesce(jsonb_agg(to_jsonb(problem)), '[]')
    from app_private.template_problems(
      document_preview_input.organization_id, document_preview_input.kind, document_preview_input.editor_state,
      document_preview_input.layout_config) as problem));
  v_head := app_private.document_head(
    document_preview_input.organization_id, document_preview_input.organization_id, document_preview_input.kind, null, '…',
    document_preview_input.locale, app_hidden.now());
  v_data := app_private.sample_data(document_preview_input.organization_id, document_preview_input.kind, document_preview_input.editor_state, v_head);

  if document_preview_input.sample is not null and document_preview_input.kind = 'form' then
    perform app_private.require_permission(document_preview_input.organization_id, 'forms.view');
    select forms.patient_profile_id, app_private.printed_proof(kept.proof::jsonb, form_signatures.proof_sha256),
           v_data || app_private.data_of_patient(forms.organization_id, forms.patient_profile_id, v_head)
             || jsonb_build_object('form', app_private.data_of_form(forms, kept.answers::jsonb, form_signatures))
    into v_person_id, v_proof, v_data
    from app_public.forms
    join app_public.form_signatures on form_signatures.organization_id = forms.organization_id and form_signatures.form_id = forms.id
    join app_private.signature_documents as kept on kept.organization_id = forms.organization_id and kept.form_id = forms.id
    where forms.organization_id = document_preview_input.organization_id and forms.id = document_preview_input.sample and forms.deleted_at is null;
  elsif document_preview_input.sample is not null then
    perform app_private.require_permission(document_preview_input.organization_id, 'documents.view');
    select appointments.patient_profile_id,
           v_data || app_private.data_of_appointment(appointments.organization_id, appointments.id, appointments.specialist_id, v_head, v_data -> 'input')
    into v_person_id, v_data
    from app_public.appointments
    where appointments.organization_id = document_preview_input.organization_id and appointments.id = document_preview_input.sample
      and appointments.deleted_at is null;
  end if;
  if document_preview_input.sample is not null then
    if v_person_id is null then
      perform app_hidden.refuse('NOT_FOUND', 'not_found');
    end if;
    perform audit.record_read(
      document_preview_input.organization_id, 'app_public.pdf_templates', document_preview_input.sample::text, 'document preview', v_person_id);
  end if;
  return app_private.compose_document(
    document_preview_input.organization_id, document_preview_input.editor_state, document_preview_input.layout_config,
    (select coalesce(jsonb_object_agg(named.component_id, jsonb_build_object('blocks', named.editor_state -> 'blocks')), '{}')
     from app_private.components_named(document_preview_input.organization_id, document_preview_input.editor_state) as named),
    v_head, v_data, null, v_proof);
end;
$$;

comment on function app_hidden.document_preview_input is
  'The input of the renderer for a drafted template, with the data of an appointment or a signed form, or samples. Needs '
  'document_templates.manage, and documents.view or forms.view for real data. VALIDATION content_not_valid, document_kind_unknown.';
grant execute on function app_hidden.document_preview_input to app_member;

reset role;

create or replace function app_private.sample_input(type text, locale text) returns jsonb
language sql immutable
set search_path = ''
return case sample_input.type
  when 'number' then '3'::jsonb
  when 'date' then '"2026-12-08"'
  when 'text' then to_jsonb(case locale when 'ro' then 'Text scurt' else 'Short text' end)
  else to_jsonb(case locale when 'ro' then 'Aici stă ce scrie specialistul.' else 'Here stands what the specialist writes.' end) end;

comment on function app_private.sample_input is 'What a preview shows in an input of a type.';
grant execute on function app_private.sample_input to app_engine;

create or replace function app_private.sample_data(organization_id uuid, kind text, editor_state jsonb, head jsonb) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select coalesce(jsonb_object_agg(grouped.name, grouped.fields), '{}')
    || jsonb_build_object(
      'sessions', (
        select jsonb_build_array(jsonb_object_agg(split_part(known.code, '.', 2), known.sample))
        from app_private.document_fields as known where known.collection = 'sessions'),
      'input', (
        select coalesce(jsonb_object_agg(input.key, case input.value ->> 'type'
          when 'rows' then (
            select jsonb_build_array(jsonb_object_agg(entry.key, app_private.sample_input(entry.value #>> '{}', head ->> 'locale')))
            from jsonb_each(input.value -> 'columns') as entry)
          when 'choice' then input.value -> 'options' -> 0
          else app_private.sample_input(input.value ->> 'type', head ->> 'locale') end), '{}')
        from jsonb_each(app_private.document_inputs_of(sample_data.editor_state)) as input))
  from (
    select split_part(known.code, '.', 1) as name, jsonb_object_agg(split_part(known.code, '.', 2), known.sample)
      || case split_part(known.code, '.', 1) when 'form' then '{"sections": [{"title": null, "answers": [
           {"kind": "answer", "label": "…", "value": "…"}]}]}'::jsonb else '{}' end as fields
    from app_private.document_fields as known
    where known.collection is null and known.type <> 'collection' and sample_data.kind = any (known.kinds)
    group by split_part(known.code, '.', 1)) as grouped;
end;

comment on function app_private.sample_data is 'What a preview shows where it is made without a patient: the samples of the fields, and something in every input.';
grant execute on function app_private.sample_data to app_engine;
-- end of source: functions/documents/document_preview_input.sql

-- source: functions/documents/file_owner_appointment_document.sql
-- The rendered file of a document of an appointment. Nobody uploads such a file. DOC-04, FND-13.

create or replace function app_private.file_owner_appointment_document(id uuid) returns app_private.owner_of_file
language sql stable
set search_path = ''
begin atomic
  select appointment_documents.organization_id,
         appointment_documents.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
           and appointment_documents.organization_id = any (app_hidden.current_patient_organization_ids()),
         false
  from app_public.appointment_documents
  where appointment_documents.id = file_owner_appointment_document.id;
end;

comment on function app_private.file_owner_appointment_document is
  'A document of an appointment as the owner of its file; the own of its patient and of those who care for the patient.';
grant execute on function app_private.file_owner_appointment_document to app_engine;
-- end of source: functions/documents/file_owner_appointment_document.sql

-- source: functions/documents/issue_document.sql
-- A document is issued: everything that it asks is written, it gets its number, what it is rendered from is frozen, and the job that
-- renders it is queued, all in one transaction. The signature of the specialist goes onto it only where they issue it themselves;
-- the key appointment_documents_are_signed_by_their_specialist lets no other one in. DOC-03, DOC-04.

set role app_engine;

create or replace function app_public.issue_document(document_id uuid) returns app_public.appointment_documents
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_document app_public.appointment_documents := app_private.locked_document(issue_document.document_id);
  v_replaced app_public.appointment_documents;
begin
  perform app_private.require_draft(v_document);
  perform app_private.require_document_content((
    select version.editor_state from app_public.pdf_template_versions as version
    where version.organization_id = v_document.organization_id and version.id = v_document.version_id), v_document.content, true);
  if v_document.replaces_id is not null then
    update app_public.appointment_documents set status = 'replaced'
    where appointment_documents.organization_id = v_document.organization_id and appointment_documents.id = v_document.replaces_id
    returning * into v_replaced;
    perform app_private.publish('document.replaced', v_document.organization_id, v_replaced.id,
      app_private.document_event_payload(v_replaced) || jsonb_build_object('replacedById', v_document.id));
  end if;

  -- Two of one clinic at once would get one number.
  perform pg_advisory_xact_lock(hashtextextended('documents of ' || v_document.organization_id, 0));
  update app_public.appointment_documents
  set status = 'issued', issued_at = app_hidden.now(), issued_by = app_private.current_actor_id(),
      number_year = year.of_issue,
      number = 1 + coalesce((
        select max(earlier.number) from app_public.appointment_documents as earlier
        where earlier.organization_id = v_document.organization_id and earlier.number_year = year.of_issue), 0),
      signature_id = case when v_document.specialist_id = any (app_hidden.current_specialist_ids()) then (
        select signature.id
        from (
          select newest.id, newest.file_id from app_public.specialist_signatures as newest
          where newest.organization_id = v_document.organization_id and newest.specialist_id = v_document.specialist_id
          order by newest.created_at desc, newest.id desc limit 1) as signature
        where signature.file_id is not null) end
  from (
    select extract(year from app_hidden.now() at time zone organizations.timezone)::int as of_issue
    from app_public.organizations where organizations.id = v_document.organization_id) as year
  where appointment_documents.id = v_document.id
  returning appointment_documents.* into v_document;
  perform app_private.freeze_document_input(v_document.organization_id, v_document.id, null, app_private.input_of_appointment_document(v_document));
  perform app_private.publish('document.issued', v_document.organization_id, v_document.id, app_private.document_event_payload(v_document));
  return v_document;
end;
$$;

comment on function app_public.issue_document is
  'Issues a draft: from then on it never changes, and the patient sees it once it is rendered. It carries the signature of its '
  'specialist where they issue it themselves. For its specialist, or with documents.manage. NOT_FOUND; IMMUTABLE document_is_issued; '
  'VALIDATION answers_not_valid; STATE illegal_move where what it replaces was cancelled meanwhile.';
grant execute on function app_public.issue_document to app_member;

reset role;

create or replace function app_private.document_event_payload(document app_public.appointment_documents) returns jsonb
language sql stable
set search_path = ''
return jsonb_strip_nulls(jsonb_build_object(
  'documentId', (document).id, 'kind', (document).kind, 'appointmentId', (document).appointment_id,
  'patientProfileId', (document).patient_profile_id, 'replacesId', (document).replaces_id));

comment on function app_private.document_event_payload is 'The payload of the events of a document of an appointment; nothing of what it says.';
grant execute on function app_private.document_event_payload to app_engine;
-- end of source: functions/documents/issue_document.sql

-- source: functions/documents/messages_about_document.sql
-- The patient hears that a report or a recommendation can be opened. It says nothing of what it is about: that is read where rights are
-- asked. A signed form brings no message: whoever signed was there. DOC-04, FND-15.

create or replace function app_private.messages_about_document(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_person_id uuid;
begin
  select appointment_documents.patient_profile_id into v_person_id
  from app_public.appointment_documents
  where appointment_documents.organization_id = event.organization_id
    and appointment_documents.id = (event.payload ->> 'documentId')::uuid and appointment_documents.status = 'issued';
  if found then
    perform app_private.notify(
      event.organization_id, 'document_ready', jsonb_build_object('documentId', event.payload -> 'documentId'),
      patient_profile_id => v_person_id, event_id => event.id);
  end if;
end;
$$;

comment on function app_private.messages_about_document is 'Queues what document.rendered calls for: a note to the patient of a report or a prescription.';
grant execute on function app_private.messages_about_document to app_engine;
-- end of source: functions/documents/messages_about_document.sql

-- source: functions/documents/request_form_document.sql
-- A signed form becomes a document: its answers as they were shown, the signature, and the proof with its hash. With the signature
-- where the template of the form has a template of documents, and for any other signed form when somebody asks. DOC-05, CNS-07.

set role app_engine;

create or replace function app_public.request_form_document(form_id uuid) returns app_public.form_documents
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_form constant app_public.forms := app_private.form_of_reader(request_form_document.form_id);
begin
  if v_form.status <> 'signed' then
    perform app_hidden.refuse('STATE', 'not_signed');
  end if;
  return app_private.make_form_document(v_form);
end;
$$;

comment on function app_public.request_form_document is
  'Makes the document of a signed form, by the template that the form was published with or else the one that the product gave the '
  'clinic; the one that is there already is answered again. For its patient, and with forms.view. NOT_FOUND form_not_found; STATE '
  'not_signed; VALIDATION template_not_published.';
grant execute on function app_public.request_form_document to app_member;

reset role;

create or replace function app_private.make_form_document(form app_public.forms) returns app_public.form_documents
language plpgsql volatile
set search_path = ''
as $$
declare
  v_signature app_public.form_signatures;
  v_version app_public.pdf_template_versions;
  v_document app_public.form_documents;
begin
  select form_signatures.* into strict v_signature
  from app_public.form_signatures
  where form_signatures.organization_id = (form).organization_id and form_signatures.form_id = (form).id;
  select version.* into v_version
  from app_public.form_template_versions as asked
  join app_public.pdf_template_versions as version
    on version.organization_id = asked.organization_id and version.id = asked.pdf_version_id
  where asked.organization_id = (form).organization_id and asked.id = (form).version_id;
  if not found then
    v_version := app_private.published_pdf_version((form).organization_id, (
      select pdf_templates.id from app_public.pdf_templates
      where pdf_templates.organization_id = (form).organization_id and pdf_templates.key = 'signed_form_' || v_signature.locale), '{form}');
  end if;
  insert into app_public.form_documents (organization_id, form_id, version_id, title, requested_by, created_at)
  values ((form).organization_id, (form).id, v_version.id,
          coalesce(nullif(regexp_replace(left(app_private.words_in((form).snapshot -> 'title', v_signature.locale), 150), '[[:cntrl:]]+', ' ', 'g'), ''), v_version.title),
          case when (form).status = 'signed' then app_private.current_actor_id() end, app_hidden.now())
  on conflict on constraint form_documents_form_has_one do nothing
  returning * into v_document;
  if not found then
    select form_documents.* into strict v_document
    from app_public.form_documents
    where form_documents.organization_id = (form).organization_id and form_documents.form_id = (form).id;
    return v_document;
  end if;
  perform app_private.freeze_document_input(
    (form).organization_id, null, v_document.id, app_private.input_of_form_document(v_document, form, v_signature, v_version));
  perform app_private.publish('document.issued', (form).organization_id, v_document.id, app_private.form_document_event_payload(v_document));
  return v_document;
end;
$$;

comment on function app_private.make_form_document is
  'The document of a signed form, made and queued where it is not there yet; VALIDATION template_not_published.';
grant execute on function app_private.make_form_document to app_engine;

create or replace function app_private.form_document_event_payload(document app_public.form_documents) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select jsonb_build_object('documentId', (document).id, 'kind', 'form', 'formId', forms.id, 'patientProfileId', forms.patient_profile_id)
  from app_public.forms
  where forms.organization_id = (document).organization_id and forms.id = (document).form_id;
end;

comment on function app_private.form_document_event_payload is 'The payload of the events of a document of a form.';
grant execute on function app_private.form_document_event_payload to app_engine;
-- end of source: functions/documents/request_form_document.sql

-- source: functions/documents/record_rendered.sql
-- The bytes of a document lie in the object store: from now on it is a file, readable where the document is, and whoever may read it
-- hears of it. Told twice, the second time does nothing. DOC-02, DOC-04, DOC-05.

set role app_engine;

create or replace function app_private.record_rendered(document_id uuid, sha256 text, size_bytes bigint, pages int) returns boolean
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_frozen app_private.document_inputs;
  v_claim record;
  v_file_id constant uuid := record_rendered.document_id;
  v_payload jsonb;
begin
  select document_inputs.* into v_frozen
  from app_private.document_inputs
  where document_inputs.document_id = record_rendered.document_id
  for update;
  select * into v_claim from app_private.claim_rendering(record_rendered.document_id);
  if not found or v_claim.is_rendered then
    return false;
  end if;
  -- The file has the id of its document: nobody uploads it, and each document has one.
  insert into app_public.files
    (id, organization_id, surface, audience, owner_kind, owner_id, filename, content_type, size_bytes, sha256, object_key, uploaded_by, expires_at)
  select v_file_id, v_frozen.organization_id, surface.key, surface.audience, surface.owner_kind,
         coalesce(v_frozen.appointment_document_id, (
           select form_documents.form_id from app_public.form_documents
           where form_documents.organization_id = v_frozen.organization_id and form_documents.id = v_frozen.form_document_id)),
         app_private.document_filename(v_frozen.input -> 'document'), 'application/pdf', record_rendered.size_bytes, record_rendered.sha256,
         v_claim.object_key,
         (select service_accounts.principal_id from app_public.service_accounts where service_accounts.name = 'worker'),
         app_hidden.now() + interval '1 day'
  from app_private.file_surfaces as surface
  where surface.key = case when v_frozen.form_document_id is null then 'appointment_documents' else 'form_documents' end;
  update app_public.files set status = 'confirmed', confirmed_at = app_hidden.now(), expires_at = null where files.id = v_file_id;
  insert into app_private.rendered_documents (organization_id, input_sha256, file_id, pages, rendered_at)
  values (v_frozen.organization_id, v_frozen.input_sha256, v_file_id, record_rendered.pages, app_hidden.now());
  update app_private.document_inputs set failure = null, failed_at = null where document_inputs.document_id = v_frozen.document_id;

  select coalesce(
    (select app_private.document_event_payload(appointment_documents) from app_public.appointment_documents
     where appointment_documents.organization_id = v_frozen.organization_id and appointment_documents.id = v_frozen.appointment_document_id),
    (select app_private.form_document_event_payload(form_documents) from app_public.form_documents
     where form_documents.organization_id = v_frozen.organization_id and form_documents.id = v_frozen.form_document_id)) into v_payload;
  perform app_private.publish('document.rendered', v_frozen.organization_id, v_frozen.document_id, v_payload || jsonb_build_object('fileId', v_file_id));
  return true;
end;
$$;

comment on function app_private.record_rendered is
  'Says that the bytes of a document lie where claim_rendering() said: it is a file from now on. Whether this was new.';
grant execute on function app_private.record_rendered to app_worker;

reset role;

create or replace function app_private.document_filename(head jsonb) returns text
language sql immutable
set search_path = ''
return left(regexp_replace(concat_ws(' ', head ->> 'title', translate(head ->> 'number', '/', '-')), '[[:cntrl:]/\\]+', ' ', 'g'), 190) || '.pdf';

comment on function app_private.document_filename is 'Under which name a document is downloaded: its title and number.';
grant execute on function app_private.document_filename to app_engine;
-- end of source: functions/documents/record_rendered.sql

-- source: functions/documents/record_rendering_failed.sql
-- Why a document could not be rendered is kept beside it, for whoever looks after the server. DOC-02.

set role app_engine;

create or replace function app_private.record_rendering_failed(document_id uuid, failure text) returns void
language sql volatile strict security definer
set search_path = ''
begin atomic
  update app_private.document_inputs set failure = left(record_rendering_failed.failure, 500), failed_at = app_hidden.now()
  where document_inputs.document_id = record_rendering_failed.document_id;
end;

comment on function app_private.record_rendering_failed is 'Keeps why a document could not be rendered; the job tries again.';
grant execute on function app_private.record_rendering_failed to app_worker;

reset role;
-- end of source: functions/documents/record_rendering_failed.sql

-- source: functions/documents/replace_document.sql
-- What is issued is corrected by another one: a draft with the same content, which takes its place when it is issued. DOC-04.

set role app_engine;

create or replace function app_public.replace_document(document_id uuid, reason text) returns app_public.appointment_documents
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_document constant app_public.appointment_documents := app_private.locked_document(replace_document.document_id);
  v_version app_public.pdf_template_versions;
  v_successor app_public.appointment_documents;
begin
  perform app_private.require_reason(replace_document.reason);
  if v_document.status <> 'issued' then
    perform app_hidden.refuse('STATE', 'illegal_move', jsonb_build_object(
      'entity', 'appointment_documents', 'from', v_document.status, 'to', 'replaced',
      'legal', app_private.legal_moves('appointment_documents', v_document.status)));
  end if;
  select successor.* into v_successor
  from app_public.appointment_documents as successor
  where successor.organization_id = v_document.organization_id and successor.replaces_id = v_document.id;
  if found then
    perform app_hidden.refuse('STATE', 'is_being_replaced', jsonb_build_object('documentId', v_successor.id));
  end if;
  select version.* into strict v_version
  from app_public.pdf_template_versions as version
  where version.organization_id = v_document.organization_id and version.id = v_document.version_id;
  insert into app_public.appointment_documents
    (organization_id, appointment_id, patient_profile_id, specialist_id, kind, template_id, version_id, title, locale, content,
     replaces_id, reason, created_by)
  values (v_document.organization_id, v_document.appointment_id, v_document.patient_profile_id, v_document.specialist_id, v_version.kind,
          v_version.template_id, v_version.id, v_document.title, v_document.locale, v_document.content, v_document.id,
          app_private.require_reason(replace_document.reason), app_private.current_actor_id())
  returning * into v_successor;
  insert into app_public.appointment_document_files (organization_id, document_id, file_id)
  select attached.organization_id, v_successor.id, attached.file_id
  from app_public.appointment_document_files as attached
  where attached.organization_id = v_document.organization_id and attached.document_id = v_document.id;
  return v_successor;
end;
$$;

comment on function app_public.replace_document is
  'Begins the successor of an issued document, with its content and files: a draft that takes its place when it is issued. For its '
  'specialist, or with documents.manage. NOT_FOUND; STATE illegal_move, is_being_replaced.';
grant execute on function app_public.replace_document to app_member;

reset role;
-- end of source: functions/documents/replace_document.sql

-- source: functions/documents/tg_appointment_document_files__keep.sql
-- The files of a document come and go while it is a draft. DOC-04.

set role app_engine;

create or replace function app_private.tg_appointment_document_files__keep() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_row constant jsonb := coalesce(to_jsonb(new), to_jsonb(old));
  v_document app_public.appointment_documents;
begin
  select appointment_documents.* into v_document
  from app_public.appointment_documents
  where appointment_documents.organization_id = (v_row ->> 'organization_id')::uuid
    and appointment_documents.id = (v_row ->> 'document_id')::uuid
  for no key update;
  perform app_private.require_draft(v_document);
  return coalesce(new, old);
end;
$$;

comment on function app_private.tg_appointment_document_files__keep is
  'IMMUTABLE document_is_issued for files that come to what is issued or leave it. Trigger _300_keep.';

reset role;
-- end of source: functions/documents/tg_appointment_document_files__keep.sql

-- source: functions/documents/tg_appointment_documents__keep.sql
-- What is issued never changes: only its status moves on, with the reason, and a merge of patients takes it along. Documents are not
-- deleted. DOC-04, FND-34.

create or replace function app_private.tg_appointment_documents__keep() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if tg_op = 'DELETE' then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', '{"entity": "appointment_documents"}');
  elsif old.issued_at is not null and
    to_jsonb(new) - '{status,reason,patient_profile_id,updated_at}'::text[]
      is distinct from to_jsonb(old) - '{status,reason,patient_profile_id,updated_at}'::text[] then
    perform app_hidden.refuse('IMMUTABLE', 'document_is_issued', jsonb_build_object('documentId', old.id));
  elsif (new.reason is distinct from old.reason and new.status = old.status)
    or (new.id, new.organization_id, new.appointment_id, new.template_id, new.version_id, new.specialist_id)
      is distinct from (old.id, old.organization_id, old.appointment_id, old.template_id, old.version_id, old.specialist_id) then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', '{"entity": "appointment_documents"}');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_appointment_documents__keep is
  'IMMUTABLE document_is_issued for a change of what is issued, never_changed for one of what a draft is of. Trigger _300_keep.';
-- end of source: functions/documents/tg_appointment_documents__keep.sql

-- source: functions/documents/tg_files__keep_document_images.sql
-- A picture that a template or a component ever showed stays: documents that were issued carry it. DOC-01.

set role app_engine;

create or replace function app_private.tg_files__keep_document_images() returns trigger
language plpgsql stable security definer
set search_path = ''
as $$
begin
  if exists (
    select from app_public.pdf_templates as shown
    where shown.organization_id = new.organization_id and strpos(shown.editor_state::text, new.id::text) > 0
  ) or exists (
    select from app_public.pdf_template_versions as shown
    where shown.organization_id = new.organization_id and strpos(shown.editor_state::text, new.id::text) > 0
  ) or exists (
    select from app_public.pdf_template_component_versions as shown
    where shown.organization_id = new.organization_id and strpos(shown.editor_state::text, new.id::text) > 0
  ) then
    perform app_hidden.refuse('STATE', 'image_is_kept');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_files__keep_document_images is
  'Refuses to delete a picture that a template of documents shows or showed. Trigger _300_keep_document_images.';

reset role;

create or replace trigger _300_keep_document_images before update of status on app_public.files
  for each row when (new.surface = 'document_images' and new.status = 'deleted' and old.status <> 'deleted')
  execute function app_private.tg_files__keep_document_images();
-- end of source: functions/documents/tg_files__keep_document_images.sql

-- source: functions/documents/tg_pdf_template_components__version.sql
-- Every save of what a component says is a version, which published templates keep. DOC-01.

set role app_engine;

create or replace function app_private.tg_pdf_template_components__version() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into app_public.pdf_template_component_versions (organization_id, component_id, number, editor_state, saved_by, saved_at)
  values (new.organization_id, new.id, new.version, new.editor_state, app_private.current_actor_id(), app_hidden.now());
  return null;
end;
$$;

comment on function app_private.tg_pdf_template_components__version is 'Writes the version of a component that was saved. Trigger _700_version.';

reset role;
-- end of source: functions/documents/tg_pdf_template_components__version.sql

-- source: functions/documents/tg_pdf_templates__check.sql
-- A draft of a template, and what a component says, are sound whenever they are saved; key and kind stay. DOC-01.

set role app_engine;

create or replace function app_private.tg_pdf_templates__check() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and (new.key, new.kind) <> (old.key, old.kind) then
    perform app_hidden.refuse('IMMUTABLE', 'key_stays', '{"field": "key"}');
  end if;
  perform app_private.refuse_problems('content_not_valid', (
    select coalesce(jsonb_agg(to_jsonb(problem)), '[]')
    from app_private.template_problems(
      new.organization_id, new.kind, new.editor_state, coalesce(to_jsonb(new) -> 'layout_config', '{}')) as problem));
  if tg_table_name = 'pdf_template_components' and (tg_op = 'INSERT' or new.editor_state <> old.editor_state) then
    new.version := new.version + 1;
  end if;
  return new;
end;
$$;

comment on function app_private.tg_pdf_templates__check is
  'VALIDATION content_not_valid with each place; IMMUTABLE key_stays; counts the versions of a component. Trigger _300_check.';

reset role;
-- end of source: functions/documents/tg_pdf_templates__check.sql

-- source: functions/events/give_back_jobs.sql
-- Jobs that a worker holds without knowing are free again: the connection was lost before it was told which. FND-14.
-- They were never run, so the attempt is given back. One that was queued again meanwhile has lost its key to the new job
-- and goes, as in reap_silent_workers.

create or replace function app_private.give_back_jobs(worker_id text, job_ids bigint[]) returns void
language sql volatile strict
set search_path = ''
as $$
  with replaced as (
    delete from graphile_worker._private_jobs as jobs
    where jobs.id = any (give_back_jobs.job_ids) and jobs.locked_by = give_back_jobs.worker_id and jobs.key is null
    returning jobs.job_queue_id
  ), freed as (
    update graphile_worker._private_jobs as jobs
    set attempts = greatest(0, jobs.attempts - 1), locked_by = null, locked_at = null
    where jobs.id = any (give_back_jobs.job_ids) and jobs.locked_by = give_back_jobs.worker_id and jobs.key is not null
    returning jobs.job_queue_id
  )
  update graphile_worker._private_job_queues as job_queues
  set locked_by = null, locked_at = null
  where job_queues.locked_by = give_back_jobs.worker_id
    and job_queues.id in (select job_queue_id from replaced union all select job_queue_id from freed)
$$;

comment on function app_private.give_back_jobs is
  'Frees jobs that the worker took without learning of it, with the attempt that they did not have.';

grant execute on function app_private.give_back_jobs to app_worker;
-- end of source: functions/events/give_back_jobs.sql

-- source: functions/events/reap_silent_workers.sql
-- Frees the jobs of workers that died. FND-14.
-- The queue itself would keep them locked for four hours. A worker without a heartbeat row died before
-- its first beat; the time it took its jobs is then its last sign of life.
-- What a dead worker ran counts as a failed attempt, and says so.
-- Every job of ours has a key, and loses it, with all its attempts, to the next job that is queued under it while it runs
-- or is dead. The next one does the same work, and nobody else would ever remove the one without a key.

set role app_engine;
create or replace function app_private.reap_silent_workers(silent_for interval default '30 seconds')
returns text[]
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_dead text[];
begin
  select array_agg(holder.locked_by) into v_dead
  from (
    select jobs.locked_by, max(jobs.locked_at) as locked_at
    from graphile_worker._private_jobs as jobs
    where jobs.locked_by is not null
    group by jobs.locked_by
  ) as holder
  left join app_private.worker_heartbeats on worker_heartbeats.worker_id = holder.locked_by
  where coalesce(worker_heartbeats.seen_at, holder.locked_at) < clock_timestamp() - silent_for;

  if v_dead is not null then
    update graphile_worker._private_jobs as jobs
    set last_error = 'the worker that ran it died'
    where jobs.locked_by = any (v_dead);
    perform graphile_worker.force_unlock_workers(v_dead);
  end if;
  delete from graphile_worker._private_jobs as jobs
  where jobs.key is null
    and jobs.locked_at is null
    and jobs.attempts >= jobs.max_attempts;
  delete from app_private.worker_heartbeats where seen_at < clock_timestamp() - interval '1 day';
  return coalesce(v_dead, '{}');
end;
$$;

comment on function app_private.reap_silent_workers is
  'Unlocks the jobs of workers that gave no sign of life for the interval, and removes what was queued again; '
  'returns the ids of those workers.';

grant execute on function app_private.reap_silent_workers to app_worker;
reset role;
-- end of source: functions/events/reap_silent_workers.sql

-- source: functions/events/tg_events__deliver.sql
-- Queues what was published for those who want to know. FND-14.
-- Once per statement, whatever its size: one insert, one add_jobs call. A job per consumer and subject
-- drains all that is pending, so a job_key keeps one of them; sorted, so that two statements lock in one order. A consumer
-- whom clinics ask for is told where this one did.

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
    join app_private.event_consumers on event_consumers.name = event_subscriptions.consumer
    where not event_consumers.on_demand
      or exists (
        select from app_private.event_interests as interests
        where interests.organization_id = published.organization_id
          and interests.event_name = published.name
          and interests.consumer = event_subscriptions.consumer)
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

-- source: functions/files/request_upload.sql
-- The first step of an upload: what will come, and where it belongs. The bytes go from the browser to the object store
-- by the URL in File.upload, and count after confirmUpload. FND-13.

set role app_engine;

create or replace function app_public.request_upload(
  surface text,
  owner_id uuid,
  filename text,
  content_type text,
  size_bytes bigint,
  sha256 text
) returns app_public.files
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_surface app_private.file_surfaces;
  v_organization_id uuid;
  v_id uuid := uuidv7();
  v_file app_public.files;
  v_content_type constant text := app_private.known_content_type(content_type);
  -- What a name has around it is a slip of whoever copied it, no part of it.
  v_filename constant text := normalize(btrim(filename, E' \t\u00A0\uFEFF'));
begin
  select file_surfaces.* into v_surface
  from app_private.file_surfaces
  where file_surfaces.key = request_upload.surface and file_surfaces.uploaded;
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'surface_unknown',
      jsonb_build_object('field', 'surface', 'legal', (select jsonb_agg(file_surfaces.key order by file_surfaces.key) from app_private.file_surfaces where file_surfaces.uploaded)));
  end if;
  v_organization_id := app_private.require_upload_right(v_surface, owner_id);
  perform app_private.require_file_facts(v_surface, v_filename, v_content_type, size_bytes, sha256);
  perform app_private.require_upload_allowance(v_surface, v_organization_id, owner_id);

  insert into app_public.files
    (id, organization_id, surface, audience, owner_kind, owner_id, filename, content_type, size_bytes, sha256, object_key,
     uploaded_by, expires_at)
  values
    (v_id, v_organization_id, v_surface.key, v_surface.audience, v_surface.owner_kind, owner_id,
     v_filename, v_content_type, size_bytes, sha256, concat_ws('/', v_organization_id, v_surface.prefix, v_id),
     app_hidden.current_principal_id(), app_hidden.now() + interval '1 day')
  returning * into v_file;
  return v_file;
end;
$$;

comment on function app_public.request_upload is
  'Announces a file: surface names the kind (organization_logo, service_attachments, specialist_signatures, '
  'document_images for pictures of templates of documents, appointment_files for what the patient sees, appointment_notes for what stays within the clinic), ownerId the row it belongs to. Send the bytes with File.upload, then confirmUpload.';
grant execute on function app_public.request_upload to app_member, app_link;

reset role;
-- end of source: functions/files/request_upload.sql

-- source: functions/forms/consume_predefined_forms.sql
-- The consumer "predefined_forms": a clinic was registered, and finds the product's templates of forms and documents among its own.

set role app_engine;

create or replace function app_private.consume_predefined_forms(event_id uuid) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  select app_private.give_predefined_forms(events.organization_id), app_private.give_predefined_documents(events.organization_id)
  from app_private.events
  where events.id = consume_predefined_forms.event_id
$$;

comment on function app_private.consume_predefined_forms is 'Gives the clinic of the event the templates that the product brings.';
grant execute on function app_private.consume_predefined_forms to app_worker;
reset role;
-- end of source: functions/forms/consume_predefined_forms.sql

-- source: functions/forms/publish_form_template.sql
-- Publishing freezes what a draft says: forms are made of it from then on, and those under way stay on theirs. What is
-- published again unchanged is no new version. FRM-02.

set role app_engine;

create or replace function app_public.publish_form_template(template_id uuid) returns app_public.form_templates
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_template app_public.form_templates;
begin
  select form_templates.* into v_template
  from app_public.form_templates
  where form_templates.id = publish_form_template.template_id
    and form_templates.organization_id = any (app_hidden.current_staff_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_permission(v_template.organization_id, 'form_templates.manage');
  return app_private.publish_template(v_template.id);
end;
$$;

comment on function app_public.publish_form_template is
  'Publishes a template as it is drafted. Needs form_templates.manage. Unchanged, it makes no new version. CONFLICT '
  'field_type_changed where a key had another type before; purpose_unknown where a purpose is not the clinic''s to ask for. VALIDATION '
  'template_not_published where its template of documents is not published.';
grant execute on function app_public.publish_form_template to app_member;

reset role;

create or replace function app_private.publish_template(template_id uuid) returns app_public.form_templates
language plpgsql volatile
set search_path = ''
as $$
declare
  v_template app_public.form_templates;
  v_purposes uuid[];
  v_types jsonb;
  v_changed record;
  v_version_id uuid;
  v_pdf_version_id uuid;
begin
  -- Numbers are given under the lock of the template.
  select form_templates.* into strict v_template
  from app_public.form_templates
  where form_templates.id = publish_template.template_id
  for update;
  select coalesce(array_agg(form_template_purposes.purpose_version_id order by form_template_purposes.purpose_version_id), '{}') into v_purposes
  from app_public.form_template_purposes
  where form_template_purposes.organization_id = v_template.organization_id and form_template_purposes.template_id = v_template.id;
  perform app_private.require_declared_purposes(v_template.organization_id, v_purposes);
  if v_purposes <> '{}' and v_template.signature_mode = 'none' then
    perform app_hidden.refuse('VALIDATION', 'purposes_are_signed', '{"field": "signatureMode"}');
  end if;

  v_types := app_private.form_field_types(v_template.content);
  select now_is.key, before.value #>> '{}' as was, now_is.value #>> '{}' as becomes into v_changed
  from app_public.form_template_versions as versions
  cross join lateral jsonb_each(versions.field_types) as before
  join jsonb_each(v_types) as now_is on now_is.key = before.key and now_is.value <> before.value
  where versions.organization_id = v_template.organization_id and versions.template_id = v_template.id
  order by now_is.key
  limit 1;
  if v_changed.key is not null then
    perform app_hidden.refuse('CONFLICT', 'field_type_changed', jsonb_build_object(
      'key', v_changed.key, 'from', v_changed.was, 'to', v_changed.becomes));
  end if;
  perform app_private.require_custom_fields(v_template.organization_id, v_template.content);

  if v_template.pdf_template_id is not null then
    v_pdf_version_id := (app_private.published_pdf_version(v_template.organization_id, v_template.pdf_template_id, '{form}')).id;
  end if;
  if not app_private.is_published_alike(v_template, v_purposes, v_pdf_version_id) then
    insert into app_public.form_template_versions
      (organization_id, template_id, number, content, content_hash, field_types, signature_mode, link_inner_mode,
       link_expires_minutes, validity_months, pdf_version_id, published_by, published_at)
    values
      (v_template.organization_id, v_template.id, v_template.version + 1, v_template.content,
       sha256(convert_to(v_template.content::text, 'UTF8')), v_types, v_template.signature_mode, v_template.link_inner_mode,
       v_template.link_expires_minutes, v_template.validity_months, v_pdf_version_id, app_private.current_actor_id(), app_hidden.now())
    returning id into v_version_id;
    insert into app_public.form_template_version_purposes (organization_id, version_id, purpose_scope_id, purpose_version_id)
    select drafted.organization_id, v_version_id, drafted.purpose_scope_id, drafted.purpose_version_id
    from app_public.form_template_purposes as drafted
    where drafted.organization_id = v_template.organization_id and drafted.template_id = v_template.id;
    v_template.version := v_template.version + 1;
  end if;
  update app_public.form_templates set version = v_template.version, published = true
  where form_templates.id = v_template.id
  returning * into v_template;
  return v_template;
end;
$$;

comment on function app_private.publish_template is
  'Publishes a template, whoever asks: the verb publish_form_template(), and the making of a clinic.';
grant execute on function app_private.publish_template to app_engine;

create or replace function app_private.is_published_alike(
  template app_public.form_templates, purpose_version_ids uuid[], pdf_version_id uuid
) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select
    from app_public.form_template_versions as latest
    where latest.organization_id = (template).organization_id and latest.template_id = (template).id
      and latest.number = (template).version
      and (latest.content, latest.signature_mode, latest.link_inner_mode, latest.link_expires_minutes, latest.validity_months,
           latest.pdf_version_id)
        is not distinct from
        ((template).content, (template).signature_mode, (template).link_inner_mode, (template).link_expires_minutes, (template).validity_months,
         is_published_alike.pdf_version_id)
      and is_published_alike.purpose_version_ids = array(
        select declared.purpose_version_id
        from app_public.form_template_version_purposes as declared
        where declared.organization_id = latest.organization_id and declared.version_id = latest.id
        order by declared.purpose_version_id));
end;

comment on function app_private.is_published_alike is 'Whether the last version of a template says what its draft says.';
grant execute on function app_private.is_published_alike to app_engine;

-- A field of the clinic that a template reads and writes is one of its patients, published, and asked in the same way.
create or replace function app_private.require_custom_fields(organization_id uuid, content jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_item jsonb;
begin
  for v_item in select item from app_private.form_items(content) as item where item ? 'custom_field' loop
    if not exists (
      select from app_public.custom_fields
      where custom_fields.organization_id = require_custom_fields.organization_id
        and custom_fields.entity_type = 'patient' and custom_fields.system_key = v_item ->> 'custom_field'
        and custom_fields.published and custom_fields.definition ->> 'type' = v_item ->> 'type'
    ) then
      perform app_hidden.refuse('CONFLICT', 'custom_field_unknown', jsonb_build_object(
        'key', v_item ->> 'key', 'customField', v_item ->> 'custom_field', 'type', v_item ->> 'type'));
    end if;
  end loop;
end;
$$;

comment on function app_private.require_custom_fields is
  'Passes when every field of the clinic that a template names is published for patients and has the same type; else CONFLICT custom_field_unknown.';
grant execute on function app_private.require_custom_fields to app_engine;
-- end of source: functions/forms/publish_form_template.sql

-- source: functions/forms/tg_files__open_form.sql
-- Files of a form come and go while it is open: afterwards they are what was answered, and signed with it. FRM-04, FRM-06.
-- The lock makes an upload and a completion wait for each other.

set role app_engine;

create or replace function app_private.tg_files__open_form() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_form app_public.forms;
begin
  select forms.* into strict v_form from app_public.forms where forms.id = new.form_id for share;
  if new.status <> 'deleted' then
    perform app_private.require_form_stands(v_form);
  end if;
  if v_form.status in ('completed', 'signed') then
    perform app_hidden.refuse(
      'IMMUTABLE', case v_form.status when 'signed' then 'form_is_signed' else 'form_is_completed' end,
      jsonb_build_object('formId', new.form_id));
  end if;
  return null;
end;
$$;

comment on function app_private.tg_files__open_form is
  'IMMUTABLE form_is_completed or form_is_signed for files that come to a closed form or leave it, STATE form_is_cancelled. Triggers _300_open_form.';

reset role;

create or replace trigger _300_open_form after insert on app_public.files
  for each row when (new.surface = 'forms')
  execute function app_private.tg_files__open_form();
create or replace trigger _300_open_form_still after update of status on app_public.files
  for each row when (new.surface = 'forms' and old.status <> new.status and new.status in ('confirmed', 'deleted'))
  execute function app_private.tg_files__open_form();
-- end of source: functions/forms/tg_files__open_form.sql

-- source: functions/notify/claim_message.sql
-- What a message needs to leave, read when it leaves; decides whether it may. FND-15.
-- The rules are asked again: since it was queued the person may have switched the channel off, the address may have
-- bounced, or night may have come. A message in quiet hours waits for their end, it is not lost.

set role app_engine;
create or replace function app_private.claim_message(message_id uuid)
returns table (
  wait_until timestamptz,
  organization_id uuid,
  channel text,
  locale text,
  address text,
  account_id uuid,
  recipient_name text,
  title text,
  body text,
  content_sid text,
  content_variables text[],
  data jsonb,
  calendar_status text,
  calendar_uid uuid,
  calendar_sequence int,
  created_at timestamptz,
  expires_at timestamptz,
  clinic_name text,
  clinic_email text,
  clinic_phone text,
  clinic_address text,
  link_name text,
  link_path text
)
language plpgsql volatile strict security definer rows 1
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_message app_public.messages;
  v_way record;
  v_cap int;
  v_code text;
  v_kind app_private.link_kinds;
  v_path text;
begin
  select messages.* into v_message
  from app_public.messages
  where messages.id = claim_message.message_id and messages.status = 'queued'
  for update;
  if not found then
    return;
  end if;
  if v_message.expires_at <= app_hidden.now() then
    perform app_private.end_message(v_message.id, 'skipped', 'expired');
    return;
  end if;
  -- A link that was used or taken back meanwhile is told to nobody.
  if v_message.data ? 'signatureLinkId'
    and app_private.sealed_signature_link((v_message.data ->> 'signatureLinkId')::uuid) is null then
    perform app_private.end_message(v_message.id, 'skipped', 'expired');
    return;
  end if;

  select ways.* into v_way
  from app_private.ways_to_reach(
    v_message.organization_id, v_message.template_key, array[app_private.recipient_of(v_message)]) as ways
  where ways.channel = v_message.channel and ways.account_id is not distinct from v_message.account_id;
  -- What marketing rests on is locked: a withdrawal that comes now comes after the message.
  if v_way.obstacle is null and exists (
       select from app_private.message_types
       join app_public.message_topics on message_topics.key = message_types.topic
       where message_types.key = v_message.template_key and message_topics.kind = 'marketing')
     and not app_private.hold_consent(
       v_message.organization_id, v_message.patient_profile_id, 'marketing_' || v_message.channel) then
    v_way.obstacle := 'consent_missing';
  end if;
  if v_way.is_reachable is not true or not v_way.is_wanted or v_way.obstacle is not null then
    perform app_private.end_message(
      v_message.id,
      case when v_way.obstacle in ('bounce', 'complaint', 'request', 'opted_out') then 'suppressed' else 'skipped' end,
      case
        when v_way.obstacle is not null then v_way.obstacle
        when v_way.is_reachable then 'switched_off'
        else 'unreachable'
      end);
    return;
  end if;

  if not v_message.is_urgent and v_way.not_before > app_hidden.now() then
    if v_way.not_before >= v_message.expires_at then
      perform app_private.end_message(v_message.id, 'skipped', 'expires_in_quiet_hours');
      return;
    end if;
    update app_public.messages set not_before = v_way.not_before where messages.id = v_message.id;
    perform graphile_worker.add_jobs(array[app_private.delivery_of(v_message.id, v_way.not_before)]);
    wait_until := v_way.not_before;
    return next;
    return;
  end if;

  select channels.per_person_and_day into v_cap
  from app_private.channels
  where channels.name = v_message.channel;
  if v_cap is not null then
    -- Two workers count one after the other, or both would take the last place. Each clinic counts its own: one that
    -- writes a lot does not silence another (FND-35).
    perform pg_advisory_xact_lock(hashtextextended(
      'cap:' || v_message.organization_id || ':' || v_message.channel || ':' || v_message.address, 0));
    if v_cap <= (
      select count(*)
      from app_public.messages as other
      where other.organization_id = v_message.organization_id
        and other.address = v_message.address
        and other.channel = v_message.channel
        and other.attempted_at > app_hidden.now() - interval '24 hours'
        and other.id <> v_message.id
    ) then
      perform app_private.end_message(v_message.id, 'skipped', 'daily_cap');
      return;
    end if;
  end if;

  -- Made now and kept nowhere: what was queued only names it (FND-32).
  if exists (
    select from app_private.message_types where message_types.key = v_message.template_key and message_types.carries_code
  ) then
    v_code := app_private.issue_code(v_message.organization_id, (v_message.data ->> 'code')::uuid);
    if v_code is null then
      perform app_private.end_message(v_message.id, 'skipped', 'expired');
      return;
    end if;
    v_message.data := v_message.data || jsonb_build_object('code', v_code);
  end if;

  -- So is a link. What somebody reads in an account needs none, and would be kept there.
  select link_kinds.* into v_kind
  from app_private.link_kinds
  where v_message.data ->> link_kinds.data_key is not null;
  if found then
    if v_message.account_id is null then
      v_path := app_private.issue_link(
        v_message.organization_id, v_kind, (v_message.data ->> v_kind.data_key)::uuid);
    end if;
    if v_path is null then
      v_message.data := v_message.data || jsonb_build_object(v_kind.data_key, null);
    end if;
  end if;

  update app_public.messages
  set attempts = messages.attempts + 1, attempted_at = app_hidden.now()
  where messages.id = v_message.id;

  return query
  select
    null::timestamptz, v_message.organization_id, v_message.channel, v_message.locale, v_message.address,
    v_message.account_id, v_message.recipient_name,
    case
      when v_message.data ? 'words' then v_message.data #>> array['words', v_message.locale, 'title']
      when clinic_message_templates.id is null then message_templates.title
      else clinic_message_templates.title
    end,
    coalesce(v_message.data #>> array['words', v_message.locale, 'body'], clinic_message_templates.body, message_templates.body),
    whatsapp_templates.content_sid, whatsapp_templates.variables,
    -- What has words of its own is about a time or not, so what is not known is left out.
    case when v_message.data ? 'words' then jsonb_strip_nulls(v_message.data - 'words') else v_message.data end,
    message_types.calendar_status, v_message.calendar_uid, v_message.calendar_sequence,
    v_message.created_at, v_message.expires_at,
    organizations.name, organizations.contact_email, organizations.contact_phone,
    nullif(concat_ws(', ', organizations.street, organizations.city), ''),
    case when v_path is not null then v_kind.url_name end, v_path
  from app_public.organizations
  join app_private.message_types on message_types.key = v_message.template_key
  join app_private.message_templates
    on message_templates.template_key = v_message.template_key
    and message_templates.channel = v_message.channel
    and message_templates.locale = v_message.locale
    and message_templates.version = v_message.template_version
  left join app_public.clinic_message_templates
    on clinic_message_templates.organization_id = v_message.organization_id
    and clinic_message_templates.id = v_message.clinic_template_id
  left join app_public.whatsapp_templates
    on v_message.channel = 'whatsapp'
    and whatsapp_templates.organization_id = v_message.organization_id
    and whatsapp_templates.template_key = v_message.template_key
    and whatsapp_templates.locale = v_message.locale
  where organizations.id = v_message.organization_id;
end;
$$;

comment on function app_private.claim_message is
  'The queued message with its words and sender. Only wait_until: it waits for the end of quiet hours and is queued '
  'again. No row: it was sent, or it may not be sent and says why.';

grant execute on function app_private.claim_message to app_worker;
reset role;
-- end of source: functions/notify/claim_message.sql

-- source: functions/notify/require_text.sql
-- A text fits its message and its channel, or it is refused. FND-15.

create or replace function app_private.require_text(
  template_key text,
  channel text,
  locale text,
  title text,
  body text
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_names text[];
  v_problem jsonb;
  v_longest int := case when require_text.channel in ('sms', 'whatsapp') then 480 when require_text.channel = 'push' then 240 else 20000 end;
begin
  select app_private.printable_variables(message_types.variables, require_text.channel) into v_names
  from app_private.message_types
  join app_private.message_channels
    on message_channels.template_key = message_types.key and message_channels.channel = require_text.channel
  where message_types.key = require_text.template_key and require_text.locale in ('ro', 'en')
    -- Those bring their words with them.
    and 'words' <> all (message_types.variables);
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'message_template_unknown',
      jsonb_build_object('template', require_text.template_key, 'channel', require_text.channel, 'locale', require_text.locale));
  end if;

  if (require_text.title is null) <> (require_text.channel in ('sms', 'whatsapp')) then
    perform app_hidden.refuse(
      'VALIDATION', 'message_title_mismatch', jsonb_build_object('field', 'title', 'channel', require_text.channel));
  end if;
  if require_text.title ~ '[[:cntrl:]]' or length(btrim(require_text.title)) not between 1 and 200 then
    perform app_hidden.refuse('VALIDATION', 'message_title_malformed', '{"field": "title", "most": 200}');
  end if;
  if length(btrim(require_text.body)) = 0 or length(require_text.body) > v_longest then
    perform app_hidden.refuse(
      'VALIDATION', 'message_body_length', jsonb_build_object('field', 'body', 'least', 1, 'most', v_longest));
  end if;

  v_problem := coalesce(
    app_private.text_problem(require_text.title, v_names) || '{"field": "title"}',
    app_private.text_problem(require_text.body, v_names) || '{"field": "body"}');
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'message_text_malformed', v_problem);
  end if;
end;
$$;

comment on function app_private.require_text is
  'Refuses a text for an unknown message, channel or language, of a wrong length, or that names what the message does not have.';
grant execute on function app_private.require_text to app_engine;
-- end of source: functions/notify/require_text.sql

-- source: functions/notify/message_texts.sql
-- What a clinic's messages say now, to choose from and to edit. FND-15.

set role app_engine;
create or replace function app_public.message_texts(organization_id uuid)
returns table (
  template_key text,
  topic text,
  channel text,
  locale text,
  is_own boolean,
  title text,
  body text,
  variables text[]
)
language plpgsql stable strict security definer rows 60
set search_path = ''
as $$
begin
  perform app_private.require_permission(message_texts.organization_id, 'message_templates.manage');
  return query
  select message_types.key, message_types.topic, message_channels.channel, locales.locale,
    words.clinic_template_id is not null, words.title, words.body,
    app_private.printable_variables(message_types.variables, message_channels.channel)
  from app_private.message_types
  join app_private.message_channels on message_channels.template_key = message_types.key
  cross join (values ('ro'), ('en')) as locales (locale)
  cross join lateral app_private.words_of(
    message_texts.organization_id, message_types.key, message_channels.channel, locales.locale) as words
  where 'words' <> all (message_types.variables)
  order by message_types.key, message_channels.channel, locales.locale;
end;
$$;

comment on function app_public.message_texts is
  E'@nullable title\n@longestPage 500\nThe words of every message of the clinic, its own where it has some, and the names each may use. '
  'Needs message_templates.manage.';
grant execute on function app_public.message_texts to app_member;

reset role;
-- end of source: functions/notify/message_texts.sql

-- source: functions/organizations/create_organization.sql
-- The platform opens a clinic: with its roles, its owner (or the invitation to own it), the automation that welcomes its patients, and its events, in one transaction. FND-01, FND-04, TEN-01.

set role app_engine;

create or replace function app_public.create_organization(
  slug text,
  name text,
  owner_email text,
  owner_name text,
  locale text default 'ro',
  timezone text default 'Europe/Bucharest',
  currency text default 'RON',
  contact_email text default null,
  tenancy_mode text default 'shared',
  draft boolean default false
) returns app_public.organizations
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb;
  v_organization app_public.organizations;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  v_remembered := app_private.remembered('create_organization', jsonb_build_array(
    slug, name, owner_email, owner_name, locale, timezone, currency, contact_email, tenancy_mode, draft));
  if v_remembered is not null then
    return jsonb_populate_record(v_organization, v_remembered);
  end if;
  if tenancy_mode is distinct from 'shared' then
    perform app_hidden.refuse('VALIDATION', 'tenancy_mode_not_built', '{"field": "tenancyMode"}');
  end if;

  insert into app_public.organizations (slug, name, locale, timezone, currency, contact_email, activated_at)
  values (create_organization.slug, create_organization.name, create_organization.locale, create_organization.timezone,
          create_organization.currency, create_organization.contact_email,
          case when draft then null else app_hidden.now() end)
  returning * into v_organization;

  perform app_private.appoint_first_owner(v_organization, owner_email, owner_name);
  perform app_private.give_onboarding_automation(v_organization.id, true);

  perform app_private.publish(
    'organization.created', v_organization.id, v_organization.id, jsonb_build_object('slug', v_organization.slug));
  if v_organization.activated_at is not null then
    perform app_private.publish(
      'organization.activated', v_organization.id, v_organization.id, jsonb_build_object('slug', v_organization.slug));
  end if;
  perform app_private.remember('create_organization', to_jsonb(v_organization));
  return v_organization;
end;
$$;

comment on function app_public.create_organization is
  'Opens a clinic with its owner. Whoever has an account already is invited to own it, and appointOwner names another one '
  'if they decline. A draft is invisible to the public until activateOrganization. Superadmin only.';
grant execute on function app_public.create_organization to app_member;

reset role;
-- end of source: functions/organizations/create_organization.sql

-- source: functions/requirements/lift_patient_requirement.sql
-- The clinic lets go of what it asked: the patient answered on paper, or is not the one to ask. AUT-02.

set role app_engine;

create or replace function app_public.lift_patient_requirement(patient_requirement_id uuid, reason text)
returns app_public.patient_requirements
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_requirement app_public.patient_requirements;
begin
  select patient_requirements.* into v_requirement
  from app_public.patient_requirements
  where patient_requirements.id = lift_patient_requirement.patient_requirement_id
    and patient_requirements.organization_id = any (app_hidden.organization_ids_where('patients.view'))
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_requirement_not_found');
  end if;
  perform app_private.require_permission(v_requirement.organization_id, 'patients.block');
  if v_requirement.fulfilled_at is not null or v_requirement.lifted_at is not null then
    perform app_hidden.refuse('STATE', 'patient_requirement_over');
  end if;
  update app_public.patient_requirements set
    lifted_at = app_hidden.now(),
    lifted_by = app_private.current_actor_id(),
    lift_reason = app_private.require_reason(lift_patient_requirement.reason)
  where patient_requirements.id = v_requirement.id
  returning * into v_requirement;
  return v_requirement;
end;
$$;

comment on function app_public.lift_patient_requirement is
  E'@arg patientRequirementId What is asked, by its id.\n@arg reason Why; the patient reads it.\n'
  'Lets go of a form or a consent that an automation asked a patient for, so that it keeps nobody from booking. Needs '
  'patients.block; STATE patient_requirement_over.';
grant execute on function app_public.lift_patient_requirement to app_member;

reset role;
-- end of source: functions/requirements/lift_patient_requirement.sql

-- source: functions/requirements/tg_consents__fulfil_requirements.sql
-- A consent that stands does what was asked, whichever way it was given. AUT-02. A decision of an emergency does not: it is not
-- the patient's.

set role app_engine;

create or replace function app_private.tg_consents__fulfil_requirements() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  update app_public.patient_requirements set fulfilled_at = app_hidden.now()
  where patient_requirements.organization_id = new.organization_id
    and patient_requirements.patient_profile_id = new.patient_profile_id
    and patient_requirements.purpose_code = new.purpose_code
    and patient_requirements.fulfilled_at is null and patient_requirements.lifted_at is null
    and exists (
      select from app_public.consent_purpose_versions as given
      where given.scope_id = new.version_scope_id and given.id = new.purpose_version_id
        and app_private.consent_stands(new, given, app_private.current_consent_version(new.organization_id, new.purpose_code)));
  return null;
end;
$$;

comment on function app_private.tg_consents__fulfil_requirements is
  'Ends what a patient was asked to consent to. Trigger _900_fulfil_requirements.';

reset role;

create or replace trigger _900_fulfil_requirements after insert on app_public.consents
  for each row when (new.decision = 'granted' and new.patient_profile_id is not null and new.holds_until is null)
  execute function app_private.tg_consents__fulfil_requirements();
-- end of source: functions/requirements/tg_consents__fulfil_requirements.sql

-- source: functions/requirements/tg_forms__fulfil_requirements.sql
-- A form that is final does what was asked: signed, or completed where it wants no signature. AUT-02.

set role app_engine;

create or replace function app_private.tg_forms__fulfil_requirements() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  update app_public.patient_requirements set fulfilled_at = app_hidden.now()
  where patient_requirements.organization_id = new.organization_id
    and patient_requirements.patient_profile_id = new.patient_profile_id
    and patient_requirements.template_id = new.template_id
    and patient_requirements.fulfilled_at is null and patient_requirements.lifted_at is null
    and (new.status = 'signed' or exists (
      select from app_public.form_template_versions as versions
      where versions.organization_id = new.organization_id and versions.id = new.version_id and versions.signature_mode = 'none'));
  return null;
end;
$$;

comment on function app_private.tg_forms__fulfil_requirements is
  'Ends what a patient was asked for by a form that is final now. Trigger _900_fulfil_requirements.';

reset role;

create or replace trigger _900_fulfil_requirements after update of status on app_public.forms
  for each row when (new.status in ('completed', 'signed') and new.status <> old.status)
  execute function app_private.tg_forms__fulfil_requirements();
-- end of source: functions/requirements/tg_forms__fulfil_requirements.sql

-- source: functions/rules/preview_rule.sql
-- For whom a rule holds, before it is saved, and why it holds for one. SEG-04.

set role app_engine;

create or replace function app_public.preview_rule(organization_id uuid, rule jsonb, sample int default 10) returns app_public.rule_preview
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_members uuid[];
begin
  perform app_private.require_permission(organization_id, 'patients.view');
  perform app_private.require_rule(preview_rule.organization_id, preview_rule.rule);
  v_members := array(select app_private.rule_members(preview_rule.organization_id, preview_rule.rule));
  return row(cardinality(v_members), array(
    select row(patients.id, profiles.given_name, profiles.family_name)::app_public.rule_sample
    from app_public.patients
    join app_public.patient_profiles as profiles on profiles.id = patients.patient_profile_id
    where patients.organization_id = preview_rule.organization_id and patients.id = any (v_members)
    order by profiles.family_name collate "ro-x-icu", profiles.given_name collate "ro-x-icu", patients.id
    limit least(greatest(sample, 0), 50)))::app_public.rule_preview;
end;
$$;

comment on function app_public.preview_rule is
  E'@cost 50\n'
  '@arg rule The rule, as ruleBuilder says what it may be made of.\n'
  '@arg sample How many patients to name, at most 50.\n'
  'How many patients a rule holds for now, and some of them. Needs patients.view, and what the fields of the rule need. '
  'VALIDATION rule_not_valid with fields: [{path, reason, details}].';
grant execute on function app_public.preview_rule to app_member;

create or replace function app_public.explain_rule(organization_id uuid, patient_id uuid, rule jsonb) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(organization_id, 'patients.view');
  perform app_private.require_rule(explain_rule.organization_id, explain_rule.rule);
  if not exists (
    select from app_public.patients
    where patients.organization_id = explain_rule.organization_id and patients.id = explain_rule.patient_id and patients.deleted_at is null) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return app_private.explain_rule(explain_rule.organization_id, explain_rule.patient_id, explain_rule.rule);
end;
$$;

comment on function app_public.explain_rule is
  E'@cost 20\n'
  '@arg rule The rule, as ruleBuilder says what it may be made of.\n'
  'The rule with holds in each of its parts, and in comparisons and counts what is there as actual, null where nothing is. '
  'Needs patients.view, and what the fields of the rule need. VALIDATION rule_not_valid; NOT_FOUND.';
grant execute on function app_public.explain_rule to app_member;

reset role;
-- end of source: functions/rules/preview_rule.sql

-- source: functions/rules/rule_builder.sql
-- Everything of which a rule of this clinic may be composed, so that a page builds one out of nothing else. SEG-05. What the caller
-- may not read is not offered, and rule_problems() refuses it.

set role app_engine;

create or replace function app_public.rule_builder(organization_id uuid, event_name text default null) returns app_public.rule_contract
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_locale constant text := (select humans.locale from app_public.humans where humans.principal_id = app_hidden.current_principal_id());
  v_contract app_public.rule_contract;
begin
  perform app_private.require_permission(organization_id, 'patients.view');
  if event_name is not null and not exists (select from app_private.event_types where event_types.name = rule_builder.event_name) then
    perform app_hidden.refuse('VALIDATION', 'event_name_unknown', jsonb_build_object('name', rule_builder.event_name));
  end if;
  v_contract.fields := array(
    select row(terms.code, terms.collection, terms.type,
        case v_locale when 'en' then terms.label_en else terms.label_ro end, terms.label_ro, terms.label_en,
        case v_locale when 'en' then terms.group_en else terms.group_ro end, terms.group_ro, terms.group_en,
        terms.minimum, terms.maximum, coalesce(terms.is_whole, false),
        array(
          select row(choice ->> 'value', coalesce(choice ->> v_locale, choice ->> 'ro'), choice ->> 'ro', choice ->> 'en')::app_public.rule_choice
          from jsonb_array_elements(coalesce(
            terms.choices, app_private.rule_choices(rule_builder.organization_id, terms.choices_of))) as choice))::app_public.rule_field
    from app_private.rule_terms(rule_builder.organization_id, rule_builder.event_name) with ordinality as terms
    where app_hidden.has_permission(rule_builder.organization_id, coalesce(terms.permission, 'patients.view'))
    order by terms.ordinality);
  v_contract.operators := array(
    select row(operators.type, operators.code, case v_locale when 'en' then operators.label_en else operators.label_ro end,
        operators.label_ro, operators.label_en, operators.operand)::app_public.rule_operator
    from app_private.rule_operators as operators
    order by operators.type, operators.position);
  v_contract.collections := array(
    select row(collections.code, case v_locale when 'en' then collections.label_en else collections.label_ro end,
        collections.label_ro, collections.label_en)::app_public.rule_collection
    from app_private.rule_collections as collections
    where app_hidden.has_permission(rule_builder.organization_id, collections.permission)
    order by collections.code);
  v_contract.segments := array(
    select row(segments.id, segments.name)::app_public.rule_segment
    from app_public.segments
    where segments.organization_id = rule_builder.organization_id
      and segments.deleted_at is null
      and app_hidden.has_permission(rule_builder.organization_id, 'segments.view')
    order by segments.name, segments.id);
  v_contract.depth_limit := 10;
  v_contract.part_limit := 300;
  return v_contract;
end;
$$;

comment on function app_public.rule_builder is
  E'@cost 20\n'
  '@arg eventName The event, where a condition of an automation is written; null for a segment.\n'
  'The fields, operators, choices, collections and segments of which a rule of this clinic is composed, with their labels: '
  'what the caller may read. Needs patients.view. VALIDATION event_name_unknown.';
grant execute on function app_public.rule_builder to app_member;

reset role;
-- end of source: functions/rules/rule_builder.sql

-- source: functions/segments/refresh_members.sql
-- Who is in these segments by their rules, of these patients or of all, in one statement: the row of a patient is read once for all
-- of them. Each rule is a condition of which PostgreSQL asks the cheap parts first; an instant at which several turn is found once.
-- A list is a rule as well: whoever is in it stays while they are a patient. The text is made anew each time, so it is planned for
-- as many as there are. SEG-03.
-- What a change of somebody's rows or the passing of time does is an event; what an administrator did, by a new rule, is not: nobody
-- is written to because somebody edits a segment. docs/decisions/0140.

create or replace function app_private.refresh_members(organization_id uuid, segment_ids uuid[], patient_ids uuid[]) returns int
language plpgsql volatile
set search_path = ''
set work_mem = '32MB'
as $$
declare
  v_patients constant text := case when patient_ids is null then '$2::uuid[] is null' else 'patients.id = any ($2)' end;
  v_these constant text := case when patient_ids is null then '' else ' and stays.patient_id = any ($2)' end;
  v_ids uuid[] := '{}';
  v_told uuid[] := '{}';
  v_holds text[] := '{}';
  v_turns text[] := '{}';
  v_turning uuid[] := '{}';
  v_places int[] := '{}';
  v_parameters jsonb := '[]';
  v_segment app_public.segments;
  v_part app_private.rule_part;
  v_turn text;
  v_moved int;
  v_stays_told app_public.segment_members[];
begin
  for v_segment in
    select segments.*
    from app_public.segments
    where segments.organization_id = refresh_members.organization_id and segments.id = any (segment_ids) and segments.deleted_at is null
  loop
    v_part := app_private.rule_part(
      refresh_members.organization_id, coalesce(v_segment.rule, jsonb_build_object('segment', v_segment.id)), null, null, v_parameters);
    v_parameters := v_part.parameters;
    v_ids := v_ids || v_segment.id;
    v_holds := v_holds || format('case when %s then %s end', v_part.condition_sql, cardinality(v_ids));
    if v_segment.filled_version = v_segment.version then
      v_told := v_told || v_segment.id;
    end if;
    if cardinality(v_part.turns_sql) > 0 then
      v_turn := 'least(' || (select string_agg(distinct turn, ', ' order by turn) from unnest(v_part.turns_sql) as turn) || ')';
      if v_turn <> all (v_turns) then
        v_turns := v_turns || v_turn;
      end if;
      v_turning := v_turning || v_segment.id;
      v_places := v_places || array_position(v_turns, v_turn);
    end if;
  end loop;

  -- The day and the clock of the clinic are asked once: each rule that asked for itself would be planned for itself.
  execute 'with looked as materialized (
      select p.id, p.patient_profile_id, array_remove(array[' || replace(replace(
        array_to_string(v_holds, ', ') || ']::int[], null) as places, array[' || array_to_string(v_turns, ', ') || ']::timestamptz[] as turns',
        '(select app_private.rule_today($1))', 'clinic.today'), '(select app_private.rule_zone($1))', 'clinic.zone') || '
      from (select app_private.rule_today($1) as today, app_private.rule_zone($1) as zone offset 0) as clinic
      cross join ' || app_private.rule_patients(v_patients) || ' as p
      where $3 is not null and $4 is null
    ), wanted as materialized (
      select ($5)[place] as segment_id, looked.id as patient_id, looked.patient_profile_id
      from looked cross join unnest(looked.places) as place
    ), present as (
      select stays.id, stays.segment_id, stays.patient_id
      from app_public.segment_members as stays
      where stays.organization_id = $1 and stays.segment_id = any ($5) and stays.left_at is null' || v_these || '
    ), differing as materialized (
      select present.id as gone_id, wanted.segment_id, wanted.patient_id, wanted.patient_profile_id
      from wanted
      full join present on present.segment_id = wanted.segment_id and present.patient_id = wanted.patient_id
      where wanted.segment_id is null or present.id is null
    ), gone as (
      update app_public.segment_members as stays set left_at = greatest($9, stays.entered_at)
      where stays.organization_id = $1 and stays.left_at is null
        and stays.id in (select differing.gone_id from differing where differing.gone_id is not null)
      returning stays.*
    ), come as (
      insert into app_public.segment_members (organization_id, segment_id, patient_id, patient_profile_id, entered_at)
      select $1, differing.segment_id, differing.patient_id, differing.patient_profile_id, $9
      from differing
      where differing.gone_id is null
      on conflict do nothing
      returning segment_members.*
    ), moved as (
      select gone.* from gone
      union all
      select come.* from come
    ), turning as materialized (
      select asking.segment_id, looked.id as patient_id, looked.turns[asking.place] as at
      from looked cross join unnest($7, $8) as asking (segment_id, place)
      where looked.turns[asking.place] is not null
    ), noted as (
      select stays.segment_id, stays.patient_id, stays.at
      from app_private.segment_rechecks as stays
      where stays.organization_id = $1 and stays.segment_id = any ($5)' || v_these || '
    ), due_otherwise as materialized (
      -- Most are due when they were: only what differs is written.
      select coalesce(turning.segment_id, noted.segment_id) as segment_id, coalesce(turning.patient_id, noted.patient_id) as patient_id,
        turning.at
      from turning
      full join noted on noted.segment_id = turning.segment_id and noted.patient_id = turning.patient_id
      where turning.at is distinct from noted.at
    ), forgotten as (
      delete from app_private.segment_rechecks as kept
      using due_otherwise
      where kept.organization_id = $1 and kept.segment_id = due_otherwise.segment_id and kept.patient_id = due_otherwise.patient_id
        and due_otherwise.at is null
    ), kept as (
      insert into app_private.segment_rechecks (organization_id, segment_id, patient_id, at)
      select $1, due_otherwise.segment_id, due_otherwise.patient_id, due_otherwise.at
      from due_otherwise
      where due_otherwise.at is not null
      on conflict on constraint segment_rechecks_pkey do update set at = excluded.at
    )
    select count(*), array_agg(moved::app_public.segment_members) filter (where moved.segment_id = any ($6)) from moved'
  into v_moved, v_stays_told
  using refresh_members.organization_id, patient_ids, v_parameters, null::uuid, v_ids, v_told, v_turning, v_places, app_hidden.now();

  perform app_private.publish_stays(v_stays_told);
  if patient_ids is null then
    update app_public.segments set filled_version = segments.version
    where segments.organization_id = refresh_members.organization_id and segments.id = any (v_ids)
      and segments.filled_version is distinct from segments.version;
  end if;
  return v_moved;
end;
$$;

comment on function app_private.refresh_members is
  'Has these patients, or all, in these segments or not, as the rules say now; how many entered or left. No segment may name another of them.';
grant execute on function app_private.refresh_members to app_engine;
-- end of source: functions/segments/refresh_members.sql

-- source: functions/segments/check_segment.sql
-- Each night every segment is held beside what its rule says of everybody. What differs is counted for the operators and marked, so
-- that it is mended as any change is. One statement compares, so what is written meanwhile is seen on both sides or on neither;
-- pairs that are marked or due differ rightly. SEG-03.

set role app_engine;

create or replace function app_private.check_segment(segment_id uuid) returns int
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments;
  v_rule app_private.compiled_rule;
  v_found int;
begin
  select segments.* into v_segment
  from app_public.segments
  where segments.id = check_segment.segment_id and segments.kind = 'rule' and segments.deleted_at is null
    and segments.filled_version = segments.version;
  if not found then
    return 0;
  end if;
  v_rule := app_private.compile_rule(v_segment.organization_id, v_segment.rule);
  execute 'with wanted as (' || v_rule.query || '), present as (
      select stays.patient_id from app_public.segment_members as stays
      where stays.organization_id = $1 and stays.segment_id = $5 and stays.left_at is null
    ), other as (
      select coalesce(wanted.id, present.patient_id) as patient_id
      from wanted full join present on present.patient_id = wanted.id
      where (wanted.id is null or present.patient_id is null)
        and not exists (
          select from app_private.segment_marks as marks
          where marks.organization_id = $1 and marks.segment_id = $5
            and (marks.patient_id is null or marks.patient_id = coalesce(wanted.id, present.patient_id)))
        and not exists (
          select from app_private.segment_rechecks as rechecks
          where rechecks.organization_id = $1 and rechecks.segment_id = $5
            and rechecks.patient_id = coalesce(wanted.id, present.patient_id) and rechecks.at <= app_hidden.now())
    ), marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select $1, $5, other.patient_id from other where $4::uuid is null
      returning patient_id
    )
    select count(*) from marked'
  into v_found
  using v_segment.organization_id, null::uuid[], v_rule.parameters, null::uuid, v_segment.id;
  if v_found > 0 then
    update app_public.segments set found_wrong = segments.found_wrong + v_found where segments.id = v_segment.id;
    perform app_private.queue_segments(array[v_segment.organization_id]);
  end if;
  return v_found;
end;
$$;

comment on function app_private.check_segment is
  'Holds the members of a segment beside its rule, and marks those who are wrongly in or out; how many they are.';
grant execute on function app_private.check_segment to app_worker;

create or replace function app_private.segments_to_check() returns setof uuid
language sql stable security definer
set search_path = ''
as $$
  select segments.id from app_public.segments where segments.kind = 'rule' and segments.deleted_at is null order by segments.id
$$;

comment on function app_private.segments_to_check is 'The segments of all clinics whose members a rule decides.';
grant execute on function app_private.segments_to_check to app_worker;

create or replace function app_private.segment_figures() returns table (figure text, value double precision)
language sql stable security definer
set search_path = ''
as $$
  select 'marks', count(*)::float8 from app_private.segment_marks
  union all
  select 'found_wrong', coalesce(sum(segments.found_wrong), 0)::float8 from app_public.segments
$$;

comment on function app_private.segment_figures is
  'For metrics: how many pairs wait to be looked at, and how many the nightly check ever found wrong.';
grant execute on function app_private.segment_figures to app_worker;

create or replace function app_private.rebuild_segment(organization_id uuid, segment_id uuid) returns int
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  perform app_private.lock_segments(rebuild_segment.organization_id);
  if not exists (
    select from app_public.segments
    where segments.organization_id = rebuild_segment.organization_id and segments.id = rebuild_segment.segment_id
      and segments.deleted_at is null
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'segment_not_found');
  end if;
  return app_private.refresh_members(rebuild_segment.organization_id, array[rebuild_segment.segment_id], null);
end;
$$;

comment on function app_private.rebuild_segment is 'Looks at every patient of the clinic for one segment; how many entered or left.';
grant execute on function app_private.rebuild_segment to app_worker;

reset role;
-- end of source: functions/segments/check_segment.sql

-- source: functions/segments/create_segment.sql
-- A group of patients: whoever a rule holds for, or whoever is put in. SEG-01, SEG-02.

set role app_engine;

create or replace function app_public.create_segment(
  organization_id uuid,
  name text,
  rule jsonb default null,
  description text default null
) returns app_public.segments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('create_segment', jsonb_build_array(organization_id, name, rule, description));
  v_segment app_public.segments;
begin
  if v_remembered is not null then
    perform app_private.require_permission((v_remembered ->> 'organization_id')::uuid, 'segments.manage');
    return jsonb_populate_record(v_segment, v_remembered);
  end if;
  perform app_private.require_permission(organization_id, 'segments.manage');
  perform app_private.lock_segments(organization_id);
  if rule is not null then
    perform app_private.require_rule(organization_id, rule);
  end if;
  insert into app_public.segments (organization_id, name, description, kind, rule, created_by)
  values (create_segment.organization_id, create_segment.name, create_segment.description,
          case when create_segment.rule is null then 'list' else 'rule' end, create_segment.rule, app_private.current_actor_id())
  returning * into v_segment;
  if rule is not null then
    insert into app_public.segment_versions (organization_id, segment_id, number, rule, written_by)
    values (v_segment.organization_id, v_segment.id, v_segment.version, v_segment.rule, v_segment.created_by);
  end if;
  perform app_private.follow_rule(v_segment);
  perform app_private.remember('create_segment', to_jsonb(v_segment));
  return v_segment;
end;
$$;

comment on function app_public.create_segment is
  E'@arg rule Who is in it, as ruleBuilder describes; none: a list, into which patients are put.\n'
  'Makes a segment; its members are found by the worker, within seconds. Needs segments.manage; VALIDATION rule_not_valid with the '
  'path of all that is wrong.';
grant execute on function app_public.create_segment to app_member;

reset role;
-- end of source: functions/segments/create_segment.sql

-- source: functions/segments/due_segments.sql
-- What time alone may have changed is marked when its time has come; the clock asks each minute. It names the clinics with marks
-- as well, so that what a lost job left is done after all. SEG-03.

set role app_engine;

create or replace function app_private.due_segments() returns setof uuid
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  with due as (
    delete from app_private.segment_rechecks as rechecks
    using (
      select kept.organization_id, kept.segment_id, kept.patient_id
      from app_private.segment_rechecks as kept
      where kept.at <= app_hidden.now()
      order by kept.at
      limit 50000
      for update skip locked
    ) as come
    where rechecks.organization_id = come.organization_id and rechecks.segment_id = come.segment_id
      and rechecks.patient_id = come.patient_id
    returning rechecks.organization_id, rechecks.segment_id, rechecks.patient_id
  )
  insert into app_private.segment_marks (organization_id, segment_id, patient_id)
  select due.organization_id, due.segment_id, due.patient_id from due;
  return query
  select organizations.id
  from app_public.organizations
  where exists (select from app_private.segment_marks as marks where marks.organization_id = organizations.id)
  order by organizations.id;
end;
$$;

comment on function app_private.due_segments is 'Marks whom time may have moved, and says in which clinics somebody is marked.';
grant execute on function app_private.due_segments to app_worker;

reset role;
-- end of source: functions/segments/due_segments.sql

-- source: functions/segments/edit_segment.sql
-- A segment is called otherwise, or has another rule, which is its next version. SEG-01.

set role app_engine;

create or replace function app_public.edit_segment(
  segment_id uuid,
  name text default null,
  description text default null,
  rule jsonb default null
) returns app_public.segments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments := app_private.own_segment(segment_id, 'segments.manage');
  v_is_other boolean;
begin
  perform app_private.lock_segments(v_segment.organization_id);
  select segments.* into v_segment
  from app_public.segments
  where segments.id = edit_segment.segment_id and segments.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'segment_not_found');
  end if;
  v_is_other := coalesce(rule <> v_segment.rule, rule is not null);
  if v_is_other then
    if v_segment.kind = 'list' then
      perform app_hidden.refuse('VALIDATION', 'segment_is_a_list', '{"field": "rule"}');
    end if;
    perform app_private.require_rule(v_segment.organization_id, rule);
    perform app_private.require_no_circle(v_segment, rule);
  end if;
  update app_public.segments
  set name = coalesce(edit_segment.name, segments.name),
      description = coalesce(edit_segment.description, segments.description),
      rule = case when v_is_other then edit_segment.rule else segments.rule end,
      version = segments.version + v_is_other::int
  where segments.id = v_segment.id
  returning * into v_segment;
  if v_is_other then
    insert into app_public.segment_versions (organization_id, segment_id, number, rule, written_by)
    values (v_segment.organization_id, v_segment.id, v_segment.version, v_segment.rule, app_private.current_actor_id());
    perform app_private.follow_rule(v_segment);
  end if;
  return v_segment;
end;
$$;

comment on function app_public.edit_segment is
  E'@arg rule Another rule, as ruleBuilder describes; it is the next version, and members follow within seconds. None: it stays.\n'
  'Edits a segment; what is not given stays. Needs segments.manage; VALIDATION rule_not_valid with the path of all that is wrong, '
  'segment_is_a_list, segment_names_itself.';
grant execute on function app_public.edit_segment to app_member;

reset role;

/* The segments that a rule reads, and what those read, may not come back to the one that it is of. */
create or replace function app_private.require_no_circle(segment app_public.segments, rule jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_named text[];
begin
  with recursive named as (
    select code
    from unnest((app_private.compile_rule((segment).organization_id, rule)).depends) as code
    where starts_with(code, 'segment:')
    union
    select dependency.code
    from named
    join app_private.segment_dependencies as dependency
      on dependency.organization_id = (segment).organization_id and dependency.segment_id = substr(named.code, 9)::uuid
    where starts_with(dependency.code, 'segment:')
  )
  select array_agg(code) into v_named from named;
  if 'segment:' || (segment).id = any (v_named) then
    perform app_hidden.refuse('VALIDATION', 'segment_names_itself', '{"field": "rule"}');
  end if;
end;
$$;

comment on function app_private.require_no_circle is 'VALIDATION segment_names_itself where a rule leads back to its own segment.';
grant execute on function app_private.require_no_circle to app_engine;
-- end of source: functions/segments/edit_segment.sql

-- source: functions/segments/on_merge_segments.sql
-- Whom somebody put into a list is in it whichever of two charts was kept. Members by a rule are found anew, and their earlier stays
-- remain those of the duplicate: who was in on a day is not rewritten. SEG-03, FND-34.

create or replace function app_private.on_merge_segments(
  kept app_public.patients,
  duplicate app_public.patients,
  is_the_clinics_own boolean
) returns jsonb
language sql volatile
set search_path = ''
begin atomic
  with moved as (
    update app_public.segment_members as mine set patient_id = kept.id, patient_profile_id = kept.patient_profile_id
    from app_public.segments
    where mine.organization_id = kept.organization_id and mine.patient_id = duplicate.id and mine.left_at is null
      and segments.organization_id = mine.organization_id and segments.id = mine.segment_id and segments.kind = 'list'
      and not exists (
        select from app_public.segment_members as theirs
        where theirs.organization_id = mine.organization_id and theirs.segment_id = mine.segment_id
          and theirs.patient_id = kept.id and theirs.left_at is null)
    returning mine.id, old.patient_id, old.patient_profile_id
  )
  select jsonb_build_object('app_public.segment_members.patient_profile_id', coalesce(jsonb_agg(to_jsonb(moved)), '[]')) from moved;
end;

comment on function app_private.on_merge_segments is 'Has the patient who is kept in the lists that the duplicate was in.';
grant execute on function app_private.on_merge_segments to app_engine;
-- end of source: functions/segments/on_merge_segments.sql

-- source: functions/segments/refresh_segments.sql
-- The worker looks at whom changes have marked: one clinic in one transaction, and one worker at a time there. SEG-03, SEG-04.
-- Marks are taken before the rules are asked, and each statement sees what was committed before it: so whoever writes in between
-- has left a mark that is still there afterwards. Whoever enters or leaves marks the segments that name this one. A segment is
-- looked at after all that it names, so that nobody enters and leaves for a moment because half of a change was seen.

set role app_engine;

create or replace function app_private.refresh_segments(organization_id uuid) returns boolean
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  -- Whoever writes a rule meanwhile waits, so a transaction ends when so many patients were looked at; everybody counts as many.
  v_at_once constant int := 20000;
  v_looked int := 0;
  v_level record;
  v_whole uuid[];
  v_alike record;
begin
  perform app_private.lock_segments(refresh_segments.organization_id);
  for v_level in
    select array_agg(ordered.id order by ordered.id) as ids
    from app_private.segments_in_order(refresh_segments.organization_id) as ordered
    group by ordered.depth
    order by ordered.depth
  loop
    loop
      v_whole := array(
        select distinct marks.segment_id
        from app_private.segment_marks as marks
        where marks.organization_id = refresh_segments.organization_id and marks.segment_id = any (v_level.ids)
          and marks.patient_id is null
        order by marks.segment_id
        limit 10);
      -- Those that are marked for the same patients, because of the same event, are looked at together.
      for v_alike in
        with taken as (
          delete from app_private.segment_marks as marks
          where marks.organization_id = refresh_segments.organization_id
            and marks.segment_id = any (case when cardinality(v_whole) > 0 then v_whole else v_level.ids end)
          returning marks.segment_id, case when marks.segment_id <> all (v_whole) then marks.patient_id end as patient_id,
            case when marks.segment_id <> all (v_whole) then marks.cause_id::text end as cause_id
        ), pairs as (
          select taken.segment_id, taken.patient_id, max(taken.cause_id) as cause_id
          from taken
          group by taken.segment_id, taken.patient_id
        ), marked as (
          select pairs.segment_id, pairs.cause_id, array_agg(pairs.patient_id order by pairs.patient_id) as patient_ids
          from pairs
          group by pairs.segment_id, pairs.cause_id
        )
        select marked.cause_id, nullif(marked.patient_ids, '{null}') as patient_ids,
          array_agg(marked.segment_id order by marked.segment_id) as segment_ids
        from marked
        group by marked.cause_id, marked.patient_ids
      loop
        perform set_config('app.cause_event_id', coalesce(v_alike.cause_id, ''), true);
        perform app_private.refresh_members(refresh_segments.organization_id, v_alike.segment_ids, v_alike.patient_ids);
        v_looked := v_looked + coalesce(cardinality(v_alike.patient_ids), v_at_once);
      end loop;
      perform set_config('app.cause_event_id', '', true);
      if v_looked >= v_at_once then
        return exists (select from app_private.segment_marks as marks where marks.organization_id = refresh_segments.organization_id);
      end if;
      exit when cardinality(v_whole) = 0;
    end loop;
  end loop;
  return false;
end;
$$;

comment on function app_private.refresh_segments is
  'Looks at those marked in a clinic, some twenty thousand at once; whether somebody is left to be looked at.';
grant execute on function app_private.refresh_segments to app_worker;

reset role;

/* The segments of a clinic, each deeper than those that it names; no rule leads back to itself, so that ends. */
create or replace function app_private.segments_in_order(organization_id uuid) returns table (id uuid, depth int)
language sql stable
set search_path = ''
as $$
  with recursive named as (
    select segments.id, 0 as depth
    from app_public.segments
    where segments.organization_id = segments_in_order.organization_id and segments.deleted_at is null
    union
    select dependency.segment_id, named.depth + 1
    from named
    join app_private.segment_dependencies as dependency
      on dependency.organization_id = segments_in_order.organization_id and dependency.code = 'segment:' || named.id
  )
  select named.id, max(named.depth) from named group by named.id order by 2, 1
$$;

comment on function app_private.segments_in_order is 'The segments of a clinic with how deep they stand: each deeper than those that its rule names.';
grant execute on function app_private.segments_in_order to app_engine;
-- end of source: functions/segments/refresh_segments.sql

-- source: functions/segments/segment_members_on.sql
-- Who is in a segment, and who was in it on a day of the clinic's calendar. SEG-01.

create or replace function app_public.segment_members_on(organization_id uuid, segment_id uuid, day date default null)
returns setof app_public.segment_members
language sql stable
set search_path = ''
as $$
  select stays.*
  from app_public.segment_members as stays
  join app_public.organizations on organizations.id = stays.organization_id
  where stays.organization_id = segment_members_on.organization_id
    and stays.segment_id = segment_members_on.segment_id
    and (
      case when day is null then stays.left_at is null
      else stays.entered_at < (day + 1)::timestamp at time zone organizations.timezone
        and (stays.left_at is null or stays.left_at > day::timestamp at time zone organizations.timezone)
      end)
  order by stays.entered_at, stays.id
$$;

comment on function app_public.segment_members_on is
  E'@arg day The day on the clinic''s clock; none: now.\n'
  'The stays of those who are in a segment now, or who were in it at any time of a day. Needs segments.view and patients.view.';
grant execute on function app_public.segment_members_on to app_member;

create or replace function app_public.segments_member_count(segment app_public.segments) returns int
language sql stable
set search_path = ''
as $$
  select count(*)::int
  from app_public.segment_members as stays
  where stays.organization_id = (segment).organization_id and stays.segment_id = (segment).id and stays.left_at is null
$$;

comment on function app_public.segments_member_count is 'How many are in it now, as far as the caller may see them.';
grant execute on function app_public.segments_member_count to app_member;

set role app_engine;

create or replace function app_public.explain_segment(segment_id uuid, patient_id uuid) returns jsonb
language plpgsql stable strict security definer
set search_path = ''
as $$
declare
  v_segment app_public.segments := app_private.own_segment(segment_id, 'segments.view');
begin
  perform app_private.require_permission(v_segment.organization_id, 'patients.view');
  if not exists (
    select from app_public.patients
    where patients.organization_id = v_segment.organization_id and patients.id = explain_segment.patient_id and patients.deleted_at is null
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  elsif v_segment.kind = 'list' then
    return jsonb_build_object('list', true, 'holds', app_private.is_in_segment(v_segment.organization_id, v_segment.id, patient_id));
  end if;
  -- What somebody asks for by a rule may say more of a patient than they may read: their permissions are asked as for a rule of theirs.
  perform app_private.require_rule(v_segment.organization_id, v_segment.rule);
  return app_private.explain_rule(v_segment.organization_id, explain_segment.patient_id, v_segment.rule);
end;
$$;

comment on function app_public.explain_segment is
  E'@cost 20\n'
  'Why a patient is in a segment or is not: its rule with holds in each part, and what is there as actual; of a list only holds. '
  'Needs segments.view, patients.view, and what the fields of the rule need. NOT_FOUND segment_not_found, patient_not_found.';
grant execute on function app_public.explain_segment to app_member;

reset role;

create or replace function app_private.is_in_segment(organization_id uuid, segment_id uuid, patient_id uuid) returns boolean
language sql stable
set search_path = ''
return exists (
  select from app_public.segment_members as stays
  where stays.organization_id = is_in_segment.organization_id and stays.segment_id = is_in_segment.segment_id
    and stays.patient_id = is_in_segment.patient_id and stays.left_at is null);

comment on function app_private.is_in_segment is 'Whether a patient is in a segment now.';
grant execute on function app_private.is_in_segment to app_engine;
-- end of source: functions/segments/segment_members_on.sql

-- source: functions/segments/tg_mark_former_patient.sql
-- A row that goes from one patient to another marks the one that it leaves, for the segments that read it; tg_mark_segments marks
-- the one that it comes to. Its arguments are those of a row of rule_sources. SEG-03.
-- Several rows of one patient in one transaction leave one mark. One of another transaction does not count: the worker may take it
-- before this one commits.

set role app_engine;

create or replace function app_private.tg_mark_former_patient() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_row constant jsonb := to_jsonb(old);
  v_code constant text := tg_argv[0] || case when tg_argv[2] is null then '' else coalesce(':' || (v_row ->> tg_argv[2]), '') end;
begin
  insert into app_private.segment_marks (organization_id, segment_id, patient_id)
  select dependency.organization_id, dependency.segment_id, patients.id
  from app_private.segment_dependencies as dependency
  join app_public.patients
    on patients.organization_id = dependency.organization_id
    and case tg_argv[1] when 'patient_id' then patients.id else patients.patient_profile_id end = (v_row ->> tg_argv[1])::uuid
  where dependency.organization_id = old.organization_id and dependency.code = v_code
    and not exists (
      select from app_private.segment_marks as marks
      where marks.organization_id = dependency.organization_id and marks.segment_id = dependency.segment_id
        and marks.patient_id = patients.id and marks.xmin = pg_catalog.pg_current_xact_id()::xid);
  if found then
    perform app_private.queue_segments(array[old.organization_id]);
  end if;
  return null;
end;
$$;

comment on function app_private.tg_mark_former_patient is
  'Marks the patient whose row becomes another''s; its arguments are those of a row of rule_sources. Triggers _900_segments_<source>_left.';

reset role;

-- One for each source whose rows name a patient by a column. A test holds them beside rule_sources.
create or replace trigger _900_segments_custom_left after update on app_public.custom_field_values
  for each row when (old.patient_profile_id is distinct from new.patient_profile_id)
  execute function app_private.tg_mark_former_patient('custom', 'patient_profile_id', 'custom_field_id');
create or replace trigger _900_segments_form_left after update on app_public.forms
  for each row when (old.patient_id is distinct from new.patient_id)
  execute function app_private.tg_mark_former_patient('form', 'patient_id', 'template_id');
create or replace trigger _900_segments_forms_left after update on app_public.forms
  for each row when (old.patient_id is distinct from new.patient_id)
  execute function app_private.tg_mark_former_patient('forms', 'patient_id');
create or replace trigger _900_segments_appointments_left after update on app_public.appointments
  for each row when (old.patient_profile_id is distinct from new.patient_profile_id)
  execute function app_private.tg_mark_former_patient('appointments', 'patient_profile_id');
create or replace trigger _900_segments_consents_left after update on app_public.consents
  for each row when (old.patient_profile_id is distinct from new.patient_profile_id)
  execute function app_private.tg_mark_former_patient('consents', 'patient_profile_id', 'purpose_code');
create or replace trigger _900_segments_plans_left after update on app_public.patient_service_plans
  for each row when (old.patient_profile_id is distinct from new.patient_profile_id)
  execute function app_private.tg_mark_former_patient('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_left after update on app_public.patient_subscriptions
  for each row when (old.patient_profile_id is distinct from new.patient_profile_id)
  execute function app_private.tg_mark_former_patient('plans', 'patient_profile_id');
create or replace trigger _900_segments_subscription_left after update on app_public.patient_subscriptions
  for each row when (old.patient_profile_id is distinct from new.patient_profile_id)
  execute function app_private.tg_mark_former_patient('subscription', 'patient_profile_id');
create or replace trigger _900_segments_segment_left after update on app_public.segment_members
  for each row when (old.patient_id is distinct from new.patient_id)
  execute function app_private.tg_mark_former_patient('segment', 'patient_id', 'segment_id');
-- end of source: functions/segments/tg_mark_former_patient.sql

-- source: functions/segments/tg_mark_segments.sql
-- A change of what rules read marks whom it is about, for the segments that read it, in the transaction of the change. SEG-03.
-- One query a statement; where no segment of the clinic reads it, that finds nothing in a small index. The same function stands on
-- every table of rule_sources, told by its arguments how to find the patient; it knows its rows as "changed", written or deleted.

set role app_engine;

create or replace function app_private.tg_mark_segments() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_source constant text := tg_argv[0];
  v_found_by constant text := tg_argv[1];
  v_detail constant text := tg_argv[2];
  v_clinics uuid[];
begin
  if v_found_by = 'patient' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select dependency.organization_id, dependency.segment_id, changed.id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.organization_id and dependency.code = v_source
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  elsif v_found_by = 'patient_id' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select distinct dependency.organization_id, dependency.segment_id, changed.patient_id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.organization_id
        and dependency.code = v_source || case when v_detail is null then '' else coalesce(':' || (to_jsonb(changed) ->> v_detail), '') end
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  elsif v_found_by = 'patient_profile_id' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select distinct dependency.organization_id, dependency.segment_id, patients.id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.organization_id
        and dependency.code = v_source || case when v_detail is null then '' else coalesce(':' || (to_jsonb(changed) ->> v_detail), '') end
      join app_public.patients
        on patients.organization_id = changed.organization_id and patients.patient_profile_id = changed.patient_profile_id
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  elsif v_found_by = 'profile' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select dependency.organization_id, dependency.segment_id, patients.id
      from changed
      join app_public.patients on patients.patient_profile_id = changed.id
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = patients.organization_id and dependency.code = v_source
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  elsif v_found_by = 'clinic' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id)
      select dependency.organization_id, dependency.segment_id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.id and dependency.code = v_source
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  else
    -- Everyone of the clinic that the row names, or of every clinic where it names none.
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id)
      select distinct dependency.organization_id, dependency.segment_id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.code = v_source || case when v_detail is null then '' else coalesce(':' || (to_jsonb(changed) ->> v_detail), '') end
        and (changed.organization_id is null or dependency.organization_id = changed.organization_id)
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  end if;

  if v_clinics is not null then
    perform app_private.queue_segments(v_clinics);
  end if;
  return null;
end;
$$;

comment on function app_private.tg_mark_segments is
  'Marks the patients of changed rows for the segments that read them; its arguments are those of a row of rule_sources. Triggers '
  '_900_segments_<source>_….';

reset role;

-- One trigger for each command of each source: transition tables are of one command. A test holds them beside rule_sources.
create or replace trigger _900_segments_profile_insert after insert on app_public.patient_profiles
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('profile', 'profile');
create or replace trigger _900_segments_profile_update after update on app_public.patient_profiles
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('profile', 'profile');
create or replace trigger _900_segments_profile_delete after delete on app_public.patient_profiles
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('profile', 'profile');
create or replace trigger _900_segments_patient_insert after insert on app_public.patients
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('patient', 'patient');
create or replace trigger _900_segments_patient_update after update on app_public.patients
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('patient', 'patient');
create or replace trigger _900_segments_patient_delete after delete on app_public.patients
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('patient', 'patient');
create or replace trigger _900_segments_clinic_insert after insert on app_public.organizations
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('clinic', 'clinic');
create or replace trigger _900_segments_clinic_update after update on app_public.organizations
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('clinic', 'clinic');
create or replace trigger _900_segments_clinic_delete after delete on app_public.organizations
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('clinic', 'clinic');
create or replace trigger _900_segments_custom_insert after insert on app_public.custom_field_values
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('custom', 'patient_profile_id', 'custom_field_id');
create or replace trigger _900_segments_custom_update after update on app_public.custom_field_values
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('custom', 'patient_profile_id', 'custom_field_id');
create or replace trigger _900_segments_custom_delete after delete on app_public.custom_field_values
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('custom', 'patient_profile_id', 'custom_field_id');
create or replace trigger _900_segments_form_insert after insert on app_public.forms
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('form', 'patient_id', 'template_id');
create or replace trigger _900_segments_form_update after update on app_public.forms
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('form', 'patient_id', 'template_id');
create or replace trigger _900_segments_form_delete after delete on app_public.forms
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('form', 'patient_id', 'template_id');
create or replace trigger _900_segments_forms_insert after insert on app_public.forms
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('forms', 'patient_id');
create or replace trigger _900_segments_forms_update after update on app_public.forms
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('forms', 'patient_id');
create or replace trigger _900_segments_forms_delete after delete on app_public.forms
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('forms', 'patient_id');
create or replace trigger _900_segments_appointments_insert after insert on app_public.appointments
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('appointments', 'patient_profile_id');
create or replace trigger _900_segments_appointments_update after update on app_public.appointments
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('appointments', 'patient_profile_id');
create or replace trigger _900_segments_appointments_delete after delete on app_public.appointments
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('appointments', 'patient_profile_id');
create or replace trigger _900_segments_consents_insert after insert on app_public.consents
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('consents', 'patient_profile_id', 'purpose_code');
create or replace trigger _900_segments_consents_update after update on app_public.consents
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('consents', 'patient_profile_id', 'purpose_code');
create or replace trigger _900_segments_consents_delete after delete on app_public.consents
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('consents', 'patient_profile_id', 'purpose_code');
create or replace trigger _900_segments_consents_insert after insert on app_public.consent_purpose_versions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('consents', 'everyone', 'purpose_code');
create or replace trigger _900_segments_consents_update after update on app_public.consent_purpose_versions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('consents', 'everyone', 'purpose_code');
create or replace trigger _900_segments_consents_delete after delete on app_public.consent_purpose_versions
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('consents', 'everyone', 'purpose_code');
create or replace trigger _900_segments_plans_insert after insert on app_public.patient_service_plans
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_update after update on app_public.patient_service_plans
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_delete after delete on app_public.patient_service_plans
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_insert after insert on app_public.patient_subscriptions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_update after update on app_public.patient_subscriptions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_delete after delete on app_public.patient_subscriptions
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_subscription_insert after insert on app_public.patient_subscriptions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('subscription', 'patient_profile_id');
create or replace trigger _900_segments_subscription_update after update on app_public.patient_subscriptions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('subscription', 'patient_profile_id');
create or replace trigger _900_segments_subscription_delete after delete on app_public.patient_subscriptions
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('subscription', 'patient_profile_id');
create or replace trigger _900_segments_segment_insert after insert on app_public.segment_members
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('segment', 'patient_id', 'segment_id');
create or replace trigger _900_segments_segment_update after update on app_public.segment_members
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('segment', 'patient_id', 'segment_id');
create or replace trigger _900_segments_segment_delete after delete on app_public.segment_members
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('segment', 'patient_id', 'segment_id');
-- end of source: functions/segments/tg_mark_segments.sql

-- source: functions/segments/tg_patient_merges__mark_segments.sql
-- A merge and its undo change rows of both charts, and where a row was before stands in no trigger of its table: both are looked at
-- again for everything. SEG-03, FND-34.

set role app_engine;

create or replace function app_private.tg_patient_merges__mark_segments() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  insert into app_private.segment_marks (organization_id, segment_id, patient_id)
  select segments.organization_id, segments.id, patients.id
  from app_public.segments
  join app_public.patients
    on patients.organization_id = segments.organization_id
    and patients.patient_profile_id in (new.patient_profile_id, new.merged_profile_id)
  where segments.organization_id = new.organization_id and segments.deleted_at is null;
  if found then
    perform app_private.queue_segments(array[new.organization_id]);
  end if;
  return null;
end;
$$;

comment on function app_private.tg_patient_merges__mark_segments is 'Marks both patients for every segment. Trigger _900_segments.';

reset role;

create or replace trigger _900_segments after insert or update on app_public.patient_merges
  for each row execute function app_private.tg_patient_merges__mark_segments();
-- end of source: functions/segments/tg_patient_merges__mark_segments.sql

-- source: functions/signatures/keep_link_key.sql
-- Keeps the key of links, sealed before SQL heard of it. CNS-06, FND-11.

set role app_engine;

create or replace function app_hidden.keep_link_key(id uuid, secret bytea) returns void
language sql volatile strict security definer
set search_path = ''
begin atomic
  insert into app_private.link_keys (id, secret) values (keep_link_key.id, keep_link_key.secret) on conflict do nothing;
end;

comment on function app_hidden.keep_link_key is 'Keeps a new key of links; of two at once the first one stays.';
grant execute on function app_hidden.keep_link_key to app_authenticator, app_worker;

reset role;
-- end of source: functions/signatures/keep_link_key.sql

-- source: functions/signatures/link_for_message.sql
-- The link of a message that asks for a form: whoever reads it opens the form by it, without an account. An open link serves every
-- message about its form; where there is none it is made as the message leaves, by the worker, which seals its token first. AUT-02,
-- CNS-06, docs/decisions/0150.
-- Only for a patient of age, whose own address the message goes to: what they answer before the form is shown is their date of birth.

set role app_engine;

create or replace function app_private.link_for_message(message_id uuid)
returns table (link_id uuid, is_open boolean, organization_id uuid, form_id uuid, patient_id uuid)
language sql stable strict security definer rows 1
set search_path = ''
begin atomic
  select coalesce(links.id, uuidv7()), links.id is not null, forms.organization_id, forms.id, forms.patient_id
  from app_public.messages
  join app_public.forms
    on forms.organization_id = messages.organization_id
    and forms.id = case when starts_with(messages.data ->> 'asked', 'form:') then substr(messages.data ->> 'asked', 6)::uuid end
    and forms.patient_profile_id = messages.patient_profile_id
  join app_public.form_template_versions as versions
    on versions.organization_id = forms.organization_id and versions.id = forms.version_id
  join app_public.patient_profiles on patient_profiles.id = forms.patient_profile_id
  left join app_public.signature_links as links
    on links.organization_id = forms.organization_id and links.form_id = forms.id and links.kind = 'link'
    and links.status = 'open' and links.sealed_token is not null and links.expires_at > app_hidden.now()
  where messages.id = link_for_message.message_id
    and patient_profiles.birth_date <= app_hidden.now() - interval '18 years'
    and versions.signature_mode = 'remote_link'
    and forms.status <> 'signed' and forms.deleted_at is null;
end;

comment on function app_private.link_for_message is
  'The open link of the form that a message asks for, or what a new one is made of; no row where it is not to be opened by a link.';
grant execute on function app_private.link_for_message to app_worker;

create or replace function app_private.keep_link_for_message(message_id uuid, link_id uuid, token_hash bytea, sealed_token bytea)
returns boolean
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_asked record;
  v_link app_public.signature_links;
begin
  select asked.* into v_asked from app_private.link_for_message(keep_link_for_message.message_id) as asked;
  if not found or v_asked.is_open then
    return false;
  end if;
  perform app_private.end_signature_links(v_asked.organization_id, v_asked.form_id, 'sent_again', 'link');
  insert into app_public.signature_links
    (id, organization_id, form_id, kind, signature, identify_by, token_hash, sealed_token, created_by, expires_at, created_at)
  select keep_link_for_message.link_id, forms.organization_id, forms.id, 'link', versions.link_inner_mode, 'birth_date',
         keep_link_for_message.token_hash, keep_link_for_message.sealed_token, app_private.current_actor_id(),
         app_hidden.now() + make_interval(mins => versions.link_expires_minutes), app_hidden.now()
  from app_public.forms
  join app_public.form_template_versions as versions
    on versions.organization_id = forms.organization_id and versions.id = forms.version_id
  where forms.organization_id = v_asked.organization_id and forms.id = v_asked.form_id
  on conflict do nothing
  returning * into v_link;
  if not found then
    return false;
  end if;
  perform app_private.record_signature_event(
    v_link.organization_id, v_link.form_id, 'link_created', v_link.id,
    jsonb_build_object('identifyBy', v_link.identify_by, 'expiresAt', app_private.instant_text(v_link.expires_at), 'caregiver', null));
  return true;
end;
$$;

comment on function app_private.keep_link_for_message is
  'Keeps the link that was made for a message; false where somebody was faster, or the form is not to be opened by a link any more.';
grant execute on function app_private.keep_link_for_message to app_worker;

reset role;
-- end of source: functions/signatures/link_for_message.sql

-- source: functions/signatures/link_key.sql
-- The key of links, as it is sealed; made by whoever needs it first. CNS-06, FND-11.

set role app_engine;

create or replace function app_hidden.link_key() returns table (id uuid, secret bytea)
language sql stable security definer rows 1
set search_path = ''
begin atomic
  select link_keys.id, link_keys.secret::bytea from app_private.link_keys;
end;

comment on function app_hidden.link_key is 'The sealed key that signs tokens of links; no row before the first was made.';
grant execute on function app_hidden.link_key to app_authenticator, app_worker;

reset role;
-- end of source: functions/signatures/link_key.sql

-- source: functions/signatures/sign.sql
-- The one way in which a form is signed, whoever signs and wherever: completes it where that is left, writes the proof, locks
-- the form, gives the consents, ends what else could sign it, and adds the last event. All of it or nothing. CNS-02, CNS-04..07.

create or replace function app_private.sign(
  form_id uuid,
  signer app_private.signer,
  answers jsonb,
  text_hash text,
  locale text,
  agreed boolean,
  typed_name text default null,
  drawing app_private.drawing default null,
  location jsonb default null
) returns app_public.form_signatures
language plpgsql volatile
set search_path = ''
as $$
declare
  v_form app_public.forms;
  v_version app_public.form_template_versions;
  v_text text;
  v_proof text;
  v_signature app_public.form_signatures;
  v_purposes uuid[];
begin
  -- No key: an appointment that is just booked may refer to the form, and holds the patient whom consents wait for.
  select forms.* into v_form
  from app_public.forms
  where forms.id = sign.form_id and forms.deleted_at is null
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'form_not_found');
  end if;
  perform app_private.require_own_hand();
  perform app_private.require_form_stands(v_form);
  if v_form.status = 'signed' then
    perform app_hidden.refuse('STATE', 'already_signed', jsonb_build_object('signedAt', v_form.signed_at));
  end if;
  select form_template_versions.* into strict v_version
  from app_public.form_template_versions
  where form_template_versions.organization_id = v_form.organization_id and form_template_versions.id = v_form.version_id;
  perform app_private.require_signature(v_version, signer, agreed, typed_name, drawing, location);

  if v_form.status <> 'completed' then
    v_form := app_private.complete(v_form, sign.answers);
  elsif app_private.merged_answers(v_form, sign.answers) <> v_form.answers then
    v_form := app_private.answer_form(v_form, sign.answers); -- which refuses: what is complete is not answered anew
  end if;
  v_text := app_private.shown_text(v_form, sign.locale);
  if app_private.hex_digest(v_text) is distinct from sign.text_hash then
    perform app_hidden.refuse('CONFLICT', 'text_is_another', jsonb_build_object('field', 'textHash'));
  end if;

  perform app_private.end_signature_links(v_form.organization_id, v_form.id, 'signed_elsewhere');
  v_proof := app_private.proof_of(
    v_form, v_version, signer, v_text, sign.locale, typed_name, drawing, location);
  insert into app_public.form_signatures
    (organization_id, form_id, mode, signature, signer_name, typed_name, signer_human_id, caregiver_id, link_id, identified_by,
     locale, proof_sha256, signed_at)
  values
    (v_form.organization_id, v_form.id, signer.mode, signer.signature, app_private.signer_name(v_form, signer),
     btrim(typed_name), signer.human_id, signer.caregiver_id, signer.link_id, signer.identified_by, sign.locale,
     app_private.hex_digest(v_proof), app_hidden.now())
  returning * into v_signature;
  insert into app_private.signature_documents (organization_id, form_id, proof, content, shown, answers, image, path)
  values (v_form.organization_id, v_form.id, v_proof, v_form.snapshot::text, v_text, app_private.canonical_json(v_form.answers),
          drawing.image, drawing.path);
  perform app_private.record_signature_event(
    v_form.organization_id, v_form.id, 'signed', signer.link_id, jsonb_build_object('proofHash', v_signature.proof_sha256));

  update app_public.forms
  set status = 'signed', signed_at = app_hidden.now(),
      valid_until = app_hidden.now() + make_interval(months => v_version.validity_months)
  where forms.id = v_form.id;
  perform app_private.publish(
    'form.signed', v_form.organization_id, v_form.id,
    app_private.form_event_payload(v_form) || jsonb_build_object('signatureMode', signer.mode));
  if v_version.pdf_version_id is not null then
    perform app_private.make_form_document(v_form);
  end if;
  select array_agg(purpose.version_id order by purpose.version_id) into v_purposes
  from app_private.purposes_of_form(v_form, sign.locale) as purpose;
  if v_purposes is not null then
    perform app_private.grant_by_form(
      v_form.organization_id, v_form.patient_id, v_form.id, v_purposes, 'granted', decode(v_signature.proof_sha256, 'hex'),
      signer.human_id, signer.caregiver_id, app_hidden.now());
  end if;
  return v_signature;
end;
$$;

comment on function app_private.sign is
  'Signs a form: STATE already_signed or signed_in_another_way, VALIDATION for what is missing, CONFLICT text_is_another for a '
  'text that is not the present one.';
grant execute on function app_private.sign to app_engine;
-- end of source: functions/signatures/sign.sql

-- source: functions/webhooks/claim_webhook_events.sql
-- What is to be sent now, with an end to the claim: what its worker did not live to record is due again by itself. WHK-02.
-- Each endpoint gets a few at once, one that fails gets one, and those that fail get together what most_failing leaves
-- them, so that none of them is in the way of another's. Endpoints are locked before their deliveries; one that
-- somebody else has locked is left out this time.

set role app_engine;

create or replace function app_private.claim_webhook_events(most int, most_failing int)
returns table (id uuid, organization_id uuid, claim uuid, url text, body text, is_failing boolean, secrets jsonb)
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_now timestamptz := app_hidden.now();
  v_endpoints uuid[];
begin
  v_endpoints := array(
    select endpoints.subscription_id
    from app_private.webhook_endpoints as endpoints
    where (endpoints.slowed_until is null or endpoints.slowed_until <= v_now)
      -- One look into the index for each endpoint, however much waits for it: a join would read all that is due.
      and (
        select due.next_attempt_at <= v_now
        from app_public.webhook_events as due
        where due.subscription_id = endpoints.subscription_id and due.status = 'pending'
        order by due.next_attempt_at
        limit 1)
    order by endpoints.subscription_id
    for update skip locked);

  return query
  with due as (
    select candidate.id, endpoints.failing_since is not null as is_failing, candidate.next_attempt_at,
      row_number() over (partition by endpoints.subscription_id order by candidate.next_attempt_at, candidate.id) as place
    from app_private.webhook_endpoints as endpoints
    cross join lateral (
      select count(*) as sent_now
      from app_public.webhook_events as sending
      where sending.subscription_id = endpoints.subscription_id
        and sending.claim is not null and sending.status = 'pending' and sending.next_attempt_at > v_now
    ) as busy
    cross join lateral (
      select waiting.id, waiting.next_attempt_at
      from app_public.webhook_events as waiting
      where waiting.subscription_id = endpoints.subscription_id
        and waiting.status = 'pending' and waiting.next_attempt_at <= v_now
      order by waiting.next_attempt_at, waiting.id
      limit greatest(0, case when endpoints.failing_since is null then 4 else 1 end - busy.sent_now)
    ) as candidate
    where endpoints.subscription_id = any (v_endpoints)
  ), ranked as (
    select due.id, due.is_failing, due.place, due.next_attempt_at,
      row_number() over (partition by due.is_failing order by due.place, due.next_attempt_at, due.id) as rank_in_kind
    from due
  ), chosen as (
    select ranked.id, ranked.is_failing
    from ranked
    where not ranked.is_failing or ranked.rank_in_kind <= most_failing
    order by ranked.is_failing, ranked.place, ranked.next_attempt_at, ranked.id
    limit most
  ), claimed as (
    update app_public.webhook_events as events
    set claim = uuidv7(), next_attempt_at = v_now + interval '1 minute', last_attempt_at = v_now
    from chosen
    where events.id = chosen.id and events.status = 'pending' and events.next_attempt_at <= v_now
    returning events.id, events.organization_id, events.subscription_id, events.claim, events.body, chosen.is_failing
  )
  select claimed.id, claimed.organization_id, claimed.claim, subscriptions.url, claimed.body, claimed.is_failing,
    (select jsonb_agg(
       jsonb_build_object('id', webhook_secrets.id, 'envelope', encode(webhook_secrets.secret, 'base64'))
       order by webhook_secrets.good_until desc nulls first)
     from app_private.webhook_secrets
     where webhook_secrets.organization_id = claimed.organization_id
       and webhook_secrets.subscription_id = claimed.subscription_id
       and (webhook_secrets.good_until is null or webhook_secrets.good_until > v_now))
  from claimed
  join app_public.webhook_subscriptions as subscriptions on subscriptions.id = claimed.subscription_id;
end;
$$;

comment on function app_private.claim_webhook_events is
  'Claims deliveries that are due for a minute: at most four of an endpoint at once, one of an endpoint that fails.';
grant execute on function app_private.claim_webhook_events to app_worker;

reset role;
-- end of source: functions/webhooks/claim_webhook_events.sql

-- source: functions/webhooks/next_webhook_sequence.sql
-- The number of what a clinic's subscriptions are told next; whoever took one is waited for, so numbers commit in their
-- order. WHK-02.

create or replace function app_private.next_webhook_sequence(organization_id uuid) returns bigint
language sql volatile
set search_path = ''
as $$
  insert into app_private.webhook_clinics (organization_id, last_sequence)
  values (next_webhook_sequence.organization_id, 1)
  on conflict on constraint webhook_clinics_one_of_a_clinic do update set last_sequence = webhook_clinics.last_sequence + 1
  returning last_sequence
$$;

comment on function app_private.next_webhook_sequence is 'Takes the next number of the clinic, and holds the clinic until commit.';
grant execute on function app_private.next_webhook_sequence to app_engine;
-- end of source: functions/webhooks/next_webhook_sequence.sql

-- source: functions/webhooks/wake_webhooks.sql
-- Something is due: the worker looks. One job waits at most, whatever is queued meanwhile. WHK-02.

create or replace function app_private.wake_webhooks() returns void
language sql volatile
set search_path = ''
begin atomic
  select graphile_worker.add_jobs(array[row(
    'deliver_webhooks', '{}'::json, null, null, null, 'deliver_webhooks', null, null)::graphile_worker.job_spec]);
end;

comment on function app_private.wake_webhooks is 'Queues a look at the deliveries that are due.';
grant execute on function app_private.wake_webhooks to app_engine;
-- end of source: functions/webhooks/wake_webhooks.sql

-- source: functions/webhooks/webhook_body.sql
-- What is sent: ids and times, as events carry them; whoever wants to know more asks the API, where rights are asked.
-- It is kept as text, and those bytes are signed and sent. WHK-01, WHK-02.

create or replace function app_private.webhook_body(
  name text, occurred_at timestamptz, sequence bigint, organization_id uuid, data jsonb
) returns text
language sql stable
set search_path = ''
return json_build_object(
  'type', name,
  'timestamp', to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'sequence', sequence,
  'organizationId', organization_id,
  'data', data)::text;

comment on function app_private.webhook_body is 'The body of a delivery, as it is stored, signed and sent.';
grant execute on function app_private.webhook_body to app_engine;
-- end of source: functions/webhooks/webhook_body.sql

-- source: functions/webhooks/consume_webhooks.sql
-- The consumer "webhooks": an event goes to every subscription that wants it, in one statement. WHK-02, FND-14.

set role app_engine;

create or replace function app_private.consume_webhooks(event_id uuid) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_event app_private.events;
  v_sequence bigint;
  v_body text;
begin
  select events.* into strict v_event from app_private.events where events.id = consume_webhooks.event_id;
  v_sequence := app_private.next_webhook_sequence(v_event.organization_id);
  v_body := app_private.webhook_body(v_event.name, v_event.occurred_at, v_sequence, v_event.organization_id,
    v_event.payload || jsonb_build_object('subjectType', v_event.subject_type, 'subjectId', v_event.subject_id));
  insert into app_public.webhook_events
    (organization_id, subscription_id, event_id, event_name, sequence, body, next_attempt_at, created_at)
  select v_event.organization_id, subscriptions.id, v_event.id, v_event.name, v_sequence, v_body, app_hidden.now(), app_hidden.now()
  from app_public.webhook_subscriptions as subscriptions
  where subscriptions.organization_id = v_event.organization_id
    and subscriptions.status = 'active'
    and v_event.name = any (subscriptions.event_names)
  on conflict on constraint webhook_events_once_for_a_subscription do nothing;
  if found then
    perform app_private.wake_webhooks();
  end if;
end;
$$;

comment on function app_private.consume_webhooks is 'Queues an event for the subscriptions of its clinic that want it.';
grant execute on function app_private.consume_webhooks to app_worker;
reset role;
-- end of source: functions/webhooks/consume_webhooks.sql

-- source: functions/webhooks/lock_webhooks.sql
-- Before subscriptions of a clinic are changed, and as its events are given out: first in the order of locks of this area,
-- before the subscription, its endpoint and its deliveries. WHK-01.

create or replace function app_private.lock_webhooks(organization_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  insert into app_private.webhook_clinics (organization_id) values (lock_webhooks.organization_id)
  on conflict on constraint webhook_clinics_one_of_a_clinic do nothing;
  perform from app_private.webhook_clinics
  where webhook_clinics.organization_id = lock_webhooks.organization_id
  for update;
end;
$$;

comment on function app_private.lock_webhooks is 'Whoever changes the webhooks of a clinic does it one after the other.';
grant execute on function app_private.lock_webhooks to app_engine;
-- end of source: functions/webhooks/lock_webhooks.sql

-- source: functions/webhooks/locked_webhook_subscription.sql
-- A subscription that the caller manages, locked; another clinic's is not there. WHK-01.

create or replace function app_private.locked_webhook_subscription(subscription_id uuid) returns app_public.webhook_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.webhook_subscriptions;
begin
  select subscriptions.* into v_subscription
  from app_public.webhook_subscriptions as subscriptions
  where subscriptions.id = locked_webhook_subscription.subscription_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_permission(v_subscription.organization_id, 'webhooks.manage');
  perform app_private.lock_webhooks(v_subscription.organization_id);
  select subscriptions.* into v_subscription
  from app_public.webhook_subscriptions as subscriptions
  where subscriptions.id = locked_webhook_subscription.subscription_id
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return v_subscription;
end;
$$;

comment on function app_private.locked_webhook_subscription is
  'Locks a subscription for a change; refuses with NOT_FOUND, or FORBIDDEN for a colleague without webhooks.manage.';
grant execute on function app_private.locked_webhook_subscription to app_engine;
-- end of source: functions/webhooks/locked_webhook_subscription.sql

-- source: functions/webhooks/stop_webhooks.sql
-- Nothing goes to this address any more, also what waits already; it stays in the log and can be replayed. The caller has
-- locked the clinic and the subscription. WHK-02.

create or replace function app_private.stop_webhooks(subscription app_public.webhook_subscriptions, reason text) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  update app_public.webhook_subscriptions
  set status = 'disabled', disabled_reason = stop_webhooks.reason, disabled_at = app_hidden.now()
  where webhook_subscriptions.id = subscription.id;
  update app_public.webhook_events
  set status = 'cancelled', next_attempt_at = null
  where webhook_events.subscription_id = subscription.id and webhook_events.status = 'pending';
  perform app_private.publish('webhook_subscription.disabled', subscription.organization_id, subscription.id,
    jsonb_build_object('reason', stop_webhooks.reason));
end;
$$;

comment on function app_private.stop_webhooks is 'Disables a subscription and cancels what it was not told yet.';
grant execute on function app_private.stop_webhooks to app_engine;
-- end of source: functions/webhooks/stop_webhooks.sql

-- source: functions/webhooks/disable_webhook_subscription.sql
-- Switched off by hand. WHK-02.

set role app_engine;

create or replace function app_public.disable_webhook_subscription(subscription_id uuid) returns app_public.webhook_subscriptions
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_subscription app_public.webhook_subscriptions := app_private.locked_webhook_subscription(subscription_id);
begin
  perform app_private.stop_webhooks(v_subscription, 'by_staff');
  select subscriptions.* into v_subscription
  from app_public.webhook_subscriptions as subscriptions where subscriptions.id = v_subscription.id;
  return v_subscription;
end;
$$;

comment on function app_public.disable_webhook_subscription is
  'Switches a subscription off. What it was not told yet is cancelled, and can be replayed later. Needs webhooks.manage.';
grant execute on function app_public.disable_webhook_subscription to app_member;

reset role;
-- end of source: functions/webhooks/disable_webhook_subscription.sql

-- source: functions/webhooks/enable_webhook_subscription.sql
-- Switched on again, whoever switched it off; its failures are forgotten. WHK-02.

set role app_engine;

create or replace function app_public.enable_webhook_subscription(subscription_id uuid) returns app_public.webhook_subscriptions
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_subscription app_public.webhook_subscriptions := app_private.locked_webhook_subscription(subscription_id);
begin
  update app_public.webhook_subscriptions
  set status = 'active', disabled_reason = null, disabled_at = null
  where webhook_subscriptions.id = v_subscription.id
  returning * into v_subscription;
  update app_private.webhook_endpoints
  set failing_since = null, unbroken_since = null, failed_at = null, slowed_until = null, slow_steps = 0
  where webhook_endpoints.subscription_id = v_subscription.id;
  perform app_private.publish('webhook_subscription.enabled', v_subscription.organization_id, v_subscription.id);
  return v_subscription;
end;
$$;

comment on function app_public.enable_webhook_subscription is
  'Switches a subscription on again. What happened meanwhile is not sent; what was cancelled can be replayed. Needs webhooks.manage.';
grant execute on function app_public.enable_webhook_subscription to app_member;

reset role;
-- end of source: functions/webhooks/enable_webhook_subscription.sql

-- source: functions/webhooks/messages_about_webhooks.sql
-- An address that is told nothing any more: those who manage webhooks hear of it, where nobody of them did it. WHK-02, FND-15.

create or replace function app_private.messages_about_webhooks(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_recipients app_private.message_recipient[];
begin
  if event.payload ->> 'reason' = 'by_staff' then
    return;
  end if;
  select array_agg(distinct row(null, memberships.human_id, null, null, null, null, null)::app_private.message_recipient)
  into v_recipients
  from app_public.memberships
  join app_public.membership_roles
    on membership_roles.organization_id = memberships.organization_id and membership_roles.membership_id = memberships.id
  join app_public.role_permissions
    on role_permissions.organization_id = membership_roles.organization_id and role_permissions.role_id = membership_roles.role_id
  where memberships.organization_id = event.organization_id
    and memberships.ended_at is null
    and role_permissions.permission = 'webhooks.manage';
  if v_recipients is null then
    return;
  end if;
  perform app_private.notify_many(
    event.organization_id, 'webhook_disabled', v_recipients,
    jsonb_build_object('webhookName', subscriptions.name),
    event_id => event.id)
  from app_public.webhook_subscriptions as subscriptions
  where subscriptions.organization_id = event.organization_id and subscriptions.id = event.subject_id;
end;
$$;

comment on function app_private.messages_about_webhooks is
  'Queues what webhook_subscription.disabled calls for: a note to each member with webhooks.manage.';
grant execute on function app_private.messages_about_webhooks to app_engine;
-- end of source: functions/webhooks/messages_about_webhooks.sql

-- source: functions/webhooks/pace_webhooks.sql
-- How much may be sent to one subscription by hand, by tests and replays: thirty calls at once and then one every two seconds,
-- or ten thousand deliveries in a minute. What was asked for moves one instant on. The caller has locked the subscription. WHK-02,
-- FND-27.

create or replace function app_private.pace_webhooks(subscription app_public.webhook_subscriptions, deliveries int) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  c_at_once constant interval := '1 minute';
  v_now timestamptz := app_hidden.now();
  v_until timestamptz;
begin
  select greatest(endpoints.paced_until, v_now) + greatest(interval '2 seconds', interval '6 milliseconds' * pace_webhooks.deliveries)
  into v_until
  from app_private.webhook_endpoints as endpoints where endpoints.subscription_id = subscription.id;
  if v_until > v_now + c_at_once then
    perform app_hidden.refuse('RATE_LIMITED', 'too_many_by_hand', jsonb_build_object(
      'retryAfterSeconds', ceil(extract(epoch from v_until - v_now - c_at_once))));
  end if;
  update app_private.webhook_endpoints
  set paced_until = v_until
  where webhook_endpoints.subscription_id = subscription.id;
end;
$$;

comment on function app_private.pace_webhooks is
  'Counts so many deliveries as asked for by hand; RATE_LIMITED too_many_by_hand where there were too many in the last minute.';
grant execute on function app_private.pace_webhooks to app_engine;
-- end of source: functions/webhooks/pace_webhooks.sql

-- source: functions/webhooks/postpone_webhook.sql
-- A delivery that did not leave, for a reason of ours: keys that cannot be read, a resolver that does not answer. It is no
-- attempt and says nothing about the receiver; the endpoint waits half a minute, so that an outage of ours is not asked about
-- for every delivery that waits. Locks: endpoint, then delivery. WHK-02.

set role app_engine;

create or replace function app_private.postpone_webhook(webhook_event_id uuid, claim uuid, problem text) returns boolean
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_now timestamptz := app_hidden.now();
begin
  update app_private.webhook_endpoints as endpoints
  set slowed_until = greatest(endpoints.slowed_until, v_now + interval '30 seconds' * (0.8 + 0.4 * random()))
  from app_public.webhook_events as events
  where events.id = postpone_webhook.webhook_event_id and events.claim = postpone_webhook.claim
    and endpoints.subscription_id = events.subscription_id;
  update app_public.webhook_events as events
  set claim = null,
      problem = postpone_webhook.problem,
      next_attempt_at = case when events.status = 'pending' then v_now end
  where events.id = postpone_webhook.webhook_event_id and events.claim = postpone_webhook.claim;
  return found;
end;
$$;

comment on function app_private.postpone_webhook is
  'Gives a claim back, of what did not leave for a reason of ours; no attempt is counted. False: the claim is another''s.';
grant execute on function app_private.postpone_webhook to app_worker;

reset role;
-- end of source: functions/webhooks/postpone_webhook.sql

-- source: functions/webhooks/webhook_attempt_log.sql
-- The log of a delivery with one more attempt: the last twenty. WHK-02.

create or replace function app_private.webhook_attempt_log(
  event app_public.webhook_events, response_status int, problem text, duration_ms int
) returns jsonb
language sql immutable
set search_path = ''
return (case when jsonb_array_length(event.attempt_log) < 20 then event.attempt_log else event.attempt_log - 0 end)
  || jsonb_build_object('at', event.last_attempt_at, 'responseStatus', response_status,
       'problem', problem, 'durationMs', duration_ms);

comment on function app_private.webhook_attempt_log is 'The attempts of a delivery and this one, without the oldest beyond twenty.';
grant execute on function app_private.webhook_attempt_log to app_engine;
-- end of source: functions/webhooks/webhook_attempt_log.sql

-- source: functions/webhooks/webhook_pause.sql
-- How long after which attempt of a round the next one is made: about three days all in all, a fifth more or less, so that
-- what failed together does not come back together. Null: that was the last. WHK-02.

create or replace function app_private.webhook_pause(step int, chance float8 default random()) returns interval
language sql volatile
set search_path = ''
return (array['5 seconds', '5 minutes', '30 minutes', '2 hours', '5 hours', '10 hours', '14 hours', '20 hours', '24 hours']::interval[])[step]
  * (0.8 + 0.4 * chance);

comment on function app_private.webhook_pause is 'The pause after so many attempts in vain; null after the tenth.';
grant execute on function app_private.webhook_pause to app_engine;
-- end of source: functions/webhooks/webhook_pause.sql

-- source: functions/webhooks/record_webhook_attempt.sql
-- What came of an attempt. Whoever lost the claim meanwhile says nothing: another attempt decides. WHK-02.
-- A success of a sound endpoint touches the delivery alone. Locks: clinic and subscription where it may be disabled, then the
-- endpoint, then the delivery.
-- Disabled is what has had nothing but failures for five days, of which the last day without a pause (docs/decisions/0151):
-- one late failure after a long silence says nothing, its retries do.

set role app_engine;

create or replace function app_private.record_webhook_attempt(
  webhook_event_id uuid,
  claim uuid,
  response_status int,
  problem text,
  response_body text,
  duration_ms int,
  retry_after int
) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  c_silence constant interval := '36 hours'; -- longer than the longest pause between two attempts
  v_now timestamptz := app_hidden.now();
  v_event app_public.webhook_events;
  v_subscription app_public.webhook_subscriptions;
  v_endpoint app_private.webhook_endpoints;
  v_is_delivered boolean := problem is null;
  v_is_slow boolean := coalesce(response_status in (429, 502, 504), false);
  v_disables text;
  v_pause interval;
  v_status text;
begin
  select events.* into v_event from app_public.webhook_events as events
  where events.id = record_webhook_attempt.webhook_event_id and events.claim = record_webhook_attempt.claim;
  if not found then
    return null;
  end if;
  select endpoints.* into v_endpoint
  from app_private.webhook_endpoints as endpoints where endpoints.subscription_id = v_event.subscription_id;
  v_disables := case
    when v_is_delivered then null
    when response_status = 410 then 'gone'
    when v_endpoint.failing_since <= v_now - interval '5 days'
      and v_endpoint.unbroken_since <= v_now - interval '1 day'
      and v_endpoint.failed_at >= v_now - c_silence then 'failing'
  end;
  if v_disables is not null then
    perform app_private.lock_webhooks(v_event.organization_id);
    select subscriptions.* into v_subscription
    from app_public.webhook_subscriptions as subscriptions where subscriptions.id = v_event.subscription_id
    for update;
  end if;
  if not v_is_delivered or v_endpoint.failing_since is not null or v_endpoint.slow_steps > 0 then
    perform from app_private.webhook_endpoints as endpoints
    where endpoints.subscription_id = v_event.subscription_id
    for update;
    update app_private.webhook_endpoints as endpoints
    set failing_since = case when v_is_delivered then null else coalesce(endpoints.failing_since, v_now) end,
        unbroken_since = case
          when v_is_delivered then null
          when endpoints.failed_at >= v_now - c_silence then endpoints.unbroken_since
          else v_now end,
        failed_at = case when v_is_delivered then null else v_now end,
        slow_steps = case when v_is_slow then least(endpoints.slow_steps + 1, 7) when v_is_delivered then 0 else endpoints.slow_steps end,
        slowed_until = case when v_is_slow then v_now + greatest(
          least(interval '5 seconds' * 2 ^ least(endpoints.slow_steps, 7), interval '10 minutes'),
          make_interval(secs => coalesce(record_webhook_attempt.retry_after, 0)))
          else endpoints.slowed_until end
    where endpoints.subscription_id = v_event.subscription_id;
  end if;

  select events.* into v_event from app_public.webhook_events as events
  where events.id = record_webhook_attempt.webhook_event_id and events.claim = record_webhook_attempt.claim
  for update;
  if not found then
    return null;
  end if;
  v_pause := app_private.webhook_pause(v_event.step + 1);
  v_status := case
    when v_is_delivered then 'delivered'
    when v_event.status <> 'pending' then v_event.status -- it was cancelled as it was sent
    when v_disables = 'gone' or v_pause is null then 'failed'
    else 'pending' end;
  update app_public.webhook_events as events
  set claim = null,
      attempts = events.attempts + 1,
      step = case when v_is_delivered then 0 else events.step + 1 end,
      next_attempt_at = case when v_status = 'pending' then
        v_now + greatest(v_pause, make_interval(secs => coalesce(record_webhook_attempt.retry_after, 0)))
        else events.next_attempt_at end,
      response_status = record_webhook_attempt.response_status,
      problem = record_webhook_attempt.problem,
      response_body = record_webhook_attempt.response_body,
      duration_ms = record_webhook_attempt.duration_ms,
      attempt_log = app_private.webhook_attempt_log(
        events, record_webhook_attempt.response_status, record_webhook_attempt.problem, record_webhook_attempt.duration_ms)
  where events.id = v_event.id;
  if v_status <> v_event.status then
    update app_public.webhook_events set status = v_status, next_attempt_at = null where webhook_events.id = v_event.id;
  end if;
  if v_subscription.status = 'active' then
    perform app_private.stop_webhooks(v_subscription, v_disables);
    select events.status into v_status from app_public.webhook_events as events where events.id = v_event.id;
  end if;
  return v_status;
end;
$$;

comment on function app_private.record_webhook_attempt is
  E'@nullable\n'
  'Records an attempt by its claim, decides about the next one, and disables what is gone or fails for five days. Null: the claim is another''s.';
grant execute on function app_private.record_webhook_attempt to app_worker;

reset role;
-- end of source: functions/webhooks/record_webhook_attempt.sql

-- source: functions/webhooks/record_webhook_deliveries.sql
-- What was taken at once by sound endpoints, in one statement. Answers which of them it recorded; the others, whose endpoint
-- fails, or whom somebody holds just now, are recorded one by one (record_webhook_attempt). It waits for nobody, so that it
-- can hold many rows. WHK-02.

set role app_engine;

create or replace function app_private.record_webhook_deliveries(deliveries jsonb) returns setof uuid
language sql volatile strict security definer
set search_path = ''
as $$
  with taken as (
    select told.id, told.claim, told.status as response_status, told.answer, told.duration
    from jsonb_to_recordset(deliveries) as told (id uuid, claim uuid, status int, answer text, duration int)
  ), held as (
    select events.id
    from app_public.webhook_events as events
    join taken on taken.id = events.id and taken.claim = events.claim
    where events.status = 'pending'
      and exists (
        select from app_private.webhook_endpoints as endpoints
        where endpoints.subscription_id = events.subscription_id and endpoints.failing_since is null and endpoints.slow_steps = 0)
    for update skip locked
  )
  update app_public.webhook_events as events
  set claim = null, status = 'delivered', next_attempt_at = null, step = 0, attempts = events.attempts + 1,
      response_status = taken.response_status, problem = null, response_body = taken.answer, duration_ms = taken.duration,
      attempt_log = app_private.webhook_attempt_log(events, taken.response_status, null, taken.duration)
  from held
  join taken on taken.id = held.id
  where events.id = held.id
  returning events.id;
$$;

comment on function app_private.record_webhook_deliveries is
  'Records deliveries that were taken, as far as their claims hold and their endpoints are sound; answers with the ids of these.';
grant execute on function app_private.record_webhook_deliveries to app_worker;

reset role;
-- end of source: functions/webhooks/record_webhook_deliveries.sql

-- source: functions/webhooks/remove_webhook_subscription.sql
-- Taken out, with its secrets and its log. WHK-01.

set role app_engine;

create or replace function app_public.remove_webhook_subscription(subscription_id uuid) returns uuid
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_subscription app_public.webhook_subscriptions := app_private.locked_webhook_subscription(subscription_id);
begin
  delete from app_public.webhook_subscriptions where webhook_subscriptions.id = v_subscription.id;
  return v_subscription.id;
end;
$$;

comment on function app_public.remove_webhook_subscription is
  E'@resultFieldName subscriptionId\n'
  'Deletes a subscription, its secrets and the log of what it was told. Needs webhooks.manage.';
grant execute on function app_public.remove_webhook_subscription to app_member;

reset role;
-- end of source: functions/webhooks/remove_webhook_subscription.sql

-- source: functions/webhooks/require_active_webhooks.sql
-- What is asked of a subscription that is disabled is refused. WHK-02.

create or replace function app_private.require_active_webhooks(subscription_id uuid) returns app_public.webhook_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.webhook_subscriptions := app_private.locked_webhook_subscription(subscription_id);
begin
  if v_subscription.status <> 'active' then
    perform app_hidden.refuse('STATE', 'webhooks_disabled', jsonb_build_object('from', v_subscription.status));
  end if;
  return v_subscription;
end;
$$;

comment on function app_private.require_active_webhooks is 'Locks a subscription that is to be told something; STATE while it is disabled.';
grant execute on function app_private.require_active_webhooks to app_engine;
-- end of source: functions/webhooks/require_active_webhooks.sql

-- source: functions/webhooks/replay_webhook_event.sql
-- One delivery once more, with its id and its bytes. WHK-02.

set role app_engine;

create or replace function app_public.replay_webhook_event(webhook_event_id uuid) returns app_public.webhook_events
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_event app_public.webhook_events;
begin
  select events.* into v_event
  from app_public.webhook_events as events where events.id = replay_webhook_event.webhook_event_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.pace_webhooks(app_private.require_active_webhooks(v_event.subscription_id), 1);
  update app_public.webhook_events
  set status = 'pending', step = 0, next_attempt_at = app_hidden.now(), claim = null
  where webhook_events.id = v_event.id and webhook_events.status <> 'pending';
  update app_public.webhook_events
  set next_attempt_at = app_hidden.now()
  where webhook_events.id = v_event.id and webhook_events.claim is null
  returning * into v_event;
  perform app_private.wake_webhooks();
  return v_event;
end;
$$;

comment on function app_public.replay_webhook_event is
  'Sends a delivery once more, with the same id, also one that was delivered; one that waits for a retry goes now. '
  'RATE_LIMITED too_many_by_hand for too many at once. Needs webhooks.manage.';
grant execute on function app_public.replay_webhook_event to app_member;

reset role;
-- end of source: functions/webhooks/replay_webhook_event.sql

-- source: functions/webhooks/replay_webhook_events.sql
-- Once more, with the ids and the bytes that they had. WHK-02.

set role app_engine;

create or replace function app_public.replay_webhook_events(
  subscription_id uuid, since timestamptz, until timestamptz, delivered_too boolean default false
) returns int
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_subscription app_public.webhook_subscriptions := app_private.require_active_webhooks(subscription_id);
  v_ids uuid[] := array(
    select events.id
    from app_public.webhook_events as events
    where events.organization_id = v_subscription.organization_id
      and events.subscription_id = v_subscription.id
      and events.created_at >= replay_webhook_events.since
      and events.created_at < replay_webhook_events.until
      and (events.status in ('failed', 'cancelled') or events.status = 'delivered' and delivered_too)
    order by events.created_at, events.id
    limit 10001);
begin
  if cardinality(v_ids) > 10000 then
    perform app_hidden.refuse('VALIDATION', 'too_many_to_replay', jsonb_build_object('field', 'until', 'most', 10000));
  end if;
  perform app_private.pace_webhooks(v_subscription, cardinality(v_ids));
  update app_public.webhook_events
  set status = 'pending', step = 0, next_attempt_at = app_hidden.now(), claim = null
  where webhook_events.id = any (v_ids);
  if v_ids <> '{}' then
    perform app_private.wake_webhooks();
  end if;
  return cardinality(v_ids);
end;
$$;

comment on function app_public.replay_webhook_events is
  E'@resultFieldName replayedCount\n'
  '@arg since From when on, by createdAt.\n'
  '@arg until Until when, by createdAt, this instant not included.\n'
  '@arg deliveredToo Also what was delivered; else only what failed or was cancelled.\n'
  'Sends once more what a subscription was to be told in a span of time, with the same ids; at most 10,000 in a call '
  'and in a minute (RATE_LIMITED too_many_by_hand). '
  'Needs webhooks.manage.';
grant execute on function app_public.replay_webhook_events to app_member;

reset role;
-- end of source: functions/webhooks/replay_webhook_events.sql

-- source: functions/webhooks/rotate_webhook_secret.sql
-- A new secret, sealed already; the one before signs, too, for 24 hours, so that receivers need not change at one instant.
-- A request that comes again makes no other: it is answered with the secret of the first time. WHK-01, FND-26.

set role app_engine;

create or replace function app_hidden.rotate_webhook_secret(
  subscription_id uuid, secret_id uuid, secret bytea, request jsonb default null
) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('rotate_webhook_secret', request);
  v_answer constant jsonb := jsonb_build_object('id', subscription_id, 'secretId', secret_id);
  v_subscription app_public.webhook_subscriptions;
begin
  if v_remembered is not null then
    perform app_private.locked_webhook_subscription(subscription_id);
    return v_remembered;
  end if;
  v_subscription := app_private.locked_webhook_subscription(subscription_id);
  delete from app_private.webhook_secrets
  where webhook_secrets.subscription_id = v_subscription.id and webhook_secrets.good_until < app_hidden.now();
  if (select count(*) >= 5 from app_private.webhook_secrets where webhook_secrets.subscription_id = v_subscription.id) then
    perform app_hidden.refuse('CONFLICT', 'too_many_secrets', jsonb_build_object('most', 5));
  end if;
  update app_private.webhook_secrets
  set good_until = app_hidden.now() + interval '24 hours'
  where webhook_secrets.subscription_id = v_subscription.id and webhook_secrets.good_until is null;
  insert into app_private.webhook_secrets (id, organization_id, subscription_id, secret)
  values (secret_id, v_subscription.organization_id, v_subscription.id, rotate_webhook_secret.secret);
  update app_public.webhook_subscriptions
  set rotated_at = app_hidden.now()
  where webhook_subscriptions.id = v_subscription.id;
  perform app_private.remember('rotate_webhook_secret', v_answer);
  return v_answer;
end;
$$;

comment on function app_hidden.rotate_webhook_secret is
  'Signs with this secret from now on, and with the one before for 24 hours more. Answers with the ids of both, those of '
  'the first time where the request comes again. Needs webhooks.manage.';
grant execute on function app_hidden.rotate_webhook_secret to app_member;

reset role;
-- end of source: functions/webhooks/rotate_webhook_secret.sql

-- source: functions/webhooks/save_webhook_subscription.sql
-- Adds or changes a subscription. The secret of a new one arrives sealed. WHK-01.
-- Behind the mutation saveWebhookSubscription, which looks at the host and seals before this is called. What is remembered of a
-- request names the secret's row; the secret itself lies there, sealed, and is opened for whoever repeats the request. FND-26.

set role app_engine;

create or replace function app_hidden.save_webhook_subscription(
  id uuid,
  organization_id uuid,
  name text,
  url text,
  event_names text[],
  secret_id uuid default null,
  secret bytea default null,
  request jsonb default null
) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('save_webhook_subscription', request);
  v_answer constant jsonb := jsonb_build_object('id', id, 'secretId', case when secret is not null then secret_id end);
  v_names text[] := array(select distinct wanted from unnest(event_names) as wanted order by 1);
  v_unknown text;
begin
  if v_remembered is not null then
    perform app_private.require_permission(organization_id, 'webhooks.manage');
    return v_remembered;
  end if;
  if secret is not null then
    perform app_private.require_permission(organization_id, 'webhooks.manage');
    perform app_private.lock_webhooks(organization_id);
  elsif (app_private.locked_webhook_subscription(id)).organization_id is distinct from organization_id then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  select wanted into v_unknown
  from unnest(v_names) as wanted
  where not exists (
    select from app_private.event_subscriptions
    where event_subscriptions.consumer = 'webhooks' and event_subscriptions.event_name = wanted)
  limit 1;
  if found then
    perform app_hidden.refuse('VALIDATION', 'event_not_offered', jsonb_build_object('field', 'eventNames', 'name', left(v_unknown, 100)));
  end if;

  if secret is null then
    update app_public.webhook_subscriptions as subscriptions
    set name = btrim(save_webhook_subscription.name), url = save_webhook_subscription.url, event_names = v_names
    where subscriptions.id = save_webhook_subscription.id;
    perform app_private.remember('save_webhook_subscription', v_answer);
    return v_answer;
  end if;
  if (select count(*) >= 20 from app_public.webhook_subscriptions as subscriptions
      where subscriptions.organization_id = save_webhook_subscription.organization_id) then
    perform app_hidden.refuse('CONFLICT', 'too_many_subscriptions', jsonb_build_object('most', 20));
  end if;
  insert into app_public.webhook_subscriptions (id, organization_id, name, url, event_names, rotated_at, created_by)
  values (save_webhook_subscription.id, save_webhook_subscription.organization_id, btrim(save_webhook_subscription.name),
    save_webhook_subscription.url, v_names, app_hidden.now(), app_private.current_actor_id());
  insert into app_private.webhook_endpoints (organization_id, subscription_id)
  values (save_webhook_subscription.organization_id, save_webhook_subscription.id);
  insert into app_private.webhook_secrets (id, organization_id, subscription_id, secret)
  values (secret_id, save_webhook_subscription.organization_id, save_webhook_subscription.id, save_webhook_subscription.secret);
  perform app_private.publish('webhook_subscription.added', organization_id, id);
  perform app_private.remember('save_webhook_subscription', v_answer);
  return v_answer;
end;
$$;

comment on function app_hidden.save_webhook_subscription is
  'Stores a subscription; a new one with the secret that was sealed for secret_id. Answers with their ids, those of the first time where '
  'the request comes again. Needs webhooks.manage.';
grant execute on function app_hidden.save_webhook_subscription to app_member;

reset role;
-- end of source: functions/webhooks/save_webhook_subscription.sql

-- source: functions/webhooks/schedule_webhooks.sql
-- As a worker ends its look: the next one when the next delivery is due. An earlier one that is queued already stays. WHK-02.

set role app_engine;

create or replace function app_private.schedule_webhooks() returns timestamptz
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_due timestamptz := (
    select min(greatest(next.next_attempt_at, endpoints.slowed_until))
    from app_private.webhook_endpoints as endpoints
    cross join lateral (
      select waiting.next_attempt_at
      from app_public.webhook_events as waiting
      where waiting.subscription_id = endpoints.subscription_id and waiting.status = 'pending'
      order by waiting.next_attempt_at
      limit 1
    ) as next);
begin
  if v_due is not null then
    perform graphile_worker.add_jobs(array[row(
      'deliver_webhooks', '{}'::json, null, v_due, null, 'deliver_webhooks', null, null)::graphile_worker.job_spec],
      job_key_preserve_run_at => true);
  end if;
  return v_due;
end;
$$;

comment on function app_private.schedule_webhooks is
  E'@nullable\n'
  'Queues the next look at deliveries for when one is due; null where none is.';
grant execute on function app_private.schedule_webhooks to app_worker;

reset role;
-- end of source: functions/webhooks/schedule_webhooks.sql

-- source: functions/webhooks/test_webhook_subscription.sql
-- A delivery that says nothing, to try the receiver with. WHK-02.

set role app_engine;

create or replace function app_public.test_webhook_subscription(subscription_id uuid) returns app_public.webhook_events
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_subscription app_public.webhook_subscriptions := app_private.require_active_webhooks(subscription_id);
  v_sequence bigint;
  v_event app_public.webhook_events;
begin
  perform app_private.pace_webhooks(v_subscription, 1);
  v_sequence := app_private.next_webhook_sequence(v_subscription.organization_id);
  insert into app_public.webhook_events
    (organization_id, subscription_id, event_name, sequence, body, next_attempt_at, created_at)
  values (v_subscription.organization_id, v_subscription.id, 'webhook.test', v_sequence,
    app_private.webhook_body('webhook.test', app_hidden.now(), v_sequence, v_subscription.organization_id, '{}'),
    app_hidden.now(), app_hidden.now())
  returning * into v_event;
  perform app_private.wake_webhooks();
  return v_event;
end;
$$;

comment on function app_public.test_webhook_subscription is
  'Sends an event webhook.test, signed and retried like any other; the log says what came of it. '
  'RATE_LIMITED too_many_by_hand for too many at once. Needs webhooks.manage.';
grant execute on function app_public.test_webhook_subscription to app_member;

reset role;
-- end of source: functions/webhooks/test_webhook_subscription.sql

-- source: functions/webhooks/tg_webhook_subscriptions__interests.sql
-- What a clinic's subscriptions want to hear, all together: so that an event that nobody wants costs nothing. WHK-01, FND-14.

set role app_engine;

create or replace function app_private.tg_webhook_subscriptions__interests() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_organization_id uuid := case when tg_op = 'DELETE' then old.organization_id else new.organization_id end;
begin
  perform app_private.lock_webhooks(v_organization_id);
  perform app_private.keep_interests(v_organization_id, 'webhooks', array(
    select distinct wanted
    from app_public.webhook_subscriptions as subscriptions, unnest(subscriptions.event_names) as wanted
    where subscriptions.organization_id = v_organization_id and subscriptions.status = 'active'));
  return null;
end;
$$;

comment on function app_private.tg_webhook_subscriptions__interests is
  'Keeps event_interests of the consumer "webhooks". Trigger _700_interests.';
reset role;
-- end of source: functions/webhooks/tg_webhook_subscriptions__interests.sql

-- source: functions/webhooks/webhook_event_types.sql
-- What may leave: the events that the consumer "webhooks" is subscribed to. WHK-01.

set role app_engine;

create or replace function app_public.webhook_event_types(out name text, out description text, out payload_schema jsonb)
returns setof record
language sql stable security definer
set search_path = ''
begin atomic
  select distinct on (event_types.name) event_types.name, event_types.description, event_types.payload_schema
  from app_private.event_subscriptions
  join app_private.event_types on event_types.name = event_subscriptions.event_name
  where event_subscriptions.consumer = 'webhooks'
  order by event_types.name, event_types.version desc;
end;

comment on function app_public.webhook_event_types is
  'The events that a subscription can ask for, with the JSON Schema of their data.';
grant execute on function app_public.webhook_event_types to app_member;

reset role;
-- end of source: functions/webhooks/webhook_event_types.sql

-- source: functions/webhooks/webhook_subscription_form.sql
-- Asked before anything is looked up or sealed: may the caller save this subscription, and which ids do it and its secret
-- get? Of a request that was answered before: those that they got, and the envelope of the secret that was shown. WHK-01, FND-26.

set role app_engine;

create or replace function app_hidden.webhook_subscription_form(
  organization_id uuid,
  subscription_id uuid,
  operation text,
  request jsonb,
  out clinic_id uuid,
  out id uuid,
  out secret_id uuid,
  out is_answered boolean,
  out envelope bytea
)
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb;
begin
  clinic_id := webhook_subscription_form.organization_id;
  if subscription_id is not null then
    select subscriptions.organization_id into clinic_id
    from app_public.webhook_subscriptions as subscriptions
    where subscriptions.id = webhook_subscription_form.subscription_id
      and (webhook_subscription_form.organization_id is null
           or subscriptions.organization_id = webhook_subscription_form.organization_id);
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'not_found');
    end if;
  end if;
  perform app_private.require_permission(clinic_id, 'webhooks.manage');
  v_remembered := app_private.recalled(operation, request);
  is_answered := v_remembered is not null;
  id := coalesce((v_remembered ->> 'id')::uuid, subscription_id, uuidv7());
  secret_id := case when is_answered then (v_remembered ->> 'secretId')::uuid else uuidv7() end;
  if is_answered then
    -- One that was removed since is not there.
    perform from app_public.webhook_subscriptions as subscriptions
    where subscriptions.organization_id = clinic_id and subscriptions.id = webhook_subscription_form.id;
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'not_found');
    end if;
    select webhook_secrets.secret into envelope
    from app_private.webhook_secrets
    where webhook_secrets.organization_id = clinic_id and webhook_secrets.id = webhook_subscription_form.secret_id;
  end if;
end;
$$;

comment on function app_hidden.webhook_subscription_form is
  'The clinic, the subscription''s id and one for a secret, for a caller who may save this subscription, and what was answered to the '
  'same request before; refusals otherwise.';
grant execute on function app_hidden.webhook_subscription_form to app_member;

reset role;
-- end of source: functions/webhooks/webhook_subscription_form.sql

-- source: reference/classification/retentions.sql
-- How long rows are kept after they ended; nothing in keep_for: as long as what they belong to. FND-12, GDP-03.
-- Acted on once confirmed_by says who confirmed it: counsel, or the product where no law asks for the rows; on rows with
-- health data only where that was decided, too (with_health_data): what is told are copies, and the file stays. A reason to
-- hold one back (held_because) is set where the need arises, and stays.

select app_private.own_rows('app_private.retentions', given_once => '{held_because}', rows => '
  key              | keep_for | confirmed_by | with_health_data | citation                                                    | description
  -----------------+----------+--------------+------------------+-------------------------------------------------------------+-------------------------------------------------------------
  account          |          |              | false            | GDPR art. 5(1)(e)                                           | As long as the account exists.
  clinic           | 3 years  |              | false            | Civil Code art. 2517                                        | As long as the clinic is a customer, and three years after for claims.
  correspondence   | 5 years  | the product  | true             |                                                             | What was told to people, and about which event. Claims end after three years, and a calendar may be booked two years ahead.
  idempotency_keys | 1 day    | the product  | false            |                                                             | Answers to requests that may come once more.
  lapsed_holds     | 90 days  | the product  | false            |                                                             | Times that somebody looked at and nobody booked.
  ledger           | 10 years |              | false            | GDPR art. 5(2)                                              | What proves what was done: the audit.
  medical_record   | 10 years |              | false            | Law 95/2006 and Order 1411/2016: to be confirmed by counsel | The patient''s file.
  operations       | 90 days  | the product  | false            |                                                             | Work in progress and its traces.
  reference        |          |              | false            |                                                             | Kept by migrations; names no person.
  waitlist         | 90 days  | the product  | true             |                                                             | Who waited for a time, after it was over, and what was offered.
  webhook_log      | 90 days  | the product  | true             |                                                             | What clinics'' own software was told of events, and what it answered.
  webhook_bodies   | 30 days  | the product  | false            |                                                             | What vendors wrote, after it was applied.
');
-- end of source: reference/classification/retentions.sql

select app_private.write_owned_rows();

-- source: policies/appointments/booking_blocks.sql
-- The patient reads why and until when, and staff who see patients. Written by verbs only, deleted by nobody. APT-06,
-- docs/decisions/0115.

select app_private.classify('app_public.booking_blocks', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "blocked_by", "created_at", "contested_at", "decided_at", "decided_by",
                    "automation_rule_version_id"],
    "phi": ["patient_profile_id", "reason", "until", "objection", "decision", "decision_reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.booking_blocks', 'patient_profile_id', 'moves');
select app_private.protect('app_public.booking_blocks', engine => 'select, insert, update');

-- Which automation blocked, its execution says, to staff with automations.view.
grant select (id, organization_id, patient_profile_id, reason, until, blocked_by, created_at, contested_at, objection, decision, decided_at,
              decided_by, decision_reason) on app_public.booking_blocks to app_member;

create policy booking_blocks_select_staff on app_public.booking_blocks for select to app_member
  using (organization_id = any ((select app_hidden.rights('patients.view'))::uuid[]));

create policy booking_blocks_select_person on app_public.booking_blocks for select to app_member
  using (patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]));
-- end of source: policies/appointments/booking_blocks.sql

-- source: policies/automation/automation_actions.sql
-- Read when a rule is saved and when it runs; changed by migrations only. AUT-02.

select app_private.classify('app_private.automation_actions', home => 'platform', retention => 'reference', classes =>
  '{"public": ["code", "label_ro", "label_en", "description_ro", "description_en", "config_schema", "needs", "is_marketing", "act_function",
               "check_function"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.automation_actions', engine => 'select');

create or replace trigger _200_guard_function before insert or update on app_private.automation_actions
  for each row execute function app_private.tg_guard_function(
    'act_function', 'app_private.action_step', 'app_private.action_outcome');
-- end of source: policies/automation/automation_actions.sql

-- source: policies/automation/automation_events.sql
-- Read when a rule is saved and when an event is published; changed by migrations only. AUT-01.

select app_private.classify('app_private.automation_events', home => 'platform', retention => 'reference', classes =>
  '{"public": ["event_name", "label_ro", "label_en", "has", "undone_by"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.automation_events', engine => 'select');
-- end of source: policies/automation/automation_events.sql

-- source: policies/automation/automation_executions.sql
-- Staff with automations.view; written by the worker, and an outcome once. AUT-01.

select app_private.classify('app_public.automation_executions', home => 'clinic', retention => 'correspondence', classes =>
  '{"operational": ["id", "organization_id", "automation_rule_id", "automation_rule_version_id", "event_id", "action_index",
                    "action", "due_at", "expires_at", "attempts", "created_at", "ended_at"],
    "phi": ["patient_profile_id", "outcome", "reason", "details"]}',
  person_column => 'patient_profile_id',
  unaudited => 'Is itself a ledger, of what automations did; what an action changes is followed where it changes it.');
select app_private.on_merge('app_public.automation_executions', 'patient_profile_id', 'moves');
select app_private.protect('app_public.automation_executions', engine => 'select, insert, update, delete');
select app_private.retain('app_public.automation_executions', 'correspondence', 'delete', kept_from => 'ended_at');

grant select on app_public.automation_executions to app_member;

create policy automation_executions_select_staff on app_public.automation_executions for select to app_member
  using (organization_id = any ((select app_hidden.rights('automations.view'))::uuid[]));

create or replace trigger _200_append_only before update on app_public.automation_executions
  for each row execute function app_private.tg_automation_executions__once();

create or replace trigger _200_refuse_truncate before truncate on app_public.automation_executions
  for each statement execute function app_private.tg_frozen();

create or replace trigger _200_refuse_delete before delete on app_public.automation_executions
  for each statement when (current_user <> 'app_engine') execute function app_private.tg_frozen();
-- end of source: policies/automation/automation_executions.sql

-- source: policies/automation/automation_rule_versions.sql
-- Staff with automations.view; written by verbs and never changed. AUT-01.

select app_private.classify('app_public.automation_rule_versions', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "automation_rule_id", "version", "conditions", "actions", "most_per_day", "most_ever"],
    "operational": ["created_by", "created_at"]}');
select app_private.protect('app_public.automation_rule_versions', engine => 'select, insert');

grant select on app_public.automation_rule_versions to app_member;

create policy automation_rule_versions_select_staff on app_public.automation_rule_versions for select to app_member
  using (organization_id = any ((select app_hidden.rights('automations.view'))::uuid[]));

create or replace trigger _200_frozen before update or delete or truncate on app_public.automation_rule_versions
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/automation/automation_rule_versions.sql

-- source: policies/automation/automation_rules.sql
-- Staff with automations.view; written by verbs. AUT-01.

select app_private.classify('app_public.automation_rules', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "name", "event_name"],
    "operational": ["is_enabled", "position", "version", "created_at", "updated_at", "removed_at"]}');
select app_private.protect('app_public.automation_rules', engine => 'select, insert, update', facts => '{name name}');

grant select on app_public.automation_rules to app_member;

create policy automation_rules_select_staff on app_public.automation_rules for select to app_member
  using (organization_id = any ((select app_hidden.rights('automations.view'))::uuid[]));
-- end of source: policies/automation/automation_rules.sql

-- source: policies/documents/appointment_document_files.sql
-- Readable where the document is; written by its verbs. DOC-04.

select app_private.classify('app_public.appointment_document_files', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id", "created_at"], "phi": ["document_id", "file_id"]}');
select app_private.protect('app_public.appointment_document_files', engine => 'select, insert, delete');

grant select on app_public.appointment_document_files to app_member;

create policy appointment_document_files_select_staff on app_public.appointment_document_files for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('documents.view'))::uuid[])
    -- One look-up a row, and the document's own policies hide those of deleted appointments.
    and exists (select from app_public.appointment_documents where appointment_documents.id = appointment_document_files.document_id)
  );

create policy appointment_document_files_select_patient on app_public.appointment_document_files for select to app_member
  using (
    document_id in (
      select appointment_documents.id from app_public.appointment_documents
      where appointment_documents.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
  );

create or replace trigger _300_keep before insert or delete on app_public.appointment_document_files
  for each row execute function app_private.tg_appointment_document_files__keep();
-- end of source: policies/documents/appointment_document_files.sql

-- source: policies/documents/appointment_documents.sql
-- Staff with documents.view, and the patient and those who care for the patient once it is issued. Written by verbs only; what is
-- issued is written by nobody. DOC-03, DOC-04.

select app_private.classify('app_public.appointment_documents', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "locale", "number_year", "number", "issued_by", "created_by", "created_at", "updated_at"],
    "phi": ["appointment_id", "patient_profile_id", "specialist_id", "kind", "template_id", "version_id", "title", "content", "status",
            "issued_at", "signature_id", "replaces_id", "reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.appointment_documents', 'patient_profile_id', 'follows');
select app_private.protect('app_public.appointment_documents', engine => 'select, insert, update', guard => true);

grant select on app_public.appointment_documents to app_member;

create policy appointment_documents_select_staff on app_public.appointment_documents for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('documents.view'))::uuid[])
    -- One look-up a row, and the appointment's own policies hide what was deleted.
    and exists (select from app_public.appointments where appointments.id = appointment_documents.appointment_id)
  );

create policy appointment_documents_select_patient on app_public.appointment_documents for select to app_member
  using (
    issued_at is not null
    and patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
    and exists (select from app_public.appointments where appointments.id = appointment_documents.appointment_id)
  );

create or replace trigger _300_keep before update or delete on app_public.appointment_documents
  for each row execute function app_private.tg_appointment_documents__keep();

create or replace trigger _300_keeps_every_document before truncate on app_public.appointment_documents
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/documents/appointment_documents.sql

-- source: policies/documents/document_block_types.sql
-- What documents are built of; changed by migrations only. DOC-01.

select app_private.classify('app_private.document_block_types', home => 'platform', retention => 'reference', classes =>
  '{"public": ["type", "place", "kinds", "label_ro", "label_en", "schema"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.document_block_types', engine => 'select');
-- end of source: policies/documents/document_block_types.sql

-- source: policies/documents/document_fields.sql
-- What text in documents is bound to; changed by migrations only. DOC-01.

select app_private.classify('app_private.document_fields', home => 'platform', retention => 'reference', classes =>
  '{"public": ["code", "collection", "kinds", "type", "label_ro", "label_en", "sample"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.document_fields', engine => 'select');
-- end of source: policies/documents/document_fields.sql

-- source: policies/documents/document_inputs.sql
-- Handed to the worker by claim_rendering(). What is frozen stays; only that rendering failed is written. DOC-02.

select app_private.classify('app_private.document_inputs', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id", "document_id", "frozen_at", "failure", "failed_at"],
    "phi": ["appointment_document_id", "form_document_id", "input", "input_sha256"]}',
  unaudited => 'Written once with its document, which is audited; afterwards only how rendering goes.');
select app_private.protect('app_private.document_inputs', engine => 'select, insert, update (failure, failed_at)');

create or replace trigger _200_frozen before delete or truncate on app_private.document_inputs
  for each statement execute function app_private.tg_frozen();
create or replace trigger _200_frozen_input before update of organization_id, document_id, appointment_document_id, form_document_id, input,
  input_sha256, frozen_at on app_private.document_inputs
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/documents/document_inputs.sql

-- source: policies/documents/form_documents.sql
-- Readable where the form is: staff with forms.view, its patient and those who care for them. Made once and never changed. DOC-05.

select app_private.classify('app_public.form_documents', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "requested_by", "created_at"], "phi": ["form_id", "version_id", "title"]}');
select app_private.protect('app_public.form_documents', engine => 'select, insert');

grant select on app_public.form_documents to app_member;

create policy form_documents_select_staff on app_public.form_documents for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('forms.view'))::uuid[])
    -- One look-up a row, and the form's own policies hide what was deleted.
    and exists (select from app_public.forms where forms.id = form_documents.form_id)
  );

create policy form_documents_select_patient on app_public.form_documents for select to app_member
  using (
    form_id in (
      select forms.id from app_public.forms
      where forms.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
  );

create or replace trigger _200_frozen before update or delete or truncate on app_public.form_documents
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/documents/form_documents.sql

-- source: policies/documents/pdf_template_component_versions.sql
-- What a component of documents said from a save on, for staff; never changed. DOC-01.

select app_private.classify('app_public.pdf_template_component_versions', home => 'clinic', retention => 'medical_record', classes =>
  '{"public": ["id", "organization_id", "component_id", "number", "editor_state"],
    "operational": ["saved_by", "saved_at"]}');
select app_private.protect('app_public.pdf_template_component_versions', engine => 'select, insert');

grant select on app_public.pdf_template_component_versions to app_member;

create policy pdf_template_component_versions_select_staff on app_public.pdf_template_component_versions for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create or replace trigger _200_frozen before update or delete or truncate on app_public.pdf_template_component_versions
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/documents/pdf_template_component_versions.sql

-- source: policies/documents/pdf_template_components.sql
-- Staff read the clinic's letterheads, footers and signatures of documents, document_templates.manage edits them. DOC-01.

select app_private.classify('app_public.pdf_template_components', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "key", "kind", "title", "editor_state"],
    "operational": ["version", "created_at", "updated_at"]}');
select app_private.protect('app_public.pdf_template_components', engine => 'select, insert, update', facts => '{name title}');

grant select on app_public.pdf_template_components to app_member;
grant insert (organization_id, key, kind, title, editor_state),
      update (title, editor_state)
   on app_public.pdf_template_components to app_member;

create policy pdf_template_components_select_staff on app_public.pdf_template_components for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy pdf_template_components_insert_manager on app_public.pdf_template_components for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('document_templates.manage'))::uuid[]));

create policy pdf_template_components_update_manager on app_public.pdf_template_components for update to app_member
  using (organization_id = any ((select app_hidden.rights('document_templates.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('document_templates.manage'))::uuid[]));

create or replace trigger _300_check before insert or update of key, kind, editor_state on app_public.pdf_template_components
  for each row execute function app_private.tg_pdf_templates__check();

create or replace trigger _700_version after insert on app_public.pdf_template_components
  for each row execute function app_private.tg_pdf_template_components__version();
create or replace trigger _700_version_again after update of editor_state on app_public.pdf_template_components
  for each row when (old.version <> new.version) execute function app_private.tg_pdf_template_components__version();
-- end of source: policies/documents/pdf_template_components.sql

-- source: policies/documents/pdf_template_version_components.sql
-- Which version of each component a published template has, for staff; never changed. DOC-01.

select app_private.classify('app_public.pdf_template_version_components', home => 'clinic', retention => 'medical_record', classes =>
  '{"public": ["organization_id", "version_id", "component_id", "component_version_id"]}');
select app_private.protect('app_public.pdf_template_version_components', engine => 'select, insert');

grant select on app_public.pdf_template_version_components to app_member;

create policy pdf_template_version_components_select_staff on app_public.pdf_template_version_components for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create or replace trigger _200_frozen before update or delete or truncate on app_public.pdf_template_version_components
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/documents/pdf_template_version_components.sql

-- source: policies/documents/pdf_template_versions.sql
-- What was published of a template of documents, for staff; written by publish_pdf_template() and never changed. DOC-01.

select app_private.classify('app_public.pdf_template_versions', home => 'clinic', retention => 'medical_record', classes =>
  '{"public": ["id", "organization_id", "template_id", "number", "kind", "title", "locale", "editor_state", "layout_config"],
    "operational": ["published_by", "published_at"]}');
select app_private.protect('app_public.pdf_template_versions', engine => 'select, insert');

grant select on app_public.pdf_template_versions to app_member;

create policy pdf_template_versions_select_staff on app_public.pdf_template_versions for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create or replace trigger _200_frozen before update or delete or truncate on app_public.pdf_template_versions
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/documents/pdf_template_versions.sql

-- source: policies/documents/pdf_templates.sql
-- Staff read the clinic's templates of documents, document_templates.manage edits them. DOC-01.

select app_private.classify('app_public.pdf_templates', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "key", "kind", "title", "locale", "editor_state", "layout_config"],
    "operational": ["version", "published", "created_at", "updated_at"]}');
select app_private.protect('app_public.pdf_templates', engine => 'select, insert, update', facts => '{name title}');

grant select on app_public.pdf_templates to app_member;
grant insert (organization_id, key, kind, title, locale, editor_state, layout_config),
      update (title, locale, editor_state, layout_config, published)
   on app_public.pdf_templates to app_member;

create policy pdf_templates_select_staff on app_public.pdf_templates for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy pdf_templates_insert_manager on app_public.pdf_templates for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('document_templates.manage'))::uuid[]));

create policy pdf_templates_update_manager on app_public.pdf_templates for update to app_member
  using (organization_id = any ((select app_hidden.rights('document_templates.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('document_templates.manage'))::uuid[]));

create or replace trigger _300_check before insert or update of key, kind, editor_state, layout_config on app_public.pdf_templates
  for each row execute function app_private.tg_pdf_templates__check();
-- end of source: policies/documents/pdf_templates.sql

-- source: policies/documents/predefined_pdf_templates.sql
-- Given to clinics by a function; each works on its own copy; changed by migrations only. DOC-01.

select app_private.classify('app_private.predefined_pdf_templates', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "kind", "locale", "title", "editor_state"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.predefined_pdf_templates', engine => 'select');
-- end of source: policies/documents/predefined_pdf_templates.sql

-- source: policies/documents/rendered_documents.sql
-- Written by record_rendered(); the file says the rest. DOC-02.

select app_private.classify('app_private.rendered_documents', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id", "pages", "rendered_at"], "phi": ["input_sha256", "file_id"]}',
  unaudited => 'Written once with its file, which is audited.');
select app_private.protect('app_private.rendered_documents', engine => 'select, insert');

create or replace trigger _200_frozen before update or delete or truncate on app_private.rendered_documents
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/documents/rendered_documents.sql

-- source: policies/events/event_consumers.sql
-- Read by the engine; changed by migrations only. FND-14.

select app_private.classify('app_private.event_consumers', home => 'platform', retention => 'reference', classes =>
  '{"public": ["name", "description", "on_demand"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.event_consumers', engine => 'select');
-- end of source: policies/events/event_consumers.sql

-- source: policies/events/event_interests.sql
-- Kept by keep_interests(), from the clinic's own rules and subscriptions; read when an event is published. FND-14.

select app_private.classify('app_private.event_interests', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "consumer", "event_name"]}',
  unaudited => 'Follows from rows that are audited: automations, and subscriptions of webhooks.');
select app_private.protect('app_private.event_interests', engine => 'select, insert, delete');
-- end of source: policies/events/event_interests.sql

-- source: policies/events/events.sql
-- Written by publish(), read by consumers; never changed, and deleted when their time is over. FND-14.

select app_private.classify('app_private.events', home => 'clinic', retention => 'correspondence', classes =>
  '{"operational": ["id", "organization_id", "scope_id", "name", "version", "subject_type", "subject_id", "actor_id",
                    "request_id", "cause_id", "depth", "occurred_at", "position"],
    "phi": ["payload"]}',
  unaudited => 'Is itself a ledger that nobody can change, of what the audited rows went through.');
-- What it updates is refused by a trigger; without the right it could lock no row that it is about to delete.
select app_private.protect('app_private.events', engine => 'select, insert, update (position), delete');
-- What a consumer was not told yet, what messages, automations and webhooks name as their cause, and what led to another event.
select app_private.retain('app_private.events', 'correspondence', 'delete', kept_from => 'occurred_at', not_while => $sql$
  exists (select from app_private.event_deliveries as still
          where still.scope_id = events.scope_id and still.event_id = events.id)
  or exists (select from app_public.messages as still
             where still.organization_id = events.organization_id and still.event_id = events.id)
  or exists (select from app_public.automation_executions as still
             where still.organization_id = events.organization_id and still.event_id = events.id)
  or exists (select from app_public.webhook_events as still
             where still.organization_id = events.organization_id and still.event_id = events.id)
  or exists (select from app_private.events as still
             where still.scope_id = events.scope_id and still.cause_id = events.id)
$sql$);
-- end of source: policies/events/events.sql

-- source: policies/files/file_surfaces.sql
-- What may be uploaded where; changed by migrations only. FND-13, FND-12.

select app_private.classify('app_private.file_surfaces', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "prefix", "description", "owner_kind", "audience", "max_bytes", "max_files", "manage_permission",
               "uploaded_by_owner", "class", "retention", "written_anew", "uploaded"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.file_surfaces', engine => 'select');
-- end of source: policies/files/file_surfaces.sql

-- source: policies/forms/form_template_versions.sql
-- What was published, for staff, and for patients whom it was asked; written by publish_form_template() and never changed. FRM-02.

select app_private.classify('app_public.form_template_versions', home => 'clinic', retention => 'medical_record', classes =>
  '{"public": ["id", "organization_id", "template_id", "number", "content", "content_hash", "field_types", "signature_mode",
               "link_inner_mode", "link_expires_minutes", "validity_months", "pdf_version_id"],
    "operational": ["published_by", "published_at"]}');
select app_private.protect('app_public.form_template_versions', engine => 'select, insert');

grant select (id, organization_id, template_id, number, content, field_types, signature_mode, link_inner_mode,
              link_expires_minutes, validity_months, pdf_version_id, published_by, published_at)
   on app_public.form_template_versions to app_member;

create policy form_template_versions_select_staff on app_public.form_template_versions for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy form_template_versions_select_patient on app_public.form_template_versions for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('patient'))::uuid[])
    and id in (
      select forms.version_id from app_public.forms
      where forms.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
  );

create or replace trigger _200_frozen before update or delete or truncate on app_public.form_template_versions
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/forms/form_template_versions.sql

-- source: policies/forms/form_templates.sql
-- Staff read the clinic's templates, form_templates.manage edits them; patients those that they have a form of, without the draft,
-- which form_template_draft() shows to staff. FRM-02.

select app_private.classify('app_public.form_templates', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "key", "name", "kind", "content", "signature_mode",
               "link_inner_mode", "link_expires_minutes", "validity_months", "licence", "pdf_template_id"],
    "operational": ["version", "published", "created_at", "updated_at"]}');
select app_private.protect('app_public.form_templates', engine => 'select, insert, update', facts => '{name name}');

grant select (id, organization_id, key, name, kind, signature_mode, link_inner_mode, link_expires_minutes, validity_months,
              licence, pdf_template_id, version, published, created_at, updated_at)
   on app_public.form_templates to app_member;
grant insert (organization_id, key, name, kind, content, signature_mode, link_inner_mode,
              link_expires_minutes, validity_months, licence, pdf_template_id),
      update (name, kind, content, signature_mode, link_inner_mode, link_expires_minutes,
              validity_months, licence, pdf_template_id, published)
   on app_public.form_templates to app_member;

create policy form_templates_select_staff on app_public.form_templates for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy form_templates_select_patient on app_public.form_templates for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('patient'))::uuid[])
    and id in (
      select forms.template_id from app_public.forms
      where forms.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
  );

create policy form_templates_insert_manager on app_public.form_templates for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('form_templates.manage'))::uuid[]));

create policy form_templates_update_manager on app_public.form_templates for update to app_member
  using (organization_id = any ((select app_hidden.rights('form_templates.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('form_templates.manage'))::uuid[]));

create or replace trigger _300_check before insert or update of key, content on app_public.form_templates
  for each row execute function app_private.tg_form_templates__check();
-- end of source: policies/forms/form_templates.sql

-- source: policies/plans/access_grants.sql
-- What was opened by hand: staff with patient_plans.view, and the person. Written by verbs only. CAT-08.

select app_private.classify('app_public.access_grants', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "revoked_by", "granted_by", "created_at", "updated_at", "automation_rule_version_id"],
    "phi": ["patient_profile_id", "access", "reason", "expires_at", "revoked_at"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.access_grants', 'patient_profile_id', 'moves');
select app_private.protect('app_public.access_grants', engine => 'select, insert, update');

-- Which automation opened it, its execution says, to staff with automations.view.
grant select (id, organization_id, patient_profile_id, access, reason, expires_at, revoked_at, revoked_by, granted_by, created_at, updated_at)
  on app_public.access_grants to app_member;

create policy access_grants_select_staff on app_public.access_grants for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient_plans.view'))::uuid[]));

create policy access_grants_select_person on app_public.access_grants for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
-- end of source: policies/plans/access_grants.sql

-- source: policies/requirements/patient_requirements.sql
-- The patient reads what is asked and why it was let go of, and staff who see patients. Written by verbs, actions and triggers
-- only, deleted by nobody. AUT-02.

select app_private.classify('app_public.patient_requirements', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "is_blocking", "automation_rule_version_id", "created_at", "lifted_at", "lifted_by"],
    "phi": ["patient_profile_id", "template_id", "purpose_code", "form_id", "fulfilled_at", "lift_reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.patient_requirements', 'patient_profile_id', 'moves');
select app_private.protect('app_public.patient_requirements', engine => 'select, insert, update');

-- Which automation asked, its execution says, to staff with automations.view.
grant select (id, organization_id, patient_profile_id, template_id, purpose_code, form_id, is_blocking, created_at, fulfilled_at,
              lifted_at, lifted_by, lift_reason) on app_public.patient_requirements to app_member;

create policy patient_requirements_select_staff on app_public.patient_requirements for select to app_member
  using (organization_id = any ((select app_hidden.rights('patients.view'))::uuid[]));

create policy patient_requirements_select_person on app_public.patient_requirements for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
-- end of source: policies/requirements/patient_requirements.sql

-- source: policies/rules/rule_collections.sql
-- Read by the compiler of rules and by the builder; changed by migrations only. SEG-02, SEG-05.

select app_private.classify('app_private.rule_collections', home => 'platform', retention => 'reference', classes =>
  '{"public": ["code", "label_en", "label_ro", "source", "permission", "table_name", "person_sql", "time_sql", "event_property"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.rule_collections', engine => 'select');
-- end of source: policies/rules/rule_collections.sql

-- source: policies/rules/rule_event_properties.sql
-- Read by the builder of conditions; changed by migrations only. SEG-02, SEG-05.

select app_private.classify('app_private.rule_event_properties', home => 'platform', retention => 'reference', classes =>
  '{"public": ["property", "label_en", "label_ro", "choices_of"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.rule_event_properties', engine => 'select');
-- end of source: policies/rules/rule_event_properties.sql

-- source: policies/rules/rule_fields.sql
-- Read by the compiler of rules and by the builder; changed by migrations only. SEG-02, SEG-05.

select app_private.classify('app_private.rule_fields', home => 'platform', retention => 'reference', classes =>
  '{"public": ["code", "position", "collection", "type", "label_en", "label_ro", "source", "permission", "cost", "value_sql", "turns_sql", "choices", "choices_of"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.rule_fields', engine => 'select');
-- end of source: policies/rules/rule_fields.sql

-- source: policies/rules/rule_operators.sql
-- Read by the compiler of rules and by the builder; changed by migrations only. SEG-02, SEG-05.

select app_private.classify('app_private.rule_operators', home => 'platform', retention => 'reference', classes =>
  '{"public": ["type", "code", "position", "label_en", "label_ro", "operand", "condition_sql", "turning_days"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.rule_operators', engine => 'select');
-- end of source: policies/rules/rule_operators.sql

-- source: policies/rules/rule_sources.sql
-- Read by the compiler of rules and by what marks patients to be looked at again; changed by migrations only. SEG-02, SEG-05.

select app_private.classify('app_private.rule_sources', home => 'platform', retention => 'reference', classes =>
  '{"public": ["code", "table_name", "found_by", "detail_column"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.rule_sources', engine => 'select');
-- end of source: policies/rules/rule_sources.sql

-- source: policies/segments/segment_dependencies.sql
-- Written with the rule, asked by every change of what rules read. SEG-03.

select app_private.classify('app_private.segment_dependencies', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "code", "segment_id"]}',
  unaudited => 'Follows from the rule, which is audited.');
select app_private.protect('app_private.segment_dependencies', engine => 'select, insert, delete');
-- end of source: policies/segments/segment_dependencies.sql

-- source: policies/segments/segment_marks.sql
-- Written by triggers in the transaction of a change, worked off by refresh_segments(). SEG-03.

select app_private.classify('app_private.segment_marks', home => 'clinic', retention => 'operations', classes =>
  '{"operational": ["id", "organization_id", "segment_id", "cause_id"], "phi": ["patient_id"]}',
  unaudited => 'Work that is waiting; it is gone when it is done.');
select app_private.on_merge('app_private.segment_marks', 'patient_id', 'stays', 'Both are looked at again: the merge marks them.');
select app_private.protect('app_private.segment_marks', engine => 'select, insert, delete');
-- end of source: policies/segments/segment_marks.sql

-- source: policies/segments/segment_members.sql
-- Staff with segments.view who see patients; written by the worker and by the verbs of lists. SEG-01, SEG-03.

select app_private.classify('app_public.segment_members', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "segment_id", "entered_at", "left_at"],
    "phi": ["patient_id", "patient_profile_id"]}',
  person_column => 'patient_profile_id',
  unaudited => 'Follows from what is audited: the rows of the patient, and the rule. The stays are their own history.');
select app_private.on_merge('app_public.segment_members', 'patient_id', 'on_merge_segments');
select app_private.on_merge('app_public.segment_members', 'patient_profile_id', 'on_merge_segments');
select app_private.protect('app_public.segment_members', engine => 'select, insert, update');

grant select on app_public.segment_members to app_member;

create policy segment_members_select_staff on app_public.segment_members for select to app_member
  using (organization_id = any ((select app_hidden.rights('segments.view'))::uuid[])
         and organization_id = any ((select app_hidden.rights('patients.view'))::uuid[]));
-- end of source: policies/segments/segment_members.sql

-- source: policies/segments/segment_rechecks.sql
-- Written and read by the worker's functions. SEG-03.

select app_private.classify('app_private.segment_rechecks', home => 'clinic', retention => 'operations', classes =>
  '{"operational": ["organization_id", "segment_id", "at"], "phi": ["patient_id"]}',
  unaudited => 'Follows from rules and the rows that they read.');
select app_private.on_merge('app_private.segment_rechecks', 'patient_id', 'stays', 'Both are looked at again: the merge marks them.');
select app_private.protect('app_private.segment_rechecks', engine => 'select, insert, update, delete');
-- end of source: policies/segments/segment_rechecks.sql

-- source: policies/segments/segment_versions.sql
-- Staff with segments.view; written with the segment and never changed. SEG-01.

select app_private.classify('app_public.segment_versions', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "segment_id", "number", "written_by", "written_at"],
    "phi": ["rule"]}');
select app_private.protect('app_public.segment_versions', engine => 'select, insert');

grant select on app_public.segment_versions to app_member;

create policy segment_versions_select_staff on app_public.segment_versions for select to app_member
  using (organization_id = any ((select app_hidden.rights('segments.view'))::uuid[]));

create or replace trigger _200_frozen before update or delete or truncate on app_public.segment_versions
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/segments/segment_versions.sql

-- source: policies/segments/segments.sql
-- Staff with segments.view; written by verbs. SEG-01.

select app_private.classify('app_public.segments', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "kind", "version", "filled_version", "found_wrong", "created_by", "created_at", "updated_at", "deleted_at"],
    "phi": ["name", "description", "rule"]}');
select app_private.allow_soft_delete('app_public.segments', 'segments.manage', 'r.name');
select app_private.protect('app_public.segments', engine => 'select, insert, update', facts => '{name name}');

grant select on app_public.segments to app_member;

create policy segments_select_staff on app_public.segments for select to app_member
  using (organization_id = any ((select app_hidden.rights('segments.view'))::uuid[]) and deleted_at is null);
-- end of source: policies/segments/segments.sql

-- source: policies/webhooks/webhook_clinics.sql
-- A counter. WHK-02.

select app_private.classify('app_private.webhook_clinics', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "last_sequence"]}',
  unaudited => 'A counter that every event of the clinic moves on.');
select app_private.protect('app_private.webhook_clinics', engine => 'select, insert, update');
-- end of source: policies/webhooks/webhook_clinics.sql

-- source: policies/webhooks/webhook_endpoints.sql
-- Written as deliveries are made. WHK-02.

select app_private.classify('app_private.webhook_endpoints', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["subscription_id", "organization_id", "failing_since", "unbroken_since", "failed_at",
                    "slowed_until", "slow_steps", "paced_until"]}',
  unaudited => 'How an address does, changed by every failure; nobody but the worker writes it.');
select app_private.protect('app_private.webhook_endpoints', engine => 'select, insert, update, delete');
-- end of source: policies/webhooks/webhook_endpoints.sql

-- source: policies/webhooks/webhook_events.sql
-- Read by whoever may see webhooks. What was queued stays as it is: the engine may not change a body. WHK-02.

select app_private.classify('app_public.webhook_events', home => 'clinic', retention => 'webhook_log', classes =>
  '{"operational": ["id", "organization_id", "subscription_id", "event_id", "event_name", "sequence", "status", "step",
                    "attempts", "next_attempt_at", "claim", "last_attempt_at", "response_status", "problem",
                    "duration_ms", "attempt_log", "created_at"],
    "pii_basic": ["response_body"],
    "phi": ["body"]}',
  unaudited => 'Is itself a log of what the worker did; replays are asked for by verbs.');
select app_private.protect('app_public.webhook_events', guard => true, engine =>
  'select, insert, delete, update (status, step, attempts, next_attempt_at, claim, last_attempt_at, response_status, problem, response_body, duration_ms, attempt_log)');
select app_private.retain('app_public.webhook_events', 'webhook_log', 'delete', kept_from => 'created_at');

grant select (id, organization_id, subscription_id, event_name, sequence, body, status, attempts, next_attempt_at,
              last_attempt_at, response_status, problem, response_body, duration_ms, attempt_log, created_at)
   on app_public.webhook_events to app_member;

create policy webhook_events_select_viewer on app_public.webhook_events for select to app_member
  using (organization_id = any ((select app_hidden.rights('webhooks.view'))::uuid[]));
-- end of source: policies/webhooks/webhook_events.sql

-- source: policies/webhooks/webhook_secrets.sql
-- Stored sealed, opened by the worker alone. WHK-01.

select app_private.classify('app_private.webhook_secrets', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "subscription_id", "good_until", "created_at"],
    "auth_secret": ["secret"]}',
  protected => '{"ciphertext": ["secret"]}',
  unaudited => 'When a secret was changed stands in the audited row of its subscription.');
select app_private.protect('app_private.webhook_secrets', engine => 'select, insert, update, delete');

create or replace trigger _300_key_in_use before insert or update of secret on app_private.webhook_secrets
  for each row execute function app_private.tg_ciphertext__key_in_use('secret');
-- end of source: policies/webhooks/webhook_secrets.sql

-- source: policies/webhooks/webhook_subscriptions.sql
-- Seen by whoever may see webhooks; written through verbs. WHK-01.

select app_private.classify('app_public.webhook_subscriptions', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "name", "url", "event_names", "status", "disabled_reason", "disabled_at",
                    "rotated_at", "created_by", "created_at", "updated_at"]}');
select app_private.protect('app_public.webhook_subscriptions', engine => 'select, insert, update, delete', guard => true, facts => '{name name}');

grant select on app_public.webhook_subscriptions to app_member;

create policy webhook_subscriptions_select_viewer on app_public.webhook_subscriptions for select to app_member
  using (organization_id = any ((select app_hidden.rights('webhooks.view'))::uuid[]));

create or replace trigger _700_interests
  after insert or update of status, event_names or delete on app_public.webhook_subscriptions
  for each row execute function app_private.tg_webhook_subscriptions__interests();
-- end of source: policies/webhooks/webhook_subscriptions.sql

-- source: reference/automation/action_block_booking.sql
-- The action block_booking: what its config may be. What it does stands in act_block_booking.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "block_booking"}', rows => '
label_ro: Oprește programările
label_en: Block booking
description_ro: Pacientul nu se mai poate programa singur.
description_en: Keeps the patient from booking by themselves.
needs: {patient}
is_marketing: false
act_function: act_block_booking
config_schema:
{"type": "object", "additionalProperties": false, "required": ["reason"], "x-order": ["reason", "days"],
 "properties": {
   "reason": {"type": "string", "minLength": 3, "maxLength": 500,
     "title": "Reason", "x-title-ro": "Motivul",
     "description": "It stands with the block.", "x-description-ro": "Rămâne scris lângă oprire."},
   "days": {"type": "integer", "minimum": 1, "maximum": 3650,
     "title": "For how many days", "x-title-ro": "Pentru câte zile",
     "description": "Without a number: until somebody lifts it.", "x-description-ro": "Fără număr: până când cineva o ridică."}}}
');
-- end of source: reference/automation/action_block_booking.sql

-- source: reference/automation/action_book_followup_appointment.sql
-- The action book_followup_appointment: what its config may be. What it does stands in act_book_followup_appointment.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "book_followup_appointment"}', rows => '
label_ro: Programează controlul
label_en: Book a follow-up appointment
description_ro: Programează pacientul la prima oră liberă după atâtea zile.
description_en: Books the first free time after so many days.
needs: {patient}
is_marketing: false
act_function: act_book_followup_appointment
check_function: check_book_followup_appointment
config_schema:
{"type": "object", "additionalProperties": false, "required": ["calendarId", "afterDays"],
 "x-order": ["calendarId", "afterDays", "withinDays", "weekdays", "from", "until", "sameSpecialist", "usePlan"],
 "properties": {
   "calendarId": {"type": "string", "format": "uuid", "x-choices": "calendars", "title": "Calendar", "x-title-ro": "Calendar"},
   "afterDays": {"type": "integer", "minimum": 0, "maximum": 365,
     "title": "After how many days", "x-title-ro": "După câte zile",
     "description": "Counted from the event.", "x-description-ro": "Numărate de la eveniment."},
   "withinDays": {"type": "integer", "minimum": 1, "maximum": 60,
     "title": "How many days it looks ahead", "x-title-ro": "În câte zile caută o oră liberă",
     "description": "Without a number: 14.", "x-description-ro": "Fără număr: 14."},
   "weekdays": {"type": "array", "minItems": 1, "maxItems": 7,
     "title": "On which days", "x-title-ro": "În ce zile",
     "description": "None ticked: on any.", "x-description-ro": "Niciuna bifată: în oricare.",
     "items": {"type": "string", "enum": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
       "x-labels": {"mon": {"en": "Monday", "ro": "luni"}, "tue": {"en": "Tuesday", "ro": "marți"}, "wed": {"en": "Wednesday", "ro": "miercuri"},
         "thu": {"en": "Thursday", "ro": "joi"}, "fri": {"en": "Friday", "ro": "vineri"}, "sat": {"en": "Saturday", "ro": "sâmbătă"},
         "sun": {"en": "Sunday", "ro": "duminică"}}}},
   "from": {"type": "string", "format": "time", "title": "Not before", "x-title-ro": "Nu înainte de ora"},
   "until": {"type": "string", "format": "time", "title": "Before", "x-title-ro": "Înainte de ora"},
   "sameSpecialist": {"type": "boolean", "default": false,
     "title": "With the specialist of the appointment that it follows", "x-title-ro": "La specialistul programării de la care pornește"},
   "usePlan": {"type": "boolean", "default": false,
     "title": "Takes a session of the patient''s plan", "x-title-ro": "Folosește o ședință din planul pacientului"}}}
');
-- end of source: reference/automation/action_book_followup_appointment.sql

-- source: reference/automation/action_grant_access.sql
-- The action grant_access: what its config may be. What it does stands in act_grant_access.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "grant_access"}', rows => '
label_ro: Deschide accesul
label_en: Grant access
description_ro: Deschide pacientului biblioteca sau ședințele de acasă.
description_en: Opens the library or sessions from home for the patient.
needs: {patient}
is_marketing: false
act_function: act_grant_access
config_schema:
{"type": "object", "additionalProperties": false, "required": ["access", "reason"], "x-order": ["access", "reason", "days"],
 "properties": {
   "access": {"type": "string", "enum": ["library_access", "telerehab_access"], "title": "To what", "x-title-ro": "La ce",
     "x-labels": {"library_access": {"en": "The library", "ro": "Biblioteca"},
                  "telerehab_access": {"en": "Sessions from home", "ro": "Ședințele de acasă"}}},
   "reason": {"type": "string", "minLength": 3, "maxLength": 500,
     "title": "Reason", "x-title-ro": "Motivul",
     "description": "It stands in the patient''s file.", "x-description-ro": "Rămâne în fișa pacientului."},
   "days": {"type": "integer", "minimum": 1, "maximum": 3650,
     "title": "For how many days", "x-title-ro": "Pentru câte zile",
     "description": "Without a number: until somebody takes it back.", "x-description-ro": "Fără număr: până când cineva îl retrage."}}}
');
-- end of source: reference/automation/action_grant_access.sql

-- source: reference/automation/action_require_consent.sql
-- The action require_consent: what its config may be. What it does stands in act_require_consent.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "require_consent"}', rows => '
label_ro: Cere un consimțământ
label_en: Require a consent
description_ro: Cere un consimțământ; până îl acordă, pacientul nu se poate programa, dacă nu se spune altfel.
description_en: Asks for a consent; the patient is not booked until it stands, unless it is said otherwise.
needs: {patient}
is_marketing: false
act_function: act_require_consent
check_function: check_require_consent
config_schema:
{"type": "object", "additionalProperties": false, "required": ["purpose"], "x-order": ["purpose", "isBlocking"],
 "properties": {
   "purpose": {"type": "string", "minLength": 1, "maxLength": 100, "x-choices": "consent_purposes",
     "title": "To what the patient consents", "x-title-ro": "Pentru ce este consimțământul"},
   "isBlocking": {"type": "boolean", "default": true, "title": "Book nothing until then", "x-title-ro": "Până atunci nu se programează nimic",
     "description": "What every booking needs is asked of everybody anyway.",
     "x-description-ro": "Ce cere orice programare se cere oricum de la toți."}}}
');
-- end of source: reference/automation/action_require_consent.sql

-- source: reference/automation/action_require_form.sql
-- The action require_form: what its config may be. What it does stands in act_require_form.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "require_form"}', rows => '
label_ro: Cere un formular
label_en: Require a form
description_ro: Pacientul nu se mai poate programa până nu completează un formular.
description_en: Books nothing for the patient until they completed a form.
needs: {patient}
is_marketing: false
act_function: act_require_form
check_function: check_require_form
config_schema:
{"type": "object", "additionalProperties": false, "required": ["templateId"],
 "properties": {
   "templateId": {"type": "string", "format": "uuid", "x-choices": "form_templates", "title": "Form", "x-title-ro": "Formular"}}}
');
-- end of source: reference/automation/action_require_form.sql

-- source: reference/automation/action_schedule_action.sql
-- The engine's own action. The others stand beside it, a file each. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "schedule_action"}', rows => '
label_ro: Programează o acțiune
label_en: Schedule an action
description_ro: Face o altă acțiune mai târziu.
description_en: Does another action later.
needs: {}
is_marketing: false
act_function: act_schedule_action
check_function: check_schedule_action
config_schema:
{"type": "object", "additionalProperties": false, "required": ["action", "after"], "x-order": ["action", "config", "after"],
 "properties": {
   "action": {"type": "string", "x-choices": "actions", "title": "Action", "x-title-ro": "Acțiune"},
   "config": {"type": "object", "x-schema-of": "action", "title": "What it does", "x-title-ro": "Ce face"},
   "after": {"type": "object", "additionalProperties": false, "minProperties": 1, "x-order": ["days", "hours", "minutes", "at"],
     "title": "How much later", "x-title-ro": "Cu cât mai târziu",
     "description": "Counted from the event.", "x-description-ro": "Numărat de la eveniment.",
     "properties": {
       "days": {"type": "integer", "minimum": 1, "maximum": 365, "title": "Days", "x-title-ro": "Zile"},
       "hours": {"type": "integer", "minimum": 1, "maximum": 8760, "title": "Hours", "x-title-ro": "Ore"},
       "minutes": {"type": "integer", "minimum": 1, "maximum": 525600, "title": "Minutes", "x-title-ro": "Minute"},
       "at": {"type": "string", "format": "time", "title": "At this hour", "x-title-ro": "La ora",
         "description": "On the patient''s clock.", "x-description-ro": "După ceasul pacientului."}}}}}
');
-- end of source: reference/automation/action_schedule_action.sql

-- source: reference/automation/action_send_email.sql
-- The action send_email: what its config may be. What it does stands in act_send_email.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "send_email"}', rows => '
label_ro: Trimite un e-mail
label_en: Send a mail
description_ro: Trimite prin e-mail textul clinicii.
description_en: Sends the clinic''s words by mail.
needs: {}
is_marketing: false
act_function: act_send_email
check_function: check_send_email
config_schema: ' || app_private.message_schema('email', 20000, true, true));
-- end of source: reference/automation/action_send_email.sql

-- source: reference/automation/action_send_push.sql
-- The action send_push: what its config may be. What it does stands in act_send_push.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "send_push"}', rows => '
label_ro: Trimite o notificare push
label_en: Send a push notice
description_ro: Trimite textul clinicii ca notificare a browserului.
description_en: Sends the clinic''s words as a notice of the browser.
needs: {}
is_marketing: false
act_function: act_send_push
check_function: check_send_push
config_schema: ' || app_private.message_schema('push', 240, true, true));
-- end of source: reference/automation/action_send_push.sql

-- source: reference/automation/action_send_session_reminder.sql
-- The action send_session_reminder: what its config may be. What it does stands in act_send_session_reminder.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "send_session_reminder"}', rows => '
label_ro: Amintește de ședință
label_en: Send a session reminder
description_ro: Amintește pacientului de vizita care urmează.
description_en: Reminds the patient of the visit that comes next.
needs: {patient}
is_marketing: false
act_function: act_send_session_reminder
config_schema:
{"type": "object", "additionalProperties": false, "required": [],
 "properties": {}}
');
-- end of source: reference/automation/action_send_session_reminder.sql

-- source: reference/automation/action_send_sms.sql
-- The action send_sms: what its config may be. What it does stands in act_send_sms.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "send_sms"}', rows => '
label_ro: Trimite un SMS
label_en: Send a text message
description_ro: Trimite textul clinicii prin SMS.
description_en: Sends the clinic''s words by SMS.
needs: {}
is_marketing: false
act_function: act_send_sms
check_function: check_send_sms
config_schema: ' || app_private.message_schema('sms', 480, false, true));
-- end of source: reference/automation/action_send_sms.sql

-- source: reference/automation/action_send_whatsapp.sql
-- The action send_whatsapp: what its config may be. What it does stands in act_send_whatsapp.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "send_whatsapp"}', rows => '
label_ro: Trimite un mesaj WhatsApp
label_en: Send a WhatsApp message
description_ro: Trimite textul aprobat al clinicii prin WhatsApp.
description_en: Sends the clinic''s approved text over WhatsApp.
needs: {}
is_marketing: false
act_function: act_send_whatsapp
check_function: check_send_whatsapp
config_schema: ' || app_private.message_schema('whatsapp', 480, false, true));
-- end of source: reference/automation/action_send_whatsapp.sql

-- source: reference/automation/action_show_notification.sql
-- The action show_notification: what its config may be. What it does stands in act_show_notification.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "show_notification"}', rows => '
label_ro: Arată o notificare
label_en: Show a notification
description_ro: Pune textul clinicii între mesajele din aplicație.
description_en: Puts the clinic''s words into the inbox inside the app.
needs: {}
is_marketing: false
act_function: act_show_notification
check_function: check_show_notification
config_schema: ' || app_private.message_schema('in_app', 20000, true, false));
-- end of source: reference/automation/action_show_notification.sql

-- source: reference/automation/action_suggest_form.sql
-- The action suggest_form: what its config may be. What it does stands in act_suggest_form.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "suggest_form"}', rows => '
label_ro: Propune un formular
label_en: Suggest a form
description_ro: Face un formular pentru pacient și îl anunță; nimic nu depinde de el.
description_en: Makes a form for the patient and tells them; nothing waits for it.
needs: {patient}
is_marketing: false
act_function: act_suggest_form
check_function: check_require_form
config_schema:
{"type": "object", "additionalProperties": false, "required": ["templateId"],
 "properties": {
   "templateId": {"type": "string", "format": "uuid", "x-choices": "form_templates", "title": "Form", "x-title-ro": "Formular"}}}
');
-- end of source: reference/automation/action_suggest_form.sql

-- source: reference/automation/action_update_segment.sql
-- The action update_segment: what its config may be. What it does stands in act_update_segment.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "update_segment"}', rows => '
label_ro: Schimbă segmentul
label_en: Update a segment
description_ro: Pune pacientul pe o listă a clinicii sau îl scoate de pe ea.
description_en: Puts the patient into a list of the clinic, or takes them out.
needs: {patient}
is_marketing: false
act_function: act_update_segment
check_function: check_update_segment
config_schema:
{"type": "object", "additionalProperties": false, "required": ["segmentId"], "x-order": ["segmentId", "isIn"],
 "properties": {
   "segmentId": {"type": "string", "format": "uuid", "x-choices": "segment_lists", "title": "List", "x-title-ro": "Lista"},
   "isIn": {"type": "boolean", "default": true, "title": "The patient is in it", "x-title-ro": "Pacientul se află pe listă",
     "description": "Unticked, they are taken out.", "x-description-ro": "Nebifat, este scos de pe listă."}}}
');
-- end of source: reference/automation/action_update_segment.sql

-- source: reference/automation/automation_consumer.sql
-- The events that the consumer "automations" may be told of: those that an automation can begin with. AUT-01, FND-14.

select app_private.own_rows('app_private.event_subscriptions', scope => '{"consumer": "automations"}', rows => '
  event_name
  ------------------------------
  appointment.booked
  appointment.cancelled
  appointment.confirmed
  appointment.done
  appointment.noshow
  appointment.reinstated
  appointment.reminder_due
  appointment.rescheduled
  appointment.started
  appointment.upcoming
  consent.granted
  consent.refused
  consent.withdrawn
  form.cancelled
  form.completed
  form.created
  form.reopened
  form.signed
  patient.booking_block_lifted
  patient.booking_blocked
  patient.onboarded
  patient.profile_completed
  patient_subscription.active
  patient_subscription.canceled
  patient_subscription.expired
  patient_subscription.past_due
  patient_subscription.tier_changed
  patient_subscription.trialing
  review.low_rating
  segment.entered
  segment.left
');
-- end of source: reference/automation/automation_consumer.sql

-- source: reference/automation/automation_events.sql
-- What an automation can begin with: events about a patient. AUT-01.
-- undone_by is also what tg_events__cancel_automations listens to.

select app_private.own_rows('app_private.automation_events', rows => '
  event_name                          | label_ro                                       | label_en                                | has                   | undone_by
  ------------------------------------+------------------------------------------------+-----------------------------------------+-----------------------+----------------------------------------------------------------------
  appointment.booked                  | Programare făcută                              | Appointment booked                      | {patient,appointment} | {appointment.cancelled}
  appointment.cancelled               | Programare anulată                             | Appointment cancelled                   | {patient,appointment} | {appointment.reinstated}
  appointment.confirmed               | Programare confirmată de pacient               | Appointment confirmed by the patient    | {patient,appointment} | {appointment.cancelled}
  appointment.done                    | Programare încheiată                           | Appointment finished                    | {patient,appointment} | {}
  appointment.noshow                  | Pacientul nu s-a prezentat                     | The patient did not come                | {patient,appointment} | {}
  appointment.reinstated              | Anularea programării a fost retrasă            | Cancellation taken back                 | {patient,appointment} | {appointment.cancelled}
  appointment.rescheduled             | Programare mutată                              | Appointment moved                       | {patient,appointment} | {appointment.cancelled}
  appointment.reminder_due            | Se apropie programarea                         | A reminder is due                       | {patient,appointment} | {appointment.cancelled,appointment.rescheduled}
  appointment.started                 | Programare începută                            | Appointment started                     | {patient,appointment} | {}
  appointment.upcoming                | Programarea este aproape                       | Appointment is near                     | {patient,appointment} | {appointment.cancelled,appointment.rescheduled}
  consent.granted                     | Consimțământ acordat                           | Consent granted                         | {patient}             | {consent.withdrawn}
  consent.refused                     | Consimțământ refuzat                           | Consent refused                         | {patient}             | {}
  consent.withdrawn                   | Consimțământ retras                            | Consent withdrawn                       | {patient}             | {}
  form.cancelled                      | Formular anulat                                | Form cancelled                          | {patient}             | {}
  form.completed                      | Formular completat                             | Form completed                          | {patient}             | {form.cancelled,form.reopened}
  form.created                        | Formular trimis pacientului                    | Form asked of the patient               | {patient}             | {form.cancelled}
  form.reopened                       | Formular redeschis                             | Form reopened                           | {patient}             | {form.cancelled}
  form.signed                         | Formular semnat                                | Form signed                             | {patient}             | {}
  patient.booking_block_lifted        | Programarea online este din nou permisă        | Patient may book again                  | {patient}             | {}
  patient.booking_blocked             | Programarea online a fost blocată              | Patient kept from booking               | {patient}             | {patient.booking_block_lifted}
  patient.onboarded                   | Pacient nou                                    | New patient                             | {patient}             | {}
  patient.profile_completed           | Profil completat                               | Profile completed                       | {patient}             | {}
  patient_subscription.active         | Abonament activ                                | Subscription active                     | {patient}             | {patient_subscription.canceled,patient_subscription.expired}
  patient_subscription.canceled       | Abonament anulat                               | Subscription cancelled                  | {patient}             | {}
  patient_subscription.expired        | Abonament expirat                              | Subscription expired                    | {patient}             | {}
  patient_subscription.past_due       | Abonament cu plata întârziată                  | Subscription past due                   | {patient}             | {patient_subscription.active,patient_subscription.canceled}
  patient_subscription.tier_changed   | Abonament schimbat                             | Subscription changed                    | {patient}             | {patient_subscription.canceled}
  patient_subscription.trialing       | Perioadă de probă începută                     | Trial started                           | {patient}             | {patient_subscription.canceled,patient_subscription.expired}
  review.low_rating                   | Recenzie cu puține stele                       | Review with few stars                   | {patient,appointment} | {}
  segment.entered                     | Pacientul a intrat într-un segment             | Patient entered a segment               | {patient}             | {}
  segment.left                        | Pacientul a ieșit dintr-un segment             | Patient left a segment                  | {patient}             | {}
');
-- end of source: reference/automation/automation_events.sql

-- source: reference/documents/document_block_types.sql
-- What documents are built of. A property of a schema may have a format: runs, blocks, field, collection, condition, value, image,
-- component; scope says that what is inside sees the rows of the collection. Titles, descriptions and labels are for editors, in English
-- and Romanian (x-title-ro, x-description-ro, x-labels, x-order, x-when), default is what a new block has; nothing is checked by them.
-- DOC-01.

select app_private.own_rows('app_private.document_block_types', rows => '
type: heading
place: 1
kinds: {report,prescription,form,letterhead,footer,signature}
label_ro: Titlu
label_en: Heading
schema:
{
  "type": "object",
  "properties": {
    "level": {
      "title": "Level", "x-title-ro": "Nivel", "description": "1 is the largest.", "x-description-ro": "1 este cel mai mare.",
      "type": "integer", "minimum": 1, "maximum": 3, "default": 2},
    "content": {"title": "Words", "x-title-ro": "Cuvinte", "format": "runs", "type": "array", "minItems": 1, "maxItems": 100},
    "align": {
      "title": "Alignment", "x-title-ro": "Aliniere", "enum": ["left", "center", "right"],
      "x-labels": {
        "left": {"en": "Left", "ro": "La stânga"}, "center": {"en": "In the middle", "ro": "La mijloc"},
        "right": {"en": "Right", "ro": "La dreapta"}}},
    "color": {
      "title": "Colour", "x-title-ro": "Culoare",
      "description": "Such as #0b5a6b; the colour of the page where none is given.",
      "x-description-ro": "De exemplu #0b5a6b; fără ea, culoarea paginii.", "type": "string", "pattern": "^#[0-9a-f]{6}$"}},
  "x-order": ["level", "content", "align", "color"], "required": ["level", "content"]}
==========
type: text
place: 2
kinds: {report,prescription,form,letterhead,footer,signature}
label_ro: Text
label_en: Text
schema:
{
  "type": "object",
  "properties": {
    "paragraphs": {
      "title": "Paragraphs", "x-title-ro": "Paragrafe", "type": "array", "minItems": 1, "maxItems": 100,
      "items": {"title": "Paragraph", "x-title-ro": "Paragraf", "format": "runs", "type": "array", "minItems": 1, "maxItems": 100},
      "default": [[]]},
    "align": {
      "title": "Alignment", "x-title-ro": "Aliniere", "enum": ["left", "center", "right", "justify"],
      "x-labels": {
        "left": {"en": "Left", "ro": "La stânga"}, "center": {"en": "In the middle", "ro": "La mijloc"},
        "right": {"en": "Right", "ro": "La dreapta"}, "justify": {"en": "Both sides", "ro": "Pe toată lățimea"}}},
    "size": {"title": "Size of the letters", "x-title-ro": "Mărimea literelor", "type": "number", "minimum": 6, "maximum": 36},
    "color": {
      "title": "Colour", "x-title-ro": "Culoare",
      "description": "Such as #0b5a6b; the colour of the page where none is given.",
      "x-description-ro": "De exemplu #0b5a6b; fără ea, culoarea paginii.", "type": "string", "pattern": "^#[0-9a-f]{6}$"}},
  "x-order": ["paragraphs", "align", "size", "color"], "required": ["paragraphs"]}
==========
type: list
place: 3
kinds: {report,prescription,form}
label_ro: Listă
label_en: List
schema:
{
  "type": "object",
  "properties": {
    "ordered": {"title": "Numbered", "x-title-ro": "Numerotată", "type": "boolean"},
    "items": {
      "title": "Points", "x-title-ro": "Puncte", "type": "array", "minItems": 1, "maxItems": 100,
      "items": {"title": "Point", "x-title-ro": "Punct", "format": "runs", "type": "array", "minItems": 1, "maxItems": 100},
      "default": [[]]}},
  "x-order": ["ordered", "items"], "required": ["items"]}
==========
type: table
place: 4
kinds: {report,prescription,form}
label_ro: Tabel
label_en: Table
schema:
{
  "type": "object",
  "properties": {
    "over": {
      "title": "Rows of", "x-title-ro": "Rândurile din",
      "description": "A row of the table for each row of the list; leave it empty for a table with rows of its own.",
      "x-description-ro": "Câte un rând al tabelului pentru fiecare rând al listei; lăsați gol pentru un tabel cu rânduri proprii.",
      "format": "collection", "type": "string"},
    "columns": {
      "title": "Columns", "x-title-ro": "Coloane", "default": [{"header": [], "cell": []}], "type": "array", "minItems": 1, "maxItems": 12,
      "items": {
        "title": "Column", "x-title-ro": "Coloană", "type": "object",
        "properties": {
          "header": {"title": "Head", "x-title-ro": "Capul coloanei", "format": "runs", "type": "array", "minItems": 1, "maxItems": 100},
          "width": {"title": "Width (%)", "x-title-ro": "Lățime (%)", "type": "number", "minimum": 1, "maximum": 100},
          "align": {
            "title": "Alignment", "x-title-ro": "Aliniere", "enum": ["left", "center", "right"],
            "x-labels": {
              "left": {"en": "Left", "ro": "La stânga"}, "center": {"en": "In the middle", "ro": "La mijloc"},
              "right": {"en": "Right", "ro": "La dreapta"}}},
          "cell": {
            "title": "What stands in each row", "x-title-ro": "Ce apare în fiecare rând",
            "description": "Where the rows are those of a list.", "x-description-ro": "Când rândurile sunt ale unei liste.",
            "format": "runs", "type": "array", "minItems": 1, "maxItems": 100, "scope": "over"}},
        "x-order": ["header", "width", "align", "cell"], "required": ["header"]}},
    "rows": {
      "title": "Own rows", "x-title-ro": "Rânduri proprii", "description": "Where the rows are not those of a list.",
      "x-description-ro": "Când rândurile nu sunt ale unei liste.", "type": "array", "minItems": 1, "maxItems": 200,
      "items": {
        "title": "Row", "x-title-ro": "Rând", "type": "array", "minItems": 1, "maxItems": 12,
        "items": {"title": "Cell", "x-title-ro": "Celulă", "format": "runs", "type": "array", "minItems": 1, "maxItems": 100}}}},
  "x-order": ["over", "columns", "rows"], "required": ["columns"]}
==========
type: repeat
place: 5
kinds: {report,prescription,form}
label_ro: Repetare
label_en: Repeat
schema:
{
  "type": "object",
  "properties": {
    "over": {
      "title": "Rows of", "x-title-ro": "Rândurile din", "description": "What is gone through, row by row.",
      "x-description-ro": "Lista din care fiecare rând apare pe rând.", "format": "collection", "type": "string"},
    "blocks": {
      "title": "For each row", "x-title-ro": "Pentru fiecare rând", "format": "blocks", "type": "array", "minItems": 1, "maxItems": 100,
      "scope": "over"}},
  "x-order": ["over", "blocks"], "required": ["over", "blocks"]}
==========
type: condition
place: 6
kinds: {report,prescription,form,letterhead,footer,signature}
label_ro: Condiție
label_en: Condition
schema:
{
  "type": "object",
  "properties": {
    "when": {
      "title": "When", "x-title-ro": "Când", "format": "condition", "type": "object",
      "properties": {
        "field": {"title": "Field", "x-title-ro": "Câmp", "format": "field", "type": "string"},
        "operator": {
          "title": "Comparison", "x-title-ro": "Comparație", "default": "is_filled",
          "enum": ["is_filled", "is_empty", "equals", "not_equals", "greater", "less", "at_least", "at_most", "contains"],
          "x-labels": {
            "is_filled": {"en": "is filled in", "ro": "este completat"}, "is_empty": {"en": "is empty", "ro": "este gol"},
            "equals": {"en": "is", "ro": "este"}, "not_equals": {"en": "is not", "ro": "nu este"},
            "greater": {"en": "is more than", "ro": "este mai mult decât"}, "less": {"en": "is less than", "ro": "este mai puțin decât"},
            "at_least": {"en": "is at least", "ro": "este cel puțin"}, "at_most": {"en": "is at most", "ro": "este cel mult"},
            "contains": {"en": "contains", "ro": "conține"}}},
        "value": {
          "title": "Value", "x-title-ro": "Valoare", "format": "value",
          "x-when": {"operator": ["equals", "not_equals", "greater", "less", "at_least", "at_most", "contains"]}}},
      "x-order": ["field", "operator", "value"], "required": ["field", "operator"]},
    "blocks": {"title": "Shown then", "x-title-ro": "Ce apare atunci", "format": "blocks", "type": "array", "minItems": 1, "maxItems": 100},
    "otherwise": {"title": "Shown otherwise", "x-title-ro": "Ce apare altfel", "format": "blocks", "type": "array", "minItems": 1, "maxItems": 100}},
  "x-order": ["when", "blocks", "otherwise"], "required": ["when", "blocks"]}
==========
type: columns
place: 7
kinds: {report,prescription,form,letterhead,footer,signature}
label_ro: Coloane
label_en: Columns
schema:
{
  "type": "object",
  "properties": {
    "columns": {
      "title": "Columns", "x-title-ro": "Coloane", "default": [{"blocks": []}, {"blocks": []}], "type": "array", "minItems": 2,
      "maxItems": 4,
      "items": {
        "title": "Column", "x-title-ro": "Coloană", "type": "object",
        "properties": {
          "width": {"title": "Width (%)", "x-title-ro": "Lățime (%)", "type": "number", "minimum": 5, "maximum": 95},
          "blocks": {"title": "In the column", "x-title-ro": "În coloană", "format": "blocks", "type": "array", "minItems": 1, "maxItems": 100}},
        "x-order": ["width", "blocks"], "required": ["blocks"]}}},
  "required": ["columns"]}
==========
type: image
place: 8
kinds: {report,prescription,form,letterhead,footer,signature}
label_ro: Imagine
label_en: Image
schema:
{
  "type": "object",
  "properties": {
    "file": {"title": "Picture", "x-title-ro": "Imagine", "format": "image", "type": "string"},
    "width": {"title": "Width (mm)", "x-title-ro": "Lățime (mm)", "type": "number", "minimum": 5, "maximum": 200},
    "height": {"title": "Height (mm)", "x-title-ro": "Înălțime (mm)", "type": "number", "minimum": 5, "maximum": 280},
    "align": {
      "title": "Alignment", "x-title-ro": "Aliniere", "enum": ["left", "center", "right"],
      "x-labels": {
        "left": {"en": "Left", "ro": "La stânga"}, "center": {"en": "In the middle", "ro": "La mijloc"},
        "right": {"en": "Right", "ro": "La dreapta"}}},
    "alt": {"title": "Said where it is not seen", "x-title-ro": "Spus când imaginea nu se vede", "type": "string", "maxLength": 200}},
  "x-order": ["file", "width", "height", "align", "alt"], "required": ["file"]}
==========
type: signature
place: 9
kinds: {report,prescription,form}
label_ro: Semnătură
label_en: Signature
schema:
{
  "type": "object",
  "properties": {
    "label": {"title": "Words above", "x-title-ro": "Cuvintele de deasupra", "format": "runs", "type": "array", "minItems": 1, "maxItems": 100},
    "width": {"title": "Width (mm)", "x-title-ro": "Lățime (mm)", "type": "number", "minimum": 20, "maximum": 120},
    "align": {
      "title": "Alignment", "x-title-ro": "Aliniere", "enum": ["left", "center", "right"],
      "x-labels": {
        "left": {"en": "Left", "ro": "La stânga"}, "center": {"en": "In the middle", "ro": "La mijloc"},
        "right": {"en": "Right", "ro": "La dreapta"}}},
    "component": {"title": "What stands under it", "x-title-ro": "Ce apare sub ea", "format": "component", "type": "string"}},
  "x-order": ["label", "width", "align", "component"], "required": []}
==========
type: answers
place: 10
kinds: {form}
label_ro: Răspunsurile formularului
label_en: Answers of the form
schema:
{
  "type": "object",
  "properties": {
    "show_texts": {"title": "With the texts of the form", "x-title-ro": "Cu textele formularului", "type": "boolean"},
    "show_unanswered": {"title": "With questions that were not answered", "x-title-ro": "Cu întrebările fără răspuns", "type": "boolean"}},
  "x-order": ["show_texts", "show_unanswered"], "required": []}
==========
type: proof
place: 11
kinds: {form}
label_ro: Dovada semnăturii
label_en: Proof of the signature
schema:
{"type": "object", "properties": {}, "required": []}
==========
type: divider
place: 12
kinds: {report,prescription,form,letterhead,footer,signature}
label_ro: Linie
label_en: Divider
schema:
{
  "type": "object",
  "properties": {
    "color": {
      "title": "Colour", "x-title-ro": "Culoare",
      "description": "Such as #0b5a6b; the colour of the page where none is given.",
      "x-description-ro": "De exemplu #0b5a6b; fără ea, culoarea paginii.", "type": "string", "pattern": "^#[0-9a-f]{6}$"}},
  "required": []}
==========
type: spacer
place: 13
kinds: {report,prescription,form,letterhead,footer,signature}
label_ro: Spațiu
label_en: Spacer
schema:
{
  "type": "object",
  "properties": {"height": {"title": "Height (mm)", "x-title-ro": "Înălțime (mm)", "type": "number", "minimum": 1, "maximum": 100, "default": 5}},
  "required": ["height"]}
==========
type: page_break
place: 14
kinds: {report,prescription,form}
label_ro: Pagină nouă
label_en: Page break
schema:
{"type": "object", "properties": {}, "required": []}
==========
type: letterhead
place: 15
kinds: {report,prescription,form}
label_ro: Antet
label_en: Letterhead
schema:
{
  "type": "object",
  "properties": {"component": {"title": "Letterhead", "x-title-ro": "Antetul", "format": "component", "type": "string"}},
  "required": ["component"]}
==========
type: footer
place: 16
kinds: {report,prescription,form}
label_ro: Subsol
label_en: Footer
schema:
{
  "type": "object",
  "properties": {"component": {"title": "Footer", "x-title-ro": "Subsolul", "format": "component", "type": "string"}},
  "required": ["component"]}
');
-- end of source: reference/documents/document_block_types.sql

-- source: reference/documents/document_events.sql
-- What is published about documents. A version is never changed: a new one is added. FND-14, DOC-04, DOC-05.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "document"}', rows => '
name: document.issued
version: 1
description: A document of an appointment, or of a signed form, is final; it is rendered next.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["documentId", "kind", "patientProfileId"],
 "properties": {
   "documentId": {"type": "string", "format": "uuid"},
   "kind": {"enum": ["report", "prescription", "form"], "type": "string"},
   "formId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "replacesId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: document.rendered
version: 1
description: A document can be opened and downloaded.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["documentId", "kind", "patientProfileId", "fileId"],
 "properties": {
   "documentId": {"type": "string", "format": "uuid"},
   "kind": {"enum": ["report", "prescription", "form"], "type": "string"},
   "fileId": {"type": "string", "format": "uuid"},
   "formId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "replacesId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: document.replaced
version: 1
description: Another document took the place of one that was issued.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["documentId", "replacedById", "kind", "patientProfileId"],
 "properties": {
   "documentId": {"type": "string", "format": "uuid"},
   "replacedById": {"type": "string", "format": "uuid"},
   "kind": {"enum": ["report", "prescription"], "type": "string"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "replacesId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/documents/document_events.sql

-- source: reference/documents/document_fields.sql
-- What text in documents is bound to. A field of a collection is named item.<field> where its rows are gone through. DOC-01.

select app_private.own_rows('app_private.document_fields', rows => '
code: appointment.ends_at
kinds: {report,prescription}
type: instant
label_ro: Sfârșitul programării
label_en: End of the appointment
sample: "2026-11-24T11:50:00+02:00"
==========
code: appointment.price
kinds: {report,prescription}
type: money
label_ro: Prețul
label_en: Price
sample: {"amount": 18000, "currency": "RON"}
==========
code: appointment.service
kinds: {report,prescription}
type: text
label_ro: Serviciul
label_en: Service
sample: "Kinetoterapie individuală"
==========
code: appointment.starts_at
kinds: {report,prescription}
type: instant
label_ro: Începutul programării
label_en: Start of the appointment
sample: "2026-11-24T11:00:00+02:00"
==========
code: clinic.address
kinds: {report,prescription,form,letterhead,footer,signature}
type: text
label_ro: Adresa clinicii
label_en: Address of the clinic
sample: "Str. Observatorului 12, Cluj-Napoca"
==========
code: clinic.email
kinds: {report,prescription,form,letterhead,footer,signature}
type: text
label_ro: E-mailul clinicii
label_en: E-mail of the clinic
sample: "contact@atlas.test"
==========
code: clinic.name
kinds: {report,prescription,form,letterhead,footer,signature}
type: text
label_ro: Numele clinicii
label_en: Name of the clinic
sample: "Clinica Atlas"
==========
code: clinic.phone
kinds: {report,prescription,form,letterhead,footer,signature}
type: text
label_ro: Telefonul clinicii
label_en: Telephone of the clinic
sample: "+40364123456"
==========
code: document.issued_at
kinds: {report,prescription,form,letterhead,footer,signature}
type: instant
label_ro: Data emiterii
label_en: Date of issue
sample: "2026-11-24T14:40:00+02:00"
==========
code: document.number
kinds: {report,prescription,form,letterhead,footer,signature}
type: text
label_ro: Numărul documentului
label_en: Number of the document
sample: "2026/17"
==========
code: document.title
kinds: {report,prescription,form,letterhead,footer,signature}
type: text
label_ro: Titlul documentului
label_en: Title of the document
sample: "Fișă de kinetoterapie"
==========
code: form.intent
kinds: {form}
type: long_text
label_ro: Declarația semnatarului
label_en: What the signer declares
sample: "Am citit și sunt de acord."
==========
code: form.intro
kinds: {form}
type: long_text
label_ro: Introducerea formularului
label_en: Introduction of the form
sample: "Citiți înainte de a semna."
==========
code: form.signed_at
kinds: {form}
type: instant
label_ro: Data semnării
label_en: Date of the signature
sample: "2026-11-20T10:15:30+02:00"
==========
code: form.signer_name
kinds: {form}
type: text
label_ro: Numele semnatarului
label_en: Name of the signer
sample: "Ștefania Mureșan"
==========
code: form.title
kinds: {form}
type: text
label_ro: Titlul formularului
label_en: Title of the form
sample: "Acord pentru tratament"
==========
code: page.count
kinds: {report,prescription,form,letterhead,footer,signature}
type: number
label_ro: Numărul de pagini
label_en: Number of pages
sample: 1
==========
code: page.number
kinds: {report,prescription,form,letterhead,footer,signature}
type: number
label_ro: Pagina
label_en: Page
sample: 1
==========
code: patient.birth_date
kinds: {report,prescription,form,letterhead,footer,signature}
type: date
label_ro: Data nașterii
label_en: Date of birth
sample: "1984-03-17"
==========
code: patient.email
kinds: {report,prescription,form}
type: text
label_ro: E-mailul pacientului
label_en: E-mail of the patient
sample: "stefania@example.test"
==========
code: patient.family_name
kinds: {report,prescription,form,letterhead,footer,signature}
type: text
label_ro: Numele de familie al pacientului
label_en: Family name of the patient
sample: "Mureșan"
==========
code: patient.given_name
kinds: {report,prescription,form,letterhead,footer,signature}
type: text
label_ro: Prenumele pacientului
label_en: Given name of the patient
sample: "Ștefania"
==========
code: patient.name
kinds: {report,prescription,form,letterhead,footer,signature}
type: text
label_ro: Numele pacientului
label_en: Name of the patient
sample: "Ștefania Mureșan"
==========
code: patient.phone
kinds: {report,prescription,form}
type: text
label_ro: Telefonul pacientului
label_en: Telephone of the patient
sample: "+40722000111"
==========
code: sessions
kinds: {report,prescription}
type: collection
label_ro: Ședințele făcute până atunci
label_en: Sessions done until then
==========
code: sessions.service
collection: sessions
kinds: {report,prescription}
type: text
label_ro: Serviciul ședinței
label_en: Service of the session
sample: "Kinetoterapie individuală"
==========
code: sessions.specialist
collection: sessions
kinds: {report,prescription}
type: text
label_ro: Specialistul ședinței
label_en: Specialist of the session
sample: "Dr. Ioana Țuțuianu"
==========
code: sessions.starts_at
collection: sessions
kinds: {report,prescription}
type: instant
label_ro: Data ședinței
label_en: Date of the session
sample: "2026-11-17T11:00:00+02:00"
==========
code: specialist.name
kinds: {report,prescription,signature}
type: text
label_ro: Numele specialistului
label_en: Name of the specialist
sample: "Dr. Ioana Țuțuianu"
==========
code: specialist.registration_number
kinds: {report,prescription,signature}
type: text
label_ro: Codul de parafă
label_en: Registration number
sample: "123456"
==========
code: specialist.title
kinds: {report,prescription,signature}
type: text
label_ro: Titlul specialistului
label_en: Title of the specialist
sample: "Dr."
');
-- end of source: reference/documents/document_fields.sql

-- source: reference/documents/document_transitions.sql
-- From where to where a document of an appointment moves. Staff are the specialist of the document, and whoever has
-- documents.manage: the verbs ask. Nothing follows replaced and cancelled. DOC-04.
-- An empty from_state is creation. docs/state-machines/appointment_documents.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "appointment_documents"}', rows => '
  from_state | to_state  | actor | permission       | event             | quiet_because
  -----------+-----------+-------+------------------+-------------------+------------------------------------------------------------
             | draft     | staff | documents.manage |                   |
  draft      | issued    | staff | documents.manage | document.issued   | The patient hears of it when it can be opened: document.rendered.
  draft      | cancelled | staff | documents.manage |                   |
  issued     | replaced  | staff | documents.manage | document.replaced | The patient hears of the one that takes its place.
  issued     | cancelled | staff | documents.manage |                   |
');
-- end of source: reference/documents/document_transitions.sql

-- source: reference/documents/predefined_pdf_templates.sql
-- The templates of documents that every clinic gets, with the parts that they share, in Romanian and English. A component is named by
-- its key here; a clinic's copy names the clinic's own. DOC-01.

select app_private.own_rows('app_private.predefined_pdf_templates', rows => '
key: consultation_report_en
kind: report
locale: en
title: Consultation report
editor_state:
{"blocks": [
  {"type": "letterhead", "id": "letterhead", "component": "letterhead_en"},
  {"type": "heading", "id": "title", "level": 1, "content": [{"field": "document.title"}]},
  {"type": "text", "id": "number", "size": 9, "paragraphs": [[{"text": "No. "}, {"field": "document.number"}, {"text": " / "}, {"field": "document.issued_at", "format": "date"}]]},
  {"type": "columns", "id": "about", "columns": [{"width": 50, "blocks": [{"type": "text", "id": "patient", "paragraphs": [[{"text": "Patient: ", "bold": true}, {"field": "patient.name"}], [{"text": "Date of birth: ", "bold": true}, {"field": "patient.birth_date", "format": "date"}]]}]}, {"width": 50, "blocks": [{"type": "text", "id": "visit", "paragraphs": [[{"text": "Date: ", "bold": true}, {"field": "appointment.starts_at", "format": "date_time"}], [{"text": "Service: ", "bold": true}, {"field": "appointment.service"}]]}]}]},
  {"type": "condition", "id": "if_complaint", "when": {"field": "input.complaint", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_complaint", "level": 2, "content": [{"text": "Reason for the visit"}]}, {"type": "text", "id": "complaint", "paragraphs": [[{"field": "input.complaint"}]]}]},
  {"type": "condition", "id": "if_history", "when": {"field": "input.history", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_history", "level": 2, "content": [{"text": "History"}]}, {"type": "text", "id": "history", "paragraphs": [[{"field": "input.history"}]]}]},
  {"type": "condition", "id": "if_findings", "when": {"field": "input.findings", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_findings", "level": 2, "content": [{"text": "Findings"}]}, {"type": "text", "id": "findings", "paragraphs": [[{"field": "input.findings"}]]}]},
  {"type": "condition", "id": "if_diagnosis", "when": {"field": "input.diagnosis", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_diagnosis", "level": 2, "content": [{"text": "Diagnosis"}]}, {"type": "text", "id": "diagnosis", "paragraphs": [[{"field": "input.diagnosis"}]]}]},
  {"type": "condition", "id": "if_plan", "when": {"field": "input.plan", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_plan", "level": 2, "content": [{"text": "Plan and recommendations"}]}, {"type": "text", "id": "plan", "paragraphs": [[{"field": "input.plan"}]]}]},
  {"type": "spacer", "id": "gap", "height": 6},
  {"type": "signature", "id": "signature", "align": "right", "width": 55, "label": [{"text": "Specialist"}], "component": "signature_en"},
  {"type": "footer", "id": "footer", "component": "footer_en"}],
 "inputs": [
  {"key": "complaint", "label": "Reason for the visit", "type": "long_text"},
  {"key": "history", "label": "History", "type": "long_text"},
  {"key": "findings", "label": "Findings", "type": "long_text", "required": true},
  {"key": "diagnosis", "label": "Diagnosis", "type": "long_text"},
  {"key": "plan", "label": "Plan and recommendations", "type": "long_text"}]}
==========
key: consultation_report_ro
kind: report
locale: ro
title: Raport de consult
editor_state:
{"blocks": [
  {"type": "letterhead", "id": "letterhead", "component": "letterhead_ro"},
  {"type": "heading", "id": "title", "level": 1, "content": [{"field": "document.title"}]},
  {"type": "text", "id": "number", "size": 9, "paragraphs": [[{"text": "Nr. "}, {"field": "document.number"}, {"text": " / "}, {"field": "document.issued_at", "format": "date"}]]},
  {"type": "columns", "id": "about", "columns": [{"width": 50, "blocks": [{"type": "text", "id": "patient", "paragraphs": [[{"text": "Pacient: ", "bold": true}, {"field": "patient.name"}], [{"text": "Data nașterii: ", "bold": true}, {"field": "patient.birth_date", "format": "date"}]]}]}, {"width": 50, "blocks": [{"type": "text", "id": "visit", "paragraphs": [[{"text": "Data: ", "bold": true}, {"field": "appointment.starts_at", "format": "date_time"}], [{"text": "Serviciu: ", "bold": true}, {"field": "appointment.service"}]]}]}]},
  {"type": "condition", "id": "if_complaint", "when": {"field": "input.complaint", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_complaint", "level": 2, "content": [{"text": "Motivul prezentării"}]}, {"type": "text", "id": "complaint", "paragraphs": [[{"field": "input.complaint"}]]}]},
  {"type": "condition", "id": "if_history", "when": {"field": "input.history", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_history", "level": 2, "content": [{"text": "Istoric"}]}, {"type": "text", "id": "history", "paragraphs": [[{"field": "input.history"}]]}]},
  {"type": "condition", "id": "if_findings", "when": {"field": "input.findings", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_findings", "level": 2, "content": [{"text": "Examen clinic"}]}, {"type": "text", "id": "findings", "paragraphs": [[{"field": "input.findings"}]]}]},
  {"type": "condition", "id": "if_diagnosis", "when": {"field": "input.diagnosis", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_diagnosis", "level": 2, "content": [{"text": "Diagnostic"}]}, {"type": "text", "id": "diagnosis", "paragraphs": [[{"field": "input.diagnosis"}]]}]},
  {"type": "condition", "id": "if_plan", "when": {"field": "input.plan", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_plan", "level": 2, "content": [{"text": "Plan și recomandări"}]}, {"type": "text", "id": "plan", "paragraphs": [[{"field": "input.plan"}]]}]},
  {"type": "spacer", "id": "gap", "height": 6},
  {"type": "signature", "id": "signature", "align": "right", "width": 55, "label": [{"text": "Specialist"}], "component": "signature_ro"},
  {"type": "footer", "id": "footer", "component": "footer_ro"}],
 "inputs": [
  {"key": "complaint", "label": "Motivul prezentării", "type": "long_text"},
  {"key": "history", "label": "Istoric", "type": "long_text"},
  {"key": "findings", "label": "Examen clinic", "type": "long_text", "required": true},
  {"key": "diagnosis", "label": "Diagnostic", "type": "long_text"},
  {"key": "plan", "label": "Plan și recomandări", "type": "long_text"}]}
==========
key: footer_en
kind: footer
locale: en
title: Footer
editor_state:
{"blocks": [
  {"type": "text", "id": "page", "size": 8, "align": "center", "color": "#5b6470", "paragraphs": [[{"field": "document.title"}, {"text": " · page "}, {"field": "page.number"}, {"text": " of "}, {"field": "page.count"}]]}]}
==========
key: footer_ro
kind: footer
locale: ro
title: Subsol
editor_state:
{"blocks": [
  {"type": "text", "id": "page", "size": 8, "align": "center", "color": "#5b6470", "paragraphs": [[{"field": "document.title"}, {"text": " · pagina "}, {"field": "page.number"}, {"text": " din "}, {"field": "page.count"}]]}]}
==========
key: letterhead_en
kind: letterhead
locale: en
title: Letterhead
editor_state:
{"blocks": [
  {"type": "text", "id": "clinic", "size": 13, "paragraphs": [[{"field": "clinic.name", "bold": true}]]},
  {"type": "text", "id": "contact", "size": 9, "color": "#5b6470", "paragraphs": [[{"field": "clinic.address"}], [{"field": "clinic.phone"}, {"text": " · "}, {"field": "clinic.email"}]]},
  {"type": "divider", "id": "line"}]}
==========
key: letterhead_ro
kind: letterhead
locale: ro
title: Antet
editor_state:
{"blocks": [
  {"type": "text", "id": "clinic", "size": 13, "paragraphs": [[{"field": "clinic.name", "bold": true}]]},
  {"type": "text", "id": "contact", "size": 9, "color": "#5b6470", "paragraphs": [[{"field": "clinic.address"}], [{"field": "clinic.phone"}, {"text": " · "}, {"field": "clinic.email"}]]},
  {"type": "divider", "id": "line"}]}
==========
key: physiotherapy_record_en
kind: report
locale: en
title: Physiotherapy record
editor_state:
{"blocks": [
  {"type": "letterhead", "id": "letterhead", "component": "letterhead_en"},
  {"type": "heading", "id": "title", "level": 1, "content": [{"field": "document.title"}]},
  {"type": "text", "id": "number", "size": 9, "paragraphs": [[{"text": "No. "}, {"field": "document.number"}, {"text": " / "}, {"field": "document.issued_at", "format": "date"}]]},
  {"type": "columns", "id": "about", "columns": [{"width": 50, "blocks": [{"type": "text", "id": "patient", "paragraphs": [[{"text": "Patient: ", "bold": true}, {"field": "patient.name"}], [{"text": "Date of birth: ", "bold": true}, {"field": "patient.birth_date", "format": "date"}]]}]}, {"width": 50, "blocks": [{"type": "text", "id": "visit", "paragraphs": [[{"text": "Date: ", "bold": true}, {"field": "appointment.starts_at", "format": "date_time"}], [{"text": "Service: ", "bold": true}, {"field": "appointment.service"}]]}]}]},
  {"type": "condition", "id": "if_goals", "when": {"field": "input.goals", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_goals", "level": 2, "content": [{"text": "Goals"}]}, {"type": "text", "id": "goals", "paragraphs": [[{"field": "input.goals"}]]}]},
  {"type": "condition", "id": "if_findings", "when": {"field": "input.findings", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_findings", "level": 2, "content": [{"text": "Assessment"}]}, {"type": "text", "id": "findings", "paragraphs": [[{"field": "input.findings"}]]}]},
  {"type": "heading", "id": "h_exercises", "level": 2, "content": [{"text": "Exercises"}]},
  {"type": "table", "id": "exercises", "over": "input.exercises", "columns": [{"header": [{"text": "Exercise"}], "width": 45, "cell": [{"field": "item.name"}]}, {"header": [{"text": "Sets"}], "width": 12, "align": "right", "cell": [{"field": "item.sets", "format": "number"}]}, {"header": [{"text": "Repetitions"}], "width": 13, "align": "right", "cell": [{"field": "item.repetitions", "format": "number"}]}, {"header": [{"text": "Notes"}], "width": 30, "cell": [{"field": "item.note"}]}]},
  {"type": "heading", "id": "h_sessions", "level": 2, "content": [{"text": "Sessions done"}]},
  {"type": "table", "id": "sessions", "over": "sessions", "columns": [{"header": [{"text": "Date"}], "width": 25, "cell": [{"field": "item.starts_at", "format": "date"}]}, {"header": [{"text": "Service"}], "width": 45, "cell": [{"field": "item.service"}]}, {"header": [{"text": "Specialist"}], "width": 30, "cell": [{"field": "item.specialist"}]}]},
  {"type": "condition", "id": "if_advice", "when": {"field": "input.advice", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_advice", "level": 2, "content": [{"text": "Advice for at home"}]}, {"type": "text", "id": "advice", "paragraphs": [[{"field": "input.advice"}]]}]},
  {"type": "spacer", "id": "gap", "height": 6},
  {"type": "signature", "id": "signature", "align": "right", "width": 55, "label": [{"text": "Specialist"}], "component": "signature_en"},
  {"type": "footer", "id": "footer", "component": "footer_en"}],
 "inputs": [
  {"key": "goals", "label": "Goals", "type": "long_text"},
  {"key": "findings", "label": "Assessment", "type": "long_text", "required": true},
  {"key": "exercises", "label": "Exercises", "type": "rows", "columns": [{"key": "name", "label": "Exercise", "type": "text"}, {"key": "sets", "label": "Sets", "type": "number"}, {"key": "repetitions", "label": "Repetitions", "type": "number"}, {"key": "note", "label": "Notes", "type": "text"}]},
  {"key": "advice", "label": "Advice for at home", "type": "long_text"}]}
==========
key: physiotherapy_record_ro
kind: report
locale: ro
title: Fișă de kinetoterapie
editor_state:
{"blocks": [
  {"type": "letterhead", "id": "letterhead", "component": "letterhead_ro"},
  {"type": "heading", "id": "title", "level": 1, "content": [{"field": "document.title"}]},
  {"type": "text", "id": "number", "size": 9, "paragraphs": [[{"text": "Nr. "}, {"field": "document.number"}, {"text": " / "}, {"field": "document.issued_at", "format": "date"}]]},
  {"type": "columns", "id": "about", "columns": [{"width": 50, "blocks": [{"type": "text", "id": "patient", "paragraphs": [[{"text": "Pacient: ", "bold": true}, {"field": "patient.name"}], [{"text": "Data nașterii: ", "bold": true}, {"field": "patient.birth_date", "format": "date"}]]}]}, {"width": 50, "blocks": [{"type": "text", "id": "visit", "paragraphs": [[{"text": "Data: ", "bold": true}, {"field": "appointment.starts_at", "format": "date_time"}], [{"text": "Serviciu: ", "bold": true}, {"field": "appointment.service"}]]}]}]},
  {"type": "condition", "id": "if_goals", "when": {"field": "input.goals", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_goals", "level": 2, "content": [{"text": "Obiective"}]}, {"type": "text", "id": "goals", "paragraphs": [[{"field": "input.goals"}]]}]},
  {"type": "condition", "id": "if_findings", "when": {"field": "input.findings", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_findings", "level": 2, "content": [{"text": "Evaluare"}]}, {"type": "text", "id": "findings", "paragraphs": [[{"field": "input.findings"}]]}]},
  {"type": "heading", "id": "h_exercises", "level": 2, "content": [{"text": "Exerciții"}]},
  {"type": "table", "id": "exercises", "over": "input.exercises", "columns": [{"header": [{"text": "Exercițiu"}], "width": 45, "cell": [{"field": "item.name"}]}, {"header": [{"text": "Serii"}], "width": 12, "align": "right", "cell": [{"field": "item.sets", "format": "number"}]}, {"header": [{"text": "Repetări"}], "width": 13, "align": "right", "cell": [{"field": "item.repetitions", "format": "number"}]}, {"header": [{"text": "Observații"}], "width": 30, "cell": [{"field": "item.note"}]}]},
  {"type": "heading", "id": "h_sessions", "level": 2, "content": [{"text": "Ședințe efectuate"}]},
  {"type": "table", "id": "sessions", "over": "sessions", "columns": [{"header": [{"text": "Data"}], "width": 25, "cell": [{"field": "item.starts_at", "format": "date"}]}, {"header": [{"text": "Serviciu"}], "width": 45, "cell": [{"field": "item.service"}]}, {"header": [{"text": "Specialist"}], "width": 30, "cell": [{"field": "item.specialist"}]}]},
  {"type": "condition", "id": "if_advice", "when": {"field": "input.advice", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_advice", "level": 2, "content": [{"text": "Recomandări pentru acasă"}]}, {"type": "text", "id": "advice", "paragraphs": [[{"field": "input.advice"}]]}]},
  {"type": "spacer", "id": "gap", "height": 6},
  {"type": "signature", "id": "signature", "align": "right", "width": 55, "label": [{"text": "Specialist"}], "component": "signature_ro"},
  {"type": "footer", "id": "footer", "component": "footer_ro"}],
 "inputs": [
  {"key": "goals", "label": "Obiective", "type": "long_text"},
  {"key": "findings", "label": "Evaluare", "type": "long_text", "required": true},
  {"key": "exercises", "label": "Exerciții", "type": "rows", "columns": [{"key": "name", "label": "Exercițiu", "type": "text"}, {"key": "sets", "label": "Serii", "type": "number"}, {"key": "repetitions", "label": "Repetări", "type": "number"}, {"key": "note", "label": "Observații", "type": "text"}]},
  {"key": "advice", "label": "Recomandări pentru acasă", "type": "long_text"}]}
==========
key: recommendation_en
kind: prescription
locale: en
title: Recommendation
editor_state:
{"blocks": [
  {"type": "letterhead", "id": "letterhead", "component": "letterhead_en"},
  {"type": "heading", "id": "title", "level": 1, "content": [{"field": "document.title"}]},
  {"type": "text", "id": "number", "size": 9, "paragraphs": [[{"text": "No. "}, {"field": "document.number"}, {"text": " / "}, {"field": "document.issued_at", "format": "date"}]]},
  {"type": "columns", "id": "about", "columns": [{"width": 50, "blocks": [{"type": "text", "id": "patient", "paragraphs": [[{"text": "Patient: ", "bold": true}, {"field": "patient.name"}], [{"text": "Date of birth: ", "bold": true}, {"field": "patient.birth_date", "format": "date"}]]}]}, {"width": 50, "blocks": [{"type": "text", "id": "visit", "paragraphs": [[{"text": "Date: ", "bold": true}, {"field": "appointment.starts_at", "format": "date_time"}], [{"text": "Service: ", "bold": true}, {"field": "appointment.service"}]]}]}]},
  {"type": "condition", "id": "if_diagnosis", "when": {"field": "input.diagnosis", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_diagnosis", "level": 2, "content": [{"text": "Diagnosis"}]}, {"type": "text", "id": "diagnosis", "paragraphs": [[{"field": "input.diagnosis"}]]}]},
  {"type": "heading", "id": "h_advice", "level": 2, "content": [{"text": "Recommendations"}]},
  {"type": "text", "id": "advice", "paragraphs": [[{"field": "input.advice"}]]},
  {"type": "condition", "id": "if_next", "when": {"field": "input.next_visit", "operator": "is_filled"}, "blocks": [{"type": "text", "id": "next", "paragraphs": [[{"text": "Next visit: ", "bold": true}, {"field": "input.next_visit", "format": "date_long"}]]}]},
  {"type": "spacer", "id": "gap", "height": 6},
  {"type": "signature", "id": "signature", "align": "right", "width": 55, "label": [{"text": "Specialist"}], "component": "signature_en"},
  {"type": "footer", "id": "footer", "component": "footer_en"}],
 "inputs": [
  {"key": "diagnosis", "label": "Diagnosis", "type": "long_text"},
  {"key": "advice", "label": "Recommendations", "type": "long_text", "required": true},
  {"key": "next_visit", "label": "Next visit", "type": "date"}]}
==========
key: recommendation_ro
kind: prescription
locale: ro
title: Recomandare
editor_state:
{"blocks": [
  {"type": "letterhead", "id": "letterhead", "component": "letterhead_ro"},
  {"type": "heading", "id": "title", "level": 1, "content": [{"field": "document.title"}]},
  {"type": "text", "id": "number", "size": 9, "paragraphs": [[{"text": "Nr. "}, {"field": "document.number"}, {"text": " / "}, {"field": "document.issued_at", "format": "date"}]]},
  {"type": "columns", "id": "about", "columns": [{"width": 50, "blocks": [{"type": "text", "id": "patient", "paragraphs": [[{"text": "Pacient: ", "bold": true}, {"field": "patient.name"}], [{"text": "Data nașterii: ", "bold": true}, {"field": "patient.birth_date", "format": "date"}]]}]}, {"width": 50, "blocks": [{"type": "text", "id": "visit", "paragraphs": [[{"text": "Data: ", "bold": true}, {"field": "appointment.starts_at", "format": "date_time"}], [{"text": "Serviciu: ", "bold": true}, {"field": "appointment.service"}]]}]}]},
  {"type": "condition", "id": "if_diagnosis", "when": {"field": "input.diagnosis", "operator": "is_filled"}, "blocks": [{"type": "heading", "id": "h_diagnosis", "level": 2, "content": [{"text": "Diagnostic"}]}, {"type": "text", "id": "diagnosis", "paragraphs": [[{"field": "input.diagnosis"}]]}]},
  {"type": "heading", "id": "h_advice", "level": 2, "content": [{"text": "Recomandări"}]},
  {"type": "text", "id": "advice", "paragraphs": [[{"field": "input.advice"}]]},
  {"type": "condition", "id": "if_next", "when": {"field": "input.next_visit", "operator": "is_filled"}, "blocks": [{"type": "text", "id": "next", "paragraphs": [[{"text": "Următorul control: ", "bold": true}, {"field": "input.next_visit", "format": "date_long"}]]}]},
  {"type": "spacer", "id": "gap", "height": 6},
  {"type": "signature", "id": "signature", "align": "right", "width": 55, "label": [{"text": "Specialist"}], "component": "signature_ro"},
  {"type": "footer", "id": "footer", "component": "footer_ro"}],
 "inputs": [
  {"key": "diagnosis", "label": "Diagnostic", "type": "long_text"},
  {"key": "advice", "label": "Recomandări", "type": "long_text", "required": true},
  {"key": "next_visit", "label": "Următorul control", "type": "date"}]}
==========
key: signature_en
kind: signature
locale: en
title: Name under the signature
editor_state:
{"blocks": [
  {"type": "text", "id": "name", "size": 9, "paragraphs": [[{"field": "specialist.name"}], [{"text": "Registration number: "}, {"field": "specialist.registration_number"}]]}]}
==========
key: signature_ro
kind: signature
locale: ro
title: Numele sub semnătură
editor_state:
{"blocks": [
  {"type": "text", "id": "name", "size": 9, "paragraphs": [[{"field": "specialist.name"}], [{"text": "Cod parafă: "}, {"field": "specialist.registration_number"}]]}]}
==========
key: signed_form_en
kind: form
locale: en
title: Signed form
editor_state:
{"blocks": [
  {"type": "letterhead", "id": "letterhead", "component": "letterhead_en"},
  {"type": "heading", "id": "title", "level": 1, "content": [{"field": "form.title"}]},
  {"type": "text", "id": "patient", "paragraphs": [[{"text": "Patient: ", "bold": true}, {"field": "patient.name"}, {"text": ", date of birth "}, {"field": "patient.birth_date", "format": "date"}]]},
  {"type": "text", "id": "intro", "paragraphs": [[{"field": "form.intro"}]]},
  {"type": "answers", "id": "answers", "show_texts": true, "show_unanswered": true},
  {"type": "text", "id": "intent", "paragraphs": [[{"field": "form.intent", "italic": true}]]},
  {"type": "signature", "id": "signature", "width": 60, "label": [{"text": "Signature"}]},
  {"type": "proof", "id": "proof"},
  {"type": "footer", "id": "footer", "component": "footer_en"}]}
==========
key: signed_form_ro
kind: form
locale: ro
title: Formular semnat
editor_state:
{"blocks": [
  {"type": "letterhead", "id": "letterhead", "component": "letterhead_ro"},
  {"type": "heading", "id": "title", "level": 1, "content": [{"field": "form.title"}]},
  {"type": "text", "id": "patient", "paragraphs": [[{"text": "Pacient: ", "bold": true}, {"field": "patient.name"}, {"text": ", data nașterii "}, {"field": "patient.birth_date", "format": "date"}]]},
  {"type": "text", "id": "intro", "paragraphs": [[{"field": "form.intro"}]]},
  {"type": "answers", "id": "answers", "show_texts": true, "show_unanswered": true},
  {"type": "text", "id": "intent", "paragraphs": [[{"field": "form.intent", "italic": true}]]},
  {"type": "signature", "id": "signature", "width": 60, "label": [{"text": "Semnătura"}]},
  {"type": "proof", "id": "proof"},
  {"type": "footer", "id": "footer", "component": "footer_ro"}]}
');
-- end of source: reference/documents/predefined_pdf_templates.sql

-- source: reference/events/event_consumers.sql
-- Who hears of events: each is a file of tasks/consumers. FND-14.
-- One that is on_demand hears only what a clinic is interested in (event_interests).

select app_private.own_rows('app_private.event_consumers', rows => '
  name             | on_demand | description
  -----------------+-----------+---------------------------------------------------------------------------------
  automations      | true      | Begins the automations that a clinic has for an event.
  notifications    | false     | Writes to guests, patients and the clinic about requests and appointments.
  predefined_forms | false     | Gives a new clinic the templates of forms and documents that the product brings.
  video            | false     | Makes rooms for video appointments, takes them away, ends recordings.
  webhooks         | true      | Has clinics'' own software told of events.
');
-- end of source: reference/events/event_consumers.sql

-- source: reference/files/file_owner_kinds.sql
-- What files may belong to, and the function of app_private that tells of such an owner. FND-13.

select app_private.own_rows('app_private.file_owner_kinds', rows => '
  key                  | column_name             | patient_column     | owner_function
  ---------------------+-------------------------+--------------------+--------------------------------
  appointment          | appointment_id          | patient_profile_id | file_owner_appointment
  appointment_document | appointment_document_id | patient_profile_id | file_owner_appointment_document
  form                 | form_id                 | patient_profile_id | file_owner_form
  organization         | owner_organization_id   |                    | file_owner_organization
  service              | service_id              |                    | file_owner_service
  specialist           | specialist_id           |                    | file_owner_specialist
');
-- end of source: reference/files/file_owner_kinds.sql

-- source: reference/files/file_surfaces.sql
-- Where files may be attached: to what, by whom, how many, how large, what they hold and for how long; and which types
-- each takes. FND-13.

select app_private.own_rows('app_private.file_surfaces', rows => '
key: appointment_documents
description: Reports and recommendations of appointments, as they were rendered.
owner_kind: appointment_document
audience: owner_readers
uploaded_by_owner: false
manage_permission: documents.manage
prefix: documents
max_bytes: 26214400
max_files: 1
class: phi
retention: medical_record
written_anew: false
uploaded: false
==========
key: appointment_files
description: Findings, letters and pictures of an appointment that its patient sees.
owner_kind: appointment
audience: owner_readers
uploaded_by_owner: true
manage_permission: appointments.conduct
prefix: appointments
max_bytes: 26214400
max_files: 100
class: phi
retention: medical_record
written_anew: false
uploaded: true
==========
key: appointment_notes
description: Papers of an appointment that stay within the clinic: the patient does not see them.
owner_kind: appointment
audience: staff
uploaded_by_owner: false
manage_permission: appointments.conduct
prefix: internal
max_bytes: 26214400
max_files: 100
class: phi
retention: medical_record
written_anew: false
uploaded: true
==========
key: document_images
description: Pictures of templates of documents: a logo, a stamp, a drawing.
owner_kind: organization
audience: staff
uploaded_by_owner: false
manage_permission: document_templates.manage
prefix: document-images
max_bytes: 2097152
max_files: 200
class: public
retention: clinic
written_anew: true
uploaded: true
==========
key: form_documents
description: Signed forms with their proof, as they were rendered.
owner_kind: form
audience: owner_readers
uploaded_by_owner: false
manage_permission: documents.manage
prefix: form-documents
max_bytes: 26214400
max_files: 1
class: phi
retention: medical_record
written_anew: false
uploaded: false
==========
key: forms
description: What a form''s fields for files are answered with.
owner_kind: form
audience: owner_readers
uploaded_by_owner: true
manage_permission: forms.fill
prefix: forms
max_bytes: 26214400
max_files: 50
class: phi
retention: medical_record
written_anew: false
uploaded: true
==========
key: organization_logo
description: The clinic''s logo.
owner_kind: organization
audience: owner_readers
uploaded_by_owner: false
manage_permission: organization.manage
prefix: logo
max_bytes: 1048576
max_files: 1
class: public
retention: clinic
written_anew: false
uploaded: true
==========
key: service_attachments
description: What helps to choose or prepare: leaflets, pictures.
owner_kind: service
audience: owner_readers
uploaded_by_owner: false
manage_permission: services.manage
prefix: services
max_bytes: 10485760
max_files: 20
class: public
retention: clinic
written_anew: false
uploaded: true
==========
key: specialist_signatures
description: The signature that goes onto documents.
owner_kind: specialist
audience: staff
uploaded_by_owner: true
manage_permission: specialists.manage
prefix: signatures
max_bytes: 524288
max_files: 100
class: pii_basic
retention: clinic
written_anew: true
uploaded: true
');

select app_private.own_rows('app_private.file_surface_types', rows => '
  surface               | content_type
  ----------------------+----------------
  appointment_documents | application/pdf
  appointment_files     | application/pdf
  appointment_files     | image/jpeg
  appointment_files     | image/png
  appointment_files     | image/webp
  appointment_notes     | application/pdf
  appointment_notes     | image/jpeg
  appointment_notes     | image/png
  appointment_notes     | image/webp
  document_images       | image/jpeg
  document_images       | image/png
  form_documents        | application/pdf
  forms                 | application/pdf
  forms                 | image/jpeg
  forms                 | image/png
  forms                 | image/webp
  organization_logo     | image/jpeg
  organization_logo     | image/png
  organization_logo     | image/webp
  service_attachments   | application/pdf
  service_attachments   | image/jpeg
  service_attachments   | image/png
  service_attachments   | image/webp
  specialist_signatures | image/png
');
-- end of source: reference/files/file_surfaces.sql

-- source: reference/identity/permissions.sql
-- Everything that can be allowed. FND-04. What the system roles have of it stands in system_roles.sql.

select app_private.own_rows('app_public.permissions', rows => '
  name                      | description
  --------------------------+-------------------------------------------------------------------------------
  appointments.conduct      | Start and finish appointments, record no-shows
  appointments.manage       | Book, confirm, cancel; answer booking requests
  appointments.view         | See the clinic''s appointments and booking requests
  audit.view                | Read the clinic''s audit log
  automations.manage        | Edit the clinic''s automations, switch them on and off
  automations.view          | See the clinic''s automations and what they did
  calendars.manage          | Edit bookable calendars
  consent_texts.manage      | Publish the clinic''s consent texts and privacy notices
  consents.override         | Go on without a consent in an emergency, with a reason
  consents.record           | Record what patients accept, refuse and withdraw, on evidence
  document_templates.manage | Edit and publish templates of documents, letterheads and footers
  documents.manage          | Write and issue the documents of every specialist
  documents.view            | See documents of appointments
  form_templates.manage     | Edit and publish templates of forms and the clinic''s own fields
  forms.fill                | Make forms for patients, fill them in, complete and reopen them
  forms.view                | See the patients'' forms and what was answered
  integrations.manage       | Choose vendors and enter the keys of the clinic''s own accounts
  members.manage            | Add and remove members, give and take roles
  message_templates.manage  | Edit the words of the clinic''s messages
  messages.view             | See which messages the clinic''s patients were sent
  organization.manage       | Change the clinic''s details and booking settings
  owners.manage             | Name and remove owners of the clinic
  patient_plans.manage      | Sell plans to patients, open access, change subscriptions, adjust what is left
  patient_plans.view        | See the plans and subscriptions of the clinic''s patients
  patient_tiers.manage      | Edit tiers and what they include
  patients.block            | Keep patients from booking by themselves, and decide about it
  patients.manage           | Add and edit patients and their caregivers
  patients.merge            | Merge two patients who are one person, and undo it
  patients.view             | See the clinic''s patients
  reviews.alerted           | Be told at once of reviews with few stars
  reviews.view              | Read patients'' reviews and the specialists'' ratings
  roles.manage              | Define the clinic''s own roles
  schedules.manage          | Edit every specialist''s hours
  schedules.manage_own      | Edit one''s own hours as a specialist
  segments.manage           | Make segments of patients, edit and remove them
  segments.view             | See segments, and who is in them
  service_plans.manage      | Edit service plans and products
  services.manage           | Edit services and who provides them
  specialists.manage        | Add, edit and remove specialists
  specialists.view_org      | See specialists'' accounts and contacts
  specialties.manage        | Edit the clinic''s own specialties
  suppressions.lift         | Let the clinic write again to an address that was reported as dead
  webhooks.manage           | Have the clinic''s own software told of events, and replay them
  webhooks.view             | See what the clinic''s own software was told
');
-- end of source: reference/identity/permissions.sql

-- source: reference/identity/system_roles.sql
-- The roles that every clinic has, and what each allows in a clinic that is new. FND-04.
-- A clinic that is there already keeps what its roles have: give it more in a file of db/migrations/current that is
-- numbered above 900, under set role app_engine; take away before, in one that is numbered below.

select app_private.own_rows('app_public.system_roles', rows => '
  key        | name          | name_ro
  -----------+---------------+--------------
  owner      | Owner         | Proprietar
  admin      | Administrator | Administrator
  specialist | Specialist    | Specialist
  front_desk | Front desk    | Recepție
  billing    | Billing       | Facturare
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "owner"}', rows => '
  permission
  -------------------------
  appointments.conduct
  appointments.manage
  appointments.view
  audit.view
  automations.manage
  automations.view
  calendars.manage
  consent_texts.manage
  consents.override
  consents.record
  document_templates.manage
  documents.manage
  documents.view
  form_templates.manage
  forms.fill
  forms.view
  integrations.manage
  members.manage
  message_templates.manage
  messages.view
  organization.manage
  owners.manage
  patient_plans.manage
  patient_plans.view
  patient_tiers.manage
  patients.block
  patients.manage
  patients.merge
  patients.view
  reviews.alerted
  reviews.view
  roles.manage
  schedules.manage
  schedules.manage_own
  segments.manage
  segments.view
  service_plans.manage
  services.manage
  specialists.manage
  specialists.view_org
  specialties.manage
  suppressions.lift
  webhooks.manage
  webhooks.view
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "admin"}', rows => '
  permission
  -------------------------
  appointments.conduct
  appointments.manage
  appointments.view
  audit.view
  automations.manage
  automations.view
  calendars.manage
  consent_texts.manage
  consents.override
  consents.record
  document_templates.manage
  documents.manage
  documents.view
  form_templates.manage
  forms.fill
  forms.view
  integrations.manage
  members.manage
  message_templates.manage
  messages.view
  organization.manage
  patient_plans.manage
  patient_plans.view
  patient_tiers.manage
  patients.block
  patients.manage
  patients.merge
  patients.view
  reviews.alerted
  reviews.view
  roles.manage
  schedules.manage
  schedules.manage_own
  segments.manage
  segments.view
  service_plans.manage
  services.manage
  specialists.manage
  specialists.view_org
  specialties.manage
  suppressions.lift
  webhooks.manage
  webhooks.view
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "specialist"}', rows => '
  permission
  --------------------
  appointments.conduct
  appointments.view
  consents.override
  consents.record
  documents.view
  forms.fill
  forms.view
  patient_plans.view
  patients.view
  schedules.manage_own
  segments.view
  specialists.view_org
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "front_desk"}', rows => '
  permission
  --------------------
  appointments.conduct
  appointments.manage
  appointments.view
  consents.record
  forms.fill
  forms.view
  messages.view
  patient_plans.manage
  patient_plans.view
  patients.block
  patients.manage
  patients.view
  schedules.manage
  specialists.view_org
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "billing"}', rows => '
  permission
  --------------------
  patient_plans.manage
  patient_plans.view
  specialists.view_org
');
-- end of source: reference/identity/system_roles.sql
reset role;

-- source: reference/notify/message_automation_email.sql
-- The message automation_email: what it needs, by which ways it goes, and its words on each. An automation brings the words, which are the clinic's; these stand where it brought none. AUT-02.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "automation_email"}', rows => '
topic: care
lasts: 3 days
variables: {words,patientName,serviceName,specialistName,startsAt,endsAt,timezone,modality,bookingRequestId,asked}
sample: {"words": null, "endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Popa", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000", "asked": "form:0195f3c0-0000-7000-8000-000000000000"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "automation_email"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "automation_email"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}}
body: Aveți un mesaj de la {{clinicName}}.
==========
channel: email
locale: en
version: 1
title: {{clinicName}}
body: You have a message from {{clinicName}}.
');
-- end of source: reference/notify/message_automation_email.sql

-- source: reference/notify/message_automation_in_app.sql
-- The message automation_in_app: what it needs, by which ways it goes, and its words on each. An automation brings the words, which are the clinic's; these stand where it brought none. AUT-02.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "automation_in_app"}', rows => '
topic: care
lasts: 3 days
variables: {words,patientName,serviceName,specialistName,startsAt,endsAt,timezone,modality,bookingRequestId,asked}
sample: {"words": null, "endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Popa", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000", "asked": "form:0195f3c0-0000-7000-8000-000000000000"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "automation_in_app"}', rows => '
  channel | route | rank | is_default
  --------+-------+------+-----------
  in_app  | inbox | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "automation_in_app"}', rows => '
channel: in_app
locale: ro
version: 1
title: {{clinicName}}
body: Aveți un mesaj de la {{clinicName}}.
==========
channel: in_app
locale: en
version: 1
title: {{clinicName}}
body: You have a message from {{clinicName}}.
');
-- end of source: reference/notify/message_automation_in_app.sql

-- source: reference/notify/message_automation_push.sql
-- The message automation_push: what it needs, by which ways it goes, and its words on each. An automation brings the words, which are the clinic's; these stand where it brought none. AUT-02.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "automation_push"}', rows => '
topic: care
lasts: 3 days
variables: {words,patientName,serviceName,specialistName,startsAt,endsAt,timezone,modality,bookingRequestId,asked}
sample: {"words": null, "endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Popa", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000", "asked": "form:0195f3c0-0000-7000-8000-000000000000"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "automation_push"}', rows => '
  channel | route | rank | is_default
  --------+-------+------+-----------
  push    | alert | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "automation_push"}', rows => '
channel: push
locale: ro
version: 1
title: {{clinicName}}
body: Aveți un mesaj de la {{clinicName}}.
==========
channel: push
locale: en
version: 1
title: {{clinicName}}
body: You have a message from {{clinicName}}.
');
-- end of source: reference/notify/message_automation_push.sql

-- source: reference/notify/message_automation_sms.sql
-- The message automation_sms: what it needs, by which ways it goes, and its words on each. An automation brings the words, which are the clinic's; these stand where it brought none. AUT-02.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "automation_sms"}', rows => '
topic: care
lasts: 3 days
variables: {words,patientName,serviceName,specialistName,startsAt,endsAt,timezone,modality,bookingRequestId,asked}
sample: {"words": null, "endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Popa", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000", "asked": "form:0195f3c0-0000-7000-8000-000000000000"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "automation_sms"}', rows => '
  channel | route | rank | is_default
  --------+-------+------+-----------
  sms     | alert | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "automation_sms"}', rows => '
channel: sms
locale: ro
version: 1
body: Aveți un mesaj de la {{clinicName}}.
==========
channel: sms
locale: en
version: 1
body: You have a message from {{clinicName}}.
');
-- end of source: reference/notify/message_automation_sms.sql

-- source: reference/notify/message_automation_whatsapp.sql
-- The message automation_whatsapp: what it needs, by which ways it goes, and its words on each. An automation brings the words, which are the clinic's; these stand where it brought none. AUT-02.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "automation_whatsapp"}', rows => '
topic: care
lasts: 3 days
variables: {words,patientName,serviceName,specialistName,startsAt,endsAt,timezone,modality,bookingRequestId,asked}
sample: {"words": null, "endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Popa", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000", "asked": "form:0195f3c0-0000-7000-8000-000000000000"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "automation_whatsapp"}', rows => '
  channel  | route | rank | is_default
  ---------+-------+------+-----------
  whatsapp | alert | 1    | false
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "automation_whatsapp"}', rows => '
channel: whatsapp
locale: ro
version: 1
body: Aveți un mesaj de la {{clinicName}}.
==========
channel: whatsapp
locale: en
version: 1
body: You have a message from {{clinicName}}.
');
-- end of source: reference/notify/message_automation_whatsapp.sql

-- source: reference/notify/message_document_ready.sql
-- The message document_ready: what it needs, by which ways it goes, and its words on each. DOC-04, FND-15.
-- It says nothing of what the document is: that is read after signing in.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "document_ready"}', rows => '
topic: documents
lasts: 7 days
variables: {documentId}
sample: {"documentId": "0195f3c0-0000-7000-8000-000000000000"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "document_ready"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "document_ready"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}}: aveți un document nou
body:
Bună ziua, {{recipientName}},

{{clinicName}} v-a pregătit un document după programare. Îl citiți și îl descărcați din contul dumneavoastră, la documente.
{{#clinicPhone}}

Aveți o întrebare? Sunați la {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

==========
channel: email
locale: en
version: 1
title: {{clinicName}}: you have a new document
body:
Hello {{recipientName}},

{{clinicName}} prepared a document after your appointment. You read and download it in your account, under documents.
{{#clinicPhone}}

Questions? Call {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: Document nou
body:
{{clinicName}} v-a pregătit un document după programare.
==========
channel: in_app
locale: en
version: 1
title: New document
body:
{{clinicName}} prepared a document after your appointment.
');
-- end of source: reference/notify/message_document_ready.sql

-- source: reference/notify/message_followup_not_booked.sql
-- The message followup_not_booked: what it needs, by which ways it goes, and its words on each. FND-15, AUT-02.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "followup_not_booked"}', rows => '
topic: clinic
lasts: 7 days
variables: {patientName,serviceName}
sample: {"patientName": "Maria Popa", "serviceName": "Ședință de kinetoterapie"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "followup_not_booked"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "followup_not_booked"}', rows => '
channel: email
locale: ro
version: 1
title: De programat: {{patientName}}
body:
Bună ziua, {{recipientName}},

Următoarea vizită nu a putut fi programată automat:

{{patientName}}
{{serviceName}}

Vă rugăm să o programați dumneavoastră. Motivul este scris la automatizările clinicii.

{{clinicName}}

==========
channel: email
locale: en
version: 1
title: To book: {{patientName}}
body:
Hello {{recipientName}},

The next visit could not be booked automatically:

{{patientName}}
{{serviceName}}

Please book it yourself. Why it could not be is written with what the clinics automations did.

{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: De programat: {{patientName}}
body: {{serviceName}}: vizita nu a putut fi programată automat.
==========
channel: in_app
locale: en
version: 1
title: To book: {{patientName}}
body: {{serviceName}}: the visit could not be booked automatically.
');
-- end of source: reference/notify/message_followup_not_booked.sql

-- source: reference/notify/message_offer_email.sql
-- The message offer_email: what it needs, by which ways it goes, and its words on each. As automation_email, for what advertises: it asks for the consent to that. AUT-04.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "offer_email"}', rows => '
topic: news
lasts: 3 days
variables: {words,patientName,serviceName,specialistName,startsAt,endsAt,timezone,modality,bookingRequestId,asked}
sample: {"words": null, "endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Popa", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000", "asked": "form:0195f3c0-0000-7000-8000-000000000000"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "offer_email"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "offer_email"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}}
body: Aveți un mesaj de la {{clinicName}}.
==========
channel: email
locale: en
version: 1
title: {{clinicName}}
body: You have a message from {{clinicName}}.
');
-- end of source: reference/notify/message_offer_email.sql

-- source: reference/notify/message_offer_push.sql
-- The message offer_push: what it needs, by which ways it goes, and its words on each. As automation_push, for what advertises: it asks for the consent to that. AUT-04.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "offer_push"}', rows => '
topic: news
lasts: 3 days
variables: {words,patientName,serviceName,specialistName,startsAt,endsAt,timezone,modality,bookingRequestId,asked}
sample: {"words": null, "endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Popa", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000", "asked": "form:0195f3c0-0000-7000-8000-000000000000"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "offer_push"}', rows => '
  channel | route | rank | is_default
  --------+-------+------+-----------
  push    | alert | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "offer_push"}', rows => '
channel: push
locale: ro
version: 1
title: {{clinicName}}
body: Aveți un mesaj de la {{clinicName}}.
==========
channel: push
locale: en
version: 1
title: {{clinicName}}
body: You have a message from {{clinicName}}.
');
-- end of source: reference/notify/message_offer_push.sql

-- source: reference/notify/message_offer_sms.sql
-- The message offer_sms: what it needs, by which ways it goes, and its words on each. As automation_sms, for what advertises: it asks for the consent to that. AUT-04.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "offer_sms"}', rows => '
topic: news
lasts: 3 days
variables: {words,patientName,serviceName,specialistName,startsAt,endsAt,timezone,modality,bookingRequestId,asked}
sample: {"words": null, "endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Popa", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000", "asked": "form:0195f3c0-0000-7000-8000-000000000000"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "offer_sms"}', rows => '
  channel | route | rank | is_default
  --------+-------+------+-----------
  sms     | alert | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "offer_sms"}', rows => '
channel: sms
locale: ro
version: 1
body: Aveți un mesaj de la {{clinicName}}.
==========
channel: sms
locale: en
version: 1
body: You have a message from {{clinicName}}.
');
-- end of source: reference/notify/message_offer_sms.sql

-- source: reference/notify/message_offer_whatsapp.sql
-- The message offer_whatsapp: what it needs, by which ways it goes, and its words on each. As automation_whatsapp, for what advertises: it asks for the consent to that. AUT-04.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "offer_whatsapp"}', rows => '
topic: news
lasts: 3 days
variables: {words,patientName,serviceName,specialistName,startsAt,endsAt,timezone,modality,bookingRequestId,asked}
sample: {"words": null, "endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Popa", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu", "bookingRequestId": "0195f3c0-0000-7000-8000-000000000000", "asked": "form:0195f3c0-0000-7000-8000-000000000000"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "offer_whatsapp"}', rows => '
  channel  | route | rank | is_default
  ---------+-------+------+-----------
  whatsapp | alert | 1    | false
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "offer_whatsapp"}', rows => '
channel: whatsapp
locale: ro
version: 1
body: Aveți un mesaj de la {{clinicName}}.
==========
channel: whatsapp
locale: en
version: 1
body: You have a message from {{clinicName}}.
');
-- end of source: reference/notify/message_offer_whatsapp.sql

-- source: reference/notify/message_patient_asked.sql
-- The message patient_asked: what it needs, by which ways it goes, and its words on each. FND-15, AUT-02.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "patient_asked"}', rows => '
topic: forms
lasts: 14 days
variables: {what,asked}
sample: {"what": "Chestionar despre durere", "asked": "form:0195f3c0-0000-7000-8000-000000000000"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "patient_asked"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
  push    | alert  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "patient_asked"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}} vă roagă să completați ceva
body:
Bună ziua, {{recipientName}},

{{clinicName}} vă roagă să completați înainte de următoarea vizită:

{{what}}

{{#askedUrl}}
Îl găsiți aici: {{askedUrl}}
{{/askedUrl}}
{{^askedUrl}}
Îl găsiți în contul dumneavoastră.
{{/askedUrl}}
{{#clinicPhone}}

Aveți o întrebare? Sunați la {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

==========
channel: email
locale: en
version: 1
title: {{clinicName}} asks you to fill something in
body:
Hello {{recipientName}},

{{clinicName}} asks you to fill this in before your next visit:

{{what}}

{{#askedUrl}}
You find it here: {{askedUrl}}
{{/askedUrl}}
{{^askedUrl}}
You find it in your account.
{{/askedUrl}}
{{#clinicPhone}}

Questions? Call {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: De completat: {{what}}
body: {{clinicName}} vă roagă să completați: {{what}}
==========
channel: in_app
locale: en
version: 1
title: To fill in: {{what}}
body: {{clinicName}} asks you to fill in: {{what}}
==========
channel: push
locale: ro
version: 1
title: {{clinicName}}
body: Aveți ceva de completat.
==========
channel: push
locale: en
version: 1
title: {{clinicName}}
body: You have something to fill in.
');
-- end of source: reference/notify/message_patient_asked.sql

-- source: reference/notify/message_topics.sql
-- What people may choose to hear about. FND-15.

select app_private.own_rows('app_public.message_topics', rows => '
  key          | kind          | name                               | name_ro
  -------------+---------------+------------------------------------+-------------------------------------------
  appointments | transactional | Appointments and booking requests  | Programări și cereri de programare
  care         | transactional | Advice and questions about my care | Sfaturi și întrebări despre îngrijirea mea
  clinic       | transactional | Work at the clinic                 | Activitatea clinicii
  documents    | transactional | Reports and recommendations        | Rapoarte și recomandări
  forms        | transactional | Forms to fill in and sign          | Formulare de completat și semnat
  news         | marketing     | News and offers                    | Noutăți și oferte
  own_visits   | transactional | My appointments as a specialist    | Programările mele ca specialist
  terms        | transactional | Terms and privacy notices          | Termeni și note de informare
');
-- end of source: reference/notify/message_topics.sql

-- source: reference/notify/message_webhook_disabled.sql
-- The message webhook_disabled: what it needs, by which ways it goes, and its words on each. WHK-02, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "webhook_disabled"}', rows => '
topic: clinic
lasts: 7 days
variables: {webhookName}
sample: {"webhookName": "CRM"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "webhook_disabled"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "webhook_disabled"}', rows => '
channel: email
locale: ro
version: 1
title: Webhook oprit: {{webhookName}}
body:
Bună ziua, {{recipientName}},

Nu mai trimitem evenimente către webhookul {{webhookName}}: adresa a răspuns că nu mai există (410) sau nu a primit nimic timp de cinci zile.

Jurnalul livrărilor arată ce a răspuns. După ce adresa funcționează din nou, activați webhookul și retrimiteți ce lipsește.

{{clinicName}}

==========
channel: email
locale: en
version: 1
title: Webhook switched off: {{webhookName}}
body:
Hello {{recipientName}},

We send no more events to the webhook {{webhookName}}: its address answered that it is gone (410), or took nothing for five days.

The log of deliveries shows what it answered. Once the address works again, enable the webhook and replay what is missing.

{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: Webhook oprit: {{webhookName}}
body:
Jurnalul livrărilor arată de ce.
==========
channel: in_app
locale: en
version: 1
title: Webhook switched off: {{webhookName}}
body:
The log of deliveries shows why.
');
-- end of source: reference/notify/message_webhook_disabled.sql

-- source: reference/notify/notifications.sql
-- Which events people are written to about, and by which function of app_private each area says who is told. FND-14, FND-15.

select app_private.own_rows('app_private.event_subscriptions', scope => '{"consumer": "notifications"}', rows => '
  event_name                  | messages_function
  ----------------------------+-------------------------------
  appointment.booked          | messages_about_appointment
  appointment.cancelled       | messages_about_appointment
  appointment.changed         | messages_about_changed_appointment
  appointment.patient_changed | messages_about_changed_patient
  appointment.reinstated      | messages_about_appointment
  appointment.rescheduled     | messages_about_appointment
  appointment.reminder_due    | messages_about_reminder
  booking_request.confirmed   | messages_about_booking_request
  booking_request.expired     | messages_about_booking_request
  booking_request.moved       | messages_about_booking_request
  booking_request.received    | messages_about_booking_request
  booking_request.rejected    | messages_about_booking_request
  booking_request.withdrawn   | messages_about_booking_request
  document.rendered           | messages_about_document
  organization.activated      | messages_about_organization
  privacy_notice.published    | messages_about_privacy_notice
  review.low_rating           | messages_about_review
  waitlist_entry.offered      | messages_about_waitlist_offer
  webhook_subscription.disabled | messages_about_webhooks
');
-- end of source: reference/notify/notifications.sql

-- source: reference/rules/rule_collections.sql
-- What rules count of a patient. SEG-02.

select app_private.own_rows('app_private.rule_collections', rows => '
code: appointments
label_en: Appointments
label_ro: Programări
source: appointments
permission: appointments.view
table_name: app_public.appointments
person_sql: r.patient_profile_id = p.patient_profile_id and r.deleted_at is null
time_sql: r.starts_at
event_property: appointmentId
==========
code: forms
label_en: Forms
label_ro: Formulare
source: forms
permission: forms.view
table_name: app_public.forms
person_sql: r.patient_id = p.id and r.deleted_at is null
time_sql: coalesce(r.completed_at, r.created_at)
event_property: formId
==========
code: plans
label_en: Service plans
label_ro: Planuri de servicii
source: plans
permission: patient_plans.view
table_name: app_public.patient_service_plans
person_sql: r.patient_profile_id = p.patient_profile_id
time_sql: r.starts_at
');
-- end of source: reference/rules/rule_collections.sql

-- source: reference/rules/rule_event_properties.sql
-- What properties of events are called in a condition. SEG-05. One that is not here goes by the name that it has in the event.

select app_private.own_rows('app_private.rule_event_properties', rows => '
  property         | label_en          | label_ro                 | choices_of
  -----------------+-------------------+--------------------------+---------------
  serviceId        | Service           | Serviciu                 | services
  specialistId     | Specialist        | Specialist               | specialists
  fromSpecialistId | Specialist before | Specialistul de dinainte | specialists
  calendarId       | Calendar          | Calendar                 | calendars
  templateId       | Form              | Formular                 | form_templates
  tierId           | Subscription      | Abonament                | patient_tiers
  segmentId        | Segment           | Segment                  | segments
  startsAt         | Starts on         | Începe în                |
  endsAt           | Ends on           | Se încheie în            |
  from             | State before      | Starea de dinainte       |
  to               | New state         | Starea nouă              |
  rating           | Stars             | Stele                    |
');
-- end of source: reference/rules/rule_event_properties.sql

-- source: reference/rules/rule_fields_of_appointments.sql
-- The fields of what a patient has several of: appointments. SEG-02, SEG-05. r is the row.

select app_private.own_rows('app_private.rule_fields', scope => '{"collection": "appointments"}', rows => '
code: appointment.status
position: 18
type: choice
label_en: State
label_ro: Stare
source: appointments
permission: appointments.view
cost: 3
value_sql: r.status
choices: [{"value": "booked", "ro": "programată", "en": "booked"}, {"value": "upcoming", "ro": "urmează", "en": "upcoming"}, {"value": "confirmed", "ro": "confirmată", "en": "confirmed"}, {"value": "inprogress", "ro": "în desfășurare", "en": "in progress"}, {"value": "done", "ro": "încheiată", "en": "done"}, {"value": "cancelled", "ro": "anulată", "en": "cancelled"}, {"value": "noshow", "ro": "neprezentare", "en": "no-show"}]
==========
code: appointment.service
position: 19
type: choice
label_en: Service
label_ro: Serviciu
source: appointments
permission: appointments.view
cost: 3
value_sql: r.service_id::text
choices_of: services
==========
code: appointment.specialist
position: 20
type: choice
label_en: Specialist
label_ro: Specialist
source: appointments
permission: appointments.view
cost: 3
value_sql: r.specialist_id::text
choices_of: specialists
==========
code: appointment.calendar
position: 21
type: choice
label_en: Calendar
label_ro: Calendar
source: appointments
permission: appointments.view
cost: 3
value_sql: r.calendar_id::text
choices_of: calendars
==========
code: appointment.modality
position: 22
type: choice
label_en: How it takes place
label_ro: Cum are loc
source: appointments
permission: appointments.view
cost: 3
value_sql: r.modality
choices: [{"value": "in_person", "ro": "la clinică", "en": "in person"}, {"value": "video", "ro": "video", "en": "video"}, {"value": "phone", "ro": "telefonic", "en": "by phone"}]
==========
code: appointment.starts_at
position: 23
type: instant
label_en: Day
label_ro: Ziua
source: appointments
permission: appointments.view
cost: 3
value_sql: r.starts_at
==========
code: appointment.created_at
position: 24
type: instant
label_en: Booked on
label_ro: Făcută în
source: appointments
permission: appointments.view
cost: 3
value_sql: r.created_at
==========
code: appointment.is_to_come
position: 25
type: boolean
label_en: Is still to come
label_ro: Urmează
source: appointments
permission: appointments.view
cost: 3
value_sql: r.starts_at > {now}
turns_sql: case when r.starts_at > {now} then r.starts_at end
==========
code: appointment.is_late_cancellation
position: 26
type: boolean
label_en: Was called off late
label_ro: A fost anulată târziu
source: appointments
permission: appointments.view
cost: 3
value_sql: r.is_late_cancellation
==========
code: appointment.is_by_plan
position: 27
type: boolean
label_en: Is by a plan
label_ro: Este dintr-un plan
source: appointments
permission: appointments.view
cost: 3
value_sql: r.patient_service_plan_id is not null
');
-- end of source: reference/rules/rule_fields_of_appointments.sql

-- source: reference/rules/rule_fields_of_forms.sql
-- The fields of what a patient has several of: forms. SEG-02, SEG-05. r is the row.

select app_private.own_rows('app_private.rule_fields', scope => '{"collection": "forms"}', rows => '
code: answered.template
position: 28
type: choice
label_en: Form
label_ro: Formular
source: forms
permission: forms.view
cost: 3
value_sql: r.template_id::text
choices_of: form_templates
==========
code: answered.status
position: 29
type: choice
label_en: State
label_ro: Stare
source: forms
permission: forms.view
cost: 3
value_sql: r.status
choices: [{"value": "pending", "ro": "neînceput", "en": "not begun"}, {"value": "in_progress", "ro": "în lucru", "en": "in progress"}, {"value": "completed", "ro": "completat", "en": "completed"}, {"value": "signed", "ro": "semnat", "en": "signed"}, {"value": "cancelled", "ro": "anulat", "en": "cancelled"}]
==========
code: answered.completed_at
position: 30
type: instant
label_en: Completed on
label_ro: Completat în
source: forms
permission: forms.view
cost: 3
value_sql: r.completed_at
==========
code: answered.created_at
position: 31
type: instant
label_en: Asked on
label_ro: Cerut în
source: forms
permission: forms.view
cost: 3
value_sql: r.created_at
');
-- end of source: reference/rules/rule_fields_of_forms.sql

-- source: reference/rules/rule_fields_of_patients.sql
-- The fields of a patient that every clinic has. SEG-02, SEG-05. p is the patient with the person, $1 the clinic; {today} and
-- {zone} are the clinic's, {now} the present. A new source, such as adherence, is a record here and its row in rule_sources:
-- the compiler needs no change. The subscription is the one that is live.

select app_private.own_rows('app_private.rule_fields', scope => '{"collection": null}', rows => '
code: profile.age
position: 1
type: number
label_en: Age
label_ro: Vârsta
source: profile
permission: patients.view
cost: 0
value_sql: case when p.birth_date <= {today} then extract(year from age({today}::timestamp, p.birth_date::timestamp)) end
turns_sql: case when p.birth_date > {today} then p.birth_date else greatest((p.birth_date + make_interval(years => extract(year from age({today}::timestamp, p.birth_date::timestamp))::int + 1))::date, {today} + 1) end::timestamp at time zone {zone}
==========
code: profile.birth_date
position: 2
type: date
label_en: Date of birth
label_ro: Data nașterii
source: profile
permission: patients.view
cost: 0
value_sql: p.birth_date
==========
code: profile.days_to_birthday
position: 3
type: number
label_en: Days until the birthday
label_ro: Zile până la ziua de naștere
source: profile
permission: patients.view
cost: 0
value_sql: case when p.birth_date <= {today} then (p.birth_date + make_interval(years => extract(year from {today})::int - extract(year from p.birth_date)::int + case when (p.birth_date + make_interval(years => extract(year from {today})::int - extract(year from p.birth_date)::int))::date < {today} then 1 else 0 end))::date - {today} end
turns_sql: case when p.birth_date is not null then ({today} + 1)::timestamp at time zone {zone} end
==========
code: profile.given_name
position: 4
type: text
label_en: Given name
label_ro: Prenume
source: profile
permission: patients.view
cost: 0
value_sql: p.given_name
==========
code: profile.family_name
position: 5
type: text
label_en: Family name
label_ro: Nume de familie
source: profile
permission: patients.view
cost: 0
value_sql: p.family_name
==========
code: profile.email
position: 6
type: text
label_en: E-mail address
label_ro: Adresă de e-mail
source: profile
permission: patients.view
cost: 0
value_sql: p.email
==========
code: profile.has_phone
position: 7
type: boolean
label_en: Has a phone number
label_ro: Are număr de telefon
source: profile
permission: patients.view
cost: 0
value_sql: p.phone is not null
==========
code: profile.locale
position: 8
type: choice
label_en: Language
label_ro: Limba
source: profile
permission: patients.view
cost: 0
value_sql: p.locale
choices: [{"value": "ro", "ro": "română", "en": "Romanian"}, {"value": "en", "ro": "engleză", "en": "English"}]
==========
code: patient.created_at
position: 9
type: instant
label_en: Patient since
label_ro: Pacient din
source: patient
permission: patients.view
cost: 0
value_sql: p.created_at
==========
code: patient.profile_completed_at
position: 10
type: instant
label_en: Profile complete since
label_ro: Profil complet din
source: patient
permission: patients.view
cost: 0
value_sql: p.profile_completed_at
==========
code: patient.has_account
position: 11
type: boolean
label_en: Has an account
label_ro: Are cont
source: profile
permission: patients.view
cost: 0
value_sql: p.human_id is not null
==========
code: patient.has_open_plan
position: 12
type: boolean
label_en: Has an open plan
label_ro: Are un plan deschis
source: plans
permission: patient_plans.view
cost: 1
value_sql: exists (select from app_public.patient_service_plans as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and app_public.patient_service_plans_is_open(s))
turns_sql: (select min(least(case when v.starts_at > {now} then v.starts_at end, case when v.valid_until > {now} then v.valid_until end, (select min(turn.at) from app_public.patient_subscriptions as s cross join lateral (values (s.ends_at), (s.trial_ends_at)) as turn (at) where s.organization_id = $1 and s.id = v.source_tier_subscription_id and turn.at > {now}))) from app_public.patient_service_plans as v where v.organization_id = $1 and v.patient_profile_id = p.patient_profile_id and v.ended_at is null)
==========
code: subscription.tier
position: 13
type: choice
label_en: Subscription
label_ro: Abonament
source: subscription
permission: patient_plans.view
cost: 1
value_sql: (select s.tier_id::text from app_public.patient_subscriptions as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and s.status in (''pending'', ''trialing'', ''active'', ''past_due''))
choices_of: patient_tiers
==========
code: subscription.status
position: 14
type: choice
label_en: State of the subscription
label_ro: Starea abonamentului
source: subscription
permission: patient_plans.view
cost: 1
value_sql: (select s.status from app_public.patient_subscriptions as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and s.status in (''pending'', ''trialing'', ''active'', ''past_due''))
choices: [{"value": "pending", "ro": "în așteptare", "en": "pending"}, {"value": "trialing", "ro": "de probă", "en": "on trial"}, {"value": "active", "ro": "activ", "en": "active"}, {"value": "past_due", "ro": "plată restantă", "en": "payment awaited"}]
==========
code: subscription.billing_period
position: 15
type: choice
label_en: Billing period of the subscription
label_ro: Perioada de facturare a abonamentului
source: subscription
permission: patient_plans.view
cost: 1
value_sql: (select s.billing_period from app_public.patient_subscriptions as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and s.status in (''pending'', ''trialing'', ''active'', ''past_due''))
choices: [{"value": "month", "ro": "lunar", "en": "monthly"}, {"value": "quarter", "ro": "trimestrial", "en": "quarterly"}, {"value": "year", "ro": "anual", "en": "yearly"}]
==========
code: subscription.since
position: 16
type: date
label_en: Subscribed since
label_ro: Abonat din
source: subscription
permission: patient_plans.view
cost: 1
value_sql: (select s.anchor_on from app_public.patient_subscriptions as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and s.status in (''pending'', ''trialing'', ''active'', ''past_due''))
==========
code: subscription.ends_at
position: 17
type: instant
label_en: Subscription ends on
label_ro: Abonamentul se încheie în
source: subscription
permission: patient_plans.view
cost: 1
value_sql: (select s.ends_at from app_public.patient_subscriptions as s where s.organization_id = $1 and s.patient_profile_id = p.patient_profile_id and s.status in (''pending'', ''trialing'', ''active'', ''past_due''))
');
-- end of source: reference/rules/rule_fields_of_patients.sql

-- source: reference/rules/rule_fields_of_plans.sql
-- The fields of what a patient has several of: plans. SEG-02, SEG-05. r is the row.

select app_private.own_rows('app_private.rule_fields', scope => '{"collection": "plans"}', rows => '
code: plan.service_plan
position: 32
type: choice
label_en: Plan
label_ro: Plan
source: plans
permission: patient_plans.view
cost: 3
value_sql: r.service_plan_id::text
choices_of: service_plans
==========
code: plan.is_open
position: 33
type: boolean
label_en: Is open
label_ro: Este deschis
source: plans
permission: patient_plans.view
cost: 3
value_sql: app_public.patient_service_plans_is_open(r)
turns_sql: least(case when r.starts_at > {now} then r.starts_at end, case when r.valid_until > {now} then r.valid_until end, (select min(turn.at) from app_public.patient_subscriptions as s cross join lateral (values (s.ends_at), (s.trial_ends_at)) as turn (at) where s.organization_id = $1 and s.id = r.source_tier_subscription_id and turn.at > {now}))
==========
code: plan.is_of_subscription
position: 34
type: boolean
label_en: Comes with a subscription
label_ro: Vine cu un abonament
source: plans
permission: patient_plans.view
cost: 3
value_sql: r.source_tier_subscription_id is not null
==========
code: plan.starts_at
position: 35
type: instant
label_en: Begins on
label_ro: Începe în
source: plans
permission: patient_plans.view
cost: 3
value_sql: r.starts_at
==========
code: plan.valid_until
position: 36
type: instant
label_en: Valid until
label_ro: Valabil până în
source: plans
permission: patient_plans.view
cost: 3
value_sql: r.valid_until
==========
code: plan.ended_at
position: 37
type: instant
label_en: Ended on
label_ro: Încheiat în
source: plans
permission: patient_plans.view
cost: 3
value_sql: r.ended_at
');
-- end of source: reference/rules/rule_fields_of_plans.sql

-- source: reference/rules/rule_operators.sql
-- How fields are compared. SEG-02. Where a field is missing the comparison is null, which counts as false. {v} is the field,
-- {a} and {b} what it is compared with; of a text {a} is folded when the rule is compiled.

select app_private.own_rows('app_private.rule_operators', rows => '
  type     | code            | position | label_en                    | label_ro                   | operand | condition_sql                                              | turning_days
  ---------+-----------------+----------+-----------------------------+----------------------------+---------+------------------------------------------------------------+------------------------------
  text     | is              | 1        | is                          | este                       | one     | app_private.rule_text({v}) = {a}                          |
  text     | is_not          | 2        | is not                      | nu este                    | one     | app_private.rule_text({v}) <> {a}                         |
  text     | contains        | 3        | contains                    | conține                    | one     | position({a} in app_private.rule_text({v})) > 0           |
  text     | contains_not    | 4        | does not contain            | nu conține                 | one     | position({a} in app_private.rule_text({v})) = 0           |
  text     | starts_with     | 5        | starts with                 | începe cu                  | one     | starts_with(app_private.rule_text({v}), {a})              |
  text     | one_of          | 6        | is one of                   | este una dintre            | list    | app_private.rule_text({v}) = any ({a})                    |
  text     | none_of         | 7        | is none of                  | nu este niciuna dintre     | list    | app_private.rule_text({v}) <> all ({a})                   |
  text     | is_set          | 8        | is known                    | este cunoscut              | none    | {v} is not null                                            |
  text     | is_not_set      | 9        | is not known                | nu este cunoscut           | none    | {v} is null                                                |
  number   | is              | 1        | is                          | este                       | one     | {v} = {a}                                                  |
  number   | is_not          | 2        | is not                      | nu este                    | one     | {v} <> {a}                                                 |
  number   | greater         | 3        | is greater than             | este mai mare decât        | one     | {v} > {a}                                                  |
  number   | at_least        | 4        | is at least                 | este cel puțin             | one     | {v} >= {a}                                                 |
  number   | less            | 5        | is less than                | este mai mic decât         | one     | {v} < {a}                                                  |
  number   | at_most         | 6        | is at most                  | este cel mult              | one     | {v} <= {a}                                                 |
  number   | between         | 7        | is between                  | este între                 | range   | {v} between {a} and {b}                                    |
  number   | is_set          | 8        | is known                    | este cunoscut              | none    | {v} is not null                                            |
  number   | is_not_set      | 9        | is not known                | nu este cunoscut           | none    | {v} is null                                                |
  boolean  | is              | 1        | is                          | este                       | one     | {v} = {a}                                                  |
  boolean  | is_set          | 2        | is known                    | este cunoscut              | none    | {v} is not null                                            |
  boolean  | is_not_set      | 3        | is not known                | nu este cunoscut           | none    | {v} is null                                                |
  date     | is              | 1        | is on                       | este în ziua de            | one     | {v} = {a}                                                  |
  date     | is_not          | 2        | is not on                   | nu este în ziua de         | one     | {v} <> {a}                                                 |
  date     | before          | 3        | is before                   | este înainte de            | one     | {v} < {a}                                                  |
  date     | until           | 4        | is on or before             | este cel târziu în         | one     | {v} <= {a}                                                 |
  date     | after           | 5        | is after                    | este după                  | one     | {v} > {a}                                                  |
  date     | since           | 6        | is on or after              | este cel devreme în        | one     | {v} >= {a}                                                 |
  date     | between         | 7        | is between                  | este între                 | range   | {v} between {a} and {b}                                    |
  date     | last_days       | 8        | is today or in the last … days | este azi sau în ultimele … zile | days | {v} between {today} - {a} and {today}                      | {v}; {v} + {a} + 1
  date     | more_days_ago   | 9        | was more than … days ago    | a fost acum mai mult de … zile | days | {v} < {today} - {a}                                        | {v} + {a} + 1
  date     | next_days       | 10       | is today or in the next … days | este azi sau în următoarele … zile | days | {v} between {today} and {today} + {a}                 | {v} - {a}; {v} + 1
  date     | is_set          | 11       | is known                    | este cunoscută             | none    | {v} is not null                                            |
  date     | is_not_set      | 12       | is not known                | nu este cunoscută          | none    | {v} is null                                                |
  choice   | is              | 1        | is                          | este                       | one     | {v} = {a}                                                  |
  choice   | is_not          | 2        | is not                      | nu este                    | one     | {v} <> {a}                                                 |
  choice   | one_of          | 3        | is one of                   | este una dintre            | list    | {v} = any ({a})                                            |
  choice   | none_of         | 4        | is none of                  | nu este niciuna dintre     | list    | {v} <> all ({a})                                           |
  choice   | is_set          | 5        | is known                    | este cunoscută             | none    | {v} is not null                                            |
  choice   | is_not_set      | 6        | is not known                | nu este cunoscută          | none    | {v} is null                                                |
  choices  | includes        | 1        | includes                    | include                    | one     | {v} @> array[{a}]                                          |
  choices  | includes_not    | 2        | does not include            | nu include                 | one     | not {v} @> array[{a}]                                      |
  choices  | includes_any    | 3        | includes any of             | include una dintre         | list    | {v} && {a}                                                 |
  choices  | includes_all    | 4        | includes all of             | include toate              | list    | {v} @> {a}                                                 |
  choices  | is_set          | 5        | is known                    | este cunoscut              | none    | {v} is not null                                            |
  choices  | is_not_set      | 6        | is not known                | nu este cunoscut           | none    | {v} is null                                                |
  presence | is_set          | 1        | is there                    | există                     | none    | {v} is not null                                            |
  presence | is_not_set      | 2        | is not there                | nu există                  | none    | {v} is null                                                |
');
-- end of source: reference/rules/rule_operators.sql

-- source: reference/rules/rule_sources.sql
-- Which rows a rule reads, and whom a changed row is about: what marks patients to be looked at again stands on these. SEG-03.
-- A score of a form is written with its completion, so form stands for both.

select app_private.own_rows('app_private.rule_sources', rows => '
  code         | table_name                           | found_by           | detail_column
  -------------+--------------------------------------+--------------------+----------------
  profile      | app_public.patient_profiles          | profile            |
  patient      | app_public.patients                  | patient            |
  clinic       | app_public.organizations             | clinic             |
  custom       | app_public.custom_field_values       | patient_profile_id | custom_field_id
  form         | app_public.forms                     | patient_id         | template_id
  forms        | app_public.forms                     | patient_id         |
  appointments | app_public.appointments              | patient_profile_id |
  consents     | app_public.consents                  | patient_profile_id | purpose_code
  consents     | app_public.consent_purpose_versions  | everyone           | purpose_code
  plans        | app_public.patient_service_plans     | patient_profile_id |
  plans        | app_public.patient_subscriptions     | patient_profile_id |
  subscription | app_public.patient_subscriptions     | patient_profile_id |
  segment      | app_public.segment_members           | patient_id         | segment_id
');
-- end of source: reference/rules/rule_sources.sql

-- source: reference/segments/segment_events.sql
-- What is published about segments. A version is never changed: a new one is added. FND-14, SEG-04.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "segment_member"}', rows => '
name: segment.entered
version: 1
description: Something of a patient changed, or time passed, and they are in a segment now.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["segmentId", "patientId", "segmentVersion"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "segmentId": {"type": "string", "format": "uuid"},
   "segmentVersion": {"type": "integer"}}}
==========
name: segment.left
version: 1
description: Something of a patient changed, or time passed, and they are not in a segment any more.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["segmentId", "patientId", "segmentVersion"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "segmentId": {"type": "string", "format": "uuid"},
   "segmentVersion": {"type": "integer"}}}
');
-- end of source: reference/segments/segment_events.sql

-- source: reference/webhooks/webhook_events_catalog.sql
-- Which events may leave, to software of the clinic: of what is about patients, ids and times. WHK-01, FND-14.

select app_private.own_rows('app_private.event_subscriptions', scope => '{"consumer": "webhooks"}', rows => '
  event_name                       | messages_function
  ---------------------------------+------------------
  appointment.booked               |
  appointment.cancelled            |
  appointment.changed              |
  appointment.confirmed            |
  appointment.done                 |
  appointment.noshow               |
  appointment.patient_changed      |
  appointment.reinstated           |
  appointment.rescheduled          |
  appointment.started              |
  booking_request.changed          |
  booking_request.confirmed        |
  booking_request.expired          |
  booking_request.moved            |
  booking_request.received         |
  booking_request.rejected         |
  booking_request.withdrawn        |
  consent.granted                  |
  consent.refused                  |
  consent.withdrawn                |
  form.cancelled                   |
  form.completed                   |
  form.created                     |
  form.reopened                    |
  form.signed                      |
  patient.booking_blocked          |
  patient.booking_block_lifted     |
  patient.merge_undone             |
  patient.merged                   |
  patient.onboarded                |
  patient.profile_completed        |
  patient_subscription.active      |
  patient_subscription.canceled    |
  patient_subscription.expired     |
  patient_subscription.past_due    |
  patient_subscription.tier_changed |
  privacy_notice.published         |
  segment.entered                  |
  segment.left                     |
  waitlist_entry.offered           |
');
-- end of source: reference/webhooks/webhook_events_catalog.sql

-- source: reference/webhooks/webhook_subscription_events.sql
-- What is published about subscriptions of webhooks. A version is never changed: a new one is added. WHK-01, FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "webhook_subscription"}', rows => '
name: webhook_subscription.added
version: 1
description: A clinic has its own software told of events.
payload_schema:
{"type": "object", "required": [], "properties": {}, "additionalProperties": false}
==========
name: webhook_subscription.disabled
version: 1
description: A subscription is told nothing any more: by somebody, because the address is gone, or after five days of failures.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["reason"],
 "properties": {
   "reason": {"enum": ["by_staff", "gone", "failing"], "type": "string"}}}
==========
name: webhook_subscription.enabled
version: 1
description: A subscription is told again.
payload_schema:
{"type": "object", "required": [], "properties": {}, "additionalProperties": false}
');
-- end of source: reference/webhooks/webhook_subscription_events.sql

-- source: reference/webhooks/webhook_transitions.sql
-- When a subscription is told, and what becomes of a delivery. WHK-01, WHK-02.
-- An empty from_state is creation. docs/state-machines/webhook_subscriptions.md and webhook_events.md are drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "webhook_subscriptions"}', rows => '
  from_state | to_state | actor  | permission      | event                         | quiet_because
  -----------+----------+--------+-----------------+-------------------------------+--------------------------------
             | active   | staff  | webhooks.manage | webhook_subscription.added    | The clinic''s own staff did it.
  active     | disabled | staff  | webhooks.manage | webhook_subscription.disabled |
  active     | disabled | system |                 | webhook_subscription.disabled |
  disabled   | active   | staff  | webhooks.manage | webhook_subscription.enabled  | The clinic''s own staff did it.
');

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "webhook_events"}', rows => '
  from_state | to_state  | actor  | permission
  -----------+-----------+--------+----------------
             | pending   | system |
  pending    | delivered | system |
  pending    | failed    | system |
  pending    | cancelled | system |
  cancelled  | delivered | system |
  cancelled  | pending   | staff  | webhooks.manage
  failed     | pending   | staff  | webhooks.manage
  delivered  | pending   | staff  | webhooks.manage
');
-- end of source: reference/webhooks/webhook_transitions.sql

select app_private.write_owned_rows();

--! split: 920-automation-permissions.sql
-- Owners and administrators of clinics that are there already see and edit automations. AUT-01.

set local role app_engine;
insert into app_public.role_permissions (organization_id, role_id, permission)
select roles.organization_id, roles.id, permissions.name
from app_public.roles
cross join app_public.permissions
where roles.system_role_key in ('owner', 'admin') and permissions.name in ('automations.view', 'automations.manage')
on conflict do nothing;
reset role;

--! split: 921-onboarding-automations.sql
-- Clinics that are there already find the welcome of new patients among their automations, switched off: nobody writes to their
-- patients in words that the clinic has not read. docs/decisions/0142. AUT-05.

set local role app_engine;
select app_private.give_onboarding_automation(organizations.id, false)
from app_public.organizations
where not exists (
  select from app_public.automation_rules where automation_rules.organization_id = organizations.id);
reset role;

--! split: 922-segment-permissions.sql
-- Owners and administrators of clinics that are there already make segments, and their specialists see them. SEG-01.

set local role app_engine;
insert into app_public.role_permissions (organization_id, role_id, permission)
select roles.organization_id, roles.id, permissions.name
from app_public.roles
cross join app_public.permissions
where roles.system_role_key in ('owner', 'admin') and permissions.name in ('segments.view', 'segments.manage')
  or roles.system_role_key = 'specialist' and permissions.name = 'segments.view'
on conflict do nothing;
reset role;

--! split: 930-webhook-permissions.sql
-- Owners and administrators of clinics that are there already manage webhooks. WHK-01.

set local role app_engine;
insert into app_public.role_permissions (organization_id, role_id, permission)
select roles.organization_id, roles.id, permissions.name
from app_public.roles
cross join app_public.permissions
where roles.system_role_key in ('owner', 'admin') and permissions.name in ('webhooks.manage', 'webhooks.view')
on conflict do nothing;
reset role;

--! split: 950-documents-permissions.sql
-- Clinics that are there already: their system roles get what new clinics' roles have, and they get the templates of documents. FND-04, DOC-01.
set local role app_engine;
insert into app_public.role_permissions (organization_id, role_id, permission)
select roles.organization_id, roles.id, system_role_permissions.permission
from app_public.roles
join app_public.system_role_permissions on system_role_permissions.role_key = roles.system_role_key
where system_role_permissions.permission in ('document_templates.manage', 'documents.manage', 'documents.view')
on conflict do nothing;
select app_private.give_predefined_documents(organizations.id) from app_public.organizations order by organizations.id;
reset role;
