-- The action send_push: what its config may be. What it does stands in act_send_push.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "send_push"}', rows => '
label_ro: Trimite o notificare push
label_en: Send a push notice
description: Sends the clinic''s words as a notice of the browser.
needs: {}
is_marketing: false
act_function: act_send_push
check_function: check_send_push
config_schema:
{"type": "object", "additionalProperties": false, "required": ["words"],
 "properties": {
   "words": {"type": "object", "additionalProperties": false, "required": ["ro", "en"], "properties": {"ro": {"type": "object", "additionalProperties": false, "required": ["title", "body"], "properties": {"title": {"type": "string", "minLength": 1, "maxLength": 200}, "body": {"type": "string", "minLength": 1, "maxLength": 240}}}, "en": {"type": "object", "additionalProperties": false, "required": ["title", "body"], "properties": {"title": {"type": "string", "minLength": 1, "maxLength": 200}, "body": {"type": "string", "minLength": 1, "maxLength": 240}}}}},
   "to": {"type": "string", "enum": ["patient", "specialist", "staff"]},
   "permission": {"type": "string"},
   "isMarketing": {"type": "boolean"}}}
');
