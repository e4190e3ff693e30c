-- What is published about subscriptions of patients. A version is never changed: a new one is added. FND-14, FND-21.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "patient_subscription"}', rows => '
name: patient_subscription.active
version: 1
description: It goes on: begun, or paid.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "patientProfileId", "tierId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "tierId": {"type": "string", "format": "uuid"},
   "fromTierId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: patient_subscription.canceled
version: 1
description: Somebody ended it.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "patientProfileId", "tierId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "tierId": {"type": "string", "format": "uuid"},
   "fromTierId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: patient_subscription.expired
version: 1
description: Its time has passed.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "patientProfileId", "tierId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "tierId": {"type": "string", "format": "uuid"},
   "fromTierId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: patient_subscription.past_due
version: 1
description: A payment is awaited.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "patientProfileId", "tierId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "tierId": {"type": "string", "format": "uuid"},
   "fromTierId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: patient_subscription.pending
version: 1
description: It was agreed, and has not begun.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "patientProfileId", "tierId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "tierId": {"type": "string", "format": "uuid"},
   "fromTierId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: patient_subscription.report_unclear
version: 1
description: The clinic''s payment provider reported what moves nothing: a word that nobody has explained, or a subscription that had ended.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "patientProfileId", "provider", "reason"],
 "properties": {
   "provider": {"enum": ["stripe", "own"], "type": "string"},
   "reason": {"enum": ["unknown_status", "illegal_move"], "type": "string"},
   "subscriptionId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: patient_subscription.tier_changed
version: 1
description: It is of another tier.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "patientProfileId", "tierId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "tierId": {"type": "string", "format": "uuid"},
   "fromTierId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: patient_subscription.trialing
version: 1
description: It is on trial.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "patientProfileId", "tierId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "tierId": {"type": "string", "format": "uuid"},
   "fromTierId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
');
