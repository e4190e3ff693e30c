-- The questions of a clinic's published templates. SEG-02. What repeats is left out: it has no one answer.

-- The items that are asked once, those of groups after their group.
create or replace function app_private.items_asked_once(content jsonb) returns setof jsonb
language sql immutable
set search_path = ''
as $$
  with recursive items (item, depth, place) as (
    select listed.value, 1, array[listed.ordinality] from jsonb_array_elements(items_asked_once.content -> 'items') with ordinality as listed
    union all
    select inner_items.value, items.depth + 1, items.place || inner_items.ordinality
    from items
    cross join lateral jsonb_array_elements(items.item -> 'items') with ordinality as inner_items
    where items.item ->> 'type' = 'group' and not items.item ? 'repeat' and items.depth < 3
  )
  select items.item from items order by items.place
$$;

comment on function app_private.items_asked_once is 'The items of a template outside of groups that repeat, in their order.';
grant execute on function app_private.items_asked_once to app_engine;

create or replace function app_private.rule_terms_of_forms(organization_id uuid, code text default null)
returns setof app_private.rule_term
language sql stable
set search_path = ''
as $$
  select 'form.' || newest.template_id || '.' || (newest.item ->> 'key'), null, kind.type,
    app_private.rule_label(newest.item -> 'label', 'ro'), app_private.rule_label(newest.item -> 'label', 'en'), newest.name, newest.name,
    app_private.rule_choices_of_item(newest.item), null,
    case when kind.type = 'number' then (newest.item ->> 'min')::numeric end,
    case when kind.type = 'number' then (newest.item ->> 'max')::numeric end,
    newest.item ->> 'type' in ('integer', 'scale'), 'forms.view', 2,
    '(select ' || replace(kind.value_sql, '{j}', '(f.answers -> {k1})') || ' from app_public.forms as f where f.organization_id = $1'
      || ' and f.template_id = {k0}::uuid and f.patient_id = p.id and f.status in (''completed'', ''signed'') and f.deleted_at is null'
      || ' order by f.completed_at desc, f.id desc limit 1)',
    null, jsonb_build_array(newest.template_id, newest.item ->> 'key'), array['form:' || newest.template_id]
  from (
    select distinct on (templates.name, versions.template_id, item.value ->> 'key')
      templates.name, versions.template_id, versions.number, item.place, item.value as item
    from app_public.form_template_versions as versions
    join app_public.form_templates as templates
      on templates.organization_id = versions.organization_id and templates.id = versions.template_id
    cross join lateral app_private.items_asked_once(versions.content) with ordinality as item (value, place)
    where versions.organization_id = rule_terms_of_forms.organization_id
      and case
        when rule_terms_of_forms.code is null then templates.published and versions.number = templates.version
        -- As text: a code that names no id is nobody's.
        else versions.template_id::text = split_part(rule_terms_of_forms.code, '.', 2)
          and item.value ->> 'key' = split_part(rule_terms_of_forms.code, '.', 3)
      end
    order by templates.name, versions.template_id, item.value ->> 'key', versions.number desc
  ) as newest
  cross join lateral app_private.rule_term_of_item(newest.item) as kind
  where kind.type is not null
    and (rule_terms_of_forms.code is null or rule_terms_of_forms.code = 'form.' || newest.template_id || '.' || (newest.item ->> 'key'))
  order by newest.name, newest.template_id, newest.place
$$;

comment on function app_private.rule_terms_of_forms is
  'The answers that rules may ask for: of a patient''s latest completed or signed form of the template. Without a code those of templates in use, in their newest version.';
grant execute on function app_private.rule_terms_of_forms to app_engine;
