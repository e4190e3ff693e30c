-- Makes the code as its message leaves: it exists in that message and in the head of whoever reads it. A message that is sent
-- once more has another code, and the earlier one is none any more. FND-32.

create or replace function app_private.issue_code(organization_id uuid, code_id uuid) returns text
language plpgsql volatile strict
set search_path = ''
as $$
declare
  v_code text := lpad((('x' || encode(extensions.gen_random_bytes(6), 'hex'))::bit(48)::bigint % 1000000)::text, 6, '0');
begin
  update app_private.codes set digest = app_private.code_digest(v_code, codes.salt)
  where codes.organization_id = issue_code.organization_id
    and codes.id = issue_code.code_id
    and codes.attempts_left > 0
    and codes.expires_at > app_hidden.now();
  return case when found then v_code end;
end;
$$;

comment on function app_private.issue_code is 'Six digits to be sent now; null when the code is over.';
grant execute on function app_private.issue_code to app_engine;
