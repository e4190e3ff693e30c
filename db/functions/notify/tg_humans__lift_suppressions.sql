-- A mailbox whose owner has just proved it is not dead, whatever was reported before. FND-35.
-- The proof says that mail arrives, and nothing of wanting any: complaints stay.

set role app_engine;
create or replace function app_private.tg_humans__lift_suppressions() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  if new.email_verified_at is null
    or tg_op = 'UPDATE' and old.email = new.email and old.email_verified_at is not null then
    return new;
  end if;
  perform app_private.lift_suppressions(null, 'email', new.email, array['bounce'], 'verified_address', null);
  perform app_private.lift_suppressions(known.organization_id, 'email', new.email, array['bounce'], 'verified_address', null)
  from app_private.clinic_suppressed_addresses as known
  where known.channel = 'email' and known.address = app_hidden.ascii_lower(new.email);
  return new;
end;
$$;

comment on function app_private.tg_humans__lift_suppressions is
  'Lifts that mails to an address bounced when a human proves that it is theirs. Trigger _500_lift_suppressions.';
reset role;

create or replace trigger _500_lift_suppressions after insert or update of email, email_verified_at on app_public.humans
  for each row execute function app_private.tg_humans__lift_suppressions();
