-- Test: home_region - of a row of a clinic the clinic's country; of a person the clinic that is named, or the country that
-- all their clinics share. FND-07.
begin;
select plan(11);
select tests.clinic('roma');
update app_public.organizations set country = 'IT' where slug = 'roma';
select tests.patient('dario', account => false);
select tests.clinic('boreal');
select tests.patient('dora', account => false);
select tests.clinic('atlas');
select tests.patient('ana', account => false);
select tests.patient('dora at both', account => false);
select tests.admitted(tests.id('roma'), tests.id('ana'));
select tests.admitted(tests.id('boreal'), tests.id('dora at both'));
create function pg_temp.region(person text, named text default null, of_table text default 'patient_profiles') returns text language plpgsql as $$
begin
  perform set_config('app.organization_id', case when named is null then '' else tests.id(named)::text end, true);
  return app_private.home_region(of_table, null, tests.id(person));
end $$;
select is(app_private.home_region('specialists', tests.id('atlas'), uuidv7()), 'RO', 'a row of a clinic');
select is(app_private.home_region('specialists', tests.id('roma'), uuidv7()), 'IT', 'of another one');
select is(app_private.home_region('patient_profiles', tests.id('roma'), tests.id('ana')), 'IT', 'whatever table it is in');
select is(pg_temp.region('dario'), 'IT', 'a patient of one clinic');
select is(pg_temp.region('dora at both'), 'RO', 'of two in one country');
select is(pg_temp.region('ana'), null, 'of two in two countries it must be said');
select is(pg_temp.region('ana', 'roma'), 'IT', 'or the request is about one of them');
select is(pg_temp.region('ana', 'atlas'), 'RO', 'or the other');
select is(pg_temp.region('dario', 'atlas'), null, 'about a clinic of which they are no patient it says nothing');
select is(pg_temp.region('dario', of_table => 'humans'), null, 'nor does a table of neither clinics nor patients');
select is(app_private.home_region('patient_profiles', null, uuidv7()), null, 'nor a patient of no clinic');
select * from finish();
rollback;
