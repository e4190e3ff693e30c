-- What is published about appointments. A version is never changed: a new one is added. FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "appointment"}', rows => '
name: appointment.booked
version: 1
description: An appointment was made.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.cancelled
version: 1
description: The appointment will not take place.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.changed
version: 1
description: It has another time or specialist, was taken out of the lists, or brought back.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "specialistId", "fromSpecialistId"],
 "properties": {
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "fromSpecialistId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.confirmed
version: 1
description: The patient said they will come.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.done
version: 1
description: The appointment took place.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.noshow
version: 1
description: The patient did not come.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.patient_changed
version: 1
description: An appointment moved to the chart of the right patient.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "fromPatientProfileId"],
 "properties": {
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"},
   "fromPatientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.reinstated
version: 1
description: The cancellation was taken back.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
=============
name: appointment.rescheduled
version: 1
description: It has another time, specialist or calendar.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "calendarId", "specialistId", "serviceId", "startsAt", "endsAt",
              "fromCalendarId", "fromSpecialistId", "fromServiceId", "fromStartsAt", "fromEndsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": "string", "format": "uuid"},
   "fromEndsAt": {"type": "string", "format": "date-time"},
   "fromStartsAt": {"type": "string", "format": "date-time"},
   "fromCalendarId": {"type": "string", "format": "uuid"},
   "fromServiceId": {"type": "string", "format": "uuid"},
   "fromSpecialistId": {"type": "string", "format": "uuid"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
=======
name: appointment.reminder_due
version: 1
description: The clinic reminds of a visit that is near.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "minutesBefore"],
 "properties": {
   "appointmentId": {"type": "string", "format": "uuid"},
   "minutesBefore": {"type": "integer"}}}
==========
name: appointment.started
version: 1
description: The patient is with the specialist.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.upcoming
version: 1
description: An appointment is near.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
');
