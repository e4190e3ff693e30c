-- An account whose sign-ins the provider deleted keeps its history and gives its address back. FND-03, FND-25.

alter table app_public.humans
  add column if not exists closed_at timestamptz,
  drop constraint if exists humans_email_is_unique_per_provider_org;
comment on column app_public.humans.closed_at is
  'Since when the provider has no sign-in for this account any more: the address is free for a new one.';
-- Accounts are thousands, not millions: what waits for these indexes waits for a moment.
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.humans_email_is_unique_per_provider_org;
-- squawk-ignore require-concurrent-index-creation
create unique index humans_email_is_unique_per_provider_org on app_public.humans (email, provider_org_id)
  nulls not distinct where closed_at is null;
-- What people are looked up and sorted by: the unique index leaves the closed ones out.
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.humans_email_idx;
-- squawk-ignore require-concurrent-index-creation
create index humans_email_idx on app_public.humans (email);

-- Accounts that were closed by their last sign-in's end; whoever was banned, or switched off by an operator, stays so.
set role app_engine;
update app_public.humans set closed_at = principals.disabled_at
from app_public.principals
where principals.id = humans.principal_id
  and humans.closed_at is null
  and principals.disabled_at = (
    select max(identities.ended_at) from app_private.identities where identities.principal_id = principals.id)
  and not exists (
    select from app_private.identities
    where identities.principal_id = principals.id and (identities.ended_at is null or identities.banned_at is not null));
reset role;
