-- Who hears of events: each is a file of tasks/consumers. FND-14.

select app_private.own_rows('app_private.event_consumers', rows => '
  name             | description
  -----------------+---------------------------------------------------------------------------
  notifications    | Writes to guests, patients and the clinic about requests and appointments.
  predefined_forms | Gives a new clinic the templates of forms and documents that the product brings.
  video            | Makes rooms for video appointments, takes them away, ends recordings.
');
