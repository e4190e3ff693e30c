-- Test: compose_document, components_named, document_builder, give_predefined_documents, published_pdf_version, require_document_content - what a document is rendered from holds its own letterhead and footer, the pictures that it shows and no others, and the signature where it is placed. DOC-01, DOC-03.
begin;
select plan(22);
select tests.clinic('boreal'), tests.staff('beata', 'admin'), app_private.give_predefined_documents(tests.id('boreal'));
select tests.remember('their letterhead', id) from app_public.pdf_template_components where key = 'letterhead_ro';
select tests.remember('their report', id) from app_public.pdf_templates where key = 'consultation_report_ro';
select tests.file('their logo', 'document_images', tests.id('boreal'), 'beata');
select tests.clinic('atlas'), tests.staff('adrian', 'admin'), app_private.give_predefined_documents(tests.id('atlas'));
select tests.remember(key, id) from app_public.pdf_template_components where organization_id = tests.id('atlas');
select tests.remember(key, id) from app_public.pdf_templates where organization_id = tests.id('atlas');
select tests.file(name, 'document_images', tests.id('atlas'), 'adrian') from unnest('{logo,stamp}'::text[]) as name;
select tests.file('awaited', 'document_images', tests.id('atlas'), 'adrian', 'pending');
create function pg_temp.composed(blocks jsonb, parts jsonb default '{}', signature jsonb default null, layout jsonb default '{}') returns jsonb language sql as $$
  select app_private.compose_document(tests.id('atlas'), jsonb_build_object('blocks', blocks), layout, parts, '{"title": "Raport"}', '{}', signature, null) $$;
create function pg_temp.picture(file text) returns jsonb language sql as $$ select jsonb_build_object('type', 'image', 'id', file, 'file', tests.id(file)) $$;
create function pg_temp.pictures(said jsonb) returns text[] language sql as $$ select array(select n.name from jsonb_object_keys(said -> 'images') k join tests.names n on n.id::text = k order by 1) $$;

select is((pg_temp.composed('[{"type": "divider", "id": "a"}]') - 'layout') #- '{document}', '{"letterhead": null, "footer": null, "blocks": [{"type": "divider", "id": "a"}], "data": {}, "images": {}, "signature": {}, "proof": null}', 'blocks alone are a document');
select is((pg_temp.composed('[{"type": "letterhead", "id": "l", "component": "c1"}, {"type": "divider", "id": "a"}]', '{"c1": {"blocks": [{"type": "spacer", "id": "s", "height": 3}]}}') -> 'letterhead'), '{"blocks": [{"type": "spacer", "id": "s", "height": 3}]}', 'its letterhead stands by itself');
select is((pg_temp.composed('[{"type": "divider", "id": "a"}, {"type": "footer", "id": "f", "component": "c1"}]', '{"c1": {"blocks": [{"type": "spacer", "id": "s", "height": 3}]}}') - 'layout' - 'document'),
  '{"letterhead": null, "footer": {"blocks": [{"type": "spacer", "id": "s", "height": 3}]}, "blocks": [{"type": "divider", "id": "a"}], "data": {}, "images": {}, "signature": {}, "proof": null}', 'and its footer, whatever of them there is');
select is(pg_temp.pictures(pg_temp.composed(jsonb_build_array(pg_temp.picture('logo')))), '{logo}'::text[], 'the pictures that it shows, and no others');
select is(pg_temp.pictures(pg_temp.composed(jsonb_build_array(pg_temp.picture('logo'), pg_temp.picture('awaited'), pg_temp.picture('their logo')))), '{logo}'::text[], 'of its clinic, and that are there');
select is(pg_temp.composed('[{"type": "signature", "id": "s1"}, {"type": "divider", "id": "a"}, {"type": "signature", "id": "s2"}]', signature => '{"name": "Ana"}') -> 'signature', '{"s1": {"name": "Ana"}, "s2": {"name": "Ana"}}', 'the signature wherever one is placed');
select is(pg_temp.composed('[{"type": "signature", "id": "s1"}]') -> 'signature', '{}', 'and none where nobody signed');
select is(pg_temp.composed('[]', layout => '{"paper": "A5", "margins": {"top": 9}}') -> 'layout' -> 'margins', '{"top": 9, "left": 20, "right": 16, "bottom": 18}', 'laid out as it says, and as usual where it says nothing');

select is((select array_agg(n.name) from app_private.components_named(tests.id('atlas'), jsonb_build_object('blocks', jsonb_build_array(jsonb_build_object('type', 'letterhead', 'id', 'l', 'component', tests.id('letterhead_ro'))))) c join tests.names n on n.id = c.component_id),
  '{letterhead_ro}'::text[], 'the components that a template names, and no others');
select is((select array_agg(n.name) from app_private.components_named(tests.id('atlas'), jsonb_build_object('blocks', jsonb_build_array(jsonb_build_object('type', 'letterhead', 'id', 'l', 'component', tests.id('their letterhead'))))) c join tests.names n on n.id = c.component_id),
  null, 'none of another clinic');
select is((select v.number from app_private.published_pdf_version(tests.id('atlas'), tests.id('consultation_report_ro'), '{report}') v), 1, 'documents are made of the version that is published');
update app_public.pdf_templates set title = 'Altfel' where id = tests.id('consultation_report_ro');
select app_private.publish_pdf(tests.id('consultation_report_ro'));
select is((select v.number from app_private.published_pdf_version(tests.id('atlas'), tests.id('consultation_report_ro'), '{report}') v), 2, 'the latest of them');
update app_public.pdf_templates set published = false where id = tests.id('consultation_report_ro');
select * from tests.refuses($$select app_private.published_pdf_version(tests.id('atlas'), tests.id('consultation_report_ro'), '{report}')$$, 'VALIDATION', 'template_not_published', 'of a template that is withdrawn none are made');
select * from tests.refuses($$select app_private.published_pdf_version(tests.id('atlas'), tests.id('their report'), '{report}')$$, 'VALIDATION', 'template_not_published', 'nor of another clinic''s');
select * from tests.refuses($$select app_private.published_pdf_version(tests.id('atlas'), tests.id('signed_form_ro'), '{report}')$$, 'VALIDATION', 'template_not_published', 'nor of one of another kind');
-- An editor of templates.
select tests.act_as('adrian');
select is((select count(*) from jsonb_array_elements(app_public.document_builder(tests.id('atlas'), 'report') -> 'components') c where c.value ->> 'id' = tests.id('letterhead_ro')::text), 1::bigint, 'an editor offers the letterheads of the clinic');
select is((select count(*) from jsonb_array_elements(app_public.document_builder(tests.id('atlas'), 'report') -> 'components') c where c.value ->> 'id' = tests.id('their letterhead')::text), 0::bigint, 'and of no other');
select is(array[app_public.document_builder(tests.id('atlas'), 'report') -> 'fields' @> '[{"code": "form.title"}]', app_public.document_builder(tests.id('atlas'), 'form') -> 'fields' @> '[{"code": "form.title"}]'], '{f,t}'::boolean[], 'and the fields of a kind of documents');
-- A template that was taken out is given again.
select tests.act_as('the database');
set local session_replication_role = replica;
delete from app_public.pdf_templates where id = tests.id('their report');
set local session_replication_role = origin;
select app_private.give_predefined_documents(tests.id('boreal'));
select ok((select t.editor_state::text like '%' || tests.id('their letterhead') || '%' from app_public.pdf_templates t where t.organization_id = tests.id('boreal') and t.key = 'consultation_report_ro'), 'with the letterhead of its own clinic');
select * from finish();
rollback;
