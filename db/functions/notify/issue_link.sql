-- Makes the link of a message as the message leaves: the token exists in that message and with whoever reads it. A message that
-- is sent once more has another token, and both are good. APT-05.

create or replace function app_private.issue_link(organization_id uuid, kind app_private.link_kinds, subject_id uuid)
returns text
language plpgsql volatile strict
set search_path = ''
as $$
declare
  v_target app_private.link_target;
  v_token text := encode(extensions.gen_random_bytes(16), 'hex');
begin
  execute format('select * from app_private.%I($1, $2)', (kind).target_function)
  into v_target using issue_link.organization_id, issue_link.subject_id;
  if v_target.ends_at <= app_hidden.now() or v_target.ends_at is null then
    return null;
  end if;
  insert into app_private.guest_links (organization_id, opens, subject_id, token_hash, expires_at, created_at)
  values (issue_link.organization_id, (kind).key, issue_link.subject_id, extensions.digest(v_token, 'sha256'),
          v_target.ends_at, app_hidden.now());
  return v_target.path || v_token;
end;
$$;

comment on function app_private.issue_link is
  'The path of the page with a new token for what a message is about; null when a link would open nothing.';
grant execute on function app_private.issue_link to app_engine;
