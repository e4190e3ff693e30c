-- Patients are found by words: a row for each name, the number, the address and the birthday of a patient. FND-07.
drop function if exists app_public.search_patients(uuid, text);
drop type if exists app_public.patient_match;
create type app_public.patient_match as (
  patient_id uuid,
  patient_profile_id uuid,
  is_similar boolean,
  duplicate_ids uuid[]
);
comment on type app_public.patient_match is
  E'@foreignKey (patient_id) references app_public.patients (id)\n'
  '@foreignKey (patient_profile_id) references app_public.patient_profiles (id)\n'
  'A patient who was searched for.';
comment on column app_public.patient_match.is_similar is
  'Whether the name is only similar to what was typed; false where it begins with it.';
comment on column app_public.patient_match.duplicate_ids is
  'Other patients of the clinic who are probably the same person, by the id of Patient; what likelyDuplicates says.';

drop function if exists app_private.search_terms(text, text);
drop type if exists app_private.search_terms;
create type app_private.search_terms as (words text[], number text[], mail text);
comment on type app_private.search_terms is
  'What somebody typed: words that a patient must all have, ways to read a number of which one must fit, and what may be the beginning of an address instead.';

-- Derived from patients and their profiles; 910-search.sql fills both tables.
-- squawk-ignore ban-drop-table
drop table if exists app_private.patient_search;
-- squawk-ignore ban-drop-table
drop table if exists app_private.search_words;

create table app_private.patient_search (
  organization_id uuid not null,
  patient_profile_id uuid not null,
  word text collate "C" not null,
  text text not null,
  constraint patient_search_pkey primary key (organization_id, patient_profile_id, word),
  constraint patient_search_organization_id_patient_profile_id_fkey foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on update cascade on delete cascade
);
create index patient_search_word_idx on app_private.patient_search (organization_id, word);
comment on table app_private.patient_search is
  'What search_patients() finds a patient by, a row a word; kept by triggers, made anew at will.';
comment on column app_private.patient_search.word is
  'A name as search_text() folds it, or a fact behind its mark: = birthday, @ address, + number, - number from its end.';
comment on column app_private.patient_search.text is
  'All words of the patient, a space before each: family names, a comma, given names, a semicolon, facts.';

create table app_private.search_words (
  organization_id uuid not null,
  word text collate "C" not null,
  constraint search_words_pkey primary key (organization_id, word),
  constraint search_words_organization_id_fkey foreign key (organization_id)
    references app_public.organizations (id) on delete cascade
);
create index search_words_word_idx on app_private.search_words
  using gist (organization_id, word extensions.gist_trgm_ops (siglen = 64));
comment on table app_private.search_words is
  'Each name that patients of a clinic have, once: what a name that was typed wrongly may have been.';
