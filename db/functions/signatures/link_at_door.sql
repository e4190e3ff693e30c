-- The link or kiosk that a request came with, by the digest of its token, while it may be used. A genuine one that is over is
-- told so with its reason; every other answer is the same, whatever is wrong. CNS-05, CNS-06.
-- The server has checked the token's own signature before and says what stood in it; here the row decides.

set role app_engine;

create or replace function app_private.link_at_door() returns app_public.signature_links
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_link app_public.signature_links;
begin
  select signature_links.* into v_link
  from app_public.signature_links
  join app_public.forms
    on forms.organization_id = signature_links.organization_id and forms.id = signature_links.form_id and forms.deleted_at is null
  where signature_links.token_hash = decode(current_setting('app.link_token_hash', true), 'hex')
    and signature_links.id = nullif(current_setting('app.link_id', true), '')::uuid
    and signature_links.form_id = nullif(current_setting('app.link_form_id', true), '')::uuid
    and signature_links.kind = current_setting('app.link_kind', true);
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'link_not_found');
  elsif v_link.status = 'used' then
    perform app_hidden.refuse('GONE', 'used');
  elsif v_link.status = 'revoked' then
    perform app_hidden.refuse('GONE', 'revoked');
  elsif v_link.status = 'locked' then
    perform app_hidden.refuse('GONE', 'locked');
  elsif v_link.status = 'expired' or v_link.expires_at <= app_hidden.now() then
    perform app_hidden.refuse('GONE', 'expired');
  end if;
  return v_link;
end;
$$;

comment on function app_private.link_at_door is
  'The open link or kiosk of this request; GONE used, expired, revoked or locked for one that is over, NOT_FOUND otherwise.';

reset role;
