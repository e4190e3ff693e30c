-- The engine's own action. The others stand beside it, a file each. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "schedule_action"}', rows => '
label_ro: Programează o acțiune
label_en: Schedule an action
description_ro: Face o altă acțiune mai târziu.
description_en: Does another action later.
needs: {}
is_marketing: false
act_function: act_schedule_action
check_function: check_schedule_action
config_schema:
{"type": "object", "additionalProperties": false, "required": ["action", "after"], "x-order": ["action", "config", "after"],
 "properties": {
   "action": {"type": "string", "x-choices": "actions", "title": "Action", "x-title-ro": "Acțiune"},
   "config": {"type": "object", "x-schema-of": "action", "title": "What it does", "x-title-ro": "Ce face"},
   "after": {"type": "object", "additionalProperties": false, "minProperties": 1, "x-order": ["days", "hours", "minutes", "at"],
     "title": "How much later", "x-title-ro": "Cu cât mai târziu",
     "description": "Counted from the event.", "x-description-ro": "Numărat de la eveniment.",
     "properties": {
       "days": {"type": "integer", "minimum": 1, "maximum": 365, "title": "Days", "x-title-ro": "Zile"},
       "hours": {"type": "integer", "minimum": 1, "maximum": 8760, "title": "Hours", "x-title-ro": "Ore"},
       "minutes": {"type": "integer", "minimum": 1, "maximum": 525600, "title": "Minutes", "x-title-ro": "Minute"},
       "at": {"type": "string", "format": "time", "title": "At this hour", "x-title-ro": "La ora",
         "description": "On the patient''s clock.", "x-description-ro": "După ceasul pacientului."}}}}}
');
