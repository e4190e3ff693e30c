-- The catalog lint, schemas: whatever a page builds a form of says what people read, in both languages. AUT-01, FND-29.
-- What a schema may say beside JSON Schema, and what it means, is decision 0147.

-- Every schema that the builder contracts answer with.
create or replace view tests.form_schemas as
select 'action ' || code as name, config_schema as schema from app_private.automation_actions
union all
select 'expires', app_private.expires_schema()
union all
select 'most', app_private.most_schema();

create or replace view tests.form_schema_nodes as
with recursive nodes as (
  select form_schemas.name, schema, '{}'::jsonb as beside, false as is_property from tests.form_schemas
  union all
  select inner_nodes.name, inner_nodes.schema, inner_nodes.beside, inner_nodes.is_property
  from nodes
  cross join lateral (
    select nodes.name || '.' || property.key as name, property.value as schema, nodes.schema -> 'properties' as beside, true as is_property
    from jsonb_each(nodes.schema -> 'properties') as property
    union all
    select nodes.name || '[]', nodes.schema -> 'items', '{}'::jsonb, false
    where nodes.schema ? 'items'
  ) as inner_nodes
)
select * from nodes;

create or replace function tests.lint_form_schemas() returns table (object text, problem text)
language sql stable as $$
  select node.name, wrong.problem
  from tests.form_schema_nodes as node
  cross join lateral (values
    (node.is_property and not (coalesce(node.schema ->> 'title', '') ~ '\S' and coalesce(node.schema ->> 'x-title-ro', '') ~ '\S'),
     'has no title in both languages: title and x-title-ro'),
    (node.schema ? 'description' <> node.schema ? 'x-description-ro', 'is described in one language: description and x-description-ro'),
    (node.schema ? 'enum' and exists (
       select from jsonb_array_elements_text(node.schema -> 'enum') as offered (value)
       where not (coalesce(node.schema #>> array['x-labels', offered.value, 'en'], '') ~ '\S'
                  and coalesce(node.schema #>> array['x-labels', offered.value, 'ro'], '') ~ '\S')),
     'offers a value without a label in both languages: x-labels'),
    (exists (select from jsonb_object_keys(node.schema -> 'x-labels') as labelled
             where not coalesce(node.schema -> 'enum' ? labelled, false)),
     'labels a value that it does not offer'),
    ((select count(*) from jsonb_object_keys(node.schema -> 'properties')) > 1
     and (select array_agg(has.key order by has.key) from jsonb_object_keys(node.schema -> 'properties') as has (key))
       is distinct from (select array_agg(told.key order by told.key) from jsonb_array_elements_text(node.schema -> 'x-order') as told (key)),
     'does not say in which order its properties stand: x-order'),
    (exists (select from jsonb_object_keys(node.schema -> 'x-when') as named where not node.beside ? named)
     or node.schema ? 'x-schema-of' and not node.beside ? (node.schema ->> 'x-schema-of'),
     'depends on a property that does not stand beside it'),
    (exists (select from jsonb_object_keys(node.schema) as known
             where known not in ('type', 'properties', 'required', 'additionalProperties', 'minProperties', 'items', 'minItems', 'maxItems',
                                 'enum', 'minimum', 'maximum', 'minLength', 'maxLength', 'pattern', 'format', 'scope', 'default', 'title',
                                 'description', 'x-title-ro', 'x-description-ro', 'x-labels', 'x-order', 'x-choices', 'x-inserts',
                                 'x-when', 'x-schema-of')),
     'says something that no form understands')
  ) as wrong (is_so, problem)
  where wrong.is_so;
$$;
