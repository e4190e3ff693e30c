-- The message review_low_rating: what it needs, by which ways it goes, and its words on each. APT-04, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "review_low_rating"}', rows => '
topic: clinic
lasts: 7 days
variables: {rating,specialistName}
sample: {"rating": "2", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "review_low_rating"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "review_low_rating"}', rows => '
channel: email
locale: ro
version: 1
title: O evaluare cu {{rating}} din 5 stele
body:
Bună ziua, {{recipientName}},

Un pacient a evaluat o programare la {{specialistName}} cu {{rating}} din 5 stele.

Ce a scris se citește în lista de evaluări a clinicii. O discuție în primele zile ajută cel mai mult.

{{clinicName}}

==========
channel: email
locale: en
version: 1
title: A review with {{rating}} of 5 stars
body:
Hello {{recipientName}},

A patient gave an appointment with {{specialistName}} {{rating}} of 5 stars.

What they wrote stands in the clinic''s list of reviews. A talk within the first days helps most.

{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: Evaluare: {{rating}} din 5 stele
body:
{{specialistName}}
==========
channel: in_app
locale: en
version: 1
title: Review: {{rating}} of 5 stars
body:
{{specialistName}}
');
