-- Test: tg_files__keep_document_images - a picture that a template, a version of one or a version of a component shows is not deleted; any other is. DOC-01.
begin;
select plan(8);
select tests.clinic('boreal'), tests.staff('beata', 'admin'), app_private.give_predefined_documents(tests.id('boreal'));
select tests.clinic('atlas'), tests.staff('adrian', 'admin'), app_private.give_predefined_documents(tests.id('atlas'));
select tests.remember(key, id) from app_public.pdf_templates where organization_id = tests.id('atlas');
select tests.file(name, 'document_images', tests.id('atlas'), 'adrian') from unnest('{drafted,published,in a letterhead,unused,named elsewhere}'::text[]) as name;
create function pg_temp.shows(file text) returns jsonb language sql as $$
  select jsonb_build_object('inputs', jsonb_build_array(), 'blocks', jsonb_build_array(jsonb_build_object('type', 'image', 'id', 'a', 'file', tests.id(file)))) $$;
-- As they stand in the tables: one in a draft alone, one in a version alone, one in a component alone, one in another clinic's template.
set local session_replication_role = replica;
update app_public.pdf_templates set editor_state = pg_temp.shows('drafted') where id = tests.id('consultation_report_ro');
update app_public.pdf_template_versions set editor_state = pg_temp.shows('published') where template_id = tests.id('consultation_report_ro');
update app_public.pdf_template_component_versions set editor_state = pg_temp.shows('in a letterhead')
where id = (select id from app_public.pdf_template_component_versions where organization_id = tests.id('atlas') order by id limit 1);
update app_public.pdf_templates set editor_state = pg_temp.shows('named elsewhere') where organization_id = tests.id('boreal');
update app_public.pdf_template_versions set editor_state = pg_temp.shows('named elsewhere') where organization_id = tests.id('boreal');
update app_public.pdf_template_component_versions set editor_state = pg_temp.shows('named elsewhere') where organization_id = tests.id('boreal');
set local session_replication_role = origin;

select tests.act_as('adrian');
select * from tests.refuses($$select app_public.delete_file(tests.id('drafted'))$$, 'STATE', 'image_is_kept', 'a picture of a template as it is drafted stays');
select * from tests.refuses($$select app_public.delete_file(tests.id('published'))$$, 'STATE', 'image_is_kept', 'one that was published stays, though the draft shows it no more');
select * from tests.refuses($$select app_public.delete_file(tests.id('in a letterhead'))$$, 'STATE', 'image_is_kept', 'one of a component stays');
select is((app_public.delete_file(tests.id('unused'))).status, 'deleted', 'what nothing shows is deleted');
select is((app_public.delete_file(tests.id('named elsewhere'))).status, 'deleted', 'whatever another clinic wrote into its templates');
select * from finish();
rollback;
