-- Test: give_consent - a person accepts the words that count now, for themselves or whom they care for, and nothing about treatment. FND-16, CNS-01.
begin;
select plan(31);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.patient('dan');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana'), tests.patient('carmen', account => false, birth_date => '2018-09-20');
select tests.caregiver('corina', 'carmen');
create function pg_temp.give(purpose text, patient text default null) returns app_public.consents language sql as $$
  select app_public.give_consent(tests.version_id(purpose), (select tests.id(patient || ' at atlas') where patient is not null));
$$;
select tests.act_as('ana');
select tests.remember('mail', (pg_temp.give('marketing_email', 'ana')).id);
select results_eq(
  $$select organization_id, patient_profile_id, human_id, purpose_code, legal_basis, decision, source, decided_by, caregiver_id, decided_at from app_public.consents where id = tests.id('mail')$$,
  $$select tests.id('atlas'), tests.id('ana'), null::uuid, 'marketing_email', 'consent', 'granted', 'self', (select principal_id from tests.personas where name = 'ana'), null::uuid, app_hidden.now()$$,
  'the row says who, what, how and when');
select is(tests.events_of(tests.id('mail')), '{consent.granted}', 'and is told of');
select is((pg_temp.give('marketing_email', 'ana')).id, tests.id('mail'), 'what stands is answered as it is');
select is(tests.events_of(tests.id('mail')), '{consent.granted}', 'and told of once');
select results_eq($$select organization_id, patient_profile_id, human_id, legal_basis from pg_temp.give('platform_terms')$$,
  $$select null::uuid, null::uuid, (select principal_id from tests.personas where name = 'ana'), 'contract'$$, 'to the platform it is the account''s');
select is((pg_temp.give('org_terms', 'ana')).purpose_code, 'org_terms', 'the terms of the clinic');
select * from tests.refuses($$select pg_temp.give('telemedicine', 'ana')$$, 'STATE', 'consent_needs_form', 'treatment takes a signed form');
select * from tests.refuses($$select pg_temp.give('marketing_email')$$, 'NOT_FOUND', 'consent_purpose_not_found', 'what is given to a clinic is not given to the platform');
select * from tests.refuses($$select pg_temp.give('analytics', 'ana')$$, 'NOT_FOUND', 'consent_purpose_not_found', 'nor the other way');
select * from tests.refuses($$select pg_temp.give('org_terms', 'carmen')$$, 'NOT_FOUND', 'patient_not_found', 'not for somebody else');
select * from tests.refuses($$select app_public.give_consent(tests.version_id('org_terms'), tests.id('dan at boreal'))$$, 'NOT_FOUND', 'patient_not_found', 'nor elsewhere');
select * from tests.refuses($$select app_public.give_consent(gen_random_uuid(), tests.id('ana at atlas'))$$, 'NOT_FOUND', 'consent_purpose_not_found', 'no such words');
select tests.remember('shown', tests.version_id('marketing_sms'));
select tests.consent_version('marketing_sms');
select * from tests.refuses($$select app_public.give_consent(tests.id('shown'), tests.id('ana at atlas'))$$, 'CONFLICT', 'consent_version_outdated', 'words that were replaced meanwhile');
select tests.remember('theirs', tests.consent_version('marketing_sms', clinic => 'boreal'));
select * from tests.refuses($$select app_public.give_consent(tests.id('theirs'), tests.id('ana at atlas'))$$, 'NOT_FOUND', 'consent_purpose_not_found', 'another clinic''s words');

select tests.act_as('corina');
select results_eq($$select caregiver_id, relationship from pg_temp.give('marketing_email', 'carmen')$$,
  $$select tests.id('corina for carmen'), 'parent'$$, 'a caregiver answers on behalf of, and is on record as that');
select tests.act_as('the database');
update app_public.caregivers set revoked_at = now() where id = tests.id('corina for carmen');
select tests.act_as('corina');
select * from tests.refuses($$select pg_temp.give('org_terms', 'carmen')$$, 'NOT_FOUND', 'patient_not_found', 'not after the link has ended');
select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.give('org_terms', 'ana')$$, 'NOT_FOUND', 'patient_not_found', 'staff record, they do not give');
select tests.act_as('the database');
update app_public.principals set disabled_at = now() where id = (select principal_id from tests.personas where name = 'dan');
select tests.act_as('dan');
select * from tests.refuses($$select app_public.give_consent(tests.version_id('platform_terms'))$$, 'UNAUTHENTICATED', 'not_signed_in', 'nor a closed account');
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.give_consent(gen_random_uuid())$$, '42501', null, 'nor a visitor');
select * from finish();
rollback;
