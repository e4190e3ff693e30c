-- Whose pages may show the booking page of a clinic: the server writes it into the policy of the page, and answers 404
-- where there is no such clinic to a visitor. APT-05.

set role app_engine;

create or replace function app_hidden.embedding_origins_of(slug text) returns text[]
language sql stable strict security definer
set search_path = ''
begin atomic
  select organizations.embedding_origins
  from app_public.organizations
  where organizations.slug = embedding_origins_of.slug
    and organizations.activated_at is not null
    and organizations.deleted_at is null;
end;

comment on function app_hidden.embedding_origins_of is
  'The origins that may frame the booking page of an active clinic; null when there is none, or only a draft.';
grant execute on function app_hidden.embedding_origins_of to app_anonymous, app_member;

reset role;
