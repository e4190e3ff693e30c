-- The config of every action that sends the clinic's words: to whom, and the words in both languages. Called by the reference rows of
-- these actions, which differ in how long the words may be, whether they have a title and whether they may advertise. AUT-02.

create or replace function app_private.message_schema(channel text, body_most int, has_title boolean, may_advertise boolean) returns text
language sql immutable
set search_path = ''
as $$
  select jsonb_build_object(
    'type', 'object', 'additionalProperties', false, 'required', '["words"]'::jsonb,
    'x-order', '["to", "permission", "words"]'::jsonb || case when may_advertise then '["isMarketing"]'::jsonb else '[]' end,
    'properties', '{
      "to": {"type": "string", "enum": ["patient", "specialist", "staff"], "default": "patient",
        "title": "To whom", "x-title-ro": "Cui",
        "x-labels": {"patient": {"en": "To the patient", "ro": "Pacientului"},
                     "specialist": {"en": "To the specialist of the appointment", "ro": "Specialistului programării"},
                     "staff": {"en": "To staff with a permission", "ro": "Personalului care are o permisiune"}}},
      "permission": {"type": "string", "x-choices": "permissions", "x-when": {"to": ["staff"]},
        "title": "Permission", "x-title-ro": "Permisiune",
        "description": "It goes to everybody of the staff who has it.", "x-description-ro": "Mesajul ajunge la toți cei din personal care o au."}
    }'::jsonb
    || case when may_advertise then '{
      "isMarketing": {"type": "boolean", "default": false, "x-when": {"to": ["patient"]},
        "title": "It advertises", "x-title-ro": "Este publicitate",
        "description": "It goes only to patients who consented to advertising.",
        "x-description-ro": "Ajunge numai la pacienții care au acceptat publicitatea."}
    }'::jsonb else '{}' end
    || jsonb_build_object('words', jsonb_build_object(
      'type', 'object', 'additionalProperties', false, 'required', '["ro", "en"]'::jsonb, 'x-order', '["ro", "en"]'::jsonb,
      'title', 'Words', 'x-title-ro', 'Textul',
      'description', 'The patient gets those of their language.', 'x-description-ro', 'Fiecare îl primește în limba sa.',
      'properties', jsonb_build_object(
        'ro', written.words || '{"title": "In Romanian", "x-title-ro": "În română"}'::jsonb,
        'en', written.words || '{"title": "In English", "x-title-ro": "În engleză"}'::jsonb))))::text
  from (
    select jsonb_build_object(
      'type', 'object', 'additionalProperties', false,
      'required', case when has_title then '["title", "body"]' else '["body"]' end::jsonb,
      'x-order', case when has_title then '["title", "body"]' else '["body"]' end::jsonb,
      'properties',
        case when has_title then jsonb_build_object('title', jsonb_build_object(
          'type', 'string', 'minLength', 1, 'maxLength', 200, 'x-inserts', 'variables_' || channel,
          'title', 'Title', 'x-title-ro', 'Titlu')) else '{}' end
        || jsonb_build_object('body', jsonb_build_object(
          'type', 'string', 'format', 'multiline', 'minLength', 1, 'maxLength', body_most, 'x-inserts', 'variables_' || channel,
          'title', 'Message', 'x-title-ro', 'Mesaj'))) as words
  ) as written
$$;

comment on function app_private.message_schema is 'The JSON Schema of an action that sends words over a channel, as a reference row has it.';
