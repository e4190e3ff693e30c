-- Test: publish_pdf_template, document_preview_input - what is not sound is refused, publishing freezes with the components, a preview keeps nothing. DOC-01.
begin;
select plan(48);
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.specialist('stefan', account => true);
select tests.patient('ana');
select tests.calendar('visits', '{stefan}');
select tests.appointment('visit', 'ana', 'visits', 'stefan', '2027-03-01 09:00+02');
select tests.act_as('adrian');
select * from tests.refuses($$insert into app_public.pdf_templates (organization_id, key, kind, title, editor_state) values (tests.id('atlas'), 'mine', 'report', 'Fișă', '{"blocks": [{"type": "frame", "id": "a"}]}')$$, 'VALIDATION', 'content_not_valid', 'an unknown block');
select lives_ok($$insert into app_public.pdf_template_components (organization_id, key, kind, title, editor_state) values (tests.id('atlas'), 'head', 'letterhead', 'Antet', '{"blocks": [{"type": "divider", "id": "first"}]}')$$, 'a letterhead');
select tests.act_as('the database');
select tests.remember('head', id) from app_public.pdf_template_components;
select tests.act_as('adrian');
select lives_ok($$insert into app_public.pdf_templates (organization_id, key, kind, title, editor_state) values (tests.id('atlas'), 'mine', 'report', 'Fișă',
  jsonb_build_object('blocks', jsonb_build_array(jsonb_build_object('type', 'letterhead', 'id', 'l', 'component', tests.id('head')), '{"type": "text", "id": "t", "paragraphs": [[{"field": "patient.name"}]]}'::jsonb)))$$, 'a draft');
select tests.act_as('the database');
select tests.remember('mine', id) from app_public.pdf_templates;
select tests.act_as('stefan');
select * from tests.refuses($$select app_public.publish_pdf_template(tests.id('mine'))$$, 'FORBIDDEN', 'permission_missing', 'not a specialist');
select tests.act_as('beata');
select * from tests.refuses($$select app_public.publish_pdf_template(tests.id('mine'))$$, 'NOT_FOUND', 'not_found', 'nor another clinic');
select tests.act_as('adrian');
select is((app_public.publish_pdf_template(tests.id('mine'))).version, 1, 'the first version');
select is((app_public.publish_pdf_template(tests.id('mine'))).version, 1, 'unchanged, it makes no other');
update app_public.pdf_template_components set editor_state = '{"blocks": [{"type": "divider", "id": "second"}]}' where id = tests.id('head');
select is((select version from app_public.pdf_template_components), 2, 'a save of the letterhead is a version');
select is((select array_agg(number order by number) from app_public.pdf_template_component_versions), '{1,2}', 'kept with the one before');
select is((app_public.publish_pdf_template(tests.id('mine'))).version, 2, 'with another letterhead it is another version');
select results_eq($$select v.number, c.number from app_public.pdf_template_version_components p join app_public.pdf_template_versions v on v.id = p.version_id
  join app_public.pdf_template_component_versions c on c.id = p.component_version_id order by 1$$, 'values (1, 1), (2, 2)', 'each with its own');
update app_public.pdf_template_components set title = 'Antet nou' where id = tests.id('head');
select is((select version from app_public.pdf_template_components), 2, 'a title alone is none');
update app_public.pdf_template_components set editor_state = editor_state where id = tests.id('head');
select is((select version from app_public.pdf_template_components), 2, 'nor a save that changes nothing');
select is(jsonb_array_length(app_public.document_builder(tests.id('atlas'), 'report') -> 'components'), 1, 'the builder knows the components');
select ok(not app_public.document_builder(tests.id('atlas'), 'report') -> 'blocks' @> '[{"type": "proof"}]', 'and what a report may hold');
select * from tests.refuses($$select app_public.document_builder(tests.id('atlas'), 'invoice')$$, 'VALIDATION', 'document_kind_unknown', 'of a kind that is known');
select is(app_public.check_pdf_template(tests.id('atlas'), 'report', '{"blocks": []}'), '[]', 'an editor asks what is wrong');

