-- The message ai_price_missing: what it needs, by which ways it goes, and its words on each. FND-24, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "ai_price_missing"}', rows => '
topic: clinic
lasts: 7 days
variables: {aiModel,currency}
sample: {"aiModel": "claude-sonnet-4", "currency": "RON"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "ai_price_missing"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "ai_price_missing"}', rows => '
channel: email
locale: ro
version: 1
title: Lipsește prețul modelului {{aiModel}} în {{currency}}
body:
Bună ziua, {{recipientName}},

Un apel AI al clinicii {{clinicName}} la modelul {{aiModel}} nu are cost, fiindcă prețul unei unități nu este introdus în {{currency}}.

Introduceți prețul: apelurile care așteaptă primesc atunci un cost și ajung pe următoarea factură.

==========
channel: email
locale: en
version: 1
title: The price of {{aiModel}} in {{currency}} is missing
body:
Hello {{recipientName}},

An AI call of {{clinicName}} to the model {{aiModel}} has no cost, since the price of a unit was not entered in {{currency}}.

Enter the price: the calls that wait have a cost then, and are on the next invoice.

==========
channel: in_app
locale: ro
version: 1
title: Lipsește prețul modelului {{aiModel}} în {{currency}}
body:
Apelurile care așteaptă primesc un cost când prețul este introdus.
==========
channel: in_app
locale: en
version: 1
title: The price of {{aiModel}} in {{currency}} is missing
body:
Calls that wait have a cost once the price is entered.
');
