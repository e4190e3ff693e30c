-- Test: require_telerehab - sessions from home are open to a patient at a clinic by what is open to them there, or by the service plan that their treatment plan was counted to, while that is. CAT-08, EXE-05.
begin;
select plan(13);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('boreal'), tests.patient('ana');
update app_public.organizations set telerehab_access_is_free = true where id = tests.id('boreal');
select tests.clinic('atlas'), tests.staff('adrian', 'admin'), tests.patient('ana'), tests.patient('bogdan');
select tests.plan('three', 10, 30, assignments => 3), tests.has_plan('ana', 'three'), tests.plan('massages', 10), tests.has_plan('ana', 'massages');
select tests.treatment_plan('knee', 3, 0), tests.treatment_plan('hip', 3, 0), tests.assigned('bogdan', 'knee'), tests.assigned('ana', 'hip');
select tests.act_as('adrian');
select app_public.assign_treatment_plan(tests.id('ana at atlas'), tests.id('knee'), '2027-03-01');
select tests.act_as('the database');
select tests.remember('counted', id) from app_public.patient_sessions where patient_profile_id = tests.id('ana') and version_id = tests.id('knee') and position = 1;
create function pg_temp.asked(session text) returns text language plpgsql as $$
begin
  perform app_private.require_telerehab(s) from app_public.patient_sessions s where s.id = tests.id(session);
  return 'open';
end $$;

select is(pg_temp.asked('counted'), 'open', 'the service plan that it was counted to opens it');
select * from tests.refuses($$select pg_temp.asked('ana''s hip 1')$$, 'FORBIDDEN', 'telerehab_closed', 'a treatment plan that was counted to none it does not');
select * from tests.refuses($$select pg_temp.asked('bogdan''s knee 1')$$, 'FORBIDDEN', 'telerehab_closed', 'nor anybody else''s, nor does another clinic');
select tests.freeze_time('2027-03-30 09:59+03');
select is(pg_temp.asked('counted'), 'open', 'as long as it is open');
select tests.freeze_time('2027-03-31 11:00+03');
select * from tests.refuses($$select pg_temp.asked('counted')$$, 'FORBIDDEN', 'telerehab_closed', 'whatever other plan of hers goes on');
update app_public.organizations set telerehab_access_is_free = true where id = tests.id('atlas');
select is(pg_temp.asked('counted'), 'open', 'where the clinic makes it free it is open');
select is(pg_temp.asked('bogdan''s knee 1'), 'open', 'to all');
update app_public.patients set deleted_at = app_hidden.now() where id = tests.id('bogdan at atlas');
select * from tests.refuses($$select pg_temp.asked('bogdan''s knee 1')$$, 'FORBIDDEN', 'telerehab_closed', 'but to who left');
select is(pg_temp.asked('ana''s hip 1'), 'open', 'and stays so to the others');
select * from finish();
rollback;
