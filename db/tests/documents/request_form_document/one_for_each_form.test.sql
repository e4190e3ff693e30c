-- Test: request_form_document, make_form_document, claim_rendering, record_rendering_failed - each signed form has one document, by the template that it was published with or the clinic's own; at signing it is made by nobody. DOC-02, DOC-05.
begin;
select plan(14);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal'), tests.staff('beata', 'admin'), app_private.give_predefined_documents(tests.id('boreal'));
update app_public.pdf_templates set title = 'Al lor' where organization_id = tests.id('boreal');
select app_private.publish_pdf(id) from app_public.pdf_templates where organization_id = tests.id('boreal');
select tests.clinic('atlas'), tests.staff('adrian', 'admin'), tests.patient('vlad'), tests.patient('ioana'), app_private.give_predefined_documents(tests.id('atlas'));
select tests.remember(key, id) from app_public.pdf_templates where organization_id = tests.id('atlas');
insert into app_public.pdf_templates (organization_id, key, kind, title, locale, editor_state) select organization_id, 'ours', kind, 'Al nostru', locale, editor_state from app_public.pdf_templates where id = tests.id('signed_form_ro');
select tests.remember('ours', id) from app_public.pdf_templates where key = 'ours';
select app_private.publish_pdf(tests.id('ours'));
select tests.form_template(key, jsonb_build_array(tests.form_item('pain', 'text')), signature_mode => 'click_typed') from unnest('{plain,printed}'::text[]) as key;
select tests.act_as('adrian');
update app_public.form_templates set pdf_template_id = tests.id('ours') where id = tests.id('printed');
select app_public.publish_form_template(tests.id('printed'));
select tests.act_as('the database');
select tests.form('of vlad', 'vlad', 'plain'), tests.form('of ioana', 'ioana', 'plain'), tests.form('with ours', 'ioana', 'printed');
set local session_replication_role = replica;
update app_public.forms set version_id = (select v.id from app_public.form_template_versions v where v.template_id = tests.id('printed') and v.number = 2) where id = tests.id('with ours');
set local session_replication_role = origin;
create function pg_temp.sign(who text, form text) returns void language plpgsql as $$
begin
  perform tests.act_as(who), app_public.sign_form(tests.id(form), tests.text_hash(form), 'ro', initcap(who), true, '{"pain": "no"}');
  perform tests.act_as('the database');
end $$;
create function pg_temp.made() returns text[] language sql as $$
  select array(select n.name || ' ' || t.key || coalesce(' for ' || p.name, '') from app_public.form_documents d join tests.names n on n.id = d.form_id join app_public.pdf_template_versions v on v.id = d.version_id join app_public.pdf_templates t on t.id = v.template_id
    left join tests.personas p on p.principal_id = d.requested_by order by 1) $$;
create function tests.asks(form text) returns uuid language sql as $$ select (app_public.request_form_document(tests.id(form))).id $$;

select pg_temp.sign('vlad', 'of vlad'), pg_temp.sign('ioana', 'of ioana'), pg_temp.sign('ioana', 'with ours');
select is(pg_temp.made(), '{"with ours ours"}'::text[], 'where the form was published with a template, signing makes the document, and nobody asked for it');
select tests.act_as('vlad');
select tests.remember('document of vlad', tests.asks('of vlad'));
select tests.act_as('ioana');
select tests.remember('document of ioana', tests.asks('of ioana'));
select is(tests.asks('of ioana'), tests.id('document of ioana'), 'asked for again, it is the same');
select tests.act_as('vlad');
select is(tests.asks('of vlad'), tests.id('document of vlad'), 'each form''s own');
select tests.act_as('the database');
select is(pg_temp.made(), '{"of ioana signed_form_ro for ioana","of vlad signed_form_ro for vlad","with ours ours"}'::text[], 'by the clinic''s own template where the form names none, and for whoever asked');
select is((select array_agg(distinct v.organization_id) from app_public.form_documents d join app_public.pdf_template_versions v on v.id = d.version_id), array[tests.id('atlas')], 'whatever others have');
select is((select array_agg(n.name || ' ' || p.name order by n.name) from app_private.events e join tests.names n on n.id::text = e.payload ->> 'formId' join tests.names p on p.id::text = e.payload ->> 'patientProfileId' where e.name = 'document.issued'),
  '{"of ioana ioana","of vlad vlad","with ours ioana"}'::text[], 'whoever waits for one hears of which form it is, and whose');
select is(array[app_private.document_input(tests.id('document of vlad')) #>> '{data,patient,given_name}', app_private.document_input(tests.id('document of ioana')) #>> '{data,patient,given_name}'], '{Vlad,Ioana}'::text[], 'each says its own patient');

-- The worker.
select is((select object_key from app_private.claim_rendering(tests.id('document of vlad'))), concat_ws('/', tests.id('atlas'), (select prefix from app_private.file_surfaces where key = 'form_documents'), tests.id('document of vlad')), 'its bytes go where documents of forms lie');
select app_private.record_rendering_failed(tests.id('document of vlad'), 'out of paper');
select is((select array_agg(n.name) from app_private.document_inputs i join tests.names n on n.id = i.document_id where i.failed_at is not null), '{document of vlad}'::text[], 'a failure is of one document');
select is(app_private.record_rendered(tests.id('document of vlad'), repeat('a', 64), 100, 1), true, 'until it is rendered');
select is((select count(*) from app_private.document_inputs i where i.failed_at is not null), 0::bigint, 'then it fails no more');
select is(array[(select is_rendered from app_private.claim_rendering(tests.id('document of vlad'))), (select is_rendered from app_private.claim_rendering(tests.id('document of ioana')))], '{t,f}'::boolean[], 'and no other is rendered by that');
select is((select array_agg(n.name) from app_public.files f join tests.names n on n.id = f.owner_id where f.surface = 'form_documents'), '{of vlad}'::text[], 'it is a file of its form');
select is((select array_agg(e.payload ->> 'fileId') from app_private.events e where e.name = 'document.rendered'), array[tests.id('document of vlad')::text], 'and whoever waits for it hears that it is there');
select * from finish();
rollback;
