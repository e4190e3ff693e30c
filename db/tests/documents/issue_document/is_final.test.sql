-- Test: issue_document - what is issued is final, signed by its own specialist alone, and replaced by a successor. DOC-03, DOC-04.
begin;
select plan(53);
select tests.freeze_time('2027-03-08 10:00+02');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('flavia', 'front_desk');
select tests.specialist('stefan', account => true);
select tests.specialist('mihai', account => true);
select tests.patient('ana');
select tests.patient('bogdan');
select tests.calendar('visits', '{stefan,mihai}');
select tests.appointment('visit', 'ana', 'visits', 'stefan', '2027-03-01 09:00+02');
select tests.appointment('other visit', 'bogdan', 'visits', 'mihai', '2027-03-02 09:00+02');
select app_private.give_predefined_documents(tests.id('atlas'));
select tests.remember(key, id) from app_public.pdf_templates;
select tests.file('signature', 'specialist_signatures', tests.id('stefan'), 'stefan');
select tests.file('signature of mihai', 'specialist_signatures', tests.id('mihai'), 'mihai');
insert into app_public.specialist_signatures (organization_id, specialist_id, file_id, created_by)
select s.organization_id, s.id, tests.id(case s.id when tests.id('stefan') then 'signature' else 'signature of mihai' end), s.human_id from app_public.specialists s;
select tests.file('scan', 'appointment_files', tests.id('visit'), 'stefan');
select tests.file('scan of bogdan', 'appointment_files', tests.id('other visit'), 'mihai');
create function tests.document(name text) returns app_public.appointment_documents language sql stable security definer as $$
  select d from app_public.appointment_documents d where d.id = tests.id(document.name);
$$;

select tests.act_as('flavia');
select * from tests.refuses($$select app_public.draft_document(tests.id('visit'), tests.id('consultation_report_ro'))$$, 'FORBIDDEN', 'permission_missing', 'not the front desk');
select tests.act_as('mihai');
select * from tests.refuses($$select app_public.draft_document(tests.id('visit'), tests.id('consultation_report_ro'))$$, 'FORBIDDEN', 'permission_missing', 'nor another specialist');
select tests.act_as('bogdan');
select * from tests.refuses($$select app_public.draft_document(tests.id('visit'), tests.id('consultation_report_ro'))$$, 'NOT_FOUND', 'appointment_not_found', 'nor another patient');
select tests.act_as('ana');
select * from tests.refuses($$select app_public.draft_document(tests.id('visit'), tests.id('consultation_report_ro'))$$, 'NOT_FOUND', 'not_found', 'nor the patient');
select tests.act_as('stefan');
select * from tests.refuses($$select app_public.draft_document(tests.id('visit'), tests.id('signed_form_ro'))$$, 'VALIDATION', 'template_not_published', 'a form is no report');
select * from tests.refuses($$select app_public.draft_document(tests.id('visit'), tests.id('consultation_report_ro'), '{"cnp": "1", "findings": 3}')$$, 'VALIDATION', 'answers_not_valid', 'what the template does not ask');
select * from tests.refuses($$select app_public.draft_document(tests.id('visit'), tests.id('consultation_report_ro'), '{}', array[tests.id('scan of bogdan')])$$, 'VALIDATION', 'not_a_file_of_the_appointment', 'a file of another appointment');
select tests.remember('report', (app_public.draft_document(tests.id('visit'), tests.id('consultation_report_ro'), '{"plan": "Mers"}', array[tests.id('scan')])).id);
select is((tests.document('report')).status, 'draft', 'the specialist of the appointment drafts');
select tests.act_as('ana');
select is_empty('select id from app_public.appointment_documents', 'a draft is not the patient''s to see');
select is_empty('select file_id from app_public.appointment_document_files', 'nor are its files, as such');
select tests.act_as('stefan');
select * from tests.refuses($$select app_public.issue_document(tests.id('report'))$$, 'VALIDATION', 'answers_not_valid', 'what is required is missing');
select lives_ok($$select app_public.edit_document(tests.id('report'), '{"findings": "Flexie 110°", "plan": "Mers"}')$$, 'a draft is edited');
select is((select count(*) from app_public.appointment_document_files), 1::bigint, 'and keeps its files');
select is((app_public.issue_document(tests.id('report'))).number, 1, 'issued, it has a number');
select is((tests.document('report')).number_year, 2027, 'of the year');
select is((tests.document('report')).signature_id, (select id from app_public.specialist_signatures where specialist_id = tests.id('stefan')), 'and the signature of its specialist, who issued it');
select * from tests.refuses($$select app_public.edit_document(tests.id('report'), '{"findings": "Altceva"}')$$, 'IMMUTABLE', 'document_is_issued', 'it is final');
select * from tests.refuses($$select app_public.issue_document(tests.id('report'))$$, 'IMMUTABLE', 'document_is_issued', 'and issued once');

