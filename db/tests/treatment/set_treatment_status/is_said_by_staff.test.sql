-- Test: set_treatment_status - what staff may say of a plan, once; a pause begins with what is over missed, and ends complete where nothing is left to do. EXE-01, EXE-03, EXE-04.
begin;
select plan(23);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.patient('ana');
select tests.treatment_plan('knee', 3, 0), tests.treatment_plan('hip', 0, 2), tests.treatment_plan('back', 1, 1), tests.treatment_plan('neck', 1, 0);
select tests.assigned('ana', plan) from unnest('{knee,hip,back,neck}'::text[]) plan;
create function pg_temp.sessions(plan text) returns text language sql security definer as $$
  select string_agg(status || ' ' || to_char(due_on, 'MM-DD'), ', ' order by position) from app_public.patient_sessions where patient_treatment_plan_id = tests.id('ana''s ' || plan)
$$;
create function pg_temp.says(plan text, status text) returns text language sql as $$
  select (app_public.set_treatment_status(tests.id('ana''s ' || plan), says.status, 'As was agreed')).status
$$;

select tests.freeze_time('2027-03-02 10:00+02');
select tests.act_as('adrian');
select is(pg_temp.says('knee', 'paused'), 'paused', 'paused');
select is(pg_temp.sessions('knee'), 'missed 03-01, due 03-03, due 03-05', 'what was over by then was missed, what is to come keeps its day for now');
select is((app_public.set_treatment_status(tests.id('ana''s knee'), 'paused', 'Once more')).status_reason, 'As was agreed', 'said twice it stays as it was said first');
select * from tests.refuses($$select pg_temp.says('knee', 'completed')$$, 'FORBIDDEN', 'move_not_allowed', 'it is complete with its last session, not because somebody says so');
select * from tests.refuses($$select pg_temp.says('back', 'completed')$$, 'FORBIDDEN', 'move_not_allowed', 'nor one that goes on');
select * from tests.refuses($$select pg_temp.says('back', 'expired')$$, 'FORBIDDEN', 'move_not_allowed', 'what time does nobody does');
select tests.freeze_time('2027-03-12 10:00+02');
select is(pg_temp.says('knee', 'active'), 'active', 'taken up ten days later');
select is(pg_temp.sessions('knee'), 'missed 03-01, due 03-12, due 03-14', 'what is left is due from that day');
select tests.act_as('the worker');
select is(app_private.tend_treatment_plans(), 3, 'the other plans are looked at that day, not the one that was taken up');
select tests.act_as('adrian');
select is(pg_temp.says('neck', 'cancelled'), 'cancelled', 'ended');
select * from tests.refuses($$select pg_temp.says('neck', 'active')$$, 'STATE', 'illegal_move', 'it is not taken up again');

-- Done in the clinic during a pause.
select is(pg_temp.says('hip', 'paused'), 'paused', 'in a pause');
select is((app_public.complete_clinic_session(tests.id('ana''s hip 1'), 'Came')).status, 'completed', 'she comes to the clinic');
select is((app_public.complete_clinic_session(tests.id('ana''s hip 2'), 'Came')).status, 'completed', 'twice');
select is((select status from app_public.patient_treatment_plans where id = tests.id('ana''s hip')), 'paused', 'while it is paused it stays so');
select is(pg_temp.says('hip', 'active'), 'completed', 'taken up with nothing left to do it is complete');
select is(tests.events_of(tests.id('ana''s hip')) @> '{treatment_plan.completed}', true, 'which is told');
select is((select status from app_public.patient_treatment_plans where id = tests.id('ana''s back')), 'active', 'another plan goes on');
select is((select paused_on from app_public.patient_treatment_plans where id = tests.id('ana''s hip')), null, 'and is in no pause');
select * from finish();
rollback;
