-- What is published about times that visitors keep. A version is never changed: a new one is added. FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "time_claim"}', rows => '
name: slot.held
version: 1
description: A visitor keeps a time while filling the form.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["calendarId", "specialistId", "startsAt", "endsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": ["string", "null"], "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"}}}
==========
name: slot.released
version: 1
description: A kept time is free again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["calendarId", "specialistId", "startsAt", "endsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": ["string", "null"], "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"}}}
');
