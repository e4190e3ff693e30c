-- Test: link_to_send, send_signature_link - a link goes to the patient or the caregiver who signs, asks for what is known of the patient, takes the place of the one before, and is sent five times a day. CNS-06, FND-15.
begin;
select plan(33);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.data_key();
select tests.clinic('atlas');
select tests.data_key();
select tests.staff('alina', 'front_desk'), tests.staff('billing', 'billing');
select tests.patient('ioana'), tests.patient('vlad'), tests.patient('undated', account => false, birth_date => null, email => 'undated@people.test');
select tests.patient('tudor', account => false, birth_date => '2015-01-01'), tests.patient('silent', account => false);
update app_public.patient_profiles set phone = null where id in (tests.id('tudor'), tests.id('silent'), tests.id('undated'));
select tests.caregiver('corina', 'tudor');
select tests.form_template('consent', '[{"key": "pain", "type": "text", "label": {"ro": "Durere"}}]', signature_mode => 'remote_link'),
  tests.form_template('drawn', '[{"key": "pain", "type": "text", "label": {"ro": "Durere"}}]', signature_mode => 'drawn_kiosk');
insert into app_public.form_template_versions (organization_id, template_id, number, content, content_hash, field_types, signature_mode, link_inner_mode, link_expires_minutes)
select organization_id, template_id, 2, content, content_hash, field_types, signature_mode, 'typed', 60 from app_public.form_template_versions where id = tests.id('first version of consent');
select tests.form('form', 'ioana', 'consent'), tests.form('other', 'vlad', 'consent'), tests.form('undated form', 'undated', 'consent'),
  tests.form('childs', 'tudor', 'consent'), tests.form('silents', 'silent', 'consent'), tests.form('at a tablet', 'ioana', 'drawn');
create function pg_temp.send(form text, by text default 'birth_date', caregiver text default null, again text default '') returns uuid language plpgsql as $$
declare v uuid := gen_random_uuid();
begin
  perform app_hidden.send_signature_link(v, tests.id(form), sha256(convert_to(form || again, 'UTF8')), '\x52584501'::bytea || int4send(1) || sha256('?') || sha256('!'),
    case by when 'code' then sha256('123456') end, by, case when caregiver is not null then tests.id(caregiver) end);
  return tests.remember('link of ' || form || again, v);
end $$;

-- What the server is told before.
select tests.act_as('alina');
select results_eq(format('select organization_id, patient_id, asks_for from app_hidden.link_to_send(tests.id(%L), %L, null, %L)', f, m, b),
  format('values (tests.id(''atlas''), tests.id(%L), %L)', p, a), d) from (values
  ('form', 'remote_link', null, 'ioana at atlas', 'birth_date', 'the birth date is asked for'),
  ('undated form', 'remote_link', null, 'undated at atlas', 'code', 'a code where there is none'),
  ('form', 'remote_link', 'code', 'ioana at atlas', 'code', 'or where staff want it')) as w (f, m, b, p, a, d);
select results_eq($$select patient_id, asks_for from app_hidden.link_to_send(tests.id('at a tablet'), 'drawn_kiosk')$$, $$values (tests.id('ioana at atlas'), null::text)$$, 'nothing at a kiosk');

select * from tests.refuses($$select pg_temp.send('silents')$$, 'STATE', 'nowhere_to_send', 'whoever has no address gets no link');
select * from tests.refuses($$select pg_temp.send('childs')$$, 'STATE', 'nowhere_to_send', 'nor a child');
select * from tests.refuses($$select pg_temp.send('undated form')$$, 'VALIDATION', 'no_birth_date', 'a birth date that nobody knows is not asked for');
select lives_ok($$select pg_temp.send('undated form', 'code')$$, 'a code is, and a mail address is enough');
select tests.act_as('the database');
update app_public.patient_profiles set phone = '+40722000222' where id = tests.id('silent');
select tests.act_as('alina');
select lives_ok($$select pg_temp.send('silents')$$, 'a telephone is enough as well');
select lives_ok($$select pg_temp.send('childs', caregiver => 'corina for tudor')$$, 'a caregiver has an address');
select lives_ok($$select pg_temp.send('form')$$, 'a patient gets it');
select tests.act_as('the database');
select results_eq($$select signature, identify_by, expires_at, created_by from app_public.signature_links where id = tests.id('link of form')$$,
  $$select 'drawn', 'birth_date', app_hidden.now() + interval '1 day', principal_id from tests.personas where name = 'alina'$$, 'as its version says');
