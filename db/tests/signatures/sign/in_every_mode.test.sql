-- Test: sign - in the portal, at a kiosk and by a link: the form is signed once, with one consent a purpose, an event, a proof that holds, and nothing left that opens it. CNS-02, CNS-04, CNS-05, CNS-06, FND-14, FRM-07.
begin;
select plan(63);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.clinic('atlas');
select tests.staff('alina', 'front_desk');
select tests.patient('ioana');
select tests.patient('vlad');
select tests.patient('tudor', account => false, birth_date => '2015-01-01');
select tests.caregiver('corina', 'tudor');
select tests.form_template(m, '[{"key": "pain", "type": "scale", "min": 0, "max": 10, "required": true, "label": {"ro": "Durere", "en": "Pain"}, "help": {"ro": "De la 0 la 10"}}]',
  signature_mode => m, validity_months => 12) from unnest('{click_typed,drawn_kiosk,remote_link}'::text[]) m;
insert into app_public.form_template_version_purposes (organization_id, version_id, purpose_scope_id, purpose_version_id)
select tests.id('atlas'), tests.id('first version of ' || m), c.scope_id, c.id
from unnest('{click_typed,drawn_kiosk,remote_link}'::text[]) m, app_public.consent_purpose_versions c
where c.id in (tests.version_id('telemedicine'), tests.version_id('video_recording'));
select tests.form('typed', 'ioana', 'click_typed'), tests.form('drawn', 'ioana', 'drawn_kiosk'), tests.form('sent', 'ioana', 'remote_link'),
  tests.form('childs', 'tudor', 'click_typed'), tests.form('child drawn', 'tudor', 'drawn_kiosk');

-- In the portal.
select tests.act_as('ioana');
select is((app_public.form_text(tests.id('typed'))).text_hash, tests.text_hash('typed'), 'the portal shows the text with its hash');
select matches((app_public.form_text(tests.id('typed'), 'en')).text, E'^Form\nPain\nDe la 0 la 10\n', 'in a language, and in the other where it is not written in this');
select tests.refuses(format('select app_public.sign_form(tests.id(''typed''), %L, ''ro'', %L, %L, %L)', h, n, a, v), c, r, d) from (values
  (tests.text_hash('typed'), 'Ioana', false, '{"pain": 4}', 'VALIDATION', 'not_agreed', 'whoever does not agree does not sign'),
  (tests.text_hash('typed'), 'Ioana', null, '{"pain": 4}', 'VALIDATION', 'not_agreed', 'nor whoever says nothing'),
  (tests.text_hash('typed'), ' . ', true, '{"pain": 4}', 'VALIDATION', 'name_not_typed', 'a name has a letter'),
  (tests.text_hash('typed'), E'Io\nana', true, '{"pain": 4}', 'VALIDATION', 'name_not_typed', 'and is one line'),
  (tests.text_hash('typed'), 'Ioana', true, '{}', 'VALIDATION', 'answers_not_valid', 'what is required is answered'),
  (tests.text_hash('typed'), 'Ioana', true, '{"pain": 11}', 'VALIDATION', 'answers_not_valid', 'with what is offered'),
  (tests.text_hash('typed', 'en'), 'Ioana', true, '{"pain": 4}', 'CONFLICT', 'text_is_another', 'a text that was not shown is not signed'),
  (null, 'Ioana', true, '{"pain": 4}', 'CONFLICT', 'text_is_another', 'nor none')) as w (h, n, a, v, c, r, d);
