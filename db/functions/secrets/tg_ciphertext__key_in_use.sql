-- No envelope is stored under a key that is unknown or retired. The lock on the key is shared among writers and waits
-- for nobody but the retirement of this very key, so a key is never retired under an envelope. FND-11.
-- Arguments: the encrypted columns of the table. A table without organization_id uses the platform's keys.

set role app_engine;

create or replace function app_private.tg_ciphertext__key_in_use() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_row jsonb := to_jsonb(new);
  v_organization_id uuid := (v_row ->> 'organization_id')::uuid;
  v_column text;
  v_version int;
begin
  foreach v_column in array tg_argv loop
    -- bytea reads as \x… in JSON.
    v_version := app_private.key_version((v_row ->> v_column)::bytea::app_private.ciphertext);
    continue when v_version is null;
    perform from app_private.data_keys
    where (data_keys.organization_id = v_organization_id or data_keys.organization_id is null and v_organization_id is null)
      and data_keys.version = v_version
      and data_keys.status in ('active', 'retiring')
    for share;
    if not found then
      perform app_hidden.refuse('CONFLICT', 'data_key_not_in_use', jsonb_build_object('version', v_version));
    end if;
  end loop;
  return new;
end;
$$;

comment on function app_private.tg_ciphertext__key_in_use is
  'Refuses an envelope under a data key that is unknown or retired. Trigger _300_key_in_use, with the encrypted columns.';

reset role;
