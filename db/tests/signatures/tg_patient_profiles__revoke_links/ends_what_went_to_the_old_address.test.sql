-- Test: tg_patient_profiles__revoke_links, tg_forms__revoke_links - a new telephone, address or birth date ends the links of its person, and nothing else; a form that goes elsewhere ends its own. CNS-06, FND-34.
begin;
select plan(6);
select tests.clinic('atlas');
select tests.staff('alina', 'front_desk');
select tests.patient(n, account => false) from unnest('{ioana,vlad}'::text[]) n;
select tests.form_template('consent', '[{"key": "pain", "type": "text", "label": {"ro": "Durere"}}]', signature_mode => 'remote_link');
select tests.form('form', 'ioana', 'consent'), tests.form('second', 'ioana', 'consent'), tests.form('third', 'ioana', 'consent'), tests.form('other', 'vlad', 'consent');
select tests.signature_link('link', 'form'), tests.signature_link('tablet', 'form', 'kiosk'), tests.signature_link('second link', 'second'), tests.signature_link('third link', 'third'), tests.signature_link('other link', 'other');
create function pg_temp.open() returns text[] language sql as $$
  select array_agg(n.name order by n.name) from tests.names n join app_public.signature_links l on l.id = n.id where l.status = 'open' $$;
update app_public.forms set deleted_at = app_hidden.now() where id = tests.id('second');
select is(pg_temp.open(), '{link,"other link",tablet,"third link"}', 'a form that is out of the lists has no link');
update app_public.patient_profiles set given_name = 'Ioana Maria' where id = tests.id('ioana');
select is(pg_temp.open(), '{link,"other link",tablet,"third link"}', 'another name ends none');
update app_public.patient_profiles set phone = '+40722000999' where id = tests.id('ioana');
select is(pg_temp.open(), '{"other link",tablet}', 'another telephone ends every link of its person; at a tablet the person is known');
select results_eq($$select ended_because, count(*) from app_public.signature_links where status = 'revoked' group by 1 order by 1$$, $$values ('contact_changed', 2::bigint), ('form_moved', 1)$$, 'each says why');
update app_public.patient_profiles set birth_date = '1981-05-17' where id = tests.id('vlad');
select is(pg_temp.open(), '{tablet}', 'so does another birth date');
select is((select count(*) from app_public.signature_events where event = 'revoked'), 4::bigint, 'and the chain of each form tells it');
select * from finish();
rollback;
