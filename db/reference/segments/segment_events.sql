-- What is published about segments. A version is never changed: a new one is added. FND-14, SEG-04.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "segment_member"}', rows => '
name: segment.entered
version: 1
description: Something of a patient changed, or time passed, and they are in a segment now.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["segmentId", "patientId", "segmentVersion"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "segmentId": {"type": "string", "format": "uuid"},
   "segmentVersion": {"type": "integer"}}}
==========
name: segment.left
version: 1
description: Something of a patient changed, or time passed, and they are not in a segment any more.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["segmentId", "patientId", "segmentVersion"],
 "properties": {
   "patientId": {"type": "string", "format": "uuid"},
   "segmentId": {"type": "string", "format": "uuid"},
   "segmentVersion": {"type": "integer"}}}
');
