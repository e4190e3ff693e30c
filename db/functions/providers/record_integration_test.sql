-- How a test went. It counts only for the keys that were tested: whoever changed them meanwhile tests again. FND-23.
-- requires: functions/core/now.sql

set role app_engine;

create or replace function app_hidden.record_integration_test(
  integration_id uuid, credentials_version int, passed boolean, reason text default null
) returns boolean
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  update app_public.organization_integrations
  set last_tested_at = app_hidden.now(),
      last_test_passed = record_integration_test.passed,
      last_test_reason = case when record_integration_test.passed then null else record_integration_test.reason end,
      consecutive_auth_failures = case when record_integration_test.passed then 0
                                  else organization_integrations.consecutive_auth_failures end
  where organization_integrations.id = record_integration_test.integration_id
    and organization_integrations.credentials_version = record_integration_test.credentials_version;
  return found;
end;
$$;

comment on function app_hidden.record_integration_test(uuid, int, boolean, text) is
  'Records the outcome of a test; false when the keys were changed or removed while it ran.';
grant execute on function app_hidden.record_integration_test(uuid, int, boolean, text) to app_authenticator;

reset role;
