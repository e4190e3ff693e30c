-- Who hears of events: each is a file of tasks/consumers. FND-14.
-- One that is on_demand hears only what a clinic is interested in (event_interests).

select app_private.own_rows('app_private.event_consumers', rows => '
  name             | on_demand | description
  -----------------+-----------+---------------------------------------------------------------------------------
  automations      | true      | Begins the automations that a clinic has for an event.
  notifications    | false     | Writes to guests, patients and the clinic about requests and appointments.
  predefined_forms | false     | Gives a new clinic the templates of forms and documents that the product brings.
  telemetry        | false     | Writes what recordings of sessions come to as metrics, and into the logs of the sessions.
  video            | false     | Makes rooms for video appointments, takes them away, ends recordings.
  webhooks         | true      | Has clinics'' own software told of events.
');
