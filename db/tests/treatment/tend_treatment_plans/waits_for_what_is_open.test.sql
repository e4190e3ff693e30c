-- Test: tend_treatment_plans - what was begun has a day; a plan past its end waits for what is booked or under way, and who falls behind is told of by what was due of this plan. EXE-03, EXE-04.
begin;
select plan(19);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('atlas');
select tests.specialist('stefan', '{"mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]]}');
select tests.calendar('massages', '{stefan}');
select tests.patient('ana'), tests.patient('bogdan');
select tests.treatment_plan('begun', 1, 1), tests.treatment_plan('booked', 1, 1), tests.treatment_plan('was booked', 0, 2), tests.treatment_plan('neither', 1, 1);
select tests.assigned('ana', plan) from unnest('{begun,booked,"was booked",neither}'::text[]) plan;
update app_public.patient_treatment_plans set ends_on = '2027-03-01';
create function pg_temp.tended(at timestamptz) returns int language plpgsql as $$
declare
  v_tended int;
begin
  perform tests.freeze_time(at);
  perform tests.act_as('the worker');
  v_tended := app_private.tend_treatment_plans();
  perform tests.act_as('the database');
  return v_tended;
end $$;
create function pg_temp.status(plan text) returns text language sql as $$ select status from app_public.patient_treatment_plans where id = tests.id('ana''s ' || plan) $$;
create function pg_temp.session(name text) returns text language sql as $$ select status from app_public.patient_sessions where id = tests.id('ana''s ' || name) $$;
select tests.appointment('visit', 'ana', 'massages', 'stefan', '2027-03-09 11:00+02'), tests.appointment('past visit', 'ana', 'massages', 'stefan', '2027-03-01 11:00+02');
update app_public.patient_sessions set appointment_id = tests.id('visit') where id = tests.id('ana''s booked 2');
update app_public.patient_sessions set appointment_id = tests.id('past visit'), status = 'missed' where id = tests.id('ana''s was booked 1');
select tests.freeze_time('2027-03-01 23:30+02');
update app_public.patient_sessions set status = 'started', started_at = app_hidden.now() where id = tests.id('ana''s begun 1');

select is(pg_temp.tended('2027-03-02 00:00+02'), 4, 'their last day is over');
select is(pg_temp.status('neither'), 'expired', 'nothing is open: it has expired');
select is(pg_temp.status('was booked'), 'expired', 'what was booked and is over holds it up no longer');
select is(pg_temp.status('booked'), 'active', 'for a visit to come it waits');
select is(pg_temp.status('begun'), 'active', 'and for what was begun');
select results_eq($$select pg_temp.session('begun 1'), pg_temp.session('neither 1')$$, $$values ('started', 'missed')$$, 'which is not missed before a day has passed');
update app_public.patient_treatment_plans set tended_on = '2027-03-01' where id = tests.id('ana''s begun');
select is(pg_temp.tended('2027-03-02 23:30+02'), 1, 'to the minute');
select is(pg_temp.session('begun 1'), 'started', 'so long may what was done be sent');
select is(pg_temp.tended('2027-03-03 00:00+02'), 2, 'the next day');
select results_eq($$select pg_temp.session('begun 1'), pg_temp.status('begun')$$, $$values ('missed', 'expired')$$, 'it was missed, and the plan is over');
select is(pg_temp.status('booked'), 'active', 'the visit is still to come');

-- Behind: three that were due of this plan; what is due today, was called off, or is beyond the plan is none of them.
select tests.freeze_time('2027-03-10 10:00+02');
select tests.treatment_plan('daily', 2, 1), tests.treatment_plan('today', 3, 0), tests.treatment_plan('called off', 3, 0), tests.treatment_plan('beyond', 2, 0);
select tests.assigned('bogdan', plan, '2027-03-10') from unnest('{daily,today,"called off",beyond}'::text[]) plan;
create function pg_temp.told(plan text) returns boolean language sql as $$ select 'treatment_plan.low_adherence' = any (tests.events_of(tests.id('bogdan''s ' || plan))) $$;
update app_public.patient_sessions set due_on = '2027-03-14' where id = tests.id('bogdan''s daily 3');
update app_public.patient_sessions set due_on = '2027-03-15' where id = tests.id('bogdan''s today 3');
update app_public.patient_sessions set status = 'cancelled' where id = tests.id('bogdan''s called off 1');
insert into app_public.patient_sessions (organization_id, patient_treatment_plan_id, patient_profile_id, plan_scope_id, version_id, position, is_extra, due_on, place, status)
select organization_id, patient_treatment_plan_id, patient_profile_id, plan_scope_id, version_id, 1, true, due_on, 'home', 'due' from app_public.patient_sessions where id = tests.id('bogdan''s beyond 1');
select is(pg_temp.tended('2027-03-15 08:00+02') > 0, true, 'some days later');
select is(pg_temp.told('daily'), true, 'two missed at home, and one in the clinic whose day has passed: behind');
select is(pg_temp.told('today'), false, 'the third is due today');
select is(pg_temp.told('called off'), false, 'the third was called off');
select is(pg_temp.told('beyond'), false, 'the third was beyond the plan');
select pg_temp.tended('2027-03-16 08:00+02');
select results_eq($$select pg_temp.told('today'), pg_temp.told('beyond')$$, $$values (true, false)$$, 'once the day of the third is over it counts');
select is(pg_temp.status('booked'), 'active', 'another plan stays as it is');
select is((select count(*) from app_private.events where name = 'treatment_plan.expired'), 3::bigint, 'each that has expired was told of once');
select * from finish();
rollback;
