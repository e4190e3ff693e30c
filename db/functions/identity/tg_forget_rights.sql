-- On every table that an answer about the caller rests on: what was kept counts no more. Taken back with a savepoint, the
-- change takes the mark back as well. FND-04.

create or replace function app_private.tg_forget_rights() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform set_config('app.rights_changes', gen_random_uuid()::text, true);
  return null;
end;
$$;

comment on function app_private.tg_forget_rights is 'Marks a change of what rights rest on, so that answers of before are asked for anew.';
