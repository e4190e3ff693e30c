-- Stored sealed, opened by the worker alone. WHK-01.

select app_private.classify('app_private.webhook_secrets', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "subscription_id", "good_until", "created_at"],
    "auth_secret": ["secret"]}',
  protected => '{"ciphertext": ["secret"]}',
  unaudited => 'When a secret was changed stands in the audited row of its subscription.');
select app_private.protect('app_private.webhook_secrets', engine => 'select, insert, update, delete');

create or replace trigger _300_key_in_use before insert or update of secret on app_private.webhook_secrets
  for each row execute function app_private.tg_ciphertext__key_in_use('secret');
