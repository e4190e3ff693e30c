-- Test: sign, proof_of, signature_bundle, purposes_of_form, signer_in_portal, form_of_reader, end_signature_links - a proof names what was on this form at that moment, whoever signs and whatever else lies around; what is complete is signed as it is. CNS-02, CNS-04, CNS-05, CNS-07.
begin;
select plan(56);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.staff('alina', 'front_desk');
select tests.patient('ioana'), tests.patient('vlad'), tests.patient('former');
select tests.patient(n, account => false, birth_date => '2015-01-01') from unnest('{tudor,ana}'::text[]) n;
select tests.caregiver('corina', 'ana'), tests.remember('revoked link', tests.caregiver('corina', 'tudor', 'other'));
update app_public.caregivers set revoked_at = app_hidden.now() where id = tests.id('revoked link');
select tests.freeze_time('2027-03-01 07:00+02'), tests.caregiver('corina', 'tudor'), tests.freeze_time('2027-03-01 08:00+02'), tests.caregiver('radu', 'tudor', 'guardian');
select tests.form_template('typed', '[{"key": "scan", "type": "file", "label": {"ro": "Scanare"}}, {"key": "home", "type": "group", "label": {"ro": "Acasă"}, "items": [{"key": "pain", "type": "text", "label": {"ro": "Durere"}}]}]', signature_mode => 'click_typed'),
  tests.form_template('drawn', '[{"key": "pain", "type": "text", "label": {"ro": "Durere"}}]', signature_mode => 'drawn_kiosk'), tests.form_template('sent', '[{"key": "pain", "type": "text", "label": {"ro": "Durere"}}]', signature_mode => 'remote_link');
insert into app_public.form_template_version_purposes (organization_id, version_id, purpose_scope_id, purpose_version_id)
select tests.id('atlas'), tests.id('first version of ' || w.template), c.scope_id, c.id
from (values ('typed', 'telemedicine'), ('typed', 'marketing_sms'), ('drawn', 'video_recording')) as w (template, purpose), app_public.consent_purpose_versions c where c.id = tests.version_id(w.purpose);
select tests.form(f, p, t) from (values ('form', 'ioana', 'typed'), ('other', 'vlad', 'typed'), ('childs', 'tudor', 'typed'), ('gone', 'ioana', 'typed'), ('formers', 'former', 'typed'), ('complete', 'ioana', 'typed'), ('tablets', 'ioana', 'drawn'), ('links', 'ioana', 'sent'), ('more', 'vlad', 'sent')) as w (f, p, t);
select tests.file('scan', 'forms', tests.id('form'), 'ioana'), tests.file('pending scan', 'forms', tests.id('form'), 'ioana', 'pending'), tests.file('vlads scan', 'forms', tests.id('other'), 'vlad');
select tests.signature_link('open tablet', 'form', 'kiosk'), tests.signature_link('open link', 'form'), tests.signature_link('others link', 'other'), tests.signature_link('link', 'links', lasts => '1 hour'), tests.signature_link('drawn link', 'more', signature => 'drawn'), tests.signature_link('tablet', 'tablets', 'kiosk');
update app_public.forms set deleted_at = app_hidden.now() where id = tests.id('gone');
update app_public.patients set deleted_at = app_hidden.now() where id = tests.id('former at atlas');
update app_public.forms set deleted_at = null where id = tests.id('formers');
create function pg_temp.proof(form text) returns jsonb language sql as $$ select proof::jsonb from app_private.signature_documents where form_id = tests.id(form) $$;

-- Words.
select matches(app_private.shown_text(f, 'ro'), E'^Formular\nScanare\nAcasă\nDurere\n', 'what is asked in a group is shown') from app_public.forms f where f.id = tests.id('form');
select results_eq(format('select code, title, body from app_private.purposes_of_form((select f from app_public.forms f where f.id = tests.id(''form'')), %L)', l),
  format($$select purpose_code, coalesce(title_%1$s, title_ro), coalesce(body_%1$s, body_ro) from app_public.consent_purpose_versions where id in (tests.version_id('telemedicine'), tests.version_id('marketing_sms')) order by 1$$, l), 'purposes in ' || l) from unnest('{ro,en}'::text[]) l;
