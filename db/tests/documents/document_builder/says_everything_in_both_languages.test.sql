-- Test: document_builder - an editor made of it alone has words in both languages for whatever it shows. DOC-01, FND-28.
begin;
select plan(9);
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select app_private.give_predefined_documents(tests.id('atlas'));

-- The schemas that an editor shows, with the place of each property in them.
create function tests.shown() returns table (place text, property jsonb) language sql stable as $$
  with recursive places (place, property) as (
    select type, schema from app_private.document_block_types
    union all select 'layout', app_private.document_layout_schema()
    union all select 'inputs', app_private.document_inputs_schema()
    union all
    select places.place || '.' || coalesce(member.key, '[]'), coalesce(member.value, places.property -> 'items')
    from places
    left join lateral jsonb_each(places.property -> 'properties') as member on true
    where member.key is not null or places.property ? 'items'
  )
  select places.place, places.property from places where strpos(places.place, '.') > 0;
$$;

select cmp_ok((select count(*) from tests.shown()), '>', 60::bigint, 'there are properties to look at');
select is((select string_agg(place, ', ' order by place) from tests.shown() where nullif(property ->> 'title', '') is null or nullif(property ->> 'x-title-ro', '') is null),
  null, 'each has a title in both languages');
select is((select string_agg(place, ', ' order by place) from tests.shown() where (property ? 'description') <> (property ? 'x-description-ro')),
  null, 'what is described is described in both');
select is((select string_agg(place, ', ' order by place) from tests.shown() where property ? 'enum'
  and exists (select from jsonb_array_elements_text(property -> 'enum') as word
    where nullif(property -> 'x-labels' -> word ->> 'ro', '') is null or nullif(property -> 'x-labels' -> word ->> 'en', '') is null)),
  null, 'each word of a list has a label in both');
select is((select string_agg(place, ', ' order by place) from tests.shown() where property::text ~ '[şţŞŢ]'), null, 'Romanian has commas below');
select is(
  (select string_agg(distinct format, ', ' order by format) from unnest('{date,instant,number,money}'::text[]) as type, unnest(app_private.document_formats(type)) as format),
  (select string_agg(known ->> 'code', ', ' order by known ->> 'code') from jsonb_array_elements(app_private.document_format_labels()) as known),
  'each format has a label');

select tests.act_as('adrian');
select is((select string_agg(key, ', ' order by key) from jsonb_object_keys(app_public.document_builder(tests.id('atlas'), 'report')) as key),
  'blocks, components, fields, formats, inputs, kind, layout, limits', 'all of it is in the contract');
select is((select string_agg(block ->> 'type', ', ') from jsonb_array_elements(app_public.document_builder(tests.id('atlas'), 'footer') -> 'blocks') as block),
  'heading, text, condition, columns, image, divider, spacer', 'a footer has fewer blocks');
select is((select app_public.document_builder(tests.id('atlas'), 'report') -> 'inputs' -> 'maxItems'), '60'::jsonb, 'limits stand in the schemas');
select * from finish();
rollback;
