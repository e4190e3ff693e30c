-- Finds or makes a human. Caregivers and a clinic's first owner may be named before they ever sign in. FND-02.
-- An account that was closed has let go of its address: whoever owns the address now is somebody new.

create or replace function app_private.human_by_email(email text, display_name text, locale text) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_email text := app_hidden.address_key(human_by_email.email);
  v_id uuid;
begin
  -- Two who name the same person at the same moment: the second finds what the first made.
  perform pg_advisory_xact_lock(hashtextextended('human:' || v_email, 0));
  select humans.principal_id into v_id
  from app_public.humans
  where humans.email = v_email and humans.provider_org_id is null and humans.closed_at is null
  -- An account that is being closed at this moment is waited for, and then it is none of these any more.
  for no key update;
  if found then
    return v_id;
  end if;

  insert into app_public.principals (kind) values ('human') returning id into v_id;
  insert into app_public.humans (principal_id, email, display_name, locale)
  values (v_id, v_email,
          coalesce(nullif(btrim(human_by_email.display_name), ''), split_part(v_email, '@', 1)),
          case when human_by_email.locale in ('ro', 'en') then human_by_email.locale else 'ro' end);
  return v_id;
end;
$$;

comment on function app_private.human_by_email is 'The human with this email, made if there is none.';
grant execute on function app_private.human_by_email to app_engine;
