-- When a subscription is told, and what becomes of a delivery. WHK-01, WHK-02.
-- An empty from_state is creation. docs/state-machines/webhook_subscriptions.md and webhook_events.md are drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "webhook_subscriptions"}', rows => '
  from_state | to_state | actor  | permission      | event                         | quiet_because
  -----------+----------+--------+-----------------+-------------------------------+--------------------------------
             | active   | staff  | webhooks.manage | webhook_subscription.added    | The clinic''s own staff did it.
  active     | disabled | staff  | webhooks.manage | webhook_subscription.disabled |
  active     | disabled | system |                 | webhook_subscription.disabled |
  disabled   | active   | staff  | webhooks.manage | webhook_subscription.enabled  | The clinic''s own staff did it.
');

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "webhook_events"}', rows => '
  from_state | to_state  | actor  | permission
  -----------+-----------+--------+----------------
             | pending   | system |
  pending    | delivered | system |
  pending    | failed    | system |
  pending    | cancelled | system |
  cancelled  | delivered | system |
  cancelled  | pending   | staff  | webhooks.manage
  failed     | pending   | staff  | webhooks.manage
  delivered  | pending   | staff  | webhooks.manage
');
