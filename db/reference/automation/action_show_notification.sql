-- The action show_notification: what its config may be. What it does stands in act_show_notification.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "show_notification"}', rows => '
label_ro: Arată o notificare
label_en: Show a notification
description: Puts the clinic''s words into the inbox inside the app.
needs: {}
is_marketing: false
act_function: act_show_notification
check_function: check_show_notification
config_schema:
{"type": "object", "additionalProperties": false, "required": ["words"],
 "properties": {
   "words": {"type": "object", "additionalProperties": false, "required": ["ro", "en"], "properties": {"ro": {"type": "object", "additionalProperties": false, "required": ["title", "body"], "properties": {"title": {"type": "string", "minLength": 1, "maxLength": 200}, "body": {"type": "string", "minLength": 1, "maxLength": 20000}}}, "en": {"type": "object", "additionalProperties": false, "required": ["title", "body"], "properties": {"title": {"type": "string", "minLength": 1, "maxLength": 200}, "body": {"type": "string", "minLength": 1, "maxLength": 20000}}}}},
   "to": {"type": "string", "enum": ["patient", "specialist", "staff"]},
   "permission": {"type": "string"}}}
');
