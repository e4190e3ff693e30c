-- The open link or kiosk of a form, taken back by staff. CNS-05, CNS-06.

create or replace function app_private.take_back_link(form_id uuid, kind text) returns app_public.signature_links
language plpgsql volatile
set search_path = ''
as $$
declare
  v_form app_public.forms;
  v_link app_public.signature_links;
begin
  select forms.* into v_form
  from app_public.forms
  where forms.id = take_back_link.form_id and forms.deleted_at is null
    and forms.organization_id = any (app_hidden.current_staff_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'form_not_found');
  end if;
  perform app_private.require_permission(v_form.organization_id, 'forms.fill');
  select signature_links.* into v_link
  from app_public.signature_links
  where signature_links.organization_id = v_form.organization_id
    and signature_links.form_id = v_form.id
    and signature_links.kind = take_back_link.kind
    and signature_links.status = 'open'
  for update;
  if not found or v_link.expires_at <= app_hidden.now() then
    perform app_hidden.refuse('STATE', 'nothing_to_revoke');
  end if;
  perform app_private.end_signature_link(v_link.id, 'revoked', 'staff');
  select signature_links.* into strict v_link from app_public.signature_links where signature_links.id = v_link.id;
  return v_link;
end;
$$;

comment on function app_private.take_back_link is
  'Revokes the open link or kiosk of a form of the caller''s clinic; NOT_FOUND, FORBIDDEN or STATE nothing_to_revoke otherwise.';
grant execute on function app_private.take_back_link to app_engine;
