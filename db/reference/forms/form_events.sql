-- What is published about forms. A version is never changed: a new one is added. FRM-07, FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "form"}', rows => '
name: form.cancelled
version: 1
description: A form that nobody had answered was taken back.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["formId", "patientId", "patientProfileId", "templateId", "versionId"],
 "properties": {
   "formId": {"type": "string", "format": "uuid"},
   "patientId": {"type": "string", "format": "uuid"},
   "versionId": {"type": "string", "format": "uuid"},
   "templateId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: form.completed
version: 1
description: Everything that a form asks was answered.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["formId", "patientId", "patientProfileId", "templateId", "versionId"],
 "properties": {
   "formId": {"type": "string", "format": "uuid"},
   "patientId": {"type": "string", "format": "uuid"},
   "versionId": {"type": "string", "format": "uuid"},
   "templateId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: form.created
version: 1
description: A patient has a form to fill in.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["formId", "patientId", "patientProfileId", "templateId", "versionId"],
 "properties": {
   "formId": {"type": "string", "format": "uuid"},
   "patientId": {"type": "string", "format": "uuid"},
   "versionId": {"type": "string", "format": "uuid"},
   "templateId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: form.reopened
version: 1
description: A complete form was opened again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["formId", "patientId", "patientProfileId", "templateId", "versionId"],
 "properties": {
   "formId": {"type": "string", "format": "uuid"},
   "patientId": {"type": "string", "format": "uuid"},
   "versionId": {"type": "string", "format": "uuid"},
   "templateId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: form.signed
version: 1
description: A form was signed.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["formId", "patientId", "patientProfileId", "templateId", "versionId"],
 "properties": {
   "formId": {"type": "string", "format": "uuid"},
   "patientId": {"type": "string", "format": "uuid"},
   "versionId": {"type": "string", "format": "uuid"},
   "templateId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"},
   "signatureMode": {"enum": ["click_typed", "drawn_kiosk", "remote_link"], "type": "string"}}}
');
