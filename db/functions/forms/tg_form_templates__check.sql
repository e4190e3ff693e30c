-- A draft is sound whenever it is saved, and the key by which programs know a template stays. FRM-02.

set role app_engine;

create or replace function app_private.tg_form_templates__check() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and new.key <> old.key then
    perform app_hidden.refuse('IMMUTABLE', 'key_stays', '{"field": "key"}');
  end if;
  perform app_private.refuse_problems(
    'content_not_valid', (select coalesce(jsonb_agg(to_jsonb(problem)), '[]') from app_private.content_problems(new.content) as problem));
  return new;
end;
$$;

comment on function app_private.tg_form_templates__check is
  'VALIDATION content_not_valid with each place; IMMUTABLE key_stays. Trigger _300_check.';

reset role;
