-- The one text of a JSON value, so that the same facts always have the same hash. CNS-07.
-- As RFC 8785 writes it: members in the order of their names, no white space, strings with the fewest escapes. Numbers are
-- written in full, without exponent and without zeros at the end, with every digit they have; that is what RFC 8785 writes,
-- too, of numbers from 0.000001 to 1e21 with up to 15 digits. Names are in the order of their characters' numbers, which is
-- RFC 8785's for everything below U+10000.

create or replace function app_private.canonical_json(value jsonb) returns text
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  case jsonb_typeof(canonical_json.value)
    when 'object' then
      return '{' || coalesce((
        select string_agg(
          to_json(member.key)::text || ':' || app_private.canonical_json(member.value), ',' order by member.key collate "C")
        from jsonb_each(canonical_json.value) as member), '') || '}';
    when 'array' then
      return '[' || coalesce((
        select string_agg(app_private.canonical_json(element.value), ',' order by element.place)
        from jsonb_array_elements(canonical_json.value) with ordinality as element (value, place)), '') || ']';
    when 'number' then
      return trim_scale((canonical_json.value #>> '{}')::numeric)::text;
    else
      return canonical_json.value::text;
  end case;
end;
$$;

comment on function app_private.canonical_json is
  'The canonical text of a JSON value, after RFC 8785; numbers in full, without exponent.';
grant execute on function app_private.canonical_json to app_engine;
