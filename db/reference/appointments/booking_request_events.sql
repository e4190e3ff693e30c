-- What is published about booking requests. A version is never changed: a new one is added. FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "booking_request"}', rows => '
name: booking_request.changed
version: 1
description: It has another time or specialist.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["bookingRequestId", "specialistId", "fromSpecialistId"],
 "properties": {
   "specialistId": {"type": "string", "format": "uuid"},
   "bookingRequestId": {"type": "string", "format": "uuid"},
   "fromSpecialistId": {"type": "string", "format": "uuid"}}}
==========
name: booking_request.confirmed
version: 1
description: The clinic said yes: the request became an appointment.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["bookingRequestId", "calendarId", "specialistId", "startsAt", "endsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": ["string", "null"], "format": "uuid"},
   "bookingRequestId": {"type": "string", "format": "uuid"}}}
==========
name: booking_request.expired
version: 1
description: The clinic did not answer in time; the time is free again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["bookingRequestId", "calendarId", "specialistId", "startsAt", "endsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": ["string", "null"], "format": "uuid"},
   "bookingRequestId": {"type": "string", "format": "uuid"}}}
==========
name: booking_request.moved
version: 1
description: The guest asked for another time before the clinic has answered.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["bookingRequestId", "calendarId", "specialistId", "startsAt", "endsAt", "fromStartsAt", "fromEndsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "fromEndsAt": {"type": "string", "format": "date-time"},
   "fromStartsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "bookingRequestId": {"type": "string", "format": "uuid"}}}
==========
name: booking_request.received
version: 1
description: A guest asked for a time; the clinic has to answer.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["bookingRequestId", "calendarId", "specialistId", "startsAt", "endsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": ["string", "null"], "format": "uuid"},
   "bookingRequestId": {"type": "string", "format": "uuid"}}}
==========
name: booking_request.rejected
version: 1
description: The clinic said no; the time is free again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["bookingRequestId", "calendarId", "specialistId", "startsAt", "endsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": ["string", "null"], "format": "uuid"},
   "bookingRequestId": {"type": "string", "format": "uuid"}}}
==========
name: booking_request.withdrawn
version: 1
description: The guest took the request back; the time is free again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["bookingRequestId", "calendarId", "specialistId", "startsAt", "endsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": ["string", "null"], "format": "uuid"},
   "bookingRequestId": {"type": "string", "format": "uuid"}}}
');
