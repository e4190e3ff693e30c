-- The sealed token of a link, for the message that carries it. One that is over has none any more. CNS-06, FND-15.

set role app_engine;

create or replace function app_private.sealed_signature_link(link_id uuid) returns bytea
language sql stable strict security definer
set search_path = ''
begin atomic
  select signature_links.sealed_token
  from app_public.signature_links
  where signature_links.id = sealed_signature_link.link_id
    and signature_links.expires_at > app_hidden.now();
end;

comment on function app_private.sealed_signature_link is E'@nullable\nThe sealed token of an open link; null once it is over.';
grant execute on function app_private.sealed_signature_link to app_worker;

reset role;
