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

