-- Test: request_form_document - a signed form becomes a document with answers, signature and proof; at signing where its template says so. DOC-01, DOC-05, CNS-07, FRM-02.
begin;
select plan(22);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('flavia', 'front_desk');
select tests.patient('ioana');
select tests.patient('vlad');
select app_private.give_predefined_documents(tests.id('atlas'));
select app_private.give_predefined_documents(tests.id('atlas'));
select is((select count(*) from app_public.pdf_templates), 8::bigint, 'given twice, a clinic has each template once');
select is((select count(*) from app_public.pdf_template_versions), 8::bigint, 'published');
select tests.remember(key, id) from app_public.pdf_templates;
select tests.form_template('plain', '[{"key": "pain", "type": "choice", "options": [{"value": "no", "label": {"ro": "Fără"}}], "label": {"ro": "Durere"}}, {"key": "day", "type": "date", "label": {"ro": "Ziua"}}]', signature_mode => 'click_typed');
select tests.form('one', 'ioana', 'plain');
select tests.act_as('ioana');
select * from tests.refuses($$select app_public.request_form_document(tests.id('one'))$$, 'STATE', 'not_signed', 'not before it is signed');
select lives_ok($$select app_public.sign_form(tests.id('one'), tests.text_hash('one'), 'ro', 'Ioana', true, '{"pain": "no", "day": "2027-02-28"}')$$, 'it is signed');
select is_empty('select id from app_public.form_documents', 'without a template of documents nothing is made');
select tests.remember('made', (app_public.request_form_document(tests.id('one'))).id);
select is((app_public.request_form_document(tests.id('one'))).id, tests.id('made'), 'on request it is, once');
select tests.act_as('vlad');
select is_empty('select id from app_public.form_documents', 'another patient does not see it');
select * from tests.refuses($$select app_public.request_form_document(tests.id('one'))$$, 'NOT_FOUND', 'form_not_found', 'nor asks for it');
select tests.act_as('the database');
select is(app_private.document_input(tests.id('made')) #> '{data,form,sections}',
  '[{"title": null, "answers": [{"kind": "answer", "label": "Durere", "value": "Fără"}, {"kind": "answer", "label": "Ziua", "value": "28.02.2027"}]}]', 'questions with answers in words');
select is(app_private.document_input(tests.id('made')) #>> '{proof,sha256}', (select proof_sha256 from app_public.form_signatures), 'the hash of the proof');
select is(app_private.document_input(tests.id('made')) #>> '{signature,signature,typedName}', 'Ioana', 'the signature');
select is((select input_sha256 from app_private.claim_rendering(tests.id('made'))), app_private.hex_digest(app_private.canonical_json(app_private.document_input(tests.id('made')))), 'the hash of the input');
select is(app_private.record_rendered(tests.id('made'), repeat('b', 64), 100, 1), true, 'rendered');
select is((select owner_kind from app_public.files where id = tests.id('made')), 'form', 'it is a file of the form');

-- Published with a template of documents.
select tests.act_as('adrian');
select lives_ok($$update app_public.form_templates set pdf_template_id = tests.id('consultation_report_ro') where id = tests.id('plain')$$, 'a template of forms names one of documents');
select * from tests.refuses($$select app_public.publish_form_template(tests.id('plain'))$$, 'VALIDATION', 'template_not_published', 'which is of forms');
update app_public.form_templates set pdf_template_id = tests.id('signed_form_ro') where id = tests.id('plain');
select is((app_public.publish_form_template(tests.id('plain'))).version, 2, 'the next version has it');
select tests.act_as('the database');
insert into app_public.forms (organization_id, patient_id, patient_profile_id, template_id, version_id, snapshot)
select v.organization_id, p.id, p.patient_profile_id, v.template_id, v.id, v.content
from app_public.form_template_versions v, app_public.patients p where v.number = 2 and p.patient_profile_id = tests.id('ioana');
select tests.remember('two', id) from app_public.forms where version_id = (select id from app_public.form_template_versions where number = 2);
-- A later letterhead changes nothing of what is published.
update app_public.pdf_template_components set editor_state = '{"blocks": [{"type": "divider", "id": "only"}]}' where key = 'letterhead_ro';
select tests.act_as('ioana');
select lives_ok($$select app_public.sign_form(tests.id('two'), tests.text_hash('two'), 'ro', 'Ioana', true, '{}')$$, 'signed');
select tests.act_as('the database');
select is((select app_private.document_input(id) #>> '{letterhead,blocks,0,id}' from app_public.form_documents where form_id = tests.id('two')), 'clinic', 'it is a document at once, with the letterhead that was pinned');
select * from finish();
rollback;