select tests.remember('romanian', tests.consent_version('marketing_push'));
insert into app_public.form_template_version_purposes (organization_id, version_id, purpose_scope_id, purpose_version_id)
select tests.id('atlas'), tests.id('first version of sent'), c.scope_id, c.id from app_public.consent_purpose_versions c where c.id = tests.id('romanian');
select results_eq($$select title, body from app_private.purposes_of_form((select f from app_public.forms f where f.id = tests.id('links')), 'en')$$, $$values ('Versiunea 1', 'Sunt de acord: 1')$$, 'in Romanian where there is no English');

-- Who reads and who signs.
select tests.act_as('alina');
select * from tests.refuses($$select app_public.form_text(tests.id('gone'))$$, 'NOT_FOUND', 'form_not_found', 'what is out of the lists is not read');
select tests.act_as('former');
select * from tests.refuses($$select app_public.form_text(tests.id('formers'))$$, 'NOT_FOUND', 'form_not_found', 'nor by whoever is no patient any more');
select * from tests.refuses($$select app_public.sign_form(tests.id('formers'), 'x', 'ro', 'X', true)$$, 'NOT_FOUND', 'form_not_found', 'who does not sign either');
select tests.act_as('ioana');
select * from tests.refuses($$select app_public.sign_form(tests.id('gone'), 'x', 'ro', 'X', true)$$, 'NOT_FOUND', 'form_not_found', 'what is out of the lists is not signed');
select tests.act_as('the database');
select tests.refuses(format('select app_private.%s', c), 'NOT_FOUND', 'form_not_found', 'by nobody: ' || c) from unnest(array[
  'sign(tests.id(''gone''), row(''click_typed'', ''typed'', null, null, null, ''account'')::app_private.signer, ''{}'', ''x'', ''ro'', true, ''X'')', 'refuse_form(tests.id(''gone''), null, null, null, null)']) c;
select tests.act_as('corina');
select results_eq($$select caregiver_id, signer_name from app_public.sign_form(tests.id('childs'), tests.text_hash('childs'), 'ro', 'Corina', true)$$, $$values (tests.id('corina for tudor'), 'Corina')$$, 'a mother signs by her link that holds');

-- What is signed.
select tests.act_as('ioana');
select * from tests.refuses($$select app_public.sign_form(tests.id('form'), tests.text_hash('form'), 'ro', repeat('x', 201), true)$$, 'VALIDATION', 'name_not_typed', 'a name is short');
select lives_ok($$select app_public.sign_form(tests.id('form'), tests.text_hash('form'), 'ro', repeat('x', 200), true)$$, 'of 200 characters');
select is((app_public.complete_form(tests.id('complete'), '{"pain": "da"}')).status, 'completed', 'what is complete');
select * from tests.refuses($$select app_public.sign_form(tests.id('complete'), tests.text_hash('complete'), 'ro', 'Ioana', true, '{"pain": "nu"}')$$, 'IMMUTABLE', 'form_is_completed', 'is not answered anew');
select lives_ok($$select app_public.sign_form(tests.id('complete'), tests.text_hash('complete'), 'ro', 'Ioana', true, '{"pain": "da"}')$$, 'and is signed as it is');
select tests.act_as('vlad');
select lives_ok($$select app_public.sign_form(tests.id('other'), tests.text_hash('other'), 'ro', 'Vlad', true)$$, 'others sign, too');
select results_eq($$select b ->> 'proofHash', jsonb_array_length(b -> 'events'), (b ->> 'proof')::jsonb #>> '{form,id}' from app_hidden.signature_bundle(tests.id('other')) b$$,
  $$select proof_sha256, 2, tests.id('other')::text from app_public.form_signatures where form_id = tests.id('other')$$, 'each takes the own proof');