select is(app_hidden.document_preview_input(tests.id('atlas'), 'report', '{"blocks": [{"type": "text", "id": "t", "paragraphs": [[{"field": "input.x"}]]}], "inputs": [{"key": "x", "label": "X", "type": "text"}]}', '{}', 'en')
  #>> '{data,input,x}', 'Short text', 'a preview has something in every input');
select is(app_hidden.document_preview_input(tests.id('atlas'), 'report', '{"blocks": []}', '{}', 'ro') #>> '{data,patient,name}', 'Ștefania Mureșan', 'and samples');
select is(app_hidden.document_preview_input(tests.id('atlas'), 'report', '{"blocks": []}', '{"margins": {"top": 9}}', 'ro', tests.id('visit')) #>> '{data,patient,family_name}',
  (select family_name from app_public.patient_profiles where id = tests.id('ana')), 'or an appointment');
select * from tests.refuses($$select app_hidden.document_preview_input(tests.id('atlas'), 'report', '{"blocks": [{"type": "frame"}]}', '{}', 'ro')$$, 'VALIDATION', 'content_not_valid', 'of what is sound');
select * from tests.refuses($$select app_hidden.document_preview_input(tests.id('atlas'), 'report', '{"blocks": []}', '{}', 'ro', gen_random_uuid())$$, 'NOT_FOUND', 'not_found', 'and there');
select tests.act_as('beata');
select * from tests.refuses($$select app_hidden.document_preview_input(tests.id('atlas'), 'report', '{"blocks": []}', '{}', 'ro', tests.id('visit'))$$, 'NOT_FOUND', 'not_found', 'for whoever is of the clinic');
select * from tests.refuses($$select app_public.document_builder(tests.id('atlas'), 'report')$$, 'NOT_FOUND', 'not_found', 'the builder as well');
select * from tests.refuses($$select app_public.check_pdf_template(tests.id('atlas'), 'report', '{"blocks": []}')$$, 'NOT_FOUND', 'not_found', 'and what is wrong with a draft');
select tests.act_as('the database');
select is((select count(*) from audit.entries where action = 'read' and person_id = tests.id('ana')), 1::bigint, 'looking at somebody''s data is on record');
select tests.act_as('adrian');
select lives_ok($$insert into app_public.pdf_templates (organization_id, key, kind, title, editor_state) values (tests.id('atlas'), 'later', 'report', 'Later', '{"blocks": []}')$$, 'another one');
select is((app_public.publish_pdf_template((select id from app_public.pdf_templates where key = 'later'))).key, 'later', 'the one that is named is published');
select * from tests.refuses($$select app_public.publish_pdf_template(gen_random_uuid())$$, 'NOT_FOUND', 'not_found', 'and none that never was');
-- Anything that it says otherwise is another version; a version of another template says nothing of this one.
select tests.act_as('the database');
create function tests.version_after(change text) returns int language plpgsql as $$
begin
  execute format('update app_public.pdf_templates set %s where id = tests.id(''mine'')', change);
  return (app_public.publish_pdf_template(tests.id('mine'))).version;
end $$;
select tests.act_as('adrian');
select is(tests.version_after($$title = 'Altă fișă'$$), 3, 'with another title it is another version');
select is(tests.version_after($$locale = 'en'$$), 4, 'in another language, too');
select is(tests.version_after($$layout_config = '{"paper": "A5"}'$$), 5, 'laid out otherwise, too');
select is(tests.version_after($$editor_state = '{"blocks": []}'$$), 6, 'and with other blocks');
select is(tests.version_after($$editor_state = '{"blocks": [{"type": "divider", "id": "x"}]}'$$), 7, 'of whatever kind');
select is(tests.version_after($$editor_state = '{"blocks": []}'$$), 8, 'also where it says again what an earlier version said');
select is(tests.version_after($$title = title$$), 8, 'a save that changes nothing is none');
insert into app_public.pdf_templates (organization_id, key, kind, title, editor_state) values (tests.id('atlas'), 'twin', 'report', 'Twin', '{"blocks": []}');
select app_public.publish_pdf_template((select id from app_public.pdf_templates where key = 'twin'));
update app_public.pdf_templates set title = 'Later' where key = 'twin';
select is((app_public.publish_pdf_template((select id from app_public.pdf_templates where key = 'twin'))).version, 2, 'nor is it the version of another template that says the same');
select tests.act_as('the database');
select is((select array_agg(app_private.pinned_parts(v) -> tests.id('head')::text #>> '{blocks,0,id}' order by v.number) from app_public.pdf_template_versions v where v.template_id = tests.id('mine') and v.number <= 2), '{first,second}'::text[], 'each version shows the letterhead of its day');
select * from finish();
rollback;
