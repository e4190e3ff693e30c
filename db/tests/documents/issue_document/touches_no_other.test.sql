-- Test: issue_document, edit_document, replace_document, cancel_document, record_rendered, messages_about_document - what is done to one document is done to no other, and each clinic numbers its own by its own year. DOC-02, DOC-03, DOC-04.
begin;
select plan(36);
select tests.freeze_time('2027-12-31 20:00+02');
select tests.clinic('boreal', 'Pacific/Kiritimati'), tests.staff('beata', 'admin'), tests.specialist('bruno', account => true), tests.patient('bianca'), tests.calendar('theirs', '{bruno}'), app_private.give_predefined_documents(tests.id('boreal'));
select tests.remember('their template', id) from app_public.pdf_templates where organization_id = tests.id('boreal') and key = 'consultation_report_ro';
select tests.appointment('their visit', 'bianca', 'theirs', 'bruno', '2027-12-30 09:00+02');
select tests.clinic('atlas'), tests.staff('adrian', 'admin'), tests.specialist('stefan', account => true), tests.patient('bogdan'), tests.patient('ana'), tests.calendar('visits', '{stefan}'), app_private.give_predefined_documents(tests.id('atlas'));
select tests.remember('template', id) from app_public.pdf_templates where organization_id = tests.id('atlas') and key = 'consultation_report_ro';
select tests.appointment('other visit', 'bogdan', 'visits', 'stefan', '2027-12-29 09:00+02'), tests.appointment('visit', 'ana', 'visits', 'stefan', '2027-12-30 09:00+02');
select tests.file('scan', 'appointment_files', tests.id('visit'), 'stefan'), tests.file('second scan', 'appointment_files', tests.id('visit'), 'stefan'), tests.file('scan of bogdan', 'appointment_files', tests.id('other visit'), 'stefan'),
  tests.file('awaited', 'appointment_files', tests.id('visit'), 'stefan', 'pending');
create function tests.said(name text) returns text language sql stable security definer as $$
  select concat_ws(' ', d.status, d.number_year || '/' || d.number, d.content ->> 'findings', (select string_agg(n.name, ' ' order by n.name) from app_public.appointment_document_files f join tests.names n on n.id = f.file_id where f.document_id = d.id))
  from app_public.appointment_documents d where d.id = tests.id(said.name) $$;
create function tests.drafts(name text, appointment text, template text, files text[] default '{}') returns void language sql as $$
  select tests.remember(name, (app_public.draft_document(tests.id(appointment), tests.id(template), jsonb_build_object('findings', 'of ' || appointment), array(select tests.id(f) from unnest(files) f))).id) $$;

select tests.act_as('bruno');
select tests.drafts('theirs 1', 'their visit', 'their template'), tests.drafts('theirs 2', 'their visit', 'their template'), app_public.issue_document(tests.id('theirs 1'));
select is(tests.said('theirs 1'), 'issued 2028/1 of their visit', 'where it is the new year already, it is number 1 of that');
select tests.act_as('stefan');
select tests.drafts('of bogdan', 'other visit', 'template', '{scan of bogdan}'), tests.drafts('of ana', 'visit', 'template', '{scan}'), app_public.issue_document(tests.id('of bogdan'));
select is(tests.said('of bogdan'), 'issued 2027/1 of other visit scan of bogdan', 'where it is not, it is number 1 of the old one');
select is(tests.said('of ana'), 'draft of visit scan', 'another draft is one still');

-- A draft is written again.
select app_public.edit_document(tests.id('of ana'), '{"findings": "Mai bine"}');
select is(tests.said('of ana'), 'draft Mai bine scan', 'a draft says what was written again, and keeps its files where none are named');
select is(tests.said('of bogdan'), 'issued 2027/1 of other visit scan of bogdan', 'and no other does');
select app_public.edit_document(tests.id('of ana'), '{"findings": "Mai bine"}', array[tests.id('second scan')]);
select is(tests.said('of ana'), 'draft Mai bine second scan', 'those that are named go with it instead');
select is(tests.said('of bogdan'), 'issued 2027/1 of other visit scan of bogdan', 'of this one alone');
select * from tests.refuses($$select app_public.edit_document(tests.id('of ana'), '{"cnp": "1"}')$$, 'VALIDATION', 'answers_not_valid', 'what the template does not ask is not written');
select * from tests.refuses($$select app_public.edit_document(tests.id('of ana'), '{}', array[tests.id('awaited')])$$, 'VALIDATION', 'not_a_file_of_the_appointment', 'nor goes a file with it that is not there yet');
select * from tests.refuses($$select app_public.edit_document(tests.id('of bogdan'), '{"findings": "Altceva"}')$$, 'IMMUTABLE', 'document_is_issued', 'and what is issued is not written again');

-- The numbers of a clinic, and of a year.
select tests.act_as('the database'), tests.freeze_time('2027-12-31 23:59+02'), tests.act_as('stefan');
select app_public.issue_document(tests.id('of ana'));
select is(tests.said('of ana'), 'issued 2027/2 Mai bine second scan', 'the next one has the next number of its clinic');
select tests.act_as('the database'), tests.freeze_time('2028-01-01 00:01+02'), tests.act_as('stefan');
select tests.drafts('of january', 'visit', 'template'), app_public.issue_document(tests.id('of january'));
select is(tests.said('of january'), 'issued 2028/1 of visit', 'and the first of a year number 1, whatever others have issued');

