-- Test: save_integration, integration_form, require_integration - whoever manages the clinic's integrations, and the
-- keys stay with the destination they were entered for. FND-22, FND-23, FND-35.
begin;
select plan(41);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.staff('olga', 'owner', email => 'olga@people.test');
select tests.integration('twilio of boreal');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('flavia', 'front_desk');
select tests.integration('twilio of atlas');
select tests.remember('mail', uuidv7());
select tests.remember('never saved', uuidv7());
create temporary table others as select * from app_public.organization_integrations;
create temporary view stored as
  select label, settings ->> 'region' as region, settings ->> 'configurationSet' as configuration_set, credentials,
    credentials_version as version, last_four ->> 'secretAccessKey' as last_four, created_by, consecutive_auth_failures as failures,
    num_nonnulls(last_tested_at, last_test_passed, last_test_reason) as test_facts, credentials_bound_to
  from app_public.organization_integrations where id = tests.id('mail');
create function pg_temp.save(
  is_new boolean, region text default 'eu-central-1', configuration_set text default null, with_keys boolean default false,
  id text default 'mail', clinic text default 'atlas', provider text default 'ses', last_four text default '9f3c', label text default ' Our mail '
) returns uuid language sql as $$
  select app_hidden.save_integration(tests.id(id), tests.id(clinic), provider, label,
    jsonb_strip_nulls(jsonb_build_object('region', region, 'sender', 'clinic@example.test', 'configurationSet', configuration_set)),
    case when with_keys then '\x52584501'::bytea || int4send(1) || sha256(random()::text::bytea) || sha256('x') end, case when with_keys then jsonb_build_object('secretAccessKey', last_four) end, is_new)
$$;
create function pg_temp.form(provider text, integration_id uuid default null) returns record language sql as $$
  select app_hidden.integration_form(tests.id('atlas'), provider, integration_id, '{"region": "eu-central-1", "configurationSet": "x"}')
$$;

-- The form, asked before anything is sealed.
select tests.act_as('flavia');
select throws_ok($$select pg_temp.form('ses')$$, 'RX403', 'permission_missing', 'the front desk gets no form');
select throws_ok($$select pg_temp.save(true, with_keys => true)$$, 'RX403', 'permission_missing', 'and saves nothing');
select tests.act_as('otto');
select throws_ok($$select pg_temp.form('ses')$$, 'RX404', 'not_found', 'another clinic neither');
select tests.act_as('olga', 'atlas');
select results_eq(
  $$select form.fields = p.credential_fields, form.bound_to::jsonb
    from app_hidden.integration_form(tests.id('atlas'), 'ses', null, '{"region": "eu-central-1", "configurationSet": "x"}') form
    join app_public.service_providers p on p.key = 'ses'$$,
  $$values (true, '{"provider": "ses", "settings": {"region": "eu-central-1", "sender": null}}'::jsonb)$$,
  'whoever manages them learns the keys to give, and the destination they are sealed for: where mail goes and in whose name');
select lives_ok($$select pg_temp.form('twilio', tests.id('twilio of atlas'))$$, 'also for one that is there');
select throws_ok($$select pg_temp.form('ses', tests.id('twilio of atlas'))$$, 'RX404', 'not_found', 'not for one of another vendor');
select throws_ok($$select pg_temp.form('twilio', tests.id('twilio of boreal'))$$, 'RX404', 'not_found', 'of another clinic');
select throws_ok($$select pg_temp.form('twilio', tests.id('never saved'))$$, 'RX404', 'not_found', 'or of nobody');
select throws_ok($$select pg_temp.form('manual')$$, 'RX400', 'provider_not_offered', 'a vendor without accounts has no form');
select throws_ok($$select pg_temp.form('web_push')$$, 'RX400', 'provider_not_offered', 'nor one that the platform keeps to itself');
select throws_ok($$select pg_temp.form('nobody')$$, 'RX400', 'provider_not_offered', 'nor one that is none');

-- A new one.
select throws_ok($$select pg_temp.save(true, region => '', with_keys => true)$$, 'RX400', 'setting_invalid', 'settings are what the vendor declares');
select is(pg_temp.save(true, with_keys => true), tests.id('mail'), 'a new one');
select tests.act_as('the database');
select results_eq($$select label, region, version, last_four, created_by from stored$$,
  $$values ('Our mail', 'eu-central-1', 1, '9f3c', tests.id('olga'))$$, 'stands as it was given, and says who gave it');
select is(tests.events_of(tests.id('mail')), '{integration.added}', 'which is said');

