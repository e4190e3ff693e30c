-- Test: audit_entries_values - values of an entry for whoever may read the log it is in, and nothing personal for who runs the platform. FND-08.
begin;
select plan(17);
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('flavia', 'front_desk');
select tests.person('root', superadmin => true);
select tests.patient('ana');
select tests.act_as('adrian');
insert into app_public.services (organization_id, name, duration_minutes, price_amount, currency)
values (tests.id('atlas'), 'Masaj', 50, 18000, 'RON');
update app_public.services set price_amount = 20000 where name = 'Masaj';
update app_public.services set price_amount = 21000 where name = 'Masaj';
select tests.act_as('the database');
update app_public.patient_profiles set phone = '+40733999888' where id = tests.id('ana');
select audit.append(null, 'update', 'app_private.data_keys', 'x', null, '{name}', null, '{"name": "b"}');
select tests.seal();

-- Whatever row is put to it, as whoever; the view alone would hide it.
create temporary table asked as
select coalesce(new ->> 'price_amount', new ->> 'phone', new ->> 'name') as value, to_jsonb(v) as entry
from audit.entries join app_public.audit_entries v using (id)
where entries.action = 'update' and (new ?| '{price_amount,phone}' or new ->> 'name' = 'b');
grant select on asked to public;
create function pg_temp.seen(value text) returns app_public.audit_values language sql as $$
  select app_public.audit_entries_values(jsonb_populate_record(null::app_public.audit_entries, asked.entry)) from asked where asked.value = seen.value
$$;
select is((select count(*) from asked), 4::bigint, 'four entries are asked about');

select tests.act_as('adrian');
select is((pg_temp.seen('20000')).new, '{"price_amount": 20000}', 'who may read the clinic''s log sees the new value');
select is((pg_temp.seen('20000')).old, '{"price_amount": 18000}', '… the old one');
select is((pg_temp.seen('20000')).ip, '203.0.113.7', '… and from where');
select is((pg_temp.seen('21000')).new, '{"price_amount": 21000}', '… of each entry its own, also of one moment');
select is(pg_temp.seen('+40733999888'), null, '… and of the platform''s log nothing');
select is(pg_temp.seen('b'), null, '… at all');
select tests.act_as('flavia');
select is(pg_temp.seen('20000'), null, 'a colleague without audit.view sees nothing');
select tests.act_as('beata');
select is(pg_temp.seen('20000'), null, 'nor does another clinic''s admin');
select tests.act_as('ana');
select is(pg_temp.seen('+40733999888'), null, 'nor a patient');
select tests.act_as('root');
select is(pg_temp.seen('20000'), null, 'who runs the platform sees nothing of a clinic''s');
select is((pg_temp.seen('b')).new, '{"name": "b"}', '… of the platform''s what is not personal');
select is(pg_temp.seen('+40733999888'), null, '… and not what is');
select is(
  (select array_agg(action order by id) from app_public.audit_entries where table_name = 'app_public.patient_profiles' and row_key = tests.id('ana')::text),
  '{insert,update}', '… but that it changed');
select tests.act_as('a visitor');
select throws_ok($$select pg_temp.seen('20000')$$, '42501', null, 'a visitor may not ask');

-- What was erased is not shown as empty.
select tests.act_as('the engine');
select is(audit.erase_values('GDPR art. 17', table_name => 'app_public.services', row_key => (
  select entry ->> 'row_key' from asked where value = '20000')), 3, 'the values are erased');
select tests.act_as('adrian');
select ok((select app_public.audit_entries_values(e) is not distinct from null from app_public.audit_entries e
  where e.id = (select (entry ->> 'id')::uuid from asked where value = '20000')), 'where they were erased there are none');
select * from finish();
rollback;
