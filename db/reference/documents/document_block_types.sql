-- What documents are built of. A property of a schema may have a format: runs, blocks, field, collection, condition, value, image,
-- component; scope says that what is inside sees the rows of the collection. DOC-01.

select app_private.own_rows('app_private.document_block_types', rows => '
type: heading
place: 1
kinds: {report,prescription,form,letterhead,footer,signature}
label_ro: Titlu
label_en: Heading
schema: {"type": "object", "properties": {"level": {"type": "integer", "minimum": 1, "maximum": 3}, "content": {"format": "runs", "type": "array", "minItems": 1, "maxItems": 100}, "align": {"enum": ["left", "center", "right"]}, "color": {"type": "string", "pattern": "^#[0-9a-f]{6}$"}}, "required": ["level", "content"]}
==========
type: text
place: 2
kinds: {report,prescription,form,letterhead,footer,signature}
label_ro: Text
label_en: Text
schema: {"type": "object", "properties": {"paragraphs": {"type": "array", "minItems": 1, "maxItems": 100, "items": {"format": "runs", "type": "array", "minItems": 1, "maxItems": 100}}, "align": {"enum": ["left", "center", "right", "justify"]}, "size": {"type": "number", "minimum": 6, "maximum": 36}, "color": {"type": "string", "pattern": "^#[0-9a-f]{6}$"}}, "required": ["paragraphs"]}
==========
type: list
place: 3
kinds: {report,prescription,form}
label_ro: Listă
label_en: List
schema: {"type": "object", "properties": {"ordered": {"type": "boolean"}, "items": {"type": "array", "minItems": 1, "maxItems": 100, "items": {"format": "runs", "type": "array", "minItems": 1, "maxItems": 100}}}, "required": ["items"]}
==========
type: table
place: 4
kinds: {report,prescription,form}
label_ro: Tabel
label_en: Table
schema: {"type": "object", "properties": {"over": {"format": "collection", "type": "string"}, "columns": {"type": "array", "minItems": 1, "maxItems": 12, "items": {"type": "object", "properties": {"header": {"format": "runs", "type": "array", "minItems": 1, "maxItems": 100}, "width": {"type": "number", "minimum": 1, "maximum": 100}, "align": {"enum": ["left", "center", "right"]}, "cell": {"format": "runs", "type": "array", "minItems": 1, "maxItems": 100, "scope": "over"}}, "required": ["header"]}}, "rows": {"type": "array", "minItems": 1, "maxItems": 200, "items": {"type": "array", "minItems": 1, "maxItems": 12, "items": {"format": "runs", "type": "array", "minItems": 1, "maxItems": 100}}}}, "required": ["columns"]}
==========
type: repeat
place: 5
kinds: {report,prescription,form}
label_ro: Repetare
label_en: Repeat
schema: {"type": "object", "properties": {"over": {"format": "collection", "type": "string"}, "blocks": {"format": "blocks", "type": "array", "minItems": 1, "maxItems": 100, "scope": "over"}}, "required": ["over", "blocks"]}
==========
type: condition
place: 6
kinds: {report,prescription,form,letterhead,footer,signature}
label_ro: Condiție
label_en: Condition
schema: {"type": "object", "properties": {"when": {"format": "condition", "type": "object", "properties": {"field": {"format": "field", "type": "string"}, "operator": {"enum": ["is_filled", "is_empty", "equals", "not_equals", "greater", "less", "at_least", "at_most", "contains"]}, "value": {"format": "value"}}, "required": ["field", "operator"]}, "blocks": {"format": "blocks", "type": "array", "minItems": 1, "maxItems": 100}, "otherwise": {"format": "blocks", "type": "array", "minItems": 1, "maxItems": 100}}, "required": ["when", "blocks"]}
==========
type: columns
place: 7
kinds: {report,prescription,form,letterhead,footer,signature}
label_ro: Coloane
label_en: Columns
schema: {"type": "object", "properties": {"columns": {"type": "array", "minItems": 2, "maxItems": 4, "items": {"type": "object", "properties": {"width": {"type": "number", "minimum": 5, "maximum": 95}, "blocks": {"format": "blocks", "type": "array", "minItems": 1, "maxItems": 100}}, "required": ["blocks"]}}}, "required": ["columns"]}
==========
type: image
place: 8
kinds: {report,prescription,form,letterhead,footer,signature}
label_ro: Imagine
label_en: Image
schema: {"type": "object", "properties": {"file": {"format": "image", "type": "string"}, "width": {"type": "number", "minimum": 5, "maximum": 200}, "height": {"type": "number", "minimum": 5, "maximum": 280}, "align": {"enum": ["left", "center", "right"]}, "alt": {"type": "string", "maxLength": 200}}, "required": ["file"]}
==========
type: signature
place: 9
kinds: {report,prescription,form}
label_ro: Semnătură
label_en: Signature
schema: {"type": "object", "properties": {"label": {"format": "runs", "type": "array", "minItems": 1, "maxItems": 100}, "width": {"type": "number", "minimum": 20, "maximum": 120}, "align": {"enum": ["left", "center", "right"]}, "component": {"format": "component", "type": "string"}}, "required": []}
==========
type: answers
place: 10
kinds: {form}
label_ro: Răspunsurile formularului
label_en: Answers of the form
schema: {"type": "object", "properties": {"show_texts": {"type": "boolean"}, "show_unanswered": {"type": "boolean"}}, "required": []}
==========
type: proof
place: 11
kinds: {form}
label_ro: Dovada semnăturii
label_en: Proof of the signature
schema: {"type": "object", "properties": {}, "required": []}
==========
type: divider
place: 12
kinds: {report,prescription,form,letterhead,footer,signature}
label_ro: Linie
label_en: Divider
schema: {"type": "object", "properties": {"color": {"type": "string", "pattern": "^#[0-9a-f]{6}$"}}, "required": []}
==========
type: spacer
place: 13
kinds: {report,prescription,form,letterhead,footer,signature}
label_ro: Spațiu
label_en: Spacer
schema: {"type": "object", "properties": {"height": {"type": "number", "minimum": 1, "maximum": 100}}, "required": ["height"]}
==========
type: page_break
place: 14
kinds: {report,prescription,form}
label_ro: Pagină nouă
label_en: Page break
schema: {"type": "object", "properties": {}, "required": []}
==========
type: letterhead
place: 15
kinds: {report,prescription,form}
label_ro: Antet
label_en: Letterhead
schema: {"type": "object", "properties": {"component": {"format": "component", "type": "string"}}, "required": ["component"]}
==========
type: footer
place: 16
kinds: {report,prescription,form}
label_ro: Subsol
label_en: Footer
schema: {"type": "object", "properties": {"component": {"format": "component", "type": "string"}}, "required": ["component"]}
');
