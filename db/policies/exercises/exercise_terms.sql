-- The words that exercises are ordered by: everyone's to read who is signed in, written by migrations only. EXL-02.

select app_private.classify('app_public.exercise_terms', home => 'platform', retention => 'reference', classes =>
  '{"public": ["id", "kind", "slug", "parent_id", "place", "names"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.exercise_terms', engine => 'select');

grant select on app_public.exercise_terms to app_member;

create policy exercise_terms_select_everyone on app_public.exercise_terms for select to app_member
  using (true);

create or replace trigger _150_fixed_id before insert on app_public.exercise_terms
  for each row execute function app_private.tg_fixed_id('kind', 'slug');
