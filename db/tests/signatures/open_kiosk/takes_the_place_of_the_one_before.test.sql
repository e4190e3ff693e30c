-- Test: open_kiosk, end_kiosk, take_back_link, locked_form_to_send, require_own_hand - staff open a kiosk with their own hand, for a form of its mode; another one ends the one before. CNS-05, CNS-06.
begin;
select plan(40);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.clinic('atlas');
select tests.staff('alina', 'front_desk'), tests.staff('billing', 'billing');
select tests.patient('ioana'), tests.patient('tudor', account => false, birth_date => '2015-01-01'), tests.patient('ana', account => false, birth_date => '2015-01-01');
select tests.caregiver('corina', 'tudor'), tests.caregiver('dan', 'ana'), tests.caregiver('ended', 'tudor', ends_on => '2027-03-01'), tests.caregiver('ending', 'tudor', ends_on => '2027-03-02'),
  tests.caregiver('former', 'tudor');
update app_public.caregivers set revoked_at = app_hidden.now() where id = tests.id('former for tudor');
select tests.form_template(m, '[{"key": "pain", "type": "text", "label": {"ro": "Durere"}}]', signature_mode => m) from unnest('{click_typed,drawn_kiosk,remote_link}'::text[]) m;
select tests.form('form', 'ioana', 'drawn_kiosk'), tests.form('other', 'ioana', 'drawn_kiosk'), tests.form('childs', 'tudor', 'drawn_kiosk'), tests.form('sent', 'ioana', 'remote_link'), tests.form('gone', 'ioana', 'drawn_kiosk');
update app_public.forms set deleted_at = app_hidden.now() where id = tests.id('gone');
create function pg_temp.open(form text, name text, caregiver text default null, device text default ' Tableta 1 ') returns void language sql as $$
  select app_hidden.open_kiosk(tests.remember(name, gen_random_uuid()), tests.id(form), sha256(convert_to(name, 'UTF8')), device, case when caregiver is not null then tests.id(caregiver) end) $$;

select tests.act_as('otto');
select * from tests.refuses($$select pg_temp.open('form', 'x')$$, 'NOT_FOUND', 'form_not_found', 'another clinic opens none');
select tests.act_as('billing');
select * from tests.refuses($$select pg_temp.open('form', 'x')$$, 'FORBIDDEN', 'permission_missing', 'it needs forms.fill');
select tests.act_as('alina');
select * from tests.refuses($$select pg_temp.open('gone', 'x')$$, 'NOT_FOUND', 'form_not_found', 'what is out of the lists is not opened');
select * from tests.refuses($$select pg_temp.open('sent', 'x')$$, 'STATE', 'signed_in_another_way', 'nor what is signed by a link');
select tests.refuses(format('select pg_temp.open(''childs'', ''x'', %L)', c), 'VALIDATION', 'no_caregiver_of_the_patient', d) from (values
  ('dan for ana', 'whoever cares for somebody else does not sign'), ('former for tudor', 'nor whoever does no more'), ('ended for tudor', 'nor from the day on which it ends')) as w (c, d);
select set_config('app.impersonator_id', tests.id('atlas')::text, true);
select * from tests.refuses($$select pg_temp.open('form', 'x')$$, 'FORBIDDEN', 'impersonators_do_not_sign', 'nobody opens one as somebody else');
select set_config('app.impersonator_id', '', true);
select lives_ok($$select pg_temp.open('childs', 'c1', 'ending for tudor')$$, 'a day before the end a caregiver signs');
select lives_ok($$select pg_temp.open('childs', 'c2', 'corina for tudor')$$, 'and so does one without an end');
select lives_ok($$select pg_temp.open('other', 'another')$$, 'another form has its own');
select lives_ok($$select pg_temp.open('form', 'first')$$, 'a form is opened');
select lives_ok($$select pg_temp.open('form', 'second', device => ' ')$$, 'and once more');
select tests.act_as('the database');
select tests.signature_link('link', 'form');
select results_eq($$select id, status, ended_because, device, expires_at from app_public.signature_links where form_id = tests.id('form') and kind = 'kiosk' order by created_at, status$$,
  $$values (tests.id('second'), 'open', null, null, app_hidden.now() + interval '15 minutes'), (tests.id('first'), 'revoked', 'sent_again', 'Tableta 1', app_hidden.now() + interval '15 minutes')$$, 'the one before is over');
select results_eq($$select event, link_id, body::jsonb ->> 'device', body::jsonb ->> 'because' from app_public.signature_events where form_id = tests.id('form') order by position$$,
  $$values ('kiosk_opened', tests.id('first'), 'Tableta 1', null), ('revoked', tests.id('first'), null, 'sent_again'), ('kiosk_opened', tests.id('second'), null, null)$$, 'the chain says so');
select is((select body::jsonb ->> 'caregiver' from app_public.signature_events where link_id = tests.id('c2')), tests.id('corina for tudor')::text, 'and who is to sign');
select is((select status from app_public.signature_links where id = tests.id('another')), 'open', 'other forms keep theirs');

-- Taken back.
select tests.act_as('otto');
select * from tests.refuses($$select app_public.end_kiosk(tests.id('form'))$$, 'NOT_FOUND', 'form_not_found', 'another clinic ends none');
select tests.act_as('billing');
select * from tests.refuses($$select app_public.end_kiosk(tests.id('form'))$$, 'FORBIDDEN', 'permission_missing', 'ending needs forms.fill, too');
select tests.act_as('alina');
select results_eq($$select id, status from app_public.end_kiosk(tests.id('form'))$$, $$values (tests.id('second'), 'revoked')$$, 'staff end the one that is open');
select * from tests.refuses($$select app_public.end_kiosk(tests.id('form'))$$, 'STATE', 'nothing_to_revoke', 'once');
select * from tests.refuses($$select app_public.end_kiosk(tests.id('gone'))$$, 'NOT_FOUND', 'form_not_found', 'and not of what is out of the lists');
select results_eq($$select id from app_public.revoke_signature_link(tests.id('form'))$$, $$values (tests.id('link'))$$, 'a link beside it stood until it was taken back');
select tests.at_link('another');
select lives_ok($$select app_hidden.sign_at_link('{}', tests.text_hash('other'), 'ro', true, null, tests.png(), 4, 4, 'M0 0L1 1', 40, 40, null)$$, 'another form is signed meanwhile');
select tests.act_as('alina');
select * from tests.refuses($$select pg_temp.open('other', 'x')$$, 'STATE', 'already_signed', 'and is not opened again');
select tests.freeze_time('2027-03-01 08:15+02');
select * from tests.refuses($$select app_public.end_kiosk(tests.id('childs'))$$, 'STATE', 'nothing_to_revoke', 'what is over by the clock is not taken back');
select * from finish();
rollback;
