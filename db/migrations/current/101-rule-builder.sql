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