select results_eq($$select distinct recipient_human_id, patient_profile_id, data ->> 'timezone', data ->> 'byCode' from app_public.messages where data ->> 'signatureLinkId' = tests.id('link of childs')::text$$,
  $$values (tests.id('corina'), null::uuid, 'Europe/Bucharest', null::text)$$, 'the caregiver is written to');
select results_eq($$select distinct patient_profile_id, data ->> 'byCode' from app_public.messages where data ->> 'signatureLinkId' = tests.id('link of undated form')::text$$,
  $$values (tests.id('undated'), 'yes')$$, 'or the patient, who hears that there is a code');
select results_eq($$select channel from app_public.messages where data ->> 'signatureLinkId' = tests.id('link of form')::text order by 1$$, $$values ('email'), ('sms')$$, 'once by each way');
select results_eq($$select event, body::jsonb ->> 'identifyBy', body::jsonb ->> 'caregiver' from app_public.signature_events where link_id = tests.id('link of childs')$$,
  $$values ('link_created', 'birth_date', tests.id('corina for tudor')::text)$$, 'the chain says so');

-- Again.
select tests.freeze_time('2027-03-01 09:00+02'), tests.act_as('alina');
select lives_ok(format('select pg_temp.send(''form'', again => %L)', n), 'sent again: ' || n) from generate_series(2, 5) n;
select * from tests.refuses($$select pg_temp.send('form', again => '6')$$, 'RATE_LIMITED', 'link_sent_often', 'not six times a day');
select lives_ok($$select pg_temp.send('other')$$, 'which is counted for each form');
select tests.act_as('the database');
select results_eq($$select distinct status, ended_because from app_public.signature_links where form_id = tests.id('form') and id <> tests.id('link of form5')$$, $$values ('revoked', 'sent_again')$$, 'what was sent before is over');
select tests.freeze_time('2027-03-02 07:59:59+02'), tests.act_as('alina');
select * from tests.refuses($$select pg_temp.send('form', again => '6')$$, 'RATE_LIMITED', 'link_sent_often', 'nor a moment before the day is over');
select tests.freeze_time('2027-03-02 08:00+02');
select lives_ok($$select pg_temp.send('form', again => '6')$$, 'a day later it is');
select tests.act_as('the database');
select tests.signature_link('tablet ' || n, 'other', 'kiosk') from generate_series(1, 1) n;
update app_public.signature_links set status = 'expired', ended_at = app_hidden.now() where id = tests.id('tablet 1');
select tests.signature_link('tablet ' || n, 'other', 'kiosk') from generate_series(2, 2) n;
update app_public.signature_links set status = 'expired', ended_at = app_hidden.now() where id = tests.id('tablet 2');
select tests.signature_link('tablet 3', 'other', 'kiosk');
update app_public.signature_links set status = 'expired', ended_at = app_hidden.now() where id = tests.id('tablet 3');
select tests.signature_link('tablet 4', 'other', 'kiosk');
select tests.act_as('alina');
select lives_ok($$select pg_temp.send('other', again => '2')$$, 'tablets are not counted');
select tests.act_as('billing');
select * from tests.refuses($$select pg_temp.send('other', again => '3')$$, 'FORBIDDEN', 'permission_missing', 'it needs forms.fill');
select * from finish();
rollback;
