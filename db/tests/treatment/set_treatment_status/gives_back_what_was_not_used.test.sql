-- Test: set_treatment_status - a plan that is ended gives its assignment back only while nothing of it was begun, done or missed. EXE-03, CAT-06.
begin;
select plan(9);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.patient('ana');
select tests.plan('five', 10, assignments => 5), tests.has_plan('ana', 'five');
select tests.treatment_plan('untouched', 2, 0), tests.treatment_plan('begun', 2, 0), tests.treatment_plan('done', 2, 0), tests.treatment_plan('missed', 2, 0);
create function pg_temp.left_of() returns int language sql security definer as $$ select tests.left_of('ana', 'five', 'treatment_plan_assignments') $$;
create function pg_temp.ended(plan text) returns int language plpgsql as $$
begin
  perform app_public.set_treatment_status((select p.id from app_public.patient_treatment_plans p where p.version_id = tests.id(plan)), 'cancelled', 'Had surgery');
  return pg_temp.left_of();
end $$;
create function pg_temp.becomes(plan text, variadic statuses text[]) returns void language plpgsql security definer as $$
declare
  v_status text;
begin
  foreach v_status in array statuses loop
    update app_public.patient_sessions s
    set status = v_status, started_at = case when v_status in ('started', 'completed') then app_hidden.now() end,
        completed_at = case when v_status = 'completed' then app_hidden.now() end
    where s.version_id = tests.id(plan) and s.position = 1;
  end loop;
end $$;

select tests.act_as('adrian');
select app_public.assign_treatment_plan(tests.id('ana at atlas'), tests.id(plan), '2027-03-01') from unnest('{untouched,begun,done,missed}'::text[]) as plan;
select is(pg_temp.left_of(), 1, 'four of five are used');
select is(pg_temp.ended('untouched'), 2, 'ended before anything of it was begun it gives one back');
select is((select count(*) from app_public.patient_sessions where version_id <> tests.id('untouched') and status = 'due'), 6::bigint, 'the others go on');
select pg_temp.becomes('begun', 'started');
select is(pg_temp.ended('begun'), 2, 'ended while a session is under way it does not');
select is((select string_agg(status, ' ') from app_public.patient_sessions where version_id = tests.id('begun')), 'cancelled cancelled', 'which is not asked for any more');
select pg_temp.becomes('done', 'started', 'completed');
select is(pg_temp.ended('done'), 2, 'nor after one was done');
select pg_temp.becomes('missed', 'missed');
select is(pg_temp.ended('missed'), 2, 'or missed');
select is((app_public.assign_treatment_plan(tests.id('ana at atlas'), tests.id('untouched'), '2027-03-01')).status, 'active', 'what was given back is used again');
select is(pg_temp.left_of(), 1, 'and counted');
select * from finish();
rollback;
