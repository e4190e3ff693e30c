-- Test: template_problems - what is wrong with a template is told with its place, and what is shipped is sound. DOC-01.
begin;
select plan(38);
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select app_private.give_predefined_documents(tests.id('boreal'));
select tests.remember('letterhead of boreal', id) from app_public.pdf_template_components where key = 'letterhead_ro';
select tests.file('logo of boreal', 'document_images', tests.id('boreal'), 'beata');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select app_private.give_predefined_documents(tests.id('atlas'));
select tests.remember('letterhead', id) from app_public.pdf_template_components where key = 'letterhead_ro' and organization_id = tests.id('atlas');
select tests.remember('footer', id) from app_public.pdf_template_components where key = 'footer_ro' and organization_id = tests.id('atlas');
select tests.file('logo', 'document_images', tests.id('atlas'), 'adrian');
select tests.file('awaited', 'document_images', tests.id('atlas'), 'adrian', 'pending');
select tests.file('old logo', 'organization_logo', tests.id('atlas'), 'adrian');

create function tests.problems(blocks text, kind text default 'report', inputs text default '[]', layout text default '{}') returns text
language sql stable as $$
  select string_agg(p.path || ' ' || p.reason, ', ' order by p.path, p.reason)
  from app_private.template_problems(tests.id('atlas'), problems.kind,
    jsonb_build_object('blocks', problems.blocks::jsonb, 'inputs', problems.inputs::jsonb), problems.layout::jsonb) as p;
$$;

select is((select count(*) from app_public.pdf_templates as t,
  app_private.template_problems(t.organization_id, t.kind, t.editor_state, t.layout_config)), 0::bigint, 'every template that is shipped is sound');
select is(tests.problems('[{"type": "heading", "id": "a", "level": 1, "content": [{"text": "Salut"}, {"field": "patient.name", "bold": true}]}]'), null, 'a sound one');
select is(tests.problems('[{"type": "frame", "id": "a"}]'), '$.blocks[0].type block_unknown', 'a block that is not known');
select is(tests.problems('[{"type": "spacer", "id": "a", "height": 3, "src": "x"}]'), '$.blocks[0].src property_unknown', 'a property');
select is(tests.problems('[{"type": "spacer", "id": "a"}]'), '$.blocks[0].height required', 'what is missing');
select is(tests.problems('[{"type": "spacer", "id": "a", "height": 900}, {"type": "heading", "id": "b", "level": 1.5, "content": [{"text": ""}]}]'),
  '$.blocks[0].height out_of_range, $.blocks[1].level not_a_whole_number', 'numbers have bounds');
select is(tests.problems('[{"type": "text", "id": "a", "align": "up", "color": "red", "paragraphs": "x"}]'),
  '$.blocks[0].align word_unknown, $.blocks[0].color not_of_this_shape, $.blocks[0].paragraphs not_a_list', 'words and colours');
select is(tests.problems('[{"type": "text", "id": "a", "paragraphs": [[{"field": "patient.cnp"}, {"field": "form.title"}, {"field": "input.x"}]]}]'),
  '$.blocks[0].paragraphs[0][0].field field_unknown, $.blocks[0].paragraphs[0][1].field field_unknown, $.blocks[0].paragraphs[0][2].field field_unknown',
  'fields: unknown, of another kind, not declared');
select is(tests.problems('[{"type": "text", "id": "a", "paragraphs": [[{"field": "input.x"}]]}]', inputs => '[{"key": "x", "label": "X", "type": "text"}]'), null, 'a declared input');
select is(tests.problems('[{"type": "text", "id": "a", "paragraphs": [[{"field": "patient.birth_date", "format": "money"}, {"field": "patient.name", "format": "date"}]]}]'),
  '$.blocks[0].paragraphs[0][0].format format_unknown, $.blocks[0].paragraphs[0][1].format format_unknown', 'formats by type');
select is(tests.problems('[{"type": "text", "id": "a", "paragraphs": [[{"field": "item.starts_at"}, {"field": "sessions"}, {"field": "sessions.starts_at"}]]}]'),
  '$.blocks[0].paragraphs[0][0].field field_unknown, $.blocks[0].paragraphs[0][1].field field_unknown, $.blocks[0].paragraphs[0][2].field field_unknown',
  'rows only where they are gone through');
