-- Test: my_consent_trail, patient_consent_trail, consents - each answer with who gave it, for whom, how and when it ended; for staff the reading is on record. CNS-09, FND-31, FND-08.
begin;
select plan(22);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.patient('ana', 'boreal');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk'), tests.staff('stefan', 'specialist'), tests.staff('bianca', 'billing');
select tests.patient('ana', 'atlas'), tests.patient('carmen', account => false, birth_date => '2018-09-20');
select tests.caregiver('corina', 'carmen');
update app_public.organizations set name = 'Atlas' where id = tests.id('atlas');
update app_public.humans set display_name = initcap(p.name) from tests.personas p where p.principal_id = humans.principal_id;
select tests.consent('ana', 'marketing_sms', clinic => 'boreal'), tests.consent('ana', 'telemedicine');
create function pg_temp.told(trail jsonb) returns text[] language sql as $$
  select array_agg(concat_ws(' | ', e ->> 'clinic_name', e ->> 'purpose_code', e ->> 'version', e ->> 'title_en', e ->> 'decision', e ->> 'source', e ->> 'decided_by_name', e ->> 'relationship', e ->> 'evidence', e ->> 'emergency_reason',
    case when e ->> 'withdrawn_at' is not null then 'withdrawn by ' || (e ->> 'withdrawn_by_name') end) order by e ->> 'purpose_code', e ->> 'organization_id') from jsonb_array_elements(trail -> 'trail') e;
$$;
select tests.act_as('flavia');
select app_public.record_consent(tests.id('atlas'), tests.id('carmen at atlas'), tests.version_id('telemedicine'), 'granted', 'Paper form', tests.id('corina for carmen'));
select tests.act_as('stefan');
select app_public.override_consent(tests.id('atlas'), tests.id('ana at atlas'), 'video_recording', 'Fell');
select tests.act_as('ana');
select app_public.give_consent(tests.version_id('platform_terms'));
select app_public.withdraw_consent('telemedicine', tests.id('ana at atlas'));
select is(pg_temp.told(app_hidden.my_consent_trail()), array[
  'Boreal | marketing_sms | 1 | News by text message | granted | form',
  'platform_terms | 1 | Terms of the platform | granted | self | Ana',
  'Atlas | telemedicine | 1 | Telemedicine | granted | form | withdrawn by Ana',
  'Atlas | video_recording | 1 | Recording of video | granted | staff | Stefan | Fell'], 'the person reads all of it, of every clinic');
select is(jsonb_array_length(app_hidden.my_consent_trail() -> 'consents'), 11, 'beside where they stand');
select tests.act_as('corina');
select is(pg_temp.told(app_hidden.my_consent_trail()), array['Atlas | telemedicine | 1 | Telemedicine | granted | staff | Flavia | parent | Paper form'], 'a caregiver that of whom they care for');
select tests.act_as('flavia');
select is(pg_temp.told(app_hidden.patient_consent_trail(tests.id('atlas'), tests.id('ana at atlas'))), array[
  'Atlas | telemedicine | 1 | Telemedicine | granted | form | withdrawn by Ana',
  'Atlas | video_recording | 1 | Recording of video | granted | staff | Stefan | Fell'], 'staff read what was answered at their clinic');
select is(jsonb_array_length(app_hidden.patient_consent_trail(tests.id('atlas'), tests.id('ana at atlas')) -> 'consents'), 9, 'and where the patient stands');
select tests.act_as('ana');
select results_eq('select distinct reader_name, what from app_public.my_chart_readings()', $$values ('Flavia', 'consents')$$, 'the person sees who read it');
select results_eq($$select app_public.consents_decided_by_name(c), app_public.consents_withdrawn_by_name(c) from app_public.consents c where purpose_code in ('telemedicine', 'video_recording') order by purpose_code$$,
  $$values (null, 'Ana'), ('Stefan', null)$$, 'a row names who answered and who withdrew, also an account that is hidden from the reader');
select is(app_public.consents_decided_by_name(jsonb_populate_record(null::app_public.consents, jsonb_build_object('id', gen_random_uuid(), 'human_id', (select principal_id from tests.personas where name = 'ana'), 'decided_by', (select principal_id from tests.personas where name = 'flavia')))), null, 'a row that was made up names nobody');
select tests.act_as('bianca');
select * from tests.refuses($$select app_hidden.patient_consent_trail(tests.id('atlas'), tests.id('ana at atlas'))$$, 'FORBIDDEN', 'permission_missing', 'who sees no patients reads nothing');
select tests.act_as('beata');
select * from tests.refuses($$select app_hidden.patient_consent_trail(tests.id('atlas'), tests.id('ana at atlas'))$$, 'NOT_FOUND', 'not_found', 'nor another clinic');
select * from tests.refuses($$select app_hidden.patient_consent_trail(tests.id('boreal'), tests.id('ana at atlas'))$$, 'NOT_FOUND', 'patient_not_found', 'by whatever id');
select tests.act_as('flavia');
select * from tests.refuses($$select app_hidden.patient_consent_trail(tests.id('atlas'), gen_random_uuid())$$, 'NOT_FOUND', 'patient_not_found', 'a patient who is not there');
select tests.act_as('ana');
select * from tests.refuses($$select app_hidden.patient_consent_trail(tests.id('atlas'), tests.id('ana at atlas'))$$, 'NOT_FOUND', 'not_found', 'the person has a path of their own');
select tests.act_as('a visitor');
select * from tests.refuses('select app_hidden.my_consent_trail()', '42501', null, 'a visitor none');
select tests.act_as('the database');
update app_public.patients set deleted_at = now() where id = tests.id('ana at atlas');
select tests.act_as('flavia');
select * from tests.refuses($$select app_hidden.patient_consent_trail(tests.id('atlas'), tests.id('ana at atlas'))$$, 'NOT_FOUND', 'patient_not_found', 'nor of whom the clinic removed');
select * from finish();
rollback;
