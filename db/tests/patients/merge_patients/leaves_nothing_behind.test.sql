-- Test: merge_patients, undo_patient_merge - whatever tables say goes with a patient goes, and comes back. FND-34.
-- Ana has a row of everything that names a patient: a new table is found by its rule, and its fixture gives her one
-- (tests.furnish_<area>). The lint merge_rules sees to it that every table has a rule.
begin;
select plan(6);
select tests.two_clinics();
select tests.patient('kept', 'atlas', account => false);
-- The clinic's own: without an account, and of no other clinic.
update app_public.patient_profiles set human_id = null where id = tests.id('ana');

create temporary table movable as
select table_name, column_name from app_private.merge_rules where rule in ('moves', 'follows')
union all values ('app_public.caregivers', 'patient_profile_id'), ('app_private.caregiver_evidence', 'patient_profile_id');
create function pg_temp.of(name text) returns table (column_name text, rows bigint) language plpgsql as $$
declare v record; begin
  for v in select * from movable loop
    column_name := v.table_name || '.' || v.column_name;
    execute format('select count(*) from %s where %I = %L', v.table_name, v.column_name, tests.id(of.name)) into rows;
    return next;
  end loop;
end $$;
create temporary table before as select * from pg_temp.of('ana');
select is_empty('select column_name from before where rows = 0', 'the duplicate has a row of everything that goes with a patient');
select tests.act_as('adrian');
select tests.remember('merge', (app_public.merge_patients(tests.id('kept at atlas'), tests.id('ana at atlas'), 'The same person')).id);
select tests.act_as('the database');
select is_empty($$select column_name from pg_temp.of('ana') where rows > 0$$, 'the merge leaves none of it');
select set_eq($$select * from pg_temp.of('kept')$$, 'select * from before', '… and the one who is kept has it');
select isnt((select deleted_at from app_public.patients where patient_profile_id = tests.id('ana')), null, 'the duplicate is no patient any more');
select tests.act_as('adrian');
select app_public.undo_patient_merge(tests.id('merge'), 'Two people after all');
select tests.act_as('the database');
select set_eq($$select * from pg_temp.of('ana')$$, 'select * from before', 'the undo brings all of it back');
select is_empty($$select column_name from pg_temp.of('kept') where rows > 0$$, '… and leaves none');
select * from finish();
rollback;
