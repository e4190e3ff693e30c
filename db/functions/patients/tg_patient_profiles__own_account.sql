-- Below the age of consent to online services a person has no account of their own: a caregiver acts. FND-07.

set role app_engine;

create or replace function app_private.tg_patient_profiles__own_account() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_years int;
begin
  if new.human_id is null or new.birth_date is null then
    return new;
  end if;
  select legal_ages.years into strict v_years from app_private.legal_ages where legal_ages.rule = 'own_account';
  if new.birth_date + make_interval(years => v_years) > (app_hidden.now() at time zone 'Europe/Bucharest')::date then
    perform app_hidden.refuse(
      'VALIDATION', 'too_young_for_own_account', jsonb_build_object('field', 'birthDate', 'years', v_years));
  end if;
  return new;
end;
$$;

comment on function app_private.tg_patient_profiles__own_account is
  'Refuses an own account below the age in legal_ages. Trigger _200_own_account.';

reset role;

create or replace trigger _200_own_account before insert or update of human_id, birth_date on app_public.patient_profiles
  for each row execute function app_private.tg_patient_profiles__own_account();
