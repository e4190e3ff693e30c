-- Allowed in facts, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (function, reason) values
  ('app_private.tg_read_facts()', 'A trigger that reads or writes beyond the grants of whoever caused it.');

insert into tests.lint_exceptions (rule, object, reason) values
  ('folding', 'app_hidden.domain_label(text): translate(v_label, ''ς'', U&''\E000''',
   'Domains are folded as IDNA says, after what it does not allow was refused.'),
  ('folding', 'app_hidden.search_text(text): (NORMALIZE(translate($1, ''´''::text, ''''::text',
   'What people look for, found however they write it: no identity is compared by it.'),
  ('folding', 'app_private.require_no_link(text,text): translate(normalize(require_no_link.text, NFKC',
   'Looks for whatever may be read as a link: no identity is compared.');

insert into tests.declared_keys (table_name, columns, says) values
  ('app_hidden.phone_regions', 'calling_code, place', 'The regions of a calling code stand in one order.');
