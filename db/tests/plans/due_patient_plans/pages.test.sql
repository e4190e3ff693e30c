-- Test: due_patient_plans - patients a page at a time, each once, the oldest first; the next page begins after the last one, also among those who are due at one time. CAT-06.
begin;
select plan(4);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.plan('days', 5, 10), tests.plan('weeks', 5, 21);
select tests.patient(name, account => false), tests.has_plan(name, 'weeks') from unnest('{ana,bogdan,carmen}'::text[]) as name;
select tests.has_plan('carmen', 'days');
select tests.freeze_time('2027-03-31 08:00+03');
create temporary table people as
select name, tests.id(name) as id, row_number() over (order by name <> 'carmen', tests.id(name)) as place from unnest('{ana,bogdan,carmen}'::text[]) as name;
create function pg_temp.page(after int) returns bigint[] language sql as $$
  select array_agg(people.place order by due.due_at, due.patient_profile_id)
  from (select min(valid_until) as at, patient_profile_id as id from app_public.patient_service_plans
    where patient_profile_id = (select people.id from people where place = after) group by 2) as last
  right join (select) as one on true
  cross join lateral app_private.due_patient_plans(2, last.at, tests.id('atlas'), last.id) as due
  join people on people.id = due.patient_profile_id
$$;
select is(pg_temp.page(0), '{1,2}', 'the one with two plans by the older');
select is(pg_temp.page(1), '{2,3}', 'after the oldest');
select is(pg_temp.page(2), '{3}', 'after one of two who are due at the same time');
select is(pg_temp.page(3), null, 'and no more');
select * from finish();
rollback;
