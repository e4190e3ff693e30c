-- Test: grant_by_form - a signature is one row a declared purpose, with who signed and for whom; a minor's treatment needs a representative. CNS-02, CNS-01, FND-14.
begin;
select plan(42);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.patient('ana');
select tests.patient('tomorrow eighteen', account => false, birth_date => '2009-03-02');
select tests.patient('eighteen', account => false, birth_date => '2009-03-01');
select tests.patient('somebody', account => false, birth_date => null);
select tests.caregiver('mother', 'somebody'), tests.caregiver('ward', 'somebody', 'guardian');
select tests.caregiver('corina', 'tomorrow eighteen'), tests.caregiver('vlad', 'tomorrow eighteen', 'other'), tests.caregiver('paul', 'eighteen'), tests.caregiver('greta', 'eighteen', 'guardian');
select tests.remember('form', tests.form_of(tests.id('ana'), tests.id('atlas')));
create function pg_temp.sign(patient text, purposes text[] default '{telemedicine}', caregiver text default null, decision text default 'granted', form uuid default null)
returns setof app_public.consents language sql as $$
  select g.* from app_private.grant_by_form(tests.id('atlas'), tests.id(patient || ' at atlas'), coalesce(form, tests.form_of(tests.id(patient), tests.id('atlas'))),
    (select array_agg(tests.version_id(p)) from unnest(purposes) p), decision, sha256('proof'), null,
    (select tests.id(caregiver || ' for ' || patient) where caregiver is not null), app_hidden.now()) as g;
$$;
select results_eq(
  $$select purpose_code, legal_basis, decision, source, source_form_id, evidence_hash, decided_by, caregiver_id, decided_at from pg_temp.sign('ana', '{video_recording,telemedicine,telemedicine}', form => tests.id('form')) order by 1$$,
  $$select p, 'consent', 'granted', 'form', tests.id('form'), sha256('proof'), null::uuid, null::uuid, app_hidden.now() from unnest('{telemedicine,video_recording}'::text[]) p$$,
  'one row a purpose, with basis, form and the sum of its proof');
select is((select array_agg(distinct tests.events_of(id)) from app_public.consents), array[array['consent.granted']], 'each is told of');
select results_eq(
  $$select e.organization_id, e.payload from app_private.events e join app_public.consents c on c.id = e.subject_id where c.purpose_code = 'telemedicine'$$,
  $$select tests.id('atlas'), jsonb_build_object('consentId', id, 'patientId', tests.id('ana at atlas'), 'purposeVersionId', tests.version_id('telemedicine')) from app_public.consents where purpose_code = 'telemedicine'$$,
  'by ids alone');
select results_eq($$select decision, tests.events_of(id) from pg_temp.sign('ana', '{biometric_capture}', decision => 'refused')$$,
  $$values ('refused', '{consent.refused}'::text[])$$, 'a refusal is a row too');
select is((select count(*) from pg_temp.sign('ana', '{}')), 0::bigint, 'a form that declares nothing writes nothing');

select * from tests.refuses($$select pg_temp.sign('tomorrow eighteen')$$, 'FORBIDDEN', 'representative_needed', 'a day before eighteen nobody consents to treatment alone');
select * from tests.refuses($$select pg_temp.sign('tomorrow eighteen', '{marketing_email,telemedicine}')$$, 'FORBIDDEN', 'representative_needed', 'nor to several things of which one is treatment');
select * from tests.refuses($$select pg_temp.sign('tomorrow eighteen', caregiver => 'vlad')$$, 'FORBIDDEN', 'representative_may_not', 'nor does just anybody who cares for them');
select results_eq($$select caregiver_id, relationship from pg_temp.sign('tomorrow eighteen', caregiver => 'corina')$$,
  $$select tests.id('corina for tomorrow eighteen'), 'parent'$$, 'a parent does, and is on record as that');
select is((select count(*) from pg_temp.sign('tomorrow eighteen', '{marketing_email}')), 1::bigint, 'what is not treatment needs none');
select is((select count(*) from pg_temp.sign('tomorrow eighteen', decision => 'refused')), 1::bigint, 'nor does a refusal');
select is((select count(*) from pg_temp.sign('eighteen')), 1::bigint, 'on the birthday they consent alone');
select * from tests.refuses($$select pg_temp.sign('eighteen', caregiver => 'paul')$$, 'FORBIDDEN', 'representative_may_not', 'and a parent no longer does');
select is((select relationship from pg_temp.sign('eighteen', caregiver => 'greta')), 'guardian', 'a guardian does');
select * from tests.refuses($$select pg_temp.sign('somebody')$$, 'STATE', 'birth_date_unknown', 'nobody is taken to be of age');
select * from tests.refuses($$select pg_temp.sign('somebody', caregiver => 'mother')$$, 'STATE', 'birth_date_unknown', 'nor to be a child');
select is((select relationship from pg_temp.sign('somebody', caregiver => 'ward')), 'guardian', 'a guardian may at any age');
select is((select count(*) from pg_temp.sign('somebody', '{marketing_email}')), 1::bigint, 'what is not treatment asks nobody how old they are');
select is((select count(*) from pg_temp.sign('somebody', decision => 'refused')), 1::bigint, 'nor does a refusal');
update app_public.patient_profiles set birth_date = '1980-05-17' where id = tests.id('somebody');
select is((select count(*) from pg_temp.sign('somebody')), 1::bigint, 'who says it consents');
update app_private.legal_ages set years = 19 where rule = 'medical_consent';
select * from tests.refuses($$select pg_temp.sign('eighteen')$$, 'FORBIDDEN', 'representative_needed', 'the age is data');

update app_public.caregivers set revoked_at = now() where id = tests.id('corina for tomorrow eighteen');
select * from tests.refuses($$select pg_temp.sign('tomorrow eighteen', caregiver => 'corina')$$, 'NOT_FOUND', 'caregiver_not_found', 'a link that was ended');
update app_public.caregivers set ends_on = '2027-03-01' where id = tests.id('greta for eighteen');
select * from tests.refuses($$select pg_temp.sign('eighteen', caregiver => 'greta')$$, 'NOT_FOUND', 'caregiver_not_found', 'or ends today');
select * from tests.refuses($$select app_private.grant_by_form(tests.id('atlas'), tests.id('ana at atlas'), gen_random_uuid(), array[tests.version_id('telemedicine')], 'granted', sha256('proof'), null, tests.id('paul for eighteen'), app_hidden.now())$$,
  'NOT_FOUND', 'caregiver_not_found', 'somebody else''s');
select * from tests.breaks($$select app_private.grant_by_form(tests.id('atlas'), tests.id('ana at atlas'), gen_random_uuid(), array[tests.version_id('telemedicine')], 'granted', null, null, null, app_hidden.now())$$,
  'consents_forms_and_staff_have_evidence', 'a signature without a proof is none');
select tests.remember('theirs', tests.consent_version('treatment_specific_waves', clinic => 'boreal'));
select tests.refuses(format($$select tests.consent('ana', 'any', version_id => %L)$$, v), 'VALIDATION', 'consent_version_unknown', d)
from (values (tests.id('theirs'), 'another clinic''s words'), (gen_random_uuid(), 'no words'), (tests.version_id('platform_terms'), 'the platform''s own')) as wrong (v, d);
select * from finish();
rollback;
