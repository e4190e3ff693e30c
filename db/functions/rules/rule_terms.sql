-- The fields that a clinic's rules may name: those of every clinic, the answers in its forms, its own fields, its purposes of
-- consent, and in a condition of an automation what the event says. SEG-02, SEG-05.
-- Of a form the latest completed or signed one counts, and of a template and of a field the newest published version that has
-- the key, so that a rule outlives a question that is asked no more.

create or replace function app_private.rule_terms(organization_id uuid, event_name text default null, code text default null)
returns setof app_private.rule_term
language plpgsql stable
set search_path = ''
as $$
declare
  v_family constant text := split_part(code, '.', 1);
begin
  if code is null or v_family not in ('form', 'custom', 'consent', 'event') then
    return query
      select fields.code, fields.collection, case fields.type when 'instant' then 'date' else fields.type end,
        fields.label_ro, fields.label_en, collections.label_ro, collections.label_en, fields.choices, fields.choices_of,
        null::numeric, null::numeric, false, fields.permission, fields.cost,
        case fields.type when 'instant' then '((' || fields.value_sql || ') at time zone {zone})::date' else fields.value_sql end,
        fields.turns_sql, '[]'::jsonb,
        case when fields.type = 'instant' or fields.value_sql ~ '\{(today|zone)\}' then array[fields.source, 'clinic'] else array[fields.source] end
      from app_private.rule_fields as fields
      left join app_private.rule_collections as collections on collections.code = fields.collection
      where rule_terms.code is null or fields.code = rule_terms.code
      order by fields.collection nulls first, fields.position;
  end if;
  if code is null or v_family = 'form' then
    return query select * from app_private.rule_terms_of_forms(rule_terms.organization_id, rule_terms.code);
  end if;
  if code is null or v_family in ('custom', 'consent') then
    return query select * from app_private.rule_terms_of_clinic(rule_terms.organization_id, rule_terms.code);
  end if;
  if event_name is not null then
    return query select * from app_private.rule_terms_of_event(rule_terms.event_name, rule_terms.code);
  end if;
end;
$$;

comment on function app_private.rule_terms is
  'The fields that rules of a clinic may name (of an event, where a condition of an automation is written), or the one of this code.';
grant execute on function app_private.rule_terms to app_engine;

-- What kind of field an item of a form is, and how its answer {j} is read; nothing for what says nothing of a patient.
create or replace function app_private.rule_term_of_item(item jsonb, out type text, out value_sql text)
language sql immutable
set search_path = ''
as $$
  select kinds.type, kinds.value_sql
  from (values
    ('{text,long_text,email,phone}'::text[], 'text', '{j} #>> ''{}'''),
    ('{integer,number,scale}', 'number', 'case jsonb_typeof({j}) when ''number'' then ({j})::numeric end'),
    ('{boolean}', 'boolean', 'case jsonb_typeof({j}) when ''boolean'' then ({j})::boolean end'),
    ('{date}', 'date', 'case when pg_input_is_valid({j} #>> ''{}'', ''date'') then ({j} #>> ''{}'')::date end'),
    ('{choice}', 'choice', '{j} #>> ''{}'''),
    ('{choices}', 'choices', 'case jsonb_typeof({j}) when ''array'' then array(select jsonb_array_elements_text({j})) end'),
    ('{file}', 'presence', 'nullif({j}, ''null'')')
  ) as kinds (items, type, value_sql)
  where rule_term_of_item.item ->> 'type' = any (kinds.items)
$$;

comment on function app_private.rule_term_of_item is 'The type of a field that an item of a form is in rules, and the SQL that reads an answer; null for groups and statements.';
grant execute on function app_private.rule_term_of_item to app_engine;

-- A text of a template in one language, else in the other.
create or replace function app_private.rule_label(label jsonb, locale text) returns text
language sql immutable
set search_path = ''
return coalesce(label ->> locale, label ->> 'ro', label ->> 'en');

comment on function app_private.rule_label is 'A text of a template in this language, or in the one that it has.';
grant execute on function app_private.rule_label to app_engine;

create or replace function app_private.rule_choices_of_item(item jsonb) returns jsonb
language sql immutable
set search_path = ''
return (
  select jsonb_agg(jsonb_build_object(
    'value', listed.value ->> 'value',
    'ro', coalesce(app_private.rule_label(listed.value -> 'label', 'ro'), listed.value ->> 'value'),
    'en', coalesce(app_private.rule_label(listed.value -> 'label', 'en'), listed.value ->> 'value')) order by listed.ordinality)
  from jsonb_array_elements(item -> 'options') with ordinality as listed
);

comment on function app_private.rule_choices_of_item is 'The options of an item with their labels; null where it has none.';
grant execute on function app_private.rule_choices_of_item to app_engine;
