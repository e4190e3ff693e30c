-- What is published about clinics' accounts at vendors. A version is never changed: a new one is added. FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "organization_integration"}', rows => '
name: integration.added
version: 1
description: A clinic entered an account of its own at a vendor.
payload_schema:
{"type": "object", "required": [], "properties": {}, "additionalProperties": false}
==========
name: integration.changed
version: 1
description: Name, settings or keys of an integration were changed.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["credentialsChanged"],
 "properties": {
   "credentialsChanged": {"type": "boolean"}}}
==========
name: integration.disabled
version: 1
description: An integration is not used any more: the vendor refuses its keys, or somebody switched it off.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["reason"],
 "properties": {
   "reason": {"enum": ["credentials_refused", "by_staff"], "type": "string"}}}
==========
name: integration.enabled
version: 1
description: An integration is used again.
payload_schema:
{"type": "object", "required": [], "properties": {}, "additionalProperties": false}
==========
name: integration.removed
version: 1
description: A clinic took an account out; its keys are gone.
payload_schema:
{"type": "object", "required": [], "properties": {}, "additionalProperties": false}
');
