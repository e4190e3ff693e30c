-- The keys of a template and what each is: a key keeps its type in every version, or answers of two versions could not be
-- compared. FRM-02. Groups hold groups once, so three levels are all.

create or replace function app_private.form_field_types(content jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
  with recursive items (item, depth) as (
    select listed.value, 1 from jsonb_array_elements(form_field_types.content -> 'items') as listed
    union all
    select inner_items.value, items.depth + 1
    from items
    cross join lateral jsonb_array_elements(
      case when jsonb_typeof(items.item -> 'items') = 'array' then items.item -> 'items' else '[]' end) as inner_items
    where items.item ->> 'type' = 'group' and items.depth < 3
  )
  select coalesce(
    jsonb_object_agg(items.item ->> 'key', case when items.item ? 'repeat' then 'repeated_group' else items.item ->> 'type' end), '{}')
  from items
$$;

comment on function app_private.form_field_types is
  'The type of each item by its key; repeated_group for a group that repeats.';
grant execute on function app_private.form_field_types to app_engine;
