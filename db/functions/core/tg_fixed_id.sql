-- Gives a row of the platform the id that it has on every server, made of the table and the columns that the trigger
-- names (a slug, a name): clinics point at such rows, and find them again where they move to. SCA-01, 0064.
-- UUID version 8 over SHA-256, as RFC 9562 shows; a version of its own, so that a constraint tells it from a random id.
-- A row whose slug changes keeps its id.

create or replace function app_private.tg_fixed_id() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.id := overlay(overlay(left(encode(sha256(convert_to(
    concat(tg_table_schema, '.', tg_table_name, '/',
           (select string_agg(to_jsonb(new) ->> named, '/' order by place) from unnest(tg_argv) with ordinality as part (named, place))),
    'UTF8')), 'hex'), 32) placing '8' from 13) placing '8' from 17);
  return new;
end;
$$;

comment on function app_private.tg_fixed_id is
  'Makes the id of a platform row out of its table and the columns named. Trigger _150_fixed_id.';
