-- Test: record_consent, override_consent - staff write down answers on evidence, and go on without one in an emergency, with a reason and for a day. FND-16, CNS-01.
begin;
select plan(30);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.patient('dan');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk'), tests.staff('stefan', 'specialist'), tests.staff('bianca', 'billing');
select tests.patient('ana'), tests.patient('carmen', account => false, birth_date => '2018-09-20');
select tests.caregiver('corina', 'carmen');
create function pg_temp.record(patient text default 'ana', purpose text default 'telemedicine', decision text default 'granted', evidence text default 'Paper form in folder 12', caregiver text default null)
returns app_public.consents language sql as $$
  select app_public.record_consent(tests.id('atlas'), tests.id(patient || case patient when 'dan' then ' at boreal' else ' at atlas' end), tests.version_id(purpose), decision, evidence,
    (select tests.id(caregiver || ' for ' || patient) where caregiver is not null));
$$;
create function pg_temp.override(patient text default 'ana', purpose text default 'telemedicine', reason text default 'Fell at home, bleeding') returns app_public.consents language sql as $$
  select app_public.override_consent(tests.id('atlas'), tests.id(patient || ' at atlas'), purpose, reason);
$$;
select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.record('carmen')$$, 'FORBIDDEN', 'representative_needed', 'a child does not consent to treatment');
select results_eq($$select decision, relationship, evidence, decided_by from pg_temp.record('carmen', caregiver => 'corina')$$,
  $$select 'granted', 'parent', 'Paper form in folder 12', (select principal_id from tests.personas where name = 'flavia')$$, 'a parent does for it');
select results_eq($$select decision, source from pg_temp.record(decision => 'refused')$$, $$values ('refused', 'staff')$$, 'a refusal is recorded');
select tests.remember('granted', (pg_temp.record()).id);
select is(tests.events_of(tests.id('granted')), '{consent.granted}', 'a grant is told of');
select * from tests.refuses($$select pg_temp.record(decision => 'refused')$$, 'CONFLICT', 'consent_stands', 'what stands is withdrawn, not refused');
select * from tests.breaks($$select pg_temp.record(evidence => '  ')$$, 'consents_evidence_is_not_blank', 'no evidence');
select * from tests.breaks($$select pg_temp.record(evidence => null)$$, 'consents_forms_and_staff_have_evidence', 'none at all');
select * from tests.refuses($$select pg_temp.record('dan')$$, 'NOT_FOUND', 'patient_not_found', 'another clinic''s patient');
select * from tests.refuses($$select pg_temp.record(purpose => 'platform_terms')$$, 'NOT_FOUND', 'consent_purpose_not_found', 'what is given to the platform');
select * from tests.refuses($$select pg_temp.override()$$, 'FORBIDDEN', 'permission_missing', 'the front desk decides no emergency');

select tests.act_as('stefan');
select results_eq($$select decision, source, evidence, emergency_reason, holds_until, caregiver_id from pg_temp.override('carmen')$$,
  $$values ('granted', 'staff', null::text, 'Fell at home, bleeding', app_hidden.now() + interval '24 hours', null::uuid)$$, 'an emergency waits for nobody, and ends after a day');
select * from tests.refuses($$select pg_temp.override(reason => ' x ')$$, 'VALIDATION', 'reason_missing', 'but says why');
select * from tests.refuses($$select pg_temp.override(purpose => 'marketing_email')$$, 'VALIDATION', 'consent_not_medical', 'marketing is no emergency');
select * from tests.refuses($$select pg_temp.override(purpose => 'nothing_known')$$, 'NOT_FOUND', 'consent_purpose_not_found', 'nor is what nobody knows');
select tests.act_as('bianca');
select * from tests.refuses($$select pg_temp.record()$$, 'FORBIDDEN', 'permission_missing', 'billing records nothing');
select tests.act_as('dan');
select * from tests.refuses($$select pg_temp.record()$$, 'NOT_FOUND', 'not_found', 'nor do strangers');
select * from tests.refuses($$select pg_temp.override()$$, 'NOT_FOUND', 'not_found', 'or decide');
select * from finish();
rollback;
