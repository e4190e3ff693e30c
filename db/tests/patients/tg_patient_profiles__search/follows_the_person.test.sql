-- Test: tg_patient_profiles__search - another name or number is what somebody is found by, at every clinic; others stay as they are. FND-07.
begin;
select plan(3);
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.patient('ana', account => false);
select tests.patient('bogdan', account => false);
select tests.admitted(tests.id('boreal'), tests.id('ana'));
create function pg_temp.texts(person text) returns text[] language sql as $$
  select array_agg(text order by organization_id) from app_private.patient_search where patient_profile_id = tests.id(person);
$$;
select is(pg_temp.texts('ana'), '{" popescu ana 40722000111"," popescu ana 40722000111"}', 'found at both clinics');
update app_public.patient_profiles set family_name = 'Țepeș', phone = null where id = tests.id('ana');
select is(pg_temp.texts('ana'), '{" tepes ana"," tepes ana"}', 'otherwise from now on, at both');
select is(pg_temp.texts('bogdan'), '{" popescu bogdan 40722000111"}', 'and nobody else');
select * from finish();
rollback;
