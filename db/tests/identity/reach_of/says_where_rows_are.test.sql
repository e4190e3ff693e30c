-- Test: reach_of - whether somebody works at the clinic they name, or at any; and the clinic, where they belong to one alone.
-- FND-04, FND-29.
begin;
select plan(11);
select tests.clinic('boreal');
select tests.staff('olga', 'owner');
select tests.patient('ana');
select tests.clinic('atlas');
select tests.staff('olga', 'admin');
select tests.staff('nora', 'admin');
select tests.staff('petra', 'admin');
select tests.patient('ana');
select tests.patient('bogdan');
-- Works at atlas, and is a patient of boreal.
update app_public.patient_profiles set human_id = null where human_id = (select principal_id from tests.personas where name = 'bogdan');
create function pg_temp.reach(who text, clinic text) returns text language plpgsql as $$
declare
  v_reach record;
  v_id uuid := (select principal_id from tests.personas where name = who);
  v_clinic uuid := case when clinic is not null then tests.id(clinic) end;
  v_role text := current_setting('role');
begin
  perform set_config('role', 'app_authenticator', true);
  select * into v_reach from app_hidden.reach_of(v_id, v_clinic);
  perform set_config('role', v_role, true);
  return v_reach.is_staff || ' ' || coalesce((select n.name from tests.names n where n.id = v_reach.only_clinic), 'several or none');
end $$;
select is(pg_temp.reach(who, clinic), expected, who || coalesce(' at ' || clinic, ''))
from (values
  ('olga', null, 'true several or none'), ('olga', 'atlas', 'true atlas'), ('olga', 'boreal', 'true boreal'),
  ('nora', null, 'true atlas'), ('nora', 'boreal', 'false several or none'),
  ('ana', null, 'false several or none'), ('ana', 'atlas', 'false several or none')
) as t (who, clinic, expected);
update app_public.patient_profiles set human_id = (select principal_id from tests.personas where name = 'petra')
where human_id = (select principal_id from tests.personas where name = 'ana');
select is(pg_temp.reach('petra', null), 'true several or none', 'who works at one clinic and is a patient of another belongs to both');
select is(pg_temp.reach('petra', 'atlas'), 'true atlas', '… and to one where that one is named');
update app_public.principals set platform_role = 'superadmin' where id = (select principal_id from tests.personas where name = 'nora');
select is(pg_temp.reach('nora', null), 'true several or none', 'a superadmin who works at one clinic sees the platform''s log, too');
update app_public.principals set disabled_at = now() where id = (select principal_id from tests.personas where name = 'nora');
select is(pg_temp.reach('nora', null), 'false several or none', 'a closed account works nowhere');
select * from finish();
rollback;