select set_config('app.impersonator_id', tests.id('atlas')::text, true);
select * from tests.refuses($$select app_public.sign_form(tests.id('typed'), tests.text_hash('typed'), 'ro', 'Ioana', true, '{"pain": 4}')$$, 'FORBIDDEN', 'impersonators_do_not_sign', 'nobody signs as somebody else');
select set_config('app.impersonator_id', '', true);
select tests.act_as('vlad');
select * from tests.refuses($$select app_public.sign_form(tests.id('typed'), tests.text_hash('typed'), 'ro', 'Ioana', true, '{"pain": 4}')$$, 'NOT_FOUND', 'form_not_found', 'vlad does not sign it');
select tests.act_as('alina');
select * from tests.refuses($$select app_public.sign_form(tests.id('typed'), tests.text_hash('typed'), 'ro', 'Ioana', true, '{"pain": 4}')$$, 'NOT_FOUND', 'form_not_found', 'alina does not sign it');
select tests.act_as('otto');
select * from tests.refuses($$select app_public.sign_form(tests.id('typed'), tests.text_hash('typed'), 'ro', 'Ioana', true, '{"pain": 4}')$$, 'NOT_FOUND', 'form_not_found', 'otto does not sign it');
select tests.act_as('ioana');
select results_eq(
  $$select mode, signature, level, signer_name, typed_name, signer_human_id, caregiver_id, link_id, identified_by, locale, signed_at
    from app_public.sign_form(tests.id('typed'), tests.text_hash('typed'), 'ro', ' Ioana Popescu ', true, '{"pain": 4}')$$,
  $$values ('click_typed', 'typed', 'simple', 'Ioana Popescu', 'Ioana Popescu', app_hidden.current_principal_id(), null::uuid, null::uuid, 'account', 'ro', app_hidden.now())$$,
  'the patient signs with a name');
select * from tests.refuses($$select app_public.sign_form(tests.id('typed'), tests.text_hash('typed'), 'ro', 'Ioana', true)$$, 'STATE', 'already_signed', 'once');
select * from tests.refuses($$select app_public.sign_form(tests.id('sent'), tests.text_hash('sent'), 'ro', 'Ioana', true, '{"pain": 4}')$$, 'STATE', 'signed_in_another_way', 'and only what is signed so');
select tests.act_as('the database');
select results_eq($$select status, signed_at, valid_until, answers from app_public.forms where id = tests.id('typed')$$,
  $$values ('signed', app_hidden.now(), app_hidden.now() + interval '1 year', '{"pain": 4}'::jsonb)$$, 'the form is signed, for its time');
select results_eq($$select purpose_code, decision, source, source_form_id, decided_by, encode(evidence_hash, 'hex') from app_public.consents order by 1$$,
  $$select p, 'granted', 'form', tests.id('typed'), (select principal_id from tests.personas where name = 'ioana'),
      (select proof_sha256 from app_public.form_signatures) from unnest('{telemedicine,video_recording}'::text[]) p$$, 'one consent a purpose, by its proof');
select results_eq($$select payload ->> 'signatureMode' from app_private.events where name = 'form.signed'$$, $$values ('click_typed')$$, 'an event says how');

-- On behalf.
select tests.act_as('corina');
select lives_ok($$select app_public.sign_form(tests.id('childs'), tests.text_hash('childs'), 'ro', 'Corina', true, '{"pain": 4}')$$, 'a parent signs for a child');
select tests.act_as('the database');
select results_eq($$select s.caregiver_id, d.proof::jsonb #>> '{signer,relationship}' from app_public.form_signatures s
    join app_private.signature_documents d using (organization_id, form_id) where s.form_id = tests.id('childs')$$,
  $$values (tests.id('corina for tudor'), 'parent')$$, 'and is on record as that');

-- At a kiosk.
select tests.signature_link('tablet', 'drawn', 'kiosk');
select tests.signature_link('childs tablet', 'child drawn', 'kiosk');
create function pg_temp.draw(form text, path text default 'M0 0L5 5', image bytea default tests.png(), typed text default null, location jsonb default null)
returns jsonb language sql as $$
  select app_hidden.sign_at_link('{"pain": 4}', tests.text_hash(form), 'ro', true, typed, image, 40, 20, path, 400, 200, location) $$;
