-- Which events may leave, to software of the clinic: of what is about patients, ids and times. WHK-01, FND-14.

select app_private.own_rows('app_private.event_subscriptions', scope => '{"consumer": "webhooks"}', rows => '
  event_name                       | messages_function
  ---------------------------------+------------------
  appointment.booked               |
  appointment.cancelled            |
  appointment.changed              |
  appointment.confirmed            |
  appointment.done                 |
  appointment.noshow               |
  appointment.patient_changed      |
  appointment.reinstated           |
  appointment.rescheduled          |
  appointment.started              |
  booking_request.changed          |
  booking_request.confirmed        |
  booking_request.expired          |
  booking_request.moved            |
  booking_request.received         |
  booking_request.rejected         |
  booking_request.withdrawn        |
  consent.granted                  |
  consent.refused                  |
  consent.withdrawn                |
  form.cancelled                   |
  form.completed                   |
  form.created                     |
  form.reopened                    |
  form.signed                      |
  patient.booking_blocked          |
  patient.booking_block_lifted     |
  patient.merge_undone             |
  patient.merged                   |
  patient.onboarded                |
  patient.profile_completed        |
  patient_subscription.active      |
  patient_subscription.canceled    |
  patient_subscription.expired     |
  patient_subscription.past_due    |
  patient_subscription.tier_changed |
  privacy_notice.published         |
  segment.entered                  |
  segment.left                     |
  session.aggregated               |
  treatment_plan.assigned          |
  treatment_plan.completed         |
  treatment_plan.expired           |
  treatment_plan.low_adherence     |
  treatment_plan.session_completed |
  waitlist_entry.offered           |
');
