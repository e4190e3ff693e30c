-- What patients are found by: their names and number in one folded text, by clinic, so that a look-up neither misses
-- Mureșan for muresan nor walks through the patients of every clinic. FND-07.

drop function if exists app_public.search_patients(uuid, text);
-- squawk-ignore ban-drop-table
drop table if exists app_private.patient_search;

create table app_private.patient_search (
  organization_id uuid not null,
  patient_id uuid not null,
  patient_profile_id uuid not null references app_public.patient_profiles on delete cascade,
  text text not null,
  primary key (organization_id, patient_id),
  foreign key (organization_id, patient_id) references app_public.patients (organization_id, id) on delete cascade
);
create index patient_search_text_idx on app_private.patient_search
  using gist (organization_id, text extensions.gist_trgm_ops (siglen = 64));
create index patient_search_patient_profile_id_idx on app_private.patient_search (patient_profile_id);
comment on table app_private.patient_search is
  'Names and telephone number of each patient as search_patients() looks for them; kept by triggers, made anew at will.';
comment on column app_private.patient_search.text is
  'A space before every word: family names, given names, digits of the number.';

-- The order of a list of names is that of the language: Ș after S, Ț after T, Ă and Â after A. The collation is
-- deterministic, so that cursors tell rows apart. The API orders these columns by it (server/plugins/name_order.ts).
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.patient_profiles_family_name_idx;
-- squawk-ignore require-concurrent-index-creation
create index patient_profiles_family_name_idx on app_public.patient_profiles
  (family_name collate "ro-x-icu", given_name collate "ro-x-icu", id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.specialists_name_idx;
-- squawk-ignore require-concurrent-index-creation
create index specialists_name_idx on app_public.specialists
  (organization_id, family_name collate "ro-x-icu", given_name collate "ro-x-icu", id);
