-- What is published about billing details. A version is never changed: a new one is added. FND-14, BIL-10.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "organization_billing"}', rows => '
name: organization_billing.changed
version: 1
description: As whom the clinic is billed was entered or changed.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": [],
 "properties": {}}
');
