-- What is published about subscriptions of clinics. A version is never changed: a new one is added. FND-14, BIL-01.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "organization_subscription"}', rows => '
name: subscription.active
version: 1
description: It runs, and nothing due is unpaid: begun, or paid again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "tierVersionId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "tierVersionId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.cadence_changed
version: 1
description: Its plan is billed by the month or by the year from its next term on.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "cadence"],
 "properties": {
   "cadence": {"enum": ["monthly", "annual"], "type": "string"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.canceled
version: 1
description: It has ended.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "tierVersionId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "tierVersionId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.end_planned
version: 1
description: It is to end on a day.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "because", "endsAt"],
 "properties": {
   "because": {"enum": ["asked", "unpaid"], "type": "string"},
   "endsAt": {"type": "string", "format": "date-time"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.past_due
version: 1
description: Something due is unpaid.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "tierVersionId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "tierVersionId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.pending
version: 1
description: It was prepared, and has not begun.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "tierVersionId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "tierVersionId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.resumed
version: 1
description: It goes on, and was to end.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId"],
 "properties": {
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.status_unknown
version: 1
description: The payment provider told a status that nobody here knows.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId"],
 "properties": {
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.suspended
version: 1
description: Nothing new begins at the clinic until what is due is paid.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "tierVersionId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "tierVersionId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.tier_changed
version: 1
description: It is of another tier, or of another version of one.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "tierVersionId", "fromTierVersionId"],
 "properties": {
   "tierVersionId": {"type": "string", "format": "uuid"},
   "fromTierVersionId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.trial_ending
version: 1
description: Its trial ends within a week.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "trialEndsAt"],
 "properties": {
   "trialEndsAt": {"type": "string", "format": "date-time"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.trialing
version: 1
description: It is on trial.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "tierVersionId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "tierVersionId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
');
