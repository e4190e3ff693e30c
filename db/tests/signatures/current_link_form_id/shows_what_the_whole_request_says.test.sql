-- Test: current_link_form_id, link_patient_id, uploader_at_link - what a link or kiosk shows takes its whole token, its session and its time; each leads to its own form and patient. CNS-05, CNS-06.
begin;
select plan(18);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('alina', 'front_desk');
select tests.patient('ioana'), tests.patient('vlad');
select tests.form_template('consent', '[{"key": "pain", "type": "text", "label": {"ro": "Durere"}}]', signature_mode => 'remote_link');
select tests.form('form', 'ioana', 'consent'), tests.form('other', 'vlad', 'consent');
select tests.signature_link('link', 'form'), tests.signature_link('other link', 'other'), tests.signature_link('tablet', 'other', 'kiosk', lasts => '15 minutes');

select tests.identified('link'), tests.at_link('link', 'session', id => tests.id('other link'));
select is((select count(*) from app_public.forms), 0::bigint, 'nothing for the id of another link');
select tests.at_link('link', 'session', kind => 'kiosk');
select is((select count(*) from app_public.forms), 0::bigint, 'nor for another kind');
select tests.at_link('link', 'session'), set_config('app.link_token_hash', encode(sha256('?'), 'hex'), true);
select is((select count(*) from app_public.forms), 0::bigint, 'nor for another token');
select tests.at_link('link', 'session');
select is(app_hidden.link_patient_id(), tests.id('ioana at atlas'), 'a link leads to its patient');
select tests.remember('uploader', app_hidden.uploader_at_link());
select tests.at_link('other link');
select is(app_hidden.link_patient_id(), tests.id('vlad at atlas'), 'and another link to another');

select tests.freeze_time('2027-03-01 08:59:59+02'), tests.at_link('link', 'session');
select results_eq('select id from app_public.forms', $$values (tests.id('form'))$$, 'the form is there while the session lasts');
select tests.freeze_time('2027-03-01 09:00+02');
select is((select count(*) from app_public.forms), 0::bigint, 'which is an hour');
select tests.freeze_time('2027-03-01 09:01+02');
select is((select count(*) from app_public.forms), 0::bigint, 'and not again');

select tests.freeze_time('2027-03-01 08:14:59+02'), tests.at_link('tablet');
select results_eq('select id from app_public.forms', $$values (tests.id('other'))$$, 'a kiosk shows its form');
select tests.freeze_time('2027-03-01 08:15+02');
select is((select count(*) from app_public.forms), 0::bigint, 'for its quarter of an hour');
select * from tests.refuses('select app_hidden.signing_door()', 'GONE', 'expired', 'as the door says');
select tests.freeze_time('2027-03-01 08:16+02');
select is((select count(*) from app_public.forms), 0::bigint, 'and no longer');
select tests.freeze_time('2027-03-01 08:10+02'), tests.act_as('alina');
select is((app_public.end_kiosk(tests.id('other'))).ended_because, 'staff', 'staff take it back');
select tests.at_link('tablet');
select is((select count(*) from app_public.forms), 0::bigint, 'and at once it shows nothing');
select * from tests.refuses('select app_hidden.link_patient_id()', 'GONE', 'revoked', 'as the door says');
select tests.act_as('the database');
select is(tests.id('uploader'), (select principal_id from app_public.service_accounts where name = 'links'), 'files came in by the account of links');
select * from finish();
rollback;
