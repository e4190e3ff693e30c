-- A message with a link has left: the chain says by which way. CNS-07.

set role app_engine;

create or replace function app_private.record_signature_link_sent(link_id uuid, channel text) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_link app_public.signature_links;
begin
  select signature_links.* into v_link
  from app_public.signature_links
  where signature_links.id = record_signature_link_sent.link_id and signature_links.status = 'open';
  if found then
    perform app_private.record_signature_event(
      v_link.organization_id, v_link.form_id, 'link_sent', v_link.id, jsonb_build_object('channel', record_signature_link_sent.channel));
  end if;
end;
$$;

comment on function app_private.record_signature_link_sent is 'Adds to the chain of a form that its link went out over this channel.';
grant execute on function app_private.record_signature_link_sent to app_worker;

reset role;
