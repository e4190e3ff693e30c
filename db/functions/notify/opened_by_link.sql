-- What a token from a message opens. An unknown token, a malformed one and one that is over answer alike. APT-05.

create or replace function app_private.opened_by_link(kind text, token text) returns uuid
language sql stable strict
set search_path = ''
begin atomic
  select guest_links.subject_id
  from app_private.guest_links
  where guest_links.token_hash = extensions.digest(opened_by_link.token, 'sha256')
    and guest_links.opens = opened_by_link.kind
    and guest_links.expires_at > app_hidden.now();
end;

comment on function app_private.opened_by_link is
  'The id that a token of this kind of link opens; null when there is none. Whether it is open still, its own functions say.';
grant execute on function app_private.opened_by_link to app_engine;