select is(tests.problems('[{"type": "repeat", "id": "a", "over": "sessions", "blocks": [{"type": "text", "id": "b", "paragraphs": [[{"field": "item.starts_at", "format": "time"}]]}]}]'), null, 'as here');
select is(tests.problems('[{"type": "repeat", "id": "a", "over": "patient.name", "blocks": [{"type": "divider", "id": "b"}]}]'), '$.blocks[0].over collection_unknown', 'a collection that is none');
select is(tests.problems('[{"type": "table", "id": "a", "over": "input.r", "columns": [{"header": [{"text": "A"}], "cell": [{"field": "item.c"}, {"field": "item.d"}]}]}]',
  inputs => '[{"key": "r", "label": "R", "type": "rows", "columns": [{"key": "c", "label": "C", "type": "number"}]}]'),
  '$.blocks[0].columns[0].cell[1].field field_unknown', 'columns of an input');
select is(tests.problems('[{"type": "table", "id": "a", "columns": [{"header": [{"field": "item.service"}]}]}, {"type": "table", "id": "b", "over": "sessions", "columns": [{"header": [{"field": "item.service"}]}]}]'),
  '$.blocks[0] rows_or_collection, $.blocks[0].columns[0].header[0].field field_unknown, $.blocks[1] rows_or_collection, $.blocks[1].columns[0].header[0].field field_unknown',
  'a table has rows or a collection; a header is no row');
select is(tests.problems(format('[{"type": "image", "id": "a", "file": "%s"}]', tests.id('logo'))), null, 'a picture of the clinic');
select is(tests.problems(format('[{"type": "image", "id": "a", "file": "%s"}, {"type": "image", "id": "b", "file": "%s"}, {"type": "image", "id": "c", "file": "%s"}, {"type": "image", "id": "d", "file": 3}]',
  tests.id('logo of boreal'), tests.id('awaited'), tests.id('old logo'))),
  '$.blocks[0].file image_unknown, $.blocks[1].file image_unknown, $.blocks[2].file image_unknown, $.blocks[3].file image_unknown', 'no other one');
select is(tests.problems('[{"type": "image", "id": "a", "file": "https://example.test/a.png"}]'), '$.blocks[0].file image_unknown, $.blocks[0].file url_refused', 'nothing from elsewhere');
select is(tests.problems('[{"type": "text", "id": "a", "paragraphs": [[{"text": "see HTTPS://example.test"}]]}]'), '$.blocks[0].paragraphs[0][0].text url_refused', 'nor in a text');
select is(tests.problems('[{"type": "image", "id": "a", "file": "data:image/png;base64,xx", "alt": "javascript:x"}]'), '$.blocks[0].alt url_refused, $.blocks[0].file image_unknown, $.blocks[0].file url_refused', 'nor bytes');
select is(tests.problems('[{"type": "divider", "id": "a"}]', layout => '{"paper": "//x", "color": "file:x", "margins": {"top": 1}, "size": 1}'),
  '$layout.color not_of_this_shape, $layout.color url_refused, $layout.margins.top out_of_range, $layout.paper word_unknown, $layout.size property_unknown', 'nor in the layout');
select is(tests.problems('[{"type": "text", "id": "a", "paragraphs": [[{"text": "www.atlas.test"}]]}]'), null, 'a name of a site is a text');
select is(tests.problems(format('[{"type": "letterhead", "id": "a", "component": "%s"}]', tests.id('letterhead'))), null, 'a letterhead');
select is(tests.problems(format('[{"type": "letterhead", "id": "a", "component": "%s"}, {"type": "letterhead", "id": "b", "component": "%s"}]', tests.id('footer'), tests.id('letterhead of boreal'))),
  '$.blocks[0].component component_unknown, $.blocks[1].component component_unknown', 'of its kind, and of the clinic');
select is(tests.problems(format('[{"type": "condition", "id": "c", "when": {"field": "patient.name", "operator": "is_filled"}, "blocks": [{"type": "footer", "id": "a", "component": "%s"}]}]', tests.id('footer'))),
  '$.blocks[0].blocks[0].type block_not_here', 'stands at the outside');
