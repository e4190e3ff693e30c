-- Test: save_organization_billing, require_billing_manager - the clinic with billing.manage and the platform; the tax id is an envelope, stays where none is given, and a rotation finds it. BIL-10, FND-11.
begin;
select plan(31);
select tests.person('root', superadmin => true);
select tests.clinic('boreal'), tests.staff('beata', 'admin');
select tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.staff('flavia', 'front_desk'), tests.data_key('atlas', 1), tests.data_key('boreal', 1);
select set_config('tests.envelope', tests.envelope(1)::text, true);
create function pg_temp.save(legal_name text default 'Atlas SRL', tax_id bytea default null, last_four text default null, email text default 'bani@atlas.test', timezone text default 'Europe/Bucharest',
  country text default 'RO', currency text default 'RON', cadence text default 'monthly', registration text default ' J12/1/2020 ', clinic text default 'atlas') returns void language sql as $$
  select app_hidden.save_organization_billing(tests.id(clinic), legal_name, 'Lungă 1', 'Cluj-Napoca', 'Cluj', '400001', country, registration, email, currency, timezone, cadence, tax_id, last_four) $$;

select tests.act_as('flavia');
select * from tests.refuses('select pg_temp.save()', 'FORBIDDEN', 'permission_missing', 'front desk saves none');
select * from tests.refuses($$select app_hidden.require_billing_manager(tests.id('atlas'))$$, 'FORBIDDEN', 'permission_missing', 'nor is asked to be sealed for');
select tests.act_as('beata');
select * from tests.refuses('select pg_temp.save()', 'NOT_FOUND', 'not_found', 'for a stranger there is no such clinic');
select tests.act_as('root');
select * from tests.refuses($$select app_hidden.require_billing_manager(uuidv7())$$, 'NOT_FOUND', 'not_found', 'nor for the platform where there is none');

select tests.act_as('olga');
select lives_ok($$select pg_temp.save(tax_id => current_setting('tests.envelope')::bytea, last_four => '5678')$$, 'the owner saves');
select results_eq(
  $$select legal_name, registration_number, tax_id_last_four, billing_email, cadence, updated_by from app_public.organization_billing$$,
  $$values ('Atlas SRL', 'J12/1/2020', '5678', 'bani@atlas.test', 'monthly', tests.id('olga'))$$, 'as it was entered');
select lives_ok($$select pg_temp.save('Atlas Recuperare SRL')$$, 'and changes it, without the tax id');
select tests.act_as('the database');
select is((select tax_id::text from app_public.organization_billing), current_setting('tests.envelope'), 'which stays as it was');
select tests.act_as('root');
select lives_ok($$select pg_temp.save(email => 'facturi@atlas.test')$$, 'so does the platform');
select is((select updated_by from app_public.organization_billing), tests.id('root'), 'under its own name');
select tests.act_as('olga');
select * from tests.refuses($$select pg_temp.save(email => 'nobody')$$, 'VALIDATION', null, 'an address that is none');
select * from tests.breaks($$select pg_temp.save(country => 'Ro')$$, 'organization_billing_country_is_a_code', 'a country that is no code');
select * from tests.breaks($$select pg_temp.save(currency => 'lei')$$, 'organization_billing_currency_is_a_code', 'a currency that is none');
select * from tests.breaks($$select pg_temp.save(cadence => 'weekly')$$, 'organization_billing_cadence_is_known', 'by the week');
select * from tests.breaks($$select pg_temp.save(timezone => 'Europe/Nowhere')$$, 'organization_billing_timezone_fkey', 'a zone that there is not');
select * from tests.breaks($$select pg_temp.save(legal_name => ' – ')$$, 'organization_billing_legal_name_is_not_blank', 'a name that says nothing');
select * from tests.refuses($$select pg_temp.save(tax_id => '\x525845010000000900'::bytea || decode(repeat('00', 60), 'hex'), last_four => '1')$$, 'CONFLICT', 'data_key_not_in_use', 'one under a key that is not in use');

-- A rotation finds it.
select tests.act_as('the database');
select is((select key_column from app_private.ciphertext_places() where table_name = 'app_public.organization_billing' and column_name = 'tax_id'), 'organization_id', 'it is among the envelopes');
update app_private.data_keys set status = 'retiring' where organization_id = tests.id('atlas') and version = 1;
insert into app_private.data_keys (organization_id, version, wrapped, master_key_id) values (tests.id('atlas'), 2, extensions.gen_random_bytes(60), 'm1');
select results_eq(
  $$select row_id::uuid, organization_id from app_private.envelopes_to_reseal('app_public.organization_billing', 'tax_id', null, 10)$$,
  $$values (tests.id('atlas'), tests.id('atlas'))$$, 'and is sealed again with the next key');
select is(tests.events_of(tests.id('atlas')), '{organization_billing.changed,organization_billing.changed,organization_billing.changed}', 'each change is told, without what it says');
select * from finish();
rollback;