select tests.act_as('the database');
select is(jsonb_path_query_array(pg_temp.proof('form'), '$.attachments[*].id'), jsonb_build_array(tests.id('scan')), 'a proof names the files of its form that were checked');
select is(pg_temp.proof('form') -> 'signature', jsonb_build_object('mode', 'click_typed', 'kind', 'typed', 'typedName', repeat('x', 200)), 'and no picture where none was drawn');
select results_eq($$select id, status, ended_because from app_public.signature_links where form_id = tests.id('form') order by kind$$,
  $$values (tests.id('open tablet'), 'revoked', 'signed_elsewhere'), (tests.id('open link'), 'revoked', 'signed_elsewhere')$$, 'what was open is over');
select is((select count(*) from app_private.signature_faults(tests.id('atlas'), tests.id('form'))), 0::bigint, 'the proof holds');
select is((select problem from app_private.signature_faults(tests.id('boreal'), tests.id('form'))), 'it is missing', 'at its clinic');
select is(app_private.end_signature_link(tests.id('open link'), 'expired'), false, 'what is over is not ended again');
select is((select status from app_public.signature_links where id = tests.id('open link')), 'revoked', 'and stays as it was');

-- At a tablet and by a link.
create function pg_temp.draw(path text default 'M0 0L5 5', typed text default null, location jsonb default null) returns jsonb language sql as $$
  select app_hidden.sign_at_link('{}', tests.text_hash('tablets'), 'ro', true, typed, tests.png(), 40, 20, path, 400, 200, location) $$;
select tests.at_link('tablet');
select tests.refuses(format('select pg_temp.draw(location => %L)', l), 'VALIDATION', 'location_invalid', 'no place: ' || l) from unnest(array['5', '{"latitude": 1, "longitude": 1, "name": "x"}', '{"latitude": "1", "longitude": 1}', '{"latitude": 1, "longitude": 180.1}', '{"latitude": -90.1, "longitude": 1}']) l;
select lives_ok($$select pg_temp.draw(location => '{"latitude": -90, "longitude": 180}')$$, 'the south pole is one');
select tests.identified('link');
select * from tests.refuses($$select app_hidden.sign_at_link('{}', tests.text_hash('links'), 'ro', true, 'Ioana', tests.png(), 40, 20, 'M0 0', 400, 200, null)$$, 'VALIDATION', 'signed_twice', 'who types draws nothing');
select * from tests.refuses($$select app_hidden.sign_at_link('{}', tests.text_hash('links'), 'ro', true, 'Ioana', null, null, null, 'M0 0', 400, 200, null)$$, 'VALIDATION', 'signed_twice', 'not even strokes');
select tests.act_as('the worker');
select lives_ok(format('select app_private.record_signature_link_sent(tests.id(%L), ''email'')', l), l || ' is sent') from unnest('{drawn link,link}'::text[]) l;

-- Over by the clock.
select tests.act_as('the database');
select lives_ok($$select app_private.end_signature_links(tests.id('boreal'), tests.id('links'), 'staff'), app_private.end_signature_links(tests.id('atlas'), tests.id('links'), 'staff', 'kiosk')$$, 'what is ended elsewhere, or of another kind');
select is((select status from app_public.signature_links where id = tests.id('link')), 'open', 'is not ended here');
select results_eq($$select l.id from app_public.signature_events e join app_public.signature_links l on l.id = e.link_id and l.form_id = e.form_id where e.event = 'link_sent' order by l.signature$$, $$values (tests.id('drawn link')), (tests.id('link'))$$, 'each event is of its link');
select tests.freeze_time('2027-03-01 09:00+02');
select app_private.end_signature_links(tests.id('atlas'), tests.id('links'), 'signed_elsewhere');
select results_eq($$select status, ended_because from app_public.signature_links where id = tests.id('link')$$, $$values ('expired', null)$$, 'what was over by the clock has expired');
select tests.freeze_time('2027-03-01 08:30+02'), tests.at_link('link');
select * from tests.refuses('select app_hidden.signing_door()', 'GONE', 'expired', 'and stays so');
select * from finish();
rollback;
