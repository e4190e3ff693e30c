-- The words that an exercise is ordered by, all of them at once. EXL-02.

create or replace function app_private.tag_exercise(exercise_id uuid, terms text[]) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_terms constant text[] := coalesce(tag_exercise.terms, '{}');
  v_unknown text;
begin
  select given.slug into v_unknown
  from unnest(v_terms) as given (slug)
  where not exists (select from app_public.exercise_terms where exercise_terms.slug = given.slug)
  limit 1;
  if found then
    perform app_hidden.refuse('VALIDATION', 'exercise_term_unknown', jsonb_build_object('field', 'terms', 'term', left(v_unknown, 63)));
  end if;
  delete from app_public.exercise_tags
  using app_public.exercise_terms
  where exercise_tags.exercise_id = tag_exercise.exercise_id
    and exercise_terms.id = exercise_tags.term_id
    and exercise_terms.slug <> all (v_terms);
  insert into app_public.exercise_tags (exercise_id, term_id)
  select tag_exercise.exercise_id, exercise_terms.id
  from app_public.exercise_terms
  where exercise_terms.slug = any (v_terms)
  on conflict on constraint exercise_tags_pkey do nothing;
end;
$$;

comment on function app_private.tag_exercise is 'Sets the terms of an exercise, by their slugs; VALIDATION exercise_term_unknown.';
grant execute on function app_private.tag_exercise to app_engine;
