-- Links in messages to people without an account: what they open, and the digest of each token. APT-05.

-- squawk-ignore ban-drop-table
drop table if exists app_private.guest_links;
-- squawk-ignore ban-drop-table
drop table if exists app_private.link_kinds;

create table app_private.link_kinds (
  key text primary key,
  data_key text not null,
  url_name text not null,
  target_function text not null,
  constraint link_kinds_data_key_is_of_one unique (data_key),
  constraint link_kinds_url_name_is_of_one unique (url_name)
);
comment on table app_private.link_kinds is 'What links in messages open.';
comment on column app_private.link_kinds.data_key is 'The variable of a message that names what its link opens; null there: no link.';
comment on column app_private.link_kinds.url_name is 'What the texts call the link.';
comment on column app_private.link_kinds.target_function is
  'The function of app_private that says where such a link leads and until when, or null when it opens nothing any more.';

create table app_private.guest_links (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  opens text not null references app_private.link_kinds on delete restrict,
  subject_id uuid not null,
  token_hash bytea not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint guest_links_identity unique (organization_id, id),
  constraint guest_links_token_hash_is_a_digest check (octet_length(token_hash) = 32),
  constraint guest_links_token_hash_is_of_one unique (token_hash)
);
create index guest_links_opens_idx on app_private.guest_links (opens, subject_id);
create index guest_links_expires_idx on app_private.guest_links (expires_at);
comment on table app_private.guest_links is
  'A token that left in a message: it is made as the message leaves, and only its digest is kept. One thing may have several.';
comment on column app_private.guest_links.opens is 'What kind of thing it opens.';
comment on column app_private.guest_links.subject_id is 'The booking request, or whatever else it opens.';
comment on column app_private.guest_links.expires_at is 'When it ends at the latest; what it opens may end it sooner.';

-- Functions of the kinds answer it; made once, since a source names it.
do $$
begin
  if to_regtype('app_private.link_target') is null then
    create type app_private.link_target as (path text, ends_at timestamptz);
  end if;
end;
$$;
comment on type app_private.link_target is 'Where a link leads: the path of the page up to the token, and until when it is good.';

-- Its answer grew by the link.
drop function if exists app_private.claim_message(uuid);

