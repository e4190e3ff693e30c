-- Which events people are written to about, and by which function of app_private each area says who is told. FND-14, FND-15.

select app_private.own_rows('app_private.event_subscriptions', scope => '{"consumer": "notifications"}', rows => '
  event_name                  | messages_function
  ----------------------------+-------------------------------
  appointment.booked          | messages_about_appointment
  appointment.cancelled       | messages_about_appointment
  appointment.changed         | messages_about_changed_appointment
  appointment.patient_changed | messages_about_changed_patient
  appointment.reinstated      | messages_about_appointment
  appointment.rescheduled     | messages_about_appointment
  appointment.reminder_due    | messages_about_reminder
  booking_request.confirmed   | messages_about_booking_request
  booking_request.expired     | messages_about_booking_request
  booking_request.moved       | messages_about_booking_request
  booking_request.received    | messages_about_booking_request
  booking_request.rejected    | messages_about_booking_request
  booking_request.withdrawn   | messages_about_booking_request
  document.rendered           | messages_about_document
  invoice.issued              | messages_about_invoice
  organization.activated      | messages_about_organization
  privacy_notice.published    | messages_about_privacy_notice
  review.low_rating           | messages_about_review
  waitlist_entry.offered      | messages_about_waitlist_offer
  webhook_subscription.disabled | messages_about_webhooks
');
