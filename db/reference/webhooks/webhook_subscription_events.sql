-- What is published about subscriptions of webhooks. A version is never changed: a new one is added. WHK-01, FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "webhook_subscription"}', rows => '
name: webhook_subscription.added
version: 1
description: A clinic has its own software told of events.
payload_schema:
{"type": "object", "required": [], "properties": {}, "additionalProperties": false}
==========
name: webhook_subscription.disabled
version: 1
description: A subscription is told nothing any more: by somebody, because the address is gone, or after five days of failures.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["reason"],
 "properties": {
   "reason": {"enum": ["by_staff", "gone", "failing"], "type": "string"}}}
==========
name: webhook_subscription.enabled
version: 1
description: A subscription is told again.
payload_schema:
{"type": "object", "required": [], "properties": {}, "additionalProperties": false}
');
