-- The provider deleted a sign-in. Its sessions are over; the account is closed when no other sign-in leads to it.
-- FND-03, FND-25.
-- Told before the first sign-in, it leaves a mark, so that a token of the last minute makes no human.

set role app_engine;

create or replace function app_hidden.end_identity(issuer text, subject text) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_identity app_private.identities;
begin
  select identities.* into v_identity
  from app_private.identities
  where identities.issuer = end_identity.issuer and identities.subject = end_identity.subject;
  -- Two sign-ins of one account that end at once queue here, so that the second closes it; so does a first sign-in that
  -- finds the account by its address (human_by_email), so that nobody is linked with one that closes.
  perform from app_public.humans where humans.principal_id = v_identity.principal_id for no key update;

  insert into app_private.identities (issuer, subject, ended_at)
  values (end_identity.issuer, end_identity.subject, app_hidden.now())
  on conflict on constraint identities_pkey do update set ended_at = excluded.ended_at
    where identities.ended_at is null
  returning * into v_identity;
  if not found then
    return 'unchanged';
  end if;

  update app_public.principals set disabled_at = app_hidden.now()
  where principals.id = v_identity.principal_id
    and principals.disabled_at is null
    and not exists (
      select from app_private.identities
      where identities.principal_id = v_identity.principal_id and identities.ended_at is null);
  -- Whoever was banned, or switched off before, does not come back under the same address.
  if found then
    update app_public.humans set closed_at = app_hidden.now()
    where humans.principal_id = v_identity.principal_id
      and not exists (
        select from app_private.identities
        where identities.principal_id = v_identity.principal_id and identities.banned_at is not null);
  end if;
  return 'applied';
end;
$$;

comment on function app_hidden.end_identity is
  'Ends a sign-in for good, and closes the account that has no other. Whoever signs up anew with the same address gets a '
  'new account; of an account that was banned or switched off before, the address stays closed.';
grant execute on function app_hidden.end_identity to app_authenticator, app_worker;

reset role;