-- A successor.
select * from tests.refuses($$select app_public.replace_document(tests.id('of ana'), ' ')$$, 'VALIDATION', null, 'why one is replaced is said');
select tests.remember('successor', (app_public.replace_document(tests.id('of ana'), 'Greșeală')).id);
select is(tests.said('successor'), 'draft Mai bine second scan', 'a successor begins with what it replaces, its files as well, and no others');
select * from tests.refuses($$select app_public.replace_document(tests.id('successor'), 'Greșeală')$$, 'STATE', 'illegal_move', 'a draft is not replaced');
select app_public.cancel_document(tests.id('successor'), 'Nu era nevoie');
select is(tests.said('of ana'), 'issued 2027/2 Mai bine second scan', 'dropped, it replaces nothing');
select tests.remember('second successor', (app_public.replace_document(tests.id('of ana'), 'Greșeală')).id), app_public.issue_document(tests.id('second successor'));
select is(array[tests.said('of ana'), tests.said('second successor'), tests.said('of bogdan')], '{"replaced 2027/2 Mai bine second scan","issued 2028/2 Mai bine second scan","issued 2027/1 of other visit scan of bogdan"}'::text[],
  'so that another may be begun, which takes its place, and no other''s');
select app_public.cancel_document(tests.id('second successor'), 'Pacient greșit');
select is((select array[d.status, d.replaces_id::text] from app_public.appointment_documents d where d.id = tests.id('second successor')), array['cancelled', tests.id('of ana')::text], 'declared void, it says what it replaced');

-- The signature that the specialist has at that moment.
select tests.act_as('the database');
select is((select array_agg((e.payload ->> 'documentId') || ' by ' || (e.payload ->> 'replacedById')) from app_private.events e where e.name = 'document.replaced'), array[tests.id('of ana') || ' by ' || tests.id('second successor')], 'whoever waits for it hears what replaced what');
select tests.file(name, 'specialist_signatures', tests.id('stefan'), 'stefan') from unnest('{old signature,new signature}'::text[]) as name;
create function tests.sets(file text) returns void language sql as $$ select app_public.set_specialist_signature(tests.id('stefan'), case when file is not null then tests.id(file) end) $$;
create function tests.signed_by(document text) returns text language sql stable security definer as $$
  select n.name from app_public.appointment_documents d join app_public.specialist_signatures s on s.id = d.signature_id join tests.names n on n.id = s.file_id where d.id = tests.id(document) $$;
select tests.act_as('stefan');
select tests.sets('old signature'), tests.drafts('first signed', 'visit', 'template'), app_public.issue_document(tests.id('first signed'));
select tests.act_as('the database'), tests.freeze_time('2028-01-01 00:02+02'), tests.act_as('stefan');
select tests.sets('new signature'), tests.drafts('second signed', 'visit', 'template'), app_public.issue_document(tests.id('second signed'));
select tests.act_as('the database'), tests.freeze_time('2028-01-01 00:03+02'), tests.act_as('stefan');
select tests.sets(null), tests.drafts('not signed', 'visit', 'template'), app_public.issue_document(tests.id('not signed'));
select tests.act_as('the database');
select is(array[tests.signed_by('first signed'), tests.signed_by('second signed')], '{old signature,new signature}'::text[], 'each document carries the signature of its day');
select is((select array_agg(distinct f.value ->> 'sha256') from jsonb_each(app_private.document_input(tests.id('second signed')) -> 'signature') as f), array[(select sha256 from app_public.files where id = tests.id('new signature'))], 'and is rendered with it');
select is((select signature_id from app_public.appointment_documents where id = tests.id('not signed')), null, 'none where it was taken away');

-- Rendered, and told.
select tests.act_as('the database');
update app_private.document_inputs set failure = 'out of paper', failed_at = app_hidden.now();
select is(array[app_private.document_input(tests.id('of bogdan')) #>> '{document,timezone}', app_private.document_input(tests.id('theirs 1')) #>> '{document,timezone}'], '{Europe/Bucharest,Pacific/Kiritimati}'::text[], 'each says times by the clock of its clinic');
select is((select object_key from app_private.claim_rendering(tests.id('of bogdan'))), concat_ws('/', tests.id('atlas'), (select prefix from app_private.file_surfaces where key = 'appointment_documents'), tests.id('of bogdan')), 'its bytes go where documents of appointments lie');
select is(app_private.record_rendered(tests.id('of bogdan'), repeat('b', 64), 2000, 2), true, 'a document is rendered');
select is((select array_agg(n.name) from app_private.document_inputs i join tests.names n on n.id = i.document_id where i.failure is null), '{of bogdan}'::text[], 'it fails no more, and no other is said to be well');
select is(app_private.record_rendered(uuidv7(), repeat('b', 64), 2000, 2), false, 'what nobody issued is not');
select is((select array_agg(distinct e.payload ->> 'documentId') from app_private.events e where e.name = 'document.rendered'), array[tests.id('of bogdan')::text], 'whoever waits for it hears of it');
create function pg_temp.told(document text, patient text) returns text[] language plpgsql as $$
begin
  delete from app_public.messages;
  perform app_private.consume_notifications(app_private.publish('document.rendered', tests.id('atlas'), tests.id(document), jsonb_build_object('documentId', tests.id(document), 'kind', 'report',
    'appointmentId', tests.id('visit'), 'patientProfileId', tests.id(patient), 'fileId', tests.id(document))));
  return array(select distinct n.name from app_public.messages m join tests.names n on n.id = m.patient_profile_id where m.template_key = 'document_ready');
end $$;
select is(pg_temp.told('of bogdan', 'bogdan'), '{bogdan}'::text[], 'its patient is told that it can be read');
select is(pg_temp.told('of january', 'ana'), '{ana}'::text[], 'each of their own');
select is(pg_temp.told('of ana', 'ana'), '{}'::text[], 'and nobody of one that was replaced meanwhile');
select * from finish();
rollback;
