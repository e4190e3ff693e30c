-- An address may be a family's, so that it never decides alone who takes a profile over: the name must agree, and a
-- birthday must not differ. Asked by whoever claims a profile and by whoever accepts an invitation to one. FND-07, FND-34.

create or replace function app_private.fact_that_differs(
  profile app_public.patient_profiles, name_key text, birth_date date
) returns text
language sql stable
set search_path = ''
begin atomic
  select case
    when app_private.name_key((profile).given_name || ' ' || (profile).family_name) is distinct from fact_that_differs.name_key
      then 'name'
    when (profile).birth_date <> fact_that_differs.birth_date then 'birthday'
  end;
end;

comment on function app_private.fact_that_differs is
  'name or birthday, whichever speaks against that somebody of this name and birthday is the person of the profile; null if nothing does.';
grant execute on function app_private.fact_that_differs to app_engine;
