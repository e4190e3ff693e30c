-- What is published about documents. A version is never changed: a new one is added. FND-14, DOC-04, DOC-05.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "document"}', rows => '
name: document.issued
version: 1
description: A document of an appointment, or of a signed form, is final; it is rendered next.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["documentId", "kind", "patientProfileId"],
 "properties": {
   "documentId": {"type": "string", "format": "uuid"},
   "kind": {"enum": ["report", "prescription", "form"], "type": "string"},
   "formId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "replacesId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: document.rendered
version: 1
description: A document can be opened and downloaded.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["documentId", "kind", "patientProfileId", "fileId"],
 "properties": {
   "documentId": {"type": "string", "format": "uuid"},
   "kind": {"enum": ["report", "prescription", "form"], "type": "string"},
   "fileId": {"type": "string", "format": "uuid"},
   "formId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "replacesId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: document.replaced
version: 1
description: Another document took the place of one that was issued.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["documentId", "replacedById", "kind", "patientProfileId"],
 "properties": {
   "documentId": {"type": "string", "format": "uuid"},
   "replacedById": {"type": "string", "format": "uuid"},
   "kind": {"enum": ["report", "prescription"], "type": "string"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "replacesId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
');
