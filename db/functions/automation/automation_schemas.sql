-- The schemas of what every automation has beside its actions' configs: what is checked on save is what a page builds its form of. AUT-01, AUT-03.

-- Written once, in the row of the action that does something later.
create or replace function app_private.after_schema() returns jsonb
language sql stable
set search_path = ''
begin atomic
  select automation_actions.config_schema #> '{properties,after}'
  from app_private.automation_actions
  where automation_actions.code = 'schedule_action';
end;

comment on function app_private.after_schema is 'The JSON Schema of a delay: {minutes, hours, days, at}, a year at most, of at least something.';
grant execute on function app_private.after_schema to app_engine;

create or replace function app_private.expires_schema() returns jsonb
language sql immutable
set search_path = ''
as $$
  select '{"type": "object", "additionalProperties": false, "minProperties": 1, "x-order": ["days", "hours"],
    "title": "Until when it may be done", "x-title-ro": "Până când se mai face",
    "description": "Counted from when it was due. Nothing said: three days.",
    "x-description-ro": "Numărat de când trebuia făcută. Nimic spus: trei zile.",
    "properties": {
      "days": {"type": "integer", "minimum": 1, "maximum": 365, "title": "Days", "x-title-ro": "Zile"},
      "hours": {"type": "integer", "minimum": 1, "maximum": 8760, "title": "Hours", "x-title-ro": "Ore"}}}'::jsonb
$$;

comment on function app_private.expires_schema is 'The JSON Schema of how long after it was due an action may still be done.';
grant execute on function app_private.expires_schema to app_engine;

create or replace function app_private.most_schema() returns jsonb
language sql immutable
set search_path = ''
as $$
  select '{"type": "object", "additionalProperties": false, "required": ["mostPerDay"], "x-order": ["mostPerDay", "mostEver"],
    "title": "How often for one patient", "x-title-ro": "De câte ori pentru un pacient",
    "properties": {
      "mostPerDay": {"type": "integer", "minimum": 1, "maximum": 100, "default": 10,
        "title": "At most on one day", "x-title-ro": "Cel mult într-o zi"},
      "mostEver": {"type": "integer", "minimum": 1, "maximum": 1000, "title": "At most ever", "x-title-ro": "Cel mult în total",
        "description": "Without a number: as often as it happens.", "x-description-ro": "Fără număr: de câte ori se întâmplă."}}}'::jsonb
$$;

comment on function app_private.most_schema is 'The JSON Schema of {mostPerDay, mostEver}, how often an automation runs for one patient.';
grant execute on function app_private.most_schema to app_engine;
