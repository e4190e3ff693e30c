-- The JSON Schemas of what a template has besides its blocks: its layout, and what it asks whoever makes a document. An editor is built
-- from them, and template_problems() checks by them. Titles, descriptions, labels, x-order and x-when are for
-- editors. DOC-01.

create or replace function app_private.document_layout_schema() returns jsonb
language sql immutable parallel safe
set search_path = ''
return '{"type": "object", "x-order": ["paper", "orientation", "margins", "font_size", "color"], "properties": {
  "paper": {"title": "Paper", "x-title-ro": "Hârtie", "enum": ["A4", "A5", "Letter"],
    "x-labels": {"A4": {"en": "A4", "ro": "A4"}, "A5": {"en": "A5", "ro": "A5"}, "Letter": {"en": "Letter", "ro": "Letter"}}},
  "orientation": {"title": "Orientation", "x-title-ro": "Orientare", "enum": ["portrait", "landscape"],
    "x-labels": {"portrait": {"en": "Upright", "ro": "În picioare"}, "landscape": {"en": "Across", "ro": "Culcat"}}},
  "margins": {"title": "Margins (mm)", "x-title-ro": "Margini (mm)", "type": "object", "x-order": ["top", "right", "bottom", "left"], "properties": {
    "top": {"title": "Top", "x-title-ro": "Sus", "type": "number", "minimum": 5, "maximum": 60},
    "right": {"title": "Right", "x-title-ro": "Dreapta", "type": "number", "minimum": 5, "maximum": 60},
    "bottom": {"title": "Bottom", "x-title-ro": "Jos", "type": "number", "minimum": 5, "maximum": 60},
    "left": {"title": "Left", "x-title-ro": "Stânga", "type": "number", "minimum": 5, "maximum": 60}}},
  "font_size": {"title": "Size of the letters", "x-title-ro": "Mărimea literelor", "type": "number", "minimum": 7, "maximum": 16},
  "color": {"title": "Colour", "x-title-ro": "Culoare", "description": "Of headings and lines, such as #0b5a6b.",
    "x-description-ro": "A titlurilor și a liniilor, de exemplu #0b5a6b.", "type": "string", "pattern": "^#[0-9a-f]{6}$"}}}'::jsonb;

comment on function app_private.document_layout_schema is 'The JSON Schema of layoutConfig; margins in millimetres.';
grant execute on function app_private.document_layout_schema to app_engine;

create or replace function app_private.document_inputs_schema() returns jsonb
language sql immutable parallel safe
set search_path = ''
return jsonb_build_object('maxItems', app_private.document_limits() -> 'inputs') ||
  '{"title": "Questions", "x-title-ro": "Întrebări", "type": "array", "items": {"title": "Question", "x-title-ro": "Întrebare", "type": "object",
  "x-order": ["label", "key", "type", "required", "options", "columns"], "properties": {
  "label": {"title": "Label", "x-title-ro": "Etichetă", "description": "What whoever makes a document reads beside it.",
    "x-description-ro": "Ce citește lângă ea cine face documentul.", "type": "string", "maxLength": 200},
  "key": {"title": "Key", "x-title-ro": "Cheie", "description": "The field is named by it: small letters, digits and _, such as findings.",
    "x-description-ro": "Numele câmpului: litere mici, cifre și _, de exemplu findings.", "type": "string", "pattern": "^[a-z][a-z0-9_]{0,40}$"},
  "type": {"title": "Type", "x-title-ro": "Tip", "enum": ["text", "long_text", "number", "date", "choice", "rows"], "x-labels": {
    "text": {"en": "Short text", "ro": "Text scurt"}, "long_text": {"en": "Long text", "ro": "Text lung"},
    "number": {"en": "Number", "ro": "Număr"}, "date": {"en": "Date", "ro": "Dată"}, "choice": {"en": "Choice", "ro": "Alegere"},
    "rows": {"en": "Rows", "ro": "Rânduri"}}},
  "required": {"title": "Required", "x-title-ro": "Obligatorie", "type": "boolean"},
  "options": {"title": "Options", "x-title-ro": "Variante", "description": "Of a choice.", "x-description-ro": "Ale unei alegeri.",
    "x-when": {"type": ["choice"]}, "type": "array", "minItems": 1, "maxItems": 100,
    "items": {"title": "Option", "x-title-ro": "Variantă", "type": "string", "maxLength": 200}},
  "columns": {"title": "Columns", "x-title-ro": "Coloane", "description": "Of rows.", "x-description-ro": "Ale rândurilor.",
    "x-when": {"type": ["rows"]}, "type": "array", "minItems": 1, "maxItems": 12, "items": {"title": "Column", "x-title-ro": "Coloană", "type": "object",
      "x-order": ["label", "key", "type"], "properties": {
      "label": {"title": "Label", "x-title-ro": "Etichetă", "type": "string", "maxLength": 200},
      "key": {"title": "Key", "x-title-ro": "Cheie", "type": "string", "pattern": "^[a-z][a-z0-9_]{0,40}$"},
      "type": {"title": "Type", "x-title-ro": "Tip", "enum": ["text", "long_text", "number", "date"], "x-labels": {
        "text": {"en": "Short text", "ro": "Text scurt"}, "long_text": {"en": "Long text", "ro": "Text lung"},
        "number": {"en": "Number", "ro": "Număr"}, "date": {"en": "Date", "ro": "Dată"}}}},
      "required": ["key", "label", "type"]}}},
  "required": ["key", "label", "type"]}}';

comment on function app_private.document_inputs_schema is 'The JSON Schema of the inputs that a template declares.';
grant execute on function app_private.document_inputs_schema to app_engine;

-- How a bound value can be written, in words.
create or replace function app_private.document_format_labels() returns jsonb
language sql immutable parallel safe
set search_path = ''
return '[
  {"code": "date", "label": {"en": "Date in digits", "ro": "Data în cifre"}},
  {"code": "date_long", "label": {"en": "Date in words", "ro": "Data în cuvinte"}},
  {"code": "time", "label": {"en": "Time", "ro": "Ora"}},
  {"code": "date_time", "label": {"en": "Date and time", "ro": "Data și ora"}},
  {"code": "number", "label": {"en": "Number", "ro": "Număr"}},
  {"code": "number_1", "label": {"en": "One decimal", "ro": "O zecimală"}},
  {"code": "number_2", "label": {"en": "Two decimals", "ro": "Două zecimale"}},
  {"code": "money", "label": {"en": "Amount", "ro": "Sumă"}}]'::jsonb;

comment on function app_private.document_format_labels is 'The formats of document_formats() with what each is called.';
grant execute on function app_private.document_format_labels to app_engine;
