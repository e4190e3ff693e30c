-- The events that the consumer "automations" may be told of: those that an automation can begin with. AUT-01, FND-14.

select app_private.own_rows('app_private.event_subscriptions', scope => '{"consumer": "automations"}', rows => '
  event_name
  ------------------------------
  appointment.booked
  appointment.cancelled
  appointment.confirmed
  appointment.done
  appointment.noshow
  appointment.reinstated
  appointment.reminder_due
  appointment.rescheduled
  appointment.started
  appointment.upcoming
  consent.granted
  consent.refused
  consent.withdrawn
  form.cancelled
  form.completed
  form.created
  form.reopened
  form.signed
  patient.booking_block_lifted
  patient.booking_blocked
  patient.onboarded
  patient.profile_completed
  patient_subscription.active
  patient_subscription.canceled
  patient_subscription.expired
  patient_subscription.past_due
  patient_subscription.tier_changed
  patient_subscription.trialing
  review.low_rating
  segment.entered
  segment.left
');
