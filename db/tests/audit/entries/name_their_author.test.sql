-- Test: entries - tg_audit writes down every change of a row, with who, where and what. FND-08, FND-02.
begin;
select plan(27);
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.patient('ana');
select tests.seal();

-- What a generated mutation does: plain SQL of a member.
select tests.act_as('adrian');
insert into app_public.services (organization_id, name, duration_minutes, price_amount, currency)
values (tests.id('atlas'), 'Masaj terapeutic', 50, 18000, 'RON');
select tests.freeze_time('2027-03-01 08:00+02');
update app_public.services set price_amount = 20000, description = 'Cincizeci de minute' where name = 'Masaj terapeutic';
select tests.act_as('the database');
select tests.remember('massage', (select id from app_public.services where name = 'Masaj terapeutic'));

select is(
  (select array_agg(action order by id) from tests.entries_of('app_public.services', tests.id('massage'))),
  '{insert,update}', 'a service that was added and changed has two entries');
select unnest(array[
  is(actor_id, tests.id('adrian'), 'they name the author of a generated mutation'),
  is(organization_id, tests.id('atlas'), '… the clinic'),
  is(session_role, session_user::text, '… the login'),
  is(ip, '203.0.113.7', '… the address'),
  is(user_agent, 'pgTAP', '… the program'),
  ok(request_id ~ '^[0-9a-f-]{36}$', '… the request'),
  is(occurred_at, app_hidden.now(), '… the time'),
  is(person_id, null, '… and nobody it is about, because a service is about nobody')])
from tests.entries_of('app_public.services', tests.id('massage')) where action = 'update';
select unnest(array[
  is(changed, '{description,price_amount}', 'an update names the columns that changed, and not updated_at'),
  is(old, '{"description": null, "price_amount": 18000}', '… with their old values'),
  is(new, '{"description": "Cincizeci de minute", "price_amount": 20000}', '… and the new')])
from tests.entries_of('app_public.services', tests.id('massage')) where action = 'update';
select unnest(array[
  is(old, null, 'a new row has no old values'),
  is(new ->> 'name', 'Masaj terapeutic', '… and all its new ones'),
  ok(changed @> '{name,price_amount}', '… and names the columns with a value'),
  ok(not changed && '{description}', '… and not those without')])
from tests.entries_of('app_public.services', tests.id('massage')) where action = 'insert';

-- Nothing happened.
select tests.freeze_time('2027-03-01 08:05+02');
select tests.act_as('adrian');
update app_public.services set price_amount = price_amount where name = 'Masaj terapeutic';
select tests.act_as('the database');
select is((select count(*) from tests.entries_of('app_public.services', tests.id('massage'))), 2::bigint,
  'an update that changes nothing but updated_at leaves no entry');

-- What is taken back was not done.
savepoint before;
update app_public.services set name = 'Altul' where id = tests.id('massage');
rollback to before;
update app_public.services set name = 'Masaj' where id = tests.id('massage');
select is(
  (select array_agg(new ->> 'name' order by id) from tests.entries_of('app_public.services', tests.id('massage')) where action = 'update' and new ? 'name'),
  '{Masaj}', 'a change that a savepoint takes back leaves no entry');
delete from app_public.services where id = tests.id('massage');
select unnest(array[
  is(old ->> 'name', 'Masaj', 'a deleted row leaves its last values'),
  is(new, null, '… and no new ones'),
  is(actor_id, null, 'a hand at the database is nobody of ours'),
  is(session_role, session_user::text, '… but a login')])
from tests.entries_of('app_public.services', tests.id('massage')) where action = 'delete';

-- Whose it is and whom it is about.
select unnest(array[
  is(organization_id, null, 'what has no clinic is the platform''s'),
  is(person_id, tests.id('ana'), '… and says whom it is about')])
from tests.entries_of('app_public.patient_profiles', tests.id('ana')) where action = 'insert';
select unnest(array[
  is(organization_id, tests.id('atlas'), 'a clinic''s own row is the clinic''s')])
from tests.entries_of('app_public.organizations', tests.id('atlas')) where action = 'insert';
select unnest(array[
  is(organization_id, tests.id('atlas'), 'a patient is the clinic''s'),
  is(person_id, tests.id('ana'), '… and about the person')])
from tests.entries_of('app_public.patients', tests.id('ana at atlas')) where action = 'insert';
select * from finish();
rollback;
