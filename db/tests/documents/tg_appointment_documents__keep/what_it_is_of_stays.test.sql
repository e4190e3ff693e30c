-- Test: tg_appointment_documents__keep, tg_pdf_templates__check, set_document_files - what a draft is of stays, a reason comes with what it explains, a template keeps its key, and fifty files go with a document. DOC-01, DOC-04.
begin;
select plan(15);
select tests.clinic('atlas'), tests.staff('adrian', 'admin'), tests.specialist('stefan', account => true), tests.specialist('mihai', account => true), tests.patient('ana'), tests.calendar('visits', '{stefan}'), app_private.give_predefined_documents(tests.id('atlas'));
select tests.remember(key, id) from app_public.pdf_templates;
select tests.appointment('visit', 'ana', 'visits', 'stefan', '2027-03-01 09:00+02');
select tests.file('scan', 'appointment_files', tests.id('visit'), 'stefan'), tests.file('note', 'appointment_notes', tests.id('visit'), 'stefan');
select tests.act_as('stefan');
select tests.remember('draft', (app_public.draft_document(tests.id('visit'), tests.id('consultation_report_ro'))).id);
select lives_ok($$select app_public.edit_document(tests.id('draft'), '{}', array_fill(tests.id('scan'), array[50]))$$, 'fifty files go with a document');
select * from tests.refuses($$select app_public.edit_document(tests.id('draft'), '{}', array_fill(tests.id('scan'), array[51]))$$, 'VALIDATION', 'not_a_file_of_the_appointment', 'and no more');
select * from tests.refuses($$select app_public.edit_document(tests.id('draft'), '{}', array[tests.id('note')])$$, 'VALIDATION', 'not_a_file_of_the_appointment', 'and no paper that stays within the clinic');
select lives_ok($$select app_public.edit_document(tests.id('draft'), '{}', '{}')$$, 'or none');
select tests.act_as('the database');
select is((select count(*) from app_public.appointment_document_files), 0::bigint, 'then none does');
select throws_ok(format('update app_public.appointment_documents set %s where id = tests.id(''draft'')', change), 'RX423', 'never_changed', said) from (values
  ('reason = ''Așa''', 'a reason comes with a move'), ('specialist_id = tests.id(''mihai'')', 'whose document it is stays'), ('version_id = (select v.id from app_public.pdf_template_versions v where v.template_id = tests.id(''consultation_report_en''))', 'what it is made by stays')) as c (change, said);
select lives_ok($$update app_public.appointment_documents set title = 'Alt titlu' where id = tests.id('draft')$$, 'what it says does not');

-- Whoever writes: nobody is granted the column either.
select * from tests.refuses($$update app_public.pdf_templates set key = 'another' where id = tests.id('consultation_report_ro')$$, 'IMMUTABLE', 'key_stays', 'a template keeps its key');
select * from tests.refuses($$update app_public.pdf_template_components set key = 'another' where key = 'letterhead_ro'$$, 'IMMUTABLE', 'key_stays', 'and a component, too');
select * from finish();
rollback;
