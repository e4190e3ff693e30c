-- Test: link_at_door, identify_at_link, current_link_form_id - a link shows one form, to whoever said who they are, and is over once it is. CNS-05, CNS-06.
begin;
select plan(63);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('alina', 'front_desk');
select tests.patient('ioana'), tests.patient('vlad'), tests.patient('nobody', account => false, birth_date => null);
select tests.form_template('consent', '[{"key": "pain", "type": "text", "label": {"ro": "Durere"}}]', signature_mode => 'remote_link');
select tests.form('form', 'ioana', 'consent'), tests.form('other', 'vlad', 'consent'), tests.form('third', 'nobody', 'consent'), tests.form('moved', 'ioana', 'consent'), tests.form('deleted', 'ioana', 'consent');
select tests.signature_link('link', 'form'), tests.signature_link('other link', 'other'), tests.signature_link('undated', 'third'),
  tests.signature_link('kiosk', 'form', 'kiosk'), tests.signature_link('moved link', 'moved'), tests.signature_link('deleted link', 'deleted');

-- What the token says has to be what its row says; one word for everything else.
select tests.at_link('link', id => tests.id('other link'));
select * from tests.refuses('select app_hidden.signing_door()', 'NOT_FOUND', 'link_not_found', 'another row');
select tests.at_link('link', form => tests.id('other'));
select * from tests.refuses('select app_hidden.signing_door()', 'NOT_FOUND', 'link_not_found', 'another form');
select tests.at_link('link', kind => 'kiosk');
select * from tests.refuses('select app_hidden.signing_door()', 'NOT_FOUND', 'link_not_found', 'another door');
select tests.at_link('link'); select set_config('app.link_token_hash', encode(sha256('?'), 'hex'), true);
select * from tests.refuses('select app_hidden.signing_door()', 'NOT_FOUND', 'link_not_found', 'another token');
select set_config('app.link_token_hash', '', true), set_config('app.link_id', '', true);
select * from tests.refuses('select app_hidden.signing_door()', 'NOT_FOUND', 'link_not_found', 'no token');
select is((select count(*) from app_public.forms), 0::bigint, 'and no form');

-- Before the person is known.
select tests.at_link('link');
select is(app_hidden.signing_door() -> 'identify', '{"by": "birth_date", "attemptsLeft": 5}', 'the door asks for the birth date');
select is((select count(*) from app_public.forms), 0::bigint, 'and no form is seen yet');
select tests.refuses(f, 'UNAUTHENTICATED', 'not_identified', f) from unnest(array[
  'select app_hidden.form_to_sign()', 'select app_hidden.words_to_sign(''ro'')', 'select app_hidden.save_at_link(''{}'')', 'select app_hidden.refuse_at_link()',
  'select app_hidden.require_identified()', 'select app_hidden.uploader_at_link()',
  'select app_hidden.sign_at_link(''{}'', ''x'', ''ro'', true, ''Ioana'', null, null, null, null, null, null, null)']) f;
select tests.at_link('undated');
select results_eq($$select * from app_hidden.identify_at_link(null, null, sha256('s'))$$, $$values (false, 4)$$, 'whose birth date nobody knows is not known by none');
select tests.at_link('link');
select results_eq($$select * from app_hidden.identify_at_link('1980-05-18', null, sha256('s'))$$, $$values (false, 4)$$, 'a wrong day is counted');
select results_eq($$select * from app_hidden.identify_at_link(null, sha256('123456'), sha256('s'))$$, $$values (false, 3)$$, 'and a code where none is asked for');
select results_eq($$select * from app_hidden.identify_at_link('1980-05-17', null, sha256('session'))$$, $$values (true, 3)$$, 'the right one opens a session');

-- Then one form, and no other row of anything.
select tests.at_link('link', 'session');
select results_eq($$select id from app_public.forms$$, $$values (tests.id('form'))$$, 'its form is all that the role sees');
select throws_ok(format('select count(*) from %s', t.name), '42501', null, t.name || ' is closed')
from unnest('{app_public.patients,app_public.patient_profiles,app_public.signature_links,app_public.signature_events,app_public.form_signatures,app_private.signature_documents,app_public.consents,app_public.messages,audit.entries}'::text[]) as t (name);
select throws_ok($$update app_public.forms set answers = '{}'$$, '42501', null, 'it writes by its doors alone');
select tests.at_link('link', 'another session');
select is((select count(*) from app_public.forms), 0::bigint, 'another session sees none');
select tests.at_link('other link', 'session');
select is((select count(*) from app_public.forms), 0::bigint, 'nor does this session at another link');
select tests.at_link('link', 'session');
select tests.freeze_time('2027-03-01 08:59:59+02');
select lives_ok('select app_hidden.require_identified()', 'the session lasts an hour');
select tests.freeze_time('2027-03-01 09:00+02');
select * from tests.refuses('select app_hidden.require_identified()', 'UNAUTHENTICATED', 'not_identified', 'not longer');

-- Ends.
select tests.identified('other link');
select tests.act_as('the database');
select tests.act_as('alina');
select lives_ok($$select app_public.revoke_signature_link(tests.id('other'))$$, 'staff take it back');
select tests.at_link('other link', 'session');
select * from tests.refuses('select app_hidden.form_to_sign()', 'GONE', 'revoked', 'while it is being read');
select is((select count(*) from app_public.forms), 0::bigint, 'the role sees nothing any more');
select tests.act_as('the database');
update app_public.forms set patient_id = tests.id('vlad at atlas'), patient_profile_id = tests.id('vlad') where id = tests.id('moved');
update app_public.forms set deleted_at = app_hidden.now() where id = tests.id('deleted');
select results_eq($$select status, ended_because from app_public.signature_links where id in (tests.id('moved link'), tests.id('deleted link'))$$,
  $$values ('revoked', 'form_moved'), ('revoked', 'form_moved')$$, 'a form that goes elsewhere takes its link back');
select tests.at_link('moved link');
select * from tests.refuses('select app_hidden.signing_door()', 'GONE', 'revoked', 'and says so');
select tests.at_link('deleted link');
select * from tests.refuses('select app_hidden.signing_door()', 'NOT_FOUND', 'link_not_found', 'a deleted form is nowhere');
select tests.at_link('kiosk');
select lives_ok('select app_hidden.form_to_sign()', 'a kiosk asks nobody');
select tests.freeze_time('2027-03-02 08:00+02');
select tests.at_link('link');
select * from tests.refuses('select app_hidden.signing_door()', 'GONE', 'expired', 'after a day it is over');
select tests.act_as('the worker');
select is(app_private.expire_signature_links(), 3, 'the clock ends what is left');
select tests.at_link('link');
select * from tests.refuses('select app_hidden.signing_door()', 'GONE', 'expired', 'and it is still over');
select tests.act_as('the database');
select results_eq($$select event from app_public.signature_events where link_id = tests.id('link') order by position$$,
  $$values ('opened'), ('not_identified'), ('not_identified'), ('identified'), ('expired')$$, 'the chain tells what happened');
select * from finish();
rollback;
