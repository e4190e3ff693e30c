-- Links a sign-in with a human, once, whoever comes twice at the same moment. FND-03.
-- Only a verified email proves who somebody is. An unverified one makes no human either: whoever came first with
-- somebody else's address would share the account with its owner, or be given what a clinic means for that owner.

create or replace function app_private.first_sign_in(
  issuer text,
  subject text,
  email text,
  email_verified boolean,
  display_name text,
  locale text
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_email text := app_hidden.address_key(first_sign_in.email);
  -- The provider lets people call themselves anything; ours is one line of text, and no reason to turn them away.
  v_name text := btrim(regexp_replace(first_sign_in.display_name, '[[:cntrl:]]+', ' ', 'g'));
  v_principal_id uuid;
begin
  if coalesce(v_email, '') = '' then
    perform app_hidden.refuse('UNAUTHENTICATED', 'email_missing', '{"claim": "email"}');
  end if;
  perform pg_advisory_xact_lock(hashtextextended('sign_in:' || v_email, 0));

  select identities.principal_id into v_principal_id
  from app_private.identities
  where identities.issuer = first_sign_in.issuer and identities.subject = first_sign_in.subject
    and identities.principal_id is not null;
  if found then
    return v_principal_id;
  end if;

  if email_verified is null then
    perform app_hidden.refuse('UNAUTHENTICATED', 'email_verified_missing', '{"claim": "email_verified"}');
  elsif not email_verified then
    perform app_hidden.refuse('UNAUTHENTICATED', 'email_not_verified');
  end if;

  v_principal_id := app_private.human_by_email(v_email, left(v_email, 200), locale);
  -- Whoever is new, or was named before they came, is called from now on as they call themselves, if that can be read.
  update app_public.humans
  set email_verified_at = app_hidden.now(),
      display_name = case when v_name ~ '[[:alnum:]]' then left(v_name, 200) else humans.display_name end,
      locale = case when first_sign_in.locale in ('ro', 'en') then first_sign_in.locale else humans.locale end
  where humans.principal_id = v_principal_id and humans.email_verified_at is null;
  insert into app_private.identities (issuer, subject, principal_id, provider_name, provider_locale)
  values (first_sign_in.issuer, first_sign_in.subject, v_principal_id, left(v_name, 200), left(app_hidden.ascii_lower(first_sign_in.locale), 2))
  on conflict on constraint identities_pkey do nothing;
  if not found then
    -- The provider deleted the sign-in while it came in for the first time.
    perform app_hidden.refuse('UNAUTHENTICATED', 'account_disabled');
  end if;
  return v_principal_id;
end;
$$;

comment on function app_private.first_sign_in is 'Links or creates the human of a sign-in that was never seen before.';
grant execute on function app_private.first_sign_in to app_engine;
