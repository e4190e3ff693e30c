-- Test: locked_document, require_right_to_document - a document is written by its specialist, or with documents.manage. DOC-04, FND-05.
begin;
select plan(50);
select tests.clinic('boreal');
select tests.staff('beata', 'owner');
select tests.specialist('barbu', account => true);
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk');
select tests.specialist('stefan', account => true), tests.specialist('mihai', account => true);
select tests.patient('ana');
select app_private.give_predefined_documents(tests.id('atlas'));
select tests.remember(key, id) from app_public.pdf_templates;
select tests.calendar('visits', '{stefan}');
select tests.appointment('visit', 'ana', 'visits', 'stefan', '2027-03-01 09:00+02');
select tests.act_as('stefan');
select tests.remember('report', (app_public.draft_document(tests.id('visit'), tests.id('consultation_report_ro'), '{"findings": "Better"}')).id);
select tests.act_as('the database');
create function pg_temp.verbs() returns table (verb text, call text) language sql as $$
  values ('edit_document', 'select app_public.edit_document(tests.id(''report''), ''{"findings": "Worse"}'')'),
    ('issue_document', 'select app_public.issue_document(tests.id(''report''))'),
    ('replace_document', 'select app_public.replace_document(tests.id(''report''), ''A mistake'')'),
    ('cancel_document', 'select app_public.cancel_document(tests.id(''report''), ''A mistake'')') $$;
select tests.act_as('mihai');
select t.* from pg_temp.verbs(), tests.refuses(call, 'FORBIDDEN', 'permission_missing', verb || ' is not for another specialist') as t;
select tests.act_as('flavia');
select t.* from pg_temp.verbs(), tests.refuses(call, 'NOT_FOUND', 'not_found', verb || ' is not there for the front desk') as t;
select tests.act_as('beata');
select t.* from pg_temp.verbs(), tests.refuses(call, 'NOT_FOUND', 'not_found', verb || ' of another clinic is not there') as t;
select tests.act_as('barbu');
select t.* from pg_temp.verbs(), tests.refuses(call, 'NOT_FOUND', 'not_found', verb || ' is not there for a specialist of another clinic') as t;
select tests.act_as('ana');
select t.* from pg_temp.verbs(), tests.refuses(call, 'NOT_FOUND', 'not_found', verb || ' is not there for the patient') as t;
select tests.act_as('adrian');
select lives_ok($$select app_public.edit_document(tests.id('report'), '{"findings": "Worse"}')$$, 'whoever manages documents writes those of every specialist');
-- Their own, also where their role lets them see no other document; and none of an appointment that is gone.
select tests.act_as('the database');
delete from app_public.role_permissions where permission = 'documents.view';
select tests.act_as('stefan');
select lives_ok($$select app_public.edit_document(tests.id('report'), '{"findings": "As before"}')$$, 'a specialist writes their own without documents.view');
select tests.act_as('the database');
select tests.appointment('another visit', 'ana', 'visits', 'stefan', '2027-03-02 09:00+02');
update app_public.appointments set deleted_at = app_hidden.now() where id = tests.id('visit');
select tests.act_as('stefan');
select t.* from pg_temp.verbs(), tests.refuses(call, 'NOT_FOUND', 'not_found', verb || ' of an appointment that is gone is not there') as t;
select * from finish();
rollback;
