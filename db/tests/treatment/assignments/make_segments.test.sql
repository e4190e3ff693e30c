-- Test: adherence - a field of rules, looked at again as sessions change and days pass. SEG-02, SEG-03, EXE-03.
begin;
select plan(9);
select tests.freeze_time('2027-03-10 10:00+02');
select tests.person('root', superadmin => true);
select tests.remember('squat', tests.published_exercise('test-squat'));
select tests.clinic('atlas');
select tests.staff('olga', 'owner'), tests.staff('flavia', 'front_desk');
select tests.patient('ana'), tests.patient('ion'), tests.treatment_plan('knee', 3, 0), tests.assigned('ana', 'knee');
create function pg_temp.looked() returns text language plpgsql as $$
begin
  perform app_private.due_segments();
  while app_private.refresh_segments(tests.id('atlas')) loop null; end loop;
  return (select coalesce(string_agg(profiles.given_name, ' ' order by profiles.given_name), '')
    from app_public.segment_members as stays join app_public.patient_profiles as profiles on profiles.id = stays.patient_profile_id
    where stays.segment_id = tests.id('behind') and stays.left_at is null);
end $$;
create function pg_temp.explained() returns jsonb language sql as $$
  select app_private.explain_rule(tests.id('atlas'), tests.id('ana at atlas'), '{"field": "treatment.adherence", "operator": "less", "value": 60}')
$$;

select tests.act_as('olga');
select tests.remember('behind', (app_public.create_segment(tests.id('atlas'), 'Rămași în urmă', '{"field": "treatment.adherence", "operator": "less", "value": 60}')).id);
select tests.act_as('the database');
select is(pg_temp.looked(), '', 'nothing was due: nobody');
select is(pg_temp.explained() -> 'holds', 'false', 'of no number nothing is less');
select tests.freeze_time('2027-03-10 23:59+02');
select is(pg_temp.looked(), '', 'the first session is due all day');
select tests.freeze_time('2027-03-11 00:01+02');
select is(pg_temp.looked(), 'Ana', 'the day is over, by time alone');
update app_public.patient_sessions set status = 'started', started_at = '2027-03-10 20:00+02' where id = tests.id('ana''s knee 1');
update app_public.patient_sessions set status = 'completed', completed_at = '2027-03-10 20:30+02' where id = tests.id('ana''s knee 1');
select is(pg_temp.looked(), '', 'what was done is known at once');
select is(pg_temp.explained() -> 'actual', '100', 'all of it');
select tests.freeze_time('2027-03-13 00:01+02');
select is(pg_temp.looked(), 'Ana', 'half of it two days later');
update app_public.patient_treatment_plans set status = 'cancelled' where id = tests.id('ana''s knee');
select is(pg_temp.looked(), '', 'a plan that was ended counts no more');

select tests.act_as('flavia');
select is((select count(*) from jsonb_array_elements(to_jsonb(app_public.rule_builder(tests.id('atlas'))) -> 'fields') f where f ->> 'code' = 'treatment.adherence'), 0::bigint, 'who sees no treatment plans makes no rule of them');
select * from finish();
rollback;
