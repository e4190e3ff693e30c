-- Test: move_on_merge - a row whose place is taken stays with the duplicate, and so does what follows it. FND-34, EXE-01.
begin;
select plan(6);
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.patient('kept', account => false), tests.patient('duplicate', account => false);
select tests.treatment_plan('knee', 2, 0), tests.treatment_plan('hip', 1, 0);
select tests.assigned('kept', 'knee'), tests.assigned('duplicate', 'knee'), tests.assigned('duplicate', 'hip');
create function pg_temp.plans(name text) returns setof text language sql as $$
  select p.name || ' ' || count(s.id)::text
  from app_public.patient_treatment_plans mine
  join app_public.treatment_plans p on p.scope_id = mine.plan_scope_id and p.id = mine.treatment_plan_id
  left join app_public.patient_sessions s on s.patient_treatment_plan_id = mine.id and s.patient_profile_id = mine.patient_profile_id
  where mine.patient_profile_id = tests.id(plans.name)
  group by mine.id, p.name
$$;

select tests.act_as('adrian');
select tests.remember('merge', (app_public.merge_patients(tests.id('kept at atlas'), tests.id('duplicate at atlas'), 'The same person')).id);
select tests.act_as('the database');
select set_eq($$select * from pg_temp.plans('kept')$$, '{knee 2,hip 1}'::text[], 'who is kept has one of each plan, with its sessions');
select set_eq($$select * from pg_temp.plans('duplicate')$$, '{knee 2}'::text[], 'what was there twice stays, and its sessions with it');
select is_empty($$select from app_public.patient_sessions s join app_public.patient_treatment_plans p on p.id = s.patient_treatment_plan_id where p.patient_profile_id <> s.patient_profile_id$$, 'no session is another patient''s than its plan');
select tests.act_as('adrian');
select lives_ok($$select app_public.undo_patient_merge(tests.id('merge'), 'Two people after all')$$, 'it is taken back');
select tests.act_as('the database');
select set_eq($$select * from pg_temp.plans('duplicate')$$, '{knee 2,hip 1}'::text[], 'each has what was theirs');
select set_eq($$select * from pg_temp.plans('kept')$$, '{knee 2}'::text[], 'and nothing else');
select * from finish();
rollback;
