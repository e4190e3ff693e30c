-- Test: erase_values - takes out what is personal, says why, and the chain still verifies. FND-08, FND-09.
begin;
select plan(21);
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.patient('ana');
select tests.patient('bogdan');
update app_public.patient_profiles set phone = '+40733999888' where id = tests.id('ana');
select tests.seal();

select tests.act_as('the engine');
select tests.refuses($$select audit.erase_values('  ', tests.id('ana'))$$, 'VALIDATION', 'reason_missing', 'without a reason nothing is erased');
select tests.refuses($$select audit.erase_values('Art. 17')$$, 'VALIDATION', 'nothing_named', 'without a person or a row nothing is erased');
select tests.refuses($$select audit.erase_values('Art. 17', table_name => 'app_public.patient_profiles')$$, 'VALIDATION', 'nothing_named', 'a table alone is not a row');
select tests.refuses($$select audit.erase_values('Art. 17', row_key => 'x')$$, 'VALIDATION', 'nothing_named', 'nor is a key without its table');
select audit.append(null, 'update', 'app_public.toys', key, null, null, null, '{}'), audit.append(null, 'update', 'app_public.cars', key, null, null, null, '{}')
from unnest('{1,2}'::text[]) as key;
select is(audit.erase_values('Art. 17', table_name => 'app_public.toys', row_key => '2'), 1, 'a row is one of its table');
select results_eq(
  $$select table_name, row_key, new is null from audit.entries where table_name in ('app_public.toys', 'app_public.cars') order by 1, 2$$,
  $$values ('app_public.cars', '1', false), ('app_public.cars', '2', false), ('app_public.toys', '1', false), ('app_public.toys', '2', true)$$,
  '… and no other loses its values');

select is(audit.erase_values('GDPR art. 17, request 12', tests.id('ana')), 3, 'three entries are about ana: added, made a patient, a new number');
select is(audit.erase_values('GDPR art. 17, request 12', tests.id('ana')), 0, 'a second time there is nothing left');
select is(
  audit.erase_values('GDPR art. 17, request 13', table_name => 'audit.entries', row_key => (
    select id::text from audit.entries where table_name = 'app_public.toys' and row_key = '2')), 0, 'the record of an erasure is not erased');
select tests.act_as('the database');
select tests.seal();

select is_empty(
  $$select from audit.entries where person_id = tests.id('ana') and num_nonnulls(old, new, ip, user_agent, key) > 0$$,
  'nothing personal is left of ana');
select isnt_empty(
  $$select from audit.entries where person_id = tests.id('bogdan') and new is not null$$, 'bogdan''s entries are as they were');
select results_eq(
  $$select new ->> 'reason', count(*) from audit.entries where action = 'erase' and new ->> 'reason' like 'GDPR%' group by 1$$,
  $$values ('GDPR art. 17, request 12', 3::bigint)$$, 'each erasure has its entry with the reason');
select is((select finding from audit.verify(null)), null, 'the platform''s chain verifies');
select is((select finding from audit.verify(tests.id('atlas'))), null, 'the clinic''s chain verifies');

-- The record belongs to what it erased: nothing else may be gone, and it may not go itself.
select matches(tests.tampered(
  format($$update audit.entries set old = null, new = null, ip = null, user_agent = null, key = null where person_id = %L$$, tests.id('bogdan')), null),
  '^values missing ', 'what is gone without a record is found');
select matches(tests.tampered(
  $$delete from audit.entries where action = 'erase' and organization_id is null$$, null), '^(values missing|missing) ', 'a record that is gone is found');
select matches(tests.tampered($$
  insert into audit.entries (id, occurred_at, seal_id, position, session_role, action, table_name, row_key, key, digest, bytes, hash)
  select uuidv7(), e.occurred_at, uuidv7(), 1, 'x', 'erase', 'audit.entries', e.id::text, e.key, e.digest, e.bytes, e.hash
  from audit.entries e where e.person_id = tests.id('bogdan') and e.organization_id is null;
  update audit.entries set old = null, new = null, ip = null, user_agent = null, key = null
  where person_id = tests.id('bogdan') and organization_id is null$$, null), '^values missing ', 'a record that no commit sealed proves nothing');
select * from finish();
rollback;
