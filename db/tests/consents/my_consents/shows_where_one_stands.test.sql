-- Test: my_consents, patient_consents - every purpose with its state, what depends on it, and whether it must be accepted (again), to those whom it concerns. FND-16, CNS-09.
begin;
select plan(19);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.patient('ana', 'boreal');
select tests.consent_version('treatment_specific_needles');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk'), tests.staff('bianca', 'billing');
select tests.patient('ana', 'atlas'), tests.patient('carmen', account => false, birth_date => '2018-09-20');
select tests.caregiver('corina', 'carmen');
select tests.consent_version('treatment_specific_waves');
select tests.consent('ana', 'telemedicine'), tests.consent('ana', 'video_recording'), tests.consent('ana', 'biometric_capture', 'refused'), tests.consent('ana', 'marketing_sms'), tests.consent('ana', 'marketing_push');
select tests.consent_version('video_recording'), tests.consent_version('marketing_sms');
select tests.consent('ana', 'marketing_sms');
select tests.consent_version('marketing_sms', asks_again => false);
update app_public.consents set withdrawn_at = now() where purpose_code = 'marketing_push';
create function pg_temp.states(clinic text default 'atlas') returns text[] language sql as $$
  select array_agg(concat_ws(' ', c.purpose_code, c.state, case when c.must_accept then 'asked' end) order by c.is_medical, c.purpose_code collate "C")
  from app_public.my_consents(tests.id(clinic)) c where c.patient_profile_id is not null;
$$;
select tests.act_as('ana');
select is(pg_temp.states(), '{"marketing_email never_given","marketing_push withdrawn","marketing_sms granted","marketing_whatsapp never_given","org_terms never_given asked","privacy_notice never_given","biometric_capture refused","telemedicine granted","treatment_specific_waves never_given","video_recording older_version asked"}',
  'each purpose of the clinic has its state, and says whether it is asked for');
select results_eq($$select purpose_code, state, must_accept, organization_id from app_public.my_consents(tests.id('atlas')) where patient_profile_id is null order by 1$$,
  $$values ('analytics', 'never_given', false, null::uuid), ('platform_terms', 'never_given', true, null)$$, 'and so have the platform''s');
select app_public.give_consent(tests.version_id('org_terms'), tests.id('ana at atlas')), app_public.give_consent(tests.version_id('platform_terms'));
select results_eq('select purpose_code from app_public.my_consents(null) where must_accept', $$values ('video_recording')$$, 'what was accepted is not asked for');
select results_eq($$select c.needed_for, c.needed_for_ro, c.scope, c.legal_basis, c.on_withdrawal, c.is_withdrawable, c.is_required, v.title_en, k.decided_at from app_public.my_consents(null) c
    join app_public.consent_purpose_versions v on v.id = c.purpose_version_id join app_public.consents k on k.id = c.consent_id where c.purpose_code = 'org_terms'$$,
  $$values ('Being a patient of the clinic: appointments, forms and treatment plans there.', 'Calitatea de pacient al clinicii: programările, formularele și planurile de tratament de acolo.', 'organization', 'contract', 'removal', true, true, 'Terms of the clinic', app_hidden.now())$$,
  'with what depends on it, what withdrawing starts, the words, and the answer');
select is((select count(*) from app_public.my_consents(tests.id('atlas'), tests.id('carmen'))), 0::bigint, 'nobody else''s');
select tests.act_as('the database');
select tests.consent_version('org_terms');
select tests.act_as('ana');
select results_eq($$select purpose_code, is_required from app_public.my_consents(null) where must_accept order by 1$$, $$values ('org_terms', false), ('video_recording', false)$$, 'new words that ask again are asked for');
select tests.act_as((select principal_id from tests.personas where name = 'ana'));
select results_eq('select distinct organization_id from app_public.my_consents() where patient_profile_id is not null order by 1', $$select unnest(array[tests.id('boreal'), tests.id('atlas')]) order by 1$$, 'at no clinic in particular, at each of them');
select is((select array_agg(purpose_code) from app_public.my_consents() where starts_with(purpose_code, 'treatment') and organization_id = tests.id('boreal')), '{treatment_specific_needles}', 'a treatment is its clinic''s');
select tests.act_as('corina');
select is((select count(*) from app_public.my_consents(null, tests.id('carmen'))), 10::bigint, 'a caregiver sees those of whom they care for');
select is((select count(*) from app_public.my_consents(null, tests.id('ana'))), 0::bigint, 'and nobody else''s');

select tests.act_as('flavia');
select is((select array_agg(state) from app_public.patient_consents(tests.id('atlas'), tests.id('ana at atlas')) where purpose_code = 'telemedicine'), '{granted}', 'staff see where their patient stands');
select is((select count(*) from app_public.patient_consents(tests.id('atlas'), tests.id('ana at boreal'))), 0::bigint, 'not at another clinic');
select is((select count(*) from app_public.patient_consents(tests.id('boreal'), tests.id('ana at boreal'))), 0::bigint, 'by whatever id');
select tests.act_as('bianca');
select is((select count(*) from app_public.patient_consents(tests.id('atlas'), tests.id('ana at atlas'))), 0::bigint, 'nor do colleagues who see no patients');
select tests.act_as('the database');
update app_public.patients set deleted_at = now() where id = tests.id('ana at atlas');
select tests.act_as('flavia');
select is((select count(*) from app_public.patient_consents(tests.id('atlas'), tests.id('ana at atlas'))), 0::bigint, 'nor of one who was removed');
select tests.act_as('ana');
select is(pg_temp.states(), null, 'who is asked for nothing any more');
select tests.act_as('the database');
update app_public.principals set disabled_at = now() where id = (select principal_id from tests.personas where name = 'ana');
select tests.act_as('ana');
select is((select count(*) from app_public.my_consents()), 0::bigint, 'a closed account sees nothing');
select tests.act_as('a visitor');
select * from tests.refuses('select app_public.my_consents()', '42501', null, 'nor does a visitor');
select * from finish();
rollback;
