-- The items of a template, those in groups after their group. FRM-02. Groups hold groups once, so three levels are all.

create or replace function app_private.form_items(content jsonb) returns setof jsonb
language sql immutable
set search_path = ''
as $$
  with recursive items (item, depth) as (
    select listed.value, 1 from jsonb_array_elements(form_items.content -> 'items') as listed
    union all
    select inner_items.value, items.depth + 1
    from items
    cross join lateral jsonb_array_elements(items.item -> 'items') as inner_items
    where items.item ->> 'type' = 'group' and items.depth < 3
  )
  select items.item from items
$$;

comment on function app_private.form_items is 'Every item of a template, whatever group it stands in.';
grant execute on function app_private.form_items to app_engine;

-- A key keeps its type in every version, or answers of two versions could not be compared.
create or replace function app_private.form_field_types(content jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(item ->> 'key', case when item ? 'repeat' then 'repeated_group' else item ->> 'type' end), '{}')
  from app_private.form_items(form_field_types.content) as item
$$;

comment on function app_private.form_field_types is
  'The type of each item by its key; repeated_group for a group that repeats.';
grant execute on function app_private.form_field_types to app_engine;