select tests.at_link('tablet');
select is(app_hidden.signing_door() - 'expiresAt', '{"kind": "kiosk", "clinic": {"name": "Atlas", "slug": "atlas"}, "locale": "ro", "identify": null}', 'a kiosk asks nobody who they are');
select is(app_hidden.form_to_sign() ->> 'textHash', tests.text_hash('drawn'), 'and shows the form');
select tests.refuses(format('select pg_temp.draw(''drawn'', %L, %L, %L, %L)', p, i, t, l), c, r, d) from (values
  (null, tests.png(), null, null, 'VALIDATION', 'signature_not_drawn', 'a drawing has strokes'),
  ('M0 0', null, null, null, 'VALIDATION', 'signature_not_drawn', 'and a picture'),
  ('M0 0L<b>', tests.png(), null, null, 'VALIDATION', 'path_invalid', 'of numbers alone'),
  ('M0 0', tests.png(), 'Ioana', null, 'VALIDATION', 'signed_twice', 'and no name beside it'),
  ('M0 0', tests.png(), null, '{"latitude": 91, "longitude": 0}', 'VALIDATION', 'location_invalid', 'a place is on earth'),
  ('M0 0', tests.png(), null, '{"latitude": 1}', 'VALIDATION', 'location_invalid', 'and whole')) as w (p, i, t, l, c, r, d);
select ok((pg_temp.draw('drawn', location => '{"latitude": 44.4, "longitude": 26.1}') ->> 'proofHash') ~ '^[0-9a-f]{64}$', 'the patient draws');
select * from tests.refuses($$select app_hidden.signing_door()$$, 'GONE', 'used', 'which ends the kiosk');
select tests.at_link('childs tablet');
select * from tests.refuses($$select pg_temp.draw('child drawn')$$, 'FORBIDDEN', 'representative_needed', 'a child does not consent to treatment alone');
select lives_ok($$select app_hidden.signing_door()$$, 'and the kiosk is given back');
select tests.act_as('the database');
select results_eq($$select mode, signature, identified_by, link_id, signer_human_id from app_public.form_signatures where form_id = tests.id('drawn')$$,
  $$values ('drawn_kiosk', 'drawn', 'staff', tests.id('tablet'), null::uuid)$$, 'staff knew who it was');
select results_eq($$select image, path, proof::jsonb -> 'location', proof::jsonb ->> 'address', proof::jsonb ->> 'userAgent', proof::jsonb #>> '{link,createdBy}' from app_private.signature_documents where form_id = tests.id('drawn')$$,
  $$select tests.png(), 'M0 0L5 5', '{"latitude": 44.4, "longitude": 26.1}'::jsonb, '203.0.113.7', 'pgTAP', created_by::text from app_public.signature_links where id = tests.id('tablet')$$, 'picture, strokes, place, address and device are kept, and who opened it');

-- By a link.
select tests.signature_link('link', 'sent');
select tests.identified('link');
select lives_ok($$select app_hidden.sign_at_link('{"pain": 4}', tests.text_hash('sent'), 'ro', true, 'Ioana', null, null, null, null, null, null, null)$$, 'by a link as well');
select tests.act_as('the database');
select results_eq($$select status, ended_because, ended_at, sealed_token is null, session_hash is null from app_public.signature_links where id = tests.id('link')$$,
  $$values ('used', null, app_hidden.now(), true, true)$$, 'which opens nothing any more');
select results_eq($$select mode, identified_by from app_public.form_signatures where form_id = tests.id('sent')$$, $$values ('remote_link', 'birth_date')$$, 'the birth date said who it was');
select is((select count(*) from app_public.consents where source_form_id = tests.id('sent')), 2::bigint, 'with its consents');
select is((select count(*) from app_public.form_signatures s cross join lateral app_private.signature_faults(s.organization_id, s.form_id)), 0::bigint, 'and every proof holds');
select * from finish();
rollback;