select is(tests.problems('[{"type": "proof", "id": "a"}, {"type": "answers", "id": "b"}]'), '$.blocks[0].type block_not_here, $.blocks[1].type block_not_here', 'a report has no proof');
select is(tests.problems('[{"type": "page_break", "id": "a"}]', kind => 'letterhead'), '$.blocks[0].type block_not_here, $.inputs property_unknown', 'nor a letterhead pages, or inputs');
select is(tests.problems('[{"type": "condition", "id": "a", "when": {"field": "patient.birth_date", "operator": "greater", "value": "soon"}, "blocks": [{"type": "divider", "id": "b"}]},
  {"type": "condition", "id": "c", "when": {"field": "patient.name", "operator": "less", "value": "x"}, "blocks": [{"type": "divider", "id": "d"}]},
  {"type": "condition", "id": "e", "when": {"field": "patient.name", "operator": "is_filled", "value": "x"}, "blocks": [{"type": "divider", "id": "f"}]},
  {"type": "condition", "id": "g", "when": {"field": "patient.name", "operator": "equals"}, "blocks": [{"type": "divider", "id": "h"}]},
  {"type": "condition", "id": "i", "when": {"field": "patient.name", "operator": "like"}, "blocks": [{"type": "divider", "id": "j"}]}]'),
  '$.blocks[0].when.value value_not_usable, $.blocks[1].when.operator operator_unknown, $.blocks[2].when.value value_not_usable, $.blocks[3].when.value required, $.blocks[4].when.operator word_unknown, $.blocks[4].when.value required', 'conditions');
select is(tests.problems('[{"type": "condition", "id": "a", "when": {"field": "patient.birth_date", "operator": "greater", "value": "2000-01-01"}, "blocks": [{"type": "divider", "id": "b"}], "otherwise": [{"type": "spacer", "id": "c", "height": 2}]}]'), null, 'and a sound one');
select is(tests.problems('[{"type": "divider", "id": "a"}, {"type": "divider", "id": "a"}, {"type": "divider", "id": "A b"}, {"type": "divider"}]'), '$.blocks id_twice, $.blocks[2].id key_not_usable, $.blocks[3].id key_not_usable', 'ids');
select is(tests.problems((select repeat('[{"type": "repeat", "id": "a' || repeat('x', 1) || '", "over": "sessions", "blocks": ', 7) || '[{"type": "divider", "id": "z"}]' || repeat('}]', 7))),
  '$.blocks id_twice, $.blocks[0].blocks[0].blocks[0].blocks[0].blocks[0].blocks[0].blocks too_deep', 'depth');
select is(tests.problems((select jsonb_agg(jsonb_build_object('type', 'divider', 'id', 'd' || n))::text from generate_series(1, 501) as n)), '$.blocks too_many', 'count');
select is(tests.problems(jsonb_build_array(jsonb_build_object('type', 'text', 'id', 'a', 'paragraphs', jsonb_build_array(jsonb_build_array(jsonb_build_object('text', repeat('a', 300000))))))::text), '$ too_large', 'size');
select is(tests.problems('[{"type": "divider", "id": "a"}]', inputs => '[{"key": "A", "label": "A", "type": "text"}, {"key": "b", "label": "B", "type": "choice"}, {"key": "c", "label": "C", "type": "rows"}, {"key": "c", "label": "C", "type": "html"}]'),
  '$.inputs columns_or_options, $.inputs key_twice, $.inputs[0].key not_of_this_shape, $.inputs[3].type word_unknown', 'inputs');
select is((select count(*) from app_private.template_problems(tests.id('atlas'), 'report', '"text"')), 1::bigint, 'a text is no template');
select is((select count(*) from app_private.template_problems(tests.id('atlas'), 'report', '{"blocks": [], "more": 1}')), 1::bigint, 'nor is what has more than blocks and inputs');

-- How large one may be.
create function pg_temp.size(bytes int) returns text language sql as $$
  select string_agg(p.path || ' ' || p.reason, ', ') from app_private.template_problems(tests.id('atlas'), 'report',
    jsonb_build_object('blocks', '[]'::jsonb, 'x', repeat('a', bytes - octet_length('{"x": "", "blocks": []}')))) as p $$;
select is(array[pg_temp.size(262144), pg_temp.size(262145)], '{"$.x property_unknown","$ too_large"}'::text[], 'a quarter of a megabyte, and then nothing else of it is looked at');
create function pg_temp.blocks(inside int) returns text language sql as $$
  select string_agg(p.path || ' ' || p.reason, ', ') from app_private.template_problems(tests.id('atlas'), 'report', jsonb_build_object('blocks', (
    select jsonb_agg(jsonb_build_object('type', 'repeat', 'id', 'r' || r, 'over', 'sessions', 'blocks', (
      select jsonb_agg(jsonb_build_object('type', 'divider', 'id', 'd' || r || '_' || n)) from generate_series(1, case r when 1 then 249 else inside end) n))) from generate_series(1, 2) r))) as p $$;
select is(array[pg_temp.blocks(249), pg_temp.blocks(250)], '{null,"$.blocks too_many"}'::text[], 'five hundred blocks in all, wherever they stand');
select * from finish();
rollback;
