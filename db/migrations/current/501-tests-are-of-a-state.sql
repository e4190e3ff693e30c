-- A test of a clinic's account is recorded for the state that was tested.
drop function if exists app_hidden.record_integration_test(uuid, int, boolean, text);
drop function if exists app_hidden.integration_account(uuid);
