-- Every refusal of the database leaves through here, so that its code is registered. FND-29.
-- What people read of it stands in server/errors/texts, in their language: here are words for programs.

create or replace function app_hidden.refuse(code text, reason text, details jsonb default '{}') returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_sqlstate text;
begin
  select error_codes.sqlstate into strict v_sqlstate
  from app_hidden.error_codes
  where error_codes.code = refuse.code;

  raise exception using
    errcode = v_sqlstate,
    message = refuse.reason,
    detail = coalesce(refuse.details, '{}')::text;
end;
$$;

comment on function app_hidden.refuse is
  'Raises a registered error: code from error_codes, reason in snake_case, details for programs.';

grant execute on function app_hidden.refuse to app_anonymous, app_member, app_link, app_authenticator, app_worker, app_engine;
