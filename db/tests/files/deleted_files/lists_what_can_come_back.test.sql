-- Test: deleted_files - of one clinic or of all of them, while the bytes are there. FND-10, FND-13.
begin;
select plan(8);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('adrian', 'admin', 'boreal');
select tests.file('northern', 'organization_logo', tests.id('boreal'), 'adrian', status => 'deleted');
select tests.file('old logo', 'organization_logo', tests.id('atlas'), 'adrian', status => 'deleted');
select tests.file('without bytes', 'organization_logo', tests.id('atlas'), 'adrian', status => 'deleted');
select tests.file('logo', 'organization_logo', tests.id('atlas'), 'adrian');
update app_public.files set objects_removed_at = app_hidden.now() where id = tests.id('without bytes');
create function pg_temp.listed(clinic text default null) returns text[] language sql as $$
  select array_agg(label order by label) from app_public.deleted_files(case when clinic is not null then tests.id(clinic) end);
$$;
select tests.act_as((select principal_id from tests.personas where name = 'adrian'), null::uuid);
select is(pg_temp.listed(), '{northern.png,"old logo.png"}', 'of every clinic');
select is(pg_temp.listed('atlas'), '{"old logo.png"}', 'of one');
select is(pg_temp.listed('boreal'), '{northern.png}', 'of the other');
select is((select count(*) from app_public.deleted_files(uuidv7())), 0::bigint, 'of none');
select tests.freeze_time('2027-03-30 07:59:59+03');
select is(pg_temp.listed('atlas'), '{"old logo.png"}', 'up to a second before 29 days');
select is(pg_temp.listed('boreal'), '{northern.png}', '… at both');
select tests.freeze_time('2027-03-30 09:00+03');
select is(pg_temp.listed('atlas'), null, 'then no more');
select is(pg_temp.listed(), null, '… at none');
select * from finish();
rollback;
