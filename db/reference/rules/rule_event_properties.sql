-- What properties of events are called in a condition. SEG-05. One that is not here goes by the name that it has in the event.

select app_private.own_rows('app_private.rule_event_properties', rows => '
  property         | label_en          | label_ro                 | choices_of
  -----------------+-------------------+--------------------------+---------------
  serviceId        | Service           | Serviciu                 | services
  specialistId     | Specialist        | Specialist               | specialists
  fromSpecialistId | Specialist before | Specialistul de dinainte | specialists
  calendarId       | Calendar          | Calendar                 | calendars
  templateId       | Form              | Formular                 | form_templates
  tierId           | Subscription      | Abonament                | patient_tiers
  segmentId        | Segment           | Segment                  | segments
  startsAt         | Starts on         | Începe în                |
  endsAt           | Ends on           | Se încheie în            |
  from             | State before      | Starea de dinainte       |
  to               | New state         | Starea nouă              |
  rating           | Stars             | Stele                    |
');
