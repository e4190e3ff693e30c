-- Keys that were entered for one destination go to no other, whoever changes the row. FND-35.
-- An integration that is pointed elsewhere takes new keys in the same write; without them it would hand the present ones
-- to whoever it is pointed at.

set role app_engine;

create or replace function app_private.tg_organization_integrations__bind_keys() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and new.settings = old.settings and new.provider = old.provider and new.credentials = old.credentials then
    new.credentials_bound_to := old.credentials_bound_to;
    return new;
  end if;
  new.credentials_bound_to := app_private.destination_of(new.provider, new.settings);
  if tg_op = 'UPDATE' and new.credentials = old.credentials and new.credentials_bound_to <> old.credentials_bound_to then
    perform app_hidden.refuse('VALIDATION', 'credentials_required', '{"field": "credentials"}');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_organization_integrations__bind_keys is
  'Says what the keys are bound to, and refuses another destination without new keys. Trigger _250_bind_keys.';

reset role;
