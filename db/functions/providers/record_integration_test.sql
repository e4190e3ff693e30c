-- How a test went. It counts only for the account as it was tested: whoever changed keys or settings meanwhile, or switched
-- it off, tests again. FND-23.

set role app_engine;

create or replace function app_hidden.record_integration_test(
  integration_id uuid, tested_state text, passed boolean, reason text default null
) returns void
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
    and app_private.account_state(organization_integrations) = record_integration_test.tested_state;
  if not found then
    perform app_hidden.refuse('CONFLICT', 'changed_during_test');
  end if;
end;
$$;

comment on function app_hidden.record_integration_test is
  'Records the outcome of a test of the account in this state (app_hidden.integration_account); CONFLICT '
  'changed_during_test when it is another one by now.';
grant execute on function app_hidden.record_integration_test to app_authenticator;

reset role;
