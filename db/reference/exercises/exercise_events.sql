-- What is published about the library. A version is never changed: a new one is added. FND-14, EXL-03, EXL-06.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "exercise"}', rows => '
name: exercise.archived
version: 1
description: An exercise is not offered any more. inActivePlans says how many plans went on with it.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["slug", "inActivePlans"],
 "properties": {
   "slug": {"type": "string"},
   "inActivePlans": {"type": "integer"}}}
==========
name: exercise.asset_changed
version: 1
description: The material of an exercise is new, and its catalog video is made again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["slug", "assetVersion"],
 "properties": {
   "slug": {"type": "string"},
   "assetVersion": {"type": "integer"}}}
==========
name: exercise.published
version: 1
description: An exercise is in the library from now on.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["slug", "assetVersion"],
 "properties": {
   "slug": {"type": "string"},
   "assetVersion": {"type": "integer"}}}
==========
name: exercise.render_failed
version: 1
description: A video of an exercise could not be made.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["slug", "renderId", "language", "assetVersion"],
 "properties": {
   "slug": {"type": "string"},
   "renderId": {"type": "string", "format": "uuid"},
   "language": {"enum": ["ro", "en"], "type": "string"},
   "assetVersion": {"type": "integer"}}}
==========
name: exercise.rendered
version: 1
description: A video of an exercise can be played.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["slug", "renderId", "language", "assetVersion"],
 "properties": {
   "slug": {"type": "string"},
   "renderId": {"type": "string", "format": "uuid"},
   "language": {"enum": ["ro", "en"], "type": "string"},
   "assetVersion": {"type": "integer"}}}
');
