-- Whether somebody born then may have an account of their own. Where the age decides and nobody knows it, it is asked for. FND-07,
-- docs/decisions/0123.

create or replace function app_private.require_own_account_age(birth_date date, field text) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_years int;
begin
  select legal_ages.years into strict v_years from app_private.legal_ages where legal_ages.rule = 'own_account';
  if birth_date is null then
    perform app_hidden.refuse('STATE', 'account_age_unknown', jsonb_build_object('years', v_years));
  elsif birth_date + make_interval(years => v_years) > (app_hidden.now() at time zone 'Europe/Bucharest')::date then
    perform app_hidden.refuse(
      'VALIDATION', 'too_young_for_own_account', jsonb_build_object('field', field, 'years', v_years));
  end if;
end;
$$;

comment on function app_private.require_own_account_age is
  'VALIDATION too_young_for_own_account below the age in legal_ages; STATE account_age_unknown where the date is not known.';
grant execute on function app_private.require_own_account_age to app_engine;
