-- Who may move a subscription from where to where, what is published, and why nobody is told of it. An empty from_state is
-- creation. docs/state-machines/patient_subscriptions.md is drawn from these rows. FND-21, CAT-06.
-- What a payment provider reports is followed whoever may else make the move; on trial again it goes by such a report alone. BIL-09.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "patient_subscriptions"}', rows => '
  from_state | to_state | actor  | permission           | event                         | quiet_because
  -----------+----------+--------+----------------------+-------------------------------+-------------------------------------------------------------
             | pending  | staff  | patient_plans.manage | patient_subscription.pending  | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  pending    | trialing | staff  | patient_plans.manage | patient_subscription.trialing | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  pending    | active   | staff  | patient_plans.manage | patient_subscription.active   | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  pending    | canceled | staff  | patient_plans.manage | patient_subscription.canceled | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  pending    | expired  | system |                      | patient_subscription.expired  | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  trialing   | active   | staff  | patient_plans.manage | patient_subscription.active   | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  trialing   | past_due | staff  | patient_plans.manage | patient_subscription.past_due | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  trialing   | past_due | system |                      | patient_subscription.past_due | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  trialing   | canceled | staff  | patient_plans.manage | patient_subscription.canceled | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  trialing   | expired  | system |                      | patient_subscription.expired  | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  active     | trialing | system |                      | patient_subscription.trialing | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  active     | past_due | staff  | patient_plans.manage | patient_subscription.past_due | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  active     | canceled | staff  | patient_plans.manage | patient_subscription.canceled | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  active     | expired  | system |                      | patient_subscription.expired  | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  past_due   | trialing | system |                      | patient_subscription.trialing | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  past_due   | active   | staff  | patient_plans.manage | patient_subscription.active   | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  past_due   | canceled | staff  | patient_plans.manage | patient_subscription.canceled | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  past_due   | expired  | system |                      | patient_subscription.expired  | Who agreed on it at the clinic knows; the clinic writes about payments itself.
');
