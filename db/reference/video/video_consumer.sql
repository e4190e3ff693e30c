-- What the consumer "video" hears of: whatever may change whether an appointment has a room. APT-07, FND-14.

select app_private.own_rows('app_private.event_subscriptions', scope => '{"consumer": "video"}', rows => '
  event_name                  | messages_function
  ----------------------------+------------------
  appointment.cancelled       |
  appointment.changed         |
  appointment.done            |
  appointment.noshow          |
  appointment.patient_changed |
  appointment.started         |
  consent.granted             |
  consent.withdrawn           |
');
