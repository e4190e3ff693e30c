-- Compares what somebody typed with the code that was sent: five times, once if it is right. FND-32.
-- A wrong one is an answer and no refusal: a refusal would take the counting back.

create or replace function app_private.try_code(organization_id uuid, code_id uuid, code text) returns text
language plpgsql volatile
set search_path = ''
as $$
declare
  v_code app_private.codes;
  v_is_right boolean;
begin
  select codes.* into strict v_code
  from app_private.codes
  where codes.organization_id = try_code.organization_id and codes.id = try_code.code_id
  for update;
  if v_code.attempts_left = 0 or v_code.expires_at <= app_hidden.now() then
    return 'over';
  end if;
  -- Computed where no code was sent as well: the time that it takes tells nothing.
  v_is_right := coalesce(app_private.code_digest(left(try_code.code, 20), v_code.salt) = v_code.digest, false);
  update app_private.codes
  set attempts_left = case when v_is_right then 0 else codes.attempts_left - 1 end,
      digest = case when not v_is_right and codes.attempts_left > 1 then codes.digest end
  where codes.id = v_code.id;
  return case when v_is_right then 'right' else 'wrong' end;
end;
$$;

comment on function app_private.try_code is 'right, wrong, or over: it expired, was used, or five were wrong.';
grant execute on function app_private.try_code to app_engine;
