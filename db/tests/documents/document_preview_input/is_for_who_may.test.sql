-- Test: document_preview_input - a template is tried out with samples, or with an appointment or signed form of the clinic by who may read such; the reading is recorded. DOC-01, FND-08.
begin;
select plan(41);
select tests.freeze_time('2027-03-08 10:00+02');
select tests.clinic('boreal'), tests.staff('beata', 'admin'), tests.specialist('bruno'), tests.patient('bianca'), tests.calendar('theirs', '{bruno}');
select tests.appointment('their visit', 'bianca', 'theirs', 'bruno', '2027-03-01 09:00+02');
select tests.form_template('their_plain', '[{"key": "note", "type": "text", "label": {"ro": "Notă"}}]', signature_mode => 'click_typed'), tests.form('their form', 'bianca', 'their_plain');
select tests.clinic('atlas'), tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk'), tests.specialist('stefan'), tests.patient('ana'), tests.patient('bogdan'), tests.calendar('visits', '{stefan}');
select tests.appointment('visit of bogdan', 'bogdan', 'visits', 'stefan', '2027-03-01 09:00+02'), tests.appointment('visit', 'ana', 'visits', 'stefan', '2027-03-02 09:00+02'),
  tests.appointment('removed visit', 'ana', 'visits', 'stefan', '2027-03-03 09:00+02');
select tests.form_template('plain', '[{"key": "note", "type": "text", "label": {"ro": "Notă"}}]', signature_mode => 'click_typed');
select tests.form(name, patient, 'plain') from (values ('form of bogdan', 'bogdan'), ('form', 'ana'), ('removed form', 'ana'), ('not signed', 'ana')) as f (name, patient);
create function pg_temp.sign(who text, form text) returns void language plpgsql as $$
begin
  perform tests.act_as(who), app_public.sign_form(tests.id(form), tests.text_hash(form), 'ro', initcap(who), true, jsonb_build_object('note', 'said in ' || form));
  perform tests.act_as('the database');
end $$;
select pg_temp.sign('bogdan', 'form of bogdan'), pg_temp.sign('ana', 'form'), pg_temp.sign('ana', 'removed form'), pg_temp.sign('bianca', 'their form');
select set_config('tests.proof', (select s.proof_sha256 from app_public.form_signatures s where s.form_id = tests.id('form')), true);
set local session_replication_role = replica;
update app_public.appointments set deleted_at = app_hidden.now() where id = tests.id('removed visit');
update app_public.forms set deleted_at = app_hidden.now() where id = tests.id('removed form');
set local session_replication_role = origin;
-- Who may draw templates, and may also read appointments' documents, or forms, or neither.
select tests.staff(name, 'front_desk') from unnest('{draws,reads documents,reads forms}'::text[]) as name;
insert into app_public.roles (organization_id, key, name) select tests.id('atlas'), 'may_' || n, 'May ' || n from generate_series(1, 3) n;
insert into app_public.role_permissions (organization_id, role_id, permission)
select tests.id('atlas'), tests.role_id(may.key, 'atlas'), may.permission from (values ('may_1', 'document_templates.manage'), ('may_2', 'document_templates.manage'), ('may_2', 'documents.view'),
  ('may_3', 'document_templates.manage'), ('may_3', 'forms.view')) as may (key, permission);
update app_public.membership_roles set role_id = tests.role_id(given.key, 'atlas') from (values ('draws', 'may_1'), ('reads documents', 'may_2'), ('reads forms', 'may_3')) as given (name, key)
where membership_id = tests.membership_id(given.name, 'atlas');
create function tests.previews(kind text default 'report', sample text default null, locale text default 'ro', blocks jsonb default '[{"type": "divider", "id": "a"}]') returns jsonb language sql as $$
  select app_hidden.document_preview_input(tests.id('atlas'), kind, jsonb_build_object('inputs', jsonb_build_array(), 'blocks', blocks), '{}', locale, case when sample is not null then tests.id(sample) end) $$;
create function pg_temp.read_of() returns text[] language sql as $$
  select array(select n.name from audit.entries e join tests.names n on n.id::text = e.row_key where e.action = 'read' and e.new ->> 'what' = 'document preview' order by 1) $$;

