-- Test: ciphertext - plaintext does not fit into an encrypted column, whoever writes it. FND-11.
begin;
select plan(16);
select tests.clinic('atlas');
select tests.integration('twilio');

select * from tests.breaks(
  $$update app_public.organization_integrations set credentials = convert_to('sk_live_0123456789012345678901234567890', 'UTF8') where id = tests.id('twilio')$$,
  'ciphertext_is_an_envelope', 'a key in the clear does not');
select * from tests.breaks(
  $$update app_public.organization_integrations set credentials = '\x52584501' where id = tests.id('twilio')$$,
  'ciphertext_is_an_envelope', 'a bare heading does not');
select * from tests.breaks(
  $$update app_public.organization_integrations set credentials = '\x5258450300000001'::bytea || extensions.gen_random_bytes(60) where id = tests.id('twilio')$$,
  'ciphertext_is_an_envelope', 'another format does not');
select * from tests.breaks(
  $$update app_public.organization_integrations set credentials = '\x5258450100000000'::bytea || extensions.gen_random_bytes(60) where id = tests.id('twilio')$$,
  'ciphertext_is_an_envelope', 'version zero does not');
select lives_ok(
  $$update app_public.organization_integrations set credentials = tests.envelope() where id = tests.id('twilio')$$, 'an envelope does');
select is(app_private.key_version(tests.envelope(258)), 258, 'the version of its key is read from its heading');
select is(app_private.key_version(tests.envelope(2147483647)), 2147483647, '… the highest there is, too');

-- Generic: whatever column is of this kind is found by the rotation and guarded.
select is_empty(
  $$select c.name from tests.app_columns c where c.typname = 'ciphertext'
    and not exists (
      select from app_private.ciphertext_places() p where p.table_name = c.table_name and p.column_name = c.attname)$$,
  'the rotation knows every encrypted column: it is classified, and its row has one key');
select is_empty(
  $$select c.name from tests.app_columns c where c.typname = 'ciphertext'
    and not exists (
      select from pg_trigger t
      where t.tgrelid = c.table_oid and t.tgname = '_300_key_in_use' and t.tgenabled <> 'D'
        and encode(t.tgargs, 'escape') ~ concat('(^|\\000)', c.attname, '\\000'))$$,
  'no encrypted column takes an envelope under a retired key');
create table app_private.toys (id uuid primary key, code app_private.ciphertext);
select is(
  array(select c.name::text from tests.app_columns c where c.typname = 'ciphertext'
    and not exists (
      select from app_private.ciphertext_places() p where p.table_name = c.table_name and p.column_name = c.attname)), '{app_private.toys.code}', 'one that nobody classified is named');
select is(
  array(select c.name::text from tests.app_columns c where c.typname = 'ciphertext'
    and not exists (select from pg_trigger t where t.tgrelid = c.table_oid and t.tgname = '_300_key_in_use')), '{app_private.toys.code}', '… and so is one without its guard');
select app_private.classify('app_private.toys', 'cell', 'operations', '{"operational": ["id"], "auth_secret": ["code"]}',
  protected => '{"ciphertext": ["code"]}');
select results_eq(
  $$select key_column, key_type, has_organization from app_private.ciphertext_places() where table_name = 'app_private.toys'$$,
  $$values ('id', 'uuid', false)$$, 'classified, it is a place like any other, of the platform where no clinic is named');
select * from finish();
rollback;
