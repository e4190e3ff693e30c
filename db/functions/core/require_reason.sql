-- What is done to somebody's record by hand says why. FND-34, FND-08.

create or replace function app_private.require_reason(reason text) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  if length(btrim(coalesce(reason, ''), e' \t\r\n')) not between 3 and 500 then
    perform app_hidden.refuse('VALIDATION', 'reason_missing', '{"field": "reason"}');
  end if;
  return btrim(reason, e' \t\r\n');
end;
$$;

comment on function app_private.require_reason is 'The reason, trimmed; VALIDATION reason_missing when it says nothing or too much.';
grant execute on function app_private.require_reason to app_engine;
