-- Ends every link and kiosk of a form: it was signed in another way, or another one takes their place. CNS-06.

create or replace function app_private.end_signature_links(
  organization_id uuid,
  form_id uuid,
  because text,
  kind text default null
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_link app_public.signature_links;
begin
  for v_link in
    select signature_links.*
    from app_public.signature_links
    where signature_links.organization_id = end_signature_links.organization_id
      and signature_links.form_id = end_signature_links.form_id
      and signature_links.status = 'open'
      and (end_signature_links.kind is null or signature_links.kind = end_signature_links.kind)
    order by signature_links.id
  loop
    if v_link.expires_at <= app_hidden.now() then
      perform app_private.end_signature_link(v_link.id, 'expired');
    else
      perform app_private.end_signature_link(v_link.id, 'revoked', end_signature_links.because);
    end if;
  end loop;
end;
$$;

comment on function app_private.end_signature_links is 'Takes back the open links and kiosks of a form, of one kind or of both.';
grant execute on function app_private.end_signature_links to app_engine;
