-- Who consumes events to write to people, and which it hears. FND-14, FND-15.

select app_private.own_rows('app_private.event_consumers', rows => '
  name          | description
  --------------+-------------------------------------------------------------
  notifications | Writes to guests, patients and the clinic about requests and appointments.
');

select app_private.own_rows('app_private.event_subscriptions', scope => '{"consumer": "notifications"}', rows => '
  event_name
  ---------------------------
  appointment.booked
  appointment.cancelled
  appointment.patient_changed
  booking_request.confirmed
  booking_request.expired
  booking_request.received
  booking_request.rejected
  booking_request.withdrawn
  organization.activated
');