select tests.act_as('the database');
select throws_ok($$update app_public.appointment_documents set content = '{}' where id = tests.id('report')$$, 'RX423', 'document_is_issued', 'by nobody changed');
select throws_ok($$delete from app_public.appointment_documents$$, 'RX423', 'never_changed', 'nor deleted');
select throws_ok($$delete from app_public.appointment_document_files$$, 'RX423', 'document_is_issued', 'nor robbed of its files');
select throws_ok($$update app_private.document_inputs set input = '{}'$$, 'RX423', 'never_changed', 'what it is rendered from is frozen');
select is(app_private.document_input(tests.id('report')) #>> '{data,input,findings}', 'Flexie 110°', 'it says what was written');
select is(app_private.document_input(tests.id('report')) #>> '{signature,signature,sha256}', (select sha256 from app_public.files where id = tests.id('signature')), 'with the signature');
select is(app_private.document_input(tests.id('report')) -> 'letterhead' -> 'blocks' -> 0 ->> 'id', 'clinic', 'and the letterhead');
select is((select count(*) from graphile_worker.jobs where key = 'render_document:' || tests.id('report')), 1::bigint, 'the job is queued');
select is((select count(*) from app_private.events where name = 'document.issued'), 1::bigint, 'the event is published');
-- Whoever writes: the key lets no signature of another specialist in (DOC-03).
select throws_ok($$insert into app_public.appointment_documents (organization_id, appointment_id, patient_profile_id, specialist_id, kind, template_id, version_id,
    title, locale, status, signature_id)
  select d.organization_id, d.appointment_id, d.patient_profile_id, d.specialist_id, d.kind, d.template_id, d.version_id, d.title, d.locale, 'draft', s.id
  from app_public.appointment_documents d, app_public.specialist_signatures s where s.specialist_id = tests.id('mihai')$$, '23514', null, 'a draft carries no signature');
alter table app_public.appointment_documents drop constraint appointment_documents_signed_when_issued;
select throws_ok($$insert into app_public.appointment_documents (organization_id, appointment_id, patient_profile_id, specialist_id, kind, template_id, version_id,
    title, locale, status, signature_id)
  select d.organization_id, d.appointment_id, d.patient_profile_id, d.specialist_id, d.kind, d.template_id, d.version_id, d.title, d.locale, 'draft', s.id
  from app_public.appointment_documents d, app_public.specialist_signatures s where s.specialist_id = tests.id('mihai')$$,
  '23503', null, 'and a document never that of another specialist');

select tests.act_as('ana');
select is((select count(*) from app_public.appointment_documents), 1::bigint, 'the patient reads it');
select tests.act_as('bogdan');
select is_empty('select id from app_public.appointment_documents', 'no other one does');
select tests.act_as('stefan');
select tests.remember('successor', (app_public.replace_document(tests.id('report'), 'Greșeală de tipar')).id);
select * from tests.refuses($$select app_public.replace_document(tests.id('report'), 'Greșeală de tipar')$$, 'STATE', 'is_being_replaced', 'one successor at a time');
select is((tests.document('successor')).content ->> 'plan', 'Mers', 'the successor begins with the same content');
select tests.act_as('adrian');
select is((app_public.issue_document(tests.id('successor'))).signature_id, null, 'an administrator issues it without the signature of the specialist');
select is((tests.document('successor')).number, 2, 'with the next number');
select is((tests.document('report')).status, 'replaced', 'and the first one is replaced');
select * from tests.refuses($$select app_public.cancel_document(tests.id('report'), 'Din nou')$$, 'STATE', 'illegal_move', 'which is the end');
select is((app_public.cancel_document(tests.id('successor'), 'Pacient greșit')).reason, 'Pacient greșit', 'an issued one is declared void, with the reason');

-- Rendered.
select tests.act_as('the database');
select is(app_private.record_rendered(tests.id('report'), repeat('a', 64), 2000, 2), true, 'the bytes are there');
select is(app_private.record_rendered(tests.id('report'), repeat('a', 64), 2000, 2), false, 'told twice, it does nothing');
select tests.act_as('ana');
select is((select filename from app_public.files where appointment_document_id = tests.id('report')), 'Raport de consult 2027-1.pdf', 'and the patient may download it');
select * from finish();
rollback;
