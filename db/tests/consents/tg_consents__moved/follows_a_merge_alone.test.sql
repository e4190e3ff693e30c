-- Test: tg_consents__moved - consents of a duplicate go to the patient who is kept, and back; by nothing else does one go to another patient. FND-34, CNS-03.
begin;
select plan(9);
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.patient('ana', account => false), tests.patient('ana again', account => false), tests.patient('bogdan', account => false);
update app_public.patient_profiles set birth_date = '1980-05-17';
select tests.remember('telemedicine', tests.consent('ana again', 'telemedicine')), tests.remember('withdrawn', tests.consent('ana again', 'video_recording'));
update app_public.consents set withdrawn_at = now() where id = tests.id('withdrawn');
create function pg_temp.whose() returns text[] language sql security definer as $$
  select array_agg(n.name order by c.purpose_code) from app_public.consents c join tests.names n on n.id = c.patient_profile_id;
$$;
create function pg_temp.stands(patient text) returns boolean language sql as $$
  select app_private.hold_consent(tests.id('atlas'), tests.id(patient), 'telemedicine');
$$;
select tests.act_as('adrian');
select tests.remember('merge', (app_public.merge_patients(tests.id('ana at atlas'), tests.id('ana again at atlas'), 'The same person')).id);
select tests.act_as('the database');
select is(pg_temp.whose(), '{ana,ana}', 'they go to the patient who is kept, withdrawn or not');
select lives_ok('set constraints all immediate', 'with a merge on record');
set constraints all deferred;
select is(pg_temp.stands('ana'), true, 'and count there');
select tests.act_as('adrian');
select app_public.undo_patient_merge(tests.id('merge'), 'They are two');
select tests.act_as('the database');
select is(pg_temp.whose(), '{ana again,ana again}', 'the undo takes them back');
select lives_ok('set constraints all immediate', 'with the merge that was undone');
set constraints all deferred;
select is(pg_temp.stands('ana'), false, 'and they count there no more');

select tests.remember('own', tests.consent('ana', 'marketing_email'));
select throws_ok($$do 'begin update app_public.consents set patient_profile_id = tests.id(''ana again'') where id = tests.id(''own''); set constraints all immediate; end'$$,
  'RX423', 'consent_is_immutable', 'what no merge had moved does not go with its undoing');
select tests.act_as('the engine');
update app_public.consents set patient_profile_id = tests.id('bogdan') where id = tests.id('telemedicine');
select tests.act_as('the database');
select throws_ok('set constraints all immediate', 'RX423', 'consent_is_immutable', 'nobody else moves one: at the commit it is refused');
select throws_ok($$update app_public.consents set patient_profile_id = tests.id('bogdan'), decision = 'refused' where id = tests.id('telemedicine')$$, null, 'consent_is_immutable', 'nor changes it on the way');
select * from finish();
rollback;