-- Changed without keys, and with.
create temporary table keys as select credentials from stored;
select app_hidden.record_integration_result(tests.id('mail'), false);
select app_hidden.record_integration_test(tests.id('mail'), (select a.state from app_hidden.integration_account(tests.id('mail')) a), false, 'credentials_refused');
select tests.act_as('flavia');
select throws_ok($$select pg_temp.save(false)$$, 'RX403', 'permission_missing', 'the front desk changes nothing');
select tests.act_as('olga', 'atlas');
select throws_ok($$select pg_temp.save(false, clinic => 'boreal')$$, 'RX404', 'not_found', 'it is not moved to another clinic of hers');
select throws_ok($$select pg_temp.save(false, id => 'twilio of boreal', provider => 'twilio')$$, 'RX404', 'not_found', 'nor is another clinic''s changed in the name of this one');
select throws_ok($$select pg_temp.save(false, id => 'never saved')$$, 'RX404', 'not_found', 'what is not there is not changed');
select throws_ok($$select pg_temp.save(false, id => 'twilio of atlas')$$, 'RX404', 'not_found', 'another vendor''s account does not become this one''s');
select is(pg_temp.save(false, configuration_set => 'clinic', label => 'Mail'), tests.id('mail'), 'name and a setting that says nothing of the destination');
select tests.act_as('the database');
select results_eq($$select label, configuration_set, credentials = (select credentials from keys), version, last_four, failures, test_facts from stored$$,
  $$values ('Mail', 'clinic', true, 1, '9f3c', 0, 0)$$, 'change alone: the keys stay, and what was found out with other settings does not');
select is((select payload -> 'credentialsChanged' from app_private.events where subject_id = tests.id('mail') order by position desc limit 1), 'false', 'which is said');
select tests.act_as('olga', 'atlas');
select throws_ok($$select pg_temp.save(false, region => 'us-east-1')$$, 'RX400', 'credentials_required', 'another region asks for the keys again');
select is(pg_temp.save(false, region => 'us-east-1', with_keys => true, last_four => 'abcd'), tests.id('mail'), 'with new keys it may be');
select tests.act_as('the database');
select results_eq($$select region, credentials = (select credentials from keys), version, last_four from stored$$,
  $$values ('us-east-1', false, 2, 'abcd')$$, 'the new ones are kept, and counted');
select is((select payload -> 'credentialsChanged' from app_private.events where subject_id = tests.id('mail') order by position desc limit 1), 'true', 'which is said, too');
select is((select credentials_bound_to::jsonb #>> '{settings,region}' from stored), 'us-east-1', 'and they are bound to the new region');

-- The trigger holds whoever writes.
select tests.changes_nothing($$update app_public.organization_integrations set credentials_bound_to = 'anywhere' where id = tests.id('mail')$$,
  'what keys are bound to is not written');
update app_public.service_providers set settings_fields = (
  select jsonb_agg(field || '{"destination": true}') from jsonb_array_elements(settings_fields) as field) where key = 'ses';
select lives_ok($$update app_public.organization_integrations set settings = settings where id = tests.id('mail')$$,
  'once the catalog counts another setting, what is not pointed elsewhere stays bound as it was');
select is((select credentials_bound_to::jsonb #> '{settings}' ? 'configurationSet' from stored), false, 'to what the keys were sealed for');
select throws_ok($$update app_public.organization_integrations set provider = 'smtp' where id = tests.id('mail')$$,
  'RX400', 'credentials_required', 'another vendor is another destination');
select lives_ok($$update app_public.organization_integrations set settings = settings, credentials = tests.envelope() where id = tests.id('mail')$$,
  'new keys');
select is((select credentials_bound_to::jsonb #> '{settings}' ? 'configurationSet' from stored), true, 'are bound to what counts now');

-- Asked before a test.
select tests.act_as('flavia');
select throws_ok($$select app_hidden.require_integration(tests.id('mail'))$$, 'RX403', 'permission_missing', 'the front desk tests nothing');
select tests.act_as('otto');
select throws_ok($$select app_hidden.require_integration(tests.id('mail'))$$, 'RX404', 'not_found', 'nor does another clinic');
select lives_ok($$select app_hidden.require_integration(tests.id('twilio of boreal'))$$, 'who has its own');
select tests.act_as('olga', 'atlas');
select lives_ok($$select app_hidden.require_integration(tests.id('mail'))$$, 'whoever manages it may');
select throws_ok($$select app_hidden.require_integration(tests.id('never saved'))$$, 'RX404', 'not_found', 'what is not there is not tested');

select tests.act_as('the worker');
select results_eq($$select provider, settings ->> 'region' from app_hidden.integration_account(tests.id('mail'))$$,
  $$values ('ses', 'us-east-1')$$, 'the worker gets this account');
select tests.act_as('the database');
select set_eq('select * from app_public.organization_integrations where id <> tests.id(''mail'')', 'select * from others', 'and all the while nobody else''s changed');
select * from finish();
rollback;
