-- The one form that the holder of a link or kiosk sees: what the policies of app_link ask. CNS-06.

set role app_engine;

create or replace function app_hidden.current_link_form_id() returns uuid
language sql stable security definer
set search_path = ''
begin atomic
  select signature_links.form_id
  from app_public.signature_links
  where signature_links.token_hash = decode(nullif(current_setting('app.link_token_hash', true), ''), 'hex')
    and signature_links.id = nullif(current_setting('app.link_id', true), '')::uuid
    and signature_links.kind = current_setting('app.link_kind', true)
    and signature_links.status = 'open'
    and signature_links.expires_at > app_hidden.now()
    and (
      signature_links.kind = 'kiosk'
      or (signature_links.session_hash = decode(nullif(current_setting('app.link_session_hash', true), ''), 'hex')
          and signature_links.session_ends_at > app_hidden.now())
    );
end;

comment on function app_hidden.current_link_form_id is
  E'@nullable\nThe form of the open link or kiosk of this request, once the person is identified; null otherwise.';
grant execute on function app_hidden.current_link_form_id to app_link, app_member, app_anonymous;

reset role;
