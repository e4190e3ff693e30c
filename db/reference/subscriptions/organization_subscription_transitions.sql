-- Where a clinic's subscription may go from where, who moves it, what is published, and why nobody is told of it. An empty from_state is
-- creation. docs/state-machines/organization_subscriptions.md is drawn from these rows. BIL-01.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "organization_subscriptions"}', rows => '
  from_state | to_state  | actor      | permission     | event                  | quiet_because
  -----------+-----------+------------+----------------+------------------------+---------------------------------------------------------------
             | pending   | staff      | billing.manage | subscription.pending   | Whoever prepared it knows; the clinic subscribes to it itself.
             | pending   | superadmin |                | subscription.pending   | Whoever prepared it knows; the clinic subscribes to it itself.
  pending    | trialing  | staff      | billing.manage | subscription.trialing  | Whoever subscribed the clinic knows.
  pending    | trialing  | superadmin |                | subscription.trialing  | Whoever subscribed the clinic knows.
  pending    | trialing  | system     |                | subscription.trialing  | Whoever subscribed the clinic knows.
  pending    | active    | staff      | billing.manage | subscription.active    |
  pending    | active    | superadmin |                | subscription.active    |
  pending    | active    | system     |                | subscription.active    |
  pending    | canceled  | staff      | billing.manage | subscription.canceled  |
  pending    | canceled  | superadmin |                | subscription.canceled  |
  pending    | canceled  | system     |                | subscription.canceled  |
  trialing   | active    | system     |                | subscription.active    |
  trialing   | canceled  | staff      | billing.manage | subscription.canceled  |
  trialing   | canceled  | superadmin |                | subscription.canceled  |
  trialing   | canceled  | system     |                | subscription.canceled  |
  active     | past_due  | system     |                | subscription.past_due  |
  active     | suspended | system     |                | subscription.suspended |
  active     | canceled  | staff      | billing.manage | subscription.canceled  |
  active     | canceled  | superadmin |                | subscription.canceled  |
  active     | canceled  | system     |                | subscription.canceled  |
  past_due   | active    | system     |                | subscription.active    |
  past_due   | suspended | system     |                | subscription.suspended |
  past_due   | canceled  | staff      | billing.manage | subscription.canceled  |
  past_due   | canceled  | superadmin |                | subscription.canceled  |
  past_due   | canceled  | system     |                | subscription.canceled  |
  suspended  | active    | system     |                | subscription.active    |
  suspended  | past_due  | system     |                | subscription.past_due  |
  suspended  | canceled  | staff      | billing.manage | subscription.canceled  |
  suspended  | canceled  | superadmin |                | subscription.canceled  |
  suspended  | canceled  | system     |                | subscription.canceled  |
');