select tests.act_as('draws');
select isnt(tests.previews() #>> '{data,patient,name}', null, 'who draws templates sees one with samples');
select isnt(tests.previews('form') #>> '{data,patient,name}', null, 'also one of forms');
select is(tests.previews(locale => 'en') #>> '{document,locale}', 'en', 'in either language');
select is(array(select jsonb_object_keys(tests.previews() -> 'data') order by 1), '{appointment,clinic,document,input,page,patient,sessions,specialist}'::text[], 'a report has samples of what reports can say');
select is(array(select jsonb_object_keys(tests.previews('form') -> 'data') order by 1), '{clinic,document,form,input,page,patient,sessions}'::text[], 'and a form of what forms can');
select is(array(select jsonb_object_keys(tests.previews() #> '{data,sessions,0}') order by 1), '{service,specialist,starts_at}'::text[], 'a session as well');
select * from tests.refuses($$select tests.previews('invoice')$$, 'VALIDATION', 'document_kind_unknown', 'of no other kind');
select * from tests.refuses($$select tests.previews(locale => 'de')$$, 'VALIDATION', 'document_kind_unknown', 'and in no other');
select * from tests.refuses($$select tests.previews(blocks => '[{"type": "frame", "id": "a"}]')$$, 'VALIDATION', 'content_not_valid', 'and what is drawn must be sound');
select * from tests.refuses($$select tests.previews('report', 'visit')$$, 'FORBIDDEN', 'permission_missing', 'but with nobody''s appointment');
select * from tests.refuses($$select tests.previews('form', 'form')$$, 'FORBIDDEN', 'permission_missing', 'and nobody''s form');
select tests.act_as('flavia');
select * from tests.refuses($$select tests.previews()$$, 'FORBIDDEN', 'permission_missing', 'who draws none sees none');
select tests.act_as('beata');
select * from tests.refuses($$select tests.previews()$$, 'NOT_FOUND', 'not_found', 'nor does another clinic');
select tests.act_as('ana');
select * from tests.refuses($$select tests.previews()$$, 'NOT_FOUND', 'not_found', 'nor a patient');

select tests.act_as('reads documents');
select is(tests.previews('report', 'visit') #>> '{data,patient,given_name}', 'Ana', 'who reads documents sees it with an appointment');
select * from tests.refuses($$select tests.previews('form', 'form')$$, 'FORBIDDEN', 'permission_missing', 'and not with a form');
select * from tests.refuses($$select tests.previews('report', 'removed visit')$$, 'NOT_FOUND', 'not_found', 'one that was removed is not there');
select * from tests.refuses($$select tests.previews('report', 'their visit')$$, 'NOT_FOUND', 'not_found', 'nor one of another clinic');
select tests.act_as('reads forms');
select is(tests.previews('form', 'form') #>> '{data,patient,given_name}', 'Ana', 'who reads forms sees it with a signed form');
select is(tests.previews('form', 'form') #> '{data,form,sections}', '[{"title": null, "answers": [{"kind": "answer", "label": "Notă", "value": "said in form"}]}]', 'with its own answers');
select is(tests.previews('form', 'form') #>> '{proof,sha256}', current_setting('tests.proof'), 'and its own proof');
select * from tests.refuses($$select tests.previews('report', 'visit')$$, 'FORBIDDEN', 'permission_missing', 'and not with an appointment');
select * from tests.refuses($$select tests.previews('form', 'removed form')$$, 'NOT_FOUND', 'not_found', 'one that was removed is not there');
select * from tests.refuses($$select tests.previews('form', 'not signed')$$, 'NOT_FOUND', 'not_found', 'nor one that is not signed');
select * from tests.refuses($$select tests.previews('form', 'their form')$$, 'NOT_FOUND', 'not_found', 'nor one of another clinic');
select tests.act_as('the database');
select is(pg_temp.read_of(), '{form,form,form,visit}'::text[], 'each reading of somebody''s record is recorded, and no other');
select * from finish();
rollback;
