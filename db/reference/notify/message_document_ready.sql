-- The message document_ready: what it needs, by which ways it goes, and its words on each. DOC-04, FND-15.
-- It says nothing of what the document is: that is read after signing in.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "document_ready"}', rows => '
topic: documents
lasts: 7 days
variables: {documentId}
sample: {"documentId": "0195f3c0-0000-7000-8000-000000000000"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "document_ready"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "document_ready"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}}: aveți un document nou
body:
Bună ziua, {{recipientName}},

{{clinicName}} v-a pregătit un document după programare. Îl citiți și îl descărcați din contul dumneavoastră, la documente.
{{#clinicPhone}}

Aveți o întrebare? Sunați la {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

==========
channel: email
locale: en
version: 1
title: {{clinicName}}: you have a new document
body:
Hello {{recipientName}},

{{clinicName}} prepared a document after your appointment. You read and download it in your account, under documents.
{{#clinicPhone}}

Questions? Call {{clinicPhone}}.
{{/clinicPhone}}

{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: Document nou
body:
{{clinicName}} v-a pregătit un document după programare.
==========
channel: in_app
locale: en
version: 1
title: New document
body:
{{clinicName}} prepared a document after your appointment.
');
