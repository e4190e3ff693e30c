-- Ends a link or kiosk that is open, says so in the chain, and throws away what could still open it. CNS-05, CNS-06.

create or replace function app_private.end_signature_link(link_id uuid, status text, because text default null) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_link app_public.signature_links;
begin
  update app_public.signature_links
  set status = end_signature_link.status, ended_because = because, ended_at = app_hidden.now(), sealed_token = null,
      session_hash = null, session_ends_at = null
  where signature_links.id = end_signature_link.link_id and signature_links.status = 'open'
  returning * into v_link;
  if not found then
    return false;
  end if;
  perform app_private.record_signature_event(
    v_link.organization_id, v_link.form_id, v_link.status, v_link.id, jsonb_build_object('because', because));
  return true;
end;
$$;

comment on function app_private.end_signature_link is 'Ends a link or kiosk, once: false where it was over already.';
grant execute on function app_private.end_signature_link to app_engine;
