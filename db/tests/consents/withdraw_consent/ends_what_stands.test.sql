-- Test: withdraw_consent, withdraw_medical_consents - one call closes all versions of one purpose, or all about treatment; the form and appointments stay. CNS-03, FND-16, FND-17.
begin;
select plan(31);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.patient('ana', 'boreal');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk'), tests.staff('bianca', 'billing');
select tests.patient('ana', 'atlas'), tests.patient('bogdan', 'atlas'), tests.patient('carmen', account => false, birth_date => '2018-09-20');
select tests.caregiver('corina', 'carmen');
create function pg_temp.standing(patient text default 'ana') returns text[] language sql security definer as $$
  select array_agg(coalesce(o.slug, 'platform') || ' ' || c.purpose_code order by coalesce(o.slug, 'platform'), c.purpose_code) from app_public.consents c
  left join app_public.organizations o on o.id = c.organization_id
  where c.withdrawn_at is null and c.decision = 'granted' and (c.patient_profile_id = tests.id(patient) or c.human_id = (select principal_id from tests.personas where name = patient));
$$;
select tests.remember('first', tests.consent('ana', 'telemedicine'));
select tests.consent_version('telemedicine');
select tests.remember('second', tests.consent('ana', 'telemedicine'));
select tests.remember('refused', tests.consent('ana', 'telemedicine', 'refused'));
select tests.consent_version('treatment_specific_waves');
select tests.consent('ana', p) from unnest('{video_recording,biometric_capture,marketing_email,org_terms,treatment_specific_waves}'::text[]) p;
select tests.consent('ana', 'telemedicine', clinic => 'boreal'), tests.consent('bogdan', 'telemedicine'), tests.consent('carmen', 'telemedicine', caregiver => 'corina');
select tests.act_as('ana', 'atlas');
select app_public.give_consent(tests.version_id('analytics'));
select results_eq($$select id from app_public.withdraw_consent('telemedicine', tests.id('ana at atlas')) order by 1$$, $$select unnest(array[tests.id('first'), tests.id('second')])$$, 'all versions of the purpose are closed');
select is(pg_temp.standing(), '{"atlas biometric_capture","atlas marketing_email","atlas org_terms","atlas treatment_specific_waves","atlas video_recording","boreal telemedicine","platform analytics"}', 'nothing else is');
select results_eq($$select withdrawn_by, withdrawn_at >= app_hidden.now() from app_public.consents where id = tests.id('first')$$,
  $$select principal_id, true from tests.personas where name = 'ana'$$, 'it says who withdrew, and when');
select is(tests.events_of(tests.id(n)), '{consent.granted,consent.withdrawn}', 'each is told of') from unnest('{first,second}'::text[]) n;
select is(tests.events_of(tests.id('refused')), '{consent.refused}', 'a refusal is not');
select is_empty($$select app_public.withdraw_consent('telemedicine', tests.id('ana at atlas'))$$, 'once more there is nothing to withdraw');
select is((select count(*) from app_public.withdraw_medical_consents(tests.id('ana at atlas'))), 3::bigint, 'all that is about treatment, the clinic''s own included');
select is(pg_temp.standing(), '{"atlas marketing_email","atlas org_terms","boreal telemedicine","platform analytics"}', 'the rest stands');
select is((select count(*) from app_public.withdraw_consent('analytics')), 1::bigint, 'at the platform it is the account''s');
select is(pg_temp.standing('bogdan') || pg_temp.standing('carmen'), '{"atlas telemedicine","atlas telemedicine"}', 'nobody else''s is closed');

select * from tests.refuses($$select app_public.withdraw_consent('privacy_notice', tests.id('ana at atlas'))$$, 'STATE', 'consent_not_withdrawable', 'what rests on no consent');
select * from tests.refuses($$select app_public.withdraw_consent('no_such', tests.id('ana at atlas'))$$, 'NOT_FOUND', 'consent_purpose_not_found', 'what nobody knows');
select * from tests.refuses($$select app_public.withdraw_consent('telemedicine')$$, 'NOT_FOUND', 'consent_purpose_not_found', 'what was given to a clinic names its patient');
select * from tests.refuses($$select app_public.withdraw_consent('telemedicine', tests.id('bogdan at atlas'))$$, 'NOT_FOUND', 'not_found', 'somebody else''s');
select * from tests.refuses($$select app_public.withdraw_medical_consents(tests.id('bogdan at atlas'))$$, 'NOT_FOUND', 'not_found', 'all of theirs');
select tests.act_as('corina');
select is((select count(*) from app_public.withdraw_consent('telemedicine', tests.id('carmen at atlas'))), 1::bigint, 'a caregiver withdraws for whom they care');
select tests.act_as('bianca');
select * from tests.refuses($$select app_public.withdraw_consent('telemedicine', tests.id('bogdan at atlas'))$$, 'FORBIDDEN', 'permission_missing', 'a colleague who records no consents does not');
select tests.act_as('flavia');
select is((select array_agg(withdrawn_by) from app_public.withdraw_medical_consents(tests.id('bogdan at atlas'))), array[(select principal_id from tests.personas where name = 'flavia')], 'who records them does, for whoever told them');
select * from tests.refuses($$select app_public.withdraw_consent('telemedicine', tests.id('ana at boreal'))$$, 'NOT_FOUND', 'not_found', 'at their clinic');
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.withdraw_consent('telemedicine', gen_random_uuid())$$, '42501', null, 'a visitor withdraws nothing');
select tests.act_as('the database');
update app_public.patients set deleted_at = now() where id = tests.id('ana at atlas');
select tests.act_as('ana');
select is((select count(*) from app_public.withdraw_consent('marketing_email', tests.id('ana at atlas'))), 1::bigint, 'who was removed from the clinic withdraws as well');
select tests.act_as('the database');
select is((select count(*) from app_private.events e where e.name = 'consent.withdrawn' and e.payload ->> 'withdrawnAt' is not null and e.payload ->> 'purposeVersionId' is not null), 9::bigint, 'the events say when and which words');
select * from finish();
rollback;
