-- When a clinic's account at a vendor is used. FND-23.
-- An empty from_state is creation. docs/state-machines/organization_integrations.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "organization_integrations"}', rows => '
  from_state | to_state | actor  | permission          | event                | quiet_because
  -----------+----------+--------+---------------------+----------------------+---------------------------------------------------
             | active   | staff  | integrations.manage | integration.added    | The clinic''s own staff did it.
  active     | disabled | staff  | integrations.manage | integration.disabled | The list of integrations shows it with its reason.
  active     | disabled | system |                     | integration.disabled | The list of integrations shows it with its reason.
  disabled   | active   | staff  | integrations.manage | integration.enabled  | The clinic''s own staff did it.
');
