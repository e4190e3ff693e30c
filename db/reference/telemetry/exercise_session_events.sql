-- What is published about recordings of sessions. A version is never changed: a new one is added. FND-14, TEL-05.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "exercise_session"}', rows => '
name: session.aggregated
version: 1
description: What a recording of a session at home comes to is known, by one version of the algorithm.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["exerciseSessionId", "patientSessionId", "patientProfileId", "algorithmVersion"],
 "properties": {
   "algorithmVersion": {"type": "integer"},
   "patientSessionId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"},
   "exerciseSessionId": {"type": "string", "format": "uuid"}}}
');
