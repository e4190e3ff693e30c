-- Below the age of consent to online services a person has no account of their own: a caregiver acts. Nobody is taken to be old
-- enough: where the date of birth is unknown, it is asked for first (docs/decisions/0123). FND-07.

set role app_engine;

create or replace function app_private.tg_patient_profiles__own_account() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if new.human_id is not null
    and (tg_op = 'INSERT' or (new.human_id, new.birth_date) is distinct from (old.human_id, old.birth_date)) then
    perform app_private.require_own_account_age(new.birth_date, 'birthDate');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_patient_profiles__own_account is
  'Refuses an own account below the age in legal_ages, or of an age that nobody knows. Trigger _200_own_account.';

reset role;

create or replace trigger _200_own_account before insert or update of human_id, birth_date on app_public.patient_profiles
  for each row execute function app_private.tg_patient_profiles__own_account();
