-- Test: refuse_at_link, refuse_to_sign, refuse_form, sealed_signature_link, expire_signature_links - whoever does not want to sign says so once: a no to each purpose, nothing open any more, and a form that may be signed another day. CNS-01, CNS-06, CNS-07.
begin;
select plan(30);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.data_key();
select tests.staff('alina', 'front_desk');
select tests.patient('ioana'), tests.patient('vlad'), tests.patient('tudor', account => false, birth_date => '2015-01-01');
select tests.caregiver('corina', 'tudor');
select tests.form_template('consent', '[{"key": "pain", "type": "text", "label": {"ro": "Durere"}}]', signature_mode => 'remote_link'),
  tests.form_template('plain', '[{"key": "pain", "type": "text", "label": {"ro": "Durere"}}]', signature_mode => 'click_typed');
insert into app_public.form_template_version_purposes (organization_id, version_id, purpose_scope_id, purpose_version_id)
select tests.id('atlas'), tests.id('first version of consent'), c.scope_id, c.id from app_public.consent_purpose_versions c where c.id in (tests.version_id('telemedicine'), tests.version_id('video_recording'));
select tests.form('form', 'ioana', 'consent'), tests.form('other', 'vlad', 'consent'), tests.form('childs', 'tudor', 'consent'), tests.form('plain form', 'ioana', 'plain'), tests.form('gone', 'ioana', 'plain');
select tests.signature_link('link', 'form'), tests.signature_link('tablet', 'form', 'kiosk'), tests.signature_link('other link', 'other', lasts => '1 hour'), tests.signature_link('childs link', 'childs', caregiver => 'corina for tudor', identify_by => 'code');
update app_public.signature_links set sealed_token = tests.envelope() where id in (tests.id('link'), tests.id('other link'));
update app_public.forms set deleted_at = app_hidden.now() where id = tests.id('gone');

-- By the link.
select tests.act_as('the worker');
select isnt(app_private.sealed_signature_link(tests.id('link')), null, 'the token is there for the message');
select tests.identified('link');
select * from tests.refuses($$select app_hidden.refuse_at_link(repeat('x', 501))$$, 'VALIDATION', 'refusal_too_long', 'a reason is short');
select set_config('app.impersonator_id', tests.id('atlas')::text, true);
select * from tests.refuses('select app_hidden.refuse_at_link()', 'FORBIDDEN', 'impersonators_do_not_sign', 'nobody refuses as somebody else');
select set_config('app.impersonator_id', '', true);
select lives_ok($$select app_hidden.refuse_at_link(' ' || repeat('x', 498) || ' ')$$, 'the patient refuses');
select * from tests.refuses('select app_hidden.refuse_at_link()', 'GONE', 'revoked', 'which ends the link');
select tests.at_link('childs link');
select lives_ok($$select * from app_hidden.identify_at_link(null, sha256('123456'), sha256('session'))$$, 'a mother says who she is');
select tests.at_link('childs link', 'session');
select lives_ok($$select app_hidden.refuse_at_link()$$, 'and refuses for her child');
select tests.act_as('the database');
select results_eq($$select id, status, ended_because from app_public.signature_links where form_id = tests.id('form') order by kind$$,
  $$values (tests.id('tablet'), 'revoked', 'refused'), (tests.id('link'), 'revoked', 'refused')$$, 'nothing of the form is open');
select results_eq($$select status, signed_at from app_public.forms where id = tests.id('form')$$, $$values ('pending', null::timestamptz)$$, 'the form stays');
select results_eq($$select purpose_code, decision, source, evidence_hash, caregiver_id from app_public.consents where source_form_id = tests.id('form') order by 1$$,
  $$select p, 'refused', 'form', null::bytea, null::uuid from unnest('{telemedicine,video_recording}'::text[]) p$$, 'a no to each purpose');
select results_eq($$select distinct decision, caregiver_id from app_public.consents where source_form_id = tests.id('childs')$$, $$values ('refused', tests.id('corina for tudor'))$$, 'a no of the mother');
select results_eq($$select event, length(body::jsonb ->> 'reason'), body::jsonb ->> 'caregiver' from app_public.signature_events where event = 'refused' order by form_id <> tests.id('form')$$,
  $$values ('refused', 498, null), ('refused', null, tests.id('corina for tudor')::text)$$, 'the chain says why, and for whom');
select is((select status from app_public.signature_links where id = tests.id('other link')), 'open', 'other forms keep their links');

-- In the portal.
select tests.act_as('vlad');
select * from tests.refuses($$select app_public.refuse_to_sign(tests.id('plain form'))$$, 'NOT_FOUND', 'form_not_found', 'not for somebody else');
select tests.act_as('ioana');
select * from tests.refuses($$select app_public.refuse_to_sign(tests.id('gone'))$$, 'NOT_FOUND', 'form_not_found', 'nor what is out of the lists');
select results_eq($$select id, status from app_public.refuse_to_sign(tests.id('plain form'), 'Nu acum')$$, $$values (tests.id('plain form'), 'pending')$$, 'a form without purposes is refused as well');
select lives_ok($$select app_public.sign_form(tests.id('plain form'), tests.text_hash('plain form'), 'ro', 'Ioana', true)$$, 'and signed another day');
select * from tests.refuses($$select app_public.refuse_to_sign(tests.id('plain form'))$$, 'STATE', 'already_signed', 'then it is not refused any more');

-- What is over by the clock.
select tests.act_as('the worker');
select is(app_private.sealed_signature_link(tests.id('link')), null, 'what was refused is not sent any more');
select tests.freeze_time('2027-03-01 08:59:59+02');
select is(app_private.expire_signature_links(), 0, 'the clock ends nothing too early');
select isnt(app_private.sealed_signature_link(tests.id('other link')), null, 'the other link is still sent');
select tests.freeze_time('2027-03-01 09:00+02');
select is(app_private.sealed_signature_link(tests.id('other link')), null, 'until its time is over');
select is(app_private.expire_signature_links(), 1, 'the clock ends what is over');
select is(app_private.expire_signature_links(), 0, 'once');
select * from finish();
rollback;
