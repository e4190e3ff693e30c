-- Test: give_onboarding_automation - a new clinic asks its patients for what it requires and welcomes them once, never again. AUT-05.
begin;
select plan(10);
select tests.person('root', superadmin => true);
select tests.act_as('root');
select tests.remember('atlas', (app_public.create_organization('atlas', 'Atlas', 'olga@people.test', 'Olga')).id);
select tests.act_as('the database');
select results_eq($$select event_name, is_enabled, position from app_public.automation_rules where organization_id = tests.id('atlas')$$,
  $$values ('patient.onboarded', true, 1)$$, 'a new clinic has it, enabled');
select results_eq($$select action ->> 'action' || coalesce(' ' || (action #>> '{config,purpose}'), '') from app_public.automation_rule_versions, jsonb_array_elements(actions) as action
  where organization_id = tests.id('atlas')$$,
  array['require_consent org_terms', 'send_email'], 'asking for what is required, then a mail');

-- Registered by the clinic: nothing was accepted yet.
create function pg_temp.registers(name text, locale text) returns void language sql as $$
  with profile as (
    insert into app_public.patient_profiles (given_name, family_name, email, phone, birth_date, locale)
    values (initcap(name), 'Popescu', name || '@people.test', '+40722000111', '1980-05-17', locale) returning id)
  select tests.remember(name, id) from profile;
$$;
select pg_temp.registers('ana', 'ro'), pg_temp.registers('john', 'en');
select app_private.admit_patient(tests.id('atlas'), tests.id(p)) from unnest('{ana,john}'::text[]) p;
select is(tests.automations_follow(), 2, 'two became patients');
select is((select array_agg(distinct outcome) from app_public.automation_executions), array['done'], 'all was done');
select is((select count(*) from app_public.patient_requirements where organization_id = tests.id('atlas')), 2::bigint, 'each is asked for the consent');
select results_eq($$select patient_profile_id, count(*) from app_public.messages where organization_id = tests.id('atlas') and template_key = 'automation_email' group by 1 order by 1$$,
  $$values (tests.id('ana'), 1::bigint), (tests.id('john'), 1::bigint)$$, 'each gets one mail');
select results_eq($$select locale from app_public.messages where template_key = 'automation_email' order by patient_profile_id$$, array['ro', 'en'], 'in their language');

-- Back again.
update app_public.patients set deleted_at = app_hidden.now() where patient_profile_id = tests.id('ana');
select tests.happens('patient.onboarded', 'ana', clinic => 'atlas');
update app_public.patients set deleted_at = null where patient_profile_id = tests.id('ana');
select tests.happens('patient.onboarded', 'ana', clinic => 'atlas');
select tests.automations_follow();
select is((select count(*) from app_public.messages where template_key = 'automation_email'), 2::bigint, 'whoever comes back is not welcomed again');
select is((select count(*) from app_public.automation_executions where reason = 'cap'), 2::bigint, 'and why is said');
select is((app_private.give_onboarding_automation(tests.id('atlas'), false)).is_enabled, false, 'a clinic that is there already is given it switched off');
select * from finish();
rollback;
