-- At home people dial 0 (or 8, 06, 1 …) before a number, and write it also behind +40: what is left without it. Where
-- the zero belongs to the number, as in Italy, the plan has no such prefix. FND-07.

create or replace function app_hidden.without_trunk_prefix(digits text, plan app_hidden.phone_regions) returns text
language plpgsql stable parallel safe
set search_path = ''
as $$
declare
  v_pattern text := '^((?:' || plan.national_prefix || '))';
  v_found text[] := regexp_match(digits, v_pattern);
  v_national_number text;
  v_lengths int[];
begin
  if v_found is null then
    return digits;
  end if;

  if plan.national_prefix_becomes is not null and v_found[2] is not null and v_found[cardinality(v_found)] <> '' then
    v_national_number := regexp_replace(digits, '^(?:' || plan.national_prefix || ')', plan.national_prefix_becomes);
  else
    v_national_number := substr(digits, length(v_found[1]) + 1);
  end if;

  -- A number that fits its plan as it stands has no prefix, even if it begins like one.
  if digits ~ ('^(?:' || plan.national_number || ')$')
     and v_national_number !~ ('^(?:' || plan.national_number || ')$') then
    return digits;
  end if;
  v_lengths := coalesce(
    (app_hidden.phone_region_of(plan.calling_code, v_national_number)).possible_lengths, plan.possible_lengths);
  if length(v_national_number) <= (select max(possible) from unnest(v_lengths) as possible)
     and length(v_national_number) <> all (v_lengths) then
    return digits;
  end if;
  return v_national_number;
end;
$$;

comment on function app_hidden.without_trunk_prefix is
  'The digits of a national number without what is dialled before them within the region.';
grant execute on function app_hidden.without_trunk_prefix to app_member, app_engine;
