-- The provider tells how a person is called and reached now. FND-25, FND-03.
-- Nobody is made: a human begins with a first sign-in, and only on a verified address (first_sign_in). Changes come in
-- any order, so the provider's own time decides. An address that another human has is not taken from them.

set role app_engine;

create or replace function app_hidden.update_identity(
  issuer text,
  subject text,
  changed_at timestamptz,
  email text,
  email_verified boolean,
  display_name text,
  locale text,
  is_banned boolean
) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_identity app_private.identities;
  v_email text := app_hidden.address_key(update_identity.email);
  v_name text := left(btrim(regexp_replace(update_identity.display_name, '[[:cntrl:]]+', ' ', 'g')), 200);
  v_locale text := left(app_hidden.ascii_lower(update_identity.locale), 2);
  v_is_taken boolean := false;
begin
  select identities.* into v_identity
  from app_private.identities
  where identities.issuer = update_identity.issuer and identities.subject = update_identity.subject
  for update;
  if not found or v_identity.ended_at is not null then
    return 'ignored';
  end if;
  if update_identity.changed_at <= v_identity.provider_changed_at then
    return 'stale';
  end if;

  update app_private.identities
  set provider_changed_at = update_identity.changed_at,
      provider_name = coalesce(nullif(v_name, ''), provider_name),
      provider_locale = coalesce(v_locale, provider_locale),
      banned_at = case when is_banned then coalesce(banned_at, app_hidden.now()) end
  where identities.issuer = update_identity.issuer and identities.subject = update_identity.subject;

  -- What the provider did not change stays as the person set it here.
  update app_public.humans
  set display_name = case when v_name <> v_identity.provider_name and v_name ~ '[[:alnum:]]' then v_name else humans.display_name end,
      locale = case when v_locale <> v_identity.provider_locale and v_locale in ('ro', 'en') then v_locale else humans.locale end
  where humans.principal_id = v_identity.principal_id
    and (v_name <> v_identity.provider_name or v_locale <> v_identity.provider_locale);

  if email_verified and v_email <> '' then
    -- Whoever names or signs in the same address at this moment is waited for.
    perform pg_advisory_xact_lock(hashtextextended('human:' || v_email, 0));
    v_is_taken := exists (
      select
      from app_public.humans as other
      join app_public.humans as own on own.principal_id = v_identity.principal_id
      where other.email = v_email
        and other.provider_org_id is not distinct from own.provider_org_id
        and other.closed_at is null
        and other.principal_id <> own.principal_id);
    begin
      update app_public.humans set email = v_email, email_verified_at = app_hidden.now()
      where humans.principal_id = v_identity.principal_id
        and not v_is_taken
        and (humans.email <> v_email or humans.email_verified_at is null);
    exception when check_violation then
      -- Whoever is banned under an address that we do not take is banned all the same.
      return 'email_not_usable';
    end;
  end if;
  return case when v_is_taken then 'email_conflict' else 'applied' end;
end;
$$;

comment on function app_hidden.update_identity is
  'Brings a human in line with the provider: a verified address unless another human has it (email_conflict) or it is none '
  'of ours (email_not_usable), name and language where the provider changed them, banned or not. ignored when the sign-in '
  'is unknown here, stale when a newer change was applied.';
grant execute on function app_hidden.update_identity to app_authenticator, app_worker;

reset role;
