-- Test: listing - one rule for every patient-facing catalog: staff and patients of the clinic, nobody else, and not a removed patient. SPC-05, CAT-01, SCH-02.
begin;
select tests.two_clinics();
create temporary table catalogs as
select unnest('{specialties,specialists,specialist_specialties,services,service_specialists,calendars,calendar_specialists}'::text[]) as name;
grant select on catalogs to public;
select plan((select count(*)::int from catalogs) * 7);
-- Of which clinics a persona sees rows in a catalog; the platform's specialties are nobody's.
create function pg_temp.clinics_in(persona text, catalog text, clinic text default null) returns text[] language plpgsql as $$
declare v_ids uuid[]; v_slugs text[];
begin
  perform tests.act_as(persona);
  if clinic is not null then perform tests.act_as(persona, clinic); end if;
  execute format('select array_agg(distinct organization_id) from app_public.%I where organization_id is not null', catalog) into v_ids;
  perform tests.act_as('the database');
  select coalesce(array_agg(slug order by slug), '{}') into v_slugs from app_public.organizations where id = any (v_ids);
  return v_slugs;
end $$;
select is(pg_temp.clinics_in('flavia', name), '{atlas}', name || ': staff see their clinic''s') from catalogs;
select is(pg_temp.clinics_in('ana', name), '{atlas}', name || ': a patient sees the clinic''s') from catalogs;
select is(pg_temp.clinics_in('corina', name), '{atlas}', name || ': a caregiver too') from catalogs;
select is(pg_temp.clinics_in('dora', name), '{}', name || ': a closed account sees none') from catalogs;
select is(pg_temp.clinics_in('root', name), '{}', name || ': the platform sees none') from catalogs;
select tests.act_as('a visitor');
select throws_ok(format('select organization_id from app_public.%I', name), '42501', null, name || ': a visitor sees none') from catalogs;
select tests.act_as('the database');
update app_public.patients set deleted_at = now() where patient_profile_id = tests.id('ana');
select is(pg_temp.clinics_in('ana', name), '{}', name || ': a removed patient sees none') from catalogs;
select * from finish();
rollback;
