-- Test: accept_required_consents - whoever accepts for a child does so as the caregiver of now, not as one of before or somebody else. FND-32, FND-16.
begin;
select plan(2);
select tests.clinic('atlas');
select tests.patient('tudor', account => false, birth_date => '2020-01-01');
select tests.caregiver('corina', 'tudor');
update app_public.caregivers set revoked_at = app_hidden.now();
select tests.caregiver('corina', 'tudor'), tests.caregiver('cezar', 'tudor');
select tests.act_as('corina');
reset role;
select lives_ok(
  $$select app_private.accept_required_consents(tests.id('atlas'), tests.id('tudor at atlas'), array(
      select version_id from app_private.consent_states(tests.id('atlas'), tests.id('tudor'), null)
      union all select version_id from app_private.consent_states(null, null, tests.id('corina'))))$$, 'she accepts');
select results_eq($$select distinct caregiver_id from app_public.consents where patient_profile_id = tests.id('tudor')$$, $$values (tests.id('corina for tudor'))$$, 'as who she is now');
select * from finish();
rollback;
