-- What documents are built of. A property of a schema may have a format: runs, blocks, field, collection, condition, value, image,
-- component; scope says that what is inside sees the rows of the collection. Titles, descriptions and labels are for editors, in English
-- and Romanian (x-title-ro, x-description-ro, x-labels, x-order, x-when), default is what a new block has; nothing is checked by them.
-- DOC-01.

select app_private.own_rows('app_private.document_block_types', rows => '
type: heading
place: 1
kinds: {report,prescription,form,letterhead,footer,signature}
label_ro: Titlu
label_en: Heading
schema:
{
  "type": "object",
  "properties": {
    "level": {
      "title": "Level", "x-title-ro": "Nivel", "description": "1 is the largest.", "x-description-ro": "1 este cel mai mare.",
      "type": "integer", "minimum": 1, "maximum": 3, "default": 2},
    "content": {"title": "Words", "x-title-ro": "Cuvinte", "format": "runs", "type": "array", "minItems": 1, "maxItems": 100},
    "align": {
      "title": "Alignment", "x-title-ro": "Aliniere", "enum": ["left", "center", "right"],
      "x-labels": {
        "left": {"en": "Left", "ro": "La stânga"}, "center": {"en": "In the middle", "ro": "La mijloc"},
        "right": {"en": "Right", "ro": "La dreapta"}}},
    "color": {
      "title": "Colour", "x-title-ro": "Culoare",
      "description": "Such as #0b5a6b; the colour of the page where none is given.",
      "x-description-ro": "De exemplu #0b5a6b; fără ea, culoarea paginii.", "type": "string", "pattern": "^#[0-9a-f]{6}$"}},
  "x-order": ["level", "content", "align", "color"], "required": ["level", "content"]}
==========
type: text
place: 2
kinds: {report,prescription,form,letterhead,footer,signature}
label_ro: Text
label_en: Text
schema:
{
  "type": "object",
  "properties": {
    "paragraphs": {
      "title": "Paragraphs", "x-title-ro": "Paragrafe", "type": "array", "minItems": 1, "maxItems": 100,
      "items": {"title": "Paragraph", "x-title-ro": "Paragraf", "format": "runs", "type": "array", "minItems": 1, "maxItems": 100},
      "default": [[]]},
    "align": {
      "title": "Alignment", "x-title-ro": "Aliniere", "enum": ["left", "center", "right", "justify"],
      "x-labels": {
        "left": {"en": "Left", "ro": "La stânga"}, "center": {"en": "In the middle", "ro": "La mijloc"},
        "right": {"en": "Right", "ro": "La dreapta"}, "justify": {"en": "Both sides", "ro": "Pe toată lățimea"}}},
    "size": {"title": "Size of the letters", "x-title-ro": "Mărimea literelor", "type": "number", "minimum": 6, "maximum": 36},
    "color": {
      "title": "Colour", "x-title-ro": "Culoare",
      "description": "Such as #0b5a6b; the colour of the page where none is given.",
      "x-description-ro": "De exemplu #0b5a6b; fără ea, culoarea paginii.", "type": "string", "pattern": "^#[0-9a-f]{6}$"}},
  "x-order": ["paragraphs", "align", "size", "color"], "required": ["paragraphs"]}
==========
type: list
place: 3
kinds: {report,prescription,form}
label_ro: Listă
label_en: List
schema:
{
  "type": "object",
  "properties": {
    "ordered": {"title": "Numbered", "x-title-ro": "Numerotată", "type": "boolean"},
    "items": {
      "title": "Points", "x-title-ro": "Puncte", "type": "array", "minItems": 1, "maxItems": 100,
      "items": {"title": "Point", "x-title-ro": "Punct", "format": "runs", "type": "array", "minItems": 1, "maxItems": 100},
      "default": [[]]}},
  "x-order": ["ordered", "items"], "required": ["items"]}
==========
type: table
place: 4
kinds: {report,prescription,form}
label_ro: Tabel
label_en: Table
schema:
{
  "type": "object",
  "properties": {
    "over": {
      "title": "Rows of", "x-title-ro": "Rândurile din",
      "description": "A row of the table for each row of the list; leave it empty for a table with rows of its own.",
      "x-description-ro": "Câte un rând al tabelului pentru fiecare rând al listei; lăsați gol pentru un tabel cu rânduri proprii.",
      "format": "collection", "type": "string"},
    "columns": {
      "title": "Columns", "x-title-ro": "Coloane", "default": [{"header": [], "cell": []}], "type": "array", "minItems": 1, "maxItems": 12,
      "items": {
        "title": "Column", "x-title-ro": "Coloană", "type": "object",
        "properties": {
          "header": {"title": "Head", "x-title-ro": "Capul coloanei", "format": "runs", "type": "array", "minItems": 1, "maxItems": 100},
          "width": {"title": "Width (%)", "x-title-ro": "Lățime (%)", "type": "number", "minimum": 1, "maximum": 100},
          "align": {
            "title": "Alignment", "x-title-ro": "Aliniere", "enum": ["left", "center", "right"],
            "x-labels": {
              "left": {"en": "Left", "ro": "La stânga"}, "center": {"en": "In the middle", "ro": "La mijloc"},
              "right": {"en": "Right", "ro": "La dreapta"}}},
          "cell": {
            "title": "What stands in each row", "x-title-ro": "Ce apare în fiecare rând",
            "description": "Where the rows are those of a list.", "x-description-ro": "Când rândurile sunt ale unei liste.",
            "format": "runs", "type": "array", "minItems": 1, "maxItems": 100, "scope": "over"}},
        "x-order": ["header", "width", "align", "cell"], "required": ["header"]}},
    "rows": {
      "title": "Own rows", "x-title-ro": "Rânduri proprii", "description": "Where the rows are not those of a list.",
      "x-description-ro": "Când rândurile nu sunt ale unei liste.", "type": "array", "minItems": 1, "maxItems": 200,
      "items": {
        "title": "Row", "x-title-ro": "Rând", "type": "array", "minItems": 1, "maxItems": 12,
        "items": {"title": "Cell", "x-title-ro": "Celulă", "format": "runs", "type": "array", "minItems": 1, "maxItems": 100}}}},
  "x-order": ["over", "columns", "rows"], "required": ["columns"]}
==========
type: repeat
place: 5
kinds: {report,prescription,form}
label_ro: Repetare
label_en: Repeat
schema:
{
  "type": "object",
  "properties": {
    "over": {
      "title": "Rows of", "x-title-ro": "Rândurile din", "description": "What is gone through, row by row.",
      "x-description-ro": "Lista din care fiecare rând apare pe rând.", "format": "collection", "type": "string"},
    "blocks": {
      "title": "For each row", "x-title-ro": "Pentru fiecare rând", "format": "blocks", "type": "array", "minItems": 1, "maxItems": 100,
      "scope": "over"}},
  "x-order": ["over", "blocks"], "required": ["over", "blocks"]}
==========
type: condition
place: 6
kinds: {report,prescription,form,letterhead,footer,signature}
label_ro: Condiție
label_en: Condition
schema:
{
  "type": "object",
  "properties": {
    "when": {
      "title": "When", "x-title-ro": "Când", "format": "condition", "type": "object",
      "properties": {
        "field": {"title": "Field", "x-title-ro": "Câmp", "format": "field", "type": "string"},
        "operator": {
          "title": "Comparison", "x-title-ro": "Comparație", "default": "is_filled",
          "enum": ["is_filled", "is_empty", "equals", "not_equals", "greater", "less", "at_least", "at_most", "contains"],
          "x-labels": {
            "is_filled": {"en": "is filled in", "ro": "este completat"}, "is_empty": {"en": "is empty", "ro": "este gol"},
            "equals": {"en": "is", "ro": "este"}, "not_equals": {"en": "is not", "ro": "nu este"},
            "greater": {"en": "is more than", "ro": "este mai mult decât"}, "less": {"en": "is less than", "ro": "este mai puțin decât"},
            "at_least": {"en": "is at least", "ro": "este cel puțin"}, "at_most": {"en": "is at most", "ro": "este cel mult"},
            "contains": {"en": "contains", "ro": "conține"}}},
        "value": {
          "title": "Value", "x-title-ro": "Valoare", "format": "value",
          "x-when": {"operator": ["equals", "not_equals", "greater", "less", "at_least", "at_most", "contains"]}}},
      "x-order": ["field", "operator", "value"], "required": ["field", "operator"]},
    "blocks": {"title": "Shown then", "x-title-ro": "Ce apare atunci", "format": "blocks", "type": "array", "minItems": 1, "maxItems": 100},
    "otherwise": {"title": "Shown otherwise", "x-title-ro": "Ce apare altfel", "format": "blocks", "type": "array", "minItems": 1, "maxItems": 100}},
  "x-order": ["when", "blocks", "otherwise"], "required": ["when", "blocks"]}
==========
type: columns
place: 7
kinds: {report,prescription,form,letterhead,footer,signature}
label_ro: Coloane
label_en: Columns
schema:
{
  "type": "object",
  "properties": {
    "columns": {
      "title": "Columns", "x-title-ro": "Coloane", "default": [{"blocks": []}, {"blocks": []}], "type": "array", "minItems": 2,
      "maxItems": 4,
      "items": {
        "title": "Column", "x-title-ro": "Coloană", "type": "object",
        "properties": {
          "width": {"title": "Width (%)", "x-title-ro": "Lățime (%)", "type": "number", "minimum": 5, "maximum": 95},
          "blocks": {"title": "In the column", "x-title-ro": "În coloană", "format": "blocks", "type": "array", "minItems": 1, "maxItems": 100}},
        "x-order": ["width", "blocks"], "required": ["blocks"]}}},
  "required": ["columns"]}
==========
type: image
place: 8
kinds: {report,prescription,form,letterhead,footer,signature}
label_ro: Imagine
label_en: Image
schema:
{
  "type": "object",
  "properties": {
    "file": {"title": "Picture", "x-title-ro": "Imagine", "format": "image", "type": "string"},
    "width": {"title": "Width (mm)", "x-title-ro": "Lățime (mm)", "type": "number", "minimum": 5, "maximum": 200},
    "height": {"title": "Height (mm)", "x-title-ro": "Înălțime (mm)", "type": "number", "minimum": 5, "maximum": 280},
    "align": {
      "title": "Alignment", "x-title-ro": "Aliniere", "enum": ["left", "center", "right"],
      "x-labels": {
        "left": {"en": "Left", "ro": "La stânga"}, "center": {"en": "In the middle", "ro": "La mijloc"},
        "right": {"en": "Right", "ro": "La dreapta"}}},
    "alt": {"title": "Said where it is not seen", "x-title-ro": "Spus când imaginea nu se vede", "type": "string", "maxLength": 200}},
  "x-order": ["file", "width", "height", "align", "alt"], "required": ["file"]}
==========
type: signature
place: 9
kinds: {report,prescription,form}
label_ro: Semnătură
label_en: Signature
schema:
{
  "type": "object",
  "properties": {
    "label": {"title": "Words above", "x-title-ro": "Cuvintele de deasupra", "format": "runs", "type": "array", "minItems": 1, "maxItems": 100},
    "width": {"title": "Width (mm)", "x-title-ro": "Lățime (mm)", "type": "number", "minimum": 20, "maximum": 120},
    "align": {
      "title": "Alignment", "x-title-ro": "Aliniere", "enum": ["left", "center", "right"],
      "x-labels": {
        "left": {"en": "Left", "ro": "La stânga"}, "center": {"en": "In the middle", "ro": "La mijloc"},
        "right": {"en": "Right", "ro": "La dreapta"}}},
    "component": {"title": "What stands under it", "x-title-ro": "Ce apare sub ea", "format": "component", "type": "string"}},
  "x-order": ["label", "width", "align", "component"], "required": []}
==========
type: answers
place: 10
kinds: {form}
label_ro: Răspunsurile formularului
label_en: Answers of the form
schema:
{
  "type": "object",
  "properties": {
    "show_texts": {"title": "With the texts of the form", "x-title-ro": "Cu textele formularului", "type": "boolean"},
    "show_unanswered": {"title": "With questions that were not answered", "x-title-ro": "Cu întrebările fără răspuns", "type": "boolean"}},
  "x-order": ["show_texts", "show_unanswered"], "required": []}
==========
type: proof
place: 11
kinds: {form}
label_ro: Dovada semnăturii
label_en: Proof of the signature
schema:
{"type": "object", "properties": {}, "required": []}
==========
type: divider
place: 12
kinds: {report,prescription,form,letterhead,footer,signature}
label_ro: Linie
label_en: Divider
schema:
{
  "type": "object",
  "properties": {
    "color": {
      "title": "Colour", "x-title-ro": "Culoare",
      "description": "Such as #0b5a6b; the colour of the page where none is given.",
      "x-description-ro": "De exemplu #0b5a6b; fără ea, culoarea paginii.", "type": "string", "pattern": "^#[0-9a-f]{6}$"}},
  "required": []}
==========
type: spacer
place: 13
kinds: {report,prescription,form,letterhead,footer,signature}
label_ro: Spațiu
label_en: Spacer
schema:
{
  "type": "object",
  "properties": {"height": {"title": "Height (mm)", "x-title-ro": "Înălțime (mm)", "type": "number", "minimum": 1, "maximum": 100, "default": 5}},
  "required": ["height"]}
==========
type: page_break
place: 14
kinds: {report,prescription,form}
label_ro: Pagină nouă
label_en: Page break
schema:
{"type": "object", "properties": {}, "required": []}
==========
type: letterhead
place: 15
kinds: {report,prescription,form}
label_ro: Antet
label_en: Letterhead
schema:
{
  "type": "object",
  "properties": {"component": {"title": "Letterhead", "x-title-ro": "Antetul", "format": "component", "type": "string"}},
  "required": ["component"]}
==========
type: footer
place: 16
kinds: {report,prescription,form}
label_ro: Subsol
label_en: Footer
schema:
{
  "type": "object",
  "properties": {"component": {"title": "Footer", "x-title-ro": "Subsolul", "format": "component", "type": "string"}},
  "required": ["component"]}
');
