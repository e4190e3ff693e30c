-- Read and made by functions of the engine alone. CNS-06.

select app_private.classify('app_private.link_keys', home => 'cell', retention => 'operations', classes =>
  '{"operational": ["id", "is_the_one", "created_at"], "auth_secret": ["secret"]}',
  protected => '{"ciphertext": ["secret"]}');
select app_private.protect('app_private.link_keys', engine => 'select, insert, update');

create or replace trigger _300_key_in_use before insert or update of secret on app_private.link_keys
  for each row execute function app_private.tg_ciphertext__key_in_use('secret');
