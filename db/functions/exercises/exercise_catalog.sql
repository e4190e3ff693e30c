-- The library as a patient sees it: what is published, in the language of their profile, while the clinic, a plan or the clinic by hand
-- opens it to them. Asked at every statement, so it is closed as soon as that ends. EXL-04, CAT-08.

set role app_engine;

create or replace function app_public.exercise_catalog(patient_id uuid default null, terms text[] default '{}')
returns setof app_public.shown_exercise
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_language text;
  v_is_open boolean;
begin
  -- Whoever names nobody is the one of theirs to whom it is open, themselves first.
  select patient_profiles.locale, access.is_open into v_language, v_is_open
  from app_public.patients
  join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
  cross join lateral app_hidden.has_access(patients.organization_id, patients.id, 'library_access') as access (is_open)
  where patients.patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[])
    and patients.organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[])
    and patients.deleted_at is null
    and (exercise_catalog.patient_id is null or patients.id = exercise_catalog.patient_id)
  order by access.is_open desc, patient_profiles.human_id is not distinct from app_hidden.current_account_id() desc, patients.id
  limit 1;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  elsif not v_is_open then
    perform app_hidden.refuse('FORBIDDEN', 'library_closed');
  end if;
  return query
    select shown.*
    from app_public.exercises
    left join app_public.exercise_renders as preview on preview.exercise_id = exercises.id and preview.id = exercises.catalog_render_id
    cross join lateral app_private.shown_exercise(exercises, preview.recipe_hash, v_language) as shown
    where exercises.status = 'published'
      and app_private.exercise_has_terms(exercises.id, exercise_catalog.terms)
    order by shown.name, exercises.id;
end;
$$;

comment on function app_public.exercise_catalog is
  E'@arg patientId For whom of the caller''s it is; where nobody is named, for the one to whom it is open.\n'
  '@arg terms Only exercises with all of these, by the slugs of ExerciseTerm; a category holds those below it.\n'
  'The published exercises with their videos, in the language of the patient, each with its contraindications. FORBIDDEN library_closed '
  'while nothing opens the library to them.';
grant execute on function app_public.exercise_catalog to app_member;

reset role;

create or replace function app_private.exercise_has_terms(exercise_id uuid, terms text[]) returns boolean
language sql stable
set search_path = ''
begin atomic
  select not exists (
    select from unnest(exercise_has_terms.terms) as asked (slug)
    where not exists (
      with recursive below as (
        select exercise_terms.id from app_public.exercise_terms where exercise_terms.slug = asked.slug
        union
        select child.id from below join app_public.exercise_terms as child on child.parent_id = below.id
      )
      select from below
      join app_public.exercise_tags on exercise_tags.term_id = below.id and exercise_tags.exercise_id = exercise_has_terms.exercise_id));
end;

comment on function app_private.exercise_has_terms is 'Whether an exercise has each of these terms, or one below it.';
grant execute on function app_private.exercise_has_terms to app_engine;
