-- What the fields of a form say to whoever fills it in, line by line, in one language. CNS-07.
-- Fields that are shown under a condition are among them: they are part of what is asked.

create or replace function app_private.shown_items(items jsonb, locale text) returns text
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return (
    select string_agg(line.words, E'\n' order by item.place, line.place)
    from jsonb_array_elements(shown_items.items) with ordinality as item (field, place)
    cross join lateral (
      values
        (1, app_private.words_in(item.field -> 'label', shown_items.locale)),
        (2, app_private.words_in(item.field -> 'help', shown_items.locale)),
        (3, app_private.words_in(item.field -> 'text', shown_items.locale)),
        (4, app_private.words_in(item.field -> 'min_label', shown_items.locale)),
        (5, app_private.words_in(item.field -> 'max_label', shown_items.locale)),
        (6, (select string_agg(app_private.words_in(option.value -> 'label', shown_items.locale), E'\n' order by option.place)
             from jsonb_array_elements(item.field -> 'options') with ordinality as option (value, place))),
        (7, case when item.field ? 'items' then app_private.shown_items(item.field -> 'items', shown_items.locale) end)
    ) as line (place, words)
  );
end;
$$;

comment on function app_private.shown_items is 'Labels, helps, texts and options of fields, groups included, a line each.';
grant execute on function app_private.shown_items to app_engine;
