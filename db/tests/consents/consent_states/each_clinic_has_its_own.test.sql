-- Test: consent_states, consent_overview, missing_consents, require_current_version, may_contact - treatments of one code at two clinics are two, removed patients are asked nothing, and words of before count where they still may. FND-16, CNS-08, CNS-09.
begin;
select plan(17);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('flavia', 'admin');
select tests.clinic('atlas');
select tests.staff('flavia', 'admin');
select tests.patient('ana', 'boreal'), tests.patient('ana', 'atlas'), tests.patient('bogdan', 'atlas');
select tests.patient('carmen', account => false, birth_date => '2018-09-20');
select tests.caregiver('ana', 'carmen');
select tests.consent_version('treatment_specific_waves', clinic => c) from unnest('{boreal,atlas}'::text[]) c;
select tests.consent_version('treatment_specific_other', clinic => 'boreal');
create function pg_temp.asked(clinic text) returns jsonb language sql as $$
  select jsonb_agg(c.purpose_code || ' ' || c.state || ' ' || c.name order by 1) from app_public.patient_consents(tests.id(clinic), tests.id('ana at ' || clinic)) c where c.purpose_code like 'treatment%' $$;
update app_public.consent_purposes set name = 'Waves of Boreal' where organization_id = tests.id('boreal') and code = 'treatment_specific_waves';

select results_eq($$select purpose, reason from app_private.missing_consents(tests.id('atlas'), tests.id('ana at atlas'), '{treatment_specific_waves,treatment_specific_other}')$$,
  $$values ('treatment_specific_waves', 'never_given')$$, 'what another clinic asks for is missing at none');
select tests.consent('ana', 'treatment_specific_waves');
select is((app_private.require_current_version(jsonb_populate_record(null::app_public.consents, jsonb_build_object('organization_id', tests.id(c), 'purpose_version_id', tests.version_id('treatment_specific_waves', c))))).organization_id,
  tests.id(c), 'the purpose is that of ' || c) from unnest('{boreal,atlas}'::text[]) c;
select tests.act_as('flavia');
select set_config('app.organization_id', '', true);
select is(pg_temp.asked('atlas'), '["treatment_specific_waves granted Treatment"]', 'one clinic');
select is(pg_temp.asked('boreal'), '["treatment_specific_other never_given Treatment", "treatment_specific_waves never_given Waves of Boreal"]', 'the other');
select is_empty($$select * from app_public.patient_consents(tests.id('atlas'), tests.id('ana at boreal'))$$, 'and none asks about the other''s patient');
select tests.act_as('ana'), set_config('app.organization_id', '', true);
select results_eq($$select organization_id, state from app_public.my_consents(patient_profile_id => tests.id('ana')) where purpose_code = 'treatment_specific_waves' order by 2$$,
  $$values (tests.id('atlas'), 'granted'), (tests.id('boreal'), 'never_given')$$, 'the person sees both');
select is_empty($$select * from app_public.my_consents(tests.id('boreal')) c where c.organization_id <> tests.id('boreal')$$, 'or one alone');
select isnt_empty($$select * from app_public.my_consents(tests.id('atlas')) c where c.patient_profile_id = tests.id('carmen')$$, 'and sees whom they care for');
select * from tests.refuses($$select app_public.withdraw_consent('treatment_specific_other', tests.id('ana at atlas'))$$, 'NOT_FOUND', 'consent_purpose_not_found', 'what another clinic asks for is not withdrawn here');
select tests.act_as('the database');
update app_public.patients set deleted_at = app_hidden.now() where id = tests.id('carmen at atlas');
select tests.act_as('ana');
select is_empty($$select * from app_public.my_consents() c where c.patient_profile_id = tests.id('carmen')$$, 'whoever was removed is asked nothing');

-- In an emergency it stands for a day.
select tests.act_as('the database');
select app_private.add_consent(jsonb_populate_record(null::app_public.consents, jsonb_build_object('organization_id', tests.id('boreal'), 'patient_profile_id', tests.id('ana'), 'purpose_version_id', tests.version_id('treatment_specific_other', 'boreal'),
  'decision', 'granted', 'source', 'staff', 'emergency_reason', 'Fell in the gym', 'holds_until', app_hidden.now() + interval '1 day')));
select is((select state from app_private.consent_states(tests.id('boreal'), tests.id('ana'), null, '{treatment_specific_other}')), 'granted', 'an emergency counts');
select tests.freeze_time('2027-03-02 08:00+02');
select is((select state from app_private.consent_states(tests.id('boreal'), tests.id('ana'), null, '{treatment_specific_other}')), 'never_given', 'for a day');

-- Who may be written to.
select tests.consent('ana', 'marketing_email', clinic => 'boreal'), tests.consent('bogdan', 'marketing_email', clinic => 'atlas');
select is(app_private.may_contact(tests.id('atlas'), tests.id('ana'), null, 'email', 'marketing'), false, 'what was given to another clinic, or by somebody else, lets nobody write');
select is(app_private.may_contact(tests.id('boreal'), tests.id('ana'), null, 'email', 'marketing'), true, 'what was given here does');
select tests.consent_version('marketing_email', clinic => 'atlas'), tests.consent('bogdan', 'marketing_email', clinic => 'atlas'), tests.consent_version('marketing_email', clinic => 'atlas');
select is(app_private.may_contact(tests.id('atlas'), tests.id('bogdan'), null, 'email', 'marketing'), false, 'until newer words ask again');
select * from finish();
rollback;
