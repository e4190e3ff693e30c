-- Which events people are written to about, and by which function of app_private each area says who is told. FND-14, FND-15.

select app_private.own_rows('app_private.event_subscriptions', scope => '{"consumer": "notifications"}', rows => '
  event_name                          | messages_function
  ------------------------------------+----------------------------------------
  ai_call.price_missing               | messages_about_usage
  appointment.booked                  | messages_about_appointment
  appointment.cancelled               | messages_about_appointment
  appointment.changed                 | messages_about_changed_appointment
  appointment.patient_changed         | messages_about_changed_patient
  appointment.reinstated              | messages_about_appointment
  appointment.rescheduled             | messages_about_appointment
  appointment.reminder_due            | messages_about_reminder
  booking_request.confirmed           | messages_about_booking_request
  booking_request.expired             | messages_about_booking_request
  booking_request.moved               | messages_about_booking_request
  booking_request.received            | messages_about_booking_request
  booking_request.rejected            | messages_about_booking_request
  booking_request.withdrawn           | messages_about_booking_request
  credit_note.issued                  | messages_about_credit_note
  document.rendered                   | messages_about_document
  invoice.issued                      | messages_about_invoice
  organization.activated              | messages_about_organization
  patient_subscription.report_unclear | messages_about_subscription_reports
  payment.received                    | messages_about_payment
  privacy_notice.published            | messages_about_privacy_notice
  refund.requested                    | messages_about_refund
  review.low_rating                   | messages_about_review
  subscription.active                 | messages_about_organization_subscription
  subscription.canceled               | messages_about_organization_subscription
  subscription.past_due               | messages_about_organization_subscription
  subscription.suspended              | messages_about_organization_subscription
  subscription.trial_ending           | messages_about_organization_subscription
  usage.conflict                      | messages_about_usage
  waitlist_entry.offered              | messages_about_waitlist_offer
  webhook_subscription.disabled       | messages_about_webhooks
');
