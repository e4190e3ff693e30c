-- Test: require_consent - only a grant of a version that counts now lets anything pass, and the refusal says what is missing. FND-17, CNS-08, FND-16.
begin;
select plan(40);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.patient('ana', 'boreal');
select tests.clinic('atlas');
select tests.patient('ana', 'atlas');
select tests.patient('bogdan', 'atlas');
create function pg_temp.gate(purpose text default 'telemedicine', clinic text default 'atlas') returns text language sql as $$
  select app_private.require_consent(tests.id(clinic), tests.id('ana at ' || clinic), purpose)::text;
$$;
create function pg_temp.why(purpose text default 'telemedicine') returns text language plpgsql as $$
declare v_detail jsonb;
begin
  perform pg_temp.gate(purpose);
  return 'passes';
exception when others then
  get stacked diagnostics v_detail = pg_exception_detail;
  return concat_ws(' ', v_detail ->> 'purpose', v_detail ->> 'version', v_detail ->> 'why', v_detail ->> 'resolvedBy',
    (select 'of ' || coalesce(o.slug, 'the platform') from app_public.consent_purpose_versions v
     left join app_public.organizations o on o.id = v.organization_id where v.id::text = v_detail ->> 'versionId'));
end;
$$;
select * from tests.refuses('select pg_temp.gate()', 'CONSENT_REQUIRED', 'consent_missing', 'nothing was ever given');
select is(pg_temp.why(), 'telemedicine 1 never_given form of the platform', 'the refusal names purpose, version, why, and what resolves it');
select is(pg_temp.why('marketing_sms'), 'marketing_sms 1 never_given self of the platform', 'what is not about treatment the person gives alone');
select tests.consent('ana', 'telemedicine', clinic => 'boreal'), tests.consent('bogdan', 'telemedicine'), tests.consent('ana', 'video_recording');
select is(pg_temp.why(), 'telemedicine 1 never_given form of the platform', 'not another clinic''s, another person''s or another purpose''s');
select is(pg_temp.gate(clinic => 'boreal'), '', 'where it was given it passes');
select tests.consent('ana', 'telemedicine', 'refused');
select is(pg_temp.why(), 'telemedicine 1 refused form of the platform', 'refused');
select tests.consent('ana', 'telemedicine');
select is(pg_temp.why(), 'passes', 'granted');
select tests.consent('ana', 'telemedicine', 'refused');
select is(pg_temp.why(), 'passes', 'a form that is not signed takes nothing back');

select tests.remember('v1', tests.consent_version('telemedicine', in_force_from => '2027-03-02 08:00+02'));
select is(pg_temp.why(), 'passes', 'words that are in force tomorrow ask nobody today');
select tests.freeze_time('2027-03-02 08:00+02');
select is(pg_temp.why(), 'telemedicine 1 older_version form of atlas', 'the clinic''s own words count instead of the platform''s');
select is(pg_temp.gate(clinic => 'boreal'), '', 'at this clinic alone');
select tests.consent('ana', 'telemedicine', version_id => tests.id('v1'));
select is(pg_temp.why(), 'passes', 'granted anew');
select tests.remember('v2', tests.consent_version('telemedicine', asks_again => false));
select is(pg_temp.why(), 'passes', 'words that ask nobody again leave the grant standing');
select tests.consent_version('telemedicine');
select is(pg_temp.why(), 'telemedicine 3 older_version form of atlas', 'words that ask again end it');
select tests.consent('ana', 'telemedicine', version_id => tests.id('v2'));
select is(pg_temp.why(), 'telemedicine 3 older_version form of atlas', 'also for who signs a form of before');
select tests.consent_version('telemedicine', asks_again => false);
select is(pg_temp.why(), 'telemedicine 4 older_version form of atlas', 'and what follows brings it not back');
select tests.consent('ana', 'telemedicine');
select is(pg_temp.why(), 'passes', 'the newest counts');
update app_public.consents set withdrawn_at = now() where purpose_code = 'telemedicine' and organization_id = tests.id('atlas') and decision = 'granted';
select is(pg_temp.why(), 'telemedicine 4 withdrawn form of atlas', 'withdrawn');
select tests.consent('ana', 'telemedicine');
select is(pg_temp.why(), 'passes', 'granted once more, beside what was withdrawn');

insert into app_public.consents (organization_id, patient_profile_id, purpose_code, version_scope_id, purpose_version_id, legal_basis, decision, source, emergency_reason, holds_until, decided_at)
select tests.id('atlas'), tests.id('ana'), 'biometric_capture', '00000000-0000-0000-0000-000000000000', tests.version_id('biometric_capture'), 'consent', 'granted', 'staff', 'Fell in the gym', app_hidden.now() + interval '1 day', app_hidden.now();
select is(pg_temp.why('biometric_capture'), 'passes', 'staff went on in an emergency');
select tests.freeze_time('2027-03-03 07:59:59+02');
select is(pg_temp.why('biometric_capture'), 'passes', 'until its last second');
select tests.freeze_time('2027-03-03 08:00+02');
select is(pg_temp.why('biometric_capture'), 'biometric_capture 1 never_given form of the platform', 'then the patient is asked as if nobody had answered');

select * from tests.refuses($$select pg_temp.gate('no_such_purpose')$$, 'NOT_FOUND', 'consent_purpose_not_found', 'a purpose that nobody knows');
select * from tests.refuses($$select pg_temp.gate('platform_terms')$$, 'NOT_FOUND', 'consent_purpose_not_found', 'one that is given to the platform');
select tests.consent_version('treatment_specific_waves', clinic => 'boreal');
select * from tests.refuses($$select pg_temp.gate('treatment_specific_waves')$$, 'NOT_FOUND', 'consent_purpose_not_found', 'another clinic''s treatment');
select * from tests.refuses($$select app_private.require_consent(tests.id('atlas'), tests.id('ana at boreal'), 'telemedicine')$$,
  'NOT_FOUND', 'patient_not_found', 'a patient of another clinic');
select results_eq(
  $$select purpose, version, reason from app_private.missing_consents(tests.id('atlas'), tests.id('ana at atlas'), '{telemedicine,video_recording,biometric_capture,marketing_push}')$$,
  $$values ('biometric_capture', 1, 'never_given'), ('marketing_push', 1, 'never_given')$$, 'what is missing is listed at once');
select is((select count(*) from app_private.missing_consents(tests.id('atlas'), tests.id('ana at boreal'), null)), 0::bigint, 'of no other clinic''s patient');
update app_public.patients set deleted_at = now() where id = tests.id('ana at atlas');
select * from tests.refuses('select pg_temp.gate()', 'NOT_FOUND', 'patient_not_found', 'a patient who was removed');
select is(app_private.hold_consent(tests.id('atlas'), tests.id('ana'), 'telemedicine'), false, 'nothing of whom stands');
select tests.act_as('ana');
select * from tests.refuses($$select app_private.require_consent(uuidv7(), uuidv7(), 'telemedicine')$$, '42501', null, 'nobody calls it from outside');
select tests.act_as('the worker');
select * from tests.refuses($$select app_private.hold_consent(uuidv7(), uuidv7(), 'telemedicine')$$, '42501', null, 'nor the worker by itself');
select * from finish();
rollback;
