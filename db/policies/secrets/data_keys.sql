-- Wrapped keys, handed out and rotated through functions. FND-11.

alter table app_private.data_keys enable row level security;
alter table app_private.data_keys force row level security;

grant select, insert, update on app_private.data_keys to app_engine;

drop policy if exists data_keys_all_engine on app_private.data_keys;
create policy data_keys_all_engine on app_private.data_keys
  for all to app_engine
  using (true) with check (true);

create or replace trigger _100_stamp before insert or update on app_private.data_keys
  for each row execute function app_private.tg_stamp();
create or replace trigger _200_guard_state before insert or update of status on app_private.data_keys
  for each row execute function app_private.tg_guard_state();

-- A wrapped key opens nothing without KMS, and is the key to everything with it: masked like a secret.
select app_private.classify('app_private.data_keys', 'clinic',
  '{"operational": ["id", "organization_id", "version", "master_key_id", "status", "created_at", "updated_at"],
    "auth_secret": ["wrapped"]}',
  protected => '{"ciphertext": ["wrapped"]}');
